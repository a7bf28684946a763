//! From a scenario's road network and trips to what the solvers work on, with everything odd counted.

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
    /// Trips from a zone to itself, which no link sees.
    pub intrazonal_trips: f64,
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
        let (demand, intrazonal_trips, intrazonal_pairs) = interzonal(trips, traffic.demand_factor);
        let mut warnings = Vec::new();
        if intrazonal_pairs > 0 {
            let message = format!("{intrazonal_trips:.2} trips stay within their zone and load no link");
            warnings.push(Warning::new("intrazonal_demand", intrazonal_pairs, message));
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

/// The demand without trips from a zone to itself; their sum and number of pairs.
fn interzonal(trips: &TripTable, factor: f64) -> (Demand, f64, usize) {
    let mut demand = Demand { origin_start: vec![0], ..Demand::default() };
    let (mut intrazonal, mut pairs) = (0.0, 0);
    for origin in 0..trips.origin_start.len().saturating_sub(1) {
        for entry in trips.origin_start[origin] as usize..trips.origin_start[origin + 1] as usize {
            let scaled = trips.trips[entry] * factor;
            if trips.destination[entry] as usize == origin {
                intrazonal += scaled;
                pairs += 1;
            } else if scaled > 0.0 {
                demand.destination.push(trips.destination[entry]);
                demand.trips.push(scaled);
            }
        }
        demand.origin_start.push(demand.destination.len());
    }
    (demand, intrazonal, pairs)
}

/// Whether each link is open after `closed_links`.
fn open_links(roads: &RoadNetwork, traffic: &Traffic) -> Result<Vec<bool>, Error> {
    let mut open = vec![true; roads.n_links()];
    let mut problems = Problems::new();
    for reference in &traffic.closed_links {
        let found: Vec<usize> = match *reference {
            LinkReference::Id(id) => (0..roads.n_links()).filter(|&link| roads.link_id[link] == id).collect(),
            LinkReference::Between(from, to) => {
                let node = |id: i64| roads.node_id.binary_search(&id).ok().map(|node| node as u32);
                match (node(from), node(to)) {
                    (Some(tail), Some(head)) => (0..roads.n_links())
                        .filter(|&link| roads.tail[link] == tail && roads.head[link] == head)
                        .collect(),
                    _ => Vec::new(),
                }
            }
        };
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
