//! How the users of zones behave, hour by hour.

use crate::series::{Series, SeriesError};

/// Factors of each hour of the year, shared by all zones of one use.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Profile {
    /// Heat of people, as a share of its largest (0 to 1).
    pub occupants: Vec<f64>,
    /// Heat of appliances and light, as a share of its largest (0 to 1).
    pub appliances: Vec<f64>,
    /// Ventilation, as a factor of the zone's (≥ 0).
    pub ventilation: Vec<f64>,
    /// Heating setpoint between setback (0) and setpoint (1); values between are ramps.
    pub heating: Vec<f64>,
    /// Share of the heating power that may be used (0 = off, 1).
    pub heating_available: Vec<f64>,
    /// Cooling setpoint between setback (0) and setpoint (1).
    pub cooling: Vec<f64>,
    /// Share of the cooling power that may be used (0 = off, 1).
    pub cooling_available: Vec<f64>,
    /// Night ventilation, as a factor of the zone's (0 = closed, 1).
    pub night_ventilation: Vec<f64>,
    /// Draw of hot water, as a share of the day's (the 24 h of a day sum to 1).
    pub hot_water: Vec<f64>,
}

/// Factors of one hour.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct ProfileHour {
    pub(crate) occupants: f64,
    pub(crate) appliances: f64,
    pub(crate) ventilation: f64,
    pub(crate) heating: f64,
    pub(crate) heating_available: f64,
    pub(crate) cooling: f64,
    pub(crate) cooling_available: f64,
    pub(crate) night_ventilation: f64,
}

impl Profile {
    /// Checks that all series have so many hours with values in their ranges.
    ///
    /// # Errors
    ///
    /// The first series that has not.
    pub fn check(&self, n_hours: usize) -> Result<(), SeriesError> {
        let share = (0.0..=1.0, "0 to 1");
        let factor = (0.0..=1000.0, "0 to 1000");
        let series = [
            ("heat of people", &self.occupants, share.clone()),
            ("heat of appliances", &self.appliances, share.clone()),
            ("ventilation", &self.ventilation, factor.clone()),
            ("heating setpoint", &self.heating, share.clone()),
            ("available heating", &self.heating_available, share.clone()),
            ("cooling setpoint", &self.cooling, share.clone()),
            ("available cooling", &self.cooling_available, share.clone()),
            ("night ventilation", &self.night_ventilation, factor),
            ("hot water", &self.hot_water, share),
        ];
        for (what, values, (range, expected)) in series {
            Series { what, values, range, expected }.check(n_hours)?;
        }
        Ok(())
    }

    #[inline(always)]
    pub(crate) fn at(&self, hour: usize) -> ProfileHour {
        ProfileHour {
            occupants: self.occupants[hour],
            appliances: self.appliances[hour],
            ventilation: self.ventilation[hour],
            heating: self.heating[hour],
            heating_available: self.heating_available[hour],
            cooling: self.cooling[hour],
            cooling_available: self.cooling_available[hour],
            night_ventilation: self.night_ventilation[hour],
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::samples::{Random, profile};

    #[test]
    fn wrong_profiles_are_refused() {
        let good = profile(24, &mut Random(1));
        assert_eq!(good.check(24), Ok(()));
        assert_eq!(good.check(25).unwrap_err().to_string(), "heat of people has 24 hours; expected 25");
        let mut odd = good;
        odd.cooling_available[3] = 1.5;
        assert!(odd.check(24).unwrap_err().to_string().starts_with("available cooling of hour 3 is 1.5"));
    }
}
