//! The sun against public references, through the suites of `conurb validate`.
//!
//! Positions, irradiance and photovoltaics: pvlib-python 0.16.1 and the worked example of NREL/TP-560-34302; horizons: HORAYZON
//! 1.2 with 36 azimuths; sources and settings are in `docs/reference-data.md`. Tolerances stand beside each test.
#![allow(clippy::unwrap_used, reason = "a helper that fails fails its test")]

#[path = "common/mod.rs"]
mod common;

use std::fs;
use std::path::{Path, PathBuf};

use conurb::validate;

/// Weather files, what the references call them, and whether there are reference hours.
const WEATHER: [(&str, &str, bool); 3] = [
    ("NLD_Amsterdam062400_IWEC.epw", "amsterdam_iwec", true),
    ("pvgis_tmy_45N_8E_2005_2023.epw", "pvgis_45N_8E", false),
    ("723170TYA.CSV", "greensboro_tmy3", true),
];
/// Planes of the references by tilt, azimuth and the start of their columns.
const PLANES: [(&str, &str); 2] = [("35,180", "t35a180_"), ("90,90", "t90a90_")];
const MODELS: [&str; 3] = ["isotropic", "haydavies", "perez"];

/// A table by column names.
struct Table {
    header: Vec<String>,
    rows: Vec<Vec<String>>,
}

impl Table {
    fn read(file: &Path) -> Self {
        Self::of(&fs::read_to_string(file).unwrap())
    }
    fn of(text: &str) -> Self {
        let split = |line: &str| line.split(',').map(str::to_owned).collect::<Vec<_>>();
        let mut lines = text.lines().map(split);
        Table { header: lines.next().unwrap(), rows: lines.collect() }
    }
    fn texts(&self, name: &str) -> Vec<&str> {
        let column = self.header.iter().position(|known| known == name).unwrap_or_else(|| panic!("no {name}"));
        self.rows.iter().map(|row| row[column].as_str()).collect()
    }
    fn numbers(&self, name: &str) -> Vec<f64> {
        self.texts(name).iter().map(|text| text.parse().unwrap()).collect()
    }
}

/// Values of one quantity in what a suite prints, case by case.
fn values(told: &str, quantity: &str) -> Vec<f64> {
    let table = Table::of(told);
    let all = table.numbers("value");
    let is_it = table.texts("quantity").iter().map(|name| *name == quantity).collect::<Vec<_>>();
    all.into_iter().zip(is_it).filter(|(_, is_it)| *is_it).map(|(value, _)| value).collect()
}

fn solar() -> Option<PathBuf> {
    common::data_dir().map(|data| data.join("solar"))
}

fn worst(ours: &[f64], theirs: &[f64]) -> f64 {
    assert!(ours.len() == theirs.len() && !ours.is_empty());
    ours.iter().zip(theirs).map(|(ours, theirs)| (ours - theirs).abs()).fold(0.0, f64::max)
}

fn mean(values: &[f64]) -> f64 {
    values.iter().sum::<f64>() / values.len() as f64
}

fn median(mut values: Vec<f64>) -> f64 {
    values.sort_by(f64::total_cmp);
    values[values.len() / 2]
}

/// 0.0005°: azimuths where the sun is neither overhead nor underfoot.
#[test]
fn the_sun_stands_where_pvlib_sees_it() {
    let Some(data) = solar() else { return };
    let pairs = data.join("reference/spa_pairs.csv");
    let told = validate::solar_position(&data.join("reference"), &[]).unwrap();
    let theirs = Table::read(&pairs);
    assert_eq!(theirs.rows.len(), 40);
    for quantity in ["zenith", "apparent_zenith"] {
        let off = worst(&values(&told, quantity), &theirs.numbers(quantity));
        assert!(off <= 0.0005, "{quantity} {off}");
    }
    let (ours, expected, zenith) = (values(&told, "azimuth"), theirs.numbers("azimuth"), theirs.numbers("zenith"));
    for case in (0..40).filter(|case| (2.0..=178.0).contains(&zenith[*case])) {
        let turn = (ours[case] - expected[case]).abs();
        assert!(turn.min(360.0 - turn) <= 0.0005, "row {case}: {} {}", ours[case], expected[case]);
    }
}

/// NREL/TP-560-34302, appendix: 50.11162° and 194.34024°.
#[test]
fn the_sun_stands_where_the_report_has_it() {
    let folder = tempfile::tempdir().unwrap();
    let table = "utc,lat,lon,alt_m,pressure_pa,temp_c,delta_t\n\
        2003-10-17T12:30:30-07:00,39.742476,-105.1786,1830.14,82000,11,67\n";
    fs::write(folder.path().join("spa_pairs.csv"), table).unwrap();
    let told = validate::solar_position(folder.path(), &[]).unwrap();
    assert!((values(&told, "apparent_zenith")[0] - 50.11162).abs() <= 0.0005);
    assert!((values(&told, "azimuth")[0] - 194.34024).abs() <= 0.0005);
    assert!((values(&told, "zenith")[0] - 50.127_954).abs() <= 0.0005);
}

