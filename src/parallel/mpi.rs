//! Ranks as processes of an MPI launcher.
//!
//! One exchange is one message to each rank, its head, and more only where a rank has more to say than fits there.
//! A rank that has ended says so in the place of its next head, so that nobody waits for it in vain.

use std::cell::{Cell, RefCell};
use std::rc::Rc;
use std::time::{Duration, Instant};

use mpi::environment::{Universe, initialize_with_threading, is_finalized};
use mpi::request::{LocalScope, Request, scope};
use mpi::topology::SimpleCommunicator;
use mpi::traits::*;
use mpi::{Tag, Threading};

use super::comm::Comm;
use super::hello::{Hello, compare, thread_choice};
use super::launch::{LaunchOptions, slurm_cpus};
use super::local::gone;
use super::machine;
use super::packet::{tell, told_error};
use super::runtime::{Runtime, StageLabel};
use super::threads::ThreadChoice;
use crate::error::{Error, Problem};

/// Bytes of a head: those that MPI libraries send at once between processes of a host, without asking first.
const HEAD_BYTES: usize = 4000;
/// Bytes of a message that travel in its head, after the length.
const INLINE_BYTES: usize = HEAD_BYTES - size_of::<u64>();
/// Stands for the length in the head of a rank that has ended.
const END: u64 = u64::MAX;
/// MPI counts are 32-bit.
const PIECE_BYTES: usize = 1 << 29;
const HEAD_TAG: Tag = 1;
const REST_TAG: Tag = 2;

/// How long to wait for a rank, unless `CONURB_MPI_TIMEOUT_S` says otherwise: rank 0 may read and write for long alone.
const TIMEOUT: Duration = Duration::from_secs(3600);
/// Polls before the core is offered to others, and time before the wait sleeps between polls.
const EAGER_POLLS: usize = 100;
const YIELDING: Duration = Duration::from_millis(2);
const DOZING: Duration = Duration::from_millis(200);

/// The processes of this job.
struct World {
    stage: StageLabel,
    timeout: Duration,
    heads: RefCell<Heads>,
    /// How each rank ended, as far as this one has heard.
    ends: RefCell<Vec<Option<Ended>>>,
    cut_off: Cell<bool>,
    communicator: SimpleCommunicator,
    /// Ends MPI when dropped, so it comes last.
    _universe: Universe,
}

/// Buffers for the heads to and from each rank.
struct Heads {
    sent: Vec<Vec<u8>>,
    received: Vec<Vec<u8>>,
}

/// How a rank ended: its exit code and error, and whether that came of another rank's end.
#[derive(Debug, Clone)]
struct Ended {
    code: u8,
    cut_off: bool,
    text: String,
}

struct Ranks(Rc<World>);

/// A message under way to or from a rank.
struct UnderWay<'a, 's> {
    rank: usize,
    direction: Direction,
    request: Request<'a, [u8], &'s LocalScope<'a>>,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Direction {
    To,
    From,
}

/// Starts MPI, runs `body`, and lets all ranks end alike.
pub(super) fn run<T>(options: &LaunchOptions, body: impl Fn(&Runtime) -> Result<T, Error>) -> Result<T, Error> {
    let stage = StageLabel::default();
    let world = Rc::new(World::start(stage.clone())?);
    let result = world
        .meet(options)
        .and_then(|threads| Runtime::with_threads(Box::new(Ranks(Rc::clone(&world))), threads, stage))
        .and_then(|runtime| body(&runtime));
    world.end_together(result)
}

/// Name and version of the MPI library.
pub(super) fn library() -> String {
    let text = mpi::environment::library_version().unwrap_or_default();
    text.split(['\0', '\n', ',']).next().unwrap_or_default().split_whitespace().collect::<Vec<_>>().join(" ")
}

