//! Writes EPW files.

use std::io::{self, Write};

use super::header::{OFFSET_COMMENT, WEEKDAYS};
use crate::formats::weather::rows::Stamp;
use crate::formats::weather::{HOURS, WeatherYear};

/// What an EPW file says besides its weather; commas, quotes and line breaks in its words become blanks.
#[derive(Debug, Clone, Copy)]
pub struct EpwHead<'a> {
    /// Where the values come from, in a word.
    pub source: &'a str,
    /// Year that rows name; programs show it and compute nothing from it.
    pub row_year: i32,
    /// Two lines of free text.
    pub comments: [&'a str; 2],
}

/// Weekday of 1 January where nothing tells it: that of most typical years.
const USUAL_WEEKDAY: usize = 6;
/// The sun stands in the middle of an hour of standard time.
const MID_HOUR: f64 = 0.5;
/// Source unknown and uncertainty unknown, for each of the fields that have flags.
const FLAGS: &str = "?9?9?9?9?9?9?9?9?9?9?9?9?9?9?9?9?9?9?9?9?9?9";
/// Extraterrestrial horizontal and direct normal radiation: missing.
const NOT_ABOVE_AIR: &str = "9999,9999";
/// Three illuminances and a luminance: missing.
const NOT_LUMINOUS: &str = "999999,999999,999999,9999";
/// Total and opaque sky cover, visibility, ceiling, no observation of present weather and its codes, precipitable water,
/// aerosol optical depth, snow depth, days since snow, albedo, depth and duration of rain: missing.
const NOT_OBSERVED: &str = "99,99,9999,99999,9,999999999,999,0.999,999,99,999,999,99";

/// Writes a weather year as an EPW file: 8 lines of header and 8,760 rows of 35 fields.
///
/// Rows are those of the year's clock. Values have the decimals that the format's own tools write or one more: temperatures
/// and wind speed two, pressure none, all others one; what is not a number gets the code of missing values. What
/// a [`WeatherYear`] does not know is missing too. Design conditions, typical periods, ground temperatures and holidays are
/// none. A year whose weekday is unknown begins on a Sunday.
///
/// After *Auxiliary Programs* of the EnergyPlus documentation 24.1, "EnergyPlus Weather File (EPW) Data Dictionary".
///
/// # Errors
/// It cannot be written; a series has not 8,760 hours; the clock is neither standard time with the sun in the middle of the hour
/// nor UTC, of which the format knows no others.
pub fn write_epw(year: &WeatherYear, head: &EpwHead<'_>, mut out: impl Write) -> io::Result<()> {
    check(year)?;
    write_head(year, head, &mut out)?;
    for slot in 0..HOURS {
        write_row(year, head.row_year, slot, &mut out)?;
    }
    out.flush()
}

fn check(year: &WeatherYear) -> io::Result<()> {
    let refused = |message: String| Err(io::Error::new(io::ErrorKind::InvalidInput, message));
    let of_air = [&year.temp_air, &year.dew_point, &year.relative_humidity, &year.pressure, &year.wind_speed];
    let of_sky = [&year.wind_direction, &year.sky_infrared, &year.ghi, &year.dni, &year.dhi];
    if let Some(series) = of_air.into_iter().chain(of_sky).find(|series| series.len() != HOURS) {
        return refused(format!("a year of weather has {HOURS} hours, not {}", series.len()));
    }
    if !is_standard_time(year) && year.clock_utc_h != 0.0 {
        let (clock, offset) = (year.clock_utc_h, year.sun_offset_h);
        return refused(format!("EPW has no rows of UTC{clock:+} with the sun {offset} h after their start"));
    }
    Ok(())
}

fn is_standard_time(year: &WeatherYear) -> bool {
    year.clock_utc_h == year.utc_offset_h && year.sun_offset_h == MID_HOUR
}

fn write_head(year: &WeatherYear, head: &EpwHead<'_>, out: &mut impl Write) -> io::Result<()> {
    let east = if year.longitude > 180.0 { year.longitude - 360.0 } else { year.longitude };
    let (place, source) = (word(&year.place), word(head.source));
    let (north, zone, height) = (year.latitude, year.utc_offset_h, year.elevation_m);
    writeln!(out, "LOCATION,{place},-,-,{source},-,{north},{east},{zone:.2},{height}")?;
    writeln!(out, "DESIGN CONDITIONS,0")?;
    writeln!(out, "TYPICAL/EXTREME PERIODS,0")?;
    writeln!(out, "GROUND TEMPERATURES,0")?;
    writeln!(out, "HOLIDAYS/DAYLIGHT SAVINGS,No,0,0,0")?;
    writeln!(out, "COMMENTS 1,{}", word(head.comments[0]))?;
    write!(out, "COMMENTS 2,{}", word(head.comments[1]))?;
    if !is_standard_time(year) {
        // The words by which readers know rows of UTC.
        write!(out, "; {OFFSET_COMMENT}: {}", year.sun_offset_h)?;
    }
    let weekday = WEEKDAYS[year.first_weekday.map_or(USUAL_WEEKDAY, usize::from) % WEEKDAYS.len()];
    let (initial, rest) = weekday.split_at(1);
    writeln!(out, "\nDATA PERIODS,1,1,Data,{}{rest}, 1/ 1,12/31", initial.to_ascii_uppercase())
}

