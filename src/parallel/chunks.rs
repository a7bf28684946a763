//! Units of work and the memory that threads work in.

use std::sync::{Mutex, PoisonError};

/// Items cut into chunks, each owned by one rank for ever.
///
/// What a chunk is must follow from the problem alone; who owns it may follow from the number of ranks.
#[derive(Debug, Clone)]
pub struct Chunks {
    owner: Vec<usize>,
}

/// Working memory of each thread, kept between calls; its content must not reach results.
#[derive(Debug)]
pub struct Scratch<W>(Vec<Mutex<W>>);

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

impl<W> Scratch<W> {
    pub(super) fn new(n_threads: usize, mut make: impl FnMut() -> W) -> Self {
        Scratch((0..n_threads).map(|_| Mutex::new(make())).collect())
    }
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn contiguous_blocks_differ_by_one_chunk_at_most() {
        let owners = |n_chunks, n_ranks| Chunks::contiguous(n_chunks, n_ranks).owner;
        // 7 * r / 3 for chunk c: 0 0 0 1 1 2 2.
        assert_eq!(owners(7, 3), [0, 0, 0, 1, 1, 2, 2]);
        // More ranks than chunks: some ranks own none.
        assert_eq!(owners(2, 5), [0, 2]);
        assert!(owners(0, 5).is_empty());
    }
}
