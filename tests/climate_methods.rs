//! Every method through the whole program: the modelled change arrives at the cell, the simulation and the period it belongs to, with
//! the same bits over any threads, ranks and tiles; and what is wrong with inputs is told.
#![allow(clippy::unwrap_used, reason = "a helper that fails fails its test")]

#[path = "common/made_city.rs"]
mod made_city;
#[path = "common/made_climate.rs"]
mod made_climate;
#[path = "common/runs.rs"]
mod runs;

use std::fs;

use conurb_climate::calendar::{Calendar, Date};
use made_city::{Ran, Site, example, near};
use made_climate::{Cells, Made, noise};

/// The scenario's rows of latitude; models have cells of twice the size around them.
const LAT: [f64; 3] = [52.1, 52.2, 52.3];
const LON: [f64; 4] = [5.1, 5.2, 5.3, 5.4];
const REFERENCE: [i32; 2] = [2001, 2006];
/// Bias of the two models (K), and how much wetter they are.
const BIAS: [f64; 2] = [2.0, -1.5];
const WETTER: [f64; 2] = [1.5, 0.8];
/// What changes by emission scenario, in both periods together with [`LATER`] (K), and the ratio of rain.
const CHANGE: [f64; 2] = [1.0, 3.0];
const RAIN: [f64; 2] = [1.2, 0.7];
/// What the second period adds (K).
const LATER: f64 = 2.0;

/// A temperature with its season (K); cells of the reference get warmer to the east.
fn temperature(date: Date, day: usize, cell: usize, stream: u64) -> f64 {
    let season = -(f64::from(date.month) * 30.0 + f64::from(date.day)).to_radians().cos();
    283.0 + 8.0 * season + 4.0 * (noise(day, cell, stream) - 0.5)
}

/// Rain on two days of five (mm/d).
fn rain(day: usize, cell: usize, stream: u64) -> f64 {
    if noise(day, cell, stream) < 0.4 { 12.0 * noise(day, cell, stream + 1) } else { 0.0 }
}

/// Files of two models with two futures, on coarser cells than the reference; the second model's calendar may be another one.
fn pair(second: Calendar) -> Site {
    pair_of(Calendar::Standard, [Calendar::NoLeap, second])
}

/// Such files with these calendars.
fn pair_of(of_reference: Calendar, of_models: [Calendar; 2]) -> Site {
    let site = Site::new();
    let fine = Cells::grid(&LAT, &LON);
    let coarse = Cells::grid(&[52.0, 52.2, 52.4], &[5.0, 5.2, 5.4, 5.6]);
    let mut reference = Made::new("tas", "K", of_reference, REFERENCE, &fine);
    reference.write(&site.path("r_tas.nc"), |day, date, cell| temperature(date, day, cell, 1) + (cell % 4) as f64);
    (reference.variable, reference.units) = ("pr", "mm day-1");
    reference.write(&site.path("r_pr.nc"), |day, _, cell| rain(day, cell, 3));
    for (model, calendar) in of_models.into_iter().enumerate() {
        let stream = 10 * (model as u64 + 1);
        for (run, years, change, ratio) in [
            ("h", REFERENCE, 0.0, 1.0),
            ("low", [2041, 2053], CHANGE[0], RAIN[0]),
            ("high", [2041, 2053], CHANGE[1], RAIN[1]),
        ] {
            let mut made = Made::new("tas", "K", calendar, years, &coarse);
            made.chunk_days = Some(90);
            made.write(&site.path(&format!("{model}_{run}_tas.nc")), |day, date, cell| {
                let later = if date.year >= 2047 { LATER } else { 0.0 };
                temperature(date, day, cell, stream) + BIAS[model] + change + later
            });
            (made.variable, made.units) = ("pr", "kg m-2 s-1");
            made.write(&site.path(&format!("{model}_{run}_pr.nc")), |day, _, cell| {
                rain(day, cell, stream + 2) * WETTER[model] * ratio / 86_400.0
            });
        }
    }
    site
}

