//! Methods as reference files name them, in the words of the kernels.
//!
//! The words are those of xsdba ("qdm", groups "time", "month", "doy31") and of ibicus ("isimip" and "linear_scaling" in
//! windows "w31s1" of 31 days in steps of one).

use conurb_climate::grouping::{Grouping, Pool};
use conurb_climate::isimip::{Mapping, Settings, Variable, Window};
use conurb_climate::kind::Kind;
use conurb_climate::training::{Interpolation, QuantileSettings, RankAmong};

use crate::scenario::ClimateVariable;

/// Days of the longest window.
const LONGEST_WINDOW: u16 = 365;

/// What adjusts a series, and on which days together.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Method {
    /// Quantile delta mapping.
    QuantileDelta(Grouping, QuantileSettings),
    /// Empirical quantile mapping.
    Empirical(Grouping, QuantileSettings),
    /// Detrended quantile mapping.
    Detrended(Grouping, QuantileSettings),
    /// Means, each day by its group.
    Means(Grouping, Kind),
    /// Means of months, each day between two of them.
    MeansBetweenMonths(Kind),
    /// Means of windows around the days of the real year, circular.
    MeansOfRealYear(u16, Kind),
    /// Local intensity scaling with the reference's threshold of wet days (mm/d).
    LocalIntensity(Grouping, f64),
    /// ISIMIP3.
    Isimip(Window, Settings),
    /// A definition that is known and not followed: quantiles and groups interpolated as one plane.
    OfPlane,
}

/// A method as written, each word of it as far as it is there.
#[derive(Debug, Clone, Copy)]
pub struct Words<'a> {
    /// Method, for example `qdm`, `qdm_seplin` or `isimip_tas_w31s1`.
    pub method: &'a str,
    /// Days that are adjusted together.
    pub group: Option<&'a str>,
    /// Interpolation.
    pub interp: Option<&'a str>,
    /// Whether ranks are those in the window.
    pub rank_window: Option<bool>,
    /// Whether differences or ratios.
    pub kind: Kind,
    /// Nodes.
    pub n_quantiles: usize,
    /// Degree of the trend.
    pub detrend: Option<u64>,
    /// Wet days of the reference (mm/d).
    pub threshold: f64,
    /// Variable.
    pub variable: ClimateVariable,
}

/// A word that is not known: its key, what was expected, and the word.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unknown {
    /// Key that it stands at.
    pub key: &'static str,
    /// What was expected.
    pub expected: &'static str,
    /// What was found.
    pub found: String,
}

/// Windows as ibicus names them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum IbicusWindow {
    All,
    Month,
    Days { days: u16, step: u16 },
}

/// How names of methods of ibicus begin.
const ISIMIP: &str = "isimip";
const LINEAR_SCALING: &str = "linear_scaling";
const METHODS: &str = "qdm, eqm, dqm, scaling or loci, with _permonth or (qdm) _seplin, isimip or linear_scaling";
const GROUPS: &str = "time, month or doyN with an odd N from 1 to 365";
const WINDOWS: &str = "all, month or wNsM, N days in steps of M, both odd, M at most N, N at most 365";

impl Method {
    /// The method of some words.
    ///
    /// # Errors
    /// A word that is not known, or not with the others.
    pub fn of(words: &Words<'_>) -> Result<Method, Unknown> {
        if let Some(rest) = words.method.strip_prefix(ISIMIP) {
            return isimip(words, rest);
        }
        match words.method.strip_prefix(LINEAR_SCALING) {
            Some(rest) => linear_scaling(words, rest),
            None => by_quantiles(words),
        }
    }

    /// Whether a method's name is one of ibicus, which prepares series in another way.
    pub fn is_of_ibicus(name: &str) -> bool {
        name.starts_with(ISIMIP) || name.starts_with(LINEAR_SCALING)
    }
}

fn unknown(key: &'static str, expected: &'static str, found: &str) -> Unknown {
    Unknown { key, expected, found: found.to_owned() }
}

