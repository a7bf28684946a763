//! Static traffic assignment on road graphs: pure computing, no I/O, no threads, no ranks.
//!
//! [`Network`] describes links, nodes and turns, [`Graph`] is its search form, [`LinkDelays`] its volume-delay functions.
//! [`TreeSearch`] grows least-cost trees; [`OriginPaths`] holds one origin's paths and shifts flow between them.
//! [`gravity`] makes demand from costs; [`observed`] and [`Histogram`] say how results look beside measurements.

mod combine;
mod connectivity;
mod delay;
mod demand;
mod deterrence;
pub mod frank_wolfe;
mod gap;
mod graph;
pub mod gravity;
mod histogram;
mod layout;
mod network;
pub mod observed;
mod overlay;
mod paths;
mod tree;
mod walk;

pub use combine::{CombinedChange, Trial, TrialPart, rising_root};
pub use connectivity::zones_apart;
pub use delay::{AkcelikDelay, BprDelay, ConicalDelay, LinkDelays, LinkState, VolumeDelay};
pub use demand::Demand;
pub use deterrence::{Deterrence, GravityError};
pub use gap::Gaps;
pub use graph::Graph;
pub use histogram::{Bins, Histogram};
pub use network::{Network, NetworkError, Turn};
pub use overlay::Overlay;
pub use paths::{Growth, KnownPaths, LinkCosts, OriginPaths, PathScratch, Sweep, TooManyPathLinks};
pub use tree::{SearchCosts, TreeSearch};
pub use walk::{OrderScratch, in_order, turn_cost_along};
