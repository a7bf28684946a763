//! Photovoltaics through the whole engine: capacity, yield and money against closed forms and pvlib.
#![allow(clippy::unwrap_used, reason = "a helper that fails fails its test")]

#[path = "common/mod.rs"]
mod common;
#[path = "common/made_city.rs"]
mod made_city;
#[path = "common/runs.rs"]
mod runs;

use std::fs;

use made_city::{House, PLAIN, Point, Ran, Site, example, near};

/// A roof of 10 m by 10 m, 35° to the south, and a wall of the same size to the east, each alone.
fn planes() -> Vec<House> {
    let (sine, cosine) = 35.0_f64.to_radians().sin_cos();
    let (run, rise) = (10.0 * cosine, 10.0 * sine);
    let roof: [Point; 4] = [[0.0, 0.0, 5.0], [10.0, 0.0, 5.0], [10.0, run, 5.0 + rise], [0.0, run, 5.0 + rise]];
    let far = 3000.0;
    let wall: [Point; 4] = [[0.0, far, 1.0], [0.0, far + 10.0, 1.0], [0.0, far + 10.0, 11.0], [0.0, far, 11.0]];
    vec![House::lone("south", "RoofSurface", &roof), House::lone("east", "WallSurface", &wall)]
}

fn of(ran: &Ran, field: &str, building: &str) -> f64 {
    let values = ran.of_building(field, building);
    assert_eq!(values.len(), 1, "{building}");
    values[0]
}

/// Settings of the reference: Sandia on an open rack, all losses, an inverter as large as the modules.
const AS_PVLIB: &str = "[solar.pv]\nfacades = true\nmin_irradiation_kwh_m2 = 0.0\nlosses = 0.14075661\ndc_ac_ratio = 1.0\n\
    cell_temperature = \"sapm_open_rack\"\n";

/// AC kWh per kWp of pvlib 0.16.1 with PVWatts for three weather files, 0.5 %; under Perez, as there.
#[test]
fn yield_of_open_planes_is_that_of_pvlib() {
    let Some(data) = common::data_dir().map(|data| data.join("solar")) else { return };
    let site = Site::with(&planes());
    for (file, key, south, east) in [
        ("NLD_Amsterdam062400_IWEC.epw", "epw", 925.7, 445.3),
        ("pvgis_tmy_45N_8E_2005_2023.epw", "epw", 1373.1, 694.5),
        ("723170TYA.CSV", "tmy3", 1405.9, 721.0),
    ] {
        fs::copy(data.join(file), site.path(file)).unwrap();
        let scenario = PLAIN.replace("epw = \"weather.epw.gz\"", &format!("{key} = \"{file}\""));
        let ran = site.run(&format!("{scenario}{AS_PVLIB}"), &[]);
        near(of(&ran, "surface_pv_specific_yield", "south"), south, 0.005, file);
        near(of(&ran, "surface_pv_specific_yield", "east"), east, 0.005, file);
    }
}

#[test]
fn capacity_is_usable_area_times_density() {
    let site = Site::with(&planes());
    let keys = "setback_m = 0.5\nusable_share_sloped = 0.6\npower_density_kw_m2 = 0.22\n";
    let ran = site.run(&format!("{PLAIN}{AS_PVLIB}{keys}"), &[]);
    for plane in ["south", "east"] {
        // Without a strip of half a metre along 40 m of edges: (100 − 20) · 0.6 = 48 m².
        near(of(&ran, "surface_pv_area", plane), 48.0, 1e-6, plane);
        near(of(&ran, "surface_pv_capacity", plane), 48.0 * 0.22, 1e-6, plane);
        let per_kw = of(&ran, "surface_pv_specific_yield", plane);
        near(of(&ran, "pv_yield", plane), of(&ran, "surface_pv_capacity", plane) * per_kw, 1e-12, plane);
    }
    near(ran.figure("pv_capacity_kw"), 2.0 * 48.0 * 0.22, 1e-6, "both");
}

