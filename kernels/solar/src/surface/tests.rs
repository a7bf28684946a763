//! Surfaces among others: canyons, walls, a street through a year.

use super::*;
use crate::rays::{NO_SURFACE, Scene, Triangle};
use crate::sky::{Patches, PerezSky, RaysPerPatch, Subdivision, patch_radiances};

/// Unit vector (east, north, up) to a sun of a declination and hour angle (°).
pub(super) fn sun_at(latitude: f64, declination: f64, hour_angle: f64) -> [f64; 3] {
    let [latitude, declination, hour_angle] = [latitude, declination, hour_angle].map(f64::to_radians);
    let (sine, cosine) = (libm::sin(latitude), libm::cos(latitude));
    let level = libm::cos(declination) * libm::cos(hour_angle);
    [
        -libm::cos(declination) * libm::sin(hour_angle),
        cosine * libm::sin(declination) - sine * level,
        sine * libm::sin(declination) + cosine * level,
    ]
}

const UP: [f64; 3] = [0.0, 0.0, 1.0];
const SOUTH: [f64; 3] = [0.0, -1.0, 0.0];
const REACH: f32 = 1.0e5;

fn quad([a, b, c, d]: [[f32; 3]; 4], surface: u32) -> [Triangle; 2] {
    [Triangle { corners: [a, b, c], surface }, Triangle { corners: [a, c, d], surface }]
}

/// A wall along x at y, from the ground up.
fn wall_along_x(from: f32, to: f32, y: f32, height: f32, surface: u32) -> [Triangle; 2] {
    quad([[from, y, -1.0], [to, y, -1.0], [to, y, height], [from, y, height]], surface)
}

fn point(at: [f64; 3]) -> SamplePoints {
    SamplePoints { points: vec![at], areas: vec![1.0] }
}

fn no_suns() -> SunBins {
    SunBins::new(&[], &[], 0.0, BinStep::Hourly)
}

fn close(value: f64, expected: f64, tolerance: f64) {
    assert!((value - expected).abs() <= tolerance, "{value} instead of {expected}");
}

#[test]
fn a_flat_open_roof_sees_all_the_sky_and_all_suns() {
    let (scene, suns) = (Scene::new(&[]).unwrap(), [(20.0, 0.0), (20.0, 60.0), (-10.0, 30.0)]);
    let suns = SunBins::new(&suns.map(|(d, h)| sun_at(52.0, d, h)), &[1.0; 3], 52.0, BinStep::Hourly);
    for subdivision in [Subdivision::Tregenza145, Subdivision::Reinhart577] {
        let sky = Patches::new(subdivision, RaysPerPatch::One);
        let view = ViewRays::new(&scene, &sky, &suns, REACH, Bounce::Once).view(UP, &point([0.0, 0.0, 10.02]));
        close(view.f_sky, 1.0, 1e-12);
        close(view.sky_view_factor, 1.0, 1e-12);
        close(view.horizon_share, 1.0, 1e-12);
        assert_eq!((view.ground_share, view.terrain_view_factor), (1.0, 0.0));
        assert_eq!(view.sun_visible_share, [1.0; 3]);
        assert!(view.reflectors.is_empty());
    }
}

