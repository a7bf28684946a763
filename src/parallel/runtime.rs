//! The three verbs over threads and ranks, with the same bits for any number of either.

use std::ops::Range;
use std::sync::{Mutex, PoisonError};

use bytemuck::Pod;
use rayon::prelude::*;

use super::comm::{Comm, Serial};
use crate::error::{Error, Problem};

/// What a stage computes with: this rank's threads and its view of the other ranks.
pub struct Runtime {
    comm: Box<dyn Comm>,
    pool: Option<rayon::ThreadPool>,
    threads: usize,
}

/// Items cut into chunks, each owned by one rank for ever.
///
/// What a chunk is must follow from the problem alone; who owns it may follow from the number of ranks.
#[derive(Debug, Clone)]
pub struct Chunks {
    owner: Vec<usize>,
}

impl Chunks {
    /// `n_chunks` chunks in contiguous blocks of nearly equal count by rank.
    pub fn contiguous(n_chunks: usize, n_ranks: usize) -> Self {
        Chunks { owner: (0..n_chunks).map(|chunk| chunk * n_ranks / n_chunks.max(1)).collect() }
    }
    /// Chunks with the given owners.
    pub fn owned_by(owner: Vec<usize>) -> Self {
        Chunks { owner }
    }
    /// Number of chunks.
    pub fn len(&self) -> usize {
        self.owner.len()
    }
    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.owner.is_empty()
    }
    /// Rank that owns a chunk.
    pub fn owner(&self, chunk: usize) -> usize {
        self.owner[chunk]
    }
}

/// Working memory of each thread, kept between calls; its content must not reach results.
#[derive(Debug)]
pub struct Scratch<W>(Vec<Mutex<W>>);

impl<W> Scratch<W> {
    /// Runs `body` with the working memory of the current thread.
    pub fn with<R>(&self, body: impl FnOnce(&mut W) -> R) -> R {
        let thread = rayon::current_thread_index().unwrap_or(0) % self.0.len();
        body(&mut self.0[thread].lock().unwrap_or_else(PoisonError::into_inner))
    }
    /// The working memories of all threads, to refresh what they share.
    pub fn iter_mut(&mut self) -> impl Iterator<Item = &mut W> {
        self.0.iter_mut().map(|slot| slot.get_mut().unwrap_or_else(PoisonError::into_inner))
    }
}

impl Runtime {
    /// A runtime over `comm` with `threads` threads on this rank; the calling thread is one of them.
    ///
    /// # Errors
    /// Threads cannot be started.
    pub fn new(comm: Box<dyn Comm>, threads: usize) -> Result<Self, Error> {
        let threads = threads.max(1);
        let pool = match threads {
            1 => None,
            _ => Some(
                rayon::ThreadPoolBuilder::new()
                    .num_threads(threads)
                    .use_current_thread()
                    .build()
                    .map_err(|cause| Error::Failed(format!("cannot start {threads} threads: {cause}")))?,
            ),
        };
        Ok(Runtime { comm, pool, threads })
    }
    /// One rank with `threads` threads.
    ///
    /// # Errors
    /// Threads cannot be started.
    pub fn serial(threads: usize) -> Result<Self, Error> {
        Runtime::new(Box::new(Serial), threads)
    }
    /// This rank, 0-based.
    pub fn rank(&self) -> usize {
        self.comm.rank()
    }
    /// Number of ranks.
    pub fn size(&self) -> usize {
        self.comm.size()
    }
    /// Number of threads of this rank.
    pub fn threads(&self) -> usize {
        self.threads
    }
    /// Whether this rank reads, reports and prints.
    pub fn is_root(&self) -> bool {
        self.rank() == 0
    }
    /// The ranks.
    pub fn comm(&self) -> &dyn Comm {
        self.comm.as_ref()
    }
    /// One working memory per thread.
    pub fn scratch<W>(&self, mut make: impl FnMut() -> W) -> Scratch<W> {
        Scratch((0..self.threads).map(|_| Mutex::new(make())).collect())
    }

    /// Runs `body` on each of the listed chunks that this rank owns, over its threads; results in list order.
    ///
    /// `states` holds one state per chunk of the partition (any value where this rank is not the owner);
    /// `listed` is ascending.
    pub fn map<S: Send, W: Send, R: Send>(
        &self,
        chunks: &Chunks,
        listed: &[usize],
        states: &mut [S],
        scratch: &Scratch<W>,
        body: impl Fn(usize, &mut S, &mut W) -> R + Sync,
    ) -> Vec<R> {
        let own = self.own_states(chunks, listed, states);
        match &self.pool {
            Some(_) if own.len() > 1 => own
                .into_par_iter()
                .with_max_len(1)
                .map(|(chunk, state)| scratch.with(|memory| body(chunk, state, memory)))
                .collect(),
            _ => own.into_iter().map(|(chunk, state)| scratch.with(|memory| body(chunk, state, memory))).collect(),
        }
    }

