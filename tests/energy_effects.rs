//! What changes the energy of buildings changes it the right way, and by what can be told beforehand.
#![allow(clippy::unwrap_used, reason = "a helper that fails fails its test")]

#[path = "common/heated.rs"]
mod heated;
#[path = "common/made_city.rs"]
mod made_city;
#[path = "common/runs.rs"]
mod runs;

use heated::{ALWAYS_20, HOURS, Heated, Hour, Row, TABLE, archetype, dark, house, site, town_weather};
use made_city::{CRS, House, Ran, Site, near};

/// A city model with the archetype that a table has.
const CITY: &str = "[weather]\nepw = \"weather.epw\"\n[buildings]\ncityjson = [\"city.json\"]\n\
    archetypes = \"archetypes.csv\"\nstorey_height_m = 3.0\n";

fn summer_and_winter(hour: usize) -> Hour {
    use std::sync::OnceLock;
    static TOWN: OnceLock<Vec<Hour>> = OnceLock::new();
    TOWN.get_or_init(town_weather)[hour]
}

/// Runs a table of these buildings in the town's weather.
fn run(rows: &[Row], keys: &str) -> Ran {
    site(rows, summer_and_winter).run(&format!("{TABLE}{keys}"), &[])
}

/// A field of the house alone with these keys.
fn alone(field: &str, keys: &str) -> f64 {
    let ran = run(&[house("a")], keys);
    Heated::of(&ran).one(field, "a")
}

#[test]
fn a_tower_to_the_south_takes_sun_and_costs_heat() {
    let low = House::block("low", [0.0, 0.0], [10.0, 10.0], 6.0);
    let tower = House::block("tower", [-10.0, -25.0], [30.0, 10.0], 40.0);
    let far = House::block("far", [0.0, 2500.0], [10.0, 10.0], 6.0);
    let made = Site::with(&[low, tower, far]);
    archetype(&made, &[]);
    heated::weather(&made, summer_and_winter);
    let open = made.run(&format!("{CITY}[energy]\n"), &[]);
    assert_eq!(open.warnings("unshaded").len(), 1);
    let of_open = Heated::of(&open);
    let (gains, need) = (of_open.one("solar_gains", "low"), of_open.one("heating_need", "low"));
    near(of_open.one("solar_gains", "far"), gains, 1e-3, "gains without shadows");
    let shaded = made.run(&format!("{CITY}[solar]\nreach_m = 300.0\n[energy]\n"), &["--threads", "2"]);
    assert!(shaded.warnings("unshaded").is_empty());
    let of_shaded = Heated::of(&shaded);
    let (low_gains, low_need) = (of_shaded.one("solar_gains", "low"), of_shaded.one("heating_need", "low"));
    assert!((0.3..0.8).contains(&(low_gains / gains)), "{low_gains} of {gains}");
    assert!((1.01..1.3).contains(&(low_need / need)), "{low_need} of {need}");
    // Nothing stands around the other, whose shadows are none.
    near(of_shaded.one("solar_gains", "far"), gains, 0.02, "gains of what stands alone");
    near(of_shaded.one("heating_need", "far"), need, 0.01, "need of what stands alone");
}

/// A package does what an archetype with its values does; resistances and windows are those of TABULA.
#[test]
fn packages_do_what_other_archetypes_do() {
    // 1/(1/0.8 + 3.45), 1/(1/0.5 + 7.18), 1/(1/0.6 + 2.29)
    let cases: [(&str, &[(&str, &str)]); 6] = [
        ("wall_standard", &[("wall_u", "0.21276595744680851")]),
        ("roof_ambitious", &[("roof_u", "0.10893246187363834")]),
        ("floor_standard", &[("floor_u", "0.25273799494524007")]),
        ("window_standard", &[("window_u", "1.3"), ("window_g", "0.6"), ("window_frame_share", "0.3")]),
        ("window_ambitious", &[("window_u", "0.8"), ("window_g", "0.5"), ("window_frame_share", "0.3")]),
        ("airtightness_standard", &[("infiltration", "0.1")]),
    ];
    let names = cases.map(|(name, _)| format!("{name:?}")).join(", ");
    let made = site(&[house("a")], summer_and_winter);
    let ran = made.run(&format!("{TABLE}retrofit = [{names}, \"heat_recovery_ambitious\"]\n"), &[]);
    let of = Heated::of(&ran);
    let needs = of.all("package_heating_need", "a");
    let saving = |package: usize| 1.0 - needs[package] / needs[0];
    for (number, (name, changes)) in cases.iter().enumerate() {
        archetype(&made, changes);
        let other = made.run(TABLE, &[]);
        near(needs[number + 1], Heated::of(&other).one("heating_need", "a"), 1e-9, name);
        assert!((0.005..0.6).contains(&saving(number + 1)), "{name} saves {}", saving(number + 1));
    }
    assert!(saving(5) > 0.0 && saving(7) > saving(6), "{needs:?}");
}