impl World {
    fn start(stage: StageLabel) -> Result<Self, Error> {
        let timeout = timeout(std::env::var("CONURB_MPI_TIMEOUT_S").ok().as_deref())?;
        let (universe, threading) = initialize_with_threading(Threading::Funneled)
            .ok_or_else(|| Error::Failed("MPI was started before in this process".to_owned()))?;
        let communicator = universe.world().duplicate();
        let (rank, size) = (communicator.rank() as usize, communicator.size() as usize);
        abort_on_panic(rank, stage.clone());
        if threading < Threading::Funneled {
            return Err(Error::Failed(format!("this MPI allows no threads beside it: {threading:?}")));
        }
        let heads =
            Heads { sent: vec![Vec::with_capacity(HEAD_BYTES); size], received: vec![vec![0; HEAD_BYTES]; size] };
        Ok(World {
            stage,
            timeout,
            heads: RefCell::new(heads),
            ends: RefCell::new(vec![None; size]),
            cut_off: Cell::new(false),
            communicator,
            _universe: universe,
        })
    }
    fn rank(&self) -> usize {
        self.communicator.rank() as usize
    }
    fn size(&self) -> usize {
        self.communicator.size() as usize
    }

    /// Compares the processes and decides this one's threads.
    fn meet(&self, options: &LaunchOptions) -> Result<ThreadChoice, Error> {
        let own = Hello::of_this_process().to_bytes();
        let mut told = Vec::new();
        self.exchange_into(&vec![own.as_slice(); self.size()], &mut told)?;
        let hellos: Option<Vec<Hello>> = told.iter().map(|bytes| Hello::from_bytes(bytes)).collect();
        let hellos = hellos.ok_or_else(|| Error::Failed("the ranks do not speak the same language".to_owned()))?;
        compare(&hellos)?;
        Ok(thread_choice(&hellos, self.rank(), options.threads, slurm_cpus(), machine::cpu_quota()))
    }

    fn exchange_into(&self, outgoing: &[&[u8]], incoming: &mut Vec<Vec<u8>>) -> Result<(), Error> {
        self.all_present()?;
        let mut heads = self.heads.borrow_mut();
        let Heads { sent, received } = &mut *heads;
        for (head, bytes) in sent.iter_mut().zip(outgoing) {
            head.clear();
            head.extend_from_slice(&(bytes.len() as u64).to_ne_bytes());
            head.extend_from_slice(&bytes[..bytes.len().min(INLINE_BYTES)]);
        }
        self.swap_heads(sent, received);
        self.note_ends(received);
        self.all_present()?;
        incoming.resize_with(self.size(), Vec::new);
        for (rank, message) in self.others(incoming.iter_mut()) {
            begin_message(&received[rank], message);
        }
        outgoing[self.rank()].clone_into(&mut incoming[self.rank()]);
        self.swap_rests(outgoing, incoming);
        Ok(())
    }

    fn swap_heads(&self, sent: &[Vec<u8>], received: &mut [Vec<u8>]) {
        scope(|scope| {
            let mut under_way = Vec::with_capacity(2 * sent.len());
            for (rank, head) in self.others(received.iter_mut()) {
                under_way.push(self.receive(scope, rank, head, HEAD_TAG));
            }
            for (rank, head) in self.others(sent.iter()) {
                under_way.push(self.send(scope, rank, head, HEAD_TAG));
            }
            self.finish(under_way);
        });
    }

    fn swap_rests(&self, outgoing: &[&[u8]], incoming: &mut [Vec<u8>]) {
        scope(|scope| {
            let mut under_way = Vec::new();
            for (rank, bytes) in self.others(incoming.iter_mut()) {
                let inline = bytes.len().min(INLINE_BYTES);
                let pieces = bytes[inline..].chunks_mut(PIECE_BYTES);
                under_way.extend(pieces.map(|piece| self.receive(scope, rank, piece, REST_TAG)));
            }
            for (rank, bytes) in self.others(outgoing.iter()) {
                let pieces = bytes[bytes.len().min(INLINE_BYTES)..].chunks(PIECE_BYTES);
                under_way.extend(pieces.map(|piece| self.send(scope, rank, piece, REST_TAG)));
            }
            self.finish(under_way);
        });
    }

    fn receive<'a, 's>(
        &self,
        scope: &'s LocalScope<'a>,
        rank: usize,
        into: &'a mut [u8],
        tag: Tag,
    ) -> UnderWay<'a, 's> {
        let request = self.communicator.process_at_rank(rank as i32).immediate_receive_into_with_tag(scope, into, tag);
        UnderWay { rank, direction: Direction::From, request }
    }

