//! Climate files of the data folder, read by the engine and by others.
//!
//! Facts are those of netCDF4-python 1.7 and cftime: values with masking and scaling by hand in numpy (`_FillValue` and
//! `missing_value` in the variable's own type, then `scale_factor` and `add_offset` in 64-bit floats), sums over all
//! values that are not missing in 64-bit floats, dates by `cftime.num2date` of the first and last time.
#![allow(clippy::unwrap_used, reason = "a helper that fails fails its test")]
#![allow(clippy::excessive_precision, reason = "facts are written as they were printed")]

#[path = "common/mod.rs"]
mod common;

use std::path::{Path, PathBuf};

use conurb::formats::cf::{
    Block, CfFile, CfGrid, DailyScratch, DailyVariable, Decoding, Description, GridForm, Quantity, Scratch, Variable,
    open_daily,
};
use conurb_climate::calendar::{Calendar, Date};

struct Fact {
    file: &'static str,
    variable: &'static str,
    shape: &'static [usize],
    units: Option<&'static str>,
    n_missing: usize,
    first: f64,
    last: f64,
    middle: f64,
    sum: f64,
}

#[rustfmt::skip]
const FACTS: [Fact; 33] = [
    Fact { file: "era5_cities/daily_surface_cancities_1990-1993.nc", variable: "tas", shape: &[5, 1461], units: Some("K"), n_missing: 0, first: 277.5556640625, last: 280.9441833496094, middle: 249.1575469970703, sum: 2018623.2033996582 },
    Fact { file: "era5_cities/daily_surface_cancities_1990-1993.nc", variable: "pr", shape: &[5, 1461], units: Some("kg m-2 s-1"), n_missing: 0, first: 0.00034688800224103034, last: 5.647448779200204e-05, middle: 4.317413186072372e-06, sum: 0.2146805331017887 },
    Fact { file: "era5_cities/daily_surface_cancities_1990-1993.nc", variable: "hurs", shape: &[5, 1461], units: Some(""), n_missing: 0, first: 0.9512665271759033, last: 0.9160558581352234, middle: 0.7739356160163879, sum: 5516.245740741491 },
    Fact { file: "era5_cities/daily_surface_cancities_1990-1993.nc", variable: "huss", shape: &[5, 1461], units: Some("1"), n_missing: 0, first: 0.0049912831746041775, last: 0.005992571823298931, middle: 0.00042651299736462533, sum: 34.95792350442207 },
    Fact { file: "era5_cities/daily_surface_cancities_1990-1993.nc", variable: "rsds", shape: &[5, 1461], units: Some("W m-2"), n_missing: 0, first: 9.700493812561035, last: 12.909565925598145, middle: 3.2430460453033447, sum: 1052283.0488449335 },
    Fact { file: "era5_cities/daily_surface_cancities_1990-1993.nc", variable: "sfcWind", shape: &[5, 1461], units: Some("m s-1"), n_missing: 0, first: 10.807148933410645, last: 5.477569103240967, middle: 3.847726821899414, sum: 31810.741221129894 },
    Fact { file: "era5_cities/daily_surface_cancities_1990-1993.nc", variable: "ps", shape: &[5, 1461], units: Some("Pa"), n_missing: 0, first: 99562.65625, last: 101048.4453125, middle: 99934.78125, sum: 728579597.6640625 },
    Fact { file: "era5_cities/daily_surface_cancities_1990-1993.nc", variable: "tasmin", shape: &[5, 1461], units: Some("K"), n_missing: 0, first: 273.89471435546875, last: 280.3427734375, middle: 247.16281127929688, sum: 1997311.9087982178 },
    Fact { file: "era5_cities/daily_surface_cancities_1990-1993.nc", variable: "tasmax", shape: &[5, 1461], units: Some("K"), n_missing: 0, first: 279.677001953125, last: 281.8429870605469, middle: 255.546142578125, sum: 2043987.893875122 },
    Fact { file: "formats/basin_mask.nc", variable: "basin", shape: &[33, 180, 360], units: Some("ids"), n_missing: 983204, first: 10.0, last: 2.0, middle: 1.0, sum: 7188283.0 },
    Fact { file: "formats/eraint_uvz.nc", variable: "z", shape: &[2, 3, 241, 480], units: Some("m**2 s**-2"), n_missing: 0, first: 106837.51210858817, last: 11776.423457242265, middle: 114827.83933803331, sum: 42463391333.56183 },
    Fact { file: "formats/eraint_uvz.nc", variable: "u", shape: &[2, 3, 241, 480], units: Some("m s**-1"), n_missing: 0, first: 1.2817602469022766, last: 3.5385918329976214, middle: 0.023596296465850486, sum: 4817642.501665218 },
    Fact { file: "formats/eraint_uvz.nc", variable: "v", shape: &[2, 3, 241, 480], units: Some("m s**-1"), n_missing: 0, first: -0.046757690899102755, last: 3.3830342428126716, middle: -1.0860161829335286, sum: 20750.86667677624 },
    Fact { file: "formats/mrsos_day_HadGEM2-ES_rcp45_r1i1p1_20051201-20151130.nc", variable: "mrsos", shape: &[3600, 2, 2], units: Some("kg m-2"), n_missing: 3600, first: 0.0, last: 5.83587646484375, middle: 0.0, sum: 25519.16339111328 },
    Fact { file: "formats/pr_day_CanESM2_rcp85_r1i1p1_na10kgrid_qm-moving-50bins-detrend_2095.nc", variable: "pr", shape: &[365, 36, 36], units: Some("mm s-1"), n_missing: 730, first: 1.4300047951110173e-05, last: 0.0, middle: 3.385636591701768e-05, sum: 17.674359921774418 },
    Fact { file: "formats/pr_day_EC-Earth3_dcppA-hindcast_s1961-r6i2p1f1_gr_19620101-19621231.nc", variable: "pr", shape: &[365, 3, 6], units: Some("kg m-2 s-1"), n_missing: 0, first: 2.809144689308596e-06, last: 2.6794493805937236e-06, middle: 0.0002215833665104583, sum: 0.1073055151058657 },
    Fact { file: "formats/pr_day_MPI-ESM1-2-HR_dcppA-hindcast_s1960-r2i1p1f1_gn_19601101-19701231.nc", variable: "pr", shape: &[3713, 2, 4], units: Some("kg m-2 s-1"), n_missing: 0, first: 2.730337200773647e-07, last: 6.50918809697032e-06, middle: 1.4028005047825005e-18, sum: 1.0578185433289513 },
    Fact { file: "formats/psl_EUR-11_20060101-20101231.nc", variable: "psl", shape: &[1826, 5, 5], units: Some("Pa"), n_missing: 0, first: 101767.1875, last: 100627.109375, middle: 100746.9921875, sum: 4621323774.796875 },
    Fact { file: "formats/tas.sresb1.giss_model_e_r.run1.atm.da.nc", variable: "tas", shape: &[7300, 6, 5], units: Some("K"), n_missing: 0, first: 263.3551330566406, last: 271.1394958496094, middle: 271.87237548828125, sum: 59917342.82170105 },
    Fact { file: "formats/tas_day_CESM2-WACCM_historical_r1i1p1f1_gn_20000101-20091231.nc", variable: "tas", shape: &[3650, 2, 3], units: Some("K"), n_missing: 0, first: 245.85289001464844, last: 299.0515441894531, middle: 250.75559997558594, sum: 5761992.962982178 },
    Fact { file: "formats/tas_day_EC-EARTH_historical_r1i1p1_20000101-20091130.nc", variable: "tas", shape: &[3622, 2, 4], units: Some("K"), n_missing: 0, first: 249.0863494873047, last: 295.46099853515625, middle: 245.85015869140625, sum: 7567805.380981445 },
    Fact { file: "formats/tas_day_MIROC6_ssp119_r1i1p1f1_gn_20150101.nc", variable: "tas", shape: &[1, 128, 256], units: Some("K"), n_missing: 0, first: 256.3407897949219, last: 250.56204223632812, middle: 301.5890197753906, sum: 9160504.513931274 },
    Fact { file: "formats/tasmax_day_HadGEM2-CC_rcp85_r1i1p1_na10kgrid_qm-moving-50bins-detrend_2095.nc", variable: "tasmax", shape: &[360, 36, 36], units: Some("K"), n_missing: 720, first: 278.8235778808594, last: 283.1268005371094, middle: 318.6161193847656, sum: 136740431.47940063 },
    Fact { file: "formats/tasmax_day_HadGEM2-CC_rcp85_r1i1p1_na10kgrid_qm-moving-50bins-detrend_2095.nc", variable: "time_vectors", shape: &[360, 3, 36, 36], units: None, n_missing: 0, first: 2095.0, last: 30.0, middle: 2095.0, sum: 987707520.0 },
    Fact { file: "formats/tasmax_day_MPI-ESM1-2-LR_dcppA-hindcast_s1980-r1i1p1f1_gn_19801101-19901231.nc", variable: "tasmax", shape: &[3713, 1, 2], units: Some("K"), n_missing: 0, first: 231.98849487304688, last: 240.32760620117188, middle: 240.58404541015625, sum: 1685380.7329864502 },
    Fact { file: "formats/tasmin_day_HadGEM3-GC31-MM_dcppA-hindcast_s1960-r2i1p1f2_gn_19610101-19611230.nc", variable: "tasmin", shape: &[360, 4, 5], units: Some("K"), n_missing: 0, first: 253.01513671875, last: 241.568359375, middle: 197.833740234375, sum: 1916710.6779785156 },
    Fact { file: "formats/tos_Omon_IITM-ESM_1pctCO2_r1i1p1f1_gn_193001-193412.nc", variable: "tos", shape: &[60, 2, 4], units: Some("degC"), n_missing: 300, first: 28.39997673034668, last: 24.291913986206055, middle: f64::NAN, sum: 4893.648719787598 },
    Fact { file: "pair_stations/CanESM2_1950-2100.nc", variable: "tasmax", shape: &[55115, 3], units: Some("K"), n_missing: 0, first: 278.1502380371094, last: 284.0447082519531, middle: 285.2096252441406, sum: 47558752.295166016 },
    Fact { file: "pair_stations/CanESM2_1950-2100.nc", variable: "pr", shape: &[55115, 3], units: Some("kg m-2 s-1"), n_missing: 0, first: 1.4854187611490488e-05, last: 2.4550248781451955e-05, middle: 5.950110448793566e-07, sum: 4.835322928747982 },
    Fact { file: "pair_stations/ahccd_1950-2013.nc", variable: "tasmax", shape: &[3, 23360], units: Some("degC"), n_missing: 1271, first: -1.100000023841858, last: -20.5, middle: -27.899999618530273, sum: 313006.3005105406 },
    Fact { file: "pair_stations/ahccd_1950-2013.nc", variable: "pr", shape: &[3, 23360], units: Some("mm day-1"), n_missing: 947, first: 1.1399999856948853, last: 0.10999999940395355, middle: 0.20999999344348907, sum: 156612.02013890445 },
    Fact { file: "pair_stations/nrcan_1950-2013.nc", variable: "tasmax", shape: &[23360, 3], units: Some("K"), n_missing: 0, first: 271.7200012207031, last: 251.08999633789062, middle: 274.67999267578125, sum: 19476246.756744385 },
    Fact { file: "pair_stations/nrcan_1950-2013.nc", variable: "pr", shape: &[23360, 3], units: Some("mm s-1"), n_missing: 0, first: 5.2777777455048636e-05, last: 7.407407338178018e-06, middle: 4.282407462596893e-05, sum: 1.6615303235082592 },
];

