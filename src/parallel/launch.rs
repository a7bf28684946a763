//! Starts the ranks of a job and brings them to one end.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::thread;

use super::comm::Serial;
use super::launcher::Launcher;
use super::local::Hub;
use super::machine;
use super::runtime::{Runtime, StageLabel};
use super::threads::{Sources, ThreadChoice, choose};
use crate::error::{Error, Problem};

/// What the command line says of threads and ranks.
#[derive(Debug, Clone, Copy, Default)]
pub struct LaunchOptions {
    /// Threads of each rank.
    pub threads: Option<usize>,
    /// Ranks as threads of this process.
    pub local_ranks: Option<usize>,
}

/// Stack of a rank that is a thread: that of a main thread, so that both run the same code.
const STACK_BYTES: usize = 8 << 20;

/// More threads than any machine has cores; more would only exhaust it.
const MOST_THREADS: usize = 4096;
/// Each pair of local ranks has a queue.
const MOST_LOCAL_RANKS: usize = 512;

/// Runs `body` on every rank and returns rank 0's value, over MPI this process's own.
///
/// Over MPI call it from the main thread, once. All processes return alike: if any rank ends with an error, each
/// process returns that of the lowest rank that came to it by itself.
///
/// # Errors
/// That of a rank, a panic on a rank, or ranks that cannot be started as asked for.
pub fn launch<T: Send>(
    options: &LaunchOptions,
    body: impl Fn(&Runtime) -> Result<T, Error> + Sync,
) -> Result<T, Error> {
    for (key, value, most) in
        [("--threads", options.threads, MOST_THREADS), ("--local-ranks", options.local_ranks, MOST_LOCAL_RANKS)]
    {
        if let Some(value) = value.filter(|value| !(1..=most).contains(value)) {
            return Err(Problem::new(format!("{value} given, expected 1 to {most}")).of_key(key).into());
        }
    }
    launch_under(Launcher::detect()?, options, body)
}

/// The number of threads of a process without other processes beside it.
pub fn thread_choice(options: &LaunchOptions) -> ThreadChoice {
    choose(&Sources {
        option: options.threads,
        slurm: slurm_cpus(),
        affinity: machine::affinity(),
        quota: machine::cpu_quota(),
        neighbours: Vec::new(),
        local_ranks: options.local_ranks.unwrap_or(1),
    })
}

/// Name and version of the MPI library, in a build with MPI.
pub fn mpi_library() -> Option<String> {
    #[cfg(feature = "mpi")]
    return Some(super::mpi::library());
    #[cfg(not(feature = "mpi"))]
    None
}

/// `SLURM_CPUS_PER_TASK`, where it is set to a number.
pub(super) fn slurm_cpus() -> Option<usize> {
    std::env::var("SLURM_CPUS_PER_TASK").ok()?.trim().parse().ok()
}

fn launch_under<T: Send>(
    launcher: Option<Launcher>,
    options: &LaunchOptions,
    body: impl Fn(&Runtime) -> Result<T, Error> + Sync,
) -> Result<T, Error> {
    match (launcher, options.local_ranks) {
        (Some(launcher), Some(local_ranks)) if launcher.size > 1 => Err(Problem::new(format!(
            "{local_ranks} local ranks asked for under {} with {} ranks",
            launcher.name, launcher.size
        ))
        .of_key("--local-ranks")
        .hint("leave --local-ranks out under a launcher, or run without the launcher")
        .into()),
        (Some(launcher), None) if cfg!(feature = "mpi") && launcher.size > 1 && !launcher.connects => {
            Err(Problem::new(format!(
                "{} started {} tasks that nothing connects to each other",
                launcher.name, launcher.size
            ))
            .hint("start them with srun --mpi=pmix or with mpirun, or one task only with srun -n 1")
            .into())
        }
        (Some(launcher), None) if launcher.size > 1 || cfg!(feature = "mpi") && launcher.connects => {
            over_mpi(options, &launcher, body)
        }
        (_, Some(n_ranks)) if n_ranks > 1 => over_local_ranks(options, n_ranks, &body),
        _ => alone(options, &body),
    }
}

fn alone<T>(options: &LaunchOptions, body: &impl Fn(&Runtime) -> Result<T, Error>) -> Result<T, Error> {
    let stage = StageLabel::default();
    let runtime = Runtime::with_threads(Box::new(Serial), thread_choice(options), stage.clone())?;
    caught(0, &stage, || body(&runtime))
}

fn over_local_ranks<T: Send>(
    options: &LaunchOptions,
    n_ranks: usize,
    body: &(impl Fn(&Runtime) -> Result<T, Error> + Sync),
) -> Result<T, Error> {
    let hub = Hub::new(n_ranks);
    let threads = thread_choice(options);
    let one_rank = |rank: usize| {
        let stage = StageLabel::default();
        let result = Runtime::with_threads(Box::new(hub.comm(rank)), threads.clone(), stage.clone())
            .and_then(|runtime| caught(rank, &stage, || body(&runtime)));
        hub.end(rank, &result.as_ref().err().map_or_else(|| "it was done".to_owned(), Error::to_string));
        result
    };
    let results: Vec<Result<T, Error>> = thread::scope(|scope| {
        let start = |rank| {
            let builder = thread::Builder::new().name(format!("rank {rank}")).stack_size(STACK_BYTES);
            builder.spawn_scoped(scope, move || one_rank(rank)).map_err(|cause| {
                let text = format!("cannot start local rank {rank}: {cause}");
                hub.end(rank, &text);
                Error::Failed(text)
            })
        };
        let started: Vec<_> = (0..n_ranks).map(start).collect();
        let wait = |thread: Result<thread::ScopedJoinHandle<'_, _>, Error>| {
            thread?.join().unwrap_or_else(|_| Err(Error::Failed("a local rank ended outside of its work".to_owned())))
        };
        started.into_iter().map(wait).collect()
    });
    one_end(results, |rank| hub.was_cut_off(rank))
}

