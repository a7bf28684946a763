//! Rules of weather, buildings, sun and money, with what is told.

use std::fs;
use std::path::Path;

use proptest::prelude::*;
use proptest::string::string_regex;

use super::rules::assert_told;
use super::solar_round_trip::{plain, without_energy};
use super::{all_leaves, problems, read_text, with};
use crate::scenario::keys::{Form, Shape};
use crate::scenario::*;

const WEATHER: &str = "[weather]\nepw = \"a.epw\"\n";
const BUILDINGS: &str = "[buildings]\ncityjson = [\"a.city.json\"]\n";
const RASTER: &str = "[solar.raster]\ndsm = \"a.tif\"\n";
const COSTS: &str = "[solar.pv.costs]\ninvestment_per_kwp = 1200\noperation_per_kwp_year = 20\nlifetime_years = 25\n\
                     degradation = 0.005\nself_consumption = 0.3\nelectricity_price_per_kwh = 0.3\n\
                     feed_in_price_per_kwh = 0.08\n";

#[track_caller]
fn scenario(text: &str) -> Scenario {
    read_text(text).unwrap_or_else(|error| panic!("{error}"))
}

#[test]
fn sun_needs_no_traffic_and_has_the_defaults_of_the_design() {
    let read = scenario(&format!("{WEATHER}{BUILDINGS}[solar]\n[solar.pv]\n{RASTER}"));
    let expected_weather = Weather {
        file: WeatherFile::Epw("a.epw".into()),
        sun_year: 2023,
        radiation: Radiation::File,
        linke_turbidity: None,
    };
    let expected_raster = SolarRaster {
        dsm: "a.tif".into(),
        directions: 36,
        reach_m: None,
        cells: CellPlanes::Sloped,
        tile_cells: 1024,
        monthly: false,
        horizons: false,
        hourly_days: Vec::new(),
    };
    let expected_pv = Photovoltaics {
        facades: false,
        min_area_m2: 10.0,
        min_irradiation_kwh_m2: 650.0,
        usable_share_sloped: 0.75,
        usable_share_flat: 0.5,
        setback_m: 0.3,
        flat_below_deg: 10.0,
        stand_tilt_deg: 10.0,
        stand_azimuth_deg: 180.0,
        power_density_kw_m2: 0.2,
        cell_temperature: CellTemperature::SapmCloseRoof,
        temperature_coefficient_per_k: -0.0035,
        losses: 0.114183,
        inverter_efficiency: 0.96,
        dc_ac_ratio: 1.1,
        avoided_kg_co2_per_kwh: None,
        costs: None,
    };
    assert!(read.traffic.is_none() && read.economy.is_none());
    assert_eq!(read.weather, Some(expected_weather));
    assert_eq!(read.buildings, Some(Buildings { cityjson: vec!["a.city.json".into()], ..without_energy() }));
    assert_eq!(read.solar, Some(Solar { raster: Some(expected_raster), pv: Some(expected_pv), ..plain() }));
}

/// The losses of PVWatts version 5: soiling 2, shading 3, snow 0, mismatch 2, wiring 2, connections 0.5, light-induced
/// degradation 1.5, nameplate rating 1, age 0 and availability 3 percent (Dobos 2014, NREL/TP-6A20-62641).
#[test]
fn default_losses_are_those_of_pvwatts_without_shading() {
    let percents = [2.0, 0.0, 2.0, 2.0, 0.5, 1.5, 1.0, 0.0, 3.0];
    let kept: f64 = percents.iter().map(|percent| 1.0 - percent / 100.0).product();
    let pv = scenario(&format!("{WEATHER}{BUILDINGS}[solar.pv]\n")).solar.unwrap().pv.unwrap();
    assert!((pv.losses - (1.0 - kept)).abs() < 1e-6, "{} {}", pv.losses, 1.0 - kept);
    // What the document says of a set with the 3 percent of shading.
    assert!((0.140757 - (1.0 - kept * 0.97)).abs() < 1e-6, "{}", 1.0 - kept * 0.97);
}

