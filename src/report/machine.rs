//! What machine a run runs on, and how much memory it took.

use std::fs;

use serde::{Deserialize, Serialize};

use crate::parallel::machine::{host_name, isa};

/// A machine as a reader of a run wants to know it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Machine {
    /// Name of the host.
    pub host: String,
    /// Model of its processor.
    pub cpu: String,
    /// Processors that the operating system sees.
    pub cores: usize,
    /// Operating system and kernel.
    pub os: String,
    /// Instruction set and its extensions; ranks of different ones are not mixed.
    pub isa: String,
}

impl Machine {
    /// The machine that this process runs on; what cannot be found out is `unknown`.
    pub fn here() -> Machine {
        let cpuinfo = fs::read_to_string("/proc/cpuinfo").unwrap_or_default();
        let processors = cpuinfo.lines().filter(|line| line.starts_with("processor")).count();
        let seen = || std::thread::available_parallelism().map_or(1, usize::from);
        Machine {
            host: host_name(),
            cpu: value_after(&cpuinfo, "model name", ':').unwrap_or_else(unknown),
            cores: if processors > 0 { processors } else { seen() },
            os: operating_system(),
            isa: isa(),
        }
    }
}

/// Peak resident memory of this process so far, where the operating system tells.
pub fn peak_memory_bytes() -> Option<u64> {
    peak_of(&fs::read_to_string("/proc/self/status").ok()?)
}

fn operating_system() -> String {
    let release = fs::read_to_string("/etc/os-release").unwrap_or_default();
    let name = value_after(&release, "PRETTY_NAME", '=').map(|name| name.trim_matches('"').to_owned());
    let kernel = first_line("/proc/sys/kernel/osrelease").unwrap_or_else(unknown);
    format!("{}, {} {kernel}", name.unwrap_or_else(unknown), std::env::consts::OS)
}

fn peak_of(status: &str) -> Option<u64> {
    let kibibytes = value_after(status, "VmHWM", ':')?;
    let kibibytes: u64 = kibibytes.strip_suffix("kB")?.trim().parse().ok()?;
    Some(kibibytes * 1024)
}

fn value_after(text: &str, key: &str, separator: char) -> Option<String> {
    let (_, value) = text.lines().find(|line| line.starts_with(key))?.split_once(separator)?;
    Some(value.trim().to_owned())
}

fn first_line(path: &str) -> Option<String> {
    fs::read_to_string(path).ok()?.lines().next().map(str::to_owned)
}

fn unknown() -> String {
    "unknown".to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_peak_is_read_in_bytes() {
        assert_eq!(peak_of("VmPeak:\t 9 kB\nVmHWM:\t  1234 kB\nVmRSS:\t 1 kB\n"), Some(1234 * 1024));
        assert_eq!(peak_of("VmRSS:\t 1 kB\n"), None);
    }

    #[test]
    fn this_machine_is_known() {
        let machine = Machine::here();
        assert!(machine.cores >= 1);
        assert!(machine.isa.starts_with(std::env::consts::ARCH));
        if cfg!(target_os = "linux") {
            assert!(peak_memory_bytes().unwrap() > 1 << 20);
        }
    }
}
