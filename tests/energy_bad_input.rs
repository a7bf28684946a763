//! Bad input of energy, end to end: told with file, line and key and refused with exit code 2, or counted and computed.
#![allow(clippy::unwrap_used, reason = "a helper that fails fails its test")]

#[path = "common/mod.rs"]
mod common;
#[path = "common/heated.rs"]
mod heated;
#[path = "common/made_city.rs"]
mod made_city;
#[path = "common/runs.rs"]
mod runs;

use std::fs;

use heated::{ALWAYS_20, HOURS, Heated, Row, TABLE, TABLE_HEAD, archetype, dark, house, site, town_weather};
use made_city::{CRS, Face, House, Site, example};

fn plain() -> Site {
    site(&[house("a"), house("b")], |_| dark(5.0))
}

/// Refuses a scenario with all of these words, without a run folder.
#[track_caller]
fn assert_refused(made: &Site, scenario: &str, expected: &[&str]) {
    let told = made.refused(scenario, &[]);
    assert!(!made.path("run").exists(), "a run folder is left: {told}");
    assert!(!told.contains("panicked"), "{told}");
    for words in expected {
        assert!(told.contains(words), "no \"{words}\" in: {told}");
    }
}

#[test]
fn archetypes_that_are_not_known() {
    let made = plain();
    let named = |name: &str| TABLE.replace("archetypes.csv", name);
    assert_refused(&made, &named("TABULA_XX"), &["buildings.archetypes", "TABULA_XX"]);
    assert_refused(&made, &named("none.csv"), &["none.csv"]);
    assert_refused(&made, &TABLE.replace("archetypes = \"archetypes.csv\"\n", ""), &["buildings.archetypes"]);
    archetype(&made, &[("usage", "school")]);
    assert_refused(&made, TABLE, &["buildings.archetypes", "no archetype fits building a", "residential"]);
}

#[test]
fn archetypes_with_values_that_no_building_has() {
    let made = plain();
    for (column, value, expected) in [
        ("wall_u", "15", "expected 0.05 to 7, found \"15\""),
        ("wall_u", "0", "expected 0.05 to 7"),
        ("window_u", "nan", "expected a finite number"),
        ("roof_u", "", "expected a number"),
        ("infiltration", "-0.1", "expected 0 to 10"),
        ("window_g", "1.5", "expected 0.1 to 0.95"),
        ("wall_mass", "X", "expected one of I, E, IE, D, M"),
        ("room_height", "9", "rooms are higher than their storey"),
    ] {
        archetype(&made, &[(column, value)]);
        assert_refused(&made, TABLE, &[&format!("archetypes.csv:2: {column}: "), expected]);
    }
}

#[test]
fn tables_of_buildings_with_odd_rows() {
    let made = plain();
    let good = heated::line(&house("good"));
    let changed = |column: &str, value: &str| {
        let at = TABLE_HEAD.split(',').position(|name| name == column).unwrap();
        let mut cells: Vec<&str> = good.split(',').collect();
        cells[at] = value;
        cells.join(",")
    };
    for (column, value, expected) in [
        ("ground_area_m2", "0", "expected a number above 0"),
        ("ground_area_m2", "nan", "expected a finite number"),
        ("ground_area_m2", "-80", "expected a number not below zero"),
        ("storeys", "0", "expected a number above 0"),
        ("storeys", "inf", "expected a finite number"),
        ("wall_area_s_m2", "-1", "expected a number not below zero"),
        ("window_area_s_m2", "61", "windows are larger than their wall"),
        ("use", "castle", "expected a use, found \"castle\""),
        ("year", "19", "expected a year"),
        ("id", "", "the building has no id"),
        ("id", "good", "building \"good\" stands here and in line 2"),
    ] {
        fs::write(made.path("buildings.csv"), format!("{TABLE_HEAD}\n{good}\n{}\n", changed(column, value))).unwrap();
        assert_refused(&made, TABLE, &[&format!("buildings.csv:3: {column}: "), expected]);
    }
    let floor = "id,ground_area_m2,floor_area_m2,wall_area_n_m2,wall_area_e_m2,wall_area_s_m2,wall_area_w_m2\na,100,0,60,60,60,60\n";
    fs::write(made.path("buildings.csv"), floor).unwrap();
    assert_refused(&made, TABLE, &["buildings.csv:2: floor_area_m2: ", "expected a number above 0"]);
    fs::write(made.path("buildings.csv"), format!("{TABLE_HEAD}\n")).unwrap();
    assert_refused(&made, TABLE, &["buildings.csv: the table has no buildings"]);
    // All that is wrong is told at once.
    let two = format!("{TABLE_HEAD}\n{}\n{}\n", changed("year", "19"), changed("use", "castle"));
    fs::write(made.path("buildings.csv"), two).unwrap();
    assert_refused(&made, TABLE, &["buildings.csv:2: year", "buildings.csv:3: use"]);
}

