use std::path::Path;

use super::*;
use crate::formats::weather::HOURS;

const HEAD: &str = "LOCATION,\"Town, New\",-,NLD,IWEC,0,52.30,4.77,1.0,-2.0\n\
DESIGN CONDITIONS,0\n\
HOLIDAYS/DAYLIGHT SAVINGS,No,0,0,0\n\
COMMENTS 1,\"not closed\n\
DATA PERIODS,1,1,Data,Sunday, 1/ 1,12/31\n";

fn row(month: usize, day: usize, hour: usize, values: &str) -> String {
    format!("2019,{month},{day},{hour},60,?9,{values}\n")
}

/// Dry bulb, dew point, humidity, pressure, two extraterrestrial, infrared, global, normal, diffuse, …, wind.
const FAIR: &str = "5.5,1.5,80,100000,0,0,300,400.5,500,100,0,0,0,0,270,3.5,0,0";

/// All rows of a year, some of them as `change` wants.
fn file(head: &str, change: impl Fn(usize, String) -> String) -> String {
    let rows = (0..HOURS).map(|slot| {
        let Stamp { month, day, hour } = Stamp::of_slot(slot);
        change(slot, row(month as usize, day as usize, hour as usize, FAIR))
    });
    std::iter::once(head.to_owned()).chain(rows).collect()
}

fn read_text(text: &str) -> Result<(WeatherYear, Vec<Warning>), Error> {
    read_epw(Source { file: Path::new("w.epw"), bytes: text.as_bytes() })
}

fn codes(warnings: &[Warning]) -> Vec<(&str, u64)> {
    warnings.iter().map(|warning| (warning.code.as_str(), warning.count)).collect()
}

#[test]
fn every_quantity_stands_in_its_place() {
    let (year, warnings) = read_text(&file(HEAD, |_, row| row)).unwrap();
    assert!(warnings.is_empty(), "{warnings:?}");
    assert_eq!((year.place.as_str(), year.latitude, year.longitude), ("Town, New", 52.3, 4.77));
    assert_eq!((year.utc_offset_h, year.clock_utc_h, year.sun_offset_h, year.elevation_m), (1.0, 1.0, 0.5, -2.0));
    let last = |values: &[f32]| values[HOURS - 1];
    assert_eq!([last(&year.ghi), last(&year.dni), last(&year.dhi)], [400.5, 500.0, 100.0]);
    assert_eq!([last(&year.temp_air), last(&year.dew_point), last(&year.relative_humidity)], [5.5, 1.5, 80.0]);
    assert_eq!([last(&year.pressure), last(&year.sky_infrared)], [100_000.0, 300.0]);
    assert_eq!([last(&year.wind_direction), last(&year.wind_speed)], [270.0, 3.5]);
}

#[test]
fn the_header_tells_clock_and_weekday() {
    let with = |from: &str, to: &str| read_text(&file(&HEAD.replace(from, to), |_, row| row));
    for (comment, clock, offset) in [
        ("COMMENTS 2,Irradiance Time Offset (h):-0.8239", 0.0, 0.1761),
        ("COMMENTS 2,\"x; irradiance time offset (h): 0.25, y\"", 0.0, 0.25),
        ("COMMENTS 2,Irradiance Time Offset is told elsewhere", 1.0, 0.5),
    ] {
        let (year, _) = with("COMMENTS 1,\"not closed", comment).unwrap();
        assert!((year.sun_offset_h - offset).abs() < 1e-12 && year.clock_utc_h == clock, "{comment}");
        assert_eq!(year.utc_offset_h, 1.0);
    }
    // Three days after 1 January, so that a Sunday on the fourth is a Thursday on the first.
    for (period, weekday) in [("Sunday, 1/ 1", Some(6)), ("Sunday,1/4/2019", Some(3)), ("Someday,1/1", None)] {
        assert_eq!(with("Sunday, 1/ 1", period).unwrap().0.first_weekday, weekday, "{period}");
    }
    let (_, warnings) = with("SAVINGS,No,0,0", "SAVINGS,No,3/31,10/27").unwrap();
    assert_eq!(codes(&warnings), [("weather_daylight_saving", 1)]);
}

