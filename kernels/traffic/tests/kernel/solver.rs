//! A solver of one thread put together from the kernels, to see them work on each other.

use conurb_traffic::{
    CombinedChange, Graph, Growth, LinkDelays, LinkState, Network, OriginPaths, Overlay, PathScratch, SearchCosts,
    Sweep, TreeSearch,
};

/// Trips from one node of the network to others.
pub type Row = (u32, Vec<(u32, f64)>);

/// State of the solver: paths of each origin and the link states they add up to.
pub struct Solver {
    pub graph: Graph,
    pub delays: LinkDelays,
    pub rows: Vec<Row>,
    pub paths: Vec<OriginPaths>,
    pub states: Vec<LinkState>,
    costs: SearchCosts,
    tree: TreeSearch,
    scratch: PathScratch,
    overlay: Overlay,
    combined: CombinedChange,
}

impl Solver {
    /// Loads all demand on least-cost paths of the empty network; every node of `network` is to be a zone.
    pub fn new(network: &Network, rows: &[Row]) -> Self {
        Solver::with_costs(network, rows, |delays| delays)
    }

    /// As `new`, with `costs` made of the links' delays.
    pub fn with_costs(network: &Network, rows: &[Row], costs: impl FnOnce(LinkDelays) -> LinkDelays) -> Self {
        let graph = Graph::new(network);
        let delays = costs(LinkDelays::new(graph.source_link().iter().map(|&link| network.delay()[link as usize])));
        let states: Vec<LinkState> = (0..graph.n_links()).map(|link| delays.state(link, 0.0)).collect();
        let mut solver = Solver {
            paths: vec![OriginPaths::default(); rows.len()],
            rows: rows.to_vec(),
            costs: SearchCosts::new(&graph, |link| states[link].cost),
            tree: TreeSearch::new(&graph),
            scratch: PathScratch::new(&graph),
            overlay: Overlay::new(&states),
            combined: CombinedChange::new(graph.n_links()),
            graph,
            delays,
            states,
        };
        solver.grow(0.0);
        solver.reload();
        solver
    }

    /// Trips of one origin by pair.
    pub fn trips(&self, origin: usize) -> Vec<f64> {
        self.rows[origin].1.iter().map(|&(_, trips)| trips).collect()
    }

    /// Volumes as the paths have them.
    pub fn loaded(&self) -> Vec<f64> {
        let mut volumes = vec![0.0; self.graph.n_links()];
        for (origin, paths) in self.paths.iter().enumerate() {
            paths.load(&self.trips(origin), &mut volumes);
        }
        volumes
    }

    /// Takes link states afresh from the paths.
    pub fn reload(&mut self) {
        self.states = self.loaded().iter().enumerate().map(|(link, &volume)| self.delays.state(link, volume)).collect();
        self.overlay.refresh_all(&self.states);
    }

    /// Adds cheaper paths at the present costs.
    pub fn grow(&mut self, tolerance: f64) -> Vec<Growth> {
        let states = &self.states;
        self.costs.refresh(|link| states[link].cost);
        let mut growths = Vec::new();
        for (paths, (origin, row)) in self.paths.iter_mut().zip(&self.rows) {
            let zone_node = self.graph.zone_node();
            self.tree.grow(&self.graph, &self.costs, zone_node[*origin as usize]);
            let destinations = row.iter().map(|&(node, trips)| (zone_node[node as usize], trips));
            let grown = paths.grow(&self.graph, &self.costs, &self.tree, destinations, tolerance, &mut self.scratch);
            growths.push(grown.expect("small networks have few path links"));
        }
        growths
    }

    /// All origins move their flows at the same time, then one step is taken along the sum; the step and what each found.
    pub fn sweep_together(&mut self) -> (f64, Vec<Sweep>) {
        self.combined.clear();
        let mut sweeps = Vec::new();
        for origin in 0..self.paths.len() {
            let trips = self.trips(origin);
            sweeps.push(self.paths[origin].sweep(&self.delays, &trips, &mut self.overlay));
            let combined = &mut self.combined;
            self.overlay.take_changes(&self.states, |link, volume| combined.add(link, volume));
        }
        let (delays, states) = (&self.delays, &self.states);
        let trials: Vec<_> = self.combined.parts().map(|mut part| part.run(delays, states)).collect();
        let step = self.combined.best_step(&trials, delays, states);
        self.paths.iter_mut().for_each(|paths| paths.scale_last_sweep(step));
        self.combined.apply(step, &self.delays, &mut self.states);
        self.overlay.refresh(&self.states, self.combined.links());
        (step, sweeps)
    }

    /// Beckmann objective at the present volumes.
    pub fn objective(&self) -> f64 {
        let term = |(link, state): (usize, &LinkState)| self.delays.cost_integral(link, state.volume);
        self.states.iter().enumerate().map(term).sum()
    }

    /// Relative gap at the present volumes.
    pub fn relative_gap(&mut self) -> f64 {
        let total: f64 = self.states.iter().map(|state| state.volume * state.cost).sum();
        let least: f64 = self.grow(f64::INFINITY).iter().map(|growth| growth.shortest_path_travel_time).sum();
        (total - least) / total.max(f64::MIN_POSITIVE)
    }

    /// Iterates until the gap falls below `gap`; panics where it does not within 200 iterations.
    pub fn solve(&mut self, gap: f64) {
        for _ in 0..200 {
            if self.relative_gap() <= gap {
                return;
            }
            self.grow(0.0);
            (0..20).for_each(|_| {
                self.sweep_together();
            });
            self.reload();
        }
        panic!("no equilibrium: relative gap {:e}", self.relative_gap());
    }

    /// Volumes in the order of the network's links.
    pub fn volumes(&self) -> Vec<f64> {
        let mut volumes = vec![0.0; self.graph.n_links()];
        for (state, &source) in self.states.iter().zip(self.graph.source_link()) {
            volumes[source as usize] = state.volume;
        }
        volumes
    }
}
