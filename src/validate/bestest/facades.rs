//! Walls with their windows, and what overhangs and fins leave them of sun and sky.
//!
//! Windows stand side by side, each in the middle of an equal part of its wall. Their number is the area over that of the file's
//! window; an area that is no multiple makes them wider or narrower. Overhangs run level at their height above the windows, or at
//! the top of the wall; fins stand at both sides of every window from the ground to the overhang, else to the top of the wall. What
//! they reflect is not followed.

use conurb_energy::climate::Climate;
use conurb_energy::zone::Facade;
use conurb_solar::rays::{NO_SURFACE, Scene, Triangle};
use conurb_solar::sky::{Patches, RaysPerPatch, Subdivision};
use conurb_solar::surface::{BinStep, Bounce, SunBins, SurfaceView, ViewRays, sample_points};

use super::case_file::{Case, Orientation};
use super::forms::Width;
use super::zone_file::ZoneFile;
use crate::error::Problem;
use crate::stages::energy::climate::set_sun_bins;

/// Distance of points on walls and windows (m).
const SPACING_M: f64 = 0.1;
/// Fewest points along the larger side of what is sampled.
const FEWEST_POINTS: f64 = 20.0;
/// Most points along it.
const MOST_POINTS: f64 = 200.0;
/// Distance of points from their surface (m).
const OFFSET_M: f64 = 1e-3;
/// How far rays go (m).
const REACH_M: f32 = 1e5;

/// A part of a wall: from left to right and from bottom to top, along the wall and up (m).
#[derive(Debug, Clone, Copy, PartialEq)]
struct Rectangle {
    along: [f64; 2],
    up: [f64; 2],
}

/// Walls of a zone, and the sky that they see.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Walls {
    /// Opaque parts and windows, one direction after the other.
    pub facades: Vec<Facade>,
    /// Area without windows (m²).
    pub opaque_area: f64,
    /// View factor of the sky, of opaque parts.
    pub opaque_sky_view: f64,
    /// View factor of the sky, of windows.
    pub window_sky_view: f64,
}

/// Makes every hour with sun a bin of its own, so that shadows are exact.
pub(super) fn hourly_bins(climate: &mut Climate, latitude: f64) -> SunBins {
    let n_hours = climate.n_hours();
    let directions: Vec<[f64; 3]> =
        (0..n_hours).map(|hour| [climate.sun_east[hour], climate.sun_north[hour], climate.sun_up[hour]]).collect();
    let suns = SunBins::new(&directions, &climate.beam, latitude, BinStep::Hourly);
    set_sun_bins(climate, &(0..n_hours).collect::<Vec<_>>(), &suns);
    suns
}

/// The walls of a case.
///
/// # Errors
/// Windows that do not fit into their wall.
pub(super) fn walls(zone: &ZoneFile, case: &Case, suns: &SunBins) -> Result<Walls, Problem> {
    let mut walls = Walls { facades: Vec::new(), opaque_area: 0.0, opaque_sky_view: 0.0, window_sky_view: 0.0 };
    let mut glass = 0.0;
    for orientation in Orientation::ALL {
        let window = case.windows.iter().find(|(wall, _)| *wall == orientation).map_or(0.0, |(_, area)| *area);
        let opaque = zone.gross_wall(orientation) - window;
        let windows = windows(zone, orientation, window)?;
        let obstacles = obstacles(zone, case, orientation, &windows);
        let normal = orientation.normal();
        let [of_wall, of_window] = match obstacles.is_empty() {
            true => [Seen::all(), Seen::all()],
            false => {
                let look = Look { normal, suns, obstacles: &obstacles };
                [look.at(&without(zone, orientation, &windows)), look.at(&windows)]
            }
        };
        walls.opaque_sky_view += 0.5 * of_wall.sky_share * opaque;
        walls.window_sky_view += 0.5 * of_window.sky_share * window;
        walls.opaque_area += opaque;
        glass += window;
        walls.facades.push(of_wall.facade(normal, zone.absorptance * opaque, 0.0, zone.albedo));
        if window > 0.0 {
            walls.facades.push(of_window.facade(normal, 0.0, window * (1.0 - zone.frame_share), zone.albedo));
        }
    }
    walls.opaque_sky_view /= walls.opaque_area.max(f64::MIN_POSITIVE);
    walls.window_sky_view = if glass > 0.0 { walls.window_sky_view / glass } else { 0.5 };
    Ok(walls)
}

