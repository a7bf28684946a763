//! The zone of a case.

use conurb_energy::climate::Climate;
use conurb_energy::zone::{
    Blinds, Boundary, Element, Facade, Film, Gains, Glazing, Layer, Panes, Surfaces, Ventilation, Window, Zone,
    ZoneError,
};
use conurb_solar::surface::SunBins;

use super::case_file::Case;
use super::cavity::{Inside, solar_shares};
use super::construction_file::Enclosure;
use super::facades::{open_facade, walls};
use super::films::{Films, glazing_resistance};
use super::forms::Flow;
use super::schedule::supply;
use super::zone_file::ZoneFile;
use crate::error::Problem;

/// Density of air at sea level and 20 °C (kg/m³).
const AIR_DENSITY: f64 = 1.204;
/// Specific heat of air (J/kgK).
const AIR_HEAT: f64 = 1006.0;
const SECONDS_PER_HOUR: f64 = 3600.0;
/// Pressure at sea level (Pa).
const SEA_LEVEL_PA: f64 = 101_325.0;
/// Conditions that are always met.
const ALWAYS: f64 = -1e6;
/// Heat that goes in and out within a day comes from no deeper than this (m), ISO 13790:2008 12.3.1.
const ACTIVE_DEPTH_M: f64 = 0.1;
/// Layers that conduct less than this insulate what is behind them (W/mK).
const INSULATES_BELOW: f64 = 0.06;
const UP: [f64; 3] = [0.0, 0.0, 1.0];

/// What zones of all cases share.
#[derive(Clone, Copy)]
pub(super) struct Makings<'a> {
    pub zone: &'a ZoneFile,
    pub climate: &'a Climate,
    pub suns: &'a SunBins,
    /// Mean pressure at the place (Pa).
    pub pressure: f64,
}

/// The zone of a case with the layers of its mass.
///
/// # Errors
/// Windows that do not fit, or a value that no zone can have.
pub(super) fn zone(makings: &Makings<'_>, case: &Case, enclosure: &Enclosure) -> Result<Zone, Problem> {
    let Makings { zone: file, climate, .. } = *makings;
    let walls = walls(file, case, makings.suns)?;
    let mean = |values: &[f64]| values.iter().sum::<f64>() / values.len() as f64;
    let films = Films::new(file, mean(&climate.temp_air), mean(&climate.wind_speed));
    let wrong = |error: ZoneError| Problem::new(error.to_string());
    let element = |area: f64, layers: &[Layer], [inner, outer]: [Film; 2], sky_view: f64| {
        Element::from_layers(area, layers, Surfaces { inner, outer, boundary: Boundary::Air, sky_view }).map_err(wrong)
    };
    let wall = element(walls.opaque_area, &enclosure.wall, films.wall, walls.opaque_sky_view)?;
    let roof = element(file.floor_area, &enclosure.roof, films.roof, 1.0)?;
    let floor = element(file.floor_area, &enclosure.floor, films.floor, 0.0)?;
    let nothing = Element { area: 0.0, boundary: Boundary::Adiabatic, ..wall };
    let parts = [wall, roof, floor, nothing];
    let window = window(file, case, &films, walls.window_sky_view).map_err(wrong)?;
    let light = Glazing::light_through_panes(&panes(file, &window)).map_err(wrong)?;
    let inside = Inside { walls: walls.opaque_area, windows: window.area };
    let capacities = [
        (walls.opaque_area, &enclosure.wall[..]),
        (file.floor_area, &enclosure.roof[..]),
        (file.floor_area, &enclosure.floor[..]),
    ]
    .map(|(area, layers)| (area, active_capacity(layers)));
    let effective: f64 = capacities.iter().map(|(area, capacity)| area * capacity).sum();
    let squares: f64 = capacities.iter().map(|(area, capacity)| area * capacity * capacity).sum();
    let zone = Zone {
        floor_area: file.floor_area,
        air_capacity: file.volume * AIR_DENSITY * makings.pressure / SEA_LEVEL_PA * AIR_HEAT,
        solar: solar_shares(file, &inside, &light),
        parts,
        window,
        walls: walls.facades,
        roofs: vec![open_facade(UP, file.absorptance * file.floor_area, 0.0, file.albedo)],
        gains: Gains { occupants: 0.0, appliances: file.gains, radiative_share: file.radiative_share },
        air: ventilation(makings, case),
        blinds: Blinds { above: f64::INFINITY, factor: 1.0 },
        heating: supply(case.heating, case.setback),
        cooling: supply(case.cooling, None),
        control_radiant_share: 0.0,
        effective_capacity: effective,
        effective_mass_area: effective * effective / squares.max(f64::MIN_POSITIVE),
    };
    zone.check(climate.n_sun_bins).map_err(wrong)?;
    Ok(zone)
}

