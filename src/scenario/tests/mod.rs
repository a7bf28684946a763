//! Tests of the whole way from text to scenario and back.

mod climate_hours;
mod climate_keys;
mod climate_round_trip;
mod climate_rules;
mod demand_rules;
mod energy_round_trip;
mod energy_rules;
mod round_trip;
mod rules;
mod schema;
mod solar_round_trip;
mod solar_rules;

use std::path::Path;

use super::keys::{Absent, Form, Key, ROOT, Table};
use super::*;
use crate::error::{Error, Place, Problem};

const BASE: &str = "[traffic]\nnetwork = \"a_net.tntp\"\ndemand = \"a_trips.tntp\"\n";

fn read_text(text: &str) -> Result<Scenario, Error> {
    parse(text, Path::new("city.toml"), &LoadOptions::default())
}

fn problems(result: Result<Scenario, Error>) -> Vec<Problem> {
    match result {
        Err(Error::Input(problems)) => problems,
        other => panic!("expected problems, found {other:?}"),
    }
}

fn with(key: &str, value: &str) -> LoadOptions {
    LoadOptions { overrides: vec![(key.to_owned(), value.to_owned())], allow_paths: Vec::new() }
}

/// Every leaf key of the description with its path.
fn leaves(table: &'static Table, path: &str, into: &mut Vec<(String, &'static Key)>) {
    for key in table.built() {
        let key_path = if path.is_empty() { key.name.to_owned() } else { format!("{path}.{}", key.name) };
        match key.form {
            Form::Table(inner) => leaves(inner, &key_path, into),
            Form::Tables(inner) => leaves(inner, &format!("{key_path}[]"), into),
            Form::Named(inner) => leaves(inner, &format!("{key_path}.\"a.tntp\""), into),
            _ => into.push((key_path, key)),
        }
    }
}

fn all_leaves() -> Vec<(String, &'static Key)> {
    let mut all = Vec::new();
    leaves(&ROOT, "", &mut all);
    all
}

/// What a table needs to be valid, and to be one that has the key.
fn needed(table: &str, key: &str) -> &'static [(&'static str, &'static str)] {
    match (table, key) {
        ("traffic", _) => &[("network", "'a_net.tntp'"), ("demand", "'a.omx'"), ("length_unit", "'km'")],
        ("traffic.class[]", _) => &[("name", "'bus'"), ("value_of_time_per_h", "1.0")],
        ("traffic.volume_delay[]", "alpha") => &[("function", "'conical'")],
        ("traffic.volume_delay[]", "delay_parameter" | "analysis_period_h") => {
            &[("function", "'akcelik'"), ("delay_parameter", "1.0")]
        }
        ("traffic.volume_delay[]", _) => &[("function", "'bpr'")],
        ("traffic.period[]", "demand" | "demand_matrix") => &[("name", "'am'"), ("hours", "2"), ("demand", "{}")],
        ("traffic.period[]", _) => &[("name", "'am'"), ("hours", "2")],
        ("traffic.distribution", _) => &[("deterrence", "'combined'"), ("alpha", "0.1"), ("beta_per_min", "0.1")],
        ("traffic.braess", "links") => &[("most_loaded", "1")],
        ("traffic.braess", _) => &[("links", "[1]")],
        ("traffic.select[]", "origins") => &[("name", "'tunnel'"), ("links", "[9]")],
        ("traffic.select[]", _) => &[("name", "'tunnel'"), ("origins", "[9]")],
        ("people", _) => &[("districts", "'a.json'")],
        ("observed", _) => &[("counts", "'a.csv'")],
        ("weather", "tmy3") => &[("tmy3", "'a.csv'")],
        ("weather", "linke_turbidity") => &[("epw", "'a.epw'"), ("radiation", "'clear_sky'"), ("linke_turbidity", "2")],
        ("weather", _) => &[("epw", "'a.epw'")],
        ("buildings", "table") => &[("table", "'a.csv'"), ("archetypes", "'TABULA_NL'")],
        ("buildings", "archetype_country") => {
            &[("cityjson", "['a.json']"), ("archetypes", "'tabula'"), ("archetype_country", "'NL'")]
        }
        ("buildings", _) => &[("cityjson", "['a.json']"), ("archetypes", "'TABULA_NL'")],
        ("energy", "cooling_setpoint_c" | "cooling_power_w_m2") => &[("cooled", "['retail']")],
        // Costs of measures need a package, and its default is that there are none.
        ("energy", "retrofit") => &[],
        ("energy", _) => &[("retrofit", "['roof_standard']")],
        ("feeder", "pandapower") => &[("pandapower", "'a.json'")],
        ("feeder", _) => &[("lines", "'a.csv'"), ("loads", "'b.csv'"), ("connections", "'c.csv'")],
        ("economy.carriers.electricity" | "economy.carriers.natural_gas", _) => {
            &[("price_per_kwh", "1"), ("kg_co2_per_kwh", "1"), ("primary_energy_factor", "1")]
        }
        ("solar.raster", _) => &[("dsm", "'a.tif'")],
        ("solar.pv.costs", _) => &[
            ("investment_per_kwp", "1"),
            ("operation_per_kwp_year", "1"),
            ("lifetime_years", "1"),
            ("degradation", "0"),
            ("self_consumption", "1"),
            ("electricity_price_per_kwh", "1"),
            ("feed_in_price_per_kwh", "1"),
        ],
        ("economy", "measure_costs" | "budget") => {
            &[("currency", "'CHF'"), ("price_year", "2000"), ("discount_rate", "0"), ("measure_costs", "'a.csv'")]
        }
        ("economy", _) => &[("currency", "'CHF'"), ("price_year", "2000"), ("discount_rate", "0")],
        _ => &[],
    }
}