/// Variable, calendar, first and last day.
#[rustfmt::skip]
const DATES: [(&str, &str, &str, Ymd, Ymd); 17] = [
    ("era5_cities/daily_surface_cancities_1990-1993.nc", "tas", "proleptic_gregorian", (1990, 1, 1), (1993, 12, 31)),
    ("formats/mrsos_day_HadGEM2-ES_rcp45_r1i1p1_20051201-20151130.nc", "mrsos", "360_day", (2005, 12, 1), (2015, 11, 30)),
    ("formats/pr_day_CanESM2_rcp85_r1i1p1_na10kgrid_qm-moving-50bins-detrend_2095.nc", "pr", "365_day", (2095, 1, 1), (2095, 12, 31)),
    ("formats/pr_day_EC-Earth3_dcppA-hindcast_s1961-r6i2p1f1_gr_19620101-19621231.nc", "pr", "proleptic_gregorian", (1962, 1, 1), (1962, 12, 31)),
    ("formats/pr_day_MPI-ESM1-2-HR_dcppA-hindcast_s1960-r2i1p1f1_gn_19601101-19701231.nc", "pr", "standard", (1960, 11, 1), (1970, 12, 31)),
    ("formats/psl_EUR-11_20060101-20101231.nc", "psl", "standard", (2006, 1, 1), (2010, 12, 31)),
    ("formats/tas.sresb1.giss_model_e_r.run1.atm.da.nc", "tas", "noleap", (2046, 1, 1), (2065, 12, 31)),
    ("formats/tas_day_CESM2-WACCM_historical_r1i1p1f1_gn_20000101-20091231.nc", "tas", "noleap", (2000, 1, 1), (2009, 12, 31)),
    ("formats/tas_day_EC-EARTH_historical_r1i1p1_20000101-20091130.nc", "tas", "standard", (2000, 1, 1), (2009, 11, 30)),
    ("formats/tas_day_MIROC6_ssp119_r1i1p1f1_gn_20150101.nc", "tas", "gregorian", (2015, 1, 1), (2015, 1, 1)),
    ("formats/tasmax_day_HadGEM2-CC_rcp85_r1i1p1_na10kgrid_qm-moving-50bins-detrend_2095.nc", "tasmax", "360_day", (2095, 1, 1), (2095, 12, 30)),
    ("formats/tasmax_day_MPI-ESM1-2-LR_dcppA-hindcast_s1980-r1i1p1f1_gn_19801101-19901231.nc", "tasmax", "standard", (1980, 11, 1), (1990, 12, 31)),
    ("formats/tasmin_day_HadGEM3-GC31-MM_dcppA-hindcast_s1960-r2i1p1f2_gn_19610101-19611230.nc", "tasmin", "360_day", (1961, 1, 1), (1961, 12, 30)),
    ("formats/tos_Omon_IITM-ESM_1pctCO2_r1i1p1f1_gn_193001-193412.nc", "tos", "julian", (1930, 1, 16), (1934, 12, 16)),
    ("pair_stations/CanESM2_1950-2100.nc", "tasmax", "noleap", (1950, 1, 1), (2100, 12, 31)),
    ("pair_stations/ahccd_1950-2013.nc", "tasmax", "noleap", (1950, 1, 1), (2013, 12, 31)),
    ("pair_stations/nrcan_1950-2013.nc", "tasmax", "noleap", (1950, 1, 1), (2013, 12, 31)),
];

