//! Archetypes: what buildings of a country, size, use and age are made of, and how they are used.

mod hours;
mod layers;
mod library;
mod tabula;

use crate::buildings::{SizeClass, Usage};

pub use hours::{Calendar, hourly};
pub use library::{Archetypes, MeasureEffects};

/// What is taken for all buildings of one kind.
#[derive(Debug, Clone, PartialEq)]
pub struct Archetype {
    /// Name in results, for example `NL.SFH.1965-1974`.
    pub code: String,
    /// Buildings from this year on.
    pub first_year: i32,
    /// Buildings up to this year.
    pub last_year: i32,
    /// What they are used for.
    pub usage: Usage,
    /// Their size; none for all.
    pub size_class: Option<SizeClass>,
    /// Outer walls.
    pub wall: Construction,
    /// Roofs, or the ceiling below a cold attic.
    pub roof: Construction,
    /// What lies on the ground or above a cellar.
    pub floor: Construction,
    /// Inner walls and ceilings, and walls shared with neighbours.
    pub inside: Construction,
    /// Windows.
    pub window: WindowKind,
    /// Share of windows in outer walls facing north, east, south, west.
    pub window_share: [f64; 4],
    /// Share of windows in roofs.
    pub roof_window_share: f64,
    /// Addition to every U-value for thermal bridges (W/m²K).
    pub thermal_bridges: f64,
    /// Change of air through leaks (1/h).
    pub infiltration: f64,
    /// Area of what is inside per floor area, both sides counted once (m²/m²).
    pub inside_area_per_floor_area: f64,
    /// Heat capacity of air and furniture per floor area (J/m²K).
    pub air_capacity: f64,
    /// Height of a storey, floor to floor (m).
    pub storey_height: f64,
    /// Conditioned floor area per gross floor area.
    pub net_floor_share: f64,
    /// Height of rooms, for changes of air (m).
    pub room_height: f64,
    /// Where its numbers come from.
    pub source: String,
}

/// An opaque construction.
#[derive(Debug, Clone, PartialEq)]
pub struct Construction {
    /// Thermal transmittance (W/m²K), surface resistances included, thermal bridges not.
    pub u: f64,
    /// Factor of heat losses because what lies behind is warmer than outdoors (b-factor), 1 for outdoors.
    pub adjustment: f64,
    /// Where its heat capacity is.
    pub mass: Mass,
}

/// Heat capacity of a construction.
#[derive(Debug, Clone, PartialEq)]
pub enum Mass {
    /// All of it and where it mostly lies.
    Class {
        /// Heat capacity (J/m²K).
        capacity: f64,
        /// Where it lies.
        place: MassPlace,
    },
    /// Layers from outside to inside, which also give `u`.
    Layers(Vec<MaterialLayer>),
}

/// Where the mass of an opaque element lies, ISO 52016-1 table B.13.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum MassPlace {
    /// Inside, class I.
    Inside,
    /// Outside, class E.
    Outside,
    /// Half inside, half outside, class IE.
    Both,
    /// All through, class D.
    Distributed,
    /// In the middle, class M.
    Middle,
}

/// A layer of a construction.
#[derive(Debug, Clone, PartialEq)]
pub struct MaterialLayer {
    /// Name of the material.
    pub material: String,
    /// Thickness (m).
    pub thickness: f64,
    /// Thermal conductivity (W/mK).
    pub conductivity: f64,
    /// Density (kg/m³).
    pub density: f64,
    /// Specific heat capacity (J/kgK).
    pub specific_heat: f64,
}

/// Windows of an archetype.
#[derive(Debug, Clone, PartialEq)]
pub struct WindowKind {
    /// Thermal transmittance with frame (W/m²K).
    pub u: f64,
    /// Solar heat gain coefficient of the glass at normal incidence (g-value).
    pub g: f64,
    /// Share of frames.
    pub frame_share: f64,
}

/// How buildings of one use are used.
#[derive(Debug, Clone, PartialEq)]
pub struct UsageProfile {
    /// The use.
    pub usage: Usage,
    /// Heating setpoint (°C).
    pub heating_setpoint: f64,
    /// Heating setpoint at night or when nobody is there (°C); the setpoint itself without setback.
    pub heating_setback: f64,
    /// Cooling setpoint (°C).
    pub cooling_setpoint: f64,
    /// Cooling setpoint when nobody is there (°C).
    pub cooling_setback: f64,
    /// Largest heat of people per conditioned floor area (W/m²).
    pub occupant_gains: f64,
    /// Largest heat of appliances and light per conditioned floor area (W/m²), which is also their electricity.
    pub appliance_gains: f64,
    /// Change of air by ventilation and windows while people are there (1/h).
    pub ventilation: f64,
    /// Need of hot water (kWh/m² a).
    pub hot_water: f64,
    /// Factors of each hour of a weekday, a Saturday and a Sunday.
    pub days: [DayProfile; 3],
    /// Factor of gains and hot water in each month.
    pub months: [f64; 12],
    /// Where its numbers come from.
    pub source: String,
}

/// Factors of each hour of a day, in civil time.
#[derive(Debug, Clone, PartialEq)]
pub struct DayProfile {
    /// People, as a share of the largest.
    pub occupants: [f64; 24],
    /// Appliances and light, as a share of the largest.
    pub appliances: [f64; 24],
    /// Ventilation, as a factor.
    pub ventilation: [f64; 24],
    /// Heating between setback (0) and setpoint (1), −1 for off.
    pub heating: [f64; 24],
    /// Cooling between setback (0) and setpoint (1), −1 for off.
    pub cooling: [f64; 24],
    /// Hot water, as a share of the day's; all 0 on days without any.
    pub hot_water: [f64; 24],
}

impl MassPlace {
    /// All of them.
    pub const ALL: [MassPlace; 5] =
        [MassPlace::Inside, MassPlace::Outside, MassPlace::Both, MassPlace::Distributed, MassPlace::Middle];

    /// Name in tables: I, E, IE, D, M as ISO 52016-1 has it.
    pub fn name(self) -> &'static str {
        match self {
            MassPlace::Inside => "I",
            MassPlace::Outside => "E",
            MassPlace::Both => "IE",
            MassPlace::Distributed => "D",
            MassPlace::Middle => "M",
        }
    }
}
