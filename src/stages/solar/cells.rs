//! Irradiation of the cells of one tile.

use std::collections::BTreeMap;

use conurb_solar::raster::{
    CellPlanes, Cells, DiffuseTotals, HorizonParameters, Horizons, SunSample, Tilt, Window, add_diffuse, beam,
    cell_planes, horizons, sky_factors,
};
use conurb_solar::surface::NO_BIN;

use super::raster::RasterTile;
use super::sky::Sky;
use crate::error::Error;
use crate::formats::raster::{RasterFrame, RasterWindow};

/// Watt-hours in a kilowatt-hour.
const WH_PER_KWH: f32 = 1000.0;
const MONTHS: usize = 12;
/// Slopes are computed as they are, however steep.
const STEEPEST_DEG: f64 = 90.0;

/// What every tile of a run has in common.
pub struct Wanted {
    /// How horizons are found.
    pub parameters: HorizonParameters,
    /// Whether cells count as level.
    pub level: bool,
    /// Sun and sky.
    pub sky: CellSky,
    /// Share that the ground reflects.
    pub albedo: f32,
}

/// A year of sun and sky as cells need it, energies of months and irradiance of single hours.
pub struct CellSky {
    /// Suns of each month that share their shadows, with their energy (Wh/m²).
    of_months: Vec<SunSample>,
    /// Diffuse energy of each month (Wh/m²).
    diffuse_of_months: Vec<DiffuseTotals>,
    /// Single hours: the sun, where there is any, and diffuse irradiance (W/m²).
    of_hours: Vec<(Option<SunSample>, DiffuseTotals)>,
}

/// Results of a tile, row by row.
pub struct TileResult {
    /// The tile.
    pub tile: RasterTile,
    /// Heights (m).
    pub heights: Vec<f32>,
    /// Tilt of cells (°).
    pub tilt: Vec<f32>,
    /// Azimuth of cells (°), 0 where they are level.
    pub azimuth: Vec<f32>,
    /// Sky-view factor of level cells.
    pub sky_view_factor: Vec<f32>,
    /// Sky-view factor of the cells' own planes.
    pub tilted_sky_view_factor: Vec<f32>,
    /// Annual irradiation (kWh/m²).
    pub annual: Vec<f32>,
    /// That straight from the sun (kWh/m²).
    pub annual_beam: Vec<f32>,
    /// Irradiation of months, one after the other (kWh/m²).
    pub months: Vec<f32>,
    /// Irradiance of single hours, one after the other (W/m²).
    pub hours: Vec<f32>,
    /// Horizons.
    pub horizons: Horizons,
    /// Number of cells with a height, sum of their annual irradiation and of their sky-view factors.
    pub sums: [f64; 3],
}

impl CellSky {
    /// Takes `sky` apart; `hours` of the year are wanted one by one.
    pub fn new(sky: &Sky, hours: &[usize]) -> Self {
        let mut members: BTreeMap<(usize, u32), ([f64; 3], f64)> = BTreeMap::new();
        let mut diffuse_of_months = vec![[0.0; 3]; MONTHS];
        for hour in 0..sky.lit.len() {
            let month = sky.month_hour[hour] / 24;
            let parts = [sky.hours.isotropic[hour], sky.hours.horizon[hour], sky.hours.ghi[hour]];
            diffuse_of_months[month].iter_mut().zip(parts).for_each(|(sum, part)| *sum += part);
            let energy = sky.hours.dni[hour] + sky.hours.circumsolar[hour];
            let bin = sky.suns.bin_of_hour[hour];
            if bin == NO_BIN || energy <= 0.0 {
                continue;
            }
            let (vector, sum) = members.entry((month, bin)).or_default();
            let direction = [sky.hours.east[hour], sky.hours.north[hour], sky.hours.up[hour]];
            for axis in 0..3 {
                vector[axis] += energy * direction[axis];
            }
            *sum += energy;
        }
        let of_months =
            members.into_iter().map(|((month, _), (vector, energy))| sample(vector, energy, month)).collect();
        let totals = |[isotropic, horizon_band, ghi]: [f64; 3]| DiffuseTotals {
            isotropic: isotropic as f32,
            horizon_band: horizon_band as f32,
            ghi: ghi as f32,
        };
        let single = |hour: &usize| match sky.lit.binary_search(hour) {
            Err(_) => (None, DiffuseTotals::default()),
            Ok(hour) => {
                let energy = sky.hours.dni[hour] + sky.hours.circumsolar[hour];
                let direction = [sky.hours.east[hour], sky.hours.north[hour], sky.hours.up[hour]];
                let is_up = sky.suns.bin_of_hour[hour] != NO_BIN && energy > 0.0;
                let parts = [sky.hours.isotropic[hour], sky.hours.horizon[hour], sky.hours.ghi[hour]];
                (is_up.then(|| sample(direction, energy, 0)), totals(parts))
            }
        };
        CellSky {
            of_months,
            diffuse_of_months: diffuse_of_months.into_iter().map(totals).collect(),
            of_hours: hours.iter().map(single).collect(),
        }
    }
}

