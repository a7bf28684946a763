//! The parts of a document as JSON has them.

use std::borrow::Cow;

use serde::Deserialize;
use serde::de::{Deserializer, MapAccess, Visitor};
use serde_json::Value;
use serde_json::value::RawValue;

use super::nesting::Nesting;
use crate::error::Problem;

/// A document of one value, the first record of a sequence, or a feature of one.
#[derive(Deserialize)]
pub(super) struct Document<'a> {
    #[serde(rename = "type", borrow)]
    pub(super) kind: Option<Cow<'a, str>>,
    pub(super) version: Option<Value>,
    pub(super) transform: Option<Transform>,
    pub(super) metadata: Option<Metadata>,
    #[serde(rename = "CityObjects", borrow, default)]
    pub(super) objects: ObjectTexts<'a>,
    #[serde(default)]
    pub(super) vertices: Vec<[f64; 3]>,
}

/// How integer vertices become coordinates: x = scale · v + translate.
#[derive(Debug, Clone, Copy, Deserialize)]
pub(super) struct Transform {
    pub(super) scale: [f64; 3],
    pub(super) translate: [f64; 3],
}

/// What is used of the metadata.
#[derive(Deserialize)]
pub(super) struct Metadata {
    #[serde(rename = "referenceSystem")]
    pub(super) reference_system: Option<Value>,
}

/// The objects by id, in the order of the file and still as text, so that a damaged one does not spoil the rest.
#[derive(Default)]
pub(super) struct ObjectTexts<'a>(pub(super) Vec<(Cow<'a, str>, &'a RawValue)>);

/// An object, its larger parts still as text.
#[derive(Deserialize)]
pub(super) struct Head<'a> {
    #[serde(rename = "type", borrow)]
    pub(super) kind: Cow<'a, str>,
    #[serde(borrow, default)]
    pub(super) parents: Option<Vec<Cow<'a, str>>>,
    #[serde(borrow, default)]
    pub(super) children: Option<Vec<Cow<'a, str>>>,
    #[serde(borrow)]
    pub(super) attributes: Option<&'a RawValue>,
    #[serde(borrow)]
    pub(super) geometry: Option<&'a RawValue>,
}

/// A geometry of an object.
#[derive(Deserialize)]
pub(super) struct Geometry<'a> {
    #[serde(rename = "type", borrow)]
    pub(super) kind: Cow<'a, str>,
    pub(super) lod: Option<Value>,
    pub(super) boundaries: Option<Nesting>,
    #[serde(borrow)]
    pub(super) semantics: Option<Semantics<'a>>,
}

/// What the surfaces of a geometry are.
#[derive(Deserialize)]
pub(super) struct Semantics<'a> {
    #[serde(borrow, default)]
    pub(super) surfaces: Option<Vec<SemanticSurface<'a>>>,
    pub(super) values: Option<Nesting>,
}

/// One semantic surface.
#[derive(Deserialize)]
pub(super) struct SemanticSurface<'a> {
    #[serde(rename = "type", borrow)]
    pub(super) kind: Cow<'a, str>,
    pub(super) parent: Option<Value>,
}

impl Default for Transform {
    fn default() -> Self {
        Transform { scale: [1.0; 3], translate: [0.0; 3] }
    }
}

impl Transform {
    /// The coordinates of a vertex.
    pub(super) fn apply(&self, vertex: [f64; 3]) -> [f64; 3] {
        std::array::from_fn(|axis| self.scale[axis] * vertex[axis] + self.translate[axis])
    }
    /// Refuses a scale that maps everything to one plane.
    pub(super) fn check(self) -> Result<Self, Problem> {
        let is_usable = |value: f64| value.is_finite() && value != 0.0;
        if self.scale.iter().all(|&value| is_usable(value)) && self.translate.iter().all(|value| value.is_finite()) {
            return Ok(self);
        }
        Err(Problem::new(format!("expected three scales other than zero, found {:?}", self.scale))
            .of_key("transform.scale"))
    }
}

const VERSIONS: [&str; 3] = ["1.0", "1.1", "2.0"];

impl Document<'_> {
    /// Refuses what is not CityJSON, or of a version that is read differently.
    pub(super) fn check_header(&self) -> Result<(), Problem> {
        if self.kind.as_deref() != Some("CityJSON") {
            let found = self.kind.as_deref().map_or("nothing".to_owned(), super::notes::quoted);
            return Err(Problem::new(format!("expected \"CityJSON\", found {found}"))
                .of_key("type")
                .hint("city models are read from CityJSON files and CityJSON sequences"));
        }
        let version = match &self.version {
            Some(Value::String(version)) => version.clone(),
            Some(other) => other.to_string(),
            None => String::new(),
        };
        let is =
            |known: &&str| version.strip_prefix(*known).is_some_and(|rest| rest.is_empty() || rest.starts_with('.'));
        if VERSIONS.iter().any(is) {
            return Ok(());
        }
        Err(Problem::new(format!("expected {}, found {}", VERSIONS.join(", "), super::notes::quoted(&version)))
            .of_key("version")
            .hint("convert the file to CityJSON 2.0, for example with cjio"))
    }
}

impl<'de: 'a, 'a> Deserialize<'de> for ObjectTexts<'a> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_map(Entries)
    }
}

struct Entries;

impl<'de> Visitor<'de> for Entries {
    type Value = ObjectTexts<'de>;

    fn expecting(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        out.write_str("objects by id")
    }
    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
        let mut objects = Vec::new();
        while let Some((id, text)) = map.next_entry::<Text<'de>, &'de RawValue>()? {
            objects.push((id.0, text));
        }
        Ok(ObjectTexts(objects))
    }
}

/// A string that is borrowed wherever it has no escapes.
#[derive(Deserialize)]
struct Text<'a>(#[serde(borrow)] Cow<'a, str>);
