//! Fields of road traffic, in `traffic.nc`.

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
pub const LINK_ID: FieldSpec = field("link_id", &[Dim::Link], Kind::I64, None, "link id in the source network", &[]);
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
pub const NODE_ID: FieldSpec = field("node_id", &[Dim::Node], Kind::I64, None, "node id in the source network", &[]);
/// First coordinate of each node.
pub const NODE_X: FieldSpec = field("node_x", &[Dim::Node], Kind::F64, None, "node x coordinate", NODE);
/// Second coordinate of each node.
pub const NODE_Y: FieldSpec = field("node_y", &[Dim::Node], Kind::F64, None, "node y coordinate", NODE);
/// Id of each zone.
pub const ZONE_ID: FieldSpec = field("zone_id", &[Dim::Zone], Kind::I64, None, "zone id in the source network", &[]);
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
pub const LINK_VOLUME_PCU: FieldSpec =
    field("link_volume_pcu", &[Dim::Link], Kind::F64, Some("h-1"), "passenger-car units per hour, all classes", EDGE);
/// Volume over capacity.
pub const VOLUME_CAPACITY_RATIO: FieldSpec =
    field("volume_capacity_ratio", &[Dim::Link], Kind::F64, Some("1"), "volume over capacity", EDGE_OR_MISSING);
/// Travel time at the final volumes.
pub const LINK_TRAVEL_TIME: FieldSpec =
    field("link_travel_time", &[Dim::Link], Kind::F64, Some("s"), "travel time at the final volumes", EDGE_OR_MISSING);
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

/// Generalised cost of each class on each link, where there are several classes.
pub const LINK_CLASS_COST: FieldSpec = field(
    "link_class_cost",
    &[Dim::Class, Dim::Link],
    Kind::F64,
    Some("1"),
    "generalised cost of each class at the final volumes, in the network's own time unit",
    EDGE_OR_MISSING,
);
/// Type of each link as its source codes it.
pub const LINK_TYPE: FieldSpec =
    field("link_type", &[Dim::Link], Kind::I32, None, "link type in the source network", EDGE);
/// Toll of each link.
pub const LINK_TOLL: FieldSpec =
    field("link_toll", &[Dim::Link], Kind::F64, Some("1"), "toll, in the network's own toll unit", EDGE);
/// Toll of each link for each class, where some class has its own.
pub const LINK_CLASS_TOLL: FieldSpec = field(
    "link_class_toll",
    &[Dim::Class, Dim::Link],
    Kind::F64,
    Some("1"),
    "toll of each class, in the network's own toll unit",
    EDGE,
);
/// Name of each period of the day.
pub const PERIOD_NAME: FieldSpec = field("period_name", &[Dim::Period], Kind::Text, None, "period of the day", &[]);
/// Hours of each period.
pub const PERIOD_HOURS: FieldSpec =
    field("period_hours", &[Dim::Period], Kind::F64, Some("h"), "hours that the period lasts on a day", &[]);
/// Days per year that have each period.
pub const PERIOD_ANNUAL_DAYS: FieldSpec =
    field("period_annual_days", &[Dim::Period], Kind::F64, Some("1"), "days per year that have the period", &[]);
/// Period that each entry of the convergence history belongs to.
pub const ITERATION_PERIOD: FieldSpec = field(
    "iteration_period",
    &[Dim::Iteration],
    Kind::I32,
    None,
    "period of each entry of the convergence history, as an index",
    &[],
);

/// Link types that the tables by type are about.
pub const TYPE_CODE: FieldSpec =
    field("type_code", &[Dim::LinkType], Kind::I32, None, "link type that the row is about", &[]);
/// Vehicle kilometres by link type.
pub const TYPE_VKT: FieldSpec =
    field("type_vkt", &[Dim::LinkType], Kind::F64, Some("km h-1"), "vehicle kilometres per hour by link type", &[]);
/// Vehicle hours by link type.
pub const TYPE_VHT: FieldSpec =
    field("type_vht", &[Dim::LinkType], Kind::F64, Some("1"), "vehicle hours per hour by link type", &[]);
