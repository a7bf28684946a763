//! From a cell of the reference to a place of the city: temperature by height and by what else the place is.
//!
//! T_place = T_cell + Γ_month (z_place − z_cell) + Σ_k b_k (x_k,place − x_k,cell), after the lapse rates by month of
//! MicroMet (Liston and Elder 2006, J. Hydrometeor. 7, 217, table 1) with covariates of the ground beside
//! height. The reference already holds the heat island of its own site, so covariates count from their value there.

mod fit;

pub use fit::{Fit, FitError, fit};

/// Metres in a kilometre.
const METRES_PER_KM: f64 = 1000.0;

/// How places differ from the cell that they lie in.
#[derive(Debug, Clone, PartialEq)]
pub struct Gradients {
    /// Change of temperature with height by month (K/km), below zero as a rule.
    pub temperature_k_per_km: [f64; 12],
    /// Change of precipitation with height (share per km).
    pub precipitation_per_km: f64,
    /// What else makes places warmer or colder.
    pub covariates: Vec<CovariateEffect>,
}

/// What a covariate does.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct CovariateEffect {
    /// Its value where the reference was measured.
    pub at_reference: f64,
    /// What one unit of it adds to the daily minimum (K).
    pub tasmin_k: f64,
    /// What one unit of it adds to the daily maximum (K).
    pub tasmax_k: f64,
}

/// What a place adds to the days of its cell.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct PlaceOffsets {
    /// To the daily mean temperature by month (K): the mean of those of the extremes.
    pub tas: [f64; 12],
    /// To the daily minimum by month (K).
    pub tasmin: [f64; 12],
    /// To the daily maximum by month (K).
    pub tasmax: [f64; 12],
    /// Factor on precipitation, at least 0.
    pub pr_factor: f64,
}

impl Gradients {
    /// What a place `height_m` above its cell (m, below zero if it lies lower), with these values of the covariates, adds.
    ///
    /// Precipitation gets the factor max(1 + g (z_place − z_cell)/1000, 0).
    ///
    /// # Panics
    /// If there is not one value for each covariate.
    pub fn offsets(&self, height_m: f64, covariates: &[f64]) -> PlaceOffsets {
        assert_eq!(covariates.len(), self.covariates.len(), "a value for each covariate");
        let (mut of_tasmin, mut of_tasmax) = (0.0, 0.0);
        for (effect, value) in self.covariates.iter().zip(covariates) {
            of_tasmin += effect.tasmin_k * (value - effect.at_reference);
            of_tasmax += effect.tasmax_k * (value - effect.at_reference);
        }
        let height_km = height_m / METRES_PER_KM;
        let of_height = self.temperature_k_per_km.map(|gradient| gradient * height_km);
        PlaceOffsets {
            tas: of_height.map(|offset| offset + (of_tasmin + of_tasmax) / 2.0),
            tasmin: of_height.map(|offset| offset + of_tasmin),
            tasmax: of_height.map(|offset| offset + of_tasmax),
            pr_factor: (1.0 + self.precipitation_per_km * height_km).max(0.0),
        }
    }
}

/// Keeps extremes around the mean, tasmin ≤ tas ≤ tasmax, where offsets of nights and days differ by more than the range of
/// a day; without a mean they meet halfway. Days that are missing stay so.
///
/// # Panics
/// If the series differ in length.
pub fn keep_in_order(tas: Option<&[f32]>, tasmin: &mut [f32], tasmax: &mut [f32]) {
    assert_eq!(tasmin.len(), tasmax.len(), "series of one length");
    match tas {
        Some(tas) => {
            assert_eq!(tas.len(), tasmin.len(), "series of one length");
            for ((mean, low), high) in tas.iter().zip(tasmin).zip(tasmax) {
                *low = if *low > *mean { *mean } else { *low };
                *high = if *high < *mean { *mean } else { *high };
            }
        }
        None => {
            for (low, high) in tasmin.iter_mut().zip(tasmax) {
                if *low > *high {
                    let middle = (*low + *high) / 2.0;
                    (*low, *high) = (middle, middle);
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn gradients() -> Gradients {
        let mut temperature_k_per_km = [-6.5; 12];
        temperature_k_per_km[0] = -4.0;
        let sealed = CovariateEffect { at_reference: 0.1, tasmin_k: 2.5, tasmax_k: 0.5 };
        let trees = CovariateEffect { at_reference: 0.0, tasmin_k: -1.0, tasmax_k: -2.0 };
        Gradients { temperature_k_per_km, precipitation_per_km: 0.2, covariates: vec![sealed, trees] }
    }

    #[test]
    fn height_and_ground_add_up() {
        // 200 m higher: -0.8 K in January, -1.3 K in July. Sealed 0.9: +0.8*2.5 = 2 K at night, +0.4 K by day; trees 0.5:
        // -0.5 K and -1 K. Together +1.5 K and -0.6 K, +0.45 K in the mean. Precipitation 1 + 0.2*0.2.
        let offsets = gradients().offsets(200.0, &[0.9, 0.5]);
        let near = |found: f64, expected: f64| assert!((found - expected).abs() < 1e-12, "{found} {expected}");
        near(offsets.tasmin[0], 0.7);
        near(offsets.tasmax[0], -1.4);
        near(offsets.tas[0], -0.35);
        near(offsets.tasmin[6], 0.2);
        near(offsets.tasmax[6], -1.9);
        near(offsets.tas[6], -0.85);
        near(offsets.pr_factor, 1.04);
    }

    #[test]
    fn the_place_of_the_reference_is_the_reference() {
        let offsets = gradients().offsets(0.0, &[0.1, 0.0]);
        assert_eq!(offsets, PlaceOffsets { tas: [0.0; 12], tasmin: [0.0; 12], tasmax: [0.0; 12], pr_factor: 1.0 });
    }

    #[test]
    fn precipitation_never_falls_below_none() {
        assert_eq!(gradients().offsets(-6000.0, &[0.1, 0.0]).pr_factor, 0.0);
    }

    #[test]
    fn extremes_stay_around_the_mean() {
        let (mut low, mut high) = ([1.0, 5.0, f32::NAN, 2.0], [3.0, 9.0, 4.0, 2.5]);
        keep_in_order(Some(&[2.0, 4.0, 5.0, f32::NAN]), &mut low, &mut high);
        assert_eq!(low[..2], [1.0, 4.0]);
        assert!(low[2].is_nan());
        assert_eq!(high, [3.0, 9.0, 5.0, 2.5]);
        let (mut low, mut high) = ([1.0, 5.0, f32::NAN], [3.0, 4.0, 4.0]);
        keep_in_order(None, &mut low, &mut high);
        assert_eq!((low[..2].to_vec(), high.to_vec()), (vec![1.0, 4.5], vec![3.0, 4.5, 4.0]));
        assert!(low[2].is_nan());
    }
}
