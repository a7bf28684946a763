//! Variants of a building: as it is, and after each package of measures.

use crate::archetypes::{MeasureEffects, WindowKind};
use crate::scenario::{HeatingSystem, Level, MeasureKind, Package};

/// What measures change of a building; the default is none.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Variant {
    /// Resistance added to walls (m²K/W).
    pub wall: f64,
    /// Resistance added to roofs (m²K/W).
    pub roof: f64,
    /// Resistance added to the floor (m²K/W).
    pub floor: f64,
    /// New windows.
    pub window: Option<WindowKind>,
    /// Infiltration of the sealed building (1/h), if it was leakier.
    pub infiltration: Option<f64>,
    /// Share of ventilation's heat that is recovered.
    pub heat_recovery: f64,
    /// New heating.
    pub heating_system: Option<HeatingSystem>,
    /// Warmest water on the design day that emitters fitted with the new heating need (°C).
    pub heat_pump_flow_c: Option<f64>,
    /// Share of the roofs that carries modules.
    pub pv_roof_share: f64,
}

/// The building as it is, then after each package.
pub fn variants(packages: &[Package], effects: &MeasureEffects) -> Vec<Variant> {
    let mut variants = vec![Variant::default()];
    variants.extend(packages.iter().map(|package| variant(package, effects)));
    variants
}

fn variant(package: &Package, effects: &MeasureEffects) -> Variant {
    let mut variant = Variant::default();
    for measure in &package.measures {
        let level = match measure.level {
            Level::Standard => 0,
            Level::Ambitious => 1,
        };
        match measure.kind {
            MeasureKind::Wall => variant.wall = effects.wall_resistance[level],
            MeasureKind::Roof => variant.roof = effects.roof_resistance[level],
            MeasureKind::Floor => variant.floor = effects.floor_resistance[level],
            MeasureKind::Window => variant.window = Some(effects.window[level].clone()),
            MeasureKind::Airtightness => variant.infiltration = Some(effects.infiltration[level]),
            MeasureKind::HeatRecovery => variant.heat_recovery = effects.heat_recovery[level],
            MeasureKind::HeatPump => {
                variant.heat_pump_flow_c = Some(effects.heat_pump_flow_c[level]);
                variant.heating_system = Some(match measure.level {
                    Level::Standard => HeatingSystem::AirHeatPump,
                    Level::Ambitious => HeatingSystem::GroundHeatPump,
                });
            }
            MeasureKind::Photovoltaics => variant.pv_roof_share = effects.pv_roof_share[level],
        }
    }
    variant
}