/// Lines before the first hour.
const HEADER: usize = 8;
const TEMPERATURE: usize = 6;

/// Changes lines of `weather.epw`, or leaves them out.
fn change_weather(made: &Site, change: impl Fn(usize, &str) -> Option<String>) {
    let text = fs::read_to_string(made.path("weather.epw")).unwrap();
    let lines: Vec<String> = text.lines().enumerate().filter_map(|(number, line)| change(number, line)).collect();
    fs::write(made.path("weather.epw"), lines.join("\n") + "\n").unwrap();
}

fn with_cell(line: &str, column: usize, value: &str) -> String {
    let mut cells: Vec<&str> = line.split(',').collect();
    cells[column] = value;
    cells.join(",")
}

/// Fields of buildings that are numbers whatever the weather lacks.
const NUMBERS: [&str; 7] = [
    "heating_need",
    "cooling_need",
    "peak_heating",
    "solar_gains",
    "degree_hours_above_first_limit",
    "lowest_operative_temperature",
    "highest_operative_temperature",
];

#[test]
fn weather_with_missing_hours_is_counted_and_filled() {
    let town = town_weather();
    let keys = format!("{TABLE}{ALWAYS_20}hourly = true\n");
    let made = site(&[house("a")], |hour| town[hour]);
    let whole = made.run(&keys, &[]);
    let missing = HEADER + 100 * 24..HEADER + 100 * 24 + 30;
    change_weather(&made, |number, line| (!missing.contains(&number)).then(|| line.to_owned()));
    let ran = made.run(&keys, &[]);
    let warnings = ran.warnings("weather_missing_hours");
    assert!(warnings.len() == 1 && warnings[0].count == 30, "{warnings:?}");
    // Nights are dark without being told.
    assert!((10..30).contains(&ran.warnings("missing_radiation")[0].count));
    let (of, of_whole) = (Heated::of(&ran), Heated::of(&whole));
    for field in NUMBERS {
        assert!(of.one(field, "a").is_finite(), "{field}");
    }
    made_city::near(of.one("heating_need", "a"), of_whole.one("heating_need", "a"), 0.01, "need with filled hours");
    let hours = of.all("heating_power", "a");
    assert!(hours.len() == HOURS && hours.iter().all(|power| power.is_finite()));
    // Hours before the gap know nothing of it, but for the ground, whose year it is a part of.
    let before = of_whole.all("heating_power", "a");
    let differ = hours.iter().zip(&before).take(100 * 24 - 2).filter(|(a, b)| (*a - *b).abs() > 0.005 * b.max(100.0));
    assert_eq!(differ.count(), 0);
}

#[test]
fn weather_with_temperatures_that_are_marked_as_missing() {
    let town = town_weather();
    let made = site(&[house("a")], |hour| town[hour]);
    change_weather(&made, |number, line| {
        Some(if number > HEADER && number % 50 == 0 { with_cell(line, TEMPERATURE, "99.9") } else { line.to_owned() })
    });
    let ran = made.run(TABLE, &[]);
    let count = (HEADER + 1..HEADER + HOURS).filter(|number| number % 50 == 0).count() as u64;
    let warnings = ran.warnings("weather_missing_values");
    let of_air = warnings.iter().find(|warning| warning.message.contains("temperature"));
    assert_eq!(of_air.map(|warning| warning.count), Some(count), "{warnings:?}");
    let of = Heated::of(&ran);
    assert!(of.one("highest_operative_temperature", "a") < 50.0, "a code is no temperature");
}

