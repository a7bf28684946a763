//! The slow part of the sun's motion at many instants, for any number of places.

use super::geocentric::{DAYS_PER_CENTURY, J2000, MEAN_ABERRATION, geocentric, mean_longitude, millennia_since_2000};
use super::instant::{check_delta_t, check_instants};
use super::topocentric::Horizon;
use super::{Site, SunError, SunPosition};
use crate::vectorised::vectorised;

/// What of the sun depends on no place, at a list of instants.
///
/// The equation of time, declination and distance are computed at whole Julian ephemeris days and interpolated through
/// six of them: they hold no period shorter than five days, and differ from the direct path by less than 1e-8°.
#[derive(Debug, Clone)]
pub struct Ephemeris {
    /// Hour angle of the sun at Greenwich, °, not reduced.
    hour_angle: Vec<f64>,
    equation_of_time: Vec<f64>,
    declination: Vec<f64>,
    distance: Vec<f64>,
}

pub(super) const SECONDS_PER_DAY: f64 = 86_400.0;
pub(super) const MINUTES_PER_DEGREE: f64 = 4.0;

/// Days around a day whose values it is interpolated from: two before it, four from its start on.
const STENCIL: [i64; 6] = [-2, -1, 0, 1, 2, 3];
/// Values of one instant: equation of time, declination, distance.
const VALUES: usize = 3;
/// Days computed side by side.
const DAYS_AT_ONCE: usize = 32;
/// Positions computed side by side.
const INSTANTS_AT_ONCE: usize = 64;

type DayValues = [f64; VALUES];

impl Ephemeris {
    /// The sun at `julian_days` (UTC), in any order; `delta_t_s` is TT − UT1.
    ///
    /// # Errors
    /// The first instant outside of years −2000 to 6000 or not a number; ΔT out of its range.
    pub fn new(julian_days: &[f64], delta_t_s: f64) -> Result<Self, SunError> {
        check_instants(julian_days)?;
        check_delta_t(delta_t_s)?;
        let ahead = delta_t_s / SECONDS_PER_DAY;
        let days = sorted_days(julian_days.iter().map(|instant| (instant + ahead).floor() as i64));
        let nodes = sorted_days(days.iter().flat_map(|day| STENCIL.map(|step| day + step)));
        let mut values = vec![[0.0; VALUES]; nodes.len()];
        fill_days(&nodes, &mut values);
        let differences: Vec<[DayValues; 6]> = days.iter().map(|&day| differences(day, &nodes, &values)).collect();
        let n = julian_days.len();
        let mut sun = Ephemeris {
            hour_angle: vec![0.0; n],
            equation_of_time: vec![0.0; n],
            declination: vec![0.0; n],
            distance: vec![0.0; n],
        };
        fill_instants(&mut sun, julian_days, ahead, &days, &differences);
        Ok(sun)
    }

    /// Number of instants.
    pub fn len(&self) -> usize {
        self.distance.len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.distance.is_empty()
    }

    /// Distances of earth and sun, astronomical units.
    pub fn distances_au(&self) -> &[f64] {
        &self.distance
    }

    /// Positions seen from `site`, one per instant.
    ///
    /// # Errors
    /// A value of the place out of its range.
    ///
    /// # Panics
    /// If `out` is not as long as the list of instants.
    pub fn positions(&self, site: &Site, out: &mut [SunPosition]) -> Result<(), SunError> {
        assert_eq!(out.len(), self.len(), "one position per instant");
        site.check()?;
        fill_positions(self, Horizon::new(site), out);
        Ok(())
    }
}

vectorised! {
    fn fill_days<'a>(days: &'a [i64], values: &'a mut [DayValues]) {
        for (days, values) in days.chunks(DAYS_AT_ONCE).zip(values.chunks_mut(DAYS_AT_ONCE)) {
            let mut instants = [days[0] as f64; DAYS_AT_ONCE];
            for (instant, day) in instants.iter_mut().zip(days) {
                *instant = *day as f64;
            }
            let sun = geocentric(&instants);
            for (lane, values) in values.iter_mut().enumerate() {
                *values = [sun.equation_of_time[lane], sun.declination[lane], sun.distance[lane]];
            }
        }
    }
}

vectorised! {
    fn fill_instants<'a>(
        sun: &'a mut Ephemeris,
        julian_days: &'a [f64],
        ahead: f64,
        days: &'a [i64],
        differences: &'a [[DayValues; 6]],
    ) {
        let mut current = 0;
        for (index, instant) in julian_days.iter().enumerate() {
            let ephemeris_day = instant + ahead;
            let whole = ephemeris_day.floor();
            let day = whole as i64;
            if days[current] != day {
                current = days.binary_search(&day).expect("every day of an instant is listed");
            }
            let [equation_of_time, declination, distance] =
                interpolated(&differences[current], ephemeris_day - whole - STENCIL[0] as f64);
            sun.equation_of_time[index] = equation_of_time;
            sun.declination[index] = declination;
            sun.distance[index] = distance;
        }
        let rest = sun.hour_angle.iter_mut().zip(&sun.equation_of_time).zip(julian_days);
        for ((hour_angle, equation_of_time), instant) in rest {
            *hour_angle = mean_sun_hour_angle(*instant, instant + ahead) + equation_of_time;
        }
    }
}

