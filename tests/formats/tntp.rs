//! Traps of TNTP files, one test each.

use std::path::Path;

use conurb::formats::tntp::read_flow;
use conurb::formats::{Source, read_network};

use super::{assert_told, codes, network_of, trips_of, zones};

const HEADER: &str = "~\tinit_node\tterm_node\tcapacity\tlength\tfree_flow_time\tb\tpower\tspeed\ttoll\tlink_type\t;\n";

/// A network file of 2 zones and 3 nodes with these rows.
fn file(rows: &str) -> String {
    let n_links = rows.lines().filter(|row| !row.trim().is_empty() && !row.starts_with('~')).count();
    format!(
        "<NUMBER OF ZONES> 2\n<NUMBER OF NODES> 3\n<FIRST THRU NODE> 3\n<NUMBER OF LINKS> {n_links}\n\
         <END OF METADATA>\n\n{HEADER}{rows}"
    )
}

#[test]
fn a_network_in_the_usual_form() {
    let text = file("\t1\t3\t1800\t1.5\t2.5\t0.15\t4\t50\t7\t2\t;\n\t3\t2\t900\t0.5\t0\t0\t0\t0\t0\t1;\n");
    let (network, warnings) = network_of("a_net.tntp", &text).unwrap();
    assert!(warnings.is_empty());
    assert_eq!(network.node_id, [1, 2, 3]);
    assert_eq!(network.node_through, [false, false, true]);
    assert_eq!((network.zone_id.as_slice(), network.zone_node.as_slice()), (&[1, 2][..], &[0, 1][..]));
    assert_eq!((network.link_id.as_slice(), network.tail.as_slice()), (&[1, 2][..], &[0, 2][..]));
    assert_eq!((network.head, network.capacity), (vec![2, 1], vec![1800.0, 900.0]));
    assert_eq!((network.length, network.free_flow_time), (vec![1.5, 0.5], vec![2.5, 0.0]));
    assert_eq!((network.b, network.power), (vec![0.15, 0.0], vec![4.0, 0.0]));
    assert_eq!((network.toll, network.link_type), (vec![7.0, 0.0], vec![2, 1]));
    assert_eq!((network.node_xy, network.toll_factor, network.distance_factor), (None, None, None));
}

#[test]
fn trap_01_metadata_of_any_case_order_and_padding() {
    let text = "<number of LINKS>\t\t1\t\t\t\r\n<ORIGINAL HEADER>~ \tTail\tHead\t;\r\n<SCENARIO> 7\r\n<Number Of Nodes> 3\r\n\
                <NUMBER OF ZONES>   2   \r\n<END OF METADATA> as of 1999\t\t\r\n\r\n1 3 10 1 1 0.15 4 0 0 1 ;\r\n";
    let (network, _) = network_of("a_net.tntp", text).unwrap();
    assert_eq!((network.n_zones(), network.n_nodes(), network.n_links()), (2, 3, 1));
    assert_eq!(network.node_through, [true; 3], "FIRST THRU NODE is missing, so paths may pass everywhere");
}

#[test]
fn trap_02_comments_row_ends_and_exponents() {
    let rows = "1 3 1.49999e+006 1 1 0.15 4 0 0 1 ; ~ a comment; with 9 9 things\n~ a row that is none: 1 2 3\n\r\n\
                \t3\t2\t1.0E-02\t1\t1\t0.15\t4\t0\t0\t1\t\r\n";
    let text = file(rows).replace("<NUMBER OF LINKS> 3", "<NUMBER OF LINKS> 2");
    let (network, _) = network_of("a_net.tntp", &text).unwrap();
    assert_eq!(network.capacity, [1_499_990.0, 0.01]);
}

#[test]
fn trap_03_first_through_node() {
    let through = |first: &str| {
        let text = file("1 3 1 1 1 0 0 0 0 1;\n").replace("<FIRST THRU NODE> 3", &format!("<FIRST THRU NODE> {first}"));
        network_of("a_net.tntp", &text).map(|(network, _)| network.node_through)
    };
    assert_eq!(through("1").unwrap(), [true, true, true]);
    assert_eq!(through("2").unwrap(), [false, true, true]);
    assert_eq!(through("4").unwrap(), [false, false, false]);
    assert_told(
        through("5"),
        &["a_net.tntp:3: <FIRST THRU NODE>: expected a node id, found 5", "the nodes are 1 to 3"],
    );
    assert_told(through("-1"), &["<FIRST THRU NODE>: expected a node id, found -1"]);
}