#[test]
fn weather_that_cannot_be_used() {
    let made = plain();
    change_weather(&made, |number, line| {
        Some(if number < HEADER { line.to_owned() } else { with_cell(line, TEMPERATURE, "99.9") })
    });
    assert_refused(&made, TABLE, &["weather", "air temperatures", "hint: "]);
    let made = plain();
    change_weather(&made, |number, line| {
        Some(if number == 100 { with_cell(line, TEMPERATURE, "85") } else { line.to_owned() })
    });
    assert_refused(&made, TABLE, &["weather.epw:101: dry bulb temperature", "-90 to 70 °C"]);
    let made = plain();
    change_weather(&made, |number, line| {
        Some(if number < HEADER { line.to_owned() } else { with_cell(line, 12, "9999") })
    });
    let sky = format!("{TABLE}sky_temperature = \"weather\"\n");
    assert_refused(&made, &sky, &["energy.sky_temperature", "infrared", "hint: "]);
    made.run(TABLE, &[]);
}

#[test]
fn settings_that_cannot_be() {
    let made = plain();
    let zone = format!("[scenario]\ntimezone = \"Europe/Atlantis\"\n{TABLE}");
    assert_refused(&made, &zone, &["scenario.timezone", "Europe/Atlantis", "hint: "]);
    for (keys, expected) in [
        ("retrofit = [\"wall_golden\"]\n", &["energy.retrofit", "wall_golden"][..]),
        ("retrofit = [\"wall_standard+wall_ambitious\"]\n", &["energy.retrofit"]),
        ("cooled = [\"castle\"]\n", &["energy.cooled", "castle"]),
        ("heating_setpoint_c = nan\n", &["energy.heating_setpoint_c"]),
        ("heating_setpoint_c = 300.0\n", &["energy.heating_setpoint_c"]),
        ("heat_pump_efficiency = 0.0\n", &["energy.heat_pump_efficiency"]),
        ("overheating_above_c = [26.0]\n", &["energy.overheating_above_c"]),
        ("heating_setpoint_c = 25.0\ncooling_setpoint_c = 22.0\ncooled = [\"residential\"]\n", &["setpoint"]),
    ] {
        assert_refused(&made, &format!("{TABLE}{keys}"), expected);
    }
}

/// Heating to more than the use's own setpoint of cooling: such as [`settings_that_cannot_be`], by what is not written.
#[test]
fn heating_above_the_setpoint_of_cooling() {
    let made = plain();
    let keys = "heating_setpoint_c = 27.0\ncooled = [\"residential\"]\n";
    assert_refused(&made, &format!("{TABLE}{keys}"), &["energy.heating_setpoint_c", "residential", "27 °C", "26 °C"]);
    // Of what is not cooled nothing is said.
    made.run(&format!("{TABLE}heating_setpoint_c = 27.0\ncooled = [\"office\"]\n"), &[]);
}

/// Values that a table may have and that leave nothing to compute with are told by building, not as a failure.
#[test]
fn buildings_that_are_too_small_or_too_large() {
    let made = plain();
    for (ground, storeys) in [(0.001, 1.0), (1e8, 1.0), (1e7, 150.0)] {
        heated::table(&made, &[house("good"), Row { ground, storeys, ..house("odd") }]);
        let told = made.refused(TABLE, &[]);
        assert!(told.contains("building odd (T.1): ") && told.contains("expected"), "{told}");
    }
}

