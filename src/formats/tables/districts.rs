//! Districts as GeoJSON polygons (RFC 7946) in the network's own coordinates.

use serde_json::Value;

use crate::error::{Error, Problem, Warning};
use crate::formats::Source;
use crate::formats::findings::Findings;
use crate::formats::text::{shown, whole};

/// Properties that may hold the name of a district; the first that is there counts.
const NAME_PROPERTIES: [&str; 3] = ["name", "district", "id"];

/// A closed line: the last position is the first.
pub type Ring = Vec<[f64; 2]>;

/// A named area.
#[derive(Debug, Clone, PartialEq)]
pub struct District {
    /// Its name, unique.
    pub name: String,
    /// Its polygons, each an outer ring and the rings of its holes.
    pub polygons: Vec<Vec<Ring>>,
}

impl District {
    /// Whether a point lies in the district, by the even-odd rule over all rings of a polygon.
    ///
    /// A point on an edge belongs to the area above or to the right of it. Of areas that share an edge, corner for corner,
    /// exactly one has the points on it: both compute the same numbers for it, whichever way around they write it.
    pub fn contains(&self, point: [f64; 2]) -> bool {
        let crosses = |ring: &Ring| ring.windows(2).filter(|edge| is_left_of([edge[0], edge[1]], point)).count();
        self.polygons.iter().any(|rings| rings.iter().map(crosses).sum::<usize>() % 2 == 1)
    }
}

/// Reads the polygons of a feature collection, named by `name`, else `district`, else `id`.
///
/// # Errors
/// The file is no GeoJSON of polygons, a ring is not closed or too short, or a name is missing or there twice.
pub fn read_districts(source: Source<'_>) -> Result<(Vec<District>, Vec<Warning>), Error> {
    let mut findings = Findings::new(source.file);
    let read = features(source).map(|features| {
        let mut districts: Vec<(District, usize)> = Vec::new();
        for (place, feature) in features.iter().enumerate() {
            let record = place + 1;
            match district(feature) {
                Ok(district) => districts.push((district, record)),
                Err(problem) => findings.at_record("feature", record, || problem),
            }
        }
        let mut names: Vec<(&str, usize)> =
            districts.iter().map(|(district, record)| (district.name.as_str(), *record)).collect();
        names.sort_unstable();
        for pair in names.windows(2).filter(|pair| pair[0].0 == pair[1].0) {
            findings.at_record("repeated name", pair[1].1, || {
                Problem::new(format!("district \"{}\" stands here and in record {}", pair[1].0, pair[0].1))
                    .hint("give the parts of a district as one MultiPolygon")
            });
        }
        districts.into_iter().map(|(district, _)| district).collect()
    });
    Ok((findings.conclude(read)?, Vec::new()))
}

/// Whether an edge crosses the ray from the point to negative x: half open in y, ends ordered so that direction is no matter.
fn is_left_of([one, other]: [[f64; 2]; 2], [x, y]: [f64; 2]) -> bool {
    let [lower, upper] = if one[1] <= other[1] { [one, other] } else { [other, one] };
    if !(lower[1] <= y && y < upper[1]) {
        return false;
    }
    lower[0] + (y - lower[1]) / (upper[1] - lower[1]) * (upper[0] - lower[0]) <= x
}

fn features(source: Source<'_>) -> Result<Vec<Value>, Problem> {
    let text = whole(source)?;
    let document: Value = serde_json::from_slice(&text)
        .map_err(|error| Problem::new(format!("this is not JSON: {error}")).at_line(error.line().max(1)))?;
    match document {
        Value::Object(mut members) => match members.remove("features") {
            Some(Value::Array(features)) if !features.is_empty() => Ok(features),
            Some(Value::Array(_)) => Err(Problem::new("there are no features").of_key("features")),
            _ => Err(Problem::new("expected a GeoJSON FeatureCollection").of_key("features")),
        },
        _ => Err(Problem::new("expected a GeoJSON FeatureCollection")),
    }
}

fn district(feature: &Value) -> Result<District, Problem> {
    let property = |key: &str| match feature.get("properties").and_then(|properties| properties.get(key)) {
        Some(Value::String(name)) if !name.trim().is_empty() => Some(name.trim().to_owned()),
        Some(Value::Number(number)) => Some(number.to_string()),
        _ => None,
    };
    let name = NAME_PROPERTIES.into_iter().find_map(property).ok_or_else(|| {
        Problem::new("the district has no name").hint(format!("give it the property {}", NAME_PROPERTIES.join(", or ")))
    })?;
    let geometry = feature.get("geometry").unwrap_or(&Value::Null);
    let coordinates = geometry.get("coordinates").unwrap_or(&Value::Null);
    let polygons = match geometry.get("type").and_then(Value::as_str) {
        Some("Polygon") => vec![polygon(coordinates)?],
        Some("MultiPolygon") => list(coordinates)?.iter().map(polygon).collect::<Result<_, _>>()?,
        other => {
            let found = other.map_or_else(|| "nothing".to_owned(), |kind| shown(kind.as_bytes()));
            return Err(Problem::new(format!("expected a Polygon or MultiPolygon, found {found}")).of_key("geometry"));
        }
    };
    Ok(District { name, polygons })
}

fn polygon(rings: &Value) -> Result<Vec<Ring>, Problem> {
    let rings: Vec<Ring> = list(rings)?.iter().map(ring).collect::<Result<_, _>>()?;
    if rings.is_empty() {
        return Err(Problem::new("a polygon has no rings").of_key("coordinates"));
    }
    Ok(rings)
}

fn ring(positions: &Value) -> Result<Ring, Problem> {
    let ring: Ring = list(positions)?.iter().map(position).collect::<Result<_, _>>()?;
    if ring.len() < 4 {
        let message = format!("a ring has {} positions, expected at least 4", ring.len());
        return Err(Problem::new(message).of_key("coordinates"));
    }
    if ring.first() != ring.last() {
        return Err(Problem::new("a ring is not closed")
            .of_key("coordinates")
            .hint("repeat its first position at its end"));
    }
    Ok(ring)
}

fn position(value: &Value) -> Result<[f64; 2], Problem> {
    let numbers = list(value)?;
    match (numbers.first().and_then(Value::as_f64), numbers.get(1).and_then(Value::as_f64)) {
        (Some(x), Some(y)) if x.is_finite() && y.is_finite() => Ok([x, y]),
        _ => Err(Problem::new("a position is not two numbers").of_key("coordinates")),
    }
}

fn list(value: &Value) -> Result<&Vec<Value>, Problem> {
    value.as_array().ok_or_else(|| Problem::new("expected a list").of_key("coordinates"))
}
