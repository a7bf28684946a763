//! Lines and numbers of text files, plain or gzipped, read as a stream.

use std::io::{self, BufRead, BufReader, Read};

use flate2::bufread::MultiGzDecoder;

use super::Source;
use crate::error::Problem;

/// Most bytes that a gzipped file may inflate to; they are streamed, so this bounds time rather than memory.
const MOST_INFLATED: u64 = 8 << 30;
/// Longest line; a demand file may hold a whole row of a large matrix in one.
const LONGEST_LINE: u64 = 64 << 20;
/// Largest file that is held in memory as a whole.
const LARGEST_DOCUMENT: u64 = 1 << 30;
const GZIP_MAGIC: &[u8] = &[0x1f, 0x8b];
const BYTE_ORDER_MARK: &[u8] = b"\xef\xbb\xbf";

/// The lines of a file with their 1-based numbers, without line ends.
pub(super) struct Lines<'a> {
    reader: Box<dyn BufRead + 'a>,
    line: Vec<u8>,
    number: usize,
    again: bool,
}

impl<'a> Lines<'a> {
    pub(super) fn open(source: Source<'a>) -> Result<Self, Problem> {
        let reader: Box<dyn BufRead + 'a> = match (named_gz(source), source.bytes.starts_with(GZIP_MAGIC)) {
            (true, true) => {
                let inflated = Bounded { inner: MultiGzDecoder::new(source.bytes), left: MOST_INFLATED };
                Box::new(BufReader::with_capacity(1 << 18, inflated))
            }
            (false, false) => Box::new(source.bytes),
            (true, false) => {
                return Err(Problem::new("the name ends in .gz but the content is not gzip")
                    .hint("give a plain file a name without .gz"));
            }
            (false, true) => {
                return Err(Problem::new("the content is gzip but the name does not end in .gz")
                    .hint("add .gz to the name, or unpack the file"));
            }
        };
        Ok(Lines { reader, line: Vec::new(), number: 0, again: false })
    }

    /// The next line and its number; none at the end.
    pub(super) fn next(&mut self) -> Result<Option<(usize, &[u8])>, Problem> {
        if self.again {
            self.again = false;
            return Ok(Some((self.number, &self.line)));
        }
        self.line.clear();
        let n_read = (&mut self.reader)
            .take(LONGEST_LINE)
            .read_until(b'\n', &mut self.line)
            .map_err(|error| broken_stream(&error).at_line(self.number + 1))?;
        if n_read == 0 {
            return Ok(None);
        }
        self.number += 1;
        if n_read as u64 == LONGEST_LINE {
            return Err(Problem::new(format!("a line is longer than {} MiB", LONGEST_LINE >> 20)).at_line(self.number));
        }
        while self.line.last().is_some_and(|byte| matches!(byte, b'\n' | b'\r')) {
            self.line.pop();
        }
        if self.number == 1 && self.line.starts_with(BYTE_ORDER_MARK) {
            self.line.drain(..BYTE_ORDER_MARK.len());
        }
        Ok(Some((self.number, &self.line)))
    }

    /// Makes the next call give the last line again.
    pub(super) fn unread(&mut self) {
        self.again = true;
    }
}

/// All bytes of a file, inflated.
pub(super) fn whole(source: Source<'_>) -> Result<Vec<u8>, Problem> {
    let mut lines = Lines::open(source)?;
    let mut text = Vec::new();
    (&mut lines.reader).take(LARGEST_DOCUMENT + 1).read_to_end(&mut text).map_err(|error| broken_stream(&error))?;
    if text.len() as u64 > LARGEST_DOCUMENT {
        return Err(Problem::new(format!("the file has more than {} MiB", LARGEST_DOCUMENT >> 20)));
    }
    Ok(match text.strip_prefix(BYTE_ORDER_MARK) {
        Some(rest) => rest.to_vec(),
        None => text,
    })
}

