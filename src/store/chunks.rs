//! Chunks of compressed fields, packed by the engine itself: on all threads, where the library packs on one.
//!
//! The bytes are those that the library's own filters would read: bytes of equal weight side by side (shuffle), then
//! deflate in a zlib stream.

use std::io::Write;

use flate2::Compression;
use flate2::write::ZlibEncoder;

use crate::error::Error;

/// A packed chunk and where its first value stands in the field.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct PackedChunk {
    /// Index of its first value.
    pub start: Vec<usize>,
    /// How many values of the field it holds; what lies beyond the field's edge does not count.
    pub n_values: usize,
    /// Its bytes in the file.
    pub bytes: Vec<u8>,
}

/// Shape of the values of a chunk and of the chunk as it is stored; they differ at the field's edge.
pub(super) struct ChunkShape<'a> {
    /// Of the values.
    pub part: &'a [usize],
    /// Of the chunk.
    pub chunk: &'a [usize],
}

/// Packs native values for a chunk; what lies beyond the field's edge becomes `fill`.
///
/// # Errors
/// There is no memory to pack into.
pub(super) fn pack(values: &[u8], shape: &ChunkShape<'_>, fill: &[u8], level: u8) -> Result<Vec<u8>, Error> {
    let whole;
    let values = if shape.part == shape.chunk {
        values
    } else {
        whole = padded(values, shape, fill);
        &whole
    };
    let mut encoder = ZlibEncoder::new(Vec::with_capacity(values.len() / 2), Compression::new(u32::from(level)));
    encoder.write_all(&shuffled(values, fill.len())).and_then(|()| encoder.finish()).map_err(packing_failed)
}

fn packing_failed(cause: std::io::Error) -> Error {
    Error::Failed(format!("cannot pack a chunk: {cause}"))
}

/// The first bytes of all values, then the second bytes, and so on.
fn shuffled(values: &[u8], value_size: usize) -> Vec<u8> {
    let n_values = values.len() / value_size;
    let mut bytes = vec![0; values.len()];
    for (weight, plane) in bytes.chunks_exact_mut(n_values.max(1)).enumerate() {
        for (byte, value) in plane.iter_mut().zip(values.chunks_exact(value_size)) {
            *byte = value[weight];
        }
    }
    bytes
}

fn padded(values: &[u8], shape: &ChunkShape<'_>, fill: &[u8]) -> Vec<u8> {
    let n_values: usize = shape.chunk.iter().product();
    let mut bytes: Vec<u8> = fill.iter().copied().cycle().take(n_values * fill.len()).collect();
    let (&row, outer) = shape.part.split_last().expect("chunks have an axis");
    let row_bytes = row * fill.len();
    for (number, values) in values.chunks_exact(row_bytes.max(1)).enumerate() {
        let (mut rest, mut at, mut stride) = (number, 0, shape.chunk[outer.len()]);
        for axis in (0..outer.len()).rev() {
            at += rest % outer[axis] * stride;
            rest /= outer[axis];
            stride *= shape.chunk[axis];
        }
        bytes[at * fill.len()..at * fill.len() + row_bytes].copy_from_slice(values);
    }
    bytes
}

/// Chunks of one round as one message.
pub(super) fn to_bytes(chunks: &[PackedChunk]) -> Vec<u8> {
    let mut message = Vec::new();
    let number = |message: &mut Vec<u8>, value: usize| message.extend_from_slice(&(value as u64).to_ne_bytes());
    for chunk in chunks {
        number(&mut message, chunk.start.len());
        chunk.start.iter().for_each(|&start| number(&mut message, start));
        number(&mut message, chunk.n_values);
        number(&mut message, chunk.bytes.len());
        message.extend_from_slice(&chunk.bytes);
    }
    message
}

/// The chunks of such a message.
pub(super) fn from_bytes(mut message: &[u8]) -> Vec<PackedChunk> {
    let mut chunks = Vec::new();
    let number = |message: &mut &[u8]| {
        let (value, rest) = message.split_first_chunk().expect("messages are whole");
        *message = rest;
        u64::from_ne_bytes(*value) as usize
    };
    while !message.is_empty() {
        let n_axes = number(&mut message);
        let start = (0..n_axes).map(|_| number(&mut message)).collect();
        let n_values = number(&mut message);
        let n_bytes = number(&mut message);
        let (bytes, rest) = message.split_at(n_bytes);
        message = rest;
        chunks.push(PackedChunk { start, n_values, bytes: bytes.to_vec() });
    }
    chunks
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_beyond_the_edge_are_filled() {
        let shape = ChunkShape { part: &[2, 1, 2], chunk: &[2, 2, 3] };
        assert_eq!(padded(&[1, 2, 3, 4], &shape, &[9]), [1, 2, 9, 9, 9, 9, 3, 4, 9, 9, 9, 9]);
        let wide = ChunkShape { part: &[1, 1], chunk: &[1, 2] };
        assert_eq!(padded(&[1, 2], &wide, &[7, 8]), [1, 2, 7, 8]);
    }

    #[test]
    fn bytes_of_equal_weight_stand_together() {
        assert_eq!(shuffled(&[1, 2, 3, 4, 5, 6], 2), [1, 3, 5, 2, 4, 6]);
        assert!(shuffled(&[], 4).is_empty());
    }

    #[test]
    fn messages_come_back() {
        let chunk =
            |start: &[usize], bytes: &[u8]| PackedChunk { start: start.to_vec(), n_values: 5, bytes: bytes.to_vec() };
        let chunks = [chunk(&[0, 512], &[1, 2, 3]), chunk(&[7, 0], &[])];
        assert_eq!(from_bytes(&to_bytes(&chunks)), chunks);
        assert!(from_bytes(&[]).is_empty());
    }
}
