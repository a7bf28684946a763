//! The layer of the city: indices at places, inhabitants as weights; and the made files it is tested with.
#![allow(clippy::unwrap_used, reason = "a helper that fails fails its test")]

#[path = "common/made_city.rs"]
mod made_city;
#[path = "common/made_climate.rs"]
mod made_climate;
#[path = "common/runs.rs"]
mod runs;

use std::fs;

use conurb::formats::cf::{DailyScratch, Quantity, open_daily};
use conurb_climate::calendar::Calendar;
use made_city::{CRS, Ran, Site};
use made_climate::{Cells, Made};

#[test]
fn made_files_are_read_as_they_were_made() {
    let folder = tempfile::tempdir().unwrap();
    let value = |day: usize, cell: usize| 280.0 + day as f64 / 8.0 + cell as f64 / 64.0;
    for (name, cells) in [
        ("grid.nc", Cells::grid(&[48.0, 49.0], &[10.0, 11.0, 12.0])),
        ("places.nc", Cells::places(&[("Montréal", 45.5, -73.6), ("Amos", 48.6, -78.1)])),
    ] {
        for chunk_days in [None, Some(100)] {
            let path = folder.path().join(name);
            let height = (0..cells.len()).map(|cell| 100.0 * cell as f64).collect::<Vec<_>>();
            let mut made = Made::new("tas", "K", Calendar::NoLeap, [2000, 2001], &cells);
            (made.elevation_m, made.chunk_days) = (Some(height.clone()), chunk_days);
            made.write(&path, |day, _, cell| if day == 3 { f64::NAN } else { value(day, cell) });
            let daily = open_daily(std::slice::from_ref(&path), "tas", Quantity::Temperature).unwrap();
            assert_eq!(daily.days, made.days());
            assert_eq!((daily.grid.len(), daily.grid.elevation.as_ref()), (cells.len(), Some(&height)));
            let mut read = vec![0.0_f64; daily.days.len() * cells.len()];
            let mut scratch = DailyScratch::default();
            daily.read_cells(0..cells.len(), 0..daily.days.len(), &mut scratch, &mut read).unwrap();
            for (cell, series) in read.chunks_exact(daily.days.len()).enumerate() {
                assert!(series[3].is_nan());
                assert_eq!(series[729], value(729, cell));
            }
        }
    }
}

const LAT: [f64; 2] = [52.2, 52.1];
const LON: [f64; 2] = [5.3, 5.4];
/// Tables of three variables, adjusted all days together.
const SCENARIO: &str = "[climate]\nmethod = \"linear_scaling\"\ngrouping = \"all\"\nreference_period = [2001, 2002]\n\
    future_periods = [[2051, 2052]]\njitter_below_mm = 0.0\n\
    [climate.variable.tasmin]\nreference = \"r_tasmin.nc\"\nhistorical = \"h_tasmin.nc\"\n\
    future = { ssp245 = \"f_tasmin.nc\" }\n\
    [climate.variable.tasmax]\nreference = \"r_tasmax.nc\"\nhistorical = \"h_tasmax.nc\"\n\
    future = { ssp245 = \"f_tasmax.nc\" }\n\
    [climate.variable.pr]\nreference = \"r_pr.nc\"\nhistorical = \"h_pr.nc\"\nfuture = { ssp245 = \"f_pr.nc\" }\n";

/// Four cells with nights of 19 degC, days of 29 degC and 2 mm of rain; the future is 2 K warmer and half as wet again.
/// Cells are warmer by `warmer` kelvin; the reference tells its heights, if there are any.
fn climate(heights: Option<[f64; 4]>, warmer: [f64; 4]) -> Site {
    let site = Site::new();
    let cells = Cells::grid(&LAT, &LON);
    for (variable, units, value, future) in
        [("tasmin", "K", 292.15, 294.15), ("tasmax", "K", 302.15, 304.15), ("pr", "mm d-1", 2.0, 3.0)]
    {
        let warmer = |cell: usize| if variable == "pr" { 0.0 } else { warmer[cell] };
        for (run, years, value) in [("r", [2001, 2002], value), ("h", [2001, 2002], value), ("f", [2051, 2052], future)]
        {
            let mut made = Made::new(variable, units, Calendar::NoLeap, years, &cells);
            made.elevation_m = heights.filter(|_| run == "r").map(|heights| heights.to_vec());
            made.write(&site.path(&format!("{run}_{variable}.nc")), |_, _, cell| value + warmer(cell));
        }
    }
    site
}

