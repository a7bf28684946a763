//! The sky as patches: Tregenza's 145 and Reinhart's finer ones.
//!
//! Tregenza, Subdivision of the sky hemisphere for luminance measurements, Lighting Research & Technology 19(1), 1987;
//! Reinhart and Walkenhorst, Validation of dynamic RADIANCE-based daylight simulations, Energy and Buildings 33, 2001.
//! Rows of equal height a = 90° / (7 m + 1/2) from the horizon up, each row of Tregenza's cut m times both ways, and a cap
//! of radius a/2 at the zenith: m = 1 gives 145 patches of about 12°, m = 2 gives 577 of about 6°. The first patch of a row
//! has its centre in the north; patches follow clockwise, rows upwards.

use std::f64::consts::{PI, TAU};

/// How finely the sky is cut.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Subdivision {
    /// 145 patches.
    Tregenza145,
    /// 577 patches.
    Reinhart577,
}

/// How many rays look at a patch.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RaysPerPatch {
    /// One, at its centre.
    One,
    /// Four, one in each quarter, at places that differ from patch to patch: so that edges which run along rows of
    /// patches are not missed by all of them alike.
    Four,
    /// Sixteen, in the same way.
    Sixteen,
}

/// A part of the upper half of the sky between two azimuths and two elevations (rad).
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct SkyPart {
    /// Azimuths of its sides, clockwise from north; the first may be negative.
    pub azimuths: [f64; 2],
    /// Elevations of its lower and upper edge.
    pub elevations: [f64; 2],
}

/// The upper half of the sky in patches, and the rays that look at them.
#[derive(Debug, Clone, PartialEq)]
pub struct Patches {
    subdivision: Subdivision,
    patches: Vec<SkyPart>,
    /// Whole patches or equal parts of them, in order of the patches.
    looked_at: Vec<SkyPart>,
    /// Unit vectors of the rays.
    directions: Vec<[f64; 3]>,
    rays_per_patch: usize,
    /// ∫ direction dω over the cells of each ray's part (sr), as many for each.
    cells: Vec<[f64; 3]>,
}

/// Rows of Tregenza's sky from the horizon up; the cap at the zenith is one more patch.
const TREGENZA_ROWS: [usize; 7] = [30, 30, 24, 24, 18, 12, 6];

/// Cells along each side of a patch of 145 by which it is integrated over a plane's half of the sky: of 1.5°.
const CELLS_ACROSS: usize = 8;

impl Patches {
    /// Cuts the sky.
    pub fn new(subdivision: Subdivision, rays: RaysPerPatch) -> Self {
        let finer = match subdivision {
            Subdivision::Tregenza145 => 1,
            Subdivision::Reinhart577 => 2,
        };
        let patches = rows_and_cap(finer);
        let times = match rays {
            RaysPerPatch::One => 1,
            RaysPerPatch::Four => 2,
            RaysPerPatch::Sixteen => 4,
        };
        let looked_at: Vec<_> = patches.iter().flat_map(|patch| patch.split(times)).collect();
        let directions = match rays {
            RaysPerPatch::One => patches.iter().map(SkyPart::centre).collect(),
            RaysPerPatch::Four | RaysPerPatch::Sixteen => {
                looked_at.iter().enumerate().map(|(ray, part)| part.aside(ray)).collect()
            }
        };
        let cells_across = CELLS_ACROSS / finer / times;
        let cells = looked_at.iter().flat_map(|part| part.split(cells_across)).map(|cell| cell.vector_area()).collect();
        Patches { subdivision, patches, looked_at, directions, rays_per_patch: times * times, cells }
    }

    /// How finely the sky is cut.
    pub fn subdivision(&self) -> Subdivision {
        self.subdivision
    }

    /// The patches in their order.
    pub fn patches(&self) -> &[SkyPart] {
        &self.patches
    }

    /// The part of the sky that each ray stands for: whole patches or equal parts, in order of the patches.
    pub fn looked_at(&self) -> &[SkyPart] {
        &self.looked_at
    }

    /// Unit vector (east, north, up) of each ray.
    pub fn directions(&self) -> &[[f64; 3]] {
        &self.directions
    }

    /// How many patches cover the sky.
    pub fn n_patches(&self) -> usize {
        self.patches.len()
    }

    /// How many rays look at the sky.
    pub fn n_rays(&self) -> usize {
        self.looked_at.len()
    }

    /// How many rays look at each patch.
    pub fn rays_per_patch(&self) -> usize {
        self.rays_per_patch
    }

