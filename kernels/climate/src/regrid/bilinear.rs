//! Bilinear between the four cells around.

use super::nearest::reach_of;
use super::sphere::{direction, on_plane};
use super::tree::Tree;
use super::{Grid, RegridError, Weights, locate, turned, unrolled};

/// Steps of Newton's method, which needs three or four.
const MOST_STEPS: usize = 20;
/// How far outside of four cells a place may be by rounding.
const ROUNDING: f64 = 1e-9;

/// Means of the four source cells around each target cell, linear along both directions between them: in latitude and
/// longitude on grids with rows of one latitude, else on the plane that touches the sphere at the target.
///
/// Targets up to half a cell outside of the middles of the outermost cells take the nearest of the edge; those farther away
/// have no source. Longitudes of a global grid meet at its ends.
///
/// # Errors
/// A source without neighbours; a grid without cells or with axes that do not go one way.
pub fn bilinear(source: &Grid<'_>, target: &Grid<'_>) -> Result<Weights, RegridError> {
    source.check()?;
    target.check()?;
    match *source {
        Grid::Regular { lat, lon } => Ok(on_regular(lat, &unrolled(lon), target)),
        Grid::Curvilinear { columns, .. } => Ok(on_curvilinear(source, columns, target)),
        Grid::Points { .. } => Err(RegridError::Points),
    }
}

fn on_regular(lat: &[f64], lon: &[f64], target: &Grid<'_>) -> Weights {
    let n = lon.len();
    // Ascending, in one turn, and with the first column again behind the last where the grid goes around.
    let descends = n > 1 && lon[1] < lon[0];
    let column = |place: usize| if descends { n - 1 - place % n } else { place % n };
    let mut axis: Vec<f64> = (0..n).map(|place| lon[column(place)]).collect();
    let spacing = if n > 1 { (axis[n - 1] - axis[0]) / (n - 1) as f64 } else { 1.0 };
    if n > 1 && axis[n - 1] - axis[0] + 1.5 * spacing > 360.0 {
        axis.push(axis[0] + 360.0);
    }
    let from = axis[0] - 0.5 * spacing;
    let (mut weights, mut row) = (Weights::default(), Vec::new());
    for cell in 0..target.len() {
        let [target_lat, target_lon] = target.place(cell);
        let mut longitude = turned(target_lon, from);
        if longitude < axis[0] && axis.len() > n {
            longitude += 360.0;
        }
        if let (Some((south, up)), Some((west, along))) = (locate(lat, target_lat), locate(&axis, longitude)) {
            for (line, of_line) in [(south, 1.0 - up), (south + 1, up)] {
                for (place, of_place) in [(west, 1.0 - along), (west + 1, along)] {
                    if of_line * of_place > 0.0 {
                        row.push(((line * n + column(place)) as u32, of_line * of_place));
                    }
                }
            }
        }
        weights.push(&mut row);
    }
    weights
}

fn on_curvilinear(source: &Grid<'_>, columns: usize, target: &Grid<'_>) -> Weights {
    let directions: Vec<[f64; 3]> = (0..source.len()).map(|cell| direction(source.place(cell))).collect();
    let rows = directions.len() / columns;
    let tree = Tree::new(directions.clone());
    let (mut weights, mut row) = (Weights::default(), Vec::new());
    for cell in 0..target.len() {
        let middle = direction(target.place(cell));
        if let Some((near, distance)) = tree.nearest(middle) {
            let near = near as usize;
            let around = quads(near, rows, columns).find_map(|quad| {
                let corners = quad.map(|corner| on_plane(middle, directions[corner]));
                inside(&corners).map(|shares| (quad, shares))
            });
            match around {
                Some((quad, shares)) => row.extend(quad.map(|corner| corner as u32).into_iter().zip(shares)),
                // Half the way to the farthest neighbour: a quarter of its square.
                None if distance <= 0.25 * reach_of(&directions, near, columns) => row.push((near as u32, 1.0)),
                None => {}
            }
        }
        weights.push(&mut row);
    }
    weights
}

/// The up to four cells that have a middle as a corner: two by two, row by row.
fn quads(near: usize, rows: usize, columns: usize) -> impl Iterator<Item = [usize; 4]> {
    let (row, column) = (near / columns, near % columns);
    let firsts = |at: usize, n: usize| at.saturating_sub(1)..(at + 1).min(n.saturating_sub(1));
    firsts(row, rows).flat_map(move |row| {
        firsts(column, columns).map(move |column| {
            let first = row * columns + column;
            [first, first + 1, first + columns, first + columns + 1]
        })
    })
}

/// Weights of the corners of a quad if the origin lies within: the inverse of bilinear interpolation by Newton's method.
fn inside(corners: &[[f64; 2]; 4]) -> Option<[f64; 4]> {
    let [a, b, c, d] = *corners;
    let (mut along, mut up) = (0.5, 0.5);
    for _ in 0..MOST_STEPS {
        let part = |axis: usize| {
            let (low, high) = (a[axis] + along * (b[axis] - a[axis]), c[axis] + along * (d[axis] - c[axis]));
            let value = low + up * (high - low);
            let by_along = (1.0 - up) * (b[axis] - a[axis]) + up * (d[axis] - c[axis]);
            (value, by_along, high - low)
        };
        let ((x, x_along, x_up), (y, y_along, y_up)) = (part(0), part(1));
        let determinant = x_along * y_up - x_up * y_along;
        if determinant == 0.0 || !determinant.is_finite() {
            return None;
        }
        let (step_along, step_up) = ((x * y_up - x_up * y) / determinant, (x_along * y - x * y_along) / determinant);
        along -= step_along;
        up -= step_up;
        if step_along.abs().max(step_up.abs()) < 1e-13 {
            break;
        }
    }
    let is_within = |share: f64| (-ROUNDING..=1.0 + ROUNDING).contains(&share);
    if !(is_within(along) && is_within(up)) {
        return None;
    }
    let (along, up) = (along.clamp(0.0, 1.0), up.clamp(0.0, 1.0));
    Some([(1.0 - along) * (1.0 - up), along * (1.0 - up), (1.0 - along) * up, along * up])
}
