//! Which fields a scenario's assignment writes.

use super::network::has_class_tolls;
use super::observed::Observed;
use super::summary::Groupings;
use super::trip_lengths::{bin_fields, trip_fields};
use super::{Traffic, TrafficInputs};
use crate::field::FieldSpec;
use crate::field::traffic::{self as field, by_period};
use crate::scenario::Skim;

/// The fields that will be written, in no particular order.
pub fn fields(inputs: &TrafficInputs, traffic: &Traffic) -> Vec<FieldSpec> {
    let mut fields = of_network(inputs, traffic);
    let mut of_period = of_period(inputs, traffic);
    if traffic.periods.is_empty() {
        fields.append(&mut of_period);
    } else {
        fields.extend(of_period.iter().map(by_period));
        fields.push(field::PATH_PERIOD);
    }
    if traffic.periods.len() > 1 {
        fields.push(field::ITERATION_PERIOD);
    }
    if traffic.path_flows {
        fields.extend([
            field::PATH_ORIGIN,
            field::PATH_DESTINATION,
            field::PATH_CLASS,
            field::PATH_FLOW,
            field::PATH_SHARE,
            field::PATH_COST,
            field::PATH_N_LINKS,
            field::PATH_LINK,
        ]);
    } else {
        fields.retain(|spec| *spec != field::PATH_PERIOD);
    }
    fields
}

fn of_network(inputs: &TrafficInputs, traffic: &Traffic) -> Vec<FieldSpec> {
    let mut fields = vec![
        field::LINK_ID,
        field::LINK_NODES,
        field::LINK_TYPE,
        field::NODE_ID,
        field::ZONE_ID,
        field::ZONE_NODE,
        field::CLASS_NAME,
        field::LINK_CAPACITY,
        field::LINK_FREE_FLOW_TIME,
        field::LINK_CLOSED,
        field::LINK_TOLL,
        field::TYPE_CODE,
        field::RELATIVE_GAP,
        field::RELATIVE_GAP_SPTT,
        field::AVERAGE_EXCESS_COST,
        field::OBJECTIVE,
    ];
    if inputs.roads.node_xy.is_some() {
        fields.extend([field::NODE_X, field::NODE_Y]);
    }
    if traffic.length_unit.is_some() {
        fields.push(field::LINK_LENGTH);
    }
    if has_class_tolls(traffic) {
        fields.push(field::LINK_CLASS_TOLL);
    }
    if !inputs.districts.is_empty() {
        fields.push(field::DISTRICT_NAME);
    }
    if !traffic.periods.is_empty() {
        fields.extend([field::PERIOD_NAME, field::PERIOD_HOURS, field::PERIOD_ANNUAL_DAYS]);
    }
    if traffic.turning_volumes {
        fields.extend([field::TURN_FROM_LINK, field::TURN_TO_LINK, field::TURN_PENALTY]);
    }
    if !traffic.selections.is_empty() {
        fields.push(field::SELECTION_NAME);
    }
    if traffic.braess.is_some() {
        fields.push(field::BRAESS_LINK);
    }
    fields.extend(bin_fields(traffic));
    fields.extend(Observed::fields(inputs));
    fields
}

/// The fields of one period, without the axis of periods.
pub fn of_period(inputs: &TrafficInputs, traffic: &Traffic) -> Vec<FieldSpec> {
    let mut fields = vec![
        field::LINK_VOLUME,
        field::LINK_VOLUME_PCU,
        field::VOLUME_CAPACITY_RATIO,
        field::LINK_TRAVEL_TIME,
        if traffic.classes.len() == 1 { field::LINK_COST } else { field::LINK_CLASS_COST },
        field::DEMAND,
    ];
    fields.extend(Groupings::fields(inputs, traffic));
    fields.extend(trip_fields(traffic));
    fields.extend(traffic.skims.iter().map(|&skim| skim_field(skim)));
    if traffic.turning_volumes {
        fields.push(field::TURN_VOLUME);
    }
    if !traffic.selections.is_empty() {
        fields.extend([field::SELECTED_DEMAND, field::SELECTED_LINK_VOLUME]);
    }
    if traffic.system_optimum.is_some() {
        fields.extend([field::SYSTEM_OPTIMUM_LINK_VOLUME, field::MARGINAL_TOLL]);
    }
    if traffic.braess.is_some() {
        fields.push(field::BRAESS_CHANGE);
    }
    fields
}

/// The field of a skim.
pub fn skim_field(skim: Skim) -> FieldSpec {
    match skim {
        Skim::Cost => field::SKIM_COST,
        Skim::TravelTime => field::SKIM_TRAVEL_TIME,
        Skim::Distance => field::SKIM_DISTANCE,
        Skim::Toll => field::SKIM_TOLL,
        Skim::FreeFlowTime => field::SKIM_FREE_FLOW_TIME,
    }
}
