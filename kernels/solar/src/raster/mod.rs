//! Elevation rasters: horizons, sky-view factors, irradiation of cells.
//!
//! [`horizons`] finds how high the surroundings of each cell stand in N directions, [`cell_planes`] how cells are tilted,
//! [`sky_factors`] what share of the sky's light reaches tilted cells, and [`irradiation`] what sun, sky and
//! ground give them. Row 0 is north, columns run east; a cell without height is NaN, hides nothing and gets NaN.

mod angle;
mod direction;
mod gather;
mod gradient;
mod hull;
mod irradiation;
mod plane;
mod sky_factors;
mod sweep;
mod window;

#[cfg(test)]
mod tests;

pub use angle::{NO_HORIZON, QUANTUM_DEGREES};
pub use gradient::{CellPlanes, Tilt, cell_planes};
pub use irradiation::{DiffuseTotals, SunSample, add_diffuse, beam, irradiation};
pub use sky_factors::{SkyFactors, sky_factors};
pub use sweep::{HorizonMap, Horizons, horizons, sky_view_factors};
pub use window::{Cells, HorizonParameters, RasterError, Window, halo_cells};
