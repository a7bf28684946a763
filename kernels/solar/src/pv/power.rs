//! PVWatts: direct and alternating current from irradiance.

use super::error::check;
use super::{PvError, PvHours};
use crate::vectorised::vectorised;

/// Losses of a system, percent each.
///
/// Source: Dobos, PVWatts version 5 manual, NREL/TP-6A20-62641, 2014, table 2, <https://doi.org/10.2172/1158421>.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Losses {
    /// Dirt.
    pub soiling: f64,
    /// Shade that the irradiance does not know of.
    pub shading: f64,
    /// Snow.
    pub snow: f64,
    /// Modules that differ.
    pub mismatch: f64,
    /// Cables.
    pub wiring: f64,
    /// Connectors.
    pub connections: f64,
    /// Light-induced degradation.
    pub light_induced_degradation: f64,
    /// Modules below their rating.
    pub nameplate_rating: f64,
    /// Age; 0 where money counts degradation by itself.
    pub age: f64,
    /// Standstill.
    pub availability: f64,
}

/// Modules and inverter, per watt of direct current at 1000 W/m² and 25 °C.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct PvSystem {
    /// Change of power per kelvin, −0.02 to 0.
    pub temperature_coefficient: f64,
    /// Lost share between modules and inverter, 0 to 1: [`Losses::share`].
    pub lost_share: f64,
    /// Rated direct over rated alternating current, 0.1 to 10.
    pub dc_ac_ratio: f64,
    /// Nominal efficiency of the inverter, 0.5 to 1.
    pub inverter_efficiency: f64,
}

/// Steps summed side by side: fixed, so that bits do not depend on the width of vectors.
const SUMS: usize = 64;

impl Default for Losses {
    /// Those of the manual, 14.0757 % together.
    fn default() -> Self {
        Losses {
            soiling: 2.0,
            shading: 3.0,
            snow: 0.0,
            mismatch: 2.0,
            wiring: 2.0,
            connections: 0.5,
            light_induced_degradation: 1.5,
            nameplate_rating: 1.0,
            age: 0.0,
            availability: 3.0,
        }
    }
}

impl Losses {
    /// Lost share: 1 − Π (1 − loss / 100).
    ///
    /// # Errors
    /// A loss outside of 0 to 100 %.
    pub fn share(&self) -> Result<f64, PvError> {
        let mut left = 1.0;
        for (what, percent) in [
            ("soiling", self.soiling),
            ("shading", self.shading),
            ("snow", self.snow),
            ("mismatch", self.mismatch),
            ("wiring", self.wiring),
            ("connections", self.connections),
            ("light-induced degradation", self.light_induced_degradation),
            ("nameplate rating", self.nameplate_rating),
            ("age", self.age),
            ("availability", self.availability),
        ] {
            check(what, percent, 0.0..=100.0, "0 to 100 percent")?;
            left *= 1.0 - percent / 100.0;
        }
        Ok(1.0 - left)
    }
}

impl PvSystem {
    /// Checks every value.
    ///
    /// # Errors
    /// The first value out of its range.
    pub fn check(&self) -> Result<(), PvError> {
        check("temperature coefficient", self.temperature_coefficient, -0.02..=0.0, "-0.02 to 0 per kelvin")?;
        check("lost share", self.lost_share, 0.0..=1.0, "0 to 1")?;
        check("ratio of direct to alternating current", self.dc_ac_ratio, 0.1..=10.0, "0.1 to 10")?;
        check("efficiency of the inverter", self.inverter_efficiency, 0.5..=1.0, "0.5 to 1")
    }

    /// Alternating current, W per W of rated direct current, at `poa` W/m² of cells that are `rise` K m²/W warmer than air.
    ///
    /// Pdc = E / 1000 (1 + γ (Tc − 25)) (1 − losses) and Pac = η Pdc, 0 ≤ Pac ≤ Pac0, with η = ηn / 0.9637 (−0.0162 ζ −
    /// 0.0059 / ζ + 0.9858), ζ = Pdc ηn / Pac0 and Pac0 = 1 / ratio: PVWatts manual, eq. 8 to 11.
    #[inline(always)]
    fn ac(&self, poa: f64, air_temperature: f64, rise: f64) -> f64 {
        const REFERENCE_EFFICIENCY: f64 = 0.9637;
        const REFERENCE_TEMPERATURE: f64 = 25.0;
        let warmer = air_temperature + poa * rise - REFERENCE_TEMPERATURE;
        let dc = poa * 0.001 * (1.0 + self.temperature_coefficient * warmer) * (1.0 - self.lost_share);
        let greatest = 1.0 / self.dc_ac_ratio;
        let greatest_dc = greatest / self.inverter_efficiency;
        let load = dc.max(0.0) * (self.inverter_efficiency * self.dc_ac_ratio);
        // η Pdc with the 1 / ζ multiplied out, so that no load gives no division by 0.
        let part = load * (0.9858 - 0.0162 * load) - 0.0059;
        (greatest_dc * (self.inverter_efficiency / REFERENCE_EFFICIENCY) * part).clamp(0.0, greatest)
    }
}

