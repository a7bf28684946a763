//! Saved state of a long stage: named arrays in global order, which any number of threads and ranks can go on from.
//!
//! A file is, all numbers little-endian: the 8 bytes `CONURBST`; the format version (u32); the length of the header
//! (u32); the header, JSON; the header's SHA-256 (32 bytes); then the sections, each starting at the next multiple of
//! 64 bytes, filled up with zeros. Nothing follows the last one.

use std::fs::File;
use std::io::{Read, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};

use bytemuck::Pod;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use super::checksum::hex;
use super::disk;
use crate::error::{Error, Problem};

const MAGIC: [u8; 8] = *b"CONURBST";
const FORMAT_VERSION: u32 = 1;
const SECTION_ALIGNMENT: u64 = 64;
const LONGEST_HEADER: u32 = 1 << 20;
const HASH_BYTES: u64 = 32;
/// Bytes in front of the header.
const START_BYTES: u64 = 16;

/// What a state belongs to.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct StateHeader {
    /// Version of the engine that saved it.
    pub engine_version: String,
    /// The stage.
    pub stage: String,
    /// Iterations or steps done.
    pub iteration: u64,
    /// `Identity::sha256` of the run.
    pub identity_sha256: String,
}

/// A plain number that states are made of.
pub trait StateValue: Pod {
    /// Name of the type in files.
    const TYPE: &'static str;
}

