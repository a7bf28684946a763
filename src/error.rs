//! What can go wrong, and how it is told: problems of the input, failures, stops, and counted warnings.

use std::fmt;
use std::path::{Path, PathBuf};

/// One thing wrong with an input, told so that its author can mend it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Problem {
    /// The file the problem stands in, if it stands in one.
    pub file: Option<PathBuf>,
    /// Where in the file.
    pub place: Option<Place>,
    /// The scenario key, column or metadata field, for example `traffic.period_h`.
    pub key: Option<String>,
    /// What was expected and what was found, one sentence, no final period.
    pub message: String,
    /// What to do about it.
    pub hint: Option<String>,
    /// How many problems this one stands for: 1, or more for the line that counts the rest of a kind.
    pub stands_for: usize,
}

/// A place within a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Place {
    /// 1-based line of a text file.
    Line(usize),
    /// 1-based record of a table or binary file.
    Record(usize),
}

impl Problem {
    /// A problem with a message alone; add the rest with the `in_file`, `at_line`, `of_key` and `hint` methods.
    pub fn new(message: impl Into<String>) -> Self {
        Problem { file: None, place: None, key: None, message: message.into(), hint: None, stands_for: 1 }
    }
    /// Names the file.
    pub fn in_file(mut self, file: impl AsRef<Path>) -> Self {
        self.file = Some(file.as_ref().to_path_buf());
        self
    }
    /// Names the 1-based line.
    pub fn at_line(mut self, line: usize) -> Self {
        self.place = Some(Place::Line(line));
        self
    }
    /// Names the 1-based record.
    pub fn at_record(mut self, record: usize) -> Self {
        self.place = Some(Place::Record(record));
        self
    }
    /// Names the key or column.
    pub fn of_key(mut self, key: impl Into<String>) -> Self {
        self.key = Some(key.into());
        self
    }
    /// Says what to do about it.
    pub fn hint(mut self, hint: impl Into<String>) -> Self {
        self.hint = Some(hint.into());
        self
    }
}

impl fmt::Display for Problem {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(file) = &self.file {
            write!(out, "{}", file.display())?;
            match self.place {
                Some(Place::Line(line)) => write!(out, ":{line}")?,
                Some(Place::Record(record)) => write!(out, ": record {record}")?,
                None => {}
            }
            write!(out, ": ")?;
        }
        if let Some(key) = &self.key {
            write!(out, "{key}: ")?;
        }
        write!(out, "{}", self.message)?;
        if let Some(hint) = &self.hint {
            write!(out, "\n  hint: {hint}")?;
        }
        Ok(())
    }
}

/// Collects the problems of one input: the first few of a kind in full, the rest counted.
#[derive(Debug, Default)]
pub struct Problems {
    kept: Vec<Problem>,
    kinds: Vec<(&'static str, usize)>,
}

impl Problems {
    /// How many problems of one kind are kept in full.
    pub const IN_FULL: usize = 5;

    /// An empty collection.
    pub fn new() -> Self {
        Problems::default()
    }
    /// Adds a problem; `kind` groups like ones, for example `"negative capacity"`.
    pub fn push(&mut self, kind: &'static str, problem: Problem) {
        self.push_with(kind, || problem);
    }
    /// Adds a problem that is put into words only if it is one of those kept: ten million are cheap.
    pub fn push_with(&mut self, kind: &'static str, problem: impl FnOnce() -> Problem) {
        let seen = match self.kinds.iter_mut().find(|(known, _)| *known == kind) {
            Some((_, seen)) => seen,
            None => {
                self.kinds.push((kind, 0));
                &mut self.kinds.last_mut().expect("one was just pushed").1
            }
        };
        *seen += 1;
        if *seen <= Self::IN_FULL {
            self.kept.push(problem());
        }
    }
    /// Whether nothing was found.
    pub fn is_empty(&self) -> bool {
        self.kept.is_empty()
    }
    /// How many problems were found, those not kept in full included.
    pub fn count(&self) -> usize {
        self.kinds.iter().map(|(_, seen)| seen).sum()
    }
    /// All problems as an error, or `value` if there are none.
    pub fn into_result<T>(self, value: T) -> Result<T, Error> {
        if self.is_empty() { Ok(value) } else { Err(Error::Input(self.into_list())) }
    }
    /// The kept problems, followed by one line for each kind of which only some were kept.
    pub fn into_list(mut self) -> Vec<Problem> {
        let file = self.kept.first().and_then(|problem| problem.file.clone());
        for (kind, seen) in &self.kinds {
            if *seen > Self::IN_FULL {
                let mut rest = Problem::new(format!("{} more of the kind \"{kind}\"", seen - Self::IN_FULL));
                rest.file.clone_from(&file);
                rest.stands_for = seen - Self::IN_FULL;
                self.kept.push(rest);
            }
        }
        self.kept
    }
}

/// Why a command ended without success.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The input is wrong; everything found is listed. Exit code 2.
    #[error("{}", list(.0))]
    Input(Vec<Problem>),
    /// Anything else that failed. Exit code 1.
    #[error("{0}")]
    Failed(String),
    /// Stopped early by a signal or time limit with state saved. Exit code 75.
    #[error("stopped early, state saved: {0}")]
    Stopped(String),
}

impl Error {
    /// The process exit code that the design fixes for this kind of end.
    pub fn exit_code(&self) -> u8 {
        match self {
            Error::Input(_) => 2,
            Error::Failed(_) => 1,
            Error::Stopped(_) => 75,
        }
    }
    /// A failure while doing something with a file: `cannot {what} {path}: {cause}`.
    pub fn file(what: &str, path: &Path, cause: impl fmt::Display) -> Self {
        Error::Failed(format!("cannot {what} {}: {cause}", path.display()))
    }
}

impl From<Problem> for Error {
    fn from(problem: Problem) -> Self {
        Error::Input(vec![problem])
    }
}

fn list(problems: &[Problem]) -> String {
    problems.iter().map(Problem::to_string).collect::<Vec<_>>().join("\n")
}

/// Something the user should know that does not stop a run, counted.
#[derive(Debug, Clone, PartialEq, serde::Serialize, serde::Deserialize)]
pub struct Warning {
    /// Short stable name, for example `unreachable_demand`.
    pub code: String,
    /// How many items it concerns.
    pub count: u64,
    /// One sentence with the figures.
    pub message: String,
}

impl Warning {
    /// A warning about `count` items.
    pub fn new(code: &str, count: usize, message: impl Into<String>) -> Self {
        Warning { code: code.to_owned(), count: count as u64, message: message.into() }
    }
}
