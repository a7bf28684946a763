//! Reads windows of a GeoTIFF.

use std::ops::Range;
use std::path::{Path, PathBuf};

use tiff::decoder::{ChunkType, Decoder, DecodingResult, Limits};
use tiff::tags::Tag;
use tiff::{TiffError, TiffResult};

use super::cache::{Cache, KEPT_CELLS};
use super::keys::{self, Georeference};
use super::padded::Padded;
use crate::error::{Error, Problem};
use crate::formats::raster::{RasterFrame, RasterWindow};

/// XML of GDAL that tells of scales and offsets, among others.
const GDAL_METADATA: Tag = Tag::Unknown(42112);
const BLACK_IS_ZERO: u16 = 1;
const LZW: u16 = 5;
/// Names of compressions other than none (1), LZW (5), deflate (8, 32946) and PackBits (32773).
const COMPRESSIONS_READ: [u16; 5] = [1, 5, 8, 32946, 32773];
const COMPRESSIONS_NAMED: [(u16, &str); 6] =
    [(6, "JPEG"), (7, "JPEG"), (34887, "LERC"), (34925, "LZMA"), (50000, "ZSTD"), (50001, "WebP")];
/// Bytes that a byte of the file can stand for at most: a code of 12 bits of LZW names up to 4096.
const MOST_INFLATION: u64 = 4096;
/// Largest strip or tile, in bytes.
const LARGEST_CHUNK: usize = 1 << 30;
/// Largest value of a tag, in bytes: the places of eight million strips.
const LARGEST_TAG: usize = 64 << 20;

/// A raster whose windows are decoded when they are asked for; `bytes` can be anything that holds a file's content.
///
/// Values are those of the file as 32-bit floats; where there is no data, by the file's own code or because the value is
/// not finite, they are NaN. Several threads may read windows at once.
#[derive(Debug, Clone)]
pub struct GeoTiff<B = Vec<u8>> {
    file: PathBuf,
    bytes: B,
    frame: RasterFrame,
    no_data: Option<f64>,
    /// Strips or tiles that the file leaves out because they hold no data, ascending.
    left_out: Vec<u32>,
    cache: Cache,
}

impl<B: AsRef<[u8]>> GeoTiff<B> {
    /// Reads what a file says of itself and no values.
    ///
    /// # Errors
    /// The file is no TIFF, has several bands, a form that is not read, or does not lie north-up in projected metres.
    pub fn open(file: &Path, bytes: B) -> Result<Self, Error> {
        match describe(bytes.as_ref()) {
            Ok((frame, no_data, left_out)) => {
                let (file, cache) = (file.to_path_buf(), Cache::default());
                Ok(GeoTiff { file, bytes, frame, no_data, left_out, cache })
            }
            Err(problem) => Err(problem.in_file(file).into()),
        }
    }

    /// Where its cells lie.
    pub fn frame(&self) -> &RasterFrame {
        &self.frame
    }

    /// The values of some rows and columns; strips or tiles beside them are not decoded.
    ///
    /// # Errors
    /// The file is damaged there.
    ///
    /// # Panics
    /// The window reaches beyond the raster.
    pub fn window(&self, rows: Range<usize>, columns: Range<usize>) -> Result<RasterWindow, Error> {
        assert!(rows.start <= rows.end && rows.end <= self.frame.rows, "rows {rows:?} of {}", self.frame.rows);
        assert!(columns.start <= columns.end && columns.end <= self.frame.columns, "columns {columns:?}");
        let mut window = RasterWindow {
            first_row: rows.start,
            first_column: columns.start,
            rows: rows.len(),
            columns: columns.len(),
            values: vec![f32::NAN; rows.len() * columns.len()],
        };
        if !window.values.is_empty() {
            self.fill(&mut window).map_err(|problem| problem.in_file(&self.file))?;
        }
        Ok(window)
    }

