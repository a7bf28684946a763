//! A building, or a variant of one, as heat sees it.
//!
//! A zone has four opaque elements: walls, roofs, floor, and what is inside (inner walls and ceilings, walls shared with
//! heated neighbours). The heat balance is linear, so walls of one construction that face different ways behave, together,
//! exactly as one wall with the mean of their irradiance: only irradiance is computed face by face ([`Facade`]).

mod check;
mod element;
mod empty;
mod error;
mod glazing;
#[cfg(test)]
mod tests;

pub use element::{LEAST_RESISTANCE, Layer, MassClass, Surfaces};
pub use error::ZoneError;
pub use glazing::Panes;

/// Number of opaque elements of a zone.
pub const N_PARTS: usize = 4;
/// Index of the walls among the parts.
pub const WALL: usize = 0;
/// Index of the roofs among the parts.
pub const ROOF: usize = 1;
/// Index of the floor among the parts.
pub const FLOOR: usize = 2;
/// Index of what is inside among the parts.
pub const INSIDE: usize = 3;
/// Number of nodes of an opaque element, from outside (0) to inside (4).
pub const N_NODES: usize = 5;

/// A heated and cooled zone.
#[derive(Debug, Clone, PartialEq)]
pub struct Zone {
    /// Conditioned floor area (m²).
    pub floor_area: f64,
    /// Heat capacity of air and furniture (J/K).
    pub air_capacity: f64,
    /// Walls, roofs, floor, inside.
    pub parts: [Element; N_PARTS],
    /// All windows.
    pub window: Window,
    /// Outer walls with their windows, one entry per direction.
    pub walls: Vec<Facade>,
    /// Roofs with their windows, one entry per direction.
    pub roofs: Vec<Facade>,
    /// Heat of people, appliances and light.
    pub gains: Gains,
    /// Where solar heat that came in goes.
    pub solar: SolarShares,
    /// Exchange of air.
    pub air: Ventilation,
    /// Blinds before the windows.
    pub blinds: Blinds,
    /// Heating.
    pub heating: Supply,
    /// Cooling.
    pub cooling: Supply,
    /// What thermostats feel besides air: 0 for air temperature, 0.5 for operative temperature.
    pub control_radiant_share: f64,
    /// Effective heat capacity of all parts for daily swings, for the 5R1C model (J/K), ISO 13790 12.3.1.
    pub effective_capacity: f64,
    /// Effective mass area, for the 5R1C model (m²), ISO 13790 12.2.2.
    pub effective_mass_area: f64,
}

/// An opaque element of one construction, per square metre.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Element {
    /// Area; 0 for what a zone has not (m²).
    pub area: f64,
    /// Conductances between neighbouring nodes, from outside (W/m²K).
    pub conductances: [f64; N_NODES - 1],
    /// Heat capacities of the nodes, from outside (J/m²K).
    pub capacities: [f64; N_NODES],
    /// Inner surface film.
    pub inner: Film,
    /// Outer surface film; of no use to what has no air outside.
    pub outer: Film,
    /// What lies behind it.
    pub boundary: Boundary,
    /// View factor of the sky, 1 for an open roof and 0.5 for an open wall.
    pub sky_view: f64,
}

/// What lies behind an element.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Boundary {
    /// Outdoor air, sky and sun.
    Air,
    /// The ground: `Climate::temp_ground` at the outermost node's outer conductance `outer.convective`.
    Ground,
    /// A room of the same temperature: no heat passes. What has rooms of the zone itself on both sides is split into halves,
    /// each with its own inner surface.
    Adiabatic,
}

/// Heat transfer coefficients of a surface (W/m²K).
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Film {
    /// Convective.
    pub convective: f64,
    /// Radiative.
    pub radiative: f64,
}

/// All windows of a zone; they have no mass.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Window {
    /// Area with frames (m²).
    pub area: f64,
    /// Conductance between its surfaces, 1 / (1/U − R_si − R_se) (W/m²K).
    pub conductance: f64,
    /// Further resistance while shutters are closed, when it is dark (m²K/W); 0 without shutters.
    pub shutter_resistance: f64,
    /// Inner surface film.
    pub inner: Film,
    /// Outer surface film.
    pub outer: Film,
    /// View factor of the sky.
    pub sky_view: f64,
    /// The glass.
    pub glazing: Glazing,
}

/// How much of the sun glass lets in.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Glazing {
    /// Share of irradiance at normal incidence that becomes heat inside (SHGC or g-value).
    pub normal: f64,
    /// That at angle of incidence θ relative to normal incidence, Σ angular\[k\] cos^k θ.
    pub angular: [f64; 6],
    /// That for diffuse irradiance relative to normal incidence.
    pub diffuse: f64,
    /// Share of the heat that the inner pane gives off instead of letting light through.
    pub absorbed_share: f64,
}

/// Outer walls or roofs that face one way, with their windows.
#[derive(Debug, Clone, PartialEq)]
pub struct Facade {
    /// Outward unit normal (east, north, up).
    pub normal: [f64; 3],
    /// Area of what is not glass times its solar absorptance (m²).
    pub absorbing_area: f64,
    /// Area of glass without frames (m²).
    pub glass_area: f64,
    /// Visible share of the sky before it, 1 if nothing hides any.
    pub sky_share: f64,
    /// Visible share of the horizon before it.
    pub horizon_share: f64,
    /// Irradiance that ground and other surfaces reflect onto it, per global horizontal irradiance; albedo (1 − cos β) / 2 if open.
    pub reflected: f64,
    /// Visible share of the sun by sun bin, in 255ths; none if nothing ever stands before it.
    pub sun_shares: Option<Vec<u8>>,
}

/// Heat of people, appliances and light.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Gains {
    /// Largest heat of people (W).
    pub occupants: f64,
    /// Largest heat of appliances and light (W).
    pub appliances: f64,
    /// Share of both that is radiation.
    pub radiative_share: f64,
}

/// Where solar heat goes that came in as light; the shares sum to 1.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct SolarShares {
    /// Onto the inner surfaces of walls, roofs, floor, inside.
    pub parts: [f64; N_PARTS],
    /// Onto the inner surface of windows.
    pub window: f64,
    /// Into the air at once, by way of furniture.
    pub air: f64,
    /// Out again through windows.
    pub lost: f64,
}

/// Exchange of air with outdoors (W/K are ρ c times the flow).
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Ventilation {
    /// Infiltration, always there (W/K).
    pub infiltration: f64,
    /// Ventilation, times the profile's factor (W/K).
    pub ventilation: f64,
    /// Share of ventilation's heat that is recovered while heating is needed, 0 to 1.
    pub recovery: f64,
    /// Night ventilation, times the profile's factor (W/K).
    pub night: f64,
    /// Night ventilation and open windows need an air temperature above this (°C); very low for always.
    pub night_above: f64,
    /// They need outdoor air colder than indoor air by this much (K); very low for always.
    pub night_difference: f64,
}

/// Blinds before the windows of a face while its irradiance is high.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Blinds {
    /// Irradiance of the face above which they are closed (W/m²); infinite without blinds.
    pub above: f64,
    /// Share of solar gains that closed blinds let in.
    pub factor: f64,
}

/// Heating or cooling.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Supply {
    /// Setpoint while the profile says 1 (°C).
    pub setpoint: f64,
    /// Setpoint while the profile says 0 (°C).
    pub setback: f64,
    /// Largest power (W); 0 for none, infinite for enough.
    pub max_power: f64,
    /// Share that goes to the air; the rest is radiated onto surfaces by area.
    pub convective_share: f64,
}
