//! Reads a finished run folder: its report, its resolved scenario, and its fields, never more than asked for.

use std::fs;
use std::ops::Range;
use std::path::{Path, PathBuf};

use hdf5::types::{FixedAscii, FixedUnicode, FloatSize, H5Type, IntSize, TypeDescriptor, VarLenAscii, VarLenUnicode};
use hdf5::{Attribute, Dataset, File, Hyperslab, SliceOrIndex};
use ndarray::{Array2, ArrayD};

use crate::error::{Error, Problem};
use crate::field::FieldSpec;
use crate::report::json::Report;

/// Text files of a run folder are never longer than this.
const MAX_TEXT_BYTES: u64 = 64 << 20;
/// Deflate packs at most 1032 bytes into one; a field that claims more does not come from its file.
const MAX_BYTES_PER_FILE_BYTE: u64 = 1032;
/// Longest attribute text that is read, in bytes.
const MAX_ATTRIBUTE_BYTES: usize = 4096;

/// A finished run folder, open for reading.
#[derive(Debug)]
pub struct RunReader {
    dir: PathBuf,
    report: Report,
    scenario_toml: String,
    files: Vec<DomainFile>,
}

#[derive(Debug)]
struct DomainFile {
    path: PathBuf,
    bytes: u64,
    file: File,
}

impl RunReader {
    /// Opens a finished run.
    ///
    /// # Errors
    /// The folder is missing, foreign, unfinished or damaged.
    pub fn open(dir: &Path) -> Result<RunReader, Error> {
        refuse_what_is_no_run(dir)?;
        let report = Report::parse(&read_text(&dir.join("report.json"))?, &dir.join("report.json"))?;
        let scenario_toml = read_text(&dir.join("scenario.toml"))?;
        let files = domain_files(dir)?.into_iter().map(open_domain_file).collect::<Result<_, _>>()?;
        Ok(RunReader { dir: dir.to_path_buf(), report, scenario_toml, files })
    }

    /// The run folder.
    pub fn dir(&self) -> &Path {
        &self.dir
    }

    /// What `report.json` says.
    pub fn report(&self) -> &Report {
        &self.report
    }

    /// The resolved scenario as text.
    pub fn scenario_toml(&self) -> &str {
        &self.scenario_toml
    }

    /// The resolved scenario as a table.
    ///
    /// # Errors
    /// The text is not TOML.
    pub fn scenario(&self) -> Result<toml::Table, Error> {
        self.scenario_toml.parse().map_err(|cause: toml::de::Error| {
            damaged(&self.dir.join("scenario.toml"), format!("not readable as TOML: {}", cause.message())).into()
        })
    }

    /// Whether the run has a field of this name; names are those of [`crate::field`].
    pub fn has(&self, name: &str) -> bool {
        self.find(name).is_some()
    }

    /// Whether the run has this field in the file that it belongs to; some names stand in several files.
    pub fn has_field(&self, field: &FieldSpec) -> bool {
        self.home_of(field).is_some()
    }

    /// A whole field of numbers, out of the file that it belongs to.
    ///
    /// # Errors
    /// There is no such field, it holds something else, or it cannot be read.
    pub fn numbers_of(&self, field: &FieldSpec) -> Result<ArrayD<f64>, Error> {
        let (home, dataset) = self.dataset_of(field)?;
        match descriptor(&dataset) {
            Some(TypeDescriptor::Float(_) | TypeDescriptor::Integer(_)) => read_whole(home, field.name, &dataset),
            _ => Err(damaged(&home.path, format!("field {} does not hold numbers", field.name)).into()),
        }
    }

    /// A whole field of text, out of the file that it belongs to.
    ///
    /// # Errors
    /// There is no such field, it holds something else, or it cannot be read.
    pub fn text_of(&self, field: &FieldSpec) -> Result<Vec<String>, Error> {
        let (home, dataset) = self.dataset_of(field)?;
        read_text_field(home, field.name, &dataset)
    }