/// Delay by link type.
pub const TYPE_DELAY: FieldSpec = field(
    "type_delay",
    &[Dim::LinkType],
    Kind::F64,
    Some("1"),
    "vehicle hours per hour above free-flow time by link type",
    &[],
);
/// Name of each district.
pub const DISTRICT_NAME: FieldSpec =
    field("district_name", &[Dim::District], Kind::Text, None, "district; the last row is what lies outside all", &[]);
/// Vehicle kilometres by district.
pub const DISTRICT_VKT: FieldSpec =
    field("district_vkt", &[Dim::District], Kind::F64, Some("km h-1"), "vehicle kilometres per hour by district", &[]);
/// Vehicle hours by district.
pub const DISTRICT_VHT: FieldSpec =
    field("district_vht", &[Dim::District], Kind::F64, Some("1"), "vehicle hours per hour by district", &[]);
/// Delay by district.
pub const DISTRICT_DELAY: FieldSpec = field(
    "district_delay",
    &[Dim::District],
    Kind::F64,
    Some("1"),
    "vehicle hours per hour above free-flow time by district",
    &[],
);

/// Origin of each used path, as an index of zones.
pub const PATH_ORIGIN: FieldSpec =
    field("path_origin", &[Dim::Path], Kind::I32, None, "origin zone of the path, as an index", &[]);
/// Destination of each used path, as an index of zones.
pub const PATH_DESTINATION: FieldSpec =
    field("path_destination", &[Dim::Path], Kind::I32, None, "destination zone of the path, as an index", &[]);
/// Class of each used path, as an index.
pub const PATH_CLASS: FieldSpec =
    field("path_class", &[Dim::Path], Kind::I32, None, "user class of the path, as an index", &[]);
/// Period of each used path, as an index.
pub const PATH_PERIOD: FieldSpec =
    field("path_period", &[Dim::Path], Kind::I32, None, "period of the path, as an index", &[]);
/// Flow on each used path.
pub const PATH_FLOW: FieldSpec =
    field("path_flow", &[Dim::Path], Kind::F64, Some("h-1"), "vehicles per hour on the path", &[]);
/// Share of each used path.
pub const PATH_SHARE: FieldSpec = field(
    "path_share",
    &[Dim::Path],
    Kind::F64,
    Some("1"),
    "part of the trips of the pair and class that use the path; of paths of equal cost other shares are in equilibrium too",
    &[],
);
/// Cost of each used path.
pub const PATH_COST: FieldSpec = field(
    "path_cost",
    &[Dim::Path],
    Kind::F64,
    Some("1"),
    "generalised cost of the path for its class, in the network's own time unit",
    &[],
);
/// Number of links of each used path.
pub const PATH_N_LINKS: FieldSpec = field(
    "path_n_links",
    &[Dim::Path],
    Kind::I32,
    None,
    "number of links of the path",
    &[("sample_dimension", "path_link_entry")],
);
/// Links of all used paths, one path after the other.
pub const PATH_LINK: FieldSpec = field(
    "path_link",
    &[Dim::PathLink],
    Kind::I32,
    None,
    "links of the paths from origin to destination, path after path, as indices of links",
    &[],
);

/// Link that each turn leaves, as an index.
pub const TURN_FROM_LINK: FieldSpec =
    field("turn_from_link", &[Dim::Turn], Kind::I32, None, "link that the turn leaves, as an index", &[]);
/// Link that each turn enters, as an index.
pub const TURN_TO_LINK: FieldSpec =
    field("turn_to_link", &[Dim::Turn], Kind::I32, None, "link that the turn enters, as an index", &[]);
/// Penalty of each turn.
pub const TURN_PENALTY: FieldSpec =
    field("turn_penalty", &[Dim::Turn], Kind::F64, Some("s"), "time that the turn takes", &[]);
/// Volume of each turn.
pub const TURN_VOLUME: FieldSpec = field(
    "turn_volume",
    &[Dim::Class, Dim::Turn],
    Kind::F64,
    Some("h-1"),
    "vehicles per hour that turn, by class",
    &[],
);

