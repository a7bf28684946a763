//! Reading a run's inputs: rank 0 reads and hashes, every rank gets the same bytes.

mod climate;
mod earlier;
mod energy;
mod feeder;
mod place;
mod traffic;

use std::fs::File;
use std::io::Read;
use std::path::{Path, PathBuf};

use sha2::{Digest, Sha256};

pub(crate) use climate::quantity;
pub use climate::{CityInputs, ClimateInputs, ModelInputs, Population, VariableInputs, site_of_weather};
pub use earlier::EarlierPaths;
pub use energy::EnergyInputs;
pub use feeder::FeederInputs;
pub use place::{Elevation, PlaceInputs};
pub use traffic::TrafficInputs;

use crate::error::{Error, Problem};
use crate::parallel::{Runtime, machine};
use crate::report::json::InputFile;
use crate::scenario::{self, LoadOptions, Scenario, Traffic};

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

    /// The bytes of a file, read once, on every rank.
    fn bytes(&mut self, file: &Path) -> Result<Vec<u8>, Error> {
        let bytes = self.runtime.from_root(|| read_file(file))?;
        self.note(file, sha256(&bytes));
        Ok(bytes)
    }

    /// As `bytes`, or none where there is no such file.
    fn bytes_if_there(&mut self, file: &Path) -> Result<Option<Vec<u8>>, Error> {
        let is_there = self.runtime.from_root(|| Ok(vec![u8::from(file.is_file())]))?;
        (is_there == [1]).then(|| self.bytes(file)).transpose()
    }

    /// Remembers a file, once however often it is read.
    fn note(&mut self, file: &Path, sha256: String) {
        let file = InputFile { path: file.display().to_string(), sha256 };
        if !self.files.contains(&file) {
            self.files.push(file);
        }
    }
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

fn sha256(bytes: &[u8]) -> String {
    Sha256::digest(bytes).iter().map(|byte| format!("{byte:02x}")).collect()
}