    fn own_states<'s, S>(&self, chunks: &Chunks, listed: &[usize], states: &'s mut [S]) -> Vec<(usize, &'s mut S)> {
        let mut own = Vec::with_capacity(listed.len());
        let (mut rest, mut passed) = (states, 0);
        for &chunk in listed {
            if chunks.owner(chunk) != self.rank() {
                continue;
            }
            let (state, after) = rest[chunk - passed..].split_first_mut().expect("every chunk has a state");
            own.push((chunk, state));
            (rest, passed) = (after, chunk + 1);
        }
        own
    }

    /// Hands every rank the results of all listed chunks, in list order; `own` are this rank's, as `map` gave them.
    ///
    /// Carries agreement: if any rank comes with an error, every rank gets the error of the lowest such rank.
    ///
    /// # Errors
    /// A rank's own error, or a rank that does not answer.
    pub fn gather<T: Pod>(
        &self,
        chunks: &Chunks,
        listed: &[usize],
        own: Result<Vec<Vec<T>>, Error>,
    ) -> Result<Vec<Vec<T>>, Error> {
        if self.size() == 1 {
            return own;
        }
        let mut lengths: Vec<u64> = Vec::new();
        let mut values: Vec<u8> = Vec::new();
        let own = own.map(|own| {
            for part in &own {
                lengths.push(part.len() as u64);
                values.extend_from_slice(bytemuck::cast_slice(part));
            }
        });
        let packed = own.map(|()| [bytemuck::cast_slice(&lengths), values.as_slice()].concat());
        let packets = self.all_gather(packed)?;
        let mut counts = vec![0; self.size()];
        for &chunk in listed {
            counts[chunks.owner(chunk)] += 1;
        }
        let mut heads = vec![0; self.size()];
        let mut bodies: Vec<usize> = counts.iter().map(|count| count * size_of::<u64>()).collect();
        let mut all = Vec::with_capacity(listed.len());
        for &chunk in listed {
            let rank = chunks.owner(chunk);
            let length: u64 = bytemuck::pod_read_unaligned(&packets[rank][heads[rank]..heads[rank] + size_of::<u64>()]);
            heads[rank] += size_of::<u64>();
            let n_bytes = length as usize * size_of::<T>();
            all.push(bytemuck::allocation::pod_collect_to_vec(&packets[rank][bodies[rank]..bodies[rank] + n_bytes]));
            bodies[rank] += n_bytes;
        }
        Ok(all)
    }

    /// Sums one vector of length `len` per chunk along a fixed binary tree over the chunks; every rank gets the sum.
    ///
    /// `body` adds chunk `chunk` into the zeroed slice it is given. The bits depend on the chunks alone.
    ///
    /// # Errors
    /// A rank that does not answer.
    pub fn sum(&self, chunks: &Chunks, len: usize, body: impl Fn(usize, &mut [f64]) + Sync) -> Result<Vec<f64>, Error> {
        let mut own: Vec<(Range<usize>, Vec<f64>)> = Vec::new();
        for block in whole_subtrees(chunks, self.rank()) {
            let total = if self.pool.is_some() {
                sum_subtree(block.clone(), len, &body)
            } else {
                sum_in_turn(block.clone(), len, &body)
            };
            own.push((block, total));
        }
        if self.size() == 1 {
            return Ok(own.pop().map_or_else(|| vec![0.0; len], |(_, total)| total));
        }
        self.sum_over_ranks(chunks, len, &own)
    }

    /// Each rank finishes the tree for one slice of the vector, then all slices are gathered.
    fn sum_over_ranks(&self, chunks: &Chunks, len: usize, own: &[(Range<usize>, Vec<f64>)]) -> Result<Vec<f64>, Error> {
        let slice = |rank: usize| len * rank / self.size()..len * (rank + 1) / self.size();
        let outgoing: Vec<Vec<f64>> = (0..self.size())
            .map(|rank| own.iter().flat_map(|(_, total)| total[slice(rank)].iter().copied()).collect())
            .collect();
        let outgoing: Vec<&[u8]> = outgoing.iter().map(|values| bytemuck::cast_slice(values)).collect();
        let incoming = self.comm.exchange(&outgoing)?;
        let width = slice(self.rank()).len();
        let mut blocks: Vec<(Range<usize>, Vec<f64>)> = Vec::new();
        for (rank, bytes) in incoming.iter().enumerate() {
            let values: Vec<f64> = bytemuck::allocation::pod_collect_to_vec(bytes);
            for (index, block) in whole_subtrees(chunks, rank).into_iter().enumerate() {
                blocks.push((block, values[index * width..(index + 1) * width].to_vec()));
            }
        }
        let total = sum_blocks(0..chunks.len(), width, &blocks);
        let slices = self.all_gather(Ok(bytemuck::cast_slice(&total).to_vec()))?;
        Ok(slices.iter().flat_map(|bytes| bytemuck::allocation::pod_collect_to_vec::<u8, f64>(bytes)).collect())
    }

    /// Every rank's bytes on every rank, by rank; an error on any rank becomes the error of all.
    ///
    /// # Errors
    /// The error of the lowest rank that has one, or a rank that does not answer.
    pub fn all_gather(&self, own: Result<Vec<u8>, Error>) -> Result<Vec<Vec<u8>>, Error> {
        if self.size() == 1 {
            return own.map(|bytes| vec![bytes]);
        }
        let mut packet = match &own {
            Ok(bytes) => bytes.clone(),
            Err(error) => error.to_string().into_bytes(),
        };
        packet.push(own.as_ref().err().map_or(0, Error::exit_code));
        let mut packets = self.comm.exchange(&vec![packet.as_slice(); self.size()])?;
        for (rank, packet) in packets.iter_mut().enumerate() {
            let status = packet.pop().expect("every packet ends with its status");
            if status != 0 && rank == self.rank() {
                return Err(own.expect_err("this rank's status says so"));
            }
            let text = || String::from_utf8_lossy(packet).into_owned();
            match status {
                0 => {}
                2 => return Err(Error::Input(vec![Problem::new(text())])),
                75 => return Err(Error::Stopped(text())),
                _ => return Err(Error::Failed(text())),
            }
        }
        Ok(packets)
    }

    /// Lets all ranks go on only if all of them can.
    ///
    /// # Errors
    /// This rank's error if it has one, else that of the lowest rank that has one.
    pub fn agree<T>(&self, own: Result<T, Error>) -> Result<T, Error> {
        match own {
            Ok(value) => self.all_gather(Ok(Vec::new())).map(|_| value),
            Err(error) => Err(self.all_gather(Err(error)).expect_err("this rank came with an error")),
        }
    }

    /// The bytes that `make` gives on rank 0, on every rank; or its error on every rank.
    ///
    /// # Errors
    /// The error of `make`.
    pub fn from_root(&self, make: impl FnOnce() -> Result<Vec<u8>, Error>) -> Result<Vec<u8>, Error> {
        let own = if self.is_root() { make() } else { Ok(Vec::new()) };
        if self.size() == 1 {
            return own;
        }
        let own = self.agree(own)?;
        let outgoing = vec![own.as_slice(); self.size()];
        Ok(self.comm.exchange(&outgoing)?.swap_remove(0))
    }
}

