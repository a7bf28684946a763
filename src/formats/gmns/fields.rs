//! Fields as the specification and its examples write them.

use crate::formats::findings::Findings;
use crate::formats::table::{Layout, Row};
use crate::formats::text::{finite, non_negative};

/// Whether a field says nothing: empty, or what the specification and its examples write for that.
pub(super) fn is_missing(field: &[u8]) -> bool {
    field.is_empty() || field.eq_ignore_ascii_case(b"nan") || field.eq_ignore_ascii_case(b"null")
}

/// Whether cars are among the uses that a field lists; they are where it lists none.
pub(super) fn allows_cars(field: &[u8]) -> bool {
    const CARS: [&str; 14] = [
        "all",
        "auto",
        "autos",
        "automobile",
        "car",
        "cars",
        "sov",
        "hov",
        "hov2",
        "hov3",
        "drive",
        "vehicle",
        "vehicles",
        "motor_vehicle",
    ];
    let is_car = |word: &[u8]| CARS.iter().any(|car| word.trim_ascii().eq_ignore_ascii_case(car.as_bytes()));
    is_missing(field) || field.split(|byte| matches!(byte, b',' | b';' | b'|')).any(is_car)
}

/// A number not below zero, none inside where it is missing; the outer none is a problem.
pub(super) fn number(
    row: Row<'_>,
    layout: &Layout,
    column: usize,
    line: usize,
    findings: &mut Findings<'_>,
) -> Option<Option<f64>> {
    let field = layout.position(column).map_or(&b""[..], |position| row.field(position));
    if is_missing(field) {
        return Some(None);
    }
    match non_negative(field) {
        Ok(value) => Some(Some(value)),
        Err(fault) => {
            findings.at(fault.kind(), line, || fault.problem(layout.name(column), field));
            None
        }
    }
}

/// The positions of `LINESTRING (x y, x y)`; none if it is anything else.
pub(super) fn shape(field: &[u8]) -> Option<Vec<[f64; 2]>> {
    let text = std::str::from_utf8(field).ok()?.trim();
    let (word, rest) = text.split_once('(')?;
    if !word.trim().eq_ignore_ascii_case("linestring") {
        return None;
    }
    let position = |text: &str| {
        let mut numbers = text.split_whitespace().map(|number| finite(number.as_bytes()).ok());
        Some([numbers.next()??, numbers.next()??])
    };
    let shape: Option<Vec<[f64; 2]>> = rest.strip_suffix(')')?.split(',').map(position).collect();
    shape.filter(|shape| shape.len() > 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cars_are_told_from_other_uses() {
        for uses in ["", "ALL", "auto", "WALK, AUTO", "bike;car", "NaN", "ALL "] {
            assert!(allows_cars(uses.as_bytes()), "{uses}");
        }
        for uses in ["WALK, BIKE", "bus", "PARKING", "carpool_lot"] {
            assert!(!allows_cars(uses.as_bytes()), "{uses}");
        }
    }

    #[test]
    fn shapes_are_lines_of_numbers() {
        assert_eq!(shape(b"LINESTRING(1 2, 3.5 -4,5 6 7)").unwrap(), [[1.0, 2.0], [3.5, -4.0], [5.0, 6.0]]);
        assert_eq!(shape(b" LineString (1 2, 3 4) ").unwrap().len(), 2);
        for text in ["", "POINT (1 2)", "LINESTRING (1 2)", "LINESTRING (1 2, x 3)", "LINESTRING (1 2, 3 nan)", "("] {
            assert_eq!(shape(text.as_bytes()), None, "{text}");
        }
    }
}
