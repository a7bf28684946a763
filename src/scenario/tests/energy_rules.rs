//! Rules of buildings, energy, feeder and money, with what is told.

use std::fs;
use std::path::Path;

use super::rules::assert_told;
use super::solar_round_trip::without_energy;
use super::{problems, read_text, with};
use crate::buildings::Usage;
use crate::scenario::*;

const BEFORE: &str = "[weather]\nepw = \"a.epw\"\n[buildings]\ncityjson = [\"a.json\"]\narchetypes = \"TABULA_NL\"\n";

#[track_caller]
fn scenario(text: &str) -> Scenario {
    read_text(text).unwrap_or_else(|error| panic!("{error}"))
}

#[test]
fn energy_needs_no_more_and_has_the_defaults_of_the_document() {
    let read = scenario(&format!("{BEFORE}[energy]\n"));
    let expected = Energy {
        fidelity: Fidelity::MultiNode,
        retrofit: Vec::new(),
        exterior_convection: ExteriorConvection::Fixed,
        sky_temperature: SkyTemperature::Fixed,
        control: Control::Air,
        heating_setpoint_c: None,
        heating_setback_c: None,
        cooled: Vec::new(),
        cooling_setpoint_c: None,
        heating_power_w_m2: None,
        cooling_power_w_m2: None,
        night_ventilation_per_h: 0.0,
        blinds_above_w_m2: None,
        blinds_factor: 0.3,
        overheating_above_c: [26.0, 27.0],
        warm_up_days: 31,
        hourly: false,
        heating_system: HeatingSystem::GasBoiler,
        heat_pump_efficiency: 0.4,
        cooling_efficiency: 3.0,
        rank_by: RankBy::Expected,
        expected_per_calculated: None,
        budget: None,
    };
    assert!(read.traffic.is_none() && read.solar.is_none() && read.economy.is_none() && read.feeder.is_none());
    assert_eq!(read.energy, Some(expected));
    let buildings = Buildings {
        cityjson: vec!["a.json".into()],
        archetypes: Some(ArchetypeSource::Country(Country::Netherlands)),
        ..without_energy()
    };
    assert_eq!(read.buildings, Some(buildings));
    scenario(&format!("{BEFORE}[energy]\n[solar]\n[solar.pv]\n"));
}

#[test]
fn energy_needs_weather_and_buildings_with_archetypes() {
    assert_told(
        "[energy]\n",
        "",
        &["1: energy: needs [weather]\n  hint: add [weather]", "1: energy: needs [buildings]\n  hint: add [buildings]"],
    );
    let archetypes = "4: buildings.archetypes: missing, [energy] needs it\n  hint: archetypes = \"TABULA_NL\"";
    assert_told("[weather]\nepw = \"a.epw\"\n[energy]\n", "[buildings]\ncityjson = [\"a.json\"]\n", &[archetypes]);
}

#[test]
fn what_energy_needs_is_refused_without_it() {
    let before = "[weather]\nepw = \"a.epw\"\n[solar]\n[buildings]\ncityjson = [\"a.json\"]\n";
    for line in [
        "archetypes = \"TABULA_DE\"",
        "layers = \"teaser\"",
        "attributes = {}",
        "default_year = 1970",
        "default_use = \"office\"",
        "storey_height_m = 3",
    ] {
        let key = line.split(' ').next().unwrap();
        let told = format!("6: buildings.{key}: needs [energy]\n  hint: add [energy], or remove it");
        assert_told(before, line, &[&told]);
    }
    let economy = "[economy]\ncurrency = \"EUR\"\nprice_year = 2025\ndiscount_rate = 0.03\n";
    let needs = "needs [energy]\n  hint: add [energy]";
    assert_told(
        &format!("{before}{economy}"),
        "measure_costs = \"a.csv\"\n[economy.carriers]\n",
        &[&format!("10: economy.measure_costs: {needs}"), &format!("11: economy.carriers: {needs}")],
    );
}

