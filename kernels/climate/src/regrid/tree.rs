//! The nearest of many directions, by a tree that halves them along one axis after the other.

use super::sphere::chord_squared;

/// Directions that can be searched.
#[derive(Debug)]
pub(super) struct Tree {
    directions: Vec<[f64; 3]>,
    /// Numbers of the directions, each half of a part on its side of the middle one.
    order: Vec<u32>,
}

impl Tree {
    /// A tree of all directions that are numbers.
    pub fn new(directions: Vec<[f64; 3]>) -> Tree {
        let is_known = |number: &u32| directions[*number as usize].iter().all(|part| part.is_finite());
        let mut order: Vec<u32> = (0..directions.len() as u32).filter(is_known).collect();
        halve(&directions, &mut order, 0);
        Tree { directions, order }
    }

    /// The nearest direction, the one of the least number of several, and the square of its chord.
    pub fn nearest(&self, to: [f64; 3]) -> Option<(u32, f64)> {
        let mut best = None;
        self.search(&self.order, 0, to, &mut best);
        best
    }

    fn search(&self, part: &[u32], axis: usize, to: [f64; 3], best: &mut Option<(u32, f64)>) {
        let Some(&middle) = part.get(part.len() / 2) else { return };
        let direction = self.directions[middle as usize];
        let distance = chord_squared(direction, to);
        if best.is_none_or(|(known, least)| (distance, middle) < (least, known)) {
            *best = Some((middle, distance));
        }
        let (below, above) = (&part[..part.len() / 2], &part[part.len() / 2 + 1..]);
        let off = to[axis] - direction[axis];
        let (near, far) = if off < 0.0 { (below, above) } else { (above, below) };
        self.search(near, (axis + 1) % 3, to, best);
        if best.is_none_or(|(_, least)| off * off <= least) {
            self.search(far, (axis + 1) % 3, to, best);
        }
    }
}

fn halve(directions: &[[f64; 3]], part: &mut [u32], axis: usize) {
    if part.len() < 2 {
        return;
    }
    let middle = part.len() / 2;
    let by_axis = |one: &u32, other: &u32| {
        let along = |number: u32| directions[number as usize][axis];
        along(*one).total_cmp(&along(*other)).then(one.cmp(other))
    };
    part.select_nth_unstable_by(middle, by_axis);
    halve(directions, &mut part[..middle], (axis + 1) % 3);
    halve(directions, &mut part[middle + 1..], (axis + 1) % 3);
}
