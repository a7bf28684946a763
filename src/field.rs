//! What the engine's results are: dimensions, units, types, and the one list of field names.

use ndarray::ArrayViewD;

/// A named axis of a field.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Dim {
    /// Road links.
    Link,
    /// Road nodes.
    Node,
    /// Traffic zones.
    Zone,
    /// Zones as origins.
    Origin,
    /// Zones as destinations.
    Destination,
    /// User classes.
    Class,
    /// Iterations of a solver.
    Iteration,
    /// Pairs, such as the two ends of a link.
    Two,
}

impl Dim {
    /// Name of the axis in files.
    pub fn name(self) -> &'static str {
        match self {
            Dim::Link => "link",
            Dim::Node => "node",
            Dim::Zone => "zone",
            Dim::Origin => "origin",
            Dim::Destination => "destination",
            Dim::Class => "class",
            Dim::Iteration => "iteration",
            Dim::Two => "two",
        }
    }
}

/// Type of a field's values in files and in the checksum.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// 64-bit float.
    F64,
    /// 32-bit float.
    F32,
    /// 64-bit integer.
    I64,
    /// 32-bit integer.
    I32,
    /// UTF-8 text.
    Text,
}

/// What one field is: its name, axes, unit and meaning.
#[derive(Debug, Clone, PartialEq)]
pub struct FieldSpec {
    /// Name in the run folder.
    pub name: &'static str,
    /// File of the run folder that holds it, for example `traffic.nc`.
    pub file: &'static str,
    /// Axes, slowest first.
    pub dims: &'static [Dim],
    /// Type of the values.
    pub kind: Kind,
    /// UDUNITS string; none for ids, text and indices.
    pub unit: Option<&'static str>,
    /// One line for people.
    pub long_name: &'static str,
    /// Further CF, UGRID or project attributes as (name, value).
    pub attributes: &'static [(&'static str, &'static str)],
}

