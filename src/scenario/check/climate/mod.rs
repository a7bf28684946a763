//! Rules of `[climate]`: periods, methods and variables that go together.

mod models;
mod places;
mod weather;

use super::Findings;
use super::solar::table;
use crate::scenario::check::years;
use crate::scenario::tree::{Entry, Node, Value};
use crate::scenario::{AdjustmentMethod, BiasKind, ClimateVariable, Regrid};
use models::check_models;
use places::check_city;
use weather::check_hours;

/// Periods that a scenario can have.
const MOST_PERIODS: usize = 100;

/// A `[climate.variable.NAME]` table.
struct Variable<'t> {
    variable: ClimateVariable,
    entry: &'t Entry,
    /// Its method, whoever says so.
    method: AdjustmentMethod,
}

impl Variable<'_> {
    fn path(&self) -> String {
        format!("climate.variable.{}", self.variable.name())
    }
}

/// Reports what does not go together in `[climate]`, and a downscaled weather that nothing makes.
pub(super) fn check_climate(root: &Node, findings: &mut Findings<'_>) {
    check_downscaled(root, findings);
    let Some(climate) = table(root, "climate") else { return };
    check_periods(&climate.node, findings);
    check_window(&climate.node, findings);
    let variables = variables(&climate.node);
    if let Some(none) = table(&climate.node, "variable").filter(|_| variables.is_empty())
        && none.node.entries().is_empty()
    {
        let hint = "add [climate.variable.tas]".to_owned();
        findings.add(none.origin, "climate.variable", "expected at least one variable".to_owned(), Some(hint));
    }
    for variable in &variables {
        check_kind(variable, findings);
        check_method(&climate.node, variable, &variables, findings);
    }
    let runs = check_models(&variables, findings);
    check_city(&climate.node, findings);
    check_hours(climate, &variables, &runs, findings);
}

/// The variables of the scenario, in the order of [`ClimateVariable::ALL`].
fn variables(climate: &Node) -> Vec<Variable<'_>> {
    let method = |of: &Node| {
        let text = of.at(&["method"])?.text()?;
        AdjustmentMethod::ALL.into_iter().find(|method| method.name() == text)
    };
    let shared = method(climate).unwrap_or(AdjustmentMethod::QuantileDeltaMapping);
    let Some(tables) = table(climate, "variable") else { return Vec::new() };
    let known = |variable: ClimateVariable| {
        let entry = table(&tables.node, variable.name())?;
        Some(Variable { variable, entry, method: method(&entry.node).unwrap_or(shared) })
    };
    ClimateVariable::ALL.into_iter().filter_map(known).collect()
}

fn check_downscaled(root: &Node, findings: &mut Findings<'_>) {
    let downscaled = root.at(&["weather", "downscaled"]).filter(|node| matches!(node.value, Value::Flag(true)));
    let Some(downscaled) = downscaled.filter(|_| root.at(&["climate", "weather"]).is_none()) else { return };
    let hint = Some("add [climate.weather]".to_owned());
    findings.add(downscaled.origin, "weather.downscaled", "needs [climate.weather]".to_owned(), hint);
}

fn check_periods(climate: &Node, findings: &mut Findings<'_>) {
    let path = "climate.future_periods";
    let Some(list) = climate.at(&["future_periods"]).filter(|node| matches!(node.value, Value::List(_))) else {
        return;
    };
    let items = list.items();
    if items.is_empty() || items.len() > MOST_PERIODS {
        let message = format!("expected 1 to {MOST_PERIODS} periods, found {}", items.len());
        return findings.add(list.origin, path, message, Some("future_periods = [[2041, 2070]]".to_owned()));
    }
    let mut periods: Vec<([i32; 2], &Node)> = items.iter().filter_map(|item| Some((years(item)?, item))).collect();
    let is_in_order = periods.is_sorted_by_key(|(period, _)| *period);
    periods.sort_by_key(|(period, _)| *period);
    if !is_in_order {
        // The days of all periods are one axis of time.
        let sorted: Vec<String> = periods.iter().map(|([from, to], _)| format!("[{from}, {to}]")).collect();
        let hint = format!("future_periods = [{}]", sorted.join(", "));
        findings.add(list.origin, path, "expected the earliest period first".to_owned(), Some(hint));
    }
    for pair in periods.windows(2) {
        let [([from, to], _), ([next, end], item)] = pair else { continue };
        if next <= to {
            let message = format!("the periods [{from}, {to}] and [{next}, {end}] overlap");
            findings.add(item.origin, path, message, None);
        }
    }
}

fn check_window(climate: &Node, findings: &mut Findings<'_>) {
    let window = climate.at(&["grouping", "day_of_year_window"]);
    if let Some(even) = window.filter(|node| matches!(node.value, Value::Integer(days) if days % 2 == 0)) {
        let message = format!("expected an odd number, found {}", even.shown());
        findings.add(even.origin, "climate.grouping.day_of_year_window", message, None);
    }
}

fn check_kind(variable: &Variable<'_>, findings: &mut Findings<'_>) {
    let kind = variable.entry.node.at(&["kind"]);
    let is_ratio = |node: &&Node| node.text() == Some(BiasKind::Multiplicative.name());
    if let Some(kind) = kind.filter(is_ratio).filter(|_| variable.variable.is_temperature()) {
        let message = "biases of temperatures are differences, as their zero is a convention".to_owned();
        findings.add(
            kind.origin,
            &format!("{}.kind", variable.path()),
            message,
            Some("kind = \"additive\"".to_owned()),
        );
    }
}

/// Reports a method that does not go with its variable, or needs others.
fn check_method(climate: &Node, variable: &Variable<'_>, all: &[Variable<'_>], findings: &mut Findings<'_>) {
    use AdjustmentMethod as Method;
    let method = variable.method.name();
    // What is wrong with the method of all stands at each variable that it is wrong for.
    let own = variable.entry.node.at(&["method"]);
    let (origin, path) = (own.map_or(variable.entry.origin, |node| node.origin), format!("{}.method", variable.path()));
    let mut add = |message: String, hint: String| findings.add(origin, &path, message, Some(hint));
    match variable.method {
        Method::LocalIntensityScaling if variable.variable != ClimateVariable::Pr => add(
            format!("\"{method}\" is of precipitation, not of {}", variable.variable.name()),
            "method = \"linear_scaling\"".to_owned(),
        ),
        Method::Multivariate if all.iter().filter(|other| other.method == Method::Multivariate).count() < 2 => add(
            format!("\"{method}\" needs two variables or more that have it"),
            "method = \"quantile_delta_mapping\"".to_owned(),
        ),
        Method::QuantilePreservingLocalizedAnalogues
            if climate.at(&["regrid"]).and_then(Node::text) == Some(Regrid::None.name()) =>
        {
            add(format!("\"{method}\" needs climate.regrid other than \"none\""), "regrid = \"bilinear\"".to_owned());
        }
        Method::Isimip3 | Method::Isimip3Nonparametric
            if climate.at(&["grouping"]).and_then(Node::text) == Some("all") =>
        {
            add(
                format!("\"{method}\" needs climate.grouping by months or days of the year"),
                "grouping = \"month\"".to_owned(),
            );
        }
        _ => {}
    }
}