    /// The patches of the lowest row, which come first.
    pub fn n_lowest(&self) -> usize {
        let lowest = self.patches[0].elevations;
        self.patches.iter().take_while(|patch| patch.elevations == lowest).count()
    }

    /// ∫ direction dω over each cell of the part that `ray` looks at (sr).
    pub fn cells(&self, ray: usize) -> &[[f64; 3]] {
        let n_cells = self.cells.len() / self.looked_at.len();
        &self.cells[ray * n_cells..][..n_cells]
    }

    /// ∫ sin(elevation) dω of each patch (sr): what a horizontal plane gains of unit radiance. Their sum is π.
    pub fn horizontal_weights(&self) -> Vec<f64> {
        self.patches.iter().map(|patch| patch.vector_area()[2]).collect()
    }
}

impl SkyPart {
    /// Unit vector east, north, up to the centre; to the zenith for a whole cap.
    pub fn centre(&self) -> [f64; 3] {
        let [start, end] = self.azimuths;
        let [bottom, top] = self.elevations;
        if end - start > TAU - 1e-9 {
            return [0.0, 0.0, 1.0];
        }
        direction((start + end) / 2.0, (bottom + top) / 2.0)
    }

    /// Unit vector to a place in the part that differs from `ray` to ray and evenly fills it over many of them.
    ///
    /// Roberts, The unreasonable effectiveness of quasirandom sequences, 2018: multiples of the inverse powers of the
    /// plastic number, modulo 1.
    fn aside(&self, ray: usize) -> [f64; 3] {
        let fraction = |step: f64| {
            let at = 0.5 + step * ray as f64;
            at - libm::floor(at)
        };
        let [start, end] = self.azimuths;
        let [bottom, top] = self.elevations.map(libm::sin);
        // Equal shares of area, which counts at the zenith.
        let up = bottom + fraction(0.569_840_290_998) * (top - bottom);
        direction(start + fraction(0.754_877_666_247) * (end - start), libm::asin(up))
    }

    /// Solid angle (sr).
    pub fn solid_angle(&self) -> f64 {
        let [bottom, top] = self.elevations;
        (self.azimuths[1] - self.azimuths[0]) * (libm::sin(top) - libm::sin(bottom))
    }

    /// ∫ direction dω (sr), in closed form.
    pub fn vector_area(&self) -> [f64; 3] {
        let [start, end] = self.azimuths;
        let [bottom, top] = self.elevations;
        let squared_cosine = |angle: f64| angle / 2.0 + libm::sin(2.0 * angle) / 4.0;
        let squared_sine = |angle: f64| libm::sin(angle) * libm::sin(angle) / 2.0;
        let level = squared_cosine(top) - squared_cosine(bottom);
        [
            (libm::cos(start) - libm::cos(end)) * level,
            (libm::sin(end) - libm::sin(start)) * level,
            (end - start) * (squared_sine(top) - squared_sine(bottom)),
        ]
    }

    /// The part in `times` × `times` parts, a whole cap in as many sectors.
    fn split(&self, times: usize) -> Vec<SkyPart> {
        let [start, end] = self.azimuths;
        let [bottom, top] = self.elevations;
        if end - start > TAU - 1e-9 && times > 1 {
            return parts(self, times * times, 1);
        }
        debug_assert!(end > start && top > bottom);
        parts(self, times, times)
    }
}

/// `part` in `columns` by `rows` parts of equal angles.
fn parts(part: &SkyPart, columns: usize, rows: usize) -> Vec<SkyPart> {
    let between = |[from, to]: [f64; 2], index: usize, count: usize| {
        let at = |place: usize| if place == count { to } else { from + (to - from) * place as f64 / count as f64 };
        [at(index), at(index + 1)]
    };
    let mut parts = Vec::with_capacity(columns * rows);
    for row in 0..rows {
        for column in 0..columns {
            parts.push(SkyPart {
                azimuths: between(part.azimuths, column, columns),
                elevations: between(part.elevations, row, rows),
            });
        }
    }
    parts
}

/// All patches where each of Tregenza's is cut `finer` times both ways.
fn rows_and_cap(finer: usize) -> Vec<SkyPart> {
    let height = PI / 2.0 / ((TREGENZA_ROWS.len() * finer) as f64 + 0.5);
    let mut patches = Vec::new();
    for row in 0..TREGENZA_ROWS.len() * finer {
        let n_columns = TREGENZA_ROWS[row / finer] * finer;
        let width = TAU / n_columns as f64;
        for column in 0..n_columns {
            patches.push(SkyPart {
                azimuths: [(column as f64 - 0.5) * width, (column as f64 + 0.5) * width],
                elevations: [row as f64 * height, (row + 1) as f64 * height],
            });
        }
    }
    let top = (TREGENZA_ROWS.len() * finer) as f64 * height;
    patches.push(SkyPart { azimuths: [0.0, TAU], elevations: [top, PI / 2.0] });
    patches
}

