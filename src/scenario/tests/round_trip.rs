//! Resolved scenarios read back as themselves, and no text or override makes the reader panic.

use std::path::{Path, PathBuf};

use proptest::prelude::*;

use super::climate_round_trip::{climate, downscaled};
use super::energy_round_trip::with_energy;
use super::schema::{as_json, satisfies};
use super::solar_round_trip::{OfSun, of_sun};
use super::{BASE, everything, read_text, with};
use crate::error::Error;
use crate::scenario::*;

pub(super) fn line_of_text() -> impl Strategy<Value = String> {
    "[ -~äß€\"\\\\]{0,12}[a-z\"\\\\#=]"
}

pub(super) fn path(ending: &'static str) -> impl Strategy<Value = PathBuf> {
    let folder = prop_oneof![Just(""), Just("sub/"), Just("../out/"), Just("/abs/"), Just("a/../")];
    (folder, "[a-z\"\\\\ ]{0,5}[a-z]")
        .prop_map(move |(folder, name)| PathBuf::from("town").join(format!("{folder}{name}{ending}")))
}

/// The path with a number in front of its name, so that no two are the same.
pub(super) fn numbered(path: &Path, number: usize) -> PathBuf {
    path.with_file_name(format!("{number}{}", path.file_name().unwrap().to_str().unwrap()))
}

fn links() -> impl Strategy<Value = Vec<LinkReference>> {
    let link = prop_oneof![
        any::<i64>().prop_map(LinkReference::Id),
        any::<(i64, i64)>().prop_map(|(from, to)| LinkReference::Between(from, to)),
    ];
    proptest::collection::btree_map(any::<u16>(), link, 0..4).prop_map(|links| {
        let mut different: Vec<LinkReference> = Vec::new();
        for link in links.into_values() {
            if !different.contains(&link) {
                different.push(link);
            }
        }
        different
    })
}

fn link_types() -> impl Strategy<Value = Vec<i32>> {
    proptest::collection::btree_set(any::<i32>(), 0..4).prop_map(|types| types.into_iter().collect())
}

fn zones() -> impl Strategy<Value = Vec<i64>> {
    proptest::collection::btree_set(any::<i64>(), 0..4).prop_map(|zones| zones.into_iter().rev().collect())
}

fn class() -> impl Strategy<Value = UserClass> {
    let demand = prop_oneof![path(".omx").prop_map(|path| (path, true)), path(".csv").prop_map(|path| (path, false))];
    let money = (proptest::option::of(1e-3..1e9), 0.0..1e6, proptest::option::of(path(".csv.gz")));
    (
        (demand, proptest::option::of(line_of_text()), 0.0..1e6, 1e-3..=100.0, money, links(), link_types()),
        any::<bool>(),
    )
        .prop_map(|(((demand, is_omx), matrix, factor, pce, money, links, types), is_plain)| {
            let plain = UserClass {
                name: "car".to_owned(),
                demand,
                demand_matrix: matrix.filter(|_| is_omx),
                demand_factor: 1.0,
                pce: 1.0,
                value_of_time_per_h: None,
                cost_per_km: 0.0,
                tolls: None,
                banned_links: Vec::new(),
                banned_link_types: Vec::new(),
            };
            if is_plain {
                return plain;
            }
            UserClass {
                demand_factor: factor,
                pce,
                value_of_time_per_h: money.0,
                cost_per_km: if money.0.is_some() { money.1 } else { 0.0 },
                tolls: money.2,
                banned_links: links,
                banned_link_types: types,
                ..plain
            }
        })
}

fn classes() -> impl Strategy<Value = Vec<UserClass>> {
    let names = proptest::collection::btree_set(line_of_text(), 0..3);
    (proptest::collection::vec(class(), 3), names).prop_map(|(mut classes, names)| {
        classes.truncate(1 + names.len());
        for (number, class) in classes.iter_mut().enumerate() {
            class.demand = numbered(&class.demand, number);
        }
        for (class, name) in classes[1..].iter_mut().zip(names) {
            class.name = name;
        }
        classes
    })
}

