//! What stands in the way: buildings, and elevation rasters of what is around them.

use conurb_geometry::Kind;
use conurb_solar::rays::{Elevation, Scene, Triangle, mark_covered, triangles_of};

use super::tiles::Extent;
use crate::city::City;
use crate::error::{Error, Problem, Warning};
use crate::formats::raster::RasterFrame;
use crate::inputs::Elevation as ElevationRaster;

/// Bytes of a triangle in a scene with its share of the tree, about.
pub const BYTES_PER_TRIANGLE: u64 = 100;

/// Heights of land, the sea floor off a coast and what stands on it [m]; a code of no data such as -9999 is none.
const HEIGHTS_M: std::ops::RangeInclusive<f32> = -5000.0..=12_000.0;

/// Everything that can shade the buildings of a city.
pub struct Context<'a> {
    city: &'a City,
    extents: &'a [Extent],
    /// Bare ground: it goes on below buildings.
    terrain: Option<&'a ElevationRaster>,
    /// Elevation with all that stands there: cells of the buildings themselves are left out.
    surroundings: Option<&'a ElevationRaster>,
    reach_m: f64,
}

impl<'a> Context<'a> {
    /// Buildings with their extents, and what of elevation is known.
    pub fn new(
        city: &'a City,
        extents: &'a [Extent],
        (terrain, surroundings): (Option<&'a ElevationRaster>, Option<&'a ElevationRaster>),
        reach_m: f64,
    ) -> Self {
        Context { city, extents, terrain, surroundings, reach_m }
    }

    /// All that lies within reach of `extent`.
    ///
    /// # Errors
    /// A raster is damaged, or a coordinate too far away.
    pub fn scene(&self, extent: &Extent) -> Result<Scene, Error> {
        let within = extent.grown(self.reach_m);
        let mut triangles = Vec::new();
        for building in (0..self.extents.len()).filter(|&building| self.extents[building].meets(&within)) {
            for surface in self.city.surfaces_of(building) {
                let shape = &self.city.surfaces[surface].shape;
                // What only closes a solid or divides rooms stops no light outside.
                for corners in shape.triangles.iter().filter(|_| shape.kind != Kind::Interior) {
                    let corners = corners.map(|corner| corner.map(|value| value as f32));
                    triangles.push(Triangle { corners, surface: surface as u32 });
                }
            }
        }
        if let Some(terrain) = self.terrain {
            self.add_elevation(terrain, &within, Buildings::Ignored, &mut triangles)?;
        }
        if let Some(surroundings) = self.surroundings {
            self.add_elevation(surroundings, &within, Buildings::LeftOut, &mut triangles)?;
        }
        Scene::new(&triangles).map_err(|error| Error::Failed(format!("buildings do not make a scene: {error}")))
    }

    fn add_elevation(
        &self,
        raster: &ElevationRaster,
        within: &Extent,
        buildings: Buildings,
        into: &mut Vec<Triangle>,
    ) -> Result<(), Error> {
        let frame = raster.frame();
        let Some((rows, columns)) = cells_within(frame, self.city.origin, within) else { return Ok(()) };
        let window = raster.window(rows, columns)?;
        check_heights(&window.values, buildings.key())?;
        let heights: Vec<f32> =
            window.values.iter().map(|&height| (f64::from(height) - self.city.origin[2]) as f32).collect();
        let elevation = Elevation {
            heights: &heights,
            columns: window.columns,
            first_cell: [window.first_row, window.first_column],
            corner: corner_of(frame, self.city.origin),
            cell_m: frame.cell_m,
        };
        let mut covered = vec![false; heights.len()];
        if buildings == Buildings::LeftOut {
            let near = within.grown(3.0 * frame.cell_m);
            for building in (0..self.extents.len()).filter(|&building| self.extents[building].meets(&near)) {
                for face in &self.city.surfaces[self.city.surfaces_of(building)] {
                    mark_covered(&elevation, &face.shape.triangles, frame.cell_m, &mut covered);
                }
            }
        }
        triangles_of(&elevation, &covered, into);
        Ok(())
    }