    fn fill(&self, window: &mut RasterWindow) -> Result<(), Problem> {
        let (mut decoder, _) = decoder(self.bytes.as_ref()).map_err(|error| told(&error))?;
        let (chunk_columns, chunk_rows) = decoder.chunk_dimensions();
        let (chunk_columns, chunk_rows) = (chunk_columns as usize, chunk_rows as usize);
        let across = self.frame.columns.div_ceil(chunk_columns);
        let touched = |first: usize, count: usize, size: usize| first / size..(first + count).div_ceil(size);
        for chunk_row in touched(window.first_row, window.rows, chunk_rows) {
            for chunk_column in touched(window.first_column, window.columns, chunk_columns) {
                let index = (chunk_row * across + chunk_column) as u32;
                if self.left_out.binary_search(&index).is_ok() {
                    continue;
                }
                let (columns, rows) = decoder.chunk_data_dimensions(index);
                let chunk = Chunk {
                    first_row: chunk_row * chunk_rows,
                    first_column: chunk_column * chunk_columns,
                    rows: rows as usize,
                    columns: columns as usize,
                };
                let mut decoded = || {
                    let values = decoder.read_chunk(index).and_then(|values| converted(values, self.no_data));
                    values.map_err(|error| told(&error))
                };
                let cells = chunk.rows * chunk.columns;
                if cells < KEPT_CELLS {
                    chunk.copy(&decoded()?, window);
                } else {
                    self.cache.with(index, cells, decoded, |values| chunk.copy(values, window))?;
                }
            }
        }
        Ok(())
    }
}

/// A strip or tile; strips are cut off where the raster ends.
struct Chunk {
    first_row: usize,
    first_column: usize,
    rows: usize,
    columns: usize,
}

impl Chunk {
    /// Copies what of it lies in a window.
    fn copy(&self, values: &[f32], window: &mut RasterWindow) {
        let first_row = self.first_row.max(window.first_row);
        let end_row = (self.first_row + self.rows).min(window.first_row + window.rows);
        let first_column = self.first_column.max(window.first_column);
        let end_column = (self.first_column + self.columns).min(window.first_column + window.columns);
        let length = end_column - first_column;
        for row in first_row..end_row {
            let from = (row - self.first_row) * self.columns + first_column - self.first_column;
            let to = (row - window.first_row) * window.columns + first_column - window.first_column;
            window.values[to..to + length].copy_from_slice(&values[from..from + length]);
        }
    }
}

/// Values as 32-bit floats, NaN where there is no data.
fn converted(decoded: DecodingResult, no_data: Option<f64>) -> TiffResult<Vec<f32>> {
    Ok(match decoded {
        DecodingResult::U8(values) => narrowed(&values, no_data),
        DecodingResult::I8(values) => narrowed(&values, no_data),
        DecodingResult::U16(values) => narrowed(&values, no_data),
        DecodingResult::I16(values) => narrowed(&values, no_data),
        DecodingResult::U32(values) => narrowed(&values, no_data),
        DecodingResult::I32(values) => narrowed(&values, no_data),
        // The code of no data is a decimal text: as a 32-bit float it is what the values are.
        DecodingResult::F32(values) => narrowed(&values, no_data.map(|code| f64::from(code as f32))),
        DecodingResult::F64(values) => narrowed(&values, no_data),
        DecodingResult::U64(_) | DecodingResult::I64(_) | DecodingResult::F16(_) => {
            return Err(TiffError::IntSizeError);
        }
    })
}

fn narrowed<T: Copy + Into<f64>>(values: &[T], no_data: Option<f64>) -> Vec<f32> {
    let narrow = |value: &T| {
        let value: f64 = (*value).into();
        let narrow = value as f32;
        if Some(value) == no_data || !narrow.is_finite() { f32::NAN } else { narrow }
    };
    values.iter().map(narrow).collect()
}

