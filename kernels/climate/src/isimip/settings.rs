//! What is adjusted how: the steps of the method that differ between variables.

use crate::distributions::Family;

/// An end of what values can be, and the values near it that count as being there.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Edge {
    /// The end itself: no rain, air that is saturated.
    pub bound: f64,
    /// Values from here to the bound count as the bound, and become it.
    pub threshold: f64,
}

/// How the change that the model simulates is carried over to the reference.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Change {
    /// As a difference.
    Additive,
    /// As a ratio, kept within 0.01 to 100.
    Multiplicative,
    /// As a ratio where the model is too wet, as a difference where it is far too dry, between the two in between.
    Mixed,
    /// As a ratio of the distances to the bound that the bias points to.
    Bounded,
}

/// Which values of the reference the change is carried over to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Carried {
    /// Those between the thresholds, from those between the thresholds.
    BetweenThresholds,
    /// All.
    AllValues,
}

/// How many values are set to a bound.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Frequency {
    /// The share of the reference, with the change that the model simulates.
    Changed,
    /// The share of the reference.
    OfReference,
}

/// Whether trends within the periods are taken out before, and that of the future put back.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Detrending {
    /// Never.
    Never,
    /// Where the yearly means have a linear trend that is significant at 5 %.
    Significant,
}

/// How values between the thresholds are mapped.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Mapping {
    /// By their rank.
    Ranks,
    /// By distributions fitted to both sides; by rank where one fits worse than this distance of Kolmogorov and Smirnov.
    Fitted {
        /// Family of the distributions.
        family: Family,
        /// Largest distance.
        worst_fit: f64,
    },
}

/// All that differs between variables.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Settings {
    /// Lower end.
    pub lower: Option<Edge>,
    /// Upper end.
    pub upper: Option<Edge>,
    /// Trends within periods.
    pub detrending: Detrending,
    /// How the change is carried over.
    pub change: Change,
    /// What it is carried over to.
    pub carried: Carried,
    /// How many values are set to bounds.
    pub frequency: Frequency,
    /// How the others are mapped.
    pub mapping: Mapping,
    /// Days, odd, of the window in which values are taken relative to the largest of the season; none to take them as they are.
    pub seasonal_maximum: Option<u16>,
    /// Seed of the order of days that are alike beyond a threshold.
    pub seed: u64,
}

/// Why settings make no sense.
#[derive(Debug, Clone, Copy, PartialEq, thiserror::Error)]
pub enum IsimipError {
    /// A window that has no middle or is longer than a year, or a step that is longer than it.
    #[error(
        "a window of {days} days in steps of {step} is not odd, or its step is longer, or it is longer than 365 days"
    )]
    Window {
        /// Days of the window.
        days: u16,
        /// Days of the step.
        step: u16,
    },
    /// A threshold that is not inside its bound.
    #[error("threshold {threshold} does not lie inside the bound {bound}, or beyond the other threshold")]
    Threshold {
        /// The threshold.
        threshold: f64,
        /// Its bound.
        bound: f64,
    },
    /// A distribution or change that needs a bound which there is not.
    #[error("bounded changes and the beta distribution need both bounds, gamma and Weibull the lower one")]
    NoBound,
    /// A distance of distributions outside 0 to 1.
    #[error("a distance of {value} between distributions is outside 0 to 1")]
    WorstFit {
        /// The distance.
        value: f64,
    },
    /// Trends cannot be taken out of values that have bounds.
    #[error("trends can only be taken out of values without bounds")]
    TrendOfBounded,
}

/// Variables with settings of their own.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Variable {
    /// Temperature, pressure, longwave radiation: unbounded, normal; any unit.
    Unbounded,
    /// Precipitation, mm/d.
    Precipitation,
    /// Wind speed, m/s.
    WindSpeed,
    /// Relative humidity, %.
    RelativeHumidity,
    /// Shortwave radiation; any unit.
    ShortwaveRadiation,
    /// Range of temperature within a day, K.
    TemperatureRange,
    /// Place of the mean temperature within the range, 0 to 1.
    TemperatureSkewness,
}

/// Distance beyond which a fit is given up (Lange, ISIMIP3BASD 3.0).
const WORST_FIT: f64 = 0.15;
/// Edges of values from 0 to 1.
const LOWER_OF_SHARE: Edge = Edge { bound: 0.0, threshold: 1e-4 };
const UPPER_OF_SHARE: Edge = Edge { bound: 1.0, threshold: 0.9999 };

