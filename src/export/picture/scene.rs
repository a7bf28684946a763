//! What a map shows: roofs or cells with their colours, drawn into a frame.

use tiny_skia::PathBuilder;

use super::canvas::{Area, Canvas, Fill, ring};
use super::quantity::{Carrier, Quantity};
use crate::error::Error;
use crate::formats::raster::RasterFrame;
use crate::report::palette::{ColourScale, Rgb};
use crate::report::solar::city::{City, Rings};
use crate::report::solar::{column, misfit, raster};
use crate::store::read::RunReader;

/// Outlines of roofs.
const OUTLINE: Rgb = [0x3a, 0x40, 0x48];
/// Share of the frame that roofs leave free around them.
const MARGIN: f64 = 0.03;
/// Cells of a raster that are read at a time.
const BLOCK_CELLS: usize = 1 << 22;

/// What is drawn, with where it lies in the picture.
pub enum Scene {
    /// Roofs from above.
    Roofs {
        /// Where metres lie in the picture.
        place: Placement,
        /// Polygons of all surfaces.
        rings: Rings,
        /// Roofs in the order they are drawn, with their values.
        roofs: Vec<(usize, f64)>,
    },
    /// Cells, as many as the picture has pixels for.
    Cells {
        /// Where metres lie in the picture.
        place: Placement,
        /// First pixel from the left and from the top.
        first: (u32, u32),
        /// Pixels in a row.
        columns: usize,
        /// Mean of the cells in each pixel, row by row from the north; NaN where no cell has a value.
        means: Vec<f32>,
    },
}

/// Where metres lie in a picture: both axes to one scale, north up.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Placement {
    /// Pixels per metre.
    pub pixels_per_m: f64,
    west: f64,
    north: f64,
    left: f64,
    top: f64,
}

impl Scene {
    /// Reads what is drawn and lays it out in an area.
    ///
    /// # Errors
    /// The run is damaged.
    pub fn read(run: &RunReader, quantity: &Quantity, area: Area) -> Result<Scene, Error> {
        match quantity.carrier {
            Carrier::Roofs => roofs(run, quantity, area),
            Carrier::Cells => cells(run, quantity, area),
        }
    }

    /// Where metres lie in the picture.
    pub fn place(&self) -> Placement {
        match self {
            Scene::Roofs { place, .. } | Scene::Cells { place, .. } => *place,
        }
    }

    /// Classes that suit what is drawn.
    pub fn scale(&self) -> ColourScale {
        match self {
            Scene::Roofs { roofs, .. } => ColourScale::of(roofs.iter().map(|(_, value)| *value)),
            Scene::Cells { means, .. } => ColourScale::of(means.iter().map(|mean| f64::from(*mean))),
        }
    }

    /// Whether some of what is drawn has no value.
    pub fn has_missing(&self) -> bool {
        match self {
            Scene::Roofs { roofs, .. } => roofs.iter().any(|(_, value)| !value.is_finite()),
            Scene::Cells { means, .. } => means.iter().any(|mean| !mean.is_finite()),
        }
    }

    /// Draws it.
    pub fn draw(&self, canvas: &mut Canvas, scale: &ColourScale) {
        let fill = |value: f64| scale.class_of(value).map_or(Fill::Missing, |class| Fill::Colour(scale.colour(class)));
        match self {
            Scene::Roofs { place, rings, roofs } => {
                for (roof, value) in roofs {
                    let mut path = PathBuilder::new();
                    rings.of(*roof).for_each(|corners| ring(&mut path, corners.iter().map(|corner| place.at(corner))));
                    if let Some(path) = path.finish() {
                        canvas.fill(&path, fill(*value));
                        canvas.stroke(&path, OUTLINE, 0.8);
                    }
                }
            }
            Scene::Cells { first, columns, means, .. } => {
                for (index, mean) in means.iter().enumerate() {
                    let pixel = (first.0 + (index % columns) as u32, first.1 + (index / columns) as u32);
                    canvas.set(pixel, fill(f64::from(*mean)));
                }
            }
        }
    }
}

impl Placement {
    /// Fits a rectangle of metres (west, south, east, north) into the middle of an area.
    fn fit([west, south, east, north]: [f64; 4], area: Area) -> Placement {
        let (width, height) = (f64::from(area.width), f64::from(area.height));
        // One point is drawn as a metre.
        let (across, up) = ((east - west).max(1.0), (north - south).max(1.0));
        let pixels_per_m = (width / across).min(height / up);
        let left = f64::from(area.left) + (width - (east - west) * pixels_per_m) / 2.0;
        let top = f64::from(area.top) + (height - (north - south) * pixels_per_m) / 2.0;
        Placement { pixels_per_m, west, north, left, top }
    }

