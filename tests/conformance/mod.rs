//! What every backend must do, as one suite: each test runs it over its own ranks.

// Clippy knows test code only inside of #[test] functions.
#![allow(clippy::unwrap_used)]

use conurb::error::{Error, Problem};
use conurb::parallel::{Chunks, Runtime};

/// Numbers without structure, the same on every rank (SplitMix64, Steele, Lea and Flood 2014).
pub struct Numbers(pub u64);

impl Numbers {
    pub fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mixed = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        mixed ^ (mixed >> 31)
    }
    /// A value whose sums depend on the order of the additions.
    pub fn value(&mut self) -> f64 {
        (self.next() as f64 / u64::MAX as f64 - 0.5) * 10f64.powi((self.next() % 30) as i32)
    }
}

/// Runs the whole suite on one rank; `Err` or a panic is a failure.
pub fn all(runtime: &Runtime) -> Result<(), Error> {
    results_do_not_depend_on_ranks_or_threads(runtime)?;
    messages_reach_the_rank_they_are_for(runtime)?;
    an_error_on_one_rank_is_the_error_of_all(runtime);
    root_tells_all(runtime)?;
    time_and_bytes_are_counted(runtime)
}

fn results_do_not_depend_on_ranks_or_threads(runtime: &Runtime) -> Result<(), Error> {
    let alone = Runtime::serial(1)?;
    for n_chunks in [0, 1, 2, 5, 64] {
        for len in [0, 1, 3, 1000] {
            let seed = (n_chunks * 10_000 + len) as u64;
            let expected = results(&alone, &Chunks::contiguous(n_chunks, 1), len, seed)?;
            for chunks in partitions(n_chunks, runtime.size(), seed) {
                assert_eq!(results(runtime, &chunks, len, seed)?, expected, "{n_chunks} chunks of {len}, {chunks:?}");
            }
        }
    }
    Ok(())
}

/// Contiguous, all on the last rank, and two that follow no order.
fn partitions(n_chunks: usize, n_ranks: usize, seed: u64) -> Vec<Chunks> {
    let mut numbers = Numbers(seed);
    let mut random = || (0..n_chunks).map(|_| (numbers.next() % n_ranks as u64) as usize).collect();
    vec![
        Chunks::contiguous(n_chunks, n_ranks),
        Chunks::owned_by(vec![n_ranks - 1; n_chunks]),
        Chunks::owned_by(random()),
        Chunks::owned_by(random()),
    ]
}

/// Bits of sums, and of map and gather over all chunks and over some, with states that live on.
fn results(runtime: &Runtime, chunks: &Chunks, len: usize, seed: u64) -> Result<Vec<u64>, Error> {
    let mut bits = Vec::new();
    let sum = runtime.sum(chunks, len, |chunk, total| {
        let mut numbers = Numbers(seed ^ chunk as u64);
        total.iter_mut().for_each(|value| *value += numbers.value());
    })?;
    assert_eq!(sum.len(), len);
    bits.extend(sum.iter().map(|value| value.to_bits()));
    let mut states: Vec<Numbers> = (0..chunks.len()).map(|chunk| Numbers(seed + chunk as u64)).collect();
    let mut scratch = runtime.scratch(Vec::new);
    let every: Vec<usize> = (0..chunks.len()).collect();
    let some: Vec<usize> = every.iter().copied().filter(|chunk| chunk % 3 != 1).collect();
    for listed in [&every, &some, &every] {
        let own = runtime.map(chunks, listed, &mut states, &scratch, |chunk, state, memory: &mut Vec<f64>| {
            memory.clear();
            memory.extend((0..chunk % 7).map(|_| state.value()));
            memory.clone()
        });
        let mut seen = Vec::new();
        runtime.gather_each(chunks, listed, Ok(&own[..]), |chunk, part: &[f64]| seen.push((chunk, part.to_vec())))?;
        let parts = runtime.gather(chunks, listed, Ok(own))?;
        assert_eq!(listed.iter().copied().zip(parts.clone()).collect::<Vec<_>>(), seen);
        bits.extend(parts.iter().flatten().map(|value| value.to_bits()));
        bits.push(parts.len() as u64);
    }
    assert_eq!(scratch.iter_mut().count(), runtime.threads());
    Ok(bits)
}

fn messages_reach_the_rank_they_are_for(runtime: &Runtime) -> Result<(), Error> {
    let message = |from: usize, to: usize, scale: usize| vec![(16 * from + to) as u8; scale * (from + 2 * to) / 3];
    // From nothing over messages that fit one packet to several megabytes.
    for scale in [0, 1, 4096, 100_000, 3_000_000] {
        let outgoing: Vec<Vec<u8>> = (0..runtime.size()).map(|to| message(runtime.rank(), to, scale)).collect();
        let outgoing: Vec<&[u8]> = outgoing.iter().map(Vec::as_slice).collect();
        let incoming = runtime.comm().exchange(&outgoing)?;
        assert_eq!(incoming.len(), runtime.size());
        for (from, bytes) in incoming.iter().enumerate() {
            assert!(*bytes == message(from, runtime.rank(), scale), "{scale} from rank {from}");
        }
    }
    Ok(())
}

fn an_error_on_one_rank_is_the_error_of_all(runtime: &Runtime) {
    for failing in 0..runtime.size() {
        // Two ranks may fail at a time; the lower one is told.
        let fails = [failing, runtime.size() - 1].contains(&runtime.rank());
        let own = || match fails {
            true => Err(Error::from(Problem::new(format!("rank {} met a negative capacity", runtime.rank())))),
            false => Ok(vec![vec![1.0f64]]),
        };
        let expected = format!("rank {failing} met a negative capacity");
        let chunks = Chunks::contiguous(runtime.size(), runtime.size());
        let every: Vec<usize> = (0..runtime.size()).collect();
        let gathered = runtime.gather(&chunks, &every, own()).unwrap_err();
        let seen = own();
        let seen = runtime.gather_each(&chunks, &every, seen.as_deref().map_err(again), |_, _: &[f64]| ()).unwrap_err();
        let agreed = runtime.agree(own()).unwrap_err();
        let told = runtime.all_gather(own().map(|_| vec![1])).unwrap_err();
        for error in [gathered, seen, agreed, told] {
            assert_eq!((error.to_string(), error.exit_code()), (expected.clone(), 2));
        }
        assert!(runtime.agree(Ok(())).is_ok(), "ranks go on after an agreed error");
    }
}

fn again(error: &Error) -> Error {
    Error::from(Problem::new(error.to_string()))
}

fn root_tells_all(runtime: &Runtime) -> Result<(), Error> {
    for bytes in [Vec::new(), vec![7; 5], vec![9; 200_000]] {
        assert_eq!(runtime.from_root(|| Ok(bytes.clone()))?, bytes);
    }
    let error = runtime.from_root(|| Err(Error::Stopped("signal 15".into()))).unwrap_err();
    assert_eq!((error.to_string().as_str(), error.exit_code()), ("stopped early, state saved: signal 15", 75));
    Ok(())
}

fn time_and_bytes_are_counted(runtime: &Runtime) -> Result<(), Error> {
    let (seconds, bytes) = (runtime.communication_seconds(), runtime.bytes_sent());
    runtime.exchange(&vec![&[1, 2, 3][..]; runtime.size()])?;
    assert_eq!(runtime.bytes_sent() - bytes, 3 * (runtime.size() as u64 - 1));
    assert!(runtime.communication_seconds() > seconds);
    Ok(())
}