/// Name of each selection.
pub const SELECTION_NAME: FieldSpec =
    field("selection_name", &[Dim::Selection], Kind::Text, None, "name of the selection of trips", &[]);
/// Trips of each selection.
pub const SELECTED_DEMAND: FieldSpec = field(
    "selected_demand",
    &[Dim::Selection, Dim::Class, Dim::Origin, Dim::Destination],
    Kind::F64,
    Some("h-1"),
    "trips per hour of the selection from origin to destination",
    &[],
);
/// Link volumes of each selection.
pub const SELECTED_LINK_VOLUME: FieldSpec = field(
    "selected_link_volume",
    &[Dim::Selection, Dim::Class, Dim::Link],
    Kind::F64,
    Some("h-1"),
    "vehicles per hour of the selection by class",
    EDGE,
);

/// Volumes at the system optimum.
pub const SYSTEM_OPTIMUM_LINK_VOLUME: FieldSpec = field(
    "system_optimum_link_volume",
    &[Dim::Class, Dim::Link],
    Kind::F64,
    Some("h-1"),
    "vehicles per hour by class at the system optimum",
    EDGE,
);
/// Marginal tolls.
pub const MARGINAL_TOLL: FieldSpec = field(
    "marginal_toll",
    &[Dim::Link],
    Kind::F64,
    Some("s"),
    "time that a passenger-car unit more costs all others at the system optimum: the toll that makes it an equilibrium",
    EDGE_OR_MISSING,
);
/// Links whose closing was tried.
pub const BRAESS_LINK: FieldSpec =
    field("braess_link", &[Dim::Candidate], Kind::I32, None, "link whose closing was tried, as an index", &[]);
/// What closing each of them changes.
pub const BRAESS_CHANGE: FieldSpec = field(
    "braess_change",
    &[Dim::Candidate],
    Kind::F64,
    Some("1"),
    "total system travel time without the link less that with it, in the network's own time unit; missing where trips lose their only path",
    UNREACHABLE,
);

/// Link of each count, as an index.
pub const COUNT_LINK: FieldSpec =
    field("count_link", &[Dim::Count], Kind::I32, None, "link that was counted, as an index", &[]);
/// Class of each count, as an index.
pub const COUNT_CLASS: FieldSpec = field(
    "count_class",
    &[Dim::Count],
    Kind::I32,
    None,
    "user class that was counted, as an index; -1 for all classes together",
    &[],
);
/// Period of each count, as an index.
pub const COUNT_PERIOD: FieldSpec = field(
    "count_period",
    &[Dim::Count],
    Kind::I32,
    None,
    "period that was counted, as an index; -1 for the mean of all periods by their hours",
    &[],
);
/// Counted volumes.
pub const COUNT_OBSERVED: FieldSpec =
    field("count_observed", &[Dim::Count], Kind::F64, Some("h-1"), "counted vehicles per hour", &[]);
