//! `zone.csv`: geometry, glass, gains and air of the zone, an item per row.

use std::collections::BTreeMap;
use std::ops::RangeInclusive;
use std::path::Path;

use super::case_file::Orientation;
use crate::error::{Error, Problem, Problems};
use crate::formats::Source;
use crate::formats::cases::{CaseRow, read_cases};
use crate::validate::read;

pub(super) const FILE: &str = "zone.csv";
const COLUMNS: [&str; 4] = ["item", "value", "unit", "note"];
const VALUE: usize = 1;
const NOTE: usize = 3;
const WINDOW_SIZE: &str = "window_size";
/// Height of the lower edge of windows above the floor (m) where the file does not say.
const USUAL_SILL: f64 = 0.2;

/// A number of the file: name, range, unit in messages, and what it is where the file does not say.
type Item = (&'static str, RangeInclusive<f64>, &'static str, Option<f64>);

const LENGTH: RangeInclusive<f64> = 0.01..=10_000.0;
const AREA: RangeInclusive<f64> = 0.01..=1e8;
const SHARE: RangeInclusive<f64> = 0.0..=1.0;

static ITEMS: [Item; 25] = [
    ("length_EW", LENGTH, " m", None),
    ("length_NS", LENGTH, " m", None),
    ("height", LENGTH, " m", None),
    ("volume", AREA, " m3", None),
    ("floor_area", AREA, " m2", None),
    ("gross_wall_N", AREA, " m2", None),
    ("gross_wall_E", AREA, " m2", None),
    ("gross_wall_S", AREA, " m2", None),
    ("gross_wall_W", AREA, " m2", None),
    ("glass_panes", 1.0..=4.0, "", Some(2.0)),
    ("glass_thickness", 1e-4..=0.1, " m", None),
    ("glass_conductivity", 0.01..=100.0, " W/mK", None),
    ("glass_solar_transmittance_normal", 0.01..=0.99, "", None),
    ("glass_solar_reflectance_normal", 0.001..=0.5, "", None),
    ("glass_ir_emissivity", 0.01..=1.0, "", None),
    ("gap_air", 1e-3..=1.0, " m", None),
    ("frame_fraction", 0.0..=0.9, "", Some(0.0)),
    ("opaque_solar_absorptance", SHARE, "", None),
    ("opaque_ir_emissivity", 0.01..=1.0, "", None),
    ("infiltration", 0.0..=100.0, " 1/h", None),
    ("internal_gain_total", 0.0..=1e9, " W", None),
    ("internal_gain_radiative", 0.0..=1e9, " W", None),
    ("ground_albedo", SHARE, "", None),
    ("interior_solar_fraction_floor", SHARE, "", Some(f64::NAN)),
    ("window_sill", 0.0..=10_000.0, " m", Some(f64::NAN)),
];

/// What all cases share.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct ZoneFile {
    /// From west to east, from south to north, and up (m).
    pub size: [f64; 3],
    /// Air (m³).
    pub volume: f64,
    /// Floor and roof (m²).
    pub floor_area: f64,
    /// Walls with their windows (m²), in the order of [`Orientation::ALL`].
    pub gross_walls: [f64; 4],
    /// Width and height of a window (m).
    pub window_size: [f64; 2],
    /// Lower edge of windows above the floor (m).
    pub sill: f64,
    /// The glass.
    pub glass: Glass,
    /// Share of windows that is frame.
    pub frame_share: f64,
    /// Of opaque surfaces, outside and inside.
    pub absorptance: f64,
    /// Of opaque surfaces, outside and inside.
    pub emissivity: f64,
    /// Air changes, of air at sea level (1/h).
    pub infiltration: f64,
    /// Internal heat, all the time (W).
    pub gains: f64,
    /// Share of it that is radiation.
    pub radiative_share: f64,
    /// Of the ground.
    pub albedo: f64,
    /// Share of light that the floor takes up, where the file says.
    pub solar_on_floor: Option<f64>,
}

/// Equal panes with gaps of air.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Glass {
    /// How many.
    pub panes: usize,
    /// Of a pane (m).
    pub thickness: f64,
    /// Of glass (W/mK).
    pub conductivity: f64,
    /// Of a pane, solar, at normal incidence.
    pub transmittance: f64,
    /// Of each side of a pane, solar, at normal incidence.
    pub reflectance: f64,
    /// Of each side, infrared.
    pub emissivity: f64,
    /// Between panes (m).
    pub gap: f64,
}

enum Found {
    Number(&'static str, f64),
    WindowSize([f64; 2], Option<f64>),
    Other,
}

impl ZoneFile {
    /// The wall of an orientation with its windows (m²).
    pub(super) fn gross_wall(&self, orientation: Orientation) -> f64 {
        self.gross_walls[orientation as usize]
    }

