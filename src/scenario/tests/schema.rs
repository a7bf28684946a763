//! The JSON Schema against the description of all keys, and scenarios against the JSON Schema.

use std::path::Path;

use serde_json::Value;

use super::super::schema::{self as module};
use super::{BASE, all_leaves};
use crate::scenario::{LoadOptions, load, read, schema, template, tree};

#[test]
fn schema_and_description_name_the_same_keys() {
    fn pointers(schema: &Value, path: &str, into: &mut Vec<String>) {
        let tables = [(schema, ""), (&schema["items"], "[]"), (&schema["additionalProperties"], ".\"a.tntp\"")];
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
pub(super) fn satisfies(schema: &Value, value: &Value) -> bool {
    let number = |name: &str| schema[name].as_f64();
    let is_type = match schema["type"].as_str() {
        Some("object") => value.is_object(),
        Some("array") => value.is_array(),
        Some("boolean") => value.is_boolean(),
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
    let is_long = schema["minItems"].as_u64().is_none_or(|least| value.as_array().map_or(0, Vec::len) as u64 >= least);
    let items = value.as_array().is_none_or(|items| items.iter().all(|item| satisfies(&schema["items"], item)));
    // One of several forms says itself what entries it has.
    let entries = value.as_object().filter(|_| schema["anyOf"].is_null()).is_none_or(|entries| {
        let required = schema["required"].as_array().into_iter().flatten();
        required.into_iter().all(|name| entries.contains_key(name.as_str().unwrap()))
            && entries.iter().all(|(name, inner)| match schema["properties"].get(name) {
                Some(form) => satisfies(form, inner),
                None => schema["additionalProperties"].is_object() && satisfies(&schema["additionalProperties"], inner),
            })
    });
    is_type && in_range && in_enum && any && is_long && items && entries
}

pub(super) fn as_json(text: &str) -> Value {
    module::as_json(&tree::grow(text, Path::new("city.toml")).0)
}

/// A climate with a grouping and no more than it needs.
fn climate(grouping: &str) -> String {
    let periods = "reference_period = [1981, 2010]\nfuture_periods = [[2041, 2070]]\n";
    format!("[climate]\ngrouping = {grouping}\n{periods}variable.tas = {{ reference = [\"r.nc\"] }}\n")
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
    assert!(!satisfies(&schema(), &as_json("[traffic]\ndemand = \"a.tntp\"\n")));
    assert!(!satisfies(&schema(), &as_json(&format!("{BASE}periodh = 1\n"))));
    for (text, is_valid) in [
        ("[buildings]\ncityjson = [\"a.json\"]\n", true),
        ("[buildings]\ncityjson = []\n", false),
        ("[buildings]\ncityjson = \"a.json\"\n", false),
        ("[climate]\ngrouping = \"month\"\n", false),
        (&climate("\"month\""), true),
        (&climate("\"months\""), false),
        (&climate("{ day_of_year_window = 5 }"), true),
        (&climate("{ day_of_year_window = 5, pools = \"circular\" }"), false),
        (&climate("{ pool = \"circular\" }"), false),
        ("[solar]\nsky_patches = 577\n", true),
        ("[solar]\nsky_patches = 576\n", false),
    ] {
        assert_eq!(satisfies(&schema(), &as_json(text)), is_valid, "{text}");
    }
}
