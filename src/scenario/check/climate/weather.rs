//! Rules of `[climate.weather]`: what a year of hours is made of.

use std::collections::BTreeSet;

use super::Variable;
use super::models::Runs;
use crate::scenario::check::solar::table;
use crate::scenario::check::{Findings, years};
use crate::scenario::tree::{Entry, Node, Value};
use crate::scenario::wording::{joined, nearest};
use crate::scenario::{ClimateVariable, HourlyMethod};

const PATH: &str = "climate.weather";

/// Reports hours that cannot be made of what is adjusted.
pub(super) fn check_hours(climate: &Entry, variables: &[Variable<'_>], runs: &Runs<'_>, findings: &mut Findings<'_>) {
    let Some(weather) = table(&climate.node, "weather") else { return };
    let node = &weather.node;
    let method = match node.at(&["method"]) {
        None => Some(HourlyMethod::Analogue),
        Some(method) => {
            let named = |known: &HourlyMethod| method.text() == Some(known.name());
            HourlyMethod::ALL.into_iter().find(named)
        }
    };
    if let Some(method) = method {
        check_needs(weather, method, findings);
        check_variables(weather, method, variables, findings);
    }
    check_chosen(weather, "model", &runs.models, findings);
    check_chosen(weather, "future", &runs.futures, findings);
    check_period(&climate.node, weather, findings);
}

/// Reports a donor, a place or a year that is missing or not used.
fn check_needs(weather: &Entry, method: HourlyMethod, findings: &mut Findings<'_>) {
    let name = method.name();
    let (donor, place) = (weather.node.entry("donor"), weather.node.entry("place"));
    match (method, donor) {
        (HourlyMethod::Analogue | HourlyMethod::Morphing, None) => {
            let (why, hint) = (format!("\"{name}\" needs it"), "donor = \"town.epw\"".to_owned());
            findings.add_missing(weather.origin, "climate.weather.donor", &why, hint);
        }
        (HourlyMethod::Geometry, Some(donor)) => {
            let message = format!("\"{name}\" has no donor");
            findings.add(donor.origin, "climate.weather.donor", message, Some("remove it".to_owned()));
        }
        _ => {}
    }
    match (method, place) {
        (HourlyMethod::Geometry, None) => {
            let (why, hint) = (format!("\"{name}\" needs it"), "add [climate.weather.place]".to_owned());
            findings.add_missing(weather.origin, "climate.weather.place", &why, hint);
        }
        (HourlyMethod::Morphing, Some(place)) => {
            let message = format!("\"{name}\" is for the place of its donor");
            findings.add(place.origin, "climate.weather.place", message, Some("remove it".to_owned()));
        }
        _ => {}
    }
    let year = weather.node.at(&["year"]).filter(|year| matches!(year.value, Value::Integer(_)));
    if let Some(year) = year.filter(|_| method == HourlyMethod::Morphing) {
        let message = format!("\"{name}\" moves a year by the change of all of a period, found {}", year.shown());
        findings.add(year.origin, "climate.weather.year", message, Some("year = \"typical\"".to_owned()));
    }
}

/// Reports variables that hours need and nobody adjusts.
fn check_variables(weather: &Entry, method: HourlyMethod, all: &[Variable<'_>], findings: &mut Findings<'_>) {
    use ClimateVariable as V;
    let has = |variable: V| all.iter().any(|own| own.variable == variable);
    let mut missing = Vec::new();
    let has_temperature = has(V::Tas) || has(V::Tasmin) && has(V::Tasmax);
    if method == HourlyMethod::Geometry {
        let extremes = [(V::Tasmin, "tasmin"), (V::Tasmax, "tasmax")];
        missing.extend(extremes.into_iter().filter(|(variable, _)| !has(*variable)).map(|(_, name)| name));
    } else if !has_temperature {
        missing.push("tas, or tasmin and tasmax");
    }
    if method != HourlyMethod::Morphing {
        let others = [(V::Rsds, has(V::Rsds), "rsds"), (V::Hurs, has(V::Hurs) || has(V::Huss), "hurs or huss")];
        missing.extend(others.into_iter().filter(|(_, is_there, _)| !is_there).map(|(_, _, name)| name));
        if !has(V::SfcWind) {
            missing.push("sfcWind");
        }
    }
    for name in missing {
        let message = format!("\"{}\" needs the variable {name}", method.name());
        let first = name.split([',', ' ']).next().unwrap_or(name);
        findings.add(weather.origin, PATH, message, Some(format!("add [climate.variable.{first}]")));
    }
}

/// Reports a model or an emission scenario that there is not, or that several could be meant.
fn check_chosen(weather: &Entry, key: &str, known: &BTreeSet<&str>, findings: &mut Findings<'_>) {
    let path = joined(PATH, key);
    match weather.node.at(&[key]) {
        None if known.len() > 1 => {
            let example = known.first().expect("there are several");
            findings.add_missing(weather.origin, &path, "as there are several", format!("{key} = \"{example}\""));
        }
        Some(chosen) if chosen.text().is_some_and(|text| !known.contains(text)) && !known.is_empty() => {
            let like = chosen.text().and_then(|text| nearest(text, known.iter().copied()));
            let hint = match like {
                Some(name) => format!("did you mean \"{name}\"?"),
                None => format!("there are {}", known.iter().take(10).copied().collect::<Vec<_>>().join(", ")),
            };
            let message = format!("no variable has {}", chosen.shown());
            findings.add(chosen.origin, &path, message, Some(hint));
        }
        _ => {}
    }
}

/// Reports a period that is not one of those that are adjusted, and a year outside it.
fn check_period(climate: &Node, weather: &Entry, findings: &mut Findings<'_>) {
    let periods = climate.at(&["future_periods"]).map_or(&[][..], Node::items);
    let periods: Vec<[i32; 2]> = periods.iter().filter_map(years).collect();
    let shown = || periods.iter().take(10).map(|[from, to]| format!("[{from}, {to}]")).collect::<Vec<_>>().join(", ");
    let given = weather.node.at(&["period"]);
    let year = match weather.node.at(&["year"]).map(|node| (node, &node.value)) {
        Some((node, Value::Integer(year))) => Some((node, *year)),
        _ => None,
    };
    let chosen = match (given, &periods[..]) {
        (_, []) => return,
        (Some(node), _) => {
            let Some(period) = years(node) else { return };
            if !periods.contains(&period) {
                let message = format!("[{}, {}] is none of climate.future_periods", period[0], period[1]);
                return findings.add(
                    node.origin,
                    "climate.weather.period",
                    message,
                    Some(format!("there are {}", shown())),
                );
            }
            period
        }
        (None, [only]) => *only,
        (None, [first, ..]) => {
            let hint = format!("period = [{}, {}]", first[0], first[1]);
            return findings.add_missing(weather.origin, "climate.weather.period", "as there are several", hint);
        }
    };
    if let Some((node, year)) = year.filter(|(_, year)| !(i64::from(chosen[0])..=i64::from(chosen[1])).contains(year)) {
        let message = format!("expected a year of the period [{}, {}], found {year}", chosen[0], chosen[1]);
        findings.add(node.origin, "climate.weather.year", message, None);
    }
}
