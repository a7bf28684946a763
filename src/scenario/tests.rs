//! Tests of the whole way from text to scenario and back.

use std::path::{Path, PathBuf};

use proptest::prelude::*;
use serde_json::Value;

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
    let expected =
        Assignment { solver: Solver::GradientProjection, relative_gap: 1e-6, max_iterations: 500, group_size: 16 };
    assert_eq!(traffic.assignment, expected);
    assert_eq!(traffic.network, Path::new("a_net.tntp"));
}

#[test]
fn a_length_unit_brings_the_distance_skim() {
    let traffic = read_text(&format!("{BASE}length_unit = \"km\"\n")).unwrap().traffic.unwrap();
    assert_eq!(traffic.skims, Skim::ALL);
}

#[test]
fn every_described_key_changes_the_scenario_and_is_spelled_out() {
    let base = read_text(BASE).unwrap();
    for (path, key) in all_leaves() {
        let mut options = with(&path, key.example);
        if path == "traffic.demand_matrix" {
            options.overrides.push(("traffic.demand".to_owned(), "a.omx".to_owned()));
        }
        let changed = parse(BASE, Path::new("city.toml"), &options).unwrap_or_else(|error| panic!("{path}: {error}"));
        assert_ne!(base, changed, "{path}");
        assert!(changed.to_toml().contains(&format!("\n{} = ", key.name)), "{path}");
    }
}

#[test]
fn every_default_of_the_description_is_valid_and_changes_nothing() {
    let base = read_text(BASE).unwrap();
    for (path, key) in all_leaves() {
        let Absent::Means(default) = key.absent else { continue };
        let mut given = parse(BASE, Path::new("city.toml"), &with(&path, default)).unwrap();
        given.traffic.as_mut().unwrap().defaulted.clone_from(&base.traffic.as_ref().unwrap().defaulted);
        assert_eq!(base, given, "{path}");
    }
}

