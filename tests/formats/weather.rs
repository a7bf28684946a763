//! Weather years of public files against what pvlib reads in them (`solar/reference/weather_sums.json`).

use std::fs;
use std::path::Path;

use conurb::error::{Error, Warning};
use conurb::formats::Source;
use conurb::formats::epw::read_epw;
use conurb::formats::tmy3::read_tmy3;
use conurb::formats::weather::WeatherYear;

use crate::common::data_dir;

type Reader = fn(Source<'_>) -> Result<(WeatherYear, Vec<Warning>), Error>;

/// A file, its name in the reference and how it is read.
const FILES: [(&str, &str, Reader); 3] = [
    ("NLD_Amsterdam062400_IWEC.epw", "amsterdam_iwec", read_epw),
    ("pvgis_tmy_45N_8E_2005_2023.epw", "pvgis_45N_8E", read_epw),
    ("723170TYA.CSV", "greensboro_tmy3", read_tmy3),
];

fn read(file: &str, reader: Reader) -> Option<(WeatherYear, Vec<Warning>)> {
    let bytes = fs::read(data_dir()?.join("solar").join(file)).unwrap();
    Some(reader(Source { file: Path::new(file), bytes: &bytes }).unwrap())
}

/// The sum of hourly values in thousands: kWh/m² of W/m².
fn thousands(values: &[f32]) -> f64 {
    values.iter().map(|value| f64::from(*value)).sum::<f64>() / 1000.0
}

#[test]
fn annual_sums_and_places_are_those_that_pvlib_reads() {
    let Some(data) = data_dir() else { return };
    let reference = fs::read_to_string(data.join("solar/reference/weather_sums.json")).unwrap();
    let reference: serde_json::Value = serde_json::from_str(&reference).unwrap();
    for (file, name, reader) in FILES {
        let (year, warnings) = read(file, reader).unwrap();
        let expected = |key: &str| reference[name][key].as_f64().unwrap();
        for (key, values) in [("ghi", &year.ghi), ("dni", &year.dni), ("dhi", &year.dhi)] {
            let found = thousands(values);
            assert!((found - expected(key)).abs() < 6e-4, "{name} {key}: {found}");
        }
        let place = [year.latitude, year.longitude, year.elevation_m, year.utc_offset_h];
        assert_eq!(place, ["lat", "lon", "alt", "tz"].map(expected), "{name}");
        // The reference counts from the start of the hour in standard time, whatever clock the rows follow.
        let offset = (year.sun_offset_h + year.utc_offset_h - year.clock_utc_h) * 60.0;
        assert!((offset - expected("sun_offset_min_from_interval_start")).abs() < 1e-9, "{name}: {offset}");
        assert!(year.missing_hours.is_empty());
        assert!(warnings.is_empty(), "{warnings:?}");
    }
}

#[test]
fn rows_stand_in_the_hour_that_their_stamp_ends() {
    // The first rows of the files and, for 24:00 of 31 December, the last; pressures are 993 mbar in TMY3, Pa in EPW.
    let Some((iwec, _)) = read(FILES[0].0, FILES[0].2) else { return };
    assert_eq!((iwec.temp_air[0], iwec.dew_point[0], iwec.relative_humidity[0]), (5.1, 1.8, 79.0));
    assert_eq!((iwec.pressure[0], iwec.sky_infrared[0]), (100_100.0, 288.0));
    assert_eq!((iwec.wind_direction[0], iwec.wind_speed[0]), (340.0, 6.7));
    assert_eq!((iwec.temp_air[8759], iwec.wind_direction[8759]), (5.5, 280.0));
    assert_eq!((iwec.first_weekday, iwec.place.as_str()), (Some(6), "AMSTERDAM"));
    let (pvgis, _) = read(FILES[1].0, FILES[1].2).unwrap();
    assert_eq!((pvgis.temp_air[0], pvgis.pressure[8759], pvgis.clock_utc_h), (2.04, 101_090.0, 0.0));
    assert_eq!((pvgis.first_weekday, pvgis.dni[0].to_bits()), (Some(3), 0));
    let (tmy3, warnings) = read(FILES[2].0, FILES[2].2).unwrap();
    assert_eq!((tmy3.temp_air[0], tmy3.pressure[0], tmy3.wind_speed[0]), (10.0, 99_300.0, 6.2));
    assert_eq!((tmy3.temp_air[8759], tmy3.pressure[8759], tmy3.wind_direction[8759]), (2.2, 98_000.0, 180.0));
    assert_eq!((tmy3.place.as_str(), tmy3.first_weekday), ("GREENSBORO PIEDMONT TRIAD INT", None));
    // The form has no infrared radiation, so that a file cannot lack it.
    assert!(warnings.is_empty() && tmy3.sky_infrared.iter().all(|value| value.is_nan()), "{warnings:?}");
}
