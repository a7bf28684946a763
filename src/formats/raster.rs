//! Rasters of one band in projected coordinates, whatever file they come from.

/// Where the cells of a raster lie; row 0 is the northernmost.
#[derive(Debug, Clone, PartialEq)]
pub struct RasterFrame {
    /// Number of rows.
    pub rows: usize,
    /// Number of columns.
    pub columns: usize,
    /// Easting of the western edge.
    pub west: f64,
    /// Northing of the northern edge.
    pub north: f64,
    /// Side of the square cells, in metres.
    pub cell_m: f64,
    /// Horizontal reference system, for example `EPSG:28992`, where the file names one.
    pub crs: Option<String>,
}

/// A part of a raster: row by row from the north, NaN where there is no data.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct RasterWindow {
    /// First row, in rows of the raster.
    pub first_row: usize,
    /// First column.
    pub first_column: usize,
    /// Number of rows.
    pub rows: usize,
    /// Number of columns.
    pub columns: usize,
    /// The values.
    pub values: Vec<f32>,
}
