//! Results of a feeder as numbers between ranks, fields and figures.

use conurb_energy::feeder::Screening;
use ndarray::{ArrayView1, ArrayView2};

use super::Found;
use crate::error::Error;
use crate::field::{FieldSpec, Values, energy as field};
use crate::formats::feeder::FeederModel;
use crate::scenario::{FeederScenario, Technology};
use crate::stages::{FieldSink, Metric};

/// Numbers of a screening before those of buses and lines.
const N_FIGURES: usize = 9;

/// The fields that are written here.
pub fn fields(hosting: bool) -> Vec<FieldSpec> {
    let mut fields = vec![
        field::BUS_ID,
        field::LINE_BUSES,
        field::FEEDER_PACKAGE,
        field::BUS_LOWEST,
        field::BUS_HIGHEST,
        field::LINE_LOADING,
    ];
    fields.extend(OF_PACKAGES.iter().map(|(spec, _)| spec.clone()));
    if hosting {
        fields.extend([field::TECHNOLOGY_NAME, field::HOSTING_SHARE]);
    }
    fields
}

/// A field of packages, and where its value stands in a screening.
type OfPackage = (FieldSpec, fn(&Screening) -> f64);

/// Figures of a package.
const OF_PACKAGES: [OfPackage; 7] = [
    (field::HOURS_LOW_VOLTAGE, |found| found.hours_low_voltage as f64),
    (field::HOURS_HIGH_VOLTAGE, |found| found.hours_high_voltage as f64),
    (field::HOURS_OVERLOADED, |found| found.hours_line_overloaded as f64),
    (field::HOURS_UNSOLVED, |found| found.hours_without_solution as f64),
    (field::LARGEST_POWER, |found| found.max_transformer_kva),
    (field::LOSSES, |found| found.losses_kwh),
    (field::ENERGY_TAKEN, |found| found.slack_kwh),
];

/// A result as it is sent.
pub(super) fn to_numbers(found: &Found) -> Vec<f64> {
    match found {
        Found::Screened(found) => {
            let mut numbers = vec![
                found.n_hours as f64,
                found.hours_without_solution as f64,
                found.hours_low_voltage as f64,
                found.hours_high_voltage as f64,
                found.hours_voltage_outside as f64,
                found.hours_line_overloaded as f64,
                found.max_transformer_kva,
                found.losses_kwh,
                found.slack_kwh,
            ];
            numbers.extend(found.v_min.iter().chain(&found.v_max).chain(&found.max_loading));
            numbers
        }
        Found::Hosted(draws) => draws.iter().flat_map(|found| [found.draw as f64, found.share]).collect(),
    }
}

/// A screening as it was sent, of so many buses and lines.
pub(super) fn screening_from(numbers: &[f64], (n_buses, n_lines): (usize, usize)) -> Screening {
    let (figures, series) = numbers.split_at(N_FIGURES);
    let part = |start: usize, length: usize| -> Vec<f64> {
        // No hour with a solution has no extremes.
        series.get(start..start + length).map_or_else(Vec::new, <[f64]>::to_vec)
    };
    Screening {
        n_hours: figures[0] as usize,
        hours_without_solution: figures[1] as usize,
        hours_low_voltage: figures[2] as usize,
        hours_high_voltage: figures[3] as usize,
        hours_voltage_outside: figures[4] as usize,
        hours_line_overloaded: figures[5] as usize,
        max_transformer_kva: figures[6],
        losses_kwh: figures[7],
        slack_kwh: figures[8],
        v_min: part(0, n_buses),
        v_max: part(n_buses, n_buses),
        max_loading: part(2 * n_buses, n_lines),
        ..Screening::default()
    }
}

/// Shares of draws as they were sent.
pub(super) fn hosted_from(numbers: &[f64]) -> Vec<f64> {
    numbers.chunks_exact(2).map(|pair| pair[1]).collect()
}

/// Writes buses, lines and packages.
///
/// # Errors
/// The store cannot take them.
pub fn write_network(sink: &mut dyn FieldSink, model: &FeederModel, packages: &[String]) -> Result<(), Error> {
    sink.write(&field::BUS_ID, Values::Text(&model.buses))?;
    sink.write(&field::FEEDER_PACKAGE, Values::Text(packages))?;
    let ends: Vec<i32> = model.feeder.lines().iter().flat_map(|line| [line.from as i32, line.to as i32]).collect();
    let view = ArrayView2::from_shape((ends.len() / 2, 2), &ends).expect("two ends of each line");
    sink.write(&field::LINE_BUSES, Values::I32(view.into_dyn()))
}