/// A street, a valley and a hill; July is 10 K colder with each kilometre.
const STATIONS: &str = "station,latitude,longitude,elevation_m,sealed\nstreet,52.2,5.3,100,0.5\n\
    valley,52.1,5.4,50,0\nhill,52.11,5.39,450,0\n";
const CITY: &str = "[climate.city]\nstations = \"stations.csv\"\nprecipitation_gradient_per_km = 0.5\n\
    temperature_gradient_k_per_km = [0, 0, 0, 0, 0, 0, -10, 0, 0, 0, 0, 0]\n\
    covariate.sealed = { tasmin_k = 3.0, tasmax_k = 1.0 }\n";

#[test]
fn stations_have_the_days_of_their_cell_moved_by_height_and_ground() {
    let site = climate(Some([100.0, 0.0, 0.0, 250.0]), [0.0; 4]);
    fs::write(site.path("stations.csv"), STATIONS).unwrap();
    let ran = site.run(&format!("{SCENARIO}{CITY}"), &[]);
    assert_eq!(ran.reader.text("place_name").unwrap(), ["street", "valley", "hill"]);
    assert_eq!(ran.i64("place_cell"), [0, 3, 3]);
    assert_eq!(ran.f64("place_elevation"), [100.0, 50.0, 450.0]);
    assert_eq!(ran.reader.shape("place_tropical_nights").unwrap(), [2, 1, 3]);
    // Street: nights of 20.5, then 22.5. Valley, 200 m below its cell: 19, July 21, then 21 and 23. Hill, 200 m above: 19, July
    // 17, then 21 but July 19.
    assert_eq!(ran.f64("place_tropical_nights"), [365.0, 31.0, 0.0, 365.0, 365.0, 334.0]);
    // Street: days of 29.5, then 31.5. Valley: July 31, then 31 and 33. Hill: July 27, then 31 but July 29.
    assert_eq!(ran.f64("place_hot_days"), [0.0, 31.0, 0.0, 365.0, 365.0, 334.0]);
    // 730 mm, then 1095 mm, by 1, 0.9 and 1.1.
    for (found, expected) in
        ran.f64("place_total_precipitation").into_iter().zip([730.0, 657.0, 803.0, 1095.0, 985.5, 1204.5])
    {
        assert!((found - expected).abs() < 1e-2, "{found}, not {expected}");
    }
    // Cells are as they were.
    assert_eq!(ran.f64("tropical_nights"), [0.0, 0.0, 0.0, 0.0, 365.0, 365.0, 365.0, 365.0]);
}

#[test]
fn heights_must_be_known() {
    let site = climate(None, [0.0; 4]);
    fs::write(site.path("stations.csv"), STATIONS).unwrap();
    let told = site.refused(&format!("{SCENARIO}{CITY}"), &[]);
    assert!(
        told.contains("climate.city.reference_elevation_m: the files of the reference do not tell how high"),
        "{told}"
    );
    let ran = site.run(&format!("{SCENARIO}{CITY}reference_elevation_m = 250.0\n"), &[]);
    assert_eq!(ran.f64("place_tropical_nights")[1..3], [31.0, 0.0]);
}

/// Heights of 100 m by 50 m cells around Amersfoort's tower, the origin of the grid of the Netherlands.
fn tower(site: &Site, name: &str, height: impl Fn(f64, f64) -> f64) {
    let corner = [155_000.0 - made_city::ORIGIN[0] - 50.0, 463_000.0 - made_city::ORIGIN[1] - 150.0];
    site.elevation(name, (corner, 50.0), [4, 4], CRS, |x, y| height(x - corner[0], y - corner[1]));
}

