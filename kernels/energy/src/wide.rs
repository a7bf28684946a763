//! Lanes in registers: the same code for AVX-512, AVX2 and plain x86-64, with the same bits, as nothing is fused.

use core::ops::{Add, Deref, DerefMut, Div, Mul, Sub};

use pulp::Simd;

use crate::hourly::{LANES, Lanes};

/// A value for each lane, where registers load it fastest: in one line of the cache.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
#[repr(align(64))]
pub(crate) struct Row(pub(crate) Lanes);

/// Which of the lanes a register holds.
#[derive(Clone, Copy)]
pub(crate) struct Chunk<S> {
    pub(crate) simd: S,
    pub(crate) index: usize,
}

/// Some lanes in a register.
#[derive(Clone, Copy)]
pub(crate) struct Wide<S: Simd> {
    simd: S,
    value: S::f64s,
}

impl Deref for Row {
    type Target = Lanes;
    #[inline(always)]
    fn deref(&self) -> &Lanes {
        &self.0
    }
}

impl DerefMut for Row {
    #[inline(always)]
    fn deref_mut(&mut self) -> &mut Lanes {
        &mut self.0
    }
}

impl<S: Simd> Chunk<S> {
    /// All chunks of the lanes.
    #[inline(always)]
    pub(crate) fn all(simd: S) -> impl Iterator<Item = Self> {
        (0..LANES / S::F64_LANES).map(move |index| Chunk { simd, index })
    }

    #[inline(always)]
    pub(crate) fn load(self, lanes: &Lanes) -> Wide<S> {
        Wide { simd: self.simd, value: S::as_simd_f64s(lanes).0[self.index] }
    }

    /// Whether any lane of a row is not the same, NaN never being the same.
    #[inline(always)]
    pub(crate) fn differ(self, row: &Row, wide: Wide<S>) -> bool {
        let mut other = Row::default();
        self.store(&mut other, wide);
        let first = self.index * S::F64_LANES;
        let mut differ = false;
        for lane in first..first + S::F64_LANES {
            differ |= row[lane] != other[lane];
        }
        differ
    }

    /// Small whole numbers as they are.
    #[inline(always)]
    pub(crate) fn load_steps(self, steps: &[u8; LANES]) -> Wide<S> {
        let mut row = Row::default();
        let first = self.index * S::F64_LANES;
        for lane in first..first + S::F64_LANES {
            row[lane] = steps[lane] as f64;
        }
        self.load(&row)
    }

    #[inline(always)]
    pub(crate) fn store(self, lanes: &mut Lanes, wide: Wide<S>) {
        S::as_mut_simd_f64s(lanes).0[self.index] = wide.value;
    }

    #[inline(always)]
    pub(crate) fn splat(self, value: f64) -> Wide<S> {
        Wide { simd: self.simd, value: self.simd.splat_f64s(value) }
    }
}

impl<S: Simd> Wide<S> {
    /// `yes` in lanes where this is greater than `than`, `no` elsewhere.
    #[inline(always)]
    pub(crate) fn if_greater(self, than: Self, yes: Self, no: Self) -> Self {
        let mask = self.simd.greater_than_f64s(self.value, than.value);
        Wide { simd: self.simd, value: self.simd.select_f64s(mask, yes.value, no.value) }
    }

    #[inline(always)]
    pub(crate) fn greatest(self, other: Self) -> Self {
        self.if_greater(other, self, other)
    }

    #[inline(always)]
    pub(crate) fn least(self, other: Self) -> Self {
        self.if_greater(other, other, self)
    }
}

impl Wide<pulp::Scalar> {
    /// The value of the only lane.
    pub(crate) fn scalar(self) -> f64 {
        self.value
    }
}

macro_rules! operator {
    ($operator:ident, $method:ident, $simd:ident) => {
        impl<S: Simd> $operator for Wide<S> {
            type Output = Self;
            #[inline(always)]
            fn $method(self, other: Self) -> Self {
                Wide { simd: self.simd, value: self.simd.$simd(self.value, other.value) }
            }
        }
    };
}

operator!(Add, add, add_f64s);
operator!(Sub, sub, sub_f64s);
operator!(Mul, mul, mul_f64s);
operator!(Div, div, div_f64s);
