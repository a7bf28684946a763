//! Which files hold the series of a case, and the days of them that it needs.

use std::path::{Path, PathBuf};

use conurb_climate::calendar::Calendar;
use conurb_climate::sample::Sample;

use super::adjust::Dated;
use super::case_file::Case;
use crate::error::{Error, Problem};
use crate::formats::cf::{CfFile, DailyScratch, DailyVariable};
use crate::inputs::quantity;
use crate::stages::climate::align::{Alignment, NO_STEP};

/// How files are opened.
pub type Open<'a> = &'a dyn Fn(&Path) -> Result<CfFile, Error>;

/// The netCDF files of the cases, opened once each.
pub struct Archive<'a> {
    directory: PathBuf,
    files: Vec<PathBuf>,
    references: Vec<String>,
    open: Open<'a>,
    opened: Vec<Opened>,
}

/// A variable of some files.
struct Opened {
    paths: Vec<PathBuf>,
    name: &'static str,
    variable: DailyVariable,
}

impl<'a> Archive<'a> {
    /// The files in a folder; if it has none, those of a folder beside it that holds the reference of the first case.
    ///
    /// # Errors
    /// There are none.
    pub fn find(directory: &Path, cases: &[Case], open: Open<'a>) -> Result<Archive<'a>, Error> {
        let mut files = netcdf_files(directory)?;
        if let Some(first) = cases.first().filter(|_| files.is_empty()) {
            let holds = |files: &Vec<PathBuf>| files.iter().any(|file| begins(file, &first.reference));
            files = folders_beside(directory)
                .iter()
                .flat_map(|folder| netcdf_files(folder))
                .find(holds)
                .unwrap_or_default();
        }
        if files.is_empty() {
            let problem = Problem::new("no netCDF file (*.nc) here").in_file(directory);
            return Err(problem.hint("the files of the reference and of the model lie beside cases.json").into());
        }
        let references = cases.iter().map(|case| case.reference.clone()).collect();
        Ok(Archive { directory: directory.to_path_buf(), files, references, open, opened: Vec::new() })
    }

    /// Reference, historical series and future of a case, in the calendar of the model; `tell` gets days that a
    /// file does not have.
    ///
    /// # Errors
    /// Files, the variable, the place or all days of it are missing.
    pub fn series<T: Sample>(&mut self, case: &Case, tell: &dyn Fn(&str)) -> Result<[Dated<T>; 3], Error> {
        let of_reference = self.beginning(case, "ref", &case.reference)?;
        let of_model = match &case.model {
            Some(prefix) => self.beginning(case, "model", prefix)?,
            None => vec![self.of_future(case)?],
        };
        let calendar = self.variable(&of_model, case)?.days.calendar;
        let mut read = |paths: &[PathBuf], years| {
            let variable = self.variable(paths, case)?;
            slice(variable, case, calendar, years, tell)
        };
        Ok([
            read(&of_reference, case.reference_years)?,
            read(&of_model, case.reference_years)?,
            read(&of_model, case.future_years)?,
        ])
    }

    /// Files whose names begin so.
    fn beginning(&self, case: &Case, key: &str, prefix: &str) -> Result<Vec<PathBuf>, Error> {
        let found: Vec<PathBuf> = self.files.iter().filter(|file| begins(file, prefix)).cloned().collect();
        if found.is_empty() {
            let problem = Problem::new(format!("no file {prefix}*.nc, which the case {} names", case.name));
            return Err(problem
                .in_file(&self.directory)
                .of_key(key)
                .hint(format!("there are {}", self.names()))
                .into());
        }
        Ok(found)
    }

    /// The file of no reference that has the variable in the years of the future; of several the one with the most days.
    fn of_future(&mut self, case: &Case) -> Result<PathBuf, Error> {
        let others: Vec<PathBuf> = self.files.iter().filter(|file| !self.is_reference(file)).cloned().collect();
        let [first, last] = case.future_years;
        let mut found = Vec::new();
        for file in others {
            let is_open = self.opened.iter().any(|opened| opened.is(std::slice::from_ref(&file), case));
            if !is_open && (self.open)(&file)?.variable(case.variable.name()).is_err() {
                continue;
            }
            let dates = self.variable(std::slice::from_ref(&file), case)?.days.dates();
            if dates.iter().any(|date| (first..=last).contains(&date.year)) {
                found.push((dates.len(), file));
            }
        }
        let most_days = found.iter().map(|(n_days, _)| *n_days).max();
        found.retain(|(n_days, _)| Some(*n_days) == most_days);
        match <[(usize, PathBuf); 1]>::try_from(found) {
            Ok([(_, one)]) => Ok(one),
            Err(found) => {
                let (n_files, name) = (found.len(), case.variable.name());
                let message = format!(
                    "{n_files} files beside the references have {name} in {first}-{last}, which the case {} needs of one",
                    case.name
                );
                let hint =
                    format!("\"model\" in the case says how the model's files begin; there are {}", self.names());
                Err(Problem::new(message).in_file(&self.directory).hint(hint).into())
            }
        }
    }

    fn is_reference(&self, file: &Path) -> bool {
        self.references.iter().any(|reference| begins(file, reference))
    }

    fn variable(&mut self, paths: &[PathBuf], case: &Case) -> Result<&DailyVariable, Error> {
        let known = self.opened.iter().position(|opened| opened.is(paths, case));
        let index = match known {
            Some(index) => index,
            None => {
                let files = paths.iter().map(|path| (self.open)(path)).collect::<Result<Vec<_>, _>>()?;
                let name = case.variable.name();
                let variable = DailyVariable::of(files, name, quantity(case.variable))?;
                self.opened.push(Opened { paths: paths.to_vec(), name, variable });
                self.opened.len() - 1
            }
        };
        Ok(&self.opened[index].variable)
    }

    fn names(&self) -> String {
        let name = |file: &PathBuf| file.file_name().unwrap_or_default().to_string_lossy().into_owned();
        self.files.iter().map(name).collect::<Vec<_>>().join(", ")
    }
}

impl Opened {
    fn is(&self, paths: &[PathBuf], case: &Case) -> bool {
        self.paths == paths && self.name == case.variable.name()
    }
}

/// The days of some years at the case's place.
fn slice<T: Sample>(
    variable: &DailyVariable,
    case: &Case,
    calendar: Calendar,
    years: [i32; 2],
    tell: &dyn Fn(&str),
) -> Result<Dated<T>, Error> {
    let file = variable.files().next().expect("a variable is of a file").path();
    let wrong = |message: String| Problem::new(message).in_file(file).of_key(case.variable.name());
    let cell = match &variable.grid.names {
        None if variable.grid.len() == 1 => 0,
        None => return Err(wrong("its cells have no names to find places by".to_owned()).into()),
        Some(names) => {
            let place = names.iter().position(|name| name.trim().eq_ignore_ascii_case(case.location.trim()));
            place.ok_or_else(|| {
                let message = format!("there is no place {}, which the case {} names", case.location, case.name);
                wrong(message).hint(format!("it has {}", names.join(", ")))
            })?
        }
    };
    let alignment = Alignment::new(&variable.days, calendar, years);
    let [first, last] = years;
    let of_file = alignment.window();
    if of_file.is_empty() {
        let message = format!("it has no day of {first}-{last}, which the case {} needs", case.name);
        return Err(wrong(message).into());
    }
    if alignment.n_missing() > 0 && variable.days.calendar == calendar {
        let n_missing = alignment.n_missing();
        tell(&format!("{}: {} lacks {n_missing} days of {first}-{last}", case.name, file.display()));
    }
    let mut steps = vec![T::default(); of_file.len()];
    variable.read_cells(cell..cell + 1, of_file.clone(), &mut DailyScratch::default(), &mut steps)?;
    let of_step = |&step: &u32| match step {
        NO_STEP => T::from_f64(f64::NAN),
        step => steps[step as usize - of_file.start],
    };
    let values: Vec<T> = alignment.steps.iter().map(of_step).collect();
    if values.iter().all(|value| value.is_missing()) {
        let message = format!("{} has no value in {first}-{last}, which the case {} needs", case.location, case.name);
        return Err(wrong(message).into());
    }
    Ok(Dated { days: alignment.days, values })
}

/// Whether a file's name begins with a word, whatever its case.
fn begins(file: &Path, word: &str) -> bool {
    let name = file.file_name().unwrap_or_default().to_string_lossy().to_lowercase();
    let rest = name.strip_prefix(&word.to_lowercase());
    rest.is_some_and(|rest| !rest.starts_with(|next: char| next.is_alphanumeric()))
}

/// The netCDF files in a folder, in the order of their names.
fn netcdf_files(folder: &Path) -> Result<Vec<PathBuf>, Error> {
    let unreadable = |cause| Error::from(Problem::new(format!("cannot be listed: {cause}")).in_file(folder));
    let read = std::fs::read_dir(folder).map_err(unreadable)?;
    let mut files: Vec<PathBuf> =
        read.map(|entry| entry.map(|entry| entry.path())).collect::<Result<_, _>>().map_err(unreadable)?;
    files.retain(|file| file.extension().is_some_and(|extension| extension.eq_ignore_ascii_case("nc")));
    files.sort();
    Ok(files)
}

/// Folders beside a folder, in the order of their names.
fn folders_beside(folder: &Path) -> Vec<PathBuf> {
    let Ok(entries) = folder.canonicalize().and_then(|folder| std::fs::read_dir(folder.join(".."))) else {
        return Vec::new();
    };
    let mut folders: Vec<PathBuf> = entries.flatten().map(|entry| entry.path()).filter(|path| path.is_dir()).collect();
    folders.sort();
    folders
}
