//! Rules between buildings, energy and money: which table needs which, and what goes together.

use super::Findings;
use super::solar::{needs, table};
use crate::scenario::keys::ARCHETYPE_FILES;
use crate::scenario::tree::{Entry, Node, Value};
use crate::scenario::wording::{joined, nearest};
use crate::scenario::{Carrier, Country, HeatingSystem, Measure, Package, PackageFault};

/// Keys of `[buildings]` that energy alone uses.
const OF_ENERGY: [&str; 8] = [
    "table",
    "archetypes",
    "archetype_country",
    "layers",
    "attributes",
    "default_year",
    "default_use",
    "storey_height_m",
];

/// Reports what does not go together in `[buildings]`, `[energy]` and `[economy]`.
pub(super) fn check_energy(root: &Node, findings: &mut Findings<'_>) {
    if let Some(buildings) = table(root, "buildings") {
        check_buildings(root, buildings, findings);
    }
    check_money(root, findings);
    let Some(energy) = table(root, "energy") else { return };
    for other in ["weather", "buildings"] {
        if root.entry(other).is_none() {
            needs(energy, "energy", other, findings);
        }
    }
    check_sky(root, &energy.node, findings);
    check_setpoints(&energy.node, findings);
    check_pair(&energy.node, ("energy", "overheating_above_c"), findings);
    check_packages(&energy.node, findings);
}

/// Reports a list that is not of two numbers, the lesser first.
pub(super) fn check_pair(of: &Node, (path, key): (&str, &str), findings: &mut Findings<'_>) {
    let Some(list) = of.at(&[key]).filter(|node| matches!(node.value, Value::List(_))) else { return };
    let numbers: Vec<f64> = list.items().iter().filter_map(Node::number).collect();
    let found = match numbers[..] {
        [low, high] if low < high => return,
        _ if numbers.len() != list.items().len() => return,
        [low, high] => format!("{low} and {high}"),
        _ => format!("{} numbers", numbers.len()),
    };
    let message = format!("expected two numbers, the lesser first, found {found}");
    findings.add(list.origin, &joined(path, key), message, None);
}

fn check_buildings(root: &Node, buildings: &Entry, findings: &mut Findings<'_>) {
    let node = &buildings.node;
    match (node.entry("cityjson"), node.entry("table")) {
        (None, None) => {
            let why = "and there is no buildings.table either";
            let hint = "cityjson = [\"town.city.json\"]".to_owned();
            findings.add_missing(buildings.origin, "buildings.cityjson", why, hint);
        }
        (Some(_), Some(table)) => {
            let message = "buildings are those of city models or of a table, and buildings.cityjson names some too";
            findings.add(table.origin, "buildings.table", message.to_owned(), Some("remove one of them".to_owned()));
        }
        (None, Some(_)) => check_table_alone(node, findings),
        (Some(_), None) => {}
    }
    check_archetypes(root, buildings, findings);
    if root.entry("energy").is_some() {
        return;
    }
    for entry in OF_ENERGY.into_iter().filter_map(|name| node.entry(name)) {
        let hint = "add [energy], or remove it".to_owned();
        findings.add(entry.origin, &joined("buildings", &entry.name), "needs [energy]".to_owned(), Some(hint));
    }
}

/// Reports what says how to read city models where there are none.
fn check_table_alone(buildings: &Node, findings: &mut Findings<'_>) {
    let attributes = buildings.at(&["attributes"]);
    let names = ["id", "year", "use", "storeys"].into_iter();
    let names =
        names.filter_map(|name| attributes.and_then(|node| node.entry(name)).map(|entry| ("attributes.", entry)));
    for (prefix, entry) in buildings.entry("lod").map(|entry| ("", entry)).into_iter().chain(names) {
        let key = format!("buildings.{prefix}{}", entry.name);
        let hint = "a table has columns of its own; remove it".to_owned();
        findings.add(entry.origin, &key, "needs buildings.cityjson".to_owned(), Some(hint));
    }
}