    /// Lengths of a field's axes; text counts its entries, not their letters.
    ///
    /// # Errors
    /// There is no such field.
    pub fn shape(&self, name: &str) -> Result<Vec<usize>, Error> {
        let (_, dataset) = self.dataset(name)?;
        let mut shape = dataset.shape();
        if is_characters(&dataset) {
            shape.pop();
        }
        Ok(shape)
    }

    /// An attribute of a field as text, for example `units`, `long_name` or `display_unit`.
    ///
    /// # Errors
    /// There is no such field.
    pub fn attribute(&self, name: &str, attribute: &str) -> Result<Option<String>, Error> {
        let (_, dataset) = self.dataset(name)?;
        Ok(dataset.attr(attribute).ok().and_then(|attribute| attribute_text(&attribute)))
    }

    /// An attribute of a whole file of the run as text; none where the file or the attribute is missing.
    pub fn file_attribute(&self, file: &str, attribute: &str) -> Option<String> {
        let home = self.files.iter().find(|home| home.path.file_name().is_some_and(|name| name == file))?;
        home.file.attr(attribute).ok().and_then(|attribute| attribute_text(&attribute))
    }

    /// A whole field of floats, 32-bit ones widened.
    ///
    /// # Errors
    /// There is no such field, it holds something else, or it cannot be read.
    pub fn f64(&self, name: &str) -> Result<ArrayD<f64>, Error> {
        let (home, dataset) = self.dataset(name)?;
        expect_floats(home, name, &dataset)?;
        read_whole(home, name, &dataset)
    }

    /// A whole field of integers, 32-bit ones widened.
    ///
    /// # Errors
    /// There is no such field, it holds something else, or it cannot be read.
    pub fn i64(&self, name: &str) -> Result<ArrayD<i64>, Error> {
        let (home, dataset) = self.dataset(name)?;
        match descriptor(&dataset) {
            Some(TypeDescriptor::Integer(_) | TypeDescriptor::Unsigned(IntSize::U1 | IntSize::U2 | IntSize::U4)) => {
                read_whole(home, name, &dataset)
            }
            _ => Err(damaged(&home.path, format!("field {name} does not hold integers")).into()),
        }
    }

    /// A whole field of text.
    ///
    /// # Errors
    /// There is no such field, it holds something else, or it cannot be read.
    pub fn text(&self, name: &str) -> Result<Vec<String>, Error> {
        let (home, dataset) = self.dataset(name)?;
        read_text_field(home, name, &dataset)
    }

    /// Some rows of one class of a field over (class, origin, destination).
    ///
    /// # Errors
    /// There is no such field or part of it, it holds something else, or it cannot be read.
    pub fn rows_f64(&self, name: &str, class: usize, rows: Range<usize>) -> Result<Array2<f64>, Error> {
        self.rows_at(name, &[class], rows)
    }

    /// Some rows of one matrix of a field whose last axes are those of the matrix; `at` are indices on the axes before them.
    ///
    /// # Errors
    /// There is no such field or part of it, it holds something else, or it cannot be read.
    pub fn rows_at(&self, name: &str, at: &[usize], rows: Range<usize>) -> Result<Array2<f64>, Error> {
        let (home, dataset) = self.dataset(name)?;
        expect_floats(home, name, &dataset)?;
        let shape = dataset.shape();
        let n_axes = at.len() + 2;
        if shape.len() != n_axes {
            let message = format!("field {name} has {} axes instead of {n_axes}", shape.len());
            return Err(damaged(&home.path, message).into());
        }
        let (n_rows, n_columns) = (shape[at.len()], shape[at.len() + 1]);
        let is_outside = at.iter().zip(&shape).any(|(index, length)| index >= length);
        if is_outside || rows.start > rows.end || rows.end > n_rows {
            return Err(Error::Failed(format!("rows {rows:?} at {at:?} asked of field {name} of shape {shape:?}")));
        }
        check_size(home, name, rows.len().checked_mul(n_columns), size_of::<f64>())?;
        let mut part: Vec<SliceOrIndex> = at.iter().map(|&index| SliceOrIndex::Index(index)).collect();
        part.extend([rows.clone(), 0..n_columns].map(SliceOrIndex::from));
        let part = dataset.read_slice(Hyperslab::from(part));
        let part: ArrayD<f64> = part.map_err(|cause| unreadable(home, name, &cause))?;
        part.into_shape_with_order((rows.len(), n_columns)).map_err(|cause| unreadable(home, name, &cause))
    }

