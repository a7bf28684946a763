//! The nearest cell.

use super::sphere::{chord_squared, direction};
use super::tree::Tree;
use super::{Grid, RegridError, Weights};

/// The source cell whose middle is nearest along the sphere, the first of several.
///
/// A cell of a grid reaches as far as to the farthest of its neighbours; targets farther away have no source. Places
/// reach everywhere.
///
/// # Errors
/// A grid without cells or with axes that do not go one way.
pub fn nearest(source: &Grid<'_>, target: &Grid<'_>) -> Result<Weights, RegridError> {
    source.check()?;
    target.check()?;
    let directions: Vec<[f64; 3]> = (0..source.len()).map(|cell| direction(source.place(cell))).collect();
    let reach = |cell: usize| match source {
        Grid::Points { .. } => f64::INFINITY,
        Grid::Regular { lon, .. } => reach_of(&directions, cell, lon.len()),
        Grid::Curvilinear { columns, .. } => reach_of(&directions, cell, *columns),
    };
    let tree = Tree::new(directions.clone());
    let (mut weights, mut row) = (Weights::default(), Vec::new());
    for cell in 0..target.len() {
        let found = tree.nearest(direction(target.place(cell)));
        row.extend(
            found.filter(|&(source, distance)| distance <= reach(source as usize)).map(|(source, _)| (source, 1.0)),
        );
        weights.push(&mut row);
    }
    Ok(weights)
}

/// Square of the chord to the farthest of the cells beside a cell, in its row and in its column.
pub(super) fn reach_of(directions: &[[f64; 3]], cell: usize, columns: usize) -> f64 {
    let (row, column) = (cell / columns, cell % columns);
    let rows = directions.len() / columns;
    let in_row = [column.checked_sub(1), Some(column + 1).filter(|&column| column < columns)];
    let in_column = [row.checked_sub(1), Some(row + 1).filter(|&row| row < rows)];
    if rows == 1 && columns == 1 {
        // Nothing tells how far the only cell reaches.
        return f64::INFINITY;
    }
    let beside = in_row.into_iter().flatten().map(|column| row * columns + column);
    let above = in_column.into_iter().flatten().map(|row| row * columns + column);
    let chord = |other: usize| chord_squared(directions[cell], directions[other]);
    beside.chain(above).map(chord).filter(|chord| chord.is_finite()).fold(0.0, f64::max)
}
