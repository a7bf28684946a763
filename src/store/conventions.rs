//! What CF-1.11 and UGRID-1.0 want told about fields and files.

use super::crs::Crs;
use super::netcdf::AttributeValue;
use crate::field::{Dim, FieldSpec, Kind, MESHES};

/// Name of the variable that carries the coordinate reference system.
pub(super) const CRS_NAME: &str = "crs";
/// Conventions that every file follows.
const CONVENTIONS: &str = "CF-1.11, UGRID-1.0";
/// Attributes that hold a number, in the variable's own type.
const NUMBERS: [&str; 2] = ["start_index", "topology_dimension"];

/// What every file of a run says about itself.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct FileHeader {
    /// Title of the scenario.
    pub title: String,
    /// Coordinate reference system of node coordinates, for example `EPSG:28992`.
    pub crs: Option<String>,
}

impl FileHeader {
    /// Attributes of a file; `stage` wrote it.
    pub(super) fn attributes(&self, stage: &str) -> Vec<(String, AttributeValue)> {
        let engine = concat!("conurb ", env!("CARGO_PKG_VERSION"));
        [
            ("Conventions", CONVENTIONS.to_owned()),
            ("title", self.title.clone()),
            ("source", format!("{engine}, scenario simulation")),
            ("history", format!("written by {engine}, stage {stage}")),
        ]
        .map(|(name, value)| (name.to_owned(), AttributeValue::Text(value)))
        .to_vec()
    }
}

/// The fields that a file holds when it is complete, and how they refer to each other.
pub(super) struct References<'a> {
    /// Names of all fields of the file.
    pub names: Vec<&'a str>,
    /// The file.
    pub file: &'a str,
    /// Coordinate reference system, where one is known.
    pub crs: Option<&'a Crs>,
}

impl References<'_> {
    /// The mesh that a field lies on, if all that describes the mesh is in the file.
    pub fn mesh_of(&self, spec: &FieldSpec) -> Option<&'static FieldSpec> {
        let name = attribute(spec, "mesh")?;
        let mesh = MESHES.iter().find(|mesh| mesh.name == name && mesh.file == self.file)?;
        let described_by = ["node_coordinates", "edge_node_connectivity"];
        let complete = described_by.iter().filter_map(|key| attribute(mesh, key)).all(|names| self.has_all(names));
        complete.then_some(mesh)
    }

    /// All attributes of a field's variable.
    pub fn attributes(&self, spec: &FieldSpec) -> Vec<(String, AttributeValue)> {
        let mut all = vec![("long_name".to_owned(), AttributeValue::Text(spec.long_name.to_owned()))];
        if let Some(unit) = spec.unit {
            all.push(("units".to_owned(), AttributeValue::Text(unit.to_owned())));
        }
        if spec.kind == Kind::Text {
            all.push(("_Encoding".to_owned(), AttributeValue::Text("utf-8".to_owned())));
        }
        let mesh = self.mesh_of(spec);
        for &(name, value) in spec.attributes {
            match name {
                "mesh" | "location" if mesh.is_none() => {}
                "coordinates" if !self.has_all(value) => {}
                "flag_meanings" => {
                    let n_flags = value.split_whitespace().count() as i64;
                    all.push(("flag_values".to_owned(), in_type(spec.kind, &(0..n_flags).collect::<Vec<_>>())));
                    all.push((name.to_owned(), AttributeValue::Text(value.to_owned())));
                }
                _ => all.push((name.to_owned(), typed(spec.kind, name, value))),
            }
        }
        if (mesh.is_some() || is_on_raster(spec)) && self.crs.is_some_and(Crs::is_grid_mapping) {
            all.push(("grid_mapping".to_owned(), AttributeValue::Text(CRS_NAME.to_owned())));
        }
        if let (Some(mesh), Some(crs)) = (mesh, self.crs) {
            let axis = attribute(mesh, "node_coordinates")
                .and_then(|names| names.split_whitespace().position(|name| name == spec.name));
            let (standard_name, unit) = axis.map_or((None, None), |axis| {
                let (name, unit) = crs.coordinate(axis);
                (Some(name), unit)
            });
            let told = [("standard_name", standard_name), ("units", unit)];
            for (name, value) in told.into_iter().filter_map(|(name, value)| Some((name, value?))) {
                all.push((name.to_owned(), AttributeValue::Text(value.to_owned())));
            }
        }
        all
    }

    fn has_all(&self, names: &str) -> bool {
        names.split_whitespace().all(|name| self.names.contains(&name))
    }
}

