//! The sun above a place through a year, as the caller computed it.

use libm::exp;

use super::{DayHours, HOURS, HOURS_OF_DAY, HourlyError, LocalClock};

/// What the sun allows in each hour of a local year.
#[derive(Debug, Clone, PartialEq)]
pub struct SunYear {
    steps: usize,
    cosines: Vec<f64>,
    cos_zenith: Vec<f64>,
    dni_extra: Vec<f64>,
    extraterrestrial: Vec<f64>,
    clear: Vec<f64>,
}

impl SunYear {
    /// A year of the sun from the cosine of its zenith (−1 to 1) at evenly spaced instants, each standing for its part of
    /// the hour, as many for each of the 8760 hours, and the extraterrestrial normal irradiance of each hour (W/m²).
    ///
    /// Clear-sky irradiance on the horizontal is 1098 cos z exp(−0.057 / cos z) (Haurwitz, Insolation in relation to
    /// cloudiness and cloud density, J. Meteorol. 2, 1945), of an average air.
    ///
    /// # Errors
    /// Lengths that do not fit, values out of their range.
    pub fn new(cosines: &[f64], dni_extra: &[f64]) -> Result<SunYear, HourlyError> {
        let length = |what, len, expected| Err(HourlyError::Length { what, len, expected });
        if dni_extra.len() != HOURS {
            return length("extraterrestrial irradiance", dni_extra.len(), HOURS);
        }
        let steps = cosines.len() / HOURS;
        if steps == 0 || !cosines.len().is_multiple_of(HOURS) {
            return length("cosine of the zenith", cosines.len(), HOURS * steps.max(1));
        }
        within("cosine of the zenith", cosines, -1.0..=1.0, "-1 to 1")?;
        within("extraterrestrial irradiance", dni_extra, 0.0..=2000.0, "0 to 2000 W/m²")?;
        let mean = |value: fn(f64) -> f64| -> Vec<f64> {
            cosines.chunks_exact(steps).map(|hour| hour.iter().map(|&c| value(c)).sum::<f64>() / steps as f64).collect()
        };
        let cos_zenith = mean(|cosine| cosine.max(0.0));
        let extraterrestrial: Vec<f64> = cos_zenith.iter().zip(dni_extra).map(|(&c, &extra)| c * extra).collect();
        let clear = mean(haurwitz);
        Ok(SunYear {
            steps,
            cosines: cosines.to_vec(),
            cos_zenith,
            dni_extra: dni_extra.to_vec(),
            extraterrestrial,
            clear,
        })
    }

    /// Mean of the cosine of the zenith over an hour, 0 while the sun is below the horizon.
    pub fn cos_zenith(&self, slot: usize) -> f64 {
        self.cos_zenith[slot]
    }
    /// Extraterrestrial normal irradiance of an hour (W/m²).
    pub fn dni_extra(&self, slot: usize) -> f64 {
        self.dni_extra[slot]
    }
    /// Extraterrestrial irradiance on the horizontal, hour by hour of a UTC day (W/m²): what ghi cannot exceed.
    pub fn extraterrestrial(&self, clock: LocalClock, day: usize) -> DayHours {
        std::array::from_fn(|hour| self.extraterrestrial[clock.slot(day, hour)])
    }
    /// Irradiance of a clear sky on the horizontal, hour by hour of a UTC day (W/m²).
    pub fn clear(&self, clock: LocalClock, day: usize) -> DayHours {
        std::array::from_fn(|hour| self.clear[clock.slot(day, hour)])
    }

    /// Hours from the start of a UTC day to the sun's highest point in it (0 to 24).
    pub(super) fn noon(&self, clock: LocalClock, day: usize) -> f64 {
        let n_steps = HOURS_OF_DAY * self.steps;
        let cosine = |step: usize| self.cosine(clock, day, step);
        let highest = (1..n_steps).fold(0, |highest, step| if cosine(step) > cosine(highest) { step } else { highest });
        (highest as f64 + 0.5) / self.steps as f64
    }