/// Modelled volumes where there are counts.
pub const COUNT_MODELLED: FieldSpec = field(
    "count_modelled",
    &[Dim::Count],
    Kind::F64,
    Some("h-1"),
    "modelled vehicles per hour of the counted link, class and period",
    &[],
);
/// How far modelled volumes are from counts.
pub const COUNT_GEH: FieldSpec = field(
    "count_geh",
    &[Dim::Count],
    Kind::F64,
    Some("1"),
    "GEH of modelled and counted volume, (2 (M - C)^2 / (M + C))^0.5 of vehicles per hour",
    &[],
);
/// Name of each screenline.
pub const SCREENLINE_NAME: FieldSpec = field(
    "screenline_name",
    &[Dim::Screenline],
    Kind::Text,
    None,
    "screenline that the counts belong to; one entry for each class and period counted on it",
    &[],
);
/// Class of each screenline, as an index.
pub const SCREENLINE_CLASS: FieldSpec = field(
    "screenline_class",
    &[Dim::Screenline],
    Kind::I32,
    None,
    "user class that was counted, as an index; -1 for all classes together",
    &[],
);
/// Period of each screenline, as an index.
pub const SCREENLINE_PERIOD: FieldSpec = field(
    "screenline_period",
    &[Dim::Screenline],
    Kind::I32,
    None,
    "period that was counted, as an index; -1 for the mean of all periods by their hours",
    &[],
);
/// Sum of the counts of each screenline.
pub const SCREENLINE_OBSERVED: FieldSpec = field(
    "screenline_observed",
    &[Dim::Screenline],
    Kind::F64,
    Some("h-1"),
    "counted vehicles per hour, all counts of the screenline",
    &[],
);
/// Sum of the modelled volumes of each screenline.
pub const SCREENLINE_MODELLED: FieldSpec = field(
    "screenline_modelled",
    &[Dim::Screenline],
    Kind::F64,
    Some("h-1"),
    "modelled vehicles per hour, all counts of the screenline",
    &[],
);
/// How far the sums of each screenline are apart.
pub const SCREENLINE_GEH: FieldSpec = field(
    "screenline_geh",
    &[Dim::Screenline],
    Kind::F64,
    Some("1"),
    "GEH of the modelled and counted sum of the screenline",
    &[],
);

/// Where each bin of trip length begins.
pub const TRIP_LENGTH_BIN: FieldSpec = field(
    "trip_length_bin",
    &[Dim::LengthBin],
    Kind::F64,
    Some("m"),
    "trip length from which the bin reaches up to the next; the last bin has no end",
    &[],
);
/// Trips by length.
pub const TRIP_LENGTH_TRIPS: FieldSpec = field(
    "trip_length_trips",
    &[Dim::Class, Dim::LengthBin],
    Kind::F64,
    Some("h-1"),
    "vehicles per hour by length of the least-cost path, without trips that stay in their zone or have no path",
    &[],
);
/// Where each bin of trip time begins.
pub const TRIP_TIME_BIN: FieldSpec = field(
    "trip_time_bin",
    &[Dim::TimeBin],
    Kind::F64,
    Some("s"),
    "travel time from which the bin reaches up to the next; the last bin has no end",
    &[],
);
/// Trips by travel time.
pub const TRIP_TIME_TRIPS: FieldSpec = field(
    "trip_time_trips",
    &[Dim::Class, Dim::TimeBin],
    Kind::F64,
    Some("h-1"),
    "vehicles per hour by travel time of the least-cost path, without trips that stay in their zone or have no path",
    &[],
);

/// The same field with one entry per period in front.
pub fn by_period(spec: &FieldSpec) -> FieldSpec {
    let dims: &'static [Dim] = match spec.dims {
        [Dim::Link] => &[Dim::Period, Dim::Link],
        [Dim::Class, Dim::Link] => &[Dim::Period, Dim::Class, Dim::Link],
        [Dim::Class, Dim::Origin, Dim::Destination] => &[Dim::Period, Dim::Class, Dim::Origin, Dim::Destination],
        [Dim::LinkType] => &[Dim::Period, Dim::LinkType],
        [Dim::District] => &[Dim::Period, Dim::District],
        [Dim::Class, Dim::Turn] => &[Dim::Period, Dim::Class, Dim::Turn],
        [Dim::Selection, Dim::Class, Dim::Link] => &[Dim::Period, Dim::Selection, Dim::Class, Dim::Link],
        [Dim::Selection, Dim::Class, Dim::Origin, Dim::Destination] => {
            &[Dim::Period, Dim::Selection, Dim::Class, Dim::Origin, Dim::Destination]
        }
        [Dim::Candidate] => &[Dim::Period, Dim::Candidate],
        [Dim::Class, Dim::LengthBin] => &[Dim::Period, Dim::Class, Dim::LengthBin],
        [Dim::Class, Dim::TimeBin] => &[Dim::Period, Dim::Class, Dim::TimeBin],
        other => unreachable!("no field over {other:?} is written by period"),
    };
    FieldSpec { dims, ..spec.clone() }
}