    fn find(&self, name: &str) -> Option<&DomainFile> {
        // A slash would name something inside a group, and run folders have none.
        self.files.iter().find(|home| !name.contains('/') && home.file.link_exists(name))
    }

    fn home_of(&self, field: &FieldSpec) -> Option<&DomainFile> {
        let is_home = |home: &&DomainFile| home.path.file_name().is_some_and(|name| name == field.file);
        self.files.iter().find(is_home).filter(|home| home.file.link_exists(field.name))
    }

    fn dataset_of(&self, field: &FieldSpec) -> Result<(&DomainFile, Dataset), Error> {
        let FieldSpec { name, file, .. } = field;
        let home = self.home_of(field);
        let home = home.ok_or_else(|| damaged(&self.dir, format!("the run has no field {name} in {file}")))?;
        let dataset = home.file.dataset(name).map_err(|cause| unreadable(home, name, &cause))?;
        Ok((home, dataset))
    }

    fn dataset(&self, name: &str) -> Result<(&DomainFile, Dataset), Error> {
        let Some(home) = self.find(name) else {
            return Err(damaged(&self.dir, format!("the run has no field {name}")).into());
        };
        let dataset = home.file.dataset(name).map_err(|cause| unreadable(home, name, &cause))?;
        Ok((home, dataset))
    }
}

fn refuse_what_is_no_run(dir: &Path) -> Result<(), Problem> {
    if !dir.is_dir() {
        return Err(Problem::new("there is no such folder").in_file(dir).hint("name the folder of a finished run"));
    }
    if dir.join("report.json").is_file() {
        return Ok(());
    }
    if dir.join(".partial").exists() {
        return Err(Problem::new("the run in this folder is not finished")
            .in_file(dir)
            .hint("finish it with `conurb run SCENARIO --resume`, or start over with `conurb run SCENARIO --force`"));
    }
    Err(Problem::new("this is not the folder of a finished run: it holds no report.json")
        .in_file(dir)
        .hint("name the folder that `conurb run` printed"))
}

fn read_text(path: &Path) -> Result<String, Error> {
    let bytes = fs::metadata(path).map_err(|cause| damaged(path, format!("cannot be read: {cause}")))?.len();
    if bytes > MAX_TEXT_BYTES {
        return Err(damaged(path, format!("{bytes} bytes long, more than the {MAX_TEXT_BYTES} of any run")).into());
    }
    fs::read_to_string(path).map_err(|cause| damaged(path, format!("cannot be read: {cause}")).into())
}

fn domain_files(dir: &Path) -> Result<Vec<PathBuf>, Error> {
    let mut paths = Vec::new();
    for entry in fs::read_dir(dir).map_err(|cause| Error::file("list", dir, cause))? {
        let path = entry.map_err(|cause| Error::file("list", dir, cause))?.path();
        if path.extension().is_some_and(|extension| extension == "nc") {
            paths.push(path);
        }
    }
    paths.sort();
    Ok(paths)
}

fn open_domain_file(path: PathBuf) -> Result<DomainFile, Error> {
    let bytes = fs::metadata(&path).map_err(|cause| Error::file("read", &path, cause))?.len();
    let file = File::open(&path)
        .map_err(|_| damaged(&path, format!("not readable as netCDF-4, found a file of {bytes} bytes")))?;
    Ok(DomainFile { path, bytes, file })
}

fn read_whole<T: H5Type>(home: &DomainFile, name: &str, dataset: &Dataset) -> Result<ArrayD<T>, Error> {
    let n_values = dataset.shape().iter().try_fold(1_usize, |product, length| product.checked_mul(*length));
    check_size(home, name, n_values, size_of::<T>())?;
    dataset.read_dyn().map_err(|cause| unreadable(home, name, &cause))
}

