//! The raster of a finished run: where its cells lie.

use super::misfit;
use crate::error::Error;
use crate::field::solar;
use crate::formats::raster::RasterFrame;
use crate::store::read::RunReader;

/// Largest difference of steps between cells, as a share of the step: coordinates are 64-bit floats.
const MAX_UNEVENNESS: f64 = 1e-6;

/// Where the cells of a run's raster lie.
///
/// # Errors
/// The run has no raster, or its coordinates are no even raster from the north.
pub fn frame(run: &RunReader, crs: Option<&str>) -> Result<RasterFrame, Error> {
    let axis = |field| Ok::<_, Error>(run.numbers_of(field)?.into_iter().collect::<Vec<f64>>());
    let (x, y) = (axis(&solar::X)?, axis(&solar::Y)?);
    let southward: Vec<f64> = y.iter().map(|y| -y).collect();
    let step = match (even_step(&x), even_step(&southward)) {
        (Some(Step::Of(step)), Some(Step::Any)) | (Some(Step::Any), Some(Step::Of(step))) => Some(step),
        (Some(Step::Of(x)), Some(Step::Of(y))) if (x - y).abs() <= MAX_UNEVENNESS * x => Some(x),
        _ => None,
    };
    let Some(cell_m) = step else {
        let message = "the coordinates x and y are no raster of square cells from the north".to_owned();
        return Err(misfit(run, message));
    };
    Ok(RasterFrame {
        rows: y.len(),
        columns: x.len(),
        west: x[0] - cell_m / 2.0,
        north: y[0] + cell_m / 2.0,
        cell_m,
        crs: crs.map(str::to_owned),
    })
}

/// Distance from each coordinate to the next.
#[derive(Debug, Clone, Copy, PartialEq)]
enum Step {
    /// There is one coordinate.
    Any,
    /// The same everywhere.
    Of(f64),
}

/// The step of ascending coordinates; none if they are not evenly spaced or there are none.
fn even_step(coordinates: &[f64]) -> Option<Step> {
    let (first, last) = (*coordinates.first()?, *coordinates.last()?);
    if coordinates.len() == 1 {
        return first.is_finite().then_some(Step::Any);
    }
    let step = (last - first) / (coordinates.len() - 1) as f64;
    let is_even = |pair: &[f64]| ((pair[1] - pair[0]) - step).abs() <= MAX_UNEVENNESS * step;
    (step > 0.0 && step.is_finite() && coordinates.windows(2).all(is_even)).then_some(Step::Of(step))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_even_steps_are_steps() {
        assert_eq!(even_step(&[1.0, 3.0, 5.0]), Some(Step::Of(2.0)));
        assert_eq!(even_step(&[7.0]), Some(Step::Any));
        assert_eq!(
            [even_step(&[1.0, 3.0, 5.1]), even_step(&[5.0, 3.0]), even_step(&[]), even_step(&[1.0, 1.0])],
            [None; 4]
        );
        assert_eq!(even_step(&[f64::NAN]), None);
        assert_eq!(even_step(&[0.0, f64::NAN, 2.0]), None);
    }
}
