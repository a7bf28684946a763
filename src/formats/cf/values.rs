//! Bytes of a file as numbers.

use conurb_climate::sample::Sample;

use super::description::{ByteOrder, ValueKind};

/// Values as numbers, each through `map`.
///
/// # Panics
/// The kind is no number, or `out` has another length than the values.
pub(super) fn numbers<T: Sample>(
    bytes: &[u8],
    kind: ValueKind,
    order: ByteOrder,
    out: &mut [T],
    map: impl Fn(f64) -> f64,
) {
    use ByteOrder::{Big, Little};
    match (kind, order) {
        (ValueKind::I8, _) => each(bytes, out, |b| map(f64::from(i8::from_le_bytes(b)))),
        (ValueKind::U8, _) => each(bytes, out, |b| map(f64::from(u8::from_le_bytes(b)))),
        (ValueKind::I16, Little) => each(bytes, out, |b| map(f64::from(i16::from_le_bytes(b)))),
        (ValueKind::I16, Big) => each(bytes, out, |b| map(f64::from(i16::from_be_bytes(b)))),
        (ValueKind::U16, Little) => each(bytes, out, |b| map(f64::from(u16::from_le_bytes(b)))),
        (ValueKind::U16, Big) => each(bytes, out, |b| map(f64::from(u16::from_be_bytes(b)))),
        (ValueKind::I32, Little) => each(bytes, out, |b| map(f64::from(i32::from_le_bytes(b)))),
        (ValueKind::I32, Big) => each(bytes, out, |b| map(f64::from(i32::from_be_bytes(b)))),
        (ValueKind::U32, Little) => each(bytes, out, |b| map(f64::from(u32::from_le_bytes(b)))),
        (ValueKind::U32, Big) => each(bytes, out, |b| map(f64::from(u32::from_be_bytes(b)))),
        (ValueKind::I64, Little) => each(bytes, out, |b| map(i64::from_le_bytes(b) as f64)),
        (ValueKind::I64, Big) => each(bytes, out, |b| map(i64::from_be_bytes(b) as f64)),
        (ValueKind::U64, Little) => each(bytes, out, |b| map(u64::from_le_bytes(b) as f64)),
        (ValueKind::U64, Big) => each(bytes, out, |b| map(u64::from_be_bytes(b) as f64)),
        (ValueKind::F32, Little) => each(bytes, out, |b| map(f64::from(f32::from_le_bytes(b)))),
        (ValueKind::F32, Big) => each(bytes, out, |b| map(f64::from(f32::from_be_bytes(b)))),
        (ValueKind::F64, Little) => each(bytes, out, |b| map(f64::from_le_bytes(b))),
        (ValueKind::F64, Big) => each(bytes, out, |b| map(f64::from_be_bytes(b))),
        (ValueKind::Text(_) | ValueKind::Texts | ValueKind::Other, _) => panic!("{kind:?} is no number"),
    }
}

fn each<const N: usize, T: Sample>(bytes: &[u8], out: &mut [T], value: impl Fn([u8; N]) -> f64) {
    let (values, rest) = bytes.as_chunks::<N>();
    assert!(values.len() == out.len() && rest.is_empty(), "{} bytes for {} values", bytes.len(), out.len());
    for (out, bytes) in out.iter_mut().zip(values) {
        *out = T::from_f64(value(*bytes));
    }
}
