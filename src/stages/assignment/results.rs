//! What the assignment writes: network, volumes, times, skims, convergence, in the engine's units.

use std::time::Instant;

use conurb_traffic::{SearchCosts, TreeSearch};
use ndarray::{ArrayD, ArrayViewD, IxDyn};

use super::problem::AssignmentProblem;
use super::solution::{Origins, Solution, link_states};
use crate::error::Error;
use crate::field::{FieldSpec, Values, traffic as field};
use crate::formats::RoadNetwork;
use crate::parallel::Runtime;
use crate::scenario::{Skim, Traffic};
use crate::stages::FieldSink;

/// Name of the one user class.
const CLASS: &str = "car";
/// Origins whose rows are computed and written at a time by each rank.
const ROWS_AT_A_TIME: usize = 64;

/// All that results follow from.
pub struct Results<'a> {
    /// The network as read.
    pub roads: &'a RoadNetwork,
    /// The `[traffic]` table.
    pub traffic: &'a Traffic,
    /// What was solved.
    pub problem: &'a AssignmentProblem,
    /// How.
    pub solution: &'a Solution,
}

/// Totals over links.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Totals {
    /// Σ volume × travel time, vehicles × time units of the network per period.
    pub total_travel_time: f64,
    /// Vehicle hours travelled per period.
    pub vht: f64,
    /// Vehicle kilometres travelled per period, where lengths have a unit.
    pub vkt: Option<f64>,
}

