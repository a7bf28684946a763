//! Hours of a projected year through the whole program: the days that were adjusted come back as hours, warm buildings and light
//! roofs, and what the year lacks is told by those who compute with it.
#![allow(clippy::unwrap_used, reason = "a helper that fails fails its test")]

#[path = "common/heated.rs"]
mod heated;
#[path = "common/made_city.rs"]
mod made_city;
#[path = "common/made_climate.rs"]
mod made_climate;
#[path = "common/runs.rs"]
mod runs;

use conurb::stages::Metric;
use conurb_climate::calendar::{Calendar, Date};
use conurb_climate::days::Days;
use heated::Heated;
use made_city::{Ran, Site, near};
use made_climate::{Cells, Made};

const REFERENCE: [i32; 2] = [2001, 2004];
const FUTURE: [i32; 2] = [2051, 2054];
/// What the model has too much of everywhere (K), and what its two futures add.
const BIAS: f64 = 1.5;
const WARMER: [(&str, f64); 2] = [("cool", 0.5), ("hot", 5.0)];
/// Place of the first of four cells, whose rows are 0.2 degrees apart and columns 0.1.
const PLACE: [f64; 2] = [52.1, 5.3];

/// Mean temperature of a day (K): a season, and two days of every ten that are colder.
fn temperature(day: usize, date: Date) -> f64 {
    let season = -(f64::from(date.month) * 30.0 + f64::from(date.day)).to_radians().cos();
    283.0 + 9.0 * season - if day % 10 < 2 { 3.0 } else { 0.0 }
}

/// A daily variable without change or bias.
fn daily(name: &str, day: usize, date: Date) -> f64 {
    let season = -(f64::from(date.month) * 30.0 + f64::from(date.day)).to_radians().cos();
    match name {
        "tas" => temperature(day, date),
        "tasmin" => temperature(day, date) - 4.0,
        "tasmax" => temperature(day, date) + 5.0,
        "rsds" => 130.0 + 100.0 * season + 10.0 * (day % 3) as f64,
        "hurs" => 70.0 - 10.0 * season,
        _ => 3.0 + (day % 5) as f64,
    }
}

const VARIABLES: [(&str, &str); 6] =
    [("tas", "K"), ("tasmin", "K"), ("tasmax", "K"), ("rsds", "W m-2"), ("hurs", "%"), ("sfcWind", "m s-1")];

/// Whether a file has no value of a variable on a day in a cell.
type IsGap = fn(&str, &str, Date, usize) -> bool;

/// Writes reference, history and two futures of a model on four cells.
fn write(site: &Site, is_gap: IsGap) {
    let cells = Cells::grid(&[PLACE[0], PLACE[0] + 0.2], &[PLACE[1], PLACE[1] + 0.1]);
    let runs = [("r", REFERENCE, -BIAS), ("h", REFERENCE, 0.0)].into_iter();
    let runs = runs.chain(WARMER.map(|(name, change)| (name, FUTURE, change)));
    for (run, years, change) in runs {
        for (variable, units) in VARIABLES {
            let made = Made::new(variable, units, Calendar::NoLeap, years, &cells);
            made.write(&site.path(&format!("{run}_{variable}.nc")), |day, date, cell| match units {
                _ if is_gap(run, variable, date, cell) => f64::NAN,
                "K" => daily(variable, day, date) + BIAS + change,
                _ => daily(variable, day, date),
            });
        }
    }
}

/// Climate of a future with hours of 2053, and what else there is.
fn scenario(future: &str, weather: &str, more: &str) -> String {
    let mut text = format!(
        "[climate]\nreference_period = [2001, 2004]\nfuture_periods = [[2051, 2054]]\nmethod = \"linear_scaling\"\n\
         [climate.weather]\nfuture = \"{future}\"\nyear = 2053\n{weather}\n"
    );
    for (variable, _) in VARIABLES {
        let runs = WARMER.map(|(name, _)| format!("{name} = \"{name}_{variable}.nc\"")).join(", ");
        text.push_str(&format!(
            "[climate.variable.{variable}]\nreference = \"r_{variable}.nc\"\nhistorical = \"h_{variable}.nc\"\nfuture = {{ {runs} }}\n"
        ));
    }
    text + more
}

const GEOMETRY: &str = "method = \"geometry\"\nplace = { latitude = 52.1, longitude = 5.3, elevation_m = 2 }";
/// Buildings of a table, heated in the weather that was made.
const ENERGY: &str =
    "[weather]\ndownscaled = true\n[buildings]\ntable = \"buildings.csv\"\narchetypes = \"archetypes.csv\"\n[energy]\n";