#[test]
fn windows_to_the_south_save_heating() {
    let towards = |direction: usize| {
        let mut row = house(["north", "east", "south", "west"][direction]);
        let mut windows = [0.0; 4];
        windows[direction] = 36.0;
        row.windows = Some(windows);
        row
    };
    let ran = run(&[0, 1, 2, 3].map(towards), "");
    let of = Heated::of(&ran);
    let [north, east, south, west] = ["north", "east", "south", "west"].map(|id| of.one("heating_need", id));
    assert!(south < 0.95 * east && east < 0.97 * north, "{north} {east} {south} {west}");
    near(east, west, 0.04, "need with windows to the east and to the west");
    let [north, south] = ["north", "south"].map(|id| of.one("solar_gains", id));
    assert!((1.5..3.5).contains(&(south / north)), "{south} {north}");
}

#[test]
fn night_air_and_blinds_keep_houses_cool() {
    // Of insulated houses with large windows.
    let hot = |keys: &str| {
        let made = site(&[house("a")], |hour| Hour {
            temp_air: summer_and_winter(hour).temp_air + 6.0,
            ..summer_and_winter(hour)
        });
        archetype(&made, &[("window_share_south", "0.4"), ("window_share_west", "0.4"), ("wall_u", "0.3")]);
        let ran = made.run(&format!("{TABLE}{keys}"), &[]);
        let of = Heated::of(&ran);
        (
            of.one("degree_hours_above_first_limit", "a"),
            of.one("hours_above_first_limit", "a"),
            of.one("heating_need", "a"),
        )
    };
    let (degrees, hours, need) = hot("");
    assert!(hours > 500.0 && degrees > hours, "{hours} h, {degrees} K h");
    let (night, night_hours, night_need) = hot("night_ventilation_per_h = 3.0\n");
    assert!(night < 0.7 * degrees && night_hours < hours, "{night} of {degrees}");
    near(night_need, need, 0.02, "windows are not opened while it is heated");
    let (blinds, _, _) = hot("blinds_above_w_m2 = 150.0\nblinds_factor = 0.2\n");
    assert!(blinds < 0.7 * degrees, "{blinds} of {degrees}");
    let (both, _, _) = hot("blinds_above_w_m2 = 150.0\nblinds_factor = 0.2\nnight_ventilation_per_h = 3.0\n");
    assert!(both < blinds.min(night), "{both}");
}

#[test]
fn setpoints_and_setbacks_count() {
    let need = |keys: &str| alone("heating_need", keys);
    let always = need(ALWAYS_20);
    let warmer = need("heating_setpoint_c = 22.0\nheating_setback_c = 22.0\n");
    let set_back = need("heating_setpoint_c = 20.0\nheating_setback_c = 15.0\n");
    // 2 K more of a mean difference of 10 K, and longer seasons.
    assert!((1.15..1.6).contains(&(warmer / always)), "{warmer} {always}");
    assert!((0.75..0.98).contains(&(set_back / always)), "{set_back} {always}");
    let operative = need(&format!("{ALWAYS_20}control = \"operative\"\n"));
    assert!((1.005..1.2).contains(&(operative / always)), "walls are colder than air: {operative} {always}");
}

#[test]
fn power_is_not_more_than_there_is() {
    let keys = format!("{ALWAYS_20}heating_power_w_m2 = 20.0\n");
    let ran = run(&[house("a")], &keys);
    let of = Heated::of(&ran);
    near(of.one("peak_heating", "a"), 20.0 * heated::FLOOR_AREA, 1e-9, "power");
    assert!(of.one("unmet_heating_hours", "a") > 100.0);
    assert!(of.one("heating_need", "a") < alone("heating_need", ALWAYS_20));
    assert_eq!(alone("unmet_heating_hours", ALWAYS_20), 0.0);
}

#[test]
fn only_uses_that_are_named_are_cooled() {
    let mut rows = [house("home"), house("office"), house("school")];
    rows[1].usage = "office";
    rows[2].usage = "school";
    let keys = "cooling_setpoint_c = 24.0\n";
    let ran = run(&rows, &format!("cooled = [\"office\"]\n{keys}"));
    let of = Heated::of(&ran);
    let cooling = |id: &str| of.one("cooling_need", id);
    assert!(cooling("office") > 100.0 && cooling("home") == 0.0 && cooling("school") == 0.0);
    let none = run(&rows, "");
    let uncooled = Heated::of(&none);
    assert_eq!(uncooled.one("cooling_need", "office"), 0.0);
    let warmest = |of: &Heated<'_>| of.one("highest_operative_temperature", "office");
    assert!(warmest(&of) < warmest(&uncooled) - 0.5, "{} {}", warmest(&of), warmest(&uncooled));
    let power = run(&rows, &format!("cooled = [\"office\"]\ncooling_power_w_m2 = 5.0\n{keys}"));
    near(Heated::of(&power).one("peak_cooling", "office"), 5.0 * heated::FLOOR_AREA, 1e-9, "cooling power");
}

