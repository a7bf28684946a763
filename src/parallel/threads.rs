//! How many threads a rank runs, and why.

use super::machine::Cpus;

/// A number of threads and where it comes from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ThreadChoice {
    /// Threads of one rank.
    pub threads: usize,
    /// Where the number comes from, for reports.
    pub reason: String,
}

/// What decides the number of threads of a rank.
#[derive(Debug, Default)]
pub(super) struct Sources<'a> {
    /// `--threads`.
    pub option: Option<usize>,
    /// `SLURM_CPUS_PER_TASK`.
    pub slurm: Option<usize>,
    /// Cores this process may run on.
    pub affinity: Cpus,
    /// Cores' worth of time that the control group allows this process and its neighbours in it.
    pub quota: Option<f64>,
    /// Cores that the other ranks of this job on this host may run on.
    pub neighbours: Vec<&'a Cpus>,
    /// Ranks that are threads of this process.
    pub local_ranks: usize,
}

/// Decides: the option, else Slurm's variable, else this rank's fair share of the cores it may use.
pub(super) fn choose(sources: &Sources<'_>) -> ThreadChoice {
    if let Some(threads) = sources.option {
        return ThreadChoice { threads: threads.max(1), reason: "--threads".to_owned() };
    }
    let (cores, mut reason) = match sources.slurm.filter(|&cores| cores > 0) {
        Some(cores) => (cores, format!("SLURM_CPUS_PER_TASK = {cores}")),
        None => fair_share(sources),
    };
    let local_ranks = sources.local_ranks.max(1);
    if local_ranks > 1 {
        reason.push_str(&format!(", divided by {local_ranks} local ranks"));
    }
    ThreadChoice { threads: (cores / local_ranks).max(1), reason }
}

fn fair_share(sources: &Sources<'_>) -> (usize, String) {
    let mask = sources.affinity.list();
    // Each core is divided by the ranks that may run on it: bound ranks keep their cores, unbound ones share all.
    let sharers = |cpu: &usize| 1 + sources.neighbours.iter().filter(|other| other.contains(*cpu)).count();
    let most = mask.iter().map(sharers).max().unwrap_or(1);
    let share: f64 = mask.iter().map(|cpu| 1.0 / sharers(cpu) as f64).sum();
    // Shares such as 3 * (1/3) are whole numbers but for rounding.
    let mut cores = ((share + 1e-9) as usize).max(1);
    let mut reason = match (mask.len(), most) {
        (1, 1) => "1 core in the affinity mask".to_owned(),
        (n_cores, 1) => format!("{n_cores} cores in the affinity mask"),
        (n_cores, ranks) => format!("{n_cores} cores in the affinity mask, shared by up to {ranks} ranks"),
    };
    if let Some(quota) = sources.quota {
        let ranks = sources.neighbours.len() + 1;
        let allowed = ((quota / ranks as f64) as usize).max(1);
        if allowed < cores {
            cores = allowed;
            reason = match ranks {
                1 => format!("control group quota of {quota} cores"),
                _ => format!("control group quota of {quota} cores, shared by {ranks} ranks"),
            };
        }
    }
    (cores, reason)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cpus(text: &str) -> Cpus {
        Cpus::parse(text).unwrap()
    }

    fn chosen(sources: &Sources<'_>) -> (usize, String) {
        let choice = choose(sources);
        (choice.threads, choice.reason)
    }

    #[test]
    fn option_comes_before_slurm_and_slurm_before_affinity() {
        let mut sources = Sources { affinity: cpus("0-7"), ..Sources::default() };
        assert_eq!(chosen(&sources), (8, "8 cores in the affinity mask".into()));
        sources.slurm = Some(4);
        assert_eq!(chosen(&sources), (4, "SLURM_CPUS_PER_TASK = 4".into()));
        sources.option = Some(3);
        assert_eq!(chosen(&sources), (3, "--threads".into()));
    }

    #[test]
    fn unbound_ranks_share_the_cores_and_bound_ranks_keep_theirs() {
        let (all, low, high) = (cpus("0-7"), cpus("0-3"), cpus("4-7"));
        let unbound = Sources { affinity: all.clone(), neighbours: vec![&all, &all, &all], ..Sources::default() };
        assert_eq!(chosen(&unbound), (2, "8 cores in the affinity mask, shared by up to 4 ranks".into()));
        let bound = Sources { affinity: low, neighbours: vec![&high], ..Sources::default() };
        assert_eq!(chosen(&bound), (4, "4 cores in the affinity mask".into()));
        // Cores 0-3 for one rank alone, 4-7 shared by two: 4 + 4/2.
        let mixed = Sources { affinity: all, neighbours: vec![&high], ..Sources::default() };
        assert_eq!(chosen(&mixed).0, 6);
    }

    #[test]
    fn more_ranks_than_cores_get_a_thread_each() {
        let two = cpus("0-1");
        let sources = Sources { affinity: two.clone(), neighbours: vec![&two; 3], ..Sources::default() };
        assert_eq!(choose(&sources).threads, 1);
    }

    #[test]
    fn thirds_add_up_to_whole_cores() {
        let cores = cpus("0-2");
        let sources = Sources { affinity: cores.clone(), neighbours: vec![&cores; 2], ..Sources::default() };
        assert_eq!(choose(&sources).threads, 1);
    }

    #[test]
    fn the_quota_caps_the_affinity() {
        let sources = Sources { affinity: cpus("0-15"), quota: Some(2.5), ..Sources::default() };
        assert_eq!(chosen(&sources), (2, "control group quota of 2.5 cores".into()));
        let loose = Sources { affinity: cpus("0-1"), quota: Some(64.0), ..Sources::default() };
        assert_eq!(chosen(&loose).0, 2);
    }

    #[test]
    fn local_ranks_divide_what_there_is_but_not_the_option() {
        let mut sources = Sources { affinity: cpus("0-7"), local_ranks: 3, ..Sources::default() };
        assert_eq!(chosen(&sources), (2, "8 cores in the affinity mask, divided by 3 local ranks".into()));
        sources.option = Some(4);
        assert_eq!(chosen(&sources), (4, "--threads".into()));
    }
}
