//! An open file: blocks of values by position, from any number of threads at once.

use std::fs::File;
use std::io::ErrorKind;
use std::os::unix::fs::FileExt;
use std::path::{Path, PathBuf};

use conurb_climate::sample::Sample;

use super::chunk_index;
use super::classic::{self, HeaderError};
use super::description::{ChunkPlace, Description, Layout, ValueKind, Variable};
use super::filters::Unpacker;
use super::region::{self, Region};
use super::{survey, values};
use crate::error::{Error, Problem};

/// Bytes of a netCDF-3 file that are read at first; the header is rarely longer.
const FIRST_HEADER_BYTES: u64 = 1 << 16;
/// Largest block that is read as a whole though only parts of it are wanted.
const LARGEST_SPAN: u64 = 4 << 20;
/// A block is read as a whole if not less than this share of it is wanted.
const LEAST_SHARE: u64 = 64;

/// Most values of a variable that is read at once.
const MOST_COORDINATES: usize = 1 << 26;

/// An open climate file.
#[derive(Debug)]
pub struct CfFile {
    description: Description,
    handle: File,
}

/// Part of a variable: first index and number of indices per dimension.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Block {
    /// First index.
    pub start: Vec<usize>,
    /// Number of indices.
    pub count: Vec<usize>,
}

/// Working memory of a thread; it keeps the last chunk, so that blocks of one chunk are best read in turn.
#[derive(Debug, Default)]
pub struct Scratch {
    unpacker: Unpacker,
    raw: Vec<u8>,
    span: Vec<u8>,
    /// File and place of the chunk that is unpacked.
    held: Option<(PathBuf, ChunkPlace)>,
}

impl CfFile {
    /// Opens a file and reads what it says of itself.
    ///
    /// A damaged netCDF-4 file can crash the HDF5 library: [`probe::open_cf`](crate::formats::probe::open_cf) does the
    /// same by a child process.
    ///
    /// # Errors
    /// It cannot be read, is neither netCDF-3 nor netCDF-4, or is damaged.
    pub fn open(path: &Path) -> Result<CfFile, Error> {
        let (handle, n_bytes) = opened(path)?;
        let found = if chunk_index::superblock(&handle, n_bytes).is_some() {
            survey::read(path, &handle, n_bytes)
        } else {
            read_classic(path, &handle, n_bytes)?
        };
        let (attributes, variables) = found.map_err(|problem| problem.in_file(path))?;
        let description = Description { path: path.to_path_buf(), n_bytes, attributes, variables };
        Ok(CfFile { description, handle })
    }

    /// Whether opening a file calls the HDF5 library.
    ///
    /// # Errors
    /// It cannot be read.
    pub fn needs_library(path: &Path) -> Result<bool, Error> {
        let (handle, n_bytes) = opened(path)?;
        Ok(chunk_index::superblock(&handle, n_bytes).is_some())
    }

    /// Opens a file that another process has described.
    ///
    /// # Errors
    /// It cannot be opened, or has another size than described.
    pub fn attach(description: Description) -> Result<CfFile, Error> {
        let (handle, n_bytes) = opened(&description.path)?;
        if n_bytes != description.n_bytes {
            let message = format!("it has {n_bytes} bytes, but had {} before", description.n_bytes);
            return Err(Problem::new(message).in_file(&description.path).into());
        }
        match description.variables.iter().find(|variable| !variable.is_consistent(n_bytes)) {
            None => Ok(CfFile { description, handle }),
            Some(variable) => {
                let problem = Problem::new("its values cannot lie where they are said to").of_key(&variable.name);
                Err(problem.in_file(&description.path).into())
            }
        }
    }

    /// What it says of itself.
    pub fn description(&self) -> &Description {
        &self.description
    }

    /// The path that it was opened by.
    pub fn path(&self) -> &Path {
        &self.description.path
    }

    /// The variable of a name.
    ///
    /// # Errors
    /// There is none; the error lists those that are.
    pub fn variable(&self, name: &str) -> Result<&Variable, Error> {
        self.description.variable(name).ok_or_else(|| {
            let names: Vec<&str> = self.description.variables.iter().map(|variable| variable.name.as_str()).collect();
            let problem = Problem::new(format!("there is no variable {name}")).in_file(self.path());
            problem.hint(format!("it has {}", names.join(", "))).into()
        })
    }