#[test]
fn gaps_are_counted_and_named() {
    let text = file(HEAD, |slot, row| match slot {
        // 2 January 3:00 to 4:00 and the last hour.
        27 | 8759 => String::new(),
        30 => row.replace("5.5,1.5,80,100000", "99.9,99.9,999,999999").replace("270,3.5", "999,999"),
        31 => row.replace("300,400.5,500,100", "9999,9999,9999,9999"),
        32 => row.replace("400.5", "-1.5").replace(",5.5,", ",,"),
        _ => row,
    });
    let leap: String = (1..=24).map(|hour| row(2, 29, hour, FAIR)).collect();
    let (year, warnings) = read_text(&(text + &leap)).unwrap();
    assert_eq!(year.missing_hours, [27, 8759]);
    assert!([27, 31, 8759].iter().all(|slot| year.ghi[*slot].is_nan()));
    assert!(year.temp_air[30].is_nan() && year.pressure[30].is_nan() && year.wind_speed[30].is_nan());
    assert_eq!((year.ghi[32], year.dni[32], year.dew_point[32]), (0.0, 500.0, 1.5));
    let named = |name: &str, count: u64| {
        let told = |warning: &&Warning| warning.message.contains(name) && warning.count == count;
        assert_eq!(warnings.iter().filter(told).count(), 1, "{name}: {warnings:?}");
    };
    named("no row for 2 of 8760 hours, the first 01-02 04:00, 12-31 24:00", 2);
    named("24 hours of 29 February are left out", 24);
    named("no air temperature in 2 of 8758 rows, the first 01-02 07:00", 2);
    named("no global horizontal irradiance in 1 of 8758 rows, the first 01-02 08:00", 1);
    named("global horizontal irradiance below zero in 1 rows counts as zero, the first 01-02 09:00", 1);
}

#[test]
fn a_quantity_that_the_file_does_not_give_is_one_warning() {
    let (year, warnings) = read_text(&file(HEAD, |_, row| row.replace("0,0,300", "0,0,9999"))).unwrap();
    assert!(year.sky_infrared.iter().all(|value| value.is_nan()));
    assert_eq!(codes(&warnings), [("weather_missing_values", 8760)]);
    assert_eq!(warnings[0].message, "the file gives no infrared radiation of the sky");
}

#[test]
fn what_is_wrong_names_line_and_column() {
    // The header has 5 lines: slot 0 is line 6.
    for (from, to, expected) in [
        (",1,1,1,60", ",1,1,2,60", "w.epw:7: the hour 01-01 02:00 stands in line 6 already"),
        (",1,1,1,60", ",1,1,0,60", "w.epw:6: month 1, day 1, hour 0 is no hour of a year\n  hint: hours count from 1"),
        (",1,1,1,60", ",13,1,1,60", "w.epw:6: month 13, day 1, hour 1 is no hour of a year"),
        (",1,1,1,60", ",2,30,1,60", "w.epw:6: month 2, day 30, hour 1"),
        (",1,1,1,60", ",-1,1,1,60", "w.epw:6: month -1, day 1"),
        (",1,1,1,60", ",1,x,1,60", "w.epw:6: day: expected an integer, found \"x\""),
        ("400.5", "nan", "w.epw:6: global horizontal radiation: expected a finite number, found \"nan\""),
        ("400.5", "x", "w.epw:6: global horizontal radiation: expected a number, found \"x\""),
        (
            "400.5",
            "1800",
            "w.epw:6: global horizontal radiation: global horizontal irradiance is -20 to 1500 W/m², found",
        ),
        ("400.5", "-99", "w.epw:6: global horizontal radiation: global horizontal irradiance is -20 to 1500"),
        (",5.5,", ",88,", "w.epw:6: dry bulb temperature: air temperature is -90 to 70 °C"),
        ("100000", "1000", "w.epw:6: atmospheric station pressure: pressure is 31000 to 120000 Pa"),
        (",270,3.5,0,0", "", "w.epw:6: expected at least 22 fields, found 20"),
        ("?9", "\"?9", "w.epw:6: a quoted field is not closed"),
    ] {
        let text = file(HEAD, |slot, row| if slot == 0 { row.replace(from, to) } else { row });
        let error = read_text(&text).unwrap_err().to_string();
        assert!(error.starts_with(expected), "{error}");
    }
}

#[test]
fn a_wrong_header_is_told() {
    for (from, to, expected) in [
        ("LOCATION", "PLACE", "w.epw:1: the first line is not a LOCATION"),
        ("52.30", "97", "w.epw:1: latitude: expected -90 to 90, found \"97\""),
        ("1.0,-2.0", "x,-2.0", "w.epw:1: time zone: expected a number"),
        ("4.77,1.0,-2.0", "4.77", "w.epw:1: time zone: expected a number, found nothing"),
        ("PERIODS,1,1", "PERIODS,1,4", "w.epw:5: DATA PERIODS: expected 1 record per hour, found \"4\""),
        ("1,\"not closed", "2,Irradiance Time Offset (h):x", "w.epw:4: irradiance time offset (h): expected a number"),
        ("1,\"not closed", "2,Irradiance Time Offset (h):99", "w.epw:4: irradiance time offset (h): expected a number"),
    ] {
        let error = read_text(&file(&HEAD.replace(from, to), |_, row| row)).unwrap_err().to_string();
        assert!(error.starts_with(expected), "{error}");
    }
    for text in ["", "\n\n", HEAD] {
        let error = read_text(text).unwrap_err().to_string();
        assert!(error.contains("the file has no"), "{error}");
    }
}