vectorised! {
    fn fill_positions<'a>(sun: &'a Ephemeris, horizon: Horizon, out: &'a mut [SunPosition]) {
        let (mut zenith, mut apparent_zenith) = ([0.0; INSTANTS_AT_ONCE], [0.0; INSTANTS_AT_ONCE]);
        let mut azimuth = [0.0; INSTANTS_AT_ONCE];
        for (block, out) in out.chunks_mut(INSTANTS_AT_ONCE).enumerate() {
            let n = out.len().min(INSTANTS_AT_ONCE);
            let range = block * INSTANTS_AT_ONCE..block * INSTANTS_AT_ONCE + n;
            let (hour_angle, declination) = (&sun.hour_angle[range.clone()], &sun.declination[range.clone()]);
            let (distance, equation_of_time) = (&sun.distance[range.clone()], &sun.equation_of_time[range]);
            for lane in 0..n {
                let seen = horizon.see(hour_angle[lane], declination[lane], distance[lane]);
                zenith[lane] = seen.zenith;
                apparent_zenith[lane] = seen.apparent_zenith;
                azimuth[lane] = seen.azimuth;
            }
            for (lane, out) in out.iter_mut().enumerate() {
                *out = SunPosition {
                    zenith: zenith[lane],
                    apparent_zenith: apparent_zenith[lane],
                    azimuth: azimuth[lane],
                    equation_of_time_min: equation_of_time[lane] * MINUTES_PER_DEGREE,
                    distance_au: distance[lane],
                };
            }
        }
    }
}

/// Apparent sidereal time at Greenwich less right ascension and equation of time: report eq. 28, A1 and A2, °.
///
/// ν − α is ν0 − M + 0.0057183° plus the equation of time, so that only that has to be known of α and of nutation.
/// Whole days drop out of the 360.98564736629° per day before rounding can harm them.
#[inline(always)]
pub(super) fn mean_sun_hour_angle(julian_day: f64, ephemeris_day: f64) -> f64 {
    let days = julian_day - J2000;
    let centuries = days / DAYS_PER_CENTURY;
    let sidereal = 280.460_618_37
        + 360.0 * (days - days.floor())
        + 0.985_647_366_29 * days
        + centuries * centuries * (0.000_387_933 - centuries / 38_710_000.0);
    sidereal - mean_longitude(millennia_since_2000(ephemeris_day)) + MEAN_ABERRATION
}

/// The days, each once, in order.
fn sorted_days(days: impl Iterator<Item = i64>) -> Vec<i64> {
    let mut days: Vec<i64> = days.collect();
    days.dedup();
    days.sort_unstable();
    days.dedup();
    days
}

/// Forward differences of order 0 to 5 over the days around `day`, divided by the factorial of their order.
fn differences(day: i64, nodes: &[i64], values: &[DayValues]) -> [DayValues; 6] {
    let first = nodes.binary_search(&(day + STENCIL[0])).expect("days around a day are listed");
    let mut table: [DayValues; 6] = core::array::from_fn(|node| values[first + node]);
    for order in 1..6 {
        for node in (order..6).rev() {
            table[node] = core::array::from_fn(|value| (table[node][value] - table[node - 1][value]) / order as f64);
        }
    }
    table
}

/// Newton's form: the polynomial through six days, `along` days after the first of them.
#[inline(always)]
fn interpolated(differences: &[DayValues; 6], along: f64) -> DayValues {
    let mut values = differences[5];
    for order in (0..5).rev() {
        let factor = along - order as f64;
        for value in 0..VALUES {
            values[value] = values[value] * factor + differences[order][value];
        }
    }
    values
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn vectors_give_the_bits_of_single_days() {
        let days: Vec<i64> = (2_459_900..2_459_977).collect();
        let mut values = vec![[0.0; VALUES]; days.len()];
        fill_days(&days, &mut values);
        for (day, found) in days.iter().zip(&values) {
            let alone = geocentric(std::hint::black_box(&[*day as f64]));
            assert_eq!(*found, [alone.equation_of_time[0], alone.declination[0], alone.distance[0]], "{day}");
        }
    }

    #[test]
    fn a_polynomial_of_fifth_order_is_met() {
        let polynomial = |x: f64| 3.0 - x * (2.0 + x * (0.5 - x * (0.25 + x * (1.0 - 0.125 * x))));
        let nodes: Vec<i64> = (-2..=3).collect();
        let values: Vec<DayValues> = nodes.iter().map(|&x| [polynomial(x as f64); VALUES]).collect();
        let differences = differences(0, &nodes, &values);
        for step in 0..=10 {
            let x = 0.1 * f64::from(step);
            assert!((interpolated(&differences, x + 2.0)[1] - polynomial(x)).abs() < 1e-12);
        }
    }

    #[test]
    fn days_are_listed_once() {
        assert_eq!(sorted_days([3, 1, 1, 2, 3].into_iter()), [1, 2, 3]);
        assert!(Ephemeris::new(&[], 67.0).unwrap().is_empty());
        assert!(Ephemeris::new(&[f64::INFINITY], 67.0).is_err());
    }
}
