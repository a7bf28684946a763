//! Readers and writers of file formats, one file each; the only module that knows them.

/// A road network as read, in the units of its file: every format reads into this.
///
/// Links are numbered 0.. in file order, nodes 0.. in ascending order of their ids.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct RoadNetwork {
    /// Id of each node as the file names it, ascending.
    pub node_id: Vec<i64>,
    /// Coordinates (x, y) of each node, in the scenario's crs; absent if no file gives them.
    pub node_xy: Option<Vec<[f64; 2]>>,
    /// Whether a path may pass through the node, rather than only start or end there.
    pub node_through: Vec<bool>,
    /// Id of each zone, ascending.
    pub zone_id: Vec<i64>,
    /// Node that each zone's trips start and end at.
    pub zone_node: Vec<u32>,
    /// Id of each link: the file's own, else its 1-based row.
    pub link_id: Vec<i64>,
    /// Node each link starts at.
    pub tail: Vec<u32>,
    /// Node each link ends at.
    pub head: Vec<u32>,
    /// Capacity, vehicles per period.
    pub capacity: Vec<f64>,
    /// Length, in the file's length unit.
    pub length: Vec<f64>,
    /// Free-flow time, in the file's time unit.
    pub free_flow_time: Vec<f64>,
    /// BPR coefficient.
    pub b: Vec<f64>,
    /// BPR exponent.
    pub power: Vec<f64>,
    /// Toll, in the file's toll unit.
    pub toll: Vec<f64>,
    /// Link type as the file codes it.
    pub link_type: Vec<i32>,
    /// Time units per toll unit, where the file states it.
    pub toll_factor: Option<f64>,
    /// Time units per length unit, where the file states it.
    pub distance_factor: Option<f64>,
}

impl RoadNetwork {
    /// Number of nodes.
    pub fn n_nodes(&self) -> usize {
        self.node_id.len()
    }
    /// Number of zones.
    pub fn n_zones(&self) -> usize {
        self.zone_id.len()
    }
    /// Number of links.
    pub fn n_links(&self) -> usize {
        self.link_id.len()
    }
}

/// Trips between zones as a sparse matrix by origin; intrazonal trips included, zeros left out.
///
/// Row `o` holds the entries `origin_start[o]..origin_start[o + 1]`, destinations ascending, no pair twice.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct TripTable {
    /// First entry of each origin, and the number of entries at the end: (zone + 1).
    pub origin_start: Vec<u64>,
    /// Destination zone of each entry, as an index into the network's zones.
    pub destination: Vec<u32>,
    /// Trips per period of each entry, positive.
    pub trips: Vec<f64>,
}
