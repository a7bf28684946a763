//! What the tags of a GeoTIFF say of where it lies.

use crate::error::Problem;
use crate::formats::projection::is_in_metres;
use crate::formats::raster::RasterFrame;

/// Key of the kind of coordinates, and the values that it takes.
const MODEL_TYPE: u16 = 1024;
const PROJECTED: u16 = 1;
const GEOGRAPHIC: u16 = 2;
/// Key that tells whether coordinates name corners or centres of cells.
const RASTER_TYPE: u16 = 1025;
const PIXEL_IS_POINT: u16 = 2;
const GEODETIC_CRS: u16 = 2048;
const PROJECTED_CRS: u16 = 3072;
const LINEAR_UNITS: u16 = 3076;
const VERTICAL_UNITS: u16 = 4099;
const METRE: u16 = 9001;
const USER_DEFINED: u16 = 32767;
/// Web Mercator, whose metres are shorter than those on the ground by the cosine of the latitude.
const WEB_MERCATOR: u16 = 3857;
/// Numbers before the entries, and in each entry: key, place of the value, count, value.
const ENTRY: usize = 4;

/// Sides of cells that differ by more than this share are not square; over 100,000 cells it is a tenth of a cell.
const SQUARE_TO: f64 = 1e-6;
/// Farthest coordinate that is one on Earth, in metres.
const FARTHEST_M: f64 = 1e9;

/// The tags that georeference a raster, as they stand in the file.
#[derive(Debug, Clone, Default, PartialEq)]
pub(super) struct Georeference {
    /// Size of cells: x, y, z.
    pub(super) pixel_scale: Option<Vec<f64>>,
    /// Pairs of a place in the raster and one on Earth.
    pub(super) tiepoints: Option<Vec<f64>>,
    /// Matrix from columns and rows to coordinates.
    pub(super) transformation: Option<Vec<f64>>,
    /// Directory of keys.
    pub(super) keys: Option<Vec<u16>>,
}

/// The frame of a raster of so many rows and columns.
pub(super) fn frame(georeference: &Georeference, rows: usize, columns: usize) -> Result<RasterFrame, Problem> {
    let keys = Keys::of(georeference.keys.as_deref().unwrap_or_default())?;
    let crs = keys.crs()?;
    let [mut west, mut north, width, height] = corner(georeference)?;
    if !(width > 0.0 && height > 0.0) {
        return Err(Problem::new("the raster is mirrored or upside down")
            .hint("write it with rows from north to south and columns from west to east, as gdalwarp does"));
    }
    if (width - height).abs() > SQUARE_TO * width {
        return Err(Problem::new(format!("expected square cells, found {width} by {height}"))
            .hint("resample it to square cells, for example with gdalwarp -tr"));
    }
    if keys.get(RASTER_TYPE) == Some(PIXEL_IS_POINT) {
        west -= 0.5 * width;
        north += 0.5 * height;
    }
    let far = west.abs().max(north.abs()) + width * rows.max(columns) as f64;
    if !(far < FARTHEST_M) {
        return Err(Problem::new("the raster lies farther away than the Earth is large"));
    }
    Ok(RasterFrame { rows, columns, west, north, cell_m: width, crs })
}

/// West, north and the size of cells from west to east and from north to south.
fn corner(georeference: &Georeference) -> Result<[f64; 4], Problem> {
    let frame = match georeference {
        Georeference { transformation: Some(matrix), .. } if matrix.len() >= 16 => {
            if matrix[1] != 0.0 || matrix[4] != 0.0 {
                return Err(
                    Problem::new("the raster is rotated").hint("warp it to north-up, for example with gdalwarp")
                );
            }
            [matrix[3], matrix[7], matrix[0], -matrix[5]]
        }
        Georeference { pixel_scale: Some(scale), tiepoints: Some(tie), .. } if scale.len() >= 2 && tie.len() >= 6 => {
            [tie[3] - tie[0] * scale[0], tie[4] + tie[1] * scale[1], scale[0], scale[1]]
        }
        Georeference { tiepoints: Some(tie), .. } if tie.len() > 6 => {
            return Err(Problem::new("the raster is tied to control points")
                .hint("warp it to a regular grid, for example with gdalwarp"));
        }
        _ => {
            return Err(Problem::new("the file does not say where the raster lies")
                .hint("it needs the tags ModelPixelScale and ModelTiepoint; gdal_translate -a_ullr -a_srs adds them"));
        }
    };
    match frame.iter().all(|value| value.is_finite()) {
        true => Ok(frame),
        false => Err(Problem::new("the place of the raster is no finite number")),
    }
}

/// Keys whose values stand in the directory itself.
struct Keys(Vec<(u16, u16)>);

impl Keys {
    fn of(directory: &[u16]) -> Result<Self, Problem> {
        if directory.is_empty() {
            return Ok(Keys(Vec::new()));
        }
        let entries = directory.get(ENTRY..).unwrap_or_default().chunks_exact(ENTRY);
        let told = directory.get(3).copied().map_or(0, usize::from);
        if entries.len() < told {
            return Err(Problem::new(format!("the directory of GeoKeys has {} of {told} keys", entries.len())));
        }
        let in_place = entries.take(told).filter(|entry| entry[1] == 0);
        Ok(Keys(in_place.map(|entry| (entry[0], entry[3])).collect()))
    }

    fn get(&self, key: u16) -> Option<u16> {
        self.0.iter().find(|(known, _)| *known == key).map(|(_, value)| *value)
    }

    /// The horizontal system, if the keys name one that has a code.
    fn crs(&self) -> Result<Option<String>, Problem> {
        let projected = self.get(PROJECTED_CRS);
        let is_geographic = match self.get(MODEL_TYPE) {
            Some(model) if model != PROJECTED && model != USER_DEFINED => true,
            Some(_) => false,
            None => projected.is_none() && self.get(GEODETIC_CRS).is_some(),
        };
        if is_geographic {
            let degrees = if self.get(MODEL_TYPE).unwrap_or(GEOGRAPHIC) == GEOGRAPHIC { "degrees" } else { "no plane" };
            return Err(Problem::new(format!("the raster is in {degrees}, not in a projected system in metres"))
                .hint("project it, for example with gdalwarp -t_srs EPSG:25832"));
        }
        for (key, what) in [(LINEAR_UNITS, "coordinates"), (VERTICAL_UNITS, "heights")] {
            if let Some(unit) = self.get(key).filter(|unit| *unit != METRE) {
                return Err(Problem::new(format!("the {what} are in the unit EPSG:{unit}, not in metres"))
                    .hint("convert the raster to metres"));
            }
        }
        if let Some(code) = projected.filter(|code| is_in_metres(*code) == Some(false)) {
            return Err(Problem::new(format!("the coordinates of EPSG:{code} are not in metres"))
                .hint("project it, for example with gdalwarp -t_srs EPSG:25832"));
        }
        if projected == Some(WEB_MERCATOR) {
            return Err(Problem::new("the raster is in Web Mercator, whose cells are not as large as they say")
                .hint("project it, for example with gdalwarp -t_srs EPSG:25832"));
        }
        Ok(projected.filter(|code| *code != USER_DEFINED && *code != 0).map(|code| format!("EPSG:{code}")))
    }
}
