//! What every surface of a city sees of sky and sun: the part of the work that rays do.

use conurb_solar::rays::Scene;
use conurb_solar::surface::{
    Bounce, PointEnergies, PointsError, Reflector, SamplePoints, SurfaceView, ViewRays, sample_points,
};

use super::context::Context;
use super::sky::Sky;
use super::tiles::{Extent, Tile, tiles};
use crate::city::{City, CityFace};
use crate::error::{Error, Warning};
use crate::parallel::{Chunks, Runtime};
use crate::scenario::Solar;
use conurb_geometry::Kind;

/// Distance of sample points from their surface, in metres: more than 32-bit floats lose, less than any window is deep.
const OFFSET_M: f64 = 0.02;
/// No surface is taken for more points than this, so that sums of them hold.
const MOST_ESTIMATED: f64 = 1e9;
/// A surface with more sample points than this is told of.
const MOST_POINTS: usize = SamplePoints::MOST;
/// Tiles whose scenes are kept at the same time, for each thread.
const SCENES_PER_THREAD: usize = 1;

/// What a surface sees, without the points it was found by.
#[derive(Debug, Clone)]
pub struct Shade {
    /// The surface.
    pub surface: usize,
    /// ∫ cos aoi dω of what is visible of each patch (sr); kept only where patches differ.
    pub patches: Vec<f32>,
    /// Visible share of each sun bin.
    pub suns: Vec<f32>,
    /// Visible share of the even sky.
    pub sky_share: f64,
    /// Visible share of the horizon.
    pub horizon_share: f64,
    /// Visible share of the ground.
    pub ground_share: f64,
    /// View factor of land that rises above the horizon.
    pub terrain: f64,
    /// Surfaces across, with their view factors.
    pub reflectors: Vec<Reflector>,
    /// Number of sample points.
    pub n_points: usize,
    /// Relative change of annual irradiation if every other point is left out.
    pub sampling_change: f64,
}

/// Blocks of buildings, their owners, and the tiles that they lie in.
pub struct Blocks {
    /// The tiles.
    pub tiles: Vec<Tile>,
    /// Tile and number within it of each block.
    places: Vec<(usize, usize)>,
    /// Who computes which block.
    pub chunks: Chunks,
    /// Sample points of all surfaces, about.
    pub n_points: usize,
    /// Those of the surface with most.
    pub most_points: usize,
    /// Surfaces of the block with most.
    pub most_surfaces: usize,
}

impl Blocks {
    /// Cuts a city; `extents` are those of its buildings.
    pub fn new(city: &City, extents: &[Extent], solar: &Solar, n_ranks: usize) -> Self {
        let points = |building: usize| -> usize {
            let faces = &city.surfaces[city.surfaces_of(building)];
            faces.iter().filter(|face| is_lit(face)).map(|face| about_points(face, solar)).sum()
        };
        // A building without any is still written, so that every field is complete.
        let n_points: Vec<usize> = (0..city.buildings.len()).map(|building| points(building).max(1)).collect();
        let tiles = tiles(extents, &n_points, solar.tile_m);
        let numbered = |(tile, of_tile): (usize, &Tile)| (0..of_tile.blocks.len()).map(move |block| (tile, block));
        let places: Vec<(usize, usize)> = tiles.iter().enumerate().flat_map(numbered).collect();
        let work: Vec<usize> = places
            .iter()
            .map(|&(tile, block)| tiles[tile].blocks[block].iter().map(|&building| n_points[building]).sum())
            .collect();
        let lit = city.surfaces.iter().filter(|face| is_lit(face));
        let surfaces = |&(tile, block): &(usize, usize)| -> usize {
            tiles[tile].blocks[block].iter().map(|&building| city.surfaces_of(building).len()).sum()
        };
        Blocks {
            chunks: Chunks::owned_by(owners(&work, n_ranks)),
            n_points: work.iter().sum(),
            most_points: lit.map(|face| about_points(face, solar)).max().unwrap_or(0),
            most_surfaces: places.iter().map(surfaces).max().unwrap_or(0),
            tiles,
            places,
        }
    }

    /// Buildings of a block, ascending.
    pub fn buildings(&self, block: usize) -> &[usize] {
        let (tile, number) = self.places[block];
        &self.tiles[tile].blocks[number]
    }

