//! Demand between zones, as the solvers see it.

/// Interzonal demand by origin; pairs of one origin are contiguous, destinations ascending.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Demand {
    /// First pair of each origin, and the number of pairs at the end.
    pub origin_start: Vec<usize>,
    /// Destination zone of each pair; never the origin.
    pub destination: Vec<u32>,
    /// Trips per period of each pair, > 0.
    pub trips: Vec<f64>,
}

impl Demand {
    /// Number of origins, those without trips included.
    pub fn n_origins(&self) -> usize {
        self.origin_start.len().saturating_sub(1)
    }
    /// Number of pairs.
    pub fn n_pairs(&self) -> usize {
        self.destination.len()
    }
    /// Destinations and trips of one origin.
    pub fn of(&self, origin: usize) -> (&[u32], &[f64]) {
        let pairs = self.origin_start[origin]..self.origin_start[origin + 1];
        (&self.destination[pairs.clone()], &self.trips[pairs])
    }
}