fn check_archetypes(root: &Node, buildings: &Entry, findings: &mut Findings<'_>) {
    let archetypes = buildings.node.at(&["archetypes"]);
    if let (Some(_), None) = (root.entry("energy"), archetypes) {
        let (why, hint) = ("[energy] needs it", "archetypes = \"TABULA_NL\"".to_owned());
        findings.add_missing(buildings.origin, "buildings.archetypes", why, hint);
    }
    let text = archetypes.and_then(Node::text);
    let is_word = |text: &str| Country::ALL.into_iter().any(|country| country.name() == text);
    let is_folder = text.is_some_and(|text| !is_word(text) && ARCHETYPE_FILES.is_folder(text));
    match (archetypes, buildings.node.entry("archetype_country")) {
        (Some(archetypes), None) if is_folder => {
            let why = "a folder with tables of TABULA needs it";
            let hint = "archetype_country = \"NL\"".to_owned();
            findings.add_missing(archetypes.origin, "buildings.archetype_country", why, hint);
        }
        (_, Some(country)) if !is_folder => {
            let message = "needs a folder with tables of TABULA as buildings.archetypes".to_owned();
            findings.add(country.origin, "buildings.archetype_country", message, Some("remove it".to_owned()));
        }
        _ => {}
    }
}

fn check_sky(root: &Node, energy: &Node, findings: &mut Findings<'_>) {
    let sky = energy.at(&["sky_temperature"]).filter(|sky| sky.text() == Some("weather"));
    let Some(sky) = sky else { return };
    let geometry = root.at(&["climate", "weather", "method"]).is_some_and(|method| method.text() == Some("geometry"));
    let message = if root.at(&["weather", "tmy3"]).is_some() {
        "\"weather\" needs weather.epw, as TMY3 has no infrared radiation of the sky"
    } else if geometry && is_downscaled(root) {
        "\"weather\" needs infrared radiation of the sky, which climate.weather.method = \"geometry\" does not give"
    } else {
        return;
    };
    let hint = "sky_temperature = \"fixed\"".to_owned();
    findings.add(sky.origin, "energy.sky_temperature", message.to_owned(), Some(hint));
}

fn is_downscaled(root: &Node) -> bool {
    root.at(&["weather", "downscaled"]).is_some_and(|node| matches!(node.value, Value::Flag(true)))
}

fn check_setpoints(energy: &Node, findings: &mut Findings<'_>) {
    let order = [
        ("heating_setback_c", "heating_setpoint_c"),
        ("heating_setpoint_c", "cooling_setpoint_c"),
        ("heating_setback_c", "cooling_setpoint_c"),
    ];
    for (low, high) in order {
        let (Some(lower), Some(upper)) = (energy.at(&[low]), energy.at(&[high])) else { continue };
        if let (Some(a), Some(b)) = (lower.number(), upper.number())
            && a > b
        {
            let message = format!("expected at most energy.{high} = {b}, found {a}");
            findings.add(lower.origin, &joined("energy", low), message, None);
            break;
        }
    }
    let cools = energy.at(&["cooled"]).is_some_and(|cooled| !cooled.items().is_empty());
    let idle = ["cooling_setpoint_c", "cooling_power_w_m2"].into_iter().filter_map(|name| energy.entry(name));
    for entry in idle.filter(|_| !cools) {
        let hint = "cooled = [\"office\"], or remove it".to_owned();
        findings.add(entry.origin, &joined("energy", &entry.name), "needs energy.cooled".to_owned(), Some(hint));
    }
}

/// Reports packages that are none and packages that two texts stand for.
fn check_packages(energy: &Node, findings: &mut Findings<'_>) {
    const MOST_PACKAGES: usize = 64;
    let path = "energy.retrofit";
    let Some(list) = energy.at(&["retrofit"]) else { return };
    if list.items().len() > MOST_PACKAGES {
        let message = format!("expected at most {MOST_PACKAGES} packages, found {}", list.items().len());
        return findings.add(list.origin, path, message, None);
    }
    let mut seen: Vec<(Vec<Measure>, &str)> = Vec::new();
    for (node, text) in list.items().iter().filter_map(|node| Some((node, node.text()?))) {
        let mut measures = match Package::parse(text) {
            Ok(package) => package.measures,
            Err(fault) => {
                let (message, hint) = wording(&fault, node);
                findings.add(node.origin, path, message, Some(hint));
                continue;
            }
        };
        measures.sort_unstable();
        match seen.iter().find(|(known, _)| *known == measures) {
            // The same text twice is told with its list.
            Some((_, other)) if *other != text => {
                let message = format!("{} is the same package as \"{other}\"", node.shown());
                findings.add(node.origin, path, message, None);
            }
            Some(_) => {}
            None => seen.push((measures, text)),
        }
    }
}

