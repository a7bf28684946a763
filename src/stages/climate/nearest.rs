//! Which cell of the climate a place lies in.

use conurb_numerics::sin_cos_degrees;

use super::grid::TargetGrid;
use super::places::GridShape;

/// Cells as directions from the middle of the Earth.
pub struct Nearest {
    directions: Vec<[f64; 3]>,
    /// Cells from the south, with the last component of their direction.
    from_south: Vec<(f64, usize)>,
    /// Squared length of the chord to the corner of each cell; without end for a list of places.
    reach: Vec<f64>,
}

/// What rounding adds to the reach of a cell.
const ROUNDING: f64 = 1.0 + 1e-6;

impl Nearest {
    /// The cells of a grid.
    pub fn new(grid: &TargetGrid) -> Nearest {
        let directions: Vec<[f64; 3]> =
            grid.lat.iter().zip(&grid.lon).map(|(&lat, &lon)| direction(lat, lon)).collect();
        let reach = match grid.shape {
            GridShape::Grid { rows, columns } => (0..directions.len())
                .map(|cell| corner(&directions, [rows, columns], [cell / columns, cell % columns]))
                .collect(),
            GridShape::Places(n) => vec![f64::INFINITY; n],
        };
        let mut from_south: Vec<(f64, usize)> =
            directions.iter().enumerate().map(|(cell, direction)| (direction[2], cell)).collect();
        from_south.sort_by(|one, other| one.0.total_cmp(&other.0));
        Nearest { directions, from_south, reach }
    }

    /// The nearest cell, the first of several, and whether the place lies within the reach of its corners.
    pub fn cell(&self, lat: f64, lon: f64) -> (usize, bool) {
        let here = direction(lat, lon);
        let mut best = (0, f64::INFINITY);
        // Whether a cell as far to the north or south could be nearer than the best, which it becomes if it is.
        let mut look = |&(z, cell): &(f64, usize)| {
            let chord = squared_chord(self.directions[cell], here);
            if chord < best.1 || chord == best.1 && cell < best.0 {
                best = (cell, chord);
            }
            (z - here[2]) * (z - here[2]) <= best.1
        };
        let (south, north) = self.from_south.split_at(self.from_south.partition_point(|(z, _)| *z < here[2]));
        let _ = north.iter().all(&mut look);
        let _ = south.iter().rev().all(&mut look);
        (best.0, best.1 <= self.reach[best.0] * ROUNDING)
    }
}

fn direction(lat: f64, lon: f64) -> [f64; 3] {
    let ((sin_lat, cos_lat), (sin_lon, cos_lon)) = (sin_cos_degrees(lat), sin_cos_degrees(lon));
    [cos_lat * cos_lon, cos_lat * sin_lon, sin_lat]
}

fn squared_chord(one: [f64; 3], other: [f64; 3]) -> f64 {
    one.iter().zip(other).map(|(one, other)| (one - other) * (one - other)).sum()
}

/// Squared chord to the farthest corner: a quarter of that to the farthest neighbour across it; without end where the
/// grid has one row or column.
fn corner(directions: &[[f64; 3]], [rows, columns]: [usize; 2], [row, column]: [usize; 2]) -> f64 {
    let around = |at: usize, n: usize| [at.checked_sub(1), Some(at + 1).filter(|&next| next < n)];
    let here = directions[row * columns + column];
    let mut farthest = None;
    for row in around(row, rows).into_iter().flatten() {
        for column in around(column, columns).into_iter().flatten() {
            let chord = squared_chord(directions[row * columns + column], here);
            farthest = Some(chord.max(farthest.unwrap_or(0.0)));
        }
    }
    farthest.map_or(f64::INFINITY, |chord: f64| chord / 4.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn grid(lat: &[f64], lon: &[f64]) -> TargetGrid {
        let all = |lat: &f64| lon.iter().map(move |lon| (*lat, *lon)).collect::<Vec<_>>();
        let places: Vec<(f64, f64)> = lat.iter().flat_map(all).collect();
        TargetGrid {
            shape: GridShape::Grid { rows: lat.len(), columns: lon.len() },
            lat: places.iter().map(|place| place.0).collect(),
            lon: places.iter().map(|place| place.1).collect(),
            names: Vec::new(),
            elevation_m: None,
        }
    }

    #[test]
    fn places_lie_in_the_nearest_cell_up_to_its_corner() {
        let nearest = Nearest::new(&grid(&[1.0, 0.0], &[359.0, 0.0, 1.0]));
        assert_eq!(nearest.cell(0.1, 0.4), (4, true));
        assert_eq!(nearest.cell(0.9, -0.9), (0, true));
        // The corner of the last cell is at 0.5 S, 1.5 E.
        assert_eq!(nearest.cell(-0.49, 1.49), (5, true));
        assert_eq!(nearest.cell(-0.55, 1.55), (5, false));
        assert_eq!(nearest.cell(40.0, 1.0), (2, false));
    }

    #[test]
    fn no_cell_is_nearer_than_the_one_that_is_found() {
        let lat: Vec<f64> = (0..23).map(|row| -66.0 + 6.0 * f64::from(row)).collect();
        let lon: Vec<f64> = (0..60).map(|column| 6.0 * f64::from(column)).collect();
        let nearest = Nearest::new(&grid(&lat, &lon));
        for number in 0..500 {
            let number = f64::from(number);
            let (lat, lon) = (90.0 * (number * 0.618).sin(), number * 37.7);
            let chords: Vec<f64> =
                nearest.directions.iter().map(|cell| squared_chord(*cell, direction(lat, lon))).collect();
            let least = chords.iter().copied().fold(f64::INFINITY, f64::min);
            let first = chords.iter().position(|chord| *chord == least).unwrap();
            assert_eq!(nearest.cell(lat, lon).0, first, "{lat} {lon}");
        }
    }

    #[test]
    fn a_row_reaches_everywhere() {
        assert_eq!(Nearest::new(&grid(&[50.0], &[4.0, 5.0])).cell(10.0, 4.9), (1, true));
    }
}
