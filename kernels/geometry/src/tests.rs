//! Whole objects and those next to them; all areas are worked out by hand.

use proptest::prelude::*;

use crate::samples::{block, moved, turned};
use crate::vector::{Point, dot};
use crate::*;

type Body = Vec<Vec<Vec<Point>>>;

fn prepared_as(kind: Kind, bodies: &[Body]) -> Vec<PreparedObject> {
    let surfaces = |body: &'_ Body| -> Vec<usize> { (0..body.len()).collect() };
    let objects: Vec<Vec<Surface<'_>>> = bodies
        .iter()
        .map(|body| surfaces(body).into_iter().map(|at| Surface { kind, rings: &body[at] }).collect())
        .collect();
    prepare(&objects, &Tolerance::default())
}

fn prepared(bodies: &[Body]) -> Vec<PreparedObject> {
    prepared_as(Kind::Unknown, bodies)
}

/// The wall of an object that looks to an azimuth.
fn wall(object: &PreparedObject, azimuth: f64) -> &PreparedSurface {
    let is = |surface: &&PreparedSurface| surface.kind == Kind::Wall && (surface.azimuth - azimuth).abs() < 1e-6;
    object.surfaces.iter().find(is).unwrap()
}

fn total(triangles: &[Triangle]) -> f64 {
    triangles.iter().map(triangle_area).sum()
}

fn close(found: f64, expected: f64) {
    assert!((found - expected).abs() < 1e-6, "{found} for {expected}");
}

/// A body of a ring of the ground plan, anticlockwise, between two heights.
fn prism(plan: &[[f64; 2]], low: f64, high: f64) -> Body {
    let at = |corner: &[f64; 2], height: f64| [corner[0], corner[1], height];
    let n = plan.len();
    let mut body = vec![
        vec![plan.iter().rev().map(|corner| at(corner, low)).collect()],
        vec![plan.iter().map(|corner| at(corner, high)).collect()],
    ];
    for i in 0..n {
        let (a, b) = (&plan[i], &plan[(i + 1) % n]);
        body.push(vec![vec![at(a, low), at(b, low), at(b, high), at(a, high)]]);
    }
    body
}

#[test]
fn a_block_alone_is_all_outside() {
    let found = prepared(&[block([2.0, 3.0, 4.0])]);
    let [object] = &found[..] else { panic!() };
    assert_eq!((object.volume, object.n_open_edges, object.n_turned), (Some(24.0), 0, 0));
    assert_eq!(object.findings, []);
    let kinds: Vec<_> = object.surfaces.iter().map(|surface| (surface.kind, surface.azimuth)).collect();
    use Kind::{Ground, Roof, Wall};
    assert_eq!(kinds, [(Ground, 0.0), (Roof, 0.0), (Wall, 180.0), (Wall, 90.0), (Wall, 0.0), (Wall, 270.0)]);
    for (surface, area) in object.surfaces.iter().zip([6.0, 6.0, 8.0, 12.0, 8.0, 12.0]) {
        assert_eq!((surface.area, surface.exposed_area, surface.party.len()), (area, area, 0));
        close(total(&surface.triangles), area);
    }
}

#[test]
fn two_blocks_share_a_whole_wall() {
    let found = prepared(&[block([2.0, 3.0, 4.0]), moved(&block([2.0, 3.0, 4.0]), [2.0, 0.0, 0.0])]);
    for (object, azimuth, other) in [(0, 90.0, 1), (1, 270.0, 0)] {
        let shared = wall(&found[object], azimuth);
        close(shared.exposed_area, 0.0);
        assert!(shared.exposed_triangles.is_empty());
        assert_eq!(shared.party, [Party { object: other, area: shared.party[0].area }]);
        close(shared.party[0].area, 12.0);
        close(total(&shared.triangles), 12.0);
        close(found[object].surfaces.iter().map(|surface| surface.exposed_area).sum(), 52.0 - 12.0);
    }
}

#[test]
fn the_higher_block_shows_what_is_above_the_lower() {
    let found = prepared(&[block([2.0, 3.0, 4.0]), moved(&block([2.0, 3.0, 10.0]), [2.0, 0.0, 0.0])]);
    close(wall(&found[0], 90.0).exposed_area, 0.0);
    let high = wall(&found[1], 270.0);
    close(high.exposed_area, 18.0);
    close(total(&high.exposed_triangles), 18.0);
    assert!(high.exposed_triangles.iter().flatten().all(|corner| corner[2] >= 4.0 - 1e-6 && corner[0] == 2.0));
    close(high.party[0].area, 12.0);
}

