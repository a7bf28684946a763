//! What a scenario says of buildings.

use std::path::PathBuf;

use crate::buildings::Usage;

/// The `[buildings]` table.
#[derive(Debug, Clone, PartialEq)]
pub struct Buildings {
    /// CityJSON (`.json`) and CityJSONSeq (`.jsonl`) files; none where there is a table.
    pub cityjson: Vec<PathBuf>,
    /// Level of detail to take of objects that have several, for example `2.2`; else the highest.
    pub lod: Option<String>,
    /// Buildings as rows of a CSV, in place of city models.
    pub table: Option<PathBuf>,
    /// What they are made of; `[energy]` needs it.
    pub archetypes: Option<ArchetypeSource>,
    /// Folder with layers of constructions in the form of TEASER; archetypes have their own without it.
    pub layers: Option<PathBuf>,
    /// What attributes of city models are called.
    pub attributes: AttributeNames,
    /// Year of construction where nothing tells.
    pub default_year: i32,
    /// Use where nothing tells.
    pub default_use: Usage,
    /// Height of a storey where nothing tells, floor to floor (m).
    pub storey_height_m: f64,
}

impl Buildings {
    /// Whether they have surfaces, as those of city models do and those of a table do not.
    pub fn have_surfaces(&self) -> bool {
        !self.cityjson.is_empty()
    }
}

/// Where archetypes come from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ArchetypeSource {
    /// The project's own table of a country: `TABULA_NL`, `TABULA_DE`.
    Country(Country),
    /// A CSV in the form of the project's own tables.
    Table(PathBuf),
    /// A folder with TABULA parameter tables, and the country to take from it.
    Tabula {
        /// The folder.
        folder: PathBuf,
        /// Country code of the rows.
        country: String,
    },
}

/// Countries with a table of archetypes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Country {
    /// Germany.
    Germany,
    /// The Netherlands.
    Netherlands,
}

impl Country {
    /// All of them.
    pub const ALL: [Country; 2] = [Country::Germany, Country::Netherlands];

    /// Name of its table in a scenario file.
    pub fn name(self) -> &'static str {
        match self {
            Country::Germany => "TABULA_DE",
            Country::Netherlands => "TABULA_NL",
        }
    }
}

/// The `[buildings.attributes]` table: what attributes of the city model are called.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct AttributeNames {
    /// Id to report instead of the object's.
    pub id: Option<String>,
    /// Year of construction.
    pub year: Option<String>,
    /// What the building is used for.
    pub usage: Option<String>,
    /// Number of storeys.
    pub storeys: Option<String>,
    /// What values of the use attribute mean, as (value, use).
    pub usages: Vec<(String, Usage)>,
}
