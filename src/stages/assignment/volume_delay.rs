//! Which volume-delay function each link has.

use conurb_traffic::{AkcelikDelay, BprDelay, ConicalDelay, VolumeDelay};

use super::problem::worded;
use crate::error::{Error, Problem, Problems};
use crate::formats::RoadNetwork;
use crate::scenario::{DelayFunction, Traffic, VolumeDelayRule};

/// The function of each link in file order, by the scenario's rules; BPR with the file's parameters where none applies.
///
/// # Errors
/// Rules for types that no link has, parameters that make no function; each told once per rule with the first such link.
pub fn of_links(roads: &RoadNetwork, traffic: &Traffic) -> Result<Vec<VolumeDelay>, Error> {
    let mut problems = Problems::new();
    let rule_of = |link: usize| {
        let link_type = roads.link_type[link];
        let named = traffic.volume_delays.iter().position(|rule| rule.link_types.contains(&link_type));
        named.or_else(|| traffic.volume_delays.iter().position(|rule| rule.link_types.is_empty()))
    };
    let mut is_told = vec![false; traffic.volume_delays.len()];
    let mut delays = Vec::with_capacity(roads.n_links());
    for link in 0..roads.n_links() {
        let rule = rule_of(link);
        let delay = delay(roads, traffic, link, rule.map(|index| &traffic.volume_delays[index]));
        if let Some(index) = rule.filter(|&index| !is_told[index])
            && let Err(cause) = delay.check(link)
        {
            is_told[index] = true;
            let message = format!("{}; its type is {}", worded(&cause, roads), roads.link_type[link]);
            problems.push("function", Problem::new(message).of_key("traffic.volume_delay"));
        }
        delays.push(delay);
    }
    for link_type in traffic.volume_delays.iter().flat_map(|rule| &rule.link_types) {
        if !roads.link_type.contains(link_type) {
            let problem = Problem::new(format!("no link has type {link_type}")).in_file(&traffic.network);
            problems.push("type", problem.of_key("traffic.volume_delay.link_types"));
        }
    }
    problems.into_result(delays)
}

fn delay(roads: &RoadNetwork, traffic: &Traffic, link: usize, rule: Option<&VolumeDelayRule>) -> VolumeDelay {
    let (free_flow_time, capacity) = (roads.free_flow_time[link], roads.capacity[link]);
    let bpr = |b: Option<f64>, power: Option<f64>| BprDelay {
        free_flow_time,
        b: b.unwrap_or(roads.b[link]),
        capacity,
        power: power.unwrap_or(roads.power[link]),
    };
    // A link whose time is constant in the file, such as a connector, stays so unless a rule names its type.
    let is_named = rule.is_some_and(|rule| !rule.link_types.is_empty());
    let is_constant = capacity == 0.0 || (roads.b[link] == 0.0 && !is_named);
    let hour = 3600.0 / traffic.time_unit.seconds();
    match rule.map(|rule| rule.function) {
        None => VolumeDelay::Bpr(bpr(None, None)),
        Some(DelayFunction::Bpr { b, power }) => VolumeDelay::Bpr(bpr(b, power)),
        Some(DelayFunction::Bpr2 { b, power }) => VolumeDelay::Bpr2(bpr(b, power)),
        Some(_) if is_constant => VolumeDelay::Bpr(bpr(Some(0.0), None)),
        Some(DelayFunction::Conical { alpha }) => {
            VolumeDelay::Conical(ConicalDelay { free_flow_time, alpha: alpha.unwrap_or(roads.power[link]), capacity })
        }
        Some(DelayFunction::Akcelik { delay_parameter, analysis_period_h }) => VolumeDelay::Akcelik(AkcelikDelay {
            free_flow_time,
            delay_parameter,
            capacity,
            demand_period: traffic.period_h * hour,
            analysis_period: analysis_period_h.unwrap_or(traffic.period_h) * hour,
        }),
    }
}
