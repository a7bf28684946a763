//! Headers of netCDF-3 files: classic, 64-bit offset, and 64-bit data (CDF-5).
//!
//! NetCDF Classic Format Specification (Unidata), and the CDF-5 format specification of PnetCDF.

use super::description::{Attribute, AttributeValue, ByteOrder, Layout, ValueKind, Variable};
use crate::error::Problem;

/// First bytes; the version follows.
pub(super) const MAGIC: &[u8; 3] = b"CDF";
/// Longest name, as in the netCDF library.
const LONGEST_NAME: u64 = 256;
/// Most dimensions of a variable.
const MOST_DIMENSIONS: u64 = 1024;

const TAG_DIMENSION: u32 = 10;
const TAG_VARIABLE: u32 = 11;
const TAG_ATTRIBUTE: u32 = 12;

/// A header's content: attributes of the file, and variables.
pub(super) type Header = (Vec<Attribute>, Vec<Variable>);

/// Reads a header from the first bytes of a file of `n_bytes` bytes.
///
/// # Errors
/// A header that is damaged; or none if the bytes end before the header does.
pub(super) fn read(head: &[u8], n_bytes: u64) -> Result<Header, HeaderError> {
    let mut cursor = Cursor { bytes: head, at: 0, n_bytes, wide: false };
    if cursor.take(3)? != MAGIC {
        return Err(damaged("it does not begin as netCDF-3 does"));
    }
    let version = cursor.take(1)?[0];
    cursor.wide = version == 5;
    let wide_offsets = version != 1;
    if !matches!(version, 1 | 2 | 5) {
        return Err(damaged(&format!("version {version} of netCDF-3 is not known")));
    }
    let n_records = cursor.size()?;
    let is_streaming = n_records == if cursor.wide { u64::MAX } else { u64::from(u32::MAX) };
    let dimensions = read_dimensions(&mut cursor)?;
    let attributes = read_attributes(&mut cursor)?;
    let raw = read_variables(&mut cursor, &dimensions, wide_offsets)?;
    let placed = Placement::new(&raw, n_bytes, (!is_streaming).then_some(n_records))?;
    let variables = raw.into_iter().map(|variable| placed.place(variable, &dimensions)).collect::<Result<_, _>>()?;
    Ok((attributes, variables))
}

/// Why there is no header.
#[derive(Debug)]
pub(super) enum HeaderError {
    /// More bytes of the file are needed.
    TooShort,
    /// It is wrong.
    Damaged(Problem),
}

fn damaged(how: &str) -> HeaderError {
    HeaderError::Damaged(Problem::new(format!("not readable as netCDF-3: {how}")))
}

/// A dimension; the record dimension has length 0 in the header.
struct Dimension {
    name: String,
    length: u64,
}

struct RawVariable {
    name: String,
    dimensions: Vec<usize>,
    attributes: Vec<Attribute>,
    kind: ValueKind,
    begin: u64,
    is_record: bool,
    /// Bytes of all its values, or of one record.
    n_bytes: u64,
}

/// Reads big-endian values one after the other.
struct Cursor<'a> {
    bytes: &'a [u8],
    at: usize,
    /// Of the whole file: nothing can be more.
    n_bytes: u64,
    /// Whether sizes have 64 bits.
    wide: bool,
}

