//! Made towns of any size, for benchmarks and tests: buildings and shadows that depend on a seed and their number alone.

use super::from_table::normal;
use super::{Building, Face, FaceKind, FaceShadow, Known, NET_FLOOR_SHARE, SizeClass, Usage};

/// A kind of building and what it measures; ranges are even.
struct Kind {
    /// Share of the town.
    share: f64,
    usage: Usage,
    class: SizeClass,
    /// Along the street (m).
    width: [f64; 2],
    /// Away from the street (m).
    depth: [f64; 2],
    storeys: [f64; 2],
    /// Floor to floor (m).
    storey_height: [f64; 2],
    /// Probability of a neighbour on each of the two sides.
    attached: f64,
    /// Tilt of a gabled roof, 0 for a flat one (°).
    roof_tilt: [f64; 2],
}

/// The shares are assumptions of a European town; they sum to 1.
const KINDS: [Kind; 10] = [
    kind(0.25, Usage::Residential, SizeClass::SingleFamily, [[8.0, 13.0], [8.0, 12.0], [1.0, 2.0]], 0.1, [30.0, 45.0]),
    kind(0.40, Usage::Residential, SizeClass::Terraced, [[5.0, 7.0], [8.0, 11.0], [2.0, 3.0]], 0.85, [30.0, 45.0]),
    kind(0.15, Usage::Residential, SizeClass::MultiFamily, [[12.0, 25.0], [10.0, 14.0], [3.0, 4.0]], 0.5, [0.0, 40.0]),
    kind(0.05, Usage::Residential, SizeClass::ApartmentBlock, [[20.0, 60.0], [11.0, 15.0], [5.0, 12.0]], 0.1, FLAT),
    kind(0.05, Usage::Office, SizeClass::MultiFamily, [[15.0, 50.0], [12.0, 20.0], [2.0, 6.0]], 0.3, FLAT),
    kind(0.04, Usage::Retail, SizeClass::MultiFamily, [[10.0, 60.0], [15.0, 40.0], [1.0, 2.0]], 0.3, FLAT),
    kind(0.02, Usage::School, SizeClass::MultiFamily, [[30.0, 80.0], [12.0, 25.0], [2.0, 3.0]], 0.0, FLAT),
    kind(0.01, Usage::Hotel, SizeClass::MultiFamily, [[15.0, 40.0], [12.0, 18.0], [3.0, 7.0]], 0.3, FLAT),
    kind(0.01, Usage::Hospital, SizeClass::ApartmentBlock, [[40.0, 90.0], [15.0, 25.0], [3.0, 8.0]], 0.0, FLAT),
    kind(0.02, Usage::Industrial, SizeClass::MultiFamily, [[20.0, 90.0], [15.0, 50.0], [1.0, 2.0]], 0.1, FLAT),
];
const FLAT: [f64; 2] = [0.0, 0.0];
/// Years of construction: share of the town, first and last.
const YEARS: [(f64, [f64; 2]); 5] = [
    (0.20, [1880.0, 1945.0]),
    (0.30, [1945.0, 1975.0]),
    (0.20, [1975.0, 1992.0]),
    (0.15, [1992.0, 2006.0]),
    (0.15, [2006.0, 2024.0]),
];
/// Roofs less steep than this are flat (°).
const FLATTEST_GABLE: f64 = 15.0;
/// Draws of a building; those of its faces begin here.
const FIRST_FACE_DRAW: u64 = 32;
/// Draws of a face.
const DRAWS_PER_FACE: u64 = 4;

const fn kind(
    share: f64,
    usage: Usage,
    class: SizeClass,
    [width, depth, storeys]: [[f64; 2]; 3],
    attached: f64,
    roof_tilt: [f64; 2],
) -> Kind {
    let storey_height = match usage {
        Usage::Residential => [2.6, 3.1],
        _ => [3.0, 4.2],
    };
    Kind { share, usage, class, width, depth, storeys, storey_height, attached, roof_tilt }
}

/// A town of `n` buildings; building `i` is the same in every town of a seed.
pub fn synthetic(n: usize, seed: u64) -> Vec<Building> {
    (0..n).map(|number| building(seed, number)).collect()
}

