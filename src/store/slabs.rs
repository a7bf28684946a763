//! Values of compressed fields in their order, each chunk unpacked once, and on all threads at the same time.

use std::ops::Range;
use std::path::Path;

use crate::error::Error;
use crate::formats::cf::{Block, CfFile, Layout, Scratch, Variable};

/// Most bytes of a slab: as many stay in memory for each thread.
const LARGEST_SLAB: usize = 64 << 20;

/// Rows of a field (along its first axis) that share chunks, or none where rows are too long to be kept.
pub(super) fn slab_rows(shape: &[usize], chunk: Option<&[usize]>, value_size: usize) -> Option<usize> {
    let (&rows, row) = (chunk?.first()?, shape.get(1..).filter(|row| !row.is_empty())?);
    let row_bytes = row.iter().product::<usize>() * value_size;
    (row_bytes > 0 && rows.saturating_mul(row_bytes) <= LARGEST_SLAB).then_some(rows)
}

/// A file whose fields are read in slabs.
pub(super) struct SlabReader {
    file: CfFile,
    scratch: Scratch,
    bytes: Vec<u8>,
    /// Field and rows that are in memory.
    held: Option<(String, Range<usize>)>,
}

impl SlabReader {
    /// Opens a file of a run.
    ///
    /// # Errors
    /// It cannot be read.
    pub fn open(path: &Path) -> Result<Self, Error> {
        let file = CfFile::open(path)?;
        Ok(SlabReader { file, scratch: Scratch::default(), bytes: Vec::new(), held: None })
    }

    /// Reads a run of values (C order) of a field into `out`; gives whether the field can be read so.
    ///
    /// # Errors
    /// The file is damaged there.
    pub fn read(&mut self, name: &str, rows: usize, run: Range<usize>, out: &mut [u8]) -> Result<bool, Error> {
        let SlabReader { file, scratch, bytes, held } = self;
        let Some(variable) = file.description().variable(name) else { return Ok(false) };
        if !matches!(variable.layout, Layout::Chunked { .. }) {
            return Ok(false);
        }
        let row_len: usize = variable.shape[1..].iter().product();
        let value_size = out.len() / run.len().max(1);
        let mut at = run.start;
        while at < run.end {
            let slab = at / row_len / rows;
            let slab_rows = slab * rows..((slab + 1) * rows).min(variable.shape[0]);
            if held.as_ref().is_none_or(|(known, rows)| known != name || *rows != slab_rows) {
                *held = None;
                file.read_bytes(variable, &block(variable, &slab_rows), scratch, bytes)?;
                *held = Some((name.to_owned(), slab_rows.clone()));
            }
            let end = run.end.min(slab_rows.end * row_len);
            let first = slab_rows.start * row_len;
            out[(at - run.start) * value_size..(end - run.start) * value_size]
                .copy_from_slice(&bytes[(at - first) * value_size..(end - first) * value_size]);
            at = end;
        }
        Ok(true)
    }
}

fn block(variable: &Variable, rows: &Range<usize>) -> Block {
    let mut block = Block::whole(variable);
    (block.start[0], block.count[0]) = (rows.start, rows.len());
    block
}
