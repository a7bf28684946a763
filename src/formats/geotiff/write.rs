//! Writes a GeoTIFF, strip by strip.

use std::io::{self, Seek, Write};
use std::ops::Range;

use flate2::Compression;
use flate2::write::ZlibEncoder;
use tiff::TiffError;
use tiff::encoder::{TiffEncoder, TiffKind, TiffKindBig, TiffKindStandard};
use tiff::tags::Tag;

use crate::formats::projection::horizontal_code;
use crate::formats::raster::RasterFrame;

/// Bytes of a strip before compression, roughly.
const STRIP_BYTES: usize = 256 << 10;
/// Bytes of values from which on offsets need 64 bits, with room for what compression can add.
const BIG_FROM_BYTES: u64 = 0xf000_0000;
const BYTES_PER_CELL: usize = 4;
const GDAL_METADATA: Tag = Tag::Unknown(42112);
const DEFLATE: u16 = 8;
const FLOATING_POINT_PREDICTOR: u16 = 3;
const IEEE_FLOAT: u16 = 3;
const BLACK_IS_ZERO: u16 = 1;

/// What a raster says of its values.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct RasterText {
    /// What the values are, for example `irradiation of a year`.
    pub description: String,
    /// Their unit, for example `kWh/m2`.
    pub unit: String,
    /// Further names and values, for example the model of the sky.
    pub items: Vec<(String, String)>,
}

/// Writes a raster of 32-bit floats, compressed, with NaN where there is no data.
///
/// `fill` is given consecutive rows and their values to fill, row by row; so a raster need not be in memory. The reference
/// system is the frame's, if it has a code; the file is a BigTIFF if it would be larger than 4 GB.
///
/// # Errors
/// What `out` and `fill` report; and a raster without cells or with more rows or columns than a TIFF can have.
pub fn write_geotiff(
    out: impl Write + Seek,
    frame: &RasterFrame,
    text: &RasterText,
    fill: impl FnMut(Range<usize>, &mut [f32]) -> io::Result<()>,
) -> io::Result<()> {
    let (Ok(rows), Ok(columns)) = (u32::try_from(frame.rows), u32::try_from(frame.columns)) else {
        return Err(io::Error::new(io::ErrorKind::InvalidInput, "more rows or columns than a TIFF can have"));
    };
    if rows == 0 || columns == 0 {
        return Err(io::Error::new(io::ErrorKind::InvalidInput, "a raster without cells"));
    }
    if u64::from(rows) * u64::from(columns) < BIG_FROM_BYTES / BYTES_PER_CELL as u64 {
        write::<TiffKindStandard>(out, frame, [rows, columns], text, fill)
    } else {
        write::<TiffKindBig>(out, frame, [rows, columns], text, fill)
    }
}

fn write<K: TiffKind>(
    out: impl Write + Seek,
    frame: &RasterFrame,
    [rows, columns]: [u32; 2],
    text: &RasterText,
    mut fill: impl FnMut(Range<usize>, &mut [f32]) -> io::Result<()>,
) -> io::Result<()> {
    let rows_per_strip = (STRIP_BYTES / (frame.columns * BYTES_PER_CELL)).clamp(1, frame.rows);
    let mut encoder = TiffEncoder::<_, K>::new_generic(out).map_err(io_error)?;
    let mut directory = encoder.image_directory().map_err(io_error)?;
    let mut offsets: Vec<K::OffsetType> = Vec::new();
    let mut sizes: Vec<K::OffsetType> = Vec::new();
    let mut values = vec![0.0; rows_per_strip * frame.columns];
    for first in (0..frame.rows).step_by(rows_per_strip) {
        let strip = first..(first + rows_per_strip).min(frame.rows);
        let values = &mut values[..strip.len() * frame.columns];
        fill(strip, values)?;
        let compressed = compress(values, frame.columns)?;
        let offset = directory.write_data(compressed.as_slice()).map_err(io_error)?;
        offsets.push(K::convert_offset(offset).map_err(io_error)?);
        sizes.push(compressed.len().try_into().map_err(io::Error::other)?);
    }
    let mut tags = || {
        directory.write_tag(Tag::ImageWidth, columns)?;
        directory.write_tag(Tag::ImageLength, rows)?;
        directory.write_tag(Tag::RowsPerStrip, rows_per_strip as u32)?;
        directory.write_tag(Tag::StripOffsets, K::convert_slice(&offsets))?;
        directory.write_tag(Tag::StripByteCounts, K::convert_slice(&sizes))?;
        for (tag, value) in [
            (Tag::BitsPerSample, 8 * BYTES_PER_CELL as u16),
            (Tag::SampleFormat, IEEE_FLOAT),
            (Tag::SamplesPerPixel, 1),
            (Tag::PhotometricInterpretation, BLACK_IS_ZERO),
            (Tag::Compression, DEFLATE),
            (Tag::Predictor, FLOATING_POINT_PREDICTOR),
        ] {
            directory.write_tag(tag, value)?;
        }
        directory.write_tag(Tag::ModelPixelScaleTag, &[frame.cell_m, frame.cell_m, 0.0][..])?;
        directory.write_tag(Tag::ModelTiepointTag, &[0.0, 0.0, 0.0, frame.west, frame.north, 0.0][..])?;
        directory.write_tag(Tag::GeoKeyDirectoryTag, &geo_keys(frame)[..])?;
        directory.write_tag(Tag::GdalNodata, "nan")?;
        directory.write_tag(GDAL_METADATA, metadata(text).as_str())
    };
    tags().and_then(|()| directory.finish()).map_err(io_error)
}

