//! The run folder: what a run leaves behind, complete or recognisably unfinished.
//!
//! A run works in `DIR/.partial/`: one folder per stage, and `stages.json`, which lists the stages whose files are
//! complete. At the end the domain files are assembled, checked and moved to their names; `report.json` comes last, so
//! that a folder with a report is a finished run. Rank 0 works on the disk, all ranks agree on the outcome.

use std::fs;
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use super::checksum::hex;
use super::conventions::FileHeader;
use super::disk;
use super::finished::FinishedFields;
use super::lock::Lock;
use super::netcdf::{Access, NetcdfFile};
use super::sink::{FileFields, NetcdfSink};
use super::survey::{
    ASSEMBLED, DOMAIN_FILES, IDENTITY_FILE, OTHER_FILES, PARTIAL, REPORT_FILE, SCENARIO_FILE, STAGES_FILE, Survey,
};
use crate::error::{Error, Problem, Problems};
use crate::parallel::Runtime;

/// Largest bookkeeping file that is read back.
const LARGEST_RECORD: u64 = 256 << 20;
/// How many foreign files a refusal names.
const NAMED_FILES: usize = 5;

/// What to do with a folder that is not empty.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum OpenMode {
    /// Refuse it.
    New,
    /// Remove the run in it, finished or not.
    Force,
    /// Go on with the unfinished run in it.
    Resume,
}

/// What decides a run's results; an unfinished run is resumed only with the same.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Identity {
    /// SHA-256 of the resolved scenario.
    pub scenario_sha256: String,
    /// Path and SHA-256 of every input.
    pub inputs: Vec<(String, String)>,
    /// Version of the engine.
    pub engine_version: String,
}

impl Identity {
    /// One hash of all of it, for saved state.
    pub fn sha256(&self) -> String {
        let text = serde_json::to_vec(self).expect("texts and pairs of texts always become JSON");
        hex(&Sha256::digest(text))
    }
}

/// A stage whose files are complete.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
struct FinishedStage {
    name: String,
    files: Vec<FileFields>,
    summary: serde_json::Value,
}

/// The folder of a run in progress; the lock on it is let go when this is dropped.
pub struct RunFolder<'r> {
    runtime: &'r Runtime,
    directory: PathBuf,
    header: FileHeader,
    stages: Vec<FinishedStage>,
    lock: Option<Lock>,
}

impl<'r> RunFolder<'r> {
    /// Opens a folder for a run; collective.
    ///
    /// # Errors
    /// The folder is in use, finished or unfinished without the mode that allows it, holds files that are not of a
    /// run, or belongs to a run with another identity; the disk fails.
    pub fn open(
        runtime: &'r Runtime,
        directory: &Path,
        mode: OpenMode,
        identity: &Identity,
        header: FileHeader,
    ) -> Result<Self, Error> {
        let mut folder =
            RunFolder { runtime, directory: directory.to_path_buf(), header, stages: Vec::new(), lock: None };
        let opened = if runtime.is_root() { folder.open_on_disk(mode, identity) } else { Ok(()) };
        runtime.agree(opened)?;
        let stages = runtime.from_root(|| to_json(&folder.stages))?;
        folder.stages = serde_json::from_slice(&stages).expect("rank 0 sends what it wrote");
        Ok(folder)
    }

    /// The folder.
    pub fn directory(&self) -> &Path {
        &self.directory
    }

    /// What a stage told when it finished, if it has finished, in this job or in the one that is resumed.
    pub fn finished_stage(&self, name: &str) -> Option<&serde_json::Value> {
        self.stages.iter().find(|stage| stage.name == name).map(|stage| &stage.summary)
    }