impl<'a> Cursor<'a> {
    fn take(&mut self, n: usize) -> Result<&'a [u8], HeaderError> {
        let end = self.at.checked_add(n).ok_or(HeaderError::TooShort)?;
        let taken = self.bytes.get(self.at..end).ok_or(HeaderError::TooShort)?;
        self.at = end;
        Ok(taken)
    }
    fn u32(&mut self) -> Result<u32, HeaderError> {
        Ok(u32::from_be_bytes(self.take(4)?.try_into().expect("four bytes were taken")))
    }
    fn u64(&mut self) -> Result<u64, HeaderError> {
        Ok(u64::from_be_bytes(self.take(8)?.try_into().expect("eight bytes were taken")))
    }
    fn size(&mut self) -> Result<u64, HeaderError> {
        if self.wide { self.u64() } else { self.u32().map(u64::from) }
    }
    /// How many items of at least `least` bytes follow: no more than the file can hold.
    fn count(&mut self, least: u64) -> Result<usize, HeaderError> {
        let count = self.size()?;
        if count > self.n_bytes / least {
            return Err(damaged(&format!("its header counts {count} items, more than the file can hold")));
        }
        Ok(count as usize)
    }
    fn padded(&mut self, n: usize) -> Result<&'a [u8], HeaderError> {
        let taken = self.take(n)?;
        self.take(n.next_multiple_of(4) - n)?;
        Ok(taken)
    }
    fn name(&mut self) -> Result<String, HeaderError> {
        let length = self.size()?;
        if length == 0 || length > LONGEST_NAME {
            return Err(damaged(&format!("a name of {length} bytes")));
        }
        let bytes = self.padded(length as usize)?;
        String::from_utf8(bytes.to_vec()).map_err(|_| damaged("a name that is not UTF-8"))
    }
    /// Number of the items of a list, which has a tag unless it is absent.
    fn list(&mut self, tag: u32, least: u64) -> Result<usize, HeaderError> {
        let found = self.u32()?;
        let count = self.count(least)?;
        if found == tag || (found == 0 && count == 0) {
            Ok(count)
        } else {
            Err(damaged(&format!("a list of the kind {found} where one of the kind {tag} is expected")))
        }
    }
    fn kind(&mut self) -> Result<ValueKind, HeaderError> {
        Ok(match self.u32()? {
            1 => ValueKind::I8,
            2 => ValueKind::Text(1),
            3 => ValueKind::I16,
            4 => ValueKind::I32,
            5 => ValueKind::F32,
            6 => ValueKind::F64,
            7 => ValueKind::U8,
            8 => ValueKind::U16,
            9 => ValueKind::U32,
            10 => ValueKind::I64,
            11 => ValueKind::U64,
            other => return Err(damaged(&format!("values of the unknown type {other}"))),
        })
    }
}

fn read_dimensions(cursor: &mut Cursor<'_>) -> Result<Vec<Dimension>, HeaderError> {
    let n = cursor.list(TAG_DIMENSION, 8)?;
    let mut dimensions = Vec::new();
    for _ in 0..n {
        dimensions.push(Dimension { name: cursor.name()?, length: cursor.size()? });
    }
    Ok(dimensions)
}

fn read_attributes(cursor: &mut Cursor<'_>) -> Result<Vec<Attribute>, HeaderError> {
    let n = cursor.list(TAG_ATTRIBUTE, 12)?;
    let mut attributes = Vec::new();
    for _ in 0..n {
        let name = cursor.name()?;
        let kind = cursor.kind()?;
        let count = cursor.count(kind.n_bytes() as u64)?;
        let bytes = cursor.padded(count * kind.n_bytes())?;
        attributes.push(Attribute { name, value: attribute_value(kind, bytes) });
    }
    Ok(attributes)
}

fn attribute_value(kind: ValueKind, bytes: &[u8]) -> AttributeValue {
    fn each<const N: usize, T>(bytes: &[u8], value: impl Fn([u8; N]) -> T) -> Vec<T> {
        bytes.as_chunks::<N>().0.iter().map(|bytes| value(*bytes)).collect()
    }
    use AttributeValue::{Floats, Integers};
    match kind {
        ValueKind::I8 => Integers(each(bytes, |b| i64::from(i8::from_be_bytes(b)))),
        ValueKind::U8 => Integers(each(bytes, |b| i64::from(u8::from_be_bytes(b)))),
        ValueKind::I16 => Integers(each(bytes, |b| i64::from(i16::from_be_bytes(b)))),
        ValueKind::U16 => Integers(each(bytes, |b| i64::from(u16::from_be_bytes(b)))),
        ValueKind::I32 => Integers(each(bytes, |b| i64::from(i32::from_be_bytes(b)))),
        ValueKind::U32 => Integers(each(bytes, |b| i64::from(u32::from_be_bytes(b)))),
        ValueKind::I64 => Integers(each(bytes, i64::from_be_bytes)),
        ValueKind::U64 => Floats(each(bytes, |b| u64::from_be_bytes(b) as f64)),
        ValueKind::F32 => Floats(each(bytes, |b| f64::from(f32::from_be_bytes(b)))),
        ValueKind::F64 => Floats(each(bytes, f64::from_be_bytes)),
        ValueKind::Text(_) | ValueKind::Texts | ValueKind::Other => {
            let text = String::from_utf8_lossy(bytes);
            AttributeValue::Text(text.trim_end_matches('\0').to_owned())
        }
    }
}