#[test]
fn trap_04_unusual_volume_delay_parameters_pass_unchanged() {
    let rows = "1 3 1 1 1 0.00000000000000000000E+00 0 0 0 9;\n1 3 1 1 1 8.1E-71 16.83 0 0 1;\n\
                1 3 1 1 1 0.5 0.3 0 0 1;\n3 2 0 1 1 0 4 0 0 1;\n";
    let (network, _) = network_of("a_net.tntp", &file(rows)).unwrap();
    assert_eq!(network.b, [0.0, 8.1e-71, 0.5, 0.0]);
    assert_eq!(network.power, [0.0, 16.83, 0.3, 4.0]);
    let rows = "1 3 0 1 1 0.15 4 0 0 1;\n";
    assert_told(
        network_of("a_net.tntp", &file(rows)),
        &["a_net.tntp:8: capacity: a link with b above 0", "hint: set b to 0"],
    );
}

#[test]
fn trap_05_zero_free_flow_time_is_fine() {
    let (network, warnings) = network_of("a_net.tntp", &file("1 3 1 0 0 0.15 4 0 0 1;\n")).unwrap();
    assert_eq!((network.free_flow_time, warnings.len()), (vec![0.0], 0));
}

#[test]
fn trap_06_toll_and_distance_factors_of_the_file() {
    let text = file("1 3 1 1 1 0 0 0 5 1;\n").replace("<END", "<TOLL FACTOR> 0.02\n<Distance Factor>\t0.04\t\n<END");
    let (network, _) = network_of("a_net.tntp", &text).unwrap();
    assert_eq!((network.toll_factor, network.distance_factor), (Some(0.02), Some(0.04)));
    assert_told(
        network_of("a_net.tntp", &text.replace("0.02", "-1")),
        &["a_net.tntp:5: <TOLL FACTOR>: expected a number"],
    );
}

#[test]
fn trap_07_intrazonal_trips_stay_and_zeros_go() {
    let text = "<NUMBER OF ZONES> 3\n<TOTAL OD FLOW> 8\n<END OF METADATA>\n\nOrigin 1\n1 : 5.0; 2 : 0.0;\n2 : 3;\n";
    let (table, warnings) = trips_of("a_trips.tntp", text, &zones(&[1, 2, 3])).unwrap();
    assert!(warnings.is_empty());
    assert_eq!((table.origin_start, table.destination, table.trips), (vec![0, 2, 2, 2], vec![0, 1], vec![5.0, 3.0]));
}

#[test]
fn trap_08_parallel_links_stay_and_take_their_flows_in_file_order() {
    let rows = "1 3 1 1 1 0 0 0 0 1;\n3 2 1 1 1 0 0 0 0 1;\n1 3 2 1 1 0 0 0 0 1;\n";
    let (network, warnings) = network_of("a_net.tntp", &file(rows)).unwrap();
    assert_eq!((network.n_links(), warnings.len()), (3, 0));
    let flow = |text: &str| read_flow(Source { file: Path::new("a_flow.tntp"), bytes: text.as_bytes() }, &network);
    let (flows, warnings) = flow("From \tTo \tVolume \tCost \n3 2 7 1.5\n1 3 5 2.5\n1 3 6 3.5 \n").unwrap();
    assert_eq!(flows.volume, [Some(5.0), Some(7.0), Some(6.0)]);
    assert_eq!(flows.cost, [Some(2.5), Some(1.5), Some(3.5)]);
    assert_eq!(codes(&warnings), [("parallel_links", 2)]);
    let (flows, warnings) =
        flow("<NUMBER OF LINKS> -1\n<END OF METADATA>\n\nTail \tHead \tVolume \t;\n\t1 \t3 \t5 \t;\n").unwrap();
    assert_eq!((flows.volume, flows.cost), (vec![Some(5.0), None, None], vec![None; 3]));
    assert_eq!(codes(&warnings), [("parallel_links", 2), ("links_without_flow", 2)]);
    assert_told(
        flow("1 3 1 1\n1 3 1 1\n1 3 1 1\n"),
        &["a_flow.tntp:3: the network has no further link from node 1 to node 3"],
    );
    assert_told(flow("1 9 1 1\n"), &["a_flow.tntp:1: the network has no further link from node 1 to node 9"]);
    assert_told(flow("1 3 nan 1\n3 2 -1 1\n"), &["a_flow.tntp:1: volume: expected a finite", "a_flow.tntp:2: volume:"]);
    assert_told(flow("From To Cost\n"), &["a_flow.tntp:1: the header lacks volume"]);
}

