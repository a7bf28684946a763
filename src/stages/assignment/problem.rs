//! From a scenario's road network and trips to what the solvers work on, with everything odd counted.

use conurb_numerics::pairwise_sum;
use conurb_traffic::{BprDelay, Demand, Graph, LinkDelays, Network};

use crate::error::{Error, Problem, Problems, Warning};
use crate::formats::{RoadNetwork, TripTable};
use crate::scenario::{LinkReference, Traffic};

/// An assignment problem: network, cost functions and interzonal demand, in the network file's units per period.
#[derive(Debug, Clone)]
pub struct AssignmentProblem {
    /// The checked network, links in file order.
    pub network: Network,
    /// Its search form; link arrays of the solvers are in its order.
    pub graph: Graph,
    /// Cost functions, in the graph's link order.
    pub delays: LinkDelays,
    /// Interzonal demand.
    pub demand: Demand,
    /// Trips of each zone to itself, which no link sees.
    pub intrazonal_trips: Vec<f64>,
    /// Id of each link, in file order, for messages.
    pub link_id: Vec<i64>,
    /// Weights used, time units per toll unit and per length unit.
    pub toll_weight: f64,
    /// See `toll_weight`.
    pub distance_weight: f64,
    /// What was odd about the inputs.
    pub warnings: Vec<Warning>,
}

impl AssignmentProblem {
    /// Puts a road network, trips and the scenario's `[traffic]` table together.
    ///
    /// # Errors
    /// Closed links that do not exist, values a solver cannot work with.
    pub fn new(roads: &RoadNetwork, trips: &TripTable, traffic: &Traffic) -> Result<Self, Error> {
        let toll_weight = traffic.toll_weight.or(roads.toll_factor).unwrap_or(0.0);
        let distance_weight = traffic.distance_weight.or(roads.distance_factor).unwrap_or(0.0);
        if roads.n_nodes().max(roads.n_links()) > i32::MAX as usize {
            let message = format!("{} nodes and {} links, expected fewer than 2^31", roads.n_nodes(), roads.n_links());
            return Err(Problem::new(message).in_file(&traffic.network).into());
        }
        let open = open_links(roads, traffic)?;
        let delay = (0..roads.n_links())
            .map(|link| BprDelay {
                free_flow_time: roads.free_flow_time[link],
                b: roads.b[link],
                capacity: roads.capacity[link],
                power: roads.power[link],
            })
            .collect();
        let fixed_cost =
            roads.toll.iter().zip(&roads.length).map(|(toll, length)| toll_weight * toll + distance_weight * length);
        let network = Network::new(
            (roads.tail.clone(), roads.head.clone()),
            delay,
            fixed_cost.collect(),
            open,
            roads.node_through.clone(),
            roads.zone_node.clone(),
        )
        .map_err(|cause| Problem::new(cause.to_string()).in_file(&traffic.network))?;
        let graph = Graph::new(&network);
        let delays = LinkDelays::new(&network, graph.source_link());
        let (demand, intrazonal_trips) = interzonal(trips, traffic)?;
        let mut warnings = Vec::new();
        let intrazonal_zones = intrazonal_trips.iter().filter(|&&trips| trips > 0.0).count();
        if intrazonal_zones > 0 {
            let total = pairwise_sum(&intrazonal_trips);
            let message = format!("{total:.2} trips stay within their zone and load no link");
            warnings.push(Warning::new("intrazonal_demand", intrazonal_zones, message));
        }
        warnings.extend(unused_nodes(roads));
        warnings.extend(connectivity(&network));
        if !traffic.defaulted.is_empty() {
            let message = format!("not given, so taken as: {}", traffic.defaulted.join(", "));
            warnings.push(Warning::new("defaulted_keys", traffic.defaulted.len(), message));
        }
        Ok(AssignmentProblem {
            network,
            graph,
            delays,
            demand,
            intrazonal_trips,
            link_id: roads.link_id.clone(),
            toll_weight,
            distance_weight,
            warnings,
        })
    }

    /// Values per graph link brought into the file's order of links; closed links get `closed`.
    pub fn by_source_link(&self, closed: f64, value: impl Fn(usize) -> f64) -> Vec<f64> {
        let mut by_source = vec![closed; self.network.n_links()];
        for (link, &source) in self.graph.source_link().iter().enumerate() {
            by_source[source as usize] = value(link);
        }
        by_source
    }

