//! `conurb validate`: standard suites on given inputs, with the code that runs use, as CSV.

mod assignment;
mod bestest;
mod cases;
mod downscaling;
mod feeder;
mod horizon;
mod hourly;
mod instant;
mod plane_irradiance;
mod planes;
mod settings;
mod solar_position;

use std::io::ErrorKind;
use std::path::Path;

use crate::error::{Error, Problem};

pub use assignment::assignment;
pub use bestest::bestest;
pub use downscaling::{AdjustedSeries, Statistics, adjusted_series, downscaling};
pub use feeder::feeder;
pub use horizon::horizon;
pub use plane_irradiance::plane_irradiance;
pub use solar_position::solar_position;

/// What every suite prints first.
const CSV_HEADER: &str = "case,quantity,unit,value\n";

/// All bytes of a file that a suite needs.
fn read(file: &Path) -> Result<Vec<u8>, Error> {
    std::fs::read(file).map_err(|cause| match cause.kind() {
        ErrorKind::NotFound => Problem::new("the file does not exist").in_file(file).into(),
        ErrorKind::IsADirectory => Problem::new("expected a file, found a folder").in_file(file).into(),
        _ => Error::file("read", file, cause),
    })
}

/// The error with the file where its problems name none.
fn in_file(error: Error, file: &Path) -> Error {
    let Error::Input(mut problems) = error else { return error };
    for problem in problems.iter_mut().filter(|problem| problem.file.is_none()) {
        problem.file = Some(file.to_path_buf());
    }
    Error::Input(problems)
}
