//! `conurb bench`: what a run takes, measured for the threads and ranks asked for.

mod assignment;
mod climate;
mod energy;
mod folder;
mod projections;
mod shadows;

pub use assignment::assignment;
pub use climate::climate;
pub use energy::energy;

use crate::error::{Error, Problem};
use crate::parallel::Launcher;

/// Repetitions from which on a spread says something.
const FEW: usize = 3;

/// The numbers of threads to measure with; none stands for the usual one.
fn choices_of_threads(asked: &[usize]) -> Result<Vec<Option<usize>>, Error> {
    if asked.len() > 1 && Launcher::detect()?.is_some_and(|launcher| launcher.size > 1) {
        let problem = Problem::new("several thread counts asked for under a launcher, which starts ranks once");
        return Err(problem.of_key("--threads").hint("measure each in a job of its own").into());
    }
    Ok(if asked.is_empty() { vec![None] } else { asked.iter().copied().map(Some).collect() })
}

/// Refuses measurements of one thing with different results.
fn require_one_result(mut checksums: Vec<String>) -> Result<(), Error> {
    checksums.dedup();
    match checksums.len() {
        0 | 1 => Ok(()),
        _ => Err(Error::Failed(format!("results differ between measurements: {}", checksums.join(", ")))),
    }
}

fn warn_of_few(repetitions: usize, tell: &dyn Fn(&str)) {
    if repetitions < FEW {
        tell(&format!("fewer than {FEW} repetitions: the spread is not known"));
    }
}

fn sorted(values: impl Iterator<Item = f64>) -> Vec<f64> {
    let mut values: Vec<f64> = values.collect();
    values.sort_by(f64::total_cmp);
    values
}