/// The largest subtrees of the fixed tree over all chunks that one rank owns as a whole, in order.
fn whole_subtrees(chunks: &Chunks, rank: usize) -> Vec<Range<usize>> {
    fn descend(chunks: &Chunks, rank: usize, block: Range<usize>, found: &mut Vec<Range<usize>>) {
        if block.is_empty() || block.clone().all(|chunk| chunks.owner(chunk) != rank) {
        } else if block.clone().all(|chunk| chunks.owner(chunk) == rank) {
            found.push(block);
        } else {
            let middle = middle(&block);
            descend(chunks, rank, block.start..middle, found);
            descend(chunks, rank, middle..block.end, found);
        }
    }
    let mut found = Vec::new();
    descend(chunks, rank, 0..chunks.len(), &mut found);
    found
}

fn middle(block: &Range<usize>) -> usize {
    block.start + block.len() / 2
}

fn sum_in_turn(block: Range<usize>, len: usize, body: &(impl Fn(usize, &mut [f64]) + Sync)) -> Vec<f64> {
    if block.len() == 1 {
        let mut total = vec![0.0; len];
        body(block.start, &mut total);
        return total;
    }
    let left = sum_in_turn(block.start..middle(&block), len, body);
    add(left, &sum_in_turn(middle(&block)..block.end, len, body))
}

fn sum_subtree(block: Range<usize>, len: usize, body: &(impl Fn(usize, &mut [f64]) + Sync)) -> Vec<f64> {
    if block.len() == 1 {
        return sum_in_turn(block, len, body);
    }
    let (left, right) = rayon::join(
        || sum_subtree(block.start..middle(&block), len, body),
        || sum_subtree(middle(&block)..block.end, len, body),
    );
    add(left, &right)
}

fn sum_blocks(block: Range<usize>, len: usize, blocks: &[(Range<usize>, Vec<f64>)]) -> Vec<f64> {
    if block.is_empty() {
        return vec![0.0; len];
    }
    if let Some((_, total)) = blocks.iter().find(|(known, _)| *known == block) {
        return total.clone();
    }
    let left = sum_blocks(block.start..middle(&block), len, blocks);
    add(left, &sum_blocks(middle(&block)..block.end, len, blocks))
}

fn add(mut left: Vec<f64>, right: &[f64]) -> Vec<f64> {
    left.iter_mut().zip(right).for_each(|(sum, value)| *sum += value);
    left
}
