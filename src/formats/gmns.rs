//! Networks as GMNS folders: the General Modeling Network Specification, version 0.96
//! (<https://github.com/zephyr-data-specs/GMNS>).

mod config;
mod datapackage;
mod defaults;
mod fields;
mod links;
mod movements;
mod network;
mod nodes;
mod ruler;
mod schema;
mod write;
mod zones;

use super::links::oddities;
use super::{RoadNetwork, Source};
use crate::error::{Error, Warning};
use crate::scenario::{LengthUnit, TimeUnit};

pub use datapackage::datapackage;
pub use write::{GmnsTables, GmnsTurns};
pub use zones::add_zones_at_nodes;

/// Files of a folder that are read; the first two are needed, the others are used where they are there.
pub const FILES: [&str; 5] = ["node.csv", "link.csv", "config.csv", "movement.csv", "zone.csv"];

/// The files of a folder.
#[derive(Debug, Clone, Copy)]
pub struct GmnsFiles<'a> {
    /// `node.csv`.
    pub node: Source<'a>,
    /// `link.csv`.
    pub link: Source<'a>,
    /// `config.csv`, which says the units.
    pub config: Option<Source<'a>>,
    /// `movement.csv`, turns.
    pub movement: Option<Source<'a>>,
    /// `zone.csv`, of which only the ids are used.
    pub zone: Option<Source<'a>>,
}

/// The units that a network is wanted in.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct GmnsUnits {
    /// Of free-flow times.
    pub time: TimeUnit,
    /// Of lengths.
    pub length: LengthUnit,
    /// Hours that capacities are per; the files have them per hour.
    pub period_h: f64,
}

/// Reads a network for cars, its values in `units`; tolls stay in the folder's currency.
///
/// Links that no car may use are left out. Capacity is per lane in the files and times the lanes here. What is missing is
/// filled in from `facility_type` and the coordinates, and each kind is a counted warning.
///
/// # Errors
/// Everything wrong with the files, each with file, line, column and hint.
pub fn read_gmns(files: &GmnsFiles<'_>, units: GmnsUnits) -> Result<(RoadNetwork, Vec<Warning>), Error> {
    let config = config::read(files.config)?;
    let (nodes, mut warnings) = nodes::read(files.node)?;
    let (table, more) = links::read(files.link, &nodes)?;
    warnings.extend(more);
    let measure = ruler::decide(&config, &nodes, &table.rows, units.length);
    warnings.extend(measure.warnings.iter().cloned());
    let (mut network, more) = network::assemble(&nodes, &table, &measure, units);
    network::check(&network, &table, files.link.file)?;
    warnings.extend(more);
    warnings.extend(zones::place(&mut network, &nodes, files.zone)?);
    if let Some(movement) = files.movement {
        warnings.extend(movements::read(movement, &mut network, &table)?);
    }
    warnings.extend(oddities(&network));
    Ok((network, warnings))
}