#[test]
fn sun_needs_weather_and_something_to_shine_on() {
    assert_told("[solar]\n", BUILDINGS, &["1: solar: needs [weather]\n  hint: add [weather]"]);
    let either = "3: solar: needs [buildings] or [solar.raster]\n  \
                  hint: add [buildings] for roofs and walls, [solar.raster] for the cells of a raster";
    assert_told(WEATHER, "[solar]\n", &[either]);
    scenario(&format!("{WEATHER}[solar]\n{RASTER}"));
    scenario(&format!("{WEATHER}[solar]\n{BUILDINGS}"));
}

#[test]
fn tables_that_nothing_uses_are_told() {
    let sun = |name: &str| format!("1: {name}: needs [solar] or [energy]\n  hint: add [solar] or [energy]");
    assert_told("", WEATHER, &[&sun("weather")]);
    assert_told("", BUILDINGS, &[&sun("buildings")]);
    let economy = "[economy]\ncurrency = \"EUR\"\nprice_year = 2025\ndiscount_rate = 0.03\n";
    let needs = "1: economy: needs [solar.pv.costs], or costs and prices of its own for [energy]\n  \
                 hint: add [solar.pv.costs], [economy.carriers.electricity] or measure_costs";
    assert_told("", economy, &[needs]);
    assert_told("", &format!("{economy}{WEATHER}{BUILDINGS}[solar.pv]\n"), &[needs]);
    let money = scenario(&format!("{economy}{WEATHER}{BUILDINGS}{COSTS}")).economy.unwrap();
    let expected = Economy {
        currency: "EUR".to_owned(),
        price_year: 2025,
        discount_rate: 0.03,
        measure_costs: None,
        carriers: Vec::new(),
    };
    assert_eq!(money, expected);
    let without = "5: solar.pv.costs: needs [economy]\n  hint: add [economy]";
    assert_told(&format!("{WEATHER}{BUILDINGS}"), COSTS, &[without]);
}

#[test]
fn people_and_counts_need_traffic_beside_a_sun_too() {
    let needs = |line: u8, name: &str| format!("{line}: {name}: needs [traffic]\n  hint: add a [traffic] table");
    let text = "[people]\ndistricts = \"a.json\"\n[observed]\ncounts = \"a.csv\"\n";
    assert_told(&format!("{WEATHER}{BUILDINGS}[solar]\n"), text, &[&needs(6, "people"), &needs(8, "observed")]);
}

#[test]
fn the_weather_is_that_of_one_file() {
    let sun = format!("{RASTER}[weather]\n");
    let tmy3 = scenario(&format!("{sun}tmy3 = \"723170TYA.CSV\"\n")).weather.unwrap();
    assert_eq!(tmy3.file, WeatherFile::Tmy3("723170TYA.CSV".into()));
    let none = "3: weather.epw: missing, and there is no weather.tmy3 or weather.downscaled either\n  hint: epw = \"town.epw\"";
    assert_told(&sun, "", &[none]);
    let both = "4: weather.tmy3: the weather is that of one file, and weather.epw names one too\n  \
                hint: remove one of them";
    assert_told(&sun, "tmy3 = \"a.csv\"\nepw = \"a.epw\"\n", &[both]);
    let ending = "4: weather.epw: expected a file name ending in .epw, .EPW or .epw.gz, found \"a.csv\"";
    assert_told(&sun, "epw = \"a.csv\"\n", &[ending]);
}

