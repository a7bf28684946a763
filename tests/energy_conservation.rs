//! Energy in buildings against sums that must hold and against balances that are solved here by other means.
#![allow(clippy::unwrap_used, reason = "a helper that fails fails its test")]

#[path = "common/heated.rs"]
mod heated;
#[path = "common/made_city.rs"]
mod made_city;
#[path = "common/runs.rs"]
mod runs;

use std::f64::consts::TAU;

use heated::{ALWAYS_20, ARCHETYPE, ELECTRICITY, FLOOR_AREA, GAS, HOURS, Heated, Hour, TABLE, dark, house, site};
use made_city::{Ran, near};

/// Heat of people and appliances of dwellings, mean of a day: TABULA's phi_int (W/m²).
const GAINS: f64 = 3.0;
/// Share of it that is radiation, ISO 52016-1 annex B.
const RADIATIVE: f64 = 0.6;
/// Ventilation of dwellings, TABULA's n_air_use (1/h), and the heat of a cubic metre of air (Wh/m³K).
const VENTILATION: f64 = 0.4;
const AIR: f64 = 0.336;
/// Outer films (W/m²K) and how much colder the sky is than air (K), ISO 52016-1.
const OUTER: [f64; 2] = [20.0, 4.14];
const SKY_DROP: f64 = 11.0;
const GROUND_RESISTANCE: f64 = 0.25;

/// What is in contact with the room: area, conductance from its inner surface to a temperature, that temperature, and the
/// convective coefficient of the inner surface.
struct Surface {
    area: f64,
    conductance: f64,
    behind: f64,
    convective: f64,
}

const INNER_RADIATIVE: f64 = 5.13;

/// A part before air, sky and sun of none: its U-value counts films of 1/24.14 outside and 1/(`convective` + 5.13) inside.
fn outer(area: f64, u: f64, convective: f64, sky_view: f64, outdoors: f64) -> Surface {
    let films = 1.0 / (convective + INNER_RADIATIVE);
    let behind = outdoors - OUTER[1] * sky_view * SKY_DROP / (OUTER[0] + OUTER[1]);
    Surface { area, conductance: 1.0 / (1.0 / u - films), behind, convective }
}

/// The surfaces of a [`house`] with these values of its archetype.
fn surfaces(changes: &[(&str, &str)], outdoors: f64) -> Vec<Surface> {
    let value = |name: &str| number(changes, name);
    let bridges = value("thermal_bridges");
    let window_share = value("window_share_north");
    let floor_u = value("floor_u") + bridges;
    let floor = 1.0 / (1.0 / floor_u - 1.0 / (0.7 + INNER_RADIATIVE) + GROUND_RESISTANCE);
    vec![
        outer(240.0 * (1.0 - window_share), value("wall_u") * value("wall_adjustment") + bridges, 2.5, 0.5, outdoors),
        outer(240.0 * window_share, value("window_u") + bridges, 2.5, 0.5, outdoors),
        outer(100.0, value("roof_u") * value("roof_adjustment") + bridges, 5.0, 1.0, outdoors),
        Surface { area: 100.0, conductance: floor, behind: outdoors, convective: 0.7 },
        Surface {
            area: value("inside_area_per_floor_area") * FLOOR_AREA,
            conductance: 0.0,
            behind: 0.0,
            convective: 2.5,
        },
    ]
}

/// A value of [`ARCHETYPE`], or of what it is changed to.
fn number(changes: &[(&str, &str)], name: &str) -> f64 {
    let all = changes.iter().chain(&ARCHETYPE);
    all.into_iter().find(|(column, _)| *column == name).unwrap().1.parse().unwrap()
}

/// Heat loss by air (W/K).
fn air_loss(changes: &[(&str, &str)]) -> f64 {
    AIR * (VENTILATION + number(changes, "infiltration")) * FLOOR_AREA * number(changes, "room_height")
}

/// Heating power of the house in a steady state with air at `room` (W): surfaces are eliminated one by one, the mean radiant
/// temperature is that at which nothing is radiated in sum.
fn steady_heating(changes: &[(&str, &str)], room: f64, outdoors: f64) -> f64 {
    let surfaces = surfaces(changes, outdoors);
    let whole: f64 = surfaces.iter().map(|surface| surface.area).sum();
    let flux = RADIATIVE * GAINS * FLOOR_AREA / whole;
    // A surface is at (h_c T_a + h_r T_mr + k T_b + q) / (h_c + h_r + k).
    let sum = |surface: &Surface| surface.convective + INNER_RADIATIVE + surface.conductance;
    let known =
        |surface: &Surface| (surface.convective * room + surface.conductance * surface.behind + flux) / sum(surface);
    let (mut sources, mut weights) = (0.0, 0.0);
    for surface in &surfaces {
        sources += surface.area * known(surface);
        weights += surface.area * (1.0 - INNER_RADIATIVE / sum(surface));
    }
    let radiant = sources / weights;
    let convected: f64 = surfaces
        .iter()
        .map(|surface| {
            let temperature = known(surface) + INNER_RADIATIVE * radiant / sum(surface);
            surface.area * surface.convective * (room - temperature)
        })
        .sum();
    convected + air_loss(changes) * (room - outdoors) - (1.0 - RADIATIVE) * GAINS * FLOOR_AREA
}

