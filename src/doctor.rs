//! What this machine, its launcher, MPI, HDF5 and affinity look like, and which traps lie in them.

mod disk;
mod findings;

use std::fmt::{self, Write};
use std::fs;
use std::path::{Path, PathBuf};

use crate::error::Error;
use crate::parallel::machine::{self, Cpus};
use crate::parallel::{LaunchOptions, Launcher, Runtime, launch, mpi_library};
use findings::findings;

/// What was found.
#[derive(Debug, Clone)]
pub struct Report {
    facts: Facts,
    /// Why the ranks could not be started, if they could not.
    failure: Option<String>,
    ranks: Vec<Rank>,
}

/// What one process finds by looking around.
#[derive(Debug, Clone, Default)]
struct Facts {
    cpu_model: String,
    isa: String,
    online: Cpus,
    affinity: Cpus,
    quota: Option<f64>,
    memory_total: Option<u64>,
    memory_available: Option<u64>,
    launcher: Option<Launcher>,
    mpi_library: Option<String>,
    mpirun_refuses_root: bool,
    hdf5: String,
    /// Folders that runs write to, with the bytes that are free there.
    folders: Vec<(PathBuf, Option<u64>)>,
}

/// What each rank tells of itself.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Rank {
    host: String,
    host_id: String,
    cpus: Cpus,
    online: usize,
    threads: usize,
    reason: String,
}

/// Something that is likely not what the user wants.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Finding {
    message: String,
    hint: String,
}

/// Starts the ranks as a run would and looks around; `folder` is where runs go.
///
/// Every process of a job must call it. What goes wrong becomes part of the report.
pub fn report(options: &LaunchOptions, folder: &Path) -> Report {
    let facts = Facts::found(folder);
    let ranks = launch(options, |runtime| {
        let told = runtime.all_gather(Ok(Rank::of_this(runtime).to_line().into_bytes()))?;
        let rank = |bytes: &Vec<u8>| Rank::from_line(&String::from_utf8_lossy(bytes));
        told.iter()
            .map(rank)
            .collect::<Option<Vec<Rank>>>()
            .ok_or_else(|| Error::Failed("a rank told nothing that can be read".to_owned()))
    });
    match ranks {
        Ok(ranks) => Report { facts, failure: None, ranks },
        Err(error) => Report { facts, failure: Some(error.to_string()), ranks: Vec::new() },
    }
}

impl Facts {
    fn found(folder: &Path) -> Self {
        let affinity = machine::affinity();
        let online = read("/sys/devices/system/cpu/online").and_then(|text| Cpus::parse(&text));
        let cpu_info = read("/proc/cpuinfo").unwrap_or_default();
        let memory = read("/proc/meminfo").unwrap_or_default();
        let mpi_library = mpi_library();
        let is_root = read("/proc/self/status").is_some_and(|status| is_root(&status));
        let is_open_mpi = mpi_library.as_ref().is_some_and(|library| library.contains("Open MPI"));
        let (major, minor, micro) = hdf5::library_version();
        let flavour = if cfg!(feature = "mpi") { "parallel" } else { "serial" };
        let folders = [folder.to_path_buf(), std::env::temp_dir()].map(|folder| {
            let free = disk::free_bytes(&folder);
            (folder, free)
        });
        Facts {
            cpu_model: value_of(&cpu_info, "model name").unwrap_or("unknown").to_owned(),
            isa: machine::isa(),
            online: online.unwrap_or_else(|| affinity.clone()),
            affinity,
            quota: machine::cpu_quota(),
            memory_total: value_of(&memory, "MemTotal").and_then(kibibytes),
            memory_available: value_of(&memory, "MemAvailable").and_then(kibibytes),
            launcher: Launcher::detect().ok().flatten(),
            mpirun_refuses_root: is_root && is_open_mpi && std::env::var_os("OMPI_ALLOW_RUN_AS_ROOT").is_none(),
            mpi_library,
            hdf5: format!("{major}.{minor}.{micro}, {flavour}"),
            folders: folders.into(),
        }
    }
}

impl Rank {
    fn of_this(runtime: &Runtime) -> Self {
        let choice = runtime.thread_choice();
        let cpus = machine::affinity();
        let online = read("/sys/devices/system/cpu/online").and_then(|text| Cpus::parse(&text));
        Rank {
            host: machine::host_name(),
            host_id: machine::host_id(),
            online: online.map_or(cpus.len(), |online| online.len()),
            cpus,
            threads: choice.threads,
            reason: choice.reason.clone(),
        }
    }
    fn to_line(&self) -> String {
        let (online, threads) = (self.online.to_string(), self.threads.to_string());
        [&self.host, &self.host_id, &self.cpus.to_string(), &online, &threads, &self.reason]
            .map(String::as_str)
            .join("\t")
    }
    fn from_line(line: &str) -> Option<Self> {
        let mut words = line.splitn(6, '\t').map(str::to_owned);
        let mut next = || words.next();
        Some(Rank {
            host: next()?,
            host_id: next()?,
            cpus: Cpus::parse(&next()?)?,
            online: next()?.parse().ok()?,
            threads: next()?.parse().ok()?,
            reason: next()?,
        })
    }
}