#[test]
fn turbidity_is_that_of_a_clear_sky() {
    let before = format!("{RASTER}{WEATHER}");
    let clear = scenario(&format!("{before}radiation = \"clear_sky\"\nlinke_turbidity = 3\n")).weather.unwrap();
    assert_eq!((clear.radiation, clear.linke_turbidity), (Radiation::ClearSky, Some(3.0)));
    let missing = "5: weather.linke_turbidity: missing, \"clear_sky\" needs it\n  hint: linke_turbidity = 3.0";
    assert_told(&before, "radiation = \"clear_sky\"\n", &[missing]);
    let line = |line: u8| {
        format!("{line}: weather.linke_turbidity: needs weather.radiation = \"clear_sky\"\n  hint: remove it")
    };
    assert_told(&before, "linke_turbidity = 3\n", &[&line(5)]);
    assert_told(&before, "radiation = \"disc\"\nlinke_turbidity = 3\n", &[&line(6)]);
}

#[test]
fn what_surfaces_need_is_refused_without_them() {
    let values = [
        ("facade_albedo", "0.2"),
        ("surface_spacing_m", "1.0"),
        ("facade_spacing_m", "2.0"),
        ("sky_patches", "145"),
        ("sun_positions", "\"binned\""),
        ("reach_m", "1000.0"),
        ("terrain", "\"dem.tif\""),
        ("surroundings", "\"dsm.tif\""),
        ("hourly", "false"),
        ("tile_m", "500.0"),
    ];
    let needs = "needs [buildings]\n  hint: add [buildings]";
    for (key, value) in values {
        let text = format!("[solar]\n{key} = {value}\n");
        scenario(&format!("{WEATHER}{BUILDINGS}{text}"));
        assert_told(WEATHER, &format!("{text}{RASTER}"), &[&format!("4: solar.{key}: {needs}, or remove it")]);
        assert_told(WEATHER, &text, &[&format!("4: solar.{key}: {needs}, or remove it")]);
    }
    assert_told(WEATHER, &format!("{RASTER}[solar.pv]\n"), &[&format!("5: solar.pv: {needs}")]);
    scenario(&format!("{WEATHER}[solar]\nalbedo = 0.3\nsky_model = \"hay_davies\"\n{RASTER}"));
    // A key of [solar] that is new is either told above or known to matter for rasters.
    let known: Vec<&str> = values.iter().map(|(key, _)| *key).chain(["albedo", "sky_model"]).collect();
    let is_of_solar = |path: &str| path.strip_prefix("solar.").is_some_and(|rest| !rest.contains('.'));
    for (path, key) in all_leaves().into_iter().filter(|(path, _)| is_of_solar(path)) {
        assert!(known.contains(&key.name), "{path}");
    }
}

#[test]
fn rasters_have_no_patches_and_an_even_number_of_directions() {
    let before = format!("{WEATHER}{RASTER}");
    let odd = "5: solar.raster.directions: expected an even number, found 35";
    assert_told(&before, "directions = 35\n", &[odd]);
    let patches = "6: solar.sky_model: \"perez_1993\" is of patches of the sky, which [solar.raster] has not\n  \
                   hint: sky_model = \"perez_1990\"";
    let model = "[solar]\nsky_model = \"perez_1993\"\n";
    assert_told(&before, model, &[patches]);
    let solar = scenario(&format!("{WEATHER}{BUILDINGS}{model}")).solar.unwrap();
    assert_eq!(solar.sky_model, SkyModel::Perez1993);
}

