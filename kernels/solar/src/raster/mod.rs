//! Elevation rasters: horizons, sky-view factors, irradiation of cells.
