//! Rules of the climate tables, with what is told.

use std::fs;
use std::path::Path;

use super::rules::assert_told;
use super::{problems, read_text, with};
use crate::scenario::*;

const PERIODS: &str = "[climate]\nreference_period = [1981, 2010]\nfuture_periods = [[2041, 2070]]\n";

/// Tables of variables, five lines each, with one model.
fn variables(names: &[&str]) -> String {
    let table = |name: &&str| format!("[climate.variable.{name}]\n{FILES}\n");
    names.iter().map(table).collect()
}

const FILES: &str = "reference = \"r.nc\"\nhistorical = \"h.nc\"\nfuture = { ssp245 = \"f.nc\" }\n";

#[track_caller]
fn scenario(text: &str) -> Scenario {
    read_text(text).unwrap_or_else(|error| panic!("{error}"))
}

#[test]
fn climate_needs_no_more_and_has_the_defaults_of_the_document() {
    let read = scenario(&format!("{PERIODS}{}", variables(&["tasmax"])));
    let only = ModelRuns {
        name: "model".to_owned(),
        historical: vec!["h.nc".into()],
        future: vec![("ssp245".to_owned(), vec!["f.nc".into()])],
    };
    let expected = Climate {
        method: AdjustmentMethod::QuantileDeltaMapping,
        grouping: ClimateGrouping::DayOfYear { window: 31, pool: WindowPool::Circular },
        interpolation: Interpolation::Linear,
        quantiles: 50,
        rank_among: RankAmong::Window,
        reference_period: [1981, 2010],
        future_periods: vec![[2041, 2070]],
        calendar: CalendarRule::Align,
        regrid: Regrid::Bilinear,
        iterations: 20,
        wet_day_mm: 1.0,
        jitter_below_mm: 0.05,
        daily: true,
        tile_cells: None,
        variables: vec![AdjustedVariable {
            variable: ClimateVariable::Tasmax,
            name_in_files: None,
            method: None,
            kind: BiasKind::Additive,
            reference: vec!["r.nc".into()],
            models: vec![only],
        }],
        city: None,
        indices: Indices {
            tropical_night_c: 20.0,
            summer_day_c: 25.0,
            hot_day_c: 30.0,
            heat_wave_tasmin_c: 22.0,
            heat_wave_tasmax_c: 30.0,
            heat_wave_days: 3,
            heat_wave_percentile: 90.0,
            heating_base_c: 18.0,
            cooling_base_c: 18.0,
            population: None,
        },
        weather: None,
    };
    assert_eq!(read.climate, Some(expected));
    assert!(read.traffic.is_none() && read.weather.is_none());
}

#[test]
fn kinds_are_those_of_the_variables() {
    let names = ClimateVariable::ALL.map(ClimateVariable::name);
    let read = scenario(&format!("{PERIODS}{}", variables(&names))).climate.unwrap();
    let ratios: Vec<&str> = read
        .variables
        .iter()
        .filter(|variable| variable.kind == BiasKind::Multiplicative)
        .map(|variable| variable.variable.name())
        .collect();
    assert_eq!(ratios, ["pr", "rsds", "huss", "sfcWind"]);
    let text =
        format!("{PERIODS}{}", variables(&["tas"])).replace(FILES, &format!("{FILES}kind = \"multiplicative\"\n"));
    let told = "8: climate.variable.tas.kind: biases of temperatures are differences, as their zero is a convention\n  \
                hint: kind = \"additive\"";
    assert_told("", &text, &[told]);
    scenario(&text.replace("variable.tas]", "variable.ps]"));
}

#[test]
fn a_climate_has_periods_and_a_variable() {
    let missing = |key: &str, hint: &str| format!("1: climate.{key}: missing, it is required\n  hint: {key} = {hint}");
    let told = [
        missing("reference_period", "[1981, 2010]"),
        missing("future_periods", "[[2041, 2070], [2071, 2100]]"),
        "1: climate.variable: missing, it is required\n  hint: add [climate.variable]".to_owned(),
    ];
    assert_told("", "[climate]\n", &told.each_ref().map(String::as_str));
    let none = "4: climate.variable: expected at least one variable\n  hint: add [climate.variable.tas]";
    assert_told(PERIODS, "[climate.variable]\n", &[none]);
    let like = "4: climate.variable.tasmx: unknown key, allowed are tas, tasmin, tasmax, pr, rsds, hurs, huss, sfcWind, \
                ps\n  hint: did you mean \"tasmax\"?";
    assert_told(PERIODS, &variables(&["tasmx"]), &[like]);
    let wind = problems(read_text(&format!("{PERIODS}{}", variables(&["sfcwind"]))));
    assert_eq!(wind[0].hint.as_deref(), Some("did you mean \"sfcWind\"?"));
}

