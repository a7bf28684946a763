//! The examples of the sun as whole runs, and their figures against what can be worked out by hand.
#![allow(clippy::unwrap_used, reason = "a helper that fails fails its test")]

#[path = "common/mod.rs"]
mod common;
#[path = "common/made_city.rs"]
mod made_city;
#[path = "common/runs.rs"]
mod runs;

use std::fs;
use std::path::Path;

use made_city::{PLAIN, Ran, Site, example, near};

/// Global irradiation of the invented weather and of Amsterdam [kWh/m²]; the latter is pvlib's sum of the file.
const GHI_TOWN: f64 = 928.576;
const GHI_AMSTERDAM: f64 = 982.481;
const PARTS: [&str; 4] = ["beam", "sky", "ground", "facade"];

/// Runs the example with more settings.
fn town(folder: &Path, more: &[&str]) -> Ran {
    let arguments: Vec<&str> =
        ["output.exports=[]"].iter().chain(more).flat_map(|set| ["--set", *set]).chain(["--threads", "2"]).collect();
    Ran::of(folder, &example("solar.toml"), &arguments)
}

/// A folder with the 52 buildings, and their run.
fn delft(keys: &str) -> Option<(Site, Ran)> {
    let data = common::data_dir()?.join("solar");
    let (city, weather) = ("3dbag_v210908_tile901_52buildings.city.jsonl", "NLD_Amsterdam062400_IWEC.epw");
    let site = Site::new();
    for file in [city, weather] {
        fs::copy(data.join(file), site.path(file)).unwrap();
    }
    let scenario = format!("[weather]\nepw = \"{weather}\"\n[buildings]\ncityjson = [\"{city}\"]\n[solar]\n{keys}");
    let ran = site.run(&scenario, &["--threads", "2"]);
    Some((site, ran))
}

/// What holds of every run on buildings.
#[track_caller]
fn assert_sound(ran: &Ran) {
    let annual = ran.f64("annual_irradiation");
    let parts = PARTS.map(|part| ran.f64(&format!("annual_{part}_irradiation")));
    let (unshaded, factor) = (ran.f64("annual_unshaded_irradiation"), ran.f64("surface_sky_factor"));
    let (kind, exposed, area) = (ran.i64("surface_type"), ran.f64("surface_exposed_area"), ran.f64("surface_area"));
    let month_hour = ran.reader.f64("month_hour_irradiation").unwrap();
    for surface in 0..annual.len() {
        assert!(exposed[surface] <= area[surface] * (1.0 + 1e-9), "{surface}");
        // Values are missing for grounds, and for what others cover altogether.
        let is_lit = kind[surface] != 2 && exposed[surface] > 0.0;
        for values in [&annual, &unshaded, &factor].into_iter().chain(&parts) {
            assert_eq!(values[surface].is_finite(), is_lit, "surface {surface}: {}", values[surface]);
        }
        let by_month = month_hour.slice(ndarray::s![.., .., surface]);
        assert!(by_month.iter().all(|value| value.is_finite() == is_lit), "surface {surface}");
        if !is_lit {
            continue;
        }
        let sum: f64 = parts.iter().map(|part| part[surface]).sum();
        assert!(parts.iter().all(|part| part[surface] >= -1e-9), "surface {surface}");
        assert!((sum - annual[surface]).abs() <= 1e-9 * annual[surface].max(1.0), "{sum} {}", annual[surface]);
        // Single hours whose parts add up to less than nothing count as dark, the parts do not.
        assert!((by_month.sum() - annual[surface]).abs() <= 1e-4 * annual[surface].max(1.0), "surface {surface}");
        let own = annual[surface] - parts[3][surface];
        assert!(own <= unshaded[surface] * 1.001, "surface {surface}: {own} of {}", unshaded[surface]);
        assert!((0.0..=1.0 + 1e-6).contains(&factor[surface]), "surface {surface}: {}", factor[surface]);
    }
    assert_buildings_are_sums(ran, &annual, &exposed);
}