    fn send<'a, 's>(&self, scope: &'s LocalScope<'a>, rank: usize, bytes: &'a [u8], tag: Tag) -> UnderWay<'a, 's> {
        let request = self.communicator.process_at_rank(rank as i32).immediate_send_with_tag(scope, bytes, tag);
        UnderWay { rank, direction: Direction::To, request }
    }

    fn others<T>(&self, of_all: impl Iterator<Item = T>) -> impl Iterator<Item = (usize, T)> {
        let own = self.rank();
        of_all.enumerate().filter(move |(rank, _)| *rank != own)
    }

    /// The one place where this rank waits for others; ends the job when a rank is not heard from in time.
    fn finish(&self, mut under_way: Vec<UnderWay<'_, '_>>) {
        let (start, mut polls) = (Instant::now(), 0);
        loop {
            under_way = under_way.into_iter().filter_map(UnderWay::unless_done).collect();
            if under_way.is_empty() {
                return;
            }
            polls += 1;
            if polls < EAGER_POLLS {
                std::hint::spin_loop();
                continue;
            }
            let waited = start.elapsed();
            if waited > self.timeout {
                self.abandon(&under_way, waited);
            } else if waited < YIELDING {
                std::thread::yield_now();
            } else {
                std::thread::sleep(if waited < DOZING { Duration::from_micros(50) } else { Duration::from_millis(1) });
            }
        }
    }

    /// Names the ranks that were not heard from and ends all: buffers that MPI still holds cannot be given back.
    fn abandon(&self, under_way: &[UnderWay<'_, '_>], waited: Duration) -> ! {
        let silent = |direction: Direction| {
            let mut ranks: Vec<usize> =
                under_way.iter().filter(|message| message.direction == direction).map(|message| message.rank).collect();
            ranks.dedup();
            ranks.iter().map(usize::to_string).collect::<Vec<_>>().join(", ")
        };
        let (from, to) = (silent(Direction::From), silent(Direction::To));
        let missing = if from.is_empty() {
            format!("did not take what it sent to rank {to}")
        } else {
            format!("heard nothing from rank {from}")
        };
        eprintln!(
            "error: rank {} waited {:.0} s {} and {missing}; all ranks end\n  hint: CONURB_MPI_TIMEOUT_S sets how long ranks wait",
            self.rank(),
            waited.as_secs_f64(),
            self.stage.place(),
        );
        self.communicator.abort(1)
    }

    /// Fails if a rank has ended.
    fn all_present(&self) -> Result<(), Error> {
        let ends = self.ends.borrow();
        let ended = ends.iter().enumerate().find_map(|(rank, end)| end.as_ref().map(|end| (rank, end)));
        match ended {
            None => Ok(()),
            Some((rank, end)) => {
                self.cut_off.set(true);
                Err(gone(rank, self.rank(), &end.text))
            }
        }
    }

    fn note_ends(&self, received: &[Vec<u8>]) {
        let mut ends = self.ends.borrow_mut();
        for (rank, head) in self.others(received.iter()) {
            if length_in(head) == END {
                ends[rank] = Some(Ended::from_head(head));
            }
        }
    }

    /// Waits until every rank has ended, then returns what all of them return.
    fn end_together<T>(&self, result: Result<T, Error>) -> Result<T, Error> {
        let own = Ended {
            code: result.as_ref().err().map_or(0, Error::exit_code),
            cut_off: self.cut_off.get(),
            text: result.as_ref().err().map_or_else(|| "it was done".to_owned(), tell),
        };
        let mut heads = self.heads.borrow_mut();
        let Heads { sent, received } = &mut *heads;
        sent.iter_mut().for_each(|head| own.to_head(head));
        self.swap_last_heads(sent, received);
        let mut ends = self.ends.borrow_mut();
        ends[self.rank()] = Some(own);
        let failed = ends.iter().enumerate().filter_map(|(rank, end)| Some((rank, end.as_ref()?)));
        let culprit = failed.filter(|(_, end)| end.code != 0).min_by_key(|(rank, end)| (end.cut_off, *rank));
        match culprit {
            Some((rank, end)) if rank != self.rank() => Err(told_error(end.code, &end.text)),
            _ => result,
        }
    }