/// A folder with a house, measured hours and no gaps.
fn town() -> Site {
    let hours = heated::town_weather();
    let site = heated::site(&[heated::house("a")], |hour| hours[hour]);
    write(&site, |_, _, _, _| false);
    site
}

/// Means of days.
fn by_day(hours: &[f64]) -> Vec<f64> {
    hours.chunks_exact(24).map(|day| day.iter().sum::<f64>() / 24.0).collect()
}

#[test]
fn hours_of_geometry_keep_the_days_that_were_adjusted() {
    let site = town();
    let ran = site.run(&scenario("hot", GEOMETRY, ""), &[]);
    let of = |name: &str| ran.f64(name);
    for name in ["weather_temp_air", "weather_ghi", "weather_dni", "weather_dhi", "weather_wind_speed"] {
        assert_eq!(of(name).iter().filter(|value| value.is_finite()).count(), 8760, "{name}");
    }
    // The clock is five degrees east of Greenwich's, so days of the year are those of the projection. 2053 is its third year.
    let days = Made::new("tas", "K", Calendar::NoLeap, FUTURE, &Cells::grid(&[52.0], &[5.0])).days();
    let dates = &days.dates()[730..1095];
    let adjusted = |name: &str| -> Vec<f64> {
        let values = ran.reader.f64(name).unwrap();
        (730..1095).map(|day| values[[1, day, 0, 0]]).collect()
    };
    let (tas, rsds) = (adjusted("tas"), adjusted("rsds"));
    for (day, date) in dates.iter().enumerate() {
        assert!((tas[day] - temperature(730 + day, *date) - 5.0).abs() < 1e-3, "{date:?}: {}", tas[day]);
    }
    for (found, expected) in by_day(&of("weather_temp_air")).iter().zip(&tas) {
        assert!((found + 273.15 - expected).abs() < 1e-3, "{found} {expected}");
    }
    for (found, expected) in by_day(&of("weather_ghi")).iter().zip(&rsds) {
        assert!((found - expected).abs() < 1e-3 * expected, "{found} {expected}");
    }
    let lacks: Vec<String> =
        ran.warnings("weather_missing_values").into_iter().map(|warning| warning.message).collect();
    let expected = ["pressure", "wind direction", "infrared radiation of the sky"];
    assert_eq!(lacks, expected.map(|quantity| format!("the downscaled weather gives no {quantity}")));
}

/// Need of the house for heating and cooling in a future.
fn needs(ran: &Ran) -> [f64; 2] {
    ["heating_need", "cooling_need"].map(|field| Heated::of(ran).one(field, "a"))
}

#[test]
fn a_warmer_future_heats_less_and_cools_more_by_every_method() {
    let site = town();
    let keys = format!("{ENERGY}cooled = [\"residential\"]\n");
    for method in [GEOMETRY, "donor = \"weather.epw\"", "method = \"morphing\"\ndonor = \"weather.epw\""] {
        let [cool, hot] = WARMER.map(|(future, _)| {
            let text = scenario(future, method, &keys);
            let text = if method.contains("morphing") { text.replace("year = 2053\n", "") } else { text };
            site.run(&text, &[])
        });
        let air = |ran: &Ran| ran.f64("weather_temp_air").iter().sum::<f64>() / 8760.0;
        assert!((air(&hot) - air(&cool) - 4.5).abs() < 0.01, "{method}: {} {}", air(&cool), air(&hot));
        let ([less, more], [heating, cooling]) = (needs(&hot), needs(&cool));
        assert!(less < 0.8 * heating && more > 1.2 * cooling, "{method}: {less} {heating} {more} {cooling}");
    }
}

