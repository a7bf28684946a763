//! The verbs over threads and ranks, with the same bits for any number of either.

use std::cell::{Cell, RefCell};
use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Instant;

use bytemuck::Pod;
use rayon::prelude::*;

use super::chunks::{Chunks, Scratch};
use super::comm::{Comm, Serial};
use super::packet::{Parts, close, open};
use super::threads::ThreadChoice;
use super::tree::{sum_at_once, sum_in_turn, sum_subtrees, whole_subtrees};
use crate::error::Error;

/// What a stage computes with: this rank's threads and its view of the other ranks.
pub struct Runtime {
    comm: Box<dyn Comm>,
    pool: Option<rayon::ThreadPool>,
    threads: ThreadChoice,
    stage: StageLabel,
    communication_seconds: Cell<f64>,
    bytes_sent: Cell<u64>,
    /// Memory kept between gathers, which hot loops call thousands of times.
    packets: RefCell<Packets>,
}

/// What goes to the other ranks and what comes from each.
#[derive(Debug, Default)]
struct Packets {
    outgoing: Vec<u8>,
    incoming: Vec<Vec<u8>>,
}

/// The stage a rank is in, shared with whoever has to tell of its panic.
#[derive(Debug, Clone, Default)]
pub(super) struct StageLabel(Arc<Mutex<String>>);

impl StageLabel {
    fn set(&self, name: &str) {
        name.clone_into(&mut self.0.lock().unwrap_or_else(PoisonError::into_inner));
    }
    /// `in stage NAME`, or `outside of any stage`.
    pub(super) fn place(&self) -> String {
        match self.0.lock().unwrap_or_else(PoisonError::into_inner).as_str() {
            "" => "outside of any stage".to_owned(),
            name => format!("in stage {name}"),
        }
    }
}

/// Waking threads for fewer parts than this takes longer than the parts do: they are worth microseconds each.
const LEAST_PARTS_TO_SHARE: usize = 32;

impl Runtime {
    /// A runtime over `comm` with `threads` threads on this rank; the calling thread is one of them.
    ///
    /// # Errors
    /// Threads cannot be started.
    pub fn new(comm: Box<dyn Comm>, threads: usize) -> Result<Self, Error> {
        let threads = ThreadChoice { threads, reason: "as asked for".to_owned() };
        Runtime::with_threads(comm, threads, StageLabel::default())
    }
    /// One rank with `threads` threads.
    ///
    /// # Errors
    /// Threads cannot be started.
    pub fn serial(threads: usize) -> Result<Self, Error> {
        Runtime::new(Box::new(Serial), threads)
    }
    pub(super) fn with_threads(
        comm: Box<dyn Comm>,
        mut threads: ThreadChoice,
        stage: StageLabel,
    ) -> Result<Self, Error> {
        threads.threads = threads.threads.max(1);
        let pool = match threads.threads {
            1 => None,
            several => Some(start_pool(several)?),
        };
        Ok(Runtime {
            comm,
            pool,
            threads,
            stage,
            communication_seconds: Cell::default(),
            bytes_sent: Cell::default(),
            packets: RefCell::default(),
        })
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
        self.threads.threads
    }
    /// Number of threads of this rank and where it comes from.
    pub fn thread_choice(&self) -> &ThreadChoice {
        &self.threads
    }
    /// Whether this rank reads, reports and prints.
    pub fn is_root(&self) -> bool {
        self.rank() == 0
    }
    /// The ranks.
    pub fn comm(&self) -> &dyn Comm {
        self.comm.as_ref()
    }
    /// Names the stage that starts here, for the messages of panics and hung ranks.
    pub fn enter_stage(&self, name: &str) {
        self.stage.set(name);
    }
    /// Wall seconds spent so far exchanging with other ranks and waiting for them.
    pub fn communication_seconds(&self) -> f64 {
        self.communication_seconds.get()
    }
    /// Bytes sent to other ranks so far.
    pub fn bytes_sent(&self) -> u64 {
        self.bytes_sent.get()
    }
    /// One working memory per thread.
    pub fn scratch<W>(&self, make: impl FnMut() -> W) -> Scratch<W> {
        Scratch::new(self.threads(), make)
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
        let own = own_states(self.rank(), chunks, listed, states);
        let run = |(chunk, state)| scratch.with(|memory| body(chunk, state, memory));
        match &self.pool {
            Some(pool) if own.len() > 1 => pool.install(|| own.into_par_iter().with_max_len(1).map(run).collect()),
            _ => own.into_iter().map(run).collect(),
        }
    }

