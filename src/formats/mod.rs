//! Readers and writers of file formats, one file each; the only module that knows them.

use std::path::Path;

use crate::error::{Error, Problem, Warning};

pub mod archetypes;
pub mod cases;
mod cells;
pub mod cf;
pub mod city;
pub mod cityjson;
mod csv_demand;
mod csv_network;
mod csv_table;
pub mod epw;
pub mod feeder;
mod findings;
pub mod geotiff;
pub mod gmns;
mod ids;
mod links;
pub mod omx;
pub mod probe;
pub mod projection;
pub mod raster;
mod table;
pub mod tables;
pub mod tabula;
pub mod teaser;
mod text;
pub mod tmy3;
pub mod tntp;
mod trip_rows;
pub mod weather;

/// A file as read from disk: its name, which says what it is, and all its bytes.
#[derive(Debug, Clone, Copy)]
pub struct Source<'a> {
    /// Name of the file, for its extension and for messages.
    pub file: &'a Path,
    /// Its content, still compressed if the name ends in `.gz`.
    pub bytes: &'a [u8],
}

/// A road network as read, in the units of its file: every format reads into this.
///
/// Links are numbered 0.. in file order, nodes 0.. in ascending order of their ids.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct RoadNetwork {
    /// Id of each node as the file names it, ascending.
    pub node_id: Vec<i64>,
    /// Coordinates (x, y) of each node, in the scenario's crs; absent if no file gives them for all nodes with links.
    ///
    /// Nodes without links may lack them: not a number.
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
    /// Name of each link where the file's ids are no integers; `link_id` is then its 1-based row.
    pub link_name: Option<Vec<String>>,
    /// Turns that the file describes, by ascending pair of links, no pair twice.
    pub movements: Vec<Movement>,
}

/// What a network file says of the turn from one link into another.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Movement {
    /// Link that the turn leaves.
    pub from_link: u32,
    /// Link that it enters, which starts where the other ends.
    pub to_link: u32,
    /// Seconds that it takes, where the file says.
    pub penalty_s: Option<f64>,
    /// What kind of turn it is, where the file says.
    pub kind: Option<MovementKind>,
}

/// A kind of turn.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum MovementKind {
    /// To the left.
    Left,
    /// To the right.
    Right,
    /// Back to where it came from.
    UTurn,
    /// Straight on.
    Through,
    /// Into a road that others are on.
    Merge,
    /// Out of a road that others stay on.
    Diverge,
    /// Of another name.
    Other,
}

/// Deviations from straight on by less than this are no turns, degrees.
const STRAIGHT_ON_BELOW: f64 = 30.0;

impl MovementKind {
    /// Left, right or through, by how much the second of two directions deviates from the first.
    pub fn between(before: [f64; 2], after: [f64; 2]) -> Self {
        let degrees = deviation(before, after);
        if degrees > STRAIGHT_ON_BELOW {
            MovementKind::Left
        } else if degrees < -STRAIGHT_ON_BELOW {
            MovementKind::Right
        } else {
            MovementKind::Through
        }
    }
}

/// By how many degrees one direction points to the left of another, from -180 to 180.
fn deviation([x1, y1]: [f64; 2], [x2, y2]: [f64; 2]) -> f64 {
    libm::atan2(x1 * y2 - y1 * x2, x1 * x2 + y1 * y2).to_degrees()
}