impl Settings {
    /// The settings of ISIMIP3 (Lange 2019, GMD 12, 3055, table 1, and the fact sheet of ISIMIP3b bias adjustment, 2021).
    pub fn of(variable: Variable) -> Settings {
        let plain = Settings {
            lower: None,
            upper: None,
            detrending: Detrending::Significant,
            change: Change::Additive,
            carried: Carried::BetweenThresholds,
            frequency: Frequency::Changed,
            mapping: Mapping::Fitted { family: Family::Normal, worst_fit: WORST_FIT },
            seasonal_maximum: None,
            seed: 0,
        };
        let half_bounded = |threshold, family| Settings {
            lower: Some(Edge { bound: 0.0, threshold }),
            detrending: Detrending::Never,
            change: Change::Mixed,
            mapping: Mapping::Fitted { family, worst_fit: WORST_FIT },
            ..plain
        };
        let share = Settings {
            lower: Some(LOWER_OF_SHARE),
            upper: Some(UPPER_OF_SHARE),
            detrending: Detrending::Never,
            change: Change::Bounded,
            mapping: Mapping::Ranks,
            ..plain
        };
        match variable {
            Variable::Unbounded => plain,
            Variable::Precipitation => half_bounded(0.1, Family::Gamma),
            Variable::WindSpeed | Variable::TemperatureRange => half_bounded(0.01, Family::Weibull),
            Variable::RelativeHumidity => Settings {
                lower: Some(Edge { bound: 0.0, threshold: 0.01 }),
                upper: Some(Edge { bound: 100.0, threshold: 99.99 }),
                carried: Carried::AllValues,
                frequency: Frequency::OfReference,
                ..share
            },
            Variable::ShortwaveRadiation => Settings { seasonal_maximum: Some(31), ..share },
            Variable::TemperatureSkewness => share,
        }
    }

    /// Refuses settings that make no sense.
    pub(super) fn check(&self) -> Result<(), IsimipError> {
        let settings = self;
        let ends = [settings.lower.map(|edge| (edge, 1.0)), settings.upper.map(|edge| (edge, -1.0))];
        for (edge, inward) in ends.into_iter().flatten() {
            let inside = (edge.threshold - edge.bound) * inward >= 0.0 && edge.bound.is_finite();
            let beyond_other =
                settings.lower.zip(settings.upper).is_some_and(|(low, high)| low.threshold >= high.threshold);
            if !inside || beyond_other {
                return Err(IsimipError::Threshold { threshold: edge.threshold, bound: edge.bound });
            }
        }
        let (has_lower, has_upper) = (settings.lower.is_some(), settings.upper.is_some());
        let (needs_lower, needs_upper) = match settings.mapping {
            Mapping::Fitted { family: Family::Beta, .. } => (true, true),
            Mapping::Fitted { family: Family::Gamma | Family::Weibull, .. } => (true, false),
            _ => (false, false),
        };
        let is_bounded = settings.change == Change::Bounded;
        if (needs_lower || is_bounded) && !has_lower || (needs_upper || is_bounded) && !has_upper {
            return Err(IsimipError::NoBound);
        }
        if settings.detrending == Detrending::Significant && (has_lower || has_upper) {
            return Err(IsimipError::TrendOfBounded);
        }
        match settings.mapping {
            Mapping::Fitted { worst_fit, .. } if !(0.0..=1.0).contains(&worst_fit) => {
                Err(IsimipError::WorstFit { value: worst_fit })
            }
            _ => Ok(()),
        }
    }

    /// Values that count as neither bound, of ascending `values`.
    pub(super) fn between<'a>(&self, values: &'a [f64]) -> &'a [f64] {
        &values[self.n_low(values)..values.len() - self.n_high(values)]
    }

    /// Keeps the values, in any order, that count as neither bound.
    pub(super) fn retain_between(&self, values: &mut Vec<f64>) {
        if let Some(edge) = self.lower {
            values.retain(|&value| value > edge.threshold);
        }
        if let Some(edge) = self.upper {
            values.retain(|&value| value < edge.threshold);
        }
    }

    /// How many of ascending `values` count as the lower bound.
    pub(super) fn n_low(&self, values: &[f64]) -> usize {
        self.lower.map_or(0, |edge| values.partition_point(|&value| value <= edge.threshold))
    }

    /// How many of ascending `values` count as the upper bound.
    pub(super) fn n_high(&self, values: &[f64]) -> usize {
        self.upper.map_or(0, |edge| values.len() - values.partition_point(|&value| value < edge.threshold))
    }
}
