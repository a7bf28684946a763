//! The road network as the solvers see it: checked arrays per node and link.

use crate::delay::VolumeDelay;

/// A checked road network; links and nodes are numbered 0...
#[derive(Debug, Clone)]
pub struct Network {
    tail: Vec<u32>,
    head: Vec<u32>,
    delay: Vec<VolumeDelay>,
    fixed_cost: Vec<f64>,
    open: Vec<bool>,
    through: Vec<bool>,
    zone_node: Vec<u32>,
}

/// Why arrays do not make a network.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
pub enum NetworkError {
    /// Arrays over links differ in length.
    #[error("{what} has {found} links, expected {expected}")]
    Length {
        /// The array.
        what: &'static str,
        /// Its length.
        found: usize,
        /// The length of `tail`.
        expected: usize,
    },
    /// A link or zone names a node that does not exist.
    #[error("{what} {index} names node {node}, expected below {n_nodes}")]
    Node {
        /// `link` or `zone`.
        what: &'static str,
        /// Index of the link or zone.
        index: usize,
        /// The node named.
        node: u32,
        /// Number of nodes.
        n_nodes: usize,
    },
    /// A link has a negative or non-finite value, or a congestible link has no capacity.
    #[error("link {link} has {what} {value}, expected {expected}")]
    Value {
        /// Index of the link.
        link: usize,
        /// The quantity.
        what: &'static str,
        /// Its value.
        value: f64,
        /// What is valid.
        expected: &'static str,
    },
    /// More nodes or links than 32-bit indices address.
    #[error("{0} nodes or links, expected below 2^32 - 1")]
    TooLarge(usize),
}

impl Network {
    /// Checks and takes the arrays of a network.
    ///
    /// Per link: `tail` and `head` nodes, `delay`, `fixed_cost` (tolls and distance in time units, ≥ 0) and whether
    /// it is `open`. Per node: whether paths may pass `through` it, rather than only start or end there. Per zone: its node.
    ///
    /// # Errors
    /// Arrays of unequal length, nodes out of range, negative or non-finite values.
    pub fn new(
        (tail, head): (Vec<u32>, Vec<u32>),
        delay: Vec<VolumeDelay>,
        fixed_cost: Vec<f64>,
        open: Vec<bool>,
        through: Vec<bool>,
        zone_node: Vec<u32>,
    ) -> Result<Self, NetworkError> {
        let (n_links, n_nodes) = (tail.len(), through.len());
        let largest = n_links.max(n_nodes);
        if largest >= u32::MAX as usize {
            return Err(NetworkError::TooLarge(largest));
        }
        let lengths =
            [("head", head.len()), ("delay", delay.len()), ("fixed_cost", fixed_cost.len()), ("open", open.len())];
        for (what, found) in lengths {
            if found != n_links {
                return Err(NetworkError::Length { what, found, expected: n_links });
            }
        }
        for (what, nodes) in [("link", &tail), ("link", &head), ("zone", &zone_node)] {
            if let Some(index) = nodes.iter().position(|&node| node as usize >= n_nodes) {
                return Err(NetworkError::Node { what, index, node: nodes[index], n_nodes });
            }
        }
        for (link, (delay, &fixed)) in delay.iter().zip(&fixed_cost).enumerate() {
            delay.check(link)?;
            if !(fixed.is_finite() && fixed >= 0.0) {
                let (what, expected) = ("fixed cost", "a finite number of at least 0");
                return Err(NetworkError::Value { link, what, value: fixed, expected });
            }
        }
        Ok(Network { tail, head, delay, fixed_cost, open, through, zone_node })
    }

    /// Number of links, closed ones included.
    pub fn n_links(&self) -> usize {
        self.tail.len()
    }
    /// Number of nodes.
    pub fn n_nodes(&self) -> usize {
        self.through.len()
    }
    /// Number of zones.
    pub fn n_zones(&self) -> usize {
        self.zone_node.len()
    }
    /// Node each link starts at.
    pub fn tail(&self) -> &[u32] {
        &self.tail
    }
    /// Node each link ends at.
    pub fn head(&self) -> &[u32] {
        &self.head
    }
    /// Volume-delay function of each link.
    pub fn delay(&self) -> &[VolumeDelay] {
        &self.delay
    }
    /// Tolls and distance of each link in time units.
    pub fn fixed_cost(&self) -> &[f64] {
        &self.fixed_cost
    }
    /// Whether each link may be used.
    pub fn open(&self) -> &[bool] {
        &self.open
    }
    /// Whether paths may pass through each node.
    pub fn through(&self) -> &[bool] {
        &self.through
    }
    /// Node of each zone.
    pub fn zone_node(&self) -> &[u32] {
        &self.zone_node
    }
}
