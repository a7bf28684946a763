//! Whether the radiation of a weather year fits the sun.

use super::rows::stamps;
use super::{HOURS, WeatherYear};
use crate::error::Warning;

/// Closure errors above this tell that the sun stands elsewhere than the file was made with (W/m²).
///
/// Files whose offset is right close to 0.5 to 0.7 W/m², half an hour beside it to more than 20.
const CLOSURE_LIMIT: f64 = 3.0;
/// An offset is named as better if it leaves less than this share of the closure error.
const CLEARLY_BETTER: f64 = 0.5;
/// Solar zenith beyond which no part of an hour has light: at most 7.5 degrees from its middle to its ends (°).
pub const NIGHT_ZENITH: f64 = 98.0;
/// Radiation of instruments and rounding at night (W/m²).
const NIGHT_RADIATION: f32 = 2.0;

/// Root mean square of GHI - DHI - DNI cos(zenith) over the hours with radiation (W/m²); none without such hours.
///
/// `cos_zenith` is the cosine of the solar zenith of each slot; below the horizon it counts as 0.
pub fn closure_rms(year: &WeatherYear, cos_zenith: &[f64]) -> Option<f64> {
    assert_eq!(cos_zenith.len(), HOURS, "one value per slot");
    let (mut sum, mut n_hours) = (0.0, 0_usize);
    for (slot, cosine) in cos_zenith.iter().enumerate() {
        let [ghi, dni, dhi] = [&year.ghi, &year.dni, &year.dhi].map(|values| f64::from(values[slot]));
        let error = ghi - dhi - dni * cosine.max(0.0);
        if ghi > 0.0 && !error.is_nan() {
            sum += error * error;
            n_hours += 1;
        }
    }
    (n_hours > 0).then(|| (sum / n_hours as f64).sqrt())
}

/// A warning if global, direct and diffuse radiation do not close with the sun at `year.sun_offset_h`.
///
/// `cos_zenith_at` gives the cosine of the solar zenith of all slots for an offset from the start of the slot (h). If the
/// error exceeds 3 W/m² rms, offsets from -60 to 90 minutes by 10 are tried, and one that is clearly better is named.
pub fn closure_warning(year: &WeatherYear, mut cos_zenith_at: impl FnMut(f64) -> Vec<f64>) -> Option<Warning> {
    let own = closure_rms(year, &cos_zenith_at(year.sun_offset_h)).filter(|rms| *rms > CLOSURE_LIMIT)?;
    let candidates = (-6..=9).map(|tens| (tens * 10, closure_rms(year, &cos_zenith_at(f64::from(tens) / 6.0))));
    let best = candidates.filter_map(|(minutes, rms)| Some((minutes, rms?))).min_by(|a, b| a.1.total_cmp(&b.1));
    let minutes = year.sun_offset_h * 60.0;
    let told = format!(
        "global, diffuse and direct radiation differ by {own:.1} W/m² rms with the sun {minutes:.0} min after the start of each hour"
    );
    let message = match best {
        Some((better, rms)) if rms < CLEARLY_BETTER * own => {
            format!("{told}, but by {rms:.1} W/m² with {better} min: the time of the file may be another")
        }
        _ => told,
    };
    Some(Warning::new("weather_closure", HOURS - year.missing_hours.len(), message))
}

/// A warning if there is radiation while the sun is below the horizon for the whole hour.
///
/// `zenith` is the solar zenith of each slot (°).
pub fn night_radiation_warning(year: &WeatherYear, zenith: &[f64]) -> Option<Warning> {
    assert_eq!(zenith.len(), HOURS, "one value per slot");
    let shines = |slot: usize| [&year.ghi, &year.dni, &year.dhi].iter().any(|values| values[slot] > NIGHT_RADIATION);
    let slots: Vec<usize> = (0..HOURS).filter(|slot| zenith[*slot] > NIGHT_ZENITH && shines(*slot)).collect();
    let message = || format!("{} hours of night have radiation, the first {}", slots.len(), stamps(&slots));
    (!slots.is_empty()).then(|| Warning::new("weather_night_radiation", slots.len(), message()))
}

