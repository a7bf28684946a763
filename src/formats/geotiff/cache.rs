//! Large strips and tiles as they were last decoded, so that many windows of one do not decode it many times.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex, OnceLock, PoisonError};

use crate::error::Problem;

/// Cells from which a strip or tile is kept: smaller ones are decoded soon.
pub(super) const KEPT_CELLS: usize = 1 << 18;
/// Cells that are kept in all, 64 MiB, unless a single strip or tile has more.
const MOST_CELLS: usize = 1 << 24;

/// The values of a strip or tile, or why there are none; empty until one of those who want them has decoded it.
type Slot = Arc<OnceLock<Result<Vec<f32>, Problem>>>;

/// What was decoded last, the latest at the end; threads share it, and one that finds a chunk being decoded waits for it.
#[derive(Debug, Default)]
pub(super) struct Cache {
    kept: Mutex<VecDeque<(u32, usize, Slot)>>,
}

impl Cache {
    /// Gives the values of a chunk of `cells` cells to `taken`; where they are not at hand, `decoded` makes them.
    pub(super) fn with(
        &self,
        chunk: u32,
        cells: usize,
        decoded: impl FnOnce() -> Result<Vec<f32>, Problem>,
        taken: impl FnOnce(&[f32]),
    ) -> Result<(), Problem> {
        let slot = self.slot(chunk, cells);
        match slot.get_or_init(decoded) {
            Ok(values) => {
                taken(values);
                Ok(())
            }
            Err(problem) => Err(problem.clone()),
        }
    }

    fn slot(&self, chunk: u32, cells: usize) -> Slot {
        // A list of chunks is whole whatever a thread that panicked did with one of them.
        let mut kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        let found = kept.iter().position(|(known, _, _)| *known == chunk);
        let entry = match found.and_then(|place| kept.remove(place)) {
            Some(entry) => entry,
            None => (chunk, cells, Slot::default()),
        };
        let slot = entry.2.clone();
        kept.push_back(entry);
        while kept.len() > 1 && kept.iter().map(|(_, cells, _)| *cells).sum::<usize>() > MOST_CELLS {
            kept.pop_front();
        }
        slot
    }
}

impl Clone for Cache {
    /// An empty one: what is kept can be decoded again.
    fn clone(&self) -> Self {
        Cache::default()
    }
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicUsize, Ordering};

    use super::*;

    #[test]
    fn a_chunk_is_decoded_once_for_all_threads() {
        let (cache, decodes) = (Cache::default(), AtomicUsize::new(0));
        let decoded = || {
            decodes.fetch_add(1, Ordering::Relaxed);
            Ok(vec![1.5; 10])
        };
        std::thread::scope(|scope| {
            for _ in 0..8 {
                scope.spawn(|| cache.with(3, 10, decoded, |values| assert_eq!(values, [1.5; 10])).unwrap());
            }
        });
        assert_eq!(decodes.into_inner(), 1);
    }

    #[test]
    fn the_oldest_go_where_there_are_too_many_and_the_last_one_stays() {
        let (cache, decodes) = (Cache::default(), AtomicUsize::new(0));
        let ask = |chunk, cells| {
            let decoded = || {
                decodes.fetch_add(1, Ordering::Relaxed);
                Ok(Vec::new())
            };
            cache.with(chunk, cells, decoded, |_| ()).unwrap();
            decodes.load(Ordering::Relaxed)
        };
        let half = MOST_CELLS / 2;
        assert_eq!([ask(0, half), ask(1, half), ask(0, half)], [1, 2, 2]);
        // Chunk 1 was asked for longest ago.
        assert_eq!([ask(2, half), ask(0, half), ask(1, half)], [3, 3, 4]);
        assert_eq!([ask(9, 3 * MOST_CELLS), ask(9, 3 * MOST_CELLS), ask(1, half)], [5, 5, 6]);
    }

    #[test]
    fn all_who_ask_for_a_damaged_chunk_are_told() {
        let cache = Cache::default();
        for _ in 0..2 {
            let told = cache.with(0, 1, || Err(Problem::new("damaged")), |_| panic!("there are no values"));
            assert_eq!(told.unwrap_err().message, "damaged");
        }
        assert_eq!(cache.clone().kept.into_inner().unwrap().len(), 0);
    }
}