macro_rules! state_values {
    ($($number:ty),*) => { $(impl StateValue for $number { const TYPE: &'static str = stringify!($number); })* };
}
state_values!(f64, f32, i64, i32, u64, u32, u8);

/// A named array to save.
#[derive(Debug, Clone, Copy)]
pub struct Section<'a> {
    name: &'a str,
    value_type: &'static str,
    length: usize,
    bytes: &'a [u8],
}

impl<'a> Section<'a> {
    /// An array under a name of its own.
    pub fn new<T: StateValue>(name: &'a str, values: &'a [T]) -> Self {
        Section { name, value_type: T::TYPE, length: values.len(), bytes: bytemuck::cast_slice(values) }
    }
}

/// A section as the header tells it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct SectionHeader {
    name: String,
    #[serde(rename = "type")]
    value_type: String,
    length: u64,
    sha256: String,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct FileHeader {
    state: StateHeader,
    sections: Vec<SectionHeader>,
}

/// A state as read back; its sections are read when they are asked for.
#[derive(Debug)]
pub struct SavedState {
    path: PathBuf,
    header: FileHeader,
    offsets: Vec<u64>,
}

/// Saves a state, in place of an older one, which stays whole until the new one is on the disk.
///
/// # Errors
/// The disk fails.
pub fn write_state(path: &Path, state: &StateHeader, sections: &[Section<'_>]) -> Result<(), Error> {
    let listed = sections.iter().map(|section| SectionHeader {
        name: section.name.to_owned(),
        value_type: section.value_type.to_owned(),
        length: section.length as u64,
        sha256: hex(&Sha256::digest(section.bytes)),
    });
    let header = FileHeader { state: state.clone(), sections: listed.collect() };
    let header = serde_json::to_vec(&header).expect("a header of texts and numbers always becomes JSON");
    if header.len() > LONGEST_HEADER as usize {
        return Err(Error::file("write", path, "its header is too long"));
    }
    let temporary = disk::temporary_name(path);
    let write = || -> std::io::Result<()> {
        let mut file = std::io::BufWriter::new(File::create(&temporary)?);
        file.write_all(&MAGIC)?;
        file.write_all(&FORMAT_VERSION.to_le_bytes())?;
        file.write_all(&(header.len() as u32).to_le_bytes())?;
        file.write_all(&header)?;
        file.write_all(&Sha256::digest(&header))?;
        let mut at = START_BYTES + header.len() as u64 + HASH_BYTES;
        for section in sections {
            let start = at.next_multiple_of(SECTION_ALIGNMENT);
            file.write_all(&vec![0; (start - at) as usize])?;
            file.write_all(section.bytes)?;
            at = start + section.bytes.len() as u64;
        }
        file.into_inner()?.sync_all()
    };
    if let Err(cause) = write() {
        // Whether the rest can be removed changes nothing about the failure told.
        let _ = std::fs::remove_file(&temporary);
        return Err(Error::file("write", path, cause));
    }
    disk::rename(&temporary, path)
}

impl SavedState {
    /// Opens a state and checks all but the sections' values.
    ///
    /// # Errors
    /// The file is damaged, of another format version, or belongs to another engine version, stage or run.
    pub fn open(path: &Path, engine_version: &str, stage: &str, identity_sha256: &str) -> Result<Self, Error> {
        let refused =
            |what: String| -> Error { Problem::new(what).in_file(path).hint("run with --force to start again").into() };
        let (header, offsets) = read_header(path).map_err(refused)?;
        let state = &header.state;
        let told = [
            ("engine version", engine_version, &state.engine_version),
            ("stage", stage, &state.stage),
            ("run", identity_sha256, &state.identity_sha256),
        ];
        for (what, expected, found) in told {
            if expected != found {
                return Err(refused(format!("the saved state is of {what} {found}, not {expected}")));
            }
        }
        Ok(SavedState { path: path.to_path_buf(), header, offsets })
    }

    /// What the state belongs to.
    pub fn header(&self) -> &StateHeader {
        &self.header.state
    }

    /// Reads a section.
    ///
    /// # Errors
    /// It is not there, has another type, or its values are damaged.
    pub fn read<T: StateValue>(&self, name: &str) -> Result<Vec<T>, Error> {
        let refused = |what: String| Error::from(Problem::new(what).in_file(&self.path).of_key(name));
        let Some(index) = self.header.sections.iter().position(|section| section.name == name) else {
            return Err(refused("the saved state has no such section".to_owned()));
        };
        let section = &self.header.sections[index];
        if section.value_type != T::TYPE {
            return Err(refused(format!("the section holds {}, not {}", section.value_type, T::TYPE)));
        }
        // `read_header` has held the length against the size of the file.
        let mut values = vec![T::zeroed(); section.length as usize];
        let bytes: &mut [u8] = bytemuck::cast_slice_mut(&mut values);
        let read = File::open(&self.path).and_then(|mut file| {
            file.seek(SeekFrom::Start(self.offsets[index]))?;
            file.read_exact(bytes)
        });
        read.map_err(|cause| refused(format!("cannot read it: {cause}")))?;
        if hex(&Sha256::digest(&*bytes)) != section.sha256 {
            return Err(refused("its values are damaged".to_owned()));
        }
        Ok(values)
    }
}

/// The header and where each section starts; all lengths are held against the size of the file before use.
fn read_header(path: &Path) -> Result<(FileHeader, Vec<u64>), String> {
    let mut file = File::open(path).map_err(|cause| format!("cannot open it: {cause}"))?;
    let size = file.metadata().map_err(|cause| format!("cannot open it: {cause}"))?.len();
    let truncated = |_| "the saved state is truncated".to_owned();
    let mut start = [0; START_BYTES as usize];
    file.read_exact(&mut start).map_err(truncated)?;
    let number = |at: usize| u32::from_le_bytes(start[at..at + 4].try_into().expect("four bytes make a number"));
    if start[..8] != MAGIC {
        return Err("it is no saved state".to_owned());
    }
    if number(8) != FORMAT_VERSION {
        return Err(format!("it has format version {}, this engine reads {FORMAT_VERSION}", number(8)));
    }
    let length = number(12);
    if length > LONGEST_HEADER || u64::from(length) > size {
        return Err(format!("its header promises {length} bytes"));
    }
    let mut header = vec![0; length as usize];
    file.read_exact(&mut header).map_err(truncated)?;
    let mut hash = [0; HASH_BYTES as usize];
    file.read_exact(&mut hash).map_err(truncated)?;
    if hash[..] != Sha256::digest(&header)[..] {
        return Err("its header is damaged".to_owned());
    }
    let header: FileHeader =
        serde_json::from_slice(&header).map_err(|cause| format!("its header is not understood: {cause}"))?;
    let mut offsets = Vec::with_capacity(header.sections.len());
    let mut at = Some(START_BYTES + u64::from(length) + HASH_BYTES);
    for section in &header.sections {
        let start = at.and_then(|at| at.checked_next_multiple_of(SECTION_ALIGNMENT));
        let n_bytes = value_size(&section.value_type).and_then(|value| value.checked_mul(section.length));
        at = start.zip(n_bytes).and_then(|(start, n_bytes)| start.checked_add(n_bytes)).filter(|end| *end <= size);
        let (Some(start), Some(_)) = (start, at) else {
            return Err(format!("section {} promises more than the file holds", section.name));
        };
        offsets.push(start);
    }
    if at != Some(size) {
        return Err("there are bytes behind the last section".to_owned());
    }
    Ok((header, offsets))
}

fn value_size(name: &str) -> Option<u64> {
    match name {
        "f64" | "i64" | "u64" => Some(8),
        "f32" | "i32" | "u32" => Some(4),
        "u8" => Some(1),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn header() -> StateHeader {
        StateHeader {
            engine_version: "0.1.0".to_owned(),
            stage: "traffic.assignment".to_owned(),
            iteration: 7,
            identity_sha256: "ab".to_owned(),
        }
    }

    fn open(path: &Path) -> Result<SavedState, Error> {
        SavedState::open(path, "0.1.0", "traffic.assignment", "ab")
    }

    /// Everything in the file, or what is wrong with it.
    fn read_all(path: &Path) -> Result<(Vec<f64>, Vec<u32>), Error> {
        let state = open(path)?;
        Ok((state.read("volume")?, state.read("path")?))
    }

    fn saved(volume: &[f64], paths: &[u32]) -> (tempfile::TempDir, PathBuf) {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("traffic.assignment.state");
        write_state(&path, &header(), &[Section::new("volume", volume), Section::new("path", paths)]).unwrap();
        (folder, path)
    }

    #[test]
    fn what_is_saved_comes_back() {
        let (_folder, path) = saved(&[1.0, f64::NAN, -0.0], &[]);
        let state = open(&path).unwrap();
        assert_eq!(state.header(), &header());
        let bits: Vec<u64> = state.read::<f64>("volume").unwrap().iter().map(|value| value.to_bits()).collect();
        assert_eq!(bits, [1.0f64.to_bits(), f64::NAN.to_bits(), (-0.0f64).to_bits()]);
        assert!(state.read::<u32>("path").unwrap().is_empty());
        let told = |error: Error| error.to_string();
        assert!(told(state.read::<f32>("volume").unwrap_err()).contains("holds f64, not f32"));
        assert!(told(state.read::<f64>("cost").unwrap_err()).contains("no such section"));
    }

    #[test]
    fn a_state_of_something_else_is_refused() {
        let (_folder, path) = saved(&[1.0], &[2]);
        let other = |version: &str, stage: &str, run: &str| {
            let refused = SavedState::open(&path, version, stage, run).unwrap_err();
            assert_eq!(refused.exit_code(), 2);
            refused.to_string()
        };
        assert!(other("0.2.0", "traffic.assignment", "ab").contains("of engine version 0.1.0, not 0.2.0"));
        assert!(other("0.1.0", "climate", "ab").contains("of stage traffic.assignment, not climate"));
        assert!(other("0.1.0", "traffic.assignment", "cd").contains("of run ab, not cd"));
    }

    #[test]
    fn lengths_beyond_the_file_are_refused_before_allocation() {
        let (_folder, path) = saved(&[1.0], &[2]);
        let bytes = std::fs::read(&path).unwrap();
        for promised in ["1152921504606846976", "2305843009213693952", "18446744073709551615"] {
            let length = u32::from_le_bytes(bytes[12..16].try_into().unwrap()) as usize;
            let text = std::str::from_utf8(&bytes[16..16 + length]).unwrap();
            let text = text.replacen("\"length\":1", &format!("\"length\":{promised}"), 1);
            let mut hostile = bytes[..12].to_vec();
            hostile.extend_from_slice(&(text.len() as u32).to_le_bytes());
            hostile.extend_from_slice(text.as_bytes());
            hostile.extend_from_slice(&Sha256::digest(text.as_bytes()));
            hostile.extend_from_slice(&bytes[16 + length + 32..]);
            std::fs::write(&path, hostile).unwrap();
            let refused = open(&path).unwrap_err().to_string();
            assert!(refused.contains("section volume promises more than the file holds"), "{refused}");
        }
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(64))]
        #[test]
        fn any_arrays_come_back(
            volume in prop::collection::vec(any::<f64>(), 0..50),
            paths in prop::collection::vec(any::<u32>(), 0..50),
        ) {
            let (_folder, path) = saved(&volume, &paths);
            let (read_volume, read_paths) = read_all(&path).unwrap();
            let bits = |values: &[f64]| values.iter().map(|value| value.to_bits()).collect::<Vec<_>>();
            prop_assert_eq!(bits(&read_volume), bits(&volume));
            prop_assert_eq!(read_paths, paths);
        }

        #[test]
        fn no_truncation_passes(part in 0.0..1.0f64) {
            let (_folder, path) = saved(&[1.0, 2.0, 3.0], &[4, 5]);
            let bytes = std::fs::read(&path).unwrap();
            std::fs::write(&path, &bytes[..(bytes.len() as f64 * part) as usize]).unwrap();
            prop_assert!(read_all(&path).is_err());
        }

        #[test]
        fn no_changed_bit_in_what_is_used_passes(at in any::<prop::sample::Index>(), bit in 0u8..8) {
            let (_folder, path) = saved(&[1.0, 2.0, 3.0], &[4, 5]);
            let mut bytes = std::fs::read(&path).unwrap();
            let at = at.index(bytes.len());
            bytes[at] ^= 1 << bit;
            std::fs::write(&path, &bytes).unwrap();
            // Padding between sections carries nothing.
            if let Ok(read) = read_all(&path) {
                prop_assert_eq!(read, (vec![1.0, 2.0, 3.0], vec![4, 5]));
            }
        }
    }
}
