//! Readers and writers of file formats, from outside.

#![allow(clippy::unwrap_used)]

#[path = "../common/mod.rs"]
mod common;
mod csv;
mod data;
mod geotiff;
mod gmns;
mod hostile;
mod omx;
mod tables;
mod tntp;
mod weather;

use std::path::Path;

use conurb::error::{Error, Warning};
use conurb::formats::{RoadNetwork, Source, TripTable, read_network, read_trips};

fn network_of(name: &str, text: &str) -> Result<(RoadNetwork, Vec<Warning>), Error> {
    read_network(Source { file: Path::new(name), bytes: text.as_bytes() }, None)
}

fn trips_of(name: &str, text: &str, network: &RoadNetwork) -> Result<(TripTable, Vec<Warning>), Error> {
    read_trips(Source { file: Path::new(name), bytes: text.as_bytes() }, network, None)
}

fn codes(warnings: &[Warning]) -> Vec<(&str, u64)> {
    warnings.iter().map(|warning| (warning.code.as_str(), warning.count)).collect()
}

/// A network of these zones without links, for demand.
fn zones(zone_id: &[i64]) -> RoadNetwork {
    RoadNetwork {
        node_id: zone_id.to_vec(),
        node_through: vec![true; zone_id.len()],
        zone_id: zone_id.to_vec(),
        zone_node: (0..zone_id.len() as u32).collect(),
        ..RoadNetwork::default()
    }
}

#[track_caller]
fn assert_told<T>(result: Result<T, Error>, expected: &[&str]) {
    let Err(error) = result else { panic!("nothing was told of: {expected:?}") };
    assert_eq!(error.exit_code(), 2, "{error}");
    let text = error.to_string();
    for expected in expected {
        assert!(text.contains(expected), "no \"{expected}\" in:\n{text}");
    }
}