#[test]
fn a_gap_within_the_tolerance_counts_as_none() {
    for (gap, exposed) in [(0.1, 0.0), (0.249, 0.0), (-0.1, 0.0), (0.251, 12.0), (-0.3, 12.0)] {
        let found = prepared(&[block([2.0, 3.0, 4.0]), moved(&block([2.0, 3.0, 4.0]), [2.0 + gap, 0.0, 0.0])]);
        close(wall(&found[0], 90.0).exposed_area, exposed);
        close(wall(&found[1], 270.0).exposed_area, exposed);
    }
}

#[test]
fn walls_that_overlap_in_part_share_that_part() {
    // The second stands 1 m further north and 2 m higher: 2 x 2 m in common.
    let found = prepared(&[block([2.0, 3.0, 4.0]), moved(&block([2.0, 3.0, 4.0]), [2.0, 1.0, 2.0])]);
    for (object, azimuth) in [(0, 90.0), (1, 270.0)] {
        let shared = wall(&found[object], azimuth);
        close(shared.exposed_area, 8.0);
        close(total(&shared.exposed_triangles), 8.0);
        close(shared.party[0].area, 4.0);
    }
    // A small block at a large wall leaves a frame around it.
    let found = prepared(&[block([2.0, 10.0, 10.0]), moved(&block([1.0, 2.0, 2.0]), [2.0, 4.0, 4.0])]);
    close(total(&wall(&found[0], 90.0).exposed_triangles), 96.0);
    close(wall(&found[1], 270.0).exposed_area, 0.0);
}

#[test]
fn the_middle_of_three_in_a_row_has_two_party_walls() {
    let row: Vec<Body> = (0..3).map(|i| moved(&block([2.0, 3.0, 4.0]), [2.0 * f64::from(i), 0.0, 0.0])).collect();
    let found = prepared(&row);
    close(wall(&found[1], 90.0).exposed_area, 0.0);
    close(wall(&found[1], 270.0).exposed_area, 0.0);
    assert_eq!(wall(&found[1], 270.0).party[0].object, 0);
    assert_eq!(wall(&found[1], 90.0).party[0].object, 2);
    close(wall(&found[0], 270.0).exposed_area, 12.0);
    close(wall(&found[1], 180.0).exposed_area, 8.0);
}

#[test]
fn an_l_and_the_block_in_its_corner() {
    // The inner corner of the L has two walls of 2 m; the block of 2 x 2 m is half as high.
    let plan = [[0., 0.], [4., 0.], [4., 2.], [2., 2.], [2., 4.], [0., 4.]];
    let found = prepared(&[prism(&plan, 0.0, 6.0), prism(&[[2., 2.], [4., 2.], [4., 4.], [2., 4.]], 0.0, 3.0)]);
    close(found[0].volume.unwrap(), 72.0);
    let shared: f64 = found[0].surfaces.iter().flat_map(|surface| &surface.party).map(|party| party.area).sum();
    close(shared, 12.0);
    let exposed = |object: &PreparedObject| object.surfaces.iter().map(|surface| surface.exposed_area).sum::<f64>();
    close(exposed(&found[0]), 2.0 * 12.0 + 16.0 * 6.0 - 12.0);
    close(exposed(&found[1]), 2.0 * 4.0 + 8.0 * 3.0 - 12.0);
}

#[test]
fn two_neighbours_at_one_wall_both_cover_it() {
    let wide = block([2.0, 10.0, 4.0]);
    let small = block([2.0, 3.0, 4.0]);
    let found = prepared(&[wide, moved(&small, [2.0, 0.0, 0.0]), moved(&small, [2.0, 5.0, 0.0])]);
    let shared = wall(&found[0], 90.0);
    close(shared.exposed_area, 40.0 - 24.0);
    assert_eq!(shared.party.iter().map(|party| party.object).collect::<Vec<_>>(), [1, 2]);
}