impl Results<'_> {
    /// The fields that will be written.
    pub fn fields(roads: &RoadNetwork, traffic: &Traffic) -> Vec<FieldSpec> {
        let mut fields = vec![
            field::LINK_ID,
            field::LINK_NODES,
            field::NODE_ID,
            field::ZONE_ID,
            field::ZONE_NODE,
            field::CLASS_NAME,
            field::LINK_CAPACITY,
            field::LINK_FREE_FLOW_TIME,
            field::LINK_CLOSED,
            field::LINK_VOLUME,
            field::LINK_VOLUME_PCU,
            field::VOLUME_CAPACITY_RATIO,
            field::LINK_TRAVEL_TIME,
            field::LINK_COST,
            field::DEMAND,
            field::RELATIVE_GAP,
            field::RELATIVE_GAP_SPTT,
            field::AVERAGE_EXCESS_COST,
            field::OBJECTIVE,
        ];
        if roads.node_xy.is_some() {
            fields.extend([field::NODE_X, field::NODE_Y]);
        }
        if traffic.length_unit.is_some() {
            fields.push(field::LINK_LENGTH);
        }
        fields.extend(traffic.skims.iter().map(|&skim| skim_field(skim)));
        fields
    }

    /// Totals over links.
    pub fn totals(&self) -> Totals {
        let graph = &self.problem.graph;
        let sum = |of_link: &dyn Fn(usize) -> f64| {
            let terms: Vec<f64> = self.solution.volumes.iter().enumerate().map(|(link, v)| v * of_link(link)).collect();
            conurb_numerics::pairwise_sum(&terms)
        };
        let total_travel_time = sum(&|link| self.problem.delays.travel_time(link, self.solution.volumes[link]));
        let length = |link: usize| self.roads.length[graph.source_link()[link] as usize];
        Totals {
            total_travel_time,
            vht: total_travel_time * self.traffic.time_unit.seconds() / 3600.0,
            vkt: self.traffic.length_unit.map(|unit| sum(&length) * unit.metres() / 1000.0),
        }
    }

    /// Writes everything but demand and skims; every rank holds all of it.
    ///
    /// # Errors
    /// The store cannot take it.
    pub fn write_links(&self, sink: &mut dyn FieldSink) -> Result<(), Error> {
        let (roads, traffic, problem) = (self.roads, self.traffic, self.problem);
        let per_hour = 1.0 / traffic.period_h;
        let seconds = traffic.time_unit.seconds();
        let volumes = &self.solution.volumes;
        let states = link_states(problem, volumes);
        let volume = problem.by_source_link(0.0, |link| volumes[link] * per_hour);
        let ratio: Vec<f64> = problem
            .by_source_link(0.0, |link| volumes[link])
            .iter()
            .zip(&roads.capacity)
            .map(|(volume, capacity)| if *capacity > 0.0 { volume / capacity } else { f64::NAN })
            .collect();
        let time = problem.by_source_link(f64::NAN, |link| problem.delays.travel_time(link, volumes[link]) * seconds);
        let cost = problem.by_source_link(f64::NAN, |link| states[link].cost);
        let n_links = roads.n_links();
        self.write_network(sink)?;
        put(sink, &field::LINK_CAPACITY, &[n_links], scaled(&roads.capacity, per_hour))?;
        put(sink, &field::LINK_FREE_FLOW_TIME, &[n_links], scaled(&roads.free_flow_time, seconds))?;
        put(sink, &field::LINK_VOLUME, &[1, n_links], volume.clone())?;
        put(sink, &field::LINK_VOLUME_PCU, &[n_links], volume)?;
        put(sink, &field::VOLUME_CAPACITY_RATIO, &[n_links], ratio)?;
        put(sink, &field::LINK_TRAVEL_TIME, &[n_links], time)?;
        put(sink, &field::LINK_COST, &[n_links], cost)?;
        if let Some(unit) = traffic.length_unit {
            put(sink, &field::LINK_LENGTH, &[n_links], scaled(&roads.length, unit.metres()))?;
        }
        self.write_convergence(sink)
    }

    fn write_network(&self, sink: &mut dyn FieldSink) -> Result<(), Error> {
        let roads = self.roads;
        let indices = |nodes: &[u32]| nodes.iter().map(|&node| node as i32).collect::<Vec<i32>>();
        let ends: Vec<i32> =
            roads.tail.iter().zip(&roads.head).flat_map(|(&tail, &head)| [tail as i32, head as i32]).collect();
        let open = self.problem.network.open();
        put_i64(sink, &field::LINK_ID, &roads.link_id)?;
        put_i32(sink, &field::LINK_NODES, &[roads.n_links(), 2], &ends)?;
        put_i32(
            sink,
            &field::LINK_CLOSED,
            &[roads.n_links()],
            &open.iter().map(|&open| i32::from(!open)).collect::<Vec<_>>(),
        )?;
        put_i64(sink, &field::NODE_ID, &roads.node_id)?;
        if let Some(xy) = &roads.node_xy {
            put(sink, &field::NODE_X, &[xy.len()], xy.iter().map(|point| point[0]).collect())?;
            put(sink, &field::NODE_Y, &[xy.len()], xy.iter().map(|point| point[1]).collect())?;
        }
        put_i64(sink, &field::ZONE_ID, &roads.zone_id)?;
        put_i32(sink, &field::ZONE_NODE, &[roads.n_zones()], &indices(&roads.zone_node))?;
        let classes = [CLASS.to_owned()];
        sink.create(&field::CLASS_NAME, &[1])?;
        sink.write(&field::CLASS_NAME, Values::Text(&classes))
    }

    fn write_convergence(&self, sink: &mut dyn FieldSink) -> Result<(), Error> {
        let log = &self.solution.log;
        put(sink, &field::RELATIVE_GAP, &[log.len()], log.iter().map(|entry| entry.gaps.relative_gap()).collect())?;
        put(
            sink,
            &field::RELATIVE_GAP_SPTT,
            &[log.len()],
            log.iter().map(|entry| entry.gaps.relative_gap_sptt()).collect(),
        )?;
        put(
            sink,
            &field::AVERAGE_EXCESS_COST,
            &[log.len()],
            log.iter().map(|entry| entry.gaps.average_excess_cost()).collect(),
        )?;
        put(sink, &field::OBJECTIVE, &[log.len()], log.iter().map(|entry| entry.objective).collect())
    }

    /// Writes demand and skims: each rank computes and writes the rows of its origins, a few at a time; the seconds of computing.
    ///
    /// # Errors
    /// The store cannot take it.
    pub fn write_matrices(&self, runtime: &Runtime, sink: &mut dyn FieldSink) -> Result<f64, Error> {
        let (problem, traffic) = (self.problem, self.traffic);
        let n_zones = self.roads.n_zones();
        let mut fields = vec![field::DEMAND];
        fields.extend(traffic.skims.iter().map(|&skim| skim_field(skim)));
        for spec in &fields {
            sink.create(spec, &[1, n_zones, n_zones])?;
        }
        let states = link_states(problem, &self.solution.volumes);
        let costs = SearchCosts::new(&problem.graph, |link| states[link].cost);
        let origins = Origins::new(problem, runtime);
        let own: Vec<Vec<usize>> = (0..runtime.size())
            .map(|rank| (0..n_zones).filter(|&origin| origins.chunks.owner(origin) == rank).collect())
            .collect();
        // Every rank goes through as many rounds as the one with most origins, since writing is collective.
        let n_rounds = own.iter().map(|origins| origins.len().div_ceil(ROWS_AT_A_TIME)).max().unwrap_or(0);
        let scratch = runtime.scratch(|| (TreeSearch::new(&problem.graph), vec![0.0; problem.graph.n_nodes()]));
        let mut seconds = 0.0;
        for round in 0..n_rounds {
            let listed: Vec<usize> =
                own[runtime.rank()].iter().skip(round * ROWS_AT_A_TIME).take(ROWS_AT_A_TIME).copied().collect();
            let start = Instant::now();
            let mut rows = vec![(); n_zones];
            let rows = runtime.map(&origins.chunks, &listed, &mut rows, &scratch, |origin, (), (tree, along)| {
                let mut rows = vec![self.demand_row(origin)];
                if !traffic.skims.is_empty() {
                    tree.grow(&problem.graph, &costs, problem.graph.zone_node()[origin]);
                    rows.extend(traffic.skims.iter().map(|&skim| self.skim_row(skim, tree, along)));
                }
                rows
            });
            seconds += start.elapsed().as_secs_f64();
            for (index, spec) in fields.iter().enumerate() {
                let parts: Vec<(Vec<usize>, Values<'_>)> = listed
                    .iter()
                    .zip(&rows)
                    .map(|(&origin, rows)| (vec![0, origin, 0], Values::F64(view(&[1, 1, n_zones], &rows[index]))))
                    .collect();
                sink.write_parts(spec, &parts)?;
            }
        }
        Ok(seconds)
    }

    fn demand_row(&self, origin: usize) -> Vec<f64> {
        let per_hour = 1.0 / self.traffic.period_h;
        let mut row = vec![0.0; self.roads.n_zones()];
        let (destinations, trips) = self.problem.demand.of(origin);
        destinations.iter().zip(trips).for_each(|(&zone, trips)| row[zone as usize] = trips * per_hour);
        row[origin] = self.problem.intrazonal_trips[origin] * per_hour;
        row
    }

    fn skim_row(&self, skim: Skim, tree: &TreeSearch, along: &mut [f64]) -> Vec<f64> {
        let (problem, volumes) = (self.problem, &self.solution.volumes);
        let zone_node = problem.graph.zone_node();
        let read = |values: &[f64], scale: f64| {
            zone_node.iter().map(|&node| values[node as usize] * scale).collect::<Vec<f64>>()
        };
        match skim {
            Skim::Cost => {
                let cost = |&node: &u32| Some(tree.cost(node)).filter(|cost| cost.is_finite()).unwrap_or(f64::NAN);
                zone_node.iter().map(cost).collect()
            }
            Skim::TravelTime => {
                tree.accumulate(&problem.graph, along, |link| problem.delays.travel_time(link, volumes[link]));
                read(along, self.traffic.time_unit.seconds())
            }
            Skim::Distance => {
                let source = problem.graph.source_link();
                tree.accumulate(&problem.graph, along, |link| self.roads.length[source[link] as usize]);
                let unit = self.traffic.length_unit.expect("the scenario refuses this skim without a length unit");
                read(along, unit.metres())
            }
            Skim::Toll => {
                let source = problem.graph.source_link();
                tree.accumulate(&problem.graph, along, |link| self.roads.toll[source[link] as usize]);
                read(along, 1.0)
            }
            Skim::FreeFlowTime => {
                tree.accumulate(&problem.graph, along, |link| problem.delays.travel_time(link, 0.0));
                read(along, self.traffic.time_unit.seconds())
            }
        }
    }
}

