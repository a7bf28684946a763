//! Keys of `[climate]` do what they say: adjusted series are, bit by bit, those of the kernel with the same settings, and stay
//! within what is possible.
#![allow(clippy::unwrap_used, reason = "a helper that fails fails its test")]

#[path = "common/made_city.rs"]
mod made_city;
#[path = "common/made_climate.rs"]
mod made_climate;
#[path = "common/runs.rs"]
mod runs;

use conurb_climate::calendar::{Calendar, Date};
use conurb_climate::clear_sky;
use conurb_climate::consistency::{DailyTemperatures, extremes, range_and_skewness};
use conurb_climate::days::Days;
use conurb_climate::dry_days::{Draws, DryDays};
use conurb_climate::grouping::{Grouping, Pool};
use conurb_climate::groups::Groups;
use conurb_climate::isimip::{IsimipPlan, Mapping, Settings, Variable, Window};
use conurb_climate::kind::Kind;
use conurb_climate::multivariate;
use conurb_climate::quantile_delta;
use conurb_climate::training::{Interpolation, QuantileSettings, RankAmong, Scratch, Training};
use made_city::{Ran, Site};
use made_climate::{Cells, Made, noise};

const PAST: [i32; 2] = [2001, 2006];
const FUTURE: [i32; 2] = [2041, 2046];
const LAT: f64 = 52.0;
/// Height of the second of the two cells (m).
const HEIGHT: f64 = 1500.0;
const HEAD: &str = "[climate]\nreference_period = [2001, 2006]\nfuture_periods = [[2041, 2046]]\nregrid = \"none\"\n";

/// A value for each variable, run (`r`, `h`, `f`), day and cell.
type Made3<'a> = &'a dyn Fn(&str, &str, usize, Date, usize) -> f64;

fn cells() -> Cells {
    Cells::grid(&[LAT], &[5.0, 5.1])
}

fn years(run: &str) -> [i32; 2] {
    if run == "f" { FUTURE } else { PAST }
}

/// Writes three files of each variable.
fn write(site: &Site, variables: &[(&str, &str)], value: Made3<'_>) {
    let cells = cells();
    for &(variable, units) in variables {
        for run in ["r", "h", "f"] {
            let mut made = Made::new(variable, units, Calendar::NoLeap, years(run), &cells);
            made.elevation_m = Some(vec![0.0, HEIGHT]);
            made.write(&site.path(&format!("{run}_{variable}.nc")), |day, date, cell| {
                value(variable, run, day, date, cell)
            });
        }
    }
}

fn scenario(keys: &str, variables: &[(&str, &str)]) -> String {
    let table = |(name, _): &(&str, &str)| {
        format!(
            "[climate.variable.{name}]\nreference = \"r_{name}.nc\"\nhistorical = \"h_{name}.nc\"\nfuture = {{ f = \"f_{name}.nc\" }}\n"
        )
    };
    format!("{HEAD}{keys}\n{}", variables.iter().map(table).collect::<String>())
}

/// Temperatures of a season with noise; minimum and maximum lie around the mean, not evenly.
fn temperature(variable: &str, run: &str, day: usize, date: Date, cell: usize) -> f64 {
    let stream = u64::from(run.as_bytes()[0]);
    let season = -(f64::from(date.month) * 30.0 + f64::from(date.day)).to_radians().cos();
    let warmer = if run == "f" { 2.0 } else { 0.0 };
    let mean = 283.0 + 9.0 * season + 6.0 * noise(day, cell, stream) + warmer;
    let range = 4.0 + 8.0 * noise(day, cell, stream + 1);
    let below = 0.2 + 0.5 * noise(day, cell, stream + 2);
    match variable {
        "tasmin" => mean - below * range,
        "tasmax" => mean + (1.0 - below) * range,
        _ => mean,
    }
}