fn wording(fault: &PackageFault, node: &Node) -> (String, String) {
    match fault {
        PackageFault::Unknown(part) => {
            let names: Vec<String> = Measure::all().map(Measure::name).collect();
            let hint = match nearest(part, names.iter().map(String::as_str)) {
                Some(name) => format!("did you mean \"{name}\"?"),
                None => format!("measures are {}", names.join(", ")),
            };
            (format!("expected measures joined by +, found {}", node.shown()), hint)
        }
        PackageFault::Repeated(kind) => {
            let message = format!("{} has two measures of the kind {}", node.shown(), kind.name());
            (message, "make two packages of it".to_owned())
        }
    }
}

/// Reports costs of measures and prices that nothing uses, and what they need.
fn check_money(root: &Node, findings: &mut Findings<'_>) {
    let costs = root.at(&["economy"]).and_then(|economy| economy.entry("measure_costs"));
    let carriers = root.at(&["economy"]).and_then(|economy| economy.entry("carriers"));
    let Some(energy) = root.at(&["energy"]) else {
        for entry in costs.into_iter().chain(carriers) {
            needs(entry, &joined("economy", &entry.name), "energy", findings);
        }
        return;
    };
    let has_packages = energy.at(&["retrofit"]).is_some_and(|list| !list.items().is_empty());
    let needs_packages = |entry: &Entry, path: &str, findings: &mut Findings<'_>| {
        let hint = Some("retrofit = [\"wall_standard\"]".to_owned());
        findings.add(entry.origin, path, "needs energy.retrofit".to_owned(), hint);
    };
    if let Some(costs) = costs.filter(|_| !has_packages) {
        needs_packages(costs, "economy.measure_costs", findings);
    }
    if let Some(budget) = energy.entry("budget") {
        if costs.is_none() {
            let hint = Some("measure_costs = \"measures.csv\" in [economy]".to_owned());
            findings.add(budget.origin, "energy.budget", "needs economy.measure_costs".to_owned(), hint);
        } else if !has_packages {
            needs_packages(budget, "energy.budget", findings);
        }
    }
    check_carriers(energy, costs, carriers, findings);
}

/// Reports sums that could not be made because one of the carriers in use lacks what another has.
fn check_carriers(energy: &Node, costs: Option<&Entry>, carriers: Option<&Entry>, findings: &mut Findings<'_>) {
    let system = energy.at(&["heating_system"]).and_then(Node::text).unwrap_or(HeatingSystem::GasBoiler.name());
    let Some(system) = HeatingSystem::ALL.into_iter().find(|known| known.name() == system) else { return };
    let mut in_use = vec![Carrier::Electricity, system.carrier()];
    in_use.dedup();
    let origin = carriers.or(costs).map(|entry| entry.origin);
    let has =
        |carrier: &Carrier, name: &str| carriers.is_some_and(|entry| entry.node.at(&[carrier.name(), name]).is_some());
    for (name, example) in [("price_per_kwh", "0.3"), ("kg_co2_per_kwh", "0.25"), ("primary_energy_factor", "1.8")] {
        let told_for = in_use.iter().find(|carrier| has(carrier, name));
        let why = match told_for {
            Some(carrier) => format!("as economy.carriers.{} has it and buildings buy both", carrier.name()),
            None if name == "price_per_kwh" && costs.is_some() => "economy.measure_costs needs it".to_owned(),
            None => continue,
        };
        for carrier in in_use.iter().filter(|carrier| !has(carrier, name)) {
            let key = format!("economy.carriers.{}.{name}", carrier.name());
            let origin = origin.expect("one of the two tables asks for it");
            findings.add_missing(origin, &key, &why, format!("{name} = {example}"));
        }
    }
}
