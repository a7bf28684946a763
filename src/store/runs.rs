//! Runs of consecutive values: how parts of a field of any shape are cut, ordered and packed for writing and hashing.

use std::ops::Range;

/// A box within an array.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Region {
    /// Index of its first element.
    pub start: Vec<usize>,
    /// Its lengths.
    pub shape: Vec<usize>,
}

/// The boxes that make up a run of consecutive values (C order) of an array, in order.
///
/// At most two boxes per axis, so that a run of any length is few boxes.
pub(super) fn regions_of_run(shape: &[usize], run: Range<usize>) -> Vec<Region> {
    if run.is_empty() {
        return Vec::new();
    }
    let Some((_, inner)) = shape.split_first() else {
        return vec![Region { start: Vec::new(), shape: Vec::new() }];
    };
    let row_len = inner.iter().product::<usize>();
    let mut regions = Vec::new();
    let mut at = run.start;
    while at < run.end {
        let row = at / row_len;
        let whole_rows = (run.end - at) / row_len;
        if at.is_multiple_of(row_len) && whole_rows > 0 {
            let start = std::iter::once(row).chain(inner.iter().map(|_| 0)).collect();
            let shape = std::iter::once(whole_rows).chain(inner.iter().copied()).collect();
            regions.push(Region { start, shape });
            at += whole_rows * row_len;
        } else {
            let stop = run.end.min((row + 1) * row_len);
            for mut region in regions_of_run(inner, at - row * row_len..stop - row * row_len) {
                region.start.insert(0, row);
                region.shape.insert(0, 1);
                regions.push(region);
            }
            at = stop;
        }
    }
    regions
}

/// The runs of consecutive values that make up a box within an array of the given shape, ascending.
pub(super) fn runs_of_region(shape: &[usize], region: &Region) -> Vec<Range<usize>> {
    if region.shape.contains(&0) {
        return Vec::new();
    }
    // Axes behind `split` are taken as a whole, so one run covers them and the box's length along `split`.
    let split = (0..shape.len()).rev().find(|&axis| region.shape[axis] != shape[axis]).unwrap_or(0);
    let strides: Vec<usize> = (0..shape.len()).map(|axis| shape[axis + 1..].iter().product()).collect();
    let run_len: usize = region.shape[split.min(shape.len())..].iter().product();
    let first: usize = region.start.iter().zip(&strides).map(|(start, stride)| start * stride).sum();
    let mut starts = vec![first];
    for (length, stride) in region.shape.iter().zip(&strides).take(split) {
        starts = starts.iter().flat_map(|start| (0..*length).map(move |index| start + index * stride)).collect();
    }
    starts.into_iter().map(|start| start..start + run_len).collect()
}

/// The values of a run, as native bytes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct RunValues<'a> {
    /// First value of the run.
    pub start: usize,
    /// The values.
    pub bytes: &'a [u8],
}

/// Runs that travel together: ascending and apart, adjacent ones joined; their values one after the other.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Packet {
    /// The runs.
    pub runs: Vec<Range<usize>>,
    /// Their values, as native bytes.
    pub bytes: Vec<u8>,
}

impl Packet {
    /// The one value of a scalar.
    pub fn of_scalar(bytes: &[u8]) -> Self {
        Packet { runs: std::iter::once(0..1).collect(), bytes: bytes.to_vec() }
    }
    /// The packet as one block of bytes: number of runs, their borders, the values.
    pub fn to_bytes(&self) -> Vec<u8> {
        let mut block = Vec::with_capacity(8 + 16 * self.runs.len() + self.bytes.len());
        block.extend_from_slice(&(self.runs.len() as u64).to_ne_bytes());
        for run in &self.runs {
            block.extend_from_slice(&(run.start as u64).to_ne_bytes());
            block.extend_from_slice(&(run.end as u64).to_ne_bytes());
        }
        block.extend_from_slice(&self.bytes);
        block
    }
    /// The packet that `to_bytes` made.
    pub fn from_bytes(block: &[u8]) -> Self {
        let number = |index: usize| -> usize {
            let bytes = block[8 * index..8 * index + 8].try_into().expect("eight bytes make a number");
            u64::from_ne_bytes(bytes) as usize
        };
        let n_runs = number(0);
        let runs = (0..n_runs).map(|run| number(1 + 2 * run)..number(2 + 2 * run)).collect();
        Packet { runs, bytes: block[8 + 16 * n_runs..].to_vec() }
    }
}

/// How runs are cut into packets of a bounded number of values.
#[derive(Debug)]
pub(super) struct Packing<'a> {
    packets: Vec<Vec<RunValues<'a>>>,
    value_size: usize,
}

impl<'a> Packing<'a> {
    /// Sorts and cuts runs into packets of at most `limit` values.
    ///
    /// # Errors
    /// The first value that two runs share.
    pub fn new(mut runs: Vec<RunValues<'a>>, value_size: usize, limit: usize) -> Result<Self, usize> {
        runs.sort_by_key(|run| run.start);
        let end = |run: &RunValues<'_>| run.start + run.bytes.len() / value_size;
        if let Some(pair) = runs.windows(2).find(|pair| end(&pair[0]) > pair[1].start) {
            return Err(pair[1].start);
        }
        let mut packets: Vec<Vec<RunValues<'a>>> = Vec::new();
        let mut room = 0;
        for RunValues { mut start, mut bytes } in runs {
            while !bytes.is_empty() {
                if room == 0 {
                    packets.push(Vec::new());
                    room = limit;
                }
                let taken = room.min(bytes.len() / value_size);
                let (now, later) = bytes.split_at(taken * value_size);
                packets.last_mut().expect("a packet with room").push(RunValues { start, bytes: now });
                (start, bytes, room) = (start + taken, later, room - taken);
            }
        }
        Ok(Packing { packets, value_size })
    }
    /// Number of packets.
    pub fn len(&self) -> usize {
        self.packets.len()
    }
    /// One packet; an empty one behind the last.
    pub fn packet(&self, index: usize) -> Packet {
        let mut packet = Packet::default();
        for RunValues { start, bytes } in self.packets.get(index).into_iter().flatten() {
            let end = start + bytes.len() / self.value_size;
            match packet.runs.last_mut() {
                Some(last) if last.end == *start => last.end = end,
                _ => packet.runs.push(*start..end),
            }
            packet.bytes.extend_from_slice(bytes);
        }
        packet
    }
}