#[test]
fn buildings_are_those_of_city_models_or_of_a_table() {
    let before = "[weather]\nepw = \"a.epw\"\n[energy]\n[buildings]\narchetypes = \"TABULA_NL\"\n";
    let read = scenario(&format!("{before}table = \"a.csv\"\nattributes.uses = {{ x = \"hotel\" }}\n"));
    let buildings = read.buildings.unwrap();
    assert!(!buildings.have_surfaces() && buildings.table.as_deref() == Some(Path::new("a.csv")));
    assert_eq!(buildings.attributes.usages, [("x".to_owned(), Usage::Hotel)]);
    let none = "4: buildings.cityjson: missing, and there is no buildings.table either\n  \
                hint: cityjson = [\"town.city.json\"]";
    assert_told(before, "", &[none]);
    let both = "7: buildings.table: buildings are those of city models or of a table, and buildings.cityjson names some \
                too\n  hint: remove one of them";
    assert_told(before, "cityjson = [\"a.json\"]\ntable = \"a.csv\"\n", &[both]);
    let needs = "needs buildings.cityjson\n  hint: a table has columns of its own; remove it";
    assert_told(
        before,
        "table = \"a.csv\"\nlod = \"2\"\nattributes.year = \"y\"\n",
        &[&format!("7: buildings.lod: {needs}"), &format!("8: buildings.attributes.year: {needs}")],
    );
    let sun = format!("{before}table = \"a.csv\"\n[solar]\n");
    scenario(&format!("{sun}[solar.raster]\ndsm = \"a.tif\"\n"));
    let surfaces = "7: solar: needs buildings.cityjson or [solar.raster]\n  \
                    hint: name city models for roofs and walls, [solar.raster] for the cells of a raster";
    assert_told(&sun, "", &[surfaces]);
    assert_told(
        &sun,
        "hourly = true",
        &["8: solar.hourly: needs buildings.cityjson\n  hint: name city models, or remove it"],
    );
    assert_told(&sun, "[solar.pv]", &["8: solar.pv: needs buildings.cityjson\n  hint: name city models"]);
}

#[test]
fn archetypes_are_a_word_a_table_or_a_folder() {
    let before = "[weather]\nepw = \"a.epw\"\n[energy]\n[buildings]\ncityjson = [\"a.json\"]\n";
    let read = |lines: &str| scenario(&format!("{before}{lines}")).buildings.unwrap().archetypes.unwrap();
    assert_eq!(read("archetypes = \"TABULA_DE\""), ArchetypeSource::Country(Country::Germany));
    assert_eq!(read("archetypes = \"TABULA_DE.csv\""), ArchetypeSource::Table("TABULA_DE.csv".into()));
    let tabula = |folder: &str| ArchetypeSource::Tabula { folder: folder.into(), country: "AT".to_owned() };
    assert_eq!(read("archetypes = \"tabula\"\narchetype_country = \"AT\""), tabula("tabula"));
    assert_eq!(read("archetypes = \"./TABULA_NL\"\narchetype_country = \"AT\""), tabula("./TABULA_NL"));
    let expected = "6: buildings.archetypes: expected \"TABULA_NL\" or \"TABULA_DE\" or a file name ending in .csv or \
                    .csv.gz, or a folder with tables of TABULA, found";
    for name in ["TABULA_AT", "tabula_nl", "Tabula-DE"] {
        let told = format!("{expected} \"{name}\"\n  hint: a folder of that name is \"./{name}\"");
        let found = problems(read_text(&format!("{before}archetypes = \"{name}\"")));
        assert_eq!(found[0].to_string().replace("city.toml:", ""), told);
    }
    assert_told(before, "archetypes = 3", &[&format!("{expected} 3")]);
    let country = "6: buildings.archetype_country: missing, a folder with tables of TABULA needs it\n  \
                   hint: archetype_country = \"NL\"";
    assert_told(before, "archetypes = \"tabula\"", &[country]);
    let idle = "7: buildings.archetype_country: needs a folder with tables of TABULA as buildings.archetypes\n  \
                hint: remove it";
    assert_told(before, "archetypes = \"TABULA_NL\"\narchetype_country = \"NL\"", &[idle]);
}