fn scenario(head: &str) -> String {
    let mut text = format!(
        "[climate]\nreference_period = [2001, 2006]\nfuture_periods = [[2041, 2046], [2048, 2053]]\nregrid = \"nearest\"\n{head}\n"
    );
    for variable in ["tas", "pr"] {
        text.push_str(&format!("[climate.variable.{variable}]\nreference = \"r_{variable}.nc\"\n"));
        for (model, name) in ["a", "b"].into_iter().enumerate() {
            text.push_str(&format!(
                "model.{name} = {{ historical = \"{model}_h_{variable}.nc\", future = {{ \
                 high = \"{model}_high_{variable}.nc\", low = \"{model}_low_{variable}.nc\" }} }}\n"
            ));
        }
    }
    text
}

/// Mean of a daily variable over days and cells, by simulation (emission scenarios high and low, models a and b in each) and period.
fn means(ran: &Ran, name: &str) -> [[f64; 2]; 4] {
    let field = ran.reader.f64(name).unwrap();
    let [n_simulations, n_days] = [field.shape()[0], field.shape()[1]];
    assert_eq!((n_simulations, n_days % 2), (4, 0));
    let values: Vec<f64> = field.iter().copied().collect();
    let half = values.len() / 8;
    let mean = |part: usize| values[part * half..(part + 1) * half].iter().sum::<f64>() / half as f64;
    [0, 1, 2, 3].map(|simulation| [mean(2 * simulation), mean(2 * simulation + 1)])
}

/// Means of temperature that the made series lead to: the reference's, and what changes.
fn expected_temperatures() -> [[f64; 2]; 4] {
    // 283 K, 1.5 K more on average to the east; the season's mean over whole years is nothing.
    [CHANGE[1], CHANGE[1], CHANGE[0], CHANGE[0]].map(|change| [284.5 + change, 284.5 + change + LATER])
}

#[test]
fn changes_arrive_where_they_belong_by_every_method() {
    let site = pair(Calendar::NoLeap);
    for method in [
        "linear_scaling",
        "delta_change",
        "empirical_quantile_mapping",
        "quantile_delta_mapping",
        "detrended_quantile_mapping",
        "isimip3",
        "isimip3_nonparametric",
        "multivariate",
        "quantile_preserving_localized_analogues",
    ] {
        let head = format!("method = \"{method}\"\ngrouping = \"month\"\niterations = 4\nquantiles = 20");
        let ran = site.run(&scenario(&head), &[]);
        assert_eq!(ran.figure("cells_adjusted"), 12.0, "{method}");
        let found = means(&ran, "tas");
        for (simulation, (found, expected)) in found.iter().zip(expected_temperatures()).enumerate() {
            for period in 0..2 {
                let off = found[period] - expected[period];
                // Values beyond those of the past keep their correction: quantile mapping is not made for large changes.
                let allowed = if method == "empirical_quantile_mapping" { 0.6 } else { 0.2 };
                assert!(off.abs() < allowed, "{method}: simulation {simulation}, period {period}: {off} K off");
            }
        }
        // 2.4 mm a day, wetter or drier; ratios of small amounts leave more to chance.
        for (simulation, found) in means(&ran, "pr").iter().enumerate() {
            let ratio = RAIN[1 - simulation / 2];
            // Means over several cells are wet more often than a cell of the model, whose dry days have no change.
            let allowed = if method == "quantile_preserving_localized_analogues" { 0.25 } else { 0.12 };
            near(found[0], 2.4 * ratio, allowed, &format!("{method}: rain of simulation {simulation}"));
        }
    }
}