fn by_quantiles(words: &Words<'_>) -> Result<Method, Unknown> {
    let (base, form) = words.method.split_once('_').unwrap_or((words.method, ""));
    let is_base = ["qdm", "eqm", "dqm", "scaling", "loci"].contains(&base);
    if !is_base || !matches!((base, form), (_, "" | "permonth") | ("qdm", "seplin")) {
        return Err(unknown("method", METHODS, words.method));
    }
    let grouping = match (words.group, form) {
        (None, "permonth") => Grouping::Month,
        (group, _) => grouping(group.unwrap_or("time"))?,
    };
    if form == "permonth" && grouping != Grouping::Month {
        return Err(unknown("group", "month, which this method is by", words.group.unwrap_or_default()));
    }
    // Where each group is by itself, or factors are linear at the day's own group, that is what the method's name says.
    let usual = if form.is_empty() { Interpolation::Nearest } else { Interpolation::Linear };
    let interpolation = match words.interp {
        None => usual,
        Some("linear") => Interpolation::Linear,
        Some("nearest") => Interpolation::Nearest,
        Some(other) => return Err(unknown("interp", "linear or nearest", other)),
    };
    let in_window = words.rank_window.unwrap_or(form == "seplin");
    let settings = QuantileSettings {
        kind: words.kind,
        n_quantiles: words.n_quantiles,
        interpolation,
        rank_among: if in_window { RankAmong::Pool } else { RankAmong::SameGroupDay },
    };
    let is_plane = form.is_empty() && grouping != Grouping::All;
    let is_linear = interpolation == Interpolation::Linear;
    Ok(match base {
        "qdm" if is_plane && is_linear => Method::OfPlane,
        "qdm" => Method::QuantileDelta(grouping, settings),
        "eqm" | "dqm" if is_plane => Method::OfPlane,
        "eqm" => Method::Empirical(grouping, settings),
        "dqm" if words.detrend.unwrap_or(1) != 1 => {
            let degree = words.detrend.unwrap_or_default().to_string();
            return Err(unknown("detrend", "1, a straight line", &degree));
        }
        "dqm" => Method::Detrended(grouping, settings),
        "loci" if is_plane && is_linear => Method::OfPlane,
        "loci" => Method::LocalIntensity(grouping, words.threshold),
        _ if grouping == Grouping::Month && is_plane && is_linear => Method::MeansBetweenMonths(words.kind),
        _ => Method::Means(grouping, words.kind),
    })
}

fn grouping(word: &str) -> Result<Grouping, Unknown> {
    match word {
        "time" | "all" => Ok(Grouping::All),
        "month" => Ok(Grouping::Month),
        _ => {
            let window = word.strip_prefix("doy").and_then(odd).ok_or_else(|| unknown("group", GROUPS, word))?;
            Ok(Grouping::DayOfYear { window, pool: Pool::Contiguous })
        }
    }
}

/// A number of days that has a middle.
fn odd(digits: &str) -> Option<u16> {
    let is_number = digits.bytes().all(|byte| byte.is_ascii_digit());
    digits.parse().ok().filter(|days| is_number && days % 2 == 1 && *days <= LONGEST_WINDOW)
}

fn isimip(words: &Words<'_>, rest: &str) -> Result<Method, Unknown> {
    let (mut variable, mut window, mut by_ranks) = (words.variable, None, false);
    for word in rest.split('_').filter(|word| !word.is_empty() && *word != "stats") {
        if let Some(known) = ClimateVariable::ALL.into_iter().find(|known| known.name().eq_ignore_ascii_case(word)) {
            variable = known;
        } else if word == "nonparam" {
            by_ranks = true;
        } else {
            window = Some(IbicusWindow::of(word, "method")?);
        }
    }
    let window = match window.map_or_else(|| IbicusWindow::of(words.group.unwrap_or("w31s1"), "group"), Ok)? {
        IbicusWindow::All => Window::All,
        IbicusWindow::Month => Window::Month,
        IbicusWindow::Days { days, step } => Window::DayOfYear { days, step },
    };
    let mut settings = Settings::of(match variable {
        ClimateVariable::Pr => Variable::Precipitation,
        ClimateVariable::SfcWind => Variable::WindSpeed,
        ClimateVariable::Hurs => Variable::RelativeHumidity,
        ClimateVariable::Rsds => Variable::ShortwaveRadiation,
        ClimateVariable::Tas
        | ClimateVariable::Tasmin
        | ClimateVariable::Tasmax
        | ClimateVariable::Huss
        | ClimateVariable::Ps => Variable::Unbounded,
    });
    if by_ranks {
        settings.mapping = Mapping::Ranks;
    }
    Ok(Method::Isimip(window, settings))
}

fn linear_scaling(words: &Words<'_>, rest: &str) -> Result<Method, Unknown> {
    let rest = rest.strip_prefix('_').unwrap_or(rest);
    let (word, key) = if rest.is_empty() { (words.group.unwrap_or("w31s1"), "group") } else { (rest, "method") };
    Ok(match IbicusWindow::of(word, key)? {
        IbicusWindow::All => Method::Means(Grouping::All, words.kind),
        IbicusWindow::Month => Method::Means(Grouping::Month, words.kind),
        IbicusWindow::Days { days, step: 1 } => Method::MeansOfRealYear(days, words.kind),
        IbicusWindow::Days { .. } => return Err(unknown(key, "all, month or wNs1, in steps of one day", word)),
    })
}

