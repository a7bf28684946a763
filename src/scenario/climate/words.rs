//! The words of the `[climate]` table.

/// How a variable is adjusted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AdjustmentMethod {
    /// The model's future, moved by the bias of its mean.
    LinearScaling,
    /// The reference, moved by the model's change of the mean.
    DeltaChange,
    /// Empirical quantile mapping.
    EmpiricalQuantileMapping,
    /// Quantile delta mapping.
    QuantileDeltaMapping,
    /// Quantile mapping of what is left of the trend.
    DetrendedQuantileMapping,
    /// Wet-day frequency and intensity.
    LocalIntensityScaling,
    /// Trend-preserving after ISIMIP3, parametric where distributions fit.
    Isimip3,
    /// The same without distributions.
    Isimip3Nonparametric,
    /// Several variables together, after Cannon 2018.
    Multivariate,
    /// Quantile delta mapping on the model's grid, then quantile-preserving analogues on the reference's.
    QuantilePreservingLocalizedAnalogues,
}

impl AdjustmentMethod {
    /// All of them.
    pub const ALL: [AdjustmentMethod; 10] = [
        AdjustmentMethod::LinearScaling,
        AdjustmentMethod::DeltaChange,
        AdjustmentMethod::EmpiricalQuantileMapping,
        AdjustmentMethod::QuantileDeltaMapping,
        AdjustmentMethod::DetrendedQuantileMapping,
        AdjustmentMethod::LocalIntensityScaling,
        AdjustmentMethod::Isimip3,
        AdjustmentMethod::Isimip3Nonparametric,
        AdjustmentMethod::Multivariate,
        AdjustmentMethod::QuantilePreservingLocalizedAnalogues,
    ];

    /// Name in a scenario file and in results.
    pub fn name(self) -> &'static str {
        match self {
            AdjustmentMethod::LinearScaling => "linear_scaling",
            AdjustmentMethod::DeltaChange => "delta_change",
            AdjustmentMethod::EmpiricalQuantileMapping => "empirical_quantile_mapping",
            AdjustmentMethod::QuantileDeltaMapping => "quantile_delta_mapping",
            AdjustmentMethod::DetrendedQuantileMapping => "detrended_quantile_mapping",
            AdjustmentMethod::LocalIntensityScaling => "local_intensity_scaling",
            AdjustmentMethod::Isimip3 => "isimip3",
            AdjustmentMethod::Isimip3Nonparametric => "isimip3_nonparametric",
            AdjustmentMethod::Multivariate => "multivariate",
            AdjustmentMethod::QuantilePreservingLocalizedAnalogues => "quantile_preserving_localized_analogues",
        }
    }
}

/// What a window around a day of the year is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum WindowPool {
    /// Time steps around each occurrence of the day.
    Contiguous,
    /// Days of the calendar, December beside January.
    Circular,
}

impl WindowPool {
    /// All of them.
    pub const ALL: [WindowPool; 2] = [WindowPool::Contiguous, WindowPool::Circular];

    /// Name in a scenario file and in results.
    pub fn name(self) -> &'static str {
        match self {
            WindowPool::Contiguous => "contiguous",
            WindowPool::Circular => "circular",
        }
    }
}

/// How factors between the nodes of a quantile method are found.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Interpolation {
    /// Linear in the quantile.
    Linear,
    /// That of the nearest node.
    Nearest,
}

impl Interpolation {
    /// All of them.
    pub const ALL: [Interpolation; 2] = [Interpolation::Linear, Interpolation::Nearest];

    /// Name in a scenario file and in results.
    pub fn name(self) -> &'static str {
        match self {
            Interpolation::Linear => "linear",
            Interpolation::Nearest => "nearest",
        }
    }
}

/// Among which days a day is ranked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RankAmong {
    /// Those of the window.
    Window,
    /// Those of the same day of the year.
    SameDay,
}

impl RankAmong {
    /// All of them.
    pub const ALL: [RankAmong; 2] = [RankAmong::Window, RankAmong::SameDay];

    /// Name in a scenario file and in results.
    pub fn name(self) -> &'static str {
        match self {
            RankAmong::Window => "window",
            RankAmong::SameDay => "same_day",
        }
    }
}

/// What is done about calendars that differ.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CalendarRule {
    /// The reference comes into the calendar of the model.
    Align,
    /// They are refused.
    Same,
}

