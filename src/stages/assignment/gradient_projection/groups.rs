//! Which origins move their flows at the same time.

/// Mean step below which groups are halved, because their origins overshoot together …
const STEP_TO_HALVE_AT: f64 = 0.6;
/// … and above which they are doubled again.
const STEP_TO_DOUBLE_AT: f64 = 0.97;
/// Groups are never halved below this many origins.
const SMALLEST: usize = 2;

/// How many sources move at the same time.
///
/// The size starts at the scenario's `group_size` and follows the mean step of the sweeps.
#[derive(Debug, Clone)]
pub struct Groups {
    size: usize,
    largest: usize,
}

impl Groups {
    /// Groups of up to `largest` sources.
    pub fn new(largest: usize) -> Self {
        Groups { size: largest, largest }
    }
    /// A cover of the ascending `sources` by groups that lie far apart, which seldom share links; each ascending.
    ///
    /// Zone numbers run through a city district by district, so a group takes every n-th source.
    pub fn of(&self, sources: &[usize]) -> impl Iterator<Item = Vec<usize>> + use<> {
        let (sources, n_groups) = (sources.to_vec(), sources.len().div_ceil(self.size));
        (0..n_groups).map(move |group| sources.iter().skip(group).step_by(n_groups).copied().collect())
    }
    /// Chooses the size for the next sweep from the mean step of the last.
    pub fn adapt(&mut self, mean_step: f64) {
        if mean_step < STEP_TO_HALVE_AT && self.size / 2 >= SMALLEST {
            self.size /= 2;
        } else if mean_step > STEP_TO_DOUBLE_AT {
            self.size = (self.size * 2).min(self.largest);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn groups_cover_every_origin_once_and_spread() {
        let origins: Vec<usize> = (0..10).map(|origin| 3 * origin).collect();
        let listed: Vec<Vec<usize>> = Groups::new(4).of(&origins).collect();
        assert_eq!(listed, [vec![0, 9, 18, 27], vec![3, 12, 21], vec![6, 15, 24]]);
    }

    #[test]
    fn size_follows_the_steps_within_bounds() {
        let (mut groups, sources) = (Groups::new(16), [0; 64]);
        groups.adapt(0.5);
        assert_eq!(groups.of(&sources).count(), 8);
        groups.adapt(0.8);
        assert_eq!(groups.of(&sources).count(), 8);
        (0..9).for_each(|_| groups.adapt(0.1));
        assert_eq!(groups.of(&sources).count(), 32);
        (0..9).for_each(|_| groups.adapt(1.0));
        assert_eq!(groups.of(&sources).count(), 4);
    }
}
