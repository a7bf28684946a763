//! Reading a feeder: its network, and which building hangs at which bus.

use std::collections::BTreeMap;
use std::path::Path;
use std::time::Instant;

use super::Reader;
use crate::error::{Error, Warning};
use crate::formats::Source;
use crate::formats::feeder::{FeederModel, Slack, read_csv, read_pandapower};
use crate::formats::tables::{Connection, read_connections};
use crate::scenario::{FeederFiles, FeederScenario};

/// Table of loads of a feeder that has none but those of buildings.
const NO_LOADS: &[u8] = b"bus,p_kw,q_kvar\n";

/// A feeder and what hangs at it.
#[derive(Debug, Clone)]
pub struct FeederInputs {
    /// The network.
    pub model: FeederModel,
    /// Buildings and their buses, in the order of buildings.
    pub connections: Vec<Connection>,
    /// What was odd about the files.
    pub warnings: Vec<Warning>,
    /// Wall seconds it took.
    pub seconds: f64,
}

impl FeederInputs {
    /// Buildings that hang at the feeder, ascending.
    pub fn connected(&self) -> Vec<usize> {
        self.connections.iter().map(|connection| connection.building).collect()
    }
}

impl Reader<'_> {
    /// Reads what `[feeder]` names; `buildings` are the ids of the buildings with a heat balance.
    ///
    /// # Errors
    /// Everything wrong with the files, on every rank.
    pub fn feeder(&mut self, feeder: &FeederScenario, buildings: &[String]) -> Result<FeederInputs, Error> {
        let start = Instant::now();
        let (model, mut warnings) = match &feeder.network {
            FeederFiles::Csv { lines, loads } => {
                let of_lines = self.bytes(lines)?;
                let of_loads = loads.as_deref().map(|file| self.bytes(file)).transpose()?;
                let loads_file = loads.as_deref().unwrap_or(lines);
                let lines = Source { file: lines, bytes: &of_lines };
                let loads = Source { file: loads_file, bytes: of_loads.as_deref().unwrap_or(NO_LOADS) };
                let slack = Slack { base_kv: feeder.base_kv, pu: feeder.slack_pu, ..Slack::default() };
                self.runtime.agree(read_csv(&name_of(lines.file), lines, loads, &slack))?
            }
            FeederFiles::Pandapower(file) => {
                let bytes = self.bytes(file)?;
                self.runtime.agree(read_pandapower(&name_of(file), Source { file, bytes: &bytes }))?
            }
        };
        let mut connections = Vec::new();
        if let Some(file) = &feeder.connections {
            let bytes = self.bytes(file)?;
            let buses = names_of_buses(&model);
            let read = read_connections(Source { file, bytes: &bytes }, buildings, &buses);
            let (found, more) = self.runtime.agree(read)?;
            warnings.extend(more);
            connections = found;
            connections.sort_by_key(|connection| connection.building);
        }
        Ok(FeederInputs { model, connections, warnings, seconds: start.elapsed().as_secs_f64() })
    }
}

fn names_of_buses(model: &FeederModel) -> BTreeMap<&str, usize> {
    let aliases = model.aliases.iter().map(|(alias, bus)| (alias.as_str(), *bus));
    aliases.chain(model.buses.iter().map(String::as_str).zip(0..)).collect()
}

fn name_of(file: &Path) -> String {
    file.file_stem().map_or_else(String::new, |stem| stem.to_string_lossy().into_owned())
}
