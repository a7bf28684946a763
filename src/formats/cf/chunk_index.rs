//! Where the chunks of an HDF5 dataset are: its B-tree of version 1, read here.
//!
//! The library of 1.10 walks the whole tree for every chunk that is asked for, which takes hours for a century of days.
//! HDF5 File Format Specification 3.0, III.A.1 (B-trees), IV.A (object headers, data layout message).

use std::fs::File;
use std::os::unix::fs::FileExt;

use super::description::ChunkPlace;

/// First bytes of an HDF5 file.
pub(super) const SIGNATURE: [u8; 8] = *b"\x89HDF\r\n\x1a\n";
/// Bytes that the signature of a file with a user block can follow are this, doubled again and again.
const FIRST_USER_BLOCK: u64 = 512;
/// Where there is nothing.
const UNDEFINED: u64 = u64::MAX;
/// Largest block of messages that is read.
const LARGEST_HEADER: u64 = 1 << 24;
/// Most blocks of a header.
const MOST_BLOCKS: usize = 1 << 12;
const CONTINUATION: u16 = 0x10;
const DATA_LAYOUT: u16 = 0x08;
const CHUNKED: u8 = 2;

/// An HDF5 file as bytes.
pub(super) struct Plain<'a> {
    file: &'a File,
    n_bytes: u64,
    base: u64,
}

/// Where the superblock of a file is, if it is HDF5.
pub(super) fn superblock(file: &File, n_bytes: u64) -> Option<u64> {
    let mut at = 0;
    while at < n_bytes {
        let mut found = [0; 8];
        if file.read_exact_at(&mut found, at).is_ok() && found == SIGNATURE {
            return Some(at);
        }
        at = if at == 0 { FIRST_USER_BLOCK } else { at * 2 };
    }
    None
}

