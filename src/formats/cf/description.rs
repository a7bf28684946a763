//! What a file says of itself: dimensions, attributes, variables, and where their values lie.
//!
//! It can be sent from one rank to the others, which then read values by themselves.

use std::path::PathBuf;

use serde::{Deserialize, Serialize};

/// A file without its values.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Description {
    /// The file.
    pub path: PathBuf,
    /// Its size.
    pub n_bytes: u64,
    /// Attributes of the file as a whole.
    pub attributes: Vec<Attribute>,
    /// Its variables, in file order.
    pub variables: Vec<Variable>,
}

/// A variable: its form, and where its values lie.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Variable {
    /// Its name.
    pub name: String,
    /// What its values are.
    pub kind: ValueKind,
    /// In which order the bytes of a value stand.
    pub order: ByteOrder,
    /// Lengths of its dimensions; empty for one value.
    pub shape: Vec<usize>,
    /// Names of its dimensions.
    pub dimensions: Vec<String>,
    /// Its attributes.
    pub attributes: Vec<Attribute>,
    /// Where its values lie.
    pub layout: Layout,
    /// Bytes of the value that stands where none was written, in the file's byte order.
    pub unwritten: Vec<u8>,
}

/// Type of the values of a variable.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum ValueKind {
    /// Signed integer of 8 bits.
    I8,
    /// Unsigned integer of 8 bits.
    U8,
    /// Signed integer of 16 bits.
    I16,
    /// Unsigned integer of 16 bits.
    U16,
    /// Signed integer of 32 bits.
    I32,
    /// Unsigned integer of 32 bits.
    U32,
    /// Signed integer of 64 bits.
    I64,
    /// Unsigned integer of 64 bits.
    U64,
    /// Float of 32 bits.
    F32,
    /// Float of 64 bits.
    F64,
    /// Text of so many bytes.
    Text(usize),
    /// Texts of any length, which the description holds.
    Texts,
    /// Something that is not read.
    Other,
}

/// Order of bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum ByteOrder {
    /// Least significant byte first.
    Little,
    /// Most significant byte first, as in netCDF-3.
    Big,
}

/// Where values lie.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub enum Layout {
    /// At fixed distances in the file; records of netCDF-3 are far apart.
    Strided {
        /// Place of the first value in the file.
        offset: u64,
        /// Bytes from one index to the next, per dimension.
        strides: Vec<u64>,
    },
    /// In chunks, each packed by itself.
    Chunked {
        /// Lengths of a chunk; those at the end are as large but only partly used.
        chunk: Vec<usize>,
        /// What was done to chunks, in the order of writing.
        filters: Vec<Filter>,
        /// Where they are, in C order of the grid of chunks.
        chunks: Vec<ChunkPlace>,
    },
    /// In the description itself, being few.
    Inline(Vec<u8>),
    /// In the description itself, as texts.
    Texts(Vec<String>),
    /// Nowhere: no value was written.
    Unwritten,
    /// In a form that is not read; why.
    NotRead(String),
}

/// A filter of HDF5.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Filter {
    /// Bytes of values sorted by their significance.
    Shuffle,
    /// Compressed by zlib.
    Deflate,
    /// Four bytes of checksum at the end.
    Fletcher32,
}

/// Place of a chunk in the file.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(from = "(u64, u32, u32)", into = "(u64, u32, u32)")]
pub struct ChunkPlace {
    /// Its first byte.
    pub offset: u64,
    /// Its bytes in the file; 0 for a chunk that was never written.
    pub n_bytes: u32,
    /// Filters that were left out, a bit for each.
    pub left_out: u32,
}

impl ChunkPlace {
    /// A chunk that was never written.
    pub const NONE: ChunkPlace = ChunkPlace { offset: 0, n_bytes: 0, left_out: 0 };
}

impl From<(u64, u32, u32)> for ChunkPlace {
    fn from((offset, n_bytes, left_out): (u64, u32, u32)) -> Self {
        ChunkPlace { offset, n_bytes, left_out }
    }
}

impl From<ChunkPlace> for (u64, u32, u32) {
    fn from(place: ChunkPlace) -> Self {
        (place.offset, place.n_bytes, place.left_out)
    }
}

/// A named attribute.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Attribute {
    /// Its name.
    pub name: String,
    /// Its value.
    pub value: AttributeValue,
}

/// Value of an attribute.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub enum AttributeValue {
    /// Text, or several texts, one per line.
    Text(String),
    /// Whole numbers.
    Integers(Vec<i64>),
    /// Floats of 32 or 64 bits, and whole numbers that have no other place.
    Floats(#[serde(with = "as_bits")] Vec<f64>),
}

/// Floats as their bits: JSON has no NaN.
mod as_bits {
    use serde::{Deserialize, Deserializer, Serialize, Serializer};

