//! Files that are huge, damaged or made to do harm.

use std::path::Path;

use conurb::formats::tntp::read_flow;
use conurb::formats::{Source, read_network, read_trips};
use proptest::prelude::*;

use super::{assert_told, network_of, trips_of, zones};

const NETWORK: &str = "<NUMBER OF ZONES> 2\n<NUMBER OF NODES> 3\n<FIRST THRU NODE> 3\n<NUMBER OF LINKS> 2\n\
                       <TOLL FACTOR> 0.1\n<END OF METADATA>\n\n~\tinit_node\tterm_node\tcapacity\tlength\tfree_flow_time\t\
                       b\tpower\tspeed\ttoll\tlink_type\t;\n\t1\t3\t1800\t1.5\t2.5\t0.15\t4\t50\t7\t2\t;\n\
                       \t3\t2\t900\t0.5\t1e0\t0.15\t4\t0\t0\t1;\n";
const TRIPS: &str =
    "<NUMBER OF ZONES> 2\n<TOTAL OD FLOW> 6\n<END OF METADATA>\n\nOrigin 1\n 1 : 0.0; 2 : 6.0;\nOrigin 2\n";
const FLOW: &str = "From \tTo \tVolume \tCost \n1 \t3 \t6 \t2.5 \n3 \t2 \t6 \t1 \n";
const LINKS: &str =
    "link_id,from_node,to_node,capacity,free_flow_time,length,b\n1,1,3,1800,2.5,1,0.15\n2,3,2,9,1,1,\"0.15\"\n";
const NODES: &str = "# x\nnode_id,x,y,zone_id,through\n1,0,0,1,0\n2,1,0,2,0\n3,0,1,,1\n";
const DEMAND: &str = "origin,destination,trips\n1,2,6.0\n2,1,1e1\n";

#[test]
fn a_broken_row_among_ten_million_is_named() {
    let n_zones = 3163;
    let zone_id: Vec<i64> = (1..=n_zones).collect();
    let row: String = zone_id.iter().map(|zone| format!("{zone}:1;\n")).collect();
    let mut text = format!("<NUMBER OF ZONES> {n_zones}\n<END OF METADATA>\n");
    for origin in &zone_id {
        text.push_str(&format!("Origin {origin}\n"));
        text.push_str(&if *origin == 2500 { row.replace("\n1700:1;", "\n1700:1.2.3;") } else { row.clone() });
    }
    let n_lines = 2 + n_zones * (n_zones + 1);
    let broken_line = 2 + 2499 * (n_zones + 1) + 1 + 1700;
    assert!(n_lines > 10_000_000);
    let expected = format!("big_trips.tntp:{broken_line}: trips: expected a number, found \"1.2.3\"");
    assert_told(trips_of("big_trips.tntp", &text, &zones(&zone_id)), &[&expected]);
}

#[test]
fn ten_million_broken_rows_are_counted_not_kept() {
    let text = format!("origin,destination,trips\n{}", "1,1,x\n".repeat(10_000_000));
    assert_told(trips_of("big.csv", &text, &zones(&[1])), &["big.csv:2:", "9999995 more of the kind \"not a number\""]);
}

#[test]
fn a_header_that_promises_too_much_allocates_nothing() {
    let promise = |key: &str, old: &str, count: &str| {
        network_of("a_net.tntp", &NETWORK.replace(&format!("<{key}> {old}"), &format!("<{key}> {count}")))
    };
    assert_told(
        promise("NUMBER OF LINKS", "2", "100000000000"),
        &["a_net.tntp:4: <NUMBER OF LINKS>: 100000000000 links promised, 2 rows"],
    );
    assert_told(
        promise("NUMBER OF NODES", "3", "100000000000"),
        &["a_net.tntp:2: <NUMBER OF NODES>: 100000000000 nodes promised"],
    );
    assert_told(
        promise("NUMBER OF NODES", "3", "49000000"),
        &["49000000 nodes promised: not believable beside 2 links"],
    );
    assert_told(
        promise("NUMBER OF ZONES", "2", "100000000000"),
        &["a_net.tntp:1: <NUMBER OF ZONES>: 100000000000 zones"],
    );
    assert_told(promise("NUMBER OF LINKS", "2", &"9".repeat(100)), &["<NUMBER OF LINKS>: expected a number"]);
}

#[test]
fn names_that_tell_no_format_are_refused() {
    for name in ["net.txt", "net", "net.tntp.zip", "net.omx", ""] {
        assert_told(network_of(name, NETWORK), &["the name does not tell a format"]);
    }
    assert_told(trips_of("trips.omx.gz", TRIPS, &zones(&[1])), &["the name does not tell a format"]);
}

/// Reads a text in every way there is; only the absence of panics and of endless work counts.
fn read_all(text: &[u8]) {
    let network = zones(&[1, 2, 3]);
    let source = |file: &'static str| Source { file: Path::new(file), bytes: text };
    for file in ["a.tntp", "a.csv", "a.tntp.gz"] {
        let _ = read_trips(source(file), &network, None);
        let _ = read_network(source(file), None);
        let _ = read_network(source(file), Some(Source { file: Path::new("n.csv"), bytes: NODES.as_bytes() }));
        let _ = read_network(Source { file: Path::new("l.csv"), bytes: LINKS.as_bytes() }, Some(source(file)));
        let _ = read_network(Source { file: Path::new("n.tntp"), bytes: NETWORK.as_bytes() }, Some(source(file)));
        let _ = read_flow(source(file), &network);
    }
}

proptest! {
    #[test]
    fn changed_bytes_never_panic(
        which in 0..6_usize,
        changes in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>(), 0..3_u8), 1..8),
    ) {
        let mut text = [NETWORK, TRIPS, FLOW, LINKS, NODES, DEMAND][which].as_bytes().to_vec();
        for (place, byte, how) in changes {
            let at = place.index(text.len());
            match how {
                0 => text[at] = byte,
                1 => text.insert(at, byte),
                _ => { text.remove(at); }
            }
        }
        read_all(&text);
    }

    #[test]
    fn any_bytes_never_panic(text in prop::collection::vec(any::<u8>(), 0..200)) {
        read_all(&text);
    }

    #[test]
    fn a_cut_file_never_passes_as_whole(cut in 0..NETWORK.len() - 1) {
        // Cut within the last number the row is still a row; everything shorter must be noticed.
        let whole = network_of("a_net.tntp", NETWORK).unwrap().0;
        if let Ok((network, _)) = network_of("a_net.tntp", &NETWORK[..cut]) {
            prop_assert_eq!(network, whole);
        }
    }
}
