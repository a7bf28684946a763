//! Public networks: sizes and totals as `docs/reference-data.md` states them.

use std::path::Path;

use conurb::formats::tntp::read_flow;
use conurb::formats::{RoadNetwork, Source, TripTable, read_network, read_trips};

use super::codes;
use super::common::data_dir;

struct Case {
    folder: &'static str,
    stem: &'static str,
    /// Zones, nodes, links, first through node.
    counts: [usize; 4],
    /// Trips between different zones, `interzonal_demand` of `reference_solutions.csv`.
    interzonal: f64,
    intrazonal: f64,
    has_nodes: bool,
    has_flow: bool,
}

const CASES: [Case; 6] = [
    Case {
        folder: "Braess-Example",
        stem: "Braess",
        counts: [2, 4, 5, 1],
        interzonal: 6.0,
        intrazonal: 0.0,
        has_nodes: false,
        has_flow: false,
    },
    Case {
        folder: "SiouxFalls",
        stem: "SiouxFalls",
        counts: [24, 24, 76, 1],
        interzonal: 360_600.0,
        intrazonal: 0.0,
        has_nodes: true,
        has_flow: true,
    },
    Case {
        folder: "Anaheim",
        stem: "Anaheim",
        counts: [38, 416, 914, 39],
        interzonal: 104_694.4,
        intrazonal: 0.0,
        has_nodes: false,
        has_flow: true,
    },
    Case {
        folder: "Barcelona",
        stem: "Barcelona",
        counts: [110, 1020, 2522, 111],
        interzonal: 184_679.561,
        intrazonal: 0.0,
        has_nodes: false,
        has_flow: true,
    },
    Case {
        folder: "Chicago-Sketch",
        stem: "ChicagoSketch",
        counts: [387, 933, 2950, 1],
        interzonal: 1_137_493.44,
        intrazonal: 123_414.0,
        has_nodes: true,
        has_flow: true,
    },
    Case {
        folder: "Eastern-Massachusetts",
        stem: "EMA",
        counts: [74, 74, 258, 1],
        interzonal: 65_576.375_430_999_89,
        intrazonal: 0.0,
        has_nodes: false,
        has_flow: false,
    },
];

/// Whether a file that not everyone can have is there; says that a test is skipped if not, and fails in CI.
fn is_there(path: &Path) -> bool {
    let is_ci = std::env::var("CI").is_ok_and(|value| value == "true");
    assert!(path.is_file() || !is_ci, "reference data missing: {}", path.display());
    if !path.is_file() {
        println!("skipped: no {} (see docs/reference-data.md)", path.display());
    }
    path.is_file()
}

