//! Heat pumps: how much heat a unit of electricity moves.

use crate::parameter::{ParameterError, check};

/// 0 °C (K).
const ZERO_CELSIUS: f64 = 273.15;

/// Where a heat pump takes heat from.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum HeatSource {
    /// Outdoor air.
    Air,
    /// The ground, through brine that is `approach` colder than `Climate::temp_ground` (K, 0 to 20); 5 K in Ruhnau et al.
    Ground {
        /// Ground less brine (K).
        approach: f64,
    },
    /// Groundwater or a lake of even temperature, through a heat exchanger; 10 °C less 5 K in Ruhnau et al.
    Water {
        /// Temperature of the water (°C, −5 to 40).
        temperature: f64,
        /// Water less what the pump takes in (K, 0 to 20).
        approach: f64,
    },
    /// Brine of even temperature as it enters the pump, such as that of a cold network (°C, −20 to 40).
    Brine {
        /// Temperature (°C).
        temperature: f64,
    },
}

/// A heat pump.
///
/// Its coefficient of performance is a fixed share η of the ideal (Carnot) one,
///
/// COP = η (T_flow + 273.15) / max(T_flow − T_source, smallest lift),
///
/// temperatures in °C. Published fits lie there: the quadratic fits of Ruhnau, Hirth & Praktiknjo (Time series of heat demand
/// and heat pump efficiency for energy system modeling, Scientific Data 6, 189, 2019,
/// <https://doi.org/10.1038/s41597-019-0199-y>) are η = 0.40 for air and 0.49 for ground at a lift of 35 K to 40 °C, which
/// fall to 0.34 and 0.42 by their correction factor of 0.85 for real operation.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct HeatPump {
    /// Where heat comes from.
    pub source: HeatSource,
    /// Share η of the ideal efficiency, 0.1 to 0.8.
    pub carnot_share: f64,
    /// Lift below which the pump gets no better (K, 1 to 60): a compressor needs some pressure, and 1 / lift has no bound.
    /// Ruhnau et al. take 15 K.
    pub smallest_lift: f64,
    /// Most heat that it gives (W, ≥ 0), at any temperature; infinite for enough. What is needed above it, the backup gives.
    pub capacity: f64,
    /// Temperature of the source below which it stands still and the backup gives all (°C); −∞ for never.
    pub coldest_source: f64,
}

impl HeatSource {
    /// Temperature of the source (°C) as `air` temp_air + `ground` temp_ground + `fixed`.
    pub(crate) fn weights(self) -> [f64; 3] {
        match self {
            HeatSource::Air => [1.0, 0.0, 0.0],
            HeatSource::Ground { approach } => [0.0, 1.0, -approach],
            HeatSource::Water { temperature, approach } => [0.0, 0.0, temperature - approach],
            HeatSource::Brine { temperature } => [0.0, 0.0, temperature],
        }
    }

    /// What enters the pump (°C) at outdoor air of `temp_air` and ground of `temp_ground` (°C).
    pub fn temperature(self, temp_air: f64, temp_ground: f64) -> f64 {
        let [air, ground, fixed] = self.weights();
        air * temp_air + ground * temp_ground + fixed
    }

    fn check(self) -> Result<(), ParameterError> {
        let approach = |kelvin| check("approach of the heat source", kelvin, 0.0..=20.0, "0 to 20 K");
        match self {
            HeatSource::Air => Ok(()),
            HeatSource::Ground { approach: kelvin } => approach(kelvin),
            HeatSource::Water { temperature, approach: kelvin } => {
                check("temperature of the water source", temperature, -5.0..=40.0, "-5 to 40 °C")?;
                approach(kelvin)
            }
            HeatSource::Brine { temperature } => {
                check("temperature of the brine", temperature, -20.0..=40.0, "-20 to 40 °C")
            }
        }
    }
}

impl HeatPump {
    /// Coefficient of performance, heat per electricity, at a flow of `temp_flow` and a source of `temp_source` (°C).
    #[inline(always)]
    pub fn cop(&self, temp_flow: f64, temp_source: f64) -> f64 {
        self.carnot_share * (temp_flow + ZERO_CELSIUS) / (temp_flow - temp_source).max(self.smallest_lift)
    }