#[test]
fn wet_days_come_as_often_as_measured() {
    let site = pair(Calendar::NoLeap);
    let text = scenario("method = \"linear_scaling\"\ngrouping = \"all\"")
        .replace("[climate.variable.pr]\n", "[climate.variable.pr]\nmethod = \"local_intensity_scaling\"\n");
    // The models' own past in place of their future: files of the past go on before those of the future.
    let text = text.replace("[[2041, 2046], [2048, 2053]]", "[[2001, 2006]]");
    let ran = site.run(&text, &[]);
    let wet = ran.f64("wet_days");
    // Two days of five, but for those below 1 mm of 12.
    near(wet[0], 365.25 * 0.4 * 11.0 / 12.0, 0.1, "wet days of the reference");
    // Periods, simulations, cells: as many as in the reference, to a day of the six years, with both models.
    for (cell, (before, after)) in wet[..48].iter().zip(&wet[48..]).enumerate() {
        assert!((before - after).abs() <= 1.0 / 3.0, "{cell}: {after} wet days, {before} measured");
    }
}

#[test]
fn calendars_are_brought_onto_each_other() {
    let site = pair(Calendar::Day360);
    let head = "method = \"quantile_delta_mapping\"\ngrouping = { day_of_year_window = 31 }";
    let told = site.refused(&scenario(head), &[]);
    assert!(told.contains("climate.daily: models have different calendars, noleap and 360_day"), "{told}");
    let told = site.refused(&scenario(&format!("{head}\ncalendar = \"same\"")), &[]);
    assert!(told.contains("climate.calendar: its calendar is"), "{told}");
    let ran = site.run(&scenario(&format!("{head}\ndaily = false")), &[]);
    let mean = ran.f64("mean_temperature");
    // Periods, simulations, cells: the first period is that of the reference.
    for simulation in 0..4 {
        let cells = |period: usize| &mean[(period * 4 + simulation) * 12..(period * 4 + simulation + 1) * 12];
        let change = (0..12).map(|cell| cells(1)[cell] - cells(0)[cell]).sum::<f64>() / 12.0;
        let expected = CHANGE[1 - simulation / 2];
        assert!((change - expected).abs() < 0.2, "simulation {simulation}: {change}, not {expected}");
    }
    // What both models say of a change that is far larger than chance.
    assert!(ran.f64("mean_temperature_agreement")[24..].iter().all(|&share| share == 1.0));
    let (low, high) = (ran.f64("mean_temperature_p10"), ran.f64("mean_temperature_p90"));
    assert!(low.iter().zip(&high).all(|(low, high)| low <= high));
}

#[test]
fn days_of_the_file_are_those_of_the_indices() {
    let site = pair(Calendar::NoLeap);
    let ran = site.run(&scenario("grouping = \"month\""), &[]);
    let tas = ran.reader.f64("tas").unwrap();
    let warm = ran.f64("cooling_degree_days");
    for (simulation, cell) in [(0, 0), (1, 7), (3, 11)] {
        // Years of 365 days; six in each period. Base 18 °C.
        let days: Vec<f64> = (0..2190).map(|day| tas[[simulation, 2190 + day, cell / 4, cell % 4]] - 291.15).collect();
        let expected = days.iter().map(|above| above.max(0.0)).sum::<f64>() / 6.0;
        let found = warm[(2 * 4 + simulation) * 12 + cell];
        assert!((found - expected).abs() < 1e-3 * expected.max(1.0), "{found}, not {expected}");
    }
}

#[test]
fn bits_do_not_depend_on_threads_ranks_or_tiles() {
    let site = pair(Calendar::NoLeap);
    for head in [
        "method = \"multivariate\"\ngrouping = \"month\"\niterations = 3\nquantiles = 10",
        "method = \"quantile_preserving_localized_analogues\"\ngrouping = { day_of_year_window = 9, pool = \"contiguous\" }",
        "method = \"isimip3\"\ngrouping = { day_of_year_window = 15 }",
        "method = \"detrended_quantile_mapping\"\ngrouping = { day_of_year_window = 9 }",
    ] {
        let text = scenario(head).replace("\"nearest\"", "\"bilinear\"");
        let expected = site.run(&text, &["--threads", "1"]).checksum().to_owned();
        for (threads, ranks, cells) in [("1", "7", "3"), ("2", "2", "1"), ("4", "3", "5")] {
            let tiles = format!("climate.tile_cells={cells}");
            let more = ["--threads", threads, "--local-ranks", ranks, "--set", &tiles];
            assert_eq!(
                site.run(&text, &more).checksum(),
                expected,
                "{head}: {threads} threads, {ranks} ranks, tiles of {cells}"
            );
        }
    }
}