fn volume_delays() -> impl Strategy<Value = Vec<VolumeDelayRule>> {
    let b = || proptest::option::of(0.0..1e6);
    let power = || proptest::option::of(0.0..100.0);
    let function = prop_oneof![
        (b(), power()).prop_map(|(b, power)| DelayFunction::Bpr { b, power }),
        (b(), power()).prop_map(|(b, power)| DelayFunction::Bpr2 { b, power }),
        proptest::option::of(1.001..100.0).prop_map(|alpha| DelayFunction::Conical { alpha }),
        (1e-9..1e6, proptest::option::of(1e-3..8784.0)).prop_map(|(delay_parameter, analysis_period_h)| {
            DelayFunction::Akcelik { delay_parameter, analysis_period_h }
        }),
    ];
    let types = proptest::collection::btree_set(any::<i32>(), 2..8);
    (proptest::collection::vec(function, 0..4), types).prop_map(|(functions, types)| {
        let types: Vec<i32> = types.into_iter().collect();
        // Two types for each rule, as long as there are some, and none for the last.
        let mut pairs = types.chunks(2);
        let rule = |function| pairs.next().map(|pair| VolumeDelayRule { link_types: pair.to_vec(), function });
        let mut rules: Vec<VolumeDelayRule> = functions.into_iter().map_while(rule).collect();
        if let Some(last) = rules.last_mut().filter(|_| types.len().is_multiple_of(3)) {
            last.link_types.clear();
        }
        rules
    })
}

fn turns() -> impl Strategy<Value = Turns> {
    let movements = proptest::sample::select(Movements::ALL.to_vec());
    let u_turns = proptest::sample::select(UTurns::ALL.to_vec());
    (proptest::option::of(path(".csv")), movements, u_turns, 0.0..=3600.0, 0.0..=3600.0, 0.0..=3600.0).prop_map(
        |(file, movements, u_turns, left_turn_s, right_turn_s, u_turn_s)| Turns {
            file,
            movements,
            u_turns,
            left_turn_s,
            right_turn_s,
            u_turn_s,
        },
    )
}

/// Periods whose demand is for classes to be named with `of_classes`.
fn periods() -> impl Strategy<Value = Vec<Period>> {
    let days = proptest::collection::btree_map(line_of_text(), 0.0..122.0, 0..=3);
    let period = (1e-3..=24.0, 0.0..1e6, days).prop_map(|(hours, demand_factor, days)| Period {
        name: String::new(),
        hours,
        demand_factor,
        annual_days: days.into_iter().rev().collect(),
        demand: Vec::new(),
        demand_matrix: Vec::new(),
    });
    let names = proptest::collection::btree_set(line_of_text(), 0..3);
    (names, proptest::collection::vec(period, 3)).prop_map(|(names, mut periods)| {
        periods.truncate(names.len());
        periods.iter_mut().zip(names).for_each(|(period, name)| period.name = name);
        periods
    })
}

/// Gives every other class demand of its own in the first period, and its own matrix in the second.
fn of_classes(periods: &mut [Period], classes: &[UserClass]) {
    let is_omx = |class: &&UserClass| class.demand.extension().is_some_and(|extension| extension == "omx");
    for class in classes.iter().step_by(2) {
        let Some(period) = periods.first_mut() else { return };
        period.demand.push((class.name.clone(), class.demand.with_extension("period.omx")));
        period.demand_matrix.push((class.name.clone(), "am \"1\"".to_owned()));
    }
    for class in classes.iter().filter(is_omx) {
        let Some(period) = periods.get_mut(1) else { return };
        period.demand_matrix.push((class.name.clone(), "pm".to_owned()));
    }
}

