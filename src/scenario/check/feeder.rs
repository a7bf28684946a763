//! Rules of a feeder: which files go together, and what loads it.

use super::Findings;
use super::energy::check_pair;
use super::solar::table;
use crate::scenario::tree::{Entry, Node};
use crate::scenario::wording::joined;

/// Reports what does not go together in `[feeder]`.
pub(super) fn check_feeder(root: &Node, findings: &mut Findings<'_>) {
    let Some(feeder) = table(root, "feeder") else { return };
    let node = &feeder.node;
    check_network(feeder, findings);
    check_pair(node, ("feeder", "voltage_limits_pu"), findings);
    if let (Some(connections), None) = (node.entry("connections"), root.entry("energy")) {
        let message = "needs [energy], which says what buildings draw".to_owned();
        findings.add(connections.origin, "feeder.connections", message, Some("add [energy]".to_owned()));
    }
    let hosting = node.at(&["hosting"]).map_or(&[][..], Node::items);
    let heat_pump = hosting.iter().find(|item| item.text() == Some("heat_pump"));
    if let (Some(heat_pump), None) = (heat_pump, node.entry("connections")) {
        let message = "\"heat_pump\" needs feeder.connections, as buildings say what it draws".to_owned();
        findings.add(heat_pump.origin, "feeder.hosting", message, Some("connections = \"connections.csv\"".to_owned()));
    }
}

fn check_network(feeder: &Entry, findings: &mut Findings<'_>) {
    let node = &feeder.node;
    match (node.entry("lines"), node.entry("pandapower")) {
        (None, None) => {
            let why = "and there is no feeder.pandapower either";
            findings.add_missing(feeder.origin, "feeder.lines", why, "lines = \"feeder_lines.csv\"".to_owned());
        }
        (Some(_), Some(pandapower)) => {
            let message = "the network is that of one file, and feeder.lines names one too".to_owned();
            findings.add(pandapower.origin, "feeder.pandapower", message, Some("remove one of them".to_owned()));
        }
        (None, Some(_)) => {
            for entry in ["loads", "slack_pu", "base_kv"].into_iter().filter_map(|name| node.entry(name)) {
                let message = "a network of pandapower has its own".to_owned();
                findings.add(entry.origin, &joined("feeder", &entry.name), message, Some("remove it".to_owned()));
            }
        }
        (Some(_), None) if node.entry("loads").is_none() && node.entry("connections").is_none() => {
            let why = "and there are no feeder.connections either";
            findings.add_missing(feeder.origin, "feeder.loads", why, "loads = \"feeder_loads.csv\"".to_owned());
        }
        (Some(_), None) => {}
    }
}