fn read_variables(
    cursor: &mut Cursor<'_>,
    dimensions: &[Dimension],
    wide_offsets: bool,
) -> Result<Vec<RawVariable>, HeaderError> {
    let n = cursor.list(TAG_VARIABLE, 24)?;
    let mut variables = Vec::new();
    for _ in 0..n {
        let name = cursor.name()?;
        let n_dimensions = cursor.size()?;
        if n_dimensions > MOST_DIMENSIONS {
            return Err(damaged(&format!("variable {name} has {n_dimensions} dimensions")));
        }
        let mut own = Vec::new();
        for _ in 0..n_dimensions {
            let dimension = cursor.size()?;
            if dimension >= dimensions.len() as u64 {
                return Err(damaged(&format!("variable {name} has a dimension that is not there")));
            }
            own.push(dimension as usize);
        }
        let attributes = read_attributes(cursor)?;
        let kind = cursor.kind()?;
        // The stated size overflows for large variables: it is computed instead.
        cursor.size()?;
        let begin = if wide_offsets { cursor.u64()? } else { u64::from(cursor.u32()?) };
        let is_record = own.first().is_some_and(|&first| dimensions[first].length == 0);
        let mut lengths = own.iter().skip(usize::from(is_record)).map(|&dimension| dimensions[dimension].length);
        let n_bytes = lengths
            .try_fold(kind.n_bytes() as u64, |size, length| size.checked_mul(length))
            .ok_or_else(|| damaged(&format!("variable {name} has more values than can be counted")))?;
        variables.push(RawVariable { name, dimensions: own, attributes, kind, begin, is_record, n_bytes });
    }
    Ok(variables)
}

/// Where records lie.
struct Placement {
    n_bytes: u64,
    n_records: u64,
    record_bytes: u64,
}

impl Placement {
    fn new(variables: &[RawVariable], n_bytes: u64, stated: Option<u64>) -> Result<Self, HeaderError> {
        let records: Vec<&RawVariable> = variables.iter().filter(|variable| variable.is_record).collect();
        // Records of a single variable are not padded.
        let padded = |size: u64| if records.len() == 1 { Some(size) } else { size.checked_next_multiple_of(4) };
        let record_bytes = records
            .iter()
            .try_fold(0_u64, |sum, variable| sum.checked_add(padded(variable.n_bytes)?))
            .ok_or_else(|| damaged("its records are larger than can be counted"))?;
        let begin = records.iter().map(|variable| variable.begin).min().unwrap_or(0);
        let in_file = n_bytes.saturating_sub(begin).checked_div(record_bytes).unwrap_or(0);
        let n_records = stated.unwrap_or(in_file);
        if record_bytes == 0 && n_records > n_bytes {
            return Err(damaged(&format!("it counts {n_records} records without values")));
        }
        Ok(Placement { n_bytes, n_records, record_bytes })
    }

    fn place(&self, variable: RawVariable, dimensions: &[Dimension]) -> Result<Variable, HeaderError> {
        let RawVariable { name, kind, begin, is_record, n_bytes, attributes, .. } = variable;
        let mut lengths: Vec<u64> = variable.dimensions.iter().map(|&number| dimensions[number].length).collect();
        if is_record {
            lengths[0] = self.n_records;
        }
        let span = match (is_record, self.n_records) {
            (true, 0) => Some(0),
            (true, n) => (n - 1).checked_mul(self.record_bytes).and_then(|last| last.checked_add(n_bytes)),
            (false, _) => Some(n_bytes),
        };
        let is_inside = |span: u64| span == 0 || begin.checked_add(span).is_some_and(|end| end <= self.n_bytes);
        if !span.is_some_and(is_inside) {
            let message =
                format!("the file is truncated: the values of {name} reach beyond its {} bytes", self.n_bytes);
            return Err(HeaderError::Damaged(Problem::new(message).hint("fetch or write it again")));
        }
        let mut strides = vec![kind.n_bytes() as u64; lengths.len()];
        for dimension in (0..lengths.len().saturating_sub(1)).rev() {
            strides[dimension] = strides[dimension + 1].saturating_mul(lengths[dimension + 1]);
        }
        if is_record {
            strides[0] = self.record_bytes;
        }
        Ok(Variable {
            name,
            kind,
            order: ByteOrder::Big,
            shape: lengths.iter().map(|&length| length as usize).collect(),
            dimensions: variable.dimensions.iter().map(|&number| dimensions[number].name.clone()).collect(),
            attributes,
            layout: Layout::Strided { offset: begin, strides },
            unwritten: vec![0; kind.n_bytes()],
        })
    }
}
