//! `conurb validate`: standard suites on given inputs, with the code that runs use, as CSV.

mod assignment;
mod cases;
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