    /// Blocks of a rank, ascending.
    pub fn of_rank(&self, rank: usize) -> Vec<usize> {
        (0..self.chunks.len()).filter(|&block| self.chunks.owner(block) == rank).collect()
    }

    fn extent_of_rank(&self, tile: usize, blocks: &[usize], extents: &[Extent]) -> Extent {
        let mut extent = Extent::EMPTY;
        for &block in blocks.iter().filter(|&&block| self.places[block].0 == tile) {
            self.buildings(block).iter().for_each(|&building| extent.join(&extents[building]));
        }
        extent
    }
}

/// Contiguous runs of blocks with about the same work for each rank.
fn owners(work: &[usize], n_ranks: usize) -> Vec<usize> {
    let total: usize = work.iter().sum::<usize>().max(1);
    let mut before = 0;
    let owner = |&work: &usize| {
        let middle = before + work / 2;
        before += work;
        (middle * n_ranks / total).min(n_ranks - 1)
    };
    work.iter().map(owner).collect()
}

/// Whether a surface is of a kind that the sun reaches, and outside.
pub fn is_lit(face: &CityFace) -> bool {
    matches!(face.shape.kind, Kind::Roof | Kind::Wall) && !face.shape.exposed_triangles.is_empty()
}

fn spacing(face: &CityFace, solar: &Solar) -> f64 {
    match face.shape.kind {
        Kind::Wall => solar.facade_spacing_m,
        _ => solar.surface_spacing_m,
    }
}

/// Tells of each building with a surface so large that its points stand farther apart than asked.
pub fn tell_coarse(city: &mut City, solar: &Solar) -> Option<Warning> {
    let is_coarse = |face: &&CityFace| is_lit(face) && about_points(face, solar) > MOST_POINTS;
    let coarse: Vec<usize> = city.surfaces.iter().filter(is_coarse).map(|face| face.building).collect();
    for &building in &coarse {
        city.find(building, "a surface is too large for the spacing of sample points, which is made wider");
    }
    let first = coarse.first().map_or("", |&building| city.buildings[building].as_str());
    let message =
        format!("{} surfaces are too large for the spacing of sample points, the first of {first}", coarse.len());
    (!coarse.is_empty()).then(|| Warning::new("wider_spacing", coarse.len(), message))
}

fn about_points(face: &CityFace, solar: &Solar) -> usize {
    let spacing = spacing(face, solar);
    (face.shape.exposed_area / (spacing * spacing)).ceil().min(MOST_ESTIMATED) as usize
}