/// Parts that lead no heat, and rooms with nothing inside.
#[test]
fn archetypes_at_the_ends_of_their_ranges() {
    for changes in [
        &[("wall_adjustment", "0"), ("roof_adjustment", "0"), ("floor_adjustment", "0")][..],
        &[("wall_u", "0.05"), ("wall_adjustment", "0.1")],
        &[("inside_area_per_floor_area", "0"), ("inside_capacity_kj", "0"), ("air_capacity_kj", "0")],
        &[("wall_u", "7"), ("roof_u", "7"), ("floor_u", "7"), ("window_u", "7"), ("infiltration", "10")],
        &[("window_share_north", "0.95"), ("window_share_south", "0.95"), ("window_g", "0.95")],
    ] {
        let made = plain();
        archetype(&made, changes);
        for fidelity in ["multi_node", "5r1c"] {
            let ran = made.run(&format!("{TABLE}{ALWAYS_20}fidelity = \"{fidelity}\"\n"), &[]);
            let need = Heated::of(&ran).one("heating_need", "a");
            assert!(need > 0.0 && need.is_finite(), "{changes:?}: {need}");
        }
    }
}

#[test]
fn connections_of_buildings_that_are_not_there() {
    let made = plain();
    for file in ["feeder_lines.csv", "feeder_loads.csv"] {
        fs::copy(example("town").join(file), made.path(file)).unwrap();
    }
    let scenario = format!(
        "{TABLE}[feeder]\nlines = \"feeder_lines.csv\"\nloads = \"feeder_loads.csv\"\nconnections = \"connections.csv\"\n"
    );
    for (rows, expected) in [
        ("a,1\nnobody,2\n", "connections.csv:3: building_id: there is no building \"nobody\""),
        ("a,1\nb,no-bus\n", "connections.csv:3: bus: there is no bus \"no-bus\""),
        ("a,1\na,2\n", "connections.csv:3"),
        ("", "connections.csv: "),
    ] {
        fs::write(made.path("connections.csv"), format!("building_id,bus\n{rows}")).unwrap();
        assert_refused(&made, &scenario, &[expected]);
    }
    fs::write(made.path("connections.csv"), "building_id,bus\na,1\nb,2\n").unwrap();
    made.run(&scenario, &[]);
}

#[test]
fn folders_of_tabula_that_lack_a_table() {
    let Some(data) = common::data_dir().map(|data| data.join("energy/archetypes")) else { return };
    let made = plain();
    fs::create_dir(made.path("tables")).unwrap();
    let scenario = TABLE.replace("\"archetypes.csv\"", "\"tables\"\narchetype_country = \"NL\"");
    assert_refused(&made, &scenario, &["tabula"]);
    let names = ["u_class_defaults", "u_class_windows", "year_classes", "climate"];
    let files = || fs::read_dir(&data).unwrap().map(|entry| entry.unwrap().path());
    for file in files().filter(|file| file.is_file()) {
        fs::copy(&file, made.path("tables").join(file.file_name().unwrap())).unwrap();
    }
    made.run(&scenario, &[]);
    let mut needed = 0;
    for name in names {
        let file = format!("tabula_{name}.csv");
        fs::rename(made.path("tables").join(&file), made.path("away")).unwrap();
        made.scenario(&scenario);
        let output = runs::conurb(&made.path(""), &["run", "sun.toml", "--out", "lacking"]);
        let told = runs::text(&output.stderr);
        match output.status.code() {
            Some(0) => fs::remove_dir_all(made.path("lacking")).unwrap(),
            Some(2) => {
                needed += 1;
                assert!(told.contains(&file) && !made.path("lacking").exists(), "{told}");
            }
            other => panic!("{other:?}: {told}"),
        }
        fs::rename(made.path("away"), made.path("tables").join(&file)).unwrap();
    }
    assert!(needed >= 3, "{needed} tables are needed");
    fs::remove_dir_all(made.path("run")).unwrap();
    assert_refused(&made, &scenario.replace("\"NL\"", "\"QQ\""), &["QQ"]);
}

