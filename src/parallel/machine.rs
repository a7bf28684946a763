//! What the operating system says of this process: cores, control group, instruction set, host, binary.

use std::collections::BTreeSet;
use std::fs;
use std::io::Read;
use std::path::{Path, PathBuf};

use sha2::{Digest, Sha256};

use crate::error::Error;

/// A set of cores by number.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Cpus(BTreeSet<usize>);

impl Cpus {
    /// No kernel numbers cores beyond this; bounds what a text can make us allocate.
    const MOST: usize = 1 << 16;

    /// The set a text such as `0-3,8` names, as Linux writes it.
    pub fn parse(text: &str) -> Option<Self> {
        let mut cpus = BTreeSet::new();
        for range in text.trim().split(',').filter(|range| !range.is_empty()) {
            let (first, last) = range.split_once('-').unwrap_or((range, range));
            let (first, last): (usize, usize) = (first.trim().parse().ok()?, last.trim().parse().ok()?);
            if last >= Self::MOST {
                return None;
            }
            cpus.extend(first..=last);
        }
        Some(Cpus(cpus))
    }
    /// Whether a core is among them.
    pub fn contains(&self, cpu: usize) -> bool {
        self.0.contains(&cpu)
    }
    /// The cores, ascending.
    pub fn list(&self) -> Vec<usize> {
        self.0.iter().copied().collect()
    }
    /// Number of cores.
    pub fn len(&self) -> usize {
        self.0.len()
    }
    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

impl std::fmt::Display for Cpus {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let mut ranges: Vec<(usize, usize)> = Vec::new();
        for &cpu in &self.0 {
            match ranges.last_mut() {
                Some((_, last)) if *last + 1 == cpu => *last = cpu,
                _ => ranges.push((cpu, cpu)),
            }
        }
        let texts: Vec<String> = ranges
            .into_iter()
            .map(|(first, last)| if first == last { first.to_string() } else { format!("{first}-{last}") })
            .collect();
        out.write_str(&texts.join(","))
    }
}

/// Cores that this process may run on; as many as the standard library counts where the kernel does not list them.
pub fn affinity() -> Cpus {
    let listed = fs::read_to_string("/proc/self/status")
        .ok()
        .and_then(|status| Cpus::parse(status.lines().find_map(|line| line.strip_prefix("Cpus_allowed_list:"))?))
        .filter(|cpus| !cpus.is_empty());
    listed.unwrap_or_else(|| Cpus((0..std::thread::available_parallelism().map_or(1, usize::from)).collect()))
}

/// Bytes of memory that processes can take on this host, where the operating system tells.
pub fn memory_available() -> Option<u64> {
    let text = fs::read_to_string("/proc/meminfo").ok()?;
    let line = text.lines().find_map(|line| line.strip_prefix("MemAvailable:"))?;
    Some(line.trim().strip_suffix("kB")?.trim().parse::<u64>().ok()? << 10)
}

/// Processor seconds that the threads of this process have taken so far, where the kernel counts them.
pub fn cpu_seconds() -> Option<f64> {
    let mut nanoseconds = 0;
    for thread in fs::read_dir("/proc/self/task").ok()? {
        // A thread that ends in between takes its count along.
        let text = fs::read_to_string(thread.ok()?.path().join("schedstat")).unwrap_or_default();
        nanoseconds += text.split_whitespace().next().and_then(|count| count.parse::<u64>().ok()).unwrap_or(0);
    }
    Some(nanoseconds as f64 * 1e-9)
}

/// Cores' worth of time that the control groups of this process allow, where they limit it.
pub fn cpu_quota() -> Option<f64> {
    let groups = fs::read_to_string("/proc/self/cgroup").ok()?;
    let places = group_folders(&groups);
    let limits = places.iter().flat_map(|(root, group)| {
        let folder = root.join(group.trim_start_matches('/'));
        let up_to_root = folder.ancestors().take_while(|folder| folder.starts_with(root)).map(Path::to_path_buf);
        up_to_root.collect::<Vec<_>>()
    });
    limits.filter_map(|folder| quota_in(&folder)).min_by(f64::total_cmp)
}

/// A text that differs between machines whose floating-point results may differ.
pub fn isa() -> String {
    let mut words = vec![std::env::consts::ARCH];
    words.extend(features().into_iter().filter(|(_, found)| *found).map(|(name, _)| name));
    words.join("+")
}

/// What tells whether two processes see the same cores: the running kernel's own id, else the host's name.
pub fn host_id() -> String {
    ["/proc/sys/kernel/random/boot_id", "/proc/sys/kernel/hostname"]
        .iter()
        .find_map(|path| fs::read_to_string(path).ok())
        .map_or_else(|| "unknown".to_owned(), |text| text.trim().to_owned())
}

/// Name of this host.
pub fn host_name() -> String {
    fs::read_to_string("/proc/sys/kernel/hostname").map_or_else(|_| "unknown".to_owned(), |text| text.trim().to_owned())
}

