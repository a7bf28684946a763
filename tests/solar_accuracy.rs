//! Accuracy of the sun through the whole engine: open planes, reflection between walls, streets of known sky.
#![allow(clippy::unwrap_used, reason = "a helper that fails fails its test")]

#[path = "common/mod.rs"]
mod common;
#[path = "common/made_city.rs"]
mod made_city;
#[path = "common/runs.rs"]
mod runs;

use std::fs;
use std::path::Path;

use made_city::{CRS, House, PLAIN, Point, Ran, Site, near};

/// Share by which open planes may differ from closed forms and from pvlib.
const OPEN: f64 = 0.005;
/// The same of level planes, where only the whole W/m² of the weather file differ from a closed sum.
const CLOSED: f64 = 5e-4;
const SKY_MODELS: [&str; 4] = ["isotropic", "hay_davies", "perez_1990", "perez_1993"];

/// A flat roof, a roof of 35° to the south and a wall to the east, each ten metres wide and alone.
fn planes() -> Vec<House> {
    let (sine, cosine) = 35.0_f64.to_radians().sin_cos();
    let (run, rise) = (10.0 * cosine, 10.0 * sine);
    let sloped: [Point; 4] = [[0.0, 0.0, 5.0], [10.0, 0.0, 5.0], [10.0, run, 5.0 + rise], [0.0, run, 5.0 + rise]];
    // North and south of it, where grid north is true north.
    let far = 5000.0;
    let flat: [Point; 4] = [[0.0, -far, 5.0], [10.0, -far, 5.0], [10.0, 10.0 - far, 5.0], [0.0, 10.0 - far, 5.0]];
    let wall: [Point; 4] = [[0.0, far, 1.0], [0.0, far + 10.0, 1.0], [0.0, far + 10.0, 11.0], [0.0, far, 11.0]];
    vec![
        House::lone("flat", "RoofSurface", &flat),
        House::lone("south", "RoofSurface", &sloped),
        House::lone("east", "WallSurface", &wall),
    ]
}

/// The value of a field on the only surface of a building.
fn of(ran: &Ran, field: &str, building: &str) -> f64 {
    let values = ran.of_building(field, building);
    assert_eq!(values.len(), 1, "{building}");
    values[0]
}

#[test]
fn a_flat_open_roof_gets_the_global_radiation() {
    let site = Site::with(&planes());
    for model in SKY_MODELS {
        let ran = site.run(PLAIN, &["--set", &format!("solar.sky_model={model}")]);
        // The invented weather file adds up to this; its global radiation is in whole W/m².
        let ghi = ran.f64("ghi").iter().sum::<f64>() / 1000.0;
        near(ghi, ran.figure("global_horizontal_irradiation_kwh_m2"), 1e-6, "sums of the weather");
        near(of(&ran, "annual_irradiation", "flat"), ghi, CLOSED, model);
        near(of(&ran, "surface_sky_factor", "flat"), 1.0, 1e-6, model);
        assert_eq!(of(&ran, "annual_facade_irradiation", "flat"), 0.0);
        for plane in ["flat", "south", "east"] {
            let open = of(&ran, "annual_unshaded_irradiation", plane);
            near(
                of(&ran, "annual_irradiation", plane),
                open,
                1e-4,
                &format!("{plane}, {model}: nothing stands before it"),
            );
        }
    }
}

