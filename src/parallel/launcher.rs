//! Which launcher, if any, started this process as one of several ranks.

use std::time::Duration;

use crate::error::Problem;

/// What a launcher says in the environment.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Launcher {
    /// The launcher, for messages.
    pub name: &'static str,
    /// This rank, 0-based.
    pub rank: usize,
    /// Number of ranks.
    pub size: usize,
    /// Whether the launcher lets MPI connect the ranks.
    pub connects: bool,
}

impl Launcher {
    /// The launcher of this process.
    ///
    /// # Errors
    /// Its variables contradict themselves.
    pub fn detect() -> Result<Option<Self>, Problem> {
        Launcher::from_variables(|name| std::env::var(name).ok())
    }

    /// The launcher that the given variables tell of.
    ///
    /// # Errors
    /// A variable is not a number, or the rank is not below the number of ranks.
    pub fn from_variables(variable: impl Fn(&str) -> Option<String>) -> Result<Option<Self>, Problem> {
        let number = |name: &str| match variable(name) {
            None => Ok(None),
            Some(text) => text
                .trim()
                .parse::<usize>()
                .map(Some)
                .map_err(|_| Problem::new(format!("the launcher set {name} to \"{text}\", expected a number"))),
        };
        let found = |name, rank: Option<usize>, size: Option<usize>, connects| match (rank, size) {
            (Some(rank), Some(size)) => Some(Launcher { name, rank, size, connects }),
            _ => None,
        };
        let open_mpi =
            found("Open MPI's mpirun", number("OMPI_COMM_WORLD_RANK")?, number("OMPI_COMM_WORLD_SIZE")?, true);
        let pmi = found("a PMI launcher", number("PMI_RANK")?, number("PMI_SIZE")?, true);
        // A batch script has SLURM_NTASKS and SLURM_PROCID too but is one process; only a step of srun counts.
        let in_step = variable("SLURM_STEP_ID").is_some() || variable("SLURM_STEPID").is_some();
        let connects = ["PMIX_RANK", "PMI_RANK", "PMI_FD"].iter().any(|name| variable(name).is_some());
        let slurm = match in_step {
            true => found("Slurm's srun", number("SLURM_PROCID")?, number("SLURM_STEP_NUM_TASKS")?, connects),
            false => None,
        };
        match open_mpi.or(pmi).or(slurm) {
            Some(launcher) if launcher.rank >= launcher.size => Err(Problem::new(format!(
                "{} says that this is rank {} of {}, expected a rank below their number",
                launcher.name, launcher.rank, launcher.size
            ))),
            launcher => Ok(launcher),
        }
    }
}

/// Whether this process prints for its job: rank 0 under a launcher, any process without one.
///
/// Errors end on every rank with the same text, which a user wants to read once.
pub fn speaks_for_job() -> bool {
    !matches!(Launcher::detect(), Ok(Some(launcher)) if launcher.rank > 0)
}

/// How long ranks that have failed let the one that speaks go first.
const TIME_TO_SPEAK: Duration = Duration::from_secs(1);

/// Calls `tell` on the process that speaks for its job; the others wait a moment before they end with their error.
///
/// A launcher ends all ranks as soon as one of them fails, and would end the one that speaks unheard.
pub fn tell_for_job(tell: impl FnOnce()) {
    if speaks_for_job() {
        tell();
    } else {
        std::thread::sleep(TIME_TO_SPEAK);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn detected(variables: &[(&str, &str)]) -> Result<Option<Launcher>, Problem> {
        let value = |name: &str| variables.iter().find(|(known, _)| *known == name).map(|(_, value)| value.to_string());
        Launcher::from_variables(value)
    }

    fn ranks(variables: &[(&str, &str)]) -> Option<(usize, usize, bool)> {
        detected(variables).unwrap().map(|found| (found.rank, found.size, found.connects))
    }

    #[test]
    fn launchers_are_told_by_their_variables() {
        assert_eq!(ranks(&[]), None);
        assert_eq!(ranks(&[("OMPI_COMM_WORLD_RANK", "1"), ("OMPI_COMM_WORLD_SIZE", "4")]), Some((1, 4, true)));
        assert_eq!(ranks(&[("PMI_RANK", "0"), ("PMI_SIZE", "2")]), Some((0, 2, true)));
    }

    #[test]
    fn a_batch_script_without_srun_is_one_process() {
        assert_eq!(ranks(&[("SLURM_NTASKS", "64"), ("SLURM_PROCID", "0"), ("SLURM_JOB_ID", "7")]), None);
    }

    #[test]
    fn a_step_counts_its_own_tasks_and_needs_pmi_to_connect_them() {
        let step =
            [("SLURM_STEP_ID", "0"), ("SLURM_PROCID", "3"), ("SLURM_NTASKS", "64"), ("SLURM_STEP_NUM_TASKS", "4")];
        assert_eq!(ranks(&step), Some((3, 4, false)));
        assert_eq!(ranks(&[&step[..], &[("PMIX_RANK", "3")]].concat()), Some((3, 4, true)));
    }

    #[test]
    fn mpirun_inside_a_step_counts_before_the_step() {
        let step = [("SLURM_STEP_ID", "0"), ("SLURM_PROCID", "0"), ("SLURM_STEP_NUM_TASKS", "1")];
        let open_mpi = [("OMPI_COMM_WORLD_RANK", "5"), ("OMPI_COMM_WORLD_SIZE", "8")];
        assert_eq!(ranks(&[&step[..], &open_mpi].concat()), Some((5, 8, true)));
    }

    #[test]
    fn nonsense_is_refused() {
        let text = |variables: &[(&str, &str)]| detected(variables).unwrap_err().message;
        assert!(text(&[("PMI_RANK", "two"), ("PMI_SIZE", "2")]).contains("PMI_RANK to \"two\""));
        assert!(text(&[("PMI_RANK", "2"), ("PMI_SIZE", "2")]).contains("rank 2 of 2"));
    }
}
