//! Directions of the Frank-Wolfe family: plain, conjugate and bi-conjugate.
//!
//! Each iteration steps from volumes x towards a point s. The plain method takes s = y, the all-or-nothing volumes at the costs
//! of x; the conjugate ones mix y with earlier points so that the direction is conjugate, in the diagonal Hessian H of the
//! Beckmann objective, to the last one or two directions.
//!
//! Source: Mitradjieva and Lindberg, The stiff is moving: conjugate direction Frank-Wolfe methods with applications to
//! traffic assignment, Transp. Sci. 47(2), 2013, <https://doi.org/10.1287/trsc.1120.0409>, sections 3.1 and 3.2.

/// How a direction's end is mixed from all-or-nothing volumes and earlier points; the parts add up to 1.
#[derive(Debug, Clone, Copy, PartialEq)]
struct Mix {
    /// Of the all-or-nothing volumes.
    of_target: f64,
    /// Of the point stepped towards in the last iteration.
    of_last: f64,
    /// Of the point before that.
    of_before: f64,
}

impl Mix {
    /// All-or-nothing volumes alone.
    const PLAIN: Mix = Mix { of_target: 1.0, of_last: 0.0, of_before: 0.0 };
}

/// The points stepped towards in the last two iterations, and the last step.
///
/// A point is any vector, for example volumes by class; `total` makes link volumes of one, which is what costs depend on.
#[derive(Debug, Clone, Default)]
pub struct ConjugatePoints {
    last: Option<Vec<f64>>,
    before_last: Option<Vec<f64>>,
    last_step: f64,
}

/// Largest weight of the last point in a conjugate direction, so that the new all-or-nothing volumes always count.
const MOST_OF_LAST_POINT: f64 = 0.99;
/// Last steps longer than this make the conjugate formulas degenerate; the method then starts again from a plain step.
const LONGEST_STEP_TO_BUILD_ON: f64 = 0.99;

impl ConjugatePoints {
    /// The point to step towards from `current`, given the all-or-nothing point `target` and the cost slopes `hessian` of links.
    pub fn next(
        &self,
        current: &[f64],
        target: &[f64],
        hessian: &[f64],
        total: impl Fn(&[f64]) -> Vec<f64>,
    ) -> Vec<f64> {
        let (last, before) = match (&self.last, &self.before_last) {
            (Some(last), before) if self.may_build() => (last, before.as_ref()),
            _ => return target.to_vec(),
        };
        let (volumes, to, from_last) = (total(current), total(target), total(last));
        let mix = match before {
            Some(before) => self.bi_conjugate(&volumes, &to, hessian, &from_last, &total(before)),
            None => conjugate(&volumes, &to, hessian, &from_last),
        };
        let before = before.unwrap_or(last);
        (0..target.len())
            .map(|index| mix.of_target * target[index] + mix.of_last * last[index] + mix.of_before * before[index])
            .collect()
    }

    /// Remembers that the solver stepped by `step` towards `point`.
    pub fn remember(&mut self, point: Vec<f64>, step: f64) {
        self.before_last = if self.may_build() { self.last.take() } else { None };
        self.last = Some(point);
        self.last_step = step;
    }

    /// Forgets the earlier points: the next direction is plain.
    pub fn restart(&mut self) {
        *self = ConjugatePoints::default();
    }

    fn may_build(&self) -> bool {
        self.last_step > 0.0 && self.last_step < LONGEST_STEP_TO_BUILD_ON
    }

    fn bi_conjugate(&self, volumes: &[f64], target: &[f64], hessian: &[f64], last: &[f64], before: &[f64]) -> Mix {
        let step = self.last_step;
        let (mut mu_numerator, mut mu_denominator, mut nu_numerator, mut nu_denominator) = (0.0, 0.0, 0.0, 0.0);
        for link in 0..volumes.len() {
            let to_target = target[link] - volumes[link];
            let to_last = last[link] - volumes[link];
            let to_mix = step * last[link] - volumes[link] + (1.0 - step) * before[link];
            mu_numerator += to_mix * hessian[link] * to_target;
            mu_denominator += to_mix * hessian[link] * (before[link] - last[link]);
            nu_numerator += to_last * hessian[link] * to_target;
            nu_denominator += to_last * hessian[link] * to_last;
        }
        if mu_denominator == 0.0 || nu_denominator == 0.0 {
            return Mix::PLAIN;
        }
        let mu = (-mu_numerator / mu_denominator).max(0.0);
        let nu = (-nu_numerator / nu_denominator + mu * step / (1.0 - step)).max(0.0);
        let whole = 1.0 / (1.0 + mu + nu);
        Mix { of_target: whole, of_last: nu * whole, of_before: mu * whole }
    }
}