    fn at(&self, corner: &[f64; 3]) -> (f32, f32) {
        let x = self.left + (corner[0] - self.west) * self.pixels_per_m;
        let y = self.top + (self.north - corner[1]) * self.pixels_per_m;
        (x as f32, y as f32)
    }
}

fn roofs(run: &RunReader, quantity: &Quantity, area: Area) -> Result<Scene, Error> {
    let city = City::read(run)?;
    let rings = Rings::read(run, city.n_surfaces())?;
    let values = column(run, quantity.field, city.n_surfaces())?;
    // What lies higher is drawn later, so that it hides what lies below it.
    let mut order: Vec<(f64, usize)> = city.roofs().map(|roof| (rings.mean_height(roof), roof)).collect();
    order.sort_by(|one, other| one.0.total_cmp(&other.0).then(one.1.cmp(&other.1)));
    let corners = || city.roofs().flat_map(|roof| rings.of(roof)).flatten();
    let least = |axis: usize| corners().map(|corner| corner[axis]).fold(f64::INFINITY, f64::min);
    let most = |axis: usize| corners().map(|corner| corner[axis]).fold(f64::NEG_INFINITY, f64::max);
    let bounds = match order.is_empty() {
        true => [0.0; 4],
        false => [least(0), least(1), most(0), most(1)],
    };
    let free = (f64::from(area.width.min(area.height)) * MARGIN) as f32;
    let inner = Area {
        left: area.left + free,
        top: area.top + free,
        width: area.width - 2.0 * free,
        height: area.height - 2.0 * free,
    };
    let place = Placement::fit(bounds, inner);
    Ok(Scene::Roofs { place, roofs: order.into_iter().map(|(_, roof)| (roof, values[roof])).collect(), rings })
}

fn cells(run: &RunReader, quantity: &Quantity, area: Area) -> Result<Scene, Error> {
    let frame = raster::frame(run, None)?;
    let name = quantity.field.name;
    if run.shape(name)? != [frame.rows, frame.columns] {
        let message = format!("field {name} is not over {} rows and {} columns", frame.rows, frame.columns);
        return Err(misfit(run, message));
    }
    let (across, up) = (frame.columns as f64 * frame.cell_m, frame.rows as f64 * frame.cell_m);
    let place = Placement::fit([frame.west, frame.north - up, frame.west + across, frame.north], area);
    let pixels = |metres: f64| ((metres * place.pixels_per_m).round() as usize).max(1);
    let (rows, columns) = (pixels(up), pixels(across));
    let means = block_means(run, name, &frame, (rows, columns))?;
    Ok(Scene::Cells { place, first: (place.left.round() as u32, place.top.round() as u32), columns, means })
}

/// Means of the cells that fall into each pixel, or the cell that a pixel falls into.
fn block_means(
    run: &RunReader,
    name: &str,
    frame: &RasterFrame,
    (rows, columns): (usize, usize),
) -> Result<Vec<f32>, Error> {
    let span = |pixel: usize, n_pixels: usize, n_cells: usize| {
        let first = pixel * n_cells / n_pixels;
        first..((pixel + 1) * n_cells / n_pixels).max(first + 1)
    };
    let mut means = Vec::with_capacity(rows * columns);
    let block = (BLOCK_CELLS * rows / (frame.rows * frame.columns).max(1)).clamp(1, rows);
    for first_row in (0..rows).step_by(block) {
        let last_row = (first_row + block).min(rows) - 1;
        let start = span(first_row, rows, frame.rows).start;
        let cells = run.rows_at(name, &[], start..span(last_row, rows, frame.rows).end)?;
        for row in first_row..=last_row {
            let of_row = span(row, rows, frame.rows);
            for column in 0..columns {
                let mut sum = (0.0, 0_u32);
                for cell_row in of_row.clone() {
                    for cell_column in span(column, columns, frame.columns) {
                        let value = cells[[cell_row - start, cell_column]];
                        if value.is_finite() {
                            sum = (sum.0 + value, sum.1 + 1);
                        }
                    }
                }
                means.push(if sum.1 > 0 { (sum.0 / f64::from(sum.1)) as f32 } else { f32::NAN });
            }
        }
    }
    Ok(means)
}