type Ymd = (i32, u8, u8);

fn folder() -> Option<PathBuf> {
    common::data_dir().map(|data| data.join("climate"))
}

/// All values of a variable as meant, in its own unit.
fn all_values(file: &CfFile, variable: &Variable) -> Vec<f64> {
    let decoding = Decoding::of(variable).unwrap();
    let mut scratch = Scratch::default();
    let mut values = Vec::new();
    // Blocks of part of the variable, in order, are all of it only if they are whole rows: place them by index.
    values.resize(variable.len(), f64::NAN);
    for block in file.blocks(variable, 50_000) {
        let mut some = vec![0.0_f64; block.len()];
        file.read(variable, &block, &mut scratch, &mut some).unwrap();
        for (number, value) in some.into_iter().enumerate() {
            values[place(variable, &block, number)] = decoding.value(value);
        }
    }
    values
}

/// Place in the variable of a value of a block.
fn place(variable: &Variable, block: &Block, number: usize) -> usize {
    let (mut rest, mut place, mut stride) = (number, 0, 1);
    for dimension in (0..block.count.len()).rev() {
        place += (block.start[dimension] + rest % block.count[dimension]) * stride;
        rest /= block.count[dimension];
        stride *= variable.shape[dimension];
    }
    place
}

fn check(fact: &Fact, file: &CfFile) {
    let name = format!("{} {}", fact.file, fact.variable);
    let variable = file.variable(fact.variable).unwrap();
    assert_eq!(variable.shape, fact.shape, "{name}");
    assert_eq!(variable.text("units"), fact.units, "{name}");
    let values = all_values(file, variable);
    let found: Vec<f64> = values.iter().copied().filter(|value| !value.is_nan()).collect();
    assert_eq!(values.len() - found.len(), fact.n_missing, "{name}");
    assert_eq!([found[0], found[found.len() - 1]], [fact.first, fact.last], "{name}");
    let middle = values[values.len() / 2];
    assert!(middle == fact.middle || middle.is_nan() && fact.middle.is_nan(), "{name}: {middle}");
    let sum: f64 = found.iter().sum();
    assert!((sum - fact.sum).abs() <= 1e-11 * fact.sum.abs(), "{name}: {sum}, not {}", fact.sum);
}

