//! CityJSON sequences: a record a line, the first with the metadata, the others a feature each with its own vertices.

use super::document::{Document, Transform};
use super::notes::quoted;
use super::objects::{Batch, Collected};
use super::{Header, malformed};
use crate::error::Problem;
use crate::formats::Source;
use crate::formats::text::Lines;

/// Reads a sequence; features that cannot be read are noted and left out.
pub(super) fn read(source: Source<'_>, collected: &mut Collected<'_>) -> Result<Header, Problem> {
    let mut lines = Lines::open(source)?;
    let header = first_record(&mut lines, collected)?;
    while let Some((number, line)) = lines.next()? {
        if line.trim_ascii().is_empty() {
            continue;
        }
        let feature: Document<'_> = match serde_json::from_slice(line) {
            Ok(feature) => feature,
            Err(error) => {
                leave_out(collected, number, &format!("it is no JSON as expected: {error}"));
                continue;
            }
        };
        match feature.kind.as_deref() {
            Some("CityJSONFeature") => {}
            other => {
                let found = quoted(other.unwrap_or_default());
                leave_out(collected, number, &format!("expected a \"CityJSONFeature\", found {found}"));
                continue;
            }
        }
        let transform = match feature.transform.map(Transform::check).transpose() {
            Ok(own) => own.unwrap_or(header.transform),
            Err(problem) => {
                leave_out(collected, number, &problem.message);
                continue;
            }
        };
        let batch = Batch { texts: &feature.objects, vertices: &feature.vertices, transform };
        collected.add(&batch, |_| number);
    }
    Ok(header)
}

fn first_record(lines: &mut Lines<'_>, collected: &mut Collected<'_>) -> Result<Header, Problem> {
    while let Some((number, line)) = lines.next()? {
        if line.trim_ascii().is_empty() {
            continue;
        }
        let document: Document<'_> = serde_json::from_slice(line).map_err(|error| malformed(&error).at_line(number))?;
        let header = Header::of(&document).map_err(|problem| problem.at_line(number))?;
        let batch = Batch { texts: &document.objects, vertices: &document.vertices, transform: header.transform };
        collected.add(&batch, |_| number);
        return Ok(header);
    }
    Err(Problem::new("the file is empty"))
}

fn leave_out(collected: &mut Collected<'_>, line: usize, what: &str) {
    let name = || format!("line {line}: {what}");
    collected.notes.add("features_left_out", "features cannot be read and are left out", name);
}