/// SHA-256 of the running program's file.
///
/// # Errors
/// The file cannot be read.
pub fn binary_hash() -> Result<String, Error> {
    let path = std::env::current_exe().map_err(|cause| Error::Failed(format!("cannot find this program: {cause}")))?;
    let mut file = fs::File::open(&path).map_err(|cause| Error::file("open", &path, cause))?;
    let (mut hash, mut block) = (Sha256::new(), vec![0; 1 << 16]);
    loop {
        match file.read(&mut block).map_err(|cause| Error::file("read", &path, cause))? {
            0 => return Ok(hash.finalize().iter().map(|byte| format!("{byte:02x}")).collect()),
            length => hash.update(&block[..length]),
        }
    }
}

/// Mount point and path of the control groups that can limit processor time, from `/proc/self/cgroup`.
fn group_folders(groups: &str) -> Vec<(PathBuf, String)> {
    let mut places = Vec::new();
    for line in groups.lines() {
        let mut words = line.splitn(3, ':');
        let (Some(_), Some(controllers), Some(group)) = (words.next(), words.next(), words.next()) else { continue };
        let root = Path::new("/sys/fs/cgroup");
        if controllers.is_empty() {
            places.push((root.to_path_buf(), group.to_owned()));
        } else if controllers.split(',').any(|name| name == "cpu") {
            places.push((root.join(controllers), group.to_owned()));
        }
    }
    places
}

fn quota_in(folder: &Path) -> Option<f64> {
    if let Ok(text) = fs::read_to_string(folder.join("cpu.max")) {
        return quota_of(&text);
    }
    let quota = fs::read_to_string(folder.join("cpu.cfs_quota_us")).ok()?;
    let period = fs::read_to_string(folder.join("cpu.cfs_period_us")).ok()?;
    quota_of(&format!("{} {}", quota.trim(), period.trim()))
}

/// Cores from `QUOTA PERIOD` in microseconds; `max` and -1 mean no limit.
fn quota_of(text: &str) -> Option<f64> {
    let mut numbers = text.split_whitespace().map(|word| word.parse::<f64>().ok());
    let (quota, period) = (numbers.next()??, numbers.next()??);
    (quota > 0.0 && period > 0.0).then_some(quota / period)
}

#[cfg(target_arch = "x86_64")]
fn features() -> Vec<(&'static str, bool)> {
    vec![
        ("avx", is_x86_feature_detected!("avx")),
        ("avx2", is_x86_feature_detected!("avx2")),
        ("fma", is_x86_feature_detected!("fma")),
        ("avx512f", is_x86_feature_detected!("avx512f")),
        ("avx512bw", is_x86_feature_detected!("avx512bw")),
        ("avx512dq", is_x86_feature_detected!("avx512dq")),
        ("avx512vl", is_x86_feature_detected!("avx512vl")),
    ]
}

#[cfg(target_arch = "aarch64")]
fn features() -> Vec<(&'static str, bool)> {
    vec![
        ("neon", std::arch::is_aarch64_feature_detected!("neon")),
        ("sve", std::arch::is_aarch64_feature_detected!("sve")),
        ("sve2", std::arch::is_aarch64_feature_detected!("sve2")),
    ]
}

#[cfg(not(any(target_arch = "x86_64", target_arch = "aarch64")))]
fn features() -> Vec<(&'static str, bool)> {
    Vec::new()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn core_lists_read_and_print_as_the_kernel_writes_them() {
        let cpus = Cpus::parse("0-2,5,8-9\n").unwrap();
        assert_eq!(cpus.list(), [0, 1, 2, 5, 8, 9]);
        assert_eq!(cpus.to_string(), "0-2,5,8-9");
        assert!(cpus.contains(5) && !cpus.contains(6));
        assert_eq!(Cpus::parse("0-99999999999"), None);
        assert_eq!(Cpus::parse("one"), None);
        assert!(Cpus::parse("").unwrap().is_empty());
    }

    #[test]
    fn this_process_may_run_somewhere() {
        assert!(!affinity().is_empty());
    }

    #[test]
    fn quotas_of_both_control_group_versions_read() {
        assert_eq!(quota_of("250000 100000\n"), Some(2.5));
        assert_eq!(quota_of("max 100000"), None);
        assert_eq!(quota_of("-1 100000"), None);
        assert_eq!(quota_of("100000"), None);
        assert_eq!(quota_of("nan 100000"), None);
    }

    #[test]
    fn control_groups_of_both_versions_are_found() {
        let groups = "12:cpu,cpuacct:/slurm/job_7\n4:memory:/slurm\n0::/user.slice\n";
        let root = Path::new("/sys/fs/cgroup");
        let expected = [(root.join("cpu,cpuacct"), "/slurm/job_7".into()), (root.to_path_buf(), "/user.slice".into())];
        assert_eq!(group_folders(groups), expected);
    }

    #[test]
    fn the_instruction_set_names_the_architecture_first() {
        assert!(isa().starts_with(std::env::consts::ARCH));
    }

    #[test]
    fn the_hash_of_this_program_is_a_sha256() {
        assert_eq!(binary_hash().unwrap().len(), 64);
    }
}