#[test]
fn trap_09_nodes_without_links_and_origins_without_trips_stay() {
    let text = file("1 2 1 1 1 0 0 0 0 1;\n").replace("<NUMBER OF NODES> 3", "<NUMBER OF NODES> 90");
    assert_eq!(network_of("a_net.tntp", &text).unwrap().0.n_nodes(), 90);
    let text = "<NUMBER OF ZONES> 3\n<END OF METADATA>\nOrigin 3\n1:2;2:1.5\nOrigin 1\n\nOrigin \t2 \n";
    let (table, _) = trips_of("a_trips.tntp", text, &zones(&[1, 2, 3])).unwrap();
    assert_eq!((table.origin_start, table.destination, table.trips), (vec![0, 0, 0, 2], vec![0, 1], vec![2.0, 1.5]));
}

#[test]
fn trap_10_columns_are_found_by_name() {
    let header = "~ \ttype\tlanes\tTo\tFrom \tFFTT (min)\tCapacity (veh/h)\tLength (ft)\tPower\tB\t;\n";
    let text = file("7 2 3 1 2.5 100 9 4 0.15 ;\n").replace(HEADER, header);
    let (network, _) = network_of("a_net.tntp", &text).unwrap();
    assert_eq!((network.tail[0], network.head[0], network.link_type[0]), (0, 2, 7));
    assert_eq!((network.free_flow_time[0], network.capacity[0], network.length[0]), (2.5, 100.0, 9.0));
    assert_eq!((network.b[0], network.power[0], network.toll[0]), (0.15, 4.0, 0.0));
    let text = file("1 3 1;\n").replace(HEADER, "~ from to capacity\n");
    assert_told(network_of("a_net.tntp", &text), &["a_net.tntp:7: the header lacks length, free_flow_time, b, power"]);
}

#[test]
fn trap_11_seventeen_digits_are_read_exactly() {
    let text = file("1 3 7074.9000000000015 1 1.1529198689124767 0.15 4 0 0 1;\n");
    let (network, _) = network_of("a_net.tntp", &text).unwrap();
    assert_eq!((network.capacity[0], network.free_flow_time[0]), (7_074.900_000_000_001_5, 1.152_919_868_912_476_7));
}

#[test]
fn demand_in_any_spacing_with_comments() {
    let text = "<NUMBER OF ZONES> 3\n<TOTAL OD FLOW> 10.5\n<END OF METADATA>\n\n~ Vehicle trips: 1 : 9;\n\norigin         1  2:1;\n\
                3:2.5;1:3\n~ more\n\t ~ 3 : 9;\r\nORIGIN 2\n\t 1 :    3.0";
    let (table, warnings) = trips_of("a_trips.tntp", text, &zones(&[1, 2, 3])).unwrap();
    assert_eq!(table.origin_start, [0, 3, 4, 4]);
    assert_eq!((table.destination, table.trips), (vec![0, 1, 2, 0], vec![3.0, 1.0, 2.5, 3.0]));
    assert_eq!(codes(&warnings), [("demand_total_differs", 1)]);
    assert_eq!(warnings[0].message, "the trips add up to 9.5, the file's metadata say 10.5");
}