fn conjugate(volumes: &[f64], target: &[f64], hessian: &[f64], last: &[f64]) -> Mix {
    let (mut numerator, mut denominator) = (0.0, 0.0);
    for link in 0..volumes.len() {
        let weighted = (last[link] - volumes[link]) * hessian[link];
        numerator += weighted * (target[link] - volumes[link]);
        denominator += weighted * (target[link] - last[link]);
    }
    if denominator == 0.0 {
        return Mix::PLAIN;
    }
    let of_last = (numerator / denominator).clamp(0.0, MOST_OF_LAST_POINT);
    Mix { of_target: 1.0 - of_last, of_last, of_before: 0.0 }
}

#[cfg(test)]
mod tests {
    use super::*;

    const VOLUMES: [f64; 3] = [4.0, 3.0, 3.0];
    const TARGET: [f64; 3] = [10.0, 0.0, 0.0];
    const HESSIAN: [f64; 3] = [1.0, 2.0, 0.5];

    fn product(left: &[f64], right: &[f64]) -> f64 {
        (0..3).map(|link| (left[link] - VOLUMES[link]) * HESSIAN[link] * (right[link] - VOLUMES[link])).sum()
    }

    #[test]
    fn first_direction_is_all_or_nothing() {
        assert_eq!(ConjugatePoints::default().next(&VOLUMES, &TARGET, &HESSIAN, <[f64]>::to_vec), TARGET);
    }

    #[test]
    fn second_direction_is_conjugate_to_the_first() {
        let mut points = ConjugatePoints::default();
        let last = vec![0.0, 10.0, 0.0];
        points.remember(last.clone(), 0.5);
        let next = points.next(&VOLUMES, &TARGET, &HESSIAN, <[f64]>::to_vec);
        assert!(product(&next, &last).abs() < 1e-12, "{next:?}");
        assert!((next.iter().sum::<f64>() - 10.0).abs() < 1e-12, "flow is conserved: {next:?}");
    }

    #[test]
    fn points_by_class_are_mixed_as_their_totals_are() {
        let totals = |point: &[f64]| (0..3).map(|link| point[link] + 2.0 * point[3 + link]).collect::<Vec<f64>>();
        let (current, target) = ([2.0, 1.0, 1.0, 1.0, 1.0, 1.0], [6.0, 0.0, 0.0, 2.0, 0.0, 0.0]);
        let earlier = [([0.0, 6.0, 0.0, 0.0, 2.0, 0.0], 0.5), ([1.0, 2.0, 3.0, 0.0, 0.5, 1.5], 0.25)];
        let (mut by_class, mut summed) = (ConjugatePoints::default(), ConjugatePoints::default());
        for (earlier, step) in earlier {
            by_class.remember(earlier.to_vec(), step);
            summed.remember(totals(&earlier), step);
            let next = by_class.next(&current, &target, &HESSIAN, totals);
            let expected = summed.next(&totals(&current), &totals(&target), &HESSIAN, <[f64]>::to_vec);
            assert_ne!(next, target, "the direction is not plain");
            for (found, expected) in totals(&next).iter().zip(&expected) {
                assert!((found - expected).abs() < 1e-12, "{found}, expected {expected}");
            }
        }
    }

    #[test]
    fn a_whole_step_starts_again() {
        let mut points = ConjugatePoints::default();
        points.remember(vec![0.0, 10.0, 0.0], 1.0);
        assert_eq!(points.next(&VOLUMES, &TARGET, &HESSIAN, <[f64]>::to_vec), TARGET);
    }
}