/// A face before which nothing stands.
pub(super) fn open_facade(normal: [f64; 3], absorbing_area: f64, glass_area: f64, albedo: f64) -> Facade {
    Seen::all().facade(normal, absorbing_area, glass_area, albedo)
}

/// What a part of a wall sees.
struct Seen {
    sky_share: f64,
    horizon_share: f64,
    ground_share: f64,
    suns: Option<Vec<u8>>,
}

impl Seen {
    fn all() -> Seen {
        Seen { sky_share: 1.0, horizon_share: 1.0, ground_share: 1.0, suns: None }
    }

    fn of(view: &SurfaceView) -> Seen {
        let share = |share: &f32| (share * 255.0).round() as u8;
        Seen {
            sky_share: view.f_sky,
            horizon_share: view.horizon_share,
            ground_share: view.ground_share,
            suns: Some(view.sun_visible_share.iter().map(share).collect()),
        }
    }

    fn facade(self, normal: [f64; 3], absorbing_area: f64, glass_area: f64, albedo: f64) -> Facade {
        Facade {
            normal,
            absorbing_area,
            glass_area,
            sky_share: self.sky_share,
            horizon_share: self.horizon_share,
            reflected: albedo * self.ground_share * (1.0 - normal[2]) / 2.0,
            sun_shares: self.suns,
        }
    }
}

/// A look from a wall, in coordinates whose origin is its lower left corner.
struct Look<'a> {
    normal: [f64; 3],
    suns: &'a SunBins,
    obstacles: &'a [[[f64; 3]; 3]],
}

impl Look<'_> {
    fn at(&self, parts: &[Rectangle]) -> Seen {
        let triangles: Vec<[[f64; 3]; 3]> =
            parts.iter().flat_map(|part| in_space(self.normal, quadrangle(part.corners()))).collect();
        let extent = parts.iter().flat_map(|part| [part.along[1] - part.along[0], part.up[1] - part.up[0]]);
        let longest = extent.fold(0.0, f64::max);
        let spacing = SPACING_M.clamp(longest / MOST_POINTS, longest / FEWEST_POINTS);
        let Ok(points) = sample_points(&triangles, &triangles, self.normal, spacing, OFFSET_M) else {
            return Seen::all();
        };
        let obstacles: Vec<Triangle> = in_space(self.normal, self.obstacles.to_vec())
            .into_iter()
            .map(|corners| Triangle {
                corners: corners.map(|corner| corner.map(|value| value as f32)),
                surface: NO_SURFACE,
            })
            .collect();
        let scene = Scene::new(&obstacles).expect("walls are shorter than scenes");
        let sky = Patches::new(Subdivision::Reinhart577, RaysPerPatch::Four);
        Seen::of(&ViewRays::new(&scene, &sky, self.suns, REACH_M, Bounce::None).view(self.normal, &points))
    }
}

impl Rectangle {
    /// Along, up and out of the wall.
    fn corners(&self) -> [[f64; 3]; 4] {
        let ([left, right], [bottom, top]) = (self.along, self.up);
        [[left, bottom, 0.0], [right, bottom, 0.0], [right, top, 0.0], [left, top, 0.0]]
    }
}

fn quadrangle([a, b, c, d]: [[f64; 3]; 4]) -> Vec<[[f64; 3]; 3]> {
    vec![[a, b, c], [a, c, d]]
}

