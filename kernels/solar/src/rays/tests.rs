//! Rays against all triangles one by one, closed boxes, awkward directions.

use proptest::prelude::*;

use super::hit::{NO_HIT, distances};
use super::{Direction, Hits, LANES, NO_SURFACE, Packet, Scene, SceneError, Triangle};

/// What one ray meets, by every triangle in turn.
fn met_one_by_one(origin: [f32; 3], direction: &Direction, triangles: &[Triangle], reach: f32) -> (f32, u32) {
    let packet = Packet::new(&[origin]);
    let mut nearest = (NO_HIT, NO_SURFACE);
    for triangle in triangles {
        if let Some(distances) = distances(&packet, direction, &triangle.corners, reach) {
            let candidate = (distances[0], triangle.surface);
            if candidate.0 < nearest.0 || candidate.0 == nearest.0 && candidate.0 < NO_HIT && candidate.1 < nearest.1 {
                nearest = candidate;
            }
        }
    }
    nearest
}

fn assert_same(scene: &Scene, triangles: &[Triangle], origins: &[[f32; 3]], direction: [f32; 3], reach: f32) {
    let direction = Direction::new(direction);
    let packet = Packet::new(origins);
    let blocked = scene.occluded(&packet, &direction, reach);
    let Hits { surfaces, distances } = scene.closest(&packet, &direction, reach);
    for (lane, &origin) in origins.iter().enumerate() {
        let (distance, surface) = met_one_by_one(origin, &direction, triangles, reach);
        assert_eq!(blocked >> lane & 1 == 1, distance < NO_HIT, "lane {lane} from {origin:?}");
        assert_eq!(distances[lane].to_bits(), distance.to_bits(), "lane {lane} from {origin:?}");
        assert_eq!(surfaces[lane], surface, "lane {lane} from {origin:?}");
    }
    assert_eq!(u32::from(blocked) >> origins.len(), 0, "lanes without an origin stay clear");
}

/// Distance to a triangle in f64 by Möller and Trumbore (J. Graphics Tools 2(1), 1997), with the least distance to an edge
/// in barycentric coordinates.
fn met_in_f64(origin: [f32; 3], direction: [f32; 3], corners: &[[f32; 3]; 3]) -> Option<(f64, f64)> {
    let wide = |v: [f32; 3]| v.map(f64::from);
    let minus = |a: [f64; 3], b: [f64; 3]| [a[0] - b[0], a[1] - b[1], a[2] - b[2]];
    let dot = |a: [f64; 3], b: [f64; 3]| a[0] * b[0] + a[1] * b[1] + a[2] * b[2];
    let cross =
        |a: [f64; 3], b: [f64; 3]| [a[1] * b[2] - a[2] * b[1], a[2] * b[0] - a[0] * b[2], a[0] * b[1] - a[1] * b[0]];
    let [a, b, c] = corners.map(wide);
    let (first, second, from, along) = (minus(b, a), minus(c, a), minus(wide(origin), a), wide(direction));
    let normal = cross(along, second);
    let determinant = dot(first, normal);
    let u = dot(from, normal) / determinant;
    let across = cross(from, first);
    let v = dot(along, across) / determinant;
    let distance = dot(second, across) / determinant;
    distance.is_finite().then_some((distance, u.min(v).min(1.0 - u - v)))
}

fn box_faces(low: f32, high: f32) -> Vec<Triangle> {
    let mut triangles = Vec::new();
    for axis in 0..3 {
        for (side, at) in [low, high].into_iter().enumerate() {
            let corner = |u: f32, v: f32| {
                let mut corner = [at; 3];
                corner[(axis + 1) % 3] = u;
                corner[(axis + 2) % 3] = v;
                corner
            };
            let surface = (2 * axis + side) as u32;
            let [a, b, c, d] = [corner(low, low), corner(high, low), corner(high, high), corner(low, high)];
            triangles.push(Triangle { corners: [a, b, c], surface });
            triangles.push(Triangle { corners: [a, c, d], surface });
        }
    }
    triangles
}