/// Shadows of each face of building `number` of a town, for suns in the directions `suns` (unit vectors east, north, up).
///
/// Before each wall stands an endless row of houses at a random distance, before each roof a low horizon. The sun of a wall
/// is the share of its height above the shadow of the row, its sky what the row leaves of it on average over the height:
/// 1 − (√(o² + d²) − √((o − m)² + d²)) / h for a row of height o in distance d, a wall of height h and m = min(o, h).
/// Reflected irradiance is that of open ground of `albedo`.
pub fn synthetic_shadows(
    building: &Building,
    number: usize,
    seed: u64,
    suns: &[[f64; 3]],
    albedo: f64,
) -> Vec<FaceShadow> {
    let height = building.volume / building.ground_area;
    let shadow = |(place, face): (usize, &Face)| {
        let first = FIRST_FACE_DRAW + DRAWS_PER_FACE * place as u64;
        let between = |draw, range| between(range, random(seed, number, first + draw));
        let (distance, obstacle) = match face.kind {
            FaceKind::Wall => (between(0, [8.0, 30.0]), between(1, [3.0, 20.0])),
            FaceKind::Roof => (between(0, [40.0, 200.0]), between(1, [0.0, 15.0])),
        };
        let row = Row { distance, obstacle, height };
        FaceShadow {
            sun_shares: suns.iter().map(|sun| (255.0 * row.sun_share(face, *sun) + 0.5).floor() as u8).collect(),
            sky_share: row.sky_share(),
            horizon_share: 1.0 - obstacle.min(height) / height,
            reflected: albedo * 0.5 * (1.0 - face.normal[2]),
        }
    };
    building.faces.iter().enumerate().map(shadow).collect()
}

/// An endless row of houses before a face.
struct Row {
    distance: f64,
    obstacle: f64,
    height: f64,
}

impl Row {
    fn sun_share(&self, face: &Face, [east, north, up]: [f64; 3]) -> f64 {
        let [n_east, n_north, n_up] = face.normal;
        if up <= 0.0 || n_east * east + n_north * north + n_up * up <= 0.0 {
            return 0.0;
        }
        // Roofs have the row on all sides, walls before them.
        let level = (n_east * n_east + n_north * n_north).sqrt();
        let towards = match face.kind {
            FaceKind::Wall if level > 0.0 => (n_east * east + n_north * north) / level,
            FaceKind::Wall | FaceKind::Roof => (east * east + north * north).sqrt(),
        };
        let shadow = if towards > 0.0 { self.obstacle - self.distance * up / towards } else { 0.0 };
        (1.0 - shadow / self.height).clamp(0.0, 1.0)
    }

    fn sky_share(&self) -> f64 {
        let covered = self.obstacle.min(self.height);
        let slant = |above: f64| (above * above + self.distance * self.distance).sqrt();
        1.0 - (slant(self.obstacle) - slant(self.obstacle - covered)) / self.height
    }
}

