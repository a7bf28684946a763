//! Networks as GMNS folders.

use std::fs;
use std::path::{Path, PathBuf};

use conurb::error::{Error, Warning};
use conurb::formats::gmns::{FILES, GmnsFiles, GmnsUnits, add_zones_at_nodes, read_gmns};
use conurb::formats::{Movement, MovementKind, RoadNetwork, Source, demand_zones, read_trips};
use conurb::scenario::{LengthUnit, TimeUnit};
use proptest::prelude::*;

use super::common::data_dir;
use super::{assert_told, codes};

const SI: GmnsUnits = GmnsUnits { time: TimeUnit::Second, length: LengthUnit::Metre, period_h: 1.0 };
const CONFIG: &str = "dataset_name,short_length,long_length,speed,crs,currency\nTest,m,km,kph,EPSG:32632,euro\n";
const NODES: &str =
    "node_id,x_coord,y_coord,node_type,zone_id\n1,0,0,centroid,10\n2,1000,0,,\n3,2000,0,,20\n4,2000,500,,20\n";
const LINKS: &str = "link_id,from_node_id,to_node_id,directed,length,facility_type,capacity,free_speed,lanes,allowed_uses,toll\n\
                     11,1,2,1,1.2,arterial,800,36,2,ALL,\n12,2,3,true,1,freeway,2000,72,1,auto,1.5\n";

/// Reads a folder of texts in the order of [`FILES`]; an empty text is a file that is not there.
fn read(texts: [&str; 5], units: GmnsUnits) -> Result<(RoadNetwork, Vec<Warning>), Error> {
    let source = |file: usize| Source { file: Path::new(FILES[file]), bytes: texts[file].as_bytes() };
    let if_there = |file: usize| (!texts[file].is_empty()).then(|| source(file));
    let files =
        GmnsFiles { node: source(0), link: source(1), config: if_there(2), movement: if_there(3), zone: if_there(4) };
    read_gmns(&files, units)
}

fn links(rows: &str) -> String {
    format!("{}{rows}", LINKS.split_inclusive('\n').next().unwrap())
}

fn example(name: &str) -> Option<(RoadNetwork, Vec<Warning>, PathBuf)> {
    let folder = data_dir()?.join("roads/gmns").join(name);
    if !folder.is_dir() {
        let is_ci = std::env::var("CI").is_ok_and(|value| value == "true");
        assert!(!is_ci, "reference data missing: {}", folder.display());
        println!("skipped: no {} (see docs/reference-data.md)", folder.display());
        return None;
    }
    let texts = FILES.map(|file| fs::read_to_string(folder.join(file)).unwrap_or_default());
    let texts = [0, 1, 2, 3, 4].map(|file: usize| texts[file].as_str());
    let (network, warnings) = read(texts, SI).unwrap();
    Some((network, warnings, folder))
}

fn close(found: f64, expected: f64) {
    assert!((found - expected).abs() <= 1e-9 * expected.abs(), "{found} instead of {expected}");
}

#[test]
fn a_folder_in_the_units_asked_for() {
    let movements = "mvmt_id,node_id,ib_link_id,ob_link_id,type,penalty\n1,2,11,12,thru,4.5\n2,2,11,12,thru,3\n";
    let units = GmnsUnits { time: TimeUnit::Minute, length: LengthUnit::Mile, period_h: 2.0 };
    let (network, warnings) = read([NODES, LINKS, CONFIG, movements, "zone_id\n10\n20\n2.5E+11\n"], units).unwrap();
    assert_eq!((network.node_id, network.node_through), (vec![1, 2, 3, 4], vec![false, true, true, true]));
    assert_eq!((network.zone_id, network.zone_node), (vec![10, 20], vec![0, 2]));
    assert_eq!((network.link_id, network.link_name), (vec![11, 12], None));
    assert_eq!((network.tail, network.head), (vec![0, 1], vec![1, 2]));
    // 800 per lane and hour on two lanes in two hours.
    assert_eq!(network.capacity, [3200.0, 4000.0]);
    // 1.2 km at 36 km/h are 120 s.
    close(network.free_flow_time[0], 2.0);
    close(network.length[0], 1.2 / 1.609344);
    assert_eq!((network.toll, network.link_type), (vec![0.0, 1.5], vec![1, 2]));
    assert_eq!((network.b, network.power), (vec![0.15; 2], vec![4.0; 2]));
    let kind = Some(MovementKind::Through);
    assert_eq!(network.movements, [Movement { from_link: 0, to_link: 1, penalty_s: Some(3.0), kind }]);
    assert_eq!(codes(&warnings), [("gmns_link_types", 2), ("gmns_zone_nodes", 1), ("gmns_zones_without_node", 1)]);
}