#[test]
fn periods_are_in_order_and_apart() {
    let years = "expected the first and the last year such as [1981, 2010], from -10000 to 10000, found";
    let text = |reference: &str, future: &str| {
        format!("[climate]\nreference_period = {reference}\nfuture_periods = {future}\n{}", variables(&["tas"]))
    };
    for (reference, found) in [
        ("[2010, 1981]", "[2010, 1981]"),
        ("[1981]", "a list of 1"),
        ("[1981, 2010, 2040]", "a list of 3"),
        ("[1981.0, 2010]", "[1981.0, 2010]"),
        ("[-10001, 2010]", "[-10001, 2010]"),
        ("[1981, 9223372036854775807]", "[1981, 9223372036854775807]"),
        ("1981", "1981"),
    ] {
        let told = format!("2: climate.reference_period: {years} {found}");
        assert_told("", &text(reference, "[[2041, 2070]]"), &[&told]);
    }
    let pair = format!("3: climate.future_periods: {years} 2041");
    assert_told("", &text("[1981, 2010]", "[2041, 2070]"), &[&pair, &pair.replace("2041", "2070")]);
    let none = "3: climate.future_periods: expected 1 to 100 periods, found 0\n  hint: future_periods = [[2041, 2070]]";
    assert_told("", &text("[1981, 2010]", "[]"), &[none]);
    let both = "3: climate.future_periods: the periods [2041, 2070] and [2070, 2099] overlap";
    assert_told("", &text("[1981, 2010]", "[[2041, 2070], [2070, 2099]]"), &[both]);
    let order = "3: climate.future_periods: expected the earliest period first\n  \
                 hint: future_periods = [[2041, 2070], [2071, 2100]]";
    assert_told("", &text("[1981, 2010]", "[[2071, 2100], [2041, 2070]]"), &[order]);
    let one_year = scenario(&text("[1981, 1981]", "[[2041, 2070], [2071, 2071]]")).climate.unwrap();
    assert_eq!((one_year.reference_period, one_year.future_periods.len()), ([1981, 1981], 2));
}

#[test]
fn groups_are_words_or_windows_of_odd_length() {
    let read = |grouping: &str| {
        let climate = scenario(&format!("{PERIODS}grouping = {grouping}\n{}", variables(&["tas"]))).climate;
        climate.unwrap().grouping
    };
    assert_eq!(read("\"all\""), ClimateGrouping::All);
    assert_eq!(read("\"month\""), ClimateGrouping::Month);
    let contiguous = ClimateGrouping::DayOfYear { window: 1, pool: WindowPool::Contiguous };
    assert_eq!(read("{ day_of_year_window = 1, pool = \"contiguous\" }"), contiguous);
    let tas = variables(&["tas"]);
    let expected = "4: climate.grouping: expected \"all\" or \"month\" or a table such as { day_of_year_window = … }, \
                    found";
    for (grouping, told) in [
        ("\"months\"", format!("{expected} \"months\"\n  hint: did you mean \"month\"?")),
        ("31", format!("{expected} 31")),
        (
            "{}",
            "4: climate.grouping.day_of_year_window: missing, it is required\n  hint: day_of_year_window = 31"
                .to_owned(),
        ),
        (
            "{ day_of_year_window = 30 }",
            "4: climate.grouping.day_of_year_window: expected an odd number, found 30".to_owned(),
        ),
        (
            "{ day_of_year_window = 183 }",
            "4: climate.grouping.day_of_year_window: expected a whole number from 1 to 181, found 183".to_owned(),
        ),
        (
            "{ day_of_year_window = 31, pool = \"round\" }",
            "4: climate.grouping.pool: expected \"contiguous\" or \"circular\", found \"round\"".to_owned(),
        ),
        (
            "{ day_of_year_windows = 31, day_of_year_window = 31 }",
            "4: climate.grouping.day_of_year_windows: unknown key, allowed are day_of_year_window, pool\n  \
             hint: did you mean \"day_of_year_window\"?"
                .to_owned(),
        ),
    ] {
        assert_told(PERIODS, &format!("grouping = {grouping}\n{tas}"), &[&told]);
    }
}

