//! The private view of an origin, and bringing the changes of several together.

use conurb_traffic::{CombinedChange, LinkDelays, LinkState, Overlay, rising_root};
use proptest::prelude::*;

use super::random::{any_delay, bpr};

fn delays() -> LinkDelays {
    LinkDelays::new([1.0, 2.0, 4.0].map(|capacity| bpr(1.0, 1.0, capacity, 2.0).into()))
}

fn states(delays: &LinkDelays, volumes: &[f64]) -> Vec<LinkState> {
    volumes.iter().enumerate().map(|(link, &volume)| delays.state(link, volume)).collect()
}

fn taken(overlay: &mut Overlay, base: &[LinkState]) -> Vec<(u32, f64)> {
    let mut changes = Vec::new();
    overlay.take_changes(base, |link, volume| changes.push((link, volume)));
    changes
}

fn combined_of(n_links: usize, changes: &[(u32, f64)]) -> CombinedChange {
    let mut combined = CombinedChange::new(n_links);
    changes.iter().for_each(|&(link, volume)| combined.add(link, volume));
    combined
}

fn best_step(combined: &mut CombinedChange, delays: &LinkDelays, states: &[LinkState]) -> f64 {
    let trials: Vec<_> = combined.parts().map(|mut part| part.run(delays, states)).collect();
    combined.best_step(&trials, 0.0, delays, states)
}

#[test]
fn an_origin_sees_its_own_changes_and_gives_them_back_in_order() {
    let delays = delays();
    let base = states(&delays, &[1.0, 2.0, 3.0]);
    let mut overlay = Overlay::new(&base);
    overlay.add(&delays, 2, 1.0);
    overlay.add(&delays, 0, 0.5);
    overlay.add(&delays, 2, 0.25);
    assert_eq!(overlay.state(2), delays.state(2, 4.25));
    assert_eq!(overlay.state(1), base[1]);
    assert_eq!(overlay.n_touched(), 2);
    assert_eq!(taken(&mut overlay, &base), [(2, 1.25), (0, 0.5)]);
    assert!((0..3).all(|link| overlay.state(link as u32) == base[link]));
    assert!(taken(&mut overlay, &base).is_empty());
}

#[test]
fn changes_that_cancel_are_none() {
    let delays = delays();
    let base = states(&delays, &[1.0, 2.0, 3.0]);
    let mut overlay = Overlay::new(&base);
    overlay.add(&delays, 1, 2.0);
    overlay.add(&delays, 1, -2.0);
    assert!(taken(&mut overlay, &base).is_empty());
}

#[test]
fn an_overlay_takes_over_what_changed_below_it() {
    let delays = delays();
    let mut base = states(&delays, &[1.0, 2.0, 3.0]);
    let mut overlay = Overlay::new(&base);
    base[1] = delays.state(1, 9.0);
    overlay.refresh(&base, &[1]);
    assert_eq!(overlay.state(1), base[1]);
    base[0] = delays.state(0, 7.0);
    overlay.refresh_all(&base);
    assert_eq!(overlay.state(0), base[0]);
}

#[test]
fn a_combined_change_adds_up_and_is_forgotten() {
    let delays = delays();
    let mut base = states(&delays, &[1.0, 2.0, 3.0]);
    let mut combined = combined_of(3, &[(2, 1.0), (0, -0.5), (2, 0.5)]);
    assert_eq!(combined.links(), [2, 0]);
    combined.apply(0.5, &delays, &mut base);
    assert_eq!(base, states(&delays, &[0.75, 2.0, 3.75]));
    combined.clear();
    assert!(combined.links().is_empty());
    combined.apply(1.0, &delays, &mut base);
    assert_eq!(base, states(&delays, &[0.75, 2.0, 3.75]));
}

#[test]
fn the_best_step_is_where_costs_balance() {
    // From 4 on a link of 1 + v² to an equal empty one moves 4: equal costs at half the way.
    let delays = LinkDelays::new([bpr(1.0, 1.0, 1.0, 2.0).into(); 2]);
    let mut combined = combined_of(2, &[(0, -4.0), (1, 4.0)]);
    let step = best_step(&mut combined, &delays, &states(&delays, &[4.0, 0.0]));
    assert!((step - 0.5).abs() <= 1e-3, "{step}");
    // A quarter of it overshoots nothing, and a change for the worse is not made.
    combined = combined_of(2, &[(0, -1.0), (1, 1.0)]);
    assert_eq!(best_step(&mut combined, &delays, &states(&delays, &[4.0, 0.0])), 1.0);
    assert_eq!(best_step(&mut combined, &delays, &states(&delays, &[1.0, 3.0])), 0.0);
    combined.clear();
    assert_eq!(best_step(&mut combined, &delays, &states(&delays, &[1.0, 3.0])), 1.0);
}

proptest! {
    #[test]
    fn the_best_step_never_raises_the_objective(
        links in prop::collection::vec((any_delay(), 0.0..50.0_f64, -1.0..1.0_f64), 1..10),
    ) {
        let delays = LinkDelays::new(links.iter().map(|&(delay, ..)| delay));
        let mut states: Vec<_> = links.iter().enumerate().map(|(link, &(_, volume, _))| delays.state(link, volume)).collect();
        let objective = |states: &[LinkState]| -> f64 {
            states.iter().enumerate().map(|(link, state)| delays.cost_integral(link, state.volume)).sum()
        };
        let before = objective(&states);
        // Changes take at most all of a volume, as path flows do.
        let change = |(link, &(_, volume, part)): (usize, &(_, f64, f64))| (link as u32, part * volume);
        let mut combined = combined_of(links.len(), &links.iter().enumerate().map(change).collect::<Vec<_>>());
        let step = best_step(&mut combined, &delays, &states);
        prop_assert!((0.0..=1.0).contains(&step));
        combined.apply(step, &delays, &mut states);
        prop_assert!(objective(&states) <= before * (1.0 + 1e-13), "{} after {}", objective(&states), before);
    }

    #[test]
    fn roots_are_found_from_below(root in 0.1..0.999_f64, power in 1..9_i32) {
        let function = |step: f64| (step / root).powi(power) - 1.0;
        let found = rising_root(function(0.0), function(1.0), 1e-6, function);
        prop_assert!(found <= root * (1.0 + 1e-12) && root - found <= 2e-6 * root, "{} for {}", found, root);
    }
}
