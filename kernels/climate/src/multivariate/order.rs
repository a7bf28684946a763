//! Sorting the points of an axis, the one costly step of the transform.

use crate::sample::Sample;

/// Fewer points are sorted at once.
const FEW: usize = 48;
/// More cannot be told apart by the lower half of a key.
const MANY: usize = 1 << 16;
/// Cells that divide the range of values evenly.
const N_CELLS: u32 = 1 << 16;
/// Places that points may be moved by after they are sorted by cells, for each point: where more are crowded, so much that
/// other ways of sorting are faster.
const MOVES: usize = 16;

/// Points of an axis in ascending order, equal ones in their own.
#[derive(Debug, Clone)]
pub(super) struct Order {
    points: Vec<u32>,
    values: Vec<f32>,
    /// Cell of each point above its index.
    keys: Vec<u32>,
    by_low_digit: Vec<u32>,
    low: [u32; 256],
    high: [u32; 256],
}

impl Default for Order {
    fn default() -> Order {
        let (points, values, keys, by_low_digit) = Default::default();
        Order { points, values, keys, by_low_digit, low: [0; 256], high: [0; 256] }
    }
}

impl Order {
    /// The points, the lowest first.
    pub(super) fn points(&self) -> &[u32] {
        &self.points
    }

    /// Their values.
    pub(super) fn values(&self) -> &[f32] {
        &self.values
    }

    /// Sorts points by their values, which are finite: by cells in two passes of eight bits each, which leaves few that
    /// share a cell, then by insertion.
    pub(super) fn sort(&mut self, values: &[f32]) {
        let n = values.len();
        self.points.resize(n, 0);
        self.values.resize(n, 0.0);
        if !(FEW..=MANY).contains(&n) {
            return self.sort_by_comparison(values);
        }
        let (lowest, scale) = range(values);
        if !(scale > 0.0 && scale.is_finite()) {
            return self.sort_by_comparison(values);
        }
        self.keys.resize(n, 0);
        self.by_low_digit.resize(n, 0);
        pulp::Arch::new().dispatch(Keys { values, lowest, scale, keys: &mut self.keys });
        self.sort_by_cell(values);
        if !insert(&mut self.values, &mut self.points) {
            self.sort_by_comparison(values);
        }
    }

    fn sort_by_comparison(&mut self, values: &[f32]) {
        self.points.iter_mut().zip(0..).for_each(|(slot, point)| *slot = point);
        self.points.sort_unstable_by_key(|&point| (values[point as usize].key(), point));
        self.values.iter_mut().zip(&self.points).for_each(|(slot, &point)| *slot = values[point as usize]);
    }

    fn sort_by_cell(&mut self, values: &[f32]) {
        let low_digit = |key: u32| (key >> 16 & 255) as usize;
        let high_digit = |key: u32| (key >> 24) as usize;
        self.low.fill(0);
        self.high.fill(0);
        for &key in &self.keys {
            self.low[low_digit(key)] += 1;
            self.high[high_digit(key)] += 1;
        }
        let (mut low_start, mut high_start) = (0, 0);
        for (low, high) in self.low.iter_mut().zip(&mut self.high) {
            low_start += std::mem::replace(low, low_start);
            high_start += std::mem::replace(high, high_start);
        }
        for &key in &self.keys {
            let slot = &mut self.low[low_digit(key)];
            self.by_low_digit[*slot as usize] = key;
            *slot += 1;
        }
        for &key in &self.by_low_digit {
            let slot = &mut self.high[high_digit(key)];
            let (rank, point) = (*slot as usize, key & 0xffff);
            self.points[rank] = point;
            self.values[rank] = values[point as usize];
            *slot += 1;
        }
    }
}

/// Lowest value, and cells for each unit of value.
fn range(values: &[f32]) -> (f32, f32) {
    let mut ends = (f32::INFINITY, f32::NEG_INFINITY);
    pulp::Arch::new().dispatch(Ends { values, ends: &mut ends });
    (ends.0, (N_CELLS - 1) as f32 / (ends.1 - ends.0))
}

