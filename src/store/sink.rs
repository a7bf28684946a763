//! Where a stage puts its fields: one netCDF file per domain, the same content for any number of ranks.
//!
//! Under MPI all ranks write one file together. Otherwise rank 0 holds it and the others send their parts in rounds
//! of bounded size, so that no rank holds more than a few packets at a time.

mod tiles;

use std::borrow::Cow;
use std::path::PathBuf;

use super::conventions::{CRS_NAME, FileHeader, References, is_on_raster, may_be_missing};
use super::crs::Crs;
use super::netcdf::{Access, AttributeValue, Missing, NetcdfFile, Storage};
use super::runs::{Packet, Packing, Region, RunValues, runs_of_region};
use super::survey::DOMAIN_FILES;
use super::values::{Extent, check_texts, check_values, native_bytes, text_matrix, value_size};
use crate::error::Error;
use crate::field::{FieldSpec, Kind, Values};
use crate::parallel::Runtime;
use crate::stages::FieldSink;

/// Bytes that a rank sends to rank 0 in one round.
const ROUND_BYTES: usize = 4 << 20;
/// Bytes that a rank writes in one collective call.
#[cfg(feature = "mpi")]
const COLLECTIVE_BYTES: usize = 64 << 20;

/// Writes the fields of one stage; made by the run folder.
pub struct NetcdfSink<'r> {
    runtime: &'r Runtime,
    stage: String,
    directory: PathBuf,
    header: FileHeader,
    earlier: Vec<FileFields>,
    files: Vec<StageFile>,
}

/// A file and the names of fields in it.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub(super) struct FileFields {
    /// The file, for example `traffic.nc`.
    pub file: String,
    /// Names of its fields.
    pub fields: Vec<String>,
}

/// A file of a stage; `netcdf` is there on the ranks that hold it.
struct StageFile {
    name: String,
    netcdf: Option<NetcdfFile>,
    fields: Vec<StageField>,
    attributes: Vec<(String, String)>,
}

/// A field being written; `variable` is there once its type and shape in the file are known.
struct StageField {
    spec: FieldSpec,
    shape: Vec<usize>,
    storage: Storage,
    variable: Option<usize>,
    n_written: usize,
}

impl<'r> NetcdfSink<'r> {
    /// A sink that creates files in `directory`; `earlier` are the fields of stages that are finished.
    pub(super) fn new(
        runtime: &'r Runtime,
        stage: &str,
        directory: PathBuf,
        header: FileHeader,
        earlier: Vec<FileFields>,
    ) -> Self {
        NetcdfSink { runtime, stage: stage.to_owned(), directory, header, earlier, files: Vec::new() }
    }

    /// The stage that writes.
    pub(super) fn stage(&self) -> &str {
        &self.stage
    }

    /// Completes all files and hands them to the disk; collective.
    pub(super) fn finish(mut self) -> Result<Vec<FileFields>, Error> {
        self.require_complete()?;
        let crs = self.header.crs.as_deref().map(Crs::new);
        let mut finished = Vec::new();
        for mut file in std::mem::take(&mut self.files) {
            let described = self.describe(&mut file, crs.as_ref());
            self.runtime.agree(described)?;
            let path = self.directory.join(&file.name);
            let fields = file.fields.iter().map(|field| field.spec.name.to_owned()).collect();
            let closed = file.netcdf.map_or(Ok(()), NetcdfFile::finish);
            self.runtime.agree(closed)?;
            self.runtime.agree(if self.runtime.is_root() { super::disk::sync(&path) } else { Ok(()) })?;
            finished.push(FileFields { file: file.name, fields });
        }
        Ok(finished)
    }

    fn access(&self) -> Option<Access> {
        #[cfg(feature = "mpi")]
        if let Some(communicator) = self.runtime.comm().mpi_communicator() {
            return Some(Access::Together(communicator));
        }
        self.runtime.is_root().then_some(Access::Alone)
    }

    /// Number of a file, created now if it is new.
    fn file(&mut self, name: &str) -> Result<usize, Error> {
        if let Some(file) = self.files.iter().position(|file| file.name == name) {
            return Ok(file);
        }
        let made = if self.runtime.is_root() { super::disk::create_directory(&self.directory) } else { Ok(()) };
        self.runtime.agree(made)?;
        let netcdf = self.access().map(|access| NetcdfFile::create(&self.directory.join(name), access)).transpose();
        let netcdf = self.runtime.agree(netcdf)?;
        self.files.push(StageFile { name: name.to_owned(), netcdf, fields: Vec::new(), attributes: Vec::new() });
        Ok(self.files.len() - 1)
    }