    /// Tells the others that this rank has ended, and hears from each until it has.
    fn swap_last_heads(&self, sent: &[Vec<u8>], received: &mut [Vec<u8>]) {
        let mut to_send = sent;
        loop {
            let has_ended: Vec<bool> = self.ends.borrow().iter().map(Option::is_some).collect();
            scope(|scope| {
                let mut under_way = Vec::with_capacity(2 * sent.len());
                for (rank, head) in self.others(received.iter_mut()).filter(|(rank, _)| !has_ended[*rank]) {
                    under_way.push(self.receive(scope, rank, head, HEAD_TAG));
                }
                for (rank, head) in self.others(to_send.iter()) {
                    under_way.push(self.send(scope, rank, head, HEAD_TAG));
                }
                self.finish(under_way);
            });
            self.note_ends(received);
            if self.others(self.ends.borrow().iter()).all(|(_, end)| end.is_some()) {
                return;
            }
            // A rank that was in an exchange has met the end of this one there, and its own end comes next.
            to_send = &[];
        }
    }
}

impl<'a, 's> UnderWay<'a, 's> {
    fn unless_done(self) -> Option<Self> {
        let UnderWay { rank, direction, request } = self;
        request.test().err().map(|request| UnderWay { rank, direction, request })
    }
}

impl Ended {
    fn to_head(&self, head: &mut Vec<u8>) {
        let mut length = self.text.len().min(INLINE_BYTES - 2);
        while !self.text.is_char_boundary(length) {
            length -= 1;
        }
        head.clear();
        head.extend_from_slice(&END.to_ne_bytes());
        head.extend_from_slice(&[self.code, u8::from(self.cut_off)]);
        head.extend_from_slice(&self.text.as_bytes()[..length]);
        // The receiver's buffer keeps what came before: fill it, so that the text ends where it should.
        head.resize(HEAD_BYTES, 0);
    }
    fn from_head(head: &[u8]) -> Self {
        let rest = &head[size_of::<u64>()..];
        let text = String::from_utf8_lossy(&rest[2..]);
        Ended { code: rest[0], cut_off: rest[1] != 0, text: text.trim_end_matches('\0').to_owned() }
    }
}

impl Comm for Ranks {
    fn rank(&self) -> usize {
        self.0.rank()
    }
    fn size(&self) -> usize {
        self.0.size()
    }
    fn exchange_into(&self, outgoing: &[&[u8]], incoming: &mut Vec<Vec<u8>>) -> Result<(), Error> {
        self.0.exchange_into(outgoing, incoming)
    }
    fn backend(&self) -> &'static str {
        "mpi"
    }
    fn mpi_communicator(&self) -> Option<mpi::ffi::MPI_Comm> {
        Some(self.0.communicator.as_raw())
    }
}

fn length_in(head: &[u8]) -> u64 {
    bytemuck::pod_read_unaligned(&head[..size_of::<u64>()])
}

/// Makes a message as long as its head says, with what came in the head; the rest is to be received.
fn begin_message(head: &[u8], message: &mut Vec<u8>) {
    let length = length_in(head) as usize;
    let inline = length.min(INLINE_BYTES);
    // What an earlier message left is overwritten, so that only growth costs time.
    message.resize(length, 0);
    message[..inline].copy_from_slice(&head[size_of::<u64>()..][..inline]);
}

/// Without this a rank that panics leaves the others waiting for it, and itself for them at the end of MPI.
fn abort_on_panic(rank: usize, stage: StageLabel) {
    let previous = std::panic::take_hook();
    std::panic::set_hook(Box::new(move |panic| {
        previous(panic);
        if !is_finalized() {
            eprintln!("error: rank {rank} panicked {}; all ranks end", stage.place());
            SimpleCommunicator::world().abort(1)
        }
    }));
}

fn timeout(variable: Option<&str>) -> Result<Duration, Problem> {
    let Some(text) = variable else { return Ok(TIMEOUT) };
    let seconds = text.trim().parse::<f64>().ok().filter(|seconds| *seconds > 0.0);
    seconds.and_then(|seconds| Duration::try_from_secs_f64(seconds).ok()).ok_or_else(|| {
        Problem::new(format!("\"{text}\" given, expected a number of seconds above 0")).of_key("CONURB_MPI_TIMEOUT_S")
    })
}
