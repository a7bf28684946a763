//! User classes: each is in equilibrium at its own costs, and classes that are alike are one.
#![allow(clippy::unwrap_used, reason = "a helper that fails fails its test")]

#[path = "common/mod.rs"]
mod common;
#[path = "common/oracle.rs"]
mod oracle;
#[path = "common/problems.rs"]
mod problems;
#[path = "common/runs.rs"]
mod runs;
#[path = "common/sketch.rs"]
mod sketch;

use std::fmt::Write;
use std::fs;
use std::path::Path;

use conurb::scenario::UserClass;
use oracle::{Streets, UsedPath, used_paths};
use problems::{Case, solved, target};
use sketch::{Finished, assert_close, finish, on_town, sioux_falls};

#[test]
fn classes_that_are_alike_are_one() {
    let folder = sioux_falls();
    let tight = "[traffic.assignment]\nrelative_gap = 1e-12\n";
    let one = finish(folder.path(), "one", &on_town("", tight), &[]);
    let classes = "[[traffic.class]]\nname = \"most\"\ndemand_factor = 0.6\n\
                   [[traffic.class]]\nname = \"others\"\ndemand_factor = 0.4\n";
    let two = finish(folder.path(), "two", &on_town("", &format!("{tight}{classes}")), &[]);
    assert!(one.converged() && two.converged());
    assert_close(&two.values("link_volume_pcu"), &one.values("link_volume"), 1e-6, "volumes");
    let objective = |run: &Finished| run.number("beckmann_objective");
    assert!((objective(&two) / objective(&one) - 1.0).abs() < 1e-10, "{} {}", objective(&two), objective(&one));
    assert!((two.number("vkt") / one.number("vkt") - 1.0).abs() < 1e-6);
    let demand = one.values("demand");
    let split: Vec<f64> = [0.6, 0.4].iter().flat_map(|part| demand.iter().map(move |trips| part * trips)).collect();
    assert_close(&two.values("demand"), &split, 1e-15, "demand");
}

#[test]
fn lorries_of_two_car_units_are_twice_as_many_cars() {
    let folder = sioux_falls();
    let of = |name: &str, factor: f64, pce: f64| {
        let tables = format!(
            "[traffic.assignment]\nrelative_gap = 1e-12\n[[traffic.class]]\nname = \"car\"\ndemand_factor = 0.7\n\
             [[traffic.class]]\nname = \"lorry\"\ndemand_factor = {factor}\npce = {pce}\n"
        );
        finish(folder.path(), name, &on_town("", &tables), &[])
    };
    let (cars, lorries) = (of("cars", 0.3, 1.0), of("lorries", 0.15, 2.0));
    assert_close(&lorries.values("link_volume_pcu"), &cars.values("link_volume_pcu"), 1e-6, "car units");
    let (volume, pcu) = (lorries.values("link_volume"), lorries.values("link_volume_pcu"));
    let (car, lorry) = volume.split_at(pcu.len());
    let summed: Vec<f64> = car.iter().zip(lorry).map(|(car, lorry)| car + 2.0 * lorry).collect();
    assert_close(&summed, &pcu, 1e-12, "cars and lorries");
    // A lorry is one vehicle: vehicle hours are Σ vehicles × time.
    let hours: f64 =
        volume.iter().zip(lorries.values("link_travel_time").iter().cycle()).map(|(v, t)| v * t / 3600.0).sum();
    assert!((lorries.number("vht") / hours - 1.0).abs() < 1e-12);
}

/// Money per hour, per kilometre and pce of the classes of `chicago_sketch`.
const VALUE_OF_TIME: [f64; 2] = [900.0, 3000.0];
const COST_PER_KM: [f64; 2] = [8.0, 25.0];
const PCE: [f64; 2] = [1.0, 1.5];
/// Paths may not pass nodes below this one.
const FIRST_THROUGH_NODE: usize = 388;

