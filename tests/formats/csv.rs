//! The project's own CSV form.

use std::path::Path;

use conurb::error::{Error, Warning};
use conurb::formats::{RoadNetwork, Source, read_network};

use super::{assert_told, codes, network_of, trips_of, zones};

const NODES: &str = "# by hand\nnode_id,x,y,zone_id,through\n30,3,0,,1\n-10,1,0.5,200,0\n20,2,0,100,\n";
const LINKS: &str = "link_id,from_node,to_node,capacity,free_flow_time,length,b,power,toll,link_type\n\
                     7,-10,30,1800,2.5,1.5,0.15,4,3,2\n5,30,20,900,0,0.5,0,0,0,1\n";

fn read(links: &str, nodes: &str) -> Result<(RoadNetwork, Vec<Warning>), Error> {
    let nodes = Source { file: Path::new("nodes.csv"), bytes: nodes.as_bytes() };
    read_network(Source { file: Path::new("links.csv"), bytes: links.as_bytes() }, Some(nodes))
}

#[test]
fn a_network_of_links_and_nodes() {
    let (network, warnings) = read(LINKS, NODES).unwrap();
    let expected = RoadNetwork {
        node_id: vec![-10, 20, 30],
        node_xy: Some(vec![[1.0, 0.5], [2.0, 0.0], [3.0, 0.0]]),
        node_through: vec![false, true, true],
        zone_id: vec![100, 200],
        zone_node: vec![1, 0],
        link_id: vec![7, 5],
        tail: vec![0, 2],
        head: vec![2, 1],
        capacity: vec![1800.0, 900.0],
        length: vec![1.5, 0.5],
        free_flow_time: vec![2.5, 0.0],
        b: vec![0.15, 0.0],
        power: vec![4.0, 0.0],
        toll: vec![3.0, 0.0],
        link_type: vec![2, 1],
        ..RoadNetwork::default()
    };
    assert_eq!((network, warnings), (expected, vec![]));
}

#[test]
fn columns_that_are_absent_or_unknown_are_told_as_warnings() {
    let links = "capacity,name,to_node,from_node,length,free_flow_time,link_id\n900,\"High St, north\",30,20,1,2,1\n";
    let (network, warnings) = read(links, "node_id,x,y,zone_id,lanes,note\n20,0,0,1,2,a\n30,1,0,2,2,\n").unwrap();
    assert_eq!((network.b, network.power, network.toll), (vec![0.15], vec![4.0], vec![0.0]));
    assert_eq!(codes(&warnings), [("ignored_columns", 2), ("ignored_columns", 1), ("defaulted_columns", 2)]);
    assert_eq!(warnings[1].message, "links.csv: columns that are not used: name");
    assert!(warnings[2].message.ends_with("b = 0.15, power = 4"), "{}", warnings[2].message);
}

#[test]
fn what_is_wrong_with_links_is_told_with_line_and_column() {
    let links = format!("{LINKS}5,20,31,-1,x,,0.15,4,0,1\n9,20,30,0,1,1,0.15,4,0,1\n9,20,30,1,1,1\n");
    assert_told(
        read(&links, NODES),
        &[
            "links.csv:4: to_node: there is no node 31\n  hint: the nearest nodes are 30",
            "links.csv:4: capacity: expected a number not below zero, found \"-1\"",
            "links.csv:4: free_flow_time: expected a number, found \"x\"",
            "links.csv:4: length: expected a number, found nothing",
            "links.csv:5: capacity: a link with b above 0 needs a capacity above 0",
            "links.csv:6: b: expected 10 columns, found 6",
        ],
    );
    assert_told(read(&LINKS.replace("\n5,", "\n7,"), NODES), &["links.csv:3: link_id: 7 stands here and in line 2"]);
    assert_told(read("link_id,from,to\n", NODES), &["links.csv:1: the header lacks from_node, to_node", "from, to"]);
}

#[test]
fn what_is_wrong_with_nodes_is_told_with_line_and_column() {
    let nodes = format!("{NODES}20,1,1,,\n40,inf,1,100,\n50,1,1,x,2\n");
    assert_told(
        read(LINKS, &nodes),
        &[
            "nodes.csv:7: x: expected a finite number, found \"inf\"",
            "nodes.csv:8: zone_id: expected an integer, found \"x\"",
            "nodes.csv:8: through: expected 0 or 1, found \"2\"\n  hint: 0 is for nodes",
            "nodes.csv:6: node_id: 20 stands here and in line 5",
        ],
    );
    assert_told(read(LINKS, &NODES.replace("30,3,0,,", "30,3,0,100,")), &["zone_id: 100 stands here and in line 3"]);
    assert_told(read(LINKS, "node_id,x,y\n1,0,0\n"), &["nodes.csv:1: the header lacks zone_id"]);
    assert_told(
        read(LINKS, "node_id,x,y,zone_id\n1,0,0,\n"),
        &["nodes.csv: zone_id: no node has a zone id\n  hint: give one"],
    );
    assert_told(network_of("links.csv", LINKS), &["links.csv: a network in CSV form needs", "traffic.nodes"]);
}