/// What was written of a variable, as the file has it.
fn series(variable: &str, cell: usize, value: Made3<'_>) -> [Vec<f32>; 3] {
    ["r", "h", "f"].map(|run| {
        let days = days(run);
        let dates = days.dates().iter().enumerate();
        dates.map(|(day, &date)| value(variable, run, day, date, cell) as f32).collect()
    })
}

fn days(run: &str) -> Days {
    let [first, last] = years(run);
    Days::of_years(Calendar::NoLeap, first, last)
}

/// Days of a cell as they were written.
fn written(ran: &Ran, variable: &str, cell: usize) -> Vec<f32> {
    let values = ran.reader.f64(variable).unwrap();
    (0..values.shape()[0]).map(|day| values[[day, 0, cell]] as f32).collect()
}

/// The future by the kernel alone.
fn quantile_delta(
    settings: QuantileSettings,
    grouping: Grouping,
    [reference, historical, future]: &[Vec<f32>; 3],
) -> Vec<f32> {
    let groups = ["r", "h", "f"].map(|run| Groups::new(&days(run), grouping));
    let mut scratch = Scratch::default();
    let mut training = Training::new(settings, groups[0].len());
    training.train((reference, &groups[0]), (historical, &groups[1]), &mut scratch);
    let mut out = vec![0.0; future.len()];
    quantile_delta::adjust(&training, future, &groups[2], &mut out, &mut scratch);
    out
}

#[track_caller]
fn same(found: &[f32], expected: &[f32], what: &str) {
    assert_eq!(found.len(), expected.len());
    let differ = found.iter().zip(expected).filter(|(one, other)| one.to_bits() != other.to_bits()).count();
    assert_eq!(differ, 0, "{what}: days that differ");
}

#[test]
fn keys_of_quantile_methods_reach_the_kernel() {
    let tas = [("tas", "K")];
    let site = Site::new();
    write(&site, &tas, &temperature);
    let plain = QuantileSettings {
        kind: Kind::Additive,
        n_quantiles: 50,
        interpolation: Interpolation::Linear,
        rank_among: RankAmong::Pool,
    };
    let window = Grouping::DayOfYear { window: 31, pool: Pool::Circular };
    let clipped = Grouping::DayOfYear { window: 15, pool: Pool::Contiguous };
    let mut all = Vec::new();
    for (keys, settings, grouping) in [
        ("", plain, window),
        ("quantiles = 20", QuantileSettings { n_quantiles: 20, ..plain }, window),
        ("interpolation = \"nearest\"", QuantileSettings { interpolation: Interpolation::Nearest, ..plain }, window),
        ("rank_among = \"same_day\"", QuantileSettings { rank_among: RankAmong::SameGroupDay, ..plain }, window),
        ("grouping = { day_of_year_window = 15, pool = \"contiguous\" }", plain, clipped),
        ("grouping = \"month\"", plain, Grouping::Month),
        ("grouping = \"all\"", plain, Grouping::All),
    ] {
        let ran = site.run(&scenario(keys, &tas), &[]);
        for cell in 0..2 {
            let expected = quantile_delta(settings, grouping, &series("tas", cell, &temperature));
            same(&written(&ran, "tas", cell), &expected, keys);
            all.push(expected);
        }
    }
    all.sort_by(|one, other| one.partial_cmp(other).unwrap());
    assert!(all.windows(2).all(|pair| pair[0] != pair[1]), "every key makes a difference");
}

/// Precipitation on two days of five, as amounts or a trace.
fn rain(_: &str, run: &str, day: usize, _: Date, cell: usize) -> f64 {
    let stream = u64::from(run.as_bytes()[0]) + 3;
    match noise(day, cell, stream) {
        share if share < 0.4 => 12.0 * noise(day, cell, stream + 1),
        share if share < 0.6 => 0.02,
        _ => 0.0,
    }
}