    pub(super) fn serialize<S: Serializer>(values: &[f64], serializer: S) -> Result<S::Ok, S::Error> {
        values.iter().map(|value| value.to_bits()).collect::<Vec<u64>>().serialize(serializer)
    }
    pub(super) fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Vec<f64>, D::Error> {
        Ok(Vec::<u64>::deserialize(deserializer)?.into_iter().map(f64::from_bits).collect())
    }
}

impl Description {
    /// The variable of a name.
    pub fn variable(&self, name: &str) -> Option<&Variable> {
        self.variables.iter().find(|variable| variable.name == name)
    }
    /// The text of an attribute of the file.
    pub fn text(&self, name: &str) -> Option<&str> {
        text_of(&self.attributes, name)
    }
}

impl Variable {
    /// How many values it has.
    pub fn len(&self) -> usize {
        self.shape.iter().product()
    }
    /// Whether it has no value.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }
    /// Whether all values lie within a file of `n_bytes` bytes, one place for each.
    pub(super) fn is_consistent(&self, n_bytes: u64) -> bool {
        let value_bytes = self.kind.n_bytes();
        let rank = self.shape.len();
        let count = self.shape.iter().try_fold(value_bytes, |count, &length| count.checked_mul(length));
        let Some(count) = count else { return matches!(self.layout, Layout::NotRead(_)) };
        let is_inside = |offset: u64, span: Option<u64>| {
            span.and_then(|span| offset.checked_add(span)).is_some_and(|end| end <= n_bytes)
        };
        let of_layout = match &self.layout {
            Layout::Strided { offset, strides } => {
                let last = self.shape.iter().zip(strides).try_fold(value_bytes as u64, |span, (&length, &stride)| {
                    span.checked_add(stride.checked_mul(length.saturating_sub(1) as u64)?)
                });
                strides.len() == rank && (count == 0 || is_inside(*offset, last))
            }
            Layout::Chunked { chunk, chunks, .. } => {
                let n_chunks = self.shape.iter().zip(chunk).try_fold(1_usize, |n, (&length, &chunk)| {
                    n.checked_mul(length.checked_next_multiple_of(chunk)? / chunk)
                });
                let n_values = chunk.iter().try_fold(value_bytes, |n, &length| n.checked_mul(length));
                chunk.len() == rank
                    && n_values.is_some()
                    && n_chunks == Some(chunks.len())
                    && chunks.iter().all(|place| is_inside(place.offset, Some(place.n_bytes.into())))
            }
            Layout::Inline(bytes) => bytes.len() == count,
            Layout::Texts(_) | Layout::Unwritten | Layout::NotRead(_) => true,
        };
        self.dimensions.len() == rank && self.unwritten.len() == value_bytes && of_layout
    }
    /// Value of an attribute.
    pub fn attribute(&self, name: &str) -> Option<&AttributeValue> {
        self.attributes.iter().find(|attribute| attribute.name == name).map(|attribute| &attribute.value)
    }
    /// Text of an attribute.
    pub fn text(&self, name: &str) -> Option<&str> {
        text_of(&self.attributes, name)
    }
    /// Numbers of an attribute.
    pub fn numbers(&self, name: &str) -> Option<Vec<f64>> {
        match self.attribute(name)? {
            AttributeValue::Text(text) => text.trim().parse().ok().map(|number| vec![number]),
            AttributeValue::Integers(numbers) => Some(numbers.iter().map(|&number| number as f64).collect()),
            AttributeValue::Floats(numbers) => Some(numbers.clone()),
        }
    }
}

impl ValueKind {
    /// Bytes of a value in the file.
    pub fn n_bytes(self) -> usize {
        match self {
            ValueKind::I8 | ValueKind::U8 => 1,
            ValueKind::I16 | ValueKind::U16 => 2,
            ValueKind::I32 | ValueKind::U32 | ValueKind::F32 => 4,
            ValueKind::I64 | ValueKind::U64 | ValueKind::F64 => 8,
            ValueKind::Text(n_bytes) => n_bytes,
            ValueKind::Texts | ValueKind::Other => 0,
        }
    }
    /// Whether values are numbers.
    pub fn is_number(self) -> bool {
        !matches!(self, ValueKind::Text(_) | ValueKind::Texts | ValueKind::Other)
    }
    /// Whether values are whole numbers.
    pub fn is_integer(self) -> bool {
        self.is_number() && !matches!(self, ValueKind::F32 | ValueKind::F64)
    }
}

fn text_of<'a>(attributes: &'a [Attribute], name: &str) -> Option<&'a str> {
    attributes.iter().find(|attribute| attribute.name == name).and_then(|attribute| match &attribute.value {
        AttributeValue::Text(text) => Some(text.as_str()),
        AttributeValue::Integers(_) | AttributeValue::Floats(_) => None,
    })
}
