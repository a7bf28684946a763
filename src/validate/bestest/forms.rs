//! The words of `cases.csv`: setpoints, setbacks, shading and night ventilation as texts with numbers in them.

/// A part of the day in hours; one that begins later than it ends goes over midnight.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Period {
    pub begin_h: f64,
    pub end_h: f64,
}

/// When and at which temperature (°C) a thermostat acts.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum Setpoint {
    Off,
    Always(f64),
    Within { period: Period, celsius: f64, otherwise: Option<f64> },
}

/// A lower heating setpoint for a part of the day, and how it rises again.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Setback {
    pub celsius: f64,
    pub period: Period,
    /// When it rises linearly to the setpoint; a step without.
    pub ramp: Option<Ramp>,
}

#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Ramp {
    pub period: Period,
    pub celsius: f64,
}

/// What stands before windows.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub(super) struct Shading {
    pub overhang: Option<Overhang>,
    /// Depth of a fin at each side of each window (m).
    pub fins_m: Option<f64>,
}

#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Overhang {
    pub depth_m: f64,
    pub width: Width,
    /// Height above the top of windows (m); the top of the wall without.
    pub above_m: Option<f64>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Width {
    Wall,
    Windows,
}

/// A fan that brings in outdoor air for a part of the day.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Fan {
    pub period: Period,
    pub flow: Flow,
}

/// m³/h of outdoor air.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum Flow {
    /// As much heat as so many m³/h of air at sea level hold.
    SeaLevel(f64),
    /// Of the thinner air at the place.
    Local(f64),
}

/// What a case says itself, or the case that it is as.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Said<T> {
    Here(T),
    As(String),
}

pub(super) const SETPOINT: &str =
    "off, a temperature such as 20, or one for a part of the day such as 27_from_7h_to_18h_else_off";
pub(super) const SETBACK: &str = "none, or such as 10C_23h-7h or 10C_23h-7h_linear_ramp_7h-8h_to_20C";
pub(super) const SHADING: &str = "none, as_CASE, or terms joined by + of the forms overhang_1m, \
    overhang_1m_full_south_width_0.5m_above_window and side_fins_1m_per_window";
pub(super) const NIGHT_VENT: &str =
    "none, as_CASE, or such as fan_18h-7h_1700_std_m3_per_h(1409_m3_per_h_at_altitude) or fan_18h-7h_1409_m3_per_h";

/// Coldest and warmest setpoint (°C).
const CELSIUS: (f64, f64) = (-50.0, 100.0);
/// Largest depth or height (m).
const MOST_M: f64 = 100.0;
/// Largest flow (m³/h).
const MOST_FLOW: f64 = 1e6;

/// A setpoint; `None` for other words.
pub(super) fn setpoint(text: &str) -> Option<Setpoint> {
    match words(without_notes(text)).as_slice() {
        ["off" | "none"] => Some(Setpoint::Off),
        [always] => Some(Setpoint::Always(celsius(always)?)),
        [value, "from", begin, "to", end, rest @ ..] => {
            let period = period_of(begin, end)?;
            let otherwise = match rest {
                [] | ["else", "off"] => None,
                ["else", other] => Some(celsius(other)?),
                _ => return None,
            };
            Some(Setpoint::Within { period, celsius: celsius(value)?, otherwise })
        }
        _ => None,
    }
}

/// A setback, or none; `None` for other words.
pub(super) fn setback(text: &str) -> Option<Option<Setback>> {
    let (value, hours, rest) = match words(without_notes(text)).as_slice() {
        ["none"] => return Some(None),
        [value, hours, rest @ ..] => (celsius(value)?, period(hours)?, rest.to_vec()),
        _ => return None,
    };
    let ramp = match rest.as_slice() {
        [] | ["step"] => None,
        ["linear", "ramp", hours, "to", value] => Some(Ramp { period: period(hours)?, celsius: celsius(value)? }),
        _ => return None,
    };
    let follows = ramp.is_none_or(|ramp| ramp.period.begin_h == hours.end_h % 24.0);
    follows.then_some(Some(Setback { celsius: value, period: hours, ramp }))
}