/// A sample from a vector of any length towards the sun.
fn sample(vector: [f64; 3], energy: f64, group: usize) -> SunSample {
    let length = vector.iter().map(|component| component * component).sum::<f64>().sqrt();
    let zenith = libm::acos((vector[2] / length).clamp(-1.0, 1.0)).to_degrees();
    let azimuth = libm::atan2(vector[0], vector[1]).to_degrees().rem_euclid(360.0);
    SunSample::new(zenith, azimuth, energy, group)
}

/// Computes the cells of `tile`, of which `window` holds all that they see.
///
/// # Errors
/// Heights that no ground has.
pub fn compute(
    window: &RasterWindow,
    frame: &RasterFrame,
    tile: &RasterTile,
    wanted: &Wanted,
) -> Result<TileResult, Error> {
    let failed = |error: conurb_solar::raster::RasterError| Error::Failed(format!("the elevation raster: {error}"));
    let seen = Window {
        heights: &window.values,
        first_row: window.first_row,
        first_column: window.first_column,
        rows: window.rows,
        columns: window.columns,
        raster_rows: frame.rows,
        raster_columns: frame.columns,
    };
    let cells = Cells { rows: tile.rows.clone(), columns: tile.columns.clone() };
    let map = horizons(&seen, &cells, &wanted.parameters).map_err(failed)?;
    let tilt = if wanted.level { Tilt::Flat } else { Tilt::FromHeights { steepest_degrees: STEEPEST_DEG } };
    let planes = cell_planes(&seen, &cells, frame.cell_m, tilt).map_err(failed)?;
    let factors = sky_factors(&planes, &map.horizons).map_err(failed)?;
    let n_cells = cells.len();

    let mut months = beam(&planes, &map.horizons, &wanted.sky.of_months, MONTHS).map_err(failed)?;
    let annual_beam = year_of(&months, n_cells);
    add_diffuse(&planes, &factors, &wanted.sky.diffuse_of_months, wanted.albedo, &mut months).map_err(failed)?;
    months.iter_mut().for_each(|value| *value /= WH_PER_KWH);
    let annual: Vec<f32> = year_of(&months, n_cells);
    let mut hours = Vec::with_capacity(wanted.sky.of_hours.len() * n_cells);
    for (sun, diffuse) in &wanted.sky.of_hours {
        let mut hour = beam(&planes, &map.horizons, sun.as_slice(), 1).map_err(failed)?;
        add_diffuse(&planes, &factors, &[*diffuse], wanted.albedo, &mut hour).map_err(failed)?;
        hours.append(&mut hour);
    }
    let mut sums = [0.0; 3];
    for (annual, factor) in annual.iter().zip(&map.sky_view_factors).filter(|(annual, _)| annual.is_finite()) {
        sums[0] += 1.0;
        sums[1] += f64::from(*annual);
        sums[2] += f64::from(*factor);
    }
    Ok(TileResult {
        tile: tile.clone(),
        heights: heights_of(window, tile),
        tilt: (0..n_cells).map(|cell| planes.surface_tilt(cell)).collect(),
        azimuth: (0..n_cells).map(|cell| azimuth_of(&planes, cell)).collect(),
        sky_view_factor: map.sky_view_factors,
        tilted_sky_view_factor: factors.tilted_sky_view_factors,
        annual_beam: annual_beam.into_iter().map(|value| value / WH_PER_KWH).collect(),
        annual,
        months,
        hours,
        horizons: map.horizons,
        sums,
    })
}

/// Sums over the months.
fn year_of(months: &[f32], n_cells: usize) -> Vec<f32> {
    let mut sums = vec![0.0_f64; n_cells];
    for month in months.chunks_exact(n_cells.max(1)) {
        sums.iter_mut().zip(month).for_each(|(sum, value)| *sum += f64::from(*value));
    }
    sums.into_iter().map(|sum| sum as f32).collect()
}

fn azimuth_of(planes: &CellPlanes, cell: usize) -> f32 {
    match planes.up[cell] {
        up if up.is_nan() => f32::NAN,
        1.0 => 0.0,
        _ => planes.surface_azimuth(cell),
    }
}

fn heights_of(window: &RasterWindow, tile: &RasterTile) -> Vec<f32> {
    let first_column = tile.columns.start - window.first_column;
    let row = |row: usize| {
        let start = (row - window.first_row) * window.columns + first_column;
        &window.values[start..start + tile.columns.len()]
    };
    tile.rows.clone().flat_map(row).copied().collect()
}