    /// Destination nodes and trips of one origin's pairs.
    pub fn destinations(&self, origin: usize) -> impl ExactSizeIterator<Item = (u32, f64)> {
        let (zones, trips) = self.demand.of(origin);
        zones.iter().zip(trips).map(|(&zone, &trips)| (self.graph.zone_node()[zone as usize], trips))
    }
}

/// The demand without trips from a zone to itself, and those of each zone.
fn interzonal(trips: &TripTable, traffic: &Traffic) -> Result<(Demand, Vec<f64>), Error> {
    let mut demand = Demand { origin_start: vec![0], ..Demand::default() };
    let n_zones = trips.origin_start.len().saturating_sub(1);
    let mut intrazonal = vec![0.0; n_zones];
    for (origin, own) in intrazonal.iter_mut().enumerate() {
        for entry in trips.origin_start[origin] as usize..trips.origin_start[origin + 1] as usize {
            let scaled = trips.trips[entry] * traffic.demand_factor;
            if trips.destination[entry] as usize == origin {
                *own += scaled;
            } else if scaled > 0.0 {
                demand.destination.push(trips.destination[entry]);
                demand.trips.push(scaled);
            }
        }
        demand.origin_start.push(demand.destination.len());
    }
    if !(pairwise_sum(&demand.trips) + pairwise_sum(&intrazonal)).is_finite() {
        let problem = Problem::new("the trips add up to more than a number can hold").of_key("traffic.demand_factor");
        return Err(problem.in_file(&traffic.classes[0].demand).into());
    }
    Ok((demand, intrazonal))
}

/// Whether each link is open after `closed_links`.
fn open_links(roads: &RoadNetwork, traffic: &Traffic) -> Result<Vec<bool>, Error> {
    let mut open = vec![true; roads.n_links()];
    if traffic.closed_links.is_empty() {
        return Ok(open);
    }
    let sorted = |key: &dyn Fn(usize) -> (i64, i64)| {
        let mut index: Vec<((i64, i64), usize)> = (0..roads.n_links()).map(|link| (key(link), link)).collect();
        index.sort_unstable();
        index
    };
    let ends = |link: usize| (roads.node_id[roads.tail[link] as usize], roads.node_id[roads.head[link] as usize]);
    let (by_id, by_ends) = (sorted(&|link| (roads.link_id[link], 0)), sorted(&ends));
    let mut problems = Problems::new();
    for reference in &traffic.closed_links {
        let (index, key) = match *reference {
            LinkReference::Id(id) => (&by_id, (id, 0)),
            LinkReference::Between(from, to) => (&by_ends, (from, to)),
        };
        let first = index.partition_point(|(known, _)| *known < key);
        let found: Vec<usize> =
            index[first..].iter().take_while(|(known, _)| *known == key).map(|&(_, link)| link).collect();
        match found.as_slice() {
            [link] => open[*link] = false,
            several => problems.push("closed link", unclear_link(reference, several, roads, traffic)),
        }
    }
    problems.into_result(open)
}

fn unclear_link(reference: &LinkReference, found: &[usize], roads: &RoadNetwork, traffic: &Traffic) -> Problem {
    let name = match reference {
        LinkReference::Id(id) => format!("{id}"),
        LinkReference::Between(from, to) => format!("\"{from}->{to}\""),
    };
    let problem = Problem::new(match found.len() {
        0 => format!("no link {name} in {}", traffic.network.display()),
        count => format!("{count} links match {name} in {}", traffic.network.display()),
    })
    .of_key("traffic.closed_links");
    let ids: Vec<String> = found.iter().take(8).map(|&link| roads.link_id[link].to_string()).collect();
    if found.is_empty() {
        let (first, last) = (roads.link_id.iter().min(), roads.link_id.iter().max());
        let range =
            first.zip(last).map_or_else(String::new, |(first, last)| format!("; link ids run from {first} to {last}"));
        problem.hint(format!("name a link by its id or as \"from->to\"{range}"))
    } else {
        problem.hint(format!("name one by its id: {}", ids.join(", ")))
    }
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
