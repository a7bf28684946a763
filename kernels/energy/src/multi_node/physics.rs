//! Zones as given, turned so that a value of all lanes lies together.

use super::factors::WINDY;
use crate::hourly::LANES;
use crate::wide::Row;
use crate::zone::{Boundary, Element, N_NODES, N_PARTS, Supply, Window, Zone};

/// Seconds of an hour, the step of time.
pub(super) const STEP: f64 = 3600.0;

/// What the equations of a block are made of.
#[derive(Debug, Clone)]
pub(super) struct Physics {
    pub(super) parts: [Part; N_PARTS],
    pub(super) window: Pane,
    /// Heat capacity of air over the step (W/K).
    pub(super) air_storage: Row,
    /// Area of all inner surfaces, windows included (m²).
    pub(super) inner_area: Row,
    /// Convective shares of heating and cooling.
    pub(super) heating_convective: Row,
    pub(super) cooling_convective: Row,
    /// Share of solar heat through windows that goes into the air.
    pub(super) solar_air: Row,
}

/// An opaque element.
#[derive(Debug, Clone)]
pub(super) struct Part {
    pub(super) area: Row,
    /// Heat capacities over the step (W/m²K).
    pub(super) storage: [Row; N_NODES],
    pub(super) conductances: [Row; N_NODES - 1],
    pub(super) inner_convective: Row,
    pub(super) inner_radiative: Row,
    /// Coefficients to outdoor air and sky; 0 before anything else.
    pub(super) outer_convective: Row,
    pub(super) outer_radiative: Row,
    /// 1 where wind decides the convective coefficient.
    pub(super) windy: Row,
    pub(super) sky_view: Row,
    /// Coefficient to the ground; 0 before anything else.
    pub(super) ground: Row,
    /// Share of solar heat through windows.
    pub(super) solar_share: Row,
}

/// All windows.
#[derive(Debug, Clone)]
pub(super) struct Pane {
    pub(super) area: Row,
    /// Between the surfaces, in lit hours and in dark ones.
    pub(super) conductances: [Row; 2],
    pub(super) inner_convective: Row,
    pub(super) inner_radiative: Row,
    pub(super) outer_convective: Row,
    pub(super) outer_radiative: Row,
    pub(super) sky_view: Row,
    /// Share of light that comes in and lands on the inner surface.
    pub(super) solar_share: Row,
    /// Share of solar heat that the inner pane gives off.
    pub(super) absorbed_share: Row,
}

impl Physics {
    pub(super) fn new(zones: &[&Zone; LANES]) -> Self {
        let lanes = |value: fn(&Zone) -> f64| Row(zones.map(value));
        let light =
            |share: fn(&Zone) -> f64| Row(zones.map(|zone| (1.0 - zone.window.glazing.absorbed_share) * share(zone)));
        let mut parts = core::array::from_fn(|part| Part::new(part, &zones.map(|zone| &zone.parts[part])));
        for (index, part) in parts.iter_mut().enumerate() {
            part.solar_share =
                Row(zones.map(|zone| (1.0 - zone.window.glazing.absorbed_share) * zone.solar.parts[index]));
        }
        let window =
            Pane { solar_share: light(|zone| zone.solar.window), ..Pane::new(&zones.map(|zone| &zone.window)) };
        let convective = |supply: &Supply| supply.convective_share;
        Physics {
            parts,
            window,
            air_storage: lanes(|zone| zone.air_capacity / STEP),
            inner_area: lanes(|zone| zone.parts.iter().map(|part| part.area).sum::<f64>() + zone.window.area),
            heating_convective: Row(zones.map(|zone| convective(&zone.heating))),
            cooling_convective: Row(zones.map(|zone| convective(&zone.cooling))),
            solar_air: light(|zone| zone.solar.air),
        }
    }
}

impl Part {
    fn new(index: usize, elements: &[&Element; LANES]) -> Self {
        // What a zone has not may hold anything, and must not spoil what it has.
        let nothing = Element::nothing();
        let elements = elements.map(|element| if element.area > 0.0 { element } else { &nothing });
        let lanes = |value: fn(&Element) -> f64| Row(elements.map(value));
        let before = |boundary: Boundary, value: fn(&Element) -> f64| {
            Row(elements.map(|element| if element.boundary == boundary { value(element) } else { 0.0 }))
        };
        Part {
            area: lanes(|element| element.area),
            storage: core::array::from_fn(|node| Row(elements.map(|element| element.capacities[node] / STEP))),
            conductances: core::array::from_fn(|gap| Row(elements.map(|element| element.conductances[gap]))),
            inner_convective: lanes(|element| element.inner.convective),
            inner_radiative: lanes(|element| element.inner.radiative),
            outer_convective: before(Boundary::Air, |element| element.outer.convective),
            outer_radiative: before(Boundary::Air, |element| element.outer.radiative),
            windy: before(Boundary::Air, if WINDY.contains(&index) { |_| 1.0 } else { |_| 0.0 }),
            sky_view: before(Boundary::Air, |element| element.sky_view),
            ground: before(Boundary::Ground, |element| element.outer.convective),
            solar_share: Row::default(),
        }
    }
}

impl Pane {
    fn new(windows: &[&Window; LANES]) -> Self {
        let nothing = Window { area: 0.0, ..Zone::empty_room().window };
        let windows = windows.map(|window| if window.area > 0.0 { window } else { &nothing });
        let lanes = |value: fn(&Window) -> f64| Row(windows.map(value));
        Pane {
            area: lanes(|window| window.area),
            conductances: [
                lanes(|window| window.conductance),
                lanes(|window| 1.0 / (1.0 / window.conductance + window.shutter_resistance)),
            ],
            inner_convective: lanes(|window| window.inner.convective),
            inner_radiative: lanes(|window| window.inner.radiative),
            outer_convective: lanes(|window| window.outer.convective),
            outer_radiative: lanes(|window| window.outer.radiative),
            sky_view: lanes(|window| window.sky_view),
            solar_share: Row::default(),
            absorbed_share: lanes(|window| window.glazing.absorbed_share),
        }
    }
}