    /// Numbers of a file and of a field in it that was announced.
    fn find(&self, spec: &FieldSpec) -> Option<(usize, usize)> {
        let file = self.files.iter().position(|file| file.name == spec.file)?;
        let field = self.files[file].fields.iter().position(|field| field.spec.name == spec.name)?;
        Some((file, field))
    }

    /// Creates the variable of a field whose texts, if it holds texts, have at most `text_bytes` bytes.
    fn create_variable(&mut self, (file, field): (usize, usize), text_bytes: usize) -> Result<(), Error> {
        let StageFile { netcdf, fields, .. } = &mut self.files[file];
        let StageField { spec, shape, storage, variable, .. } = &mut fields[field];
        let mut create = || -> Result<Option<usize>, Error> {
            let Some(netcdf) = netcdf else { return Ok(None) };
            let mut dimensions = Vec::with_capacity(shape.len() + 1);
            for (dimension, length) in spec.dims.iter().zip(shape.iter()) {
                dimensions.push(netcdf.dimension(dimension.name(), *length)?);
            }
            if spec.kind == Kind::Text {
                dimensions.push(netcdf.dimension(&format!("string{text_bytes}"), text_bytes)?);
            }
            let missing = if may_be_missing(spec) { Missing::NotANumber } else { Missing::Never };
            netcdf.variable(spec.name, spec.kind, &dimensions, (missing, &*storage)).map(Some)
        };
        let created = create();
        *variable = self.runtime.agree(created)?;
        Ok(())
    }

    /// Writes the packets of all ranks; every rank comes with its own or with an error.
    fn store(&mut self, (file, field): (usize, usize), own: Result<Packing<'_>, Error>) -> Result<(), Error> {
        let (packing, n_packets) = match own {
            Ok(packing) => {
                let n_packets = (packing.len() as u64).to_ne_bytes().to_vec();
                (Some(packing), Ok(n_packets))
            }
            Err(error) => (None, Err(error)),
        };
        let counts = self.runtime.all_gather(n_packets)?;
        let packing = packing.expect("the ranks agreed that none came with an error");
        let count = |bytes: &Vec<u8>| bytes.as_slice().try_into().map_or(0, u64::from_ne_bytes) as usize;
        let n_rounds = counts.iter().map(count).max().unwrap_or(0);
        let is_together = self.is_together();
        let StageFile { netcdf, fields, .. } = &mut self.files[file];
        let target = &mut fields[field];
        let mut outcome = Ok(());
        for round in 0..n_rounds {
            let packets = match is_together {
                true => vec![packing.packet(round)],
                false => to_root(self.runtime, packing.packet(round))?,
            };
            let (Some(netcdf), Some(variable)) = (&netcdf, target.variable) else { continue };
            for packet in packets {
                target.n_written += packet.runs.iter().map(|run| run.len()).sum::<usize>();
                // After a failure the rounds go on empty-handed, because the other ranks go on.
                outcome = outcome.and_then(|()| netcdf.write(variable, &packet.runs, &packet.bytes));
            }
        }
        self.runtime.agree(outcome)
    }

    /// Announces a field; collective.
    fn announce(&mut self, spec: &FieldSpec, shape: &[usize], storage: Storage) -> Result<(), Error> {
        let failed = |what: &str| Error::Failed(format!("field {} of {} {what}", spec.name, spec.file));
        let earlier = |known: &FileFields| known.file == spec.file && known.fields.iter().any(|name| name == spec.name);
        let checked = if !DOMAIN_FILES.contains(&spec.file) {
            Err(failed("belongs to a file that run folders do not have"))
        } else if spec.dims.len() != shape.len() {
            Err(failed(&format!("has {} axes, not {}", spec.dims.len(), shape.len())))
        } else if self.find(spec).is_some() || self.earlier.iter().any(earlier) {
            Err(failed("is there already"))
        } else {
            Ok(())
        };
        self.runtime.agree(checked)?;
        let file = self.file(spec.file)?;
        let field = StageField { spec: spec.clone(), shape: shape.to_vec(), storage, variable: None, n_written: 0 };
        self.files[file].fields.push(field);
        if spec.kind == Kind::Text {
            // How long the texts are shows only when they are written.
            return Ok(());
        }
        self.create_variable((file, self.files[file].fields.len() - 1), 0)
    }

    fn is_together(&self) -> bool {
        match self.access() {
            #[cfg(feature = "mpi")]
            Some(Access::Together(_)) => true,
            _ => false,
        }
    }

    fn packet_bytes(&self) -> usize {
        #[cfg(feature = "mpi")]
        if self.is_together() {
            return COLLECTIVE_BYTES;
        }
        ROUND_BYTES
    }