#[test]
fn what_is_missing_is_taken_from_elsewhere_and_told() {
    let rows = "11,1,2,,,ramp,,,,,\n12,2,3,1,NaN,,,,3,,\n13,3,4,1,0.5,freeway,,50,,,\n";
    let (network, warnings) = read([NODES, &links(rows), CONFIG, "", ""], SI).unwrap();
    // The ramp: 2000 on the one lane taken, 35 mi/h; no type: as a secondary road, 1600 and 60 km/h.
    assert_eq!(network.capacity, [2000.0, 4800.0, 2300.0]);
    assert_eq!(network.length, [1000.0, 1000.0, 500.0]);
    close(network.free_flow_time[0], 1000.0 / (35.0 * 0.44704));
    close(network.free_flow_time[1], 60.0);
    close(network.free_flow_time[2], 36.0);
    assert_eq!(network.link_type, [2, 0, 1]);
    let told = [
        ("gmns_directed_missing", 1),
        ("gmns_link_types", 2),
        ("gmns_defaulted_length", 2),
        ("gmns_defaulted_lanes", 2),
        ("gmns_defaulted_capacity", 3),
        ("gmns_defaulted_speed", 2),
        ("gmns_zone_nodes", 1),
    ];
    assert_eq!(codes(&warnings), told);
    let capacity = &warnings[4].message;
    assert!(capacity.ends_with("were 2300 for motorway, 2000 for ramp, 1600 for secondary"), "{capacity}");
}

#[test]
fn a_missing_length_is_that_of_the_shape() {
    let header = "link_id,from_node_id,to_node_id,directed,geometry,free_speed\n";
    let text = format!("{header}1,1,2,1,\"LINESTRING (0 0, 0 300, 400 0)\",36\n2,2,3,1,POINT (1 2),36\n");
    let (network, _) = read([NODES, &text, CONFIG, "", ""], SI).unwrap();
    assert_eq!(network.length, [800.0, 1000.0]);
    close(network.free_flow_time[0], 80.0);
}

#[test]
fn roads_in_both_directions_become_two_links() {
    let rows = "5,1,2,0,1,,800,36,1,,2\n6,2,3,false,1,,800,36,1,,\n7,3,2,no,1,,900,36,1,,\n";
    let movements = "node_id,ib_link_id,ob_link_id,type,penalty\n1,5,5,uturn,9\n2,7,5,thru,\n2,5,6,,\n3,5,6,left,\n";
    let (network, warnings) = read([NODES, &links(rows), CONFIG, movements, ""], SI).unwrap();
    // Links 6 and 7 are each other's way back; link 5 has none.
    assert_eq!((network.link_id, network.link_name), (vec![5, 6, 7, -5], None));
    assert_eq!((network.tail, network.head), (vec![0, 1, 2, 1], vec![1, 2, 1, 0]));
    assert_eq!((network.toll, network.capacity), (vec![2.0, 0.0, 0.0, 2.0], vec![800.0, 800.0, 900.0, 800.0]));
    let turn = |from_link, to_link, penalty_s, kind| Movement { from_link, to_link, penalty_s, kind };
    let expected = [
        turn(0, 1, None, None),
        turn(2, 3, None, Some(MovementKind::Through)),
        turn(3, 0, Some(9.0), Some(MovementKind::UTurn)),
    ];
    assert_eq!(network.movements, expected);
    let told = codes(&warnings);
    assert!(told.contains(&("gmns_undirected", 1)) && told.contains(&("gmns_movements_unfit", 1)), "{told:?}");
}

