//! Typical meteorological years 3 (TMY3) as CSV.
//!
//! Wilcox and Marion 2008, *Users Manual for TMY3 Data Sets*, NREL/TP-581-43156, tables 1-1 and 1-2.

use super::Source;
use super::csv_table::Splitter;
use super::findings::Findings;
use super::links::has_all_columns;
use super::table::{Layout, Row};
use super::text::{Lines, finite, integer, shown};
use super::weather::WeatherYear;
use super::weather::rows::{Column, N_QUANTITIES, Stamp, YearRows};
use crate::error::{Error, Problem, Warning};

const DATE: usize = 0;
const TIME: usize = 1;
/// Place of the first quantity among the wanted columns.
const VALUES: usize = 2;
const WANTED: [&str; VALUES + N_COLUMNS] = [
    "date (mm/dd/yyyy)",
    "time (hh:mm)",
    "ghi (w/m^2)",
    "dni (w/m^2)",
    "dhi (w/m^2)",
    "dry-bulb (c)",
    "dew-point (c)",
    "rhum (%)",
    "pressure (mbar)",
    "wspd (m/s)",
    "wdir (degrees)",
];
const NEEDED: [usize; 6] = [DATE, TIME, 2, 3, 4, 5];
/// The format has no infrared radiation of the sky, the last of the quantities.
const N_COLUMNS: usize = N_QUANTITIES - 1;
const PRESSURE: usize = 6;
const PASCAL_PER_MILLIBAR: f64 = 100.0;
const MISSING: f64 = -9900.0;
/// Latitude, longitude, time zone and elevation in the site line, with their ranges.
const SITE: [(usize, &str, f64, f64); 4] = [
    (4, "latitude", -90.0, 90.0),
    (5, "longitude", -180.0, 180.0),
    (3, "time zone", -12.0, 14.0),
    (6, "elevation", -1000.0, 9999.0),
];

/// Reads a weather year: `.csv`, also with `.gz`.
///
/// Rows are local standard time and hour-ending; the sun stands in the middle of the hour.
///
/// # Errors
/// Everything wrong with the file, each with line, column and hint.
pub fn read_tmy3(source: Source<'_>) -> Result<(WeatherYear, Vec<Warning>), Error> {
    let mut findings = Findings::new(source.file);
    let read = read(source, &mut findings);
    findings.conclude(read)
}

fn read(source: Source<'_>, findings: &mut Findings<'_>) -> Result<(WeatherYear, Vec<Warning>), Problem> {
    let mut lines = Lines::open(source)?;
    let mut splitter = Splitter::default();
    let Some((_, text)) = lines.next()? else { return Err(Problem::new("the file is empty")) };
    let year = splitter.split(text.trim_ascii()).and_then(site).map_err(|problem| problem.at_line(1))?;
    let Some((_, text)) = lines.next()? else { return Err(Problem::new("the file has no line of column names")) };
    let layout = splitter.split(text.trim_ascii()).and_then(header).map_err(|problem| problem.at_line(2))?;
    let columns = columns();
    let mut rows = YearRows::new(year);
    while let Some((line, text)) = lines.next()? {
        let text = text.trim_ascii();
        if text.is_empty() {
            continue;
        }
        let row = match splitter.split(text) {
            Ok(row) => row,
            Err(problem) => {
                findings.at("quotes", line, || problem);
                continue;
            }
        };
        if !has_all_columns(row, &layout, line, findings) {
            continue;
        }
        let Some(slot) = stamp(row, &layout, line, findings).and_then(|stamp| rows.place(stamp, line, findings)) else {
            continue;
        };
        for column in &columns {
            let field = layout.position(VALUES + column.quantity).map_or(&b""[..], |position| row.field(position));
            rows.set(slot, column, field, line, findings);
        }
    }
    rows.finish()
}

/// The site line, as in `723170,"GREENSBORO PIEDMONT TRIAD INT",NC,-5.0,36.100,-79.950,273`.
fn site(row: Row<'_>) -> Result<WeatherYear, Problem> {
    let mut values = [0.0; 4];
    for ((position, name, least, most), value) in SITE.into_iter().zip(&mut values) {
        let field = row.field(position);
        *value = finite(field).map_err(|fault| {
            fault
                .problem(name, field)
                .hint("the first line is number,\"place\",state,time zone,latitude,longitude,elevation")
        })?;
        if *value < least || *value > most {
            return Err(Problem::new(format!("expected {least} to {most}, found {}", shown(field))).of_key(name));
        }
    }
    let [latitude, longitude, utc_offset_h, elevation_m] = values;
    let place = String::from_utf8_lossy(row.field(1)).into_owned();
    let year = WeatherYear { place, latitude, longitude, elevation_m, utc_offset_h, ..WeatherYear::default() };
    Ok(WeatherYear { clock_utc_h: utc_offset_h, sun_offset_h: 0.5, ..year })
}

fn header(row: Row<'_>) -> Result<Layout, Problem> {
    let name = |position| String::from_utf8_lossy(row.field(position)).to_lowercase();
    let names: Vec<String> = (0..row.len()).map(name).collect();
    Layout::of_header(&WANTED, &names)?.having(&NEEDED)
}