/// Values of a field or of a part of it, shape included; text has one dimension.
#[derive(Debug, Clone)]
pub enum Values<'a> {
    /// 64-bit floats.
    F64(ArrayViewD<'a, f64>),
    /// 32-bit floats.
    F32(ArrayViewD<'a, f32>),
    /// 64-bit integers.
    I64(ArrayViewD<'a, i64>),
    /// 32-bit integers.
    I32(ArrayViewD<'a, i32>),
    /// Text.
    Text(&'a [String]),
}

impl Values<'_> {
    /// Lengths of the axes.
    pub fn shape(&self) -> Vec<usize> {
        match self {
            Values::F64(view) => view.shape().to_vec(),
            Values::F32(view) => view.shape().to_vec(),
            Values::I64(view) => view.shape().to_vec(),
            Values::I32(view) => view.shape().to_vec(),
            Values::Text(text) => vec![text.len()],
        }
    }
    /// Type of the values.
    pub fn kind(&self) -> Kind {
        match self {
            Values::F64(_) => Kind::F64,
            Values::F32(_) => Kind::F32,
            Values::I64(_) => Kind::I64,
            Values::I32(_) => Kind::I32,
            Values::Text(_) => Kind::Text,
        }
    }
}

/// Meshes that fields name in their attribute `mesh`; a file that describes one completely gets its variable.
pub const MESHES: &[FieldSpec] = &[traffic::ROAD];

/// Fields of road traffic, in `traffic.nc`.
pub mod traffic {
    use super::{Dim, FieldSpec, Kind};

    const FILE: &str = "traffic.nc";
    const EDGE: &[(&str, &str)] = &[("mesh", "road"), ("location", "edge"), ("coordinates", "link_id")];
    /// Fields of links that some links have no value for, such as the travel time of a closed one.
    const EDGE_OR_MISSING: &[(&str, &str)] =
        &[("mesh", "road"), ("location", "edge"), ("coordinates", "link_id"), ("_FillValue", "NaN")];
    /// Coordinates of nodes; one without links may have none.
    const NODE: &[(&str, &str)] = &[("mesh", "road"), ("location", "node"), ("_FillValue", "NaN")];
    const UNREACHABLE: &[(&str, &str)] = &[("_FillValue", "NaN")];

    const fn field(
        name: &'static str,
        dims: &'static [Dim],
        kind: Kind,
        unit: Option<&'static str>,
        long_name: &'static str,
        attributes: &'static [(&'static str, &'static str)],
    ) -> FieldSpec {
        FieldSpec { name, file: FILE, dims, kind, unit, long_name, attributes }
    }

    /// The road graph as a mesh of edges (UGRID); written by the store beside the fields that lie on it.
    pub const ROAD: FieldSpec = field(
        "road",
        &[],
        Kind::I32,
        None,
        "road graph",
        &[
            ("cf_role", "mesh_topology"),
            ("topology_dimension", "1"),
            ("node_coordinates", "node_x node_y"),
            ("edge_node_connectivity", "link_nodes"),
            ("node_dimension", "node"),
            ("edge_dimension", "link"),
        ],
    );
    /// Id of each link in its source.
    pub const LINK_ID: FieldSpec =
        field("link_id", &[Dim::Link], Kind::I64, None, "link id in the source network", &[]);
    /// Tail and head node of each link, as indices.
    pub const LINK_NODES: FieldSpec = field(
        "link_nodes",
        &[Dim::Link, Dim::Two],
        Kind::I32,
        None,
        "tail and head node of each link",
        &[("cf_role", "edge_node_connectivity"), ("start_index", "0")],
    );
    /// Id of each node in its source.
    pub const NODE_ID: FieldSpec =
        field("node_id", &[Dim::Node], Kind::I64, None, "node id in the source network", &[]);
    /// First coordinate of each node.
    pub const NODE_X: FieldSpec = field("node_x", &[Dim::Node], Kind::F64, None, "node x coordinate", NODE);
    /// Second coordinate of each node.
    pub const NODE_Y: FieldSpec = field("node_y", &[Dim::Node], Kind::F64, None, "node y coordinate", NODE);
    /// Id of each zone.
    pub const ZONE_ID: FieldSpec =
        field("zone_id", &[Dim::Zone], Kind::I64, None, "zone id in the source network", &[]);
    /// Node of each zone, as an index.
    pub const ZONE_NODE: FieldSpec = field("zone_node", &[Dim::Zone], Kind::I32, None, "node of each zone", &[]);
    /// Name of each user class.
    pub const CLASS_NAME: FieldSpec = field("class_name", &[Dim::Class], Kind::Text, None, "user class", &[]);
    /// Length of each link.
    pub const LINK_LENGTH: FieldSpec = field("link_length", &[Dim::Link], Kind::F64, Some("m"), "link length", EDGE);
    /// Capacity of each link.
    pub const LINK_CAPACITY: FieldSpec =
        field("link_capacity", &[Dim::Link], Kind::F64, Some("h-1"), "link capacity in passenger-car units", EDGE);
    /// Free-flow time of each link.
    pub const LINK_FREE_FLOW_TIME: FieldSpec =
        field("link_free_flow_time", &[Dim::Link], Kind::F64, Some("s"), "travel time of the empty link", EDGE);
    /// Whether the scenario closes the link.
    pub const LINK_CLOSED: FieldSpec = field(
        "link_closed",
        &[Dim::Link],
        Kind::I32,
        None,
        "1 where the scenario closes the link",
        &[("mesh", "road"), ("location", "edge"), ("flag_meanings", "open closed")],
    );
    /// Volume of each class on each link.
    pub const LINK_VOLUME: FieldSpec =
        field("link_volume", &[Dim::Class, Dim::Link], Kind::F64, Some("h-1"), "vehicles per hour by class", EDGE);
    /// Volume of all classes in passenger-car units.
    pub const LINK_VOLUME_PCU: FieldSpec = field(
        "link_volume_pcu",
        &[Dim::Link],
        Kind::F64,
        Some("h-1"),
        "passenger-car units per hour, all classes",
        EDGE,
    );
    /// Volume over capacity.
    pub const VOLUME_CAPACITY_RATIO: FieldSpec =
        field("volume_capacity_ratio", &[Dim::Link], Kind::F64, Some("1"), "volume over capacity", EDGE_OR_MISSING);
    /// Travel time at the final volumes.
    pub const LINK_TRAVEL_TIME: FieldSpec = field(
        "link_travel_time",
        &[Dim::Link],
        Kind::F64,
        Some("s"),
        "travel time at the final volumes",
        EDGE_OR_MISSING,
    );
    /// Generalised cost at the final volumes, in the network's own cost unit.
    pub const LINK_COST: FieldSpec = field(
        "link_cost",
        &[Dim::Link],
        Kind::F64,
        Some("1"),
        "generalised cost at the final volumes, in the network's own time unit",
        EDGE_OR_MISSING,
    );
    /// Trips of each pair of zones.
    pub const DEMAND: FieldSpec = field(
        "demand",
        &[Dim::Class, Dim::Origin, Dim::Destination],
        Kind::F64,
        Some("h-1"),
        "trips per hour from origin to destination",
        &[],
    );
    /// Generalised cost of the least-cost path.
    pub const SKIM_COST: FieldSpec = field(
        "skim_cost",
        &[Dim::Class, Dim::Origin, Dim::Destination],
        Kind::F64,
        Some("1"),
        "generalised cost of the least-cost path, in the network's own time unit",
        UNREACHABLE,
    );
    /// Travel time along the least-cost path.
    pub const SKIM_TRAVEL_TIME: FieldSpec = field(
        "skim_travel_time",
        &[Dim::Class, Dim::Origin, Dim::Destination],
        Kind::F64,
        Some("s"),
        "travel time along the least-cost path",
        UNREACHABLE,
    );
    /// Length of the least-cost path.
    pub const SKIM_DISTANCE: FieldSpec = field(
        "skim_distance",
        &[Dim::Class, Dim::Origin, Dim::Destination],
        Kind::F64,
        Some("m"),
        "length of the least-cost path",
        UNREACHABLE,
    );
    /// Tolls along the least-cost path.
    pub const SKIM_TOLL: FieldSpec = field(
        "skim_toll",
        &[Dim::Class, Dim::Origin, Dim::Destination],
        Kind::F64,
        Some("1"),
        "tolls along the least-cost path, in the network's own toll unit",
        UNREACHABLE,
    );
    /// Travel time of the empty network along the least-cost path.
    pub const SKIM_FREE_FLOW_TIME: FieldSpec = field(
        "skim_free_flow_time",
        &[Dim::Class, Dim::Origin, Dim::Destination],
        Kind::F64,
        Some("s"),
        "travel time of the empty network along the least-cost path at the final volumes",
        UNREACHABLE,
    );
    /// Relative gap by iteration, (TSTT - SPTT) / TSTT.
    pub const RELATIVE_GAP: FieldSpec =
        field("relative_gap", &[Dim::Iteration], Kind::F64, Some("1"), "(TSTT - SPTT) / TSTT by iteration", &[]);
    /// Relative gap against the shortest-path total, TSTT / SPTT - 1.
    pub const RELATIVE_GAP_SPTT: FieldSpec =
        field("relative_gap_sptt", &[Dim::Iteration], Kind::F64, Some("1"), "TSTT / SPTT - 1 by iteration", &[]);
    /// Average excess cost by iteration, (TSTT - SPTT) / interzonal demand.
    pub const AVERAGE_EXCESS_COST: FieldSpec = field(
        "average_excess_cost",
        &[Dim::Iteration],
        Kind::F64,
        Some("1"),
        "(TSTT - SPTT) / assigned interzonal demand by iteration, in the network's own time unit",
        &[],
    );
    /// Beckmann objective by iteration.
    pub const OBJECTIVE: FieldSpec =
        field("beckmann_objective", &[Dim::Iteration], Kind::F64, Some("1"), "Beckmann objective by iteration", &[]);
}