/// A wavy field, whose cells are two triangles each.
fn field(side: usize) -> Vec<Triangle> {
    let height = |row: usize, column: usize| ((row * 7 + column * 13) % 5) as f32 * 0.7;
    let at = |row: usize, column: usize| [column as f32, row as f32, height(row, column)];
    let mut triangles = Vec::new();
    for row in 0..side {
        for column in 0..side {
            let (a, b) = (at(row, column), at(row, column + 1));
            let (c, d) = (at(row + 1, column + 1), at(row + 1, column));
            triangles.push(Triangle { corners: [a, b, c], surface: (row * side + column) as u32 });
            triangles.push(Triangle { corners: [a, c, d], surface: (row * side + column) as u32 });
        }
    }
    triangles
}

#[test]
fn a_ray_meets_a_wall_at_its_distance_and_stops_at_its_reach() {
    let wall = Triangle { corners: [[5.0, -10.0, 0.0], [5.0, 10.0, 0.0], [5.0, 0.0, 10.0]], surface: 7 };
    let scene = Scene::new(&[wall]).unwrap();
    let east = Direction::new([1.0, 0.0, 0.0]);
    let packet = Packet::new(&[[0.0, 0.0, 1.0], [0.0, 0.0, 11.0], [6.0, 0.0, 1.0], [2.0, 0.5, 1.0]]);
    // The second passes above, the third starts behind the wall.
    assert_eq!(scene.occluded(&packet, &east, 100.0), 0b1001);
    let hits = scene.closest(&packet, &east, 100.0);
    assert_eq!(hits.distances[..4], [5.0, NO_HIT, NO_HIT, 3.0]);
    assert_eq!(hits.surfaces[..4], [7, NO_SURFACE, NO_SURFACE, 7]);
    assert_eq!(scene.occluded(&packet, &east, 4.0), 0b1000, "only the last is within 4 m");
    assert_eq!(scene.occluded(&packet, &Direction::new([-1.0, 0.0, 0.0]), 100.0), 0b0100);
}

#[test]
fn of_two_surfaces_at_one_place_the_lower_number_is_met() {
    let corners = [[-1.0, -1.0, 2.0], [2.0, -1.0, 2.0], [-1.0, 2.0, 2.0]];
    let up = Direction::new([0.0, 0.0, 1.0]);
    for surfaces in [[4, 9], [9, 4]] {
        let scene = Scene::new(&surfaces.map(|surface| Triangle { corners, surface })).unwrap();
        assert_eq!(scene.closest(&Packet::new(&[[0.0; 3]]), &up, 10.0).surfaces[0], 4);
    }
}

#[test]
fn an_empty_scene_stops_nothing() {
    let scene = Scene::new(&[]).unwrap();
    let packet = Packet::new(&[[0.0; 3]; LANES]);
    assert_eq!(scene.occluded(&packet, &Direction::new([0.3, -0.2, 0.5]), 1.0e6), 0);
    assert_eq!(scene.closest(&packet, &Direction::new([0.3, -0.2, 0.5]), 1.0e6).surfaces, [NO_SURFACE; LANES]);
}

#[test]
fn coordinates_out_of_range_are_told() {
    for value in [f32::NAN, f32::INFINITY, -1.1e6] {
        let good = Triangle { corners: [[0.0; 3]; 3], surface: 0 };
        let mut bad = good;
        bad.corners[1][2] = value;
        let error = Scene::new(&[good, bad]).err().unwrap();
        assert!(matches!(error, SceneError::Coordinate { triangle: 1, .. }), "{error}");
    }
}

#[test]
fn degenerate_triangles_stop_nothing_and_break_nothing() {
    let point = Triangle { corners: [[1.0, 0.0, 0.0]; 3], surface: 0 };
    let line = Triangle { corners: [[1.0, -1.0, 0.0], [1.0, 0.0, 0.0], [1.0, 1.0, 0.0]], surface: 1 };
    let scene = Scene::new(&vec![point; 1000].into_iter().chain([line]).collect::<Vec<_>>()).unwrap();
    assert_eq!(scene.occluded(&Packet::new(&[[0.0; 3]]), &Direction::new([1.0, 0.0, 0.0]), 10.0), 0);
}

/// Sizes and places of many magnitudes, of which bins split off few at a time.
#[test]
fn an_uneven_scene_makes_no_tree_too_deep_to_walk() {
    let mut triangles = Vec::new();
    for step in 0..4000 {
        let at = 1.0e5 * 0.99_f32.powi(step);
        let corners = [[at, 0.0, 0.0], [at, at, 0.0], [at, 0.0, at]];
        triangles.push(Triangle { corners, surface: step as u32 });
    }
    let scene = Scene::new(&triangles).unwrap();
    for direction in [[1.0, 1e-4, 1e-4], [-1.0, 0.1, 0.1], [0.1, 1.0, 1.0]] {
        assert_same(&scene, &triangles, &[[0.0, 1e-6, 1e-6], [1.0, 0.01, 0.01], [2e4, 3.0, 5.0]], direction, 1.0e6);
    }
}