#[test]
fn surfaces_that_are_too_small_or_dark_carry_nothing() {
    let site = Site::with(&planes());
    for (set, expected) in [
        ("solar.pv.facades=false", [1, 0]),
        ("solar.pv.min_area_m2=100.1", [0, 0]),
        ("solar.pv.min_irradiation_kwh_m2=700", [1, 0]),
        ("solar.pv.setback_m=2.6", [0, 0]),
    ] {
        let ran = site.run(&format!("{PLAIN}{AS_PVLIB}"), &["--set", set]);
        let suitable = ran.i64("surface_pv_suitable");
        assert_eq!(suitable, expected, "{set}");
        for (surface, suitable) in suitable.iter().enumerate() {
            assert_eq!(ran.f64("pv_yield")[surface] > 0.0, *suitable == 1, "{set}");
            assert_eq!(ran.f64("surface_pv_specific_yield")[surface].is_nan(), *suitable == 0, "{set}");
            assert_eq!(ran.i64("surface_pv_rank")[surface] > 0, *suitable == 1, "{set}");
        }
    }
}

/// Modules on stands of 35° to the south on an open flat roof see what an open plane of 35° sees.
#[test]
fn stands_on_a_flat_roof_yield_as_a_roof_of_their_tilt() {
    let flat: [Point; 4] = [[0.0, -3000.0, 5.0], [20.0, -3000.0, 5.0], [20.0, -2980.0, 5.0], [0.0, -2980.0, 5.0]];
    let mut houses = planes();
    houses.push(House::lone("flat", "RoofSurface", &flat));
    let site = Site::with(&houses);
    for model in ["isotropic", "perez_1990", "perez_1993"] {
        let set = format!("solar.sky_model={model}");
        let ran = site.run(&format!("{PLAIN}{AS_PVLIB}stand_tilt_deg = 35.0\n"), &["--set", &set]);
        let south = of(&ran, "surface_pv_specific_yield", "south");
        near(of(&ran, "surface_pv_specific_yield", "flat"), south, 0.005, model);
        // (400 − 80 · 0.3) · 0.5, the share of flat roofs.
        near(of(&ran, "surface_pv_area", "flat"), 188.0, 1e-6, model);
    }
}

const COSTS: &str = "avoided_kg_co2_per_kwh = 0.3\n[solar.pv.costs]\ninvestment_per_kwp = 1000\noperation_per_kwp_year = 20\n\
    lifetime_years = 20\ndegradation = 0.01\nself_consumption = 0.4\nelectricity_price_per_kwh = 0.35\n\
    feed_in_price_per_kwh = 0.05\n[economy]\ncurrency = \"EUR\"\nprice_year = 2025\ndiscount_rate = 0.04\n";

/// Geometric sums instead of loops over the years.
#[test]
fn money_is_that_of_closed_forms() {
    let site = Site::with(&planes());
    let ran = site.run(&format!("{PLAIN}{AS_PVLIB}{COSTS}"), &[]);
    let (rate, fading, years): (f64, f64, i32) = (0.04, 0.01, 20);
    let annuity = (1.0 - (1.0 + rate).powi(-years)) / rate;
    let quotient = (1.0 - fading) / (1.0 + rate);
    let discounted = (1.0 - quotient.powi(years)) / (1.0 - quotient) / (1.0 + rate);
    let plain = (1.0 - (1.0 - fading).powi(years)) / fading;
    let price = 0.4 * 0.35 + 0.6 * 0.05;
    for plane in ["south", "east"] {
        let (capacity, energy) = (of(&ran, "surface_pv_capacity", plane), of(&ran, "pv_yield", plane));
        let costs = capacity * (1000.0 + 20.0 * annuity);
        near(of(&ran, "surface_pv_investment", plane), 1000.0 * capacity, 1e-9, plane);
        near(of(&ran, "surface_pv_levelised_cost", plane), costs / (energy * discounted), 1e-9, plane);
        near(of(&ran, "surface_pv_net_present_value", plane), energy * price * discounted - costs, 1e-9, plane);
        near(of(&ran, "surface_pv_avoided_emissions", plane), 0.3 * energy * plain, 1e-9, plane);
    }
    // Both together: sums, and the levelised cost of the sum.
    let (capacity, energy) = (ran.figure("pv_capacity_kw"), ran.figure("pv_yield_kwh"));
    let costs = capacity * (1000.0 + 20.0 * annuity);
    near(ran.figure("pv_levelised_cost_per_kwh"), costs / (energy * discounted), 1e-9, "both");
    near(ran.figure("pv_net_present_value"), energy * price * discounted - costs, 1e-9, "both");
    // The better one first.
    assert_eq!(ran.i64("surface_pv_rank"), [1, 2]);
}

