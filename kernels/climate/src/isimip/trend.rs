//! Trends of yearly means.

/// Sums of the values of each year of a window, and their trend.
#[derive(Debug, Clone, Default)]
pub(super) struct Yearly {
    sums: Vec<f64>,
    counts: Vec<u32>,
    trend: Vec<f64>,
}

impl Yearly {
    pub fn clear(&mut self, n_years: usize) {
        for (list, zero) in [(&mut self.sums, 0.0), (&mut self.trend, 0.0)] {
            list.clear();
            list.resize(n_years, zero);
        }
        self.counts.clear();
        self.counts.resize(n_years, 0);
    }

    pub fn add(&mut self, year: u16, value: f64) {
        self.sums[usize::from(year)] += value;
        self.counts[usize::from(year)] += 1;
    }

    pub fn remove(&mut self, year: u16, value: f64) {
        self.sums[usize::from(year)] -= value;
        self.counts[usize::from(year)] -= 1;
    }

    /// What the trend adds to each year, 0 in the mean of the years that have values.
    pub fn trend(&self) -> &[f64] {
        &self.trend
    }

    /// Fits a line to the yearly means; there is no trend unless |t| of its slope exceeds the critical value for the degrees of
    /// freedom, of which there must be one.
    pub fn fit(&mut self, years: &[f64], critical: &[f64]) {
        let present = || (0..years.len()).filter(|&year| self.counts[year] > 0);
        let mean_of = |year: usize| self.sums[year] / f64::from(self.counts[year]);
        let (mut n, mut sum_years, mut sum_means) = (0, 0.0, 0.0);
        for year in present() {
            n += 1;
            sum_years += years[year];
            sum_means += mean_of(year);
        }
        let (mean_year, mean) = (sum_years / f64::from(n), sum_means / f64::from(n));
        let (mut both, mut square_year, mut square_mean) = (0.0, 0.0, 0.0);
        for year in present() {
            let (x, y) = (years[year] - mean_year, mean_of(year) - mean);
            both += x * y;
            square_year += x * x;
            square_mean += y * y;
        }
        let slope = match (n as usize).checked_sub(3) {
            Some(freedom) => significant(both, square_year, square_mean, n - 2, critical[freedom]),
            None => 0.0,
        };
        for (trend, year) in self.trend.iter_mut().zip(years) {
            *trend = slope * (year - mean_year);
        }
        if slope == 0.0 {
            self.trend.fill(0.0);
        }
    }
}

/// The slope of a line with `freedom` degrees of freedom if its |t| exceeds `critical`, else 0.
fn significant(both: f64, square_year: f64, square_mean: f64, freedom: u32, critical: f64) -> f64 {
    let explained = both * both;
    let unexplained = (square_year * square_mean - explained).max(0.0);
    // t² = r²/(1 − r²) times the degrees of freedom.
    if explained * f64::from(freedom) > critical * critical * unexplained && square_year > 0.0 {
        both / square_year
    } else {
        0.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::distributions::student_t_critical;

    const YEARS: [f64; 5] = [1981.0, 1982.0, 1983.0, 1984.0, 1986.0];

    fn trend_of(means: &[f64; 5], p: f64) -> Vec<f64> {
        let mut yearly = Yearly::default();
        yearly.clear(5);
        for (year, &mean) in means.iter().enumerate() {
            for part in [-0.5, 0.0, 0.5] {
                yearly.add(year as u16, mean + part);
            }
            yearly.add(year as u16, 77.0);
            yearly.remove(year as u16, 77.0);
        }
        let critical: Vec<f64> = (1..=3).map(|freedom| student_t_critical(f64::from(freedom), p)).collect();
        yearly.fit(&YEARS, &critical);
        yearly.trend().to_vec()
    }

    #[test]
    fn only_significant_trends_count() {
        // scipy.stats.linregress 1.17.1: slope 0.14729729729729740, p 0.03211592634375619.
        let trend = trend_of(&[10.1, 10.3, 10.2, 10.7, 10.8], 0.05);
        for (trend, year) in trend.iter().zip(YEARS) {
            assert!((trend - 0.147_297_297_297_297_4 * (year - 1983.2)).abs() < 1e-10, "{trend}");
        }
        assert_eq!(trend_of(&[10.1, 10.3, 10.2, 10.7, 10.8], 0.032), [0.0; 5]);
        assert_ne!(trend_of(&[10.1, 10.3, 10.2, 10.7, 10.8], 0.0322), [0.0; 5]);
        // p 0.0704.
        assert_eq!(trend_of(&[10.1, 10.3, 10.2, 10.7, 10.65], 0.05), [0.0; 5]);
        assert_eq!(trend_of(&[10.0; 5], 0.05), [0.0; 5]);
    }

    #[test]
    fn two_years_make_no_trend() {
        let mut yearly = Yearly::default();
        yearly.clear(5);
        yearly.add(0, 1.0);
        yearly.add(4, 9.0);
        yearly.fit(&YEARS, &[12.7, 4.3, 3.2]);
        assert_eq!(yearly.trend(), [0.0; 5]);
    }
}