#[cfg(test)]
mod tests {
    use super::*;

    const OFFSET_H: f64 = 0.5;

    /// A sun over the equator at the equinox: the cosine of its zenith from 6 to 18 h, at an offset from the hour.
    fn cos_zenith(offset_h: f64) -> Vec<f64> {
        (0..HOURS).map(|slot| -(((slot % 24) as f64 + offset_h) * std::f64::consts::PI / 12.0).cos()).collect()
    }

    /// A cloudless year: 800 W/m² direct and 100 W/m² diffuse as long as the sun is up.
    fn year() -> WeatherYear {
        let direct = |cosine: &f64| if *cosine > 0.0 { 800.0 } else { 0.0 };
        let diffuse = |cosine: &f64| if *cosine > 0.0 { 100.0 } else { 0.0 };
        let sun = cos_zenith(OFFSET_H);
        WeatherYear {
            sun_offset_h: OFFSET_H,
            dni: sun.iter().map(direct).collect(),
            dhi: sun.iter().map(diffuse).collect(),
            ghi: sun.iter().map(|cosine| (800.0 * cosine.max(0.0)) as f32 + diffuse(cosine)).collect(),
            ..WeatherYear::default()
        }
    }

    #[test]
    fn closure_is_the_rms_over_the_hours_of_day() {
        assert!(closure_rms(&year(), &cos_zenith(OFFSET_H)).unwrap() < 1e-4);
        let mut year = year();
        // Of the 12 hours of each day 1 lacks its diffuse part and 1 has no value: sqrt(365 · 100² / (365 · 11)).
        for day in 0..365 {
            year.dhi[day * 24 + 12] = 0.0;
            year.dhi[day * 24 + 13] = f32::NAN;
        }
        let rms = closure_rms(&year, &cos_zenith(OFFSET_H)).unwrap();
        assert!((rms - (10_000.0_f64 / 11.0).sqrt()).abs() < 1e-4, "{rms}");
        year.ghi.fill(0.0);
        assert_eq!(closure_rms(&year, &cos_zenith(OFFSET_H)), None);
    }

    #[test]
    fn an_offset_that_is_wrong_is_named_with_a_better_one() {
        let mut year = year();
        assert_eq!(closure_warning(&year, cos_zenith), None);
        year.sun_offset_h = 1.0;
        let warning = closure_warning(&year, cos_zenith).unwrap();
        assert_eq!(warning.code, "weather_closure");
        assert!(warning.message.contains("with the sun 60 min after the start"), "{}", warning.message);
        assert!(warning.message.contains("but by 0.0 W/m² with 30 min"), "{}", warning.message);
        // What no offset mends is told without one.
        year.dhi.fill(0.0);
        let warning = closure_warning(&year, cos_zenith).unwrap();
        assert!(!warning.message.contains("but by"), "{}", warning.message);
    }

    #[test]
    fn radiation_at_night_is_counted() {
        let zenith: Vec<f64> = cos_zenith(OFFSET_H).iter().map(|cosine| cosine.acos().to_degrees()).collect();
        let mut year = year();
        assert_eq!(night_radiation_warning(&year, &zenith), None);
        // Midnight; the hour before sunrise, at 97.5°, may have twilight; noise does not count.
        (year.ghi[48], year.dhi[72], year.ghi[96 + 5], year.dni[120]) = (3.0, 50.0, 30.0, 1.0);
        let warning = night_radiation_warning(&year, &zenith).unwrap();
        assert_eq!((warning.code.as_str(), warning.count), ("weather_night_radiation", 2));
        assert_eq!(warning.message, "2 hours of night have radiation, the first 01-03 01:00, 01-04 01:00");
    }
}