/// A folder with the public weather files and a plane of each kind under each.
fn planes(data: &Path) -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    let mut table = String::from("weather,tilt,azimuth,model\n");
    for (file, _, _) in WEATHER {
        fs::copy(data.join(file), folder.path().join(file)).unwrap();
        for (plane, _) in PLANES {
            MODELS.iter().for_each(|model| table.push_str(&format!("{file},{plane},{model}\n")));
        }
    }
    fs::write(folder.path().join("planes.csv"), table).unwrap();
    folder
}

fn irradiance(folder: &Path, hourly: Option<&Path>) -> String {
    validate::plane_irradiance(folder, &[], hourly, &|_| {}).unwrap()
}

/// 0.1 %, where the engine is to 1e-6: sums of each plane, model and weather file, and the yield with the Perez sky.
#[test]
fn annual_sums_are_those_of_pvlib() {
    let Some(data) = solar() else { return };
    let told = irradiance(planes(&data).path(), None);
    let (poa, ac) = (values(&told, "poa_global"), values(&told, "ac_yield"));
    for (weather, (_, name, _)) in WEATHER.iter().enumerate() {
        let theirs = Table::read(&data.join(format!("reference/poa_annual_{name}.csv")));
        for (plane, (tilt_azimuth, _)) in PLANES.iter().enumerate() {
            let first = (weather * PLANES.len() + plane) * MODELS.len();
            for (model, named) in MODELS.iter().enumerate() {
                let expected = theirs.numbers(&format!("poa_{named}_kWh_m2"))[plane];
                let off = (poa[first + model] / expected - 1.0).abs();
                assert!(off <= 1e-6, "{name} {tilt_azimuth} {named}: {} {expected}", poa[first + model]);
            }
            let expected = theirs.numbers("ac_kWh_per_kWp")[plane];
            let off = (ac[first + 2] / expected - 1.0).abs();
            assert!(off <= 1e-6, "{name} {tilt_azimuth}: {} {expected}", ac[first + 2]);
        }
    }
}

/// The hours that a suite wrote for one case.
fn hours(table: &Table, case: usize, column: &str) -> Vec<f64> {
    table.numbers(column)[case * 8760..(case + 1) * 8760].to_vec()
}

/// 0.5 W/m² outside of zeniths 88° to 92°, here 0.03; 0.001 K and 1e-5 W per W of photovoltaics; the sun to 0.0005°.
///
/// Greensboro has 2 W/m² of direct radiation in one hour with the sun 6° below the horizon, which count as an error of the file here.
#[test]
fn every_hour_is_that_of_pvlib() {
    let Some(data) = solar() else { return };
    let folder = planes(&data);
    let file = folder.path().join("hours.csv");
    irradiance(folder.path(), Some(&file));
    let ours = Table::read(&file);
    for (weather, (_, name, _)) in WEATHER.iter().enumerate().filter(|(_, (_, _, has_hours))| *has_hours) {
        let theirs = Table::read(&data.join(format!("reference/poa_hourly_{name}.csv")));
        let first = weather * PLANES.len() * MODELS.len();
        assert_eq!(ours.texts("start_local")[first * 8760..][..8760], theirs.texts("start_local"));
        let zenith = theirs.numbers("apparent_zenith");
        let compare = |case: usize,
                       (our_column, their_column): (&str, &str),
                       is_in: fn(f64) -> bool,
                       tolerance: f64| {
            let pick = |values: Vec<f64>| -> Vec<f64> {
                values.into_iter().zip(&zenith).filter(|(_, zenith)| is_in(**zenith)).map(|(value, _)| value).collect()
            };
            let off = worst(&pick(hours(&ours, case, our_column)), &pick(theirs.numbers(their_column)));
            assert!(off <= tolerance, "{name} {their_column}: {off}");
        };
        compare(first, ("apparent_zenith_deg", "apparent_zenith"), |_| true, 0.0005);
        compare(first, ("solar_azimuth_deg", "azimuth"), |_| true, 0.0005);
        for quantity in ["ghi", "dni", "dhi"] {
            compare(first, (&format!("{quantity}_W_m2"), quantity), |_| true, 1e-5);
        }
        for (plane, (_, start)) in PLANES.iter().enumerate() {
            let perez = first + plane * MODELS.len() + 2;
            let is_clear = |zenith: f64| !(88.0..=92.0).contains(&zenith);
            compare(perez, ("poa_global_W_m2", &format!("{start}poa_perez")), is_clear, 0.03);
            compare(perez, ("cell_temperature_degC", &format!("{start}tcell")), is_clear, 0.001);
            compare(perez, ("ac_W_per_Wp", &format!("{start}pac")), is_clear, 1e-5);
        }
    }
}