fn read(path: &Path) -> Vec<u8> {
    std::fs::read(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

fn network(folder: &Path, stem: &str, has_nodes: bool) -> RoadNetwork {
    let [net, node] = ["net", "node"].map(|part| folder.join(format!("{stem}_{part}.tntp")));
    let bytes = read(&net);
    let node_bytes = if has_nodes { read(&node) } else { Vec::new() };
    let nodes = has_nodes.then_some(Source { file: &node, bytes: &node_bytes });
    let (network, warnings) = read_network(Source { file: &net, bytes: &bytes }, nodes).unwrap();
    assert!(warnings.is_empty(), "{stem}: {warnings:?}");
    assert_eq!(network.node_xy.is_some(), has_nodes, "{stem}");
    network
}

fn totals(table: &TripTable) -> [f64; 2] {
    let mut totals = [0.0; 2];
    for origin in 0..table.origin_start.len() - 1 {
        for entry in table.origin_start[origin] as usize..table.origin_start[origin + 1] as usize {
            totals[usize::from(table.destination[entry] as usize == origin)] += table.trips[entry];
        }
    }
    totals
}

#[track_caller]
fn assert_close(found: f64, expected: f64) {
    assert!((found - expected).abs() <= 1e-9 * expected.abs().max(1.0), "{found} is not {expected}");
}

#[test]
fn published_networks_and_demand_have_the_stated_sizes_and_totals() {
    let Some(data) = data_dir() else { return };
    for case in CASES {
        let folder = data.join("traffic").join(case.folder);
        let network = network(&folder, case.stem, case.has_nodes);
        let first_through = network.node_through.iter().take_while(|through| !**through).count() + 1;
        assert_eq!([network.n_zones(), network.n_nodes(), network.n_links(), first_through], case.counts);
        let file = folder.join(format!("{}_trips.tntp", case.stem));
        let (table, warnings) = read_trips(Source { file: &file, bytes: &read(&file) }, &network, None).unwrap();
        assert!(warnings.is_empty(), "{}: {warnings:?}", case.stem);
        let [interzonal, intrazonal] = totals(&table);
        assert_close(interzonal, case.interzonal);
        assert_close(intrazonal, case.intrazonal);
        if case.has_flow {
            check_flow(&folder, case.stem, &network);
        }
    }
}

fn check_flow(folder: &Path, stem: &str, network: &RoadNetwork) {
    let file = folder.join(format!("{stem}_flow.tntp"));
    let (flows, warnings) = read_flow(Source { file: &file, bytes: &read(&file) }, network).unwrap();
    assert!(warnings.is_empty(), "{stem}: {warnings:?}");
    assert!(flows.volume.iter().chain(&flows.cost).all(Option::is_some), "{stem}");
}

#[test]
fn known_rows_are_where_they_belong() {
    let Some(data) = data_dir() else { return };
    let folder = data.join("traffic/Barcelona");
    let network = network(&folder, "Barcelona", false);
    // The file's last row: 1020 306 1 1 1 2.85319609043710e-19 4.734 0 0 1.
    let last = network.n_links() - 1;
    assert_eq!((network.tail[last], network.head[last], network.link_id[last]), (1019, 305, 2522));
    assert_eq!((network.b[last], network.power[last], network.capacity[last]), (2.853_196_090_437_1e-19, 4.734, 1.0));
    assert_eq!((0..=last).filter(|link| network.b[*link] == 0.0 && network.power[*link] == 0.0).count(), 565);
    let file = folder.join("Barcelona_flow.tntp");
    let (flows, _) = read_flow(Source { file: &file, bytes: &read(&file) }, &network).unwrap();
    assert_eq!(flows.volume[last], Some(3_373.205_000_000_001_7));
}

#[test]
fn the_large_network_with_gzipped_demand() {
    let Some(data) = data_dir() else { return };
    let folder = data.join("traffic/chicago-regional");
    let file = folder.join("ChicagoRegional_synthetic_trips.tntp.gz");
    if !is_there(&file) {
        return;
    }
    let network = network(&folder, "ChicagoRegional", true);
    assert_eq!([network.n_zones(), network.n_nodes(), network.n_links()], [1790, 12_982, 39_018]);
    assert_eq!(network.node_through.iter().filter(|through| !**through).count(), 1790);
    assert_eq!(network.free_flow_time.iter().filter(|time| **time == 0.0).count(), 3650);
    check_flow(&folder, "ChicagoRegional", &network);
    let bytes = read(&file);
    let (table, warnings) = read_trips(Source { file: &file, bytes: &bytes }, &network, None).unwrap();
    assert_eq!((codes(&warnings), table.trips.len()), (vec![], 2_427_726));
    let [interzonal, intrazonal] = totals(&table);
    assert_close(interzonal, 1_315_989.74);
    assert_eq!(intrazonal, 0.0);
    let cut = Source { file: &file, bytes: &bytes[..bytes.len() / 2] };
    super::assert_told(read_trips(cut, &network, None), &["_trips.tntp.gz:", "the gzip stream is truncated"]);
}

#[test]
fn the_quickstart_equals_the_published_network() {
    let Some(data) = data_dir() else { return };
    let folder = data.join("traffic/SiouxFalls");
    let published = network(&folder, "SiouxFalls", false);
    let file = folder.join("SiouxFalls_trips.tntp");
    let (published_trips, _) = read_trips(Source { file: &file, bytes: &read(&file) }, &published, None).unwrap();
    let own = Path::new(env!("CARGO_MANIFEST_DIR")).join("scenarios/siouxfalls");
    let [links, nodes, demand] = ["links.csv", "nodes.csv", "demand.csv"].map(|name| own.join(name));
    let (link_bytes, node_bytes) = (read(&links), read(&nodes));
    let nodes = Source { file: &nodes, bytes: &node_bytes };
    let (mut network, _) = read_network(Source { file: &links, bytes: &link_bytes }, Some(nodes)).unwrap();
    let (trips, _) = read_trips(Source { file: &demand, bytes: &read(&demand) }, &network, None).unwrap();
    assert_eq!(trips, published_trips);
    // The drawing and the link types are no published numbers.
    (network.node_xy, network.link_type) = (None, published.link_type.clone());
    assert_eq!(network, published);
}