#[test]
fn what_is_wrong_with_demand_is_told_with_its_line() {
    let text = "<NUMBER OF ZONES> 3\n<END OF METADATA>\n1 : 1;\nOrigin 9\n1 : 1;\nOrigin 1\n7 : 1;\n1 : -1; 2 : nan;\n3 : x;\nabc\n\
                2 : 1;\n2 : 1;\n1 2 : 3;\n : 4;\n1 : ;\nOrigin\nOrigin x\n";
    assert_told(
        trips_of("a_trips.tntp", text, &zones(&[1, 2, 3])),
        &[
            "a_trips.tntp:3: trips stand before the first line Origin n",
            "a_trips.tntp:4: Origin: there is no zone 9\n  hint: the zones are 1 to 3",
            "a_trips.tntp:7: destination: there is no zone 7",
            "a_trips.tntp:8: trips: expected a number not below zero, found \"-1\"",
            "a_trips.tntp:8: trips: expected a finite number, found \"nan\"",
            "a_trips.tntp:9: trips: expected a number, found \"x\"",
            "a_trips.tntp:10: expected Origin n or destination : trips; found \"abc\"",
            "a_trips.tntp:12: trips from zone 1 to zone 2 stand here and in line 11",
            "a_trips.tntp:13: destination: expected a zone, found \"1 2\"",
            "a_trips.tntp:14: destination: expected a zone, found nothing",
            "a_trips.tntp:15: trips: expected a number, found nothing",
            "a_trips.tntp:16: Origin: expected a zone, found nothing",
            "a_trips.tntp:17: Origin: expected a zone, found \"x\"",
        ],
    );
    let text = "<NUMBER OF ZONES> 4\n<END OF METADATA>\n";
    assert_told(
        trips_of("a_trips.tntp", text, &zones(&[1, 2, 3])),
        &["a_trips.tntp:1: <NUMBER OF ZONES>: 4 zones, but the network has 3"],
    );
}

#[test]
fn what_is_wrong_with_links_is_told_with_line_and_column() {
    let good = "1 3 1 1 1 0 0 0 0 1;\n";
    for (row, expected) in [
        ("1 3 -1 1 1 0 0 0 0 1;\n", "a_net.tntp:9: capacity: expected a number not below zero, found \"-1\""),
        ("1 3 nan 1 1 0 0 0 0 1;\n", "a_net.tntp:9: capacity: expected a finite number, found \"nan\""),
        ("1 3 1 inf 1 0 0 0 0 1;\n", "a_net.tntp:9: length: expected a finite number, found \"inf\""),
        ("1 3 1 1 1e999 0 0 0 0 1;\n", "a_net.tntp:9: free_flow_time: expected a finite number"),
        ("1 3 1 1 1 -0.1 0 0 0 1;\n", "a_net.tntp:9: b: expected a number not below zero"),
        ("1 3 1 1 1 0 -2 0 0 1;\n", "a_net.tntp:9: power: expected a number not below zero"),
        ("1 3 1 1 1 0 0 0 x 1;\n", "a_net.tntp:9: toll: expected a number, found \"x\""),
        ("1 3 1 1 1 0 0 0 0 1.5;\n", "a_net.tntp:9: link_type: expected an integer, found \"1.5\""),
        ("1 4 1 1 1 0 0 0 0 1;\n", "a_net.tntp:9: to_node: there is no node 4\n  hint: <NUMBER OF NODES> says"),
        ("0 3 1 1 1 0 0 0 0 1;\n", "a_net.tntp:9: from_node: there is no node 0"),
        ("1.5 3 1 1 1 0 0 0 0 1;\n", "a_net.tntp:9: from_node: expected an integer, found \"1.5\""),
        ("1 3 1 1 1 0 0 0;\n", "a_net.tntp:9: toll: expected 10 columns, found 8"),
        ("1 3 1 1 1 0 0 0 0 1 1;\n", "a_net.tntp:9: expected 10 columns, found 11"),
        ("1 3 1 1 1 0 0 0 0 1; junk\n", "a_net.tntp:9: expected nothing after the ; of a row, found \"junk\""),
        ("<NUMBER OF ZONES> 2\n", "a_net.tntp:9: free_flow_time: expected 10 columns, found 4"),
    ] {
        assert_told(network_of("a_net.tntp", &file(&[good, row].concat())), &[expected]);
    }
}

