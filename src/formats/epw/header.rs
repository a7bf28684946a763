//! The lines before the rows of an EPW file.

use crate::error::{Problem, Warning};
use crate::formats::csv_table::Splitter;
use crate::formats::table::Row;
use crate::formats::text::{finite, integer, shown};
use crate::formats::weather::WeatherYear;
use crate::formats::weather::rows::Stamp;

pub(super) const OFFSET_COMMENT: &str = "irradiance time offset (h)";
pub(super) const WEEKDAYS: [&str; 7] = ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"];
/// Place, latitude, longitude, time zone and elevation in the first line, with their ranges.
const LOCATION: [(usize, &str, f64, f64); 4] = [
    (6, "latitude", -90.0, 90.0),
    (7, "longitude", -180.0, 180.0),
    (8, "time zone", -12.0, 14.0),
    (9, "elevation", -1000.0, 9999.0),
];

/// What the header says so far.
#[derive(Default)]
pub(super) struct Header {
    location: Option<Location>,
    /// Hours from an hour of UTC to the instant of its radiation.
    irradiance_offset_h: Option<f64>,
    first_weekday: Option<u8>,
    saves_daylight: bool,
}

struct Location {
    place: String,
    /// Values of [`LOCATION`].
    values: [f64; 4],
}

impl Header {
    /// Takes one line; those of other keywords say nothing of weather.
    pub(super) fn take(&mut self, text: &[u8], line: usize, splitter: &mut Splitter) -> Result<(), Problem> {
        let keyword = text.split(|byte| *byte == b',').next().unwrap_or_default().trim_ascii().to_ascii_uppercase();
        match keyword.as_slice() {
            b"LOCATION" => self.location = Some(Location::of(splitter.split(text)?)?),
            _ if line == 1 => {
                return Err(Problem::new("the first line is not a LOCATION")
                    .hint("an EPW file starts with LOCATION,place,region,country,source,number,latitude,longitude,…"));
            }
            // Comments are free text, whose quotes need not be closed.
            b"COMMENTS 1" | b"COMMENTS 2" => {
                if let Some(offset) = irradiance_offset(text)? {
                    self.irradiance_offset_h = Some(offset);
                }
            }
            b"DATA PERIODS" => self.first_weekday = data_periods(splitter.split(text)?)?,
            b"HOLIDAYS/DAYLIGHT SAVINGS" | b"HOLIDAYS/DAYLIGHT SAVING" => {
                self.saves_daylight = saves_daylight(splitter.split(text)?);
            }
            _ => {}
        }
        Ok(())
    }

    /// The head of a year without values.
    pub(super) fn finish(self) -> Result<(WeatherYear, Vec<Warning>), Problem> {
        let Some(Location { place, values: [latitude, longitude, utc_offset_h, elevation_m] }) = self.location else {
            return Err(Problem::new("the file has no line LOCATION").hint("it is empty, or no EPW file"));
        };
        let (clock_utc_h, sun_offset_h) = match self.irradiance_offset_h {
            Some(offset) => (0.0, offset.rem_euclid(1.0)),
            None => (utc_offset_h, 0.5),
        };
        let first_weekday = self.first_weekday;
        let mut year = WeatherYear { place, latitude, longitude, elevation_m, utc_offset_h, ..WeatherYear::default() };
        (year.clock_utc_h, year.sun_offset_h, year.first_weekday) = (clock_utc_h, sun_offset_h, first_weekday);
        let told = "rows are taken as standard time, though the header names daylight saving time";
        let warnings = self.saves_daylight.then(|| Warning::new("weather_daylight_saving", 1, told));
        Ok((year, warnings.into_iter().collect()))
    }
}

impl Location {
    fn of(row: Row<'_>) -> Result<Self, Problem> {
        let mut values = [0.0; 4];
        for ((position, name, least, most), value) in LOCATION.into_iter().zip(&mut values) {
            let field = row.field(position);
            *value = finite(field).map_err(|fault| fault.problem(name, field))?;
            if *value < least || *value > most {
                let message = format!("expected {least} to {most}, found {}", shown(field));
                return Err(Problem::new(message).of_key(name));
            }
        }
        Ok(Location { place: String::from_utf8_lossy(row.field(1)).into_owned(), values })
    }
}

/// The offset that PVGIS writes into a comment, as in `COMMENTS 2,Irradiance Time Offset (h):-0.8239`.
fn irradiance_offset(text: &[u8]) -> Result<Option<f64>, Problem> {
    let comment = String::from_utf8_lossy(text).to_lowercase();
    let Some(start) = comment.find(OFFSET_COMMENT) else { return Ok(None) };
    let rest = comment[start + OFFSET_COMMENT.len()..].trim_start_matches([':', ' ', '=']);
    let number = rest.split([',', ';', ' ', '"']).next().unwrap_or_default().as_bytes();
    match finite(number) {
        Ok(offset) if offset.abs() <= 24.0 => Ok(Some(offset)),
        _ => Err(Problem::new(format!("expected a number of hours, found {}", shown(number))).of_key(OFFSET_COMMENT)),
    }
}

/// Weekday of 1 January from `DATA PERIODS,1,1,Data,Sunday, 1/ 1,12/31`, where the line tells it.
fn data_periods(row: Row<'_>) -> Result<Option<u8>, Problem> {
    let per_hour = row.field(2);
    if integer(per_hour) != Some(1) {
        return Err(Problem::new(format!("expected 1 record per hour, found {}", shown(per_hour)))
            .of_key("DATA PERIODS")
            .hint("average the file to hours first"));
    }
    let is_weekday = |name: &&str| row.field(4).eq_ignore_ascii_case(name.as_bytes());
    let Some(weekday) = WEEKDAYS.iter().position(is_weekday) else { return Ok(None) };
    let start: Vec<Option<i64>> =
        row.field(5).split(|byte| *byte == b'/').map(|part| integer(part.trim_ascii())).collect();
    let [Some(month), Some(day), ..] = start[..] else { return Ok(None) };
    let slot = Stamp { month, day, hour: 1 }.slot();
    Ok(slot.map(|slot| (weekday as i64 - (slot / 24) as i64).rem_euclid(7) as u8))
}

/// Whether `HOLIDAYS/DAYLIGHT SAVINGS,leap,start,end,…` names a start.
fn saves_daylight(row: Row<'_>) -> bool {
    !matches!(row.field(2).trim_ascii(), b"" | b"0" | b"0/0")
}
