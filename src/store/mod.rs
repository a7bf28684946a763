//! The run folder: fields in netCDF-4 files, the checksum over them, saved state, and nothing half-written.

// Values go from memory to files and into the checksum without conversion.
const _: () = assert!(cfg!(target_endian = "little"), "the store needs a little-endian machine");

mod checksum;
mod chunks;
mod conventions;
mod crs;
mod disk;
mod finished;
mod folder;
mod hdf5_extra;
mod lock;
mod netcdf;
pub mod read;
mod runs;
mod sink;
mod slabs;
mod state;
mod survey;
mod values;

pub use checksum::checksum;
pub use conventions::FileHeader;
pub use finished::FinishedFields;
pub use folder::{Identity, OpenMode, RunFolder};
pub use sink::NetcdfSink;
pub use state::{SavedState, Section, StateHeader, StateValue, write_state};
pub use survey::{DOMAIN_FILES, OTHER_FILES, REPORT_FILE, SCENARIO_FILE};