    /// Runs `body` on each of `parts`, over this rank's threads where they are many, results in order; every rank does
    /// all of them.
    pub fn share<P: Send, R: Send>(
        &self,
        parts: impl Iterator<Item = P>,
        body: impl Fn(P) -> R + Sync + Send,
    ) -> Vec<R> {
        match &self.pool {
            Some(pool) => {
                let parts: Vec<P> = parts.collect();
                match parts.len() {
                    0..LEAST_PARTS_TO_SHARE => parts.into_iter().map(body).collect(),
                    _ => pool.install(|| parts.into_par_iter().with_max_len(1).map(body).collect()),
                }
            }
            None => parts.map(body).collect(),
        }
    }

    /// Hands every rank the results of all listed chunks, in list order; `own` are this rank's, as `map` gave them.
    ///
    /// Carries agreement: if any rank comes with an error, every rank gets the error of the lowest such rank.
    ///
    /// # Errors
    /// A rank's own error, or a rank that has ended.
    pub fn gather<T: Pod>(
        &self,
        chunks: &Chunks,
        listed: &[usize],
        own: Result<Vec<Vec<T>>, Error>,
    ) -> Result<Vec<Vec<T>>, Error> {
        if self.size() == 1 {
            return own;
        }
        let (own, status) = own.map_or_else(|error| (Vec::new(), Err(error)), |own| (own, Ok(())));
        let packets = self.swap_parts(&own, status)?;
        let mut parts = Parts::all(&packets.incoming, chunks, listed, self.size());
        let mut own = own.into_iter();
        let part = |&chunk: &usize| match chunks.owner(chunk) {
            rank if rank == self.rank() => own.next().expect("map gave one result per chunk"),
            rank => parts[rank].next().into_owned(),
        };
        let all = listed.iter().map(part).collect();
        self.packets.replace(packets);
        Ok(all)
    }

    /// As `gather`, but shows each part to `visit` with its chunk, in list order, instead of keeping it:
    /// for hot loops, which then allocate little.
    ///
    /// # Errors
    /// A rank's own error, or a rank that has ended.
    pub fn gather_each<T: Pod, P: AsRef<[T]>>(
        &self,
        chunks: &Chunks,
        listed: &[usize],
        own: Result<&[P], Error>,
        mut visit: impl FnMut(usize, &[T]),
    ) -> Result<(), Error> {
        let (own, status) = own.map_or_else(|error| (&[][..], Err(error)), |own| (own, Ok(())));
        let packets = match self.size() {
            1 => status.map(|()| Packets::default())?,
            _ => self.swap_parts(own, status)?,
        };
        let mut parts = Parts::all(&packets.incoming, chunks, listed, self.size());
        let mut own = own.iter();
        for &chunk in listed {
            match chunks.owner(chunk) {
                rank if rank == self.rank() => {
                    visit(chunk, own.next().expect("map gave one result per chunk").as_ref());
                }
                rank => visit(chunk, &parts[rank].next()),
            }
        }
        self.packets.replace(packets);
        Ok(())
    }

