//! How far flows are from equilibrium.

/// Totals at one set of flows and costs, and the gaps that the field derives from them.
///
/// All costs generalised, in the network's time unit; demand is interzonal and reachable.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct Gaps {
    /// TSTT = Σ volume × volume-dependent cost + Σ flow × fixed cost.
    pub total_system_travel_time: f64,
    /// SPTT = Σ trips × least cost.
    pub shortest_path_travel_time: f64,
    /// Trips assigned.
    pub demand: f64,
}

impl Gaps {
    /// (TSTT − SPTT) / TSTT, the project's own; 0 where nothing travels.
    pub fn relative_gap(&self) -> f64 {
        ratio(self.excess(), self.total_system_travel_time)
    }
    /// TSTT / SPTT − 1.
    pub fn relative_gap_sptt(&self) -> f64 {
        ratio(self.excess(), self.shortest_path_travel_time)
    }
    /// (TSTT − SPTT) / demand, time units per trip.
    pub fn average_excess_cost(&self) -> f64 {
        ratio(self.excess(), self.demand)
    }
    fn excess(&self) -> f64 {
        self.total_system_travel_time - self.shortest_path_travel_time
    }
}

fn ratio(part: f64, whole: f64) -> f64 {
    if whole > 0.0 { part / whole } else { 0.0 }
}
