//! Where the cells of a grid lie.

/// How cells are arranged.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum GridShape {
    /// Rows and columns.
    Grid {
        /// Rows.
        rows: usize,
        /// Columns.
        columns: usize,
    },
    /// A list.
    Places(usize),
}

impl GridShape {
    /// Rows and columns; a list is one row.
    pub fn rows_columns(self) -> [usize; 2] {
        match self {
            GridShape::Grid { rows, columns } => [rows, columns],
            GridShape::Places(n) => [1, n],
        }
    }

    /// Number of cells.
    pub fn n_cells(self) -> usize {
        self.rows_columns().iter().product()
    }
}
