//! One origin's private view of link volumes while the other origins of its group do the same.

use crate::delay::{LinkDelays, LinkState};

/// A private copy of all link states that knows which links were touched, so that it can be wound back.
#[derive(Debug, Clone)]
pub struct Overlay {
    states: Vec<LinkState>,
    touched: Vec<u32>,
    is_touched: Vec<bool>,
}

impl Overlay {
    /// A copy of `base`.
    pub fn new(base: &[LinkState]) -> Self {
        Overlay { states: base.to_vec(), touched: Vec::new(), is_touched: vec![false; base.len()] }
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
            let volume = self.states[index].volume - base[index].volume;
            if volume != 0.0 {
                take(link, volume);
            }
            self.states[index] = base[index];
            self.is_touched[index] = false;
        }
        self.touched.clear();
    }
}