/// Rank 0's value, or the error of the lowest rank that came to it by itself.
fn one_end<T>(results: Vec<Result<T, Error>>, was_cut_off: impl Fn(usize) -> bool) -> Result<T, Error> {
    let failed = |rank: &usize| results[*rank].is_err();
    let culprit = (0..results.len()).filter(failed).min_by_key(|&rank| (was_cut_off(rank), rank)).unwrap_or(0);
    results.into_iter().nth(culprit).expect("there is at least one rank")
}

#[cfg(feature = "mpi")]
fn over_mpi<T>(options: &LaunchOptions, _: &Launcher, body: impl Fn(&Runtime) -> Result<T, Error>) -> Result<T, Error> {
    super::mpi::run(options, body)
}

#[cfg(not(feature = "mpi"))]
fn over_mpi<T>(_: &LaunchOptions, launcher: &Launcher, _: impl Fn(&Runtime) -> Result<T, Error>) -> Result<T, Error> {
    Err(without_mpi(launcher).into())
}

/// The problem of a build without MPI that is one of several ranks.
#[cfg(not(feature = "mpi"))]
fn without_mpi(launcher: &Launcher) -> Problem {
    Problem::new(format!(
        "{} started {} ranks, but this conurb was built without MPI and each would do all the work alone",
        launcher.name, launcher.size
    ))
    .hint("build it with CARGO_TARGET_DIR=target/mpi cargo build --release --features mpi")
}

/// Runs `body`; a panic becomes an error that names rank and stage.
fn caught<T>(rank: usize, stage: &StageLabel, body: impl FnOnce() -> Result<T, Error>) -> Result<T, Error> {
    catch_unwind(AssertUnwindSafe(body)).unwrap_or_else(|panic| {
        let text = panic.downcast_ref::<&str>().map(|text| (*text).to_owned());
        let text = text.or_else(|| panic.downcast_ref::<String>().cloned()).unwrap_or_else(|| "no message".to_owned());
        Err(Error::Failed(format!("rank {rank} panicked {}: {text}", stage.place())))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_rank_that_failed_by_itself_is_the_one_that_is_told() {
        let failed = |text: &str| Err(Error::Failed(text.to_owned()));
        let results = vec![failed("rank 1 has ended"), failed("disk full"), Ok(3)];
        let end = one_end(results, |rank| rank == 0);
        assert_eq!(end.unwrap_err().to_string(), "disk full");
        assert_eq!(one_end(vec![Ok(1), Ok(2)], |_| false).unwrap(), 1);
        assert_eq!(one_end(vec![Ok(1), failed("late")], |_| false).unwrap_err().to_string(), "late");
    }

    #[test]
    fn no_threads_or_ranks_and_absurdly_many_are_refused() {
        for number in [0, 1_000_000, usize::MAX] {
            let options = LaunchOptions { threads: Some(number), local_ranks: None };
            assert_eq!(launch(&options, |_| Ok(())).unwrap_err().exit_code(), 2);
            let options = LaunchOptions { threads: None, local_ranks: Some(number) };
            assert_eq!(launch(&options, |_| Ok(())).unwrap_err().exit_code(), 2);
        }
    }

    fn under(size: usize, connects: bool, local_ranks: Option<usize>) -> Result<usize, Error> {
        let launcher = Launcher { name: "mpirun", rank: 0, size, connects };
        let options = LaunchOptions { threads: Some(1), local_ranks };
        launch_under(Some(launcher), &options, |runtime| Ok(runtime.size()))
    }

    #[test]
    fn ranks_that_would_each_do_all_the_work_are_refused() {
        let unconnected = under(4, false, None).unwrap_err();
        assert_eq!(unconnected.exit_code(), 2);
        let hint = if cfg!(feature = "mpi") { "srun --mpi=pmix" } else { "--features mpi" };
        assert!(unconnected.to_string().contains(hint), "{unconnected}");
        let both = under(4, true, Some(2)).unwrap_err();
        assert_eq!(both.exit_code(), 2);
        assert!(both.to_string().starts_with("--local-ranks: 2 local ranks asked for under mpirun with 4 ranks"));
        assert_eq!(under(1, true, Some(3)).unwrap(), 3);
        assert_eq!(under(1, false, None).unwrap(), 1);
    }

    #[cfg(not(feature = "mpi"))]
    #[test]
    fn a_build_without_mpi_says_how_to_build_one_with_it() {
        let error = under(4, true, None).unwrap_err();
        assert_eq!(error.exit_code(), 2);
        assert!(error.to_string().contains("cargo build --release --features mpi"), "{error}");
    }

    #[test]
    fn a_panic_names_rank_and_stage() {
        let error = launch::<()>(&LaunchOptions { threads: Some(2), local_ranks: None }, |runtime| {
            runtime.enter_stage("traffic.assignment");
            panic!("no route for {}", 7)
        });
        assert_eq!(error.unwrap_err().to_string(), "rank 0 panicked in stage traffic.assignment: no route for 7");
    }
}