/// Writes voltages, loadings and figures of all packages.
///
/// # Errors
/// The store cannot take them.
pub fn write_screening(sink: &mut dyn FieldSink, model: &FeederModel, screened: &[Screening]) -> Result<(), Error> {
    let (n_buses, n_lines) = (model.buses.len(), model.lines.len());
    let rows = |of: fn(&Screening) -> &Vec<f64>, length: usize, factor: &dyn Fn(usize) -> f64| -> Vec<f64> {
        let row = |found: &Screening| match of(found).len() == length {
            true => of(found).iter().enumerate().map(|(at, value)| value * factor(at)).collect::<Vec<f64>>(),
            false => vec![f64::NAN; length],
        };
        screened.iter().flat_map(row).collect()
    };
    let of_bus = |bus: usize| model.voltage_factor[bus];
    for (spec, values, length) in [
        (&field::BUS_LOWEST, rows(|found| &found.v_min, n_buses, &of_bus), n_buses),
        (&field::BUS_HIGHEST, rows(|found| &found.v_max, n_buses, &of_bus), n_buses),
        (&field::LINE_LOADING, rows(|found| &found.max_loading, n_lines, &|_| 1.0), n_lines),
    ] {
        let view = ArrayView2::from_shape((screened.len(), length), &values).expect("a value for each");
        sink.write(spec, Values::F64(view.into_dyn()))?;
    }
    for (spec, value) in &OF_PACKAGES {
        let values: Vec<f64> = screened.iter().map(value).collect();
        sink.write(spec, Values::F64(ArrayView1::from(&values).into_dyn()))?;
    }
    Ok(())
}

/// Writes what the feeder hosts, one list of draws for each technology after the other.
///
/// # Errors
/// The store cannot take it.
pub fn write_hosting(sink: &mut dyn FieldSink, scenario: &FeederScenario, hosted: &[Vec<f64>]) -> Result<(), Error> {
    if scenario.hosting.is_empty() {
        return Ok(());
    }
    let names: Vec<String> = scenario.hosting.iter().map(|technology| technology.name().to_owned()).collect();
    sink.write(&field::TECHNOLOGY_NAME, Values::Text(&names))?;
    let shares = hosted.concat();
    let view = ArrayView2::from_shape((names.len(), shares.len() / names.len()), &shares);
    sink.write(&field::HOSTING_SHARE, Values::F64(view.expect("all technologies have the same draws").into_dyn()))
}

/// Named figures of the packages.
pub fn metrics(model: &FeederModel, packages: &[String], screened: &[Screening]) -> Vec<(String, Metric)> {
    let mut metrics = Vec::new();
    for (name, found) in packages.iter().zip(screened) {
        let per_unit = |(voltage, factor): (&f64, &f64)| voltage * factor;
        let lowest = found.v_min.iter().zip(&model.voltage_factor).map(per_unit).fold(f64::INFINITY, f64::min);
        let highest = found.v_max.iter().zip(&model.voltage_factor).map(per_unit).fold(0.0, f64::max);
        let loading = found.max_loading.iter().copied().fold(0.0, f64::max);
        if lowest.is_finite() {
            metrics.push((format!("{name}.lowest_voltage_pu"), Metric::Number(lowest)));
            metrics.push((format!("{name}.highest_voltage_pu"), Metric::Number(highest)));
            metrics.push((format!("{name}.largest_line_loading"), Metric::Number(loading)));
        }
        metrics.push((format!("{name}.hours_voltage_outside"), Metric::Count(found.hours_voltage_outside as u64)));
        metrics.push((format!("{name}.hours_line_overloaded"), Metric::Count(found.hours_line_overloaded as u64)));
    }
    metrics
}

/// Mean hosting capacity of each technology over its draws.
pub fn hosting_metrics(scenario: &FeederScenario, hosted: &[Vec<f64>]) -> Vec<(String, Metric)> {
    let shares = hosted.concat();
    let n_draws = scenario.hosting_draws.max(1);
    let named = |(technology, shares): (&Technology, &[f64])| {
        let mean = shares.iter().sum::<f64>() / shares.len() as f64;
        (format!("{}.mean_hosting_share", technology.name()), Metric::Number(mean))
    };
    scenario.hosting.iter().zip(shares.chunks(n_draws)).map(named).collect()
}