#[test]
fn tables_and_values_of_later_versions_are_problems() {
    for table in ["people", "weather", "buildings", "solar", "energy", "climate", "economy", "observed"] {
        let found = problems(read_text(&format!("{BASE}[{table}]\n")));
        assert_eq!(found.len(), 1, "{table}");
        assert_eq!(
            (found[0].message.as_str(), found[0].place),
            ("not available in this version", Some(Place::Line(4)))
        );
    }
    for table in ["variant", "traffic.class", "traffic.period"] {
        assert_eq!(problems(read_text(&format!("{BASE}[[{table}]]\n")))[0].key.as_deref(), Some(table));
    }
    for (key, value) in [
        ("traffic.assignment.solver", "msa"),
        ("traffic.network", "roads.osm.pbf"),
        ("traffic.network", "gmns/"),
        ("output.exports", "[\"vtkhdf\"]"),
    ] {
        let found = problems(parse(BASE, Path::new("city.toml"), &with(key, value)));
        assert!(found[0].to_string().contains("not available in this version"), "{}", found[0]);
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

#[test]
fn hostile_texts_end_soon() {
    for text in [
        format!("a = {}", "[".repeat(100_000)),
        format!("{} = 1", vec!["a"; 100_000].join(".")),
        format!("[{}]", vec!["a"; 100_000].join(".")),
        format!("a = {}", "{a=".repeat(100_000)),
        format!("\"{}\" = 1", "x".repeat(1_000_000)),
        format!("{BASE}closed_links = [{}]", (0..200_000).map(|n| format!("{n},")).collect::<String>() + "\"x\""),
        "\u{feff}\u{0}".to_owned(),
    ] {
        assert!(!problems(read_text(&text)).is_empty());
    }
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
    let is_key = |line: &str| line.strip_prefix("# ").is_some_and(|rest| rest.contains(" = ") || rest.starts_with('['));
    let all: String = plain
        .lines()
        .map(|line| if is_key(line) { &line[2..] } else { line })
        .map(|line| format!("{line}\n"))
        .collect();
    let everything = parse(&all, Path::new("city.toml"), &with("traffic.demand", "a.omx")).unwrap();
    assert_eq!(everything.sources.len(), 1);
}

#[test]
fn schema_and_description_name_the_same_keys() {
    fn pointers(schema: &Value, path: &str, into: &mut Vec<String>) {
        let tables = [(schema, ""), (&schema["additionalProperties"], ".\"a.tntp\"")];
        let table = tables.into_iter().find(|(table, _)| table["properties"].is_object());
        let Some((table, name)) = table else { return into.push(path.to_owned()) };
        assert_eq!(table["additionalProperties"], false, "{path}");
        for (key, inner) in table["properties"].as_object().unwrap() {
            let inner_path = if path.is_empty() { key.clone() } else { format!("{path}{name}.{key}") };
            assert!(inner["description"].is_string(), "{inner_path}");
            pointers(inner, &inner_path, into);
        }
    }
    let mut in_schema = Vec::new();
    pointers(&schema(), "", &mut in_schema);
    let known: Vec<String> = all_leaves().into_iter().map(|(path, _)| path).collect();
    assert_eq!(in_schema, known);
}

/// Whether a value satisfies the parts of JSON Schema that the scenario's schema uses, patterns aside.
fn satisfies(schema: &Value, value: &Value) -> bool {
    let number = |name: &str| schema[name].as_f64();
    let is_type = match schema["type"].as_str() {
        Some("object") => value.is_object(),
        Some("array") => value.is_array(),
        Some("string") => value.is_string(),
        Some("integer") => value.is_i64(),
        Some("number") => value.is_number(),
        _ => true,
    };
    let in_range = value.as_f64().is_none_or(|x| {
        number("minimum").is_none_or(|bound| x >= bound)
            && number("maximum").is_none_or(|bound| x <= bound)
            && number("exclusiveMinimum").is_none_or(|bound| x > bound)
            && number("exclusiveMaximum").is_none_or(|bound| x < bound)
    });
    let in_enum = schema["enum"].as_array().is_none_or(|words| words.contains(value));
    let any = schema["anyOf"].as_array().is_none_or(|forms| forms.iter().any(|form| satisfies(form, value)));
    let items = value.as_array().is_none_or(|items| items.iter().all(|item| satisfies(&schema["items"], item)));
    let entries = value.as_object().is_none_or(|entries| {
        let required = schema["required"].as_array().into_iter().flatten();
        required.into_iter().all(|name| entries.contains_key(name.as_str().unwrap()))
            && entries.iter().all(|(name, inner)| match schema["properties"].get(name) {
                Some(form) => satisfies(form, inner),
                None => schema["additionalProperties"].is_object() && satisfies(&schema["additionalProperties"], inner),
            })
    });
    is_type && in_range && in_enum && any && items && entries
}

fn as_json(text: &str) -> Value {
    schema::as_json(&tree::grow(text, Path::new("city.toml")).0)
}

#[test]
fn committed_scenarios_and_the_template_satisfy_the_schema() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("scenarios");
    let entries = std::fs::read_dir(folder).into_iter().flatten().map(|entry| entry.unwrap().path());
    let files = entries.filter(|path| path.extension().is_some_and(|extension| extension == "toml"));
    for file in files {
        load(&file, &LoadOptions::default()).unwrap_or_else(|error| panic!("{error}"));
        assert!(satisfies(&schema(), &as_json(&read(&file).unwrap())), "{}", file.display());
    }
    assert!(satisfies(&schema(), &as_json(&template("x"))));
    assert!(!satisfies(&schema(), &as_json("[traffic]\nnetwork = \"a.tntp\"\n")));
    assert!(!satisfies(&schema(), &as_json(&format!("{BASE}periodh = 1\n"))));
}

fn line_of_text() -> impl Strategy<Value = String> {
    "[ -~äß€\"\\\\]{0,12}[a-z\"\\\\#=]"
}

fn traffic_strategy() -> impl Strategy<Value = Traffic> {
    let path = |ending: &'static str| {
        let folder = prop_oneof![Just(""), Just("sub/"), Just("../out/"), Just("/abs/"), Just("a/../")];
        (folder, "[a-z\"\\\\ ]{1,6}").prop_map(move |(folder, name)| format!("{folder}{name}{ending}"))
    };
    let link = prop_oneof![
        any::<i64>().prop_map(LinkReference::Id),
        any::<(i64, i64)>().prop_map(|(from, to)| LinkReference::Between(from, to)),
    ];
    let unit = proptest::sample::select(TimeUnit::ALL.to_vec());
    let length = proptest::option::of(proptest::sample::select(LengthUnit::ALL.to_vec()));
    let weight = || proptest::option::of(0.0..1e6);
    let links = proptest::collection::btree_map(any::<u16>(), link, 0..4);
    let skims = proptest::sample::subsequence(vec![Skim::Cost, Skim::TravelTime], 0..=2);
    let solver = proptest::sample::select(Solver::ALL.to_vec());
    let assignment = (solver, 1e-300..1.0, 1usize..1_000_000, 1usize..=1024);
    (
        (path(".tntp"), proptest::option::of(path(".csv")), path(".omx"), proptest::option::of(line_of_text())),
        (unit, length, 1e-3..8784.0, 0.0..1e6, weight(), weight()),
        (links, skims, assignment),
    )
        .prop_map(|((network, nodes, demand, demand_matrix), units, (links, skims, assignment))| Traffic {
            network: PathBuf::from("town").join(network),
            nodes: nodes.map(|nodes| PathBuf::from("town").join(nodes)),
            demand: PathBuf::from("town").join(demand),
            demand_matrix,
            time_unit: units.0,
            length_unit: units.1,
            period_h: units.2,
            demand_factor: units.3,
            toll_weight: units.4,
            distance_weight: units.5,
            closed_links: links.into_values().collect(),
            assignment: Assignment {
                solver: assignment.0,
                relative_gap: assignment.1,
                max_iterations: assignment.2,
                group_size: assignment.3,
            },
            skims,
            defaulted: Vec::new(),
        })
}

