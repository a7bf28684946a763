//! How errors and the parts of a gather travel as bytes.

use std::borrow::Cow;

use bytemuck::Pod;

use super::chunks::Chunks;
use crate::error::{Error, Problem};

/// What one rank sent to a gather: the number of values of each part, then the values.
pub(super) struct Parts<'a> {
    lengths: &'a [u8],
    values: &'a [u8],
}

impl<'a> Parts<'a> {
    /// The packets of all ranks, by rank, for the chunks of one gather.
    pub(super) fn all(packets: &'a [Vec<u8>], chunks: &Chunks, listed: &[usize], n_ranks: usize) -> Vec<Self> {
        let mut counts = vec![0; n_ranks];
        listed.iter().for_each(|&chunk| counts[chunks.owner(chunk)] += 1);
        let parts = |(packet, count): (&'a Vec<u8>, usize)| {
            let (lengths, values) = packet.split_at(packet.len().min(count * size_of::<u64>()));
            Parts { lengths, values }
        };
        packets.iter().zip(counts).map(parts).collect()
    }
    /// The values of this rank's next part.
    pub(super) fn next<T: Pod>(&mut self) -> Cow<'a, [T]> {
        let (length, lengths) = self.lengths.split_first_chunk().expect("a rank sends one part per chunk it owns");
        let (bytes, values) = self.values.split_at(u64::from_ne_bytes(*length) as usize * size_of::<T>());
        (self.lengths, self.values) = (lengths, values);
        match bytemuck::try_cast_slice(bytes) {
            Ok(aligned) => Cow::Borrowed(aligned),
            Err(_) => Cow::Owned(bytemuck::allocation::pod_collect_to_vec(bytes)),
        }
    }
}

/// Ends a packet with its status; that of an error carries the error's text instead of values.
pub(super) fn close(packet: &mut Vec<u8>, status: &Result<(), Error>) {
    if let Err(error) = status {
        packet.clear();
        packet.extend_from_slice(tell(error).as_bytes());
    }
    packet.push(status.as_ref().err().map_or(0, Error::exit_code));
}

/// Takes the status from a packet's end.
pub(super) fn open(packet: &mut Vec<u8>) -> Result<(), Error> {
    let code = packet.pop().expect("every packet ends with its status");
    if code == 0 { Ok(()) } else { Err(told_error(code, &String::from_utf8_lossy(packet))) }
}

/// An error as another rank tells it.
pub(super) fn told_error(code: u8, text: &str) -> Error {
    match code {
        2 => Error::Input(vec![Problem::new(text)]),
        75 => Error::Stopped(text.to_owned()),
        _ => Error::Failed(text.to_owned()),
    }
}

/// The text from which `told_error` makes the same error again.
pub(super) fn tell(error: &Error) -> String {
    match error {
        Error::Stopped(text) => text.clone(),
        Error::Input(_) | Error::Failed(_) => error.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_error_reads_the_same_on_the_rank_that_is_told() {
        let hint = Problem::new("a negative capacity: -1").in_file("net.csv").at_line(7).hint("give 0 or more");
        for error in [Error::from(hint), Error::Failed("disk full".into()), Error::Stopped("signal 15".into())] {
            let mut packet = b"values that do not matter any more".to_vec();
            let (text, code) = (error.to_string(), error.exit_code());
            close(&mut packet, &Err(error));
            let told = open(&mut packet).unwrap_err();
            assert_eq!((told.to_string(), told.exit_code()), (text, code));
        }
    }

    #[test]
    fn parts_come_back_whole_whatever_their_alignment() {
        let chunks = Chunks::owned_by(vec![1, 0, 1, 1]);
        let mut packet = Vec::new();
        for length in [2u64, 0, 1] {
            packet.extend_from_slice(&length.to_ne_bytes());
        }
        for value in [1.5f64, -2.0, 3.0] {
            packet.extend_from_slice(&value.to_ne_bytes());
        }
        let packets = [Vec::new(), packet];
        let mut parts = Parts::all(&packets, &chunks, &[0, 2, 3], 2);
        assert_eq!(*parts[1].next::<f64>(), [1.5, -2.0]);
        assert!(parts[1].next::<f64>().is_empty());
        assert_eq!(*parts[1].next::<f64>(), [3.0]);
        let shifted: Vec<u8> = [&[0u8][..], &packets[1]].concat();
        let mut parts = Parts { lengths: &shifted[1..9], values: &shifted[25..] };
        assert_eq!(*parts.next::<f64>(), [1.5, -2.0]);
    }
}
