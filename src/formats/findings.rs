//! What a reader finds wrong with one file.

use std::path::Path;

use crate::error::{Error, Problem, Problems};

/// Problems of one file, worded only where they are kept.
pub(super) struct Findings<'a> {
    file: &'a Path,
    problems: Problems,
}

impl<'a> Findings<'a> {
    pub(super) fn new(file: &'a Path) -> Self {
        Findings { file, problems: Problems::new() }
    }
    /// A problem of the file as a whole.
    pub(super) fn push(&mut self, kind: &'static str, problem: Problem) {
        self.problems.push(kind, problem.in_file(self.file));
    }
    /// A problem of one line.
    pub(super) fn at(&mut self, kind: &'static str, line: usize, problem: impl FnOnce() -> Problem) {
        let file = self.file;
        self.problems.push_with(kind, || problem().in_file(file).at_line(line));
    }
    /// A problem of one record.
    pub(super) fn at_record(&mut self, kind: &'static str, record: usize, problem: impl FnOnce() -> Problem) {
        let file = self.file;
        self.problems.push_with(kind, || problem().in_file(file).at_record(record));
    }
    pub(super) fn is_empty(&self) -> bool {
        self.problems.is_empty()
    }
    /// The value that reading gave, if nothing was found; what ended the reading comes after what was found before.
    pub(super) fn conclude<T>(mut self, read: Result<T, Problem>) -> Result<T, Error> {
        match read {
            Ok(value) => self.problems.into_result(value),
            Err(problem) => {
                self.push("cannot be read further", problem);
                Err(Error::Input(self.problems.into_list()))
            }
        }
    }
}
