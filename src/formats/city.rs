//! Buildings of a city model, whatever file they come from.

/// Buildings in one reference system.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct CityModel {
    /// Horizontal reference system of the file, for example `EPSG:28992`; the horizontal part of a compound one.
    pub crs: Option<String>,
    /// What has a geometry, in the order of the file.
    pub objects: Vec<CityObject>,
}

/// A building, or a part of one that has its own geometry.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct CityObject {
    /// Its id in the file.
    pub id: String,
    /// Id of the building it is or belongs to.
    pub building: String,
    /// `Building`, `BuildingPart`, …
    pub kind: String,
    /// Level of detail of the geometry.
    pub lod: String,
    /// Attributes of the building, and of the part on top of them, as in the file.
    pub attributes: serde_json::Map<String, serde_json::Value>,
    /// Whether the geometry claims to be a closed solid.
    pub is_solid: bool,
    /// Its polygons.
    pub surfaces: Vec<CitySurface>,
}

/// A polygon in space.
#[derive(Debug, Clone, PartialEq)]
pub struct CitySurface {
    /// What it is.
    pub kind: SurfaceKind,
    /// The outer ring, then holes; vertices [x, y, z] in metres, none repeated at the end.
    pub rings: Vec<Vec<[f64; 3]>>,
}

/// What a surface of a building is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SurfaceKind {
    /// A roof.
    Roof,
    /// An outer wall.
    Wall,
    /// What the building stands on.
    Ground,
    /// Between rooms or buildings, not outside.
    Interior,
    /// The file does not say.
    Unknown,
}
