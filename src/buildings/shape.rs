//! Areas and volume of a building of a city model.

use conurb_geometry::{GROUND_ABOVE, Kind};

use super::groups::{Direction, Group, mean_groups};
use super::{Face, FaceKind};
use crate::city::{City, CityFace};

/// Undersides whose lowest corner lies this much above the lowest of their building are floors above outdoor air: one can
/// walk below them. Lower ones are taken as lying on the ground, as on a slope (m).
const OVERHANG_ABOVE_M: f64 = 2.0;
/// Most groups of walls; more only if walls lean every way.
const MOST_WALLS: usize = 8;
/// Most groups of roofs; more only if roofs look every way.
const MOST_ROOFS: usize = 6;

/// What a building looks like.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Shape {
    /// Exposed walls, roofs and undersides, those that look the same way together.
    pub faces: Vec<Face>,
    /// Area that lies on the ground (m²).
    pub ground_area: f64,
    /// Area seen from below, whatever lies there (m²).
    pub footprint: f64,
    /// Area of all walls, shared ones included (m²).
    pub wall_area: f64,
    /// Area of walls that other buildings cover (m²).
    pub party_area: f64,
    /// Volume (m³).
    pub volume: f64,
    /// Whether a part of it is not closed, so that its volume is that between its roofs and its ground.
    pub is_open: bool,
}

/// Measures a building; normals are turned to true north by `convergence_deg`, the direction of grid north clockwise from it.
pub(super) fn shape_of(city: &City, building: usize, convergence_deg: f64) -> Shape {
    let range = city.surfaces_of(building);
    let bottom = bottom_of(city.surfaces[range.clone()].iter());
    let mut shape = Shape {
        faces: Vec::new(),
        ground_area: 0.0,
        footprint: 0.0,
        wall_area: 0.0,
        party_area: 0.0,
        volume: 0.0,
        is_open: false,
    };
    let (mut walls, mut roofs, mut undersides) = (Vec::new(), Vec::new(), Vec::new());
    for number in range.clone() {
        let face = &city.surfaces[number];
        let surface = &face.shape;
        if surface.kind == Kind::Interior {
            continue;
        }
        let covered = (surface.area - surface.exposed_area).max(0.0);
        let (own, others) = covers(city, face);
        if is_underside(face) {
            shape.footprint += surface.normal[2].abs() * (surface.area - own.min(covered));
            if lowest(face) - bottom > OVERHANG_ABOVE_M {
                undersides.push(number);
            } else {
                shape.ground_area += surface.exposed_area;
            }
        } else if surface.kind == Kind::Wall {
            shape.wall_area += surface.area;
            shape.party_area += others.min(covered);
            walls.push(number);
        } else {
            roofs.push(number);
        }
    }
    shape.faces = faces(city, FaceKind::Wall, &walls, MOST_WALLS);
    shape.faces.extend(faces(city, FaceKind::Wall, &undersides, 1).into_iter().map(without_windows));
    shape.faces.extend(faces(city, FaceKind::Roof, &roofs, MOST_ROOFS));
    shape.faces.iter_mut().for_each(|face| face.normal = to_true_north(face.normal, convergence_deg));
    (shape.volume, shape.is_open) = volume_of(city, building);
    shape
}

/// Turns a direction of the grid to one of true north; azimuths grow by the convergence.
fn to_true_north([east, north, up]: [f64; 3], convergence_deg: f64) -> [f64; 3] {
    let angle = convergence_deg.to_radians();
    let (sine, cosine) = (libm::sin(angle), libm::cos(angle));
    [east * cosine + north * sine, north * cosine - east * sine, up]
}

fn without_windows(face: Face) -> Face {
    Face { window_area: Some(0.0), ..face }
}

fn faces(city: &City, kind: FaceKind, surfaces: &[usize], most: usize) -> Vec<Face> {
    let exposed: Vec<usize> =
        surfaces.iter().copied().filter(|&surface| city.surfaces[surface].shape.exposed_area > 0.0).collect();
    let shape = |surface: usize| &city.surfaces[surface].shape;
    let directions: Vec<Direction> = exposed
        .iter()
        .map(|&surface| Direction { normal: shape(surface).normal, area: shape(surface).exposed_area })
        .collect();
    let groups = mean_groups(&directions, most).into_iter();
    let face = |group: Group| Face {
        kind,
        normal: group.normal,
        area: group.area,
        window_area: None,
        surfaces: group.members.iter().map(|&member| (exposed[member], directions[member].area)).collect(),
    };
    groups.map(face).collect()
}

/// Whether a surface is seen from below.
fn is_underside(face: &CityFace) -> bool {
    face.shape.kind == Kind::Ground || face.shape.tilt > GROUND_ABOVE
}

fn lowest(face: &CityFace) -> f64 {
    face.rings.iter().flatten().map(|vertex| vertex[2]).fold(f64::INFINITY, f64::min)
}

fn bottom_of<'a>(faces: impl Iterator<Item = &'a CityFace>) -> f64 {
    faces.filter(|face| face.shape.kind != Kind::Interior).map(lowest).fold(f64::INFINITY, f64::min)
}

/// Areas of a surface that parts of its own building cover, and that other buildings cover (m²).
fn covers(city: &City, face: &CityFace) -> (f64, f64) {
    let mut areas = (0.0, 0.0);
    for party in &face.shape.party {
        if city.objects[party.object].building == face.building {
            areas.0 += party.area;
        } else {
            areas.1 += party.area;
        }
    }
    areas
}

/// Volume of a building, and whether a part of it had to be estimated because it is not closed.
fn volume_of(city: &City, building: usize) -> (f64, bool) {
    let (mut volume, mut is_open) = (0.0, false);
    let range = city.surfaces_of(building);
    for part in city.surfaces[range].chunk_by(|a, b| a.object == b.object) {
        match city.objects[part[0].object].volume {
            Some(closed) => volume += closed,
            None => {
                is_open = true;
                volume += volume_under_roofs(part);
            }
        }
    }
    (volume, is_open)
}

/// Area seen from below times the mean height of what is seen from above over what is seen from below (m³).
///
/// This is the volume itself (divergence theorem) if only vertical walls are missing.
fn volume_under_roofs(part: &[CityFace]) -> f64 {
    let (mut roof, mut ground) = ((0.0, 0.0), (0.0, 0.0));
    for face in part.iter().filter(|face| face.shape.kind != Kind::Interior) {
        let sums = match face.shape.kind {
            _ if is_underside(face) => &mut ground,
            Kind::Roof => &mut roof,
            Kind::Wall | Kind::Ground | Kind::Interior | Kind::Unknown => continue,
        };
        for triangle in &face.shape.triangles {
            let [a, b, c] = triangle;
            let level = 0.5 * ((b[0] - a[0]) * (c[1] - a[1]) - (b[1] - a[1]) * (c[0] - a[0])).abs();
            sums.0 += level;
            sums.1 += level * (a[2] + b[2] + c[2]) / 3.0;
        }
    }
    if roof.0 > 0.0 && ground.0 > 0.0 { (roof.1 / roof.0 - ground.1 / ground.0).max(0.0) * ground.0 } else { 0.0 }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn azimuths_of_true_north_are_greater_by_the_convergence() {
        // Grid north 2° east of true north: what lies at 88° of the grid is at true azimuth 90°.
        let azimuth = 88.0f64.to_radians();
        let [east, north, up] = to_true_north([0.8 * azimuth.sin(), 0.8 * azimuth.cos(), 0.6], 2.0);
        assert!((east - 0.8).abs() < 1e-12 && north.abs() < 1e-12 && up == 0.6, "{east} {north}");
    }
}