#[test]
fn all_files_hold_what_others_read() {
    let Some(folder) = folder() else { return };
    for fact in &FACTS {
        check(fact, &CfFile::open(&folder.join(fact.file)).unwrap());
    }
    let mut files: Vec<&str> = FACTS.iter().map(|fact| fact.file).collect();
    files.dedup();
    assert_eq!(files.len(), 19);
}

#[test]
fn a_description_that_was_sent_reads_the_same() {
    let Some(folder) = folder() else { return };
    for fact in FACTS.iter().filter(|fact| fact.file.contains("formats/")) {
        let opened = CfFile::open(&folder.join(fact.file)).unwrap();
        let sent = serde_json::to_vec(opened.description()).unwrap();
        let received: Description = serde_json::from_slice(&sent).unwrap();
        // Not `==`: a fill value may be NaN.
        assert_eq!(format!("{received:?}"), format!("{:?}", opened.description()));
        check(fact, &CfFile::attach(received).unwrap());
    }
}

#[test]
fn days_of_all_files_are_those_of_cftime() {
    let Some(folder) = folder() else { return };
    for (file, name, calendar, first, last) in DATES {
        let path = folder.join(file);
        let quantity = match name {
            "pr" => Quantity::Precipitation,
            "psl" => Quantity::Pressure,
            "mrsos" => continue,
            _ => Quantity::Temperature,
        };
        let opened = open_daily(std::slice::from_ref(&path), name, quantity);
        if file.contains("tos_Omon") {
            let error = opened.unwrap_err().to_string();
            assert!(error.contains("time: expected daily values, found steps of 29 to 31 days"), "{error}");
            continue;
        }
        let days = opened.unwrap().days;
        assert_eq!(days.calendar, Calendar::from_cf(calendar).unwrap(), "{file}");
        let date = |(year, month, day): Ymd| Date { year, month, day };
        assert_eq!([days.dates()[0], days.dates()[days.len() - 1]], [date(first), date(last)], "{file}");
        assert!(days.numbers().windows(2).all(|pair| pair[1] == pair[0] + 1), "{file}");
    }
}

