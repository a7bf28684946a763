//! Rasters of a run as a folder of GeoTIFF files: one for each field, and one for each month, direction or hour of it.

use std::io;
use std::ops::Range;
use std::path::Path;

use super::file::{Existing, write_file, write_folder};
use crate::error::{Error, Problem};
use crate::field::{Dim, FieldSpec, solar};
use crate::formats::geotiff::{RasterText, write_geotiff};
use crate::formats::raster::RasterFrame;
use crate::report::solar::notes::SolarNotes;
use crate::report::solar::{column, has_raster, misfit, raster};
use crate::store::read::RunReader;

/// Fields over cells with the beginnings of their files' names and their units for people.
const FIELDS: [(&FieldSpec, &str, &str); 10] = [
    (&solar::CELL_ANNUAL_IRRADIATION, "annual_irradiation", "kWh/m2"),
    (&solar::CELL_ANNUAL_BEAM_IRRADIATION, "annual_beam_irradiation", "kWh/m2"),
    (&solar::CELL_MONTH_IRRADIATION, "month_irradiation", "kWh/m2"),
    (&solar::CELL_SKY_VIEW_FACTOR, "sky_view_factor", "1"),
    (&solar::CELL_TILTED_SKY_VIEW_FACTOR, "tilted_sky_view_factor", "1"),
    (&solar::CELL_HEIGHT, "height", "m"),
    (&solar::CELL_TILT, "tilt", "degree"),
    (&solar::CELL_AZIMUTH, "azimuth", "degree"),
    (&solar::CELL_HORIZON, "horizon", "degree"),
    (&solar::CELL_IRRADIANCE, "irradiance", "W/m2"),
];
const SECONDS_PER_HOUR: i64 = 3600;
const HOURS_PER_DAY: i64 = 24;

/// One file of the folder.
struct Sheet {
    name: String,
    field: &'static FieldSpec,
    /// Place on the axes of the field before those of rows and columns.
    at: Vec<usize>,
    text: RasterText,
}

/// Writes the folder `path`.
///
/// # Errors
/// The run has no raster or is damaged, something else is in the folder, or it cannot be written.
pub fn write(run: &RunReader, path: &Path, existing: Existing) -> Result<(), Error> {
    if !has_raster(run) {
        return Err(Problem::new("the run has no raster")
            .in_file(run.dir())
            .hint("the scenario needs a [solar.raster] table for this")
            .into());
    }
    let notes = SolarNotes::read(run)?;
    let frame = raster::frame(run, notes.crs.as_deref())?;
    let mut sheets = Vec::new();
    for (field, name, unit) in FIELDS.into_iter().filter(|(field, ..)| run.has(field.name)) {
        sheets.extend(sheets_of(run, &frame, field, name, unit)?);
    }
    sheets.iter_mut().for_each(|sheet| sheet.text.items = items(&notes));
    let names: Vec<&str> = sheets.iter().map(|sheet| sheet.name.as_str()).collect();
    write_folder(path, existing, &names, |folder| {
        sheets.iter().try_for_each(|sheet| {
            write_file(&folder.join(&sheet.name), Existing::Refuse, |out| {
                write_geotiff(out, &frame, &sheet.text, |rows, values| fill(run, sheet, rows, values))
            })
        })
    })
}

/// The files of a field.
fn sheets_of(
    run: &RunReader,
    frame: &RasterFrame,
    field: &'static FieldSpec,
    name: &str,
    unit: &str,
) -> Result<Vec<Sheet>, Error> {
    let shape = run.shape(field.name)?;
    let (over_cells, before) = match shape[..] {
        [rows, columns] => ([rows, columns], None),
        [before, rows, columns] => ([rows, columns], Some(before)),
        _ => return Err(misfit(run, format!("field {} has {} axes", field.name, shape.len()))),
    };
    if over_cells != [frame.rows, frame.columns] || before.is_some() != (field.dims.len() == 3) {
        let message = format!("field {} is not over {} rows and {} columns", field.name, frame.rows, frame.columns);
        return Err(misfit(run, message));
    }
    let sheet = |ending: &str, words: &str, at: Vec<usize>| Sheet {
        name: format!("{name}{ending}.tif"),
        field,
        at,
        text: RasterText {
            description: format!("{}{words}", field.long_name),
            unit: unit.to_owned(),
            items: Vec::new(),
        },
    };
    let Some(length) = before else { return Ok(vec![sheet("", "", Vec::new())]) };
    let labels = labels(run, field.dims[0], length)?;
    Ok(labels
        .iter()
        .enumerate()
        .map(|(index, label)| sheet(&format!("_{label}"), &format!(", {label}"), vec![index]))
        .collect())
}