    /// How wide the wall of an orientation is (m).
    pub(super) fn wall_width(&self, orientation: Orientation) -> f64 {
        match orientation {
            Orientation::North | Orientation::South => self.size[0],
            Orientation::East | Orientation::West => self.size[1],
        }
    }
}

/// Reads the zone in `directory`; items of other names say nothing here.
///
/// # Errors
/// The table is wrong, or lacks items or has them twice; all problems are listed.
pub(super) fn read_zone_file(directory: &Path) -> Result<ZoneFile, Error> {
    let file = directory.join(FILE);
    let rows = read_cases(Source { file: &file, bytes: &read(&file)? }, &COLUMNS, |row| {
        let line = row.line();
        Some((line, found(row)?))
    })?;
    let mut problems = Problems::new();
    let mut numbers: BTreeMap<&str, f64> = BTreeMap::new();
    let mut windows = None;
    for (line, found) in rows {
        let (name, again) = match found {
            Found::Number(name, value) => (name, numbers.insert(name, value).is_some()),
            Found::WindowSize(size, sill) => (WINDOW_SIZE, windows.replace((size, sill)).is_some()),
            Found::Other => continue,
        };
        if again {
            let problem = Problem::new("this item stands there twice").in_file(&file).at_line(line);
            problems.push("item twice", problem.of_key(name));
        }
    }
    let mut missing: Vec<&str> = Vec::new();
    for (name, _, _, usual) in &ITEMS {
        match usual {
            _ if numbers.contains_key(name) => {}
            Some(usual) => drop(numbers.insert(name, *usual)),
            None => missing.push(name),
        }
    }
    if windows.is_none() {
        missing.push(WINDOW_SIZE);
    }
    if !missing.is_empty() {
        let message = format!("the table lacks the items {}", missing.join(", "));
        problems.push("missing", Problem::new(message).in_file(&file));
    }
    problems.into_result(())?;
    let (window_size, sill) = windows.expect("it is not missing");
    Ok(zone(&numbers, window_size, sill))
}

fn found(row: &mut CaseRow<'_, '_>) -> Option<Found> {
    let name = row.text(0);
    if name == WINDOW_SIZE {
        let size = size_of(row.text(VALUE));
        if size.is_none() {
            row.reject(VALUE, "size", "width and height in m such as 3 x 2", None);
        }
        return Some(Found::WindowSize(size?, sill_of(row.text(NOTE))));
    }
    match ITEMS.iter().find(|(item, ..)| *item == name) {
        Some((item, range, unit, _)) => Some(Found::Number(item, row.number(VALUE, range.clone(), unit)?)),
        None => Some(Found::Other),
    }
}

fn size_of(text: &str) -> Option<[f64; 2]> {
    let (width, height) = text.split_once('x')?;
    let length = |text: &str| text.trim().parse::<f64>().ok().filter(|length| LENGTH.contains(length));
    Some([length(width)?, length(height)?])
}

/// The height in `… sill 0.2 m above floor …`.
fn sill_of(note: &str) -> Option<f64> {
    let (_, rest) = note.split_once("sill ")?;
    rest.split(' ').next()?.parse().ok().filter(|sill| (0.0..=10_000.0).contains(sill))
}

fn zone(numbers: &BTreeMap<&str, f64>, window_size: [f64; 2], sill: Option<f64>) -> ZoneFile {
    let known = |name: &str| Some(numbers[name]).filter(|value| !value.is_nan());
    let gains = numbers["internal_gain_total"];
    let radiative_share = if gains > 0.0 { (numbers["internal_gain_radiative"] / gains).min(1.0) } else { 0.0 };
    ZoneFile {
        size: ["length_EW", "length_NS", "height"].map(|name| numbers[name]),
        volume: numbers["volume"],
        floor_area: numbers["floor_area"],
        gross_walls: ["gross_wall_N", "gross_wall_E", "gross_wall_S", "gross_wall_W"].map(|name| numbers[name]),
        window_size,
        sill: known("window_sill").or(sill).unwrap_or(USUAL_SILL),
        glass: Glass {
            panes: numbers["glass_panes"].round() as usize,
            thickness: numbers["glass_thickness"],
            conductivity: numbers["glass_conductivity"],
            transmittance: numbers["glass_solar_transmittance_normal"],
            reflectance: numbers["glass_solar_reflectance_normal"],
            emissivity: numbers["glass_ir_emissivity"],
            gap: numbers["gap_air"],
        },
        frame_share: numbers["frame_fraction"],
        absorptance: numbers["opaque_solar_absorptance"],
        emissivity: numbers["opaque_ir_emissivity"],
        infiltration: numbers["infiltration"],
        gains,
        radiative_share,
        albedo: numbers["ground_albedo"],
        solar_on_floor: known("interior_solar_fraction_floor"),
    }
}

#[cfg(test)]
impl ZoneFile {
    /// The room of the standard, without a share for the floor.
    pub(super) fn usual() -> ZoneFile {
        let glass = Glass {
            panes: 2,
            thickness: 0.003_048,
            conductivity: 1.0,
            transmittance: 0.834,
            reflectance: 0.075,
            emissivity: 0.84,
            gap: 0.012,
        };
        ZoneFile {
            size: [8.0, 6.0, 2.7],
            volume: 129.6,
            floor_area: 48.0,
            gross_walls: [21.6, 16.2, 21.6, 16.2],
            window_size: [3.0, 2.0],
            sill: 0.2,
            glass,
            frame_share: 0.0,
            absorptance: 0.6,
            emissivity: 0.9,
            infiltration: 0.414,
            gains: 200.0,
            radiative_share: 0.6,
            albedo: 0.2,
            solar_on_floor: None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sizes_and_sills_are_found_in_words() {
        assert_eq!(size_of("3 x 2"), Some([3.0, 2.0]));
        assert_eq!(size_of("1.5x0.8"), Some([1.5, 0.8]));
        for text in ["", "3", "3 x", "3 x -2", "nan x 2", "3 x 2 x 1"] {
            assert_eq!(size_of(text), None, "{text}");
        }
        assert_eq!(sill_of("two windows; sill 0.35 m above floor"), Some(0.35));
        assert_eq!((sill_of("none"), sill_of("sill of stone")), (None, None));
    }
}
