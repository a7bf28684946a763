//! `conurb validate`: standard suites on given inputs, with the code that runs use, as CSV.

mod assignment;
mod cases;

pub use assignment::assignment;

/// What every suite prints first.
const CSV_HEADER: &str = "case,quantity,unit,value\n";