    fn require_complete(&self) -> Result<(), Error> {
        let fields = || self.files.iter().flat_map(|file| &file.fields);
        let written: Vec<u64> = fields().map(|field| field.n_written as u64).collect();
        let written = self.runtime.all_gather(Ok(bytemuck::cast_slice(&written).to_vec()))?;
        let by_rank: Vec<Vec<u64>> =
            written.iter().map(|bytes| bytemuck::allocation::pod_collect_to_vec(bytes)).collect();
        for (index, field) in fields().enumerate() {
            let found = by_rank.iter().map(|counts| counts[index]).sum::<u64>();
            let expected = field.shape.iter().product::<usize>() as u64;
            if found != expected {
                let name = field.spec.name;
                return Err(Error::Failed(format!(
                    "stage {} wrote {found} of the {expected} values of {name}",
                    self.stage
                )));
            }
        }
        Ok(())
    }

    /// Adds what refers to other fields, now that all are known: meshes, the reference system, all attributes.
    fn describe(&self, file: &mut StageFile, crs: Option<&Crs>) -> Result<(), Error> {
        let Some(netcdf) = &mut file.netcdf else { return Ok(()) };
        let earlier = self.earlier.iter().filter(|known| known.file == file.name).flat_map(|known| &known.fields);
        let own = file.fields.iter().map(|field| field.spec.name);
        let names = earlier.map(String::as_str).chain(own).collect();
        let references = References { names, file: &file.name, crs };
        for field in &file.fields {
            for (name, value) in references.attributes(&field.spec) {
                netcdf.attribute(field.variable, &name, &value)?;
            }
        }
        let mut meshes: Vec<&FieldSpec> = Vec::new();
        for mesh in file.fields.iter().filter_map(|field| references.mesh_of(&field.spec)) {
            if !meshes.contains(&mesh) {
                meshes.push(mesh);
            }
        }
        let mut anchors: Vec<(&str, Vec<(String, AttributeValue)>)> =
            meshes.iter().map(|mesh| (mesh.name, references.attributes(mesh))).collect();
        let is_placed = !meshes.is_empty() || file.fields.iter().any(|field| is_on_raster(&field.spec));
        if let Some(crs) = crs.filter(|_| is_placed) {
            anchors.push((CRS_NAME, crs.attributes()));
        }
        let value = if self.runtime.is_root() { Packet::of_scalar(&0i32.to_ne_bytes()) } else { Packet::default() };
        for (name, attributes) in anchors {
            write_anchor(netcdf, name, &attributes, &value)?;
        }
        let mut all = self.header.attributes(&self.stage);
        for (name, value) in &file.attributes {
            all.retain(|(known, _)| known != name);
            all.push((name.clone(), AttributeValue::Text(value.clone())));
        }
        all.iter().try_for_each(|(name, value)| netcdf.attribute(None, name, value))
    }
}

