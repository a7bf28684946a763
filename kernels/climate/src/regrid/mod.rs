//! From the cells of one grid to those of another.
//!
//! Each target cell is a weighted mean of source cells ([`Weights`]): of the four around it ([`bilinear`]), of those it
//! overlaps by their share of its area ([`conservative`]; Jones, P. W., First- and second-order conservative remapping schemes
//! for grids in spherical coordinates, Mon. Weather Rev. 127, 1999, 2204, of first order), or the nearest one ([`nearest`]).

mod bilinear;
mod conservative;
mod nearest;
mod sphere;
mod tree;

pub use bilinear::bilinear;
pub use conservative::conservative;
pub use nearest::nearest;

/// Where the cells of a grid lie; longitudes may be of any turn.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Grid<'a> {
    /// Rows of one latitude, columns of one longitude.
    Regular {
        /// Latitude of each row (°), ascending or descending.
        lat: &'a [f64],
        /// Longitude of each column (°), ascending or descending.
        lon: &'a [f64],
    },
    /// Rows and columns of which each cell has a place of its own.
    Curvilinear {
        /// Number of columns.
        columns: usize,
        /// Latitude of each cell (°), row by row.
        lat: &'a [f64],
        /// Longitude of each cell (°).
        lon: &'a [f64],
    },
    /// Places without neighbours.
    Points {
        /// Latitude of each (°).
        lat: &'a [f64],
        /// Longitude of each (°).
        lon: &'a [f64],
    },
}

/// Why there are no weights.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum RegridError {
    /// A grid without cells, or of more than 2³² of them.
    #[error("a grid of {0} cells cannot be used")]
    Cells(usize),
    /// An axis that does not go one way.
    #[error("entry {0} of a latitude or longitude axis does not go on in the direction of those before it")]
    Axis(usize),
    /// Points have no cells around.
    #[error("places without neighbours cannot be interpolated between")]
    Points,
    /// Cells without the borders that are needed.
    #[error("areas are known of grids with rows of one latitude and columns of one longitude alone")]
    Areas,
}

/// For each target cell its source cells, ascending, and their weights, which sum to one; none where no source reaches.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Weights {
    starts: Vec<usize>,
    cells: Vec<u32>,
    weights: Vec<f64>,
}

impl Grid<'_> {
    /// Number of cells.
    pub fn len(&self) -> usize {
        match self {
            Grid::Regular { lat, lon } => lat.len() * lon.len(),
            Grid::Curvilinear { lat, .. } | Grid::Points { lat, .. } => lat.len(),
        }
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Latitude and longitude of a cell (°).
    pub fn place(&self, cell: usize) -> [f64; 2] {
        match self {
            Grid::Regular { lat, lon } => [lat[cell / lon.len()], lon[cell % lon.len()]],
            Grid::Curvilinear { lat, lon, .. } | Grid::Points { lat, lon } => [lat[cell], lon[cell]],
        }
    }

    fn check(&self) -> Result<(), RegridError> {
        if self.is_empty() || self.len() >= u32::MAX as usize {
            return Err(RegridError::Cells(self.len()));
        }
        if let Grid::Regular { lat, lon } = self {
            for axis in [*lat, &unrolled(lon)] {
                let goes_on = |pair: &[f64]| pair[1] != pair[0] && (pair[1] > pair[0]) == (axis[1] > axis[0]);
                let is_number = axis.iter().position(|value| !value.is_finite());
                if let Some(stop) = is_number.or(axis.windows(2).position(|pair| !goes_on(pair)).map(|at| at + 1)) {
                    return Err(RegridError::Axis(stop));
                }
            }
        }
        Ok(())
    }
}

impl Weights {
    /// Number of target cells.
    pub fn len(&self) -> usize {
        self.starts.len().saturating_sub(1)
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Source cells of a target cell and their weights.
    pub fn row(&self, cell: usize) -> (&[u32], &[f64]) {
        let row = self.starts[cell]..self.starts[cell + 1];
        (&self.cells[row.clone()], &self.weights[row])
    }

    /// Target cells that no source reaches.
    pub fn n_unreached(&self) -> usize {
        self.starts.windows(2).filter(|pair| pair[0] == pair[1]).count()
    }

    /// Adds a target cell: weights of the same cell are joined, and all are made to sum to one.
    fn push(&mut self, row: &mut Vec<(u32, f64)>) {
        if self.starts.is_empty() {
            self.starts.push(0);
        }
        row.sort_by_key(|&(cell, _)| cell);
        let sum: f64 = row.iter().map(|(_, weight)| weight).sum();
        for &(cell, weight) in row.iter().filter(|(_, weight)| *weight > 0.0) {
            let first = *self.starts.last().expect("the first start was just put there");
            match self.cells[first..].last() {
                Some(&last) if last == cell => {
                    *self.weights.last_mut().expect("a weight for each cell") += weight / sum
                }
                _ => {
                    self.cells.push(cell);
                    self.weights.push(weight / sum);
                }
            }
        }
        self.starts.push(self.cells.len());
        row.clear();
    }
}

/// The interval of an axis (values going one way) that holds a value, and where in it: 0 at its first end, 1 at its second.
///
/// Up to half an interval beyond either end counts as the end; none farther out. An axis of one value is all that is known of
/// its direction, as in the one cell that somebody cut out for a city: any value counts as that one.
fn locate(axis: &[f64], value: f64) -> Option<(usize, f64)> {
    let n = axis.len();
    if n == 1 {
        return value.is_finite().then_some((0, 0.0));
    }
    let ascends = axis[1] > axis[0];
    let next = axis.partition_point(|&known| if ascends { known <= value } else { known >= value });
    let first = next.clamp(1, n - 1) - 1;
    let share = (value - axis[first]) / (axis[first + 1] - axis[first]);
    (-0.5..=1.5).contains(&share).then(|| (first, share.clamp(0.0, 1.0)))
}

/// Longitudes that go on where they jump by a turn, as they do in a part of the globe across 0° or 180°.
fn unrolled(lon: &[f64]) -> Vec<f64> {
    let mut unrolled: Vec<f64> = Vec::with_capacity(lon.len());
    for &next in lon {
        let before = unrolled.last().copied().unwrap_or(next);
        unrolled.push(next + 360.0 * ((before - next) / 360.0).round());
    }
    unrolled
}

/// A longitude in the turn that begins at `from`.
fn turned(lon: f64, from: f64) -> f64 {
    let turned = from + (lon - from).rem_euclid(360.0);
    if turned >= from + 360.0 { from } else { turned }
}

#[cfg(test)]
mod tests;