/// A decoder, to which a raster of LZW tiles is as wide and high as these, and the columns and rows that it has.
fn decoder(bytes: &[u8]) -> TiffResult<(Decoder<Padded<'_>>, (u32, u32))> {
    let mut limits = Limits::default();
    limits.decoding_buffer_size = LARGEST_CHUNK;
    limits.intermediate_buffer_size = LARGEST_CHUNK;
    limits.ifd_value_size = LARGEST_TAG.min(bytes.len());
    let mut decoder = Decoder::new(Padded::plain(bytes))?.with_limits(limits.clone());
    let (columns, rows) = decoder.dimensions()?;
    let is_lzw = decoder.find_tag_unsigned::<u16>(Tag::Compression)? == Some(LZW);
    if !is_lzw || decoder.get_chunk_type() != ChunkType::Tile {
        return Ok((decoder, (columns, rows)));
    }
    let (tile_columns, tile_rows) = decoder.chunk_dimensions();
    let up = |cells: u32, tile: u32| cells.checked_next_multiple_of(tile).unwrap_or(cells);
    let padded = Padded::with_dimensions(bytes, up(columns, tile_columns), up(rows, tile_rows));
    Ok((Decoder::new(padded)?.with_limits(limits), (columns, rows)))
}

/// The frame, the code of no data, and the chunks that are left out.
fn describe(bytes: &[u8]) -> Result<(RasterFrame, Option<f64>, Vec<u32>), Problem> {
    let (mut decoder, (columns, rows)) = decoder(bytes).map_err(|error| told(&error))?;
    check_form(&mut decoder)?;
    check_size(bytes.len() as u64, u64::from(rows) * u64::from(columns), &mut decoder)?;
    let left_out = left_out(rows, columns, &mut decoder)?;
    let mut numbers = |tag| decoder.find_tag(tag).ok().flatten().and_then(|value| value.into_f64_vec().ok());
    let mut georeference = Georeference {
        pixel_scale: numbers(Tag::ModelPixelScaleTag),
        tiepoints: numbers(Tag::ModelTiepointTag),
        transformation: numbers(Tag::ModelTransformationTag),
        keys: None,
    };
    georeference.keys = decoder.find_tag_unsigned_vec(Tag::GeoKeyDirectoryTag).map_err(|error| told(&error))?;
    let frame = keys::frame(&georeference, rows as usize, columns as usize)?;
    Ok((frame, no_data(&mut decoder)?, left_out))
}

fn check_form(decoder: &mut Decoder<Padded<'_>>) -> Result<(), Problem> {
    let mut number = |tag, default: u16| match decoder.find_tag_unsigned_vec::<u16>(tag) {
        Ok(values) => Ok(values.and_then(|values| values.first().copied()).unwrap_or(default)),
        Err(error) => Err(told(&error)),
    };
    let bands = number(Tag::SamplesPerPixel, 1)?;
    if bands != 1 {
        return Err(Problem::new(format!("expected one band, found {bands}"))
            .hint("take the band of heights out, for example with gdal_translate -b 1"));
    }
    let compression = number(Tag::Compression, 1)?;
    if !COMPRESSIONS_READ.contains(&compression) {
        let name = COMPRESSIONS_NAMED.iter().find(|(code, _)| *code == compression);
        let name = name.map_or_else(|| format!("number {compression}"), |(_, name)| (*name).to_owned());
        return Err(Problem::new(format!("the compression {name} is not read"))
            .hint("write it with gdal_translate -co COMPRESS=DEFLATE -co PREDICTOR=2"));
    }
    if number(Tag::PhotometricInterpretation, BLACK_IS_ZERO)? != BLACK_IS_ZERO {
        return Err(Problem::new("the raster holds colours rather than values"));
    }
    let (bits, format) = (number(Tag::BitsPerSample, 1)?, number(Tag::SampleFormat, 1)?);
    if !matches!((format, bits), (1 | 2, 8 | 16 | 32) | (3, 32 | 64)) {
        let kind = ["", "unsigned", "signed", "float"].get(usize::from(format)).unwrap_or(&"other");
        return Err(Problem::new(format!("values of {bits} bits ({kind}) are not read"))
            .hint("write it with gdal_translate -ot Float32"));
    }
    let metadata = decoder.find_tag(GDAL_METADATA).ok().flatten().and_then(|value| value.into_string().ok());
    match metadata {
        Some(text) if text.contains("role=\"scale\"") || text.contains("role=\"offset\"") => {
            Err(Problem::new("the values are scaled").hint("write them out with gdal_translate -unscale -ot Float32"))
        }
        _ => Ok(()),
    }
}

