//! The traps that the doctor knows.

use std::collections::BTreeSet;

use super::{Finding, Rank, Report, gibibytes};

/// Below this a disk or memory counts as full.
const LITTLE_BYTES: u64 = 1 << 30;

/// All that is likely not what the user wants.
pub(super) fn findings(report: &Report) -> Vec<Finding> {
    let mut found = Vec::new();
    for ranks in hosts(&report.ranks) {
        found.extend(bound_to_one_core(report, &ranks));
        found.extend(oversubscribed(report, &ranks));
    }
    if report.facts.mpirun_refuses_root {
        found.push(Finding {
            message: "Open MPI's mpirun refuses to start for root, which is the user here".to_owned(),
            hint: "work as another user, or in a container set OMPI_ALLOW_RUN_AS_ROOT=1 and \
                   OMPI_ALLOW_RUN_AS_ROOT_CONFIRM=1"
                .to_owned(),
        });
    }
    for (folder, free) in &report.facts.folders {
        if let Some(free) = free.filter(|free| *free < LITTLE_BYTES) {
            found.push(Finding {
                message: format!("the disk of {} is nearly full: {} free", folder.display(), gibibytes(free)),
                hint: "make room, or name another folder with --out or TMPDIR".to_owned(),
            });
        }
    }
    if let Some(available) = report.facts.memory_available.filter(|available| *available < LITTLE_BYTES) {
        found.push(Finding {
            message: format!("little memory is available: {}", gibibytes(available)),
            hint: "conurb check FILE estimates what a scenario needs".to_owned(),
        });
    }
    found
}

/// The ranks of each host, hosts in order of their first rank.
fn hosts(ranks: &[Rank]) -> Vec<Vec<&Rank>> {
    let mut hosts: Vec<Vec<&Rank>> = Vec::new();
    for rank in ranks {
        match hosts.iter_mut().find(|host| host[0].host_id == rank.host_id) {
            Some(host) => host.push(rank),
            None => hosts.push(vec![rank]),
        }
    }
    hosts
}

/// Launchers bind each rank to one core unless told otherwise, and threads then share that core.
fn bound_to_one_core(report: &Report, ranks: &[&Rank]) -> Option<Finding> {
    let online = ranks[0].online;
    let bound = ranks.iter().all(|rank| rank.cpus.len() == 1);
    if report.facts.launcher.is_none() || !bound || ranks.len() >= online {
        return None;
    }
    Some(Finding {
        message: format!(
            "on {} the launcher binds each of {} ranks to one core and leaves {} of {online} cores idle",
            ranks[0].host,
            ranks.len(),
            online - ranks.len(),
        ),
        hint: format!("mpirun --bind-to none, or mpirun --map-by slot:PE={}", online / ranks.len()),
    })
}

fn oversubscribed(report: &Report, ranks: &[&Rank]) -> Option<Finding> {
    let cores: BTreeSet<usize> = ranks.iter().flat_map(|rank| rank.cpus.list()).collect();
    let threads: usize = ranks.iter().map(|rank| rank.threads).sum();
    // A quota is about this process's own group, which only the ranks of its own host can be in.
    let quota = report.facts.quota.filter(|_| report.ranks.len() == ranks.len()).unwrap_or(f64::INFINITY);
    let allowed = (cores.len() as f64).min(quota).ceil().max(1.0) as usize;
    (threads > allowed).then(|| Finding {
        message: format!("on {} {threads} threads share {allowed} cores and wait for each other", ranks[0].host),
        hint: "lower --threads or the number of ranks, or give the job more cores".to_owned(),
    })
}

#[cfg(test)]
mod tests {
    use super::super::Facts;
    use super::*;
    use crate::parallel::Launcher;
    use crate::parallel::machine::Cpus;

    fn rank(host: &str, cpus: &str, threads: usize) -> Rank {
        let cpus = Cpus::parse(cpus).unwrap();
        Rank { host: host.into(), host_id: host.into(), cpus, online: 8, threads, reason: "test".into() }
    }

    fn report(ranks: Vec<Rank>) -> Report {
        let launcher = Some(Launcher { name: "mpirun", rank: 0, size: ranks.len(), connects: true });
        Report { facts: Facts { launcher, ..Facts::default() }, failure: None, ranks }
    }

    fn messages(report: &Report) -> Vec<String> {
        findings(report).into_iter().map(|finding| finding.message).collect()
    }

    #[test]
    fn one_core_per_rank_is_told_with_the_way_out() {
        let report = report(vec![rank("a", "0", 1), rank("a", "1", 1)]);
        let found = findings(&report);
        let expected = "on a the launcher binds each of 2 ranks to one core and leaves 6 of 8 cores idle";
        assert_eq!(found[0].message, expected);
        assert_eq!(found[0].hint, "mpirun --bind-to none, or mpirun --map-by slot:PE=4");
        assert_eq!(found.len(), 1);
    }

    #[test]
    fn one_core_per_rank_on_all_cores_or_by_choice_is_well() {
        let full: Vec<Rank> = (0..8).map(|core| rank("a", &core.to_string(), 1)).collect();
        assert!(messages(&report(full)).is_empty());
        let mut pinned = report(vec![rank("a", "3", 1)]);
        pinned.facts.launcher = None;
        assert!(messages(&pinned).is_empty());
    }

    #[test]
    fn more_threads_than_cores_are_told_by_host() {
        let ranks = vec![rank("a", "0-3", 4), rank("b", "0-3", 3), rank("b", "0-3", 3)];
        assert_eq!(messages(&report(ranks)), ["on b 6 threads share 4 cores and wait for each other"]);
        let mut limited = report(vec![rank("a", "0-7", 8)]);
        limited.facts.quota = Some(2.5);
        assert_eq!(messages(&limited), ["on a 8 threads share 3 cores and wait for each other"]);
    }

    #[test]
    fn full_disks_little_memory_and_root_are_told() {
        let mut report = report(Vec::new());
        report.facts.folders = vec![("runs".into(), Some(LITTLE_BYTES - 1)), ("elsewhere".into(), Some(LITTLE_BYTES))];
        report.facts.memory_available = Some(1 << 20);
        report.facts.mpirun_refuses_root = true;
        let found = messages(&report);
        assert!(found[0].contains("refuses to start for root"));
        assert!(found[1].starts_with("the disk of runs is nearly full"));
        assert!(found[2].starts_with("little memory"));
        assert_eq!(found.len(), 3);
    }
}