impl RoadNetwork {
    /// Direction of a link from its tail to its head, where nodes have coordinates; longitudes count by the latitude they lie at.
    pub fn direction(&self, link: usize, xy: &[[f64; 2]], is_geographic: bool) -> [f64; 2] {
        let (tail, head) = (xy[self.tail[link] as usize], xy[self.head[link] as usize]);
        let latitude = 0.5 * (tail[1] + head[1]);
        let scale = if is_geographic { libm::cos(latitude.to_radians()) } else { 1.0 };
        [(head[0] - tail[0]) * scale, head[1] - tail[1]]
    }
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

/// Reads a road network by its extension: `.tntp` or `.csv`, either also with `.gz`.
///
/// A CSV network needs `nodes` (`.csv`), where its zones stand; a TNTP network takes coordinates from either form.
///
/// # Errors
/// Everything wrong with the files, each with line, column and hint.
pub fn read_network(network: Source<'_>, nodes: Option<Source<'_>>) -> Result<(RoadNetwork, Vec<Warning>), Error> {
    match (Format::of(network.file), nodes) {
        (Format::Csv, Some(nodes)) => csv_network::read_network(network, nodes),
        (Format::Csv, None) => Err(Problem::new("a network in CSV form needs a file of its nodes")
            .in_file(network.file)
            .hint("name the node file in traffic.nodes")
            .into()),
        (Format::Tntp, nodes) => {
            let (mut network, mut warnings) = tntp::read_network(network)?;
            if let Some(nodes) = nodes {
                let coordinates = match Format::of(nodes.file) {
                    Format::Tntp => tntp::read_coordinates(nodes)?,
                    Format::Csv => csv_network::read_coordinates(nodes)?,
                    Format::Omx | Format::Unknown => return Err(unknown_format(nodes.file, ".tntp or .csv")),
                };
                warnings.extend(links::place_nodes(&mut network, &coordinates));
            }
            Ok((network, warnings))
        }
        (Format::Omx | Format::Unknown, _) => Err(unknown_format(network.file, ".tntp or .csv")),
    }
}

/// Reads demand by its extension: `.tntp` or `.csv`, either also with `.gz`, or `.omx`.
///
/// `matrix` names the matrix of an `.omx` file that holds several. An `.omx` file from elsewhere is to pass
/// [`probe::check`] first: a damaged one can crash the HDF5 library.
///
/// # Errors
/// Everything wrong with the file, each with line or row, column and hint.
pub fn read_trips(
    source: Source<'_>,
    network: &RoadNetwork,
    matrix: Option<&str>,
) -> Result<(TripTable, Vec<Warning>), Error> {
    match Format::of(source.file) {
        Format::Tntp => tntp::read_trips(source, network),
        Format::Csv => csv_demand::read_trips(source, network),
        Format::Omx => omx::read_trips(source, network, matrix),
        Format::Unknown => Err(unknown_format(source.file, ".tntp, .csv or .omx")),
    }
}

/// The zones that a demand file in CSV form names, ascending; none for other formats, whose zones are the network's.
///
/// A GMNS folder may leave some of them without a node: see [`gmns::add_zones_at_nodes`].
///
/// # Errors
/// The file is no table, or lacks columns.
pub fn demand_zones(source: Source<'_>) -> Result<Vec<i64>, Error> {
    match Format::of(source.file) {
        Format::Csv => csv_demand::read_zones(source),
        Format::Tntp | Format::Omx | Format::Unknown => Ok(Vec::new()),
    }
}

/// Whether [`demand_zones`] finds zones in a file of that name.
pub fn names_zones(demand: &Path) -> bool {
    Format::of(demand) == Format::Csv
}

/// Whether a network of that name is a folder, which has none of the endings of files.
pub fn is_folder(network: &Path) -> bool {
    Format::of(network) == Format::Unknown
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Format {
    Tntp,
    Csv,
    Omx,
    Unknown,
}

impl Format {
    fn of(file: &Path) -> Self {
        let name = file.file_name().map(|name| name.to_string_lossy().to_lowercase()).unwrap_or_default();
        let is_text = |extension: &str| name.strip_suffix(".gz").unwrap_or(&name).ends_with(extension);
        match () {
            () if is_text(".tntp") => Format::Tntp,
            () if is_text(".csv") => Format::Csv,
            () if name.ends_with(".omx") => Format::Omx,
            () => Format::Unknown,
        }
    }
}

fn unknown_format(file: &Path, expected: &str) -> Error {
    Problem::new("the name does not tell a format that is read here")
        .in_file(file)
        .hint(format!("expected a name that ends in {expected}; text also in .gz"))
        .into()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn left_is_positive() {
        assert!((deviation([1.0, 0.0], [0.0, 2.0]) - 90.0).abs() < 1e-12);
        assert!((deviation([1.0, 0.0], [1.0, -1.0]) + 45.0).abs() < 1e-12);
        assert_eq!(deviation([0.0, 3.0], [0.0, 1.0]), 0.0);
    }
}