    /// Sums one vector of length `len` per chunk along a fixed binary tree over the chunks; every rank gets the sum.
    ///
    /// `body` adds chunk `chunk` into the zeroed slice it is given. The bits depend on the chunks alone.
    ///
    /// # Errors
    /// A rank that has ended.
    pub fn sum(&self, chunks: &Chunks, len: usize, body: impl Fn(usize, &mut [f64]) + Sync) -> Result<Vec<f64>, Error> {
        let own = whole_subtrees(chunks, self.rank());
        let mut totals: Vec<Vec<f64>> = match &self.pool {
            Some(pool) => pool
                .install(|| own.into_par_iter().with_max_len(1).map(|block| sum_at_once(block, len, &body)).collect()),
            None => own.into_iter().map(|block| sum_in_turn(block, len, &body)).collect(),
        };
        if self.size() == 1 {
            return Ok(totals.pop().unwrap_or_else(|| vec![0.0; len]));
        }
        self.sum_over_ranks(chunks, len, &totals)
    }

    /// Each rank finishes the tree for one slice of the vector, then all slices are gathered.
    fn sum_over_ranks(&self, chunks: &Chunks, len: usize, own: &[Vec<f64>]) -> Result<Vec<f64>, Error> {
        let slice = |rank: usize| len * rank / self.size()..len * (rank + 1) / self.size();
        let mine = slice(self.rank());
        let outgoing = |rank: usize| match rank {
            rank if rank == self.rank() => Vec::new(),
            rank => own.iter().flat_map(|total| &total[slice(rank)]).copied().collect::<Vec<f64>>(),
        };
        let outgoing: Vec<Vec<f64>> = (0..self.size()).map(outgoing).collect();
        let outgoing: Vec<&[u8]> = outgoing.iter().map(|values| bytemuck::cast_slice(values)).collect();
        let incoming = self.exchange(&outgoing)?;
        let mut subtrees = BTreeMap::new();
        for (rank, bytes) in incoming.iter().enumerate() {
            for (index, block) in whole_subtrees(chunks, rank).into_iter().enumerate() {
                let total = match rank {
                    rank if rank == self.rank() => own[index][mine.clone()].to_vec(),
                    _ => bytemuck::allocation::pod_collect_to_vec(
                        &bytes[index * mine.len() * size_of::<f64>()..][..mine.len() * size_of::<f64>()],
                    ),
                };
                subtrees.insert((block.start, block.end), total);
            }
        }
        let total = sum_subtrees(0..chunks.len(), mine.len(), &mut subtrees);
        let slices = self.all_gather(Ok(bytemuck::cast_slice(&total).to_vec()))?;
        let mut all = vec![0.0; len];
        for (rank, bytes) in slices.iter().enumerate() {
            bytemuck::cast_slice_mut(&mut all[slice(rank)]).copy_from_slice(bytes);
        }
        Ok(all)
    }

    /// Sends `outgoing[r]` to each rank `r` and returns what each rank sent here, by rank; says nothing of errors.
    ///
    /// # Errors
    /// A rank that has ended.
    pub fn exchange(&self, outgoing: &[&[u8]]) -> Result<Vec<Vec<u8>>, Error> {
        let mut incoming = Vec::new();
        self.exchange_into(outgoing, &mut incoming)?;
        Ok(incoming)
    }

    /// Every rank's bytes on every rank, by rank; an error on any rank becomes the error of all.
    ///
    /// # Errors
    /// The error of the lowest rank that has one, or a rank that has ended.
    pub fn all_gather(&self, own: Result<Vec<u8>, Error>) -> Result<Vec<Vec<u8>>, Error> {
        if self.size() == 1 {
            return own.map(|bytes| vec![bytes]);
        }
        let (outgoing, status) = own.map_or_else(|error| (Vec::new(), Err(error)), |own| (own, Ok(())));
        let mut packets = Packets { outgoing, incoming: Vec::new() };
        self.swap(&mut packets, status)?;
        packets.outgoing.pop();
        packets.incoming[self.rank()] = packets.outgoing;
        Ok(packets.incoming)
    }

    /// Lets all ranks go on only if all of them can.
    ///
    /// # Errors
    /// That of the lowest rank that has one, on all ranks.
    pub fn agree<T>(&self, own: Result<T, Error>) -> Result<T, Error> {
        if self.size() == 1 {
            return own;
        }
        let (value, status) = own.map_or_else(|error| (None, Err(error)), |value| (Some(value), Ok(())));
        self.swap(&mut Packets::default(), status)?;
        Ok(value.expect("a rank without a value came with an error"))
    }

