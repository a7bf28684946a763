//! A small run folder with every kind of field, written by any number of ranks with the same content.

use std::path::Path;

use conurb::error::Error;
use conurb::field::{Values, traffic};
use conurb::parallel::Runtime;
use conurb::stages::FieldSink;
use conurb::store::{FileHeader, Identity, OpenMode, RunFolder, checksum};
use ndarray::{Array1, Array2, Array3, ArrayD};

pub const N_LINKS: usize = 11;
pub const N_NODES: usize = 7;
pub const N_CLASSES: usize = 2;
/// Skims of this size are larger than a chunk, so that they are cut and compressed.
pub const N_ZONES: usize = 300;

pub fn identity() -> Identity {
    Identity {
        scenario_sha256: "5ca1ab1e".to_owned(),
        inputs: vec![("net.tntp".to_owned(), "0ddba11".to_owned())],
        engine_version: "0.1.0".to_owned(),
    }
}

pub fn header() -> FileHeader {
    FileHeader { title: "Zürich, ring closed".to_owned(), crs: Some("EPSG:32632".to_owned()) }
}

/// Writes a finished run and tells its checksum.
pub fn write_run(runtime: &Runtime, directory: &Path) -> Result<String, Error> {
    let mut folder = RunFolder::open(runtime, directory, OpenMode::New, &identity(), header())?;
    let mut sink = folder.stage_sink("traffic.assignment");
    write_network(&mut sink)?;
    write_links_in_parts(runtime, &mut sink)?;
    sink.attribute("traffic.nc", "history", "2026-01-01T00:00:00Z written by a test")?;
    folder.finish_stage(sink, serde_json::json!({ "iterations": 4 }))?;
    let mut sink = folder.stage_sink("traffic.skims");
    write_skims(runtime, &mut sink)?;
    folder.finish_stage(sink, serde_json::Value::Null)?;
    let found = checksum(runtime, &folder.assemble()?)?;
    let report = format!("{{\"checksum\": \"{found}\"}}\n");
    folder.commit(&report, "[scenario]\n", &[("report.html", "<!doctype html>\n")])?;
    let committed = checksum(runtime, directory)?;
    assert_eq!(found, committed, "moving files changes nothing");
    Ok(found)
}

pub fn write_network(sink: &mut dyn FieldSink) -> Result<(), Error> {
    let ids = Array1::from_iter((0..N_LINKS as i64).map(|link| 100 + link)).into_dyn();
    sink.create(&traffic::LINK_ID, &[N_LINKS])?;
    sink.write(&traffic::LINK_ID, Values::I64(ids.view()))?;
    let ends = |link: usize, end: usize| ((link + 3 * end) % N_NODES) as i32;
    let nodes = Array2::from_shape_fn((N_LINKS, 2), |(link, end)| ends(link, end)).into_dyn();
    sink.create(&traffic::LINK_NODES, &[N_LINKS, 2])?;
    sink.write(&traffic::LINK_NODES, Values::I32(nodes.view()))?;
    for (spec, origin) in [(traffic::NODE_X, 465_000.0), (traffic::NODE_Y, 5_247_000.0)] {
        let coordinate = Array1::from_iter((0..N_NODES).map(|node| origin + 10.5 * node as f64)).into_dyn();
        sink.create(&spec, &[N_NODES])?;
        sink.write(&spec, Values::F64(coordinate.view()))?;
    }
    let closed = Array1::from_iter((0..N_LINKS).map(|link| i32::from(link == 4))).into_dyn();
    sink.create(&traffic::LINK_CLOSED, &[N_LINKS])?;
    sink.write(&traffic::LINK_CLOSED, Values::I32(closed.view()))?;
    sink.create(&traffic::CLASS_NAME, &[N_CLASSES])?;
    sink.write(&traffic::CLASS_NAME, Values::Text(&["car".to_owned(), "Güter".to_owned()]))?;
    // A history without entries is a field too.
    sink.create(&traffic::RELATIVE_GAP, &[0])?;
    sink.write(&traffic::RELATIVE_GAP, Values::F64(ArrayD::zeros(vec![0]).view()))
}

pub fn volume(class: usize, link: usize) -> f64 {
    100.0 * class as f64 + link as f64 / 3.0
}

fn write_links_in_parts(runtime: &Runtime, sink: &mut dyn FieldSink) -> Result<(), Error> {
    sink.create(&traffic::LINK_VOLUME, &[N_CLASSES, N_LINKS])?;
    let mine = N_LINKS * runtime.rank() / runtime.size()..N_LINKS * (runtime.rank() + 1) / runtime.size();
    // Transposed, so that the values do not lie in the order of the file.
    let part = Array2::from_shape_fn((mine.len(), N_CLASSES), |(link, class)| volume(class, mine.start + link));
    let part = part.t().into_dyn();
    sink.write_parts(&traffic::LINK_VOLUME, &[(vec![0, mine.start], Values::F64(part))])
}

/// Time from one zone to another; nothing leads out of the last one.
pub fn skim(class: usize, origin: usize, destination: usize) -> f64 {
    if origin == N_ZONES - 1 { f64::NAN } else { (class * 7 + origin * 3 + destination) as f64 * 0.1 }
}

fn write_skims(runtime: &Runtime, sink: &mut dyn FieldSink) -> Result<(), Error> {
    let shape = [N_CLASSES, N_ZONES, N_ZONES];
    let whole =
        Array3::from_shape_fn(shape, |(class, origin, destination)| skim(class, origin, destination)).into_dyn();
    sink.create(&traffic::SKIM_COST, &shape)?;
    sink.write(&traffic::SKIM_COST, Values::F64(whole.view()))?;
    // Origins dealt out in turn, as a stage does for balance; a call per class, the second in reverse.
    sink.create(&traffic::SKIM_TRAVEL_TIME, &shape)?;
    for class in 0..N_CLASSES {
        let mut mine: Vec<usize> = (0..N_ZONES).filter(|origin| origin % runtime.size() == runtime.rank()).collect();
        if class == 1 {
            mine.reverse();
        }
        let row = |origin: usize| {
            let row = whole.slice(ndarray::s![class..=class, origin..=origin, ..]);
            (vec![class, origin, 0], Values::F64(row.into_dyn()))
        };
        let parts: Vec<_> = mine.into_iter().map(row).collect();
        sink.write_parts(&traffic::SKIM_TRAVEL_TIME, &parts)?;
    }
    // Tiles, all of them on the last rank.
    sink.create(&traffic::SKIM_DISTANCE, &shape)?;
    let halves = [0..N_ZONES / 2, N_ZONES / 2..N_ZONES];
    let mut tiles = Vec::new();
    for (rows, columns) in halves.iter().flat_map(|rows| halves.iter().map(move |columns| (rows, columns))) {
        let tile = whole.slice(ndarray::s![.., rows.clone(), columns.clone()]);
        tiles.push((vec![0, rows.start, columns.start], Values::F64(tile.into_dyn())));
    }
    let is_last = runtime.rank() + 1 == runtime.size();
    sink.write_parts(&traffic::SKIM_DISTANCE, if is_last { &tiles } else { &[] })
}
