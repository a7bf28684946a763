//! What ranks say to each other: one collective, from which the runtime builds the rest.

use crate::error::Error;

/// The ranks of one job as one of them sees it.
///
/// Stays on the thread it was made on: MPI is called from a rank's main thread alone.
pub trait Comm {
    /// This rank, 0-based.
    fn rank(&self) -> usize;
    /// Number of ranks.
    fn size(&self) -> usize;
    /// Sends `outgoing[r]` to each rank `r`; `incoming` becomes what each rank sent here, by rank.
    ///
    /// Keeps the memory of `incoming`, so that a hot loop does not ask for new one each time. Collective: every rank calls it in the same order.
    ///
    /// # Errors
    /// A rank has ended; the message names it. Over MPI a rank that does not answer within the deadline is
    /// named on stderr and ends the whole job, because nothing that is still under way can be taken back.
    fn exchange_into(&self, outgoing: &[&[u8]], incoming: &mut Vec<Vec<u8>>) -> Result<(), Error>;
    /// As `exchange_into`, into new memory.
    ///
    /// # Errors
    /// As `exchange_into`.
    fn exchange(&self, outgoing: &[&[u8]]) -> Result<Vec<Vec<u8>>, Error> {
        let mut incoming = Vec::new();
        self.exchange_into(outgoing, &mut incoming)?;
        Ok(incoming)
    }
    /// Name of the backend: `serial`, `local` or `mpi`.
    fn backend(&self) -> &'static str;
    /// MPI's own handle of these ranks, to open files in parallel with; none where they are not MPI's.
    #[cfg(feature = "mpi")]
    fn mpi_communicator(&self) -> Option<mpi::ffi::MPI_Comm> {
        None
    }
}

/// One rank alone.
#[derive(Debug, Default)]
pub struct Serial;

impl Comm for Serial {
    fn rank(&self) -> usize {
        0
    }
    fn size(&self) -> usize {
        1
    }
    fn exchange_into(&self, outgoing: &[&[u8]], incoming: &mut Vec<Vec<u8>>) -> Result<(), Error> {
        incoming.resize_with(1, Vec::new);
        outgoing[0].clone_into(&mut incoming[0]);
        Ok(())
    }
    fn backend(&self) -> &'static str {
        "serial"
    }
}
