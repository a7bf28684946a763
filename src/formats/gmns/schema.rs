//! Tables of the specification that are written, with all their columns (version 0.96), and the columns added to them.

use serde_json::{Map, Value};

/// A column of a table.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Column {
    /// Its name.
    pub(super) name: &'static str,
    /// Its type in the terms of Table Schema.
    kind: &'static str,
    required: bool,
    minimum: Option<f64>,
    maximum: Option<f64>,
    about: &'static str,
}

impl Column {
    const fn of(name: &'static str, kind: &'static str) -> Self {
        Column { name, kind, required: false, minimum: None, maximum: None, about: "" }
    }
    const fn needed(self) -> Self {
        Column { required: true, ..self }
    }
    const fn from(self, minimum: f64) -> Self {
        Column { minimum: Some(minimum), ..self }
    }
    const fn to(self, maximum: f64) -> Self {
        Column { maximum: Some(maximum), ..self }
    }
    const fn about(self, about: &'static str) -> Self {
        Column { about, ..self }
    }

    /// The column in the terms of Table Schema.
    pub(super) fn field(&self) -> Value {
        let mut constraints = Map::new();
        if self.required {
            constraints.insert("required".to_owned(), true.into());
        }
        for (key, bound) in [("minimum", self.minimum), ("maximum", self.maximum)] {
            if let Some(bound) = bound {
                constraints.insert(key.to_owned(), bound.into());
            }
        }
        let mut field = Map::new();
        field.insert("name".to_owned(), self.name.into());
        field.insert("type".to_owned(), self.kind.into());
        if !self.about.is_empty() {
            field.insert("description".to_owned(), self.about.into());
        }
        if !constraints.is_empty() {
            field.insert("constraints".to_owned(), constraints.into());
        }
        field.into()
    }
}

/// Version of the specification that is written.
pub(super) const VERSION: &str = "0.96";
/// Largest `free_speed` that the specification allows.
pub(super) const MOST_SPEED: f64 = 200.0;

/// Columns of `config.csv`.
pub(super) const CONFIG: &[Column] = &[
    Column::of("dataset_name", "any"),
    Column::of("short_length", "any"),
    Column::of("long_length", "any").about("unit of link lengths"),
    Column::of("speed", "any"),
    Column::of("crs", "any"),
    Column::of("geometry_field_format", "any"),
    Column::of("currency", "any"),
    Column::of("version_number", "number").about("version of the specification"),
    Column::of("id_type", "string"),
];

/// Columns of `node.csv`.
pub(super) const NODE: &[Column] = &[
    Column::of("node_id", "any").needed(),
    Column::of("name", "string"),
    Column::of("x_coord", "number").needed(),
    Column::of("y_coord", "number").needed(),
    Column::of("z_coord", "number"),
    Column::of("node_type", "string"),
    Column::of("ctrl_type", "string"),
    Column::of("zone_id", "any"),
    Column::of("parent_node_id", "any"),
];

/// Columns of `zone.csv`.
pub(super) const ZONE: &[Column] = &[
    Column::of("zone_id", "any").needed(),
    Column::of("name", "string"),
    Column::of("boundary", "any"),
    Column::of("super_zone", "string"),
];

/// Columns of `link.csv`, then the three that are not of the specification.
pub(super) const LINK: &[Column] = &[
    Column::of("link_id", "any").needed(),
    Column::of("name", "string"),
    Column::of("from_node_id", "any").needed(),
    Column::of("to_node_id", "any").needed(),
    Column::of("directed", "boolean").needed(),
    Column::of("geometry_id", "any"),
    Column::of("geometry", "any"),
    Column::of("parent_link_id", "any"),
    Column::of("dir_flag", "integer"),
    Column::of("length", "number").from(0.0),
    Column::of("grade", "number").from(-100.0).to(100.0),
    Column::of("facility_type", "string"),
    Column::of("capacity", "number").from(0.0).about("of the whole link, in passenger cars per hour; so lanes is 1"),
    Column::of("free_speed", "number").from(0.0).to(MOST_SPEED).about("empty where it is beyond what is allowed"),
    Column::of("lanes", "integer").from(0.0).about("always 1, see capacity"),
    Column::of("bike_facility", "string"),
    Column::of("ped_facility", "string"),
    Column::of("parking", "string"),
    Column::of("allowed_uses", "string"),
    Column::of("toll", "number"),
    Column::of("jurisdiction", "string"),
    Column::of("row_width", "number").from(0.0),
    Column::of("link_type", "integer").about("not of GMNS: link type of the source network"),
    Column::of("vdf_alpha", "number").from(0.0).about("not of GMNS: 0 where time does not depend on volume"),
    Column::of("free_flow_time_s", "number")
        .from(0.0)
        .about("not of GMNS: travel time of the empty link, with all its digits"),
];

/// Columns of `movement.csv`.
pub(super) const MOVEMENT: &[Column] = &[
    Column::of("mvmt_id", "any").needed(),
    Column::of("node_id", "any").needed(),
    Column::of("name", "string"),
    Column::of("ib_link_id", "any").needed(),
    Column::of("start_ib_lane", "integer"),
    Column::of("end_ib_lane", "integer"),
    Column::of("ob_link_id", "any").needed(),
    Column::of("start_ob_lane", "integer"),
    Column::of("end_ob_lane", "integer"),
    Column::of("type", "string")
        .needed()
        .about("by the directions of the links; straight on is less than 30 degrees off"),
    Column::of("penalty", "number").about("seconds"),
    Column::of("capacity", "number"),
    Column::of("ctrl_type", "string"),
    Column::of("mvmt_code", "string"),
    Column::of("allowed_uses", "string"),
    Column::of("geometry", "any"),
];
