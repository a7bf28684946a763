//! Fields in tiles: each rank packs its own, rank 0 puts them into the file.

use super::{NetcdfSink, ROUND_BYTES, StageField, StageFile};
use crate::error::Error;
use crate::field::{Kind, Values};
use crate::parallel::Runtime;
use crate::store::chunks::{self, ChunkShape, PackedChunk};
use crate::store::netcdf::{DEFLATE_LEVEL, Storage};
use crate::store::values::{Extent, check_values, native_bytes, value_size};

impl NetcdfSink<'_> {
    /// Packs chunks on the threads of this rank.
    pub(super) fn packed(
        &self,
        (file, field): (usize, usize),
        parts: &[(Vec<usize>, Values<'_>)],
    ) -> Result<Vec<PackedChunk>, Error> {
        let StageField { spec, shape, storage, .. } = &self.files[file].fields[field];
        let Storage::Chunks(chunk) = storage else {
            return Err(Error::Failed(format!("field {} of {} has no tiles", spec.name, spec.file)));
        };
        let fill = match spec.kind {
            Kind::F64 => f64::NAN.to_ne_bytes().to_vec(),
            Kind::F32 => f32::NAN.to_ne_bytes().to_vec(),
            kind => vec![0; value_size(kind)],
        };
        let pack = |(start, values): &(Vec<usize>, Values<'_>)| -> Result<PackedChunk, Error> {
            check_values(spec, shape, start, values, Extent::Part)?;
            let part = values.shape();
            let is_chunk = |axis: usize| {
                start[axis].is_multiple_of(chunk[axis]) && part[axis] == chunk[axis].min(shape[axis] - start[axis])
            };
            if !(0..shape.len()).all(is_chunk) {
                let message = format!("{part:?} values at {start:?} of {} are no chunk of {chunk:?}", spec.name);
                return Err(Error::Failed(message));
            }
            let bytes = chunks::pack(&native_bytes(values), &ChunkShape { part: &part, chunk }, &fill, DEFLATE_LEVEL)?;
            Ok(PackedChunk { start: start.clone(), n_values: part.iter().product(), bytes })
        };
        self.runtime.share(parts.iter(), pack).into_iter().collect()
    }

    /// Brings the chunks of all ranks into the file; every rank comes with its own or with an error.
    pub(super) fn store_chunks(
        &mut self,
        (file, field): (usize, usize),
        own: Result<Vec<PackedChunk>, Error>,
    ) -> Result<(), Error> {
        let mut rounds: Vec<Vec<PackedChunk>> = Vec::new();
        let mut n_bytes = ROUND_BYTES;
        let counted = own.map(|chunks| {
            for chunk in chunks {
                if n_bytes >= ROUND_BYTES {
                    rounds.push(Vec::new());
                    n_bytes = 0;
                }
                n_bytes += chunk.bytes.len();
                rounds.last_mut().expect("a round was just begun").push(chunk);
            }
            (rounds.len() as u64).to_ne_bytes().to_vec()
        });
        let counts = self.runtime.all_gather(counted)?;
        let count = |bytes: &Vec<u8>| bytes.as_slice().try_into().map_or(0, u64::from_ne_bytes) as usize;
        let n_rounds = counts.iter().map(count).max().unwrap_or(0);
        let mut outcome = Ok(());
        let mut rounds = rounds.into_iter();
        for _ in 0..n_rounds {
            let chunks = chunks_to_root(self.runtime, rounds.next().unwrap_or_default())?;
            let StageFile { netcdf, fields, .. } = &mut self.files[file];
            let target = &mut fields[field];
            let (Some(netcdf), Some(variable)) = (&netcdf, target.variable) else { continue };
            for chunk in chunks {
                target.n_written += chunk.n_values;
                // After a failure the rounds go on empty-handed, because the other ranks go on.
                outcome = outcome.and_then(|()| netcdf.write_chunk(variable, &chunk.start, &chunk.bytes));
            }
        }
        self.runtime.agree(outcome)
    }
}

/// Chunks of all ranks on rank 0, by rank; nothing on the others. Collective.
fn chunks_to_root(runtime: &Runtime, own: Vec<PackedChunk>) -> Result<Vec<PackedChunk>, Error> {
    if runtime.size() == 1 {
        return Ok(own);
    }
    let block = if runtime.is_root() { Vec::new() } else { chunks::to_bytes(&own) };
    let mut outgoing: Vec<&[u8]> = vec![&[]; runtime.size()];
    outgoing[0] = &block;
    let incoming = runtime.exchange(&outgoing)?;
    if !runtime.is_root() {
        return Ok(Vec::new());
    }
    Ok(own.into_iter().chain(incoming.iter().flat_map(|block| chunks::from_bytes(block))).collect())
}
