//! Functions compiled for several instruction sets, of which the best is taken where they run.

/// Declares a function whose body is compiled for AVX-512, AVX2 and plain x86-64; all give the same bits as long as the body
/// computes each lane by itself.
///
/// A closure passed to `pulp::Arch::dispatch` is no substitute: one that consumes nothing is called through a shim of
/// its own, which is compiled for plain x86-64 only. What the body calls must be `#[inline(always)]`; arrays are filled in
/// loops, as `map` of a long array is a function of its own too.
macro_rules! vectorised {
    ($(#[$attribute:meta])* $visibility:vis fn $name:ident<$life:lifetime>($($argument:ident: $type:ty),* $(,)?) $body:block) => {
        $(#[$attribute])*
        $visibility fn $name<$life>($($argument: $type),*) {
            struct Call<$life> {
                $($argument: $type,)*
            }
            impl<$life> pulp::WithSimd for Call<$life> {
                type Output = ();
                #[inline(always)]
                fn with_simd<S: pulp::Simd>(self, _: S) {
                    let Call { $($argument),* } = self;
                    $body
                }
            }
            pulp::Arch::new().dispatch(Call { $($argument),* })
        }
    };
}

pub(crate) use vectorised;
