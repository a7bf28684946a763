//! Small tables about a network.

use std::path::Path;

use conurb::error::Error;
use conurb::formats::tables::{
    District, TurnRow, read_counts, read_districts, read_tolls, read_turns, read_zone_totals,
};
use conurb::formats::{RoadNetwork, Source};
use proptest::prelude::*;

use super::{assert_told, codes};

/// Nodes 10, 20, 30 with links 1: 10→20, 2: 20→30, 3: 20→10, 4: 20→30 again, 5: 30→20.
fn network() -> RoadNetwork {
    RoadNetwork {
        node_id: vec![10, 20, 30],
        node_through: vec![true; 3],
        zone_id: vec![100, 300],
        zone_node: vec![0, 2],
        link_id: vec![1, 2, 3, 4, 5],
        tail: vec![0, 1, 1, 1, 2],
        head: vec![1, 2, 0, 2, 1],
        ..RoadNetwork::default()
    }
}

/// The same with the names of links that GMNS files have.
fn named() -> RoadNetwork {
    let names = ["1 2", "2 3", "2 1", "2 3 b", "3 2"].map(str::to_owned);
    RoadNetwork { link_name: Some(names.to_vec()), ..network() }
}

fn source(text: &str) -> Source<'_> {
    Source { file: Path::new("t.csv"), bytes: text.as_bytes() }
}

fn turn(from_link: u32, to_link: u32, penalty_s: f64, banned: bool) -> TurnRow {
    TurnRow { from_link, to_link, penalty_s, banned }
}

#[test]
fn turns_by_links() {
    let text = "banned,from_link,to_link,penalty_s,note\nyes,1,2,,a\n,1,3,12.5,\n0,5,3,0,\n";
    let (turns, warnings) = read_turns(source(text), &network()).unwrap();
    assert_eq!(turns, [turn(0, 1, 0.0, true), turn(0, 2, 12.5, false), turn(4, 2, 0.0, false)]);
    assert_eq!(codes(&warnings), [("ignored_columns", 1)]);
    let (turns, _) = read_turns(source("from_link,to_link,penalty_s\n1 2,2 3 b,3\n"), &named()).unwrap();
    assert_eq!(turns, [turn(0, 3, 3.0, false)]);
    let (turns, _) = read_turns(source("from_link,to_link,penalty_s\n1,4,3\n"), &named()).unwrap();
    assert_eq!(turns, [turn(0, 3, 3.0, false)], "the row number, as results name the link");
}

#[test]
fn turns_by_nodes() {
    let (turns, _) = read_turns(source("from_node,via_node,to_node,banned\n10,20,10,TRUE\n"), &network()).unwrap();
    assert_eq!(turns, [turn(0, 2, 0.0, true)]);
    let text = "from_node,via_node,to_node,banned\n10,20,30,1\n10,30,20,1\n10,25,30,1\n";
    assert_told(
        read_turns(source(text), &network()),
        &[
            "t.csv:2: there are 2 links from node 20 to node 30\n  hint: name the link by its id",
            "t.csv:3: there is no link from node 10 to node 30",
            "t.csv:4: via_node: there is no node \"25\"\n  hint: the nearest nodes are 20 and 30",
        ],
    );
}

#[test]
fn what_is_wrong_with_turns_is_told() {
    let text = "from_link,to_link,penalty_s,banned\n1,5,1,0\n1,9,1,0\n1,2,-1,0\n1,2,1,maybe\n1,3,1,0\n1,3,2,0\nx,3,2,0\n1,2,nan,0\n";
    assert_told(
        read_turns(source(text), &network()),
        &[
            "t.csv:2: link 1 ends at node 20, but link 5 starts at node 30",
            "t.csv:3: to_link: there is no link \"9\"\n  hint: the links are 1 to 5",
            "t.csv:4: penalty_s: expected a number not below zero, found \"-1\"",
            "t.csv:5: banned: expected 0 or 1, found \"maybe\"",
            "t.csv:7: the turn from link 1 to link 3 stands here and in line 6",
            "t.csv:8: from_link: there is no link \"x\"\n  hint: links of this network have integer ids",
            "t.csv:9: penalty_s: expected a finite number, found \"nan\"",
        ],
    );
    assert_told(read_turns(source("from_link,to_node,banned\n"), &network()), &["t.csv: no columns say which turn"]);
    assert_told(read_turns(source("from_link,to_link\n1,2\n"), &network()), &["needed is penalty_s (seconds), banned"]);
}