#[test]
fn methods_go_with_variables_grids_and_groups() {
    let of_rain = "8: climate.variable.tas.method: \"local_intensity_scaling\" is of precipitation, not of tas\n  \
                   hint: method = \"linear_scaling\"";
    let text = |method: &str, names: &[&str]| format!("method = \"{method}\"\n{}", variables(names));
    scenario(&format!("{PERIODS}{}", text("local_intensity_scaling", &["pr"])));
    // Where the table of a variable has no method, its header is where the method of all is wrong.
    assert_told(PERIODS, &text("local_intensity_scaling", &["tas", "pr"]), &[&of_rain.replace("8:", "5:")]);
    let own = variables(&["tas"]).replace("\n\n", "\nmethod = \"local_intensity_scaling\"\n");
    assert_told(PERIODS, &own, &[of_rain]);
    let alone = "5: climate.variable.tas.method: \"multivariate\" needs two variables or more that have it\n  \
                 hint: method = \"quantile_delta_mapping\"";
    assert_told(PERIODS, &text("multivariate", &["tas"]), &[alone]);
    scenario(&format!("{PERIODS}{}", text("multivariate", &["tas", "pr"])));
    let analogues = text("quantile_preserving_localized_analogues", &["tas"]);
    scenario(&format!("{PERIODS}{analogues}"));
    let grid = "6: climate.variable.tas.method: \"quantile_preserving_localized_analogues\" needs climate.regrid other \
                than \"none\"\n  hint: regrid = \"bilinear\"";
    assert_told(PERIODS, &format!("regrid = \"none\"\n{analogues}"), &[grid]);
    let groups = "6: climate.variable.pr.method: \"isimip3\" needs climate.grouping by months or days of the year\n  \
                  hint: grouping = \"month\"";
    assert_told(PERIODS, &format!("grouping = \"all\"\n{}", text("isimip3", &["pr"])), &[groups]);
}

#[test]
fn extremes_of_isimip3_stand_together_or_alone() {
    for method in ["isimip3", "isimip3_nonparametric"] {
        for names in [&["tas", "tasmin", "tasmax"][..], &["tasmax"], &["tasmin", "tasmax"]] {
            scenario(&format!("{PERIODS}method = \"{method}\"\n{}", variables(names)));
        }
    }
}

#[test]
fn files_are_one_or_several() {
    let text = variables(&["tas"]);
    let read = |files: &str| {
        let text = text.replace("\"r.nc\"", files);
        scenario(&format!("{PERIODS}{text}")).climate.unwrap().variables[0].reference.clone()
    };
    assert_eq!(read("[\"a.nc\", \"b.nc4\"]"), [Path::new("a.nc"), Path::new("b.nc4")]);
    let one = "expected a file name ending in .nc or .nc4, found";
    for (files, told) in [
        ("\"a.tif\"", format!("{one} \"a.tif\"")),
        ("[\"a.nc\", \"a.csv\"]", format!("{one} \"a.csv\"")),
        ("[\"a.nc\", \"./a.nc\"]", "\"./a.nc\" is named twice".to_owned()),
        ("[]", "expected a list of files, each a file name ending in .nc or .nc4, found an empty list".to_owned()),
        ("3", "expected a file name ending in .nc or .nc4, or a list of such names, found 3".to_owned()),
    ] {
        let told = format!("5: climate.variable.tas.reference: {told}");
        assert_told(PERIODS, &text.replace("\"r.nc\"", files), &[&told]);
    }
    let future = "7: climate.variable.tas.future.ssp245: expected a file name ending in .nc or .nc4, found \"f.zarr\"";
    assert_told(PERIODS, &text.replace("f.nc", "f.zarr"), &[future]);
}

#[test]
fn every_named_file_must_exist() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("city.toml");
    for name in ["r.nc", "h.nc"] {
        fs::write(folder.path().join(name), "").unwrap();
    }
    let text = format!("{PERIODS}{}", variables(&["tas"]));
    fs::write(&file, &text).unwrap();
    let missing = load(&file, &LoadOptions::default()).unwrap_err().to_string();
    assert!(missing.contains("city.toml:7: climate.variable.tas.future.ssp245: the file"), "{missing}");
    assert!(missing.contains("f.nc does not exist"), "{missing}");
    fs::write(folder.path().join("f.nc"), "").unwrap();
    let climate = load(&file, &LoadOptions::default()).unwrap().climate.unwrap();
    assert_eq!(climate.variables[0].models[0].historical, [folder.path().join("h.nc")]);
}