#[test]
fn folders_hold_what_is_read_of_them() {
    let root = tempfile::tempdir().unwrap();
    let file = root.path().join("city.toml");
    for name in ["a.epw", "a.json"] {
        fs::write(root.path().join(name), "").unwrap();
    }
    fs::create_dir(root.path().join("tabula")).unwrap();
    let text = BEFORE.replace("\"TABULA_NL\"", "\"tabula\"\narchetype_country = \"NL\"\nlayers = \"tabula\"");
    fs::write(&file, format!("{text}[energy]\n")).unwrap();
    let told = load(&file, &LoadOptions::default()).unwrap_err().to_string();
    assert!(told.contains("tabula holds no tabula_u_class_defaults.csv"), "{told}");
    assert!(told.contains("tabula holds no MaterialTemplates.json"), "{told}");
    let names = ["tabula_u_class_defaults.csv", "tabula_u_class_windows.csv", "tabula_year_classes.csv"];
    for name in names.into_iter().chain(["MaterialTemplates.json", "TypeElements_TABULA_DE.json"]) {
        fs::write(root.path().join("tabula").join(name), "").unwrap();
    }
    let buildings = load(&file, &LoadOptions::default()).unwrap().buildings.unwrap();
    assert_eq!(buildings.layers, Some(root.path().join("tabula")));
}

#[test]
fn packages_are_measures_joined_by_plus() {
    let before = format!("{BEFORE}[energy]\n");
    let retrofit = "retrofit = [\"pv_standard\", \"wall_standard + roof_ambitious\"]";
    let names: Vec<String> = scenario(&format!("{before}{retrofit}"))
        .energy
        .unwrap()
        .retrofit
        .into_iter()
        .map(|package| package.name)
        .collect();
    assert_eq!(names, ["photovoltaics_standard", "wall_standard+roof_ambitious"]);
    let told = |text: &str, expected: &str| assert_told(&before, text, &[&format!("7: energy.retrofit: {expected}")]);
    told(
        "retrofit = [\"wall_standrad\"]",
        "expected measures joined by +, found \"wall_standrad\"\n  hint: did you mean \"wall_standard\"?",
    );
    told(
        "retrofit = [\"roof_ambitious+insulation\"]",
        "expected measures joined by +, found \"roof_ambitious+insulation\"\n  hint: measures are wall_standard, \
         wall_ambitious, roof_standard, roof_ambitious, floor_standard, floor_ambitious, window_standard, \
         window_ambitious, airtightness_standard, airtightness_ambitious, heat_recovery_standard, \
         heat_recovery_ambitious, heat_pump_standard, heat_pump_ambitious, photovoltaics_standard, \
         photovoltaics_ambitious",
    );
    told(
        "retrofit = [\"wall_standard+wall_ambitious\"]",
        "\"wall_standard+wall_ambitious\" has two measures of the kind wall\n  hint: make two packages of it",
    );
    told("retrofit = [\"wall_standard\", \"wall_standard\"]", "\"wall_standard\" is named twice");
    told(
        "retrofit = [\"wall_standard+roof_standard\", \"roof_standard+wall_standard\"]",
        "\"roof_standard+wall_standard\" is the same package as \"wall_standard+roof_standard\"",
    );
    told(
        "retrofit = \"wall_standard\"",
        "expected a list, found \"wall_standard\"\n  hint: energy.retrofit = [\"wall_standard\"]",
    );
    let kind = "expected measures joined by + such as \"wall_standard+roof_ambitious\", found";
    told("retrofit = [3]", &format!("{kind} 3\n  hint: put it in quotes: \"3\""));
    let many: Vec<String> = (0..65).map(|number| format!("\"wall_standard{}\"", " ".repeat(number))).collect();
    told(&format!("retrofit = [{}]", many.join(", ")), "expected at most 64 packages, found 65");
}