    /// Triangles of the largest scene, about.
    pub fn most_triangles(&self, extents: impl Iterator<Item = Extent>) -> u64 {
        let count = |extent: Extent| {
            let within = extent.grown(self.reach_m);
            let of_buildings: usize = (0..self.extents.len())
                .filter(|&building| self.extents[building].meets(&within))
                .flat_map(|building| self.city.surfaces_of(building))
                .map(|surface| self.city.surfaces[surface].shape.triangles.len())
                .sum();
            let of_raster = |raster: &ElevationRaster| {
                cells_within(raster.frame(), self.city.origin, &within)
                    .map_or(0, |(rows, columns)| 2 * rows.len() * columns.len())
            };
            let rasters = [self.terrain, self.surroundings].into_iter().flatten();
            (of_buildings + rasters.map(of_raster).sum::<usize>()) as u64
        };
        extents.map(count).max().unwrap_or(0)
    }
}

/// What an elevation raster shows where buildings stand.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Buildings {
    /// The ground below them.
    Ignored,
    /// The buildings themselves, which are there already.
    LeftOut,
}

impl Buildings {
    /// The key of a scenario that names such a raster.
    fn key(self) -> &'static str {
        match self {
            Buildings::Ignored => "solar.terrain",
            Buildings::LeftOut => "solar.surroundings",
        }
    }
}

/// Refuses heights of the raster of `key` that are none.
///
/// # Errors
/// A code of no data that the raster does not declare.
pub fn check_heights(values: &[f32], key: &str) -> Result<(), Error> {
    let Some(height) = values.iter().find(|height| height.is_finite() && !HEIGHTS_M.contains(height)) else {
        return Ok(());
    };
    let problem = Problem::new(format!("{height} m is no height of land or what stands on it"));
    Err(problem.of_key(key).hint("declare the raster's code of no data").into())
}

/// Tells of each building that a raster does not cover, and counts them.
pub fn tell_uncovered(city: &mut City, extents: &[Extent], raster: &ElevationRaster, key: &str) -> Option<Warning> {
    let frame = raster.frame();
    let west = frame.west - city.origin[0];
    let north = frame.north - city.origin[1];
    let covered = Extent {
        low: [west, north - frame.rows as f64 * frame.cell_m],
        high: [west + frame.columns as f64 * frame.cell_m, north],
    };
    let outside: Vec<usize> = (0..extents.len()).filter(|&building| !covered.holds(&extents[building])).collect();
    for &building in &outside {
        city.find(building, &format!("not covered by {key}, which then shades nothing there"));
    }
    let named: Vec<&str> = outside.iter().take(3).map(|&building| city.buildings[building].as_str()).collect();
    let message = || {
        let rest = if outside.len() > named.len() { ", …" } else { "" };
        format!("{key} does not cover {} buildings and shades nothing there: {}{rest}", outside.len(), named.join(", "))
    };
    (!outside.is_empty()).then(|| Warning::new("raster_does_not_cover", outside.len(), message()))
}

/// Centre of the first cell in metres from the city's origin.
fn corner_of(frame: &RasterFrame, origin: [f64; 3]) -> [f64; 2] {
    [frame.west + 0.5 * frame.cell_m - origin[0], frame.north - 0.5 * frame.cell_m - origin[1]]
}

/// Rows and columns whose triangles touch an extent.
fn cells_within(
    frame: &RasterFrame,
    origin: [f64; 3],
    within: &Extent,
) -> Option<(std::ops::Range<usize>, std::ops::Range<usize>)> {
    let [x, y] = corner_of(frame, origin);
    let clamp = |value: f64, most: usize| value.max(0.0).min(most as f64) as usize;
    let columns = clamp(((within.low[0] - x) / frame.cell_m).floor(), frame.columns)
        ..clamp(((within.high[0] - x) / frame.cell_m).ceil() + 1.0, frame.columns);
    let rows = clamp(((y - within.high[1]) / frame.cell_m).floor(), frame.rows)
        ..clamp(((y - within.low[1]) / frame.cell_m).ceil() + 1.0, frame.rows);
    (rows.len() > 1 && columns.len() > 1).then_some((rows, columns))
}
