//! Whether the radiation of a weather year fits the sun.

use super::rows::stamps;
use super::{HOURS, WeatherYear};
use crate::error::Warning;

/// Closure errors above this tell that the sun stands elsewhere than the file was made with [W/m²].
///
/// Files whose offset is right close to 0.5 to 0.7 W/m², half an hour beside it to more than 20.
const CLOSURE_LIMIT: f64 = 3.0;
/// An offset is named as better if it leaves less than this share of the closure error.
const CLEARLY_BETTER: f64 = 0.5;
/// Solar zenith beyond which no part of an hour has light: at most 7.5 degrees from its middle to its ends [°].
const NIGHT_ZENITH: f64 = 98.0;
/// Radiation of instruments and rounding at night [W/m²].
const NIGHT_RADIATION: f32 = 2.0;

/// Root mean square of GHI - DHI - DNI cos(zenith) over the hours with radiation [W/m²]; none without such hours.
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
/// `cos_zenith_at` gives the cosine of the solar zenith of all slots for an offset from the start of the slot [h]. If the
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
/// `zenith` is the solar zenith of each slot [°].
pub fn night_radiation_warning(year: &WeatherYear, zenith: &[f64]) -> Option<Warning> {
    assert_eq!(zenith.len(), HOURS, "one value per slot");
    let shines = |slot: usize| [&year.ghi, &year.dni, &year.dhi].iter().any(|values| values[slot] > NIGHT_RADIATION);
    let slots: Vec<usize> = (0..HOURS).filter(|slot| zenith[*slot] > NIGHT_ZENITH && shines(*slot)).collect();
    let message = || format!("{} hours of night have radiation, the first {}", slots.len(), stamps(&slots));
    (!slots.is_empty()).then(|| Warning::new("weather_night_radiation", slots.len(), message()))
}