#[test]
fn walls_at_an_angle_share_what_is_close_on_average() {
    // The second block turns about the common edge: 3 m away it is 3 tan(angle) off, half of that on average.
    for (degrees, is_shared) in [(2.0_f64, true), (4.9, true), (6.0, false), (20.0, false)] {
        let other = moved(&turned(&block([2.0, 3.0, 4.0]), -degrees.to_radians()), [2.0, 0.0, 0.0]);
        let found = prepared(&[block([2.0, 3.0, 4.0]), other]);
        assert_eq!(!wall(&found[0], 90.0).party.is_empty(), is_shared, "{degrees}");
    }
    // Within the angle, but half of 10 m tan 4 degrees is 0.35 m.
    let other = moved(&turned(&block([2.0, 10.0, 4.0]), -4.0_f64.to_radians()), [2.0, 0.0, 0.0]);
    let found = prepared(&[block([2.0, 10.0, 4.0]), other]);
    assert!(wall(&found[0], 90.0).party.is_empty());
}

#[test]
fn a_court_closes_whichever_way_its_holes_run() {
    // 4 x 4 x 2 m with a shaft of 1 x 1 m: 2 (16 - 1).
    let mut body = block([4.0, 4.0, 2.0]);
    let shaft = moved(&block([1.0, 1.0, 2.0]), [1.0, 1.0, 0.0]);
    body[0].push(shaft[0][0].clone());
    body[1].push(shaft[1][0].iter().rev().copied().collect());
    body.extend(shaft[2..].iter().map(|wall| vec![wall[0].iter().rev().copied().collect::<Vec<_>>()]));
    let found = prepared(&[body]);
    close(found[0].volume.unwrap(), 30.0);
    assert_eq!((found[0].n_open_edges, found[0].n_turned), (0, 0));
}

#[test]
fn stacked_parts_share_a_floor() {
    let found = prepared(&[block([4.0, 4.0, 3.0]), moved(&block([2.0, 2.0, 3.0]), [0.0, 0.0, 3.0])]);
    let (roof, ground) = (&found[0].surfaces[1], &found[1].surfaces[0]);
    assert_eq!((roof.kind, ground.kind), (Kind::Roof, Kind::Ground));
    close(roof.exposed_area, 12.0);
    close(ground.exposed_area, 0.0);
}

#[test]
fn thin_slabs_keep_their_top_and_cover_each_other() {
    // The faces of slabs are within the distance of each other's far sides.
    let slab = |low: f64| moved(&block([4.0, 4.0, 0.1]), [0.0, 0.0, low]);
    let found = prepared(&[slab(0.0), slab(0.1), slab(0.2)]);
    let exposed = |object: usize, surface: usize| found[object].surfaces[surface].exposed_area;
    assert_eq!(found[2].surfaces[1].kind, Kind::Roof);
    close(exposed(2, 1), 16.0);
    close(exposed(0, 0), 16.0);
    for (object, surface) in [(0, 1), (1, 0), (1, 1), (2, 0)] {
        close(exposed(object, surface), 0.0);
    }
}

#[test]
fn walls_that_face_each_other_across_an_alley_or_the_same_way_share_nothing() {
    let found = prepared(&[block([2.0, 3.0, 4.0]), moved(&block([2.0, 3.0, 4.0]), [0.0, 4.0, 0.0])]);
    assert!(found.iter().all(|object| object.surfaces.iter().all(|surface| surface.party.is_empty())));
}

#[test]
fn interior_surfaces_are_neither_exposed_nor_cover() {
    let found = prepared_as(Kind::Interior, &[block([2.0, 3.0, 4.0])]);
    assert!(found[0].surfaces.iter().all(|surface| surface.exposed_area == 0.0 && !surface.triangles.is_empty()));
    assert_eq!(found[0].volume, Some(24.0));
}

#[test]
fn odd_surfaces_are_told_of() {
    let mut body = block([2.0, 3.0, 4.0]);
    body[1][0][2][2] += 0.2;
    body.push(vec![vec![[0.0; 3], [1.0, 0.0, 0.0], [2.0, 0.0, 0.0]]]);
    body.push(vec![vec![[0.0; 3], [f64::NAN, 0.0, 0.0], [2.0, 1.0, 0.0]]]);
    body.push(vec![]);
    let found = prepared(&[body]);
    let told: Vec<_> = found[0].findings.iter().map(|finding| (finding.surface, finding.what)).collect();
    let left_out = |told: &(usize, What)| matches!(told.1, What::NoPlane(_));
    assert_eq!(told.iter().filter(|told| left_out(told)).map(|told| told.0).collect::<Vec<_>>(), [6, 7, 8]);
    assert!(told.iter().any(|told| told.0 == 1 && matches!(told.1, What::NotFlat { .. })), "{told:?}");
    assert_eq!(found[0].surfaces.len(), 6);
    assert_eq!(found[0].surfaces[5].source, 5);
}