/// Whether a field has a value for each cell of a raster.
pub(super) fn is_on_raster(spec: &FieldSpec) -> bool {
    spec.dims.ends_with(&[Dim::Y, Dim::X])
}

/// Whether a field may hold NaN, for values that nobody can know, such as the cost to a place without a path.
pub(super) fn may_be_missing(spec: &FieldSpec) -> bool {
    attribute(spec, "_FillValue").is_some()
}

fn attribute(spec: &FieldSpec, name: &str) -> Option<&'static str> {
    spec.attributes.iter().find(|(known, _)| *known == name).map(|(_, value)| *value)
}

fn typed(kind: Kind, name: &str, value: &str) -> AttributeValue {
    match (name, kind) {
        ("_FillValue", Kind::F64) => AttributeValue::F64(vec![f64::NAN]),
        ("_FillValue", Kind::F32) => AttributeValue::F32(vec![f32::NAN]),
        ("scale_factor", _) => AttributeValue::F64(vec![value.parse().expect("scale factors are numbers")]),
        _ => match value.parse::<i64>() {
            Ok(number) if NUMBERS.contains(&name) => in_type(kind, &[number]),
            _ => AttributeValue::Text(value.to_owned()),
        },
    }
}

fn in_type(kind: Kind, numbers: &[i64]) -> AttributeValue {
    match kind {
        Kind::F64 => AttributeValue::F64(numbers.iter().map(|&number| number as f64).collect()),
        Kind::F32 => AttributeValue::F32(numbers.iter().map(|&number| number as f32).collect()),
        Kind::I64 => AttributeValue::I64(numbers.to_vec()),
        Kind::I32 | Kind::U8 | Kind::Text => AttributeValue::I32(numbers.iter().map(|&number| number as i32).collect()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::field::{solar, traffic};

    fn value(found: &[(String, AttributeValue)], name: &str) -> Option<AttributeValue> {
        found.iter().find(|(known, _)| known == name).map(|(_, value)| value.clone())
    }

    fn text(value: &str) -> Option<AttributeValue> {
        Some(AttributeValue::Text(value.to_owned()))
    }

    #[test]
    fn a_mesh_is_named_only_where_it_is_described() {
        let crs = Crs::new("EPSG:32631");
        let all = vec!["link_id", "link_nodes", "node_x", "node_y"];
        let full = References { names: all.clone(), file: "traffic.nc", crs: Some(&crs) };
        let found = full.attributes(&traffic::LINK_LENGTH);
        assert_eq!(value(&found, "mesh"), text("road"));
        assert_eq!(value(&found, "grid_mapping"), text("crs"));
        assert_eq!(value(&full.attributes(&traffic::NODE_X), "standard_name"), text("projection_x_coordinate"));
        assert_eq!(value(&full.attributes(&traffic::NODE_Y), "units"), text("m"));
        let bare = References { names: all[..2].to_vec(), file: "traffic.nc", crs: Some(&crs) };
        let found = bare.attributes(&traffic::LINK_LENGTH);
        assert_eq!(value(&found, "mesh"), None);
        assert_eq!(value(&found, "location"), None);
        assert_eq!(value(&found, "coordinates"), text("link_id"));
    }

    #[test]
    fn rasters_name_their_reference_system() {
        let crs = Crs::new("EPSG:32631");
        let references = References { names: vec!["x", "y"], file: "solar.nc", crs: Some(&crs) };
        assert_eq!(value(&references.attributes(&solar::CELL_HEIGHT), "grid_mapping"), text("crs"));
        assert_eq!(value(&references.attributes(&solar::SURFACE_TILT), "grid_mapping"), None);
    }

    #[test]
    fn attributes_that_are_numbers_have_the_type_of_the_variable() {
        let references = References { names: vec![], file: "traffic.nc", crs: None };
        let found = references.attributes(&traffic::LINK_CLOSED);
        assert_eq!(value(&found, "flag_values"), Some(AttributeValue::I32(vec![0, 1])));
        let found = references.attributes(&traffic::LINK_NODES);
        assert_eq!(value(&found, "start_index"), Some(AttributeValue::I32(vec![0])));
        let Some(AttributeValue::F64(fill)) = value(&references.attributes(&traffic::SKIM_COST), "_FillValue") else {
            panic!("a skim has a fill value")
        };
        assert!(fill[0].is_nan());
    }
}
