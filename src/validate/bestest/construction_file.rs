//! `constructions.csv`: layers of walls, roofs and floors from outside.

use std::collections::BTreeMap;
use std::path::Path;

use conurb_energy::zone::Layer;

use crate::error::{Error, Problem, Problems};
use crate::formats::Source;
use crate::formats::cases::{CaseRow, read_cases};
use crate::validate::read;

const FILE: &str = "constructions.csv";
const COLUMNS: [&str; 6] =
    ["construction", "layer_from_outside", "thickness_m", "conductivity_w_mk", "density_kg_m3", "specific_heat_j_kgk"];
/// Most layers of a construction.
const MOST_LAYERS: usize = 100;
/// Kinds of constructions, the first word of their names; the other words are masses.
const KINDS: [&str; 3] = ["wall", "roof", "floor"];

/// Layers of what encloses a zone, from outside.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Enclosure {
    pub wall: Vec<Layer>,
    pub roof: Vec<Layer>,
    pub floor: Vec<Layer>,
}

struct Row {
    line: usize,
    name: String,
    number: usize,
    layer: Layer,
}

/// The enclosure of each mass: of the constructions `wall_low`, `floor_low` and `roof_low_and_high` the mass `low`.
///
/// # Errors
/// The table is wrong, layers do not follow each other, or no mass has all three kinds; all problems are listed.
pub(super) fn read_construction_file(directory: &Path) -> Result<BTreeMap<String, Enclosure>, Error> {
    let file = directory.join(FILE);
    let rows = read_cases(Source { file: &file, bytes: &read(&file)? }, &COLUMNS, row_of)?;
    let mut problems = Problems::new();
    let mut layers: BTreeMap<String, Vec<Layer>> = BTreeMap::new();
    for row in rows {
        let known = layers.entry(row.name).or_default();
        if row.number != known.len() + 1 {
            let message = format!("expected layer {}, found {}", known.len() + 1, row.number);
            let problem = Problem::new(message).in_file(&file).at_line(row.line).of_key(COLUMNS[1]);
            problems.push("layer", problem.hint("layers of a construction count from 1 outside"));
        }
        known.push(row.layer);
    }
    let enclosures = enclosures(&layers);
    if enclosures.is_empty() {
        let problem = Problem::new("no mass has a wall, a roof and a floor").in_file(&file);
        problems.push("mass", problem.hint("names are wall_low, floor_low, roof_low_and_high and so on"));
    }
    problems.into_result(enclosures)
}

fn row_of(row: &mut CaseRow<'_, '_>) -> Option<Row> {
    let name = row.text(0);
    let is_known = name.split('_').next().is_some_and(|kind| KINDS.contains(&kind));
    if !is_known {
        row.reject(0, "construction", "a name that begins with wall_, roof_ or floor_", None);
    }
    let number = row.index(1, 1..MOST_LAYERS + 1);
    let thickness = row.number(2, 1e-6..=100.0, " m");
    let conductivity = row.number(3, 1e-3..=1000.0, " W/mK");
    let density = row.number(4, 0.0..=20_000.0, " kg/m3");
    let specific_heat = row.number(5, 0.0..=10_000.0, " J/kgK");
    let layer =
        Layer { thickness: thickness?, conductivity: conductivity?, density: density?, specific_heat: specific_heat? };
    Some(Row { line: row.line(), name: is_known.then(|| name.to_owned())?, number: number?, layer })
}

fn enclosures(layers: &BTreeMap<String, Vec<Layer>>) -> BTreeMap<String, Enclosure> {
    let masses_of = |name: &str| -> Vec<String> {
        name.split('_').skip(1).filter(|word| *word != "and").map(str::to_owned).collect()
    };
    let find = |kind: &str, mass: &String| {
        let is_it = |name: &String| name.split('_').next() == Some(kind) && masses_of(name).contains(mass);
        layers.iter().find(|(name, _)| is_it(name)).map(|(_, layers)| layers.clone())
    };
    let mut found = BTreeMap::new();
    for mass in layers.keys().flat_map(|name| masses_of(name)) {
        let [wall, roof, floor] = KINDS.map(|kind| find(kind, &mass));
        if let (Some(wall), Some(roof), Some(floor)) = (wall, roof, floor) {
            found.insert(mass, Enclosure { wall, roof, floor });
        }
    }
    found
}
