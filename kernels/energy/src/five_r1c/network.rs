//! Conductances of the network.

use crate::hourly::LANES;
use crate::wide::Row;
use crate::zone::{Boundary, Element, N_PARTS, Zone};

/// Between mass and surfaces, per effective mass area (W/m²K), ISO 13790 12.2.2.
const MASS_TO_SURFACE: f64 = 9.1;
/// Between surfaces and air, per area of inner surfaces (W/m²K), ISO 13790 7.2.2.2.
const SURFACE_TO_AIR: f64 = 3.45;
/// Seconds of an hour, the step of time.
const STEP: f64 = 3600.0;
/// Least resistance between outdoors and mass (K/W per W/K of the elements), where elements lose more heat than H_ms can
/// bring to them, which the standard's 1/(1/H_op − 1/H_ms) cannot express.
const LEAST_REMAINDER: f64 = 1e-3;

/// The network of the zones of a block (W/K).
#[derive(Debug, Clone)]
pub(super) struct Network {
    pub(super) mass_to_surface: Row,
    pub(super) surface_to_air: Row,
    /// C/Δt.
    pub(super) storage: Row,
    pub(super) outdoor: Outdoor,
    /// Windows, in lit hours and in dark ones.
    pub(super) windows: [Row; 2],
    /// What a kelvin of colder sky takes off the temperature outside windows (K/K).
    pub(super) window_sky: Row,
    /// Where radiated heat goes, in lit hours and in dark ones: onto the mass and onto surfaces; the rest leaves through
    /// windows.
    pub(super) to_mass: Row,
    pub(super) to_surface: [Row; 2],
    /// Shares of solar heat through windows that go into the air and onto mass and surfaces.
    pub(super) solar_air: Row,
    pub(super) solar_radiated: Row,
    pub(super) heating_convective: Row,
    pub(super) cooling_convective: Row,
}

/// Between mass and what lies outside: H_em times shares of the outdoor temperatures.
#[derive(Debug, Clone)]
pub(super) struct Outdoor {
    /// H_em of elements before air, and of those on the ground (W/K).
    pub(super) air: Row,
    pub(super) ground: Row,
    /// What a kelvin of colder sky takes (W/K).
    pub(super) sky: Row,
    /// Share of the sun on the outside that comes in.
    pub(super) walls: Row,
    pub(super) roofs: Row,
}

impl Network {
    pub(super) fn new(zones: &[&Zone; LANES]) -> Self {
        let lanes = |value: fn(&Zone) -> f64| Row(zones.map(value));
        let windows = [lanes(|zone| window(zone, 0.0)), lanes(|zone| window(zone, zone.window.shutter_resistance))];
        Network {
            mass_to_surface: lanes(mass_to_surface),
            surface_to_air: lanes(|zone| SURFACE_TO_AIR * inner_area(zone)),
            storage: lanes(|zone| zone.effective_capacity / STEP),
            outdoor: Outdoor::new(zones),
            window_sky: lanes(|zone| {
                let outer = zone.window.outer;
                outer.radiative * zone.window.sky_view / outer.total()
            }),
            to_mass: lanes(mass_share),
            to_surface: windows.map(|windows| {
                Row(core::array::from_fn(|lane| {
                    let zone = zones[lane];
                    let through_glass = windows[lane] / (MASS_TO_SURFACE * inner_area(zone));
                    (1.0 - mass_share(zone) - through_glass).max(0.0)
                }))
            }),
            windows,
            solar_air: lanes(|zone| (1.0 - zone.window.glazing.absorbed_share) * zone.solar.air),
            solar_radiated: lanes(|zone| {
                let glazing = &zone.window.glazing;
                1.0 - (1.0 - glazing.absorbed_share) * (zone.solar.air + zone.solar.lost)
            }),
            heating_convective: lanes(|zone| zone.heating.convective_share),
            cooling_convective: lanes(|zone| zone.cooling.convective_share),
        }
    }

    /// Between mass and outdoors, and the ground.
    pub(super) fn mass_outwards(&self, lane: usize) -> f64 {
        self.outdoor.air[lane] + self.outdoor.ground[lane]
    }
}

impl Outdoor {
    fn new(zones: &[&Zone; LANES]) -> Self {
        let sum = |value: fn(&Element) -> f64| {
            Row(zones.map(|zone| {
                let lost: f64 = zone.parts.iter().filter(|part| part.area > 0.0).map(value).sum();
                lost * remainder(zone)
            }))
        };
        let admitted = |index: usize| {
            Row(zones.map(|zone| {
                let part = &zone.parts[index];
                let is_outside = part.area > 0.0 && part.boundary == Boundary::Air;
                if is_outside { part.u_value() / part.outer.total() * remainder(zone) } else { 0.0 }
            }))
        };
        Outdoor {
            air: sum(|part| if part.boundary == Boundary::Air { part.area * part.u_value() } else { 0.0 }),
            ground: sum(|part| if part.boundary == Boundary::Ground { part.area * part.u_value() } else { 0.0 }),
            sky: sum(|part| match part.boundary {
                Boundary::Air => part.area * part.u_value() * part.outer.radiative * part.sky_view / part.outer.total(),
                Boundary::Ground | Boundary::Adiabatic => 0.0,
            }),
            walls: admitted(crate::zone::WALL),
            roofs: admitted(crate::zone::ROOF),
        }
    }
}

fn mass_to_surface(zone: &Zone) -> f64 {
    MASS_TO_SURFACE * zone.effective_mass_area
}

fn inner_area(zone: &Zone) -> f64 {
    zone.parts.iter().map(|part| part.area).sum::<f64>() + zone.window.area
}

/// A_m/A_t; the standard's network needs no more than 1.
fn mass_share(zone: &Zone) -> f64 {
    (zone.effective_mass_area / inner_area(zone)).min(1.0)
}

/// U A of windows (W/K), with a further resistance.
fn window(zone: &Zone, shutter_resistance: f64) -> f64 {
    let window = &zone.window;
    let resistance =
        1.0 / window.inner.total() + 1.0 / window.conductance + shutter_resistance + 1.0 / window.outer.total();
    if window.area > 0.0 { window.area / resistance } else { 0.0 }
}

/// H_em/H_op = 1/(1 − H_op/H_ms).
fn remainder(zone: &Zone) -> f64 {
    let lost: f64 =
        zone.parts[..N_PARTS].iter().filter(|part| part.area > 0.0).map(|part| part.area * part.u_value()).sum();
    1.0 / (1.0 - lost / mass_to_surface(zone)).max(LEAST_REMAINDER)
}
