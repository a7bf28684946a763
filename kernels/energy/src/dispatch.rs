//! Loops over lanes, compiled for several instruction sets, of which the best is taken where they run.

/// A loop over lanes; all of its body must be `#[inline(always)]`, and each lane computed by itself, so that every
/// instruction set gives the same bits.
///
/// A closure passed to `pulp::Arch::dispatch` is no substitute: it is called through a shim that is compiled for plain
/// x86-64 only.
pub(crate) trait Sweep {
    /// Runs the loop.
    fn sweep(self);
}

struct Call<S>(S);

impl<W: Sweep> pulp::WithSimd for Call<W> {
    type Output = ();
    #[inline(always)]
    fn with_simd<S: pulp::Simd>(self, _: S) {
        self.0.sweep();
    }
}

/// Runs `sweep` with the best instructions there are.
pub(crate) fn dispatch<W: Sweep>(sweep: W) {
    pulp::Arch::new().dispatch(Call(sweep));
}

/// Runs `sweep` with plain x86-64 instructions, to compare with.
#[cfg(test)]
pub(crate) fn run_plainly<W: Sweep>(sweep: W) {
    use pulp::WithSimd;
    Call(sweep).with_simd(pulp::Scalar::new());
}
