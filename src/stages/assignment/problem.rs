//! From a scenario's road network and trips to what the solvers work on, with everything odd counted.

use conurb_numerics::pairwise_sum;
use conurb_traffic::{Demand, Graph, LinkDelays, Network, NetworkError};

use super::links::LinkFinder;
use super::turns;
use super::volume_delay;
use crate::error::{Error, Problem, Warning};
use crate::formats::{RoadNetwork, TripTable};
use crate::inputs::TrafficInputs;
use crate::scenario::{Traffic, UserClass};

/// An assignment problem: network, cost functions and demand by class, in the network file's units per period.
#[derive(Debug, Clone)]
pub struct AssignmentProblem {
    /// The checked network, links in file order.
    pub network: Network,
    /// Its search form; link arrays of the solvers are in its order.
    pub graph: Graph,
    /// Travel times, in the graph's link order.
    pub travel_times: LinkDelays,
    /// What users weigh besides fixed costs: travel times, or marginal costs in the system optimum.
    pub delays: LinkDelays,
    /// User classes, at least one.
    pub classes: Vec<ClassProblem>,
    /// Id of each link, in file order, for messages.
    pub link_id: Vec<i64>,
    /// Id of each zone, for messages.
    pub zone_id: Vec<i64>,
    /// What was odd about the inputs.
    pub warnings: Vec<Warning>,
}

/// What is particular to one user class.
#[derive(Debug, Clone)]
pub struct ClassProblem {
    /// Its name.
    pub name: String,
    /// Passenger-car units per vehicle.
    pub pce: f64,
    /// Cost of each graph link that does not depend on volumes, in time units; infinite where the class may not go.
    pub fixed_cost: Vec<f64>,
    /// Toll of each link in file order, toll units.
    pub toll: Vec<f64>,
    /// Interzonal demand in passenger-car units.
    pub demand: Demand,
    /// Trips of each zone to itself in vehicles, which no link sees.
    pub intrazonal_trips: Vec<f64>,
    /// Weights used, time units per toll unit and per length unit.
    pub toll_weight: f64,
    /// See `toll_weight`.
    pub distance_weight: f64,
}

impl AssignmentProblem {
    /// Puts a road network, the trips of a period and the scenario's `[traffic]` table together.
    ///
    /// # Errors
    /// Links that do not exist, values a solver cannot work with.
    pub fn new(inputs: &TrafficInputs, traffic: &Traffic, period: usize) -> Result<Self, Error> {
        let roads = &inputs.roads;
        if roads.n_nodes().max(roads.n_links()) > i32::MAX as usize {
            let message = format!("{} nodes and {} links, expected fewer than 2^31", roads.n_nodes(), roads.n_links());
            return Err(Problem::new(message).in_file(&traffic.network).into());
        }
        let finder = LinkFinder::new(roads, &traffic.network);
        let mut open = vec![true; roads.n_links()];
        finder.find_all(&traffic.closed_links, "traffic.closed_links")?.iter().for_each(|&link| open[link] = false);
        let refused = |cause: NetworkError| Problem::new(worded(&cause, roads)).in_file(&traffic.network);
        let network = Network::new(
            (roads.tail.clone(), roads.head.clone()),
            volume_delay::of_links(roads, traffic)?,
            open.clone(),
            roads.node_through.clone(),
            roads.zone_node.clone(),
        )
        .map_err(refused)?;
        let network = network.with_turns(turns::of_network(inputs, traffic, &open)?).map_err(refused)?;
        let graph = Graph::new(&network);
        let travel_times = LinkDelays::new(graph.source_link().iter().map(|&link| network.delay()[link as usize]));
        let mut classes = Vec::new();
        for (index, class) in traffic.classes.iter().enumerate() {
            let (demand, intrazonal_trips) = interzonal(inputs.trips_of(period, index), traffic, (index, period))?;
            let costs = ClassCosts::new(class, traffic, inputs, (&finder, index))?;
            classes.push(ClassProblem {
                name: class.name.clone(),
                pce: class.pce,
                fixed_cost: graph.source_link().iter().map(|&link| costs.fixed[link as usize]).collect(),
                toll: costs.toll,
                demand,
                intrazonal_trips,
                toll_weight: costs.toll_weight,
                distance_weight: costs.distance_weight,
            });
        }
        let mut warnings: Vec<Warning> = classes.iter().filter_map(|class| intrazonal(class, classes.len())).collect();
        warnings.extend(unused_nodes(roads));
        warnings.extend(connectivity(&network));
        if !traffic.defaulted.is_empty() {
            let message = format!("not given, so taken as: {}", traffic.defaulted.join(", "));
            warnings.push(Warning::new("defaulted_keys", traffic.defaulted.len(), message));
        }
        let delays = travel_times.clone();
        Ok(AssignmentProblem {
            network,
            graph,
            travel_times,
            delays,
            classes,
            link_id: roads.link_id.clone(),
            zone_id: roads.zone_id.clone(),
            warnings,
        })
    }

