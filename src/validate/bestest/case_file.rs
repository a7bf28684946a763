//! `cases.csv`: which zones are computed.

use std::collections::BTreeMap;
use std::path::Path;

use super::forms::{self, Fan, Said, Setback, Setpoint, Shading};
use crate::error::{Error, Problem, Problems};
use crate::formats::Source;
use crate::formats::cases::{CaseRow, read_cases};
use crate::validate::read;

const FILE: &str = "cases.csv";
const COLUMNS: [&str; 10] = [
    "case",
    "mass",
    "window_orientation",
    "window_area_m2",
    "shading",
    "heat_setpoint_c",
    "cool_setpoint_c",
    "setback",
    "night_vent",
    "hvac",
];
const CASE: usize = 0;
const MASS: usize = 1;
const ORIENTATION: usize = 2;
const WINDOW_AREA: usize = 3;
const SHADING: usize = 4;
const HEATING: usize = 5;
const COOLING: usize = 6;
const SETBACK: usize = 7;
const NIGHT_VENT: usize = 8;
const HVAC: usize = 9;
/// Largest area of windows in a wall (m²).
const MOST_AREA: f64 = 1e6;

/// Walls of the zone, in the order of its facades.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Orientation {
    North,
    East,
    South,
    West,
}

impl Orientation {
    pub(super) const ALL: [Orientation; 4] =
        [Orientation::North, Orientation::East, Orientation::South, Orientation::West];

    pub(super) fn letter(self) -> &'static str {
        match self {
            Orientation::North => "N",
            Orientation::East => "E",
            Orientation::South => "S",
            Orientation::West => "W",
        }
    }

    pub(super) fn name(self) -> &'static str {
        match self {
            Orientation::North => "north",
            Orientation::East => "east",
            Orientation::South => "south",
            Orientation::West => "west",
        }
    }

    /// Outward normal: east, north, up.
    pub(super) fn normal(self) -> [f64; 3] {
        match self {
            Orientation::North => [0.0, 1.0, 0.0],
            Orientation::East => [1.0, 0.0, 0.0],
            Orientation::South => [0.0, -1.0, 0.0],
            Orientation::West => [-1.0, 0.0, 0.0],
        }
    }
}

/// A case with what other cases lend it.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Case {
    /// Its line in the file.
    pub line: usize,
    /// Its name.
    pub name: String,
    /// Which constructions it has: `low`, `high`.
    pub mass: String,
    /// Area of windows by wall (m²).
    pub windows: Vec<(Orientation, f64)>,
    /// What stands before them.
    pub shading: Shading,
    /// Heating; off where the case has none.
    pub heating: Setpoint,
    /// Cooling; off where the case has none.
    pub cooling: Setpoint,
    /// Heating at night.
    pub setback: Option<Setback>,
    /// Outdoor air at night.
    pub fan: Option<Fan>,
    /// Whether temperatures rather than loads are asked for.
    pub is_free: bool,
}

/// A row as it stands.
struct Row {
    case: Case,
    shading: Said<Shading>,
    fan: Said<Option<Fan>>,
}

/// The cases in `directory`, one per row, with the words of `masses` allowed as mass.
///
/// # Errors
/// The table is wrong, a name stands there twice, or a case is as one that is not there; all problems are listed.
pub(super) fn read_case_file(directory: &Path, masses: &[String]) -> Result<Vec<Case>, Error> {
    let file = directory.join(FILE);
    let source = Source { file: &file, bytes: &read(&file)? };
    let rows = read_cases(source, &COLUMNS, |row| row_of(row, masses))?;
    let mut problems = Problems::new();
    let mut by_name: BTreeMap<&str, &Row> = BTreeMap::new();
    for row in &rows {
        let first = *by_name.entry(&row.case.name).or_insert(row);
        if first.case.line != row.case.line {
            let message = format!("the case {} stands in line {} already", row.case.name, first.case.line);
            let problem = Problem::new(message).in_file(&file).at_line(row.case.line);
            problems.push("case twice", problem.of_key(COLUMNS[CASE]));
        }
    }
    let mut cases = Vec::new();
    for row in &rows {
        let shading = resolve(&by_name, &row.shading, |row| &row.shading);
        let fan = resolve(&by_name, &row.fan, |row| &row.fan);
        for (column, broken) in [(SHADING, shading.as_ref().err()), (NIGHT_VENT, fan.as_ref().err())] {
            if let Some(message) = broken {
                let problem = Problem::new(message.clone()).in_file(&file).at_line(row.case.line);
                problems.push("reference", problem.of_key(COLUMNS[column]));
            }
        }
        if let (Ok(shading), Ok(fan)) = (shading, fan) {
            cases.push(Case { shading, fan, ..row.case.clone() });
        }
    }
    problems.into_result(cases)
}