/// Tables of one variable with models, four lines each.
fn models(variable: &str, models: &[(&str, &str)]) -> String {
    let table = |(name, futures): &(&str, &str)| {
        format!("[climate.variable.{variable}.model.{name}]\nhistorical = \"h.nc\"\nfuture = {{ {futures} }}\n\n")
    };
    let models: String = models.iter().map(table).collect();
    format!("[climate.variable.{variable}]\nreference = \"r.nc\"\n\n\n{models}")
}

#[test]
fn models_are_sorted_and_the_same_for_all_variables() {
    let (one, two) = ("a = \"1.nc\", b = \"2.nc\"", "b = \"3.nc\", a = [\"4.nc\", \"5.nc\"]");
    let tas = models("tas", &[("MPI", one), ("EC-Earth3", two)]);
    let read = scenario(&format!("{PERIODS}{tas}{}", models("pr", &[("EC-Earth3", one), ("MPI", one)])));
    for variable in read.climate.unwrap().variables {
        let names: Vec<&str> = variable.models.iter().map(|model| &*model.name).collect();
        assert_eq!(names, ["EC-Earth3", "MPI"]);
        assert!(variable.models.iter().all(|model| model.future[0].0 == "a" && model.future[1].0 == "b"));
    }
    let pr = models("pr", &[("MPI", "b = \"2.nc\"")]);
    let lacks = [
        "16: climate.variable.pr.model.EC-Earth3: missing, as other variables have that model\n  \
         hint: add [climate.variable.pr.model.EC-Earth3]",
        "20: climate.variable.pr.model.MPI.future.a: missing, as other variables or models have that emission \
         scenario\n  hint: a = \"a.nc\"",
    ];
    assert_told(PERIODS, &format!("{tas}{pr}"), &lacks);
    let only = problems(read_text(&format!(
        "{PERIODS}{}{}",
        variables(&["pr"]),
        models("tas", &[("MPI", "ssp245 = \"a.nc\"")])
    )));
    let keys: Vec<&str> = only.iter().map(|problem| problem.key.as_deref().unwrap()).collect();
    assert_eq!(keys, ["climate.variable.pr.model.MPI", "climate.variable.tas.model.model"]);
}

#[test]
fn a_variable_has_runs_of_one_model_or_of_several() {
    let neither = |key: &str, hint: &str| {
        format!(
            "4: climate.variable.tas.{key}: missing, and there are no [climate.variable.tas.model.NAME] either\n  \
             hint: {key} = {hint}"
        )
    };
    let told = [neither("historical", "\"historical.nc\""), neither("future", "{ ssp245 = \"ssp245.nc\" }")];
    let reference = "[climate.variable.tas]\nreference = \"r.nc\"\n";
    assert_told(PERIODS, reference, &told.each_ref().map(String::as_str));
    let both = "6: climate.variable.tas.historical: there are tables of several models, climate.variable.tas.model, \
                which have their own\n  hint: remove one of them";
    let text = models("tas", &[("MPI", "a = \"1.nc\"")]).replacen("\n\n", "\nhistorical = \"h.nc\"\n", 1);
    assert_told(PERIODS, &text, &[both]);
    let empty = "6: climate.variable.tas.model: expected 1 to 200 models, found 0";
    assert_told(PERIODS, &format!("{reference}model = {{}}\n"), &[empty]);
    let futures = "10: climate.variable.tas.model.MPI.future: expected 1 to 200 emission scenarios, found 0\n  \
                   hint: future = { ssp245 = \"ssp245.nc\" }";
    assert_told(PERIODS, &models("tas", &[("MPI", "")]), &[futures]);
    let names = [
        "8: climate.variable.tas.model.\"M P\": expected a name for a model of letters, digits, _ and -, found \"M P\"",
        "10: climate.variable.tas.model.\"M P\".future.\"ssp/2\": expected a name for an emission scenario of letters, \
         digits, _ and -, found \"ssp/2\"",
    ];
    assert_told(PERIODS, &models("tas", &[("\"M P\"", "\"ssp/2\" = \"1.nc\"")]), &names);
}