#[test]
fn tolls_by_link_or_by_nodes() {
    assert_eq!(read_tolls(source("toll,link_id\n2.5,4\n0,1\n"), &network()).unwrap().0, [0.0, 0.0, 0.0, 2.5, 0.0]);
    let by_nodes = read_tolls(source("from_node,to_node,toll\n30,20,7\n"), &network()).unwrap().0;
    assert_eq!(by_nodes, [0.0, 0.0, 0.0, 0.0, 7.0]);
    assert_eq!(read_tolls(source("link_id,toll\n2 1,7\n"), &named()).unwrap().0, [0.0, 0.0, 7.0, 0.0, 0.0]);
    assert_told(
        read_tolls(source("link_id,toll\n2,1\n2,1\n6,1\n1,inf\n1,\n"), &network()),
        &[
            "t.csv:3: link 2 stands here and in line 2",
            "t.csv:4: link_id: there is no link \"6\"",
            "t.csv:5: toll: expected a finite number, found \"inf\"",
            "t.csv:6: toll: expected a number, found nothing",
        ],
    );
    assert_told(read_tolls(source("from_node,toll\n"), &network()), &["needed is link_id, or from_node and to_node"]);
    assert_told(read_tolls(source("link_id\n1\n"), &network()), &["t.csv:1: the header lacks toll"]);
}

#[test]
fn counts_with_and_without_class_period_and_screenline() {
    let names = |names: &[&str]| names.iter().map(|name| (*name).to_owned()).collect::<Vec<_>>();
    let (classes, periods) = (names(&["car", "lorry"]), names(&["am", "pm"]));
    let text = "link_id,count,class,period,screenline\n5,120,lorry,pm,river\n5,80.5,,,\n1,0,car,,river\n1,7,lorry,,\n";
    let (counts, warnings) = read_counts(source(text), &network(), &classes, &periods).unwrap();
    assert_eq!((counts.link, counts.count), (vec![4, 4, 0, 0], vec![120.0, 80.5, 0.0, 7.0]));
    assert_eq!((counts.class, counts.period), (vec![Some(1), None, Some(0), Some(1)], vec![Some(1), None, None, None]));
    assert_eq!(counts.screenline, [Some("river".to_owned()), None, Some("river".to_owned()), None]);
    assert!(warnings.is_empty());
    assert_told(
        read_counts(
            source("link_id,count,class,period\n1,5,bus,\n1,5,,noon\n1,5,,\n1,6,,\n"),
            &network(),
            &classes,
            &[],
        ),
        &[
            "t.csv:2: class: the scenario has no class \"bus\"\n  hint: there are car, lorry",
            "t.csv:3: period: the scenario has no period \"noon\"\n  hint: leave the period empty",
            "t.csv:5: a count of link 1 for this class and period stands here and in line 4",
        ],
    );
}

#[test]
fn totals_of_zones() {
    let text = "zone,productions,attractions\n300,5,7.5\n100,2.5,0\n";
    let ((productions, attractions), warnings) = read_zone_totals(source(text), &network()).unwrap();
    assert_eq!((productions, attractions, warnings.len()), (vec![2.5, 5.0], vec![0.0, 7.5], 0));
    let ((productions, _), warnings) =
        read_zone_totals(source("zone_id,attractions,productions\n100,2,1\n"), &network()).unwrap();
    assert_eq!(productions, [1.0, 0.0]);
    assert_eq!(codes(&warnings), [("zones_without_totals", 1), ("zone_totals_differ", 1)]);
    assert_told(
        read_zone_totals(source("zone,productions,attractions\n200,1,1\n100,1,-1\n300,1,1\n300,1,1\n"), &network()),
        &[
            "t.csv:2: zone: there is no zone 200\n  hint: the nearest zones are 100 and 300",
            "t.csv:3: attractions: expected a number not below zero",
            "t.csv:5: zone 300 stands here and in line 4",
        ],
    );
    let huge = "zone,productions,attractions\n100,1.7e308,1\n300,1.7e308,1\n";
    assert_told(read_zone_totals(source(huge), &network()), &["the trips add up to more than a number can hold"]);
}

fn districts(features: &str) -> Result<Vec<District>, Error> {
    let text = format!("{{\"type\":\"FeatureCollection\",\"features\":[{features}]}}");
    read_districts(source(&text)).map(|(districts, _)| districts)
}

fn feature(name: &str, kind: &str, coordinates: &str) -> String {
    format!(
        "{{\"type\":\"Feature\",\"properties\":{{{name}}},\"geometry\":{{\"type\":\"{kind}\",\"coordinates\":{coordinates}}}}}"
    )
}

const SQUARE: &str = "[[[0,0],[4,0],[4,4],[0,4],[0,0]],[[1,1],[1,2,9],[2,2],[2,1],[1,1]]]";