/// What a case says, or the case that it is as, or the one that that is as.
fn resolve<T: Clone>(rows: &BTreeMap<&str, &Row>, said: &Said<T>, of: impl Fn(&Row) -> &Said<T>) -> Result<T, String> {
    let mut said = said.clone();
    for _ in 0..=rows.len() {
        match said {
            Said::Here(value) => return Ok(value),
            Said::As(name) => match rows.get(name.as_str()) {
                Some(row) => said = of(row).clone(),
                None => return Err(format!("it is as the case {name}, which the table has not")),
            },
        }
    }
    Err("it is as a case that is as this one".to_owned())
}

fn row_of(row: &mut CaseRow<'_, '_>, masses: &[String]) -> Option<Row> {
    let name = row.text(CASE);
    if name.is_empty() {
        row.reject(CASE, "name", "a name", None);
    }
    let mass = row.text(MASS);
    let has_mass = masses.iter().any(|known| known == mass);
    if !has_mass {
        let hint = "constructions.csv has wall_X, floor_X and a roof of each mass X".to_owned();
        row.reject(MASS, "mass", &format!("a mass that constructions are of: {}", masses.join(", ")), Some(hint));
    }
    let windows = windows_of(row);
    let shading = worded(row, SHADING, forms::shading, forms::SHADING);
    let heating = worded(row, HEATING, forms::setpoint, forms::SETPOINT);
    let cooling = worded(row, COOLING, forms::setpoint, forms::SETPOINT);
    let setback = worded(row, SETBACK, forms::setback, forms::SETBACK);
    check_setback(row, setback, heating);
    let fan = worded(row, NIGHT_VENT, forms::night_vent, forms::NIGHT_VENT);
    let (heats, cools) = match row.text(HVAC) {
        "on" => (true, true),
        "cooling_only" => (false, true),
        "heating_only" => (true, false),
        "free_float" => (false, false),
        _ => {
            row.reject(HVAC, "hvac", "on, heating_only, cooling_only or free_float", None);
            return None;
        }
    };
    let acts = |does: bool, setpoint: Setpoint| if does { setpoint } else { Setpoint::Off };
    let case = Case {
        line: row.line(),
        name: Some(name).filter(|name| !name.is_empty())?.to_owned(),
        mass: has_mass.then(|| mass.to_owned())?,
        windows: windows?,
        shading: Shading::default(),
        heating: acts(heats, heating?),
        cooling: acts(cools, cooling?),
        setback: setback?,
        fan: None,
        is_free: !heats && !cools,
    };
    Some(Row { case, shading: shading?, fan: fan? })
}

/// Reports a setback that does not go with the heating setpoint.
fn check_setback(row: &mut CaseRow<'_, '_>, setback: Option<Option<Setback>>, heating: Option<Setpoint>) {
    let Some(Some(setback)) = setback else { return };
    match heating {
        Some(Setpoint::Always(celsius)) if setback.ramp.is_none_or(|ramp| ramp.celsius == celsius) => {}
        Some(Setpoint::Always(celsius)) => {
            row.reject(SETBACK, "setback", &format!("a ramp that ends at the heating setpoint of {celsius} °C"), None);
        }
        _ => row.reject(SETBACK, "setback", "none where heating has no setpoint for all of the day", None),
    }
}

fn worded<T>(
    row: &mut CaseRow<'_, '_>,
    column: usize,
    form: impl Fn(&str) -> Option<T>,
    expected: &'static str,
) -> Option<T> {
    let found = form(row.text(column));
    if found.is_none() {
        row.reject(column, "words", expected, None);
    }
    found
}

/// `S` with `12`, or `E+W` with `6+6`.
fn windows_of(row: &mut CaseRow<'_, '_>) -> Option<Vec<(Orientation, f64)>> {
    let walls: Option<Vec<Orientation>> = row
        .text(ORIENTATION)
        .split('+')
        .map(|letter| Orientation::ALL.into_iter().find(|wall| wall.letter() == letter.trim()))
        .collect();
    let is_distinct = |walls: &Vec<Orientation>| (1..walls.len()).all(|index| !walls[..index].contains(&walls[index]));
    let walls = walls.filter(is_distinct);
    if walls.is_none() {
        row.reject(ORIENTATION, "orientation", "N, E, S or W, or several joined by +", None);
    }
    let area = |text: &str| text.trim().parse::<f64>().ok().filter(|area| (0.0..=MOST_AREA).contains(area));
    let areas: Option<Vec<f64>> = row.text(WINDOW_AREA).split('+').map(area).collect();
    let n_walls = walls.as_ref().map_or(1, Vec::len);
    let areas = areas.filter(|areas| areas.len() == n_walls || walls.is_none());
    if areas.is_none() {
        row.reject(WINDOW_AREA, "area", "an area for each orientation, joined by +", None);
    }
    Some(walls?.into_iter().zip(areas?).collect())
}