impl FieldSink for NetcdfSink<'_> {
    fn create(&mut self, spec: &FieldSpec, shape: &[usize]) -> Result<(), Error> {
        self.announce(spec, shape, Storage::Usual)
    }

    fn create_tiled(&mut self, spec: &FieldSpec, shape: &[usize], tile: &[usize]) -> Result<(), Error> {
        // An empty field has no chunks, and none may be longer than the field.
        if shape.contains(&0) {
            return self.create(spec, shape);
        }
        let chunk = shape.iter().zip(tile).map(|(&length, &tile)| tile.clamp(1, length)).collect();
        self.announce(spec, shape, Storage::Chunks(chunk))
    }

    fn write(&mut self, spec: &FieldSpec, values: Values<'_>) -> Result<(), Error> {
        if self.find(spec).is_none() {
            self.create(spec, &values.shape())?;
        }
        let at = self.find(spec).expect("the field was just created");
        let (rank, size) = match self.is_together() {
            true => (self.runtime.rank(), self.runtime.size()),
            false => (self.runtime.rank(), 1),
        };
        let text = text_matrix(&values);
        if let Some((_, text_bytes)) = &text {
            let field = &self.files[at.0].fields[at.1];
            let checked = match field.variable.is_some() || field.n_written > 0 {
                true => Err(Error::Failed(format!("field {} of {} is written twice", spec.name, spec.file))),
                false => check_texts(spec, &values),
            };
            self.runtime.agree(checked)?;
            self.create_variable(at, *text_bytes)?;
        }
        let field = &self.files[at.0].fields[at.1];
        let value_size = text.as_ref().map_or_else(|| value_size(spec.kind), |_| 1);
        let checked = check_values(spec, &field.shape, &Vec::new(), &values, Extent::Whole);
        let bytes = text.map_or_else(|| native_bytes(&values), |(bytes, _)| Cow::Owned(bytes));
        let n_values = bytes.len() / value_size;
        let share = if rank < size { n_values * rank / size..n_values * (rank + 1) / size } else { 0..0 };
        let runs =
            vec![RunValues { start: share.start, bytes: &bytes[share.start * value_size..share.end * value_size] }];
        let limit = self.packet_bytes() / value_size;
        let packing = checked.and_then(|()| pack(spec, runs, value_size, limit));
        self.store(at, packing)?;
        if spec.kind == Kind::Text {
            let field = &mut self.files[at.0].fields[at.1];
            // Counted in characters so far; the field counts texts.
            field.n_written = if self.runtime.is_root() { field.shape.iter().product() } else { 0 };
        }
        Ok(())
    }

    fn write_parts(&mut self, spec: &FieldSpec, parts: &[(Vec<usize>, Values<'_>)]) -> Result<(), Error> {
        let announced = self.find(spec).filter(|_| spec.kind != Kind::Text);
        let announced = announced.ok_or_else(|| {
            Error::Failed(format!("field {} of {} is written in parts but was not created", spec.name, spec.file))
        });
        let at = self.runtime.agree(announced)?;
        let shape = &self.files[at.0].fields[at.1].shape;
        let checked =
            parts.iter().try_for_each(|(start, values)| check_values(spec, shape, start, values, Extent::Part));
        let contents: Vec<Cow<'_, [u8]>> = parts.iter().map(|(_, values)| native_bytes(values)).collect();
        let value_size = value_size(spec.kind);
        let limit = self.packet_bytes() / value_size;
        let packing = checked.and_then(|()| {
            let mut runs = Vec::new();
            for ((start, values), bytes) in parts.iter().zip(&contents) {
                let region = Region { start: start.clone(), shape: values.shape() };
                let mut rest: &[u8] = bytes;
                for run in runs_of_region(shape, &region) {
                    let (now, later) = rest.split_at(run.len() * value_size);
                    runs.push(RunValues { start: run.start, bytes: now });
                    rest = later;
                }
            }
            pack(spec, runs, value_size, limit)
        });
        self.store(at, packing)
    }

    fn write_tiles(&mut self, spec: &FieldSpec, parts: &[(Vec<usize>, Values<'_>)]) -> Result<(), Error> {
        if self.is_together() {
            return self.write_parts(spec, parts);
        }
        let announced = self.find(spec).ok_or_else(|| {
            Error::Failed(format!("field {} of {} is written in tiles but was not created", spec.name, spec.file))
        });
        let at = self.runtime.agree(announced)?;
        let packed = self.packed(at, parts);
        self.store_chunks(at, packed)
    }

    fn attribute(&mut self, file: &str, name: &str, value: &str) -> Result<(), Error> {
        let file = self.file(file)?;
        let attributes = &mut self.files[file].attributes;
        attributes.retain(|(known, _)| known != name);
        attributes.push((name.to_owned(), value.to_owned()));
        Ok(())
    }
}

/// Packets of all ranks on rank 0, by rank; nothing on the others. Collective.
fn to_root(runtime: &Runtime, own: Packet) -> Result<Vec<Packet>, Error> {
    if runtime.size() == 1 {
        return Ok(vec![own]);
    }
    let block = if runtime.is_root() || own.runs.is_empty() { Vec::new() } else { own.to_bytes() };
    let mut outgoing: Vec<&[u8]> = vec![&[]; runtime.size()];
    outgoing[0] = &block;
    let incoming = runtime.exchange(&outgoing)?;
    if !runtime.is_root() {
        return Ok(Vec::new());
    }
    let others = incoming.iter().filter(|block| !block.is_empty()).map(|block| Packet::from_bytes(block));
    Ok(std::iter::once(own).chain(others).collect())
}

fn write_anchor(
    netcdf: &mut NetcdfFile,
    name: &str,
    attributes: &[(String, AttributeValue)],
    value: &Packet,
) -> Result<(), Error> {
    let variable = netcdf.variable(name, Kind::I32, &[], (Missing::Never, &Storage::Usual))?;
    netcdf.write(variable, &value.runs, &value.bytes)?;
    attributes.iter().try_for_each(|(name, value)| netcdf.attribute(Some(variable), name, value))
}

fn pack<'a>(spec: &FieldSpec, runs: Vec<RunValues<'a>>, value_size: usize, limit: usize) -> Result<Packing<'a>, Error> {
    Packing::new(runs, value_size, limit)
        .map_err(|index| Error::Failed(format!("two parts of {} hold its value {index}", spec.name)))
}