/// Tables that have to stand beside a table.
fn beside(table: &str, key: &str) -> &'static [&'static str] {
    match (table, key) {
        ("traffic", _) => &[],
        // A table of buildings has no surfaces for a sun to shine on, and packages cost only where there are some.
        ("buildings", "table") | ("energy" | "feeder", _) if key != "budget" => {
            &["traffic", "weather", "buildings", "energy"]
        }
        ("people" | "observed" | "output" | "scenario", _) => &["traffic"],
        _ if table.starts_with("traffic.") || table.starts_with("sources.") => &["traffic"],
        _ => &[
            "traffic",
            "weather",
            "buildings",
            "energy",
            "solar",
            "solar.pv.costs",
            "economy",
            "economy.carriers.electricity",
            "economy.carriers.natural_gas",
        ],
    }
}

/// A scenario with the table of a key, and, if given, a value for the key.
fn text_with(path: &str, value: Option<&str>) -> String {
    if path.starts_with("climate.") || path == "weather.downscaled" {
        return climate_keys::text_with(path, value);
    }
    let (table, key) = path.rsplit_once('.').unwrap();
    let lines = |table: &str, wanted: Option<&str>| {
        let mut lines: Vec<(&str, &str)> = needed(table, key).to_vec();
        lines.retain(|(name, _)| wanted.is_none() || *name != key);
        lines.extend(wanted.map(|value| (key, value)));
        lines.iter().map(|(name, value)| format!("{name} = {value}\n")).collect::<String>()
    };
    let others = beside(table, key).iter().filter(|other| **other != table);
    let others: String = others.map(|other| format!("[{other}]\n{}", lines(other, None))).collect();
    let header = table.strip_suffix("[]").map_or(format!("[{table}]"), |table| format!("[[{table}]]"));
    format!("{others}{header}\n{}", lines(table, value))
}

#[test]
fn defaults_are_those_of_the_design() {
    let scenario = read_text(BASE).unwrap();
    let traffic = scenario.traffic.unwrap();
    assert_eq!((scenario.title.as_str(), scenario.seed), ("city", 1));
    assert_eq!(scenario.exports, [ExportFormat::Report]);
    assert_eq!((traffic.time_unit, traffic.length_unit, traffic.period_h), (TimeUnit::Minute, None, 1.0));
    assert_eq!((traffic.demand_factor, traffic.toll_weight, traffic.distance_weight), (1.0, None, None));
    assert_eq!(traffic.skims, [Skim::Cost, Skim::TravelTime]);
    assert_eq!(traffic.defaulted, ["traffic.time_unit = \"min\"", "traffic.period_h = 1.0"]);
    let expected = Assignment {
        solver: Solver::GradientProjection,
        relative_gap: 1e-6,
        max_iterations: 500,
        group_size: 16,
        warm_start: None,
    };
    assert_eq!(traffic.assignment, expected);
    assert_eq!(traffic.network, Path::new("a_net.tntp"));
}