/// A zone with other glass in other walls, to see what comes in there.
pub(super) fn glazed(zone: &Zone, glazing: Glazing, walls: Vec<Facade>) -> Zone {
    Zone { window: Window { glazing, ..zone.window }, walls, roofs: Vec::new(), ..zone.clone() }
}

/// The panes of a window with its films.
pub(super) fn panes(file: &ZoneFile, window: &Window) -> Panes {
    let (inner_resistance, outer_resistance) = (1.0 / window.inner.total(), 1.0 / window.outer.total());
    Panes {
        count: file.glass.panes,
        transmittance: file.glass.transmittance,
        reflectance: file.glass.reflectance,
        u_value: 1.0 / (1.0 / window.conductance + inner_resistance + outer_resistance),
        inner_resistance,
        outer_resistance,
    }
}

fn window(file: &ZoneFile, case: &Case, films: &Films, sky_view: f64) -> Result<Window, ZoneError> {
    let [inner, outer] = films.window;
    let none = Glazing { normal: 0.0, angular: [0.0; 6], diffuse: 0.0, absorbed_share: 0.0 };
    let window = Window {
        area: case.windows.iter().map(|(_, area)| area).sum(),
        conductance: 1.0 / glazing_resistance(&file.glass),
        shutter_resistance: 0.0,
        inner,
        outer,
        sky_view,
        glazing: none,
    };
    Ok(Window { glazing: Glazing::from_panes(&panes(file, &window))?, ..window })
}

/// Flows as heat (W/K). Infiltration is that of air at sea level: its number is corrected for the altitude already.
fn ventilation(makings: &Makings<'_>, case: &Case) -> Ventilation {
    let per_flow = AIR_DENSITY * AIR_HEAT / SECONDS_PER_HOUR;
    let fan = case.fan.map_or(0.0, |fan| match fan.flow {
        Flow::SeaLevel(flow) => flow,
        Flow::Local(flow) => flow * makings.pressure / SEA_LEVEL_PA,
    });
    Ventilation {
        infiltration: per_flow * makings.zone.infiltration * makings.zone.volume,
        ventilation: 0.0,
        recovery: 0.0,
        night: per_flow * fan,
        night_above: ALWAYS,
        night_difference: ALWAYS,
    }
}

/// Heat capacity within reach of a day (J/m²K): to a depth of 10 cm, half of the construction or the first insulation, whichever
/// comes first (ISO 13790:2008 12.3.1.1).
fn active_capacity(layers: &[Layer]) -> f64 {
    let thickness: f64 = layers.iter().map(|layer| layer.thickness).sum();
    let mut left = ACTIVE_DEPTH_M.min(0.5 * thickness);
    let mut capacity = 0.0;
    for layer in layers.iter().rev().take_while(|layer| layer.conductivity >= INSULATES_BELOW) {
        let depth = layer.thickness.min(left);
        capacity += depth * layer.density * layer.specific_heat;
        left -= depth;
    }
    capacity
}
