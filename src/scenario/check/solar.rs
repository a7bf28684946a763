//! Rules between weather, buildings and sun: which table needs which, and what goes together.

use super::Findings;
use crate::scenario::tree::{Entry, Node, Value};

/// Keys of `[solar]` that say how surfaces of buildings are computed.
const OF_SURFACES: [&str; 10] = [
    "facade_albedo",
    "surface_spacing_m",
    "facade_spacing_m",
    "sky_patches",
    "sun_positions",
    "reach_m",
    "terrain",
    "surroundings",
    "hourly",
    "tile_m",
];

/// Reports what does not go together in `[weather]`, `[buildings]` and `[solar]`, and tables that nothing uses.
pub(super) fn check_solar(root: &Node, findings: &mut Findings<'_>) {
    check_idle_tables(root, findings);
    if let Some(weather) = table(root, "weather") {
        check_weather_file(weather, findings);
        check_radiation(&weather.node, findings);
    }
    let Some(solar) = table(root, "solar") else { return };
    if root.entry("weather").is_none() {
        needs(solar, "solar", "weather", findings);
    }
    check_surfaces(root, solar, findings);
    check_raster(&solar.node, findings);
    let costs = solar.node.at(&["pv"]).and_then(|pv| table(pv, "costs"));
    if let Some(costs) = costs.filter(|_| root.entry("economy").is_none()) {
        needs(costs, "solar.pv.costs", "economy", findings);
    }
}

/// Reports tables that nothing uses.
fn check_idle_tables(root: &Node, findings: &mut Findings<'_>) {
    let has_stage = ["solar", "energy"].into_iter().any(|user| root.entry(user).is_some());
    for entry in ["weather", "buildings"].into_iter().filter_map(|name| root.entry(name)).filter(|_| !has_stage) {
        let hint = Some("add [solar] or [energy]".to_owned());
        findings.add(entry.origin, &entry.name, "needs [solar] or [energy]".to_owned(), hint);
    }
    let Some(economy) = root.entry("economy") else { return };
    let is_used = ["measure_costs", "carriers"].into_iter().any(|name| economy.node.entry(name).is_some());
    if !is_used && root.at(&["solar", "pv", "costs"]).is_none() {
        let message = "needs [solar.pv.costs], or costs and prices of its own for [energy]".to_owned();
        let hint = "add [solar.pv.costs], [economy.carriers.electricity] or measure_costs".to_owned();
        findings.add(economy.origin, "economy", message, Some(hint));
    }
}

/// Reports weather that comes from nowhere, or from two of a file, another file and the climate.
fn check_weather_file(weather: &Entry, findings: &mut Findings<'_>) {
    let is_said = |entry: &&Entry| !matches!(entry.node.value, Value::Flag(false));
    let sources = ["epw", "tmy3", "downscaled"].into_iter().filter_map(|name| weather.node.entry(name));
    match sources.filter(is_said).collect::<Vec<_>>()[..] {
        [] => {
            let why = "and there is no weather.tmy3 or weather.downscaled either";
            findings.add_missing(weather.origin, "weather.epw", why, "epw = \"town.epw\"".to_owned());
        }
        [first, ref others @ ..] => {
            for other in others {
                let message = match &*other.name {
                    "tmy3" => "the weather is that of one file, and weather.epw names one too".to_owned(),
                    _ => format!(
                        "the weather is that of [climate.weather] or of a file, and weather.{} names one",
                        first.name
                    ),
                };
                let path = format!("weather.{}", other.name);
                findings.add(other.origin, &path, message, Some("remove one of them".to_owned()));
            }
        }
    }
}

fn check_radiation(weather: &Node, findings: &mut Findings<'_>) {
    const CLEAR_SKY: &str = "clear_sky";
    let radiation = weather.at(&["radiation"]);
    let is_clear_sky = radiation.and_then(Node::text) == Some(CLEAR_SKY);
    match (radiation, weather.entry("linke_turbidity")) {
        (Some(radiation), None) if is_clear_sky => {
            let why = format!("\"{CLEAR_SKY}\" needs it");
            let hint = "linke_turbidity = 3.0".to_owned();
            findings.add_missing(radiation.origin, "weather.linke_turbidity", &why, hint);
        }
        (_, Some(turbidity)) if !is_clear_sky => {
            let message = format!("needs weather.radiation = \"{CLEAR_SKY}\"");
            findings.add(turbidity.origin, "weather.linke_turbidity", message, Some("remove it".to_owned()));
        }
        _ => {}
    }
}

/// Reports what is asked of surfaces where there are none: without buildings, or with those of a table.
fn check_surfaces(root: &Node, solar: &Entry, findings: &mut Findings<'_>) {
    let buildings = root.entry("buildings");
    let is_table = |entry: &Entry| entry.node.entry("table").is_some() && entry.node.entry("cityjson").is_none();
    if buildings.is_some_and(|entry| !is_table(entry)) {
        return;
    }
    let (message, what) = match buildings {
        Some(_) => ("needs buildings.cityjson", "name city models"),
        None => ("needs [buildings]", "add [buildings]"),
    };
    let mut asks = false;
    for name in OF_SURFACES {
        let Some(entry) = solar.node.entry(name) else { continue };
        asks = true;
        let hint = format!("{what}, or remove it");
        findings.add(entry.origin, &format!("solar.{name}"), message.to_owned(), Some(hint));
    }
    if let Some(pv) = solar.node.entry("pv") {
        asks = true;
        findings.add(pv.origin, "solar.pv", message.to_owned(), Some(what.to_owned()));
    }
    if !asks && solar.node.entry("raster").is_none() {
        let hint = format!("{what} for roofs and walls, [solar.raster] for the cells of a raster");
        findings.add(solar.origin, "solar", format!("{message} or [solar.raster]"), Some(hint));
    }
}

fn check_raster(solar: &Node, findings: &mut Findings<'_>) {
    let Some(raster) = table(solar, "raster") else { return };
    if let Some(model) = solar.at(&["sky_model"]).filter(|model| model.text() == Some("perez_1993")) {
        let message = "\"perez_1993\" is of patches of the sky, which [solar.raster] has not".to_owned();
        findings.add(model.origin, "solar.sky_model", message, Some("sky_model = \"perez_1990\"".to_owned()));
    }
    let directions = raster.node.at(&["directions"]);
    if let Some(odd) = directions.filter(|node| matches!(node.value, Value::Integer(number) if number % 2 != 0)) {
        let message = format!("expected an even number, found {}", odd.shown());
        findings.add(odd.origin, "solar.raster.directions", message, None);
    }
}

/// Reports that the table at `path` is of no use without another.
pub(super) fn needs(entry: &Entry, path: &str, other: &str, findings: &mut Findings<'_>) {
    findings.add(entry.origin, path, format!("needs [{other}]"), Some(format!("add [{other}]")));
}

/// A table below another; what is none is told by its form.
pub(super) fn table<'t>(of: &'t Node, name: &str) -> Option<&'t Entry> {
    of.entry(name).filter(|entry| matches!(entry.node.value, Value::Table(_)))
}