#[test]
fn setpoints_rise_from_heating_to_cooling() {
    let before = format!("{BEFORE}[energy]\n");
    let told = |text: &str, expected: &[&str]| assert_told(&before, text, expected);
    told(
        "heating_setpoint_c = 20\nheating_setback_c = 20.5\n",
        &["8: energy.heating_setback_c: expected at most energy.heating_setpoint_c = 20, found 20.5"],
    );
    told(
        "cooled = [\"hotel\"]\nheating_setpoint_c = 27\ncooling_setpoint_c = 26\n",
        &["8: energy.heating_setpoint_c: expected at most energy.cooling_setpoint_c = 26, found 27"],
    );
    let needs = "needs energy.cooled\n  hint: cooled = [\"office\"], or remove it";
    told(
        "cooling_power_w_m2 = 50\ncooling_setpoint_c = 26\n",
        &[&format!("7: energy.cooling_power_w_m2: {needs}"), &format!("8: energy.cooling_setpoint_c: {needs}")],
    );
    for (text, found) in [("[26]", "1 numbers"), ("[27, 26]", "27 and 26"), ("[25.0, 25.0]", "25 and 25")] {
        let expected = format!("7: energy.overheating_above_c: expected two numbers, the lesser first, found {found}");
        told(&format!("overheating_above_c = {text}"), &[&expected]);
    }
    let tmy3 = BEFORE.replace("epw = \"a.epw\"", "tmy3 = \"a.csv\"");
    let sky = "7: energy.sky_temperature: \"weather\" needs weather.epw, as TMY3 has no infrared radiation of the sky\n  \
               hint: sky_temperature = \"fixed\"";
    assert_told(&format!("{tmy3}[energy]\n"), "sky_temperature = \"weather\"", &[sky]);
}

const ECONOMY: &str = "[economy]\ncurrency = \"EUR\"\nprice_year = 2025\ndiscount_rate = 0.03\n";

#[test]
fn sums_need_all_carriers_in_use() {
    let before = format!("{BEFORE}[energy]\n{ECONOMY}");
    let prices = "carriers.electricity.price_per_kwh = 0.3\ncarriers.natural_gas.price_per_kwh = 0.1\n";
    let read = scenario(&format!("{before}{prices}carriers.pellets.kg_co2_per_kwh = 0.03\n")).economy.unwrap();
    let carriers: Vec<Carrier> = read.carriers.iter().map(|(carrier, _)| *carrier).collect();
    assert_eq!(carriers, [Carrier::Electricity, Carrier::NaturalGas, Carrier::Pellets]);
    assert_eq!((read.carriers[1].1.price_per_kwh, read.carriers[1].1.kg_co2_per_kwh), (Some(0.1), None));
    let gas = "11: economy.carriers.natural_gas.kg_co2_per_kwh: missing, as economy.carriers.electricity has it and \
               buildings buy both\n  hint: kg_co2_per_kwh = 0.25";
    assert_told(&before, "carriers.electricity.kg_co2_per_kwh = 0.3\n", &[gas]);
    let electric = before.replace("[energy]\n", "[energy]\nheating_system = \"air_heat_pump\"\n");
    scenario(&format!("{electric}carriers.electricity.kg_co2_per_kwh = 0.3\n"));
    assert_told(
        &before.replace("[energy]\n", "[energy]\nretrofit = [\"wall_standard\"]\n"),
        "measure_costs = \"a.csv\"\n",
        &["electricity", "natural_gas"].map(|carrier| {
            &*format!(
                "12: economy.carriers.{carrier}.price_per_kwh: missing, economy.measure_costs needs it\n  \
                 hint: price_per_kwh = 0.3"
            )
            .leak()
        }),
    );
}