fn columns() -> Vec<Column<'static>> {
    let column = |quantity| Column {
        quantity,
        name: WANTED[VALUES + quantity],
        is_missing: |value, column| value == column.missing,
        missing: MISSING,
        factor: if quantity == PRESSURE { PASCAL_PER_MILLIBAR } else { 1.0 },
    };
    (0..N_COLUMNS).map(column).collect()
}

/// The stamp of a row, `01/31/1988` and `24:00`; none, and a problem, if it is none.
fn stamp(row: Row<'_>, layout: &Layout, line: usize, findings: &mut Findings<'_>) -> Option<Stamp> {
    let field = |column| layout.position(column).map_or(&b""[..], |position| row.field(position));
    let stamp = parse_stamp(field(DATE), field(TIME));
    if stamp.is_none() {
        findings.at("stamp", line, || {
            let found = format!("{} and {}", shown(field(DATE)), shown(field(TIME)));
            Problem::new(format!("expected a date MM/DD/YYYY and a full hour HH:00, found {found}"))
        });
    }
    stamp
}

fn parse_stamp(date: &[u8], time: &[u8]) -> Option<Stamp> {
    let mut date = date.split(|byte| *byte == b'/').map(integer);
    let (month, day, _year) = (date.next()??, date.next()??, date.next()??);
    let hour = integer(time.strip_suffix(b":00")?)?;
    date.next().is_none().then_some(Stamp { month, day, hour })
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::*;

    const HEAD: &str = "723170,\"GREENSBORO, NC\",NC,-5.0,36.100,-79.950,273\n\
Date (MM/DD/YYYY),Time (HH:MM),GHI (W/m^2),GHI source,DNI (W/m^2),DHI (W/m^2),Dry-bulb (C),Pressure (mbar),Wspd (m/s)\n";

    fn read_text(text: &str) -> Result<(WeatherYear, Vec<Warning>), Error> {
        read_tmy3(Source { file: Path::new("t.csv"), bytes: text.as_bytes() })
    }

    #[test]
    fn columns_are_found_by_name_and_hours_by_their_ends() {
        let rows = "01/01/1988,01:00,1,x,2,3,4.5,993,6.2\n12/31/1980,24:00,0,x,0,0,-4,-9900,\n";
        let (year, warnings) = read_text(&format!("{HEAD}{rows}")).unwrap();
        assert_eq!((year.ghi[0], year.dni[0], year.dhi[0], year.temp_air[0]), (1.0, 2.0, 3.0, 4.5));
        assert_eq!((year.pressure[0], year.wind_speed[0], year.temp_air[8759]), (99_300.0, 6.2, -4.0));
        assert!(year.pressure[8759].is_nan() && year.wind_speed[8759].is_nan() && year.dew_point[0].is_nan());
        assert_eq!((year.place.as_str(), year.utc_offset_h, year.clock_utc_h), ("GREENSBORO, NC", -5.0, -5.0));
        assert_eq!((year.latitude, year.longitude, year.elevation_m), (36.1, -79.95, 273.0));
        assert_eq!((year.missing_hours.len(), year.missing_hours[0]), (8758, 1));
        assert!(warnings.iter().any(|warning| warning.message == "the file gives no dew point"), "{warnings:?}");
    }

    #[test]
    fn what_is_wrong_names_line_and_column() {
        for (row, expected) in [
            ("01/01/1988,01:30,1,x,2,3,4,993,6", "t.csv:3: expected a date MM/DD/YYYY and a full hour HH:00, found"),
            ("1988-01-01,01:00,1,x,2,3,4,993,6", "t.csv:3: expected a date"),
            ("01/01/1988,25:00,1,x,2,3,4,993,6", "t.csv:3: month 1, day 1, hour 25 is no hour of a year"),
            ("01/01/1988,01:00,1,x,2,3", "t.csv:3: dry-bulb (c): expected 9 columns, found 6"),
            ("01/01/1988,01:00,1,x,2,3,4,99300,6", "t.csv:3: pressure (mbar): pressure is 31000 to 120000 Pa"),
            ("01/01/1988,01:00,,x,2,?,4,993,6", "t.csv:3: dhi (w/m^2): expected a number, found \"?\""),
        ] {
            let error = read_text(&format!("{HEAD}{row}\n")).unwrap_err().to_string();
            assert!(error.starts_with(expected), "{error}");
        }
        for (text, expected) in [
            ("", "t.csv: the file is empty"),
            ("a,b\n", "t.csv:1: latitude: expected a number, found nothing"),
            ("1,A,NC,-5,36,-79,273\n", "t.csv: the file has no line of column names"),
            ("1,A,NC,-5,36,-79,273\nDate (MM/DD/YYYY),x\n", "t.csv:2: the header lacks time (hh:mm), ghi (w/m^2), dni"),
            (HEAD, "t.csv: the file has no row of any hour"),
        ] {
            let error = read_text(text).unwrap_err().to_string();
            assert!(error.starts_with(expected), "{error}");
        }
    }
}
