//! Reading a run's inputs: rank 0 reads and hashes, every rank gets the same bytes.

use std::fs::File;
use std::io::Read;
use std::path::{Path, PathBuf};
use std::time::Instant;

use sha2::{Digest, Sha256};

use crate::error::{Error, Problem, Warning};
use crate::formats::{self, RoadNetwork, Source, TripTable, probe};
use crate::parallel::{Runtime, machine};
use crate::report::json::InputFile;
use crate::scenario::{self, LoadOptions, Scenario, Traffic};

/// Network and demand of a scenario, as read.
#[derive(Debug, Clone, Default)]
pub struct TrafficInputs {
    /// The road network.
    pub roads: RoadNetwork,
    /// Demand.
    pub trips: TripTable,
    /// What was odd about the files.
    pub warnings: Vec<Warning>,
    /// Wall seconds it took.
    pub seconds: f64,
}

/// Reads files on rank 0 for all ranks and remembers their hashes.
pub struct Reader<'r> {
    runtime: &'r Runtime,
    /// Files read so far, in order.
    pub files: Vec<InputFile>,
}

/// Reads and checks a scenario on rank 0; every rank gets the same.
///
/// # Errors
/// All problems of the scenario, on every rank.
pub fn read_scenario(runtime: &Runtime, file: &Path, options: &LoadOptions) -> Result<Scenario, Error> {
    let mut located = None;
    let text = runtime.from_root(|| {
        let text = scenario::read(file)?;
        located = Some(scenario::parse_and_locate(&text, file, options)?);
        Ok(text.into_bytes())
    })?;
    let nodes =
        runtime.from_root(|| Ok(path_to_bytes(located.as_ref().and_then(|scenario| scenario.traffic.as_ref()))))?;
    if let Some(scenario) = located {
        return Ok(scenario);
    }
    let mut scenario = scenario::parse(&String::from_utf8_lossy(&text), file, options)?;
    if let Some(traffic) = scenario.traffic.as_mut().filter(|_| !nodes.is_empty()) {
        traffic.nodes = Some(PathBuf::from(String::from_utf8_lossy(&nodes).into_owned()));
    }
    Ok(scenario)
}

fn path_to_bytes(traffic: Option<&Traffic>) -> Vec<u8> {
    let nodes = traffic.and_then(|traffic| traffic.nodes.as_ref());
    nodes.map_or_else(Vec::new, |path| path.to_string_lossy().into_owned().into_bytes())
}

impl<'r> Reader<'r> {
    /// A reader for all ranks of `runtime`.
    pub fn new(runtime: &'r Runtime) -> Self {
        Reader { runtime, files: Vec::new() }
    }

    /// Reads what the `[traffic]` table names.
    ///
    /// # Errors
    /// Everything wrong with the files, on every rank.
    pub fn traffic(&mut self, traffic: &Traffic) -> Result<TrafficInputs, Error> {
        let start = Instant::now();
        let network = self.bytes(&traffic.network)?;
        let nodes = traffic.nodes.as_ref().map(|nodes| self.bytes(nodes)).transpose()?;
        let nodes = traffic.nodes.as_ref().zip(nodes.as_ref());
        let read = formats::read_network(
            Source { file: &traffic.network, bytes: &network },
            nodes.map(|(file, bytes)| Source { file, bytes }),
        );
        let (roads, mut warnings) = self.runtime.agree(read)?;
        let (trips, more) = self.trips(traffic, &roads)?;
        warnings.extend(more);
        Ok(TrafficInputs { roads, trips, warnings, seconds: start.elapsed().as_secs_f64() })
    }

    /// Demand is parsed by rank 0 alone: it is the largest input, and matrices of HDF5 cannot be parsed from many ranks at once.
    fn trips(&mut self, traffic: &Traffic, roads: &RoadNetwork) -> Result<(TripTable, Vec<Warning>), Error> {
        let runtime = self.runtime;
        let mut warnings = Vec::new();
        let mut table = TripTable::default();
        let mut hash = String::new();
        let parsed = if runtime.is_root() {
            parse_trips(traffic, roads).map(|(read, odd, sha256)| (table, warnings, hash) = (read, odd, sha256))
        } else {
            Ok(())
        };
        runtime.agree(parsed)?;
        let sha256 = runtime.from_root(|| Ok(hash.into_bytes()))?;
        self.files.push(input_file(&traffic.classes[0].demand, String::from_utf8_lossy(&sha256).into_owned()));
        if runtime.size() == 1 {
            return Ok((table, warnings));
        }
        let odd = runtime.from_root(|| Ok(serde_json::to_vec(&warnings).expect("warnings always become JSON")))?;
        let start = runtime.from_root(|| Ok(bytemuck::cast_slice(&table.origin_start).to_vec()))?;
        let destination = runtime.from_root(|| Ok(bytemuck::cast_slice(&table.destination).to_vec()))?;
        let trips = runtime.from_root(|| Ok(bytemuck::cast_slice(&table.trips).to_vec()))?;
        let table = TripTable {
            origin_start: bytemuck::allocation::pod_collect_to_vec(&start),
            destination: bytemuck::allocation::pod_collect_to_vec(&destination),
            trips: bytemuck::allocation::pod_collect_to_vec(&trips),
        };
        Ok((table, serde_json::from_slice(&odd).expect("rank 0 sends what it wrote")))
    }

    /// The bytes of a file, read once, on every rank.
    fn bytes(&mut self, file: &Path) -> Result<Vec<u8>, Error> {
        let bytes = self.runtime.from_root(|| read_file(file))?;
        self.files.push(input_file(file, sha256(&bytes)));
        Ok(bytes)
    }
}

fn parse_trips(traffic: &Traffic, roads: &RoadNetwork) -> Result<(TripTable, Vec<Warning>, String), Error> {
    let file = &traffic.classes[0].demand;
    if file.extension().is_some_and(|extension| extension.eq_ignore_ascii_case("omx")) {
        probe::check(file)?;
    }
    let bytes = read_file(file)?;
    let (table, warnings) =
        formats::read_trips(Source { file, bytes: &bytes }, roads, traffic.classes[0].demand_matrix.as_deref())?;
    Ok((table, warnings, sha256(&bytes)))
}

fn read_file(file: &Path) -> Result<Vec<u8>, Error> {
    let size = std::fs::metadata(file).map_err(|cause| Error::file("read", file, cause))?.len();
    if machine::memory_available().is_some_and(|available| size > available) {
        let message = format!("the file has {} MB, more than there is memory", size >> 20);
        return Err(Problem::new(message).in_file(file).into());
    }
    let mut bytes = Vec::new();
    let mut read = || File::open(file)?.read_to_end(&mut bytes);
    read().map_err(|cause| Error::file("read", file, cause))?;
    Ok(bytes)
}

fn input_file(file: &Path, sha256: String) -> InputFile {
    InputFile { path: file.display().to_string(), sha256 }
}

fn sha256(bytes: &[u8]) -> String {
    Sha256::digest(bytes).iter().map(|byte| format!("{byte:02x}")).collect()
}