/// Shades all buildings of this rank's blocks; one list for each own block.
///
/// # Errors
/// A damaged raster, a surface with more points than can be.
pub fn shade(
    runtime: &Runtime,
    (city, extents): (&City, &[Extent]),
    (sky, solar): (&Sky, &Solar),
    (context, blocks): (&Context<'_>, &Blocks),
    tell: &dyn Fn(f64),
) -> Result<Vec<Vec<Shade>>, Error> {
    let own = blocks.of_rank(runtime.rank());
    let radiances = sky.annual_radiances();
    let mut shaded = Vec::with_capacity(own.len());
    let scratch = runtime.scratch(|| ());
    let mut start = 0;
    while start < own.len() {
        let end = wave(blocks, &own, start, runtime.threads() * SCENES_PER_THREAD);
        let of_wave = &own[start..end];
        let mut of_tiles: Vec<usize> = of_wave.iter().map(|&block| blocks.places[block].0).collect();
        of_tiles.dedup();
        let local = Chunks::owned_by(vec![runtime.rank(); of_tiles.len()]);
        let all: Vec<usize> = (0..of_tiles.len()).collect();
        let scenes = runtime.map(&local, &all, &mut vec![(); of_tiles.len()], &scratch, |index, (), ()| {
            context.scene(&blocks.extent_of_rank(of_tiles[index], of_wave, extents))
        });
        let scenes: Vec<Scene> = scenes.into_iter().collect::<Result<_, _>>()?;
        let rays: Vec<ViewRays<'_>> = scenes.iter().map(|scene| view_rays(scene, sky, solar)).collect();
        let mut states = vec![(); blocks.chunks.len()];
        let found = runtime.map(&blocks.chunks, of_wave, &mut states, &scratch, |block, (), ()| {
            let tile = of_tiles.iter().position(|&tile| tile == blocks.places[block].0).expect("it is of this wave");
            let surfaces = blocks.buildings(block).iter().flat_map(|&building| city.surfaces_of(building));
            let lit = surfaces.filter(|&surface| is_lit(&city.surfaces[surface]));
            lit.map(|surface| shade_of(city, surface, (sky, &radiances), solar, &rays[tile])).collect()
        });
        shaded.extend(found.into_iter().collect::<Result<Vec<Vec<Shade>>, Error>>()?);
        start = end;
        tell(start as f64 / own.len() as f64);
    }
    Ok(shaded)
}

/// End of the run of blocks from `start` that lie in at most `most` tiles.
fn wave(blocks: &Blocks, own: &[usize], start: usize, most: usize) -> usize {
    let (mut end, mut n_tiles) = (start, 0);
    while end < own.len() {
        let is_new = end == start || blocks.places[own[end]].0 != blocks.places[own[end - 1]].0;
        if is_new && n_tiles == most {
            break;
        }
        n_tiles += usize::from(is_new);
        end += 1;
    }
    end
}

fn view_rays<'a>(scene: &'a Scene, sky: &'a Sky, solar: &Solar) -> ViewRays<'a> {
    let bounce = if solar.facade_albedo > 0.0 || solar.albedo > 0.0 { Bounce::Once } else { Bounce::None };
    ViewRays::new(scene, &sky.patches, &sky.suns, solar.reach_m as f32, bounce)
}

fn shade_of(
    city: &City,
    surface: usize,
    (sky, radiances): (&Sky, &[f64]),
    solar: &Solar,
    rays: &ViewRays<'_>,
) -> Result<Shade, Error> {
    let face = &city.surfaces[surface];
    let normal = face.shape.normal;
    let (exposed, all) = (&face.shape.exposed_triangles, &face.shape.triangles);
    let mut spacing = spacing(face, solar);
    let mut points = sample_points(exposed, all, normal, spacing, OFFSET_M);
    while let Err(PointsError::TooMany { .. }) = points {
        spacing *= 2.0;
        points = sample_points(exposed, all, normal, spacing, OFFSET_M);
    }
    let points = points.map_err(|error| {
        let building = &city.buildings[face.building];
        Error::Failed(format!("surface {} of building {building} has no sample points: {error}", face.shape.source))
    })?;
    let view = rays.view(normal, &points);
    Ok(Shade {
        surface,
        sampling_change: sampling_change(&view, &points, sky, radiances, normal),
        patches: if sky.radiances.is_some() { view.sky_coefficients } else { Vec::new() },
        suns: view.sun_visible_share,
        sky_share: view.f_sky,
        horizon_share: view.horizon_share,
        ground_share: view.ground_share,
        terrain: view.terrain_view_factor,
        reflectors: view.reflectors,
        n_points: points.points.len(),
    })
}

/// Mean irradiation of every other point against that of all; not known of one point.
fn sampling_change(view: &SurfaceView, points: &SamplePoints, sky: &Sky, radiances: &[f64], normal: [f64; 3]) -> f64 {
    let energies = PointEnergies { patches: radiances, suns: &sky.annual_beam_of_bins(normal) };
    if points.points.len() < 2 {
        return f64::NAN;
    }
    let irradiation = view.point_irradiation(&energies);
    let mean = |step: usize| {
        let (mut energy, mut area) = (0.0, 0.0);
        for point in (0..irradiation.len()).step_by(step) {
            energy += irradiation[point] * points.areas[point];
            area += points.areas[point];
        }
        energy / area
    };
    let all = mean(1);
    if all > 0.0 { (mean(2) / all - 1.0).abs() } else { 0.0 }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ranks_get_about_the_same_work() {
        assert_eq!(owners(&[10, 10, 10, 10], 2), [0, 0, 1, 1]);
        assert_eq!(owners(&[100, 1, 1, 98], 2), [0, 1, 1, 1]);
        assert_eq!(owners(&[5], 3), [1]);
        assert_eq!(owners(&[0, 0], 2), [0, 0]);
        assert!(owners(&[], 2).is_empty());
    }
}
