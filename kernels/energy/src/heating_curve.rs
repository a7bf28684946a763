//! How warm the water must be that heats a building.
//!
//! Radiators and floors give heat in proportion to a power of how much warmer they are than the room (EN 442-2: n ≈ 1.3 for
//! radiators; EN 1264-2: n = 1.1 for floors). With the load φ relative to the design load and an even flow of water,
//!
//! (T_flow + T_return) / 2 − T_room = (mean excess at design) φ^(1/n),   T_flow − T_return = (spread at design) φ.
//!
//! A building that needs only the share r of its design load with the same radiators has, at its new design load, the
//! temperatures that it had before at φ = r: retrofit lowers the flow temperature, and heat pumps gain by it.

use crate::parameter::{ParameterError, check, check_all};

/// How the load follows the weather, for buildings that share it.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct OutdoorReset {
    /// Outdoor temperature of the design load (°C, −50 to 15).
    pub design_outdoor: f64,
    /// Temperature of the room, at which no heat is needed (°C, 15 to 30).
    pub room: f64,
    /// Exponent n of what gives heat, 1 to 2.
    pub exponent: f64,
}

/// Water temperatures at the design load, and the least.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct FlowTemperatures {
    /// Flow at the design load (°C, above the room, up to 110).
    pub design_flow: f64,
    /// Return at the design load (°C, between room and flow).
    pub design_return: f64,
    /// The flow is never colder (°C); the room's for no such limit.
    pub lowest_flow: f64,
}

/// Loads of each hour, shared by all buildings of one [`OutdoorReset`].
#[derive(Debug, Clone, PartialEq)]
pub struct PartLoads {
    pub(crate) reset: OutdoorReset,
    /// φ = (T_room − T_outdoor) / (T_room − T_design), 0 to 1.
    pub(crate) load: Vec<f64>,
    /// φ^(1/n).
    pub(crate) root: Vec<f64>,
}

impl OutdoorReset {
    /// Load at `temp_air` outdoors relative to the design load, 0 to 1.
    pub fn load(&self, temp_air: f64) -> f64 {
        ((self.room - temp_air) / (self.room - self.design_outdoor)).clamp(0.0, 1.0)
    }

    /// Checks every value.
    ///
    /// # Errors
    /// The first value out of its range.
    pub fn check(&self) -> Result<(), ParameterError> {
        check("design outdoor temperature", self.design_outdoor, -50.0..=14.0, "-50 to 14 °C")?;
        check("room temperature", self.room, 15.0..=30.0, "15 to 30 °C")?;
        check("exponent of heat emission", self.exponent, 1.0..=2.0, "1 to 2")
    }

    fn root(&self, load: f64) -> f64 {
        libm::pow(load, 1.0 / self.exponent)
    }
}

impl FlowTemperatures {
    /// Flow temperature (°C) at `temp_air` outdoors.
    pub fn flow(&self, reset: &OutdoorReset, temp_air: f64) -> f64 {
        let load = reset.load(temp_air);
        let [root_weight, load_weight] = self.weights(reset);
        (reset.room + root_weight * reset.root(load) + load_weight * load).max(self.lowest_flow)
    }

    /// Those of a building that needs the share `load_ratio` (0 to 2) of its former design load with the same radiators.
    ///
    /// # Errors
    /// A value out of its range.
    pub fn after(&self, reset: &OutdoorReset, load_ratio: f64) -> Result<FlowTemperatures, ParameterError> {
        self.check(reset)?;
        check("ratio of design loads", load_ratio, 0.0..=2.0, "0 to 2")?;
        let [root_weight, load_weight] = self.weights(reset);
        let (excess, half_spread) = (root_weight * reset.root(load_ratio), load_weight * load_ratio);
        Ok(FlowTemperatures {
            design_flow: reset.room + excess + half_spread,
            design_return: reset.room + excess - half_spread,
            lowest_flow: self.lowest_flow,
        })
    }

    /// Checks every value.
    ///
    /// # Errors
    /// The first value out of its range.
    pub fn check(&self, reset: &OutdoorReset) -> Result<(), ParameterError> {
        reset.check()?;
        check("design flow temperature", self.design_flow, reset.room..=110.0, "the room's to 110 °C")?;
        let range = reset.room..=self.design_flow;
        check("design return temperature", self.design_return, range, "between room and flow")?;
        check("lowest flow temperature", self.lowest_flow, 0.0..=110.0, "0 to 110 °C")
    }

