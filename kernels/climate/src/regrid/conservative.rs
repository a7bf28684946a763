//! Shares of overlapping areas.

use std::ops::Range;

use conurb_numerics::sin_cos_degrees;

use super::{Grid, RegridError, Weights, locate, turned, unrolled};

/// Means of the source cells that overlap each target cell, by their share of its area: the area (sin φ₂ − sin φ₁) Δλ of the
/// sphere between two latitudes and two longitudes. Borders are half way between middles, and not beyond the poles.
///
/// A target that is a place takes the cell that it lies in. Target cells that the source covers in part take what is there.
///
/// # Errors
/// Grids whose cells have no such borders; a grid without cells or with axes that do not go one way.
pub fn conservative(source: &Grid<'_>, target: &Grid<'_>) -> Result<Weights, RegridError> {
    source.check()?;
    target.check()?;
    let Grid::Regular { lat, lon } = *source else { return Err(RegridError::Areas) };
    let lon = &unrolled(lon)[..];
    match *target {
        Grid::Regular { lat: target_lat, lon: target_lon } => {
            Ok(overlaps([lat, lon], [target_lat, &unrolled(target_lon)]))
        }
        Grid::Points { .. } => Ok(containing([lat, lon], target)),
        Grid::Curvilinear { .. } => Err(RegridError::Areas),
    }
}

/// Source cells along one axis and how much of a target cell each covers.
type Overlap = Vec<(usize, f64)>;

fn overlaps([lat, lon]: [&[f64]; 2], [target_lat, target_lon]: [&[f64]; 2]) -> Weights {
    let height = |low: f64, high: f64| sin_cos_degrees(high).0 - sin_cos_degrees(low).0;
    let bands: Vec<[f64; 2]> = (0..lat.len()).map(|row| latitudes(lat, row)).collect();
    let of_rows: Vec<Overlap> = (0..target_lat.len())
        .map(|row| {
            let [low, high] = latitudes(target_lat, row);
            let shared = |band: &[f64; 2]| (band[0].max(low), band[1].min(high));
            let both = bands.iter().map(shared).enumerate().filter(|(_, (low, high))| low < high);
            both.map(|(row, (low, high))| (row, height(low, high))).collect()
        })
        .collect();
    let sectors: Vec<[f64; 2]> = (0..lon.len()).map(|column| borders(lon, column)).collect();
    let of_columns: Vec<Overlap> =
        (0..target_lon.len()).map(|column| around(&sectors, borders(target_lon, column))).collect();
    let (mut weights, mut row) = (Weights::default(), Vec::new());
    for in_rows in &of_rows {
        for in_columns in &of_columns {
            for (line, height) in in_rows {
                row.extend(
                    in_columns.iter().map(|(column, width)| ((line * lon.len() + column) as u32, height * width)),
                );
            }
            weights.push(&mut row);
        }
    }
    weights
}

/// Overlaps of a sector with all others, whatever turn they are in.
fn around(sectors: &[[f64; 2]], [west, east]: [f64; 2]) -> Overlap {
    let mut found = Vec::new();
    for (column, sector) in sectors.iter().enumerate() {
        let first = turned(sector[0], west);
        let width = sector[1] - sector[0];
        // A sector that begins before the target may reach into it from the turn before.
        let shared = |begin: f64| (begin + width).min(east) - begin.max(west);
        let both: f64 = [first, first - 360.0].into_iter().map(shared).filter(|width| *width > 0.0).sum();
        if both > 0.0 {
            found.push((column, both));
        }
    }
    found
}

fn containing([lat, lon]: [&[f64]; 2], target: &Grid<'_>) -> Weights {
    let sectors: Vec<[f64; 2]> = (0..lon.len()).map(|column| borders(lon, column)).collect();
    let (mut weights, mut row) = (Weights::default(), Vec::new());
    for cell in 0..target.len() {
        let [target_lat, target_lon] = target.place(cell);
        let line = locate(lat, target_lat).map(|(first, share)| if share < 0.5 { first } else { first + 1 });
        let holds = |sector: &[f64; 2]| turned(target_lon, sector[0]) < sector[1];
        if let (Some(line), Some(column)) = (line, sectors.iter().position(holds)) {
            row.push(((line.min(lat.len() - 1) * lon.len() + column) as u32, 1.0));
        }
        weights.push(&mut row);
    }
    weights
}

/// Southern and northern border of a row.
fn latitudes(lat: &[f64], row: usize) -> [f64; 2] {
    borders(lat, row).map(|border| border.clamp(-90.0, 90.0))
}

/// Lower and upper border of an entry: half way to its neighbours, as far out at the ends; half a degree of one alone.
fn borders(axis: &[f64], entry: usize) -> [f64; 2] {
    let own = axis[entry];
    let half = |other: Range<usize>| other.clone().next().map(|other| 0.5 * (axis[other] - own).abs());
    let before = half(entry.saturating_sub(1)..entry);
    let after = half(entry + 1..(entry + 2).min(axis.len()));
    let (before, after) = (before.or(after).unwrap_or(0.5), after.or(before).unwrap_or(0.5));
    let ascends = axis.len() < 2 || axis[1] > axis[0];
    let (down, up) = if ascends { (before, after) } else { (after, before) };
    [own - down, own + up]
}