    /// Blocks that cover a variable once, in C order, each of about `n_values` values or one chunk.
    pub fn blocks(&self, variable: &Variable, n_values: usize) -> Vec<Block> {
        let size = match &variable.layout {
            Layout::Chunked { chunk, .. } => {
                let mut size = chunk.clone();
                // Small chunks come in groups of what lies beside each other.
                let n_chunks = n_values / chunk.iter().product::<usize>().max(1);
                if let Some(first) = size.first_mut() {
                    *first = first.saturating_mul(n_chunks.max(1));
                }
                size
            }
            _ => {
                let mut left = n_values.max(1);
                let mut size = vec![1; variable.shape.len()];
                for (size, &length) in size.iter_mut().zip(&variable.shape).rev() {
                    *size = length.clamp(1, left);
                    left /= *size;
                }
                size
            }
        };
        region::tiles(&variable.shape, &size).collect()
    }

    /// Values of a block as they stand in the file, in C order; no value is replaced.
    ///
    /// # Errors
    /// The file cannot be read or is damaged there, or the variable is not of numbers.
    ///
    /// # Panics
    /// The block reaches beyond the variable, or `out` has another length.
    pub fn read<T: Sample>(
        &self,
        variable: &Variable,
        block: &Block,
        scratch: &mut Scratch,
        out: &mut [T],
    ) -> Result<(), Error> {
        self.read_through(variable, block, scratch, out, |value| value)
    }

    /// Values of a block, each through `map`.
    pub(super) fn read_through<T: Sample>(
        &self,
        variable: &Variable,
        block: &Block,
        scratch: &mut Scratch,
        out: &mut [T],
        map: impl Fn(f64) -> f64,
    ) -> Result<(), Error> {
        if !variable.kind.is_number() {
            return Err(self.wrong(variable, "it is not of numbers"));
        }
        let mut raw = std::mem::take(&mut scratch.raw);
        let done = self.read_bytes(variable, block, scratch, &mut raw);
        if done.is_ok() {
            values::numbers(&raw, variable.kind, variable.order, out, map);
        }
        scratch.raw = raw;
        done
    }

    /// All values of a small variable, for coordinates.
    ///
    /// # Errors
    /// As [`CfFile::read`], or more values than a coordinate has.
    pub fn read_all(&self, variable: &Variable) -> Result<Vec<f64>, Error> {
        if variable.len() > MOST_COORDINATES {
            return Err(self.wrong(variable, &format!("it has {} values", variable.len())));
        }
        let mut out = vec![0.0; variable.len()];
        self.read(variable, &Block::whole(variable), &mut Scratch::default(), &mut out)?;
        Ok(out)
    }

    /// All texts of a variable; the last dimension of one of characters is the length of the texts.
    ///
    /// # Errors
    /// The file cannot be read, or the variable is not of texts.
    pub fn read_texts(&self, variable: &Variable) -> Result<Vec<String>, Error> {
        match (&variable.layout, variable.kind) {
            (Layout::Texts(texts), _) => Ok(texts.clone()),
            (_, ValueKind::Text(n_bytes)) => {
                let mut raw = Vec::new();
                self.read_bytes(variable, &Block::whole(variable), &mut Scratch::default(), &mut raw)?;
                let of_characters = n_bytes == 1 && !variable.shape.is_empty();
                let length = if of_characters { *variable.shape.last().expect("it has dimensions") } else { n_bytes };
                Ok(raw.chunks_exact(length.max(1)).map(|bytes| survey::text(bytes).trim_end().to_owned()).collect())
            }
            _ => Err(self.wrong(variable, "it is not of texts")),
        }
    }