/// Buildings, their tables and the figures of the report are sums of surfaces.
#[track_caller]
fn assert_buildings_are_sums(ran: &Ran, annual: &[f64], exposed: &[f64]) {
    let (kind, of) = (ran.i64("surface_type"), ran.i64("surface_building"));
    let month_hour = ran.reader.f64("building_month_hour_irradiation").unwrap();
    let mut whole = vec![0.0; month_hour.shape()[2]];
    for (name, wanted) in [("roof", 0), ("wall", 1)] {
        let (areas, energies) =
            (ran.f64(&format!("building_{name}_area")), ran.f64(&format!("building_{name}_irradiation")));
        let mut sums = vec![[0.0; 2]; areas.len()];
        let lit = (0..annual.len()).filter(|&surface| kind[surface] == wanted && annual[surface].is_finite());
        for surface in lit {
            sums[of[surface] as usize][0] += exposed[surface];
            sums[of[surface] as usize][1] += exposed[surface] * annual[surface];
        }
        for (building, [area, energy]) in sums.iter().enumerate() {
            assert!((areas[building] - area).abs() <= 1e-9 * area.max(1.0), "{name} of {building}");
            assert!((energies[building] - energy).abs() <= 1e-9 * energy.max(1.0), "{name} of {building}");
            whole[building] += energy;
        }
        near(ran.figure(&format!("{name}_area_m2")), areas.iter().sum(), 1e-12, name);
        near(ran.figure(&format!("{name}_irradiation_kwh")), energies.iter().sum(), 1e-12, name);
    }
    for (building, expected) in whole.iter().enumerate() {
        let sum: f64 = month_hour.slice(ndarray::s![.., .., building]).sum();
        assert!((sum - expected).abs() <= 1e-4 * expected.max(1.0), "building {building}: {sum} {expected}");
    }
}

/// Hours of surfaces and buildings add up to their years and months; the night is dark.
#[track_caller]
fn assert_hours_add_up(ran: &Ran) {
    let hours = ran.reader.f64("surface_irradiance").unwrap();
    let (annual, zenith) = (ran.f64("annual_irradiation"), ran.f64("solar_zenith"));
    assert_eq!(hours.shape(), [8760, annual.len()]);
    for (surface, annual) in annual.iter().enumerate() {
        let own = hours.slice(ndarray::s![.., surface]);
        assert_eq!(own.iter().all(|value| value.is_nan()), annual.is_nan(), "surface {surface}");
        let sum = own.sum() / 1000.0;
        assert!(annual.is_nan() || (sum - annual).abs() <= 1e-4 * annual.max(1.0), "{surface}: {sum} {annual}");
        assert!(annual.is_nan() || own.iter().zip(&zenith).all(|(value, zenith)| *zenith < 96.0 || *value == 0.0));
    }
    assert_tables_are_of_hours(ran);
    let of_buildings = ran.reader.f64("building_irradiance").unwrap();
    let months = ran.reader.f64("building_month_hour_irradiation").unwrap();
    for building in 0..of_buildings.shape()[1] {
        let (sum, expected) =
            (of_buildings.slice(ndarray::s![.., building]).sum(), months.slice(ndarray::s![.., .., building]).sum());
        near(sum, expected, 1e-4, &format!("building {building}"));
    }
}

/// Hours whose files count them in local standard time fall into the month and hour of their row.
#[track_caller]
fn assert_tables_are_of_hours(ran: &Ran) {
    const DAYS: [usize; 12] = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];
    let hours = ran.reader.f64("surface_irradiance").unwrap();
    let table = ran.reader.f64("month_hour_irradiation").unwrap();
    let month_of_day: Vec<usize> =
        DAYS.iter().enumerate().flat_map(|(month, &days)| std::iter::repeat_n(month, days)).collect();
    for surface in (0..hours.shape()[1]).filter(|&surface| hours[[0, surface]].is_finite()) {
        let mut expected = [[0.0; 24]; 12];
        for hour in 0..8760 {
            expected[month_of_day[hour / 24]][hour % 24] += hours[[hour, surface]] / 1000.0;
        }
        for (month, of_month) in expected.iter().enumerate() {
            for (hour, expected) in of_month.iter().enumerate() {
                let found = table[[month, hour, surface]];
                assert!((found - expected).abs() <= 1e-4 * expected.max(1.0), "{surface}, {month} {hour}: {found}");
            }
        }
    }
}

