//! What a scenario says of how traffic is computed and what is asked of it.

use std::path::PathBuf;

use super::traffic::LinkReference;

/// The `[traffic.assignment]` table.
#[derive(Debug, Clone, PartialEq)]
pub struct Assignment {
    /// The algorithm.
    pub solver: Solver,
    /// Relative gap, (TSTT - SPTT) / TSTT, at which to stop.
    pub relative_gap: f64,
    /// Outer iterations at which to stop without having reached the gap.
    pub max_iterations: usize,
    /// Origins whose flows are shifted at the same time; changes results below the gap, so it is part of the scenario.
    pub group_size: usize,
    /// Run folder whose paths to start from.
    pub warm_start: Option<PathBuf>,
}

/// An algorithm for user equilibrium.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Solver {
    /// Path-based gradient projection.
    GradientProjection,
    /// Bi-conjugate Frank-Wolfe.
    BiConjugateFrankWolfe,
    /// Method of successive averages: all-or-nothing volumes averaged with weights 1 / n.
    Msa,
}

impl Solver {
    /// All of them.
    pub const ALL: [Solver; 3] = [Solver::GradientProjection, Solver::BiConjugateFrankWolfe, Solver::Msa];

    /// Name in a scenario file.
    pub fn name(self) -> &'static str {
        match self {
            Solver::GradientProjection => "gradient_projection",
            Solver::BiConjugateFrankWolfe => "bi_conjugate_frank_wolfe",
            Solver::Msa => "msa",
        }
    }
}

/// A matrix over pairs of zones along least-cost paths.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Skim {
    /// Generalised cost.
    Cost,
    /// Travel time.
    TravelTime,
    /// Distance; needs `length_unit`.
    Distance,
    /// Tolls.
    Toll,
    /// Travel time of the empty network along the same path.
    FreeFlowTime,
}

impl Skim {
    /// All of them.
    pub const ALL: [Skim; 5] = [Skim::Cost, Skim::TravelTime, Skim::Distance, Skim::Toll, Skim::FreeFlowTime];

    /// Name in a scenario file.
    pub fn name(self) -> &'static str {
        match self {
            Skim::Cost => "cost",
            Skim::TravelTime => "travel_time",
            Skim::Distance => "distance",
            Skim::Toll => "toll",
            Skim::FreeFlowTime => "free_flow_time",
        }
    }
}

/// The `[traffic.distribution]` table: a doubly constrained gravity model fed by the assignment's costs.
#[derive(Debug, Clone, PartialEq)]
pub struct Distribution {
    /// How trips fall with cost.
    pub deterrence: Deterrence,
    /// Trips from and to each zone (`zone,productions,attractions`) for every class; those of the demand where there is none.
    pub totals: Option<PathBuf>,
    /// Σ |change of trips| / Σ trips between a matrix and the gravity model at its own costs, at which to stop.
    pub tolerance: f64,
    /// Rounds of assignment and gravity model at most.
    pub max_rounds: usize,
}

/// How trips fall with the generalised cost c in minutes.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Deterrence {
    /// exp(−beta c).
    Exponential {
        /// Per minute.
        beta_per_min: f64,
    },
    /// c^−alpha.
    Power {
        /// The exponent.
        alpha: f64,
    },
    /// c^alpha exp(−beta c) (Tanner).
    Combined {
        /// The exponent.
        alpha: f64,
        /// Per minute.
        beta_per_min: f64,
    },
}

/// The `[traffic.system_optimum]` table.
#[derive(Debug, Clone, PartialEq)]
pub struct SystemOptimum {
    /// Relative gap of the assignment at marginal costs.
    pub relative_gap: f64,
}

/// The `[traffic.braess]` table.
#[derive(Debug, Clone, PartialEq)]
pub struct Braess {
    /// Links to close one at a time.
    pub links: Vec<LinkReference>,
    /// Besides, this many links with the greatest volume over capacity.
    pub most_loaded: usize,
}

/// One `[[traffic.select]]`: trips by what they use.
#[derive(Debug, Clone, PartialEq)]
pub struct Selection {
    /// Its name, unique.
    pub name: String,
    /// Links, of which a path uses …
    pub links: Vec<LinkReference>,
    /// … all, or else any.
    pub all_links: bool,
    /// Zones that trips start in; empty for any.
    pub origins: Vec<i64>,
    /// Zones that trips end in; empty for any.
    pub destinations: Vec<i64>,
}
