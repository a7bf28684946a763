//! HDF5 files from elsewhere are read once by a child process: a damaged one can crash or hang the HDF5 library.

mod limits;

use std::ffi::OsStr;
use std::io::{Read, Write};
use std::path::Path;
use std::process::{Child, Command, ExitStatus, Stdio};
use std::time::{Duration, Instant};

use super::cf::{CfFile, Description};
use super::omx;
use crate::error::{Error, Problem};

/// The hidden argument of the program, before the file, that makes it call [`child_main`].
const ARGUMENT: &str = "probe-hdf5";
/// The hidden argument that makes it call [`describe_main`].
const DESCRIBE_ARGUMENT: &str = "probe-netcdf";

/// Seconds that any file gets, and one more for each of these bytes: inflation and conversion run faster than that.
const SECONDS: u64 = 20;
const BYTES_PER_SECOND: u64 = 10 << 20;
/// Memory beside three times the file's size: the bytes, and two copies that the library makes.
const MEMORY_BYTES: u64 = 4 << 30;
const POLL: Duration = Duration::from_millis(2);
const MOST_TEXT: u64 = 4096;
/// Longest description of a file: some fifty million chunks.
const MOST_DESCRIPTION: u64 = 1 << 30;
/// Variables by which an MPI launcher adopts a process; the child is no rank.
const LAUNCHER_VARIABLES: [&str; 4] = ["OMPI_", "PMIX_", "PMI_", "PRTE_"];

/// Whether a file can be read through without harm, tried in a child process under limits of time and memory.
///
/// # Errors
/// The file is not readable as HDF5, or the child cannot be started.
pub fn check(path: &Path) -> Result<(), Error> {
    let program =
        std::env::current_exe().map_err(|error| Error::Failed(format!("cannot find the program: {error}")))?;
    let mut command = Command::new(program);
    command.arg(ARGUMENT).arg(path);
    check_with(command, path)
}

/// Opens a climate file; a child process asks the HDF5 library what a netCDF-4 file says of itself.
///
/// # Errors
/// As [`CfFile::open`], or the child crashes or takes too long, or cannot be started.
pub fn open_cf(path: &Path) -> Result<CfFile, Error> {
    let program =
        std::env::current_exe().map_err(|error| Error::Failed(format!("cannot find the program: {error}")))?;
    open_cf_by(&program, path)
}

/// The same with a given program of the engine, for programs that are not the engine themselves.
///
/// # Errors
/// As [`open_cf`].
pub fn open_cf_by(program: &Path, path: &Path) -> Result<CfFile, Error> {
    if !CfFile::needs_library(path)? {
        return CfFile::open(path);
    }
    let mut command = Command::new(program);
    command.arg(DESCRIBE_ARGUMENT).arg(path).stdout(Stdio::piped());
    let said = output_with(command, path)?;
    let description: Description = serde_json::from_slice(&said).map_err(|error| Error::file("probe", path, error))?;
    CfFile::attach(description)
}

/// What a child does with a file.
pub type Task = fn(&Path) -> Result<(), Error>;

/// What the program does instead of all else if its first argument asks for it.
pub fn child(argument: &OsStr) -> Option<Task> {
    match argument.to_str()? {
        ARGUMENT => Some(child_main),
        DESCRIBE_ARGUMENT => Some(describe_main),
        _ => None,
    }
}

/// What the child does: reads all matrices of the file once, under limits that it sets itself.
fn child_main(path: &Path) -> Result<(), Error> {
    set_limits(path)?;
    let bytes = std::fs::read(path).map_err(|error| Error::file("read", path, error))?;
    omx::read_everything(&bytes).map_err(|problem| problem.in_file(path).into())
}

