//! The fixed binary tree over chunks along which vectors are added, so that the bits depend on the chunks alone.

use std::collections::BTreeMap;
use std::ops::Range;

use super::chunks::Chunks;

/// The largest subtrees that one rank owns as a whole, in order.
pub(super) fn whole_subtrees(chunks: &Chunks, rank: usize) -> Vec<Range<usize>> {
    let mut found = Vec::new();
    descend(chunks, rank, 0..chunks.len(), &mut found);
    found
}

/// Sum of the chunks of a non-empty subtree, on this thread.
pub(super) fn sum_in_turn(block: Range<usize>, len: usize, body: &(impl Fn(usize, &mut [f64]) + Sync)) -> Vec<f64> {
    if block.len() == 1 {
        let mut total = vec![0.0; len];
        body(block.start, &mut total);
        return total;
    }
    let middle = middle(&block);
    let left = sum_in_turn(block.start..middle, len, body);
    add(left, &sum_in_turn(middle..block.end, len, body))
}

/// Sum of the chunks of a non-empty subtree, over the threads of the current pool.
pub(super) fn sum_at_once(block: Range<usize>, len: usize, body: &(impl Fn(usize, &mut [f64]) + Sync)) -> Vec<f64> {
    if block.len() == 1 {
        return sum_in_turn(block, len, body);
    }
    let middle = middle(&block);
    let (left, right) =
        rayon::join(|| sum_at_once(block.start..middle, len, body), || sum_at_once(middle..block.end, len, body));
    add(left, &right)
}

/// Finishes the tree over all chunks from the sums of subtrees that together cover it, each keyed by (start, end).
pub(super) fn sum_subtrees(
    block: Range<usize>,
    len: usize,
    subtrees: &mut BTreeMap<(usize, usize), Vec<f64>>,
) -> Vec<f64> {
    if block.is_empty() {
        return vec![0.0; len];
    }
    if let Some(total) = subtrees.remove(&(block.start, block.end)) {
        return total;
    }
    let middle = middle(&block);
    let left = sum_subtrees(block.start..middle, len, subtrees);
    add(left, &sum_subtrees(middle..block.end, len, subtrees))
}

fn descend(chunks: &Chunks, rank: usize, block: Range<usize>, found: &mut Vec<Range<usize>>) {
    if block.clone().all(|chunk| chunks.owner(chunk) != rank) {
        return;
    }
    if block.clone().all(|chunk| chunks.owner(chunk) == rank) {
        found.push(block);
        return;
    }
    let middle = middle(&block);
    descend(chunks, rank, block.start..middle, found);
    descend(chunks, rank, middle..block.end, found);
}

fn middle(block: &Range<usize>) -> usize {
    block.start + block.len() / 2
}

fn add(mut left: Vec<f64>, right: &[f64]) -> Vec<f64> {
    left.iter_mut().zip(right).for_each(|(sum, value)| *sum += value);
    left
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn subtrees_are_the_largest_that_one_rank_owns() {
        // The tree over 5: (0 1) and (2 (3 4)).
        let chunks = Chunks::owned_by(vec![0, 0, 1, 0, 0]);
        assert_eq!(whole_subtrees(&chunks, 0), [0..2, 3..5]);
        assert_eq!(whole_subtrees(&chunks, 1), vec![Range { start: 2, end: 3 }]);
        assert!(whole_subtrees(&chunks, 2).is_empty());
        assert!(whole_subtrees(&Chunks::owned_by(Vec::new()), 0).is_empty());
    }

    #[test]
    fn the_order_of_additions_is_that_of_the_tree() {
        // Doubles near 1e16 are 2 apart, so that a single 1 is lost beside it: (1e16 + 0) + (1 + (1 + 0)) keeps both
        // ones, ((1e16 + 0) + 1) + (1 + 0) and adding in turn lose them.
        let values = [1e16, 0.0, 1.0, 1.0, 0.0];
        let body = |chunk: usize, total: &mut [f64]| total[0] += values[chunk];
        let by_hand = 1e16 + 2.0;
        assert_ne!(by_hand, values.iter().sum::<f64>());
        assert_eq!(sum_in_turn(0..5, 1, &body), [by_hand]);
        assert_eq!(sum_at_once(0..5, 1, &body), [by_hand]);
        let mut subtrees = BTreeMap::from([
            ((0, 2), sum_in_turn(0..2, 1, &body)),
            ((2, 3), sum_in_turn(2..3, 1, &body)),
            ((3, 5), sum_in_turn(3..5, 1, &body)),
        ]);
        assert_eq!(sum_subtrees(0..5, 1, &mut subtrees), [by_hand]);
        assert!(subtrees.is_empty());
    }

    proptest! {
        #[test]
        fn the_subtrees_of_all_ranks_give_the_sum_of_one(owners in prop::collection::vec(0usize..5, 1..40)) {
            let body = |chunk: usize, total: &mut [f64]| total[0] += 0.1 + chunk as f64 * 1e3;
            let chunks = Chunks::owned_by(owners.clone());
            let mut subtrees = BTreeMap::new();
            for rank in 0..5 {
                for block in whole_subtrees(&chunks, rank) {
                    prop_assert!(owners[block.clone()].iter().all(|&owner| owner == rank));
                    subtrees.insert((block.start, block.end), sum_in_turn(block, 1, &body));
                }
            }
            prop_assert_eq!(sum_subtrees(0..owners.len(), 1, &mut subtrees), sum_in_turn(0..owners.len(), 1, &body));
            prop_assert!(subtrees.is_empty(), "a subtree counts twice");
        }
    }
}
