//! Fields with or without an axis of periods, written alike.

use ndarray::{ArrayD, ArrayViewD, Axis, IxDyn};

use crate::error::Error;
use crate::field::traffic::by_period;
use crate::field::{FieldSpec, Values};
use crate::parallel::Runtime;
use crate::stages::FieldSink;

/// Writes the fields of one period after the other.
pub struct Output<'s> {
    runtime: &'s Runtime,
    sink: &'s mut dyn FieldSink,
    /// Number of named periods; none where there is one without a name, whose fields have no axis of periods.
    n_periods: Option<usize>,
}

/// A part of a field: index of its first element, and its values.
pub type Part<'v> = (Vec<usize>, ArrayViewD<'v, f64>);

impl<'s> Output<'s> {
    /// An output for `n_periods` named periods, or for none.
    pub fn new(runtime: &'s Runtime, sink: &'s mut dyn FieldSink, n_periods: usize) -> Self {
        Output { runtime, sink, n_periods: (n_periods > 0).then_some(n_periods) }
    }

    /// Announces a field of floats; `shape` is that of one period.
    ///
    /// # Errors
    /// The store cannot take it.
    pub fn create(&mut self, spec: &FieldSpec, shape: &[usize]) -> Result<(), Error> {
        match self.n_periods {
            None => self.sink.create(spec, shape),
            Some(n_periods) => self.sink.create(&by_period(spec), &[&[n_periods], shape].concat()),
        }
    }

    /// Writes the values of one period that every rank holds as a whole.
    ///
    /// # Errors
    /// The store cannot take it.
    pub fn put(&mut self, period: usize, spec: &FieldSpec, shape: &[usize], values: Vec<f64>) -> Result<(), Error> {
        let values = array(shape, values);
        if self.n_periods.is_none() {
            return self.sink.write(spec, Values::F64(values.view()));
        }
        let own = if self.runtime.is_root() { vec![(vec![0; shape.len()], values.view())] } else { Vec::new() };
        self.put_parts(period, spec, own)
    }

    /// Writes parts of the values of one period that this rank alone holds.
    ///
    /// # Errors
    /// The store cannot take it.
    pub fn put_parts(&mut self, period: usize, spec: &FieldSpec, parts: Vec<Part<'_>>) -> Result<(), Error> {
        if self.n_periods.is_none() {
            let parts: Vec<(Vec<usize>, Values<'_>)> =
                parts.into_iter().map(|(start, values)| (start, Values::F64(values))).collect();
            return self.sink.write_parts(spec, &parts);
        }
        let in_period = |(start, values): Part<'_>| ([vec![period], start].concat(), values.to_owned());
        let parts: Vec<(Vec<usize>, ArrayD<f64>)> = parts.into_iter().map(in_period).collect();
        let parts: Vec<(Vec<usize>, Values<'_>)> = parts
            .iter()
            .map(|(start, values)| (start.clone(), Values::F64(values.view().insert_axis(Axis(0)))))
            .collect();
        self.sink.write_parts(&by_period(spec), &parts)
    }
}

/// An array of the shape that the caller's values have.
pub fn array(shape: &[usize], values: Vec<f64>) -> ArrayD<f64> {
    ArrayD::from_shape_vec(IxDyn(shape), values).expect("the caller gives as many values as the shape has")
}

/// As [`array`], of borrowed values.
pub fn view<'v, T>(shape: &[usize], values: &'v [T]) -> ArrayViewD<'v, T> {
    ArrayViewD::from_shape(IxDyn(shape), values).expect("the caller gives as many values as the shape has")
}

/// Creates and writes a field of floats that every rank holds.
///
/// # Errors
/// The store cannot take it.
pub fn put_f64(sink: &mut dyn FieldSink, spec: &FieldSpec, values: &[f64]) -> Result<(), Error> {
    sink.create(spec, &[values.len()])?;
    sink.write(spec, Values::F64(view(&[values.len()], values)))
}

/// Creates and writes a field of long integers that every rank holds.
///
/// # Errors
/// The store cannot take it.
pub fn put_i64(sink: &mut dyn FieldSink, spec: &FieldSpec, values: &[i64]) -> Result<(), Error> {
    sink.create(spec, &[values.len()])?;
    sink.write(spec, Values::I64(view(&[values.len()], values)))
}

/// Creates and writes a field of integers that every rank holds.
///
/// # Errors
/// The store cannot take it.
pub fn put_i32(sink: &mut dyn FieldSink, spec: &FieldSpec, shape: &[usize], values: &[i32]) -> Result<(), Error> {
    sink.create(spec, shape)?;
    sink.write(spec, Values::I32(view(shape, values)))
}

/// Creates and writes a field of text that every rank holds.
///
/// # Errors
/// The store cannot take it.
pub fn put_text(sink: &mut dyn FieldSink, spec: &FieldSpec, values: &[String]) -> Result<(), Error> {
    sink.create(spec, &[values.len()])?;
    sink.write(spec, Values::Text(values))
}
