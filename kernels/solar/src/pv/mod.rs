//! Photovoltaics: usable area, cell temperature, yield, money.

mod cell_temperature;
mod economics;
mod error;
mod power;
mod usable_area;

pub use cell_temperature::{CellTemperature, PvHours};
pub use economics::{Appraisal, Investment, appraise};
pub use error::PvError;
pub use power::{Losses, PvSystem, ac_energy, ac_power};
pub use usable_area::{AreaRules, Candidate, Usable, usable_area};
