//! `report.json`: what was run on what, how long it took, and what came out.

use std::fmt;
use std::path::Path;

use serde::de::{MapAccess, Visitor};
use serde::ser::SerializeMap;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use super::machine::Machine;
use crate::error::{Error, Problem, Warning};
use crate::stages::{Metric, Phases, StageReport};

/// The whole of `report.json`, in the order of the file.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Report {
    /// Which scenario was run.
    pub scenario: ScenarioInfo,
    /// Which engine ran it.
    pub engine: Engine,
    /// Which machine it ran on (rank 0's).
    pub machine: Machine,
    /// Threads of each rank.
    pub threads: usize,
    /// Ranks.
    pub ranks: usize,
    /// Files read, in order of reading.
    pub inputs: Vec<InputFile>,
    /// Licences and credits of the inputs.
    #[serde(default)]
    pub sources: Vec<SourceCredit>,
    /// SHA-256 over all result fields.
    pub checksum: String,
    /// Peak resident memory, summed over ranks.
    pub peak_memory_bytes: u64,
    /// Stages in the order they ran.
    pub stages: Vec<StageEntry>,
}

/// Which scenario was run.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ScenarioInfo {
    /// Its title.
    pub title: String,
    /// Its file as given on the command line.
    pub file: String,
    /// Key of its random draws.
    pub seed: u64,
    /// Its coordinate reference system.
    pub crs: Option<String>,
}

/// Which engine ran.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Engine {
    /// Version.
    pub version: String,
    /// Commit, or `unknown` for a build outside a checkout.
    pub commit: String,
    /// Features it was built with.
    pub features: Vec<String>,
}

/// A file that was read.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct InputFile {
    /// Path as the scenario names it.
    pub path: String,
    /// SHA-256 of its bytes, hexadecimal.
    pub sha256: String,
}

/// Licence and credit of one input.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct SourceCredit {
    /// The input as the scenario names it.
    pub input: String,
    /// Licence, an SPDX expression where there is one.
    pub licence: Option<String>,
    /// Credit to show beside results.
    pub attribution: Option<String>,
}

/// What one stage did.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct StageEntry {
    /// Path of its table in the scenario, for example `traffic.assignment`.
    pub name: String,
    /// Named figures, in order.
    pub metrics: Metrics,
    /// Wall seconds of the whole stage.
    pub wall_seconds: f64,
    /// Wall seconds by phase.
    pub phases: Phases,
    /// Work done per second of computing.
    pub throughput: Option<Throughput>,
    /// Counted warnings.
    pub warnings: Vec<Warning>,
}

/// Work done per second of computing.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Throughput {
    /// Unit, for example `origins/s`.
    pub unit: String,
    /// Value.
    pub value: f64,
}

/// Named figures, a JSON object in the order the stage told them.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Metrics(pub Vec<(String, Metric)>);

impl Report {
    /// Reads the text of a `report.json`; `file` is named in problems.
    ///
    /// # Errors
    /// The text is not a report.
    pub fn parse(text: &str, file: &Path) -> Result<Report, Error> {
        serde_json::from_str(text).map_err(|cause| {
            Problem::new(format!("not the report of a run: {cause}"))
                .in_file(file)
                .at_line(cause.line())
                .hint("the run folder is damaged or was written by another version; run the scenario again")
                .into()
        })
    }

    /// The text of `report.json`.
    ///
    /// # Errors
    /// A figure is NaN or infinite, which JSON cannot say.
    pub fn to_json(&self) -> Result<String, Error> {
        for stage in &self.stages {
            stage.refuse_nonfinite()?;
        }
        let mut text = serde_json::to_string_pretty(self)
            .map_err(|cause| Error::Failed(format!("cannot write report.json: {cause}")))?;
        text.push('\n');
        Ok(text)
    }

    /// The first metric of this name among all stages.
    pub fn metric(&self, name: &str) -> Option<&Metric> {
        self.stages.iter().find_map(|stage| stage.metrics.get(name))
    }
}

impl Engine {
    /// The engine that this code is part of.
    pub fn this() -> Engine {
        Engine {
            version: env!("CARGO_PKG_VERSION").to_owned(),
            commit: env!("CONURB_COMMIT").to_owned(),
            features: if cfg!(feature = "mpi") { vec!["mpi".to_owned()] } else { Vec::new() },
        }
    }
}

impl StageEntry {
    /// What a stage told, under its name and with the wall time of the whole.
    pub fn new(name: &str, wall_seconds: f64, report: StageReport) -> StageEntry {
        StageEntry {
            name: name.to_owned(),
            metrics: Metrics(report.metrics),
            wall_seconds,
            phases: report.phases,
            throughput: report.throughput.map(|(unit, value)| Throughput { unit, value }),
            warnings: report.warnings,
        }
    }