/// Hour of a day, in the weather's standard time, at which heating is strongest after its setback.
fn morning(ran: &Ran, day: usize) -> usize {
    let of = Heated::of(ran);
    let power = of.all("heating_power", "a");
    (0..24).max_by(|&a, &b| power[24 * day + a].total_cmp(&power[24 * day + b])).unwrap()
}

#[test]
fn people_live_by_civil_time() {
    let made = site(&[house("a")], |_| dark(0.0));
    let keys = "heating_setpoint_c = 20.0\nheating_setback_c = 14.0\nhourly = true\n";
    let [plain, here, tokyo] = ["", "Europe/Amsterdam", "Asia/Tokyo"].map(|zone| {
        let zone = if zone.is_empty() { String::new() } else { format!("[scenario]\ntimezone = \"{zone}\"\n") };
        made.run(&format!("{zone}{TABLE}{keys}"), &[])
    });
    let (winter, summer) = (20, 190);
    // Setpoints are reached in the hour from 6 to 7.
    assert_eq!((morning(&plain, winter), morning(&plain, summer)), (6, 6));
    assert_eq!((morning(&here, winter), morning(&here, summer)), (6, 5));
    // Nine hours ahead of UTC, eight ahead of the file: 22 h of the day before.
    assert_eq!((morning(&tokyo, winter), morning(&tokyo, summer)), (22, 22));
}

#[test]
fn a_box_is_the_same_in_a_table_and_in_a_city_model() {
    let made = site(&[house("a")], summer_and_winter);
    made.city("city.json", &[House::block("a", [0.0, 0.0], [10.0, 10.0], 6.0)], Some(CRS));
    for keys in ["", "fidelity = \"5r1c\"\n"] {
        let table = made.run(&format!("{TABLE}{keys}"), &[]);
        let (of, table_gains) = (Heated::of(&table), Heated::of(&table).one("solar_gains", "a"));
        let (area, need) = (of.one("conditioned_floor_area", "a"), of.one("heating_need", "a"));
        let city = made.run(&format!("{CITY}[energy]\n{keys}"), &[]);
        let of = Heated::of(&city);
        near(of.one("conditioned_floor_area", "a"), area, 1e-9, "floor area");
        near(of.one("solar_gains", "a"), table_gains, 1e-3, "solar gains");
        near(of.one("heating_need", "a"), need, 1e-3, "heating need");
    }
}

/// A wall that is shared with a neighbour is no wall to the outdoors.
#[test]
fn houses_in_a_row_need_less() {
    let step = |number: usize| House::block(&format!("{number}"), [10.0 * number as f64, 0.0], [10.0, 10.0], 6.0);
    let made = Site::with(&[step(0), step(1), step(2)]);
    archetype(&made, &[]);
    heated::weather(&made, |_| dark(0.0));
    let city = made.run(&format!("{CITY}[energy]\n"), &[]);
    let of = Heated::of(&city);
    let [end, middle, other] = ["0", "1", "2"].map(|id| of.one("heating_need", id));
    near(end, other, 1e-9, "ends");
    assert!(middle < 0.9 * end, "{middle} {end}");
    let mut row = house("middle");
    row.walls = [60.0, 0.0, 60.0, 0.0];
    row.party = 120.0;
    let table = site(&[row], |_| dark(0.0));
    let ran = table.run(TABLE, &[]);
    near(Heated::of(&ran).one("heating_need", "middle"), middle, 1e-3, "as a row of a table");
}

/// Fixed films are those of a wind of 4 m/s, the fixed sky is that of 300 W/m² at 7.57 °C.
#[test]
fn options_for_wind_and_sky_agree_where_they_mean_the_same() {
    let made = site(&[house("a")], |_| dark(11.0 + (300.0_f64 / 5.670_374_419e-8).powf(0.25) - 273.15));
    let need = |keys: &str| {
        let ran = made.run(&format!("{TABLE}{ALWAYS_20}{keys}"), &[]);
        Heated::of(&ran).one("heating_need", "a")
    };
    let fixed = need("");
    near(need("exterior_convection = \"wind\"\n"), fixed, 1e-6, "wind");
    near(need("sky_temperature = \"weather\"\n"), fixed, 1e-5, "sky");
    heated::weather(&made, |hour| dark(if hour < HOURS / 2 { 2.0 } else { 12.0 }));
    assert!(need("sky_temperature = \"weather\"\n") < need(""), "the sky of 300 W/m² is warmer than -4 °C on average");
}