/// Rows after the floating-point predictor (Adobe, *TIFF Technical Note 3*, 2005), deflated.
///
/// The bytes of a row are sorted by significance, then each is replaced by its difference from the one before.
fn compress(values: &[f32], columns: usize) -> io::Result<Vec<u8>> {
    let mut encoder = ZlibEncoder::new(Vec::new(), Compression::default());
    let mut bytes = vec![0; columns * BYTES_PER_CELL];
    for row in values.chunks_exact(columns) {
        for (column, value) in row.iter().enumerate() {
            for (plane, byte) in value.to_be_bytes().into_iter().enumerate() {
                bytes[plane * columns + column] = byte;
            }
        }
        for position in (1..bytes.len()).rev() {
            bytes[position] = bytes[position].wrapping_sub(bytes[position - 1]);
        }
        encoder.write_all(&bytes)?;
    }
    encoder.finish()
}

/// Version 1.1.0 of the directory, then per key: number, place, count and value, ascending.
fn geo_keys(frame: &RasterFrame) -> Vec<u16> {
    // Projected coordinates, which name corners of cells, in metres.
    let mut keys = vec![[1024, 0, 1, 1], [1025, 0, 1, 1]];
    let code = frame.crs.as_deref().and_then(horizontal_code).and_then(|code| u16::try_from(code).ok());
    keys.extend(code.map(|code| [3072, 0, 1, code]));
    keys.push([3076, 0, 1, 9001]);
    let head = [1, 1, 0, keys.len() as u16];
    [head].into_iter().chain(keys).flatten().collect()
}

/// The XML that GDAL keeps texts in.
fn metadata(text: &RasterText) -> String {
    let escaped = |text: &str| {
        let text: String = text.chars().filter(|letter| !letter.is_control()).collect();
        text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
    };
    let mut xml = String::from("<GDALMetadata>\n");
    for (name, value) in &text.items {
        xml += &format!("  <Item name=\"{}\">{}</Item>\n", escaped(name), escaped(value));
    }
    for (name, role, value) in [("DESCRIPTION", "description", &text.description), ("UNITTYPE", "unittype", &text.unit)]
    {
        if !value.is_empty() {
            xml += &format!("  <Item name=\"{name}\" sample=\"0\" role=\"{role}\">{}</Item>\n", escaped(value));
        }
    }
    // TIFF texts are ASCII: what is not is written as XML's number of it.
    let ascii = |letter: char| match letter.is_ascii() {
        true => letter.to_string(),
        false => format!("&#{};", u32::from(letter)),
    };
    xml.push_str("</GDALMetadata>");
    xml.chars().map(ascii).collect()
}

fn io_error(error: TiffError) -> io::Error {
    match error {
        TiffError::IoError(error) => error,
        other => io::Error::other(other),
    }
}