impl CalendarRule {
    /// All of them.
    pub const ALL: [CalendarRule; 2] = [CalendarRule::Align, CalendarRule::Same];

    /// Name in a scenario file and in results.
    pub fn name(self) -> &'static str {
        match self {
            CalendarRule::Align => "align",
            CalendarRule::Same => "same",
        }
    }
}

/// How models come onto the grid of the reference.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Regrid {
    /// Bilinear between the four cells around.
    Bilinear,
    /// Shares of the areas that overlap.
    Conservative,
    /// The nearest cell.
    Nearest,
    /// They are on it: same places in the same order, or of the same names.
    None,
}

impl Regrid {
    /// All of them.
    pub const ALL: [Regrid; 4] = [Regrid::Bilinear, Regrid::Conservative, Regrid::Nearest, Regrid::None];

    /// Name in a scenario file and in results.
    pub fn name(self) -> &'static str {
        match self {
            Regrid::Bilinear => "bilinear",
            Regrid::Conservative => "conservative",
            Regrid::Nearest => "nearest",
            Regrid::None => "none",
        }
    }
}

/// A variable of a daily series, by its CMIP name.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum ClimateVariable {
    /// Mean air temperature near the ground.
    Tas,
    /// Its minimum of the day.
    Tasmin,
    /// Its maximum of the day.
    Tasmax,
    /// Precipitation.
    Pr,
    /// Shortwave radiation that reaches the ground.
    Rsds,
    /// Relative humidity.
    Hurs,
    /// Specific humidity.
    Huss,
    /// Wind speed at 10 m.
    SfcWind,
    /// Pressure at the ground.
    Ps,
}

impl ClimateVariable {
    /// All of them.
    pub const ALL: [ClimateVariable; 9] = [
        ClimateVariable::Tas,
        ClimateVariable::Tasmin,
        ClimateVariable::Tasmax,
        ClimateVariable::Pr,
        ClimateVariable::Rsds,
        ClimateVariable::Hurs,
        ClimateVariable::Huss,
        ClimateVariable::SfcWind,
        ClimateVariable::Ps,
    ];

    /// CMIP name, also that of its table in a scenario file.
    pub fn name(self) -> &'static str {
        match self {
            ClimateVariable::Tas => "tas",
            ClimateVariable::Tasmin => "tasmin",
            ClimateVariable::Tasmax => "tasmax",
            ClimateVariable::Pr => "pr",
            ClimateVariable::Rsds => "rsds",
            ClimateVariable::Hurs => "hurs",
            ClimateVariable::Huss => "huss",
            ClimateVariable::SfcWind => "sfcWind",
            ClimateVariable::Ps => "ps",
        }
    }

    /// Whether it is an air temperature, whose zero is a convention.
    pub fn is_temperature(self) -> bool {
        matches!(self, ClimateVariable::Tas | ClimateVariable::Tasmin | ClimateVariable::Tasmax)
    }

    /// What biases of it are where the scenario does not say.
    pub fn usual_kind(self) -> BiasKind {
        match self {
            ClimateVariable::Pr | ClimateVariable::Rsds | ClimateVariable::Huss | ClimateVariable::SfcWind => {
                BiasKind::Multiplicative
            }
            _ => BiasKind::Additive,
        }
    }
}

/// Whether biases are differences or ratios.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum BiasKind {
    /// Differences.
    Additive,
    /// Ratios.
    Multiplicative,
}

impl BiasKind {
    /// All of them.
    pub const ALL: [BiasKind; 2] = [BiasKind::Additive, BiasKind::Multiplicative];

    /// Name in a scenario file and in results.
    pub fn name(self) -> &'static str {
        match self {
            BiasKind::Additive => "additive",
            BiasKind::Multiplicative => "multiplicative",
        }
    }
}

/// How days become hours.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum HourlyMethod {
    /// Hours of the most similar day that was measured.
    Analogue,
    /// A cosine of temperature, the sun's path for radiation.
    Geometry,
    /// A measured year, moved by the change of the months.
    Morphing,
}

impl HourlyMethod {
    /// All of them.
    pub const ALL: [HourlyMethod; 3] = [HourlyMethod::Analogue, HourlyMethod::Geometry, HourlyMethod::Morphing];

    /// Name in a scenario file and in results.
    pub fn name(self) -> &'static str {
        match self {
            HourlyMethod::Analogue => "analogue",
            HourlyMethod::Geometry => "geometry",
            HourlyMethod::Morphing => "morphing",
        }
    }
}