fn write_row(year: &WeatherYear, row_year: i32, slot: usize, out: &mut impl Write) -> io::Result<()> {
    let Stamp { month, day, hour } = Stamp::of_slot(slot);
    let number = |series: &[f32], decimals, missing| number(series[slot], decimals, missing);
    writeln!(
        out,
        "{row_year},{month},{day},{hour},60,{FLAGS},{},{},{},{},{NOT_ABOVE_AIR},{},{},{},{},{NOT_LUMINOUS},{},{},{NOT_OBSERVED}",
        number(&year.temp_air, 2, "99.9"),
        number(&year.dew_point, 2, "99.9"),
        number(&year.relative_humidity, 1, "999"),
        number(&year.pressure, 0, "999999"),
        number(&year.sky_infrared, 1, "9999"),
        number(&year.ghi, 1, "9999"),
        number(&year.dni, 1, "9999"),
        number(&year.dhi, 1, "9999"),
        number(&year.wind_direction, 1, "999"),
        number(&year.wind_speed, 2, "999"),
    )
}

/// A number with some decimals and no minus before a zero, or the code of missing values.
fn number(value: f32, decimals: usize, missing: &str) -> String {
    if !value.is_finite() {
        return missing.to_owned();
    }
    let shown = format!("{value:.decimals$}");
    match shown.strip_prefix('-') {
        Some(digits) if digits.bytes().all(|digit| matches!(digit, b'0' | b'.')) => digits.to_owned(),
        _ => shown,
    }
}

