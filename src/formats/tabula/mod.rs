//! Parameter tables of TABULA (IWU, CC BY 4.0), one CSV for each sheet of `tabula-values.xlsx`.
//!
//! Files are known by their names, `tabula_` may stand before them: [`FILES`]. `#N/A` and `-` are no values. Tables hold all
//! countries; rows of `EU` hold for those that have none of their own.

mod rows;
mod sheets;

pub use rows::{BoundaryCondition, Construction, Element, Measure, UClass, WindowClass, YearClass};
pub use sheets::{FILES, Tabula, read_tabula};
