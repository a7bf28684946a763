//! Rules of volume-delay functions, distribution, the search for paradoxes and selections.

use std::collections::BTreeSet;

use super::Findings;
use super::rules::{check_unique_names, tables};
use crate::scenario::tree::{Node, Value};
use crate::scenario::wording::listed;

/// Which parameters a function has.
struct Parameters {
    function: &'static str,
    needed: &'static [&'static str],
    optional: &'static [&'static str],
}

const DELAY_FUNCTIONS: [Parameters; 4] = [
    Parameters { function: "bpr", needed: &[], optional: &["b", "power"] },
    Parameters { function: "bpr2", needed: &[], optional: &["b", "power"] },
    Parameters { function: "conical", needed: &[], optional: &["alpha"] },
    Parameters { function: "akcelik", needed: &["delay_parameter"], optional: &["analysis_period_h"] },
];

const DETERRENCE_FUNCTIONS: [Parameters; 3] = [
    Parameters { function: "exponential", needed: &["beta_per_min"], optional: &[] },
    Parameters { function: "power", needed: &["alpha"], optional: &[] },
    Parameters { function: "combined", needed: &["alpha", "beta_per_min"], optional: &[] },
];

/// Reports parameters that do not go with their function and link types that two rules are for.
pub(super) fn check_volume_delays(traffic: &Node, findings: &mut Findings<'_>) {
    let path = "traffic.volume_delay";
    let mut seen = BTreeSet::new();
    let mut others = 0;
    for rule in tables(traffic, "volume_delay") {
        check_parameters(rule, "function", &DELAY_FUNCTIONS, path, findings);
        let types = rule.at(&["link_types"]).map_or(&[][..], Node::items);
        // A type twice within one rule is told with its list.
        let own: BTreeSet<i64> = types.iter().filter_map(integer).collect();
        for link_type in types.iter().filter(|item| integer(item).is_some_and(|number| seen.contains(&number))) {
            let message = format!("two rules are for the link type {}", link_type.shown());
            findings.add(link_type.origin, &format!("{path}.link_types"), message, None);
        }
        seen.extend(own);
        others += usize::from(types.is_empty());
        if types.is_empty() && others > 1 {
            let message = "two rules are for all links of no other rule".to_owned();
            findings.add(rule.origin, path, message, Some("link_types = [1, 2]".to_owned()));
        }
    }
}

/// Reports parameters that do not go with the deterrence function.
pub(super) fn check_distribution(traffic: &Node, findings: &mut Findings<'_>) {
    let path = "traffic.distribution";
    let Some(table) = traffic.at(&["distribution"]) else { return };
    check_parameters(table, "deterrence", &DETERRENCE_FUNCTIONS, path, findings);
    let is_power = table.at(&["deterrence"]).and_then(Node::text) == Some("power");
    let alpha = table.at(&["alpha"]).filter(|alpha| alpha.number().is_some_and(|alpha| alpha < 0.0));
    if let (true, Some(alpha)) = (is_power, alpha) {
        let message = format!("expected a number of at least 0 for \"power\", found {}", alpha.shown());
        findings.add(alpha.origin, &format!("{path}.alpha"), message, None);
    }
}

/// Reports a search that has no candidates.
pub(super) fn check_braess(traffic: &Node, findings: &mut Findings<'_>) {
    let Some(entry) = traffic.entry("braess").filter(|entry| matches!(entry.node.value, Value::Table(_))) else {
        return;
    };
    let has_links = entry.node.at(&["links"]).is_some_and(is_said);
    let has_most_loaded = entry.node.at(&["most_loaded"]).is_some_and(|count| integer(count) != Some(0));
    if !has_links && !has_most_loaded {
        let message = "expected links or most_loaded, found neither".to_owned();
        findings.add(entry.origin, "traffic.braess", message, Some("most_loaded = 20".to_owned()));
    }
}

/// Reports selections that select nothing and names that two of them have.
pub(super) fn check_selections(traffic: &Node, findings: &mut Findings<'_>) {
    let items = tables(traffic, "select");
    check_unique_names(items, "traffic.select", "selections", findings);
    for item in items.iter().filter(|item| matches!(item.value, Value::Table(_))) {
        if !["links", "origins", "destinations"].iter().any(|key| item.at(&[key]).is_some_and(is_said)) {
            let message = "expected links, origins or destinations, found none of them".to_owned();
            findings.add(item.origin, "traffic.select", message, Some("links = [12, \"3->4\"]".to_owned()));
        }
    }
}

/// Whether a value says something: any but an empty list.
fn is_said(node: &Node) -> bool {
    !matches!(&node.value, Value::List(items) if items.is_empty())
}

fn integer(node: &Node) -> Option<i64> {
    match node.value {
        Value::Integer(number) => Some(number),
        _ => None,
    }
}

fn check_parameters(table: &Node, key: &str, all: &[Parameters], path: &str, findings: &mut Findings<'_>) {
    let function = table.at(&[key]).and_then(Node::text);
    let Some(own) = all.iter().find(|parameters| Some(parameters.function) == function) else { return };
    let of = |parameters: &Parameters| [parameters.needed, parameters.optional].concat();
    let has = of(own);
    let mut others: Vec<&str> = all.iter().flat_map(of).filter(|name| !has.contains(name)).collect();
    others.sort_unstable();
    others.dedup();
    for entry in others.into_iter().filter_map(|name| table.entry(name)) {
        let message = format!("\"{}\" has no {}", own.function, entry.name);
        let hint = format!("it has {}", listed(has.iter().map(|name| (*name).to_owned()).collect()));
        findings.add(entry.origin, &format!("{path}.{}", entry.name), message, Some(hint));
    }
    for name in own.needed.iter().filter(|name| table.entry(name).is_none()) {
        let why = format!("\"{}\" needs it", own.function);
        findings.add_missing(table.origin, &format!("{path}.{name}"), &why, format!("{name} = 0.1"));
    }
}
