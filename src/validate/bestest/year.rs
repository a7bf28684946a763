//! A year of a zone: loads, temperatures and sun.

use conurb_energy::climate::Climate;
use conurb_energy::five_r1c::FiveR1CBlock;
use conurb_energy::hourly::Hourly;
use conurb_energy::multi_node::{ExteriorConvection as Films, MultiNodeBlock};
use conurb_energy::profile::Profile;
use conurb_energy::zone::Zone;

use crate::scenario::{Energy, ExteriorConvection, Fidelity};

const WH_PER_MWH: f64 = 1e6;
const LANE: usize = 0;

/// Hours of a zone, of which there is one.
pub(super) struct Year {
    heating: Vec<f64>,
    cooling: Vec<f64>,
    temp_air: Vec<f64>,
    solar_gains: Vec<f64>,
}

impl Year {
    /// Computes a zone as scenarios with these settings do.
    pub(super) fn of(zone: &Zone, profile: &Profile, climate: &Climate, energy: &Energy) -> Year {
        let n_hours = climate.n_hours();
        let warm_up = n_hours - (energy.warm_up_days * 24).min(n_hours)..n_hours;
        let mut out = Hourly::default();
        match energy.fidelity {
            Fidelity::MultiNode => {
                let films = match energy.exterior_convection {
                    ExteriorConvection::Fixed => Films::Fixed,
                    ExteriorConvection::Wind => Films::Wind,
                };
                let mut block = MultiNodeBlock::new(&[zone], films);
                block.advance(climate, profile, warm_up, &mut out);
                block.advance(climate, profile, 0..n_hours, &mut out);
            }
            Fidelity::FiveR1C => {
                let mut block = FiveR1CBlock::new(&[zone]);
                block.advance(climate, profile, warm_up, &mut out);
                block.advance(climate, profile, 0..n_hours, &mut out);
            }
        }
        let lane = |hours: &[[f64; conurb_energy::hourly::LANES]]| hours.iter().map(|lanes| lanes[LANE]).collect();
        Year {
            heating: lane(&out.heating),
            cooling: lane(&out.cooling),
            temp_air: lane(&out.temp_air),
            solar_gains: lane(&out.solar_gains),
        }
    }

    /// Annual sums and largest hours of heating and cooling: quantity, unit, value.
    pub(super) fn loads(&self) -> [(&'static str, &'static str, f64); 4] {
        [
            ("annual_heating", "MWh", sum(&self.heating) / WH_PER_MWH),
            ("annual_cooling_sensible", "MWh", sum(&self.cooling) / WH_PER_MWH),
            ("peak_heating", "kW", largest(&self.heating) / 1000.0),
            ("peak_cooling_sensible", "kW", largest(&self.cooling) / 1000.0),
        ]
    }

    /// Temperatures of the air: quantity, unit, value.
    pub(super) fn temperatures(&self) -> [(&'static str, &'static str, f64); 3] {
        let least = self.temp_air.iter().copied().fold(f64::INFINITY, f64::min);
        let mean = sum(&self.temp_air) / self.temp_air.len() as f64;
        [("zone_T_min", "degC", least), ("zone_T_mean", "degC", mean), ("zone_T_max", "degC", largest(&self.temp_air))]
    }

    /// Heat of the sun through windows (kWh).
    pub(super) fn solar_gains(&self) -> f64 {
        sum(&self.solar_gains) / 1000.0
    }
}

fn sum(values: &[f64]) -> f64 {
    values.iter().sum()
}

fn largest(values: &[f64]) -> f64 {
    values.iter().copied().fold(f64::NEG_INFINITY, f64::max)
}