#[test]
fn ids_that_are_no_integers_become_names() {
    let rows = "1 2,1,2,0,1,,800,36,1,,\nw,2,1,1,1,,800,36,1,BIKE,\n007,2,3,1,1,,800,36,1,,\n";
    let (network, _) = read([NODES, &links(rows), CONFIG, "", ""], SI).unwrap();
    // Rows of the file, the one that was left out counted; the way back comes after them.
    assert_eq!(network.link_id, [1, 3, 4]);
    assert_eq!(network.link_name.unwrap(), ["1 2", "007", "-1 2"]);
    // The name of a way back is nobody else's.
    let rows = "a,1,2,0,1,,800,36,1,,\n-a,2,3,1,1,,800,36,1,,\n";
    let (network, _) = read([NODES, &links(rows), CONFIG, "", ""], SI).unwrap();
    assert_eq!(network.link_name.unwrap(), ["a", "-a", "--a"]);
}

#[test]
fn links_that_are_not_for_cars_are_left_out_and_counted() {
    let rows = "1,1,2,1,1,,800,36,1,\"WALK, BIKE\",\n2,2,3,1,1,,800,36,0,,\n3,3,2,1,1,,0,36,1,,\n4,2,1,1,1,,800,36,1,\"bike,car\",\n";
    let movements = "node_id,ib_link_id,ob_link_id,type\n2,3,4,left\n2,1,4,uturn\n";
    let (network, warnings) = read([NODES, &links(rows), CONFIG, movements, ""], SI).unwrap();
    assert_eq!((network.link_id, network.movements.len()), (vec![4], 0));
    let told = codes(&warnings);
    for expected in [("gmns_other_uses", 1), ("gmns_no_lanes", 2), ("gmns_movements_left_out", 2)] {
        assert!(told.contains(&expected), "{told:?}");
    }
}

#[test]
fn lengths_in_another_unit_than_stated_are_seen_by_the_coordinates() {
    let rows = "1,1,2,1,1200,,800,36,1,,\n2,2,3,1,1000,,800,36,1,,\n";
    let (network, warnings) = read([NODES, &links(rows), CONFIG, "", ""], SI).unwrap();
    assert_eq!(network.length, [1200.0, 1000.0]);
    assert!(warnings[0].message.contains("are in km, but they fit the coordinates in m"), "{}", warnings[0].message);
    let feet = "1,1,2,1,3937,,800,36,1,,\n2,2,3,1,3281,,800,36,1,,\n";
    let (network, warnings) = read([NODES, &links(feet), CONFIG, "", ""], SI).unwrap();
    assert_eq!(network.length, [3_937_000.0, 3_281_000.0], "what is stated, and a warning");
    assert_eq!(warnings[0].code, "gmns_lengths_implausible");
    // Without a configuration the unit that was asked for comes first, then what fits.
    let (network, warnings) = read([NODES, &links(rows), "", "", ""], SI).unwrap();
    assert_eq!((network.length[0], warnings[0].code.as_str()), (1200.0, "gmns_units_assumed"));
    let kilometres = "1,1,2,1,1.2,,800,36,1,,\n2,2,3,1,1,,800,36,1,,\n";
    assert_eq!(read([NODES, &links(kilometres), "", "", ""], SI).unwrap().0.length[0], 1200.0);
}

#[test]
fn zones_come_from_nodes_or_are_all_of_them() {
    let nodes = "node_id,x_coord,y_coord,node_type,zone_id\n1,0,0,,5\n2,1000,0,,5\n3,2000,0,centroid,5\n4,2000,9,,4\n7,0,9,,4\n";
    let (network, _) = read([nodes, LINKS, CONFIG, "", ""], SI).unwrap();
    // Zone 5 at its centroid, zone 4 at the node of its id.
    assert_eq!((network.zone_id, network.zone_node), (vec![4, 5], vec![3, 2]));
    let nodes = "node_id,x_coord,y_coord,node_type\n1,0,0,external\n2,1000,0,\n3,2000,0,\n4,2000,9,external\n";
    let (network, warnings) = read([nodes, LINKS, CONFIG, "", ""], SI).unwrap();
    assert_eq!(network.zone_id, [1], "the linked ones of them");
    assert!(codes(&warnings).contains(&("gmns_zones_assumed", 1)));
    let (network, _) = read([&nodes.replace("external", ""), LINKS, CONFIG, "", ""], SI).unwrap();
    assert_eq!((network.zone_id, network.zone_node), (vec![1, 2, 3], vec![0, 1, 2]));
}