struct Ends<'a> {
    values: &'a [f32],
    ends: &'a mut (f32, f32),
}

impl pulp::WithSimd for Ends<'_> {
    type Output = ();
    #[inline(always)]
    fn with_simd<S: pulp::Simd>(self, _: S) {
        const LANES: usize = 32;
        let mut lowest = [f32::INFINITY; LANES];
        let mut highest = [f32::NEG_INFINITY; LANES];
        let (chunks, rest) = self.values.as_chunks::<LANES>();
        for chunk in chunks {
            for lane in 0..LANES {
                lowest[lane] = if chunk[lane] < lowest[lane] { chunk[lane] } else { lowest[lane] };
                highest[lane] = if chunk[lane] > highest[lane] { chunk[lane] } else { highest[lane] };
            }
        }
        for lane in 0..LANES {
            self.ends.0 = self.ends.0.min(lowest[lane]);
            self.ends.1 = self.ends.1.max(highest[lane]);
        }
        for &value in rest {
            self.ends.0 = self.ends.0.min(value);
            self.ends.1 = self.ends.1.max(value);
        }
    }
}

struct Keys<'a> {
    values: &'a [f32],
    lowest: f32,
    scale: f32,
    keys: &'a mut [u32],
}

impl pulp::WithSimd for Keys<'_> {
    type Output = ();
    #[inline(always)]
    fn with_simd<S: pulp::Simd>(self, _: S) {
        // Adding 2^23 leaves the nearest whole number in the low bits, without the care that a cast takes of NaN.
        const WHOLE: f32 = 8_388_608.0;
        for ((key, &value), point) in self.keys.iter_mut().zip(self.values).zip(0_u32..) {
            *key = ((value - self.lowest) * self.scale + WHOLE).to_bits() << 16 | point;
        }
    }
}

/// Insertion sort of values with their points; gives up, and says so, where that would take long.
fn insert(values: &mut [f32], points: &mut [u32]) -> bool {
    let mut left = MOVES * values.len();
    for at in 1..values.len() {
        if values[at - 1] > values[at] {
            let (value, point) = (values[at], points[at]);
            let mut end = at;
            while end > 0 && values[end - 1] > value {
                (values[end], points[end]) = (values[end - 1], points[end - 1]);
                end -= 1;
            }
            (values[end], points[end]) = (value, point);
            match left.checked_sub(at - end) {
                Some(rest) => left = rest,
                None => return false,
            }
        }
    }
    true
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn check(values: &[f32]) {
        let mut expected: Vec<usize> = (0..values.len()).collect();
        expected.sort_by(|&a, &b| values[a].partial_cmp(&values[b]).unwrap());
        let mut order = Order::default();
        order.sort(values);
        assert_eq!(order.points().iter().map(|&point| point as usize).collect::<Vec<_>>(), expected);
        assert!(order.points().iter().zip(order.values()).all(|(&point, &value)| values[point as usize] == value));
    }

    #[test]
    fn hostile_values_are_sorted() {
        check(&[]);
        check(&[1.0; 500]);
        check(&[0.0, -0.0, 1.0, -1.0].repeat(100));
        check(&(0..3000).map(|i| ((i * 37) % 11) as f32).collect::<Vec<_>>());
        check(&(0..3000).map(|i| if i == 5 { f32::MAX } else { (-i % 700) as f32 }).collect::<Vec<_>>());
        check(&(0..300).map(|i| if i % 2 == 0 { f32::MAX } else { f32::MIN }).collect::<Vec<_>>());
        check(&(0..300).map(|i| f32::from_bits(300 - i)).collect::<Vec<_>>());
        check(&(0..70_000).map(|i| (i * 7919 % 70_001) as f32).collect::<Vec<_>>());
    }

    proptest! {
        #[test]
        fn points_ascend_and_ties_keep_their_order(
            values in prop::collection::vec(prop_oneof![-3.0_f32..3.0, Just(0.0), -1e30_f32..1e30], 0..400),
        ) {
            check(&values);
        }
    }
}