/// Heating need of one [`house`] in a year (kWh).
#[track_caller]
fn heating(changes: &[(&str, &str)], keys: &str, of: impl Fn(usize) -> Hour) -> f64 {
    let site = site(&[house("a")], of);
    heated::archetype(&site, changes);
    let ran = site.run(&format!("{TABLE}{ALWAYS_20}{keys}"), &[]);
    Heated::of(&ran).one("heating_need", "a")
}

/// Archetypes of all kinds: as it is, light and open, of mass all over, with bridges and factors, all but closed.
const KINDS: [&[(&str, &str)]; 5] = [
    &[],
    &[("wall_u", "2.4"), ("roof_u", "2.0"), ("window_u", "5.2"), ("wall_capacity_kj", "5"), ("roof_capacity_kj", "5")],
    &[("wall_capacity_kj", "400"), ("wall_mass", "IE"), ("roof_mass", "M"), ("roof_capacity_kj", "300")],
    &[("thermal_bridges", "0.1"), ("wall_adjustment", "0.7"), ("infiltration", "1.2"), ("room_height", "3")],
    &[
        ("wall_u", "0.05"),
        ("roof_u", "0.05"),
        ("floor_u", "0.05"),
        ("window_u", "0.6"),
        ("infiltration", "0"),
        ("inside_area_per_floor_area", "0.5"),
    ],
];

#[test]
fn heating_under_constant_weather_is_that_of_a_steady_state() {
    for (changes, outdoors) in KINDS.iter().zip([0.0, 3.0, -8.0, -2.0, -20.0]) {
        let expected = steady_heating(changes, 20.0, outdoors) * HOURS as f64 / 1000.0;
        near(heating(changes, "", |_| dark(outdoors)), expected, 0.005, &format!("{changes:?}"));
    }
}

/// Heat is linear in its causes: while heating never stops, swings of the weather cancel out over the year.
#[test]
fn heating_under_swinging_weather_is_that_of_its_mean() {
    let swinging = |hour: usize| {
        let (year, day) = (TAU * hour as f64 / HOURS as f64, TAU * hour as f64 / 24.0);
        dark(-6.0 - 5.0 * year.cos() - 4.0 * day.cos())
    };
    for changes in &KINDS[..4] {
        let expected = steady_heating(changes, 20.0, -6.0) * HOURS as f64 / 1000.0;
        near(heating(changes, "", swinging), expected, 0.01, &format!("{changes:?}"));
    }
}

/// The whole (UA + H_ve) ΔT, which knows nothing of air and surfaces being of different warmth: both are 20 °C in the mean.
#[test]
fn both_models_are_near_a_sum_by_hand() {
    let outdoors = -5.0;
    for (changes, share) in KINDS[..4].iter().zip([0.05, 0.08, 0.05, 0.06]) {
        let loss = surfaces(changes, outdoors).into_iter().map(|surface| {
            let inner = surface.convective + INNER_RADIATIVE;
            let conductance = surface.conductance * inner / (surface.conductance + inner);
            surface.area * conductance * (20.0 - surface.behind)
        });
        // What is inside leads nowhere.
        let power = loss.sum::<f64>() + air_loss(changes) * (20.0 - outdoors) - GAINS * FLOOR_AREA;
        for fidelity in ["multi_node", "5r1c"] {
            let found =
                heating(changes, &format!("fidelity = \"{fidelity}\"\ncontrol = \"operative\"\n"), |_| dark(outdoors));
            near(found, power * HOURS as f64 / 1000.0, share, &format!("{fidelity} {changes:?}"));
        }
    }
}

/// In weather that is always cold each kilowatt-hour of sun saves nearly one of heating.
#[test]
fn sun_saves_heating() {
    let town = heated::town_weather();
    let cold = |hour: usize| Hour { temp_air: -15.0, ..town[hour] };
    let house_run = |with_sun: bool| {
        // Of walls that hardly feel the sun all that it gives comes in through windows.
        let closed = [("wall_u", "0.05"), ("roof_u", "0.05"), ("infiltration", "1"), ("window_u", "0.8")];
        let site = site(&[house("a")], |hour| if with_sun { cold(hour) } else { dark(-15.0) });
        heated::archetype(&site, &closed);
        let ran = site.run(&format!("{TABLE}{ALWAYS_20}"), &[]);
        let of = Heated::of(&ran);
        (of.one("heating_need", "a"), of.one("solar_gains", "a"))
    };
    let ((need, gains), (dark_need, none)) = (house_run(true), house_run(false));
    assert_eq!(none, 0.0);
    assert!(gains > 2000.0, "{gains}");
    let saved = dark_need - need;
    assert!((0.85..1.1).contains(&(saved / gains)), "{saved} of {gains}");
}