#[test]
fn the_examples_have_the_same_bits_everywhere() {
    let folder = tempfile::tempdir().unwrap();
    for name in ["climate.toml", "summer_2050.toml"] {
        let run = |more: &[&str]| {
            let fixed = ["--set", "output.exports=[]"];
            Ran::of(folder.path(), &example(name), &[&fixed, more].concat()).checksum().to_owned()
        };
        let expected = run(&["--threads", "1"]);
        for (threads, ranks, cells) in [("2", "1", "7"), ("1", "3", "1"), ("4", "2", "30")] {
            let tiles = format!("climate.tile_cells={cells}");
            assert_eq!(run(&["--threads", threads, "--local-ranks", ranks, "--set", &tiles]), expected, "{name}");
        }
    }
}

#[test]
fn cells_without_values_are_told_and_stay_missing() {
    let site = pair(Calendar::NoLeap);
    let fine = Cells::grid(&LAT, &LON);
    let made = Made::new("tas", "K", Calendar::Standard, REFERENCE, &fine);
    // One cell without any value, one with gaps.
    made.write(&site.path("r_tas.nc"), |day, date, cell| match cell {
        5 => f64::NAN,
        6 if day % 3 == 0 => f64::NAN,
        _ => temperature(date, day, cell, 1),
    });
    let ran = site.run(&scenario("grouping = \"month\""), &[]);
    let states = ran.i64("cell_state");
    assert_eq!((states[5], states[6], states[7]), (2, 0, 0));
    assert_eq!(ran.warnings("without_reference")[0].count, 1);
    let tas = ran.reader.f64("tas").unwrap();
    assert!(tas[[0, 0, 1, 1]].is_nan() && tas[[3, 4000, 1, 1]].is_nan());
    assert!(tas.iter().filter(|value| value.is_nan()).count() == 4 * 4380);
    // The means of the city leave it out.
    assert!(ran.f64("mean_temperature_yearly").iter().all(|mean| mean.is_finite()));
}

#[test]
fn ensembles_are_over_the_models_of_an_emission_scenario() {
    let site = pair(Calendar::NoLeap);
    // The second model gets colder where the first gets warmer.
    let coarse = Cells::grid(&[52.0, 52.2, 52.4], &[5.0, 5.2, 5.4, 5.6]);
    let made = Made::new("tas", "K", Calendar::NoLeap, [2041, 2053], &coarse);
    made.write(&site.path("1_high_tas.nc"), |day, date, cell| temperature(date, day, cell, 20) + BIAS[1] - 9.0);
    let ran = site.run(&scenario("method = \"linear_scaling\"\ngrouping = \"month\""), &[]);
    let of = |name: &str| ran.reader.f64(name).unwrap();
    let (means, agreement) = (of("mean_temperature"), of("mean_temperature_agreement"));
    for (name, share) in [("p10", 0.1), ("p50", 0.5), ("p90", 0.9)] {
        let percentile = of(&format!("mean_temperature_{name}"));
        assert_eq!(percentile.shape(), [3, 2, 3, 4]);
        for (place, &found) in percentile.indexed_iter() {
            // Periods, emission scenarios (high, low), rows, columns; simulations are the models of one, then of the other.
            let model = |model: usize| means[[place[0], 2 * place[1] + model, place[2], place[3]]];
            let (low, high) = (model(0).min(model(1)), model(0).max(model(1)));
            assert!((found - low - share * (high - low)).abs() < 1e-5, "{name} {place:?}: {found} of {low} to {high}");
        }
    }
    for (place, &found) in agreement.indexed_iter().filter(|(place, _)| place[0] > 0) {
        assert_eq!(found, [0.5, 1.0][place[1]], "{place:?}: all means are above 0 °C, not all changes");
    }
}