    /// Bytes of a block as they stand in the file.
    ///
    /// # Errors
    /// As [`CfFile::read`].
    ///
    /// # Panics
    /// The block reaches beyond the variable.
    pub(crate) fn read_bytes(
        &self,
        variable: &Variable,
        block: &Block,
        scratch: &mut Scratch,
        raw: &mut Vec<u8>,
    ) -> Result<(), Error> {
        block.assert_inside(variable);
        let value_bytes = variable.kind.n_bytes();
        raw.clear();
        raw.resize(block.count.iter().product::<usize>() * value_bytes, 0);
        if raw.is_empty() {
            return Ok(());
        }
        match &variable.layout {
            Layout::Strided { offset, strides } => {
                let first: u64 = block.start.iter().zip(strides).map(|(&start, stride)| start as u64 * stride).sum();
                let wanted = Wanted { counts: &block.count, strides, value_bytes };
                self.gather(offset + first, wanted, &mut scratch.span, raw)
            }
            Layout::Chunked { .. } => return self.read_chunks(variable, block, scratch, raw),
            Layout::Inline(bytes) => {
                let zero = vec![0; block.start.len()];
                let from = Region { shape: &variable.shape, start: &block.start };
                let to = Region { shape: &block.count, start: &zero };
                region::copy(bytes, from, raw, to, &block.count, value_bytes);
                Ok(())
            }
            Layout::Unwritten => {
                raw.chunks_exact_mut(value_bytes).for_each(|value| value.copy_from_slice(&variable.unwritten));
                Ok(())
            }
            Layout::Texts(_) => return Err(self.wrong(variable, "its texts are not read as bytes")),
            Layout::NotRead(why) => return Err(self.wrong(variable, why)),
        }
        .map_err(|error| self.failed(variable, &error))
    }

    /// Values at fixed distances, by as few reads as seems good.
    fn gather(&self, at: u64, wanted: Wanted<'_>, span: &mut Vec<u8>, out: &mut [u8]) -> std::io::Result<()> {
        if wanted.is_dense() {
            return self.handle.read_exact_at(out, at);
        }
        let n_bytes = wanted.span();
        if n_bytes <= LARGEST_SPAN && n_bytes / LEAST_SHARE <= out.len() as u64 {
            span.resize(n_bytes as usize, 0);
            self.handle.read_exact_at(span, at)?;
            wanted.pick(span, out);
            return Ok(());
        }
        let (inner, stride) = wanted.inner();
        let inner_bytes = out.len() / wanted.counts[0];
        for (index, out) in out.chunks_exact_mut(inner_bytes).enumerate() {
            self.gather(at + index as u64 * stride, inner, span, out)?;
        }
        Ok(())
    }

    fn read_chunks(
        &self,
        variable: &Variable,
        block: &Block,
        scratch: &mut Scratch,
        raw: &mut [u8],
    ) -> Result<(), Error> {
        let Layout::Chunked { chunk, chunks, .. } = &variable.layout else { return Ok(()) };
        let value_bytes = variable.kind.n_bytes();
        for touched in region::touched(&variable.shape, chunk, block) {
            let is_written = chunks[touched.number].n_bytes > 0;
            if is_written {
                self.unpack(variable, touched.number, scratch)?;
            } else {
                scratch.held = None;
                let n_values = chunk.iter().product();
                scratch.unpacker.bytes.clear();
                scratch.unpacker.bytes.extend(std::iter::repeat_n(&variable.unwritten[..], n_values).flatten());
            }
            let from = Region { shape: chunk, start: &touched.from };
            let to = Region { shape: &block.count, start: &touched.to };
            region::copy(&scratch.unpacker.bytes, from, raw, to, &touched.count, value_bytes);
        }
        Ok(())
    }

    /// Brings a chunk into the scratch, unless it is there.
    fn unpack(&self, variable: &Variable, number: usize, scratch: &mut Scratch) -> Result<(), Error> {
        let Layout::Chunked { chunk, filters, chunks } = &variable.layout else { return Ok(()) };
        let place = chunks[number];
        if scratch.held.as_ref().is_some_and(|(path, held)| *held == place && path == self.path()) {
            return Ok(());
        }
        scratch.held = None;
        let unpacker = &mut scratch.unpacker;
        unpacker.bytes.resize(place.n_bytes as usize, 0);
        self.handle.read_exact_at(&mut unpacker.bytes, place.offset).map_err(|error| self.failed(variable, &error))?;
        let value_bytes = variable.kind.n_bytes();
        let n_bytes = chunk.iter().product::<usize>() * value_bytes;
        unpacker
            .unpack(filters, place.left_out, value_bytes, n_bytes)
            .map_err(|how| self.wrong(variable, &format!("chunk {number} is damaged: {how}")))?;
        scratch.held = Some((self.path().to_path_buf(), place));
        Ok(())
    }