    /// The same with marginal costs in place of travel times: its equilibrium is the system optimum.
    pub fn at_marginal_costs(&self) -> Self {
        AssignmentProblem { delays: self.travel_times.marginal(), ..self.clone() }
    }

    /// Number of sources: one per origin and class, the classes of an origin side by side.
    pub fn n_sources(&self) -> usize {
        self.network.n_zones() * self.classes.len()
    }

    /// Origin and class of a source.
    pub fn origin_and_class(&self, source: usize) -> (usize, usize) {
        (source / self.classes.len(), source % self.classes.len())
    }

    /// Destination zones of a source's pairs, ascending.
    pub fn destination_zones(&self, source: usize) -> &[u32] {
        let (origin, class) = self.origin_and_class(source);
        self.classes[class].demand.of(origin).0
    }

    /// Trips of a source's pairs in passenger-car units.
    pub fn trips(&self, source: usize) -> &[f64] {
        let (origin, class) = self.origin_and_class(source);
        self.classes[class].demand.of(origin).1
    }

    /// Destination states and trips of a source's pairs.
    pub fn destinations(&self, source: usize) -> impl ExactSizeIterator<Item = (u32, f64)> {
        let zones = self.destination_zones(source).iter();
        zones.zip(self.trips(source)).map(|(&zone, &trips)| (self.graph.zone_state()[zone as usize], trips))
    }

    /// Values per graph link brought into the file's order of links; closed links get `closed`.
    pub fn by_source_link(&self, closed: f64, value: impl Fn(usize) -> f64) -> Vec<f64> {
        let mut by_source = vec![closed; self.network.n_links()];
        for (link, &source) in self.graph.source_link().iter().enumerate() {
            by_source[source as usize] = value(link);
        }
        by_source
    }

    /// Graph link of each link in file order; none where it is closed.
    pub fn graph_links(&self) -> Vec<Option<u32>> {
        let mut links = vec![None; self.network.n_links()];
        for (link, &source) in self.graph.source_link().iter().enumerate() {
            links[source as usize] = Some(link as u32);
        }
        links
    }
}

/// Fixed costs of a class, links in file order.
struct ClassCosts {
    fixed: Vec<f64>,
    toll: Vec<f64>,
    toll_weight: f64,
    distance_weight: f64,
}

