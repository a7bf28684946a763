//! The method of successive averages: the textbook's steps exactly, and the equilibrium of the other solvers.
#![allow(clippy::unwrap_used, reason = "a helper that fails fails its test")]

#[path = "common/runs.rs"]
mod runs;
#[path = "common/sketch.rs"]
mod sketch;

use runs::{BRAESS_SCENARIO, braess};
use sketch::{Finished, STREET, Street, assert_close, finish, on_town, sioux_falls, two_zones};

fn solver(name: &str, gap: f64, max_iterations: usize) -> String {
    format!("[traffic.assignment]\nsolver = \"{name}\"\nrelative_gap = {gap:e}\nmax_iterations = {max_iterations}\n")
}

#[test]
fn each_iteration_goes_a_part_of_one_over_n_plus_one() {
    // 10 (1 + v / 100) and 15 (1 + v / 200) for 307.3 trips: all on the cheaper, a half, a third, … of the way.
    let streets = [STREET, Street { id: 2, time: 15.0, capacity: 200.0, ..STREET }];
    let folder = two_zones(&streets, 307.3).folder();
    for max_iterations in [1, 2, 3, 10, 41] {
        let mut volumes = [307.3, 0.0];
        let mut gap = 0.0;
        for iteration in 1..=max_iterations {
            let [first, second] = [10.0 + 0.1 * volumes[0], 15.0 + 0.075 * volumes[1]];
            let total = first * volumes[0] + second * volumes[1];
            gap = 1.0 - 307.3 * f64::min(first, second) / total;
            if iteration < max_iterations {
                let target = if first <= second { [307.3, 0.0] } else { [0.0, 307.3] };
                let part = 1.0 / (iteration as f64 + 1.0);
                volumes = [0, 1].map(|street| volumes[street] + part * (target[street] - volumes[street]));
            }
        }
        let tables = solver("msa", 1e-12, max_iterations);
        let run = finish(folder.path(), &format!("run{max_iterations}"), &on_town("", &tables), &[]);
        assert_close(&run.values("link_volume"), &volumes, 1e-12, "volumes");
        assert!((run.number("relative_gap") - gap).abs() < 1e-12);
        assert_eq!((run.number("iterations"), run.converged()), (max_iterations as f64, false));
    }
}

/// Averages reach their gap, and an objective above the least by no more than the gap allows.
fn assert_averages_agree(averages: &Finished, paths: &Finished) {
    assert!(averages.converged() && averages.number("relative_gap") <= 1e-3);
    let [above, total] = [
        averages.number("beckmann_objective") - paths.number("beckmann_objective"),
        averages.number("total_system_travel_time"),
    ];
    let most = averages.number("relative_gap") * total;
    assert!((-1e-9 * total..=most).contains(&above), "{above} above the least, at most {most}");
    assert!(!averages.has("path_flow"));
}

#[test]
fn the_paradox_of_braess() {
    let folder = braess();
    let scenario = |tables: &str| {
        let (traffic, _) = BRAESS_SCENARIO.split_once("[traffic.assignment]").unwrap();
        format!("{traffic}{tables}")
    };
    let averages = finish(folder.path(), "msa", &scenario(&solver("msa", 1e-3, 10_000)), &[]);
    let paths = finish(folder.path(), "paths", &scenario(&solver("gradient_projection", 1e-10, 500)), &[]);
    assert_averages_agree(&averages, &paths);
    // Two trips on each route, within what a gap of 1e-3 leaves.
    assert_close(&averages.values("link_volume"), &[4.0, 2.0, 2.0, 2.0, 4.0], 0.05, "volumes");
}

#[test]
fn sioux_falls_with_classes_and_turns() {
    let folder = sioux_falls();
    std::fs::write(
        folder.path().join("turns.csv"),
        "from_node,via_node,to_node,penalty_s,banned\n10,16,17,0,1\n9,10,15,90,0\n",
    )
    .unwrap();
    let more = "[traffic.turns]\nfile = \"turns.csv\"\n[[traffic.class]]\nname = \"car\"\ndemand_factor = 0.9\n\
                [[traffic.class]]\nname = \"truck\"\ndemand_factor = 0.05\npce = 2.0\nbanned_links = [\"10->15\"]\n";
    let run = |name: &str, solver: &str| finish(folder.path(), name, &on_town("", &format!("{solver}{more}")), &[]);
    let paths = run("paths", &solver("gradient_projection", 1e-10, 500));
    assert_averages_agree(&run("msa", &solver("msa", 1e-3, 5000)), &paths);
    let conjugate = run("conjugate", &solver("bi_conjugate_frank_wolfe", 1e-4, 1000));
    assert!(conjugate.converged());
    let above = conjugate.number("beckmann_objective") / paths.number("beckmann_objective") - 1.0;
    assert!((0.0..1e-4).contains(&above), "{above:e}");
}

#[test]
fn what_needs_paths_is_refused() {
    let folder = braess();
    for key in ["path_flows", "turning_volumes"] {
        let (traffic, _) = BRAESS_SCENARIO.split_once("[traffic.assignment]").unwrap();
        let scenario = format!("{traffic}{key} = true\n{}", solver("msa", 1e-3, 10));
        let (code, message) = sketch::fails(folder.path(), "run", &scenario);
        assert!(code == 2 && message.contains(key), "{message}");
    }
}