/// A wall that faces true east gets the same wherever it stands on the map grid, whose north turns away from true north.
#[test]
fn azimuths_are_those_of_true_north() {
    // 135 km west of the middle of the Dutch grid, at 52.15°: about (−135 / 68.4)° of longitude times the sine of the
    // latitude. There a wall that faces true east faces 90° less that on the grid.
    let convergence = -135.0 / 68.4 * 0.7896_f64;
    let along = |west: f64, turned: f64| {
        let (sine, cosine) = turned.to_radians().sin_cos();
        let [x, y] = [west + 10.0 * sine, 10.0 * cosine];
        House::lone("east", "WallSurface", &[[west, 0.0, 1.0], [x, y, 1.0], [x, y, 11.0], [west, 0.0, 11.0]])
    };
    let middle = Site::with(&[along(0.0, 0.0)]).run(PLAIN, &[]);
    let west = Site::with(&[along(-135_000.0, -convergence)]).run(PLAIN, &[]);
    assert!((of(&middle, "surface_azimuth", "east") - 90.0).abs() < 0.01);
    assert!((of(&west, "surface_azimuth", "east") - 90.0).abs() < 0.05, "{}", of(&west, "surface_azimuth", "east"));
    let expected = of(&middle, "annual_irradiation", "east");
    // Turned the wrong way the sun would be off by 3°, which is one percent of the year.
    near(of(&west, "annual_irradiation", "east"), expected, 5e-4, "annual irradiation");
}

/// The weather files of the reference, the name of their table, and the scenario that reads them.
const WEATHER: [(&str, &str, &str); 3] = [
    ("NLD_Amsterdam062400_IWEC.epw", "amsterdam_iwec", "epw"),
    ("pvgis_tmy_45N_8E_2005_2023.epw", "pvgis_45N_8E", "epw"),
    ("723170TYA.CSV", "greensboro_tmy3", "tmy3"),
];
const TIGHT: f64 = 5e-5;

/// A row of a table of the reference by tilt.
fn reference(table: &Path, tilt: &str) -> Vec<f64> {
    let text = fs::read_to_string(table).unwrap();
    let row = text.lines().find(|line| line.split(',').nth(1) == Some(tilt)).unwrap();
    row.split(',').skip(3).map(|value| value.parse().unwrap()).collect()
}

/// Annual irradiation of pvlib 0.16.1 on open planes, three weather files and three models, within 0.5 %.
///
/// Measured: 0.001 %, but for Greensboro 0.15 %, whose file has direct radiation with the sun below the horizon. The
/// radiances of patches are another model than pvlib has: 2 % on the roof and 4 % on the wall.
#[test]
fn open_planes_are_those_of_pvlib() {
    let Some(data) = common::data_dir() else { return };
    let data = data.join("solar");
    let site = Site::with(&planes());
    let mut told = Vec::new();
    for (file, table, key) in WEATHER {
        fs::copy(data.join(file), site.path(file)).unwrap();
        let scenario = PLAIN.replace("epw = \"weather.epw.gz\"", &format!("{key} = \"{file}\""));
        let tolerance = if key == "tmy3" { OPEN } else { TIGHT };
        let table = data.join(format!("reference/poa_annual_{table}.csv"));
        for (column, model) in SKY_MODELS.into_iter().enumerate() {
            let ran = site.run(&scenario, &["--set", &format!("solar.sky_model={model}")]);
            for (plane, tilt, of_patches) in [("south", "35", 0.02), ("east", "90", 0.04)] {
                let expected = reference(&table, tilt)[column.min(2)];
                let found = of(&ran, "annual_irradiation", plane);
                told.push(format!("{file} {model} {plane}: {:+.4} %", 100.0 * (found / expected - 1.0)));
                near(found, expected, if model == "perez_1993" { of_patches } else { tolerance }, told.last().unwrap());
            }
        }
    }
    println!("{}", told.join("\n"));
}

/// Two walls of 20 m by 20 m that face each other at 20 m, the southern one looking north.
fn facing() -> Vec<House> {
    let south: [Point; 4] = [[20.0, 0.0, 0.0], [0.0, 0.0, 0.0], [0.0, 0.0, 20.0], [20.0, 0.0, 20.0]];
    let north: [Point; 4] = [[0.0, 20.0, 0.0], [20.0, 20.0, 0.0], [20.0, 20.0, 20.0], [0.0, 20.0, 20.0]];
    vec![House::lone("shaded", "WallSurface", &south), House::lone("sunny", "WallSurface", &north)]
}

/// View factor of two squares that face each other at the length of their sides (Howell, configuration C-11).
const FACING_SQUARES: f64 = 0.199_825;

