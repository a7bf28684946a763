//! The `[traffic]` table of a resolved scenario.

use std::path::Path;

use super::{line, list, named, next_table, number, quoted, relative, table};
use crate::scenario::{
    Braess, DelayFunction, Deterrence, Distribution, LinkReference, Period, Selection, Traffic, Turns, UserClass,
    VolumeDelayRule,
};

/// Writes the table and those below it.
pub(super) fn write_traffic(out: &mut String, traffic: &Traffic, folder: &Path) {
    let car = only_car(traffic);
    table(out, "traffic");
    line(out, "network", Some(relative(&traffic.network, folder)));
    line(out, "nodes", traffic.nodes.as_deref().map(|nodes| relative(nodes, folder)));
    line(out, "demand", car.map(|car| relative(&car.demand, folder)));
    line(out, "demand_matrix", car.and_then(|car| car.demand_matrix.as_deref()).map(quoted));
    line(out, "time_unit", Some(quoted(traffic.time_unit.name())));
    line(out, "length_unit", traffic.length_unit.map(|unit| quoted(unit.name())));
    line(out, "period_h", Some(number(traffic.period_h)));
    line(out, "demand_factor", Some(number(traffic.demand_factor)));
    line(out, "toll_weight", traffic.toll_weight.map(number));
    line(out, "distance_weight", traffic.distance_weight.map(number));
    line(out, "closed_links", Some(links(&traffic.closed_links)));
    line(out, "skims", Some(list(traffic.skims.iter().map(|skim| quoted(skim.name())))));
    line(out, "path_flows", Some(traffic.path_flows));
    line(out, "turning_volumes", Some(traffic.turning_volumes));
    write_turns(out, &traffic.turns, folder);
    write_assignment(out, traffic, folder);
    if let Some(distribution) = &traffic.distribution {
        write_distribution(out, distribution, folder);
    }
    if let Some(system_optimum) = &traffic.system_optimum {
        table(out, "traffic.system_optimum");
        line(out, "relative_gap", Some(number(system_optimum.relative_gap)));
    }
    if let Some(Braess { links: candidates, most_loaded }) = &traffic.braess {
        table(out, "traffic.braess");
        line(out, "links", Some(links(candidates)));
        line(out, "most_loaded", Some(most_loaded));
    }
    traffic.classes.iter().filter(|_| car.is_none()).for_each(|class| write_class(out, class, folder));
    traffic.volume_delays.iter().for_each(|rule| write_volume_delay(out, rule));
    traffic.periods.iter().for_each(|period| write_period(out, period, folder));
    traffic.selections.iter().for_each(|selection| write_selection(out, selection));
}

/// The only class, if it is what a scenario without classes has.
fn only_car(traffic: &Traffic) -> Option<&UserClass> {
    let [class] = &traffic.classes[..] else { return None };
    let UserClass { name, demand, demand_matrix, .. } = class;
    let plain = UserClass {
        name: name.clone(),
        demand: demand.clone(),
        demand_matrix: demand_matrix.clone(),
        demand_factor: 1.0,
        pce: 1.0,
        value_of_time_per_h: None,
        cost_per_km: 0.0,
        tolls: None,
        banned_links: Vec::new(),
        banned_link_types: Vec::new(),
    };
    (name == "car" && *class == plain).then_some(class)
}

fn write_turns(out: &mut String, turns: &Turns, folder: &Path) {
    table(out, "traffic.turns");
    line(out, "file", turns.file.as_deref().map(|file| relative(file, folder)));
    line(out, "movements", Some(quoted(turns.movements.name())));
    line(out, "u_turns", Some(quoted(turns.u_turns.name())));
    line(out, "left_turn_s", Some(number(turns.left_turn_s)));
    line(out, "right_turn_s", Some(number(turns.right_turn_s)));
    line(out, "u_turn_s", Some(number(turns.u_turn_s)));
}

fn write_assignment(out: &mut String, traffic: &Traffic, folder: &Path) {
    table(out, "traffic.assignment");
    line(out, "solver", Some(quoted(traffic.assignment.solver.name())));
    line(out, "relative_gap", Some(number(traffic.assignment.relative_gap)));
    line(out, "max_iterations", Some(traffic.assignment.max_iterations));
    line(out, "group_size", Some(traffic.assignment.group_size));
    line(out, "warm_start", traffic.assignment.warm_start.as_deref().map(|run| relative(run, folder)));
}

