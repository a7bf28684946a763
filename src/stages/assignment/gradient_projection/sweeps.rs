//! Sweeps: flow moves between known paths, group by group, with an exact step along the sum of what a group moves.

use conurb_traffic::LinkState;

use super::groups::Groups;
use super::{Solver, Work};
use crate::error::Error;

/// Sweeps in a row at most.
const MOST_SWEEPS: usize = 100;
/// One sweep over all sources, the others over those with most to gain.
const SWEEPS_PER_ROUND: usize = 4;
/// Change of one link's volume, as ranks tell it each other.
#[derive(Debug, Clone, Copy, bytemuck::Pod, bytemuck::Zeroable)]
#[repr(C)]
pub(super) struct Change {
    volume: f64,
    link: u64,
}

/// In place of a link, for the entries that carry an origin's excess cost and its change of fixed cost.
const EXCESS: u64 = u64::MAX;
/// See `EXCESS`.
const FIXED: u64 = u64::MAX - 1;

impl Solver<'_> {
    /// Moves flow between known paths until a sweep over all sources finds an excess cost of at most `enough`; in between a few
    /// sweeps over the busy ones, which have most of it.
    pub(super) fn settle(&mut self, groups: &mut Groups, enough: f64) -> Result<(), Error> {
        let mut excess = 0.0;
        for sweep in 0..MOST_SWEEPS {
            let over_all = sweep % SWEEPS_PER_ROUND == 0 || excess <= enough;
            let listed = groups.of(&self.sources.with_demand).collect();
            if over_all {
                let mean_step = self.sweep(listed)?;
                groups.adapt(mean_step);
            } else {
                // Each in its own group as before: those at work on the same links would overshoot together in one.
                let is_busy = busy(&self.sources.with_demand, &self.swept_excess);
                self.sweep(only(listed, &is_busy))?;
            }
            excess = self.swept_excess.iter().sum::<f64>();
            if over_all && excess <= enough {
                break;
            }
        }
        Ok(())
    }

    /// Moves flow once between the known paths of sources, group by group; the mean step.
    fn sweep(&mut self, groups: Vec<Vec<usize>>) -> Result<f64, Error> {
        let (mut steps, n_groups) = (0.0, groups.len().max(1));
        for group in groups {
            let (problem, states, combined, version) = (self.problem, &self.states, &self.combined, self.version);
            let changes = self.runtime.map(
                &self.sources.chunks,
                &group,
                &mut self.paths,
                &self.scratch,
                |source, paths, work| {
                    work.catch_up(states, combined.links(), version);
                    let swept = paths.sweep(&problem.delays, problem.trips(source), &mut work.overlay);
                    let mut changes = Vec::with_capacity(work.overlay.n_touched() + 2);
                    changes.push(Change { volume: swept.excess_cost, link: EXCESS });
                    changes.push(Change { volume: swept.fixed_change, link: FIXED });
                    let mut put = |link, volume| changes.push(Change { volume, link: u64::from(link) });
                    work.overlay.take_changes(states, &mut put);
                    changes
                },
            );
            let fixed_change = self.combine(&group, Ok(changes))?;
            let (delays, states) = (&problem.delays, &self.states);
            let trials = self.runtime.share(self.combined.parts(), |mut part| part.run(delays, states));
            let step = self.combined.best_step(&trials, fixed_change, delays, states);
            if step < 1.0 {
                // Too little work to wake threads for; origins of other ranks have no paths here.
                group.iter().for_each(|&source| self.paths[source].scale_last_sweep(step));
                self.combined.apply(step, &problem.delays, &mut self.states);
            } else {
                self.combined.apply_tried(&mut self.states);
            }
            self.version += 1;
            steps += step;
        }
        Ok(steps / n_groups as f64)
    }

    /// Adds the changes of all sources of a group, on every rank in their order; the change of Σ flow × fixed cost.
    pub(super) fn combine(&mut self, group: &[usize], changes: Result<Vec<Vec<Change>>, Error>) -> Result<f64, Error> {
        let (combined, excess) = (&mut self.combined, &mut self.swept_excess);
        combined.clear();
        let (changes, status) = changes.map_or_else(|error| (Vec::new(), Err(error)), |changes| (changes, Ok(())));
        let mut fixed_change = 0.0;
        self.runtime.gather_each(
            &self.sources.chunks,
            group,
            status.map(|()| changes.as_slice()),
            |source, changes: &[Change]| {
                for change in changes {
                    match change.link {
                        EXCESS => excess[source] = change.volume,
                        FIXED => fixed_change += change.volume,
                        link => combined.add(link as u32, change.volume),
                    }
                }
            },
        )?;
        Ok(fixed_change)
    }
}

/// Sources whose excess cost is at least the mean.
pub(super) fn busy(sources: &[usize], excess: &[f64]) -> Vec<usize> {
    let mean = excess.iter().sum::<f64>() / sources.len().max(1) as f64;
    sources.iter().copied().filter(|&source| excess[source] >= mean).collect()
}

/// Groups of ascending sources without those that `kept`, ascending, does not have, and without empty groups.
fn only(mut groups: Vec<Vec<usize>>, kept: &[usize]) -> Vec<Vec<usize>> {
    groups.iter_mut().for_each(|group| group.retain(|source| kept.binary_search(source).is_ok()));
    groups.retain(|group| !group.is_empty());
    groups
}

impl Work {
    /// Brings the overlay to the present states, of which only `changed` differ if it missed one version.
    fn catch_up(&mut self, states: &[LinkState], changed: &[u32], version: u64) {
        if self.overlay_version + 1 == version {
            self.overlay.refresh(states, changed);
        } else if self.overlay_version != version {
            self.overlay.refresh_all(states);
        }
        self.overlay_version = version;
    }
}

/// The loaded links with their volumes; `volumes` is zero again afterwards.
pub(super) fn take_loaded(volumes: &mut [f64]) -> Vec<Change> {
    let loaded = volumes.iter_mut().enumerate().filter(|(_, volume)| **volume > 0.0);
    loaded.map(|(link, volume)| Change { volume: std::mem::take(volume), link: link as u64 }).collect()
}