    /// The bytes that `make` gives on rank 0, on every rank; or its error on every rank.
    ///
    /// # Errors
    /// The error of `make`, or a rank that has ended.
    pub fn from_root(&self, make: impl FnOnce() -> Result<Vec<u8>, Error>) -> Result<Vec<u8>, Error> {
        let own = if self.is_root() { make() } else { Ok(Vec::new()) };
        if self.size() == 1 {
            return own;
        }
        let (mut packet, status) = own.map_or_else(|error| (Vec::new(), Err(error)), |own| (own, Ok(())));
        if self.is_root() {
            close(&mut packet, &status);
            self.exchange(&self.to_others(&packet))?;
            packet.pop();
            status.map(|()| packet)
        } else {
            let mut packet = self.exchange(&vec![&[][..]; self.size()])?.swap_remove(0);
            open(&mut packet).map(|()| packet)
        }
    }

    /// The packets of the other ranks for a gather, in memory that the caller puts back.
    fn swap_parts<T: Pod, P: AsRef<[T]>>(&self, own: &[P], status: Result<(), Error>) -> Result<Packets, Error> {
        let mut packets = self.packets.take();
        let packet = &mut packets.outgoing;
        packet.clear();
        for part in own {
            packet.extend_from_slice(&(part.as_ref().len() as u64).to_ne_bytes());
        }
        for part in own {
            packet.extend_from_slice(bytemuck::cast_slice(part.as_ref()));
        }
        self.swap(&mut packets, status)?;
        Ok(packets)
    }

    /// Fetches the packets of the other ranks, or the error of the lowest rank that comes with one.
    fn swap(&self, packets: &mut Packets, status: Result<(), Error>) -> Result<(), Error> {
        close(&mut packets.outgoing, &status);
        self.exchange_into(&self.to_others(&packets.outgoing), &mut packets.incoming)?;
        let (lower, higher) = packets.incoming.split_at_mut(self.rank());
        lower.iter_mut().try_for_each(open)?;
        status?;
        higher[1..].iter_mut().try_for_each(open)
    }

    fn exchange_into(&self, outgoing: &[&[u8]], incoming: &mut Vec<Vec<u8>>) -> Result<(), Error> {
        let start = Instant::now();
        let result = self.comm.exchange_into(outgoing, incoming);
        let n_bytes: usize = outgoing.iter().map(|bytes| bytes.len()).sum();
        self.bytes_sent.set(self.bytes_sent.get() + (n_bytes - outgoing[self.rank()].len()) as u64);
        self.communication_seconds.set(self.communication_seconds.get() + start.elapsed().as_secs_f64());
        result
    }

    fn to_others<'a>(&self, packet: &'a [u8]) -> Vec<&'a [u8]> {
        (0..self.size()).map(|rank| if rank == self.rank() { &[][..] } else { packet }).collect()
    }
}

fn start_pool(threads: usize) -> Result<rayon::ThreadPool, Error> {
    let builder = rayon::ThreadPoolBuilder::new().num_threads(threads);
    // A thread joins one pool in its life: a second runtime on it works beside it.
    let builder = if rayon::current_thread_index().is_some() { builder } else { builder.use_current_thread() };
    builder.build().map_err(|cause| Error::Failed(format!("cannot start {threads} threads: {cause}")))
}

fn own_states<'s, S>(rank: usize, chunks: &Chunks, listed: &[usize], states: &'s mut [S]) -> Vec<(usize, &'s mut S)> {
    let mut own = Vec::with_capacity(listed.len());
    let (mut rest, mut passed) = (states, 0);
    for &chunk in listed.iter().filter(|&&chunk| chunks.owner(chunk) == rank) {
        let (state, after) = rest[chunk - passed..].split_first_mut().expect("every chunk has a state");
        own.push((chunk, state));
        (rest, passed) = (after, chunk + 1);
    }
    own
}