    /// A problem of a variable.
    pub(super) fn wrong(&self, variable: &Variable, message: &str) -> Error {
        Problem::new(message).in_file(self.path()).of_key(&variable.name).into()
    }

    fn failed(&self, variable: &Variable, error: &std::io::Error) -> Error {
        match error.kind() {
            ErrorKind::UnexpectedEof => self.wrong(variable, "the file ends before its values do"),
            _ => Error::file("read", self.path(), error),
        }
    }
}

impl Block {
    /// All of a variable.
    pub fn whole(variable: &Variable) -> Block {
        Block { start: vec![0; variable.shape.len()], count: variable.shape.clone() }
    }

    /// How many values it has.
    pub fn len(&self) -> usize {
        self.count.iter().product()
    }

    /// Whether it has none.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    fn assert_inside(&self, variable: &Variable) {
        let rank = variable.shape.len();
        assert!(self.start.len() == rank && self.count.len() == rank, "{self:?} of {:?}", variable.shape);
        for dimension in 0..rank {
            let end = self.start[dimension].checked_add(self.count[dimension]);
            let is_inside = end.is_some_and(|end| end <= variable.shape[dimension]);
            assert!(is_inside, "{self:?} of {:?}", variable.shape);
        }
    }
}

/// Values at fixed distances.
#[derive(Clone, Copy)]
struct Wanted<'a> {
    counts: &'a [usize],
    strides: &'a [u64],
    value_bytes: usize,
}

impl Wanted<'_> {
    /// Bytes from the first to behind the last.
    fn span(self) -> u64 {
        let last: u64 = self.counts.iter().zip(self.strides).map(|(&count, stride)| (count as u64 - 1) * stride).sum();
        last + self.value_bytes as u64
    }

    /// Whether all follow each other.
    fn is_dense(self) -> bool {
        self.span() == self.counts.iter().product::<usize>() as u64 * self.value_bytes as u64
    }

    /// What there is per index of the first dimension, and its distance.
    fn inner(self) -> (Self, u64) {
        (Wanted { counts: &self.counts[1..], strides: &self.strides[1..], ..self }, self.strides[0])
    }

    /// Picks them from the bytes between the first and the last.
    fn pick(self, from: &[u8], to: &mut [u8]) {
        if self.is_dense() {
            return to.copy_from_slice(&from[..to.len()]);
        }
        let (inner, stride) = self.inner();
        let inner_bytes = to.len() / self.counts[0];
        for (index, to) in to.chunks_exact_mut(inner_bytes).enumerate() {
            inner.pick(&from[index * stride as usize..], to);
        }
    }
}

fn opened(path: &Path) -> Result<(File, u64), Error> {
    let told = |error| Error::file("read", path, error);
    let handle = File::open(path).map_err(told)?;
    let metadata = handle.metadata().map_err(told)?;
    if metadata.is_dir() {
        return Err(Error::file("read", path, "it is a folder"));
    }
    Ok((handle, metadata.len()))
}

/// Reads a header of unknown length: more of the file until it is whole.
fn read_classic(path: &Path, handle: &File, n_bytes: u64) -> Result<Result<classic::Header, Problem>, Error> {
    let mut length = FIRST_HEADER_BYTES.min(n_bytes);
    loop {
        let mut head = vec![0; length as usize];
        handle.read_exact_at(&mut head, 0).map_err(|error| Error::file("read", path, error))?;
        if !head.starts_with(classic::MAGIC) {
            let problem = Problem::new("expected netCDF-3 or netCDF-4, found another format");
            return Ok(Err(problem.hint("climate data are read from netCDF files")));
        }
        match classic::read(&head, n_bytes) {
            Ok(header) => return Ok(Ok(header)),
            Err(HeaderError::Damaged(problem)) => return Ok(Err(problem)),
            Err(HeaderError::TooShort) if length == n_bytes => {
                let problem = Problem::new("the file is truncated: it ends before its header does");
                return Ok(Err(problem.hint("fetch or write it again")));
            }
            Err(HeaderError::TooShort) => length = (length * 4).min(n_bytes),
        }
    }
}