#[test]
fn localized_days_follow_areas_whoever_lives_there() {
    let site = pair(Calendar::NoLeap);
    let plain = scenario("method = \"quantile_preserving_localized_analogues\"\ngrouping = \"month\"");
    let people = "latitude,longitude,population\n52.1,5.1,1000\n52.3,5.4,1\n";
    fs::write(site.path("people.csv"), people).unwrap();
    let inhabited = format!("{plain}[climate.indices]\npopulation = \"people.csv\"\n");
    let (plain, inhabited) = (site.run(&plain, &[]).f64("tas"), site.run(&inhabited, &[]).f64("tas"));
    assert!(plain == inhabited && plain.iter().all(|value| value.is_finite()));
}

#[test]
fn cells_within_one_of_a_dry_model_have_the_same_days() {
    let site = Site::new();
    let fine = Cells::grid(&[52.16, 52.24], &[5.16, 5.24]);
    let coarse = Cells::grid(&[52.0, 52.2, 52.4], &[5.0, 5.2, 5.4]);
    // Measured alike everywhere on three days of five; the model rains on one of five, so that draws decide on which of its dry
    // days it rains. They belong to the cell of the model.
    let amount = |day: usize, share: f64, stream: u64| {
        if noise(day, 0, stream) < share { 1.0 + 9.0 * noise(day, 0, stream + 1) } else { 0.0 }
    };
    Made::new("pr", "mm d-1", Calendar::NoLeap, REFERENCE, &fine)
        .write(&site.path("r.nc"), |day, _, _| amount(day, 0.6, 3));
    for (name, years, stream) in [("h.nc", REFERENCE, 5), ("f.nc", [2041, 2046], 7)] {
        let made = Made::new("pr", "mm d-1", Calendar::NoLeap, years, &coarse);
        made.write(&site.path(name), |day, _, _| amount(day, 0.2, stream));
    }
    let text = "[climate]\nreference_period = [2001, 2006]\nfuture_periods = [[2041, 2046]]\ngrouping = \"month\"\n\
                method = \"quantile_preserving_localized_analogues\"\n[climate.variable.pr]\nreference = \"r.nc\"\n\
                historical = \"h.nc\"\nfuture = { only = \"f.nc\" }\n";
    let pr = site.run(text, &[]).reader.f64("pr").unwrap();
    let wet = (0..6 * 365).filter(|&day| pr[[day, 0, 0]] > 0.0).count();
    assert!((1000..1600).contains(&wet), "about three days of five: {wet} of 2190");
    for day in 0..6 * 365 {
        let cells = [[0, 0], [0, 1], [1, 0], [1, 1]].map(|[row, column]| pr[[day, row, column]]);
        assert!(cells.iter().all(|value| (value - cells[0]).abs() < 1e-5), "{day}: {cells:?}");
    }
}

#[test]
fn cells_that_a_model_lacks_count_less_or_mask() {
    let site = Site::new();
    let fine = Cells::grid(&[52.2, 52.24], &[5.02, 5.06, 5.14, 5.18]);
    let coarse = Cells::grid(&[52.0, 52.2, 52.4], &[5.0, 5.2, 5.4]);
    Made::new("tas", "K", Calendar::NoLeap, REFERENCE, &fine)
        .write(&site.path("r.nc"), |_, _, cell| 280.0 + cell as f64);
    for (name, years, value) in [("h.nc", REFERENCE, 283.0), ("f.nc", [2041, 2046], 293.0)] {
        // The model has nothing at 52.2 N, 5.2 E.
        let made = Made::new("tas", "K", Calendar::NoLeap, years, &coarse);
        made.write(&site.path(name), |_, _, cell| if cell == 4 { f64::NAN } else { value });
    }
    let text = "[climate]\nreference_period = [2001, 2006]\nfuture_periods = [[2041, 2046]]\nregrid = \"bilinear\"\n\
                grouping = \"all\"\nmethod = \"linear_scaling\"\n[climate.variable.tas]\nreference = \"r.nc\"\n\
                historical = \"h.nc\"\nfuture = { only = \"f.nc\" }\n";
    let ran = site.run(text, &[]);
    // Its weight: 0.1, 0.3, 0.7, 0.9 in the first row, four fifths of these in the second; half may be missing.
    assert_eq!(ran.i64("cell_state"), [0, 0, 3, 3, 0, 0, 3, 3]);
    assert_eq!((ran.warnings("without_model")[0].count, ran.figure("cells_adjusted")), (4, 4.0));
    let tas = ran.reader.f64("tas").unwrap();
    for ((_, row, column), &found) in tas.indexed_iter().map(|(at, value)| ((at[0], at[1], at[2]), value)) {
        let expected = 290.0 + (4 * row + column) as f64;
        assert!(if column < 2 { (found - expected).abs() < 1e-3 } else { found.is_nan() }, "{row} {column}: {found}");
    }
}

