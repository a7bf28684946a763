//! OMX 0.2, the open matrix form of travel models: HDF5 with the groups `data` and `lookup`.

mod image;
mod read;
mod trips;
mod write;

pub(super) use read::read_everything;
pub(super) use trips::read_trips;
pub use write::OmxWriter;
