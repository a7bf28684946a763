//! The `<KEY> value` lines at the start of a TNTP file.

use super::without_comment;
use crate::error::Problem;
use crate::formats::findings::Findings;
use crate::formats::text::{Lines, finite, integer, non_negative, shown};

/// What the metadata says, as far as it is used; counts of -1 mean that the file does not say.
#[derive(Debug, Clone, Default, PartialEq)]
pub(super) struct Metadata {
    pub(super) n_zones: Option<Entry<i64>>,
    pub(super) n_nodes: Option<Entry<i64>>,
    pub(super) n_links: Option<Entry<i64>>,
    pub(super) first_through_node: Option<Entry<i64>>,
    pub(super) total_od_flow: Option<Entry<f64>>,
    pub(super) toll_factor: Option<Entry<f64>>,
    pub(super) distance_factor: Option<Entry<f64>>,
}

/// A value and the line it stands in.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Entry<T> {
    pub(super) value: T,
    pub(super) line: usize,
}

/// Reads the lines up to `<END OF METADATA>`.
pub(super) fn read(lines: &mut Lines<'_>, findings: &mut Findings<'_>) -> Result<Metadata, Problem> {
    let mut metadata = Metadata::default();
    while let Some((line, text)) = lines.next()? {
        let text = text.trim_ascii();
        if without_comment(text).is_empty() {
            continue;
        }
        let Some((key, value)) = split_key(text) else {
            return Err(Problem::new(format!("expected a line <KEY> value, found {}", shown(text)))
                .at_line(line)
                .hint("metadata ends with a line <END OF METADATA>"));
        };
        if key == "END OF METADATA" {
            return Ok(metadata);
        }
        metadata.set(&key, value, line, findings);
    }
    Err(Problem::new("the file ends before a line <END OF METADATA>"))
}

impl Metadata {
    fn set(&mut self, key: &str, value: &[u8], line: usize, findings: &mut Findings<'_>) {
        match key {
            "NUMBER OF ZONES" => store(&mut self.n_zones, key, count(value), value, line, findings),
            "NUMBER OF NODES" => store(&mut self.n_nodes, key, count(value), value, line, findings),
            "NUMBER OF LINKS" => store(&mut self.n_links, key, count(value), value, line, findings),
            "FIRST THRU NODE" => store(&mut self.first_through_node, key, count(value), value, line, findings),
            "TOTAL OD FLOW" => store(&mut self.total_od_flow, key, finite(value).ok(), value, line, findings),
            "TOLL FACTOR" => store(&mut self.toll_factor, key, non_negative(value).ok(), value, line, findings),
            "DISTANCE FACTOR" => store(&mut self.distance_factor, key, non_negative(value).ok(), value, line, findings),
            _ => {}
        }
    }
}

fn store<T: PartialEq>(
    place: &mut Option<Entry<T>>,
    key: &str,
    parsed: Option<T>,
    text: &[u8],
    line: usize,
    findings: &mut Findings<'_>,
) {
    match (parsed, place.as_ref()) {
        (None, _) => findings.at("metadata value", line, || {
            Problem::new(format!("expected a number, found {}", shown(text))).of_key(format!("<{key}>"))
        }),
        (Some(value), Some(known)) if known.value != value => findings.at("metadata twice", line, || {
            Problem::new(format!("another value than in line {}", known.line)).of_key(format!("<{key}>"))
        }),
        (Some(value), _) => *place = Some(Entry { value, line }),
    }
}

/// A count, or -1 for one that the file does not say; some writers give counts as decimals.
fn count(text: &[u8]) -> Option<i64> {
    const LARGEST_EXACT: f64 = 9.0e15;
    let whole = |value: f64| (value.fract() == 0.0 && value.abs() < LARGEST_EXACT).then_some(value as i64);
    integer(text).or_else(|| finite(text).ok().and_then(whole)).filter(|count| *count >= -1)
}

/// The key in upper case with single blanks, and the value without comment.
fn split_key(text: &[u8]) -> Option<(String, &[u8])> {
    let end = text.iter().position(|byte| *byte == b'>')?;
    let key = String::from_utf8_lossy(text.strip_prefix(b"<")?.get(..end - 1)?).to_uppercase();
    let key = key.split_whitespace().collect::<Vec<_>>().join(" ");
    Some((key, without_comment(&text[end + 1..])))
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::*;
    use crate::error::Error;
    use crate::formats::Source;

    fn parse(text: &str) -> Result<Metadata, Error> {
        let file = Path::new("x.tntp");
        let mut findings = Findings::new(file);
        let read =
            Lines::open(Source { file, bytes: text.as_bytes() }).and_then(|mut lines| read(&mut lines, &mut findings));
        findings.conclude(read)
    }

    #[test]
    fn keys_come_in_any_case_and_order_and_unknown_ones_are_ignored() {
        let found = parse(
            "~ made by hand\r\n\n<first  thru\tnode>\t\t39 ~ zones end here\n<ORIGINAL HEADER>~ \tTail\t;\n<SCENARIO> am <x>\n\
             <Number of Zones>38\t\t\t\n<TOTAL OD FLOW>  104694.40 \n<TOLL FACTOR> 0.02\n<END OF METADATA>\t\ttext\n",
        )
        .unwrap();
        let expected = Metadata {
            n_zones: Some(Entry { value: 38, line: 6 }),
            first_through_node: Some(Entry { value: 39, line: 3 }),
            total_od_flow: Some(Entry { value: 104_694.4, line: 7 }),
            toll_factor: Some(Entry { value: 0.02, line: 8 }),
            ..Metadata::default()
        };
        assert_eq!(found, expected);
    }

    #[test]
    fn what_is_wrong_names_its_line() {
        for (text, expected) in [
            (
                "<NUMBER OF ZONES> many\n<END OF METADATA>",
                "x.tntp:1: <NUMBER OF ZONES>: expected a number, found \"many\"",
            ),
            ("<NUMBER OF ZONES>\n<END OF METADATA>", "x.tntp:1: <NUMBER OF ZONES>: expected a number, found nothing"),
            ("<NUMBER OF ZONES> -2\n<END OF METADATA>", "x.tntp:1: <NUMBER OF ZONES>"),
            ("<NUMBER OF ZONES> 1e30\n<END OF METADATA>", "x.tntp:1: <NUMBER OF ZONES>"),
            ("<TOLL FACTOR> nan\n<END OF METADATA>", "x.tntp:1: <TOLL FACTOR>"),
            (
                "<NUMBER OF ZONES> 1\n\n<NUMBER OF ZONES> 2\n<END OF METADATA>",
                "x.tntp:3: <NUMBER OF ZONES>: another value",
            ),
            ("<NUMBER OF ZONES> 1\n1 2 3\n", "x.tntp:2: expected a line <KEY> value"),
            ("<NUMBER OF ZONES> 1\n", "x.tntp: the file ends before"),
            ("<", "x.tntp:1: expected a line"),
        ] {
            let error = parse(text).unwrap_err().to_string();
            assert!(error.starts_with(expected), "{error}");
        }
    }
}