#[test]
fn a_reference_without_values_masks_all_cells() {
    let site = pair(Calendar::NoLeap);
    let fine = Cells::grid(&LAT, &LON);
    Made::new("tas", "K", Calendar::Standard, REFERENCE, &fine).write(&site.path("r_tas.nc"), |_, _, _| f64::NAN);
    let ran = site.run(&scenario("grouping = \"month\""), &["--threads", "2"]);
    assert_eq!(ran.i64("cell_state"), [2; 12]);
    assert_eq!(ran.figure("cells_adjusted"), 0.0);
    assert_eq!(ran.warnings("without_reference")[0].count, 12);
    assert!(ran.f64("tas").iter().chain(&ran.f64("mean_temperature_yearly")).all(|value| value.is_nan()));
}

#[test]
fn leap_days_of_models_have_values_where_the_reference_has_no_leap_days() {
    let site = pair_of(Calendar::NoLeap, [Calendar::Standard; 2]);
    for method in ["delta_change", "linear_scaling", "quantile_delta_mapping", "isimip3"] {
        let ran = site.run(&scenario(&format!("method = \"{method}\"\ngrouping = \"month\"")), &[]);
        // Six years with a leap day in each period.
        let tas = ran.reader.f64("tas").unwrap();
        assert_eq!(tas.shape()[1], 2 * (6 * 365 + 1) + 1, "{method}: 2044, 2048 and 2052");
        assert!(tas.iter().all(|value| value.is_finite()), "{method}");
    }
}

#[test]
fn days_that_a_file_does_not_have_are_missing_and_told() {
    let site = pair(Calendar::NoLeap);
    let coarse = Cells::grid(&[52.0, 52.2, 52.4], &[5.0, 5.2, 5.4, 5.6]);
    let mut made = Made::new("tas", "K", Calendar::NoLeap, [2041, 2053], &coarse);
    made.absent = 100..1300;
    made.write(&site.path("0_high_tas.nc"), |_, date, cell| temperature(date, 0, cell, 10));
    let told = site.refused(&scenario(""), &[]);
    assert!(
        told.contains("it lacks 1200 of the 2190 days of the years 2041 to 2046\n  hint: choose periods"),
        "{told}"
    );
    made.absent = 100..130;
    made.write(&site.path("0_high_tas.nc"), |_, date, cell| temperature(date, 0, cell, 10));
    let ran = site.run(&scenario("method = \"linear_scaling\"\ngrouping = \"month\""), &[]);
    let told = ran.warnings("missing_days");
    assert_eq!((told.len(), told[0].count), (1, 30));
    assert!(
        told[0].message.ends_with("0_high_tas.nc lacks 30 of the 2190 days of the years 2041 to 2046"),
        "{}",
        told[0].message
    );
    let tas = ran.reader.f64("tas").unwrap();
    for day in 0..365 {
        assert_eq!(tas[[0, day, 0, 0]].is_nan(), (100..130).contains(&day), "{day}");
    }
}

