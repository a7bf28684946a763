//! Photovoltaics: cell temperature, yield, money.

mod cell_temperature;
mod economics;
mod error;
mod power;

pub use cell_temperature::{CellTemperature, PvHours};
pub use economics::{Appraisal, Investment, appraise};
pub use error::PvError;
pub use power::{Losses, PvSystem, ac_energy, ac_power};