/// From along, up and out of a wall to east, north and up; looked at from outside, along goes to the right.
fn in_space(normal: [f64; 3], triangles: Vec<[[f64; 3]; 3]>) -> Vec<[[f64; 3]; 3]> {
    let place =
        |[along, up, out]: [f64; 3]| [-normal[1] * along + normal[0] * out, normal[0] * along + normal[1] * out, up];
    triangles.into_iter().map(|corners| corners.map(place)).collect()
}

fn windows(zone: &ZoneFile, orientation: Orientation, area: f64) -> Result<Vec<Rectangle>, Problem> {
    if area == 0.0 {
        return Ok(Vec::new());
    }
    let [usual_width, height] = zone.window_size;
    let number = (area / (usual_width * height)).round().max(1.0);
    let (width, strip) = (area / height / number, zone.wall_width(orientation) / number);
    if area > zone.gross_wall(orientation) || width > strip || zone.sill + height > zone.size[2] {
        let message = format!("{area} m² of windows do not fit into the wall {}", orientation.letter());
        return Err(Problem::new(message).hint("zone.csv says how high windows are and how large the wall is"));
    }
    let window = |index: usize| {
        let left = strip * index as f64 + 0.5 * (strip - width);
        Rectangle { along: [left, left + width], up: [zone.sill, zone.sill + height] }
    };
    Ok((0..number as usize).map(window).collect())
}

/// The wall below, above and between its windows.
fn without(zone: &ZoneFile, orientation: Orientation, windows: &[Rectangle]) -> Vec<Rectangle> {
    let (width, height) = (zone.wall_width(orientation), zone.size[2]);
    let Some(first) = windows.first() else { return vec![Rectangle { along: [0.0, width], up: [0.0, height] }] };
    let [sill, head] = first.up;
    let mut parts =
        vec![Rectangle { along: [0.0, width], up: [0.0, sill] }, Rectangle { along: [0.0, width], up: [head, height] }];
    let mut left = 0.0;
    for window in windows {
        parts.push(Rectangle { along: [left, window.along[0]], up: [sill, head] });
        left = window.along[1];
    }
    parts.push(Rectangle { along: [left, width], up: [sill, head] });
    parts.retain(|part| part.along[1] > part.along[0] && part.up[1] > part.up[0]);
    parts
}