fn distribution() -> impl Strategy<Value = Distribution> {
    let deterrence = prop_oneof![
        (0.0..1e6).prop_map(|beta_per_min| Deterrence::Exponential { beta_per_min }),
        (0.0..1e6).prop_map(|alpha| Deterrence::Power { alpha }),
        (-1e6..1e6, 0.0..1e6).prop_map(|(alpha, beta_per_min)| Deterrence::Combined { alpha, beta_per_min }),
    ];
    (deterrence, proptest::option::of(path(".csv")), 1e-300..1.0, 1usize..=10_000).prop_map(
        |(deterrence, totals, tolerance, max_rounds)| Distribution { deterrence, totals, tolerance, max_rounds },
    )
}

fn selections() -> impl Strategy<Value = Vec<Selection>> {
    let selection = (line_of_text(), links(), any::<bool>(), zones(), zones()).prop_map(
        |(name, links, all_links, origins, destinations)| Selection { name, links, all_links, origins, destinations },
    );
    let is_some = |selection: &Selection| {
        !(selection.links.is_empty() && selection.origins.is_empty() && selection.destinations.is_empty())
    };
    proptest::collection::vec(selection, 0..3).prop_map(move |mut selections| {
        selections.retain(is_some);
        selections.iter_mut().enumerate().for_each(|(number, selection)| selection.name.push_str(&number.to_string()));
        selections
    })
}

fn assignment() -> impl Strategy<Value = Assignment> {
    let solver = proptest::sample::select(Solver::ALL.to_vec());
    let warm_start = proptest::option::of(path(""));
    (solver, 1e-300..1.0, 1usize..1_000_000, 1usize..=1024, warm_start).prop_map(
        |(solver, relative_gap, max_iterations, group_size, warm_start)| Assignment {
            solver,
            relative_gap,
            max_iterations,
            group_size,
            warm_start,
        },
    )
}

/// What only a solver that keeps paths can do.
type OfPaths = (Option<Distribution>, Option<SystemOptimum>, Option<Braess>, Vec<Selection>, (bool, bool));

fn of_paths() -> impl Strategy<Value = OfPaths> {
    let braess = (links(), 0usize..=1000).prop_map(|(links, most_loaded)| Braess {
        most_loaded: if links.is_empty() { most_loaded.max(1) } else { most_loaded },
        links,
    });
    (
        proptest::option::of(distribution()),
        proptest::option::of((1e-300..1.0).prop_map(|relative_gap| SystemOptimum { relative_gap })),
        proptest::option::of(braess),
        selections(),
        any::<(bool, bool)>(),
    )
}

fn network() -> impl Strategy<Value = (PathBuf, Option<PathBuf>, Option<LengthUnit>)> {
    let length = || proptest::sample::select(LengthUnit::ALL.to_vec());
    let folder = prop_oneof![path(""), Just(PathBuf::from("town/.")), path("/"), path("v1.2")];
    prop_oneof![
        (path(".tntp"), proptest::option::of(path(".csv")), proptest::option::of(length())),
        (folder, Just(None), length().prop_map(Some)),
    ]
}

fn traffic() -> impl Strategy<Value = Traffic> {
    let unit = proptest::sample::select(TimeUnit::ALL.to_vec());
    let weight = || proptest::option::of(0.0..1e6);
    let skims = proptest::sample::subsequence(Skim::ALL.to_vec(), 0..=Skim::ALL.len());
    let numbers = (unit, 1e-3..8784.0, 0.0..1e6, weight(), weight());
    let supply = (network(), links(), volume_delays(), turns());
    (supply, numbers, (classes(), periods()), (skims, assignment(), of_paths())).prop_map(
        |(
            (network, closed_links, volume_delays, turns),
            numbers,
            (classes, periods),
            (skims, assignment, of_paths),
        )| {
            let (network, nodes, length_unit) = network;
            let (distribution, system_optimum, braess, selections, (path_flows, turning_volumes)) = of_paths;
            without_what_is_refused(Traffic {
                network,
                nodes,
                classes,
                time_unit: numbers.0,
                length_unit,
                period_h: numbers.1,
                demand_factor: numbers.2,
                toll_weight: numbers.3,
                distance_weight: numbers.4,
                closed_links,
                volume_delays,
                turns,
                periods,
                assignment,
                distribution,
                system_optimum,
                braess,
                selections,
                skims,
                path_flows,
                turning_volumes,
                defaulted: Vec::new(),
            })
        },
    )
}