/// Mid-floor of an infinite canyon: SVF = cos(atan(2 H / W)).
#[test]
fn the_floor_of_a_canyon_sees_the_sky_of_the_closed_form() {
    let sizes = [(0.5, std::f64::consts::FRAC_1_SQRT_2), (1.0, 0.447_214), (2.0, 0.242_536)];
    // The fewer rays, the coarser the edge of the sky.
    let skies = [
        (Subdivision::Reinhart577, RaysPerPatch::Sixteen, 0.005),
        (Subdivision::Reinhart577, RaysPerPatch::Four, 0.012),
        (Subdivision::Reinhart577, RaysPerPatch::One, 0.05),
        (Subdivision::Tregenza145, RaysPerPatch::Sixteen, 0.01),
        (Subdivision::Tregenza145, RaysPerPatch::Four, 0.02),
        (Subdivision::Tregenza145, RaysPerPatch::One, 0.03),
    ];
    let suns = no_suns();
    for (subdivision, rays, tolerance) in skies {
        let sky = Patches::new(subdivision, rays);
        for (height_over_width, exact) in sizes {
            let height = 20.0 * height_over_width as f32;
            let triangles =
                [wall_along_x(-5e3, 5e3, -10.0, height, 3), wall_along_x(-5e3, 5e3, 10.0, height, 8)].concat();
            let scene = Scene::new(&triangles).unwrap();
            let view = ViewRays::new(&scene, &sky, &suns, REACH, Bounce::Once).view(UP, &point([0.0, 0.0, 0.0]));
            close(view.f_sky / exact, 1.0, tolerance);
            // Both walls share the rest evenly.
            assert_eq!(view.reflectors.iter().map(|reflector| reflector.surface).collect::<Vec<_>>(), [3, 8]);
            let blocked: f64 = view.reflectors.iter().map(|reflector| reflector.view_factor).sum();
            close(blocked + view.sky_view_factor, 1.0, 1e-12);
            close(view.reflectors[0].view_factor, view.reflectors[1].view_factor, 0.01);
        }
    }
}

#[test]
fn a_wall_in_front_hides_low_suns_only() {
    // 10 m high and 10 m away in the south: it hides suns below 45°.
    let scene = Scene::new(&wall_along_x(-1e3, 1e3, -10.0, 10.0, 0)).unwrap();
    let sky = Patches::new(Subdivision::Tregenza145, RaysPerPatch::One);
    let elevations = [10.0_f64, 44.0, 46.0, 80.0];
    let suns = elevations.map(|elevation| sun_at(0.0, elevation - 90.0, 0.0));
    let suns = SunBins::new(&suns, &[1.0; 4], 0.0, BinStep::Hourly);
    let view = ViewRays::new(&scene, &sky, &suns, REACH, Bounce::None).view(UP, &point([0.0; 3]));
    assert_eq!(view.sun_visible_share, [0.0, 0.0, 1.0, 1.0]);
    assert!(view.sun_visible.get(0, 2) && !view.sun_visible.get(0, 1));
    // A wall that faces north turns its back on all of them.
    let north = ViewRays::new(&scene, &sky, &suns, REACH, Bounce::None).view([0.0, 1.0, 0.0], &point([0.0; 3]));
    assert_eq!(north.sun_visible_share, [0.0; 4]);
}

#[test]
fn shares_are_means_over_points_by_their_area() {
    let scene = Scene::new(&wall_along_x(-1e3, 1e3, -10.0, 10.0, 0)).unwrap();
    let sky = Patches::new(Subdivision::Tregenza145, RaysPerPatch::One);
    let suns = SunBins::new(&[sun_at(0.0, -60.0, 0.0)], &[1.0], 0.0, BinStep::Hourly);
    // The sun stands 30° high in the south: the shadow is 17.3 m long, so the second point, 20 m away, is lit.
    let points = SamplePoints { points: vec![[0.0; 3], [0.0, 10.0, 0.0]], areas: vec![3.0, 1.0] };
    let view = ViewRays::new(&scene, &sky, &suns, REACH, Bounce::None).view(UP, &points);
    assert_eq!(view.sun_visible_share, [0.25]);
    let isotropic = vec![1000.0 / std::f64::consts::PI; 145];
    let irradiation = view.point_irradiation(&PointEnergies { patches: &isotropic, suns: &[500.0] });
    let mean = 0.75 * irradiation[0] + 0.25 * irradiation[1];
    close(mean, 1000.0 * view.f_sky + 0.25 * 500.0, 1e-9);
    assert!(irradiation[1] > irradiation[0] + 500.0);
}