fn skim_field(skim: Skim) -> FieldSpec {
    match skim {
        Skim::Cost => field::SKIM_COST,
        Skim::TravelTime => field::SKIM_TRAVEL_TIME,
        Skim::Distance => field::SKIM_DISTANCE,
        Skim::Toll => field::SKIM_TOLL,
        Skim::FreeFlowTime => field::SKIM_FREE_FLOW_TIME,
    }
}

fn scaled(values: &[f64], factor: f64) -> Vec<f64> {
    values.iter().map(|value| value * factor).collect()
}

fn view<'a, T>(shape: &[usize], values: &'a [T]) -> ArrayViewD<'a, T> {
    ArrayViewD::from_shape(IxDyn(shape), values).expect("the caller gives as many values as the shape has")
}

fn put(sink: &mut dyn FieldSink, spec: &FieldSpec, shape: &[usize], values: Vec<f64>) -> Result<(), Error> {
    sink.create(spec, shape)?;
    let values =
        ArrayD::from_shape_vec(IxDyn(shape), values).expect("the caller gives as many values as the shape has");
    sink.write(spec, Values::F64(values.view()))
}

fn put_i64(sink: &mut dyn FieldSink, spec: &FieldSpec, values: &[i64]) -> Result<(), Error> {
    sink.create(spec, &[values.len()])?;
    sink.write(spec, Values::I64(view(&[values.len()], values)))
}

fn put_i32(sink: &mut dyn FieldSink, spec: &FieldSpec, shape: &[usize], values: &[i32]) -> Result<(), Error> {
    sink.create(spec, shape)?;
    sink.write(spec, Values::I32(view(shape, values)))
}