/// What the entries of an axis are called in names of files.
fn labels(run: &RunReader, dim: Dim, length: usize) -> Result<Vec<String>, Error> {
    match dim {
        Dim::Direction => {
            let azimuths = column(run, &solar::HORIZON_AZIMUTH, length)?;
            Ok(distinct(azimuths.iter().map(|azimuth| format!("{:05.1}", azimuth.clamp(0.0, 360.0))).collect()))
        }
        Dim::CellTime => {
            let times = column(run, &solar::CELL_TIME, length)?;
            Ok(distinct(times.iter().map(|seconds| hour_name(*seconds as i64)).collect()))
        }
        _ => Ok((1..=length).map(|number| format!("{number:02}")).collect()),
    }
}

/// Labels with their number where two would be the same.
fn distinct(labels: Vec<String>) -> Vec<String> {
    let mut sorted = labels.clone();
    sorted.sort_unstable();
    match sorted.windows(2).any(|pair| pair[0] == pair[1]) {
        true => labels.into_iter().enumerate().map(|(index, label)| format!("{index:04}_{label}")).collect(),
        false => labels,
    }
}

/// A start of an hour as `2023-06-21T12Z`.
fn hour_name(seconds: i64) -> String {
    let hours = seconds.div_euclid(SECONDS_PER_HOUR);
    let (year, month, day) = civil_date(hours.div_euclid(HOURS_PER_DAY));
    format!("{year:04}-{month:02}-{day:02}T{:02}Z", hours.rem_euclid(HOURS_PER_DAY))
}

/// Date of the Gregorian calendar of a number of days after 1970-01-01 (H. Hinnant 2013, *chrono-compatible low-level
/// date algorithms*, civil_from_days: years start in March, so that the leap day is the last).
fn civil_date(days: i64) -> (i64, i64, i64) {
    let since_era = days + 719_468;
    let era = since_era.div_euclid(146_097);
    let day_of_era = since_era.rem_euclid(146_097);
    let year_of_era = (day_of_era - day_of_era / 1460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
    let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let month_from_march = (5 * day_of_year + 2) / 153;
    let day = day_of_year - (153 * month_from_march + 2) / 5 + 1;
    let month = if month_from_march < 10 { month_from_march + 3 } else { month_from_march - 9 };
    (year_of_era + era * 400 + i64::from(month <= 2), month, day)
}

/// How the sun was computed.
fn items(notes: &SolarNotes) -> Vec<(String, String)> {
    let texts = [
        ("sky_model", &notes.sky_model),
        ("radiation", &notes.radiation),
        ("weather_file", &notes.weather_file),
        ("sun_year", &notes.sun_year),
    ];
    texts.into_iter().filter_map(|(name, text)| Some((name.to_owned(), text.clone()?))).collect()
}

fn fill(run: &RunReader, sheet: &Sheet, rows: Range<usize>, values: &mut [f32]) -> io::Result<()> {
    let part = run.rows_at(sheet.field.name, &sheet.at, rows).map_err(io::Error::other)?;
    // The run has 32-bit floats, so nothing is rounded.
    values.iter_mut().zip(&part).for_each(|(value, cell)| *value = *cell as f32);
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hours_have_the_date_that_they_are_on() {
        // 1700000000 s is 2023-11-14 22:13:20 UTC.
        assert_eq!(hour_name(1_700_000_000), "2023-11-14T22Z");
        assert_eq!(
            [0, 951_782_400, 951_868_800, -1, 4_107_542_400].map(hour_name),
            ["1970-01-01T00Z", "2000-02-29T00Z", "2000-03-01T00Z", "1969-12-31T23Z", "2100-03-01T00Z"]
        );
    }

    #[test]
    fn labels_are_told_apart() {
        let labels = |words: [&str; 2]| distinct(words.map(str::to_owned).to_vec());
        assert_eq!(labels(["a", "b"]), ["a", "b"]);
        assert_eq!(labels(["a", "a"]), ["0000_a", "0001_a"]);
    }
}
