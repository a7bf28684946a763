//! The slow part of the sun's motion at many instants, for any number of places.

use pulp::Arch;

use super::geocentric::{DAYS_PER_CENTURY, J2000, MEAN_ABERRATION, geocentric, mean_longitude, millennia_since_2000};
use super::instant::{check_delta_t, check_instants};
use super::topocentric::Horizon;
use super::{Site, SunError, SunPosition};

/// What of the sun depends on no place, at a list of instants.
///
/// The equation of time, declination and distance are computed at whole Julian ephemeris days and interpolated through
/// six of them: they hold no period shorter than five days, and differ from the direct path by less than 3e-8°.
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
        let values = Arch::new().dispatch(
            #[inline(always)]
            || values_at(&nodes),
        );
        let differences: Vec<[DayValues; 6]> = days.iter().map(|&day| differences(day, &nodes, &values)).collect();
        let n = julian_days.len();
        let mut sun = Ephemeris {
            hour_angle: vec![0.0; n],
            equation_of_time: vec![0.0; n],
            declination: vec![0.0; n],
            distance: vec![0.0; n],
        };
        Arch::new().dispatch(
            #[inline(always)]
            || sun.fill(julian_days, ahead, &days, &differences),
        );
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
        let horizon = Horizon::new(site);
        Arch::new().dispatch(
            #[inline(always)]
            || self.positions_of(&horizon, out),
        );
        Ok(())
    }

    #[inline(always)]
    fn positions_of(&self, horizon: &Horizon, out: &mut [SunPosition]) {
        let mut seen = [[0.0; INSTANTS_AT_ONCE]; 3];
        for (block, out) in out.chunks_mut(INSTANTS_AT_ONCE).enumerate() {
            let range = block * INSTANTS_AT_ONCE..block * INSTANTS_AT_ONCE + out.len();
            let hour_angle = &self.hour_angle[range.clone()];
            let declination = &self.declination[range.clone()];
            let distance = &self.distance[range.clone()];
            let [zenith, apparent_zenith, azimuth] = &mut seen;
            for lane in 0..out.len() {
                let sun = horizon.see(hour_angle[lane], declination[lane], distance[lane]);
                zenith[lane] = sun.zenith;
                apparent_zenith[lane] = sun.apparent_zenith;
                azimuth[lane] = sun.azimuth;
            }
            let equation_of_time = &self.equation_of_time[range];
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

    #[inline(always)]
    fn fill(&mut self, julian_days: &[f64], ahead: f64, days: &[i64], differences: &[[DayValues; 6]]) {
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
            self.equation_of_time[index] = equation_of_time;
            self.declination[index] = declination;
            self.distance[index] = distance;
        }
        for (index, instant) in julian_days.iter().enumerate() {
            self.hour_angle[index] = mean_sun_hour_angle(*instant, instant + ahead) + self.equation_of_time[index];
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

#[inline(always)]
fn values_at(days: &[i64]) -> Vec<DayValues> {
    let mut values = Vec::with_capacity(days.len());
    for block in days.chunks(DAYS_AT_ONCE) {
        let mut instants = [block[0] as f64; DAYS_AT_ONCE];
        for (instant, day) in instants.iter_mut().zip(block) {
            *instant = *day as f64;
        }
        let sun = geocentric(&instants);
        for lane in 0..block.len() {
            values.push([sun.equation_of_time[lane], sun.declination[lane], sun.distance[lane]]);
        }
    }
    values
}

/// Forward differences of order 0 to 5 over the days around `day`, divided by the factorial of their order.
fn differences(day: i64, nodes: &[i64], values: &[DayValues]) -> [DayValues; 6] {
    let first = nodes.binary_search(&(day + STENCIL[0])).expect("days around a day are listed");
    let mut table: [DayValues; 6] = core::array::from_fn(|node| values[first + node]);
    for order in 1..6 {
        for node in (order..6).rev() {
            for value in 0..VALUES {
                table[node][value] = (table[node][value] - table[node - 1][value]) / order as f64;
            }
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