#[test]
fn a_wall_gets_what_the_wall_across_reflects() {
    let view_factor = {
        // C-11 with X = Y = 1: 2/π (ln √(4/3) + 2 √2 atan(1/√2) − 2 atan 1).
        let root = 2.0_f64.sqrt();
        2.0 / std::f64::consts::PI
            * (0.5 * (4.0_f64 / 3.0).ln() + 2.0 * root * (1.0 / root).atan() - std::f64::consts::FRAC_PI_2)
    };
    assert!((view_factor - FACING_SQUARES).abs() < 1e-6, "{view_factor}");
    let site = Site::with(&facing());
    let mut of_albedo = Vec::new();
    for albedo in [0.0, 0.2, 0.8] {
        let ran = site.run(PLAIN, &["--set", &format!("solar.facade_albedo={albedo}")]);
        for (wall, across) in [("shaded", "sunny"), ("sunny", "shaded")] {
            let parts = ["beam", "sky", "ground"].map(|part| of(&ran, &format!("annual_{part}_irradiation"), across));
            let expected = albedo * view_factor * parts.iter().sum::<f64>();
            let found = of(&ran, "annual_facade_irradiation", wall);
            assert!((found - expected).abs() <= 0.02 * expected, "{wall} by {albedo}: {found}, by hand {expected}");
        }
        of_albedo.push(of(&ran, "annual_irradiation", "shaded"));
    }
    assert!(of_albedo[0] < of_albedo[1] && of_albedo[1] < of_albedo[2], "{of_albedo:?}");
    // The sun never lights the southern one from the north as much as it lights the one that looks south.
    let ran = site.run(PLAIN, &["--set", "solar.facade_albedo=0.8"]);
    assert!(of(&ran, "annual_facade_irradiation", "shaded") > 1.5 * of(&ran, "annual_facade_irradiation", "sunny"));
}

/// Sky-view factor in the middle of an endless street: 1 / √(1 + (2 H / W)²).
#[test]
fn streets_have_the_sky_of_their_closed_form() {
    const WIDTH: f64 = 50.0;
    let street = |height: f64| {
        let site = Site::new();
        // Walls rise between the centres of two cells, so that 49 cells of ground make a street of 50 m.
        let is_block = |x: f64| !(5.0..54.0).contains(&x);
        site.elevation("street.tif", ([0.0, 0.0], 1.0), [59, 1601], CRS, |x, _| if is_block(x) { height } else { 0.0 });
        let keys = "[solar.raster]\ndsm = \"street.tif\"\ncells = \"level\"\n";
        let ran = site.run(&format!("{}{keys}", PLAIN.replace("[buildings]\ncityjson = [\"city.json\"]\n", "")), &[]);
        let all = ran.reader.f64("sky_view_factor").unwrap();
        all[[800, 29]]
    };
    for ratio in [0.5_f64, 1.0, 2.0] {
        let expected = 1.0 / (1.0 + (2.0 * ratio).powi(2)).sqrt();
        near(street(ratio * WIDTH), expected, OPEN, &format!("H/W {ratio}"));
    }
}

#[test]
fn open_cells_get_the_global_radiation() {
    let site = Site::new();
    site.elevation("field.tif", ([0.0, 0.0], 2.0), [40, 30], CRS, |_, _| 3.0);
    let raster = PLAIN.replace("[buildings]\ncityjson = [\"city.json\"]\n", "");
    for model in ["isotropic", "hay_davies", "perez_1990"] {
        let keys = format!("sky_model = \"{model}\"\n[solar.raster]\ndsm = \"field.tif\"\n");
        let ran = site.run(&format!("{raster}{keys}"), &[]);
        let ghi = 928.576;
        for value in ran.f64("cell_annual_irradiation") {
            near(value, ghi, OPEN, model);
        }
        assert!(ran.f64("sky_view_factor").iter().all(|factor| *factor == 1.0));
    }
}
