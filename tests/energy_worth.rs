//! What packages save and cost, as sums over the fields of a run say: ranks, budget, and what a feeder is asked to host.
#![allow(clippy::unwrap_used, reason = "a helper that fails fails its test")]
#![allow(dead_code, reason = "helpers are shared with other tests")]

#[path = "common/made_city.rs"]
mod made_city;
#[path = "common/runs.rs"]
mod runs;

use conurb::stages::Metric;
use made_city::{Ran, example, near};
use ndarray::{ArrayD, Axis, IxDyn};

/// Place of the package `heat_pump_standard` in `scenarios/energy.toml`, after none.
const HEAT_PUMP: usize = 5;
/// Prices and emissions of that scenario, of electricity and of natural gas.
const PRICES: [f64; 2] = [0.30, 0.12];
const EMISSIONS: [f64; 2] = [0.27, 0.20];
const BUDGET: f64 = 400_000.0;

/// The town with savings as calculated, so that they are sums of energy bought.
fn town() -> (tempfile::TempDir, Ran) {
    let folder = tempfile::tempdir().unwrap();
    let more = ["--set", "energy.rank_by=\"calculated\"", "--set", "feeder.hosting_draws=1"];
    let ran = Ran::of(folder.path(), &example("energy.toml"), &more);
    (folder, ran)
}

fn values(ran: &Ran, name: &str) -> ArrayD<f64> {
    ran.reader.f64(name).unwrap()
}

/// Energy bought of all carriers over packages and buildings.
fn bought(ran: &Ran) -> ArrayD<f64> {
    values(ran, "final_energy").sum_axis(Axis(0))
}

#[test]
fn ranks_follow_energy_saved_per_investment() {
    let (_folder, ran) = town();
    let (bought, investment) = (bought(&ran), values(&ran, "package_investment"));
    let per_investment = values(&ran, "package_saving_per_investment");
    let ranks = ran.reader.i64("package_rank_by_saving_per_investment").unwrap();
    let mut ranked: Vec<(i64, f64)> = Vec::new();
    for package in 1..bought.shape()[0] {
        for building in 0..bought.shape()[1] {
            let at = IxDyn(&[package, building]);
            let saved = bought[[0, building]] - bought[at.clone()];
            near(per_investment[at.clone()] * investment[at.clone()], saved, 1e-9, "energy saved");
            assert!(saved > 0.0 && ranks[at.clone()] > 0, "each package of this town saves something");
            ranked.push((ranks[at.clone()], per_investment[at]));
        }
    }
    ranked.sort_by_key(|(rank, _)| *rank);
    let places: Vec<i64> = ranked.iter().map(|(rank, _)| *rank).collect();
    assert_eq!(places, (1..=ranked.len() as i64).collect::<Vec<_>>());
    assert!(ranked.is_sorted_by(|(_, one), (_, next)| one >= next), "most per investment comes first");
    assert!((0..bought.shape()[1]).all(|building| ranks[[0, building]] == 0), "none is no package");
}

#[test]
fn costs_and_emissions_are_those_of_what_is_bought() {
    let (_folder, ran) = town();
    let energy = values(&ran, "final_energy");
    for (name, factors) in [("package_energy_cost", PRICES), ("package_emissions", EMISSIONS)] {
        let found = values(&ran, name);
        for ((package, building), value) in found.into_dimensionality::<ndarray::Ix2>().unwrap().indexed_iter() {
            let expected: f64 = (0..2).map(|carrier| factors[carrier] * energy[[carrier, package, building]]).sum();
            near(*value, expected, 1e-9, name);
        }
    }
}

#[test]
fn a_budget_is_kept_and_saves_what_it_says() {
    let (_folder, ran) = town();
    let (investment, emissions) = (values(&ran, "package_investment"), values(&ran, "package_emissions"));
    let chosen = ran.i64("package_chosen");
    let (mut spent, mut saved) = (0.0, 0.0);
    for (building, &package) in chosen.iter().enumerate().filter(|(_, package)| **package > 0) {
        spent += investment[[package as usize, building]];
        saved += emissions[[0, building]] - emissions[[package as usize, building]];
    }
    assert!(spent > 0.0 && spent <= BUDGET, "{spent}");
    let stage = ran.reader.report().stages.iter().find(|stage| stage.name == "energy").unwrap();
    let metric = |name: &str| match stage.metrics.0.iter().find(|(known, _)| known == name).unwrap().1 {
        Metric::Number(number) => number,
        ref other => panic!("{name} is {other:?}"),
    };
    // Costs are counted in cents, rounded up.
    let told = metric("budget_spent");
    assert!((0.0..=0.01 * chosen.len() as f64).contains(&(told - spent)), "{told} {spent}");
    near(metric("budget_saves_kg_co2"), saved, 1e-9, "emissions saved");
}

/// Buildings with a gas boiler get the electricity of a heat pump on top of what they draw: what the package buys more.
#[test]
fn feeders_are_asked_to_host_what_heat_pumps_draw() {
    let (_folder, ran) = town();
    let energy = values(&ran, "final_energy");
    let (loads, buildings) = (values(&ran, "connection_heat_pump_load"), ran.i64("connection_building"));
    assert_eq!(buildings.len(), energy.shape()[2]);
    for (connection, &building) in buildings.iter().enumerate() {
        let building = building as usize;
        let of_package = energy[[0, HEAT_PUMP, building]] - energy[[0, 0, building]];
        let drawn = loads.index_axis(Axis(0), connection).sum() / 1000.0;
        near(drawn, of_package, 1e-4, "electricity of a heat pump in a year, kWh");
    }
}