#[test]
fn a_length_unit_brings_the_distance_skim() {
    let traffic = read_text(&format!("{BASE}length_unit = \"km\"\n")).unwrap().traffic.unwrap();
    assert_eq!(traffic.skims, [Skim::Cost, Skim::TravelTime, Skim::Distance]);
}

#[test]
fn every_described_key_changes_the_scenario_and_is_spelled_out() {
    let has_one_value = |path: &str| path.starts_with("climate.variable.tas") && path.ends_with(".kind");
    for (path, key) in all_leaves() {
        // Another deterrence function has other parameters.
        if path == "traffic.distribution.deterrence" || has_one_value(&path) {
            continue;
        }
        let base = read_text(&text_with(&path, None)).unwrap_or_else(|error| panic!("{path}: {error}"));
        let text = text_with(&path, Some(key.example));
        let changed = read_text(&text).unwrap_or_else(|error| panic!("{path}: {error}"));
        assert_ne!(base, changed, "{path}");
        assert!(changed.to_toml().contains(&format!("\n{} = ", key.name)), "{path}");
    }
}

#[test]
fn every_default_of_the_description_is_valid_and_changes_nothing() {
    for (path, key) in all_leaves() {
        let Absent::Means(default) = key.absent else { continue };
        let base = read_text(&text_with(&path, None)).unwrap();
        let mut given = read_text(&text_with(&path, Some(default))).unwrap_or_else(|error| panic!("{path}: {error}"));
        given.traffic.as_mut().unwrap().defaulted.clone_from(&base.traffic.as_ref().unwrap().defaulted);
        assert_eq!(base, given, "{path}");
    }
}

#[test]
fn tables_and_values_of_later_versions_are_problems() {
    let found = problems(read_text(&format!("{BASE}[[variant]]\n")));
    assert_eq!(found.len(), 1);
    assert_eq!((found[0].message.as_str(), found[0].place), ("not available in this version", Some(Place::Line(4))));
    assert_eq!(found[0].key.as_deref(), Some("variant"));
    for (key, value) in [
        ("traffic.network", "roads.osm.pbf"),
        ("people.population", "population.csv"),
        ("people.groups", "[]"),
        ("output.exports", "[\"vtkhdf\"]"),
    ] {
        let found = problems(parse(BASE, Path::new("city.toml"), &with(key, value)));
        let is_told = |problem: &Problem| problem.message.contains("not available in this version");
        assert!(found.iter().any(is_told), "{found:?}");
    }
}

#[test]
fn links_are_the_same_only_if_both_ends_are() {
    let text = format!("{BASE}closed_links = [1, \"1->2\", \"1->3\", \"2->1\", 2]\n");
    assert_eq!(read_text(&text).unwrap().traffic.unwrap().closed_links.len(), 5);
}

#[test]
fn the_document_names_every_key() {
    let document = include_str!("../../../docs/scenario.md");
    for (path, key) in all_leaves() {
        assert!(document.contains(&format!("`{}`", key.name)), "{path}");
    }
}