/// Alternating current of each time step into `out`, W per W of rated direct current; `poa` is the plane's global irradiance, W/m².
///
/// # Errors
/// A value of the system out of its range.
///
/// # Panics
/// If `poa` or `out` is not as long as `hours`.
pub fn ac_power(system: &PvSystem, hours: &PvHours, poa: &[f64], out: &mut [f64]) -> Result<(), PvError> {
    system.check()?;
    assert!(poa.len() == hours.len() && out.len() == hours.len(), "one value per time step");
    fill_power(*system, hours, poa, out);
    Ok(())
}

/// Sum of [`ac_power`] over the time steps, in a fixed order: Wh per W, that is kWh per kW, for steps of an hour.
///
/// # Errors
/// A value of the system out of its range.
///
/// # Panics
/// If `poa` is not as long as `hours`.
pub fn ac_energy(system: &PvSystem, hours: &PvHours, poa: &[f64]) -> Result<f64, PvError> {
    system.check()?;
    assert_eq!(poa.len(), hours.len(), "one value per time step");
    let mut sums = [0.0; SUMS];
    add_power(*system, hours, poa, &mut sums);
    Ok(sums.iter().sum())
}

vectorised! {
    fn fill_power<'a>(system: PvSystem, hours: &'a PvHours, poa: &'a [f64], out: &'a mut [f64]) {
        let n = out.len();
        let (poa, air, rise) = (&poa[..n], &hours.air_temperature[..n], &hours.rise[..n]);
        for (step, out) in out.iter_mut().enumerate() {
            *out = system.ac(poa[step], air[step], rise[step]);
        }
    }
}

vectorised! {
    fn add_power<'a>(system: PvSystem, hours: &'a PvHours, poa: &'a [f64], sums: &'a mut [f64; SUMS]) {
        let steps = poa.chunks(SUMS).zip(hours.air_temperature.chunks(SUMS)).zip(hours.rise.chunks(SUMS));
        for ((poa, air), rise) in steps {
            let n = poa.len();
            let (air, rise, sums) = (&air[..n], &rise[..n], &mut sums[..n]);
            for (step, sum) in sums.iter_mut().enumerate() {
                *sum += system.ac(poa[step], air[step], rise[step]);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SYSTEM: PvSystem =
        PvSystem { temperature_coefficient: -0.0035, lost_share: 0.0, dc_ac_ratio: 1.0, inverter_efficiency: 0.96 };

    /// Cells as warm as the air.
    fn hours(air: f64) -> PvHours {
        PvHours { air_temperature: vec![air], rise: vec![0.0] }
    }

    #[test]
    fn losses_of_the_manual() {
        // 0.98 · 0.97 · 0.98 · 0.98 · 0.995 · 0.985 · 0.99 · 0.97 leaves 85.924 %.
        assert!((Losses::default().share().unwrap() - 0.140_756_6).abs() < 1e-6);
        assert!(Losses { snow: f64::NAN, ..Losses::default() }.share().is_err());
    }

    #[test]
    fn part_load_by_hand() {
        // 500 W/m² at 45 °C: Pdc = 0.5 (1 − 0.0035 · 20) = 0.465, ζ = 0.465 · 0.96 = 0.4464,
        // η = 0.96 / 0.9637 (−0.0162 · 0.4464 − 0.0059 / 0.4464 + 0.9858) = 0.9616466.
        let mut out = [0.0];
        ac_power(&SYSTEM, &hours(45.0), &[500.0], &mut out).unwrap();
        let eta = 0.96 / 0.9637 * (-0.0162 * 0.4464 - 0.0059 / 0.4464 + 0.9858);
        assert!((out[0] - 0.465 * eta).abs() < 1e-12, "{}", out[0]);
        assert_eq!(ac_energy(&SYSTEM, &hours(45.0), &[500.0]).unwrap(), out[0]);
    }

    #[test]
    fn nothing_at_night_and_no_more_than_the_inverter_can() {
        assert_eq!(ac_energy(&SYSTEM, &hours(10.0), &[0.0]).unwrap(), 0.0);
        assert_eq!(ac_energy(&SYSTEM, &hours(10.0), &[1.0]).unwrap(), 0.0);
        let small = PvSystem { dc_ac_ratio: 2.0, ..SYSTEM };
        assert_eq!(ac_energy(&small, &hours(10.0), &[1000.0]).unwrap(), 0.5);
        // 100 W/m² load neither fully: the smaller inverter works at a higher part load.
        assert!(
            ac_energy(&small, &hours(25.0), &[100.0]).unwrap() > ac_energy(&SYSTEM, &hours(25.0), &[100.0]).unwrap()
        );
        assert!(ac_energy(&PvSystem { dc_ac_ratio: 0.0, ..SYSTEM }, &hours(10.0), &[0.0]).is_err());
    }
}