/// What the child does for climate files: prints the description.
fn describe_main(path: &Path) -> Result<(), Error> {
    set_limits(path)?;
    let described = CfFile::open(path)?;
    let told = |error: std::io::Error| Error::Failed(format!("cannot tell what is in a file: {error}"));
    let mut out = std::io::BufWriter::new(std::io::stdout().lock());
    serde_json::to_writer(&mut out, described.description()).map_err(|error| told(error.into()))?;
    out.flush().map_err(told)
}

fn set_limits(path: &Path) -> Result<(), Error> {
    let n_bytes = size_of_file(path)?;
    limits::set(seconds_for(n_bytes), MEMORY_BYTES.saturating_add(n_bytes.saturating_mul(3)))
        .map_err(|error| Error::Failed(format!("cannot set the limits of a probe: {error}")))
}

fn check_with(mut command: Command, path: &Path) -> Result<(), Error> {
    command.stdout(Stdio::null());
    output_with(command, path).map(|_| ())
}

/// What a child prints, if its output is a pipe, and if it ends well.
fn output_with(mut command: Command, path: &Path) -> Result<Vec<u8>, Error> {
    // Wall time is twice the processor time, for machines that are busy or wait for their disks.
    let deadline = Instant::now() + Duration::from_secs(2 * seconds_for(size_of_file(path)?));
    for (name, _) in std::env::vars_os() {
        if LAUNCHER_VARIABLES.iter().any(|prefix| name.to_string_lossy().starts_with(prefix)) {
            command.env_remove(&name);
        }
    }
    command.stdin(Stdio::null()).stderr(Stdio::piped());
    let mut child = command.spawn().map_err(|error| Error::Failed(format!("cannot start a probe: {error}")))?;
    let stdout = child.stdout.take();
    // A full pipe would stop the child.
    let printed = std::thread::spawn(move || {
        let mut printed = Vec::new();
        stdout.map_or(Ok(0), |stdout| stdout.take(MOST_DESCRIPTION).read_to_end(&mut printed)).map(|_| printed)
    });
    let status = wait(&mut child, deadline).map_err(|error| Error::file("probe", path, error))?;
    let printed = printed.join().map_err(|_| Error::Failed("a probe's reader failed".into()))?;
    let mut said = String::new();
    if let Some(stderr) = child.stderr.take() {
        // What it said only makes the message better.
        let _ = stderr.take(MOST_TEXT).read_to_string(&mut said);
    }
    match status.map(|status| status.code()) {
        Some(Some(0)) => printed.map_err(|error| Error::file("probe", path, error)),
        Some(Some(2)) => Err(Problem::new(told(&said, path)).in_file(path).into()),
        Some(Some(1)) => Err(Error::Failed(said.trim().to_owned())),
        Some(_) => Err(damaged(path, "reading it ends in a crash or takes too much time or memory")),
        None => Err(damaged(path, "reading it does not end")),
    }
}

/// The child's end, or none if it had to be ended at the deadline.
fn wait(child: &mut Child, deadline: Instant) -> std::io::Result<Option<ExitStatus>> {
    loop {
        if let Some(status) = child.try_wait()? {
            return Ok(Some(status));
        }
        if Instant::now() >= deadline {
            child.kill()?;
            child.wait()?;
            return Ok(None);
        }
        std::thread::sleep(POLL);
    }
}

/// The child's message without the file, which this process names again.
fn told(said: &str, path: &Path) -> String {
    let prefix = format!("{}: ", path.display());
    let said = said.trim();
    said.strip_prefix(&prefix).unwrap_or(said).to_owned()
}

fn damaged(path: &Path, how: &str) -> Error {
    Problem::new(format!("not readable as HDF5: {how}")).in_file(path).hint("fetch or write the file again").into()
}

fn size_of_file(path: &Path) -> Result<u64, Error> {
    std::fs::metadata(path).map(|metadata| metadata.len()).map_err(|error| Error::file("read", path, error))
}

fn seconds_for(n_bytes: u64) -> u64 {
    SECONDS + n_bytes / BYTES_PER_SECOND
}

#[cfg(test)]
mod tests {
    use ndarray::Array2;

