//! How far a long stage is, told to a person: a bar on a terminal, plain lines in a log.

use std::io::{IsTerminal, Write};
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

use indicatif::{ProgressBar, ProgressStyle};

use crate::stages::Progress;

/// How progress is told.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
pub enum ProgressMode {
    /// A bar where standard error is a terminal, plain lines elsewhere.
    Auto,
    /// Plain lines.
    Plain,
    /// Not at all.
    Never,
}

/// Tells progress on standard error.
pub struct Reporter(Kind);

enum Kind {
    Silent,
    Plain(Mutex<PlainLines<std::io::Stderr>>),
    Bar(Mutex<Bar>),
}

impl Reporter {
    /// Progress for one rank; only rank 0 tells any.
    pub fn new(mode: ProgressMode, rank: usize) -> Self {
        let is_terminal = std::io::stderr().is_terminal();
        Reporter(match mode {
            _ if rank > 0 => Kind::Silent,
            ProgressMode::Never => Kind::Silent,
            ProgressMode::Auto if is_terminal => Kind::Bar(Mutex::default()),
            ProgressMode::Auto | ProgressMode::Plain => {
                Kind::Plain(Mutex::new(PlainLines::new(std::io::stderr(), PlainLines::<std::io::Stderr>::INTERVAL)))
            }
        })
    }
}

impl Progress for Reporter {
    fn update(&self, stage: &str, done: f64, text: &str) {
        let done = if done.is_nan() { 0.0 } else { done.clamp(0.0, 1.0) };
        match &self.0 {
            Kind::Silent => {}
            Kind::Plain(lines) => lines.lock().unwrap_or_else(PoisonError::into_inner).update(stage, done, text),
            Kind::Bar(bar) => bar.lock().unwrap_or_else(PoisonError::into_inner).update(stage, done, text),
        }
    }
}

/// One line per update, at most one per interval, the first and the last of each stage always.
struct PlainLines<W> {
    out: W,
    interval: Duration,
    last: Option<(String, Instant, bool)>,
}

impl<W: Write> PlainLines<W> {
    const INTERVAL: Duration = Duration::from_secs(2);

    fn new(out: W, interval: Duration) -> Self {
        PlainLines { out, interval, last: None }
    }

    fn update(&mut self, stage: &str, done: f64, text: &str) {
        let is_done = done >= 1.0;
        let is_due = match &self.last {
            Some((last_stage, told, was_done)) if last_stage == stage => {
                told.elapsed() >= self.interval || (is_done && !was_done)
            }
            _ => true,
        };
        if is_due {
            // Nobody may be reading; the run goes on all the same.
            let _ = writeln!(self.out, "{stage}: {:3.0} %, {text}", 100.0 * done);
            self.last = Some((stage.to_owned(), Instant::now(), is_done));
        }
    }
}

/// A bar for the current stage; a finished stage leaves its line behind.
#[derive(Default)]
struct Bar {
    shown: Option<(String, ProgressBar)>,
}

impl Bar {
    const STEPS: u64 = 1000;

    fn update(&mut self, stage: &str, done: f64, text: &str) {
        if self.shown.as_ref().is_none_or(|(shown, _)| shown != stage) {
            let style = ProgressStyle::with_template("{prefix} [{bar:30}] {percent:>3} % {elapsed} {wide_msg}")
                .expect("the template is valid")
                .progress_chars("=> ");
            let bar = ProgressBar::new(Self::STEPS).with_style(style).with_prefix(stage.to_owned());
            if let Some((_, finished)) = self.shown.replace((stage.to_owned(), bar)) {
                finished.abandon();
            }
        }
        if let Some((_, bar)) = &self.shown {
            bar.set_message(text.to_owned());
            bar.set_position((done * Self::STEPS as f64) as u64);
            if done >= 1.0 {
                bar.abandon();
            }
        }
    }
}

impl Drop for Bar {
    fn drop(&mut self) {
        if let Some((_, bar)) = self.shown.take() {
            bar.abandon();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(interval: Duration, updates: &[(&str, f64)]) -> String {
        let mut lines = PlainLines::new(Vec::new(), interval);
        for (stage, done) in updates {
            lines.update(stage, *done, "text");
        }
        String::from_utf8(lines.out).unwrap()
    }

    #[test]
    fn only_the_first_and_last_line_of_a_fast_stage_are_told() {
        let hour = Duration::from_secs(3600);
        let out = told(hour, &[("a", 0.0), ("a", 0.5), ("a", 1.0), ("a", 1.0), ("b", 0.25)]);
        assert_eq!(out, "a:   0 %, text\na: 100 %, text\nb:  25 %, text\n");
    }

    #[test]
    fn a_slow_stage_is_told_at_every_interval() {
        assert_eq!(told(Duration::ZERO, &[("a", 0.0), ("a", 0.1), ("a", 0.2)]).lines().count(), 3);
    }

    #[test]
    fn other_ranks_and_never_are_silent() {
        assert!(matches!(Reporter::new(ProgressMode::Plain, 1).0, Kind::Silent));
        assert!(matches!(Reporter::new(ProgressMode::Never, 0).0, Kind::Silent));
        assert!(matches!(Reporter::new(ProgressMode::Plain, 0).0, Kind::Plain(_)));
    }
}
