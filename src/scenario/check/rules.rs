//! Rules that hold between keys: which tables need others, and what network and solver go with.

use std::collections::BTreeSet;

use super::analyses::{check_braess, check_distribution, check_selections, check_volume_delays};
use super::demand::{check_classes, check_periods};
use super::{Findings, MOST_TABLES};
use crate::scenario::keys::NETWORK_FILES;
use crate::scenario::tree::{Entry, Node, Origin};

const PATHS_SOLVER: &str = "gradient_projection";

/// Reports everything that does not go together.
pub(super) fn check_rules(root: &Node, findings: &mut Findings<'_>) {
    let Some(entry) = root.entry("traffic") else { return check_without_traffic(root, findings) };
    let traffic = &entry.node;
    check_network(traffic, findings);
    check_classes(entry, findings);
    check_periods(traffic, findings);
    check_solver(traffic, findings);
    check_volume_delays(traffic, findings);
    check_distribution(traffic, findings);
    check_braess(traffic, findings);
    check_selections(traffic, findings);
}

/// The tables of an array such as `[[traffic.class]]`, as many as a scenario may have.
pub(super) fn tables<'t>(table: &'t Node, name: &str) -> &'t [Node] {
    let items = table.at(&[name]).map_or(&[][..], Node::items);
    &items[..items.len().min(MOST_TABLES)]
}

/// Reports names that two tables of an array have.
pub(super) fn check_unique_names(items: &[Node], path: &str, what: &str, findings: &mut Findings<'_>) {
    let mut seen = BTreeSet::new();
    for name in items.iter().filter_map(|item| item.at(&["name"])) {
        if name.text().is_some_and(|text| !seen.insert(text)) {
            findings.add(name.origin, &format!("{path}.name"), format!("two {what} are named {}", name.shown()), None);
        }
    }
}

/// Whether lengths have a unit; those of a GMNS folder always do.
pub(super) fn has_length_unit(traffic: &Node) -> bool {
    traffic.at(&["length_unit"]).is_some() || is_folder(traffic)
}

/// Whether a key names a file with one of these endings; nothing is known of what is no text.
pub(super) fn ends(node: Option<&Node>, endings: &[&str]) -> Option<bool> {
    let text = node.and_then(Node::text)?;
    Some(endings.iter().any(|ending| text.ends_with(ending)))
}

fn is_folder(traffic: &Node) -> bool {
    traffic.at(&["network"]).and_then(Node::text).is_some_and(|text| NETWORK_FILES.is_folder(text))
}

fn check_without_traffic(root: &Node, findings: &mut Findings<'_>) {
    let mut asks = false;
    for entry in root.entries() {
        asks |= !["scenario", "sources", "output"].contains(&&*entry.name);
        if ["people", "observed"].contains(&&*entry.name) {
            let hint = Some("add a [traffic] table".to_owned());
            findings.add(entry.origin, &entry.name, "needs [traffic]".to_owned(), hint);
        }
    }
    if !asks {
        let why = "no other table asks for anything to be computed";
        findings.add_missing(
            Origin::Line(1),
            "traffic",
            why,
            "add a [traffic], [solar], [energy], [feeder] or [climate] table".to_owned(),
        );
    }
}

fn check_network(traffic: &Node, findings: &mut Findings<'_>) {
    let skims = traffic.at(&["skims"]).map_or(&[][..], Node::items);
    if let Some(distance) = skims.iter().find(|skim| skim.text() == Some("distance"))
        && !has_length_unit(traffic)
    {
        let message = "\"distance\" needs traffic.length_unit".to_owned();
        findings.add(distance.origin, "traffic.skims", message, Some("length_unit = \"km\"".to_owned()));
    }
    match (traffic.at(&["network"]), traffic.at(&["nodes"])) {
        (network @ Some(node), None) if ends(network, &[".csv", ".csv.gz"]) == Some(true) => {
            let hint = "nodes = \"nodes.csv\"".to_owned();
            findings.add_missing(node.origin, "traffic.nodes", "a network in CSV needs it", hint);
        }
        (_, Some(nodes)) if is_folder(traffic) => {
            let message = "a GMNS folder has its own nodes".to_owned();
            findings.add(nodes.origin, "traffic.nodes", message, Some("remove it".to_owned()));
        }
        _ => {}
    }
}

/// Reports what needs paths, which one solver alone keeps.
fn check_solver(traffic: &Node, findings: &mut Findings<'_>) {
    const TABLES: [&str; 4] = ["distribution", "system_optimum", "braess", "select"];
    let solver = traffic.at(&["assignment", "solver"]).and_then(Node::text).unwrap_or(PATHS_SOLVER);
    if !["bi_conjugate_frank_wolfe", "msa"].contains(&solver) {
        return;
    }
    let flags = ["path_flows", "turning_volumes"].into_iter().filter_map(|name| traffic.entry(name));
    let flags = flags.filter(|entry| entry.node.shown() == "true");
    let tables = TABLES.into_iter().filter_map(|name| traffic.entry(name));
    let tables = tables.filter(|entry| entry.node.shown() == "a table" || !entry.node.items().is_empty());
    let warm_start = traffic.at(&["assignment"]).and_then(|assignment| assignment.entry("warm_start"));
    let needing = flags.chain(tables).map(|entry| (format!("traffic.{}", entry.name), origin_of(entry)));
    let warm_start = warm_start.map(|entry| ("traffic.assignment.warm_start".to_owned(), entry.origin));
    for (key, origin) in needing.chain(warm_start) {
        let message = format!("needs traffic.assignment.solver = \"{PATHS_SOLVER}\", found \"{solver}\"");
        findings.add(origin, &key, message, None);
    }
}

/// Where a table or the first of several begins.
fn origin_of(entry: &Entry) -> Origin {
    entry.node.items().first().map_or(entry.origin, |first| first.origin)
}
