//! Faces of a solid: whether they close it, and which way they face.

use crate::plane::newell;
use crate::vector::{Point, add, cross, dot, length, scale, subtract};
use crate::weld::{Edge, Welded};

/// More faces than this are not tested against each other one by one.
const MOST_FACES: usize = 6_000;
/// How many of the largest faces of a piece tell which way it faces.
const MOST_VOTES: usize = 32;
/// How far in front of a face lies the point that is asked whether it is outside (m).
const IN_FRONT: f64 = 0.01;
/// Faces steeper than this (z of the unit normal) do not tell up from down by what they are.
const FLAT: f64 = 0.1;

/// A face of an object.
#[derive(Debug, Clone, Copy)]
pub struct Face<'a> {
    /// The outer ring, then holes that run the other way.
    pub rings: &'a [Vec<[f64; 3]>],
    /// To which side it is known to face, if that is known.
    pub expected: Expected,
}

/// What is known of the side that a face looks to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Expected {
    /// Upwards, a roof.
    Up,
    /// Downwards, a ground.
    Down,
    /// Away from the object.
    Outside,
}

/// How the faces of an object stand to each other.
#[derive(Debug, Clone, PartialEq)]
pub struct Solid {
    /// Whether each face is to be turned round so that all look outside.
    pub is_turned: Vec<bool>,
    /// Volume, if the faces close it (m³).
    pub volume: Option<f64>,
    /// Edges at which faces are missing.
    pub n_open_edges: usize,
    /// Faces that neither their edges nor their place tell the outside of, left as they are.
    pub undecided: Vec<usize>,
}