#[test]
fn gaps_are_told_by_climate_and_by_who_computes_with_them() {
    let site = town();
    // The donor was measured in the second cell; its clock is an hour ahead of UTC, so days begin with the hour that ends at 2.
    write(&site, |run, variable, date, cell| {
        let is_gap = (run, cell) == ("hot", 1) && date.year == 2053 && date.month == 6;
        is_gap && (variable == "rsds" && date.day < 4 || variable == "tas" && date.day == 1)
    });
    let ran = site.run(&scenario("hot", "donor = \"weather.epw\"", ENERGY), &[]);
    let hours = |name: &str| ran.f64(name).iter().filter(|value| value.is_nan()).count();
    assert_eq!((hours("weather_ghi"), hours("weather_dni"), hours("weather_temp_air")), (72, 72, 24));
    let lacks: Vec<String> =
        ran.warnings("weather_missing_values").into_iter().map(|warning| warning.message).collect();
    for (quantity, n) in [("global horizontal irradiance", 72), ("air temperature", 24), ("dew point", 24)] {
        let told = format!("no {quantity} in {n} of 8760 hours, the first 06-01 02:00");
        assert!(lacks.contains(&told), "{told}: {lacks:?}");
    }
    let dark = ran.warnings("missing_radiation");
    // A day of early June is 16.5 hours long at 52° N: the sun is up in 17 hours of each.
    assert_eq!((dark.len(), dark[0].count), (1, 3 * 17), "the stage of energy tells, and of no stand-in");
    assert!(needs(&ran).iter().all(|need| need.is_finite()));
    // Without gaps nothing is told.
    let ran = site.run(&scenario("cool", "donor = \"weather.epw\"", ENERGY), &[]);
    assert!(ran.warnings("missing_radiation").is_empty() && ran.warnings("weather_missing_values").is_empty());
}

#[test]
fn hours_have_the_sun_of_the_year_that_is_asked_for() {
    let site = town();
    // The sun's declination and the equation of time are a little different, the split of radiation with them.
    let dni = |sun_year: &str| {
        let keys = ENERGY.replace("downscaled = true\n", &format!("downscaled = true\n{sun_year}"));
        site.run(&scenario("hot", GEOMETRY, &keys), &[]).f64("weather_dni")
    };
    let (usual, same, other) = (dni(""), dni("sun_year = 2023\n"), dni("sun_year = 2025\n"));
    assert!(usual == same && usual != other);
}

#[test]
fn a_typical_year_has_the_months_that_it_names() {
    let site = town();
    let text = scenario("hot", GEOMETRY, "").replace("year = 2053\n", "");
    let ran = site.run(&text, &[]);
    let Some(Metric::Text(years)) = ran.reader.report().metric("weather_years_of_months") else { panic!("no years") };
    let years: Vec<usize> = years.split(' ').map(|year| year.parse().unwrap()).collect();
    assert_eq!(years.len(), 12);
    assert!(years.iter().any(|year| *year != years[0]), "months of several years: {years:?}");
    let (hours, tas) = (by_day(&ran.f64("weather_temp_air")), ran.reader.f64("tas").unwrap());
    let days = Days::of_years(Calendar::NoLeap, 2051, 2051);
    for (day, date) in days.dates().iter().enumerate() {
        let expected = tas[[1, 365 * (years[usize::from(date.month) - 1] - 2051) + day, 0, 0]] - 273.15;
        assert!((hours[day] - expected).abs() < 1e-3, "{date:?}: {} {expected}", hours[day]);
    }
    // Typical years have the weekdays of no year.
    assert_eq!(ran.f64("weather_site"), [52.1, 5.3, 2.0, 0.0, -1.0]);
    // 2053 begins on a Wednesday.
    assert_eq!(site.run(&scenario("hot", GEOMETRY, ""), &[]).f64("weather_site")[4], 2.0);
}

#[test]
fn hours_without_a_mean_are_between_the_extremes() {
    let site = town();
    let text = scenario("hot", GEOMETRY, "");
    let begin = text.find("[climate.variable.tas]").unwrap();
    let end = text.find("[climate.variable.tasmin]").unwrap();
    let ran = site.run(&format!("{}{}", &text[..begin], &text[end..]), &[]);
    let extremes = ["tasmin", "tasmax"].map(|name| ran.reader.f64(name).unwrap());
    for (day, found) in by_day(&ran.f64("weather_temp_air")).into_iter().enumerate() {
        let [low, high] = extremes.each_ref().map(|values| values[[1, 730 + day, 0, 0]] - 273.15);
        assert!((found - 0.5 * (low + high)).abs() < 1e-3, "{day}: {found} between {low} and {high}");
    }
}

