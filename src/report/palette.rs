//! Colours of maps: classes with round borders in a published ramp that colour-blind people can read.

use super::numbers;

/// A colour as red, green and blue.
pub type Rgb = [u8; 3];

/// What has no value.
pub const MISSING: Rgb = [0xe4, 0xe4, 0xe4];
/// Lines over what has no value, so that it differs from every class by more than its colour.
pub const MISSING_LINES: Rgb = [0xb4, 0xb4, 0xb4];

/// Ten colours of viridis, evenly spaced, from dark to light (S. van der Walt and N. Smith 2015, matplotlib 1.5,
/// CC0; `viridisLite::viridis(10)`). Its lightness rises evenly, so that it is also readable without any colour.
const VIRIDIS: [Rgb; 10] = [
    [0x44, 0x01, 0x54],
    [0x48, 0x28, 0x78],
    [0x3e, 0x49, 0x89],
    [0x31, 0x68, 0x8e],
    [0x26, 0x82, 0x8e],
    [0x1f, 0x9e, 0x89],
    [0x35, 0xb7, 0x79],
    [0x6e, 0xce, 0x58],
    [0xb5, 0xde, 0x2b],
    [0xfd, 0xe7, 0x25],
];
/// Classes that a map has at most; more could not be told apart.
const MOST_CLASSES: f64 = 8.0;
/// Share of values at either end that may lie beyond the outer borders, so that single ones do not take all colours.
const TAIL: f64 = 0.01;

/// Classes of one quantity with round borders, each with its colour.
#[derive(Debug, Clone, PartialEq)]
pub struct ColourScale {
    /// Borders between classes and the outer ends, ascending.
    borders: Vec<f64>,
    has_lower: bool,
    has_higher: bool,
}

impl ColourScale {
    /// Classes that suit these values; one class if all are the same, none if there are none.
    pub fn of(values: impl IntoIterator<Item = f64>) -> ColourScale {
        let mut sorted: Vec<f64> = values.into_iter().filter(|value| value.is_finite()).collect();
        sorted.sort_by(f64::total_cmp);
        let (Some(&least), Some(&most)) = (sorted.first(), sorted.last()) else {
            return ColourScale { borders: Vec::new(), has_lower: false, has_higher: false };
        };
        let tail = (sorted.len() as f64 * TAIL) as usize;
        let (low, high) = (sorted[tail], sorted[sorted.len() - 1 - tail]);
        let borders = round_borders(low, high);
        let (first, last) = (borders[0], borders[borders.len() - 1]);
        ColourScale { has_lower: least < first, has_higher: most > last, borders }
    }

    /// Number of classes.
    pub fn n_classes(&self) -> usize {
        self.borders.len().saturating_sub(1)
    }

    /// The class of a value, which holds its lower border; none for what is no number.
    pub fn class_of(&self, value: f64) -> Option<usize> {
        let inner = self.borders.get(1..self.n_classes()).unwrap_or_default();
        // Written out so that NaN belongs to no class.
        (value.is_finite() && self.n_classes() > 0).then(|| inner.iter().take_while(|border| value >= **border).count())
    }

    /// The colour of a class.
    pub fn colour(&self, class: usize) -> Rgb {
        let place = match self.n_classes() {
            0 | 1 => 0.5,
            n_classes => class as f64 / (n_classes - 1) as f64,
        };
        viridis(place)
    }

    /// What a class holds, in words.
    pub fn label(&self, class: usize) -> String {
        let border = |index: usize| numbers::number(self.borders[index]);
        let (is_first, is_last) = (class == 0, class + 1 == self.n_classes());
        match (is_first && self.has_lower, is_last && self.has_higher) {
            (true, true) => "all".to_owned(),
            (true, false) => format!("below {}", border(class + 1)),
            (false, true) => format!("{} and more", border(class)),
            (false, false) => format!("{} to {}", border(class), border(class + 1)),
        }
    }
}

/// A colour as a page writes it.
pub fn hex([red, green, blue]: Rgb) -> String {
    format!("#{red:02x}{green:02x}{blue:02x}")
}

/// The colour at a place from 0, dark, to 1, light; straight between the ten.
fn viridis(place: f64) -> Rgb {
    let at = place.clamp(0.0, 1.0) * (VIRIDIS.len() - 1) as f64;
    let below = (at.floor() as usize).min(VIRIDIS.len() - 2);
    let share = at - below as f64;
    std::array::from_fn(|channel| {
        let (from, to) = (f64::from(VIRIDIS[below][channel]), f64::from(VIRIDIS[below + 1][channel]));
        (from + (to - from) * share).round() as u8
    })
}