/// Sums by origin under the Perez sky and sums of the weather files, 1e-5.
#[test]
fn sums_of_weather_and_of_each_origin_are_those_of_pvlib() {
    let Some(data) = solar() else { return };
    let folder = planes(&data);
    let file = folder.path().join("hours.csv");
    irradiance(folder.path(), Some(&file));
    let ours = Table::read(&file);
    let sums: serde_json::Value =
        serde_json::from_slice(&fs::read(data.join("reference/weather_sums.json")).unwrap()).unwrap();
    let near =
        |ours: f64, theirs: f64, what: &str| assert!((ours / theirs - 1.0).abs() <= 1e-5, "{what}: {ours} {theirs}");
    let sum = |case: usize, column: &str| hours(&ours, case, column).iter().sum::<f64>() / 1000.0;
    for (weather, (_, name, _)) in WEATHER.iter().enumerate() {
        let first = weather * PLANES.len() * MODELS.len();
        for quantity in ["ghi", "dni", "dhi"] {
            near(sum(first, &format!("{quantity}_W_m2")), sums[name][quantity].as_f64().unwrap(), quantity);
        }
        let theirs = Table::read(&data.join(format!("reference/poa_annual_{name}.csv")));
        for plane in 0..PLANES.len() {
            let perez = first + plane * MODELS.len() + 2;
            for (our_column, their_column) in [
                ("poa_direct_W_m2", "poa_direct_kWh_m2"),
                ("poa_sky_diffuse_W_m2", "poa_sky_diffuse_kWh_m2"),
                ("poa_ground_diffuse_W_m2", "poa_ground_kWh_m2"),
            ] {
                near(sum(perez, our_column), theirs.numbers(their_column)[plane], their_column);
            }
        }
    }
}

/// Compares horizons and sky-view factors of a raster with reference cells; `overrides` are the reference's own limits.
fn compare_horizons(raster: &str, cells: &str, n_cells: usize, overrides: &[(&str, &str)]) {
    let Some(data) = solar() else { return };
    let folder = tempfile::tempdir().unwrap();
    fs::copy(data.join(raster), folder.path().join(raster)).unwrap();
    fs::copy(data.join("reference").join(cells), folder.path().join("cells.csv")).unwrap();
    let overrides: Vec<_> = overrides.iter().map(|(key, value)| ((*key).to_owned(), (*value).to_owned())).collect();
    let told = validate::horizon(folder.path(), &overrides).unwrap();
    let theirs = Table::read(&folder.path().join("cells.csv"));
    assert_eq!(theirs.rows.len(), n_cells);
    let mut apart = Vec::new();
    for (ours, column) in
        [("horizon_n", "hor_n_deg"), ("horizon_e", "hor_e_deg"), ("horizon_s", "hor_s_deg"), ("horizon_w", "hor_w_deg")]
    {
        let pairs = values(&told, ours).into_iter().zip(theirs.numbers(column));
        apart.extend(pairs.map(|(ours, theirs)| (ours - theirs).abs()));
    }
    let sky: Vec<f64> =
        values(&told, "svf").iter().zip(theirs.numbers("svf")).map(|(ours, theirs)| (ours - theirs).abs()).collect();
    let (middle, average, of_sky) = (median(apart.clone()), mean(&apart), mean(&sky));
    println!("{raster}: horizons median {middle:.3}, mean {average:.3} degrees; sky-view factor mean {of_sky:.5}");
    assert!(apart.len() == 4 * n_cells && sky.len() == n_cells);
    assert!(middle <= 0.3 && average <= 0.8 && of_sky <= 0.005, "{middle} {average} {of_sky}");
}

/// Median 0.3°, mean 0.8°, sky-view factor 0.005 in the mean: the reference looked 300 m far.
#[test]
fn horizons_of_made_buildings_are_those_of_horayzon() {
    let limit = [("solar.raster.reach_m", "300")];
    compare_horizons("synthetic_dsm_500.tif", "synthetic_dsm_500_horizon_svf_rsun.csv", 625, &limit);
}

/// As above; the reference looked 1 km far, which is farther than the raster reaches.
#[test]
fn horizons_of_a_real_town_are_those_of_horayzon() {
    compare_horizons("goteborg_kronenhuset_dsm_1m.tif", "goteborg_dsm_horizon_svf.csv", 650, &[]);
}