#[test]
fn dry_days_are_spread_before_ratios_are_taken_and_dry_again() {
    let pr = [("pr", "mm d-1")];
    let site = Site::new();
    write(&site, &pr, &rain);
    let settings = QuantileSettings {
        kind: Kind::Multiplicative,
        n_quantiles: 50,
        interpolation: Interpolation::Linear,
        rank_among: RankAmong::Pool,
    };
    for (keys, wet_from) in [("", 0.05), ("jitter_below_mm = 0.5", 0.5), ("jitter_below_mm = 0.0", 0.0)] {
        let ran = site.run(&scenario(&format!("grouping = \"month\"\n{keys}"), &pr), &[]);
        for cell in 0..2 {
            let mut all = series("pr", cell, &rain);
            // The seed of the scenario for the reference, the next two for past and future.
            let dry = |which| DryDays { wet_from, filled_from: 0.0, draws: Draws::Hashed { seed: 1 + which } };
            for (which, (series, run)) in all.iter_mut().zip(["r", "h", "f"]).enumerate().filter(|_| wet_from > 0.0) {
                dry(which as u64).fill(cell as u64, &days(run), series);
            }
            let expected = quantile_delta(settings, Grouping::Month, &all);
            let expected: Vec<f32> =
                expected.into_iter().map(|value| if f64::from(value) < wet_from { 0.0 } else { value }).collect();
            same(&written(&ran, "pr", cell), &expected, keys);
            let dry = expected.iter().filter(|value| **value == 0.0).count();
            assert!(wet_from == 0.0 || dry > expected.len() / 4, "{keys}: {dry}");
        }
    }
}

#[test]
fn another_period_changes_no_day_of_the_first() {
    let variables = [("tas", "K"), ("pr", "mm d-1")];
    let site = Site::new();
    let value = |variable: &str, run: &str, day: usize, date: Date, cell: usize| match variable {
        "pr" => rain(variable, run, day, date, cell),
        _ => temperature(variable, run, day, date, cell),
    };
    write(&site, &variables, &value);
    for method in ["quantile_delta_mapping", "isimip3", "multivariate"] {
        let text = scenario(&format!("method = \"{method}\"\ngrouping = \"month\""), &variables);
        let both = site.run(&text.replace("[[2041, 2046]]", "[[2041, 2042], [2044, 2046]]"), &[]);
        for (years, part) in [("[[2041, 2042]]", 0..730), ("[[2044, 2046]]", 730..1825)] {
            let one = site.run(&text.replace("[[2041, 2046]]", years), &[]);
            for name in ["tas", "pr"] {
                same(
                    &written(&one, name, 1),
                    &written(&both, name, 1)[part.clone()],
                    &format!("{method} {name} {years}"),
                );
            }
        }
    }
}

#[test]
fn variables_that_are_adjusted_together_are_those_of_the_kernel() {
    let variables = [("tas", "K"), ("hurs", "%")];
    let site = Site::new();
    let value = |variable: &str, run: &str, day: usize, date: Date, cell: usize| match variable {
        "hurs" => 50.0 + 20.0 * noise(day, cell, u64::from(run.as_bytes()[0]) + 7) - noise(day, cell, 9),
        _ => temperature(variable, run, day, date, cell),
    };
    write(&site, &variables, &value);
    let settings = QuantileSettings {
        kind: Kind::Additive,
        n_quantiles: 20,
        interpolation: Interpolation::Linear,
        rank_among: RankAmong::Pool,
    };
    let head = "method = \"multivariate\"\ngrouping = \"month\"\nquantiles = 20\niterations = 7";
    let ran = site.run(&scenario(head, &variables), &[]);
    let plan = multivariate::Settings {
        n_iterations: 7,
        n_nodes: 20,
        interpolation: multivariate::Interpolation::Linear,
        grouping: Grouping::Month,
        step_days: 1,
        seed: 1,
    };
    let plan = multivariate::Plan::new(plan, 2, &days("r"), &days("h")).unwrap();
    for cell in 0..2 {
        let all = variables.map(|(name, _)| series(name, cell, &value));
        let mut expected = all.each_ref().map(|series| quantile_delta(settings, Grouping::Month, series));
        let alone = expected.clone();
        let run = |run: usize| [&all[0][run][..], &all[1][run][..]];
        let (mut learnt, mut scratch) = (multivariate::Training::default(), multivariate::Scratch::default());
        plan.train(&run(0), &run(1), &mut learnt, &mut scratch);
        let [tas, hurs] = &mut expected;
        plan.adjust(&learnt, &plan.groups(&days("f")), &run(2), &mut [tas, hurs], &mut scratch);
        for (number, (name, _)) in variables.iter().enumerate() {
            same(&written(&ran, name, cell), &expected[number], name);
        }
        assert!(expected != alone, "days change places");
    }
}

