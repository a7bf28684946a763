//! Ranks as threads of one process: one mailbox per rank, waits that sleep, ends that wake who waits.

use std::cell::RefCell;
use std::collections::VecDeque;
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};

use super::comm::Comm;
use crate::error::Error;

/// What the ranks of one process share.
#[derive(Debug)]
pub(super) struct Hub {
    mailboxes: Vec<Mailbox>,
}

/// Messages to one rank, and what it knows of the ends of others.
#[derive(Debug)]
struct Mailbox {
    content: Mutex<Content>,
    changed: Condvar,
}

#[derive(Debug)]
struct Content {
    /// By sender; a sender may be one exchange ahead.
    queues: Vec<VecDeque<Vec<u8>>>,
    /// By rank: how it ended, if it has.
    ends: Vec<Option<String>>,
    /// Whether this rank was told that another had ended when it needed it.
    cut_off: bool,
}

/// One of several ranks in one process.
#[derive(Debug)]
pub(super) struct Local {
    hub: Arc<Hub>,
    rank: usize,
    /// Messages that were read, whose memory the next ones to others take: what comes in is about what goes out.
    spare: RefCell<Vec<Vec<u8>>>,
}

impl Hub {
    pub(super) fn new(size: usize) -> Arc<Self> {
        let content = || Content { queues: vec![VecDeque::new(); size], ends: vec![None; size], cut_off: false };
        let mailbox = |_| Mailbox { content: Mutex::new(content()), changed: Condvar::new() };
        Arc::new(Hub { mailboxes: (0..size).map(mailbox).collect() })
    }
    pub(super) fn comm(self: &Arc<Self>, rank: usize) -> Local {
        Local { hub: Arc::clone(self), rank, spare: RefCell::default() }
    }
    /// Tells all ranks that one will send nothing more, and why.
    pub(super) fn end(&self, rank: usize, how: &str) {
        for mailbox in &self.mailboxes {
            mailbox.lock().ends[rank] = Some(how.to_owned());
            mailbox.changed.notify_all();
        }
    }
    /// Whether the end of another rank is why this one failed.
    pub(super) fn was_cut_off(&self, rank: usize) -> bool {
        self.mailboxes[rank].lock().cut_off
    }
}

impl Mailbox {
    fn lock(&self) -> MutexGuard<'_, Content> {
        // Nothing panics while holding the lock, so that a poisoned one still holds whole messages.
        self.content.lock().unwrap_or_else(PoisonError::into_inner)
    }
    fn deliver(&self, sender: usize, message: Vec<u8>) {
        let mut content = self.lock();
        content.queues[sender].push_back(message);
        // Waking the receiver for each single message would cost it a context switch per rank.
        if content.queues.iter().all(|queue| !queue.is_empty()) || content.ends.iter().any(Option::is_some) {
            self.changed.notify_all();
        }
    }
}

impl Comm for Local {
    fn rank(&self) -> usize {
        self.rank
    }
    fn size(&self) -> usize {
        self.hub.mailboxes.len()
    }
    fn exchange_into(&self, outgoing: &[&[u8]], incoming: &mut Vec<Vec<u8>>) -> Result<(), Error> {
        let mut spare = self.spare.borrow_mut();
        spare.append(incoming);
        for (mailbox, &bytes) in self.hub.mailboxes.iter().zip(outgoing) {
            let mut message = spare.pop().unwrap_or_default();
            bytes.clone_into(&mut message);
            mailbox.deliver(self.rank, message);
        }
        spare.clear();
        let mailbox = &self.hub.mailboxes[self.rank];
        let mut content = mailbox.lock();
        loop {
            let ended = |rank: &usize| content.queues[*rank].is_empty() && content.ends[*rank].is_some();
            if let Some(rank) = (0..self.size()).find(ended) {
                content.cut_off = true;
                let how = content.ends[rank].as_deref().unwrap_or_default();
                return Err(gone(rank, self.rank, how));
            }
            if content.queues.iter().all(|queue| !queue.is_empty()) {
                incoming.extend(content.queues.iter_mut().filter_map(VecDeque::pop_front));
                return Ok(());
            }
            content = mailbox.changed.wait(content).unwrap_or_else(PoisonError::into_inner);
        }
    }
    fn backend(&self) -> &'static str {
        "local"
    }
}

/// The error of a rank that needs another which has ended.
pub(super) fn gone(ended: usize, waiting: usize, how: &str) -> Error {
    Error::Failed(format!("rank {ended} has ended while rank {waiting} needs it: {how}"))
}

#[cfg(test)]
mod tests {
    use std::thread;

    use super::*;

    #[test]
    fn a_rank_may_be_one_exchange_ahead_without_mixing_messages() {
        let hub = Hub::new(2);
        let (first, second) = (hub.comm(0), hub.comm(1));
        thread::scope(|scope| {
            // Rank 1 is through the first exchange as soon as rank 0 has sent, and sends its second at once.
            scope.spawn(move || {
                for round in 0..100u8 {
                    let got = second.exchange(&[&[round, 1], &[round, 1]]).unwrap();
                    assert_eq!(got, [[round, 0], [round, 1]]);
                }
            });
            for round in 0..100u8 {
                let got = first.exchange(&[&[round, 0], &[round, 0]]).unwrap();
                assert_eq!(got, [[round, 0], [round, 1]]);
            }
        });
    }

    #[test]
    fn the_end_of_a_rank_wakes_the_others_after_its_last_message() {
        let hub = Hub::new(2);
        let (first, second) = (hub.comm(0), hub.comm(1));
        thread::scope(|scope| {
            let ending = Arc::clone(&hub);
            scope.spawn(move || {
                second.exchange(&[b"last", b""]).unwrap();
                ending.end(1, "it was done");
            });
            assert_eq!(first.exchange(&[b"", b""]).unwrap()[1], b"last");
            let error = first.exchange(&[b"", b""]).unwrap_err();
            assert_eq!(error.to_string(), "rank 1 has ended while rank 0 needs it: it was done");
        });
        assert!(hub.was_cut_off(0));
        assert!(!hub.was_cut_off(1));
    }
}
