//! Bodies that tests measure.

use crate::vector::{Point, add};

/// A block from the origin; ground, roof, then the walls to the south, east, north and west, all facing outside.
pub(crate) fn block([x, y, z]: Point) -> Vec<Vec<Vec<Point>>> {
    let corner = |i: usize| [[0.0, 0.0], [x, 0.0], [x, y], [0.0, y]][i % 4];
    let at = |i: usize, height: f64| [corner(i)[0], corner(i)[1], height];
    let ground = (0..4).rev().map(|i| at(i, 0.0)).collect();
    let roof = (0..4).map(|i| at(i, z)).collect();
    let walls = (0..4).map(|i| vec![at(i, 0.0), at(i + 1, 0.0), at(i + 1, z), at(i, z)]);
    [ground, roof].into_iter().chain(walls).map(|ring| vec![ring]).collect()
}

/// A body elsewhere.
pub(crate) fn moved(body: &[Vec<Vec<Point>>], by: Point) -> Vec<Vec<Vec<Point>>> {
    each(body, |vertex| add(vertex, by))
}

/// A body turned about the vertical axis.
pub(crate) fn turned(body: &[Vec<Vec<Point>>], angle: f64) -> Vec<Vec<Vec<Point>>> {
    let (sine, cosine) = (libm::sin(angle), libm::cos(angle));
    each(body, |[x, y, z]| [cosine * x - sine * y, sine * x + cosine * y, z])
}

fn each(body: &[Vec<Vec<Point>>], change: impl Fn(Point) -> Point) -> Vec<Vec<Vec<Point>>> {
    let ring = |ring: &Vec<Point>| ring.iter().map(|vertex| change(*vertex)).collect();
    body.iter().map(|rings| rings.iter().map(ring).collect()).collect()
}
