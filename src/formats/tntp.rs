//! TNTP, the text form of the public "Transportation Networks for Research": networks, demand, coordinates, flows.
//!
//! The form has no standard; what is accepted here is what its files contain. `docs/formats.md` tells it in full.

mod flow;
mod header;
mod metadata;
mod network;
mod nodes;
mod trips;

pub use flow::{LinkFlows, read_flow};
pub use network::read_network;
pub(super) use nodes::read_coordinates;
pub use trips::read_trips;

/// The part of a line before a `~`, which starts a comment anywhere.
fn without_comment(line: &[u8]) -> &[u8] {
    let end = line.iter().position(|byte| *byte == b'~').unwrap_or(line.len());
    line[..end].trim_ascii()
}

/// A row without its `;`, and whatever follows that.
fn split_row_end(row: &[u8]) -> (&[u8], &[u8]) {
    match row.iter().position(|byte| *byte == b';') {
        Some(end) => (row[..end].trim_ascii(), row[end + 1..].trim_ascii()),
        None => (row, b""),
    }
}