    /// Flow less room as `[0]` φ^(1/n) + `[1]` φ.
    pub(crate) fn weights(&self, reset: &OutdoorReset) -> [f64; 2] {
        let mean = 0.5 * (self.design_flow + self.design_return);
        [mean - reset.room, 0.5 * (self.design_flow - self.design_return)]
    }
}

impl PartLoads {
    /// Loads of the hours of `temp_air` (°C). Powers are taken here, once for all buildings.
    ///
    /// # Errors
    /// A value of `reset` or a temperature out of its range.
    pub fn new(reset: OutdoorReset, temp_air: &[f64]) -> Result<PartLoads, ParameterError> {
        reset.check()?;
        check_all("outdoor temperature", temp_air, -100.0..=70.0, "-100 to 70 °C")?;
        let load: Vec<f64> = temp_air.iter().map(|temperature| reset.load(*temperature)).collect();
        let root = load.iter().map(|load| reset.root(*load)).collect();
        Ok(PartLoads { reset, load, root })
    }

    /// Number of hours.
    pub fn n_hours(&self) -> usize {
        self.load.len()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const RESET: OutdoorReset = OutdoorReset { design_outdoor: -12.0, room: 20.0, exponent: 1.3 };
    const OLD: FlowTemperatures = FlowTemperatures { design_flow: 75.0, design_return: 65.0, lowest_flow: 20.0 };

    #[test]
    fn flow_at_half_load() {
        // 4 °C is half of 32 K: 50 K · 0.5^(1/1.3) = 50 · 0.586732 = 29.3366, and 5 K · 0.5.
        assert!((OLD.flow(&RESET, 4.0) - 51.836_6).abs() < 1e-3);
        assert_eq!(OLD.flow(&RESET, -12.0), 75.0);
        assert_eq!(OLD.flow(&RESET, -30.0), 75.0);
        assert_eq!(OLD.flow(&RESET, 25.0), 20.0);
        assert_eq!(FlowTemperatures { lowest_flow: 30.0, ..OLD }.flow(&RESET, 25.0), 30.0);
    }

    #[test]
    fn near_the_curves_of_a_study() {
        // Ruhnau et al. 2019: radiators 40 °C − T, floors 30 °C − 0.5 T; here 52 and 36 °C at −12 °C.
        let radiator = FlowTemperatures { design_flow: 52.0, design_return: 45.0, lowest_flow: 20.0 };
        let floor = FlowTemperatures { design_flow: 36.0, design_return: 31.0, lowest_flow: 20.0 };
        let floor_reset = OutdoorReset { exponent: 1.1, ..RESET };
        for temp_air in [-12.0, -5.0, 0.0, 5.0, 10.0] {
            assert!((radiator.flow(&RESET, temp_air) - (40.0 - temp_air)).abs() < 3.0);
            assert!((floor.flow(&floor_reset, temp_air) - (30.0 - 0.5 * temp_air)).abs() < 2.0);
        }
    }

    #[test]
    fn half_the_load_needs_much_colder_water() {
        // Mean excess 50 K · 0.586732 and half the spread of 10 K.
        let after = OLD.after(&RESET, 0.5).unwrap();
        assert!((after.design_flow - 51.836_6).abs() < 1e-3 && (after.design_return - 46.836_6).abs() < 1e-3);
        let same = OLD.after(&RESET, 1.0).unwrap();
        assert_eq!((same.design_flow, same.design_return), (75.0, 65.0));
    }

    #[test]
    fn impossible_curves_are_refused() {
        OLD.check(&RESET).unwrap();
        assert!(FlowTemperatures { design_return: 80.0, ..OLD }.check(&RESET).is_err());
        assert!(FlowTemperatures { design_flow: 15.0, ..OLD }.check(&RESET).is_err());
        assert!(OLD.check(&OutdoorReset { design_outdoor: 20.0, ..RESET }).is_err());
        assert!(OLD.after(&RESET, f64::NAN).is_err());
        let error = PartLoads::new(RESET, &[0.0, f64::NAN]).unwrap_err();
        assert_eq!(error.to_string(), "outdoor temperature of entry 1 is NaN; expected -100 to 70 °C");
    }

    proptest! {
        #[test]
        fn less_load_is_an_earlier_point_of_the_same_curve(ratio in 0.05_f64..=1.0, temp_air in -12.0_f64..20.0) {
            let after = OLD.after(&RESET, ratio).unwrap();
            // The outdoor temperature at which the old building had the load that the new one has now.
            let mild = 20.0 - ratio * (20.0 - temp_air);
            prop_assert!((after.flow(&RESET, temp_air) - OLD.flow(&RESET, mild)).abs() < 1e-9);
        }
    }
}