#[test]
fn places_are_cells_of_a_raster_with_means_of_all_it_holds() {
    let site = climate(Some([0.0; 4]), [0.0; 4]);
    // South-eastern quarter without data; heights grow to the east and north.
    let height = |x: f64, y: f64| if x > 100.0 && y < 100.0 { f64::NAN } else { x + y };
    tower(&site, "dem.tif", height);
    tower(&site, "sealed.tif", |x, _| if x < 100.0 { 0.5 } else { 0.0 });
    let city = "[climate.city]\nelevation = \"dem.tif\"\ncell_m = 100\ntemperature_gradient_k_per_km = 0.0\n\
        covariate.sealed = { raster = \"sealed.tif\", tasmin_k = 3.0, tasmax_k = 1.0 }\n";
    let tiny = site.refused(&format!("[scenario]\ncrs = \"EPSG:4326\"\n{SCENARIO}{city}"), &[]);
    assert!(tiny.contains("EPSG:4326"), "{tiny}");
    let ran = site.run(&format!("{SCENARIO}{city}"), &[]);
    assert_eq!(ran.i64("place_row"), [0, 0, 1]);
    assert_eq!(ran.i64("place_column"), [0, 1, 0]);
    assert_eq!(ran.f64("place_elevation"), [200.0, 300.0, 100.0]);
    // EPSG, guidance note 7-2: the origin is 52.15517440 N, 5.38720621 E on Bessel's ellipsoid, 100 m beside in WGS 84.
    let (lat, lon) = (ran.f64("place_lat"), ran.f64("place_lon"));
    assert!((lat[0] - 52.1551729).abs() < 1e-4 && (lon[0] - 5.3872037).abs() < 1e-4, "{lat:?} {lon:?}");
    assert!((lat[0] - lat[2] - 100.0 / 111_250.0).abs() < 1e-5, "{lat:?}");
    assert_eq!(ran.f64("place_tropical_nights")[..3], [365.0, 0.0, 365.0]);
}

#[test]
fn means_of_the_city_are_those_of_its_people() {
    let site = climate(None, [2.0, 0.0, 0.0, 0.0]);
    let of_people = "[climate.indices]\npopulation = \"people.csv\"\n";
    fs::write(site.path("people.csv"), "place,population\nnowhere,5\n").unwrap();
    let told = site.refused(&format!("{SCENARIO}{of_people}"), &[]);
    assert!(told.contains("climate.indices.population: nobody lives in any cell of the reference"), "{told}");
    let people = "latitude,longitude,population\n52.21,5.29,3\n52.11,5.41,1\n53,5.3,5\n";
    fs::write(site.path("people.csv"), people).unwrap();
    let ran = site.run(&format!("{SCENARIO}{of_people}"), &[]);
    // Three of four have all nights tropical; all have in the future.
    assert_eq!(ran.f64("tropical_nights_yearly"), [273.75, 273.75, 365.0, 365.0]);
    assert_eq!(ran.figure("inhabitants"), 4.0);
    assert_eq!(ran.figure("tropical_night_person_days_reference"), 3.0 * 365.0);
    assert_eq!(ran.figure("tropical_night_person_days_model_ssp245_2051_2052"), 4.0 * 365.0);
    let warnings = ran.warnings("outside_of_cells");
    assert!(warnings.len() == 1 && warnings[0].message.contains("5 people"), "{warnings:?}");
    // The same from a raster: 3 in the first cell.
    tower(&site, "people.tif", |x, y| if x < 50.0 && y < 50.0 { 8.0 } else { f64::NAN });
    let ran = site.run(&format!("{SCENARIO}{}", of_people.replace("csv", "tif")), &[]);
    assert_eq!(ran.figure("inhabitants"), 8.0);
}

#[test]
fn places_have_the_same_bits_over_any_ranks_threads_and_tiles() {
    let site = climate(Some([100.0, 0.0, 0.0, 250.0]), [0.3, -0.2, 0.1, 0.7]);
    fs::write(site.path("stations.csv"), STATIONS).unwrap();
    fs::write(site.path("people.csv"), "place,population\nstreet,3\nhill,0.1\n").unwrap();
    let scenario = format!("{SCENARIO}{CITY}[climate.indices]\npopulation = \"people.csv\"\n");
    let values = |ran: &Ran| {
        let fields = ["place_tropical_nights", "place_total_precipitation", "place_hottest_day", "hot_days_yearly"];
        fields.map(|name| ran.f64(name).iter().map(|value| value.to_bits()).collect::<Vec<_>>())
    };
    let expected = values(&site.run(&scenario, &["--threads", "1"]));
    for (threads, ranks, tile) in [("2", "1", "1"), ("1", "3", "1"), ("2", "2", "2"), ("1", "4", "4"), ("1", "7", "1")]
    {
        let tiles = format!("climate.tile_cells={tile}");
        let ran = site.run(&scenario, &["--threads", threads, "--local-ranks", ranks, "--set", &tiles]);
        assert!(values(&ran) == expected, "{threads} threads, {ranks} ranks, tiles of {tile}");
    }
}
