//! Writing the cells of an elevation raster, tile by tile.

use ndarray::{ArrayView2, ArrayView3};

use conurb_solar::raster::{NO_HORIZON, QUANTUM_DEGREES};

use super::cells::TileResult;
use super::metrics::{count, number};
use crate::error::Error;
use crate::field::{FieldSpec, Values, solar as field};
use crate::formats::raster::RasterFrame;
use crate::stages::writing::write_f64;
use crate::stages::{FieldSink, Metric};

/// Which fields a run writes, and how large they are.
pub struct Layout {
    /// Where cells lie.
    pub frame: RasterFrame,
    /// Number of horizons, if they are written.
    pub directions: Option<usize>,
    /// Whether months are written.
    pub monthly: bool,
    /// Starts of the hours that are written one by one, seconds since 1970.
    pub hour_starts: Vec<f64>,
}

/// Fields with one value per cell, in the order of [`of_cells`].
const OF_CELLS: [FieldSpec; 7] = [
    field::CELL_HEIGHT,
    field::CELL_TILT,
    field::CELL_AZIMUTH,
    field::CELL_SKY_VIEW_FACTOR,
    field::CELL_TILTED_SKY_VIEW_FACTOR,
    field::CELL_ANNUAL_IRRADIATION,
    field::CELL_ANNUAL_BEAM_IRRADIATION,
];

fn of_cells(result: &TileResult) -> [&[f32]; 7] {
    [
        &result.heights,
        &result.tilt,
        &result.azimuth,
        &result.sky_view_factor,
        &result.tilted_sky_view_factor,
        &result.annual,
        &result.annual_beam,
    ]
}

impl Layout {
    /// The fields that are written.
    pub fn fields(&self) -> Vec<FieldSpec> {
        let mut fields = vec![field::X, field::Y];
        fields.extend(OF_CELLS);
        if self.monthly {
            fields.push(field::CELL_MONTH_IRRADIATION);
        }
        if !self.hour_starts.is_empty() {
            fields.extend([field::CELL_TIME, field::CELL_IRRADIANCE]);
        }
        if self.directions.is_some() {
            fields.extend([field::HORIZON_AZIMUTH, field::CELL_HORIZON]);
        }
        fields
    }

    /// Announces all fields and writes their coordinates.
    ///
    /// # Errors
    /// The store cannot take them.
    pub fn create(&self, sink: &mut dyn FieldSink) -> Result<(), Error> {
        let RasterFrame { rows, columns, west, north, cell_m, .. } = self.frame;
        let x: Vec<f64> = (0..columns).map(|column| west + (column as f64 + 0.5) * cell_m).collect();
        let y: Vec<f64> = (0..rows).map(|row| north - (row as f64 + 0.5) * cell_m).collect();
        write_f64(sink, &field::X, &x)?;
        write_f64(sink, &field::Y, &y)?;
        for spec in &OF_CELLS {
            sink.create(spec, &[rows, columns])?;
        }
        if self.monthly {
            sink.create(&field::CELL_MONTH_IRRADIATION, &[12, rows, columns])?;
        }
        if !self.hour_starts.is_empty() {
            write_f64(sink, &field::CELL_TIME, &self.hour_starts)?;
            sink.create(&field::CELL_IRRADIANCE, &[self.hour_starts.len(), rows, columns])?;
        }
        if let Some(directions) = self.directions {
            let azimuths: Vec<f64> =
                (0..directions).map(|direction| 360.0 * direction as f64 / directions as f64).collect();
            write_f64(sink, &field::HORIZON_AZIMUTH, &azimuths)?;
            sink.create(&field::CELL_HORIZON, &[directions, rows, columns])?;
        }
        Ok(())
    }

    /// Writes some tiles of this rank; collective, with any number of tiles.
    ///
    /// # Errors
    /// The store cannot take them.
    pub fn write(&self, sink: &mut dyn FieldSink, tiles: &[TileResult]) -> Result<(), Error> {
        for (index, spec) in OF_CELLS.iter().enumerate() {
            let part = |result: &'_ TileResult| vec![result.tile.rows.start, result.tile.columns.start];
            let parts: Vec<_> =
                tiles.iter().map(|result| (part(result), plane(result, of_cells(result)[index]))).collect();
            sink.write_parts(spec, &parts)?;
        }
        let start = |result: &TileResult| vec![0, result.tile.rows.start, result.tile.columns.start];
        if self.monthly {
            let parts: Vec<_> = tiles.iter().map(|result| (start(result), planes(result, &result.months))).collect();
            sink.write_parts(&field::CELL_MONTH_IRRADIATION, &parts)?;
        }
        if !self.hour_starts.is_empty() {
            let parts: Vec<_> = tiles.iter().map(|result| (start(result), planes(result, &result.hours))).collect();
            sink.write_parts(&field::CELL_IRRADIANCE, &parts)?;
        }
        if self.directions.is_some() {
            let angles: Vec<Vec<f32>> = tiles.iter().map(degrees).collect();
            let parts: Vec<_> =
                tiles.iter().zip(&angles).map(|(result, angles)| (start(result), planes(result, angles))).collect();
            sink.write_parts(&field::CELL_HORIZON, &parts)?;
        }
        Ok(())
    }
}

/// Horizons in degrees, NaN where a cell has no height.
fn degrees(result: &TileResult) -> Vec<f32> {
    let angle = |&angle: &u16| if angle == NO_HORIZON { f32::NAN } else { f32::from(angle) * QUANTUM_DEGREES };
    result.horizons.angles.iter().map(angle).collect()
}

fn plane<'a>(result: &TileResult, values: &'a [f32]) -> Values<'a> {
    let shape = (result.tile.rows.len(), result.tile.columns.len());
    Values::F32(ArrayView2::from_shape(shape, values).expect("a tile has a value for each cell").into_dyn())
}

fn planes<'a>(result: &TileResult, values: &'a [f32]) -> Values<'a> {
    let (rows, columns) = (result.tile.rows.len(), result.tile.columns.len());
    let shape = (values.len() / (rows * columns), rows, columns);
    Values::F32(ArrayView3::from_shape(shape, values).expect("a tile has a value for each cell").into_dyn())
}

/// Figures of a raster from the sums of its tiles, in their order.
pub fn metrics(frame: &RasterFrame, sums: &[Vec<f64>], directions: usize) -> Vec<(String, Metric)> {
    let total = |index: usize| sums.iter().map(|tile| tile[index]).sum::<f64>();
    let (cells, irradiation, factors) = (total(0), total(1), total(2));
    let mut metrics = vec![
        count("rows", frame.rows),
        count("columns", frame.columns),
        number("cell_m", frame.cell_m),
        count("directions", directions),
        count("cells_with_height", cells as usize),
    ];
    if cells > 0.0 {
        metrics.push(number("mean_irradiation_kwh_m2", irradiation / cells));
        metrics.push(number("mean_sky_view_factor", factors / cells));
    }
    metrics
}