/// Refuses dimensions that the file is too small for, before anything of their size is allocated.
fn check_size(n_bytes: u64, n_cells: u64, decoder: &mut Decoder<Padded<'_>>) -> Result<(), Problem> {
    if n_cells == 0 {
        return Err(Problem::new("the raster has no cells"));
    }
    let fits = |n_cells: u64| match n_cells / MOST_INFLATION > n_bytes {
        true => Err(Problem::new(format!("the file is too small for {n_cells} cells")).hint("fetch or write it again")),
        false => Ok(()),
    };
    fits(n_cells)?;
    let (columns, rows) = decoder.chunk_dimensions();
    if columns == 0 || rows == 0 {
        return Err(Problem::new("the strips or tiles of the raster have no cells"));
    }
    let (data_columns, data_rows) = decoder.chunk_data_dimensions(0);
    let chunk_bytes = u64::from(data_columns) * u64::from(data_rows) * 8;
    if chunk_bytes > LARGEST_CHUNK as u64 {
        return Err(Problem::new(format!("a strip or tile of the raster is larger than {} MiB", LARGEST_CHUNK >> 20))
            .hint("write it in tiles, for example with gdal_translate -co TILED=YES"));
    }
    fits(u64::from(data_columns) * u64::from(data_rows))
}

/// The strips or tiles without bytes, as GDAL writes those that hold no data; there are as many as the raster needs.
fn left_out(rows: u32, columns: u32, decoder: &mut Decoder<Padded<'_>>) -> Result<Vec<u32>, Problem> {
    let (chunk_columns, chunk_rows) = decoder.chunk_dimensions();
    let needed = u64::from(rows.div_ceil(chunk_rows)) * u64::from(columns.div_ceil(chunk_columns));
    let tag = match decoder.get_chunk_type() {
        ChunkType::Strip => Tag::StripByteCounts,
        ChunkType::Tile => Tag::TileByteCounts,
    };
    let sizes: Option<Vec<u64>> = decoder.find_tag_unsigned_vec(tag).map_err(|error| told(&error))?;
    let sizes = sizes.unwrap_or_default();
    if sizes.len() as u64 != needed {
        let message = format!("the raster needs {needed} strips or tiles, the file has {}", sizes.len());
        return Err(Problem::new(message).hint("fetch or write it again"));
    }
    Ok((0..).zip(sizes).filter(|(_, size)| *size == 0).map(|(chunk, _)| chunk).collect())
}

fn no_data(decoder: &mut Decoder<Padded<'_>>) -> Result<Option<f64>, Problem> {
    let Some(value) = decoder.find_tag(Tag::GdalNodata).map_err(|error| told(&error))? else { return Ok(None) };
    let text = value.into_string().map_err(|error| told(&error))?;
    let text = text.trim_matches(|letter: char| letter.is_whitespace() || letter == '\0');
    match text.parse() {
        Ok(code) => Ok(Some(code)),
        Err(_) if text.is_empty() => Ok(None),
        Err(_) => {
            Err(Problem::new(format!("expected a number, found {}", crate::formats::text::shown(text.as_bytes())))
                .of_key("GDAL_NODATA"))
        }
    }
}

fn told(error: &TiffError) -> Problem {
    match error {
        TiffError::IoError(cause) if cause.to_string().contains("lzw") => {
            Problem::new("an LZW strip or tile is damaged").hint("fetch or write it again")
        }
        TiffError::IoError(_) => Problem::new("the file is truncated").hint("fetch or write it again"),
        TiffError::FormatError(cause) => Problem::new(format!("the file is no sound TIFF: {cause}")),
        TiffError::UnsupportedError(cause) => Problem::new(format!("this form of TIFF is not read: {cause}"))
            .hint("write it with gdal_translate -co COMPRESS=DEFLATE -ot Float32"),
        TiffError::LimitsExceeded => Problem::new("the file is no sound TIFF: a part is larger than can be"),
        other => Problem::new(format!("the file is no sound TIFF: {other}")),
    }
}