#[test]
fn a_free_wall_sees_sky_and_ground_alike() {
    let scene = Scene::new(&[]).unwrap();
    let (sky, suns) = (Patches::new(Subdivision::Tregenza145, RaysPerPatch::One), no_suns());
    let view = ViewRays::new(&scene, &sky, &suns, REACH, Bounce::Once).view(SOUTH, &point([0.0; 3]));
    close(view.sky_view_factor, 0.5, 1e-12);
    close(view.ground_view_factor, 0.5, 1e-12);
    close(view.ground_share, 1.0, 1e-12);
    close(view.horizon_share, 1.0, 1e-12);
}

/// Two endless parallel walls of one height: half-way up, the one across hides 2 × sin(atan(h / 2 d)) / 2 of the view.
#[test]
fn a_wall_across_is_met_above_and_below_the_horizon() {
    let scene = Scene::new(&quad([[-5e3, -10.0, 0.0], [5e3, -10.0, 0.0], [5e3, -10.0, 20.0], [-5e3, -10.0, 20.0]], 42))
        .unwrap();
    let (sky, suns) = (Patches::new(Subdivision::Reinhart577, RaysPerPatch::Four), no_suns());
    let around = ViewRays::new(&scene, &sky, &suns, REACH, Bounce::Once);
    let view = around.view(SOUTH, &point([0.0, 0.0, 10.0]));
    // d = 10 m, h / 2 = 10 m: sin 45° of each half, of which sky and ground keep 1 - sin 45°.
    let half = std::f64::consts::FRAC_1_SQRT_2;
    close(view.f_sky, 1.0 - half, 0.01);
    close(view.ground_share, 1.0 - half, 0.03);
    assert_eq!(view.reflectors.len(), 1);
    assert_eq!(view.reflectors[0].surface, 42);
    close(view.reflectors[0].view_factor, half, 0.02);
    let all =
        view.sky_view_factor + view.ground_view_factor + view.terrain_view_factor + view.reflectors[0].view_factor;
    close(all, 1.0, 1e-12);
    close(view.horizon_share, 0.0, 0.01);
}

#[test]
fn terrain_counts_as_ground_below_the_horizon_and_apart_above() {
    let hill = wall_along_x(-5e3, 5e3, -10.0, 10.0, NO_SURFACE);
    let floor = quad([[-5e3, -5e3, -2.0], [5e3, -5e3, -2.0], [5e3, 5e3, -2.0], [-5e3, 5e3, -2.0]], NO_SURFACE);
    let scene = Scene::new(&[hill, floor].concat()).unwrap();
    let (sky, suns) = (Patches::new(Subdivision::Tregenza145, RaysPerPatch::One), no_suns());
    let view = ViewRays::new(&scene, &sky, &suns, REACH, Bounce::Once).view(SOUTH, &point([0.0; 3]));
    close(view.ground_share, 1.0, 1e-12);
    assert!(view.terrain_view_factor > 0.3 && view.reflectors.is_empty());
    close(view.terrain_view_factor + view.sky_view_factor + view.ground_view_factor, 1.0, 1e-12);
}

#[test]
fn without_bounces_the_sky_is_the_same() {
    let scene = Scene::new(&street()).unwrap();
    let (sky, suns) = (Patches::new(Subdivision::Tregenza145, RaysPerPatch::Four), no_suns());
    let view = |bounce| ViewRays::new(&scene, &sky, &suns, REACH, bounce).view(SOUTH, &point([3.0, -0.02, 4.0]));
    let (none, once) = (view(Bounce::None), view(Bounce::Once));
    assert_eq!(none.sky_visible, once.sky_visible);
    assert_eq!(none.sky_coefficients, once.sky_coefficients);
}