    /// Where a stage puts its fields.
    pub fn stage_sink(&self, stage: &str) -> NetcdfSink<'r> {
        let earlier = self.stages.iter().flat_map(|stage| stage.files.clone()).collect();
        NetcdfSink::new(self.runtime, stage, self.partial().join(stage), self.header.clone(), earlier)
    }

    /// Fields of the stages that have finished.
    pub fn finished_fields(&self) -> FinishedFields {
        let of_stage = |stage: &FinishedStage| {
            let folder = self.partial().join(&stage.name);
            stage.files.iter().map(move |file| (folder.join(&file.file), file.clone())).collect::<Vec<_>>()
        };
        FinishedFields::new(self.stages.iter().flat_map(of_stage).collect())
    }

    /// Where stages keep files that no longer count when they are done.
    pub fn scratch(&self) -> PathBuf {
        self.partial()
    }

    /// Where a stage keeps its saved state.
    pub fn state_file(&self, stage: &str) -> PathBuf {
        self.partial().join(format!("{stage}.state"))
    }

    /// Completes the files of a stage and lists it as finished, with what it has to tell; collective.
    ///
    /// # Errors
    /// A field is incomplete, or the disk fails.
    pub fn finish_stage(&mut self, sink: NetcdfSink<'r>, summary: serde_json::Value) -> Result<(), Error> {
        let name = sink.stage().to_owned();
        let files = sink.finish()?;
        self.stages.push(FinishedStage { name, files, summary });
        let listed = if self.runtime.is_root() { self.write_stages() } else { Ok(()) };
        self.runtime.agree(listed)
    }

    /// Assembles the domain files of all finished stages and tells the folder that holds them; collective.
    ///
    /// They get their final place at `commit`; the checksum is computed here, because the report tells it.
    ///
    /// # Errors
    /// Two stages wrote the same field, or the disk fails.
    pub fn assemble(&self) -> Result<PathBuf, Error> {
        let assembled = if self.runtime.is_root() { self.assemble_on_disk() } else { Ok(()) };
        self.runtime.agree(assembled)?;
        Ok(self.partial().join(ASSEMBLED))
    }

    /// Moves the domain files to their final names, writes `others` (for example `report.html`), the resolved
    /// scenario and at last the report, and lets go of the folder; collective.
    ///
    /// # Errors
    /// The disk fails; the run then stays an unfinished one.
    pub fn commit(self, report_json: &str, scenario_toml: &str, others: &[(&str, &str)]) -> Result<(), Error> {
        self.assemble()?;
        let committed = match self.runtime.is_root() {
            true => self.commit_on_disk(report_json, scenario_toml, others),
            false => Ok(()),
        };
        self.runtime.agree(committed)
    }

    fn partial(&self) -> PathBuf {
        self.directory.join(PARTIAL)
    }

    fn open_on_disk(&mut self, mode: OpenMode, identity: &Identity) -> Result<(), Error> {
        disk::create_directory(&self.directory)?;
        self.lock = Some(Lock::take(&self.directory)?);
        let survey = Survey::of(&self.directory)?;
        let name = self.directory.display();
        let refused = |what: String, hint: &str| Err(Problem::new(what).hint(hint).into());
        if self.directory.join(REPORT_FILE).exists() && mode != OpenMode::Force {
            return refused(
                format!("{name} holds a finished run"),
                "run with --force to replace it, or with --out to write elsewhere",
            );
        }
        if mode == OpenMode::Force || !self.partial().exists() {
            refuse_unknown(&self.directory, &survey)?;
        }
        let is_empty = survey.files.is_empty() && survey.directories.is_empty();
        match mode {
            OpenMode::Force => survey.remove_known(&self.directory)?,
            OpenMode::Resume if self.partial().join(IDENTITY_FILE).exists() => return self.resume(identity),
            OpenMode::New if !is_empty => {
                return refused(
                    format!("{name} holds an unfinished run"),
                    "run with --resume to go on with it, or with --force to start again",
                );
            }
            OpenMode::New | OpenMode::Resume => survey.remove_known(&self.directory)?,
        }
        disk::create_directory(&self.partial())?;
        self.write_stages()?;
        // Last, because an unfinished run is resumed only if it has an identity.
        disk::write_whole(&self.partial().join(IDENTITY_FILE), &to_json(identity)?)
    }

    fn resume(&mut self, identity: &Identity) -> Result<(), Error> {
        let started_with: Identity = read_record(&self.partial().join(IDENTITY_FILE))?;
        differences(&started_with, identity, &self.directory).into_result(())?;
        self.stages = read_record(&self.partial().join(STAGES_FILE))?;
        // A stage whose files a failed commit has moved away runs again.
        let partial = self.partial();
        let is_there = |stage: &FinishedStage| {
            stage.files.iter().all(|known| partial.join(&stage.name).join(&known.file).is_file())
        };
        self.stages.retain(is_there);
        let survey = Survey::of_partial(&partial)?;
        let belongs = |file: &Path| self.stages.iter().any(|stage| file.starts_with(partial.join(&stage.name)));
        for file in survey.files.iter().filter(|file| file.parent() != Some(&partial) && !belongs(file)) {
            fs::remove_file(file).map_err(|cause| Error::file("remove", file, cause))?;
        }
        self.write_stages()
    }

    fn write_stages(&self) -> Result<(), Error> {
        disk::write_whole(&self.partial().join(STAGES_FILE), &to_json(&self.stages)?)
    }

    fn assemble_on_disk(&self) -> Result<(), Error> {
        let assembled = self.partial().join(ASSEMBLED);
        disk::create_directory(&assembled)?;
        for file in DOMAIN_FILES {
            let target = assembled.join(file);
            let writers = self.stages.iter().filter(|stage| stage.files.iter().any(|known| known.file == file));
            let sources: Vec<PathBuf> = writers.map(|stage| self.partial().join(&stage.name).join(file)).collect();
            match sources.as_slice() {
                [] => {}
                _ if target.exists() => {}
                [single] => disk::rename(single, &target)?,
                several => merge(several, &target)?,
            }
        }
        Ok(())
    }

    fn commit_on_disk(&self, report_json: &str, scenario_toml: &str, others: &[(&str, &str)]) -> Result<(), Error> {
        let assembled = self.partial().join(ASSEMBLED);
        for file in DOMAIN_FILES {
            let source = assembled.join(file);
            if source.exists() {
                disk::rename(&source, &self.directory.join(file))?;
            }
        }
        for (name, text) in others {
            assert!(OTHER_FILES.contains(name), "{name} is not a file of a run folder");
            disk::write_whole(&self.directory.join(name), text.as_bytes())?;
        }
        disk::write_whole(&self.directory.join(SCENARIO_FILE), scenario_toml.as_bytes())?;
        disk::write_whole(&self.directory.join(REPORT_FILE), report_json.as_bytes())?;
        // The run is finished now; what cannot be removed of its work is removed with it later.
        let survey = Survey::of_partial(&self.partial())?;
        if survey.unknown.is_empty() && survey.remove_known(&self.partial()).is_ok() {
            let _ = fs::remove_dir(self.partial());
        }
        Ok(())
    }
}