#[test]
fn counts_must_be_those_of_the_metadata() {
    let good = file("1 3 1 1 1 0 0 0 0 1;\n");
    for (from, to, expected) in [
        ("LINKS> 1", "LINKS> 2", "a_net.tntp:4: <NUMBER OF LINKS>: 2 links promised, 1 rows found"),
        ("LINKS> 1", "LINKS> 0", "a_net.tntp:4: <NUMBER OF LINKS>: 0 links promised, 1 rows found"),
        ("LINKS> 1", "LINKS> -1", "a_net.tntp:4: <NUMBER OF LINKS>: expected a count, found -1"),
        ("NODES> 3", "NODES> 2", "to_node: there is no node 3"),
        ("ZONES> 2", "ZONES> 4", "a_net.tntp:1: <NUMBER OF ZONES>: 4 zones but only 3 nodes"),
        ("<NUMBER OF NODES> 3\n", "", "a_net.tntp: <NUMBER OF NODES>: the metadata lacks this line"),
        ("<END OF METADATA>\n", "", "a_net.tntp:7: expected a line <KEY> value"),
    ] {
        assert_told(network_of("a_net.tntp", &good.replace(from, to)), &[expected]);
    }
}

#[test]
fn the_first_five_of_a_kind_are_told_and_the_rest_counted() {
    let error = network_of("a_net.tntp", &file(&"1 3 -1 1 1 0 0 0 0 1;\n".repeat(1000))).unwrap_err().to_string();
    assert_eq!(error.matches("expected a number not below zero").count(), 5);
    assert!(error.ends_with("a_net.tntp: 995 more of the kind \"negative value\""), "{error}");
}

#[test]
fn self_loops_are_a_counted_warning() {
    let (network, warnings) = network_of("a_net.tntp", &file("3 3 1 1 1 0 0 0 0 1;\n1 3 1 1 1 0 0 0 0 1;\n")).unwrap();
    assert_eq!((network.n_links(), codes(&warnings)), (2, vec![("self_loops", 1)]));
}

#[test]
fn coordinates_come_from_either_form() {
    let text = file("1 2 1 1 1 0 0 0 0 1;\n");
    let read = |name: &str, nodes: &str| {
        let nodes = Source { file: Path::new(name), bytes: nodes.as_bytes() };
        read_network(Source { file: Path::new("a_net.tntp"), bytes: text.as_bytes() }, Some(nodes))
    };
    for (name, nodes) in [
        ("a_node.tntp", "Node\tX\tY\t;\n2\t5\t-6.5\t;\n1\t3\t4\t;\n3 7 8\n"),
        ("a_node.tntp", "1 3 4 ;\n2 5 -6.5 ;\n\n3 7 8;\n"),
        ("a_node.csv", "y,x,node_id\n8,7,3\n4,3,1\n-6.5,5,2\n"),
    ] {
        let (network, warnings) = read(name, nodes).unwrap();
        assert_eq!(network.node_xy.unwrap(), [[3.0, 4.0], [5.0, -6.5], [7.0, 8.0]], "{nodes}");
        assert!(warnings.is_empty());
    }
    let (network, warnings) = read("a_node.tntp", "1 3 4\n2 5 6\n9 9 9\n").unwrap();
    let places = network.node_xy.unwrap();
    assert_eq!((places[0], places[1], places[2][0].is_nan()), ([3.0, 4.0], [5.0, 6.0], true));
    assert_eq!(codes(&warnings), [("unknown_nodes", 1), ("missing_coordinates", 1)]);
    let (network, warnings) = read("a_node.tntp", "1 3 4\n3 5 6\n").unwrap();
    assert_eq!((network.node_xy, codes(&warnings)), (None, vec![("missing_coordinates", 1)]));
    assert_told(
        read("a_node.tntp", "1 3 4\n2 nan 6\n1 7 8\n2 3\n"),
        &[
            "a_node.tntp:2: x: expected a finite number",
            "a_node.tntp:3: node: node 1 stands here and in line 1",
            "a_node.tntp:4: y: expected 3 columns, found 2",
        ],
    );
    assert_told(read("a_node.geojson", ""), &["a_node.geojson: the name does not tell a format"]);
}