#[test]
fn costs_are_those_of_packages_and_a_budget_needs_costs() {
    let prices = "carriers.electricity.price_per_kwh = 0.3\ncarriers.natural_gas.price_per_kwh = 0.1\n";
    let money = format!("{BEFORE}{ECONOMY}{prices}");
    let costs = format!("{money}measure_costs = \"a.csv\"\n[energy]\n");
    let packages = "needs energy.retrofit\n  hint: retrofit = [\"wall_standard\"]";
    assert_told(&costs, "", &[&format!("12: economy.measure_costs: {packages}")]);
    let budget = scenario(&format!("{costs}retrofit = [\"wall_standard\"]\nbudget = 1e6\n")).energy.unwrap().budget;
    assert_eq!(budget, Some(1e6));
    let needs = "13: energy.budget: needs economy.measure_costs\n  hint: measure_costs = \"measures.csv\" in [economy]";
    assert_told(&format!("{money}[energy]\n"), "budget = 1e6\n", &[needs]);
    let both = [format!("12: economy.measure_costs: {packages}"), format!("14: energy.budget: {packages}")];
    assert_told(&costs, "budget = 1e6\n", &both.each_ref().map(|told| &**told));
    let economy = "6: economy: needs [solar.pv.costs], or costs and prices of its own for [energy]\n  \
                   hint: add [solar.pv.costs], [economy.carriers.electricity] or measure_costs";
    assert_told(BEFORE, &format!("{ECONOMY}[energy]\n"), &[economy]);
}

#[test]
fn a_feeder_needs_a_network_and_something_that_loads_it() {
    let read = scenario("[feeder]\nlines = \"l.csv\"\nloads = \"p.csv\"\n");
    let expected = FeederScenario {
        network: FeederFiles::Csv { lines: "l.csv".into(), loads: Some("p.csv".into()) },
        connections: None,
        slack_pu: 1.02,
        base_kv: 0.4,
        voltage_limits_pu: [0.9, 1.1],
        hosting: Vec::new(),
        hosting_draws: 20,
        pv_kwp: 5.0,
        ev_kw: 11.0,
        ev_kwh_per_day: 7.0,
        power_factor: 0.95,
    };
    assert_eq!(read.feeder, Some(expected));
    let energy = format!("{BEFORE}[energy]\n[feeder]\n");
    scenario(&format!("{energy}lines = \"l.csv\"\nconnections = \"c.csv\"\nhosting = [\"heat_pump\"]\n"));
    scenario(&format!("{energy}pandapower = \"n.json\"\nhosting = [\"electric_car\"]\n"));
    for (text, told) in [
        (
            "",
            "1: feeder.lines: missing, and there is no feeder.pandapower either\n  hint: lines = \"feeder_lines.csv\"",
        ),
        (
            "lines = \"l.csv\"",
            "1: feeder.loads: missing, and there are no feeder.connections either\n  hint: loads = \"feeder_loads.csv\"",
        ),
        (
            "lines = \"l.csv\"\npandapower = \"n.json\"",
            "3: feeder.pandapower: the network is that of one file, and feeder.lines names one too\n  \
             hint: remove one of them",
        ),
        (
            "pandapower = \"n.json\"\nslack_pu = 1.0",
            "3: feeder.slack_pu: a network of pandapower has its own\n  hint: remove it",
        ),
        (
            "lines = \"l.csv\"\nconnections = \"c.csv\"",
            "3: feeder.connections: needs [energy], which says what buildings draw\n  hint: add [energy]",
        ),
        (
            "pandapower = \"n.json\"\nhosting = [\"heat_pump\"]",
            "3: feeder.hosting: \"heat_pump\" needs feeder.connections, as buildings say what it draws\n  \
             hint: connections = \"connections.csv\"",
        ),
        (
            "pandapower = \"n.json\"\nvoltage_limits_pu = [1.1, 0.9]",
            "3: feeder.voltage_limits_pu: expected two numbers, the lesser first, found 1.1 and 0.9",
        ),
    ] {
        assert_told("[feeder]\n", text, &[told]);
    }
}

