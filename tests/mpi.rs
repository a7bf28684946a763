//! The runtime over MPI ranks: this program starts itself under `mpirun` and judges how the job ends.
//!
//! Without a test harness, because MPI wants the main thread, which a harness keeps to itself.

mod conformance;
mod sample_run;

use std::path::Path;
use std::process::{Command, ExitCode, Output};
use std::time::{Duration, Instant};

use conurb::error::{Error, Problem};
use conurb::field::{Values, traffic};
use conurb::parallel::{LaunchOptions, Runtime, launch, tell_for_job};
use conurb::stages::FieldSink;
use conurb::store::{OpenMode, RunFolder};

/// Name, what each rank does, and what must come of the job on three ranks.
type Case = (&'static str, fn(&Runtime) -> Result<(), Error>, fn(&Output));

const CASES: &[Case] = &[
    ("conforms", conforms, |output| {
        ends(output, 0, &[]);
        assert!(text(&output.stdout).contains("3 mpi ranks conform"), "{}", text(&output.stdout));
    }),
    ("an_agreed_error_is_the_exit_code_of_all", agreed_error, |output| {
        ends(output, 2, &["net.csv:7: a negative capacity"]);
    }),
    ("an_early_end_is_the_exit_code_of_all", early_end, |output| ends(output, 75, &["state saved: the time is up"])),
    ("a_rank_that_is_done_is_named", done_early, |output| ends(output, 1, &["rank 1 has ended while rank"])),
    ("a_panic_ends_all_and_names_rank_and_stage", panics, |output| {
        ends(output, 1, &["rank 2 panicked in stage traffic.assignment", "chunk 5 is cursed"]);
    }),
    ("a_hung_rank_is_named", hangs, |output| {
        ends(output, 1, &["in stage traffic.assignment and heard nothing from rank 1;"]);
    }),
    ("a_run_folder_is_written_together", writes_together, |output| {
        ends(output, 0, &[]);
        let serial = Runtime::serial(1).and_then(|runtime| checksum_of_sample(&runtime)).expect("one rank writes it");
        assert!(text(&output.stdout).contains(&serial), "{serial} expected: {}", text(&output.stdout));
    }),
    ("a_value_that_cannot_be_stored_ends_all", writes_infinity, |output| {
        ends(output, 1, &["field link_cost of traffic.nc has the value inf at 0"]);
    }),
];

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    if let Ok(case) = std::env::var("CONURB_TEST_MPI_CASE") {
        return be_a_rank(&case);
    }
    let has = |word: &str| arguments.iter().any(|argument| argument == word);
    if has("--list") {
        let listed = CASES.iter().filter(|_| !has("--ignored"));
        listed.for_each(|(name, ..)| println!("{name}: test"));
        return ExitCode::SUCCESS;
    }
    // As a harness does: words are filters, options of a harness change nothing here.
    let filters: Vec<&String> = arguments.iter().filter(|argument| !argument.starts_with('-')).collect();
    for (name, _, judge) in CASES {
        if filters.is_empty() || filters.iter().any(|filter| name.contains(filter.as_str())) {
            let start = Instant::now();
            judge(&run_ranks(name));
            println!("test {name} ... ok, {:.1} s", start.elapsed().as_secs_f64());
        }
    }
    ExitCode::SUCCESS
}

fn be_a_rank(case: &str) -> ExitCode {
    let (_, body, _) = CASES.iter().find(|(name, ..)| *name == case).expect("the parent names a case");
    match launch(&LaunchOptions { threads: Some(2), local_ranks: None }, body) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            tell_for_job(|| eprintln!("error: {error}"));
            ExitCode::from(error.exit_code())
        }
    }
}

fn run_ranks(case: &str) -> Output {
    let program = std::env::current_exe().expect("a running program has a path");
    Command::new(std::env::var("CONURB_MPIRUN").unwrap_or_else(|_| "mpirun".to_owned()))
        .args(["--oversubscribe", "--bind-to", "none", "-n", "3"])
        .arg(program)
        .env("CONURB_TEST_MPI_CASE", case)
        .env("CONURB_MPI_TIMEOUT_S", if case == "a_hung_rank_is_named" { "2" } else { "60" })
        // Open MPI refuses root, which containers run as, unless told twice.
        .env("OMPI_ALLOW_RUN_AS_ROOT", "1")
        .env("OMPI_ALLOW_RUN_AS_ROOT_CONFIRM", "1")
        .output()
        .expect("mpirun starts")
}