    fn refuse_nonfinite(&self) -> Result<(), Error> {
        let phases = [self.phases.read, self.phases.compute, self.phases.communicate, self.phases.write];
        let times = phases.into_iter().chain([self.wall_seconds]).map(|seconds| ("a time", seconds));
        let throughput = self.throughput.iter().map(|throughput| ("throughput", throughput.value));
        let metrics = self.metrics.0.iter().filter_map(|(name, metric)| match metric {
            Metric::Number(value) => Some((name.as_str(), *value)),
            _ => None,
        });
        match times.chain(throughput).chain(metrics).find(|(_, value)| !value.is_finite()) {
            Some((name, value)) => Err(Error::Failed(format!("{name} of stage {} is {value}", self.name))),
            None => Ok(()),
        }
    }
}

impl Metrics {
    /// The metric of this name.
    pub fn get(&self, name: &str) -> Option<&Metric> {
        self.0.iter().find(|(known, _)| known == name).map(|(_, metric)| metric)
    }
}

impl Serialize for Metrics {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(Some(self.0.len()))?;
        for (name, metric) in &self.0 {
            map.serialize_entry(name, metric)?;
        }
        map.end()
    }
}

impl<'de> Deserialize<'de> for Metrics {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Metrics, D::Error> {
        struct InOrder;
        impl<'de> Visitor<'de> for InOrder {
            type Value = Metrics;
            fn expecting(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
                out.write_str("an object of metrics")
            }
            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Metrics, A::Error> {
                let mut metrics = Vec::new();
                while let Some(entry) = map.next_entry()? {
                    metrics.push(entry);
                }
                Ok(Metrics(metrics))
            }
        }
        deserializer.deserialize_map(InOrder)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn report(metrics: Vec<(String, Metric)>) -> Report {
        Report {
            scenario: ScenarioInfo { title: "T".into(), file: "t.toml".into(), seed: 1, crs: None },
            engine: Engine::this(),
            machine: Machine::here(),
            threads: 2,
            ranks: 3,
            inputs: vec![InputFile { path: "net.csv".into(), sha256: "ab".into() }],
            sources: vec![SourceCredit { input: "net.csv".into(), licence: Some("CC0-1.0".into()), attribution: None }],
            checksum: "cd".into(),
            peak_memory_bytes: 7,
            stages: vec![StageEntry::new(
                "traffic.assignment",
                1.5,
                StageReport {
                    metrics,
                    warnings: vec![Warning::new("unused_nodes", 2, "2 nodes have no links")],
                    phases: Phases { read: 0.25, compute: 1.0, communicate: 0.0, write: 0.25 },
                    throughput: Some(("origins/s".into(), 24.0)),
                },
            )],
        }
    }

    #[test]
    fn keys_are_those_of_the_contract_in_order() {
        let text = report(vec![("zeta".into(), Metric::Count(1)), ("alpha".into(), Metric::Flag(true))]).to_json();
        let value: serde_json::Value = serde_json::from_str(&text.unwrap()).unwrap();
        let keys = |value: &serde_json::Value| value.as_object().unwrap().keys().cloned().collect::<Vec<_>>().join(" ");
        assert_eq!(
            keys(&value),
            "scenario engine machine threads ranks inputs sources checksum peak_memory_bytes stages"
        );
        assert_eq!(keys(&value["engine"]), "version commit features");
        assert_eq!(keys(&value["stages"][0]), "name metrics wall_seconds phases throughput warnings");
        assert_eq!(keys(&value["stages"][0]["metrics"]), "zeta alpha");
        assert_eq!(keys(&value["stages"][0]["phases"]), "read compute communicate write");
        assert_eq!(keys(&value["stages"][0]["throughput"]), "unit value");
        assert!(value["machine"]["isa"].is_string());
    }

    #[test]
    fn figures_that_json_cannot_say_are_refused() {
        for bad in [f64::NAN, f64::INFINITY] {
            let error = report(vec![("vkt".into(), Metric::Number(bad))]).to_json().unwrap_err();
            assert!(error.to_string().contains("vkt of stage traffic.assignment"), "{error}");
        }
    }

    #[test]
    fn a_broken_report_names_file_and_line() {
        let error = Report::parse("{\n\"scenario\": 3}", Path::new("runs/a/report.json")).unwrap_err();
        assert!(error.to_string().starts_with("runs/a/report.json:2: "), "{error}");
        assert_eq!(error.exit_code(), 2);
    }

    fn metric() -> impl Strategy<Value = Metric> {
        prop_oneof![
            any::<bool>().prop_map(Metric::Flag),
            any::<u64>().prop_map(Metric::Count),
            (-1e300..1e300_f64).prop_map(Metric::Number),
            ".*".prop_map(Metric::Text),
        ]
    }

    proptest! {
        #[test]
        fn what_is_written_is_read_back(metrics in prop::collection::vec(("[a-z]{1,9}", metric()), 0..9)) {
            let written = report(metrics);
            let read = Report::parse(&written.to_json().unwrap(), Path::new("report.json")).unwrap();
            prop_assert_eq!(written, read);
        }
    }
}
