//! `config.csv`: units and coordinate reference system.

use crate::error::{Error, Problem};
use crate::formats::Source;
use crate::formats::csv_table::{self, Columns};
use crate::formats::findings::Findings;
use crate::formats::gmns::fields::is_missing;
use crate::formats::table::{Layout, Row};
use crate::formats::text::shown;
use crate::scenario::LengthUnit;

const SHORT_LENGTH: usize = 0;
const LONG_LENGTH: usize = 1;
const SPEED: usize = 2;
const CRS: usize = 3;
const COLUMNS: Columns = Columns::of(&["short_length", "long_length", "speed", "crs"], &[]);

/// What the units of a folder are, as far as it says.
#[derive(Debug, Clone, Default, PartialEq)]
pub(super) struct Config {
    /// Unit of widths and of references along links.
    pub(super) short_length: Option<LengthUnit>,
    /// Unit of link lengths.
    pub(super) long_length: Option<LengthUnit>,
    /// Unit of speeds.
    pub(super) speed: Option<SpeedUnit>,
    /// Coordinate reference system.
    pub(super) crs: Option<String>,
}

/// A unit of speed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum SpeedUnit {
    MilesPerHour,
    KilometresPerHour,
    MetresPerSecond,
}

impl SpeedUnit {
    pub(super) fn metres_per_second(self) -> f64 {
        match self {
            SpeedUnit::MilesPerHour => LengthUnit::Mile.metres() / 3600.0,
            SpeedUnit::KilometresPerHour => 1000.0 / 3600.0,
            SpeedUnit::MetresPerSecond => 1.0,
        }
    }
    pub(super) fn name(self) -> &'static str {
        match self {
            SpeedUnit::MilesPerHour => "mph",
            SpeedUnit::KilometresPerHour => "km/h",
            SpeedUnit::MetresPerSecond => "m/s",
        }
    }
}

/// Reads the one row of a folder's configuration; nothing is known where there is no such file.
pub(super) fn read(source: Option<Source<'_>>) -> Result<Config, Error> {
    let Some(source) = source else { return Ok(Config::default()) };
    let mut findings = Findings::new(source.file);
    let mut config = None;
    let read = csv_table::read(source, COLUMNS, &mut findings, |row, layout, line, findings| {
        if config.is_some() {
            findings.at("rows", line, || Problem::new("the table has more than one row"));
        }
        config = Some(Config {
            short_length: unit(row, layout, (SHORT_LENGTH, length_unit), line, findings),
            long_length: unit(row, layout, (LONG_LENGTH, length_unit), line, findings),
            speed: unit(row, layout, (SPEED, speed_unit), line, findings),
            crs: unit(row, layout, (CRS, |text| Some(text.to_owned())), line, findings),
        });
    });
    findings.conclude(read)?;
    Ok(config.unwrap_or_default())
}

fn unit<T>(
    row: Row<'_>,
    layout: &Layout,
    (column, parse): (usize, fn(&str) -> Option<T>),
    line: usize,
    findings: &mut Findings<'_>,
) -> Option<T> {
    let field = row.field(layout.position(column)?);
    if is_missing(field) {
        return None;
    }
    let unit = std::str::from_utf8(field).ok().and_then(|text| parse(&text.to_lowercase()));
    if unit.is_none() {
        findings.at("unit", line, || {
            Problem::new(format!("this unit is not understood: {}", shown(field)))
                .of_key(layout.name(column))
                .hint("lengths are in m, km, mile or foot, speeds in mph, kph or m/s")
        });
    }
    unit
}

fn length_unit(text: &str) -> Option<LengthUnit> {
    match text {
        "m" | "meter" | "meters" | "metre" | "metres" => Some(LengthUnit::Metre),
        "km" | "kilometer" | "kilometers" | "kilometre" | "kilometres" => Some(LengthUnit::Kilometre),
        "mi" | "mile" | "miles" => Some(LengthUnit::Mile),
        "ft" | "foot" | "feet" => Some(LengthUnit::Foot),
        _ => None,
    }
}

fn speed_unit(text: &str) -> Option<SpeedUnit> {
    match text {
        "mph" | "mi/h" | "mile/h" | "miles/hour" | "miles per hour" => Some(SpeedUnit::MilesPerHour),
        "kph" | "kmh" | "km/h" | "kmph" | "kilometers per hour" | "kilometres per hour" => {
            Some(SpeedUnit::KilometresPerHour)
        }
        "m/s" | "mps" | "meters per second" | "metres per second" => Some(SpeedUnit::MetresPerSecond),
        _ => None,
    }
}