/// Yes or no in the words that tables use.
pub(super) fn flag(field: &[u8]) -> Option<bool> {
    let is = |words: &[&str]| words.iter().any(|word| field.eq_ignore_ascii_case(word.as_bytes()));
    match () {
        () if is(&["1", "true", "yes"]) => Some(true),
        () if is(&["0", "false", "no"]) => Some(false),
        () => None,
    }
}

/// A decimal integer with nothing around it.
pub(super) fn integer(field: &[u8]) -> Option<i64> {
    if field.len() <= 18 && !field.is_empty() && field.iter().all(u8::is_ascii_digit) {
        return Some(field.iter().fold(0, |value, digit| value * 10 + i64::from(digit - b'0')));
    }
    std::str::from_utf8(field).ok()?.parse().ok()
}

/// A decimal number with nothing around it, possibly infinite or not a number.
pub(super) fn number(field: &[u8]) -> Option<f64> {
    std::str::from_utf8(field).ok()?.parse().ok()
}

/// Why a field is no finite number from zero on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Fault {
    NotANumber,
    NotFinite,
    Negative,
}

impl Fault {
    pub(super) fn kind(self) -> &'static str {
        match self {
            Fault::NotANumber => "not a number",
            Fault::NotFinite => "not finite",
            Fault::Negative => "negative value",
        }
    }
    pub(super) fn problem(self, column: &str, field: &[u8]) -> Problem {
        let expected = match self {
            Fault::NotANumber => "a number",
            Fault::NotFinite => "a finite number",
            Fault::Negative => "a number not below zero",
        };
        Problem::new(format!("expected {expected}, found {}", shown(field))).of_key(column)
    }
}

/// A finite number.
pub(super) fn finite(field: &[u8]) -> Result<f64, Fault> {
    match number(field) {
        None => Err(Fault::NotANumber),
        Some(value) if !value.is_finite() => Err(Fault::NotFinite),
        Some(value) => Ok(value),
    }
}

/// A finite number not below zero.
pub(super) fn non_negative(field: &[u8]) -> Result<f64, Fault> {
    match finite(field)? {
        value if value < 0.0 => Err(Fault::Negative),
        value => Ok(value),
    }
}

/// A field as a message quotes it: short, printable.
pub(super) fn shown(field: &[u8]) -> String {
    const LONGEST: usize = 40;
    if field.is_empty() {
        return "nothing".to_owned();
    }
    let text = String::from_utf8_lossy(field);
    let mut short: String = text.chars().take(LONGEST).flat_map(char::escape_debug).collect();
    if text.chars().nth(LONGEST).is_some() {
        short.push('…');
    }
    format!("\"{short}\"")
}

fn named_gz(source: Source<'_>) -> bool {
    source.file.extension().is_some_and(|extension| extension.eq_ignore_ascii_case("gz"))
}

fn broken_stream(error: &io::Error) -> Problem {
    match error.kind() {
        io::ErrorKind::UnexpectedEof => Problem::new("the gzip stream is truncated").hint("fetch or write it again"),
        io::ErrorKind::FileTooLarge => {
            Problem::new(format!("the file inflates to more than {} GiB", MOST_INFLATED >> 30)).hint("split it")
        }
        _ => Problem::new(format!("the gzip stream is corrupt: {error}")).hint("fetch or write it again"),
    }
}

struct Bounded<R> {
    inner: R,
    left: u64,
}

impl<R: Read> Read for Bounded<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let n_read = self.inner.read(buffer)?;
        self.left = self.left.checked_sub(n_read as u64).ok_or(io::ErrorKind::FileTooLarge)?;
        Ok(n_read)
    }
}

#[cfg(test)]
mod tests {
    use std::io::Write;
    use std::path::Path;

    use super::*;

    fn gzip(text: &[u8]) -> Vec<u8> {
        let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
        encoder.write_all(text).unwrap();
        encoder.finish().unwrap()
    }

    fn all(file: &str, bytes: &[u8]) -> Result<Vec<(usize, String)>, Problem> {
        let mut lines = Lines::open(Source { file: Path::new(file), bytes })?;
        let mut found = Vec::new();
        while let Some((number, line)) = lines.next()? {
            found.push((number, String::from_utf8_lossy(line).into_owned()));
        }
        Ok(found)
    }