fn building(seed: u64, number: usize) -> Building {
    let draw = |draw| random(seed, number, draw);
    let kind = &KINDS[picked(KINDS.iter().map(|kind| kind.share), draw(0))];
    let (_, years) = YEARS[picked(YEARS.iter().map(|(share, _)| *share), draw(1))];
    let width = between(kind.width, draw(2));
    let depth = between(kind.depth, draw(3));
    let [fewest, most] = kind.storeys;
    let storeys = between([fewest, most + 1.0], draw(4)).floor();
    let eaves = storeys * between(kind.storey_height, draw(5));
    let tilt = Some(between(kind.roof_tilt, draw(6))).filter(|tilt| *tilt >= FLATTEST_GABLE).unwrap_or(0.0);
    let azimuth = between([0.0, 360.0], draw(7));
    let (sine, cosine) = (libm::sin(tilt.to_radians()), libm::cos(tilt.to_radians()));
    let ground_area = width * depth;
    let ridge = 0.5 * depth * sine / cosine;
    let side = depth * eaves + 0.5 * depth * ridge;
    let mut party_area = 0.0;
    let mut faces = Vec::new();
    let mut add = |kind, azimuth, tilt, area: f64| {
        faces.push(Face { kind, normal: normal(azimuth, tilt), area, window_area: None, surfaces: Vec::new() });
    };
    for (place, area) in [width * eaves, side, width * eaves, side].into_iter().enumerate() {
        let mut open = area;
        if place % 2 == 1 && draw(8 + place as u64) < kind.attached {
            let shared = area * between([0.7, 1.0], draw(12 + place as u64));
            party_area += shared;
            open -= shared;
        }
        add(FaceKind::Wall, azimuth + 90.0 * place as f64, 90.0, open);
    }
    if tilt > 0.0 {
        let slope = 0.5 * ground_area / cosine;
        add(FaceKind::Roof, azimuth, tilt, slope);
        add(FaceKind::Roof, azimuth + 180.0, tilt, slope);
    } else {
        add(FaceKind::Roof, 0.0, 0.0, ground_area);
    }
    Building {
        id: format!("b{number}"),
        faces,
        ground_area,
        party_area,
        volume: ground_area * (eaves + 0.5 * ridge),
        storeys: Known::measured(storeys),
        floor_area: Known::estimated(storeys * ground_area * NET_FLOOR_SHARE),
        year: Known::measured(between(years, draw(20)).floor() as i32),
        usage: Known::measured(kind.usage),
        households: None,
        size_class: Known::measured(kind.class),
    }
}

/// Place of the first share whose sum with those before it exceeds `draw`.
fn picked(shares: impl Iterator<Item = f64>, draw: f64) -> usize {
    let mut sum = 0.0;
    let mut last = 0;
    for (place, share) in shares.enumerate() {
        sum += share;
        last = place;
        if draw < sum {
            break;
        }
    }
    last
}

fn between([low, high]: [f64; 2], draw: f64) -> f64 {
    low + (high - low) * draw
}

