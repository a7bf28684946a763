//! `datapackage.json`: what a written folder's tables are, in the terms of frictionless data.

use serde_json::{Map, Value, json};

use crate::formats::gmns::schema::{CONFIG, Column, LINK, MOVEMENT, NODE, VERSION, ZONE};

/// A column of a table that names rows of another: the column, the table, and the column there.
type Key = [&'static str; 3];

const NODE_KEYS: &[Key] = &[["zone_id", "zone", "zone_id"]];
const LINK_KEYS: &[Key] = &[["from_node_id", "node", "node_id"], ["to_node_id", "node", "node_id"]];
const MOVEMENT_KEYS: &[Key] =
    &[["node_id", "node", "node_id"], ["ib_link_id", "link", "link_id"], ["ob_link_id", "link", "link_id"]];

/// Describes a folder with these columns of results about links and, where it has movements, about them.
///
/// Tables of results begin with their ids: `link_id`, `from_node`, `to_node`, and `mvmt_id`.
pub fn datapackage(title: &str, link_results: &[String], turn_results: Option<&[String]>) -> Value {
    let mut resources = vec![
        resource("config", "units", fields(CONFIG), None, &[]),
        resource("node", "nodes", fields(NODE), Some("node_id"), NODE_KEYS),
        resource("zone", "zones", fields(ZONE), Some("zone_id"), &[]),
        resource("link", "one-way links", fields(LINK), Some("link_id"), LINK_KEYS),
        resource(
            "link_performance",
            "results by link; not a table of GMNS",
            results(&["link_id", "from_node", "to_node"], link_results),
            Some("link_id"),
            &[["link_id", "link", "link_id"]],
        ),
    ];
    if let Some(turn_results) = turn_results {
        resources.push(resource("movement", "turns", fields(MOVEMENT), Some("mvmt_id"), MOVEMENT_KEYS));
        resources.push(resource(
            "movement_performance",
            "results by turn; not a table of GMNS",
            results(&["mvmt_id"], turn_results),
            Some("mvmt_id"),
            &[["mvmt_id", "movement", "mvmt_id"]],
        ));
    }
    json!({
        "name": "gmns-network",
        "title": title,
        "description": format!("A network in the General Modeling Network Specification, version {VERSION}"),
        "resources": resources,
    })
}

fn fields(columns: &[Column]) -> Vec<Value> {
    columns.iter().map(Column::field).collect()
}

fn results(ids: &[&str], columns: &[String]) -> Vec<Value> {
    let ids = ids.iter().map(|name| json!({ "name": name, "type": "any" }));
    ids.chain(columns.iter().map(|name| json!({ "name": name, "type": "number" }))).collect()
}

fn resource(name: &str, about: &str, fields: Vec<Value>, primary: Option<&str>, keys: &[Key]) -> Value {
    let keys: Vec<Value> = keys
        .iter()
        .map(|[fields, table, to]| json!({ "fields": fields, "reference": { "resource": table, "fields": to } }))
        .collect();
    let mut schema = Map::new();
    schema.insert("fields".to_owned(), fields.into());
    schema.insert("missingValues".to_owned(), json!(["NaN", ""]));
    if let Some(primary) = primary {
        schema.insert("primaryKey".to_owned(), primary.into());
    }
    if !keys.is_empty() {
        schema.insert("foreignKeys".to_owned(), keys.into());
    }
    json!({
        "name": name,
        "description": about,
        "path": format!("{name}.csv"),
        "format": "csv",
        "mediatype": "text/csv",
        "encoding": "utf-8",
        "schema": schema,
    })
}