/// Multiples of 1, 2, 2.5 or 5 × 10ⁿ that hold `low` and `high`, as many as make at most the classes of a map.
fn round_borders(low: f64, high: f64) -> Vec<f64> {
    let span = if high > low { high - low } else { (low.abs() / 10.0).max(f64::MIN_POSITIVE) };
    let power = 10_f64.powf((span / MOST_CLASSES).log10().floor());
    let steps = [1.0, 2.0, 2.5, 5.0, 10.0, 20.0].map(|digit| digit * power);
    let ends = |step: f64| ((low / step).floor(), (high / step).floor() + 1.0);
    let fits = |step: &f64| {
        let (first, last) = ends(*step);
        last - first <= MOST_CLASSES
    };
    let step = steps.into_iter().find(fits).unwrap_or(steps[steps.len() - 1]);
    let (first, last) = ends(step);
    let n_borders = last - first + 1.0;
    // Where numbers are so large or so small that no step tells them apart, one class holds all.
    if !(step.is_normal() && first.is_finite() && (2.0..=MOST_CLASSES + 1.0).contains(&n_borders)) {
        return vec![low, high];
    }
    (0..n_borders as usize).map(|border| (first + border as f64) * step).collect()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// Relative luminance of sRGB (IEC 61966-2-1, as WCAG 2 has it).
    fn luminance(colour: Rgb) -> f64 {
        let linear = colour.map(|channel| {
            let channel = f64::from(channel) / 255.0;
            if channel <= 0.04045 { channel / 12.92 } else { ((channel + 0.055) / 1.055).powf(2.4) }
        });
        0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]
    }

    /// A colour as people with deuteranopia see it (Viénot, Brettel and Mollon 1999, in linear light, simplified to
    /// what their matrix does to red and green).
    fn without_green_cones(colour: Rgb) -> [f64; 3] {
        let linear = colour.map(|channel| (f64::from(channel) / 255.0).powf(2.2));
        let merged = 0.29275 * linear[0] + 0.70725 * linear[1];
        [merged, merged, -0.02234 * linear[0] + 0.02234 * linear[1] + linear[2]]
    }

    #[test]
    fn lightness_rises_from_class_to_class() {
        for n_classes in 2..=8 {
            let scale =
                ColourScale { borders: (0..=n_classes).map(f64::from).collect(), has_lower: false, has_higher: false };
            let colours: Vec<Rgb> = (0..n_classes as usize).map(|class| scale.colour(class)).collect();
            for pair in colours.windows(2) {
                assert!(luminance(pair[1]) > luminance(pair[0]) * 1.08 + 0.002, "{n_classes} classes: {pair:?}");
                let [one, other] = [without_green_cones(pair[0]), without_green_cones(pair[1])];
                let apart = one.iter().zip(other).map(|(one, other)| (one - other).abs()).sum::<f64>();
                assert!(apart > 0.02, "{n_classes} classes: {pair:?} are {apart} apart without green cones");
            }
            assert_eq!([colours[0], colours[colours.len() - 1]], [VIRIDIS[0], VIRIDIS[9]]);
        }
    }

    #[test]
    fn borders_are_round_and_few() {
        assert_eq!(round_borders(310.0, 1140.0), [200.0, 400.0, 600.0, 800.0, 1000.0, 1200.0]);
        assert_eq!(round_borders(0.11, 0.97), [0.0, 0.2, 0.4, 0.6000000000000001, 0.8, 1.0]);
        assert_eq!(round_borders(900.0, 900.0), [900.0, 910.0]);
        let scale = ColourScale::of([310.0, 1139.0, f64::NAN]);
        assert_eq!((scale.n_classes(), scale.class_of(400.0), scale.class_of(f64::NAN)), (5, Some(1), None));
        assert_eq!([scale.label(0), scale.label(4)], ["200 to 400", "1000 to 1200"]);
        assert_eq!(ColourScale::of([f64::NAN]).n_classes(), 0);
        assert_eq!(ColourScale::of([]).class_of(1.0), None);
    }

    #[test]
    fn outliers_do_not_take_the_colours() {
        let values = (0..1000).map(|value| 900.0 + f64::from(value) / 10.0).chain([5.0, 9000.0]);
        let scale = ColourScale::of(values);
        assert_eq!([scale.label(0), scale.label(scale.n_classes() - 1)], ["below 920", "980 and more"]);
        assert_eq!((scale.class_of(5.0), scale.class_of(9000.0)), (Some(0), Some(scale.n_classes() - 1)));
    }

    proptest! {
        #[test]
        fn every_value_has_a_class(values in prop::collection::vec(prop::num::f64::NORMAL | prop::num::f64::ZERO, 1..40)) {
            let scale = ColourScale::of(values.iter().copied());
            prop_assert!((1..=8).contains(&scale.n_classes()), "{:?}", scale);
            prop_assert!(scale.borders.windows(2).all(|pair| pair[0] <= pair[1]), "{:?}", scale);
            for value in values {
                let class = scale.class_of(value).unwrap();
                prop_assert!(class < scale.n_classes());
                prop_assert!(class == 0 || value >= scale.borders[class]);
                prop_assert!(class + 1 == scale.n_classes() || value < scale.borders[class + 1]);
            }
        }
    }
}