#[test]
fn places_are_cells_or_stations() {
    let before = format!("{PERIODS}{}[climate.city]\n", variables(&["tas"]));
    let city = |text: &str| scenario(&format!("{before}{text}")).climate.unwrap().city.unwrap();
    let months = "temperature_gradient_k_per_km = [-1, -1, -1, -1, -1, -6, -1, -1, -1, -1, -1, -1.5]\n";
    let read = city(&format!("elevation = \"dem.tif\"\ncell_m = 100\n{months}"));
    assert_eq!(read.places, CityPlaces::Raster { elevation: "dem.tif".into(), cell_m: 100.0 });
    assert_eq!((read.temperature_gradient_k_per_km[5], read.temperature_gradient_k_per_km[11]), (-6.0, -1.5));
    let stations = city("stations = \"s.csv\"\ncovariate.sealed = { tasmin_k = 2, tasmax_k = -1 }\n");
    assert_eq!(stations.temperature_gradient_k_per_km, [-6.5; 12]);
    let sealed =
        Covariate { name: "sealed".to_owned(), raster: None, at_reference: 0.0, tasmin_k: 2.0, tasmax_k: -1.0 };
    assert_eq!(stations.covariates, [sealed]);
    let gradient = "expected a number of at least -20 and at most 20, or a list of one for each month, found";
    for (text, told) in [
        (
            "",
            "9: climate.city.elevation: missing, and there are no climate.city.stations either\n  hint: elevation = \"dem.tif\"",
        ),
        (
            "stations = \"s.csv\"\nelevation = \"dem.tif\"\ncell_m = 5\n",
            "10: climate.city.stations: places are cells of a raster or stations, and climate.city.elevation names a \
             raster too\n  hint: remove one of them",
        ),
        (
            "elevation = \"dem.tif\"\n",
            "10: climate.city.cell_m: missing, climate.city.elevation needs it\n  hint: cell_m = 100.0",
        ),
        (
            "stations = \"s.csv\"\ncell_m = 5\n",
            "11: climate.city.cell_m: needs climate.city.elevation\n  hint: stations have no cells; remove it",
        ),
        (
            "elevation = \"dem.tif\"\ncell_m = 5\n[climate.city.covariate.sealed]\ntasmin_k = 1\ntasmax_k = 1\n",
            "12: climate.city.covariate.sealed.raster: missing, climate.city.elevation needs it\n  \
             hint: raster = \"covariate.tif\"",
        ),
        (
            "stations = \"s.csv\"\n[climate.city.covariate.sealed]\ntasmin_k = 1\ntasmax_k = 1\nraster = \"a.tif\"\n",
            "14: climate.city.covariate.sealed.raster: needs climate.city.elevation\n  \
             hint: stations have a column \"sealed\"; remove it",
        ),
        (
            "stations = \"s.csv\"\n[climate.city.covariate.latitude]\ntasmin_k = 1\ntasmax_k = 1\n",
            "11: climate.city.covariate.latitude: \"latitude\" is another column of stations\n  \
             hint: choose another name",
        ),
    ] {
        assert_told(&before, text, &[told]);
    }
    for (value, found) in [
        ("[-6.5]", "a list of 1"),
        ("-21", "-21"),
        ("\"-6.5\"", "\"-6.5\""),
        ("[1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, nan]", "nan in it"),
    ] {
        let text = format!("stations = \"s.csv\"\ntemperature_gradient_k_per_km = {value}\n");
        let told = format!("11: climate.city.temperature_gradient_k_per_km: {gradient} {found}");
        assert_told(&before, &text, &[&told]);
    }
}

#[test]
fn values_out_of_range_are_told() {
    let text = format!("{PERIODS}{}[climate.indices]\n", variables(&["tas"]));
    for (key, values) in [
        ("climate.method", &["\"qdm\"", "3"][..]),
        ("climate.calendar", &["\"noleap\""]),
        ("climate.regrid", &["\"cubic\"", "true"]),
        ("climate.interpolation", &["\"cubic\""]),
        ("climate.rank_among", &["\"day\""]),
        ("climate.quantiles", &["1", "1001", "50.0"]),
        ("climate.iterations", &["0", "1001"]),
        ("climate.wet_day_mm", &["0", "-1", "101", "nan"]),
        ("climate.jitter_below_mm", &["-0.1", "inf"]),
        ("climate.daily", &["1", "\"yes\""]),
        ("climate.variable.tas.name_in_files", &["\"\"", "3"]),
        ("climate.indices.hot_day_c", &["61", "nan", "303.15"]),
        ("climate.indices.heat_wave_days", &["0", "91", "3.0"]),
        ("climate.indices.heat_wave_percentile", &["49", "100", "nan"]),
        ("climate.indices.population", &["\"a.shp\"", "[\"a.tif\"]"]),
        ("climate", &["3", "[]"]),
    ] {
        for value in values {
            let found = problems(parse(&text, Path::new("city.toml"), &with(key, value)));
            assert_eq!(found.len(), 1, "{key} = {value}: {found:?}");
            assert_eq!(found[0].key.as_deref(), Some(&*format!("--set {key}")), "{value}");
        }
    }
}