fn obstacles(zone: &ZoneFile, case: &Case, orientation: Orientation, windows: &[Rectangle]) -> Vec<[[f64; 3]; 3]> {
    let mut triangles = Vec::new();
    let Some(head) = windows.first().map(|window| window.up[1]) else { return triangles };
    let overhang = case.shading.overhang;
    let top = overhang.and_then(|overhang| overhang.above_m).map_or(zone.size[2], |above| head + above);
    if let Some(overhang) = overhang.filter(|overhang| overhang.depth_m > 0.0) {
        let spans: Vec<[f64; 2]> = match overhang.width {
            Width::Wall => vec![[0.0, zone.wall_width(orientation)]],
            Width::Windows => windows.iter().map(|window| window.along).collect(),
        };
        for [left, right] in spans {
            let edge = |along: f64, out: f64| [along, top, out];
            triangles.extend(quadrangle([
                edge(left, 0.0),
                edge(right, 0.0),
                edge(right, overhang.depth_m),
                edge(left, overhang.depth_m),
            ]));
        }
    }
    if let Some(depth) = case.shading.fins_m.filter(|depth| *depth > 0.0) {
        for along in windows.iter().flat_map(|window| window.along) {
            let edge = |up: f64, out: f64| [along, up, out];
            triangles.extend(quadrangle([edge(0.0, 0.0), edge(top, 0.0), edge(top, depth), edge(0.0, depth)]));
        }
    }
    triangles
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::validate::bestest::forms::{Overhang, Setpoint, Shading};

    const SOUTH: Orientation = Orientation::South;

    fn shaded(overhang: Overhang) -> Case {
        Case {
            line: 2,
            name: "a".into(),
            mass: "low".into(),
            windows: vec![(SOUTH, 12.0)],
            shading: Shading { overhang: Some(overhang), fins_m: None },
            heating: Setpoint::Off,
            cooling: Setpoint::Off,
            setback: None,
            fan: None,
            is_free: true,
        }
    }

    #[test]
    fn windows_stand_in_the_middle_of_equal_parts() {
        let zone = ZoneFile::usual();
        let along =
            |area: f64| windows(&zone, SOUTH, area).unwrap().iter().map(|window| window.along).collect::<Vec<_>>();
        assert_eq!(along(12.0), [[0.5, 3.5], [4.5, 7.5]]);
        assert_eq!(along(7.0), [[2.25, 5.75]], "one that is wider");
        assert!(windows(&zone, SOUTH, 18.0).is_err() && windows(&zone, Orientation::East, 16.2).is_err());
        let parts = without(&zone, SOUTH, &windows(&zone, SOUTH, 12.0).unwrap());
        let area: f64 = parts.iter().map(|part| (part.along[1] - part.along[0]) * (part.up[1] - part.up[0])).sum();
        assert!((area - 9.6).abs() < 1e-12, "{area}");
    }

    #[test]
    fn an_overhang_shades_as_far_down_as_the_sun_is_high() {
        // A sun at 45° straight before the wall: 1 m of overhang 0.5 m above the windows shades the upper 0.5 m of their 2 m, and of
        // the wall's 9.6 m² what is above and between that: 8 × 0.5 + 2 × 0.5.
        let half = 0.5_f64.sqrt();
        let suns = SunBins { directions: vec![[0.0, -half, half]], bin_of_hour: vec![0] };
        let overhang = Overhang { depth_m: 1.0, width: Width::Wall, above_m: Some(0.5) };
        let walls = walls(&ZoneFile::usual(), &shaded(overhang), &suns).unwrap();
        let shares = |facade: &Facade| f64::from(facade.sun_shares.as_ref().unwrap()[0]) / 255.0;
        let south: Vec<&Facade> = walls.facades.iter().filter(|facade| facade.normal == SOUTH.normal()).collect();
        assert_eq!((south.len(), walls.facades.len(), south[1].glass_area), (2, 5, 12.0));
        assert!((shares(south[1]) - 0.75).abs() < 0.02, "{}", shares(south[1]));
        assert!((shares(south[0]) - (1.0 - 5.0 / 9.6)).abs() < 0.03, "{}", shares(south[0]));
        assert!(south[1].sky_share < 0.9 && south[1].sky_share > 0.5 && walls.facades[0].sun_shares.is_none());
        assert!((walls.opaque_area - 63.6).abs() < 1e-12 && walls.window_sky_view < 0.45);
    }

    #[test]
    fn a_wide_overhang_hides_what_geometry_says() {
        // From a height h below an endless overhang of depth d a wall sees sin(atan(h / d)) = h / √(h² + d²) of its sky; the mean
        // over h from 0.5 m to 2.5 m with d = 1 m is (√7.25 − √1.25) / 2.
        let expected = (7.25_f64.sqrt() - 1.25_f64.sqrt()) / 2.0;
        let suns = SunBins { directions: Vec::new(), bin_of_hour: Vec::new() };
        let zone = ZoneFile { size: [800.0, 6.0, 2.7], gross_walls: [2160.0, 16.2, 2160.0, 16.2], ..ZoneFile::usual() };
        let overhang = Overhang { depth_m: 1.0, width: Width::Wall, above_m: None };
        let case = Case { windows: vec![(SOUTH, 6.0)], ..shaded(overhang) };
        let walls = walls(&zone, &case, &suns).unwrap();
        let window = walls.facades.iter().find(|facade| facade.glass_area > 0.0).unwrap();
        assert!((window.sky_share - expected).abs() < 0.01, "{} {expected}", window.sky_share);
    }
}
