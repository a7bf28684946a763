//! Values on their way into files: what is refused, and how they become bytes.

use std::borrow::Cow;

use bytemuck::Pod;
use ndarray::ArrayViewD;

use super::conventions::may_be_missing;
use crate::error::Error;
use crate::field::{FieldSpec, Kind, Values};

/// Whether values are a field as a whole or a part of it.
#[derive(Clone, Copy, PartialEq)]
pub(super) enum Extent {
    /// The field as a whole.
    Whole,
    /// A part with a start of its own.
    Part,
}

/// Bytes of one value; of one character for texts.
pub(super) fn value_size(kind: Kind) -> usize {
    match kind {
        Kind::F64 | Kind::I64 => 8,
        Kind::F32 | Kind::I32 => 4,
        Kind::U8 | Kind::Text => 1,
    }
}

/// Refuses values of another type, outside of their field, infinite, or not a number where that says nothing.
pub(super) fn check_values(
    spec: &FieldSpec,
    shape: &[usize],
    start: &[usize],
    values: &Values<'_>,
    extent: Extent,
) -> Result<(), Error> {
    let failed = |what: String| Err(Error::Failed(format!("field {} of {} {what}", spec.name, spec.file)));
    if values.kind() != spec.kind {
        return failed(format!("holds {:?}, not {:?}", spec.kind, values.kind()));
    }
    let own = values.shape();
    let fits = match extent {
        Extent::Whole => own == shape,
        Extent::Part => {
            let inside = |axis: usize| start[axis].checked_add(own[axis]).is_some_and(|end| end <= shape[axis]);
            start.len() == shape.len() && own.len() == shape.len() && (0..shape.len()).all(inside)
        }
    };
    if !fits {
        return failed(format!("has shape {shape:?}, which values of shape {own:?} at {start:?} do not fit"));
    }
    let bad = match values {
        Values::F64(view) => first_bad(view.iter().copied(), may_be_missing(spec)),
        Values::F32(view) => first_bad(view.iter().map(|&value| f64::from(value)), may_be_missing(spec)),
        Values::I64(_) | Values::I32(_) | Values::U8(_) | Values::Text(_) => None,
    };
    match bad {
        None => Ok(()),
        Some((index, value)) => failed(format!("has the value {value} at {index} of the values given at {start:?}")),
    }
}

/// Refuses texts that would come back shorter.
pub(super) fn check_texts(spec: &FieldSpec, values: &Values<'_>) -> Result<(), Error> {
    let Values::Text(texts) = values else { return Ok(()) };
    match texts.iter().position(|text| text.contains('\0')) {
        Some(index) => Err(Error::Failed(format!("text {index} of {} holds a zero byte", spec.name))),
        None => Ok(()),
    }
}

/// Texts as rows of bytes, filled up with zeros, and the length of a row.
pub(super) fn text_matrix(values: &Values<'_>) -> Option<(Vec<u8>, usize)> {
    let Values::Text(texts) = values else { return None };
    let length = texts.iter().map(String::len).max().unwrap_or(0).max(1);
    let mut bytes = vec![0; texts.len() * length];
    for (row, text) in bytes.chunks_exact_mut(length).zip(texts.iter()) {
        row[..text.len()].copy_from_slice(text.as_bytes());
    }
    Some((bytes, length))
}

/// Numbers in C order as they lie in memory; nothing for texts.
pub(super) fn native_bytes<'a>(values: &'a Values<'_>) -> Cow<'a, [u8]> {
    fn of<'a, T: Pod>(view: &'a ArrayViewD<'_, T>) -> Cow<'a, [u8]> {
        match view.as_slice() {
            Some(values) => Cow::Borrowed(bytemuck::cast_slice(values)),
            None => Cow::Owned(view.iter().flat_map(|value| bytemuck::bytes_of(value).to_vec()).collect()),
        }
    }
    match values {
        Values::F64(view) => of(view),
        Values::F32(view) => of(view),
        Values::I64(view) => of(view),
        Values::I32(view) => of(view),
        Values::U8(view) => of(view),
        Values::Text(_) => Cow::Borrowed(&[]),
    }
}

/// The first value that is not a number, or infinite.
fn first_bad(values: impl Iterator<Item = f64>, may_be_missing: bool) -> Option<(usize, f64)> {
    values.enumerate().find(|(_, value)| value.is_infinite() || (value.is_nan() && !may_be_missing))
}