/// A year of five packages, hour by hour, of buildings of three uses.
fn town_of_three(keys: &str) -> Ran {
    let town = heated::town_weather();
    let mut rows = [house("home"), house("office"), house("barn")];
    rows[1].usage = "office";
    rows[2].usage = "unheated";
    let site = site(&rows, |hour| town[hour]);
    let retrofit = "retrofit = [\"wall_standard\", \"photovoltaics_standard\", \"heat_pump_standard\", \
        \"heat_pump_ambitious+photovoltaics_ambitious\"]\ncooled = [\"office\"]\nhourly = true\n";
    site.run(&format!("{TABLE}{retrofit}{keys}"), &["--threads", "2"])
}

#[track_caller]
fn same(found: f64, expected: f64, what: &str) {
    assert!((found - expected).abs() <= 1e-6 * expected.abs().max(1.0), "{what}: {found}, expected {expected}");
}

#[test]
fn months_hours_and_years_are_the_same_energy() {
    for fidelity in ["multi_node", "5r1c"] {
        let ran = town_of_three(&format!("fidelity = \"{fidelity}\"\ncontrol = \"operative\"\n"));
        let of = Heated::of(&ran);
        for building in ["home", "office"] {
            for (kind, field) in [("heating", "heating_need"), ("cooling", "cooling_need")] {
                let annual = of.one(field, building);
                same(of.all(&format!("monthly_{field}"), building).iter().sum(), annual, "months");
                let hours = of.all(&format!("{kind}_power"), building);
                assert_eq!(hours.len(), HOURS);
                assert!(hours.iter().all(|power| *power >= 0.0), "{kind} of {building}");
                // Hours are kept with seven digits.
                let sum: f64 = hours.iter().sum::<f64>() / 1000.0;
                assert!((sum - annual).abs() <= 1e-5 * annual.max(1.0), "{kind} of {building}: {sum}, {annual}");
                let most = hours.iter().copied().fold(0.0, f64::max);
                let peak = of.one(&format!("peak_{kind}"), building);
                assert!((most - peak).abs() <= 1e-5 * peak.max(1.0), "{kind} of {building}: {most}, {peak}");
                let of_package = of.all(&format!("package_{field}"), building);
                assert_eq!((of_package.len(), of_package[0]), (5, annual));
            }
            let temperatures = of.all("operative_temperature", building);
            let warm = temperatures.iter().filter(|temperature| **temperature > 26.0).count() as f64;
            assert!((warm - of.one("hours_above_first_limit", building)).abs() <= 1.0, "{warm}");
            let coldest = temperatures.iter().copied().fold(f64::INFINITY, f64::min);
            assert!((coldest - of.one("lowest_operative_temperature", building)).abs() < 1e-3, "{coldest}");
        }
        assert!(of.all("heating_power", "barn").iter().all(|power| *power == 0.0));
        assert_eq!(of.one("conditioned_floor_area", "barn"), 0.0);
    }
}

/// Boilers after the expenditure factor 1.16 of TABULA, hot water of 12.5 kWh/m², appliances of 1.8 W/m² in the mean.
#[test]
fn energy_bought_is_need_over_efficiency() {
    let ran = town_of_three("");
    let of = Heated::of(&ran);
    let hot_water = 12.5 * FLOOR_AREA;
    near(of.one("hot_water_need", "home"), hot_water, 1e-6, "hot water");
    near(of.one("appliance_electricity", "home"), 1.8 * 8.76 * FLOOR_AREA, 1e-3, "appliances");
    for building in ["home", "office"] {
        let (heating, water) = (of.all("package_heating_need", building), of.one("hot_water_need", building));
        let (cooling, appliances) =
            (of.all("package_cooling_need", building), of.one("appliance_electricity", building));
        let (pv, used) = (of.all("package_pv_yield", building), of.all("package_pv_used", building));
        for package in 0..5 {
            assert!(used[package] <= pv[package] + 1e-9, "{building} {package}: {} {}", used[package], pv[package]);
            assert_eq!(pv[package] > 0.0, [2, 4].contains(&package), "{building} {package}");
            assert_eq!(used[package] > 0.0, pv[package] > 0.0);
            let gas = of.bought(GAS, package, building);
            let electricity = of.bought(ELECTRICITY, package, building);
            let others = appliances + cooling[package] / 3.0 - used[package];
            if package < 3 {
                same(gas, 1.16 * (heating[package] + water), "gas");
                same(electricity, others, "electricity");
            } else {
                assert_eq!(gas, 0.0, "{building} {package}");
                // What is left is the heat pump's.
                let performance = (heating[package] + water) / (electricity - others);
                assert!((2.0..5.0).contains(&performance), "{building} {package}: {performance}");
            }
        }
    }
}
