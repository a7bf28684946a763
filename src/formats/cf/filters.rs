//! Filters of HDF5 undone: checksum, deflate, shuffle.

use flate2::{Decompress, FlushDecompress, Status};

use super::description::Filter;

/// Bytes that one byte can inflate to at most.
const MOST_INFLATION: usize = 1032;
/// Bytes of a checksum.
const CHECKSUM_BYTES: usize = 4;

/// Working memory of a thread that unpacks chunks.
#[derive(Debug)]
pub(super) struct Unpacker {
    /// Bytes of the file, then of the filters undone so far.
    pub(super) bytes: Vec<u8>,
    spare: Vec<u8>,
    inflater: Decompress,
}

impl Default for Unpacker {
    fn default() -> Self {
        Unpacker { bytes: Vec::new(), spare: Vec::new(), inflater: Decompress::new(true) }
    }
}

impl Unpacker {
    /// Undoes the filters of the chunk in `bytes`, in the reverse order; `left_out` has a bit for each that was not
    /// applied. A chunk has `n_bytes` bytes in the end, values of `value_bytes`.
    ///
    /// # Errors
    /// Bytes that were not made so, in words.
    pub(super) fn unpack(
        &mut self,
        filters: &[Filter],
        left_out: u32,
        value_bytes: usize,
        n_bytes: usize,
    ) -> Result<(), String> {
        let applied = |number: usize| number >= 32 || left_out & (1 << number) == 0;
        let n_checksums = |until: usize| {
            (0..until).filter(|&number| filters[number] == Filter::Fletcher32 && applied(number)).count()
        };
        for number in (0..filters.len()).rev().filter(|&number| applied(number)) {
            match filters[number] {
                Filter::Deflate => self.inflate(n_bytes + CHECKSUM_BYTES * n_checksums(number))?,
                Filter::Shuffle => self.unshuffle(value_bytes),
                Filter::Fletcher32 => self.verify()?,
            }
        }
        if self.bytes.len() != n_bytes {
            return Err(format!("it has {} bytes, expected {n_bytes}", self.bytes.len()));
        }
        Ok(())
    }

    fn inflate(&mut self, n_bytes: usize) -> Result<(), String> {
        if n_bytes > self.bytes.len().saturating_mul(MOST_INFLATION) {
            return Err(format!("{} bytes cannot inflate to {n_bytes}", self.bytes.len()));
        }
        self.spare.resize(n_bytes, 0);
        self.inflater.reset(true);
        let done = self.inflater.decompress(&self.bytes, &mut self.spare, FlushDecompress::Finish);
        match done {
            Ok(Status::StreamEnd) if self.inflater.total_out() == n_bytes as u64 => {
                std::mem::swap(&mut self.bytes, &mut self.spare);
                Ok(())
            }
            Ok(_) => Err(format!("it does not inflate to {n_bytes} bytes")),
            Err(error) => Err(format!("it does not inflate: {error}")),
        }
    }

    fn unshuffle(&mut self, value_bytes: usize) {
        self.spare.resize(self.bytes.len(), 0);
        match value_bytes {
            0 | 1 => return,
            2 => unshuffle_to::<2>(&self.bytes, &mut self.spare),
            4 => unshuffle_to::<4>(&self.bytes, &mut self.spare),
            8 => unshuffle_to::<8>(&self.bytes, &mut self.spare),
            _ => unshuffle_any(&self.bytes, &mut self.spare, value_bytes),
        }
        std::mem::swap(&mut self.bytes, &mut self.spare);
    }

    fn verify(&mut self) -> Result<(), String> {
        let Some(length) = self.bytes.len().checked_sub(CHECKSUM_BYTES) else {
            return Err("it is shorter than its checksum".into());
        };
        let stated = u32::from_le_bytes(*self.bytes[length..].first_chunk().expect("four bytes are left"));
        self.bytes.truncate(length);
        let found = fletcher32(&self.bytes);
        // Before version 1.6.3 the library swapped the bytes of both halves.
        let old = (found & 0x00ff_00ff) << 8 | (found >> 8) & 0x00ff_00ff;
        if stated == found || stated == old { Ok(()) } else { Err("its checksum does not fit".into()) }
    }
}

/// All least significant bytes first, and so on, back to values; bytes that make no value stay at the end.
fn unshuffle_to<const N: usize>(from: &[u8], to: &mut [u8]) {
    let n = from.len() / N;
    let planes: [&[u8]; N] = std::array::from_fn(|byte| &from[byte * n..(byte + 1) * n]);
    let (values, rest) = to.as_chunks_mut::<N>();
    for (index, value) in values.iter_mut().enumerate() {
        *value = std::array::from_fn(|byte| planes[byte][index]);
    }
    rest.copy_from_slice(&from[n * N..]);
}