#[test]
fn keys_of_isimip_reach_the_kernel() {
    let variables = [("tas", "K"), ("hurs", "%")];
    let site = Site::new();
    let value = |variable: &str, run: &str, day: usize, date: Date, cell: usize| match variable {
        "hurs" => 60.0 + 35.0 * noise(day, cell, u64::from(run.as_bytes()[0]) + 7),
        _ => temperature(variable, run, day, date, cell),
    };
    write(&site, &variables, &value);
    for (method, window, keys) in [
        ("isimip3", Window::DayOfYear { days: 31, step: 1 }, ""),
        ("isimip3", Window::DayOfYear { days: 15, step: 1 }, "grouping = { day_of_year_window = 15 }"),
        ("isimip3_nonparametric", Window::Month, "grouping = \"month\""),
    ] {
        let ran = site.run(&scenario(&format!("method = \"{method}\"\n{keys}"), &variables), &[]);
        for (name, of) in [("tas", Variable::Unbounded), ("hurs", Variable::RelativeHumidity)] {
            // The seed is that of scenarios which name none.
            let mut settings = Settings { seed: 1, ..Settings::of(of) };
            if method == "isimip3_nonparametric" {
                settings.mapping = Mapping::Ranks;
            }
            for cell in 0..2 {
                let expected = isimip(settings, window, series(name, cell, &value), cell);
                same(&written(&ran, name, cell), &expected, &format!("{method} {keys} {name}"));
            }
        }
    }
}

fn isimip(settings: Settings, window: Window, [reference, historical, future]: [Vec<f32>; 3], cell: usize) -> Vec<f32> {
    let plan = IsimipPlan::new(settings, window, &days("r"), &days("h"), &days("f")).unwrap();
    let mut out = vec![0.0; future.len()];
    plan.adjust([&reference, &historical, &future], cell as u64, &mut out, &mut plan.scratch());
    out
}

#[test]
fn isimip_takes_extremes_apart_and_puts_them_together() {
    let variables = [("tas", "K"), ("tasmin", "K"), ("tasmax", "K")];
    let site = Site::new();
    write(&site, &variables, &temperature);
    let ran = site.run(&scenario("method = \"isimip3\"\ngrouping = \"month\"", &variables), &[]);
    for cell in 0..2 {
        let all = ["tas", "tasmin", "tasmax"].map(|name| series(name, cell, &temperature));
        let parts = [0, 1, 2].map(|run: usize| {
            let [tas, tasmin, tasmax] = [&all[0][run], &all[1][run], &all[2][run]];
            let mut parts = [vec![0.0; tas.len()], vec![0.0; tas.len()]];
            let [range, skewness] = &mut parts;
            range_and_skewness(DailyTemperatures { tas, tasmin, tasmax }, range, skewness);
            parts
        });
        let settings = |of| Settings { seed: 1, ..Settings::of(of) };
        let part = |number: usize| [0, 1, 2].map(|run: usize| parts[run][number].clone());
        let tas = isimip(settings(Variable::Unbounded), Window::Month, all[0].clone(), cell);
        let range = isimip(settings(Variable::TemperatureRange), Window::Month, part(0), cell);
        let skewness = isimip(settings(Variable::TemperatureSkewness), Window::Month, part(1), cell);
        let (mut tasmin, mut tasmax) = (vec![0.0; tas.len()], vec![0.0; tas.len()]);
        extremes(&tas, &range, &skewness, &mut tasmin, &mut tasmax);
        for (name, expected) in [("tas", tas), ("tasmin", tasmin), ("tasmax", tasmax)] {
            same(&written(&ran, name, cell), &expected, name);
        }
    }
    assert_eq!(ran.figure("values_clamped"), 0.0);
    // Minima above the mean on every tenth day of what is learnt from are no adjusted values that were moved.
    write(&site, &variables, &|variable, run, day, date, cell| {
        let name = if variable == "tasmin" && run != "f" && day % 10 == 0 { "tasmax" } else { variable };
        temperature(name, run, day, date, cell)
    });
    let ran = site.run(&scenario("method = \"isimip3\"\ngrouping = \"month\"", &variables), &[]);
    assert_eq!(ran.figure("values_clamped"), 0.0);
}

