//! NetCDF-3 files written byte by byte, after the format's specification.

/// Which of the three forms.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Form {
    /// Offsets and sizes of 32 bits.
    Classic = 1,
    /// Offsets of 64 bits.
    Offset64 = 2,
    /// Offsets and sizes of 64 bits.
    Data64 = 5,
}

/// Values of a variable or an attribute.
#[derive(Debug, Clone)]
pub enum Values {
    Text(&'static str),
    I8(Vec<i8>),
    I16(Vec<i16>),
    I32(Vec<i32>),
    F32(Vec<f32>),
    F64(Vec<f64>),
    U8(Vec<u8>),
    U16(Vec<u16>),
    U32(Vec<u32>),
    I64(Vec<i64>),
    U64(Vec<u64>),
}

pub struct Made {
    pub name: &'static str,
    /// Numbers of its dimensions.
    pub dimensions: Vec<usize>,
    pub attributes: Vec<(&'static str, Values)>,
    pub values: Values,
}

impl Values {
    /// Type number, bytes of one, all bytes.
    fn parts(&self) -> (u32, usize, Vec<u8>) {
        macro_rules! bytes {
            ($values:expr, $number:expr, $size:expr) => {
                ($number, $size, $values.iter().flat_map(|value| value.to_be_bytes()).collect())
            };
        }
        match self {
            Values::I8(values) => bytes!(values, 1, 1),
            Values::Text(text) => (2, 1, text.as_bytes().to_vec()),
            Values::I16(values) => bytes!(values, 3, 2),
            Values::I32(values) => bytes!(values, 4, 4),
            Values::F32(values) => bytes!(values, 5, 4),
            Values::F64(values) => bytes!(values, 6, 8),
            Values::U8(values) => bytes!(values, 7, 1),
            Values::U16(values) => bytes!(values, 8, 2),
            Values::U32(values) => bytes!(values, 9, 4),
            Values::I64(values) => bytes!(values, 10, 8),
            Values::U64(values) => bytes!(values, 11, 8),
        }
    }
}

struct Writer {
    form: Form,
    bytes: Vec<u8>,
}

impl Writer {
    fn u32(&mut self, value: usize) {
        self.bytes.extend((value as u32).to_be_bytes());
    }
    fn size(&mut self, value: usize) {
        match self.form {
            Form::Data64 => self.bytes.extend((value as u64).to_be_bytes()),
            _ => self.u32(value),
        }
    }
    fn offset(&mut self, value: usize) {
        match self.form {
            Form::Classic => self.u32(value),
            _ => self.bytes.extend((value as u64).to_be_bytes()),
        }
    }
    fn padded(&mut self, bytes: &[u8]) {
        self.bytes.extend(bytes);
        self.bytes.resize(self.bytes.len().next_multiple_of(4), 0);
    }
    fn name(&mut self, name: &str) {
        self.size(name.len());
        self.padded(name.as_bytes());
    }
    fn list(&mut self, tag: usize, count: usize) {
        self.u32(if count == 0 { 0 } else { tag });
        self.size(count);
    }
    fn attributes(&mut self, attributes: &[(&'static str, Values)]) {
        self.list(12, attributes.len());
        for (name, value) in attributes {
            let (kind, size, bytes) = value.parts();
            self.name(name);
            self.u32(kind as usize);
            self.size(bytes.len() / size);
            self.padded(&bytes);
        }
    }
    /// The header with the given places of the variables.
    fn header(
        form: Form,
        n_records: usize,
        dimensions: &[(&str, usize)],
        variables: &[Made],
        begins: &[usize],
    ) -> Vec<u8> {
        let mut writer = Writer { form, bytes: vec![b'C', b'D', b'F', form as u8] };
        writer.size(n_records);
        writer.list(10, dimensions.len());
        for (name, length) in dimensions {
            writer.name(name);
            writer.size(*length);
        }
        writer.attributes(&[("Conventions", Values::Text("CF-1.7"))]);
        writer.list(11, variables.len());
        for (variable, begin) in variables.iter().zip(begins) {
            writer.name(variable.name);
            writer.size(variable.dimensions.len());
            variable.dimensions.iter().for_each(|&dimension| writer.size(dimension));
            writer.attributes(&variable.attributes);
            let (kind, _, bytes) = variable.values.parts();
            writer.u32(kind as usize);
            writer.size(bytes.len().next_multiple_of(4));
            writer.offset(*begin);
        }
        writer.bytes
    }
}

/// A file; the record dimension has length 0 and there are `n_records`.
pub fn file(form: Form, n_records: usize, dimensions: &[(&str, usize)], variables: &[Made]) -> Vec<u8> {
    let is_record = |variable: &Made| variable.dimensions.first().is_some_and(|&first| dimensions[first].1 == 0);
    let header = Writer::header(form, n_records, dimensions, variables, &vec![0; variables.len()]).len();
    let parts: Vec<Vec<u8>> = variables.iter().map(|variable| variable.values.parts().2).collect();
    let n_of_record = variables.iter().filter(|variable| is_record(variable)).count();
    let record = |number: usize| {
        let bytes = parts[number].len() / n_records.max(1);
        if n_of_record == 1 { bytes } else { bytes.next_multiple_of(4) }
    };
    let (mut at, mut begins) = (header, vec![0; variables.len()]);
    for pass in [false, true] {
        for (number, _) in variables.iter().enumerate().filter(|(_, variable)| is_record(variable) == pass) {
            begins[number] = at;
            at += if pass { record(number) } else { parts[number].len().next_multiple_of(4) };
        }
    }
    let mut bytes = Writer::header(form, n_records, dimensions, variables, &begins);
    for (number, _) in variables.iter().enumerate().filter(|(_, variable)| !is_record(variable)) {
        bytes.extend(&parts[number]);
        bytes.resize(bytes.len().next_multiple_of(4), 0);
    }
    for row in 0..n_records {
        for (number, _) in variables.iter().enumerate().filter(|(_, variable)| is_record(variable)) {
            let own = parts[number].len() / n_records;
            bytes.extend(&parts[number][row * own..(row + 1) * own]);
            bytes.resize(bytes.len() + record(number) - own, 0);
        }
    }
    bytes
}