#[test]
fn costs_that_lack_a_measure() {
    let made = plain();
    let scenario = format!(
        "{TABLE}retrofit = [\"wall_standard\", \"wall_standard+heat_pump_standard\"]\n[economy]\ncurrency = \"EUR\"\n\
         price_year = 2025\ndiscount_rate = 0.03\nmeasure_costs = \"costs.csv\"\n[economy.carriers.electricity]\nprice_per_kwh = 0.3\n\
         kg_co2_per_kwh = 0.25\nprimary_energy_factor = 1.8\n[economy.carriers.natural_gas]\nprice_per_kwh = 0.12\n\
         kg_co2_per_kwh = 0.2\nprimary_energy_factor = 1.1\n"
    );
    let head = "measure,level,cost,per,lifetime_years\nwall,standard,120,m2,40\n";
    fs::write(made.path("costs.csv"), head).unwrap();
    assert_refused(&made, &scenario, &["costs.csv: ", "heat_pump_standard", "energy.retrofit", "hint: "]);
    fs::write(made.path("costs.csv"), format!("{head}heat_pump,standard,-5,kw,20\n")).unwrap();
    assert_refused(&made, &scenario, &["costs.csv:3: cost"]);
    fs::write(made.path("costs.csv"), format!("{head}heat_pump,standard,900,kw,20\n")).unwrap();
    made.run(&scenario, &[]);
}

/// What the city model does not tell is taken as it is by default, and counted.
#[test]
fn what_is_not_told_is_counted() {
    let made = plain();
    let rows = [Row { year: 1970, ..house("a") }];
    let line = heated::line(&rows[0]).replace("residential,1970", ",");
    fs::write(made.path("buildings.csv"), format!("{TABLE_HEAD}\n{line}\n{}\n", heated::line(&house("b")))).unwrap();
    let ran = made.run(TABLE, &[]);
    for code in ["default_year", "default_use"] {
        let warnings = ran.warnings(code);
        assert!(warnings.len() == 1 && warnings[0].count == 1 && warnings[0].message.contains('a'), "{warnings:?}");
    }
    let of = Heated::of(&ran);
    // The default is a dwelling of 1970, as the other is.
    assert_eq!(of.one("heating_need", "a"), of.one("heating_need", "b"));
    let quality = ran.i64("construction_year_quality");
    assert_ne!(quality[0], quality[1]);
}

#[test]
fn a_city_without_any_building_to_heat() {
    let city = "[weather]\nepw = \"weather.epw\"\n[buildings]\ncityjson = [\"city.json\"]\narchetypes = \"archetypes.csv\"\n[energy]\n";
    let made = plain();
    let roof = [[0.0, 0.0, 3.0], [5.0, 0.0, 3.0], [5.0, 5.0, 3.0], [0.0, 5.0, 3.0]];
    made.city("city.json", &[House::lone("roof", "RoofSurface", &roof)], Some(CRS));
    assert_refused(&made, city, &["buildings", "no building"]);
    let mut open = House::block("open", [30.0, 0.0], [10.0, 10.0], 6.0);
    open.faces.retain(|face| face.kind != "RoofSurface");
    open.faces.push(Face { kind: "WallSurface", ring: vec![[3.0, 3.0, 6.0]; 3] });
    let sound = House::block("sound", [0.0, 0.0], [10.0, 10.0], 6.0);
    made.city("city.json", &[sound, open], Some(CRS));
    let ran = made.run(city, &[]);
    let needs = ran.f64("heating_need");
    assert!(needs.iter().all(|need| need.is_finite()) && needs[0] > 0.0, "{needs:?}");
}

#[test]
fn buildings_that_are_all_unheated_need_nothing() {
    let made = site(&[Row { usage: "unheated", ..house("barn") }], |_| dark(5.0));
    let ran = made.run(&format!("{TABLE}hourly = true\n"), &[]);
    let of = Heated::of(&ran);
    assert_eq!((of.one("conditioned_floor_area", "barn"), ran.figure("heated_buildings")), (0.0, 0.0));
    assert!(of.all("heating_power", "barn").iter().all(|power| *power == 0.0));
    let need = of.one("heating_need", "barn");
    assert!(need.is_nan() || need == 0.0, "{need}");
}
