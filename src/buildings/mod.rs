//! Buildings as heat sees them, whatever file they come from: how large, which way they face, how old, what for.
//!
//! They come from a city model ([`from_city`]), from a table ([`from_table`]) or from a generator ([`synthetic`]); what is
//! taken and assumed is told in `docs/numerics/buildings.md`.

mod attributes;
mod codes;
mod from_city;
mod from_table;
mod groups;
mod notes;
mod shadows;
mod shape;
mod size;
mod synthetic;
#[cfg(test)]
mod tests;

pub use codes::usage_of;
pub use from_city::{CityBuildings, from_city};
pub use from_table::from_table;
pub use shadows::{FaceShadow, SurfaceShadow, face_shadow};
pub use size::size_class;
pub(crate) use synthetic::random;
pub use synthetic::{synthetic, synthetic_shadows};

/// Conditioned floor area per gross floor area while no archetype tells: that of the City Energy Analyst's German stock.
pub const NET_FLOOR_SHARE: f64 = 0.85;
/// Years of construction outside of this are no years.
pub const PLAUSIBLE_YEARS: std::ops::RangeInclusive<i32> = 1000..=2100;

/// What is taken where the input does not tell.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct BuildingDefaults {
    /// Year of construction.
    pub year: i32,
    /// What buildings are used for.
    pub usage: Usage,
    /// Height of a storey, floor to floor (m); above zero.
    pub storey_height: f64,
}

/// A building of a city model or of a table.
#[derive(Debug, Clone, PartialEq)]
pub struct Building {
    /// Id in the file.
    pub id: String,
    /// Faces that are outside: walls and roofs, those of one kind that look the same way together.
    pub faces: Vec<Face>,
    /// Area that lies on the ground (m²).
    pub ground_area: f64,
    /// Area of walls shared with neighbours (m²).
    pub party_area: f64,
    /// Volume with walls and ceilings (m³).
    pub volume: f64,
    /// Number of full storeys.
    pub storeys: Known<f64>,
    /// Conditioned floor area (m²).
    pub floor_area: Known<f64>,
    /// Year of construction.
    pub year: Known<i32>,
    /// What it is used for.
    pub usage: Known<Usage>,
    /// Its size class.
    pub size_class: Known<SizeClass>,
    /// Who lives there, where the input tells.
    pub households: Option<Households>,
}

/// Households of a building.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Households {
    /// How many.
    pub count: f64,
    /// Income of each in a year, in the currency of the run.
    pub income: f64,
}

/// Walls or roofs of a building that look the same way.
#[derive(Debug, Clone, PartialEq)]
pub struct Face {
    /// Wall or roof.
    pub kind: FaceKind,
    /// Outward unit normal (east, north, up), of true north.
    pub normal: [f64; 3],
    /// Area that is outside, windows included (m²).
    pub area: f64,
    /// Area of windows with frames where it is known; else archetypes say.
    pub window_area: Option<f64>,
    /// Surfaces of the city model that it is made of, with their outside areas (m²); empty for buildings of a table.
    pub surfaces: Vec<(usize, f64)>,
}

/// Wall or roof.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FaceKind {
    /// A wall.
    Wall,
    /// A roof.
    Roof,
}

/// A value and where it comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Known<T> {
    /// The value.
    pub value: T,
    /// Where it comes from.
    pub quality: Quality,
}

/// Where a value comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Quality {
    /// The input says so.
    Measured,
    /// Computed from what the input says, for example storeys from a height.
    Estimated,
    /// Nothing in the input tells: the scenario's default.
    Default,
}

/// What a building is used for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Usage {
    /// Dwellings.
    Residential,
    /// Offices and administration.
    Office,
    /// Schools and universities.
    School,
    /// Shops.
    Retail,
    /// Hotels and restaurants.
    Hotel,
    /// Hospitals and care.
    Hospital,
    /// Workshops, factories and halls.
    Industrial,
    /// Sheds, garages and greenhouses: neither heated nor cooled.
    Unheated,
}

/// Size class of residential buildings after TABULA (Loga et al. 2016, doi:10.1016/j.enbuild.2016.06.094).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum SizeClass {
    /// Single-family house.
    SingleFamily,
    /// Terraced house.
    Terraced,
    /// Multi-family house.
    MultiFamily,
    /// Apartment block.
    ApartmentBlock,
}

impl Building {
    /// Conditioned floor area, with `net_floor_share` of the gross one unless the input states it (m²).
    pub fn conditioned_floor_area(&self, net_floor_share: f64) -> f64 {
        match self.floor_area.quality {
            Quality::Measured => self.floor_area.value,
            Quality::Estimated | Quality::Default => self.floor_area.value / NET_FLOOR_SHARE * net_floor_share,
        }
    }
}

impl<T> Known<T> {
    /// A value that the input states.
    pub fn measured(value: T) -> Self {
        Known { value, quality: Quality::Measured }
    }
    /// A value computed from what the input states.
    pub fn estimated(value: T) -> Self {
        Known { value, quality: Quality::Estimated }
    }
    /// A default.
    pub fn default_of(value: T) -> Self {
        Known { value, quality: Quality::Default }
    }
}

impl Usage {
    /// All of them.
    pub const ALL: [Usage; 8] = [
        Usage::Residential,
        Usage::Office,
        Usage::School,
        Usage::Retail,
        Usage::Hotel,
        Usage::Hospital,
        Usage::Industrial,
        Usage::Unheated,
    ];

    /// Name in scenario files, tables and results.
    pub fn name(self) -> &'static str {
        match self {
            Usage::Residential => "residential",
            Usage::Office => "office",
            Usage::School => "school",
            Usage::Retail => "retail",
            Usage::Hotel => "hotel",
            Usage::Hospital => "hospital",
            Usage::Industrial => "industrial",
            Usage::Unheated => "unheated",
        }
    }
}

impl SizeClass {
    /// All of them.
    pub const ALL: [SizeClass; 4] =
        [SizeClass::SingleFamily, SizeClass::Terraced, SizeClass::MultiFamily, SizeClass::ApartmentBlock];

    /// Short name in tables: SFH, TH, MFH, AB.
    pub fn name(self) -> &'static str {
        match self {
            SizeClass::SingleFamily => "SFH",
            SizeClass::Terraced => "TH",
            SizeClass::MultiFamily => "MFH",
            SizeClass::ApartmentBlock => "AB",
        }
    }
}

impl Quality {
    /// All of them.
    pub const ALL: [Quality; 3] = [Quality::Measured, Quality::Estimated, Quality::Default];

    /// Name in results.
    pub fn name(self) -> &'static str {
        match self {
            Quality::Measured => "measured",
            Quality::Estimated => "estimated",
            Quality::Default => "default",
        }
    }
}