#[test]
fn a_hole_that_runs_like_its_outer_ring_is_turned() {
    let ring = |low: f64, high: f64| vec![[low, low, 0.0], [high, low, 0.0], [high, high, 0.0], [low, high, 0.0]];
    let court = vec![vec![ring(0.0, 4.0), ring(1.0, 2.0)]];
    let found = prepared_as(Kind::Roof, &[court]);
    assert_eq!(found[0].surfaces[0].area, 15.0);
    close(total(&found[0].surfaces[0].triangles), 15.0);
    assert_eq!(found[0].surfaces[0].normal, [0.0, 0.0, 1.0]);
}

proptest! {
    #[test]
    fn shared_and_exposed_parts_sum_to_the_wall_wherever_it_stands(
        size in (2.0..20.0_f64, 3.0..20.0_f64),
        shift in (-15.0..15.0_f64, -15.0..15.0_f64),
        gap in -0.2..0.2_f64,
        angle in 0.0..std::f64::consts::TAU,
        at in (-1e5..1e5_f64, 4e5..6e5_f64),
    ) {
        let one = block([5.0, size.0, size.1]);
        let other = moved(&block([5.0, 10.0, 10.0]), [5.0 + gap, shift.0, shift.1]);
        let overlap = |low: f64, high: f64, size: f64| (high.min(size) - low.max(0.0)).max(0.0);
        let common = [overlap(shift.0, shift.0 + 10.0, size.0), overlap(shift.1, shift.1 + 10.0, size.1)];
        // Strips of millimetres are dropped on purpose.
        prop_assume!(common.iter().all(|side| *side == 0.0 || *side > 0.02));
        let to_edge = [shift.0, shift.0 + 10.0 - size.0, shift.1, shift.1 + 10.0 - size.1];
        prop_assume!(to_edge.iter().all(|side| side.abs() > 0.02));
        let place = |body: &Body| moved(&turned(body, angle), [at.0, at.1, 3.0]);
        let found = prepared(&[place(&one), place(&other)]);
        let (area, shared) = (size.0 * size.1, common[0] * common[1]);
        let wall = &found[0].surfaces[3];
        let party: f64 = wall.party.iter().map(|party| party.area).sum();
        prop_assert!((wall.area - area).abs() < 1e-6 * area);
        prop_assert!((party - shared).abs() < 1e-5 * area, "{} {}", party, shared);
        prop_assert!((wall.exposed_area - (area - shared)).abs() < 1e-5 * area);
        prop_assert!((total(&wall.exposed_triangles) - wall.exposed_area).abs() < 1e-5 * area);
        // All triangles look the way their surface does.
        for [a, b, c] in &wall.exposed_triangles {
            let edges = [vector::subtract(*b, *a), vector::subtract(*c, *a)];
            prop_assert!(dot(vector::cross(edges[0], edges[1]), wall.normal) > 0.0);
        }
    }

    #[test]
    fn the_order_of_rings_does_not_matter(wrong in 0..64_u32, height in 1.0..9.0_f64) {
        let pair = |wrong: u32| {
            let mut one = block([2.0, 3.0, 4.0]);
            (0..6).filter(|face| wrong & (1 << face) != 0).for_each(|face| one[face][0].reverse());
            prepared(&[one, moved(&block([2.0, 3.0, height]), [2.0, 0.0, 0.0])])
        };
        let (sound, mended) = (pair(0), pair(wrong));
        for (one, other) in sound.iter().zip(&mended) {
            for (one, other) in one.surfaces.iter().zip(&other.surfaces) {
                prop_assert!((one.exposed_area - other.exposed_area).abs() < 1e-9);
                prop_assert_eq!((one.kind, one.normal, one.azimuth), (other.kind, other.normal, other.azimuth));
            }
        }
    }

    #[test]
    fn no_surface_makes_it_panic(
        rings in proptest::collection::vec(
            proptest::collection::vec(
                proptest::array::uniform3(prop_oneof![-3..3_i32, Just(i32::MAX)].prop_map(f64::from)), 0..9), 0..4),
        kind in prop_oneof![Just(Kind::Roof), Just(Kind::Wall), Just(Kind::Unknown)],
    ) {
        let found = prepared_as(kind, &[vec![rings.clone()], vec![rings]]);
        for surface in &found[0].surfaces {
            prop_assert!(surface.area.is_finite() && surface.normal.iter().all(|value| value.is_finite()));
        }
    }
}