/// What shades windows; `None` for other words.
pub(super) fn shading(text: &str) -> Option<Said<Shading>> {
    let text = without_notes(text);
    if let Some(case) = text.strip_prefix("as_").or_else(|| text.strip_prefix("overhang_as_")) {
        return Some(Said::As(case.to_owned()));
    }
    let mut shading = Shading::default();
    if text == "none" {
        return Some(Said::Here(shading));
    }
    for term in text.split('+') {
        match words(term.trim()).as_slice() {
            ["overhang", rest @ ..] if shading.overhang.is_none() => shading.overhang = Some(overhang(rest)?),
            ["side", "fins", depth] | ["side", "fins", depth, "per", "window"] if shading.fins_m.is_none() => {
                shading.fins_m = Some(metres(depth)?);
            }
            _ => return None,
        }
    }
    Some(Said::Here(shading))
}

/// Night ventilation, or none; `None` for other words.
pub(super) fn night_vent(text: &str) -> Option<Said<Option<Fan>>> {
    if text == "none" {
        return Some(Said::Here(None));
    }
    if let Some(case) = without_notes(text).strip_prefix("as_") {
        return Some(Said::As(case.to_owned()));
    }
    let at_altitude = note(text).and_then(|note| match words(note).as_slice() {
        [value, "m3", "per", "h", "at", "altitude"] => cubic_metres(value),
        _ => None,
    });
    let (hours, flow) = match words(without_notes(text)).as_slice() {
        ["fan", hours, flow, "m3", "per", "h"] => (period(hours)?, Flow::SeaLevel(cubic_metres(flow)?)),
        ["fan", hours, flow, "std", "m3", "per", "h"] => {
            let local = Flow::Local(cubic_metres(flow)?);
            (period(hours)?, at_altitude.map_or(local, Flow::SeaLevel))
        }
        _ => return None,
    };
    Some(Said::Here(Some(Fan { period: hours, flow })))
}

impl Period {
    /// Whether it holds at a time of day (h).
    pub(super) fn holds(&self, time_h: f64) -> bool {
        match self.begin_h <= self.end_h {
            true => (self.begin_h..self.end_h).contains(&time_h),
            false => time_h >= self.begin_h || time_h < self.end_h,
        }
    }

    /// How far it is at a time of day, 0 to 1.
    pub(super) fn share(&self, time_h: f64) -> f64 {
        let length = (self.end_h - self.begin_h).rem_euclid(24.0);
        (time_h - self.begin_h).rem_euclid(24.0) / length
    }
}

fn overhang(words: &[&str]) -> Option<Overhang> {
    let (depth, rest) = words.split_first()?;
    let (width, rest) = match rest {
        ["full", "width", rest @ ..] | ["full", _, "width", rest @ ..] => (Width::Wall, rest),
        _ => (Width::Windows, rest),
    };
    let above_m = match rest {
        [] => None,
        [above, "above", "window" | "windows"] => Some(metres(above)?),
        _ => return None,
    };
    Some(Overhang { depth_m: metres(depth)?, width, above_m })
}

fn words(text: &str) -> Vec<&str> {
    text.split('_').collect()
}

/// The text before a note in parentheses.
fn without_notes(text: &str) -> &str {
    text.split('(').next().unwrap_or_default().trim_end_matches(['_', ' '])
}

fn note(text: &str) -> Option<&str> {
    text.split_once('(')?.1.strip_suffix(')')
}

fn celsius(word: &str) -> Option<f64> {
    number(word.strip_suffix('C').unwrap_or(word), CELSIUS)
}

fn metres(word: &str) -> Option<f64> {
    number(word.strip_suffix('m')?, (0.0, MOST_M))
}

fn cubic_metres(word: &str) -> Option<f64> {
    number(word, (0.0, MOST_FLOW))
}

/// `23h-7h`.
fn period(word: &str) -> Option<Period> {
    let (begin, end) = word.split_once('-')?;
    period_of(begin, end)
}

fn period_of(begin: &str, end: &str) -> Option<Period> {
    let hour = |word: &str| number(word.strip_suffix('h')?, (0.0, 24.0));
    let period = Period { begin_h: hour(begin)?, end_h: hour(end)? };
    (period.begin_h % 24.0 != period.end_h % 24.0 || (period.begin_h, period.end_h) == (0.0, 24.0)).then_some(period)
}

fn number(text: &str, (least, most): (f64, f64)) -> Option<f64> {
    let is_plain = text.bytes().all(|byte| byte.is_ascii_digit() || matches!(byte, b'.' | b'-'));
    text.parse().ok().filter(|value| is_plain && (least..=most).contains(value))
}

#[cfg(test)]
mod tests {
    use super::*;

    const NIGHT: Period = Period { begin_h: 23.0, end_h: 7.0 };

