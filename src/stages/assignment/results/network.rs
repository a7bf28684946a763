//! The network as a run folder holds it.

use super::output::{put_f64, put_i32, put_i64, put_text};
use super::{AssignmentProblem, Traffic, TrafficInputs};
use crate::error::Error;
use crate::field::{Values, traffic as field};
use crate::stages::FieldSink;

/// Writes everything about the network that does not depend on volumes; every rank holds all of it.
///
/// # Errors
/// The store cannot take it.
pub fn write_network(
    sink: &mut dyn FieldSink,
    inputs: &TrafficInputs,
    traffic: &Traffic,
    problem: &AssignmentProblem,
) -> Result<(), Error> {
    let roads = &inputs.roads;
    let indices = |nodes: &[u32]| nodes.iter().map(|&node| node as i32).collect::<Vec<i32>>();
    let ends: Vec<i32> =
        roads.tail.iter().zip(&roads.head).flat_map(|(&tail, &head)| [tail as i32, head as i32]).collect();
    let closed: Vec<i32> = problem.network.open().iter().map(|&open| i32::from(!open)).collect();
    let scaled = |values: &[f64], factor: f64| values.iter().map(|value| value * factor).collect::<Vec<f64>>();
    put_i64(sink, &field::LINK_ID, &roads.link_id)?;
    put_i32(sink, &field::LINK_NODES, &[roads.n_links(), 2], &ends)?;
    put_i32(sink, &field::LINK_CLOSED, &[roads.n_links()], &closed)?;
    put_i32(sink, &field::LINK_TYPE, &[roads.n_links()], &roads.link_type)?;
    put_i64(sink, &field::NODE_ID, &roads.node_id)?;
    if let Some(xy) = &roads.node_xy {
        put_f64(sink, &field::NODE_X, &xy.iter().map(|point| point[0]).collect::<Vec<_>>())?;
        put_f64(sink, &field::NODE_Y, &xy.iter().map(|point| point[1]).collect::<Vec<_>>())?;
    }
    put_i64(sink, &field::ZONE_ID, &roads.zone_id)?;
    put_i32(sink, &field::ZONE_NODE, &[roads.n_zones()], &indices(&roads.zone_node))?;
    let names = |names: Vec<&String>| names.into_iter().cloned().collect::<Vec<String>>();
    put_text(sink, &field::CLASS_NAME, &names(problem.classes.iter().map(|class| &class.name).collect()))?;
    put_f64(sink, &field::LINK_CAPACITY, &scaled(&roads.capacity, 1.0 / traffic.period_h))?;
    put_f64(sink, &field::LINK_FREE_FLOW_TIME, &scaled(&roads.free_flow_time, traffic.time_unit.seconds()))?;
    if let Some(unit) = traffic.length_unit {
        put_f64(sink, &field::LINK_LENGTH, &scaled(&roads.length, unit.metres()))?;
    }
    put_f64(sink, &field::LINK_TOLL, &roads.toll)?;
    if has_class_tolls(traffic) {
        let tolls: Vec<f64> = problem.classes.iter().flat_map(|class| class.toll.iter().copied()).collect();
        let shape = [problem.classes.len(), roads.n_links()];
        sink.create(&field::LINK_CLASS_TOLL, &shape)?;
        sink.write(&field::LINK_CLASS_TOLL, Values::F64(super::output::view(&shape, &tolls)))?;
    }
    if !traffic.periods.is_empty() {
        put_text(sink, &field::PERIOD_NAME, &names(traffic.periods.iter().map(|period| &period.name).collect()))?;
        put_f64(sink, &field::PERIOD_HOURS, &traffic.periods.iter().map(|period| period.hours).collect::<Vec<_>>())?;
        let days = |period: &crate::scenario::Period| period.days_per_year();
        put_f64(sink, &field::PERIOD_ANNUAL_DAYS, &traffic.periods.iter().map(days).collect::<Vec<_>>())?;
    }
    Ok(())
}

/// Whether some class has tolls of its own.
pub(super) fn has_class_tolls(traffic: &Traffic) -> bool {
    traffic.classes.iter().any(|class| class.tolls.is_some())
}
