//! The sun: its position at any place and time.
//!
//! The solar position algorithm of Reda & Andreas, Solar position algorithm for solar radiation applications,
//! NREL/TP-560-34302, revised 2008 ("the report"), <https://doi.org/10.2172/15003974>: ±0.0003° in years −2000 to 6000.

mod ephemeris;
mod error;
mod geocentric;
mod instant;
mod nutation_terms;
mod periodic_terms;
mod position;
mod site;
mod topocentric;

pub use ephemeris::Ephemeris;
pub use error::SunError;
pub use instant::{FIRST_JULIAN_DAY, LAST_JULIAN_DAY, julian_day};
pub use position::{SunPosition, position, positions};
pub use site::Site;
