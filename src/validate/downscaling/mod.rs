//! The suite `downscaling`: series of places, adjusted by every method, as statistics and as series.

mod adjust;
mod case_file;
mod method;
mod model_files;
mod series_files;

use std::path::Path;

use conurb_climate::days::Days;
use conurb_climate::sample::Sample;

use adjust::{adjust, prepare};
use case_file::read_cases;
use method::Method;
use model_files::Archive;

use super::CSV_HEADER;
use super::settings::check_keys;
use crate::error::{Error, Problem};
use crate::formats::cf::CfFile;
use crate::formats::probe;
use crate::inputs::quantity;

/// A series as adjusted.
#[derive(Debug, Clone)]
pub struct AdjustedSeries<T> {
    /// Name of the case.
    pub case: String,
    /// File of the reference series, also that of its own.
    pub file: String,
    /// Column of it.
    pub column: String,
    /// Unit, as CF writes it.
    pub unit: &'static str,
    /// Days.
    pub days: Days,
    /// Values; NaN for none.
    pub values: Vec<T>,
    /// Means of the reference, the historical series and the future as they went in.
    pub means_before: [f64; 3],
}

/// Runs the suite on the cases of `cases.json` (and `ibicus_cases.json`) in `directory` and gives the lines
/// `case,quantity,unit,value`: n, nan, mean, std, min and max of each adjusted series, in 64-bit floats. `series`, if given, is a
/// folder that gets the series, one file for each that cases name.
///
/// The files of a case lie beside: those of the reference begin with what `ref` says, those of the model with what `model` says; without
/// it the model's is the file of no reference that has the variable in the years of the future, of several the one with the most
/// days.
///
/// # Errors
/// There are no cases, they are wrong, their files cannot be read, the series exist already, or `overrides` name keys: there are
/// none.
pub fn downscaling(
    directory: &Path,
    overrides: &[(String, String)],
    series: Option<&Path>,
    tell: &dyn Fn(&str),
) -> Result<String, Error> {
    check_keys(&[], overrides)?;
    let adjusted = adjusted_series::<f64>(directory, &probe::open_cf, tell)?;
    if let Some(folder) = series {
        series_files::write(folder, &adjusted)?;
    }
    let mut text = String::from(CSV_HEADER);
    adjusted.iter().for_each(|series| append(series, &mut text));
    Ok(text)
}

/// The series of all cases in a folder, in 64-bit floats or as they are stored in runs; cases whose definition is not followed are told
/// and left out.
///
/// # Errors
/// As [`downscaling`].
pub fn adjusted_series<T: Sample>(
    directory: &Path,
    open: &dyn Fn(&Path) -> Result<CfFile, Error>,
    tell: &dyn Fn(&str),
) -> Result<Vec<AdjustedSeries<T>>, Error> {
    let cases = read_cases(directory)?;
    let mut archive = Archive::find(directory, &cases, open)?;
    let mut adjusted = Vec::new();
    for case in cases {
        if case.method == Method::OfPlane {
            let why = "xsdba interpolates quantiles and groups as one plane here, which is not followed";
            tell(&format!("{}: left out: {why}", case.name));
            continue;
        }
        let mut series = archive.series::<T>(&case, tell)?;
        prepare(&mut series, case.preparation);
        let values = adjust(&case.method, &series)
            .map_err(|error| Problem::new(format!("{}: {error}", case.name)).in_file(directory))?;
        let means_before = [0, 1, 2].map(|index: usize| Statistics::of(&series[index].values).mean);
        let [_, _, future] = series;
        adjusted.push(AdjustedSeries {
            case: case.name,
            file: case.file,
            column: case.column,
            unit: quantity(case.variable).unit(),
            days: future.days,
            values,
            means_before,
        });
    }
    Ok(adjusted)
}

/// Statistics of a series, over its values that are not missing.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Statistics {
    /// Days.
    pub n: usize,
    /// Days without a value.
    pub n_missing: usize,
    /// Mean.
    pub mean: f64,
    /// Standard deviation, of the population.
    pub std: f64,
    /// Least value.
    pub min: f64,
    /// Greatest value.
    pub max: f64,
}

impl Statistics {
    /// Those of a series; NaN where it has no value.
    pub fn of<T: Sample>(values: &[T]) -> Statistics {
        let there: Vec<f64> = values.iter().filter(|value| !value.is_missing()).map(|value| value.to_f64()).collect();
        let count = there.len() as f64;
        let mean = there.iter().sum::<f64>() / count;
        let variance = there.iter().map(|value| (value - mean) * (value - mean)).sum::<f64>() / count;
        Statistics {
            n: values.len(),
            n_missing: values.len() - there.len(),
            mean,
            std: variance.sqrt(),
            min: there.iter().copied().reduce(f64::min).unwrap_or(f64::NAN),
            max: there.iter().copied().reduce(f64::max).unwrap_or(f64::NAN),
        }
    }
}

fn append(series: &AdjustedSeries<f64>, text: &mut String) {
    let (case, unit) = (&series.case, series.unit);
    let Statistics { n, n_missing, mean, std, min, max } = Statistics::of(&series.values);
    text.push_str(&format!("{case},n,1,{n}\n{case},nan,1,{n_missing}\n"));
    for (quantity, value) in [("mean", mean), ("std", std), ("min", min), ("max", max)] {
        text.push_str(&format!("{case},{quantity},{unit},{value:?}\n"));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn statistics_leave_out_missing_days() {
        let found = Statistics::of(&[1.0, f64::NAN, 3.0, 5.0]);
        // Mean 3; squares of 2, 0, 2 over three days.
        let expected = Statistics { n: 4, n_missing: 1, mean: 3.0, std: (8.0_f64 / 3.0).sqrt(), min: 1.0, max: 5.0 };
        assert_eq!(found, expected);
        let none = Statistics::of(&[f32::NAN]);
        assert!(none.n_missing == 1 && none.mean.is_nan() && none.min.is_nan());
    }
}