fn read_text_field(home: &DomainFile, name: &str, dataset: &Dataset) -> Result<Vec<String>, Error> {
    let letters: Vec<Vec<u8>> = match descriptor(dataset) {
        Some(TypeDescriptor::FixedAscii(1)) => {
            let letters: ArrayD<FixedAscii<1>> = read_whole(home, name, dataset)?;
            letters.iter().map(|letter| letter.as_bytes().to_vec()).collect()
        }
        Some(TypeDescriptor::FixedUnicode(1)) => {
            let letters: ArrayD<FixedUnicode<1>> = read_whole(home, name, dataset)?;
            letters.iter().map(|letter| letter.as_bytes().to_vec()).collect()
        }
        _ => return Err(damaged(&home.path, format!("field {name} does not hold text")).into()),
    };
    let shape = dataset.shape();
    let [n_entries, length] = shape[..] else {
        return Err(damaged(&home.path, format!("text field {name} has {} axes instead of 2", shape.len())).into());
    };
    (0..n_entries)
        .map(|entry| {
            String::from_utf8(letters[entry * length..(entry + 1) * length].concat())
                .map_err(|_| damaged(&home.path, format!("entry {entry} of text field {name} is not UTF-8")).into())
        })
        .collect()
}

/// Refuses a field that claims more values than its file can hold, before memory for them is taken.
fn check_size(home: &DomainFile, name: &str, n_values: Option<usize>, value_bytes: usize) -> Result<(), Error> {
    let claimed = n_values.and_then(|n_values| n_values.checked_mul(value_bytes));
    match claimed {
        Some(claimed) if claimed as u64 / MAX_BYTES_PER_FILE_BYTE <= home.bytes => Ok(()),
        _ => Err(damaged(
            &home.path,
            format!("field {name} claims more values than a file of {} bytes can hold", home.bytes),
        )
        .into()),
    }
}

fn descriptor(dataset: &Dataset) -> Option<TypeDescriptor> {
    dataset.dtype().ok()?.to_descriptor().ok()
}

fn is_characters(dataset: &Dataset) -> bool {
    matches!(descriptor(dataset), Some(TypeDescriptor::FixedAscii(1) | TypeDescriptor::FixedUnicode(1)))
}

fn expect_floats(home: &DomainFile, name: &str, dataset: &Dataset) -> Result<(), Error> {
    match descriptor(dataset) {
        Some(TypeDescriptor::Float(FloatSize::U4 | FloatSize::U8)) => Ok(()),
        _ => Err(damaged(&home.path, format!("field {name} does not hold floats")).into()),
    }
}

fn attribute_text(attribute: &Attribute) -> Option<String> {
    let first = match attribute.dtype().ok()?.to_descriptor().ok()? {
        TypeDescriptor::FixedAscii(_) => {
            attribute.read_raw::<FixedAscii<MAX_ATTRIBUTE_BYTES>>().ok()?.first()?.as_bytes().to_vec()
        }
        TypeDescriptor::FixedUnicode(_) => {
            attribute.read_raw::<FixedUnicode<MAX_ATTRIBUTE_BYTES>>().ok()?.first()?.as_bytes().to_vec()
        }
        TypeDescriptor::VarLenAscii => attribute.read_raw::<VarLenAscii>().ok()?.first()?.as_bytes().to_vec(),
        TypeDescriptor::VarLenUnicode => attribute.read_raw::<VarLenUnicode>().ok()?.first()?.as_bytes().to_vec(),
        _ => return None,
    };
    String::from_utf8(first).ok()
}

fn damaged(path: &Path, message: String) -> Problem {
    Problem::new(message)
        .in_file(path)
        .hint("the run folder is damaged or was written by another version; run the scenario again")
}

fn unreadable(home: &DomainFile, name: &str, cause: &dyn std::fmt::Display) -> Error {
    damaged(&home.path, format!("field {name} cannot be read: {cause}")).into()
}