/// Without fading the plain payback is investment over what a year brings.
#[test]
fn payback_is_investment_over_what_a_year_brings() {
    let site = Site::with(&planes());
    let costs = COSTS.replace("degradation = 0.01", "degradation = 0");
    let ran = site.run(&format!("{PLAIN}{AS_PVLIB}{costs}"), &[]);
    let (capacity, energy) = (of(&ran, "surface_pv_capacity", "south"), of(&ran, "pv_yield", "south"));
    let of_year = energy * (0.4 * 0.35 + 0.6 * 0.05) - 20.0 * capacity;
    near(of(&ran, "surface_pv_payback_time", "south"), 1000.0 * capacity / of_year, 1e-9, "south");
    let never = COSTS.replace("investment_per_kwp = 1000", "investment_per_kwp = 90000");
    let ran = site.run(&format!("{PLAIN}{AS_PVLIB}{never}"), &[]);
    assert!(of(&ran, "surface_pv_payback_time", "south").is_nan());
    assert!(of(&ran, "surface_pv_net_present_value", "south") < 0.0);
}

/// Ranks of the example run from 1 without gaps, best first, over those that carry modules; buildings are sums.
#[test]
fn ranks_of_the_example_are_permutations() {
    let folder = tempfile::tempdir().unwrap();
    let ran = Ran::of(folder.path(), &example("solar.toml"), &["--set", "output.exports=[]"]);
    for of in ["surface", "building"] {
        let ranks = ran.i64(&format!("{of}_pv_rank"));
        let capacity = ran.f64(&format!("{of}_pv_capacity"));
        let (value, investment) =
            (ran.f64(&format!("{of}_pv_net_present_value")), ran.f64(&format!("{of}_pv_investment")));
        let mut ranked: Vec<usize> = (0..ranks.len()).filter(|&at| ranks[at] > 0).collect();
        assert!((0..ranks.len()).all(|at| (ranks[at] > 0) == (capacity[at] > 0.0)), "{of}: {ranks:?}");
        ranked.sort_by_key(|&at| ranks[at]);
        assert!(ranked.len() > 5 && ranked.iter().zip(1..).all(|(&at, rank)| ranks[at] == rank), "{of}: {ranks:?}");
        let worth: Vec<f64> = ranked.iter().map(|&at| value[at] / investment[at]).collect();
        assert!(worth.is_sorted_by(|a, b| a >= b), "{of}: {worth:?}");
    }
    let building = ran.i64("surface_building");
    for (surface_field, building_field) in
        [("pv_yield", "building_pv_yield"), ("surface_pv_net_present_value", "building_pv_net_present_value")]
    {
        let (surfaces, buildings) = (ran.f64(surface_field), ran.f64(building_field));
        for (number, expected) in buildings.iter().enumerate().filter(|(_, value)| value.is_finite()) {
            let own = (0..surfaces.len()).filter(|&at| building[at] == number as i64 && surfaces[at].is_finite());
            let sum: f64 = own.map(|at| surfaces[at]).sum();
            assert!((sum - expected).abs() <= 1e-6 * expected.abs().max(1.0), "{building_field}: {sum} {expected}");
        }
    }
}