fn station_series(path: &Path, name: &str, quantity: Quantity, station: &str) -> (DailyVariable, Vec<f64>) {
    let opened = open_daily(&[path.to_path_buf()], name, quantity).unwrap();
    let cell = opened.grid.names.as_ref().unwrap().iter().position(|name| name == station).unwrap();
    let mut series = vec![0.0; opened.days.len()];
    opened.read_cells(cell..cell + 1, 0..series.len(), &mut DailyScratch::default(), &mut series).unwrap();
    (opened, series)
}

#[test]
fn the_station_pair_meets_in_names_units_and_days() {
    let Some(folder) = folder() else { return };
    let pair = folder.join("pair_stations");
    let (model, _) = station_series(&pair.join("CanESM2_1950-2100.nc"), "tasmax", Quantity::Temperature, "Vancouver");
    let (_, kelvin) = station_series(&pair.join("ahccd_1950-2013.nc"), "tasmax", Quantity::Temperature, "Vancouver");
    let (_, nrcan) = station_series(&pair.join("nrcan_1950-2013.nc"), "pr", Quantity::Precipitation, "Amos");
    assert_eq!(model.grid.form, GridForm::Points);
    assert!(model.grid.names.as_ref().unwrap().iter().any(|name| name == "Kugluktuk"));
    // -1.1 °C as a 32-bit float, in 64 bits.
    assert!(kelvin.iter().any(|&value| value == f64::from(-1.1_f32) + 273.15));
    assert!(nrcan.iter().all(|value| (0.0..300.0).contains(value)));
    assert_eq!(model.conversion().factor, 1.0);
}

