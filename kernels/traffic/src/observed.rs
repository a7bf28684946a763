//! How well modelled volumes meet counted ones.

use conurb_numerics::pairwise_sum;

/// GEH = √(2 (M − C)² / (M + C)) of hourly volumes ≥ 0; 0 where both are 0.
///
/// It lies between the absolute and the relative difference, so that one threshold serves small and great roads. Source: UK
/// Department for Transport, Transport Analysis Guidance unit M3.1, Highway assignment modelling, where a link passes below 5.
pub fn geh(modelled: f64, counted: f64) -> f64 {
    let both = modelled + counted;
    if both > 0.0 { (modelled - counted).abs() * (2.0 / both).sqrt() } else { 0.0 }
}

/// How modelled volumes meet counts, over all counted places.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Fit {
    /// Number of counts.
    pub n: usize,
    /// Share of them with a GEH below 5.
    pub geh_below_5: f64,
    /// Share of them with a GEH below 10.
    pub geh_below_10: f64,
    /// Mean modelled volume.
    pub mean_modelled: f64,
    /// Mean count.
    pub mean_counted: f64,
    /// √(Σ (M − C)² / (n − 1)); none for a single count.
    pub rmse: Option<f64>,
    /// 100 × `rmse` / mean count; none where that is 0 too.
    pub percent_rmse: Option<f64>,
    /// The line of least squares through modelled volumes over counts, where counts differ.
    pub line: Option<FitLine>,
}

/// modelled ≈ `intercept` + `slope` × counted.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct FitLine {
    /// Modelled volume where the count is 0.
    pub intercept: f64,
    /// Modelled vehicles per counted one.
    pub slope: f64,
    /// Squared correlation of modelled and counted volumes; none where all modelled volumes are the same.
    pub r_squared: Option<f64>,
}

impl Fit {
    /// Compares volumes place by place; none without counts. All are to be finite and at least 0, per hour.
    ///
    /// The RMSE divides by n − 1 as in the Federal Highway Administration's Model Validation and Reasonableness Checking
    /// Manual, 1997, chapter 7.
    ///
    /// # Panics
    /// If the slices differ in length.
    pub fn new(modelled: &[f64], counted: &[f64]) -> Option<Fit> {
        assert_eq!(modelled.len(), counted.len(), "each count has a modelled volume");
        let n = counted.len();
        if n == 0 {
            return None;
        }
        let geh_of_each: Vec<f64> = pairs(modelled, counted, geh);
        let share_below = |limit: f64| geh_of_each.iter().filter(|&&geh| geh < limit).count() as f64 / n as f64;
        let (mean_modelled, mean_counted) = (pairwise_sum(modelled) / n as f64, pairwise_sum(counted) / n as f64);
        let squares = pairs(modelled, counted, |modelled, counted| (modelled - counted) * (modelled - counted));
        let rmse = (n > 1).then(|| (pairwise_sum(&squares) / (n - 1) as f64).sqrt());
        Some(Fit {
            n,
            geh_below_5: share_below(5.0),
            geh_below_10: share_below(10.0),
            mean_modelled,
            mean_counted,
            rmse,
            percent_rmse: rmse.filter(|_| mean_counted > 0.0).map(|rmse| 100.0 * rmse / mean_counted),
            line: FitLine::new(modelled, counted, mean_modelled, mean_counted),
        })
    }
}

impl FitLine {
    fn new(modelled: &[f64], counted: &[f64], mean_modelled: f64, mean_counted: f64) -> Option<FitLine> {
        // Values that are all the same differ from their mean by its rounding.
        let spread = |values: &[f64], mean: f64| {
            let is_constant = values.iter().all(|value| *value == values[0]);
            let squares: Vec<f64> = values.iter().map(|value| (value - mean) * (value - mean)).collect();
            if is_constant { 0.0 } else { pairwise_sum(&squares) }
        };
        let (of_modelled, of_counted) = (spread(modelled, mean_modelled), spread(counted, mean_counted));
        if of_counted == 0.0 {
            return None;
        }
        let products =
            pairs(modelled, counted, |modelled, counted| (modelled - mean_modelled) * (counted - mean_counted));
        let common = pairwise_sum(&products);
        let slope = common / of_counted;
        let r_squared = (of_modelled > 0.0).then(|| (slope * (common / of_modelled)).min(1.0));
        Some(FitLine { intercept: mean_modelled - slope * mean_counted, slope, r_squared })
    }
}

/// Sums over the counts of one screenline: differences between its links cancel, what is missing altogether shows.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct Screenline {
    /// Number of counts.
    pub n: usize,
    /// Sum of modelled volumes.
    pub modelled: f64,
    /// Sum of counts.
    pub counted: f64,
}

impl Screenline {
    /// GEH of the sums.
    pub fn geh(&self) -> f64 {
        geh(self.modelled, self.counted)
    }
    /// modelled / counted − 1; none where nothing was counted.
    pub fn relative_difference(&self) -> Option<f64> {
        (self.counted > 0.0).then(|| (self.modelled - self.counted) / self.counted)
    }
}

/// Sums by screenline, of which there are `n_screenlines`; counts that belong to none are left out.
///
/// # Panics
/// If the slices differ in length or a screenline is out of range.
pub fn screenlines(
    screenline: &[Option<usize>],
    n_screenlines: usize,
    modelled: &[f64],
    counted: &[f64],
) -> Vec<Screenline> {
    assert!(screenline.len() == counted.len() && modelled.len() == counted.len(), "each count has a modelled volume");
    let mut sums = vec![Screenline::default(); n_screenlines];
    for (line, (modelled, counted)) in screenline.iter().zip(modelled.iter().zip(counted)) {
        if let Some(line) = *line {
            sums[line].n += 1;
            sums[line].modelled += modelled;
            sums[line].counted += counted;
        }
    }
    sums
}

