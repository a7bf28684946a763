//! The normal distribution.

use super::sum_of;

/// A normal distribution.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Normal {
    /// Mean.
    pub mean: f64,
    /// Standard deviation, > 0.
    pub deviation: f64,
}

impl Normal {
    /// Mean and standard deviation of values, the squares divided by their number; nothing if they are all alike.
    pub fn fit(values: &[f64]) -> Option<Normal> {
        let (mean, deviation) = pulp::Arch::new().dispatch(Moments { values });
        // Rounding of the mean alone makes deviations of this size.
        (deviation > 1e-13 * mean.abs()).then_some(Normal { mean, deviation })
    }

    /// Probability of a value up to `x`.
    pub fn cdf(&self, x: f64) -> f64 {
        0.5 * libm::erfc((self.mean - x) / self.deviation * core::f64::consts::FRAC_1_SQRT_2)
    }

    /// The value that is not exceeded with probability `p`, 0 < p < 1.
    pub fn quantile(&self, p: f64) -> f64 {
        self.mean + self.deviation * standard_quantile(p)
    }
}

/// Mean and standard deviation of values.
struct Moments<'a> {
    values: &'a [f64],
}

impl pulp::WithSimd for Moments<'_> {
    type Output = (f64, f64);
    #[inline(always)]
    fn with_simd<S: pulp::Simd>(self, _: S) -> (f64, f64) {
        let n = self.values.len() as f64;
        let mean = sum_of(self.values, |value| value) / n;
        (mean, (sum_of(self.values, |value| (value - mean) * (value - mean)) / n).sqrt())
    }
}

/// Quantile of the standard normal distribution within 1e-15 of its size.
///
/// Wichura, M. J. (1988): Algorithm AS 241, PPND16, Applied Statistics 37, 477–484.
pub(crate) fn standard_quantile(p: f64) -> f64 {
    const CENTRE: f64 = 0.425;
    const FAR: f64 = 5.0;
    let off = p - 0.5;
    if off.abs() <= CENTRE {
        return off * ratio(CENTRE * CENTRE - off * off, &CENTRE_ABOVE, &CENTRE_BELOW);
    }
    let r = (-libm::log(p.min(1.0 - p))).sqrt();
    let size = if r <= FAR { ratio(r - 1.6, &TAIL_ABOVE, &TAIL_BELOW) } else { ratio(r - FAR, &FAR_ABOVE, &FAR_BELOW) };
    if off < 0.0 { -size } else { size }
}

/// Ratio of two polynomials, the highest power first; that below the line ends in 1.
fn ratio(x: f64, above: &[f64; 8], below: &[f64; 7]) -> f64 {
    let above = above.iter().fold(0.0, |sum, coefficient| sum * x + coefficient);
    let below = below.iter().fold(0.0, |sum, coefficient| sum * x + coefficient) * x + 1.0;
    above / below
}

const CENTRE_ABOVE: [f64; 8] = [
    2.509_080_928_730_122_7e3,
    3.343_057_558_358_813e4,
    6.726_577_092_700_87e4,
    4.592_195_393_154_987e4,
    1.373_169_376_550_946_2e4,
    1.971_590_950_306_551_3e3,
    1.331_416_678_917_843_8e2,
    3.387_132_872_796_366_5,
];
const CENTRE_BELOW: [f64; 7] = [
    5.226_495_278_852_854e3,
    2.872_908_573_572_194_3e4,
    3.930_789_580_009_271e4,
    2.121_379_430_158_66e4,
    5.394_196_021_424_751e3,
    6.871_870_074_920_579e2,
    4.231_333_070_160_091e1,
];
const TAIL_ABOVE: [f64; 8] = [
    7.745_450_142_783_414e-4,
    2.272_384_498_926_918_4e-2,
    2.417_807_251_774_506e-1,
    1.270_458_252_452_368_4,
    3.647_848_324_763_204_5,
    5.769_497_221_460_691,
    4.630_337_846_156_546,
    1.423_437_110_749_683_5,
];
const TAIL_BELOW: [f64; 7] = [
    1.050_750_071_644_416_9e-9,
    5.475_938_084_995_345e-4,
    1.519_866_656_361_645_7e-2,
    1.481_039_764_274_800_8e-1,
    6.897_673_349_851e-1,
    1.676_384_830_183_803_8,
    2.053_191_626_637_759,
];
const FAR_ABOVE: [f64; 8] = [
    2.010_334_399_292_288_1e-7,
    2.711_555_568_743_487_6e-5,
    1.242_660_947_388_078_4e-3,
    2.653_218_952_657_612_4e-2,
    2.965_605_718_285_048_7e-1,
    1.784_826_539_917_291_3,
    5.463_784_911_164_114,
    6.657_904_643_501_103,
];
const FAR_BELOW: [f64; 7] = [
    2.044_263_103_389_939_8e-15,
    1.421_511_758_316_446e-7,
    1.846_318_317_510_054_7e-5,
    7.868_691_311_456_133e-4,
    1.487_536_129_085_061_5e-2,
    1.369_298_809_227_358e-1,
    5.998_322_065_558_88e-1,
];