#[test]
fn city_models_are_a_list_of_different_files() {
    let before = format!("{WEATHER}[solar]\n[buildings]\n");
    let read = scenario(&format!("{before}cityjson = [\"b.city.jsonl\", \"a.json\"]\nlod = \"1.3\"\n"));
    let cityjson = vec!["b.city.jsonl".into(), "a.json".into()];
    let expected = Buildings { cityjson, lod: Some("1.3".to_owned()), ..without_energy() };
    assert_eq!(read.buildings, Some(expected));
    let list = "expected a list of files, each a file name ending in .json, .jsonl, .json.gz or .jsonl.gz, found";
    for (line, told) in [
        ("cityjson = []", format!("{list} an empty list")),
        ("cityjson = \"a.json\"", format!("{list} \"a.json\"\n  hint: buildings.cityjson = [\"a.json\"]")),
        ("cityjson = 3", format!("{list} 3")),
        (
            "cityjson = [\"a.txt\"]",
            "expected a file name ending in .json, .jsonl, .json.gz or .jsonl.gz, found \"a.txt\"".to_owned(),
        ),
        (
            "cityjson = [\"a.gml\"]",
            "city models in CityGML are not available in this version, found \"a.gml\"\n  \
             hint: give a file name ending in .json, .jsonl, .json.gz or .jsonl.gz"
                .to_owned(),
        ),
        ("cityjson = [\"a.json\", \"./a.json\"]", "\"./a.json\" is named twice".to_owned()),
        (
            "cityjson = [\"a.json\", [\"b.json\"]]",
            "expected a file name ending in .json, .jsonl, .json.gz or .jsonl.gz, found a list".to_owned(),
        ),
    ] {
        assert_told(&before, line, &[&format!("5: buildings.cityjson: {told}")]);
    }
    let lod = "6: buildings.lod: expected a level of detail such as \"2\" or \"2.2\", found";
    let before = format!("{before}cityjson = [\"a.json\"]\n");
    assert_told(&before, "lod = 2.2", &[&format!("{lod} 2.2\n  hint: put it in quotes: \"2.2\"")]);
    assert_told(&before, "lod = \"LoD2\"", &[&format!("{lod} \"LoD2\"")]);
}

#[test]
fn every_city_model_must_exist_and_may_not_lie_outside() {
    let root = tempfile::tempdir().unwrap();
    let inside = root.path().join("inside");
    fs::create_dir(&inside).unwrap();
    for name in ["inside/a.epw", "inside/a.json", "b.json"] {
        fs::write(root.path().join(name), "").unwrap();
    }
    let file = inside.join("city.toml");
    let told = |files: &str, allow_paths: Vec<PathBuf>| {
        fs::write(&file, format!("{WEATHER}[solar]\n[buildings]\ncityjson = [\n{files}]\n")).unwrap();
        load(&file, &LoadOptions { overrides: Vec::new(), allow_paths }).map_err(|error| error.to_string())
    };
    let missing = told("\"a.json\",\n\"c.json\",\n\"../b.json\",\n", Vec::new()).unwrap_err();
    assert!(missing.contains("city.toml:7: buildings.cityjson: the file"), "{missing}");
    assert!(missing.contains("c.json does not exist"), "{missing}");
    assert!(missing.contains("city.toml:8: buildings.cityjson:") && missing.contains("leads out of"), "{missing}");
    let read = told("\"a.json\",\n\"../b.json\",\n", vec![root.path().to_path_buf()]).unwrap();
    assert_eq!(read.buildings.unwrap().cityjson, [inside.join("a.json"), inside.join("../b.json")]);
    assert_eq!(read.weather.unwrap().file, WeatherFile::Epw(inside.join("a.epw")));
}

