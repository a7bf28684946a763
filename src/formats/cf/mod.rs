//! Climate files: netCDF-4 and netCDF-3 with the CF Conventions, read by any number of threads and ranks at once.
//!
//! [`CfFile::open`] reads what a file says of itself ([`Description`]); values are then read by position, without the
//! HDF5 library and its lock.

mod chunk_index;
mod classic;
mod daily;
mod decode;
mod description;
mod file;
mod filters;
mod grid;
mod hdf5_calls;
mod region;
mod survey;
mod time;
mod transpose;
mod units;
mod values;

pub use daily::{DailyScratch, DailyVariable, Piece, open_daily};
pub use decode::{Decoding, Quantity};
pub use description::{
    Attribute, AttributeValue, ByteOrder, ChunkPlace, Description, Filter, Layout, ValueKind, Variable,
};
pub use file::{Block, CfFile, Scratch};
pub use grid::{Axes, CellBounds, CfGrid, GridForm, Projected};
pub use time::TimeUnits;
pub use units::{Conversion, Unit};