#[test]
fn adjusted_days_stay_possible_and_what_was_moved_is_counted() {
    let variables = [("hurs", "%"), ("rsds", "W m-2"), ("tasmin", "K"), ("tasmax", "K")];
    let site = Site::new();
    // 95 % + 30 %; 200 W/m² × 3; minima of 285 K over maxima of 282 K.
    write(&site, &variables, &|variable, run, _, _, _| match (variable, run) {
        ("hurs", "r") => 95.0,
        ("hurs", "h") => 50.0,
        ("hurs", _) => 80.0,
        ("rsds", "r") => 200.0,
        ("rsds", "h") => 100.0,
        ("rsds", _) => 300.0,
        ("tasmin", "f") => 285.0,
        ("tasmax", "f") => 282.0,
        ("tasmin", _) => 280.0,
        _ => 281.0,
    });
    let head = "method = \"linear_scaling\"\ngrouping = \"all\"";
    let ran = site.run(&scenario(&format!("{head}\ntile_cells = 1"), &variables), &[]);
    let starts = ran.f64("time");
    assert_eq!(ran.f64("time_bnds")[6..8], [starts[3], starts[3] + 1.0], "a day lasts from its start to the next");
    let n_days = 6 * 365;
    for cell in 0..2 {
        let all = ["hurs", "tasmin", "tasmax"].map(|name| written(&ran, name, cell));
        for (values, expected) in all.iter().zip([100.0, 283.5, 283.5]) {
            assert!(values.iter().all(|value| (value - expected).abs() < 1e-3), "{expected}: {}", values[0]);
        }
        let height = [0.0, HEIGHT][cell];
        for (day, (&found, &of_year)) in written(&ran, "rsds", cell).iter().zip(days("f").day_of_year()).enumerate() {
            let clear = clear_sky::clear(LAT, height, (f64::from(of_year) - 0.5) / 365.0);
            assert!((f64::from(found) - clear).abs() < 1e-3 && clear < 600.0, "{day}: {found} {clear}");
        }
    }
    // All days of the four variables in both cells.
    assert_eq!(ran.figure("values_clamped"), f64::from(2 * 4 * n_days));
    // A mean stays as it is, both ends come to it.
    let variables = [("tas", "K"), ("tasmin", "K"), ("tasmax", "K")];
    write(&site, &variables[..1], &|_, run, _, _, _| if run == "f" { 283.0 } else { 280.5 });
    let ran = site.run(&scenario(head, &variables), &[]);
    for (name, _) in variables {
        assert!(written(&ran, name, 1).iter().all(|value| (value - 283.0).abs() < 1e-3), "{name}");
    }
    assert_eq!(ran.figure("values_clamped"), f64::from(2 * 2 * n_days));
}
