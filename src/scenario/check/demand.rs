//! Rules of user classes and periods: whose demand is whose.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Component, PathBuf};

use super::Findings;
use super::rules::{check_unique_names, ends, has_length_unit, tables};
use crate::scenario::files::anchored;
use crate::scenario::tree::{Entry, Node, Origin, shortened};
use crate::scenario::wording::{joined, listed, nearest};

/// The class that trips of no other have.
const CAR: &str = "car";

/// A class by what it takes its demand from.
#[derive(Clone, Copy)]
struct Class<'t> {
    name: &'t str,
    origin: Origin,
    demand: Option<&'t Node>,
    matrix: Option<&'t Node>,
    /// Whether it has a factor of its own.
    has_factor: bool,
}

/// Reports what is wrong with the demand of classes, and with their costs.
pub(super) fn check_classes(entry: &Entry, findings: &mut Findings<'_>) {
    let traffic = &entry.node;
    let items = tables(traffic, "class");
    check_unique_names(items, "traffic.class", "classes", findings);
    check_shared_demand(entry, items, findings);
    check_shared_matrix(traffic, items, findings);
    for item in items {
        check_class_matrix(traffic, item, findings);
        check_cost_per_km(traffic, item, findings);
    }
    for (one, other) in same_demand(&classes(traffic), findings) {
        findings.add(other.origin, "traffic.class", alike(one, other), matrix_or_factor());
    }
}

/// Reports what is wrong with periods.
pub(super) fn check_periods(traffic: &Node, findings: &mut Findings<'_>) {
    let items = tables(traffic, "period");
    check_unique_names(items, "traffic.period", "periods", findings);
    let classes = classes(traffic);
    for item in items {
        check_days(item, findings);
        check_period_demand(item, &classes, findings);
    }
}

/// Reports more days than a year has; a single kind of day that has more is told by its own range.
fn check_days(item: &Node, findings: &mut Findings<'_>) {
    const OF_A_YEAR: f64 = 366.0;
    const ROUNDING: f64 = 1e-9;
    let Some(days) = item.at(&["annual_days"]) else { return };
    let numbers: Vec<f64> = days.entries().iter().filter_map(|entry| entry.node.number()).collect();
    let sum: f64 = numbers.iter().sum();
    if sum > OF_A_YEAR + ROUNDING && numbers.iter().all(|number| (0.0..=OF_A_YEAR).contains(number)) {
        let message = format!("expected at most {OF_A_YEAR} days in all, found {sum}");
        findings.add(days.origin, "traffic.period.annual_days", message, None);
    }
}

/// Reports demand that nobody takes and classes without any.
fn check_shared_demand(entry: &Entry, items: &[Node], findings: &mut Findings<'_>) {
    let takes = |item: &&Node| item.at(&["demand"]).is_none();
    match entry.node.at(&["demand"]) {
        None if items.is_empty() => {
            let hint = "demand = \"town_trips.tntp\"".to_owned();
            findings.add_missing(entry.origin, "traffic.demand", "it is required", hint);
        }
        None => {
            for item in items.iter().filter(takes) {
                let why = "and there is no traffic.demand that the class could take";
                findings.add_missing(item.origin, "traffic.class.demand", why, "demand = \"trucks.csv\"".to_owned());
            }
        }
        Some(demand) => {
            let car = items.iter().any(|item| item.at(&["name"]).and_then(Node::text) == Some(CAR));
            if car && !items.iter().any(|item| takes(&item)) {
                let hint = format!("remove it, or the demand of the class \"{CAR}\"");
                let message = "used by no class, each has a demand of its own".to_owned();
                findings.add(demand.origin, "traffic.demand", message, Some(hint));
            }
        }
    }
}

/// Reports a matrix that nobody takes.
fn check_shared_matrix(traffic: &Node, items: &[Node], findings: &mut Findings<'_>) {
    let (demand, Some(matrix)) = (traffic.at(&["demand"]), traffic.at(&["demand_matrix"])) else { return };
    let mut taking = items.iter().filter(|item| item.at(&["demand"]).is_none()).peekable();
    let message = if demand.is_none() && !items.is_empty() {
        "there is no traffic.demand that it could be of"
    } else if ends(demand, &[".omx"]) == Some(false) {
        "only an .omx file has named matrices"
    } else if taking.peek().is_some() && taking.all(|item| item.at(&["demand_matrix"]).is_some()) {
        "used by no class, each that takes traffic.demand has a matrix of its own"
    } else {
        return;
    };
    findings.add(matrix.origin, "traffic.demand_matrix", message.to_owned(), Some("remove it".to_owned()));
}

fn check_class_matrix(traffic: &Node, item: &Node, findings: &mut Findings<'_>) {
    let demand = item.at(&["demand"]).or(traffic.at(&["demand"]));
    if let (Some(matrix), Some(false)) = (item.at(&["demand_matrix"]), ends(demand, &[".omx"])) {
        let message = "only an .omx file has named matrices".to_owned();
        findings.add(matrix.origin, "traffic.class.demand_matrix", message, Some("remove it".to_owned()));
    }
}

fn check_cost_per_km(traffic: &Node, item: &Node, findings: &mut Findings<'_>) {
    let Some(cost) = item.at(&["cost_per_km"]).filter(|cost| cost.number().is_some_and(|cost| cost > 0.0)) else {
        return;
    };
    let key = "traffic.class.cost_per_km";
    if item.at(&["value_of_time_per_h"]).is_none() {
        let hint = "value_of_time_per_h = 30.0".to_owned();
        findings.add(cost.origin, key, "needs value_of_time_per_h".to_owned(), Some(hint));
    }
    if !has_length_unit(traffic) {
        let hint = "length_unit = \"km\"".to_owned();
        findings.add(cost.origin, key, "needs traffic.length_unit".to_owned(), Some(hint));
    }
}