#[test]
fn what_is_wrong_is_told_with_file_line_and_column() {
    let nodes = "node_id,x_coord,y_coord,zone_id\n1,0,nan,\n2,1,1,a\n3,0,0,\n3,0,0,\n";
    assert_told(
        read([nodes, LINKS, CONFIG, "", ""], SI),
        &[
            "node.csv:2: y_coord: expected a finite",
            "node.csv:3: zone_id: expected an integer",
            "node.csv:5: node_id: node 3",
        ],
    );
    let rows = "1,1,9,1,1,,800,36,1,,\n2,1,2,maybe,1,,800,36,1,,\n3,1,2,1,-1,,800,0,1,,\n4,1,2,1,1,,inf,x,1,,\n5,1,2,1,1,,1,1,1,,\n5,1,2,1,1,,1,1,1,,\n,1,2,1,1,,1,1,1,,\n";
    assert_told(
        read([NODES, &links(rows), CONFIG, "", ""], SI),
        &[
            "link.csv:2: to_node_id: there is no node 9\n  hint: the nodes are 1 to 4",
            "link.csv:3: directed: expected true or false, found \"maybe\"",
            "link.csv:4: length: expected a number not below zero",
            "link.csv:4: free_speed: a link needs a speed above 0",
            "link.csv:5: capacity: expected a finite number",
            "link.csv:5: free_speed: expected a number, found \"x\"",
            "link.csv:7: link_id: \"5\" stands here and in line 6",
            "link.csv:8: link_id: expected an id, found nothing",
        ],
    );
    let movements = "node_id,ib_link_id,ob_link_id,type,penalty\n2,11,99,left,\n2,11,12,left,-1\n";
    assert_told(
        read([NODES, LINKS, CONFIG, movements, ""], SI),
        &[
            "movement.csv:2: ob_link_id: there is no link \"99\"",
            "movement.csv:3: penalty: expected a number not below",
        ],
    );
    assert_told(
        read([NODES, LINKS, &CONFIG.replace("km,", "furlong,"), "", ""], SI),
        &["config.csv:2: long_length: this unit is not understood: \"furlong\""],
    );
    let on_foot = links("1,1,2,1,1,,800,36,1,WALK,\n");
    assert_told(
        read([NODES, &on_foot, CONFIG, "", ""], SI),
        &["link.csv: none of the 1 links is for cars\n  hint: allowed"],
    );
    assert_told(read([NODES, &links(""), CONFIG, "", ""], SI), &["link.csv: there are no links"]);
    assert_told(read(["", LINKS, "", "", ""], SI), &["node.csv: the file has no header line"]);
    assert_told(
        read([NODES, "link_id\n1\n", "", "", ""], SI),
        &["link.csv:1: the header lacks from_node_id, to_node_id"],
    );
}

#[test]
fn demand_may_name_nodes_as_zones() {
    let (mut network, _) = read([NODES, LINKS, CONFIG, "", ""], SI).unwrap();
    let text = "orig_taz,dest_taz,total\n10,2,5\n2,20,1\n4,2,1\n";
    let source = Source { file: Path::new("demand.csv"), bytes: text.as_bytes() };
    let zones = demand_zones(source).unwrap();
    assert_eq!(zones, [2, 4, 10, 20]);
    assert_eq!(add_zones_at_nodes(&mut network, &zones).unwrap().count, 2);
    assert_eq!((&network.zone_id, &network.zone_node), (&vec![2, 4, 10, 20], &vec![1, 3, 0, 2]));
    assert!(add_zones_at_nodes(&mut network, &zones).is_none());
    assert_eq!(read_trips(source, &network, None).unwrap().0.trips, [1.0, 1.0, 5.0]);
    assert!(demand_zones(Source { file: Path::new("demand.csv"), bytes: b"a,b\n" }).is_err());
}