/// A number from 0 up to 1 that depends on these three alone: counters through the mixer of SplitMix64 (Steele, Lea and
/// Flood 2014, Fast splittable pseudorandom number generators, doi:10.1145/2714064.2660195, figure 16).
pub(crate) fn random(seed: u64, building: usize, draw: u64) -> f64 {
    const GOLDEN_GAMMA: u64 = 0x9e37_79b9_7f4a_7c15;
    let mix = |value: u64| {
        let value = (value ^ (value >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let value = (value ^ (value >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        value ^ (value >> 31)
    };
    let step = |state: u64, counter: u64| mix(state.wrapping_add(GOLDEN_GAMMA.wrapping_mul(counter.wrapping_add(1))));
    let bits = step(step(mix(seed.wrapping_add(GOLDEN_GAMMA)), building as u64), draw);
    (bits >> 11) as f64 * (1.0 / (1u64 << 53) as f64)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_building_depends_on_seed_and_number_alone() {
        let town = synthetic(200, 7);
        assert_eq!(town[..50], synthetic(50, 7));
        assert_ne!(town[..50], synthetic(50, 8));
        assert!((1..200).all(|number| town[number].faces != town[number - 1].faces));
    }

    #[test]
    fn draws_are_even() {
        let draws: Vec<f64> = (0..1000).flat_map(|number| (0..10).map(move |draw| random(1, number, draw))).collect();
        // 10 000 draws: standard deviations 0.0029 of the mean, 0.0026 of the mean square, 0.01 of the correlation.
        let mean = draws.iter().sum::<f64>() / 10_000.0;
        let square = draws.iter().map(|draw| draw * draw).sum::<f64>() / 10_000.0;
        let pairs: f64 = draws.windows(2).map(|pair| (pair[0] - 0.5) * (pair[1] - 0.5)).sum::<f64>() / 10_000.0;
        assert!((mean - 0.5).abs() < 0.012 && (square - 1.0 / 3.0).abs() < 0.012, "{mean} {square}");
        assert!(pairs.abs() * 12.0 < 0.04, "{pairs}");
    }

    #[test]
    fn buildings_are_closed_and_of_plausible_size() {
        let town = synthetic(2000, 1);
        assert!((KINDS.iter().map(|kind| kind.share).sum::<f64>() - 1.0).abs() < 1e-12);
        let terraced = town.iter().filter(|one| one.size_class.value == SizeClass::Terraced).count();
        // 40 % of 2000 with a standard deviation of 22.
        assert!((700..900).contains(&terraced), "{terraced}");
        for building in &town {
            assert!(building.faces.iter().all(|face| face.area >= 0.0));
            let roofs = building.faces.iter().filter(|face| face.kind == FaceKind::Roof);
            let seen: f64 = roofs.map(|face| face.area * face.normal[2]).sum();
            assert!((seen - building.ground_area).abs() < 1e-9 * seen);
            if building.party_area == 0.0 {
                for axis in 0..2 {
                    let sum: f64 = building.faces.iter().map(|face| face.area * face.normal[axis]).sum();
                    assert!(sum.abs() < 1e-9 * building.volume, "{building:?}");
                }
            }
            let storey = building.volume / building.ground_area / building.storeys.value;
            assert!((2.5..6.5).contains(&storey), "{building:?}");
            assert!((1880..2024).contains(&building.year.value));
        }
    }

    #[test]
    fn gables_rise_as_their_roofs_tilt() {
        let town = synthetic(500, 2);
        let is_gabled = |one: &&Building| one.faces.len() == 6 && one.party_area == 0.0;
        let gabled: Vec<&Building> = town.iter().filter(is_gabled).collect();
        assert!(gabled.len() > 50);
        for building in gabled {
            let [front, side, _, _, roof, _] = building.faces.as_slice() else { panic!("{building:?}") };
            // A prism along its width: volume = side · width, ground = width · depth, front = width · eaves.
            let width = building.volume / side.area;
            let (depth, eaves) = (building.ground_area / width, front.area / width);
            let ridge = 2.0 * (building.volume / building.ground_area - eaves);
            let level = (roof.normal[0] * roof.normal[0] + roof.normal[1] * roof.normal[1]).sqrt();
            assert!((ridge / (0.5 * depth) - level / roof.normal[2]).abs() < 1e-9, "{building:?}");
        }
    }

    #[test]
    fn a_row_shades_what_it_hides() {
        let row = Row { distance: 10.0, obstacle: 10.0, height: 10.0 };
        let wall =
            Face { kind: FaceKind::Wall, normal: [0.0, -1.0, 0.0], area: 1.0, window_area: None, surfaces: vec![] };
        let at = |elevation: f64, azimuth: f64| {
            let (elevation, azimuth) = (elevation.to_radians(), azimuth.to_radians());
            [elevation.cos() * azimuth.sin(), elevation.cos() * azimuth.cos(), elevation.sin()]
        };
        assert_eq!(row.sun_share(&wall, at(30.0, 0.0)), 0.0, "the sun is behind the wall");
        assert_eq!(row.sun_share(&wall, at(-5.0, 180.0)), 0.0, "it has set");
        assert_eq!(row.sun_share(&wall, at(50.0, 180.0)), 1.0);
        // tan⁻¹ 0.5: the shadow falls 5 m over 10 m.
        let half = row.sun_share(&wall, at(0.5f64.atan().to_degrees(), 180.0));
        assert!((half - 0.5).abs() < 1e-12, "{half}");
        // (√200 − 10) / 10 of the sky are hidden.
        assert!((row.sky_share() - (2.0 - 2.0f64.sqrt())).abs() < 1e-12);
        let town = synthetic(20, 3);
        let suns = [at(5.0, 90.0), at(50.0, 180.0)];
        for (number, building) in town.iter().enumerate() {
            let shadows = synthetic_shadows(building, number, 3, &suns, 0.2);
            assert_eq!(shadows.len(), building.faces.len());
            let is_share = |share: f64| (0.0..=1.0).contains(&share);
            assert!(
                shadows
                    .iter()
                    .all(|one| one.sun_shares.len() == 2 && is_share(one.sky_share) && is_share(one.horizon_share))
            );
        }
    }
}
