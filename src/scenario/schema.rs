//! The JSON Schema of scenario files, made from the description of all keys.

use serde_json::{Map, Value, json};

use super::keys::{Absent, Bound, Built, FileKinds, Form, Key, MOST_TABLES, ROOT, Table, YEARS};
use super::tree::{self, Node};

/// The JSON Schema (2020-12) of the scenario files that this version runs.
pub fn schema() -> Value {
    let mut schema = Map::new();
    schema.insert("$schema".to_owned(), json!("https://json-schema.org/draft/2020-12/schema"));
    schema.insert("title".to_owned(), json!("conurb scenario"));
    schema.extend(table_schema(&ROOT));
    Value::Object(schema)
}

fn table_schema(table: &'static Table) -> Map<String, Value> {
    let properties: Map<String, Value> =
        table.built().map(|key| (key.name.to_owned(), Value::Object(key_schema(key)))).collect();
    let required: Vec<&str> =
        table.keys.iter().filter(|key| matches!(key.absent, Absent::Required)).map(|key| key.name).collect();
    let mut schema = Map::new();
    schema.insert("description".to_owned(), json!(table.about));
    schema.insert("type".to_owned(), json!("object"));
    schema.insert("properties".to_owned(), Value::Object(properties));
    schema.insert("additionalProperties".to_owned(), json!(false));
    if !required.is_empty() {
        schema.insert("required".to_owned(), json!(required));
    }
    schema
}

fn key_schema(key: &'static Key) -> Map<String, Value> {
    let mut schema = form_schema(&key.form);
    let unit = key.unit.map(|unit| format!(" Unit: {unit}.")).unwrap_or_default();
    let absent = match key.absent {
        Absent::Unset(consequences) => format!(" If left out: {consequences}."),
        Absent::Required | Absent::Means(_) => String::new(),
    };
    schema.insert("description".to_owned(), json!(format!("{}{unit}{absent}", key.about)));
    if let Absent::Means(default) = key.absent {
        schema.insert("default".to_owned(), as_json(&tree::value(default).expect("a described default is TOML")));
    }
    if let Some(example) = tree::value(key.example) {
        schema.insert("examples".to_owned(), json!([as_json(&example)]));
    }
    schema
}

fn form_schema(form: &Form) -> Map<String, Value> {
    let schema = match form {
        Form::Text => json!({"type": "string", "pattern": "\\S"}),
        Form::Shaped(shape) => json!({"type": "string", "pattern": shape.pattern}),
        Form::Flag => json!({"type": "boolean"}),
        Form::Path(kinds) if kinds.folder.is_some() => json!({"type": "string", "pattern": "\\S"}),
        Form::WordOrPath(..) => json!({"type": "string", "pattern": "\\S"}),
        Form::Path(kinds) => json!({"type": "string", "pattern": ending_pattern(kinds)}),
        Form::Files(kinds) => {
            json!({"type": "array", "items": form_schema(&Form::Path(kinds)), "minItems": 1, "uniqueItems": true})
        }
        Form::FileOrFiles(kinds) => {
            json!({"anyOf": [form_schema(&Form::Path(kinds)), form_schema(&Form::Files(kinds))]})
        }
        Form::Years => {
            let year = form_schema(&Form::Integer(*YEARS.start(), *YEARS.end()));
            json!({"type": "array", "items": year, "minItems": 2, "maxItems": 2})
        }
        Form::WordOrInteger(words, least, most) => {
            json!({"anyOf": [form_schema(&Form::Choice(words)), form_schema(&Form::Integer(*least, *most))]})
        }
        Form::WordOrTable(words, table) => {
            json!({"anyOf": [form_schema(&Form::Choice(words)), table_schema(table)]})
        }
        Form::NumberOrMonths(least, most) => {
            let number = range_schema(*least, *most);
            json!({"anyOf": [number, {"type": "array", "items": number, "minItems": 12, "maxItems": 12}]})
        }
        Form::OneOf(numbers) => json!({"enum": numbers}),
        Form::Integer(i64::MIN, i64::MAX) => json!({"type": "integer"}),
        Form::Integer(least, i64::MAX) => json!({"type": "integer", "minimum": least}),
        Form::Integer(least, most) => json!({"type": "integer", "minimum": least, "maximum": most}),
        Form::Number(least, most) => Value::Object(range_schema(*least, *most)),
        Form::Choice(choices) => {
            let built = choices.iter().filter(|choice| choice.built == Built::Now);
            json!({"enum": built.map(|choice| choice.name).collect::<Vec<_>>()})
        }
        Form::Link => {
            json!({"anyOf": [{"type": "integer"}, {"type": "string", "pattern": "^\\s*[+-]?[0-9]+\\s*->\\s*[+-]?[0-9]+\\s*$"}]})
        }
        Form::List(item) => json!({"type": "array", "items": form_schema(item), "uniqueItems": true}),
        Form::NamedValues(value) => json!({"type": "object", "additionalProperties": form_schema(value)}),
        Form::Tables(table) => json!({"type": "array", "items": table_schema(table), "maxItems": MOST_TABLES}),
        Form::Table(table) => Value::Object(table_schema(table)),
        Form::Named(table) => json!({"type": "object", "additionalProperties": table_schema(table)}),
        Form::Later => json!({"not": {}}),
    };
    let Value::Object(schema) = schema else { unreachable!("every form is described by an object") };
    schema
}

fn range_schema(least: Bound, most: Bound) -> Map<String, Value> {
    let (least_name, least) = match least {
        Bound::Included(bound) => ("minimum", bound),
        Bound::Excluded(bound) => ("exclusiveMinimum", bound),
    };
    let (most_name, most) = match most {
        Bound::Included(bound) => ("maximum", bound),
        Bound::Excluded(bound) => ("exclusiveMaximum", bound),
    };
    let entries = [("type", json!("number")), (least_name, json!(least)), (most_name, json!(most))];
    entries.into_iter().map(|(name, value)| (name.to_owned(), value)).collect()
}

fn ending_pattern(kinds: &FileKinds) -> String {
    let endings: Vec<String> = kinds.endings.iter().map(|ending| ending.replace('.', "\\.")).collect();
    format!("({})$", endings.join("|"))
}

/// A TOML value as JSON.
pub(super) fn as_json(node: &Node) -> Value {
    match &node.value {
        tree::Value::Text(text) | tree::Value::Other(text) => json!(text),
        tree::Value::Integer(number) => json!(number),
        tree::Value::Number(number) => json!(number),
        tree::Value::Flag(flag) => json!(flag),
        tree::Value::List(items) => items.iter().map(as_json).collect(),
        tree::Value::Table(entries) => {
            Value::Object(entries.iter().map(|entry| (entry.name.clone(), as_json(&entry.node))).collect())
        }
    }
}
