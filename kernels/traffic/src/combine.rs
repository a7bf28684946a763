//! Bringing the changes of several origins together: their sum, an exact step along it, and the new link states.

use crate::delay::{LinkDelays, LinkState};

/// The sum of changes of link volumes, sparse, in the order links first appear.
#[derive(Debug, Clone)]
pub struct CombinedChange {
    change: Vec<f64>,
    links: Vec<u32>,
    is_listed: Vec<bool>,
    /// State of each listed link with the whole change, from the last trial.
    tried: Vec<LinkState>,
}

impl CombinedChange {
    /// No change on `n_links` links.
    pub fn new(n_links: usize) -> Self {
        let (change, is_listed) = (vec![0.0; n_links], vec![false; n_links]);
        CombinedChange { change, links: Vec::new(), is_listed, tried: Vec::new() }
    }
    /// Forgets all changes.
    pub fn clear(&mut self) {
        for &link in &self.links {
            self.change[link as usize] = 0.0;
            self.is_listed[link as usize] = false;
        }
        self.links.clear();
    }
    /// Adds to the change of one link.
    #[inline]
    pub fn add(&mut self, link: u32, volume: f64) {
        let index = link as usize;
        if !self.is_listed[index] {
            self.is_listed[index] = true;
            self.links.push(link);
        }
        self.change[index] += volume;
    }
    /// Links whose volume changes.
    pub fn links(&self) -> &[u32] {
        &self.links
    }

    /// The changed links in parts of fixed length, to try the whole change on; each part can be tried by itself.
    pub fn parts(&mut self) -> impl Iterator<Item = TrialPart<'_>> {
        self.tried.resize(self.links.len(), LinkState::default());
        let change = &self.change;
        let parts = self.links.chunks(LINKS_PER_PART).zip(self.tried.chunks_mut(LINKS_PER_PART));
        parts.map(|(links, tried)| TrialPart { change, links, tried })
    }

    /// The step in [0, 1] along the change that minimises the Beckmann objective, given what the trials of all parts told
    /// and by how much the whole change alters Σ flow × fixed cost.
    ///
    /// Its derivative by the step, Σ change × cost(volume + step × change) + `fixed_change`, rises with the step because costs rise
    /// with volumes; the whole step is taken if the derivative is still not positive there, or not distinguishable from 0.
    pub fn best_step(&self, trials: &[Trial], fixed_change: f64, delays: &LinkDelays, states: &[LinkState]) -> f64 {
        let at_whole = trials.iter().map(|trial| trial.derivative).sum::<f64>() + fixed_change;
        let size = trials.iter().map(|trial| trial.size).sum::<f64>() + fixed_change.abs();
        if at_whole <= ROUNDING_OF_DERIVATIVE * size {
            return 1.0;
        }
        let derivative = |step: f64| -> f64 {
            let term = |&link: &u32| {
                let (link, change) = (link as usize, self.change[link as usize]);
                change * delays.cost(link, states[link].volume + step * change)
            };
            self.links.iter().map(term).sum::<f64>() + fixed_change
        };
        rising_root(derivative(0.0), at_whole, STEP_WIDTH, derivative)
    }

    /// Applies the part `step` of the change to `states`.
    pub fn apply(&self, step: f64, delays: &LinkDelays, states: &mut [LinkState]) {
        for &link in &self.links {
            let link = link as usize;
            states[link] = delays.state(link, states[link].volume + step * self.change[link]);
        }
    }

    /// Applies the whole change as it was last tried on the same `states`.
    pub fn apply_tried(&self, states: &mut [LinkState]) {
        debug_assert_eq!(self.tried.len(), self.links.len(), "every part was tried");
        for (&link, &tried) in self.links.iter().zip(&self.tried) {
            states[link as usize] = tried;
        }
    }
}

/// Some of the changed links, to try the whole change on.
#[derive(Debug)]
pub struct TrialPart<'a> {
    change: &'a [f64],
    links: &'a [u32],
    tried: &'a mut [LinkState],
}

/// What a trial of the whole change told.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct Trial {
    /// Derivative of the Beckmann objective by the step, at the whole step.
    pub derivative: f64,
    /// Sum of the sizes of its terms.
    pub size: f64,
}

impl TrialPart<'_> {
    /// Tries the whole change on this part's links.
    pub fn run(&mut self, delays: &LinkDelays, states: &[LinkState]) -> Trial {
        let mut trial = Trial::default();
        for (&link, tried) in self.links.iter().zip(&mut *self.tried) {
            let (link, change) = (link as usize, self.change[link as usize]);
            *tried = delays.state(link, states[link].volume + change);
            let term = change * tried.cost;
            trial.derivative += term;
            trial.size += term.abs();
        }
        trial
    }
}

/// Links of one part: enough work to be worth handing to a thread.
const LINKS_PER_PART: usize = 2048;
/// Relative rounding error of a sum of thousands of signed terms.
const ROUNDING_OF_DERIVATIVE: f64 = 1e-14;
/// How well a step below 1 is determined, relative; the next sweep makes up for the rest.
const STEP_WIDTH: f64 = 0.05;

/// Root on [0, 1] of a rising function that is `at_0` at 0 and `at_1` > 0 at 1, to `width` relative from below.
///
/// 0 where `at_0` is not negative. Regula falsi in the Illinois form: an end that stays twice in a row has its value halved
/// (Dowell and Jarratt, A modified regula falsi method, BIT 11, 1971, <https://doi.org/10.1007/BF01934364>).
pub fn rising_root(at_0: f64, at_1: f64, width: f64, function: impl Fn(f64) -> f64) -> f64 {
    const MOST_EVALUATIONS: usize = 60;
    if at_0 >= 0.0 {
        return 0.0;
    }
    let (mut low, mut high, mut at_low, mut at_high) = (0.0, 1.0, at_0, at_1);
    let mut last_moved_low = None;
    for _ in 0..MOST_EVALUATIONS {
        if high - low <= width * high {
            break;
        }
        let middle = (low * at_high - high * at_low) / (at_high - at_low);
        let value = function(middle);
        let moves_low = value <= 0.0;
        if moves_low {
            (low, at_low) = (middle, value);
        } else {
            (high, at_high) = (middle, value);
        }
        if last_moved_low == Some(moves_low) {
            if moves_low { at_high *= 0.5 } else { at_low *= 0.5 }
        }
        last_moved_low = Some(moves_low);
        if value == 0.0 {
            break;
        }
    }
    low
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn root_of_a_steep_power_is_found_from_below() {
        // (2 s)^16 = 1 at s = 1/2.
        let function = |step: f64| (2.0 * step).powi(16) - 1.0;
        let root = rising_root(function(0.0), function(1.0), 1e-9, function);
        assert!(root <= 0.5 && 0.5 - root < 1e-8, "{root}");
    }

    #[test]
    fn nothing_to_gain_means_no_step() {
        assert_eq!(rising_root(0.0, 1.0, 1e-3, |step| step), 0.0);
    }
}
