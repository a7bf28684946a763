//! The road network as the solvers see it: checked arrays per node and link.

use crate::delay::VolumeDelay;

/// A checked road network; links and nodes are numbered 0...
#[derive(Debug, Clone)]
pub struct Network {
    tail: Vec<u32>,
    head: Vec<u32>,
    delay: Vec<VolumeDelay>,
    open: Vec<bool>,
    through: Vec<bool>,
    zone_node: Vec<u32>,
    turns: Vec<Turn>,
}

/// Going on from one link to the next at a node that paths may pass through.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Turn {
    /// Link that is left.
    pub from_link: u32,
    /// Link that is entered; it starts where `from_link` ends.
    pub to_link: u32,
    /// What the turn costs in time units, ≥ 0; infinite if it is not allowed.
    pub penalty: f64,
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
    /// A turn between links that do not exist or do not meet, or with a penalty below zero or that is no number.
    #[error("turn {index} leads from link {from_link} to link {to_link} at a penalty of {penalty}")]
    Turn {
        /// Index of the turn.
        index: usize,
        /// Its links.
        from_link: u32,
        /// See `from_link`.
        to_link: u32,
        /// Its penalty.
        penalty: f64,
    },
    /// More nodes, links or ways to go on at nodes whose turns are not all free than 32-bit indices address.
    #[error("{0} nodes, links or turns, expected below 2^32 - 1")]
    TooLarge(usize),
}

impl Network {
    /// Checks and takes the arrays of a network.
    ///
    /// Per link: `tail` and `head` nodes, `delay` and whether it is `open`. Per node: whether paths may pass `through` it,
    /// rather than only start or end there. Per zone: its node. Turns are free until [`Network::with_turns`] says otherwise.
    ///
    /// # Errors
    /// Arrays of unequal length, nodes out of range, negative or non-finite values.
    pub fn new(
        (tail, head): (Vec<u32>, Vec<u32>),
        delay: Vec<VolumeDelay>,
        open: Vec<bool>,
        through: Vec<bool>,
        zone_node: Vec<u32>,
    ) -> Result<Self, NetworkError> {
        let (n_links, n_nodes) = (tail.len(), through.len());
        let largest = n_links.max(n_nodes);
        if largest >= u32::MAX as usize {
            return Err(NetworkError::TooLarge(largest));
        }
        let lengths = [("head", head.len()), ("delay", delay.len()), ("open", open.len())];
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
        for (link, delay) in delay.iter().enumerate() {
            delay.check(link)?;
        }
        Ok(Network { tail, head, delay, open, through, zone_node, turns: Vec::new() })
    }

    /// The network with penalties and bans of turns; those of one turn that is listed several times add up.
    ///
    /// # Errors
    /// A turn between links that do not exist or do not meet, a penalty that is negative or not a number, nodes of so many links
    /// that their turns cannot be numbered.
    pub fn with_turns(mut self, mut turns: Vec<Turn>) -> Result<Self, NetworkError> {
        for (index, turn) in turns.iter().enumerate() {
            let (from, to) = (turn.from_link as usize, turn.to_link as usize);
            let meet = from < self.n_links() && to < self.n_links() && self.head[from] == self.tail[to];
            if !(meet && turn.penalty >= 0.0) {
                let Turn { from_link, to_link, penalty } = *turn;
                return Err(NetworkError::Turn { index, from_link, to_link, penalty });
            }
        }
        turns.sort_by_key(|turn| (turn.from_link, turn.to_link));
        turns.dedup_by(|turn, kept| {
            let same = (turn.from_link, turn.to_link) == (kept.from_link, kept.to_link);
            kept.penalty += if same { turn.penalty } else { 0.0 };
            same
        });
        turns.retain(|turn| turn.penalty > 0.0);
        self.turns = turns;
        match self.most_arcs() {
            size if size >= u64::from(u32::MAX) && !self.turns.is_empty() => Err(NetworkError::TooLarge(size as usize)),
            _ => Ok(self),
        }
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
    /// Turns that cost something or are not allowed, each once, ascending by links.
    pub fn turns(&self) -> &[Turn] {
        &self.turns
    }
    /// What going on from one link to the next costs, infinite if it is not allowed.
    pub fn turn_penalty(&self, from_link: u32, to_link: u32) -> f64 {
        let key = |turn: &Turn| (turn.from_link, turn.to_link);
        self.turns.binary_search_by_key(&(from_link, to_link), key).map_or(0.0, |index| self.turns[index].penalty)
    }

    /// No fewer than the arcs and states of the search form where turns split nodes.
    fn most_arcs(&self) -> u64 {
        let (mut n_in, mut n_out) = (vec![0_u64; self.n_nodes()], vec![0_u64; self.n_nodes()]);
        self.head.iter().for_each(|&node| n_in[node as usize] += 1);
        self.tail.iter().for_each(|&node| n_out[node as usize] += 1);
        let mut split: Vec<u32> = self.turns.iter().map(|turn| self.tail[turn.to_link as usize]).collect();
        split.sort_unstable();
        split.dedup();
        let ways: u64 = split.iter().map(|&node| n_in[node as usize] * n_out[node as usize]).sum();
        // Each way to go on may end there too, and trips start and end at states of their own.
        2 * (ways + (self.n_links() + self.n_nodes()) as u64)
    }
}
