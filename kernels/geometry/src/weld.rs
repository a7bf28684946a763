//! Vertices that are the same within a tolerance, and edges between them.

use std::collections::BTreeMap;

use crate::vector::{Point, add, dot, length, scale, subtract};

/// Vertices closer than this are one (m); city models have millimetres.
pub const WELD: f64 = 0.001;
/// Most pairs of an edge and a vertex that are tested for a vertex on an edge.
const MOST_TESTS: usize = 40_000_000;

/// A unit vector along no axis and no usual slope.
const SWEEP: Point = [0.662_913_1, 0.532_947_3, 0.525_813_7];

/// A directed edge of a face between two welded vertices.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Edge {
    pub(crate) low: u32,
    pub(crate) high: u32,
    pub(crate) face: u32,
    /// Whether it runs from the higher number to the lower.
    pub(crate) is_backward: bool,
}

/// The edges of faces, sorted by their ends; and again with edges split at vertices that lie on them, if `split`.
pub(crate) struct Welded {
    vertices: Vec<Point>,
    edges: Vec<Edge>,
}

impl Welded {
    pub(crate) fn of(faces: &[&[Vec<Point>]]) -> Self {
        let all: Vec<Point> = faces.iter().flat_map(|face| face.iter().flatten()).copied().collect();
        let (numbers, vertices) = weld(&all);
        let mut edges = Vec::with_capacity(all.len());
        let mut first = 0;
        for (face, rings) in faces.iter().enumerate() {
            for ring in rings.iter() {
                let ring_numbers = &numbers[first..first + ring.len()];
                first += ring.len();
                let next = ring_numbers.iter().cycle().skip(1);
                edges.extend(
                    ring_numbers.iter().zip(next).filter(|(a, b)| a != b).map(|(a, b)| edge(*a, *b, face as u32)),
                );
            }
        }
        edges.sort_unstable();
        Welded { vertices, edges }
    }

    pub(crate) fn edges(&self) -> &[Edge] {
        &self.edges
    }

    /// Splits edges at vertices that lie on them: one wall may border two others, one above the other.
    ///
    /// Left as it is where that were too many tests.
    pub(crate) fn split(&mut self) {
        if self.edges.len().saturating_mul(self.vertices.len()) > MOST_TESTS {
            return;
        }
        let mut split = Vec::with_capacity(self.edges.len());
        let mut on_edge: Vec<(f64, u32)> = Vec::new();
        for one in &self.edges {
            on_edge.clear();
            let (from, to) = (self.vertices[one.low as usize], self.vertices[one.high as usize]);
            let along = subtract(to, from);
            let squared = dot(along, along);
            for (number, vertex) in self.vertices.iter().enumerate() {
                let share = dot(subtract(*vertex, from), along) / squared;
                let is_end = number as u32 == one.low || number as u32 == one.high;
                if is_end || share <= 0.0 || share >= 1.0 {
                    continue;
                }
                if length(subtract(*vertex, add(from, scale(along, share)))) <= WELD {
                    on_edge.push((share, number as u32));
                }
            }
            on_edge.sort_unstable_by(|a, b| a.0.total_cmp(&b.0).then(a.1.cmp(&b.1)));
            let stops = on_edge.iter().map(|(_, number)| *number).chain([one.high]);
            let mut at = one.low;
            for stop in stops {
                split.push(if one.is_backward { edge(stop, at, one.face) } else { edge(at, stop, one.face) });
                at = stop;
            }
        }
        split.sort_unstable();
        self.edges = split;
    }
}

fn edge(from: u32, to: u32, face: u32) -> Edge {
    Edge { low: from.min(to), high: from.max(to), face, is_backward: from > to }
}

/// The number of each point among the different ones, and those.
///
/// Points are met in the order of a direction that few walls are square to. The different ones lie in cells of
/// [`WELD`], so that only those of 27 cells are compared, which hold a bounded number of points that far apart.
fn weld(points: &[Point]) -> (Vec<u32>, Vec<Point>) {
    let Some(&origin) = points.first() else { return (Vec::new(), Vec::new()) };
    let key = |point: Point| dot(subtract(point, origin), SWEEP);
    let mut order: Vec<(f64, u32)> = points.iter().enumerate().map(|(at, p)| (key(*p), at as u32)).collect();
    order.sort_unstable_by(|a, b| a.0.total_cmp(&b.0).then(a.1.cmp(&b.1)));
    let mut numbers = vec![0; points.len()];
    let mut different: Vec<Point> = Vec::new();
    let mut cells: BTreeMap<[i64; 3], Vec<u32>> = BTreeMap::new();
    for &(_, at) in &order {
        let here = points[at as usize];
        let cell = subtract(here, origin).map(|offset| (offset / WELD).floor() as i64);
        let near = neighbours(cell)
            .filter_map(|cell| cells.get(&cell))
            .flatten()
            .filter(|known| length(subtract(different[**known as usize], here)) <= WELD);
        // The last that was met, if several are near.
        numbers[at as usize] = near.copied().max().unwrap_or_else(|| {
            different.push(here);
            let number = (different.len() - 1) as u32;
            cells.entry(cell).or_default().push(number);
            number
        });
    }
    (numbers, different)
}

/// A cell and the 26 around it.
fn neighbours([i, j, k]: [i64; 3]) -> impl Iterator<Item = [i64; 3]> {
    (0..27).map(move |n| [i.saturating_add(n / 9 - 1), j.saturating_add(n / 3 % 3 - 1), k.saturating_add(n % 3 - 1)])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn near_points_are_one_and_others_are_not() {
        let points = [[5.0, 0.0, 0.0], [0.0, 1.0, 0.0], [5.0004, 0.0, 0.0], [5.0, 0.0, 0.002], [0.0, 1.0, 0.0]];
        let (numbers, different) = weld(&points);
        assert_eq!(numbers, [1, 0, 1, 2, 0]);
        assert_eq!(different.len(), 3);
    }

    #[test]
    fn an_edge_is_split_where_another_face_has_a_corner() {
        let wide = vec![vec![[0.0, 0.0, 0.0], [4.0, 0.0, 0.0], [4.0, 0.0, 2.0], [0.0, 0.0, 2.0]]];
        let above = vec![vec![[0.0, 0.0, 2.0], [1.0, 0.0, 2.0], [1.0, 0.0, 3.0], [0.0, 0.0, 3.0]]];
        let mut welded = Welded::of(&[&wide, &above]);
        assert_eq!(welded.edges().len(), 8);
        welded.split();
        assert_eq!(welded.edges().len(), 9);
        let shared = welded.edges().windows(2).filter(|two| (two[0].low, two[0].high) == (two[1].low, two[1].high));
        assert_eq!(shared.filter(|two| two[0].is_backward != two[1].is_backward).count(), 1);
    }

    #[test]
    fn points_square_to_the_sweep_are_compared_with_their_neighbours_only() {
        // Two directions square to it; all pairs of 90000 points would take minutes, which the limit of each test notices.
        let [a, b, c] = SWEEP;
        let (u, v) = ([-b, a, 0.0], [-a * c, -b * c, a * a + b * b]);
        let at = |n: u32| add(scale(u, f64::from(n / 300)), scale(v, f64::from(n % 300)));
        let points: Vec<Point> = (0..90_000).map(at).collect();
        let (numbers, different) = weld(&points);
        assert_eq!((numbers.len(), different.len()), (90_000, 90_000));
    }
}