fn without_what_is_refused(mut traffic: Traffic) -> Traffic {
    of_classes(&mut traffic.periods, &traffic.classes);
    if traffic.length_unit.is_none() {
        traffic.skims.retain(|skim| *skim != Skim::Distance);
        traffic.classes.iter_mut().for_each(|class| class.cost_per_km = 0.0);
    }
    if traffic.assignment.solver != Solver::GradientProjection {
        traffic.assignment.warm_start = None;
        (traffic.distribution, traffic.system_optimum, traffic.braess) = (None, None, None);
        (traffic.path_flows, traffic.turning_volumes) = (false, false);
        traffic.selections.clear();
    }
    traffic
}

fn scenario_strategy() -> impl Strategy<Value = Scenario> {
    let text = || proptest::option::of(line_of_text());
    let sources = proptest::collection::btree_map(line_of_text(), (text(), text()), 0..3);
    let exports = proptest::sample::subsequence(ExportFormat::ALL.to_vec(), 0..=ExportFormat::ALL.len());
    let people = proptest::option::of(path(".geojson").prop_map(|districts| People { districts }));
    let observed = proptest::option::of(path(".csv").prop_map(|counts| Observed { counts }));
    let general = (line_of_text(), 0..=i64::MAX as u64, text(), text());
    // One of the two at least is there.
    let stages = prop_oneof![
        (traffic().prop_map(Some), Just(OfSun::default())),
        (Just(None), of_sun()),
        (traffic().prop_map(Some), of_sun()),
        (Just(None), with_energy(Just(OfSun::default()))),
        (Just(None), with_energy(of_sun())),
    ];
    let climate = proptest::option::of(climate());
    (general, stages, (people, observed), climate, sources, exports).prop_map(
        |((title, seed, crs, timezone), (traffic, sun), (people, observed), climate, sources, exports)| Scenario {
            file: PathBuf::from("town/city.toml"),
            title,
            seed,
            crs,
            timezone,
            people: people.filter(|_| traffic.is_some()),
            observed: observed.filter(|_| traffic.is_some()),
            traffic,
            weather: sun.weather.map(|weather| downscaled(weather, sun.energy.as_ref(), climate.as_ref())),
            buildings: sun.buildings,
            solar: sun.solar,
            energy: sun.energy,
            climate,
            feeder: sun.feeder,
            economy: sun.economy,
            sources: sources
                .into_iter()
                .map(|(input, (licence, attribution))| Source { input, licence, attribution })
                .collect(),
            exports,
        },
    )
}

proptest! {
    #[test]
    fn resolved_text_gives_the_same_scenario(scenario in scenario_strategy()) {
        let text = scenario.to_toml();
        let again = parse(&text, &scenario.file, &LoadOptions::default());
        prop_assert_eq!(again.map_err(|error| format!("{error}\n{text}")), Ok(scenario));
        prop_assert!(satisfies(&schema(), &as_json(&text)));
    }

    #[test]
    fn mutated_texts_never_panic(at in any::<usize>(), byte in any::<u8>(), cut in any::<usize>()) {
        let mut bytes = everything().into_bytes();
        let end = bytes.len();
        bytes[at % end] = byte;
        bytes.truncate(end - cut % 2 * (cut % end));
        let text = String::from_utf8_lossy(&bytes).into_owned();
        if let Ok(scenario) = read_text(&text) {
            prop_assert!(scenario.traffic.is_some_and(|traffic| traffic.demand_factor >= 0.0));
        }
    }

    #[test]
    fn any_override_is_taken_or_told(key in "[a-z.\"\\[\\]#= \n]{0,12}", value in ".{0,12}") {
        if let Err(Error::Input(found)) = parse(BASE, Path::new("city.toml"), &with(&key, &value)) {
            prop_assert!(!found.is_empty());
        }
    }
}
