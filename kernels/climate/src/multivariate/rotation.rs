//! Random rotations.

use crate::draw;

/// Rotations of `n` axes, each row by row, uniform over SO(n) (Haar measure): the orthogonal factor of a matrix of
/// normal numbers, its triangular factor with a positive diagonal (Mezzadri, Notices of the AMS 54, 2007, section 5), one
/// axis turned round where it mirrors. The same seed gives the same rotations, whatever their number.
pub fn random_rotations(n: usize, n_rotations: usize, seed: u64) -> Vec<Vec<f64>> {
    (0..n_rotations).map(|rotation| random_rotation(n, seed, rotation as u64)).collect()
}

fn random_rotation(n: usize, seed: u64, stream: u64) -> Vec<f64> {
    let mut columns: Vec<Vec<f64>> = (0..n)
        .map(|column| (0..n).map(|row| draw::normal(seed, stream, (column * n + row) as u64)).collect())
        .collect();
    for column in 0..n {
        let (before, rest) = columns.split_at_mut(column);
        // The second time removes what rounding left of the first.
        for _ in 0..2 {
            before.iter().for_each(|direction| remove(direction, &mut rest[0]));
        }
        let length = dot(&rest[0], &rest[0]).sqrt();
        rest[0].iter_mut().for_each(|x| *x /= length);
    }
    let mut matrix: Vec<f64> = (0..n * n).map(|at| columns[at % n][at / n]).collect();
    if determinant(matrix.clone(), n) < 0.0 {
        matrix.iter_mut().step_by(n).for_each(|x| *x = -*x);
    }
    matrix
}

fn dot(one: &[f64], other: &[f64]) -> f64 {
    one.iter().zip(other).map(|(a, b)| a * b).sum()
}

/// Takes the part along a direction of unit length from a vector.
fn remove(direction: &[f64], from: &mut [f64]) {
    let along = dot(direction, from);
    from.iter_mut().zip(direction).for_each(|(x, d)| *x -= along * d);
}

/// Determinant by elimination with row pivots.
fn determinant(mut matrix: Vec<f64>, n: usize) -> f64 {
    let mut product = 1.0;
    for step in 0..n {
        let size = |row: &usize| matrix[row * n + step].abs();
        let pivot = (step..n).max_by(|a, b| size(a).total_cmp(&size(b))).expect("rows are left");
        if pivot != step {
            (0..n).for_each(|column| matrix.swap(step * n + column, pivot * n + column));
            product = -product;
        }
        product *= matrix[step * n + step];
        for row in step + 1..n {
            let factor = matrix[row * n + step] / matrix[step * n + step];
            (step..n).for_each(|column| matrix[row * n + column] -= factor * matrix[step * n + column]);
        }
    }
    product
}

/// `one` times the transpose of `other`.
pub(super) fn times_transpose(one: &[f64], other: &[f64], n: usize) -> Vec<f64> {
    (0..n * n).map(|at| dot(&one[at / n * n..][..n], &other[at % n * n..][..n])).collect()
}

/// The transpose.
pub(super) fn transpose(matrix: &[f64], n: usize) -> Vec<f64> {
    (0..n * n).map(|at| matrix[at % n * n + at / n]).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rotations_keep_lengths_and_do_not_mirror() {
        for n in 1..=8 {
            for matrix in random_rotations(n, 20, 7) {
                let product = times_transpose(&matrix, &matrix, n);
                for (at, x) in product.iter().enumerate() {
                    let expected = if at / n == at % n { 1.0 } else { 0.0 };
                    assert!((x - expected).abs() < 1e-14, "{n}: {product:?}");
                }
                assert!((determinant(matrix, n) - 1.0).abs() < 1e-13);
            }
        }
    }

    /// Over SO(n) each entry has mean 0, mean square 1/n and mean fourth power 3/(n (n + 2)), as a point of the unit
    /// sphere has; four standard errors are allowed.
    #[test]
    fn rotations_are_uniform() {
        let n_draws = 4000;
        for n in [3_usize, 4] {
            let rotations = random_rotations(n, n_draws, 11);
            for at in 0..n * n {
                let mean = |power: i32| rotations.iter().map(|r| r[at].powi(power)).sum::<f64>() / n_draws as f64;
                let square = 1.0 / n as f64;
                let fourth = 3.0 / (n * (n + 2)) as f64;
                let error = 4.0 / (n_draws as f64).sqrt();
                assert!(mean(1).abs() < error * square.sqrt(), "{n} {at} {}", mean(1));
                assert!((mean(2) - square).abs() < error * (fourth - square * square).sqrt(), "{n} {at} {}", mean(2));
                assert!((mean(4) - fourth).abs() < error * fourth.sqrt(), "{n} {at} {}", mean(4));
            }
        }
    }

    /// In two dimensions the angle is uniform: a quarter of the rotations in each quadrant.
    #[test]
    fn angles_are_uniform() {
        let rotations = random_rotations(2, 4000, 3);
        let mut quadrants = [0_i32; 4];
        for r in &rotations {
            assert!((r[0] - r[3]).abs() < 1e-15 && (r[1] + r[2]).abs() < 1e-15);
            quadrants[usize::from(r[0] < 0.0) * 2 + usize::from(r[2] < 0.0)] += 1;
        }
        // Binomial with a standard deviation of 27.
        assert!(quadrants.iter().all(|count| (count - 1000).abs() < 110), "{quadrants:?}");
    }

    #[test]
    fn a_seed_gives_its_rotations() {
        assert_eq!(random_rotations(3, 5, 1)[..], random_rotations(3, 9, 1)[..5]);
        assert_ne!(random_rotations(3, 5, 1), random_rotations(3, 5, 2));
        assert_eq!(random_rotations(1, 2, 1), [[1.0], [1.0]]);
    }
}