#[test]
fn unknown_keys_are_told_with_what_they_may_mean() {
    for (table, key, like) in [
        ("energy", "fidelty", "fidelity"),
        ("energy", "retrofits", "retrofit"),
        ("feeder", "conections", "connections"),
        ("buildings", "archetype", "archetypes"),
        ("buildings.attributes", "storey", "storeys"),
        ("economy.carriers", "natural_gaz", "natural_gas"),
        ("economy.carriers.pellets", "price_kwh", "price_per_kwh"),
    ] {
        let found = problems(parse(
            &format!("{BEFORE}[energy]\n"),
            Path::new("city.toml"),
            &with(&format!("{table}.{key}"), "3"),
        ));
        let hint = Some(format!("did you mean \"{like}\"?"));
        assert!(found.iter().any(|problem| problem.hint == hint), "{key}: {found:?}");
    }
}

#[test]
fn values_out_of_range_are_told() {
    let text = format!("{BEFORE}[energy]\ncooled = [\"office\"]\n[feeder]\nlines = \"l.csv\"\nloads = \"p.csv\"\n");
    scenario(&text);
    for (key, values) in [
        ("energy.fidelity", &["\"5R1C\"", "5", "true"][..]),
        ("energy.control", &["\"radiant\""]),
        ("energy.cooled", &["\"office\"", "[\"offices\"]", "[\"office\", \"office\"]"]),
        ("energy.heating_setpoint_c", &["-1", "61", "nan", "\"20\""]),
        ("energy.heating_power_w_m2", &["0", "-1", "nan", "inf"]),
        ("energy.night_ventilation_per_h", &["-1", "51", "nan"]),
        ("energy.blinds_above_w_m2", &["-1", "2001"]),
        ("energy.blinds_factor", &["-0.1", "1.1", "nan"]),
        ("energy.overheating_above_c", &["26", "[26, nan]", "[26, \"27\"]", "[]"]),
        ("energy.warm_up_days", &["-1", "366", "31.0"]),
        ("energy.heating_system", &["\"gas\""]),
        ("energy.heat_pump_efficiency", &["0", "1.1", "nan"]),
        ("energy.cooling_efficiency", &["0", "21"]),
        ("energy.expected_per_calculated", &["0", "2.1", "nan"]),
        ("buildings.default_year", &["999", "2101", "1970.0"]),
        ("buildings.default_use", &["\"dwelling\""]),
        ("buildings.storey_height_m", &["1.9", "11", "nan"]),
        ("buildings.layers", &["3", "\"\""]),
        ("buildings.attributes.uses", &["{ a = \"flat\" }", "3"]),
        ("buildings.attributes.year", &["\"\"", "3"]),
        ("feeder.slack_pu", &["0.4", "1.6", "nan"]),
        ("feeder.base_kv", &["0", "501", "nan"]),
        ("feeder.voltage_limits_pu", &["0.9", "[0.9]", "[0.9, nan]"]),
        ("feeder.hosting", &["\"electric_car\"", "[\"ev\"]"]),
        ("feeder.hosting_draws", &["0", "10001"]),
        ("feeder.pv_kwp", &["0", "nan"]),
        ("feeder.ev_kw", &["0", "1001"]),
        ("feeder.ev_kwh_per_day", &["0", "nan"]),
        ("feeder.power_factor", &["0.4", "1.1", "nan"]),
        ("feeder", &["3", "[]"]),
        ("energy", &["3", "[]", "\"on\""]),
    ] {
        for value in values {
            let found = problems(parse(&text, Path::new("city.toml"), &with(key, value)));
            assert!(!found.is_empty(), "{key} = {value}");
            let told = found[0].key.as_deref().unwrap();
            assert!(told.starts_with(&format!("--set {key}")), "{key} = {value}: {found:?}");
        }
    }
}