impl IbicusWindow {
    fn of(word: &str, key: &'static str) -> Result<IbicusWindow, Unknown> {
        let days = || {
            let (days, step) = word.strip_prefix('w')?.split_once('s')?;
            let (days, step) = (odd(days)?, odd(step)?);
            (step <= days).then_some(IbicusWindow::Days { days, step })
        };
        match word {
            "all" | "time" => Ok(IbicusWindow::All),
            "month" => Ok(IbicusWindow::Month),
            _ => days().ok_or_else(|| unknown(key, WINDOWS, word)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn words(method: &'static str) -> Words<'static> {
        Words {
            method,
            group: None,
            interp: None,
            rank_window: None,
            kind: Kind::Additive,
            n_quantiles: 50,
            detrend: None,
            threshold: 1.0,
            variable: ClimateVariable::Tasmax,
        }
    }

    fn settings(method: Method) -> (Grouping, Interpolation, RankAmong) {
        match method {
            Method::QuantileDelta(grouping, settings) | Method::Empirical(grouping, settings) => {
                (grouping, settings.interpolation, settings.rank_among)
            }
            other => panic!("{other:?} has no such settings"),
        }
    }

    #[test]
    fn methods_of_xsdba() {
        let of = |words: &Words<'_>| Method::of(words).unwrap();
        let doy = |window| Grouping::DayOfYear { window, pool: Pool::Contiguous };
        let found = settings(of(&Words { group: Some("doy31"), interp: Some("nearest"), ..words("qdm") }));
        assert_eq!(found, (doy(31), Interpolation::Nearest, RankAmong::SameGroupDay));
        let found = settings(of(&Words { group: Some("doy9"), ..words("qdm_seplin") }));
        assert_eq!(found, (doy(9), Interpolation::Linear, RankAmong::Pool));
        let found = settings(of(&words("eqm_permonth")));
        assert_eq!(found, (Grouping::Month, Interpolation::Linear, RankAmong::SameGroupDay));
        let linear = |method| Words { group: Some("month"), interp: Some("linear"), ..words(method) };
        assert_eq!(of(&linear("qdm")), Method::OfPlane);
        assert_eq!(of(&linear("scaling")), Method::MeansBetweenMonths(Kind::Additive));
        let near = Words { interp: Some("nearest"), ..linear("scaling") };
        assert_eq!(of(&near), Method::Means(Grouping::Month, Kind::Additive));
    }

    #[test]
    fn methods_of_ibicus() {
        let of = |method| Method::of(&words(method)).unwrap();
        let plain = Settings::of(Variable::Unbounded);
        let days = |days, step| Window::DayOfYear { days, step };
        assert_eq!(of("isimip_tas_w31s1"), Method::Isimip(days(31, 1), plain));
        let by_ranks = Settings { mapping: Mapping::Ranks, ..plain };
        assert_eq!(of("isimip_tas_month_nonparam"), Method::Isimip(Window::Month, by_ranks));
        let rain = Settings::of(Variable::Precipitation);
        assert_eq!(of("isimip_pr_w31s5_stats"), Method::Isimip(days(31, 5), rain));
        assert_eq!(of("linear_scaling_w31s1"), Method::MeansOfRealYear(31, Kind::Additive));
        assert_eq!(of("linear_scaling_all"), Method::Means(Grouping::All, Kind::Additive));
        let from_group = Words { group: Some("w9s3"), ..words("isimip") };
        assert_eq!(Method::of(&from_group), Ok(Method::Isimip(days(9, 3), plain)));
    }

    #[test]
    fn words_that_are_not_known_are_named() {
        let refused = |words: Words<'_>| {
            let unknown = Method::of(&words).unwrap_err();
            (unknown.key, unknown.found)
        };
        assert_eq!(refused(words("magic")), ("method", "magic".to_owned()));
        assert_eq!(refused(words("eqm_seplin")), ("method", "eqm_seplin".to_owned()));
        assert_eq!(refused(words("isimip_tas_w30s1")), ("method", "w30s1".to_owned()));
        assert_eq!(refused(words("linear_scaling_w31s3")), ("method", "w31s3".to_owned()));
        for group in ["doy30", "doy", "doy+31", "doy367", "season"] {
            assert_eq!(refused(Words { group: Some(group), ..words("qdm") }), ("group", group.to_owned()));
        }
        assert_eq!(refused(Words { interp: Some("cubic"), ..words("qdm") }).0, "interp");
        assert_eq!(refused(Words { detrend: Some(2), ..words("dqm") }), ("detrend", "2".to_owned()));
        assert_eq!(refused(Words { group: Some("doy31"), ..words("qdm_permonth") }).0, "group");
    }
}
