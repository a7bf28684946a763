//! Which origins move their flows at the same time.

/// Mean step below which groups are halved, because their origins overshoot together …
const STEP_TO_HALVE_AT: f64 = 0.6;
/// … and above which they are doubled again.
const STEP_TO_DOUBLE_AT: f64 = 0.97;
/// Groups are never halved below this many origins.
const SMALLEST: usize = 2;

/// A cover of the origins by groups of origins that lie far apart, which seldom share links.
///
/// The size starts at the scenario's `group_size` and follows the mean step of the sweeps.
#[derive(Debug, Clone)]
pub struct Groups {
    origins: Vec<usize>,
    size: usize,
    largest: usize,
}

impl Groups {
    /// Groups of up to `largest` of the ascending `origins`.
    pub fn new(origins: &[usize], largest: usize) -> Self {
        Groups { origins: origins.to_vec(), size: largest, largest }
    }
    /// Number of groups.
    pub fn len(&self) -> usize {
        self.origins.len().div_ceil(self.size)
    }
    /// The groups in order, each ascending.
    ///
    /// Zone numbers run through a city district by district, so a group takes every n-th origin.
    pub fn iter(&self) -> impl Iterator<Item = Vec<usize>> + use<> {
        let (origins, n_groups) = (self.origins.clone(), self.len());
        (0..n_groups).map(move |group| origins.iter().skip(group).step_by(n_groups).copied().collect())
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
        let groups = Groups::new(&origins, 4);
        let listed: Vec<Vec<usize>> = groups.iter().collect();
        assert_eq!(listed, [vec![0, 9, 18, 27], vec![3, 12, 21], vec![6, 15, 24]]);
    }

    #[test]
    fn size_follows_the_steps_within_bounds() {
        let mut groups = Groups::new(&[0; 64], 16);
        groups.adapt(0.5);
        assert_eq!(groups.len(), 8);
        groups.adapt(0.8);
        assert_eq!(groups.len(), 8);
        (0..9).for_each(|_| groups.adapt(0.1));
        assert_eq!(groups.len(), 32);
        (0..9).for_each(|_| groups.adapt(1.0));
        assert_eq!(groups.len(), 4);
    }
}