#[test]
fn grids_of_all_forms() {
    let Some(folder) = folder() else { return };
    let grid = |file: &str, name: &str| {
        let opened = CfFile::open(&folder.join(file)).unwrap();
        CfGrid::of(&opened, opened.variable(name).unwrap()).map(|(grid, _)| grid)
    };
    let regular = grid("formats/tas_day_CESM2-WACCM_historical_r1i1p1f1_gn_20000101-20091231.nc", "tas").unwrap();
    assert_eq!((regular.form, regular.shape.as_slice()), (GridForm::Regular, &[2, 3][..]));
    assert_eq!([regular.place(0), regular.place(5)], [[-90.0, 0.0], [4.240837696335078, 250.0]]);
    let bounds = regular.bounds.unwrap();
    assert_eq!((bounds.per_cell, bounds.lat[1]), (2, -89.52879333496094));
    assert_eq!(bounds.lon, [-0.625, 0.625, 124.375, 125.625, 249.375, 250.625]);

    let rotated = grid("formats/psl_EUR-11_20060101-20101231.nc", "psl").unwrap();
    assert_eq!((rotated.form, rotated.shape.as_slice()), (GridForm::Curvilinear, &[5, 5][..]));
    assert_eq!([rotated.place(0)[0], rotated.place(23)[1]], [21.9878292, 31.3726196]);
    let bounds = rotated.bounds.unwrap();
    assert_eq!((bounds.per_cell, &bounds.lat[4..8]), (4, &[25.2351322, 25.341444, 25.3672924, 25.2609367][..]));
    assert_eq!(bounds.lon[4..8], [0.311733425, 0.280467391, 0.38852644, 0.419614553]);
    assert_eq!(rotated.projected.unwrap().y, [-23.375, -12.375, -1.375, 9.625, 20.625]);

    let ocean = grid("formats/tos_Omon_IITM-ESM_1pctCO2_r1i1p1f1_gn_193001-193412.nc", "tos").unwrap();
    assert_eq!((ocean.form, ocean.place(5)), (GridForm::Curvilinear, [f64::from(1.560_205_6_f32), -179.5]));

    let names = ["Vancouver", "Kugluktuk", "Amos"];
    for file in ["pair_stations/CanESM2_1950-2100.nc", "pair_stations/ahccd_1950-2013.nc"] {
        let points = grid(file, "tasmax").unwrap();
        assert_eq!((points.form, points.names.as_deref()), (GridForm::Points, Some(&names.map(str::to_owned)[..])));
        assert_eq!(points.place(2), [48.8, -78.2]);
    }
    let cities = grid("era5_cities/daily_surface_cancities_1990-1993.nc", "tas").unwrap();
    assert_eq!(cities.names.unwrap()[1], "Montréal");

    let error = grid("formats/eraint_uvz.nc", "u").unwrap_err().to_string();
    assert!(error.contains("u: it has the further dimension month of length 2"), "{error}");
    let error = grid("formats/basin_mask.nc", "basin").unwrap_err().to_string();
    assert!(error.contains("basin: it has the further dimension Z of length 33"), "{error}");
}

#[test]
fn threads_share_a_variable() {
    fn is_shared<T: Send + Sync>() {}
    is_shared::<DailyVariable>();
    is_shared::<CfFile>();
    let Some(folder) = folder() else { return };
    let file = "formats/tas.sresb1.giss_model_e_r.run1.atm.da.nc";
    let opened = open_daily(&[folder.join(file)], "tas", Quantity::Temperature).unwrap();
    assert!(opened.is_time_contiguous());
    assert_eq!(opened.tile(), [6, 5]);
    let n_days = opened.days.len();
    let series = |cell: usize| {
        let mut out = vec![0.0_f32; n_days];
        opened.read_cells(cell..cell + 1, 0..n_days, &mut DailyScratch::default(), &mut out).unwrap();
        out
    };
    let parallel: Vec<Vec<f32>> = std::thread::scope(|scope| {
        let handles: Vec<_> = (0..30).map(|cell| scope.spawn(move || series(cell))).collect();
        handles.into_iter().map(|handle| handle.join().unwrap()).collect()
    });
    let mut together = vec![0.0_f32; 30 * n_days];
    opened.read_cells(0..30, 0..n_days, &mut DailyScratch::default(), &mut together).unwrap();
    assert!(parallel.concat() == together);
}
