//! One origin's private view of link volumes while the other origins of its group do the same.

use crate::delay::{LinkDelays, LinkState};

/// A private copy of all link states that knows which links were touched, so that it can be wound back.
#[derive(Debug, Clone)]
pub struct Overlay {
    states: Vec<LinkState>,
    /// Added volume of each link, kept apart from the volumes: their difference would lose what rounding took from the
    /// volumes, flow would no longer be conserved, and close to equilibrium a step could not be told from a bad one.
    change: Vec<f64>,
    touched: Vec<u32>,
    is_touched: Vec<bool>,
}

impl Overlay {
    /// A copy of `base`.
    pub fn new(base: &[LinkState]) -> Self {
        let (change, is_touched) = (vec![0.0; base.len()], vec![false; base.len()]);
        Overlay { states: base.to_vec(), change, touched: Vec::new(), is_touched }
    }
    /// State of a link as this origin sees it.
    #[inline]
    pub fn state(&self, link: u32) -> LinkState {
        self.states[link as usize]
    }
    /// Adds to the volume of a link.
    #[inline]
    pub fn add(&mut self, delays: &LinkDelays, link: u32, volume: f64) {
        let index = link as usize;
        if !self.is_touched[index] {
            self.is_touched[index] = true;
            self.touched.push(link);
        }
        self.change[index] += volume;
        self.states[index] = delays.state(index, self.states[index].volume + volume);
    }
    /// Takes over states of `base` that changed, links in any order.
    pub fn refresh(&mut self, base: &[LinkState], changed: &[u32]) {
        changed.iter().for_each(|&link| self.states[link as usize] = base[link as usize]);
    }
    /// Takes over all of `base`.
    pub fn refresh_all(&mut self, base: &[LinkState]) {
        self.states.copy_from_slice(base);
    }
    /// Number of links touched since the last call of `take_changes`.
    pub fn n_touched(&self) -> usize {
        self.touched.len()
    }
    /// Gives `take` each changed link with its added volume, in the order links were first touched; the overlay is
    /// `base` again afterwards.
    pub fn take_changes(&mut self, base: &[LinkState], mut take: impl FnMut(u32, f64)) {
        for &link in &self.touched {
            let index = link as usize;
            let volume = std::mem::take(&mut self.change[index]);
            if volume != 0.0 {
                take(link, volume);
            }
            self.states[index] = base[index];
            self.is_touched[index] = false;
        }
        self.touched.clear();
    }
}