/// All classes with their demand, as `resolve` makes them.
fn classes(traffic: &Node) -> Vec<Class<'_>> {
    let shared = (traffic.at(&["demand"]), traffic.at(&["demand_matrix"]));
    let class = |item| class(item, shared);
    let listed: Vec<Class<'_>> = tables(traffic, "class").iter().filter_map(class).collect();
    let all_have_their_own = tables(traffic, "class").iter().all(|item| item.at(&["demand"]).is_some());
    let car = shared.0.filter(|_| all_have_their_own).map(|demand| Class {
        name: CAR,
        origin: demand.origin,
        demand: Some(demand),
        matrix: shared.1,
        has_factor: false,
    });
    car.into_iter().chain(listed).collect()
}

/// A class of the file; none without a name, which is told already.
fn class<'t>(item: &'t Node, shared: (Option<&'t Node>, Option<&'t Node>)) -> Option<Class<'t>> {
    let (own, matrix) = (item.at(&["demand"]), item.at(&["demand_matrix"]));
    let (demand, matrix) = if own.is_some() { (own, matrix) } else { (shared.0, matrix.or(shared.1)) };
    let has_factor = item.at(&["demand_factor"]).is_some();
    Some(Class { name: item.at(&["name"])?.text()?, origin: item.origin, demand, matrix, has_factor })
}

/// Pairs of classes with the same trips: one of them is a mistake of copying, unless a factor says which part is whose.
fn same_demand<'t>(classes: &[Class<'t>], findings: &Findings<'_>) -> Vec<(Class<'t>, Class<'t>)> {
    let mut seen: BTreeMap<(PathBuf, Option<&str>), Class<'t>> = BTreeMap::new();
    let mut pairs = Vec::new();
    for class in classes.iter().filter(|class| !class.has_factor) {
        let Some((demand, text)) = class.demand.and_then(|demand| Some((demand, demand.text()?))) else { continue };
        let path = anchored(findings.folder(), demand.origin, text);
        let path = path.components().filter(|part| *part != Component::CurDir).collect();
        let other = seen.insert((path, class.matrix.and_then(Node::text)), *class);
        // Two classes of one name are told already.
        pairs.extend(other.filter(|other| other.name != class.name).map(|other| (other, *class)));
    }
    pairs
}

fn alike(one: Class<'_>, other: Class<'_>) -> String {
    format!("classes {} and {} have the same demand", shown(one.name), shown(other.name))
}

fn matrix_or_factor() -> Option<String> {
    Some("name another matrix, or tell with demand_factor which part is whose".to_owned())
}

fn check_period_demand(item: &Node, classes: &[Class<'_>], findings: &mut Findings<'_>) {
    let [files, matrices] = ["demand", "demand_matrix"].map(|key| named(item, key));
    check_class_names("traffic.period.demand", &files, classes, findings);
    check_class_names("traffic.period.demand_matrix", &matrices, classes, findings);
    if files.is_empty() && matrices.is_empty() {
        return;
    }
    let mut of_period = Vec::with_capacity(classes.len());
    for class in classes {
        let (file, matrix) = (files.get(class.name).copied(), matrices.get(class.name).copied());
        let demand = file.map(|entry| &entry.node).or(class.demand);
        let is_omx = ends(demand, &[".omx"]);
        if let (Some(entry), Some(false)) = (matrix, is_omx) {
            let key = joined("traffic.period.demand_matrix", &entry.name);
            let message = "only an .omx file has named matrices".to_owned();
            findings.add(entry.origin, &key, message, Some("remove it".to_owned()));
        }
        of_period.push(Class {
            origin: file.or(matrix).map_or(item.origin, |entry| entry.origin),
            demand,
            matrix: matrix.map(|entry| &entry.node).or(class.matrix.filter(|_| is_omx == Some(true))),
            ..*class
        });
    }
    let has_own = |class: &Class<'_>| files.contains_key(class.name) || matrices.contains_key(class.name);
    for (one, other) in same_demand(&of_period, findings) {
        // Else it is told of the classes.
        if has_own(&one) || has_own(&other) {
            findings.add(other.origin, "traffic.period.demand", alike(one, other), matrix_or_factor());
        }
    }
}

fn check_class_names(key: &str, named: &Named<'_>, classes: &[Class<'_>], findings: &mut Findings<'_>) {
    const MOST_LISTED: usize = 8;
    // Nobody reads more, and each suggestion looks at every class.
    const MOST_SUGGESTED: usize = 200;
    let known: BTreeSet<&str> = classes.iter().map(|class| class.name).collect();
    for (name, entry) in named.iter().filter(|(name, _)| !known.contains(*name)) {
        let like = Some(name).filter(|_| findings.problems.len() < MOST_SUGGESTED);
        let hint = match like.and_then(|name| nearest(name, known.iter().copied())) {
            Some(like) => format!("did you mean {}?", shown(like)),
            None => format!("name {}", listed(known.iter().take(MOST_LISTED).map(|name| shown(name)).collect())),
        };
        let message = "there is no class of that name".to_owned();
        findings.add(entry.origin, &joined(key, name), message, Some(hint));
    }
}

/// Entries of an inline table by name.
type Named<'t> = BTreeMap<&'t str, &'t Entry>;

fn named<'t>(item: &'t Node, key: &str) -> Named<'t> {
    item.at(&[key]).map_or(&[][..], Node::entries).iter().map(|entry| (&*entry.name, entry)).collect()
}

fn shown(name: &str) -> String {
    format!("\"{}\"", shortened(name))
}
