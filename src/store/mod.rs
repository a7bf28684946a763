//! The run folder: fields in netCDF-4 files, the checksum over them, saved state, and nothing half-written.

mod conventions;
mod crs;
mod disk;
mod hdf5_extra;
mod netcdf;
mod runs;
mod sink;

pub use conventions::FileHeader;
pub use sink::NetcdfSink;