#[test]
fn values_out_of_range_are_told() {
    let text = format!("{WEATHER}{BUILDINGS}[solar.pv]\n{RASTER}");
    for (key, values) in [
        ("weather.sun_year", &["1899", "2101", "2023.0", "\"2023\""][..]),
        ("weather.radiation", &["\"perez\"", "1"]),
        ("solar.albedo", &["-0.1", "1.1", "nan", "\"0.2\""]),
        ("solar.surface_spacing_m", &["0", "-1", "100.1", "nan", "inf"]),
        ("solar.facade_spacing_m", &["0", "1e999"]),
        ("solar.sky_patches", &["144", "145.0", "\"145\"", "[145]"]),
        ("solar.sky_model", &["\"perez\"", "\"Perez_1990\""]),
        ("solar.reach_m", &["0", "20001"]),
        ("solar.tile_m", &["9", "nan"]),
        ("solar.terrain", &["\"dem.asc\"", "[\"dem.tif\"]"]),
        ("solar.raster.directions", &["2", "362", "36.0"]),
        ("solar.raster.tile_cells", &["15", "65537"]),
        ("solar.raster.reach_m", &["0", "nan"]),
        ("solar.raster.hourly_days", &["\"06-21\"", "[\"02-29\"]", "[\"6-21\"]", "[\"06-21\", \"06-21\"]", "[621]"]),
        ("solar.pv.losses", &["1", "-0.1", "nan"]),
        ("solar.pv.usable_share_flat", &["0", "1.1"]),
        ("solar.pv.power_density_kw_m2", &["0", "1.1"]),
        ("solar.pv.stand_azimuth_deg", &["360", "-1"]),
        ("solar.pv.temperature_coefficient_per_k", &["0.001", "-0.021", "nan"]),
        ("solar.pv.dc_ac_ratio", &["0", "11"]),
        ("solar", &["3", "[]", "\"on\""]),
    ] {
        for value in values {
            let found = problems(parse(&text, Path::new("city.toml"), &with(key, value)));
            assert_eq!(found.len(), 1, "{key} = {value}: {found:?}");
            assert_eq!(found[0].key.as_deref(), Some(&*format!("--set {key}")), "{value}");
        }
    }
    let money =
        format!("{WEATHER}{BUILDINGS}{COSTS}[economy]\ncurrency = \"EUR\"\nprice_year = 2025\ndiscount_rate = 0\n");
    scenario(&money);
    for (key, values) in [
        ("economy.currency", &["\"eur\"", "\"EURO\"", "\"€\"", "3"][..]),
        ("economy.price_year", &["1899", "2025.5"]),
        ("economy.discount_rate", &["-0.06", "0.51", "nan", "3"]),
        ("solar.pv.costs.lifetime_years", &["0", "101", "25.0"]),
        ("solar.pv.costs.degradation", &["1", "-0.01"]),
        ("solar.pv.costs.self_consumption", &["1.1", "30"]),
        ("solar.pv.costs.investment_per_kwp", &["-1", "inf"]),
    ] {
        for value in values {
            let found = problems(parse(&money, Path::new("city.toml"), &with(key, value)));
            assert_eq!(found.len(), 1, "{key} = {value}: {found:?}");
        }
    }
}

#[test]
fn costs_have_no_defaults() {
    let before = format!("{WEATHER}{BUILDINGS}[solar.pv.costs]\n");
    let keys: Vec<String> = problems(read_text(&format!("{before}[economy]\n")))
        .iter()
        .map(|problem| problem.key.clone().unwrap())
        .collect();
    let costs = COSTS.lines().filter_map(|line| line.split_once(" = ")).map(|(key, _)| format!("solar.pv.costs.{key}"));
    let economy = ["currency", "price_year", "discount_rate"].map(|key| format!("economy.{key}"));
    assert_eq!(keys, costs.chain(economy).collect::<Vec<_>>());
}

/// A shape with a text that the JSON Schema takes.
fn shaped() -> impl Strategy<Value = (&'static Shape, String)> {
    let shape = |form: &Form| match form {
        Form::Shaped(shape) | Form::List(Form::Shaped(shape)) => Some(*shape),
        _ => None,
    };
    let shapes: Vec<&'static Shape> = all_leaves().iter().filter_map(|(_, key)| shape(&key.form)).collect();
    proptest::sample::select(shapes).prop_flat_map(|shape| {
        let unanchored = shape.pattern.trim_start_matches('^').trim_end_matches('$');
        string_regex(unanchored).unwrap().prop_map(move |text| (shape, text))
    })
}

proptest! {
    #[test]
    fn shapes_are_those_of_the_schema((shape, text) in shaped()) {
        let is_no_day = ["02-29", "02-30", "02-31", "04-31", "06-31", "09-31", "11-31"].contains(&&*text);
        prop_assert_eq!((shape.holds)(&text), !is_no_day);
    }
}