impl<'a> Plain<'a> {
    /// A file with addresses of 8 bytes; others are not known to exist.
    pub(super) fn new(file: &'a File, n_bytes: u64) -> Option<Plain<'a>> {
        let at = superblock(file, n_bytes)?;
        let start = Plain { file, n_bytes, base: 0 };
        let (sizes, base) = match start.bytes(at + 8, 1)?[0] {
            0 => (at + 13, at + 24),
            1 => (at + 13, at + 28),
            2 | 3 => (at + 9, at + 12),
            _ => return None,
        };
        if start.bytes(sizes, 2)? != [8, 8] {
            return None;
        }
        let base = u64_at(&start.bytes(base, 8)?, 0)?;
        Some(Plain { file, n_bytes, base })
    }

    /// The chunks of a dataset in C order of its grid, if their index is a B-tree of version 1.
    ///
    /// `header` is the address of the dataset's header, `grid` the number of chunks and `chunk` their length per
    /// dimension.
    pub(super) fn chunks(&self, header: u64, grid: &[usize], chunk: &[usize]) -> Option<Vec<ChunkPlace>> {
        let message = self.layout_message(header)?;
        if message.first_chunk()? != &[3, CHUNKED] || usize::from(*message.get(2)?) != chunk.len() + 1 {
            return None;
        }
        let mut places = vec![ChunkPlace::NONE; grid.iter().product()];
        let root = u64_at(&message, 3)?;
        if root != UNDEFINED {
            self.walk(root, None, grid, chunk, &mut places)?;
        }
        Some(places)
    }

    /// Takes the chunks of a node and those below it.
    fn walk(
        &self,
        node: u64,
        expected: Option<u8>,
        grid: &[usize],
        chunk: &[usize],
        places: &mut [ChunkPlace],
    ) -> Option<()> {
        let at = self.base.checked_add(node)?;
        let head = self.bytes(at, 24)?;
        let (level, n) = (head[5], usize::from(u16::from_le_bytes([head[6], head[7]])));
        // Levels fall by one, so that no cycle is endless.
        if head[..4] != *b"TREE" || head[4] != 1 || expected.is_some_and(|expected| expected != level) {
            return None;
        }
        let key = 8 + 8 * (chunk.len() + 1);
        let entries = self.bytes(at + 24, n * (key + 8))?;
        for entry in entries.chunks_exact(key + 8) {
            let child = u64_at(entry, key)?;
            if level > 0 {
                self.walk(child, Some(level - 1), grid, chunk, places)?;
                continue;
            }
            let mut index = 0;
            for dimension in 0..chunk.len() {
                let start = u64_at(entry, 8 + 8 * dimension)?;
                let of_grid = usize::try_from(start / chunk[dimension] as u64).ok()?;
                if start % chunk[dimension] as u64 != 0 || of_grid >= grid[dimension] {
                    return None;
                }
                index = index * grid[dimension] + of_grid;
            }
            *places.get_mut(index)? = ChunkPlace {
                offset: self.base.checked_add(child)?,
                n_bytes: u32_at(entry, 0)?,
                left_out: u32_at(entry, 4)?,
            };
        }
        Some(())
    }

    /// Content of the data layout message of an object.
    fn layout_message(&self, header: u64) -> Option<Vec<u8>> {
        let at = self.base.checked_add(header)?;
        let head = self.bytes(at, 64.min(self.n_bytes.checked_sub(at)? as usize))?;
        let (form, start, length) = if head.starts_with(b"OHDR") {
            let flags = *head.get(5)?;
            let times = if flags & 0x20 != 0 { 16 } else { 0 };
            let phases = if flags & 0x10 != 0 { 4 } else { 0 };
            let width = 1_usize << (flags & 3);
            let size_at = 6 + times + phases;
            let size = head.get(size_at..size_at + width)?;
            let length = size.iter().rev().fold(0_u64, |length, &byte| length << 8 | u64::from(byte));
            (Form::Second { ordered: flags & 4 != 0 }, at + (size_at + width) as u64, length)
        } else {
            (Form::First, at + 16, u64::from(u32_at(&head, 8)?))
        };
        let mut blocks = vec![(start, length)];
        let mut next = 0;
        while let Some(&(start, length)) = blocks.get(next) {
            next += 1;
            if length > LARGEST_HEADER || blocks.len() > MOST_BLOCKS {
                return None;
            }
            let block = self.bytes(start, length as usize)?;
            let mut rest = block.as_slice();
            while let Some((kind, content, behind)) = form.split(rest) {
                match kind {
                    DATA_LAYOUT => return Some(content.to_vec()),
                    CONTINUATION => {
                        let (start, length) = (self.base.checked_add(u64_at(content, 0)?)?, u64_at(content, 8)?);
                        blocks.push(form.continued(start, length)?);
                    }
                    _ => {}
                }
                rest = behind;
            }
        }
        None
    }

    fn bytes(&self, at: u64, n: usize) -> Option<Vec<u8>> {
        if at.checked_add(n as u64)? > self.n_bytes {
            return None;
        }
        let mut bytes = vec![0; n];
        self.file.read_exact_at(&mut bytes, at).ok()?;
        Some(bytes)
    }
}

/// Form of an object header.
#[derive(Clone, Copy)]
enum Form {
    First,
    Second { ordered: bool },
}

impl Form {
    /// The first message: its type, its content, and what follows.
    fn split(self, bytes: &[u8]) -> Option<(u16, &[u8], &[u8])> {
        let (kind, size, head) = match self {
            Form::First => {
                let head = bytes.first_chunk::<8>()?;
                (u16::from_le_bytes([head[0], head[1]]), u16::from_le_bytes([head[2], head[3]]), 8)
            }
            Form::Second { ordered } => {
                let head = bytes.first_chunk::<4>()?;
                (u16::from(head[0]), u16::from_le_bytes([head[1], head[2]]), if ordered { 6 } else { 4 })
            }
        };
        let end = head + usize::from(size);
        Some((kind, bytes.get(head..end)?, &bytes[end..]))
    }

    /// Where messages of a continuation are: the second form has a signature before and a checksum behind them.
    fn continued(self, start: u64, length: u64) -> Option<(u64, u64)> {
        match self {
            Form::First => Some((start, length)),
            Form::Second { .. } => Some((start.checked_add(4)?, length.checked_sub(8)?)),
        }
    }
}

fn u32_at(bytes: &[u8], at: usize) -> Option<u32> {
    bytes.get(at..at + 4)?.first_chunk().copied().map(u32::from_le_bytes)
}

fn u64_at(bytes: &[u8], at: usize) -> Option<u64> {
    bytes.get(at..at + 8)?.first_chunk().copied().map(u64::from_le_bytes)
}
