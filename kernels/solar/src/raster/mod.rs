//! Elevation rasters: horizons, sky-view factors, irradiation of cells.
//!
//! [`horizons`] finds how high the surroundings of each cell stand in N directions, [`gradient`] how cells are tilted,
//! [`tilted_sky_view_factors`] what share of the sky's light reaches tilted cells, and [`irradiation`] what sun, sky and
//! ground give them. Row 0 is north, columns run east; a cell without height is NaN, hides nothing and gets NaN.

mod angle;
mod direction;
mod gather;
mod hull;
mod plane;
mod sweep;
mod window;

#[cfg(test)]
mod tests;

pub use angle::{NO_HORIZON, QUANTUM_DEGREES};
pub use sweep::{HorizonMap, Horizons, horizons, sky_view_factors};
pub use window::{Cells, HorizonParameters, RasterError, Window, halo_cells};