impl fmt::Display for Report {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let facts = &self.facts;
        let mut line = |name: &str, value: &str| writeln!(out, "{name:<14} {value}");
        let feature = if cfg!(feature = "mpi") { "mpi" } else { "none" };
        line("conurb", &format!("{}, features: {feature}", env!("CARGO_PKG_VERSION")))?;
        line("processor", &facts.cpu_model)?;
        line("instructions", &facts.isa)?;
        line("cores", &format!("{} online, this process may use {}", facts.online.len(), facts.affinity))?;
        line("control group", &facts.quota.map_or("no limit on cores".to_owned(), |cores| format!("{cores} cores")))?;
        line("memory", &memory_text(facts))?;
        line("HDF5", &facts.hdf5)?;
        line("MPI", facts.mpi_library.as_deref().unwrap_or("not in this build"))?;
        line("launcher", &facts.launcher.as_ref().map_or("none".to_owned(), launcher_text))?;
        for (folder, free) in &facts.folders {
            let free = free.map_or("unknown".to_owned(), gibibytes);
            line("free on disk", &format!("{free} at {}", folder.display()))?;
        }
        line("ranks", &self.ranks.len().to_string())?;
        for (rank, told) in self.ranks.iter().enumerate() {
            let threads = if told.threads == 1 { "thread" } else { "threads" };
            let mut text = String::new();
            write!(text, "on {}, cores {}, {} {threads}: {}", told.host, told.cpus, told.threads, told.reason)?;
            line(&format!("  rank {rank}"), &text)?;
        }
        for finding in findings(self) {
            writeln!(out, "\nwarning: {}\n  hint: {}", finding.message, finding.hint)?;
        }
        match &self.failure {
            Some(failure) => writeln!(out, "\nwarning: {failure}"),
            None => Ok(()),
        }
    }
}

fn launcher_text(launcher: &Launcher) -> String {
    format!("{}, this is rank {} of {}", launcher.name, launcher.rank, launcher.size)
}

fn memory_text(facts: &Facts) -> String {
    let text = |bytes: Option<u64>| bytes.map_or("unknown".to_owned(), gibibytes);
    format!("{} available of {}", text(facts.memory_available), text(facts.memory_total))
}

fn gibibytes(bytes: u64) -> String {
    format!("{:.1} GiB", bytes as f64 / f64::from(1 << 30))
}

fn read(path: &str) -> Option<String> {
    fs::read_to_string(path).ok()
}

/// The value of the first `key: value` line.
fn value_of<'a>(text: &'a str, key: &str) -> Option<&'a str> {
    let pair = |line: &'a str| line.split_once(':').filter(|(name, _)| name.trim() == key);
    text.lines().find_map(pair).map(|(_, value)| value.trim())
}

fn kibibytes(text: &str) -> Option<u64> {
    text.strip_suffix("kB")?.trim().parse::<u64>().ok()?.checked_mul(1024)
}

/// Whether the effective user, the second number of the kernel's line, is root.
fn is_root(status: &str) -> bool {
    value_of(status, "Uid").is_some_and(|ids| ids.split_whitespace().nth(1) == Some("0"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_rank_survives_the_way() {
        let sent = Rank::of_this(&Runtime::serial(2).unwrap());
        assert_eq!(sent.threads, 2);
        assert_eq!(Rank::from_line(&sent.to_line()), Some(sent));
        assert_eq!(Rank::from_line("host\tid\t0-1\tmany\t1\twhy"), None);
    }

    #[test]
    fn files_of_the_kernel_are_read() {
        let memory = "MemTotal:       24000000 kB\nMemFree:  1 kB\nMemAvailable:   2048 kB\n";
        assert_eq!(value_of(memory, "MemAvailable").and_then(kibibytes), Some(2 << 20));
        assert_eq!(value_of(memory, "SwapTotal"), None);
        assert!(is_root("Name:\tx\nUid:\t1000\t0\t0\t0\n"));
        assert!(!is_root("Name:\tx\nUid:\t0\t1000\t0\t0\n"));
    }

    #[test]
    fn a_report_says_what_was_found() {
        let options = LaunchOptions { threads: Some(1), local_ranks: Some(2) };
        let text = report(&options, Path::new("no/such/folder")).to_string();
        for word in ["processor", "cores", "HDF5", "launcher       none", "ranks          2", "  rank 1", "--threads"] {
            assert!(text.contains(word), "no \"{word}\" in:\n{text}");
        }
    }

    #[test]
    fn ranks_that_cannot_be_started_are_part_of_the_report() {
        let options = LaunchOptions { threads: Some(0), local_ranks: None };
        let text = report(&options, Path::new(".")).to_string();
        assert!(text.contains("\nwarning: --threads: 0 given, expected 1 to 4096"), "{text}");
    }
}