/// Which way the faces of an object look, and whether they close it.
///
/// Vertices within 1 mm are one. Faces whose edges all run both ways are as they should be, but for their signed volume
/// V = Σ p·n A / 3: all are turned if it is negative. Else faces that share an edge are turned until they run it in
/// opposite directions, and a connected piece as a whole so that its volume is positive if it is closed (negative inside
/// another, where it bounds a hollow), or so that the larger area of its faces looks up (roofs), down (grounds) or to
/// where a ray leaves the object with an even number of crossings.
pub fn solid(faces: &[Face<'_>]) -> Solid {
    let rings: Vec<&[Vec<Point>]> = faces.iter().map(|face| face.rings).collect();
    let mut welded = Welded::of(&rings);
    let as_is = vec![false; faces.len()];
    if n_unbalanced(welded.edges(), &as_is) > 0 {
        welded.split();
    }
    if n_unbalanced(welded.edges(), &as_is) == 0 {
        let volume: f64 = volumes(faces).iter().sum();
        let is_turned = vec![volume < 0.0; faces.len()];
        return Solid { is_turned, volume: Some(volume.abs()), n_open_edges: 0, undecided: Vec::new() };
    }
    mend(faces, welded.edges())
}

fn mend(faces: &[Face<'_>], edges: &[Edge]) -> Solid {
    let volumes = volumes(faces);
    let (mut is_turned, pieces) = turn_by_neighbours(faces.len(), edges);
    let signed = |face: usize, is_turned: &[bool]| if is_turned[face] { -volumes[face] } else { volumes[face] };
    let closed = closed_pieces(&pieces, edges, &is_turned);
    let mut undecided = Vec::new();
    for (number, piece) in pieces.iter().enumerate() {
        let verdict = if closed[number] {
            let volume: f64 = piece.iter().map(|&face| signed(face, &is_turned)).sum();
            if is_inside(faces, &pieces, &closed, number) { -volume } else { volume }
        } else {
            vote(faces, piece, &is_turned)
        };
        if verdict < 0.0 {
            piece.iter().for_each(|&face| is_turned[face] = !is_turned[face]);
        } else if verdict == 0.0 {
            undecided.extend_from_slice(piece);
        }
    }
    undecided.sort_unstable();
    let n_open_edges = n_unbalanced(edges, &is_turned);
    let volume = (n_open_edges == 0).then(|| (0..faces.len()).map(|face| signed(face, &is_turned)).sum());
    Solid { is_turned, volume, n_open_edges, undecided }
}

/// Six times the volume of the cone from a common point to each face, over six.
fn volumes(faces: &[Face<'_>]) -> Vec<f64> {
    let Some(&origin) = faces.iter().find_map(|face| face.rings.first()?.first()) else {
        return vec![0.0; faces.len()];
    };
    let cone = |ring: &Vec<Point>| ring.first().map_or(0.0, |first| dot(subtract(*first, origin), newell(ring)));
    faces.iter().map(|face| face.rings.iter().map(cone).sum::<f64>() / 6.0).collect()
}

/// Edges that faces do not run equally often in both directions.
fn n_unbalanced(edges: &[Edge], is_turned: &[bool]) -> usize {
    let excess = |edge: &Edge| if edge.is_backward != is_turned[edge.face as usize] { -1 } else { 1 };
    let groups = edges.chunk_by(|a, b| (a.low, a.high) == (b.low, b.high));
    groups.filter(|group| group.iter().map(excess).sum::<i64>() != 0).count()
}

/// Turns faces so that two that share an edge run it in opposite directions; gives the connected pieces.
fn turn_by_neighbours(n_faces: usize, edges: &[Edge]) -> (Vec<bool>, Vec<Vec<usize>>) {
    let mut links: Vec<(u32, u32, bool)> = Vec::new();
    for group in edges.chunk_by(|a, b| (a.low, a.high) == (b.low, b.high)) {
        if let [one, other] = group
            && one.face != other.face
        {
            let differ = one.is_backward == other.is_backward;
            links.extend([(one.face, other.face, differ), (other.face, one.face, differ)]);
        }
    }
    links.sort_unstable();
    let mut is_turned = vec![false; n_faces];
    let mut is_met = vec![false; n_faces];
    let mut pieces = Vec::new();
    for first in 0..n_faces {
        if is_met[first] {
            continue;
        }
        is_met[first] = true;
        let mut piece = vec![first];
        let mut next = 0;
        while let Some(&face) = piece.get(next) {
            next += 1;
            let start = links.partition_point(|link| (link.0 as usize) < face);
            for &(_, other, differ) in links[start..].iter().take_while(|link| link.0 as usize == face) {
                let other = other as usize;
                if !is_met[other] {
                    is_met[other] = true;
                    is_turned[other] = is_turned[face] != differ;
                    piece.push(other);
                }
            }
        }
        pieces.push(piece);
    }
    (is_turned, pieces)
}

/// Whether the faces of each piece run all their edges both ways.
fn closed_pieces(pieces: &[Vec<usize>], edges: &[Edge], is_turned: &[bool]) -> Vec<bool> {
    let mut piece_of = vec![0; is_turned.len()];
    for (number, piece) in pieces.iter().enumerate() {
        piece.iter().for_each(|&face| piece_of[face] = number);
    }
    let mut closed = vec![true; pieces.len()];
    let mut uses = Vec::new();
    for group in edges.chunk_by(|a, b| (a.low, a.high) == (b.low, b.high)) {
        uses.clear();
        uses.extend(group.iter().map(|edge| {
            let face = edge.face as usize;
            (piece_of[face], if edge.is_backward != is_turned[face] { -1_i64 } else { 1 })
        }));
        uses.sort_unstable();
        for of_one in uses.chunk_by(|a, b| a.0 == b.0) {
            closed[of_one[0].0] &= of_one.iter().map(|(_, direction)| direction).sum::<i64>() == 0;
        }
    }
    closed
}

/// Area of the faces of a piece that look where they should, less that of the others (m²).
fn vote(faces: &[Face<'_>], piece: &[usize], is_turned: &[bool]) -> f64 {
    let area = |face: usize| faces[face].rings.first().map_or(0.0, |ring| length(newell(ring)));
    let mut voters: Vec<(f64, usize)> = piece.iter().map(|&face| (area(face), face)).collect();
    voters.sort_unstable_by(|a, b| b.0.total_cmp(&a.0).then(a.1.cmp(&b.1)));
    let mut sum = 0.0;
    for &(area, face) in voters.iter().take(MOST_VOTES).filter(|(area, _)| *area > 0.0) {
        let normal = scale(newell(&faces[face].rings[0]), if is_turned[face] { -1.0 / area } else { 1.0 / area });
        sum += match faces[face].expected {
            Expected::Up if normal[2].abs() > FLAT => area * normal[2].signum(),
            Expected::Down if normal[2].abs() > FLAT => -area * normal[2].signum(),
            Expected::Up | Expected::Down | Expected::Outside if faces.len() > MOST_FACES => 0.0,
            Expected::Up | Expected::Down | Expected::Outside => area * looks_outside(faces, face, normal),
        };
    }
    sum
}

/// 1 if a ray from just in front of a face crosses the others an even number of times and one from behind an odd number
/// of times, -1 if it is the other way round, else 0.
fn looks_outside(faces: &[Face<'_>], face: usize, normal: Point) -> f64 {
    let Some(on_face) = inner_point(&faces[face].rings[0], normal) else { return 0.0 };
    let others: Vec<usize> = (0..faces.len()).filter(|&other| other != face).collect();
    let is_odd = |side: f64| {
        let from = add(on_face, scale(normal, side * IN_FRONT));
        crossings(faces, &others, from, askew(scale(normal, side))) % 2 == 1
    };
    match (is_odd(1.0), is_odd(-1.0)) {
        (false, true) => 1.0,
        (true, false) => -1.0,
        _ => 0.0,
    }
}

/// Whether a closed piece lies within other closed pieces, so that it bounds a hollow.
fn is_inside(faces: &[Face<'_>], pieces: &[Vec<usize>], closed: &[bool], number: usize) -> bool {
    if pieces.len() == 1 || faces.len() > MOST_FACES {
        return false;
    }
    let others = pieces.iter().zip(closed).enumerate().filter(|(other, (_, closed))| *other != number && **closed);
    let around: Vec<usize> = others.flat_map(|(_, (piece, _))| piece.iter().copied()).collect();
    let Some(ring) = faces[pieces[number][0]].rings.first() else { return false };
    let normal = newell(ring);
    let normal = scale(normal, 1.0 / length(normal));
    inner_point(ring, normal).is_some_and(|point| crossings(faces, &around, point, askew(normal)) % 2 == 1)
}

/// A direction near another that meets edges of neighbouring walls rarely.
fn askew(direction: Point) -> Point {
    add(direction, [0.013_17, -0.007_31, 0.003_97])
}

/// How many times a ray crosses faces. The fan of triangles from the first corner of a ring covers what is inside an odd
/// number of times, and what is outside an even number, whatever its shape; so do those of holes on top.
fn crossings(faces: &[Face<'_>], which: &[usize], from: Point, direction: Point) -> usize {
    let hits_ring = |ring: &Vec<Point>| {
        ring.windows(2).skip(1).filter(|edge| is_hit(from, direction, [ring[0], edge[0], edge[1]])).count()
    };
    which.iter().map(|&face| faces[face].rings.iter().map(hits_ring).sum::<usize>() % 2).sum()
}

/// Whether a ray hits a triangle. Source: Möller and Trumbore (1997), "Fast, minimum storage ray-triangle intersection".
fn is_hit(from: Point, direction: Point, [a, b, c]: [Point; 3]) -> bool {
    let (ab, ac) = (subtract(b, a), subtract(c, a));
    let p = cross(direction, ac);
    let determinant = dot(ab, p);
    if determinant == 0.0 {
        return false;
    }
    let offset = subtract(from, a);
    let u = dot(offset, p) / determinant;
    let q = cross(offset, ab);
    let v = dot(direction, q) / determinant;
    u >= 0.0 && v >= 0.0 && u + v <= 1.0 && dot(ac, q) / determinant > 0.0
}

/// A point of a ring away from its edges: the middle of the largest triangle of three corners in sequence that lies in it.
fn inner_point(ring: &[Point], normal: Point) -> Option<Point> {
    let n = ring.len();
    let corner = |i: usize| {
        let [a, b, c] = [ring[i], ring[(i + 1) % n], ring[(i + 2) % n]];
        let middle = add(a, scale(add(subtract(b, a), subtract(c, a)), 1.0 / 3.0));
        (length(cross(subtract(b, a), subtract(c, a))), middle)
    };
    let is_in = |point: Point| {
        let above = add(point, normal);
        let down = scale(normal, -1.0);
        ring.windows(2).skip(1).filter(|edge| is_hit(above, down, [ring[0], edge[0], edge[1]])).count() % 2 == 1
    };
    let inside = (0..n).map(corner).filter(|(area, point)| *area > 0.0 && is_in(*point));
    inside.max_by(|a, b| a.0.total_cmp(&b.0)).map(|(_, point)| point)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::samples::{block, moved, turned};

    fn faces(polygons: &[Vec<Vec<Point>>]) -> Vec<Face<'_>> {
        polygons.iter().map(|rings| Face { rings, expected: Expected::Outside }).collect()
    }

    fn normals(polygons: &[Vec<Vec<Point>>], solid: &Solid) -> Vec<Point> {
        let sign = |is_turned: &bool| if *is_turned { -1.0 } else { 1.0 };
        polygons.iter().zip(&solid.is_turned).map(|(rings, turned)| scale(newell(&rings[0]), sign(turned))).collect()
    }

    #[test]
    fn a_sound_block_stays_and_an_inverted_one_is_turned() {
        let mut polygons = block([2.0, 3.0, 4.0]);
        let sound = solid(&faces(&polygons));
        assert_eq!((sound.volume, sound.n_open_edges, sound.is_turned), (Some(24.0), 0, vec![false; 6]));
        polygons.iter_mut().for_each(|rings| rings[0].reverse());
        let inverted = solid(&faces(&polygons));
        assert_eq!((inverted.volume, inverted.is_turned), (Some(24.0), vec![true; 6]));
    }

    #[test]
    fn single_wrong_faces_are_turned() {
        for wrong in 0..64_u32 {
            let mut polygons = block([2.0, 3.0, 4.0]);
            (0..6).filter(|face| wrong & (1 << face) != 0).for_each(|face| polygons[face][0].reverse());
            let found = solid(&faces(&polygons));
            assert_eq!(found.volume, Some(24.0), "{wrong}");
            assert!((0..6).all(|face| found.is_turned[face] == (wrong & (1 << face) != 0)), "{wrong}");
        }
    }

    #[test]
    fn a_block_without_a_ground_is_open_and_faces_outside() {
        for wrong in 0..32_u32 {
            let mut polygons = block([2.0, 3.0, 4.0]);
            let sound = solid(&faces(&polygons));
            let expected = normals(&polygons, &sound)[1..].to_vec();
            polygons.remove(0);
            (0..5).filter(|face| wrong & (1 << face) != 0).for_each(|face| polygons[face][0].reverse());
            let found = solid(&faces(&polygons));
            assert_eq!((found.volume, found.n_open_edges), (None, 4));
            assert_eq!(normals(&polygons, &found), expected, "{wrong}");
            assert!(found.undecided.is_empty());
        }
    }

    #[test]
    fn a_hollow_faces_inwards_and_counts_against_the_volume() {
        let mut polygons = block([4.0, 4.0, 4.0]);
        let mut hollow = moved(&block([1.0, 1.0, 1.0]), [1.0, 1.0, 1.0]);
        hollow.iter_mut().for_each(|rings| rings[0].reverse());
        polygons.extend(hollow);
        assert_eq!(solid(&faces(&polygons)).volume, Some(63.0));
        polygons[7][0].reverse();
        polygons[2][0].reverse();
        let mended = solid(&faces(&polygons));
        assert_eq!(mended.volume, Some(63.0));
        assert_eq!((0..12).filter(|&face| mended.is_turned[face]).collect::<Vec<_>>(), [2, 7]);
    }

    #[test]
    fn two_blocks_side_by_side_in_one_solid_add_up() {
        let mut polygons = block([2.0, 2.0, 2.0]);
        polygons.extend(moved(&block([2.0, 2.0, 3.0]), [5.0, 0.0, 0.0]));
        polygons[9][0].reverse();
        assert_eq!(solid(&faces(&polygons)).volume, Some(20.0));
    }

    #[test]
    fn a_wall_that_borders_two_others_closes() {
        // The south wall of the block is cut into a lower and an upper half; its neighbours are not.
        let mut polygons = block([2.0, 3.0, 4.0]);
        let south = polygons.iter().position(|rings| rings[0].iter().all(|vertex| vertex[1] == 0.0)).unwrap();
        let half = |from: f64, to: f64| vec![vec![[0.0, 0.0, from], [2.0, 0.0, from], [2.0, 0.0, to], [0.0, 0.0, to]]];
        polygons[south] = half(0.0, 1.5);
        polygons.push(half(1.5, 4.0));
        assert_eq!(solid(&faces(&polygons)).volume, Some(24.0));
    }

    #[test]
    fn what_cannot_be_told_is_left_and_named() {
        let lone = vec![vec![vec![[0.0, 0.0, 0.0], [1.0, 0.0, 0.0], [1.0, 0.0, 1.0]]]];
        let found = solid(&faces(&lone));
        assert_eq!((found.undecided, found.is_turned, found.volume), (vec![0], vec![false], None));
        let roof = [Face { rings: &[vec![[0.0; 3], [0.0, 1.0, 0.0], [1.0, 0.0, 0.0]]], expected: Expected::Up }];
        assert_eq!(solid(&roof).is_turned, [true]);
        assert_eq!(solid(&[]).n_open_edges, 0);
    }

    proptest! {
        #[test]
        fn place_and_direction_of_a_solid_do_not_matter(
            size in (1.0..20.0_f64, 1.0..20.0_f64, 1.0..20.0_f64),
            at in (-1e5..1e5_f64, 4e5..6e5_f64, -5.0..50.0_f64),
            angle in 0.0..std::f64::consts::TAU,
            wrong in 0..64_u32,
        ) {
            let (volume, at) = (size.0 * size.1 * size.2, [at.0, at.1, at.2]);
            let sound = moved(&turned(&block([size.0, size.1, size.2]), angle), at);
            let mut polygons = sound.clone();
            (0..6).filter(|face| wrong & (1 << face) != 0).for_each(|face| polygons[face][0].reverse());
            let found = solid(&faces(&polygons));
            prop_assert!((found.volume.unwrap() - volume).abs() < 1e-6 * volume);
            prop_assert!((0..6).all(|face| found.is_turned[face] == (wrong & (1 << face) != 0)));
        }
    }
}