#[test]
fn days_without_training_are_missing_by_every_method() {
    let site = pair(Calendar::NoLeap);
    let fine = Cells::grid(&LAT, &LON);
    let made = Made::new("tas", "K", Calendar::Standard, REFERENCE, &fine);
    made.write(&site.path("r_tas.nc"), |day, date, cell| match (cell, date.month) {
        (5, 6..=8) => f64::NAN,
        _ => temperature(date, day, cell, 1),
    });
    // June begins on day 151 of a year without leap day, September on day 243. Linear scaling blends the factors of two months
    // at month - 1/2 + day / days of the month: from May 16 (4.5 + 16/31 > 5) to September 14 (8.5 + 15/30 is September alone)
    // one of the two is missing.
    for (method, missing) in [("isimip3", 151..243), ("quantile_delta_mapping", 151..243), ("linear_scaling", 135..257)]
    {
        let ran = site.run(&scenario(&format!("method = \"{method}\"\ngrouping = \"month\"")), &[]);
        assert_eq!(ran.i64("cell_state")[4..7], [0, 4, 0], "{method}");
        assert_eq!(ran.warnings("without_training")[0].count, 1, "{method}");
        let tas = ran.reader.f64("tas").unwrap();
        for day in 0..365 {
            assert_eq!(tas[[0, day, 1, 1]].is_nan(), missing.contains(&day), "{method}: day {day}");
        }
    }
}

#[test]
fn what_is_wrong_is_told() {
    let site = pair(Calendar::NoLeap);
    let plain = scenario("grouping = \"month\"");
    let told = |text: &str| site.refused(text, &[]);
    let none = told(&plain.replace("\"nearest\"", "\"none\""));
    assert!(none.contains("0_h_tas.nc: climate.regrid: its cells are not those of the reference"), "{none}");
    let fine = Cells::grid(&LAT, &LON);
    let elsewhere = Cells::grid(&LAT, &LON.map(|lon| lon + 1.0));
    Made::new("pr", "mm day-1", Calendar::Standard, REFERENCE, &elsewhere).write(&site.path("r_far.nc"), |_, _, _| 1.0);
    let far = told(&plain.replace("\"r_pr.nc\"", "\"r_far.nc\""));
    assert!(far.contains("r_far.nc: its cells are not those of the reference of tas"), "{far}");
    let coarser = plain.replace("\"0_low_tas.nc\"", "\"0_other_tas.nc\"");
    Made::new("tas", "K", Calendar::NoLeap, [2041, 2053], &fine).write(&site.path("0_other_tas.nc"), |_, _, _| 280.0);
    let coarser = told(&coarser);
    assert!(coarser.contains("0_other_tas.nc are not those of ") && coarser.contains("0_h_tas.nc"), "{coarser}");
    let later = told(&plain.replace("[2048, 2053]", "[2071, 2080]"));
    assert!(later.contains("it has no day of the years 2071 to 2080, only of 2041 to 2053"), "{later}");
    let name = told(&plain.replace("[climate.variable.tas]\n", "[climate.variable.tas]\nname_in_files = \"temp\"\n"));
    assert!(name.contains("r_tas.nc: there is no variable temp") && name.contains("tas"), "{name}");
    let unit = plain.replace(
        "[climate.variable.tas]\nreference = \"r_tas.nc\"",
        "[climate.variable.tas]\nreference = \"r_wrong.nc\"",
    );
    Made::new("tas", "m s-1", Calendar::Standard, REFERENCE, &fine).write(&site.path("r_wrong.nc"), |_, _, _| 280.0);
    let wrong = told(&unit);
    assert!(wrong.contains("r_wrong.nc: tas: the unit \"m s-1\" cannot be converted to K"), "{wrong}");
    let whole = fs::read(site.path("0_h_pr.nc")).unwrap();
    fs::write(site.path("0_h_pr.nc"), &whole[..whole.len() / 2]).unwrap();
    let cut = told(&plain);
    assert!(cut.contains("0_h_pr.nc: "), "{cut}");
}