#[test]
fn values_out_of_range_are_problems() {
    for (key, values) in [
        ("traffic.assignment.relative_gap", &["0", "1", "-1", "nan", "inf", "[]", "true"][..]),
        ("traffic.assignment.max_iterations", &["0", "-1", "1.5", "99999999999999999999"]),
        ("traffic.assignment.group_size", &["0", "1025"]),
        ("traffic.demand_factor", &["-0.1", "nan", "inf", "-inf", "1e999", "2020-01-01"]),
        ("traffic.period_h", &["0", "-1", "nan", "8785"]),
        ("traffic.toll_weight", &["-1", "nan"]),
        ("traffic.closed_links", &["3", "[1.0]", "[\"3\"]", "[\"3->\"]", "[\"a->b\"]", "[[1]]", "[1, 1]"]),
        ("traffic.closed_links", &["[\"1->2\", \" 1 -> 2\"]"]),
        ("traffic.skims", &["[\"costs\"]", "[\"distance\"]", "[\"cost\", \"cost\"]", "\"cost\""]),
        ("traffic.nodes", &["3", "\"\"", "\"a.txt\"", "\"a\\u0000.csv\""]),
        ("traffic.network", &["\"a.csv\""]),
        ("traffic.demand_matrix", &["\"cars\""]),
        ("scenario.title", &["3", "\"\"", "\"a\\nb\""]),
        ("scenario.seed", &["-1", "1.0", "\"1\""]),
        ("sources.x", &["3"]),
        ("sources.\"\".licence", &["\"a\""]),
        ("traffic", &["3", "[]"]),
    ] {
        for value in values {
            let result = parse(BASE, Path::new("city.toml"), &with(key, value));
            let found = problems(result);
            assert!(found[0].key.as_deref().unwrap_or_default().contains(key.split('.').next().unwrap()), "{found:?}");
        }
    }
}

#[test]
fn missing_keys_stand_at_their_table() {
    let found = problems(read_text("[scenario]\n\n[traffic.assignment]\n"));
    let places: Vec<_> = found.iter().map(|problem| (problem.key.clone().unwrap(), problem.place)).collect();
    let line = Some(Place::Line(3));
    assert_eq!(places, [("traffic.network".to_owned(), line), ("traffic.demand".to_owned(), line)]);
    assert_eq!(problems(read_text(""))[0].key.as_deref(), Some("traffic"));
}

#[test]
fn a_syntax_error_does_not_hide_other_problems() {
    let found = problems(read_text("[traffic]\ntime_unit = min\nperiod_h = -1\nperiod_h = 2\n"));
    let lines: Vec<_> = found.iter().map(|problem| problem.place).collect();
    assert_eq!(lines, [2, 3, 4].map(|line| Some(Place::Line(line))));
}

#[test]
fn a_flood_of_problems_is_counted() {
    let text: String = (0..5000).map(|number| format!("k{number} = 1\n")).collect();
    let found = problems(read_text(&text));
    assert_eq!(found.iter().map(|problem| problem.stands_for).sum::<usize>(), 5000);
    assert!(found.len() < 300);
}

/// As many classes and periods as there may be, with a file that does not exist for each pair in turn.
fn many_classes_and_periods() -> String {
    let classes =
        (0..1000).map(|number| format!("[[traffic.class]]\nname = \"{number}\"\ndemand = \"{number}.omx\"\n"));
    let periods = (0..1000).map(|number| {
        format!("[[traffic.period]]\nname = \"{number}\"\nhours = 1\ndemand = {{ \"{number}\" = \"x.omx\", none = \"y.omx\" }}\n")
    });
    format!("{BASE}{}{}", classes.collect::<String>(), periods.collect::<String>())
}

/// Very many models with very many emission scenarios, none of them the same.
fn many_models() -> String {
    let futures = |model: usize| (0..50).map(move |name| format!("\"{model} {name}\" = \"a.nc\",")).collect::<String>();
    let models = (0..2000).map(|model| {
        format!("[climate.variable.tas.model.\"{model}\"]\nhistorical = \"a.nc\"\nfuture = {{ {} }}\n", futures(model))
    });
    format!("[climate.weather]\nmodel = \"x\"\n{}", models.collect::<String>())
}