/// Blocks of 20 m by 20 m, 8 to 23 m high, with streets of 12 m; that in the middle has its south wall at y = 0 and its roof
/// 8 m up.
fn street() -> Vec<Triangle> {
    let mut triangles = Vec::new();
    for row in -3_i16..=3 {
        for column in -3_i16..=3 {
            let height = 8.0 + 3.0 * f32::from((row * row + 2 * column * column + row * column) % 6);
            let (west, south) = (f32::from(column) * 32.0 - 10.0, f32::from(row) * 32.0);
            let (east, north) = (west + 20.0, south + 20.0);
            let corners = [[west, south], [east, south], [east, north], [west, north]];
            let at = |[x, y]: [f32; 2], z: f32| [x, y, z];
            for side in 0..4 {
                let (a, b) = (corners[side], corners[(side + 1) % 4]);
                triangles.extend(quad([at(a, 0.0), at(b, 0.0), at(b, height), at(a, height)], 0));
            }
            triangles.extend(quad(corners.map(|corner| at(corner, height)), 0));
        }
    }
    triangles
}

/// Every hour of a made year at 52° north, with clear and cloudy days in turn.
struct Year {
    suns: Vec<[f64; 3]>,
    dni: Vec<f64>,
    skies: Vec<PerezSky>,
}

impl Year {
    const LATITUDE: f64 = 52.0;

    fn new() -> Self {
        let mut year = Year { suns: Vec::new(), dni: Vec::new(), skies: Vec::new() };
        for hour in 0..8760_u32 {
            // Cooper, Solar Energy 12(3), 1969.
            let day = f64::from(hour / 24 + 1);
            let declination = 23.45 * libm::sin((360.0 / 365.0 * (284.0 + day)).to_radians());
            let sun = sun_at(Self::LATITUDE, declination, 15.0 * (f64::from(hour % 24) + 0.5 - 12.0));
            let up = sun[2].max(0.0);
            let clear = [0.9, 0.2, 0.6, 0.0, 1.0][(hour / 24 % 5) as usize];
            let dni = clear * 1000.0 * up / (up + 0.15);
            let dhi = (60.0 + 200.0 * (1.0 - clear)) * up.sqrt();
            let air_mass = 1.0 / up.max(0.03);
            year.suns.push(sun);
            year.dni.push(dni);
            year.skies.push(PerezSky { sun, dni, dhi, dni_extra: 1366.1, air_mass });
        }
        year
    }

    /// Annual diffuse and beam (kWh/m²) on a surface.
    fn on(&self, view: &SurfaceView, normal: [f64; 3], suns: &SunBins, radiances: &[f32]) -> (f64, f64) {
        let mut diffuse = vec![0.0; self.skies.len()];
        irradiance_of_blocks(&view.sky_coefficients, view.sky_coefficients.len(), radiances, &mut diffuse);
        let mut beam = 0.0;
        for (hour, sun) in self.suns.iter().enumerate() {
            let cosine: f64 = sun.iter().zip(normal).map(|(a, b)| a * b).sum();
            if suns.bin_of_hour[hour] != NO_BIN && cosine > 0.0 {
                beam += self.dni[hour] * cosine * f64::from(view.sun_visible_share[suns.bin_of_hour[hour] as usize]);
            }
        }
        (diffuse.iter().map(|&value| f64::from(value)).sum::<f64>() / 1e3, beam / 1e3)
    }
}

/// The roof and the four walls of the block in the middle.
fn surfaces_of_the_middle_block() -> Vec<([f64; 3], SamplePoints)> {
    let face = |corners: [[f64; 3]; 4], normal: [f64; 3], spacing: f64| {
        let [a, b, c, d] = corners;
        let triangles = [[a, b, c], [a, c, d]];
        (normal, sample_points(&triangles, &triangles, normal, spacing, 0.02).unwrap())
    };
    let wall = |[x, y]: [f64; 2], [u, v]: [f64; 2], normal| {
        face([[x, y, 0.0], [u, v, 0.0], [u, v, 8.0], [x, y, 8.0]], normal, 2.0)
    };
    let [a, b, c, d] = [[-10.0, 0.0], [10.0, 0.0], [10.0, 20.0], [-10.0, 20.0]];
    let roof = [a, b, c, d].map(|[x, y]| [x, y, 8.0]);
    vec![
        face(roof, UP, 2.0),
        wall(a, b, SOUTH),
        wall(b, c, [1.0, 0.0, 0.0]),
        wall(c, d, [0.0, 1.0, 0.0]),
        wall(d, a, [-1.0, 0.0, 0.0]),
    ]
}