    #[test]
    fn lines_lose_their_ends_and_keep_their_numbers() {
        let found = all("a.csv", b"\xef\xbb\xbfone\r\n\ntwo\n \tthree").unwrap();
        let expected = [(1, "one"), (2, ""), (3, "two"), (4, " \tthree")];
        assert_eq!(found, expected.map(|(number, line)| (number, line.to_owned())));
        assert!(all("a.csv", b"").unwrap().is_empty());
    }

    #[test]
    fn a_gzip_file_of_several_members_reads_as_one() {
        let mut bytes = gzip(b"one\ntw");
        bytes.extend(gzip(b"o\nthree\n"));
        let found = all("a.csv.GZ", &bytes).unwrap();
        assert_eq!(found, [(1, "one".to_owned()), (2, "two".to_owned()), (3, "three".to_owned())]);
    }

    #[test]
    fn a_truncated_or_corrupt_gzip_file_is_a_problem() {
        let text: Vec<u8> =
            (0..20_000).flat_map(|row: u32| format!("{row},{}\n", row * 7919 % 977).into_bytes()).collect();
        let bytes = gzip(&text);
        for length in [3, 10, 11, bytes.len() / 2, bytes.len() - 8, bytes.len() - 1] {
            let problem = all("a.csv.gz", &bytes[..length]).unwrap_err();
            assert!(problem.message.contains("truncated"), "{length}: {problem}");
        }
        let mut corrupt = bytes.clone();
        let checksum = corrupt.len() - 6;
        corrupt[checksum] ^= 1;
        assert!(all("a.csv.gz", &corrupt).unwrap_err().message.contains("corrupt"));
        let mut trailing = bytes;
        trailing.extend(b"junk");
        assert!(all("a.csv.gz", &trailing).is_err());
    }

    #[test]
    fn name_and_content_must_agree() {
        assert!(all("a.csv", &gzip(b"x")).unwrap_err().hint.unwrap().contains("add .gz"));
        assert!(all("a.csv.gz", b"plain").unwrap_err().hint.unwrap().contains("without .gz"));
        assert!(all("a.csv.gz", b"").is_err());
    }

    #[test]
    fn inflation_is_bounded() {
        let mut bounded = Bounded { inner: io::repeat(b'x'), left: 10 };
        let error = io::copy(&mut bounded, &mut io::sink()).unwrap_err();
        assert_eq!(error.kind(), io::ErrorKind::FileTooLarge);
    }

    #[test]
    fn a_line_without_end_is_refused_before_it_fills_the_memory() {
        let problem = all("a.csv.gz", &gzip(&vec![b' '; (LONGEST_LINE + 1) as usize])).unwrap_err();
        assert!(problem.message.contains("longer than 64 MiB"), "{problem}");
    }

    #[test]
    fn numbers() {
        assert_eq!(integer(b"0042"), Some(42));
        assert_eq!(integer(b"-7"), Some(-7));
        assert_eq!(integer(b"9223372036854775807"), Some(i64::MAX));
        assert_eq!([integer(b""), integer(b"9223372036854775808"), integer(b"1.0"), integer(b" 1")], [None; 4]);
        assert_eq!(non_negative(b"1.49999e+006"), Ok(1_499_990.0));
        assert_eq!(non_negative(b"0.00000000000000000000E+00"), Ok(0.0));
        assert_eq!(non_negative(b"-0.5"), Err(Fault::Negative));
        assert_eq!(non_negative(b"nan"), Err(Fault::NotFinite));
        assert_eq!(non_negative(b"1e999"), Err(Fault::NotFinite));
        assert_eq!(non_negative(b"1,5"), Err(Fault::NotANumber));
        assert_eq!(non_negative(b"\xff"), Err(Fault::NotANumber));
    }

    #[test]
    fn quoted_fields_are_short_and_printable() {
        assert_eq!(shown(b""), "nothing");
        assert_eq!(shown(b"a\tb"), "\"a\\tb\"");
        assert_eq!(shown(&[b'x'; 1000]).chars().count(), 43);
    }
}