/// Unit vector east, north, up at an azimuth clockwise from north and an elevation (rad).
fn direction(azimuth: f64, elevation: f64) -> [f64; 3] {
    let level = libm::cos(elevation);
    [level * libm::sin(azimuth), level * libm::cos(azimuth), libm::sin(elevation)]
}

#[cfg(test)]
mod tests {
    use super::*;

    fn all() -> [Patches; 5] {
        let with = |subdivision, rays| Patches::new(subdivision, rays);
        [
            with(Subdivision::Tregenza145, RaysPerPatch::One),
            with(Subdivision::Tregenza145, RaysPerPatch::Four),
            with(Subdivision::Reinhart577, RaysPerPatch::One),
            with(Subdivision::Reinhart577, RaysPerPatch::Four),
            with(Subdivision::Reinhart577, RaysPerPatch::Sixteen),
        ]
    }

    #[test]
    fn patches_are_as_many_as_published_and_cover_half_of_all_directions() {
        for (patches, n_patches) in all().iter().zip([145, 145, 577, 577, 577]) {
            assert_eq!(patches.n_patches(), n_patches);
            assert_eq!(patches.n_rays(), n_patches * patches.rays_per_patch());
            let solid_angle: f64 = patches.patches().iter().map(SkyPart::solid_angle).sum();
            assert!((solid_angle - TAU).abs() < 1e-12, "{solid_angle}");
            let looked_at: f64 = patches.looked_at().iter().map(SkyPart::solid_angle).sum();
            assert!((looked_at - TAU).abs() < 1e-12, "{looked_at}");
            let horizontal: f64 = patches.horizontal_weights().iter().sum();
            assert!((horizontal - PI).abs() < 1e-12, "{horizontal}");
        }
    }

    #[test]
    fn patches_of_tregenza_stand_at_published_elevations() {
        let [patches, ..] = all();
        assert_eq!(patches.n_lowest(), 30);
        let elevation = |patch: usize| libm::asin(patches.patches()[patch].centre()[2]).to_degrees();
        // Tregenza 1987: rows at 6, 18, … 78° and the zenith.
        for (patch, published) in
            [(0, 6.0), (30, 18.0), (60, 30.0), (84, 42.0), (108, 54.0), (126, 66.0), (138, 78.0), (144, 90.0)]
        {
            assert!((elevation(patch) - published).abs() < 1e-6, "patch {patch} at {}", elevation(patch));
        }
        // Clockwise from north: the eighth patch of 12° after the first is 96° east of north.
        let [east, north, _] = patches.patches()[8].centre();
        assert!((libm::atan2(east, north).to_degrees() - 96.0).abs() < 1e-9);
    }

    #[test]
    fn cells_of_a_patch_sum_to_its_vector_area() {
        for patches in all() {
            for (ray, part) in patches.looked_at().iter().enumerate() {
                for axis in 0..3 {
                    let sum: f64 = patches.cells(ray).iter().map(|cell| cell[axis]).sum();
                    assert!((sum - part.vector_area()[axis]).abs() < 1e-14);
                }
            }
        }
    }

    #[test]
    fn rays_of_a_patch_stay_in_their_parts_and_fill_them_evenly() {
        for patches in all().iter().filter(|patches| patches.rays_per_patch() > 1) {
            let mut heights = Vec::new();
            for (part, [east, north, up]) in patches.looked_at().iter().zip(patches.directions()) {
                let (azimuth, elevation) = (libm::atan2(*east, *north), libm::asin(*up));
                let turns = [azimuth, azimuth + TAU];
                assert!(turns.iter().any(|turn| (part.azimuths[0]..part.azimuths[1]).contains(turn)), "{part:?}");
                assert!((part.elevations[0]..part.elevations[1]).contains(&elevation), "{part:?}");
                let [bottom, top] = part.elevations.map(libm::sin);
                heights.push((up - bottom) / (top - bottom));
            }
            let mean = heights.iter().sum::<f64>() / heights.len() as f64;
            assert!((mean - 0.5).abs() < 0.005, "{mean}");
        }
    }
}
