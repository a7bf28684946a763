//! Hot loops allocate nothing once they are warm.
#![allow(unsafe_code, reason = "counting allocations needs an allocator of its own")]

#[path = "../kernels/traffic/benches/grid/mod.rs"]
mod grid;
#[allow(dead_code, reason = "the tests of the kernels use more of it")]
#[path = "../kernels/traffic/tests/kernel/solver.rs"]
mod solver;

use std::alloc::{GlobalAlloc, Layout, System};
use std::cell::Cell;

use conurb_traffic::{CombinedChange, Overlay, SearchCosts, TreeSearch, Trial};
use solver::Solver;

thread_local! {
    // By thread, so that tests beside each other and the harness do not count for one another.
    static ALLOCATIONS: Cell<usize> = const { Cell::new(0) };
}

struct Counting;

// SAFETY: every call goes to the system's allocator as it came; counting touches no memory of it.
unsafe impl GlobalAlloc for Counting {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        ALLOCATIONS.with(|count| count.set(count.get() + 1));
        // SAFETY: the caller keeps the contract of this function, which is that of the system's.
        unsafe { System.alloc(layout) }
    }
    unsafe fn dealloc(&self, memory: *mut u8, layout: Layout) {
        // SAFETY: as above.
        unsafe { System.dealloc(memory, layout) }
    }
    unsafe fn realloc(&self, memory: *mut u8, layout: Layout, size: usize) -> *mut u8 {
        ALLOCATIONS.with(|count| count.set(count.get() + 1));
        // SAFETY: as above.
        unsafe { System.realloc(memory, layout, size) }
    }
}

#[global_allocator]
static COUNTING: Counting = Counting;

/// Allocations of `work` on this thread when it is done for the third time.
fn allocations(mut work: impl FnMut()) -> usize {
    work();
    work();
    let before = ALLOCATIONS.with(Cell::get);
    work();
    ALLOCATIONS.with(Cell::get) - before
}

#[test]
fn the_count_counts() {
    assert_eq!(allocations(|| drop(std::hint::black_box(vec![0_u8; 100]))), 1);
    assert_eq!(allocations(|| ()), 0);
}

#[test]
fn trees() {
    let (network, rows) = grid::grid(20, 4, 1);
    let solver = Solver::new(&network, &rows);
    let (graph, delays) = (&solver.graph, &solver.delays);
    let mut costs = SearchCosts::new(graph, |link| delays.cost(link, 0.0));
    let mut tree = TreeSearch::new(graph);
    let (mut node_flow, mut volumes) = (vec![0.0; graph.n_states()], vec![0.0; graph.n_links()]);
    let mut values = vec![0.0; graph.n_states()];
    let count = allocations(|| {
        costs.refresh(graph, |link| solver.states[link].cost);
        for (origin, row) in &rows {
            tree.grow(graph, &costs, graph.zone_state()[*origin as usize]);
            let trips = row.iter().map(|&(node, trips)| (graph.zone_state()[node as usize], trips));
            tree.load(graph, trips, &mut node_flow, &mut volumes);
            tree.accumulate(graph, &mut values, |arc| graph.turn_cost(arc) + 1.0);
        }
    });
    assert_eq!(count, 0);
}

#[test]
fn sweeps() {
    let (network, rows) = grid::grid(20, 4, 1);
    let mut solver = Solver::new(&network, &rows);
    for _ in 0..3 {
        solver.grow(0.0);
        solver.sweep_together();
    }
    let trips: Vec<Vec<f64>> = (0..rows.len()).map(|origin| solver.trips(origin)).collect();
    let (mut overlay, mut combined) = (Overlay::new(&solver.states), CombinedChange::new(network.n_links()));
    let mut moved = 0.0;
    let count = allocations(|| {
        combined.clear();
        for (paths, trips) in solver.paths.iter_mut().zip(&trips) {
            paths.sweep(&solver.delays, trips, &mut overlay);
            overlay.take_changes(&solver.states, |link, volume| {
                moved += f64::abs(volume);
                combined.add(link, volume);
            });
            // Taken back, so that each repetition does the same.
            paths.scale_last_sweep(0.0);
        }
        let mut trial = Trial::default();
        for mut part in combined.parts() {
            trial = part.run(&solver.delays, &solver.states);
        }
        combined.best_step(&[trial], 0.0, &solver.delays, &solver.states);
        combined.apply(0.0, &solver.delays, &mut solver.states);
    });
    assert!(moved > 0.0, "the sweeps have work to do");
    assert_eq!(count, 0);
}
