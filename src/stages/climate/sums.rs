//! Sums over cells whose bits depend neither on tiles nor on ranks: whole numbers of a small unit.

/// Parts of one that sums are counted in.
const PARTS: f64 = 4_294_967_296.0;

/// Weighted sums of indices over cells, by index, simulation and year.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct YearSums {
    n_simulations: usize,
    n_years: usize,
    sums: Vec<[i128; 2]>,
}

impl YearSums {
    /// Sums of nothing.
    pub fn new(n_indices: usize, n_simulations: usize, n_years: usize) -> Self {
        YearSums { n_simulations, n_years, sums: vec![[0; 2]; n_indices * n_simulations * n_years] }
    }

    /// Adds a cell's values of some years; missing ones have no weight.
    pub fn add(&mut self, (index, simulation): (usize, usize), first: usize, values: &[f64], weight: f64) {
        let start = (index * self.n_simulations + simulation) * self.n_years + first;
        for (sum, &value) in self.sums[start..start + values.len()].iter_mut().zip(values) {
            if value.is_finite() {
                sum[0] += parts(value * weight);
                sum[1] += parts(weight);
            }
        }
    }

    /// Adds other sums of the same form.
    pub fn join(&mut self, other: &YearSums) {
        for (own, other) in self.sums.iter_mut().zip(&other.sums) {
            own[0] += other[0];
            own[1] += other[1];
        }
    }

    /// The sums as bytes, for other ranks.
    pub fn to_bytes(&self) -> Vec<u8> {
        self.sums.iter().flatten().flat_map(|part| part.to_le_bytes()).collect()
    }

    /// Adds sums that another rank sent.
    pub fn join_bytes(&mut self, bytes: &[u8]) {
        let (parts, _) = bytes.as_chunks::<16>();
        for (own, part) in self.sums.iter_mut().flatten().zip(parts) {
            *own += i128::from_le_bytes(*part);
        }
    }

    /// Weighted sums of an index and a simulation by year; none where no cell has a value.
    pub fn totals(&self, (index, simulation): (usize, usize)) -> Vec<Option<f64>> {
        let start = (index * self.n_simulations + simulation) * self.n_years;
        let total = |&[sum, weight]: &[i128; 2]| (weight > 0).then_some(sum as f64 / PARTS);
        self.sums[start..start + self.n_years].iter().map(total).collect()
    }

    /// Means by index, simulation and year; NaN where no cell has a value.
    pub fn means(&self) -> Vec<f64> {
        let mean = |&[sum, weight]: &[i128; 2]| if weight == 0 { f64::NAN } else { sum as f64 / weight as f64 };
        self.sums.iter().map(mean).collect()
    }
}

fn parts(value: f64) -> i128 {
    (value * PARTS).round() as i128
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn order_and_grouping_change_no_bit() {
        let values: Vec<f64> = (0..1000).map(|cell| 0.1 + f64::from(cell) * 1e-3).collect();
        let all = |parts: &[&[f64]]| {
            let mut total = YearSums::new(1, 1, 1);
            for part in parts {
                let mut own = YearSums::new(1, 1, 1);
                part.iter().for_each(|&value| own.add((0, 0), 0, &[value], 0.7));
                total.join(&own);
            }
            total
        };
        let whole = all(&[&values]);
        assert_eq!(all(&[&values[700..], &values[..300], &values[300..700]]), whole);
        // The mean of 0.1 and 1.099 by thousandths.
        assert!((whole.means()[0] - 0.5995).abs() < 1e-9);
        let mut sent = YearSums::new(1, 1, 1);
        sent.join_bytes(&whole.to_bytes());
        assert_eq!(sent, whole);
    }

    #[test]
    fn missing_values_have_no_weight() {
        let mut sums = YearSums::new(1, 2, 3);
        sums.add((0, 1), 1, &[f64::NAN, 4.0], 2.0);
        sums.add((0, 1), 1, &[6.0, 1.0], 1.0);
        let means = sums.means();
        assert!(means[..4].iter().all(|mean| mean.is_nan()));
        assert_eq!(means[4..], [6.0, 3.0]);
    }
}