fn scenario_strategy() -> impl Strategy<Value = Scenario> {
    let text = || proptest::option::of(line_of_text());
    let sources = proptest::collection::btree_map(line_of_text(), (text(), text()), 0..3);
    let exports = proptest::sample::subsequence(ExportFormat::ALL.to_vec(), 0..=5);
    (line_of_text(), 0..=i64::MAX as u64, text(), text(), traffic_strategy(), sources, exports).prop_map(
        |(title, seed, crs, timezone, traffic, sources, exports)| Scenario {
            file: PathBuf::from("town/city.toml"),
            title,
            seed,
            crs,
            timezone,
            traffic: Some(traffic),
            sources: sources
                .into_iter()
                .map(|(input, (licence, attribution))| Source { input, licence, attribution })
                .collect(),
            exports,
        },
    )
}

proptest! {
    #[test]
    fn resolved_text_gives_the_same_scenario(scenario in scenario_strategy()) {
        let text = scenario.to_toml();
        let again = parse(&text, &scenario.file, &LoadOptions::default());
        prop_assert_eq!(again.map_err(|error| format!("{error}\n{text}")), Ok(scenario));
        prop_assert!(satisfies(&schema(), &as_json(&text)));
    }

    #[test]
    fn mutated_texts_never_panic(at in 0..2000usize, byte in any::<u8>(), cut in 0..2000usize) {
        let mut bytes = template("x").into_bytes();
        let end = bytes.len();
        bytes[at % end] = byte;
        bytes.truncate(end - cut % end);
        let text = String::from_utf8_lossy(&bytes).into_owned();
        if let Ok(scenario) = read_text(&text) {
            prop_assert!(scenario.traffic.is_some_and(|traffic| traffic.demand_factor >= 0.0));
        }
    }

    #[test]
    fn any_override_is_taken_or_told(key in "[a-z.\"\\[\\]#= \n]{0,12}", value in ".{0,12}") {
        if let Err(Error::Input(found)) = parse(BASE, Path::new("city.toml"), &with(&key, &value)) {
            prop_assert!(!found.is_empty());
        }
    }
}
