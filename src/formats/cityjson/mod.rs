//! City models in CityJSON 1.0, 1.1 and 2.0, as one document or as a sequence of features.
//!
//! Source: CityJSON specifications 1.0.3, 1.1.3 and 2.0.1 (Ledoux et al., <https://www.cityjson.org/specs/>).

mod crs;
mod document;
mod geometry;
mod nesting;
mod notes;
mod objects;
mod semantics;
mod sequence;
#[cfg(test)]
mod tests;

pub use crs::horizontal;
use serde::de::IgnoredAny;
use serde_json::Value;

use self::document::{Document, Transform};
use self::objects::{Batch, Collected};
use super::Source;
use super::city::CityModel;
use super::text;
use crate::error::{Error, Problem, Warning};

/// Reads the buildings of a city model.
///
/// Each object is read with the geometry of level of detail `lod`, else with its highest; level 0 is left out. A
/// building that cannot be used is named in a warning and left out. A name that ends in `.jsonl` is a sequence, as is
/// a file whose first line is a document followed by others; `.gz` may follow.
///
/// # Errors
/// The file is no CityJSON, of another version, or damaged as a whole; or none of its objects can be used.
pub fn read_cityjson(source: Source<'_>, lod: Option<&str>) -> Result<(CityModel, Vec<Warning>), Error> {
    let mut collected = Collected::new(lod);
    let in_file = |problem: Problem| Error::from(problem.in_file(source.file));
    let header = if is_named_sequence(source) {
        sequence::read(source, &mut collected).map_err(in_file)?
    } else {
        let bytes = text::whole(source).map_err(in_file)?;
        if starts_sequence(&bytes) {
            sequence::read(source, &mut collected).map_err(in_file)?
        } else {
            read_document(&bytes, &mut collected).map_err(in_file)?
        }
    };
    let warnings = collected.notes.into_warnings();
    if collected.objects.is_empty() {
        let problem = Problem::new("the file has no building with a geometry that can be used");
        return Err(in_file(match warnings.first() {
            Some(warning) => problem.hint(format!("found: {}", warning.message)),
            None => problem.hint("it may hold other things than buildings, or footprints alone"),
        }));
    }
    Ok((CityModel { crs: header.crs, objects: collected.objects }, warnings))
}

/// What a file says of all its objects.
struct Header {
    crs: Option<String>,
    transform: Transform,
}

impl Header {
    fn of(document: &Document<'_>) -> Result<Self, Problem> {
        document.check_header()?;
        let named = document.metadata.as_ref().and_then(|metadata| metadata.reference_system.as_ref());
        let crs = match named {
            None | Some(Value::Null) => None,
            Some(Value::String(spelling)) => horizontal(spelling),
            Some(other) => {
                let found = notes::quoted(&other.to_string());
                return Err(Problem::new(format!("expected a text, found {found}")).of_key("metadata.referenceSystem"));
            }
        };
        Ok(Header { crs, transform: document.transform.map_or(Ok(Transform::default()), Transform::check)? })
    }
}

fn read_document(bytes: &[u8], collected: &mut Collected<'_>) -> Result<Header, Problem> {
    let text = std::str::from_utf8(bytes)
        .map_err(|error| Problem::new("the file is not in UTF-8").at_line(line_at(bytes, error.valid_up_to())))?;
    if text.trim_ascii().is_empty() {
        return Err(Problem::new("the file is empty"));
    }
    let document: Document<'_> = serde_json::from_str(text).map_err(|error| malformed(&error).at_line(error.line()))?;
    let header = Header::of(&document)?;
    let batch = Batch { texts: &document.objects, vertices: &document.vertices, transform: header.transform };
    collected.add(&batch, |part| {
        let offset = (part.as_ptr() as usize).saturating_sub(text.as_ptr() as usize);
        line_at(bytes, offset)
    });
    Ok(header)
}

fn malformed(error: &serde_json::Error) -> Problem {
    Problem::new(format!("no CityJSON as expected: {error}"))
}

/// The 1-based line of an offset.
fn line_at(bytes: &[u8], offset: usize) -> usize {
    1 + bytes.iter().take(offset).filter(|byte| **byte == b'\n').count()
}

fn is_named_sequence(source: Source<'_>) -> bool {
    let name = source.file.file_name().map(|name| name.to_string_lossy().to_lowercase()).unwrap_or_default();
    name.strip_suffix(".gz").unwrap_or(&name).ends_with(".jsonl")
}

/// Whether the first line is a whole document and others follow.
fn starts_sequence(bytes: &[u8]) -> bool {
    let Some(end) = bytes.iter().position(|byte| *byte == b'\n') else { return false };
    let (first, rest) = bytes.split_at(end);
    !rest.trim_ascii().is_empty()
        && first.trim_ascii().ends_with(b"}")
        && serde_json::from_slice::<IgnoredAny>(first).is_ok()
}