#[test]
fn axis_parallel_rays_along_faces_and_edges_agree_with_every_triangle_in_turn() {
    let triangles = box_faces(-2.0, 3.0);
    let scene = Scene::new(&triangles).unwrap();
    let places = [-3.0, -2.0, 0.0, 0.5, 3.0, 3.5];
    let directions =
        [[1.0, 0.0, 0.0], [0.0, -1.0, 0.0], [0.0, 0.0, 1.0], [1.0, 1.0, 0.0], [-1.0, 1.0e-20, 1.0], [-0.0, 0.0, -1.0]];
    for direction in directions {
        for x in places {
            for y in places {
                let origins = places.map(|z| [x, y, z]);
                assert_same(&scene, &triangles, &origins, direction, 50.0);
            }
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]

    #[test]
    fn packets_agree_to_the_bit_with_every_triangle_in_turn(
        corners in prop::collection::vec(prop::array::uniform3(prop::array::uniform3(-9.0_f32..9.0)), 0..60),
        origins in prop::collection::vec(prop::array::uniform3(-12.0_f32..12.0), 1..=LANES),
        direction in prop::array::uniform3(-1.0_f32..1.0),
        reach in 0.5_f32..40.0,
    ) {
        prop_assume!(direction.iter().any(|&component| component != 0.0));
        let triangles: Vec<_> =
            corners.into_iter().zip(0..).map(|(corners, surface)| Triangle { corners, surface: surface / 2 }).collect();
        assert_same(&Scene::new(&triangles).unwrap(), &triangles, &origins, direction, reach);
    }

    /// Whole coordinates make rays in planes of triangles, along faces of boxes and through corners.
    #[test]
    fn awkward_rays_agree_to_the_bit_with_every_triangle_in_turn(
        corners in prop::collection::vec(prop::array::uniform3(prop::array::uniform3(-2_i8..=2)), 1..40),
        origins in prop::collection::vec(prop::array::uniform3(-3_i8..=3), 1..=LANES),
        direction in prop::array::uniform3(-2_i8..=2),
    ) {
        prop_assume!(direction != [0; 3]);
        let triangles: Vec<_> = corners
            .into_iter()
            .zip(0..)
            .map(|(corners, surface)| Triangle { corners: corners.map(|corner| corner.map(f32::from)), surface })
            .collect();
        let origins: Vec<_> = origins.into_iter().map(|origin| origin.map(f32::from)).collect();
        assert_same(&Scene::new(&triangles).unwrap(), &triangles, &origins, direction.map(f32::from), 8.0);
    }

    /// Seen edge-on, a triangle's edge functions are rounding alone, also far from it.
    #[test]
    fn rays_in_a_plane_of_small_triangles_agree_to_the_bit_with_every_triangle_in_turn(
        axes in prop::array::uniform2(prop::array::uniform3(-1.0_f32..1.0)),
        places in prop::collection::vec(prop::array::uniform2(-300.0_f32..300.0), 200),
        origins in prop::collection::vec(prop::array::uniform2(-300.0_f32..300.0), LANES),
        turn in prop::array::uniform2(-1.0_f32..1.0),
    ) {
        let in_plane = |[u, v]: [f32; 2]| [0, 1, 2].map(|axis| u * axes[0][axis] + v * axes[1][axis]);
        let direction = in_plane(turn);
        prop_assume!(direction.iter().any(|&component| component.abs() > 1e-3));
        let around = |[u, v]: [f32; 2]| [[u, v], [u + 0.3, v], [u, v + 0.3]].map(in_plane);
        let triangles: Vec<_> =
            places.into_iter().zip(0..).map(|(at, surface)| Triangle { corners: around(at), surface }).collect();
        let origins: Vec<_> = origins.into_iter().map(in_plane).collect();
        assert_same(&Scene::new(&triangles).unwrap(), &triangles, &origins, direction, 1.0e3);
    }

    #[test]
    fn a_scene_of_a_part_agrees_where_the_rest_is_beyond_reach(
        origins in prop::collection::vec(prop::array::uniform3(5.0_f32..7.0), 1..=LANES),
        direction in prop::array::uniform3(-1.0_f32..1.0),
    ) {
        prop_assume!(direction.iter().any(|&component| component != 0.0));
        let length = direction.iter().map(|component| component * component).sum::<f32>().sqrt();
        let unit = direction.map(|component| component / length);
        let whole = field(24);
        // Rays of 4 m from 5..7 m stay within 0..12 m.
        let part: Vec<_> = whole.iter().copied().filter(|t| t.corners.iter().all(|c| c[0] < 13.0 && c[1] < 13.0)).collect();
        let (packet, direction) = (Packet::new(&origins), Direction::new(unit));
        let (whole, part) = (Scene::new(&whole).unwrap(), Scene::new(&part).unwrap());
        prop_assert_eq!(whole.occluded(&packet, &direction, 4.0), part.occluded(&packet, &direction, 4.0));
        prop_assert_eq!(whole.closest(&packet, &direction, 4.0), part.closest(&packet, &direction, 4.0));
    }

    #[test]
    fn rays_away_from_edges_agree_with_f64(
        corners in prop::array::uniform3(prop::array::uniform3(-9.0_f32..9.0)),
        origin in prop::array::uniform3(-9.0_f32..9.0),
        direction in prop::array::uniform3(-1.0_f32..1.0),
    ) {
        let clear = met_in_f64(origin, direction, &corners)
            .filter(|&(distance, inside)| distance.abs() > 1e-3 && distance.abs() < 1e4 && inside.abs() > 1e-2);
        prop_assume!(clear.is_some());
        let (distance, inside) = clear.unwrap();
        let scene = Scene::new(&[Triangle { corners, surface: 0 }]).unwrap();
        let hits = scene.closest(&Packet::new(&[origin]), &Direction::new(direction), 2.0e4);
        if distance > 0.0 && inside > 0.0 {
            prop_assert!((f64::from(hits.distances[0]) / distance - 1.0).abs() < 1e-2, "{} {distance}", hits.distances[0]);
        } else {
            prop_assert_eq!(hits.distances[0], NO_HIT);
        }
    }

    #[test]
    fn nothing_leaks_out_of_a_closed_box(
        low in -4.0e4_f32..0.0,
        origins in prop::collection::vec(prop::array::uniform3(0.01_f32..0.99), LANES),
        direction in prop::array::uniform3(-1.0_f32..1.0),
    ) {
        prop_assume!(direction.iter().any(|&component| component.abs() > 1e-3));
        let size = 12.0;
        let scene = Scene::new(&box_faces(low, low + size)).unwrap();
        let origins: Vec<_> = origins.iter().map(|at| at.map(|share| low + share * size)).collect();
        prop_assert_eq!(scene.occluded(&Packet::new(&origins), &Direction::new(direction), 1.0e5), u16::MAX);
    }
}

/// Rays aimed at corners and edges of a closed, finely divided surface, where a leak would be.
#[test]
fn nothing_leaks_through_edges_and_corners_of_a_fine_surface() {
    let side = 16;
    let triangles = field(side);
    let scene = Scene::new(&triangles).unwrap();
    for triangle in &triangles {
        let [a, b, c] = triangle.corners;
        // Past a ridge a ray may go on; away from the border it meets the surface all the same.
        let inner = |corner: [f32; 3]| corner[..2].iter().all(|&at| at > 4.0 && at < side as f32 - 4.0);
        let between =
            |p: [f32; 3], q: [f32; 3], share: f32| [0, 1, 2].map(|axis| p[axis] + share * (q[axis] - p[axis]));
        for aim in [a, between(a, b, 0.5), between(a, c, 0.3), between(b, c, 0.7)] {
            if !inner(aim) {
                continue;
            }
            let origins: Vec<_> =
                (0..LANES).map(|lane| [3.1 + lane as f32 * 0.7, 8.3 - lane as f32 * 0.2, 40.0]).collect();
            for origin in origins {
                let direction = [0, 1, 2].map(|axis| aim[axis] - origin[axis]);
                let blocked = scene.occluded(&Packet::new(&[origin]), &Direction::new(direction), 2.0);
                assert_eq!(blocked, 1, "from {origin:?} to {aim:?}");
            }
        }
    }
}