/// Areas from the plan of `scenarios/town/make.py`: flat roofs are footprints, a gable is two slopes.
#[test]
fn the_example_has_the_areas_of_its_plan() {
    let folder = tempfile::tempdir().unwrap();
    let ran = town(folder.path(), &[]);
    assert_sound(&ran);
    near(ran.figure("global_horizontal_irradiation_kwh_m2"), GHI_TOWN, 1e-9, "sum of the weather file");
    let roofs = |building: &str| -> f64 {
        let kind = ran.i64("surface_type");
        let area = ran.f64("surface_exposed_area");
        ran.surfaces_of(building).into_iter().filter(|&at| kind[at] == 0).map(|at| area[at]).sum()
    };
    let slope = |depth: f64, rise: f64| 2.0 * (0.5 * depth).hypot(rise);
    for (house, expected) in [
        ("house-01", 10.0 * slope(9.0, 3.5)),
        ("house-04", 18.0 * 14.0),
        ("house-05", 12.0 * 12.0),
        ("house-06", 9.0 * slope(12.0, 3.5)),
        ("house-07", 24.0 * 12.0),
        ("house-08", 12.0 * 12.0),
        ("house-09", 10.0 * slope(10.0, 4.0)),
        ("house-10", 30.0 * slope(10.0, 4.0)),
        ("house-11", 14.0 * 18.0),
        ("house-12", 8.0 * 8.0),
    ] {
        // Heights are in whole millimetres.
        near(roofs(house), expected, 2e-4, house);
    }
    let walls = ran.f64("building_wall_area");
    let ids = ran.reader.text("building_id").unwrap();
    let wall = |house: &str| walls[ids.iter().position(|id| id == house).unwrap()];
    near(wall("house-04"), 2.0 * (18.0 + 14.0) * 12.0, 1e-6, "walls that nobody shares");
    near(wall("house-05"), 4.0 * 12.0 * 36.0, 1e-6, "walls of the tower");
    // The top of the tower sees the whole sky; nothing is higher.
    let tower = ran.surfaces_of("house-05")[1];
    assert_eq!(ran.i64("surface_type")[tower], 0);
    near(ran.f64("annual_irradiation")[tower], GHI_TOWN, 0.005, "roof of the tower");
    near(ran.f64("surface_sky_factor")[tower], 1.0, 1e-6, "sky over the tower");
}

#[test]
fn hours_of_the_example_add_up() {
    let folder = tempfile::tempdir().unwrap();
    assert_hours_add_up(&town(folder.path(), &["solar.hourly=true"]));
}

#[test]
fn hours_of_a_sky_of_patches_add_up() {
    let site = Site::new();
    fs::copy(example("town/town.city.json"), site.path("city.json")).unwrap();
    let ran = site.run(&format!("{PLAIN}hourly = true\nsky_model = \"perez_1993\"\n"), &[]);
    assert_sound(&ran);
    assert_hours_add_up(&ran);
}

#[test]
fn real_buildings_add_up() {
    let Some((_site, ran)) = delft("hourly = true\n[solar.pv]\nfacades = true\n") else { return };
    assert_sound(&ran);
    assert_hours_add_up(&ran);
    near(ran.figure("global_horizontal_irradiation_kwh_m2"), GHI_AMSTERDAM, 1e-5, "sum of the weather file");
    assert_eq!(ran.figure("buildings"), 52.0);
    // Dutch roofs get 0.7 to 1.16 of the level plane, the latter at 35° to the south (pvlib's sum of this file).
    let mean = ran.figure("roof_irradiation_kwh") / ran.figure("roof_area_m2");
    assert!((0.7 * GHI_AMSTERDAM..1.16 * GHI_AMSTERDAM).contains(&mean), "{mean}");
    let walls = ran.figure("wall_irradiation_kwh") / ran.figure("wall_area_m2");
    assert!((0.3 * GHI_AMSTERDAM..0.8 * GHI_AMSTERDAM).contains(&walls), "{walls}");
    assert_roofs_fit_their_footprints(&ran);
}

/// Roofs seen from above cover their buildings: within 2 %, their level area is that of the ground surfaces.
#[track_caller]
fn assert_roofs_fit_their_footprints(ran: &Ran) {
    let (kind, tilt, area) = (ran.i64("surface_type"), ran.f64("surface_tilt"), ran.f64("surface_area"));
    let level = |wanted: i64| -> f64 {
        (0..kind.len()).filter(|&at| kind[at] == wanted).map(|at| area[at] * tilt[at].to_radians().cos().abs()).sum()
    };
    near(level(0), level(2), 0.02, "roofs from above, and grounds");
}

/// What holds of every raster: months and hours add up, and the sun alone is part of all.
#[track_caller]
fn assert_sound_raster(ran: &Ran) {
    let annual = ran.f64("cell_annual_irradiation");
    let (beam, height) = (ran.f64("cell_annual_beam_irradiation"), ran.f64("cell_height"));
    let factors = ["sky_view_factor", "tilted_sky_view_factor"].map(|name| ran.f64(name));
    let months = ran.f64("cell_month_irradiation");
    let n_cells = annual.len();
    for cell in 0..n_cells {
        let is_known = height[cell].is_finite();
        assert_eq!((annual[cell].is_finite(), beam[cell].is_finite()), (is_known, is_known), "cell {cell}");
        if !is_known {
            continue;
        }
        let sum: f64 = (0..12).map(|month| months[month * n_cells + cell]).sum();
        assert!((sum - annual[cell]).abs() <= 1e-4 * annual[cell].max(1.0), "cell {cell}: {sum} {}", annual[cell]);
        assert!((0.0..=annual[cell] * 1.001).contains(&beam[cell]), "cell {cell}: {} of {}", beam[cell], annual[cell]);
        assert!(factors.iter().all(|factor| (0.0..=1.0).contains(&factor[cell])), "cell {cell}");
    }
    let known: Vec<f64> = annual.iter().copied().filter(|value| value.is_finite()).collect();
    near(ran.figure("cells_with_height"), known.len() as f64, 0.0, "cells");
    near(ran.figure("mean_irradiation_kwh_m2"), known.iter().sum::<f64>() / known.len() as f64, 1e-9, "mean of cells");
}