fn unshuffle_any(from: &[u8], to: &mut [u8], value_bytes: usize) {
    let n = from.len() / value_bytes;
    for byte in 0..value_bytes {
        for index in 0..n {
            to[index * value_bytes + byte] = from[byte * n + index];
        }
    }
    to[n * value_bytes..].copy_from_slice(&from[n * value_bytes..]);
}

/// Fletcher's checksum of 16-bit words, most significant byte first, modulo 65535.
///
/// J. G. Fletcher: An arithmetic checksum for serial transmissions. IEEE Transactions on Communications 30 (1982).
fn fletcher32(bytes: &[u8]) -> u32 {
    let (mut sum, mut sum_of_sums) = (0_u64, 0_u64);
    let (words, rest) = bytes.as_chunks::<2>();
    let words = words.iter().map(|word| u64::from(u16::from_be_bytes(*word)));
    for word in words.chain(rest.iter().map(|&last| u64::from(last) << 8)) {
        sum = (sum + word) % 65535;
        sum_of_sums = (sum_of_sums + sum) % 65535;
    }
    // Of the two words for 0 the library writes the larger one unless all is zero.
    let of = |sum: u64, any: bool| if sum == 0 && any { 65535 } else { sum as u32 };
    let any = bytes.iter().any(|&byte| byte != 0);
    of(sum_of_sums, any) << 16 | of(sum, any)
}

#[cfg(test)]
mod tests {
    use std::io::Write;

    use super::*;

    fn shuffled(bytes: &[u8], value_bytes: usize) -> Vec<u8> {
        let n = bytes.len() / value_bytes;
        let mut shuffled: Vec<u8> = (0..n * value_bytes).map(|at| bytes[at % n * value_bytes + at / n]).collect();
        shuffled.extend(&bytes[n * value_bytes..]);
        shuffled
    }

    fn deflated(bytes: &[u8]) -> Vec<u8> {
        let mut encoder = flate2::write::ZlibEncoder::new(Vec::new(), flate2::Compression::fast());
        encoder.write_all(bytes).unwrap();
        encoder.finish().unwrap()
    }

    #[test]
    fn shuffled_and_deflated_chunks_come_back() {
        for value_bytes in [1, 2, 3, 4, 8, 12] {
            let bytes: Vec<u8> = (0..100_003_u32).map(|n| (n * 7 / 3) as u8).collect();
            let mut unpacker = Unpacker { bytes: deflated(&shuffled(&bytes, value_bytes)), ..Unpacker::default() };
            let filters = [Filter::Shuffle, Filter::Deflate];
            unpacker.unpack(&filters, 0, value_bytes, bytes.len()).unwrap();
            assert!(unpacker.bytes == bytes, "{value_bytes}");
            // The second filter was left out.
            unpacker.bytes = shuffled(&bytes, value_bytes);
            unpacker.unpack(&filters, 2, value_bytes, bytes.len()).unwrap();
            assert!(unpacker.bytes == bytes, "{value_bytes}");
        }
    }

    #[test]
    fn chunks_of_another_size_are_refused() {
        let filters = [Filter::Deflate];
        let packed = deflated(&[1; 1000]);
        for (n_bytes, said) in [(999, "does not inflate"), (1001, "does not inflate"), (1 << 29, "cannot inflate")] {
            let mut unpacker = Unpacker { bytes: packed.clone(), ..Unpacker::default() };
            let error = unpacker.unpack(&filters, 0, 4, n_bytes).unwrap_err();
            assert!(error.contains(said), "{error}");
        }
    }

    /// Published values of Fletcher-32 of "abcde" and others are for little-endian words; these are computed by hand.
    #[test]
    fn checksums() {
        // Words 0x0102 = 258 and 0x0300 = 768: sums 258, 1026; of sums 258, 1284.
        assert_eq!(fletcher32(&[1, 2, 3]), 1284 << 16 | 1026);
        assert_eq!(fletcher32(&[0; 8]), 0);
        let mut unpacker = Unpacker { bytes: vec![1, 2, 3, 2, 4, 4, 5], ..Unpacker::default() };
        // 1026 = 0x0402, 1284 = 0x0504.
        unpacker.unpack(&[Filter::Fletcher32], 0, 1, 3).unwrap();
        unpacker.bytes = vec![1, 2, 4, 2, 4, 4, 5];
        assert!(unpacker.unpack(&[Filter::Fletcher32], 0, 1, 3).unwrap_err().contains("checksum"));
    }
}