/// Two classes with tolls of their own on Chicago-Sketch, to a gap of 1e-12; none without the reference data.
fn chicago_sketch(folder: &Path) -> Option<Finished> {
    let data = common::data_dir()?.canonicalize().unwrap().join("traffic/Chicago-Sketch");
    let tolls = |every: usize, toll: f64| {
        let mut csv = String::from("link_id,toll\n");
        (0..2950).filter(|link| link % every == 3).for_each(|link| writeln!(csv, "{},{toll}", link + 1).unwrap());
        csv
    };
    fs::write(folder.join("car.csv"), tolls(11, 40.0)).unwrap();
    fs::write(folder.join("truck.csv"), tolls(17, 150.0)).unwrap();
    let mut scenario = format!(
        "[traffic]\nnetwork = \"{0}/ChicagoSketch_net.tntp\"\ndemand = \"{0}/ChicagoSketch_trips.tntp\"\n\
         length_unit = \"mi\"\ndistance_weight = 0.04\npath_flows = true\n\
         skims = [\"cost\", \"travel_time\", \"distance\", \"toll\"]\n\
         [output]\nexports = []\n[traffic.assignment]\nrelative_gap = 1e-12\n",
        data.display()
    );
    for (class, (name, factor)) in [("car", 0.9), ("truck", 0.1)].into_iter().enumerate() {
        let (value, per_km, pce) = (VALUE_OF_TIME[class], COST_PER_KM[class], PCE[class]);
        writeln!(
            scenario,
            "[[traffic.class]]\nname = \"{name}\"\ndemand_factor = {factor:?}\nvalue_of_time_per_h = {value:?}\n\
             cost_per_km = {per_km:?}\npce = {pce:?}\ntolls = \"{name}.csv\""
        )
        .unwrap();
    }
    scenario.push_str("banned_links = [1500, 1501]\n");
    Some(finish(folder, "run", &scenario, &["--allow-path", data.to_str().unwrap()]))
}

/// Generalised cost of each link for each class in minutes, from times, tolls and lengths.
fn generalised_costs(run: &Finished) -> Vec<Vec<f64>> {
    let (time, length) = (run.values("link_travel_time"), run.values("link_length"));
    let toll = run.values("link_class_toll");
    let of_class = |class: usize| {
        let toll = &toll[class * time.len()..][..time.len()];
        let minutes_per_money = 60.0 / VALUE_OF_TIME[class];
        let cost = |link: usize| {
            let money = toll[link] + COST_PER_KM[class] * length[link] / 1000.0;
            time[link] / 60.0 + minutes_per_money * money + 0.04 * length[link] / 1609.344
        };
        let mut costs: Vec<f64> = (0..time.len()).map(cost).collect();
        if class == 1 {
            [1500, 1501].iter().for_each(|id: &usize| costs[id - 1] = f64::INFINITY);
        }
        costs
    };
    (0..2).map(of_class).collect()
}

fn assert_each_class_in_equilibrium(run: &Finished, costs: &[Vec<f64>], paths: &[UsedPath]) {
    let mut streets = Streets::of(run);
    let zone_node = run.indices("zone_node");
    let node_id = run.indices("node_id");
    streets.through = node_id.iter().map(|&id| id >= FIRST_THROUGH_NODE).collect();
    let skims = run.array("skim_cost");
    let (mut at, mut search) = ([usize::MAX; 2], None);
    let mut worst = 0.0_f64;
    for path in paths.iter().filter(|path| path.flow > 1e-6) {
        let [class, origin, destination] = path.key;
        if at != [class, origin] {
            at = [class, origin];
            search = Some(streets.search(zone_node[origin], &costs[class], &|_, _| 0.0));
        }
        let least = search.as_ref().unwrap().cost(zone_node[destination]);
        let cost: f64 = path.links.iter().map(|&link| costs[class][link]).sum();
        assert!((path.cost / cost - 1.0).abs() < 1e-12, "{path:?} costs {cost}");
        assert!((skims[[class, origin, destination]] / least - 1.0).abs() < 1e-9, "{path:?}, least {least}");
        let ends = path.links.iter().map(|&link| streets.ends[link]);
        assert!(ends.clone().zip(ends.skip(1)).all(|(one, next)| one[1] == next[0]), "{path:?} does not hang together");
        worst = worst.max(cost / least - 1.0);
    }
    assert!(worst < 1e-8, "a used path is dearer than the cheapest by {worst:e}");
}

