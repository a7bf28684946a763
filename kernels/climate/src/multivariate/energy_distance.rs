//! How far apart two clouds of points are.

use crate::sample::Sample;

/// Energy distance 2 E|X - Y| - E|X - X'| - E|Y - Y'| of two samples of points, 0 where they have the same distribution
/// (Székely and Rizzo, InterStat 5, 2004, equation 5, without its factor of sample sizes). Each sample is given as one slice of values
/// for each variable, in the unit in which distances are meant: standardise variables of different units first. Points
/// with a missing value are left out; a sample without points gives NaN. Time grows with the square of the number of points.
///
/// # Panics
/// If the variables of the two samples differ in number, or those of one sample in length.
pub fn energy_distance<T: Sample>(one: &[&[T]], other: &[&[T]]) -> f64 {
    assert_eq!(one.len(), other.len(), "both samples have the same variables");
    let (one, other) = (complete(one), complete(other));
    2.0 * mean_distance(&one, &other) - mean_distance(&one, &one) - mean_distance(&other, &other)
}

fn complete<T: Sample>(sample: &[&[T]]) -> Vec<Vec<f64>> {
    let n = sample.first().map_or(0, |values| values.len());
    assert!(sample.iter().all(|values| values.len() == n), "each variable has a value for each point");
    let points = (0..n).map(|point| sample.iter().map(|values| values[point].to_f64()).collect::<Vec<f64>>());
    points.filter(|point| point.iter().all(|x| x.is_finite())).collect()
}

fn mean_distance(one: &[Vec<f64>], other: &[Vec<f64>]) -> f64 {
    let distance = |a: &[f64], b: &[f64]| a.iter().zip(b).map(|(x, y)| (x - y) * (x - y)).sum::<f64>().sqrt();
    let from = |a: &Vec<f64>| other.iter().map(|b| distance(a, b)).sum::<f64>();
    one.iter().map(from).sum::<f64>() / (one.len() * other.len()) as f64
}

#[cfg(test)]
mod tests {
    use super::*;

    /// X = {(0, 0), (3, 4)}, Y = {(3, 0)}: E|X - Y| = (3 + 4)/2, E|X - X'| = (0 + 5 + 5 + 0)/4, E|Y - Y'| = 0.
    #[test]
    fn a_distance_by_hand() {
        let distance = energy_distance::<f64>(&[&[0.0, 3.0], &[0.0, 4.0]], &[&[3.0], &[0.0]]);
        assert!((distance - 4.5).abs() < 1e-15, "{distance}");
        let with_gap = energy_distance::<f64>(&[&[0.0, 3.0, f64::NAN], &[0.0, 4.0, 1.0]], &[&[3.0], &[0.0]]);
        assert_eq!(distance.to_bits(), with_gap.to_bits());
    }

    #[test]
    fn a_sample_is_no_distance_from_itself() {
        let sample: [&[f32]; 2] = [&[0.5, 1.0, -2.0], &[3.0, 0.0, 1.0]];
        assert_eq!(energy_distance(&sample, &sample), 0.0);
        assert!(energy_distance::<f32>(&[&[]], &[&[1.0]]).is_nan());
    }
}