    #[test]
    fn setpoints_hold_always_or_for_a_part_of_the_day() {
        assert_eq!(setpoint("off"), Some(Setpoint::Off));
        assert_eq!(setpoint("20"), Some(Setpoint::Always(20.0)));
        assert_eq!(setpoint("-2.5C"), Some(Setpoint::Always(-2.5)));
        let period = Period { begin_h: 7.0, end_h: 18.0 };
        let day = Setpoint::Within { period, celsius: 27.0, otherwise: None };
        assert_eq!(setpoint("27_from_7h_to_18h_else_off"), Some(day));
        let period = Period { begin_h: 22.5, end_h: 6.0 };
        let night = Setpoint::Within { period, celsius: 24.0, otherwise: Some(28.0) };
        assert_eq!(setpoint("24_from_22.5h_to_6h_else_28"), Some(night));
        for text in ["", "nan", "inf", "1e3", "200", "20_from_7h", "20_from_7_to_8h", "20_from_25h_to_3h", "20_20"] {
            assert_eq!(setpoint(text), None, "{text}");
        }
    }

    #[test]
    fn setbacks_end_in_a_step_or_a_ramp() {
        assert_eq!(setback("none"), Some(None));
        let step = Setback { celsius: 10.0, period: NIGHT, ramp: None };
        assert_eq!(setback("10C_23h-7h"), Some(Some(step)));
        let ramp = Some(Ramp { period: Period { begin_h: 7.0, end_h: 8.0 }, celsius: 20.0 });
        for text in ["10C_23h-7h_linear_ramp_7h-8h_to_20C", "10C_23h-7h_linear_ramp_7h-8h_to_20C(as_others_model_it)"] {
            assert_eq!(setback(text), Some(Some(Setback { ramp, ..step })), "{text}");
        }
        for text in ["10C", "10C_7h-7h", "10C_23h-7h_linear_ramp_9h-10h_to_20C", "10C_23h-7h_ramp", "C_23h-7h"] {
            assert_eq!(setback(text), None, "{text}");
        }
    }

    #[test]
    fn shading_is_overhangs_and_fins() {
        let overhang = Overhang { depth_m: 1.0, width: Width::Wall, above_m: Some(0.5) };
        let full = Shading { overhang: Some(overhang), fins_m: None };
        assert_eq!(shading("overhang_1m_full_south_width_0.5m_above_window"), Some(Said::Here(full)));
        let overhang = Some(Overhang { depth_m: 1.2, width: Width::Windows, above_m: None });
        let both = Shading { overhang, fins_m: Some(0.8) };
        assert_eq!(shading("overhang_1.2m+side_fins_0.8m_per_window"), Some(Said::Here(both)));
        assert_eq!(shading("none"), Some(Said::Here(Shading::default())));
        assert_eq!(shading("overhang_as_610"), Some(Said::As("610".into())));
        assert_eq!(shading("as_630"), Some(Said::As("630".into())));
        for text in
            ["", "overhang", "overhang_1", "overhang_-1m", "overhang_1m+overhang_1m", "awning_1m", "overhang_1m_wide"]
        {
            assert_eq!(shading(text), None, "{text}");
        }
    }

    #[test]
    fn fans_blow_air_of_sea_level_or_of_the_place() {
        let period = Period { begin_h: 18.0, end_h: 7.0 };
        let fan = |flow| Some(Said::Here(Some(Fan { period, flow })));
        assert_eq!(night_vent("fan_18h-7h_1700_std_m3_per_h(1409_m3_per_h_at_altitude)"), fan(Flow::SeaLevel(1409.0)));
        assert_eq!(night_vent("fan_18h-7h_1700_std_m3_per_h"), fan(Flow::Local(1700.0)));
        assert_eq!(night_vent("fan_18h-7h_1400_m3_per_h"), fan(Flow::SeaLevel(1400.0)));
        assert_eq!(night_vent("none"), Some(Said::Here(None)));
        assert_eq!(night_vent("as_650"), Some(Said::As("650".into())));
        for text in ["", "fan", "fan_18h-7h", "fan_18h-7h_x_m3_per_h", "fan_18h-7h_5_l_per_s", "window"] {
            assert_eq!(night_vent(text), None, "{text}");
        }
    }

    #[test]
    fn periods_go_over_midnight() {
        assert!(NIGHT.holds(23.5) && NIGHT.holds(0.0) && !NIGHT.holds(7.0) && !NIGHT.holds(12.0));
        let day = Period { begin_h: 0.0, end_h: 24.0 };
        assert!(day.holds(0.0) && day.holds(23.9));
        assert!((NIGHT.share(1.0) - 0.25).abs() < 1e-12);
    }
}
