//! Sorting the points of an axis, the one costly step of the transform.

use crate::sample::Sample;

/// Buckets that hold more are sorted by themselves before the last pass, which is quadratic in them.
const CROWDED: u32 = 12;
/// Fewer points are sorted at once.
const FEW: usize = 48;

/// Points of an axis in ascending order.
#[derive(Debug, Clone, Default)]
pub(super) struct Order {
    /// Sort key of a value above the index of its point: equal values stay in the order of the points.
    sorted: Vec<u64>,
    buckets: Vec<u32>,
    bucket_of: Vec<u32>,
}

/// Index of a point in the order.
#[inline(always)]
pub(super) fn point(entry: u64) -> usize {
    (entry & u64::from(u32::MAX)) as usize
}

/// Whether two points have the same value.
#[inline(always)]
pub(super) fn is_tie(one: u64, other: u64) -> bool {
    one >> 32 == other >> 32
}

#[inline(always)]
fn entry(value: f32, point: usize) -> u64 {
    u64::from(value.key()) << 32 | point as u64
}

impl Order {
    /// The points, the lowest first.
    pub(super) fn sorted(&self) -> &[u64] {
        &self.sorted
    }

    /// Sorts points by their values, which are finite: into some two buckets a point that divide the range evenly,
    /// then by insertion, which finds little to do.
    pub(super) fn sort(&mut self, values: &[f32]) {
        let n = values.len();
        self.sorted.resize(n, 0);
        let n_buckets = (2 * n).next_power_of_two().min(1 << 22);
        let (lowest, scale) = if n < FEW { (0.0, f32::INFINITY) } else { range(values, n_buckets) };
        if !(scale > 0.0 && scale.is_finite()) {
            self.sorted.iter_mut().enumerate().for_each(|(at, slot)| *slot = entry(values[at], at));
            self.sorted.sort_unstable();
            return;
        }
        self.buckets.clear();
        self.buckets.resize(n_buckets + 1, 0);
        self.bucket_of.resize(n, 0);
        pulp::Arch::new().dispatch(BucketsOf { values, lowest, scale, bucket_of: &mut self.bucket_of });
        self.distribute(values);
        insert(&mut self.sorted);
    }

    /// Puts each point into its bucket.
    fn distribute(&mut self, values: &[f32]) {
        for &bucket in &self.bucket_of {
            self.buckets[bucket as usize] += 1;
        }
        let (mut start, mut most) = (0, 0);
        for slot in &mut self.buckets {
            let count = *slot;
            *slot = start;
            start += count;
            most = most.max(count);
        }
        for (at, (&bucket, &value)) in self.bucket_of.iter().zip(values).enumerate() {
            let slot = &mut self.buckets[bucket as usize];
            self.sorted[*slot as usize] = entry(value, at);
            *slot += 1;
        }
        if most > CROWDED {
            let mut start = 0;
            for &end in &self.buckets {
                if end - start > CROWDED {
                    self.sorted[start as usize..end as usize].sort_unstable();
                }
                start = end;
            }
        }
    }
}

/// Lowest value, and buckets for each unit of value.
fn range(values: &[f32], n_buckets: usize) -> (f32, f32) {
    let mut ends = (f32::INFINITY, f32::NEG_INFINITY);
    pulp::Arch::new().dispatch(Ends { values, ends: &mut ends });
    (ends.0, (n_buckets - 1) as f32 / (ends.1 - ends.0))
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

struct BucketsOf<'a> {
    values: &'a [f32],
    lowest: f32,
    scale: f32,
    bucket_of: &'a mut [u32],
}

impl pulp::WithSimd for BucketsOf<'_> {
    type Output = ();
    #[inline(always)]
    fn with_simd<S: pulp::Simd>(self, _: S) {
        // Adding 2^23 leaves the nearest whole number in the low bits, without the care that a cast takes of NaN.
        const WHOLE: f32 = 8_388_608.0;
        for (bucket, &value) in self.bucket_of.iter_mut().zip(self.values) {
            *bucket = ((value - self.lowest) * self.scale + WHOLE).to_bits() & 0x007f_ffff;
        }
    }
}

/// Insertion sort.
fn insert(sorted: &mut [u64]) {
    for at in 1..sorted.len() {
        let moving = sorted[at];
        let mut to = at;
        while to > 0 && sorted[to - 1] > moving {
            sorted[to] = sorted[to - 1];
            to -= 1;
        }
        sorted[to] = moving;
    }
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
        assert_eq!(order.sorted().iter().map(|&entry| point(entry)).collect::<Vec<_>>(), expected);
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