#[test]
fn a_year_by_145_patches_agrees_with_577_and_binned_suns_with_hourly_ones() {
    let (year, scene) = (Year::new(), Scene::new(&street()).unwrap());
    let coarse = Patches::new(Subdivision::Tregenza145, RaysPerPatch::One);
    let fine = Patches::new(Subdivision::Reinhart577, RaysPerPatch::One);
    let binned = SunBins::new(&year.suns, &year.dni, Year::LATITUDE, BinStep::DEFAULT);
    let hourly = SunBins::new(&year.suns, &year.dni, Year::LATITUDE, BinStep::Hourly);
    let (coarse_sky, fine_sky) = (patch_radiances(&coarse, &year.skies), patch_radiances(&fine, &year.skies));
    let around = ViewRays::new(&scene, &coarse, &binned, REACH, Bounce::None);
    let exact = ViewRays::new(&scene, &fine, &hourly, REACH, Bounce::None);
    for (index, (normal, points)) in surfaces_of_the_middle_block().into_iter().enumerate() {
        let (diffuse, beam) = year.on(&around.view(normal, &points), normal, &binned, &coarse_sky);
        let (fine_diffuse, hourly_beam) = year.on(&exact.view(normal, &points), normal, &hourly, &fine_sky);
        let tolerance = if index == 0 { 0.02 } else { 0.05 };
        close((diffuse + hourly_beam) / (fine_diffuse + hourly_beam), 1.0, tolerance);
        close((beam + fine_diffuse) / (hourly_beam + fine_diffuse), 1.0, tolerance);
        close(beam / hourly_beam.max(50.0), hourly_beam / hourly_beam.max(50.0), tolerance);
    }
}

#[test]
fn a_roof_with_a_corner_off_its_plane_sees_the_sky() {
    let sky = Patches::new(Subdivision::Reinhart577, RaysPerPatch::One);
    let suns = no_suns();
    for (corner, off, start) in
        (0..4).flat_map(|c| [-0.4, -0.1, 0.1, 0.4].map(|off| (c, off))).flat_map(|(c, off)| [(c, off, 0), (c, off, 1)])
    {
        let mut square = [[0.0, 0.0, 5.0], [10.0, 0.0, 5.0], [10.0, 10.0, 5.0], [0.0, 10.0, 5.0]];
        square[corner][2] += off;
        let [a, b, c, d] = [0, 1, 2, 3].map(|index| square[(start + index) % 4]);
        let triangles = [[a, b, c], [a, c, d]];
        // The corners' mean plane rises by half of what one of them is moved.
        let slope = |from: usize, to: usize| (square[to][2] - square[from][2]) / 20.0;
        let up = [-slope(0, 1) - slope(3, 2), -slope(0, 3) - slope(1, 2), 1.0];
        let length = up.iter().map(|part| part * part).sum::<f64>().sqrt();
        let normal = up.map(|part| part / length);
        let corners = |of: [[f64; 3]; 3]| of.map(|point| point.map(|coordinate| coordinate as f32));
        let scene = Scene::new(&triangles.map(|of| Triangle { corners: corners(of), surface: 0 })).unwrap();
        let points = sample_points(&triangles, &triangles, normal, 1.0, 0.02).unwrap();
        let view = ViewRays::new(&scene, &sky, &suns, REACH, Bounce::None).view(normal, &points);
        let open = f64::midpoint(1.0, normal[2]);
        assert!(view.f_sky > 0.995 * open, "corner {corner} by {off} m, start {start}: {}", view.f_sky);
    }
}
