//! A solver of one thread put together from the kernels, to see them work on each other.

use conurb_traffic::{
    CombinedChange, Graph, Growth, LinkCosts, LinkDelays, LinkState, Network, OriginPaths, Overlay, PathScratch,
    SearchCosts, Sweep, TreeSearch,
};

/// Trips from one node of the network to others.
pub type Row = (u32, Vec<(u32, f64)>);

/// Users who see the same costs.
#[derive(Debug, Clone)]
pub struct Class {
    /// What each link of the network costs them whatever its volume.
    pub fixed: Vec<f64>,
    pub rows: Vec<Row>,
}

/// State of the solver: paths of each origin and the link states they add up to.
pub struct Solver {
    pub graph: Graph,
    pub delays: LinkDelays,
    /// Rows of all classes, those of a class one after the other, and the class of each.
    pub rows: Vec<Row>,
    pub class_of: Vec<usize>,
    /// Fixed costs of each class, by link of the graph.
    pub fixed: Vec<Vec<f64>>,
    pub paths: Vec<OriginPaths>,
    pub states: Vec<LinkState>,
    costs: SearchCosts,
    tree: TreeSearch,
    pub scratch: PathScratch,
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
        let class = Class { fixed: vec![0.0; network.n_links()], rows: rows.to_vec() };
        Solver::start(network, &[class], costs)
    }

    /// As `new`, with several classes.
    pub fn with_classes(network: &Network, classes: &[Class]) -> Self {
        Solver::start(network, classes, |delays| delays)
    }

    fn start(network: &Network, classes: &[Class], costs: impl FnOnce(LinkDelays) -> LinkDelays) -> Self {
        let graph = Graph::new(network);
        let delays = costs(LinkDelays::new(graph.source_link().iter().map(|&link| network.delay()[link as usize])));
        let states: Vec<LinkState> = (0..graph.n_links()).map(|link| delays.state(link, 0.0)).collect();
        let of_graph = |class: &Class| graph.source_link().iter().map(|&link| class.fixed[link as usize]).collect();
        let indexed = || classes.iter().enumerate();
        let class_of: Vec<usize> = indexed().flat_map(|(index, class)| vec![index; class.rows.len()]).collect();
        let mut solver = Solver {
            paths: vec![OriginPaths::default(); class_of.len()],
            rows: classes.iter().flat_map(|class| class.rows.clone()).collect(),
            class_of,
            fixed: classes.iter().map(of_graph).collect(),
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

    /// Shows the tree of each origin at the present costs to `visit`, with the costs, its paths and destinations.
    pub fn each_tree(&mut self, mut visit: impl FnMut(&mut Grown<'_>)) {
        let (states, graph) = (&self.states, &self.graph);
        let volume_dependent: Vec<f64> = states.iter().map(|state| state.cost).collect();
        for (index, (origin, row)) in self.rows.iter().enumerate() {
            let fixed = &self.fixed[self.class_of[index]];
            self.costs.refresh(graph, |link| states[link].cost + fixed[link]);
            let zone_state = graph.zone_state();
            self.tree.grow(graph, &self.costs, zone_state[*origin as usize]);
            let destinations: Vec<_> = row.iter().map(|&(node, trips)| (zone_state[node as usize], trips)).collect();
            visit(&mut Grown {
                index,
                graph,
                costs: LinkCosts { volume_dependent: &volume_dependent, fixed },
                tree: &self.tree,
                destinations,
                paths: &mut self.paths[index],
                scratch: &mut self.scratch,
            });
        }
    }

    /// Adds cheaper paths at the present costs.
    pub fn grow(&mut self, tolerance: f64) -> Vec<Growth> {
        let mut growths = Vec::new();
        self.each_tree(|grown| {
            let Grown { graph, costs, tree, destinations, paths, scratch, .. } = grown;
            let growth = paths.grow(graph, *costs, tree, destinations.iter().copied(), tolerance, scratch);
            growths.push(growth.expect("small networks have few path links"));
        });
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
        let fixed_change = sweeps.iter().map(|sweep| sweep.fixed_change).sum();
        let step = self.combined.best_step(&trials, fixed_change, delays, states);
        self.paths.iter_mut().for_each(|paths| paths.scale_last_sweep(step));
        self.combined.apply(step, &self.delays, &mut self.states);
        self.overlay.refresh(&self.states, self.combined.links());
        (step, sweeps)
    }

    /// Σ flow × fixed cost over all paths.
    pub fn fixed_cost(&self) -> f64 {
        self.paths.iter().enumerate().map(|(origin, paths)| paths.fixed_cost(&self.trips(origin))).sum()
    }

    /// Beckmann objective at the present volumes.
    pub fn objective(&self) -> f64 {
        let term = |(link, state): (usize, &LinkState)| self.delays.cost_integral(link, state.volume);
        self.states.iter().enumerate().map(term).sum::<f64>() + self.fixed_cost()
    }

    /// Relative gap at the present volumes.
    pub fn relative_gap(&mut self) -> f64 {
        let of_links: f64 = self.states.iter().map(|state| state.volume * state.cost).sum();
        let growths = self.grow(f64::INFINITY);
        let total = of_links + growths.iter().map(|growth| growth.fixed_cost).sum::<f64>();
        let least: f64 = growths.iter().map(|growth| growth.shortest_path_travel_time).sum();
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

/// One origin, its tree and its paths.
pub struct Grown<'a> {
    pub index: usize,
    pub graph: &'a Graph,
    pub costs: LinkCosts<'a>,
    pub tree: &'a TreeSearch,
    pub destinations: Vec<(u32, f64)>,
    pub paths: &'a mut OriginPaths,
    pub scratch: &'a mut PathScratch,
}