#[test]
fn hostile_texts_end_soon() {
    for text in [
        format!("a = {}", "[".repeat(100_000)),
        format!("{} = 1", vec!["a"; 100_000].join(".")),
        format!("[{}]", vec!["a"; 100_000].join(".")),
        format!("a = {}", "{a=".repeat(100_000)),
        format!("\"{}\" = 1", "x".repeat(1_000_000)),
        format!("{BASE}closed_links = [{}]", (0..200_000).map(|n| format!("{n},")).collect::<String>() + "\"x\""),
        format!("{BASE}class = [{}", "{name = \"a\"},".repeat(100_000)),
        format!("{BASE}class = {}1{}", "[{name = ".repeat(50_000), "}]".repeat(50_000)),
        format!("{BASE}{}", "[[traffic.period]]\nhours = 1\n[traffic.period.demand]\na = \"b\"\n".repeat(20_000)),
        many_classes_and_periods(),
        format!("[buildings]\ncityjson = [{}]\n", (0..200_000).map(|n| format!("\"{n}.json\",")).collect::<String>()),
        format!("[buildings]\ncityjson = [{}]\n", "\"a.json\",".repeat(200_000)),
        format!("[energy]\nretrofit = [{}]\n", "\"wall_standard\",".repeat(200_000)),
        format!("[energy]\nretrofit = [\"{}\"]\n", "wall_standard+".repeat(70_000)),
        format!("[energy]\ncooled = [{}]\n", "\"office\",".repeat(200_000)),
        format!("[solar.raster]\nhourly_days = [{}]\n", "\"06-21\",".repeat(200_000)),
        format!("[climate]\nfuture_periods = [{}]\n", "[2041, 2070],".repeat(100_000)),
        format!("[climate.variable.tas]\nreference = [{}]\n", "\"a.nc\",".repeat(200_000)),
        many_models(),
        "\u{feff}\u{0}".to_owned(),
    ] {
        assert!(!problems(read_text(&text)).is_empty());
    }
}

/// The template with every key that it shows, without those that are told to stand instead of others.
fn everything() -> String {
    let is_key = |line: &str| line.strip_prefix("# ").is_some_and(|rest| rest.contains(" = ") || rest.starts_with('['));
    let shown = |line: &'_ str| format!("{}\n", if is_key(line) { &line[2..] } else { line });
    let instead = [
        "# tmy3 = ",
        "# downscaled = ",
        "# linke_turbidity = ",
        "# table = ",
        "# archetype_country = ",
        "# pandapower = ",
        "# stations = ",
        "# [climate.weather.place]",
        "# latitude = ",
        "# longitude = ",
        "# elevation_m = ",
    ];
    let text = template("x").replace("trips.tntp", "trips.omx");
    text.lines().filter(|line| !instead.iter().any(|key| line.starts_with(key))).map(shown).collect()
}

#[test]
fn template_is_a_valid_scenario_and_names_every_key() {
    let plain = template("A \"quoted\" title");
    assert_eq!(read_text(&plain).unwrap().title, "A \"quoted\" title");
    for (_, key) in all_leaves() {
        assert!(
            plain.contains(&format!("\n{} = ", key.name)) || plain.contains(&format!("\n# {} = ", key.name)),
            "{}",
            key.name
        );
    }
    let everything = read_text(&everything()).unwrap();
    let traffic = everything.traffic.unwrap();
    assert_eq!((traffic.classes.len(), traffic.volume_delays.len(), traffic.periods.len()), (2, 3, 1));
    assert!(traffic.distribution.is_some() && traffic.system_optimum.is_some() && traffic.braess.is_some());
    assert!(everything.people.is_some() && everything.observed.is_some() && !traffic.selections.is_empty());
    let solar = everything.solar.unwrap();
    assert!(everything.weather.is_some() && everything.buildings.is_some());
    assert!(solar.raster.is_some() && solar.pv.is_some_and(|pv| pv.costs.is_some()));
    let (energy, feeder) = (everything.energy.unwrap(), everything.feeder.unwrap());
    assert_eq!((energy.retrofit.len(), energy.cooled.len(), feeder.hosting.len()), (2, 2, 3));
    assert_eq!(everything.economy.unwrap().carriers.len(), 2);
    let climate = everything.climate.unwrap();
    assert_eq!((climate.variables.len(), climate.future_periods.len()), (2, 2));
    assert!(climate.weather.is_some() && climate.city.is_some_and(|city| city.covariates.len() == 1));
    assert_eq!(everything.sources.len(), 1);
}
