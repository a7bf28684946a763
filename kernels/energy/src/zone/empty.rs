//! What fills the places where there is nothing.

use super::{
    Blinds, Boundary, Element, Film, Gains, Glazing, INSIDE, N_NODES, N_PARTS, SolarShares, Supply, Ventilation,
    Window, Zone,
};

impl Element {
    /// An element of no area.
    pub(crate) fn nothing() -> Self {
        Element {
            area: 0.0,
            conductances: [1.0; N_NODES - 1],
            capacities: [0.0; N_NODES],
            inner: Film::INNER_WALL,
            outer: Film::OUTER,
            boundary: Boundary::Adiabatic,
            sky_view: 0.0,
        }
    }
}

impl Zone {
    /// A square metre of inner wall and the air before it, for lanes without a zone.
    pub(crate) fn empty_room() -> Self {
        let mut parts = [Element::nothing(); N_PARTS];
        parts[INSIDE].area = 1.0;
        let off = Supply { setpoint: 20.0, setback: 20.0, max_power: 0.0, convective_share: 1.0 };
        Zone {
            floor_area: 1.0,
            air_capacity: 3600.0,
            parts,
            window: Window {
                area: 0.0,
                conductance: 1.0,
                shutter_resistance: 0.0,
                inner: Film::INNER_WALL,
                outer: Film::OUTER,
                sky_view: 0.0,
                glazing: Glazing { normal: 0.0, angular: [0.0; 6], diffuse: 0.0, absorbed_share: 0.0 },
            },
            walls: Vec::new(),
            roofs: Vec::new(),
            gains: Gains { occupants: 0.0, appliances: 0.0, radiative_share: 0.0 },
            solar: SolarShares { parts: [0.0, 0.0, 0.0, 1.0], window: 0.0, air: 0.0, lost: 0.0 },
            air: Ventilation {
                infiltration: 1.0,
                ventilation: 0.0,
                recovery: 0.0,
                night: 0.0,
                night_above: 0.0,
                night_difference: 0.0,
            },
            blinds: Blinds { above: f64::INFINITY, factor: 1.0 },
            heating: off,
            cooling: off,
            control_radiant_share: 0.0,
            effective_capacity: 3600.0,
            effective_mass_area: 1.0,
        }
    }
}
