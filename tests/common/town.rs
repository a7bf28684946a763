//! A town of three streets with two user classes and two periods, small enough to add up by hand.
#![allow(dead_code, reason = "each test crate uses its own part of this")]
#![allow(clippy::unwrap_used, reason = "a helper that fails fails its test")]

use std::fs;

/// A triangle of one-way streets whose times do not depend on volumes, so that everything can be added up by hand.
pub const LINKS: &str = "link_id,from_node,to_node,capacity,free_flow_time,length,b,power,link_type\n\
    10,1,2,100,2,1.5,0,1,1\n20,2,3,100,3,2.6,0,1,2\n30,3,1,100,4,0.2,0,1,2\n";
/// Its nodes, each a zone.
pub const NODES: &str = "node_id,x,y,zone_id\n1,8.50,47.30,1\n2,8.51,47.30,2\n3,8.51,47.31,3\n";
/// Trips of cars, seven of which stay in their zone.
pub const CARS: &str = "origin,destination,trips\n1,1,7\n1,2,20\n1,3,60\n2,3,10\n";
/// Trips of trucks.
pub const TRUCKS: &str = "origin,destination,trips\n1,3,5\n";
/// Counts; the last one names a link that nobody uses.
pub const COUNTS: &str = "link_id,count,class,period,screenline\n10,85,,am,river\n20,60,car,pm,\n20,5,truck,,river\n\
    10,200,,,river\n30,10,,,river\n";
/// Two classes in two periods, the busier of which comes second.
pub const SCENARIO: &str = "[scenario]\ntitle = \"Two periods\"\ncrs = \"EPSG:4326\"\n\
    [traffic]\nnetwork = \"links.csv\"\nnodes = \"nodes.csv\"\ntime_unit = \"min\"\nlength_unit = \"km\"\nturning_volumes = true\n\
    [[traffic.class]]\nname = \"car\"\ndemand = \"cars.csv\"\n\
    [[traffic.class]]\nname = \"truck\"\ndemand = \"trucks.csv\"\npce = 2.0\n\
    [[traffic.period]]\nname = \"pm\"\nhours = 1.0\ndemand_factor = 0.5\n\
    [[traffic.period]]\nname = \"am\"\nhours = 3.0\n\
    [[traffic.select]]\nname = \"bridge\"\nlinks = [20]\n\
    [observed]\ncounts = \"counts.csv\"\n\
    [output]\nexports = [\"report\"]\n";

/// A folder with a scenario as `town.toml`.
pub fn town(scenario: &str, counts: &str) -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    let files = [
        ("links.csv", LINKS),
        ("nodes.csv", NODES),
        ("cars.csv", CARS),
        ("trucks.csv", TRUCKS),
        ("counts.csv", counts),
        ("town.toml", scenario),
    ];
    for (name, text) in files {
        fs::write(folder.path().join(name), text).unwrap();
    }
    folder
}