    /// Checks every value.
    ///
    /// # Errors
    /// The first value out of its range.
    pub fn check(&self) -> Result<(), ParameterError> {
        self.source.check()?;
        check("share of the ideal efficiency", self.carnot_share, 0.1..=0.8, "0.1 to 0.8")?;
        check("smallest lift", self.smallest_lift, 1.0..=60.0, "1 to 60 K")?;
        check("capacity of the heat pump", self.capacity, 0.0..=f64::INFINITY, "a number of W, 0 or more")?;
        check("coldest source", self.coldest_source, f64::NEG_INFINITY..=60.0, "60 °C or less")
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const PUMP: HeatPump = HeatPump {
        source: HeatSource::Air,
        carnot_share: 0.4,
        smallest_lift: 15.0,
        capacity: f64::INFINITY,
        coldest_source: f64::NEG_INFINITY,
    };

    #[test]
    fn a_share_of_carnot() {
        // 35 °C from 0 °C: 308.15 / 35 = 8.804286, of which 0.4.
        assert!((PUMP.cop(35.0, 0.0) - 3.521_714_285_714_286).abs() < 1e-12);
        // Lifts of 15 K and less are the same: 0.4 · 308.15 / 15.
        assert!((PUMP.cop(35.0, 20.0) - 8.217_333_333_333_333).abs() < 1e-12);
        assert_eq!(PUMP.cop(35.0, 34.0), PUMP.cop(35.0, 20.0));
        assert_eq!(PUMP.cop(35.0, 50.0), PUMP.cop(35.0, 20.0));
    }

    #[test]
    fn near_the_fits_of_manufacturers_data() {
        // Ruhnau et al. 2019: air 6.08 − 0.09 ΔT + 0.0005 ΔT², ground 10.29 − 0.21 ΔT + 0.0012 ΔT².
        for (share, [c0, c1, c2]) in [(0.40, [6.08, -0.09, 0.0005]), (0.47, [10.29, -0.21, 0.0012])] {
            let pump = HeatPump { carnot_share: share, ..PUMP };
            for lift in [25.0, 30.0, 35.0, 40.0, 45.0, 50.0, 55.0] {
                let fit = c0 + lift * (c1 + lift * c2);
                let found = pump.cop(45.0, 45.0 - lift);
                let tolerance = if lift == 35.0 { 0.04 } else { 0.25 };
                assert!((found / fit - 1.0).abs() < tolerance, "{share} {lift} {found} {fit}");
            }
        }
    }

    #[test]
    fn sources_are_where_they_say() {
        assert_eq!(HeatSource::Air.temperature(-7.0, 9.0), -7.0);
        assert_eq!(HeatSource::Ground { approach: 5.0 }.temperature(-7.0, 9.0), 4.0);
        assert_eq!(HeatSource::Water { temperature: 10.0, approach: 5.0 }.temperature(-7.0, 9.0), 5.0);
        assert_eq!(HeatSource::Brine { temperature: 12.0 }.temperature(-7.0, 9.0), 12.0);
    }

    #[test]
    fn impossible_pumps_are_refused() {
        PUMP.check().unwrap();
        for pump in [
            HeatPump { carnot_share: 1.1, ..PUMP },
            HeatPump { carnot_share: f64::NAN, ..PUMP },
            HeatPump { smallest_lift: 0.0, ..PUMP },
            HeatPump { capacity: -1.0, ..PUMP },
            HeatPump { coldest_source: f64::NAN, ..PUMP },
            HeatPump { source: HeatSource::Ground { approach: -1.0 }, ..PUMP },
            HeatPump { source: HeatSource::Brine { temperature: f64::NAN }, ..PUMP },
        ] {
            assert!(pump.check().is_err(), "{pump:?}");
        }
    }

    proptest! {
        #[test]
        fn warmer_sources_and_colder_flows_never_do_worse(
            flow in 25.0_f64..70.0, source in -25.0_f64..20.0, by in 0.0_f64..20.0,
        ) {
            prop_assert!(PUMP.cop(flow, source + by) >= PUMP.cop(flow, source));
            // A lower flow gains until the lift is smallest; below, the ideal efficiency of 15 K falls with temperature.
            if flow - source > PUMP.smallest_lift + by {
                prop_assert!(PUMP.cop(flow - by, source) >= PUMP.cop(flow, source));
            }
            prop_assert!(PUMP.cop(flow, source) > 0.0);
        }
    }
}