/// A word that stays one field of one line; without the words that tell rows of UTC.
fn word(text: &str) -> String {
    let is_kept = |letter: char| !letter.is_control() && !matches!(letter, ',' | '"' | '!');
    let kept: String = text.chars().map(|letter| if is_kept(letter) { letter } else { ' ' }).collect();
    let words: Vec<&str> = kept.split_whitespace().collect();
    let joined = words.join(" ");
    if joined.to_lowercase().contains(OFFSET_COMMENT) { joined.replace('(', " ") } else { joined }
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::*;
    use crate::formats::Source;
    use crate::formats::epw::read_epw;

    const HEAD: EpwHead<'_> = EpwHead { source: "test", row_year: 2050, comments: ["one, two", "three"] };

    fn year() -> WeatherYear {
        let series = |from: f32, step: f32| (0..HOURS).map(|slot| from + step * (slot % 97) as f32).collect();
        WeatherYear {
            place: "New\nTown, \"the old\"".to_owned(),
            latitude: 52.155,
            longitude: 5.387,
            elevation_m: -3.5,
            utc_offset_h: 1.0,
            clock_utc_h: 1.0,
            sun_offset_h: 0.5,
            first_weekday: Some(5),
            ghi: series(0.0, 9.3),
            dni: series(0.0, 8.1),
            dhi: series(0.0, 4.7),
            temp_air: series(-12.34, 0.37),
            dew_point: series(-20.01, 0.29),
            relative_humidity: series(3.0, 1.1),
            pressure: series(97_000.0, 53.0),
            wind_speed: series(0.0, 0.21),
            wind_direction: series(0.0, 3.7),
            sky_infrared: series(180.0, 2.3),
            missing_hours: Vec::new(),
        }
    }

    fn text_of(year: &WeatherYear) -> String {
        let mut out = Vec::new();
        write_epw(year, &HEAD, &mut out).unwrap();
        String::from_utf8(out).unwrap()
    }

    fn read(text: &str) -> WeatherYear {
        read_epw(Source { file: Path::new("w.epw"), bytes: text.as_bytes() }).unwrap().0
    }

    #[test]
    fn the_form_is_that_of_the_dictionary() {
        let text = text_of(&year());
        let lines: Vec<&str> = text.lines().collect();
        assert_eq!(lines.len(), 8 + HOURS);
        assert_eq!(
            lines[..8],
            [
                "LOCATION,New Town the old,-,-,test,-,52.155,5.387,1.00,-3.5",
                "DESIGN CONDITIONS,0",
                "TYPICAL/EXTREME PERIODS,0",
                "GROUND TEMPERATURES,0",
                "HOLIDAYS/DAYLIGHT SAVINGS,No,0,0,0",
                "COMMENTS 1,one two",
                "COMMENTS 2,three",
                "DATA PERIODS,1,1,Data,Saturday, 1/ 1,12/31",
            ]
        );
        assert!(lines[8..].iter().all(|line| line.split(',').count() == 35));
        let flags = FLAGS;
        assert_eq!(
            lines[8],
            format!(
                "2050,1,1,1,60,{flags},-12.34,-20.01,3.0,97000,9999,9999,180.0,0.0,0.0,0.0,999999,999999,999999,9999,0.0,0.00,\
                 99,99,9999,99999,9,999999999,999,0.999,999,99,999,999,99"
            )
        );
        assert!(lines[8 + HOURS - 1].starts_with("2050,12,31,24,60,"));
    }

    #[test]
    fn what_is_written_reads_back_to_its_digits() {
        let (written, back) = (year(), read(&text_of(&year())));
        let pairs = [
            (&written.ghi, &back.ghi, 0.05),
            (&written.dni, &back.dni, 0.05),
            (&written.dhi, &back.dhi, 0.05),
            (&written.temp_air, &back.temp_air, 0.005),
            (&written.dew_point, &back.dew_point, 0.005),
            (&written.relative_humidity, &back.relative_humidity, 0.05),
            (&written.pressure, &back.pressure, 0.5),
            (&written.wind_speed, &back.wind_speed, 0.005),
            (&written.wind_direction, &back.wind_direction, 0.05),
            (&written.sky_infrared, &back.sky_infrared, 0.05),
        ];
        for (quantity, (written, back, half_digit)) in pairs.into_iter().enumerate() {
            // A little more than half a digit, as the values are floats of 32 bits.
            let is_near = |(one, other): (&f32, &f32)| (one - other).abs() <= half_digit * 1.001 + one.abs() * 1e-7;
            assert!(written.iter().zip(back).all(is_near), "quantity {quantity}");
        }
        let site = |year: &WeatherYear| [year.latitude, year.longitude, year.elevation_m, year.utc_offset_h];
        assert_eq!(site(&written), site(&back));
        assert_eq!((back.first_weekday, back.clock_utc_h, back.sun_offset_h), (Some(5), 1.0, 0.5));
        // Numbers with few digits are the same once they have been written.
        assert_eq!(text_of(&WeatherYear { place: written.place, ..back }), text_of(&year()));
    }

    #[test]
    fn what_is_missing_stays_missing() {
        let mut year = year();
        for series in [&mut year.ghi, &mut year.temp_air, &mut year.pressure, &mut year.wind_direction] {
            series[5] = f32::NAN;
        }
        (year.dhi[6], year.dew_point[6], year.sky_infrared[6]) = (f32::INFINITY, f32::NAN, f32::NAN);
        (year.temp_air[7], year.longitude, year.first_weekday) = (-0.001, 355.5, None);
        let text = text_of(&year);
        assert!(text.lines().nth(8 + 7).unwrap().contains("?9,0.00,"), "{text:.2000}");
        let back = read(&text);
        assert!([&back.ghi, &back.temp_air, &back.pressure, &back.wind_direction].iter().all(|one| one[5].is_nan()));
        assert!(back.dhi[6].is_nan() && back.dew_point[6].is_nan() && back.sky_infrared[6].is_nan());
        assert!(back.dew_point[5].is_finite() && back.ghi[6].is_finite());
        assert_eq!((back.longitude, back.first_weekday), (-4.5, Some(6)));
    }

    #[test]
    fn rows_of_utc_are_told_as_readers_know_them() {
        let utc = WeatherYear { clock_utc_h: 0.0, sun_offset_h: 0.1761, ..year() };
        let back = read(&text_of(&utc));
        assert_eq!((back.utc_offset_h, back.clock_utc_h, back.sun_offset_h), (1.0, 0.0, 0.1761));
        // The words in somebody else's comment do not count.
        let head = EpwHead { comments: ["Irradiance Time Offset (h): 0.3", ""], ..HEAD };
        let mut out = Vec::new();
        write_epw(&year(), &head, &mut out).unwrap();
        assert_eq!(read(std::str::from_utf8(&out).unwrap()).clock_utc_h, 1.0);
        let refused = |year: &WeatherYear| write_epw(year, &HEAD, io::sink()).unwrap_err().to_string();
        let other = WeatherYear { sun_offset_h: 0.25, ..year() };
        assert_eq!(refused(&other), "EPW has no rows of UTC+1 with the sun 0.25 h after their start");
        let short = WeatherYear { dni: vec![0.0; 8759], ..year() };
        assert_eq!(refused(&short), "a year of weather has 8760 hours, not 8759");
    }
}