#[test]
fn demand_by_zone_id() {
    let network = zones(&[100, 200, 300]);
    let text = "# by hand\ntrips,destination,origin\n2.5,100,300\n0,200,300\n1e3,300,100\n4,100,100\n";
    let (table, warnings) = trips_of("demand.csv", text, &network).unwrap();
    assert!(warnings.is_empty());
    assert_eq!((table.origin_start, table.destination), (vec![0, 2, 2, 3], vec![0, 2, 0]));
    assert_eq!(table.trips, [4.0, 1000.0, 2.5]);
    let text = "origin,destination,trips\n100,150,1\n100,200,-1\n100,300,nan\n100,200,1\n300,100,1\n100,200,1\n";
    assert_told(
        trips_of("demand.csv", text, &network),
        &[
            "demand.csv:2: destination: there is no zone 150\n  hint: the nearest zones are 100 and 200",
            "demand.csv:3: trips: expected a number not below zero, found \"-1\"",
            "demand.csv:4: trips: expected a finite number, found \"nan\"",
            "demand.csv:7: trips from zone 100 to zone 200 stand here and in line 5",
        ],
    );
}

#[test]
fn the_quickstart_has_the_published_numbers() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("scenarios/siouxfalls");
    let text = |name: &str| std::fs::read_to_string(folder.join(name)).unwrap();
    let (network, warnings) = read(&text("links.csv"), &text("nodes.csv")).unwrap();
    assert_eq!((network.n_links(), network.n_nodes(), network.n_zones(), warnings.len()), (76, 24, 24, 0));
    assert!(network.node_through.iter().all(|through| *through));
    let (table, _) = trips_of("demand.csv", &text("demand.csv"), &network).unwrap();
    assert_eq!(table.trips.iter().sum::<f64>(), 360_600.0);
    // Both directions of a road have the same time, and the network is as symmetric as the paper's figure.
    for link in 0..76 {
        let back =
            (0..76).find(|back| (network.tail[*back], network.head[*back]) == (network.head[link], network.tail[link]));
        assert_eq!(network.free_flow_time[back.unwrap()], network.free_flow_time[link]);
    }
}

#[test]
fn demand_by_the_names_of_other_programs() {
    let network = zones(&[1, 2]);
    let expected = trips_of("d.csv", "origin,destination,trips\n1,2,3.5\n", &network).unwrap();
    for header in ["orig_taz,dest_taz,total", "o_zone_id,d_zone_id,volume", "Orig_TAZ,destination,Volume"] {
        assert_eq!(trips_of("d.csv", &format!("{header}\n1,2,3.5\n"), &network).unwrap(), expected);
    }
    // A column of another name beside the wanted one is another column.
    let (table, warnings) = trips_of("d.csv", "volume,origin,destination,trips\n9,1,2,3.5\n", &network).unwrap();
    assert_eq!((table, codes(&warnings)), (expected.0, vec![("ignored_columns", 1)]));
    assert_told(
        trips_of("d.csv", "o_zone_id,d_zone_id,volume,total\n", &network),
        &["d.csv:1: trips: this column stands there twice"],
    );
}

#[test]
fn a_network_as_visum_and_emme_users_export_it() {
    // Columns in the order of a link list, capitals, quoted street names, a byte order mark, carriage returns.
    let links = "\u{feff}FROM_NODE,TO_NODE,LINK_ID,Name,LINK_TYPE,Lanes,Length,Capacity,v0,Free_Flow_Time,TSysSet\r\n\
                 30,20,11,\"Ring, north\",40,2,0.75,1600,50,0.9,\"B,C,H\"\r\n";
    let nodes = "Y,X,NODE_ID,ZONE_ID,ControlType\r\n0,2,20,100,1\r\n0,3,30,200,0\r\n";
    let (network, warnings) = read(links, nodes).unwrap();
    assert_eq!((network.tail, network.head, network.link_id), (vec![1], vec![0], vec![11]));
    assert_eq!((network.capacity, network.free_flow_time, network.length), (vec![1600.0], vec![0.9], vec![0.75]));
    assert_eq!((network.link_type, network.node_xy), (vec![40], Some(vec![[2.0, 0.0], [3.0, 0.0]])));
    assert_eq!(codes(&warnings), [("ignored_columns", 1), ("ignored_columns", 4), ("defaulted_columns", 2)]);
}