fn pairs(modelled: &[f64], counted: &[f64], value: impl Fn(f64, f64) -> f64) -> Vec<f64> {
    modelled.iter().zip(counted).map(|(&modelled, &counted)| value(modelled, counted)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[track_caller]
    fn assert_near(found: f64, expected: f64) {
        assert!((found - expected).abs() <= 1e-14 * expected.abs(), "{found}, expected {expected}");
    }

    #[test]
    fn geh_of_some_volumes() {
        // √(2 · 100² / 900) = 4.714…; √(2 · 50² / 100) = √50; twice 8 over nothing: √(2 · 64 / 8) = 4.
        assert_near(geh(500.0, 400.0), (20_000.0_f64 / 900.0).sqrt());
        assert_near(geh(25.0, 75.0), 50.0_f64.sqrt());
        assert_near(geh(8.0, 0.0), 4.0);
        assert_eq!((geh(0.0, 0.0), geh(7.0, 7.0)), (0.0, 0.0));
    }

    #[test]
    fn fit_of_four_counts() {
        // Differences 10, −20, 30, 0: squares 1400; means 105 and 100. GEH: √(2 · 100 / 110) = 1.35, √(2 · 400 / 180) = 2.1,
        // √(2 · 900 / 230) = 2.8, 0.
        // Deviations of counts −50, 0, 0, 50 and of modelled −45, −25, 25, 45: Σ cc = 5000, Σ mc = 4500, Σ mm = 5300.
        let fit = Fit::new(&[60.0, 80.0, 130.0, 150.0], &[50.0, 100.0, 100.0, 150.0]).unwrap();
        assert_eq!((fit.n, fit.geh_below_5, fit.geh_below_10), (4, 1.0, 1.0));
        assert_eq!((fit.mean_modelled, fit.mean_counted), (105.0, 100.0));
        let rmse = (1400.0_f64 / 3.0).sqrt();
        assert_near(fit.rmse.unwrap(), rmse);
        assert_near(fit.percent_rmse.unwrap(), rmse);
        let line = fit.line.unwrap();
        assert_near(line.slope, 0.9);
        assert_near(line.intercept, 15.0);
        assert_near(line.r_squared.unwrap(), 4500.0 * 4500.0 / (5000.0 * 5300.0));
    }

    #[test]
    fn shares_of_geh_are_strict() {
        // GEH of 4, 5 and 10 over nothing counted: v = GEH² / 2 = 8, 12.5, 50.
        let fit = Fit::new(&[8.0, 12.5, 50.0, 60.0], &[0.0; 4]).unwrap();
        assert_eq!((fit.geh_below_5, fit.geh_below_10), (0.25, 0.5));
        assert_eq!((fit.percent_rmse, fit.line), (None, None));
    }

    #[test]
    fn what_has_no_value_is_none() {
        assert_eq!(Fit::new(&[], &[]), None);
        let single = Fit::new(&[5.0], &[4.0]).unwrap();
        assert_eq!((single.rmse, single.percent_rmse, single.line), (None, None, None));
        // 0.1 has a mean that is not 0.1 to the bit.
        assert_eq!(Fit::new(&[1.0, 2.0, 3.0], &[0.1; 3]).unwrap().line, None);
        let flat = Fit::new(&[0.1; 3], &[1.0, 2.0, 3.0]).unwrap().line.unwrap();
        assert_eq!(flat.r_squared, None);
        assert!(flat.slope.abs() < 1e-15);
    }

    #[test]
    fn screenlines_are_sums() {
        let line = [Some(1), None, Some(0), Some(1)];
        let found = screenlines(&line, 3, &[10.0, 99.0, 30.0, 25.0], &[20.0, 98.0, 30.0, 20.0]);
        assert_eq!(found[0], Screenline { n: 1, modelled: 30.0, counted: 30.0 });
        assert_eq!(found[1], Screenline { n: 2, modelled: 35.0, counted: 40.0 });
        assert_near(found[1].geh(), (50.0_f64 / 75.0).sqrt());
        assert_eq!(found[1].relative_difference(), Some(-0.125));
        assert_eq!((found[2], found[2].geh(), found[2].relative_difference()), (Screenline::default(), 0.0, None));
    }

    proptest! {
        #[test]
        fn perfect_models_fit_perfectly_and_bounds_hold(
            counts in prop::collection::vec((0.0..5000.0_f64, 0.0..5000.0_f64), 2..40),
        ) {
            let (modelled, counted): (Vec<f64>, Vec<f64>) = counts.into_iter().unzip();
            let fit = Fit::new(&modelled, &counted).unwrap();
            prop_assert!(fit.geh_below_5 <= fit.geh_below_10 && fit.geh_below_10 <= 1.0);
            if let Some(FitLine { r_squared: Some(r_squared), .. }) = fit.line {
                prop_assert!((0.0..=1.0).contains(&r_squared));
            }
            let same = Fit::new(&counted, &counted).unwrap();
            prop_assert_eq!((same.geh_below_5, same.rmse), (1.0, Some(0.0)));
            if let Some(line) = same.line {
                prop_assert_eq!((line.slope, line.intercept, line.r_squared), (1.0, 0.0, Some(1.0)));
            }
        }
    }
}