impl ClassCosts {
    /// Generalised cost is time + toll / value of time + (cost per km / value of time) × length; without a value of time
    /// tolls weigh as the scenario or the network file says.
    fn new(
        class: &UserClass,
        traffic: &Traffic,
        inputs: &TrafficInputs,
        (finder, index): (&LinkFinder<'_>, usize),
    ) -> Result<Self, Error> {
        let roads = &inputs.roads;
        let time_per_money = class.value_of_time_per_h.map(|value| 3600.0 / traffic.time_unit.seconds() / value);
        let toll_weight = time_per_money.or(traffic.toll_weight).or(roads.toll_factor).unwrap_or(0.0);
        let km = traffic.length_unit.map_or(0.0, |unit| unit.metres() / 1000.0);
        let distance_weight = traffic.distance_weight.or(roads.distance_factor).unwrap_or(0.0)
            + time_per_money.unwrap_or(0.0) * class.cost_per_km * km;
        let toll = inputs.tolls_of(index).unwrap_or(&roads.toll).to_vec();
        let mut fixed: Vec<f64> = toll
            .iter()
            .zip(&roads.length)
            .map(|(toll, length)| toll_weight * toll + distance_weight * length)
            .collect();
        if let Some(link) = fixed.iter().position(|cost| !(cost.is_finite() && *cost >= 0.0)) {
            let message = format!("tolls and distance of link {} cost {}", roads.link_id[link], fixed[link]);
            return Err(Problem::new(message).of_key("traffic.class").hint("check tolls, lengths and weights").into());
        }
        finder
            .find_all(&class.banned_links, "traffic.class.banned_links")?
            .iter()
            .for_each(|&link| fixed[link] = f64::INFINITY);
        let is_banned = |link: &usize| class.banned_link_types.contains(&roads.link_type[*link]);
        (0..roads.n_links()).filter(is_banned).for_each(|link| fixed[link] = f64::INFINITY);
        Ok(ClassCosts { fixed, toll, toll_weight, distance_weight })
    }
}

/// What is wrong with a network, in terms of the ids of its file.
pub fn worded(cause: &NetworkError, roads: &RoadNetwork) -> String {
    match cause {
        NetworkError::Value { link, what, value, expected } => {
            format!("link {} has {what} {value}, expected {expected}", roads.link_id[*link])
        }
        cause => cause.to_string(),
    }
}

/// What the demand of a class in a period is multiplied by.
pub fn demand_factor(traffic: &Traffic, class: usize, period: usize) -> f64 {
    let of_period = traffic.periods.get(period).map_or(1.0, |period| period.demand_factor);
    traffic.demand_factor * traffic.classes[class].demand_factor * of_period
}

/// The demand in passenger-car units without trips from a zone to itself, and those of each zone in vehicles.
fn interzonal(
    trips: &TripTable,
    traffic: &Traffic,
    (class, period): (usize, usize),
) -> Result<(Demand, Vec<f64>), Error> {
    let user = &traffic.classes[class];
    let factor = demand_factor(traffic, class, period);
    let mut demand = Demand { origin_start: vec![0], ..Demand::default() };
    let n_zones = trips.origin_start.len().saturating_sub(1);
    let mut intrazonal = vec![0.0; n_zones];
    for (origin, own) in intrazonal.iter_mut().enumerate() {
        for entry in trips.origin_start[origin] as usize..trips.origin_start[origin + 1] as usize {
            let scaled = trips.trips[entry] * factor;
            if trips.destination[entry] as usize == origin {
                *own += scaled;
            } else if scaled * user.pce > 0.0 {
                demand.destination.push(trips.destination[entry]);
                demand.trips.push(scaled * user.pce);
            }
        }
        demand.origin_start.push(demand.destination.len());
    }
    if !(pairwise_sum(&demand.trips) + pairwise_sum(&intrazonal)).is_finite() {
        let problem = Problem::new("the trips add up to more than a number can hold").of_key("traffic.demand_factor");
        return Err(problem.in_file(&user.demand).into());
    }
    Ok((demand, intrazonal))
}

fn intrazonal(class: &ClassProblem, n_classes: usize) -> Option<Warning> {
    let zones = class.intrazonal_trips.iter().filter(|&&trips| trips > 0.0).count();
    let of_class = if n_classes > 1 { format!(" of class {}", class.name) } else { String::new() };
    let total = pairwise_sum(&class.intrazonal_trips);
    let message = format!("{total:.2} trips{of_class} stay within their zone and load no link");
    (zones > 0).then(|| Warning::new("intrazonal_demand", zones, message))
}

fn unused_nodes(roads: &RoadNetwork) -> Option<Warning> {
    let mut used = vec![false; roads.n_nodes()];
    roads.tail.iter().chain(&roads.head).for_each(|&node| used[node as usize] = true);
    let unused = used.iter().filter(|&&used| !used).count();
    (unused > 0).then(|| Warning::new("unused_nodes", unused, format!("{unused} nodes have no link")))
}

fn connectivity(network: &Network) -> Option<Warning> {
    let apart = conurb_traffic::zones_apart(network);
    (!apart.is_empty()).then(|| {
        let message =
            format!("{} zones with links are not joined both ways with the largest connected part", apart.len());
        Warning::new("disconnected_zones", apart.len(), message)
    })
}