fn ends(output: &Output, code: i32, words: &[&str]) {
    let (out, err) = (text(&output.stdout), text(&output.stderr));
    assert_eq!(output.status.code(), Some(code), "{out}\n{err}");
    words.iter().for_each(|word| assert!(err.contains(word), "no \"{word}\" in:\n{err}"));
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

fn conforms(runtime: &Runtime) -> Result<(), Error> {
    assert_eq!((runtime.comm().backend(), runtime.size()), ("mpi", 3));
    assert!(runtime.comm().mpi_communicator().is_some());
    conformance::all(runtime)?;
    if runtime.is_root() {
        println!("{} {} ranks conform", runtime.size(), runtime.comm().backend());
    }
    Ok(())
}

fn agreed_error(runtime: &Runtime) -> Result<(), Error> {
    let problem = || Problem::new("a negative capacity").in_file("net.csv").at_line(7);
    runtime.agree(if runtime.rank() == 1 { Err(problem().into()) } else { Ok(()) })
}

fn early_end(runtime: &Runtime) -> Result<(), Error> {
    if runtime.rank() == 2 { Err(Error::Stopped("the time is up".into())) } else { runtime.agree(Ok(())) }
}

fn done_early(runtime: &Runtime) -> Result<(), Error> {
    if runtime.rank() == 1 { Ok(()) } else { runtime.agree(Ok(())) }
}

fn panics(runtime: &Runtime) -> Result<(), Error> {
    runtime.enter_stage("traffic.assignment");
    let chunks = conurb::parallel::Chunks::contiguous(6, 3);
    let own = runtime.map(&chunks, &[0, 1, 2, 3, 4, 5], &mut [(); 6], &runtime.scratch(|| ()), |chunk, _, _| {
        assert!(chunk != 5, "chunk {chunk} is cursed");
    });
    runtime.agree(Ok(own)).map(|_| ())
}

fn hangs(runtime: &Runtime) -> Result<(), Error> {
    runtime.enter_stage("traffic.assignment");
    if runtime.rank() == 1 {
        std::thread::sleep(Duration::from_secs(60));
    }
    runtime.agree(Ok(()))
}

fn checksum_of_sample(runtime: &Runtime) -> Result<String, Error> {
    in_shared_folder(runtime, |folder| sample_run::write_run(runtime, folder))
}

fn writes_together(runtime: &Runtime) -> Result<(), Error> {
    let checksum = checksum_of_sample(runtime)?;
    if runtime.is_root() {
        println!("{checksum}");
    }
    Ok(())
}

fn writes_infinity(runtime: &Runtime) -> Result<(), Error> {
    in_shared_folder(runtime, |folder| {
        let folder = RunFolder::open(runtime, folder, OpenMode::New, &sample_run::identity(), sample_run::header())?;
        let mut sink = folder.stage_sink("traffic.assignment");
        sink.create(&traffic::LINK_COST, &[3])?;
        let cost = ndarray::arr1(&[if runtime.rank() == 1 { f64::INFINITY } else { 1.0 }]).into_dyn();
        sink.write_parts(&traffic::LINK_COST, &[(vec![runtime.rank()], Values::F64(cost.view()))])
    })
}

/// Runs `body` in one new folder for all ranks.
fn in_shared_folder<T>(runtime: &Runtime, body: impl FnOnce(&Path) -> Result<T, Error>) -> Result<T, Error> {
    let made = runtime.is_root().then(|| tempfile::tempdir().expect("a temporary folder"));
    let path = runtime.from_root(|| {
        let path = made.as_ref().expect("rank 0 made it").path();
        Ok(path.to_str().expect("temporary folders have plain names").as_bytes().to_vec())
    })?;
    let result = body(Path::new(std::str::from_utf8(&path).expect("rank 0 sent a text")));
    // The folder stays until no rank works in it any more.
    runtime.agree(result)
}