#[test]
fn hours_are_of_the_model_the_future_and_the_period_that_are_named() {
    let site = town();
    let cells = Cells::grid(&[PLACE[0], PLACE[0] + 0.2], &[PLACE[1], PLACE[1] + 0.1]);
    // A second model with the past of the first; all that distinguishes simulations is by how much they are warmer.
    let warmer = |model: usize, future: usize, year: i32| {
        [[1.0, 2.0], [4.0, 8.0]][model][future] + if year >= 2053 { 16.0 } else { 0.0 }
    };
    let mut text = "[climate]\nreference_period = [2001, 2004]\nfuture_periods = [[2051, 2052], [2053, 2054]]\n\
                    method = \"linear_scaling\"\ngrouping = \"all\"\n"
        .to_owned();
    for (variable, units) in VARIABLES {
        text.push_str(&format!("[climate.variable.{variable}]\nreference = \"r_{variable}.nc\"\n"));
        for (model, name) in ["a", "b"].into_iter().enumerate() {
            let mut runs = Vec::new();
            for (future, run) in ["x", "y"].into_iter().enumerate() {
                let made = Made::new(variable, units, Calendar::NoLeap, FUTURE, &cells);
                made.write(&site.path(&format!("{name}_{run}_{variable}.nc")), |day, date, _| {
                    let change = if units == "K" { BIAS + warmer(model, future, date.year) } else { 0.0 };
                    daily(variable, day, date) + change
                });
                runs.push(format!("{run} = \"{name}_{run}_{variable}.nc\""));
            }
            let runs = runs.join(", ");
            text.push_str(&format!("model.{name} = {{ historical = \"h_{variable}.nc\", future = {{ {runs} }} }}\n"));
        }
    }
    let usual: f64 =
        (0..365).map(|day| temperature(day, Days::of_years(Calendar::NoLeap, 2051, 2051).dates()[day])).sum();
    for (number, (model, future, year)) in
        [(0, 0, 2051), (1, 0, 2051), (0, 1, 2052), (1, 1, 2053), (0, 1, 2054), (1, 0, 2054)].into_iter().enumerate()
    {
        let period = if year < 2053 { "[2051, 2052]" } else { "[2053, 2054]" };
        let named = format!(
            "[climate.weather]\nmodel = \"{}\"\nfuture = \"{}\"\nperiod = {period}\nyear = {year}\n{GEOMETRY}\n",
            ["a", "b"][model],
            ["x", "y"][future]
        );
        let ran = site.run(&format!("{text}{named}"), &[]);
        let mean = ran.f64("weather_temp_air").iter().sum::<f64>() / 8760.0;
        let expected = usual / 365.0 - 273.15 + warmer(model, future, year);
        assert!((mean - expected).abs() < 0.05, "{number}: {mean} {expected}");
    }
}

#[test]
fn a_place_in_a_masked_cell_is_refused() {
    let site = town();
    write(&site, |run, variable, _, cell| (run, variable, cell) == ("r", "tas", 0));
    let told = site.refused(&scenario("hot", GEOMETRY, ""), &[]);
    let expected =
        "climate.weather: the cell that the weather's place lies in has no temperature\n  hint: cells without values";
    assert!(told.contains(expected), "{told}");
    // The other cell has values.
    let beside = GEOMETRY.replace("5.3", "5.4");
    let ran = site.run(&scenario("hot", &beside, ""), &[]);
    near(ran.f64("weather_temp_air").iter().sum::<f64>() / 8760.0, 14.3, 0.1, "mean of the year");
}

#[test]
fn a_place_outside_of_all_cells_is_told() {
    let site = town();
    assert!(site.run(&scenario("hot", GEOMETRY, ""), &[]).warnings("weather_outside_of_cells").is_empty());
    // A quarter of a degree to the north of the upper cells, whose corners are 0.1 degrees away.
    let ran = site.run(&scenario("hot", &GEOMETRY.replace("52.1", "52.55"), ""), &[]);
    let told = &ran.warnings("weather_outside_of_cells")[0].message;
    assert!(
        told.starts_with("the weather's place at 52.55, 5.3 lies outside of all cells and takes the nearest, at 52.3"),
        "{told}"
    );
}

#[test]
fn infrared_that_nobody_gives_is_missed_before_anything_is_computed() {
    let site = town();
    let sky = format!("{ENERGY}sky_temperature = \"weather\"\n");
    let told = site.refused(&scenario("hot", GEOMETRY, &sky), &[]);
    assert!(told.contains("energy.sky_temperature: \"weather\" needs infrared radiation of the sky"), "{told}");
    // A donor with 9999 for it, which stands for none.
    let donor = std::fs::read_to_string(site.path("weather.epw")).unwrap().replace(",0,0,300,", ",0,0,9999,");
    std::fs::write(site.path("weather.epw"), donor).unwrap();
    let told = site.refused(&scenario("hot", "donor = \"weather.epw\"", &sky), &[]);
    assert!(told.contains("energy.sky_temperature: the weather file gives no infrared radiation of the sky"), "{told}");
}
