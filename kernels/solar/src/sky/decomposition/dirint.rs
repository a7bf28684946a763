//! DIRINT: DISC corrected by clearness, zenith, variability and water vapour.

use conurb_numerics::exp;

use super::dirint_table::{BINS, FACTORS};
use super::disc::disc;
use super::{Irradiance, closed};

/// What DIRINT knows of one time step.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct DirintHour {
    /// W/m².
    pub ghi: f64,
    /// Zenith of the sun, °.
    pub zenith: f64,
    /// 1 to 366.
    pub day_of_year: f64,
    /// Dew point near the ground, °C, where it is known.
    pub dew_point_c: Option<f64>,
}

/// Splits the global irradiance of consecutive hours into `out`: dni is DISC's times a factor of four bins.
///
/// The bins are those of kt' = kt / (1.031 exp(−1.4 / (0.9 + 9.4 / AM)) + 0.1), of zenith, of the mean change of kt' to the
/// hours before and after, and of water vapour exp(0.07 Td − 0.075) cm; changes and vapour that are not known have a bin
/// of their own. dhi closes the balance. Source: Perez, Ineichen, Maxwell, Seals & Zelenka, Dynamic global-to-direct
/// irradiance conversion models, ASHRAE Trans. 98(1), 1992, eq. 1 to 5 and table 1.
///
/// # Panics
/// If `out` is not as long as `hours`.
pub fn decompose_dirint(hours: &[DirintHour], pressure_pa: f64, out: &mut [Irradiance]) {
    assert_eq!(hours.len(), out.len(), "one result per hour");
    let of = |hour: &DirintHour| {
        let disc = disc(hour.ghi, hour.zenith, hour.day_of_year, pressure_pa);
        (disc.dni, disc.air_mass.map(|air_mass| steady_clearness(disc.clearness, air_mass)))
    };
    let (mut before, mut now) = (None, hours.first().map(of));
    for (index, (hour, out)) in hours.iter().zip(out).enumerate() {
        let after = hours.get(index + 1).map(of);
        let (dni, clearness) = now.expect("the hour itself is there");
        let neighbour = |of: Option<(f64, Option<f64>)>| of.and_then(|(_, clearness)| clearness);
        let factor = clearness.map_or(0.0, |kt| {
            factor(kt, hour.zenith, change(kt, neighbour(before), neighbour(after)), hour.dew_point_c)
        });
        *out = closed(hour.ghi, dni * factor, hour.zenith);
        (before, now) = (now, after);
    }
}

/// kt', eq. 1.
fn steady_clearness(clearness: f64, air_mass: f64) -> f64 {
    (clearness / (1.031 * exp(-1.4 / (0.9 + 9.4 / air_mass)) + 0.1)).clamp(0.0, 1.0)
}

/// Eq. 2 and 3: the mean of those changes that are known.
fn change(clearness: f64, before: Option<f64>, after: Option<f64>) -> Option<f64> {
    match (before.map(|other| (clearness - other).abs()), after.map(|other| (clearness - other).abs())) {
        (Some(before), Some(after)) => Some((before + after) / 2.0),
        (before, after) => before.or(after),
    }
}

fn factor(clearness: f64, zenith: f64, change: Option<f64>, dew_point_c: Option<f64>) -> f64 {
    let bins = [
        bin(clearness, &[0.24, 0.4, 0.56, 0.7, 0.8]),
        bin(zenith, &[25.0, 40.0, 55.0, 70.0, 80.0]),
        change.map_or(BINS[2] - 1, |change| bin(change, &[0.015, 0.035, 0.07, 0.15, 0.3])),
        dew_point_c.map_or(BINS[3] - 1, |dew_point| bin(exp(0.07 * dew_point - 0.075), &[1.0, 2.0, 3.0])),
    ];
    FACTORS[bins.iter().zip(BINS).fold(0, |index, (bin, n_bins)| index * n_bins + bin)]
}

/// Number of `starts` that `value` has reached.
fn bin(value: f64, starts: &[f64]) -> usize {
    starts.iter().filter(|&&start| value >= start).count()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bins_begin_where_the_table_says() {
        assert_eq!(bin(0.24, &[0.24, 0.4]), 1);
        assert_eq!(bin(0.239, &[0.24, 0.4]), 0);
        // First row and last entry of the published table.
        assert_eq!(factor(0.1, 10.0, Some(0.0), Some(-40.0)), 0.385_23);
        assert_eq!(factor(0.1, 10.0, Some(0.0), None), 0.317_44);
        assert_eq!(factor(0.9, 85.0, None, None), FACTORS[1259]);
    }

    /// Sums over the table as pvlib 0.16.1 has it.
    #[test]
    fn the_table_is_whole() {
        let weighted: f64 = FACTORS.iter().zip(1..).map(|(factor, place)| factor * f64::from(place)).sum();
        assert!((FACTORS.iter().sum::<f64>() - 1_626.362_95).abs() < 1e-8);
        assert!((weighted - 783_668.597_06).abs() < 1e-5);
    }

    #[test]
    fn changes_are_means_of_what_is_known() {
        assert_eq!(change(0.5, Some(0.25), Some(1.0)), Some(0.375));
        assert_eq!(change(0.5, None, Some(1.0)), Some(0.5));
        assert_eq!(change(0.5, None, None), None);
    }
}