fn write_distribution(out: &mut String, distribution: &Distribution, folder: &Path) {
    let (name, alpha, beta) = match distribution.deterrence {
        Deterrence::Exponential { beta_per_min } => ("exponential", None, Some(beta_per_min)),
        Deterrence::Power { alpha } => ("power", Some(alpha), None),
        Deterrence::Combined { alpha, beta_per_min } => ("combined", Some(alpha), Some(beta_per_min)),
    };
    table(out, "traffic.distribution");
    line(out, "deterrence", Some(quoted(name)));
    line(out, "beta_per_min", beta.map(number));
    line(out, "alpha", alpha.map(number));
    line(out, "totals", distribution.totals.as_deref().map(|totals| relative(totals, folder)));
    line(out, "tolerance", Some(number(distribution.tolerance)));
    line(out, "max_rounds", Some(distribution.max_rounds));
}

fn write_class(out: &mut String, class: &UserClass, folder: &Path) {
    next_table(out, "traffic.class");
    line(out, "name", Some(quoted(&class.name)));
    line(out, "demand", Some(relative(&class.demand, folder)));
    line(out, "demand_matrix", class.demand_matrix.as_deref().map(quoted));
    line(out, "demand_factor", Some(number(class.demand_factor)));
    line(out, "pce", Some(number(class.pce)));
    line(out, "value_of_time_per_h", class.value_of_time_per_h.map(number));
    line(out, "cost_per_km", Some(number(class.cost_per_km)));
    line(out, "tolls", class.tolls.as_deref().map(|tolls| relative(tolls, folder)));
    line(out, "banned_links", Some(links(&class.banned_links)));
    line(out, "banned_link_types", Some(integers(&class.banned_link_types)));
}

fn write_volume_delay(out: &mut String, rule: &VolumeDelayRule) {
    next_table(out, "traffic.volume_delay");
    line(out, "link_types", Some(integers(&rule.link_types)));
    let function = |out: &mut String, name: &str| line(out, "function", Some(quoted(name)));
    match rule.function {
        DelayFunction::Bpr { b, power } | DelayFunction::Bpr2 { b, power } => {
            function(out, if matches!(rule.function, DelayFunction::Bpr { .. }) { "bpr" } else { "bpr2" });
            line(out, "b", b.map(number));
            line(out, "power", power.map(number));
        }
        DelayFunction::Conical { alpha } => {
            function(out, "conical");
            line(out, "alpha", alpha.map(number));
        }
        DelayFunction::Akcelik { delay_parameter, analysis_period_h } => {
            function(out, "akcelik");
            line(out, "delay_parameter", Some(number(delay_parameter)));
            line(out, "analysis_period_h", analysis_period_h.map(number));
        }
    }
}

fn write_period(out: &mut String, period: &Period, folder: &Path) {
    next_table(out, "traffic.period");
    line(out, "name", Some(quoted(&period.name)));
    line(out, "hours", Some(number(period.hours)));
    line(out, "demand_factor", Some(number(period.demand_factor)));
    let days = period.annual_days.iter().map(|(kind, days)| (kind.clone(), number(*days)));
    line(out, "annual_days", Some(named(days)));
    let files = period.demand.iter().map(|(class, file)| (class.clone(), relative(file, folder)));
    line(out, "demand", Some(named(files)));
    let matrices = period.demand_matrix.iter().map(|(class, matrix)| (class.clone(), quoted(matrix)));
    line(out, "demand_matrix", Some(named(matrices)));
}

fn write_selection(out: &mut String, selection: &Selection) {
    next_table(out, "traffic.select");
    line(out, "name", Some(quoted(&selection.name)));
    line(out, "links", Some(links(&selection.links)));
    line(out, "require", Some(quoted(if selection.all_links { "all" } else { "any" })));
    line(out, "origins", Some(integers(&selection.origins)));
    line(out, "destinations", Some(integers(&selection.destinations)));
}

fn links(links: &[LinkReference]) -> String {
    list(links.iter().map(|link| match link {
        LinkReference::Id(id) => id.to_string(),
        LinkReference::Between(from, to) => quoted(&format!("{from}->{to}")),
    }))
}

fn integers(numbers: &[impl ToString]) -> String {
    list(numbers.iter().map(ToString::to_string))
}