#[test]
fn the_example_lima() {
    let Some((mut network, warnings, folder)) = example("lima") else { return };
    assert_eq!((network.n_nodes(), network.n_links(), network.n_zones()), (2232, 6095, 394));
    assert_eq!(network.movements.len(), 12_597);
    // Link "1 100002": 277 feet at 25 mph, one lane of 1800.
    assert_eq!((network.link_id[0], network.link_name.as_ref().unwrap()[0].as_str()), (1, "1 100002"));
    close(network.length[0], 277.0 * 0.3048);
    close(network.free_flow_time[0], 277.0 / 5280.0 / 25.0 * 3600.0);
    assert_eq!(network.capacity[0], 1800.0);
    let told = codes(&warnings);
    for expected in [("gmns_zone_zero", 104), ("gmns_directed_missing", 6095), ("gmns_length_unit", 6095)] {
        assert!(told.contains(&expected), "{told:?}");
    }
    let file = folder.join("demand.csv");
    let bytes = fs::read(&file).unwrap();
    let source = Source { file: &file, bytes: &bytes };
    assert_told(read_trips(source, &network, None), &["there is no zone 441"]);
    // 24 external stations of zone 0 and node 149, whose zone is 380.
    let added = add_zones_at_nodes(&mut network, &demand_zones(source).unwrap());
    assert_eq!((added.unwrap().count, network.n_zones()), (25, 419));
    let (trips, _) = read_trips(source, &network, None).unwrap();
    assert_eq!((trips.trips.len(), trips.trips.iter().sum::<f64>()), (13_000, 32_041.0));
}

#[test]
fn the_example_arlington() {
    let Some((network, warnings, _)) = example("arlington_signals") else { return };
    assert_eq!((network.n_nodes(), network.n_links()), (20, 10));
    assert_eq!(network.zone_id, [2, 4, 5]);
    assert_eq!(network.movements.len(), 14);
    // Link 21: an eighth of a mile at 25 mph, two lanes of 500; link 71 does not say how many lanes it has.
    assert_eq!((network.link_id[0], network.link_id[4]), (21, 71));
    assert_eq!((network.capacity[0], network.capacity[4]), (1000.0, 500.0));
    close(network.length[0], 201.168);
    close(network.free_flow_time[0], 18.0);
    let told = codes(&warnings);
    for expected in [("gmns_other_uses", 17), ("gmns_defaulted_lanes", 2), ("gmns_zones_assumed", 3)] {
        assert!(told.contains(&expected), "{told:?}");
    }
    assert!(!told.iter().any(|(code, _)| *code == "gmns_length_unit"), "{told:?}");
}

#[test]
fn the_example_freeway_interchange() {
    let Some((network, warnings, _)) = example("freeway_interchange") else { return };
    assert_eq!((network.n_nodes(), network.n_links()), (10, 12));
    assert_eq!((network.zone_id, network.movements.len()), (vec![1, 2, 3, 4, 9], 12));
    // Link 578653: a ramp of 2193 feet, not miles, at 55 mph; link 578608: four lanes of a freeway.
    close(network.length[0], 2193.040865 * 0.3048);
    close(network.free_flow_time[0], 2193.040865 / 5280.0 / 55.0 * 3600.0);
    assert_eq!((network.capacity[0], network.capacity[2]), (2000.0, 9200.0));
    let told = codes(&warnings);
    assert!(told.contains(&("gmns_length_unit", 12)) && told.contains(&("gmns_defaulted_capacity", 12)), "{told:?}");
}

proptest! {
    #[test]
    fn no_folder_makes_the_reader_panic(
        nodes in "[0-9a-z,.\\-\" \n]{0,120}",
        links in "[0-9a-z,.\\-\" \n(]{0,200}",
        movements in "[0-9a-z,.\\-\" \n]{0,80}",
        config in "[a-z0-9,]{0,30}",
    ) {
        let node_header = "node_id,x_coord,y_coord,node_type,zone_id\n1,-1e308,0,,\n2,1e308,-1e308,,2\n";
        let link_header = "link_id,from_node_id,to_node_id,directed,geometry,length,capacity\n1,1,2,0,,,\n";
        let node = format!("{node_header}{nodes}");
        let link = format!("{link_header}{links}");
        let config = format!("short_length,long_length,speed,crs\n{config}");
        let movement = format!("ib_link_id,ob_link_id,penalty\n{movements}");
        if let Ok((network, _)) = read([&node, &link, &config, &movement, &nodes], SI) {
            prop_assert!(network.capacity.iter().chain(&network.toll).all(|value| value.is_finite()));
            prop_assert!(network.length.iter().chain(&network.free_flow_time).all(|value| value.is_finite()));
        }
    }
}
