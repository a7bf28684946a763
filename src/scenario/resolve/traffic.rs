//! The `[traffic]` table with its classes, turns and periods.

use std::path::PathBuf;

use super::analyses::{assignment, braess, distribution, selection, volume_delay};
use super::view::View;
use crate::scenario::files::anchored;
use crate::scenario::keys::{CLASS, NETWORK_FILES};
use crate::scenario::tree::Node;
use crate::scenario::{
    LengthUnit, Movements, Period, Skim, SystemOptimum, TimeUnit, Traffic, Turns, UTurns, UserClass,
};

/// The `[traffic]` table.
pub(super) fn traffic(view: &View<'_>) -> Traffic {
    let is_folder = view.text("network").is_some_and(|network| NETWORK_FILES.is_folder(&network));
    let given = view.choice("length_unit", &LengthUnit::ALL, LengthUnit::name);
    let length_unit = given.or(is_folder.then_some(LengthUnit::Kilometre));
    let assignment = assignment(&view.inner("assignment"));
    let gap = assignment.relative_gap;
    // The times of a GMNS folder have units of their own.
    let defaulted = if is_folder { &["period_h"][..] } else { &["time_unit", "period_h"] };
    Traffic {
        network: view.needed_path("network"),
        nodes: view.path("nodes"),
        classes: classes(view),
        time_unit: view.known_choice("time_unit", &TimeUnit::ALL, TimeUnit::name),
        length_unit,
        period_h: view.known_number("period_h"),
        demand_factor: view.known_number("demand_factor"),
        toll_weight: view.number("toll_weight"),
        distance_weight: view.number("distance_weight"),
        closed_links: view.links("closed_links"),
        volume_delays: view.tables("volume_delay").iter().map(volume_delay).collect(),
        turns: turns(&view.inner("turns")),
        periods: view.tables("period").iter().map(period).collect(),
        assignment,
        distribution: view.asked("distribution").map(|view| distribution(&view)),
        system_optimum: view
            .asked("system_optimum")
            .map(|view| SystemOptimum { relative_gap: view.number("relative_gap").unwrap_or(gap) }),
        braess: view.asked("braess").map(|view| braess(&view)),
        selections: view.tables("select").iter().map(selection).collect(),
        skims: skims(view, length_unit),
        path_flows: view.flag("path_flows"),
        turning_volumes: view.flag("turning_volumes"),
        defaulted: defaulted.iter().filter_map(|name| view.defaulted("traffic", name)).collect(),
    }
}

fn skims(view: &View<'_>, length_unit: Option<LengthUnit>) -> Vec<Skim> {
    match (view.given("skims"), length_unit) {
        (Some(_), _) => view.choices("skims", &Skim::ALL, Skim::name),
        (None, Some(_)) => vec![Skim::Cost, Skim::TravelTime, Skim::Distance],
        (None, None) => vec![Skim::Cost, Skim::TravelTime],
    }
}

/// The classes of the file; one named `car` has the demand that none of them takes.
fn classes(view: &View<'_>) -> Vec<UserClass> {
    let shared = (view.path("demand"), view.text("demand_matrix"));
    let listed = view.tables("class");
    let car = View { table: &CLASS, entries: &[], folder: view.folder };
    let is_taken = listed.iter().any(|class| class.given("demand").is_none());
    let car = shared.0.is_some().then_some(car).filter(|_| !is_taken);
    car.iter().chain(&listed).map(|view| class(view, &shared)).collect()
}

fn class(view: &View<'_>, shared: &(Option<PathBuf>, Option<String>)) -> UserClass {
    let (own, matrix) = (view.path("demand"), view.text("demand_matrix"));
    let matrix = if own.is_some() { matrix } else { matrix.or(shared.1.clone()) };
    let types = view.integers("banned_link_types");
    UserClass {
        name: view.text("name").unwrap_or_else(|| "car".to_owned()),
        demand: own.or(shared.0.clone()).expect("a class without demand takes that of all"),
        demand_matrix: matrix,
        demand_factor: view.known_number("demand_factor"),
        pce: view.known_number("pce"),
        value_of_time_per_h: view.number("value_of_time_per_h"),
        cost_per_km: view.known_number("cost_per_km"),
        tolls: view.path("tolls"),
        banned_links: view.links("banned_links"),
        banned_link_types: types.into_iter().map(link_type).collect(),
    }
}

/// A link type that was checked to be one.
pub(super) fn link_type(number: i64) -> i32 {
    i32::try_from(number).expect("link types are checked to have 32 bits")
}

fn turns(view: &View<'_>) -> Turns {
    Turns {
        file: view.path("file"),
        movements: view.known_choice("movements", &Movements::ALL, Movements::name),
        u_turns: view.known_choice("u_turns", &UTurns::ALL, UTurns::name),
        left_turn_s: view.known_number("left_turn_s"),
        right_turn_s: view.known_number("right_turn_s"),
        u_turn_s: view.known_number("u_turn_s"),
    }
}

fn period(view: &View<'_>) -> Period {
    Period {
        name: view.text("name").expect("a required key is there"),
        hours: view.known_number("hours"),
        demand_factor: view.known_number("demand_factor"),
        annual_days: view.named("annual_days", Node::number),
        demand: view.named("demand", |node| Some(anchored(view.folder, node.origin, node.text()?))),
        demand_matrix: view.named("demand_matrix", |node| node.text().map(str::to_owned)),
    }
}