fn merge(sources: &[PathBuf], target: &Path) -> Result<(), Error> {
    let temporary = disk::temporary_name(target);
    let mut file = NetcdfFile::create(&temporary, Access::Alone)?;
    sources.iter().try_for_each(|source| file.merge(source))?;
    file.finish()?;
    disk::sync(&temporary)?;
    disk::rename(&temporary, target)
}

fn refuse_unknown(directory: &Path, survey: &Survey) -> Result<(), Error> {
    if survey.unknown.is_empty() {
        return Ok(());
    }
    let named = survey.unknown.iter().take(NAMED_FILES);
    let named = named.map(|path| path.strip_prefix(directory).unwrap_or(path).display().to_string());
    let mut named = named.collect::<Vec<_>>().join(", ");
    if survey.unknown.len() > NAMED_FILES {
        named.push_str(&format!(" and {} more", survey.unknown.len() - NAMED_FILES));
    }
    Err(Problem::new(format!("{} holds files that are not of a run: {named}", directory.display()))
        .hint("choose another folder with --out, or move them away")
        .into())
}

fn differences(started_with: &Identity, now: &Identity, directory: &Path) -> Problems {
    let mut problems = Problems::new();
    let start = "the unfinished run";
    let mut push = |kind, message: String| {
        let problem = Problem::new(message).in_file(directory).hint("run with --force to start again");
        problems.push(kind, problem);
    };
    if started_with.engine_version != now.engine_version {
        let (before, now) = (&started_with.engine_version, &now.engine_version);
        push("other engine", format!("{start} was started by version {before}, this is version {now}"));
    }
    if started_with.scenario_sha256 != now.scenario_sha256 {
        push("other scenario", format!("{start} was started with another scenario"));
    }
    for (path, hash) in &now.inputs {
        match started_with.inputs.iter().find(|(known, _)| known == path) {
            None => push("new input", format!("{start} did not read the input {path}")),
            Some((_, known)) if known != hash => push("changed input", format!("the input {path} has changed since")),
            Some(_) => {}
        }
    }
    for (path, _) in started_with.inputs.iter().filter(|(path, _)| !now.inputs.iter().any(|(known, _)| known == path)) {
        push("dropped input", format!("{start} also read the input {path}"));
    }
    problems
}

fn to_json(value: &impl Serialize) -> Result<Vec<u8>, Error> {
    serde_json::to_vec_pretty(value).map_err(|cause| Error::Failed(format!("cannot write a record: {cause}")))
}

fn read_record<T: for<'de> Deserialize<'de>>(path: &Path) -> Result<T, Error> {
    let failed = |cause: String| -> Error {
        Problem::new(format!("cannot read it: {cause}")).in_file(path).hint("run with --force to start again").into()
    };
    let size = fs::metadata(path).map_err(|cause| failed(cause.to_string()))?.len();
    if size > LARGEST_RECORD {
        return Err(failed(format!("{size} bytes are more than the engine writes")));
    }
    let bytes = fs::read(path).map_err(|cause| failed(cause.to_string()))?;
    serde_json::from_slice(&bytes).map_err(|cause| failed(cause.to_string()))
}