    use super::*;

    const FILE: &str = "CONURB_TEST_PROBE";

    /// Not a test of its own: the others start this test program again with it, as `check` starts the engine.
    #[test]
    fn child() {
        let Some(path) = std::env::var_os(FILE) else { return };
        let code = match child_main(Path::new(&path)) {
            Ok(()) => 0,
            Err(error) => {
                eprintln!("{error}");
                i32::from(error.exit_code())
            }
        };
        std::process::exit(code);
    }

    fn probe(path: &Path) -> Result<(), Error> {
        let mut command = Command::new(std::env::current_exe().unwrap());
        command.args(["--exact", "formats::probe::tests::child", "--nocapture"]).env(FILE, path);
        check_with(command, path)
    }

    fn example(path: &Path) -> Vec<u8> {
        let zone_ids: Vec<i64> = (1..=40).collect();
        let mut writer = omx::OmxWriter::create(path, &zone_ids).unwrap();
        writer.matrix("car", "trips by car").unwrap();
        let rows = Array2::from_shape_fn((40, 40), |(row, column)| (row * column) as f64);
        writer.write_rows("car", 0, &rows.view()).unwrap();
        writer.finish().unwrap();
        std::fs::read(path).unwrap()
    }

    #[test]
    fn good_files_pass_and_others_are_told() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a.omx");
        let bytes = example(&path);
        probe(&path).unwrap();
        std::fs::write(&path, &bytes[..bytes.len() / 2]).unwrap();
        let error = probe(&path).unwrap_err();
        assert_eq!(error.exit_code(), 2);
        let text = error.to_string();
        assert!(text.starts_with(&format!("{}: not readable as HDF5: ", path.display())), "{text}");
        assert_eq!(text.matches("a.omx").count(), 1, "{text}");
        assert_eq!(probe(&folder.path().join("none.omx")).unwrap_err().exit_code(), 1);
    }

    #[test]
    fn a_child_that_dies_or_hangs_is_a_problem_of_the_file() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a.omx");
        std::fs::write(&path, "x").unwrap();
        let mut crash = Command::new("sh");
        crash.args(["-c", "kill -SEGV $$"]);
        let error = check_with(crash, &path).unwrap_err();
        assert_eq!(error.exit_code(), 2);
        assert!(error.to_string().contains("ends in a crash"), "{error}");
        let mut endless = Command::new("sleep").arg("1000").spawn().unwrap();
        assert!(wait(&mut endless, Instant::now() + Duration::from_millis(20)).unwrap().is_none());
    }

    #[test]
    fn the_limits_end_a_child_that_takes_too_much() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a.omx");
        let side = 2_000_000_000_usize;
        let file = hdf5::File::create(&path).unwrap();
        let data = file.create_group("data").unwrap();
        // One row is 16 GB, more than a probe may have.
        data.new_dataset_builder().chunk((1, 1000)).empty::<f64>().shape((side, side)).create("car").unwrap();
        drop((data, file));
        let error = probe(&path).unwrap_err();
        assert_eq!(error.exit_code(), 2);
        assert!(error.to_string().contains("ends in a crash"), "ended by its limits, not at the deadline: {error}");
    }

    #[test]
    fn changed_bytes_never_reach_this_process() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a.omx");
        let bytes = example(&path);
        let mut state = 88_172_645_463_325_252_u64;
        let mut random = |below: usize| {
            state ^= state << 13;
            state ^= state >> 7;
            state ^= state << 17;
            (state % below as u64) as usize
        };
        for _ in 0..60 {
            let mut changed = bytes.clone();
            for _ in 0..1 + random(8) {
                let at = random(changed.len());
                changed[at] = random(256) as u8;
            }
            std::fs::write(&path, &changed).unwrap();
            if let Err(error) = probe(&path) {
                assert_eq!(error.exit_code(), 2, "{error}");
            }
        }
    }
}