    /// Hours from the start of a UTC day to sunrise (0 to 24), none where the sun neither sets nor rises.
    ///
    /// The day is taken as a circle, since a sunrise may lie at its very start.
    pub(super) fn sunrise(&self, clock: LocalClock, day: usize) -> Option<f64> {
        let n_steps = HOURS_OF_DAY * self.steps;
        let is_up = |step: usize| self.cosine(clock, day, step) > 0.0;
        let rise = (0..n_steps).find(|&step| is_up(step) && !is_up((step + n_steps - 1) % n_steps))?;
        Some(rise as f64 / self.steps as f64)
    }

    fn cosine(&self, clock: LocalClock, day: usize, step: usize) -> f64 {
        self.cosines[clock.slot(day, step / self.steps) * self.steps + step % self.steps]
    }
}

fn haurwitz(cosine: f64) -> f64 {
    if cosine > 0.0 { 1098.0 * cosine * exp(-0.057 / cosine) } else { 0.0 }
}

/// Refuses values out of a range, NaN among them.
pub(super) fn within(
    what: &'static str,
    values: &[f64],
    range: std::ops::RangeInclusive<f64>,
    expected: &'static str,
) -> Result<(), HourlyError> {
    match values.iter().position(|value| !range.contains(value)) {
        Some(index) => Err(HourlyError::Value { what, index, value: values[index], expected }),
        None => Ok(()),
    }
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;

    /// A sun over 45° north with its declination by Cooper (1969), solar time as clock, `steps` instants an hour.
    pub(in crate::hourly) fn sun(steps: usize) -> SunYear {
        let sin_cos = conurb_numerics::sin_cos_degrees;
        let cosine = |step: usize| {
            let hours = (step as f64 + 0.5) / steps as f64;
            let day = (hours / 24.0).floor();
            let (sin_d, cos_d) = sin_cos(23.45 * sin_cos(360.0 * (285.0 + day) / 365.0).0);
            let (sin_l, cos_l) = sin_cos(45.0);
            sin_l * sin_d + cos_l * cos_d * sin_cos(15.0 * (hours - 24.0 * day) - 180.0).1
        };
        let cosines: Vec<f64> = (0..HOURS * steps).map(cosine).collect();
        SunYear::new(&cosines, &vec![1361.0; HOURS]).unwrap()
    }

    #[test]
    fn noon_and_sunrise_of_an_equinox() {
        let sun = sun(4);
        let utc = LocalClock::new(0.0).unwrap();
        // Declination is 0 on day 80 (81 of the year by Cooper): sunrise at 6, noon at 12, both within a quarter of an hour.
        assert!((sun.noon(utc, 80) - 12.0).abs() <= 0.25);
        assert!((sun.sunrise(utc, 80).unwrap() - 6.0).abs() <= 0.25);
        let ahead = LocalClock::new(10.0).unwrap();
        assert!((sun.noon(ahead, 80) - 2.0).abs() <= 0.25);
        assert!((sun.sunrise(ahead, 80).unwrap() - 20.0).abs() <= 0.25);
        assert_eq!(sun.sunrise(LocalClock::new(6.0).unwrap(), 80), Some(0.0));
    }

    #[test]
    fn clear_sky_by_hand() {
        let sun = SunYear::new(&vec![0.5; HOURS], &vec![1400.0; HOURS]).unwrap();
        let utc = LocalClock::new(0.0).unwrap();
        // 1098 · 0.5 · exp(−0.114) = 549 · 0.892258 = 489.85.
        assert!((sun.clear(utc, 3)[7] - 489.85).abs() < 0.01);
        assert_eq!(sun.extraterrestrial(utc, 3)[7], 700.0);
        assert_eq!(sun.sunrise(utc, 3), None);
    }

    #[test]
    fn hostile_suns_are_refused() {
        let extra = vec![1361.0; HOURS];
        assert!(matches!(SunYear::new(&[], &extra), Err(HourlyError::Length { .. })));
        assert!(matches!(SunYear::new(&[0.5; HOURS + 1], &extra), Err(HourlyError::Length { .. })));
        assert!(matches!(SunYear::new(&[0.5; HOURS], &extra[1..]), Err(HourlyError::Length { .. })));
        let mut cosines = vec![0.5; HOURS];
        cosines[9] = f64::NAN;
        assert!(matches!(SunYear::new(&cosines, &extra), Err(HourlyError::Value { index: 9, .. })));
    }
}