/// Every pair's least cost is that of the test's own search, and what time, toll and distance of one path come to.
fn assert_skims_are_least_costs(run: &Finished, costs: &[Vec<f64>]) {
    let mut streets = Streets::of(run);
    streets.through = run.indices("node_id").iter().map(|&id| id >= FIRST_THROUGH_NODE).collect();
    let zone_node = run.indices("zone_node");
    let names = ["skim_cost", "skim_travel_time", "skim_toll", "skim_distance"];
    let skims = names.map(|name| run.array(name));
    let mut n_pairs = 0;
    for (class, costs) in costs.iter().enumerate() {
        for (origin, &from) in zone_node.iter().enumerate() {
            let search = streets.search(from, costs, &|_, _| 0.0);
            for (destination, &to) in zone_node.iter().enumerate() {
                let least = search.cost(to);
                let [cost, time, toll, metres] = skims.each_ref().map(|skim| skim[[class, origin, destination]]);
                let money = toll + COST_PER_KM[class] * metres / 1000.0;
                let parts = time / 60.0 + 60.0 / VALUE_OF_TIME[class] * money + 0.04 * metres / 1609.344;
                let near =
                    |found: f64| (found - least).abs() <= 1e-9 * least || (found.is_nan() && least.is_infinite());
                assert!(near(cost) && near(parts), "{class} {origin} {destination}: {cost}, {parts}, not {least}");
                n_pairs += usize::from(least.is_finite());
            }
        }
    }
    // What trucks may not use is the only way to one of the zones.
    assert_eq!(n_pairs, 2 * 387 * 387 - 386);
}

#[test]
fn each_class_is_in_equilibrium_on_chicago_sketch() {
    let folder = tempfile::tempdir().unwrap();
    let Some(run) = chicago_sketch(folder.path()) else { return };
    assert!(run.converged() && run.number("relative_gap") <= 1e-12);
    let (costs, paths) = (generalised_costs(&run), used_paths(&run));
    let written = run.values("link_class_cost");
    for (class, costs) in costs.iter().enumerate() {
        for (link, &cost) in costs.iter().enumerate() {
            let found = written[class * costs.len() + link];
            assert!((found - cost).abs() <= 1e-12 * cost || (found.is_nan() && cost.is_infinite()), "{found} {cost}");
        }
    }
    assert_each_class_in_equilibrium(&run, &costs, &paths);
    assert_skims_are_least_costs(&run, &costs);
    let mut sums = vec![0.0; written.len()];
    let mut money = [0.0; 2];
    for path in &paths {
        let class = path.key[0];
        path.links.iter().for_each(|&link| sums[class * costs[0].len() + link] += path.flow);
        money[class] += path.flow * path.cost * PCE[class];
    }
    assert_close(&sums, &run.values("link_volume"), 1e-9, "volumes by class");
    assert!(sums[costs[0].len() + 1499] == 0.0 && sums[1499] > 0.0, "the truck's ban alone");
    // What all pay, each truck counted for the 1.5 car units that it is.
    assert!((run.number("total_system_travel_time") / (money[0] + money[1]) - 1.0).abs() < 1e-10);
}

#[test]
fn equal_classes_on_chicago_sketch_have_the_published_optimum() {
    let Some(data) = common::data_dir() else { return };
    let case = Case::with(&data, "ChicagoSketch", |traffic| {
        let class =
            |name: &str, demand_factor| UserClass { name: name.into(), demand_factor, ..traffic.classes[0].clone() };
        traffic.classes = vec![class("most", 0.7), class("others", 0.3)];
    });
    let last = *solved(&case.problem, &target(1e-10)).log.last().unwrap();
    let (objective, total) = (last.objective, last.gaps.total_system_travel_time);
    assert!((objective / case.objective.unwrap() - 1.0).abs() < 1e-9, "{objective}");
    assert!((total / case.total_cost.unwrap() - 1.0).abs() < 1e-7, "{total}");
}
