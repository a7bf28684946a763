//! A TIFF whose raster is as wide and high as its tiles.
//!
//! The decoder of the library reads a tile that reaches beyond the raster row by row and skips what is beyond, in which it loses
//! the end of LZW data. Told that the raster ends where its tiles do, it reads each at once.

use std::io::{self, Read, Seek, SeekFrom};

const IMAGE_WIDTH: u16 = 256;
const IMAGE_LENGTH: u16 = 257;
const KIND_LONG: u16 = 4;

/// The bytes of a file, with other dimensions in its first directory.
pub(super) struct Padded<'a> {
    bytes: &'a [u8],
    place: usize,
    /// What stands in place of bytes, and where.
    changes: Vec<(usize, Vec<u8>)>,
}

/// How numbers and directories of a file are laid out.
struct Layout<'a> {
    bytes: &'a [u8],
    is_big_endian: bool,
    /// Bytes of an offset: 8 in a BigTIFF.
    offset_bytes: usize,
}

impl<'a> Padded<'a> {
    /// The bytes as they are.
    pub(super) fn plain(bytes: &'a [u8]) -> Self {
        Padded { bytes, place: 0, changes: Vec::new() }
    }

    /// The bytes of a sound TIFF with `columns` and `rows` instead of its own.
    pub(super) fn with_dimensions(bytes: &'a [u8], columns: u32, rows: u32) -> Self {
        let changes = Layout::of(bytes).map(|layout| layout.dimensions(columns, rows)).unwrap_or_default();
        Padded { bytes, place: 0, changes }
    }
}

impl Layout<'_> {
    fn of(bytes: &[u8]) -> Option<Layout<'_>> {
        let is_big_endian = bytes.get(..2)? == b"MM";
        let layout = Layout { bytes, is_big_endian, offset_bytes: 4 };
        let offset_bytes = if layout.number(2, 2)? == 43 { 8 } else { 4 };
        Some(Layout { offset_bytes, ..layout })
    }

    fn number(&self, place: usize, length: usize) -> Option<usize> {
        let bytes = self.bytes.get(place..place.checked_add(length)?)?;
        let shifted = |number: u64, byte: &u8| number << 8 | u64::from(*byte);
        let number =
            if self.is_big_endian { bytes.iter().fold(0, shifted) } else { bytes.iter().rev().fold(0, shifted) };
        usize::try_from(number).ok()
    }

    fn written(&self, number: u64, length: usize) -> Vec<u8> {
        match self.is_big_endian {
            true => number.to_be_bytes()[8 - length..].to_vec(),
            false => number.to_le_bytes()[..length].to_vec(),
        }
    }

    /// Entries of the first directory that tell the dimensions, as 32-bit numbers.
    fn dimensions(&self, columns: u32, rows: u32) -> Vec<(usize, Vec<u8>)> {
        let is_big = self.offset_bytes == 8;
        let (count_bytes, entry_bytes) = if is_big { (8, 20) } else { (2, 12) };
        let Some(directory) = self.number(self.offset_bytes, self.offset_bytes) else { return Vec::new() };
        let Some(entries) = self.number(directory, count_bytes) else { return Vec::new() };
        let mut changes = Vec::new();
        for entry in 0..entries.min(self.bytes.len() / entry_bytes) {
            let place = directory + count_bytes + entry * entry_bytes;
            let value = match self.number(place, 2).map(|tag| tag as u16) {
                Some(IMAGE_WIDTH) => columns,
                Some(IMAGE_LENGTH) => rows,
                Some(_) => continue,
                None => break,
            };
            let mut change = self.written(u64::from(KIND_LONG), 2);
            change.extend(self.written(1, self.offset_bytes));
            change.extend(self.written(u64::from(value), 4));
            changes.push((place + 2, change));
        }
        changes
    }
}

impl Read for Padded<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let from = self.bytes.get(self.place..).unwrap_or_default();
        let length = from.len().min(buffer.len());
        buffer[..length].copy_from_slice(&from[..length]);
        let here = self.place..self.place + length;
        for (start, change) in &self.changes {
            for (place, byte) in (*start..).zip(change).filter(|(place, _)| here.contains(place)) {
                buffer[place - here.start] = *byte;
            }
        }
        self.place += length;
        Ok(length)
    }
}

impl Seek for Padded<'_> {
    fn seek(&mut self, to: SeekFrom) -> io::Result<u64> {
        let moved = match to {
            SeekFrom::Start(place) => Some(place),
            SeekFrom::End(by) => (self.bytes.len() as u64).checked_add_signed(by),
            SeekFrom::Current(by) => (self.place as u64).checked_add_signed(by),
        };
        let beyond = || io::Error::new(io::ErrorKind::InvalidInput, "a place before the start of the file");
        let place = moved.ok_or_else(beyond)?;
        self.place = usize::try_from(place).map_err(|_| beyond())?;
        Ok(place)
    }
}