#[test]
fn districts_have_holes_parts_and_names() {
    let parts = "[[[[10,0],[11,0],[10,1],[10,0]]],[[[20,0],[21,0],[20,1],[20,0]]]]";
    let text = [
        feature("\"name\":\"Mitte\",\"id\":7", "Polygon", SQUARE),
        feature("\"district\":\"Süd\"", "MultiPolygon", parts),
        feature("\"id\":12", "Polygon", "[[[30,0],[31,0],[30,1],[30,0]]]"),
    ];
    let found = districts(&text.join(",")).unwrap();
    assert_eq!(found.iter().map(|district| district.name.as_str()).collect::<Vec<_>>(), ["Mitte", "Süd", "12"]);
    let inside = |district: usize, x, y| found[district].contains([x, y]);
    assert!(inside(0, 0.5, 0.5) && inside(0, 3.0, 1.5) && !inside(0, 1.5, 1.5) && !inside(0, 5.0, 1.0));
    assert!(inside(1, 10.2, 0.2) && inside(1, 20.2, 0.2) && !inside(1, 15.0, 0.2) && !inside(1, 10.9, 0.9));
    // The lower and the left edge belong to the area, the upper and the right one do not.
    assert!(inside(0, 0.0, 2.0) && inside(0, 2.0, 0.0) && !inside(0, 4.0, 2.0) && !inside(0, 2.0, 4.0));
    assert!(!inside(0, f64::NAN, 1.0) && !inside(0, 1.0, f64::NAN));
}

#[test]
fn what_is_wrong_with_districts_is_told() {
    let text = [
        feature("\"name\":\"a\"", "Polygon", "[[[0,0],[1,0],[1,1],[0,1]]]"),
        feature("\"name\":\"b\"", "Polygon", "[[[0,0],[1,0],[0,0]]]"),
        feature("", "Polygon", SQUARE),
        feature("\"name\":\"c\"", "Point", "[0,0]"),
        feature("\"name\":\"d\"", "Polygon", "[[[0,\"x\"],[1,0],[1,1],[0,0]]]"),
    ];
    assert_told(
        districts(&text.join(",")),
        &[
            "t.csv: record 1: coordinates: a ring is not closed",
            "record 2: coordinates: a ring has 3 positions, expected at least 4",
            "record 3: the district has no name\n  hint: give it the property name, or district, or id",
            "record 4: geometry: expected a Polygon or MultiPolygon, found \"Point\"",
            "record 5: coordinates: a position is not two numbers",
        ],
    );
    let same = feature("\"name\":\"a\"", "Polygon", SQUARE);
    assert_told(districts(&format!("{same},{same}")), &["record 2: district \"a\" stands here and in record 1"]);
    assert_told(districts(""), &["there are no features"]);
    let deep = format!("{{\"features\":{}", "[".repeat(100_000));
    for text in ["", "[]", "{}", "{\"features\":[1e999]}", "{\"features\":\n[}", &deep] {
        assert_told(read_districts(source(text)), &["t.csv"]);
    }
    assert_told(read_districts(source("{\n\n]")), &["t.csv:3: this is not JSON"]);
}

proptest! {
    /// Four districts around a corner cover their square once, whatever the corner and wherever the point, edges included.
    #[test]
    fn neighbours_never_share_a_point(
        (cx, cy) in (1..7_i32, 1..7_i32),
        (x, y) in (0..64_i32, 0..64_i32),
        fine in prop::bool::ANY,
    ) {
        let ring = |corners: &[[i32; 2]]| {
            corners.iter().chain(&corners[..1]).map(|[x, y]| [f64::from(*x) / 3.0, f64::from(*y) / 3.0]).collect()
        };
        let centre = [cx, cy];
        let corners = [[0, 0], [8, 0], [8, 8], [0, 8]];
        let districts: Vec<District> = (0..4)
            .map(|side| {
                let mut corners = vec![corners[side], corners[(side + 1) % 4], centre];
                if side % 2 == 0 { corners.reverse(); }
                District { name: side.to_string(), polygons: vec![vec![ring(&corners)]] }
            })
            .collect();
        let scale = if fine { 24.0 } else { 3.0 };
        let point = [f64::from(x) / scale, f64::from(y) / scale];
        let n_inside = districts.iter().filter(|district| district.contains(point)).count();
        let is_within = point.iter().all(|value| *value < 8.0 / 3.0);
        prop_assert_eq!(n_inside, usize::from(is_within));
    }
}

proptest! {
    #[test]
    fn no_table_makes_a_reader_panic(text in "[0-9a-z_,.\\-\" \n]{0,200}") {
        let network = network();
        let turns = format!("from_link,to_link,penalty_s,banned\n{text}");
        let _ = read_turns(source(&turns), &network);
        let _ = read_turns(source(&text), &network);
        let _ = read_tolls(source(&format!("from_node,to_node,toll\n{text}")), &network);
        let _ = read_counts(source(&format!("link_id,count,class,period\n{text}")), &network, &[], &[]);
        let _ = read_zone_totals(source(&format!("zone,productions,attractions\n{text}")), &network);
        let _ = read_districts(source(&text));
    }
}