/// Irradiance of a cell hour by hour on the days that were asked for, with the zenith of the sun.
fn days_of_cell(ran: &Ran, cell: usize) -> Vec<(f64, f64)> {
    let n_cells = ran.f64("cell_height").len();
    let (times, hours) = (ran.f64("cell_time"), ran.f64("cell_irradiance"));
    let (all_times, zenith) = (ran.f64("time"), ran.f64("solar_zenith"));
    let of_hour = |(index, time): (usize, &f64)| {
        let at = all_times.iter().position(|other| other == time).unwrap();
        (zenith[at], hours[index * n_cells + cell])
    };
    times.iter().enumerate().map(of_hour).collect()
}

#[test]
fn cells_of_the_example_add_up() {
    let folder = tempfile::tempdir().unwrap();
    let ran = town(folder.path(), &["solar.raster.horizons=true"]);
    assert_sound_raster(&ran);
    // The top of the tower, 12 m by 12 m from (92, 18): level, and nothing is higher.
    let tower = (120 - 24) * 120 + 98;
    near(ran.f64("cell_annual_irradiation")[tower], GHI_TOWN, 0.005, "the tower");
    near(ran.f64("sky_view_factor")[tower], 1.0, 1e-6, "sky over the tower");
    let days = days_of_cell(&ran, tower);
    assert_eq!(days.len(), 48);
    assert!(days.iter().all(|(zenith, value)| if *zenith > 96.0 { *value == 0.0 } else { *value >= 0.0 }));
    let (summer, winter): (f64, f64) =
        (days[..24].iter().map(|day| day.1).sum(), days[24..].iter().map(|day| day.1).sum());
    assert!(winter > 0.0 && summer > 3.0 * winter, "{summer} {winter}");
    // Its shadow: the cell at its northern foot sees a horizon of atan(36 m / 4 m) or more to the south.
    let foot = (120 - 34) * 120 + 98;
    let horizons = ran.reader.f64("cell_horizon").unwrap();
    let south = ran.f64("direction").iter().position(|azimuth| *azimuth == 180.0).unwrap();
    let (row, column) = (foot / 120, foot % 120);
    let expected = (35.5_f64 / 4.5).atan().to_degrees();
    near(horizons[[south, row, column]], expected, 0.02, "horizon at the foot of the tower");
    assert!(ran.f64("cell_annual_irradiation")[foot] < 0.7 * GHI_TOWN);
}

/// The Göteborg raster under the sun of Amsterdam, which is told.
#[test]
fn a_raster_of_a_real_town() {
    let Some(data) = common::data_dir().map(|data| data.join("solar")) else { return };
    let (raster, weather) = ("goteborg_kronenhuset_dsm_1m.tif", "NLD_Amsterdam062400_IWEC.epw");
    let site = Site::new();
    for file in [raster, weather] {
        fs::copy(data.join(file), site.path(file)).unwrap();
    }
    let scenario = format!(
        "[weather]\nepw = \"{weather}\"\n[solar]\n[solar.raster]\ndsm = \"{raster}\"\nmonthly = true\nhourly_days = [\"06-21\"]\n"
    );
    let ran = site.run(&scenario, &["--threads", "2"]);
    assert_sound_raster(&ran);
    assert_eq!(ran.warnings("weather_from_elsewhere").len(), 1);
    let (annual, factor, tilt) = (ran.f64("cell_annual_irradiation"), ran.f64("sky_view_factor"), ran.f64("cell_tilt"));
    let open: Vec<usize> = (0..annual.len()).filter(|&cell| factor[cell] > 0.998 && tilt[cell] < 0.5).collect();
    assert!(!open.is_empty());
    for cell in open {
        near(annual[cell], GHI_AMSTERDAM, 0.015, &format!("open level cell {cell}"));
    }
    let most = annual.iter().copied().fold(0.0, f64::max);
    // No plane of this weather gets more than 1.2 of the level one.
    assert!(most < 1.2 * GHI_AMSTERDAM, "{most}");
}
