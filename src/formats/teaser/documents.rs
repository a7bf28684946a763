//! What the JSON files hold.

use std::collections::BTreeMap;

use serde::Deserialize;
use serde::de::DeserializeOwned;

use super::super::Source;
use super::super::text::whole;
use crate::error::Problem;

/// A material of `MaterialTemplates`.
#[derive(Debug, Deserialize)]
pub(super) struct Material {
    #[serde(default)]
    pub(super) name: String,
    pub(super) density: f64,
    pub(super) thermal_conduc: f64,
    pub(super) heat_capac: f64,
}

/// An element of `TypeElements`.
#[derive(Debug, Deserialize)]
pub(super) struct Element {
    pub(super) building_age_group: [i64; 2],
    pub(super) construction_data: String,
    #[serde(default)]
    pub(super) layer: BTreeMap<String, Layer>,
}

/// A layer of an element; its key counts from the room outwards.
#[derive(Debug, Deserialize)]
pub(super) struct Layer {
    pub(super) thickness: f64,
    pub(super) material: MaterialName,
}

#[derive(Debug, Deserialize)]
pub(super) struct MaterialName {
    pub(super) material_id: String,
}

/// The entries of a file by name, but for its version.
pub(super) fn entries<T: DeserializeOwned>(
    source: Source<'_>,
    mut is_wanted: impl FnMut(&str) -> bool,
) -> Result<Vec<(String, T)>, Problem> {
    let text = whole(source)?;
    let all: serde_json::Map<String, serde_json::Value> = serde_json::from_slice(&text)
        .map_err(|error| Problem::new(format!("the file is no JSON object: {error}")).at_line(error.line()))?;
    let wanted = all.into_iter().filter(|(name, _)| name != "version" && is_wanted(name));
    wanted
        .map(|(name, value)| match serde_json::from_value(value) {
            Ok(value) => Ok((name, value)),
            Err(error) => Err(Problem::new(format!("the entry is of another form: {error}")).of_key(name)),
        })
        .collect()
}
