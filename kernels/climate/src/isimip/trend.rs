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