#[cfg(test)]
// A list of one run is meant where one stands.
#[allow(clippy::single_range_in_vec_init)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn a_run_becomes_few_boxes() {
        // Shape (2, 3, 4): values 3..17 are the end of row (0,0), rows (0,1) and (0,2), row (1,0) and one of (1,1).
        let regions = regions_of_run(&[2, 3, 4], 3..17);
        let expected = [([0, 0, 3], [1, 1, 1]), ([0, 1, 0], [1, 2, 4]), ([1, 0, 0], [1, 1, 4]), ([1, 1, 0], [1, 1, 1])];
        let expected: Vec<Region> =
            expected.iter().map(|(start, shape)| Region { start: start.to_vec(), shape: shape.to_vec() }).collect();
        assert_eq!(regions, expected);
    }

    #[test]
    fn a_scalar_is_one_box_without_axes() {
        assert_eq!(regions_of_run(&[], 0..1), [Region { start: vec![], shape: vec![] }]);
        assert_eq!(runs_of_region(&[], &Region { start: vec![], shape: vec![] }), [0..1]);
    }

    #[test]
    fn a_box_becomes_one_run_per_row() {
        // Shape (4, 5): rows 1 and 2, columns 2 to 4.
        let region = Region { start: vec![1, 2], shape: vec![2, 3] };
        assert_eq!(runs_of_region(&[4, 5], &region), [7..10, 12..15]);
        // Whole rows are one run.
        let region = Region { start: vec![1, 0], shape: vec![2, 5] };
        assert_eq!(runs_of_region(&[4, 5], &region), [5..15]);
    }

    #[test]
    fn packets_are_bounded_sorted_and_joined() {
        let bytes: Vec<u8> = (0..10).collect();
        let runs = vec![
            RunValues { start: 20, bytes: &bytes[4..10] },
            RunValues { start: 5, bytes: &bytes[0..2] },
            RunValues { start: 7, bytes: &bytes[2..4] },
        ];
        let packing = Packing::new(runs, 1, 5).unwrap();
        assert_eq!(packing.len(), 2);
        assert_eq!(packing.packet(0), Packet { runs: vec![5..9, 20..21], bytes: vec![0, 1, 2, 3, 4] });
        assert_eq!(packing.packet(1), Packet { runs: vec![21..26], bytes: vec![5, 6, 7, 8, 9] });
        assert_eq!(packing.packet(2), Packet::default());
        assert_eq!(Packet::from_bytes(&packing.packet(0).to_bytes()), packing.packet(0));
    }

    #[test]
    fn runs_that_overlap_are_refused() {
        let bytes = [0; 4];
        let runs = vec![RunValues { start: 3, bytes: &bytes }, RunValues { start: 6, bytes: &bytes }];
        assert_eq!(Packing::new(runs, 1, 5).unwrap_err(), 6);
    }

    fn indices(shape: &[usize], region: &Region) -> Vec<usize> {
        let mut flat = vec![0];
        for ((length, start), count) in shape.iter().zip(&region.start).zip(&region.shape) {
            let range = *start..start + count;
            flat = flat.iter().flat_map(|base| range.clone().map(move |index| base * length + index)).collect();
        }
        flat
    }

    proptest! {
        #[test]
        fn boxes_of_a_run_hold_exactly_its_values(
            shape in prop::collection::vec(1usize..6, 1..5),
            cut in (0.0..1.0f64, 0.0..1.0f64),
        ) {
            let n: usize = shape.iter().product();
            let mut borders = [(cut.0 * n as f64) as usize, (cut.1 * n as f64) as usize];
            borders.sort_unstable();
            let run = borders[0]..borders[1];
            let regions = regions_of_run(&shape, run.clone());
            prop_assert!(regions.len() <= 2 * shape.len());
            let found: Vec<usize> = regions.iter().flat_map(|region| indices(&shape, region)).collect();
            prop_assert_eq!(found, run.collect::<Vec<_>>());
        }

        #[test]
        fn runs_of_a_box_hold_exactly_its_values(
            axes in prop::collection::vec((1usize..6, 0.0..1.0f64, 0.0..1.0f64), 1..5),
        ) {
            let shape: Vec<usize> = axes.iter().map(|(length, ..)| *length).collect();
            let start: Vec<usize> = axes.iter().map(|(length, at, _)| (at * *length as f64) as usize).collect();
            let lengths = axes.iter().zip(&start).map(|((length, _, part), start)| {
                1 + (*part * (length - start - 1) as f64).round() as usize
            });
            let region = Region { shape: lengths.collect(), start };
            let found: Vec<usize> = runs_of_region(&shape, &region).into_iter().flatten().collect();
            prop_assert_eq!(found, indices(&shape, &region));
        }
    }
}
