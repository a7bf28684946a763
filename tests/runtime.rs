//! The runtime over one rank and over ranks that are threads: the same bits, one error, one end.

mod conformance;

use std::sync::atomic::{AtomicUsize, Ordering};

use conurb::error::Error;
use conurb::parallel::{LaunchOptions, Runtime, launch};

fn over<T: Send>(ranks: usize, threads: usize, body: impl Fn(&Runtime) -> Result<T, Error> + Sync) -> Result<T, Error> {
    launch(&LaunchOptions { threads: Some(threads), local_ranks: Some(ranks) }, body)
}

#[test]
fn every_number_of_ranks_and_threads_conforms() {
    for ranks in [1, 2, 3, 4, 7] {
        for threads in [1, 2, 4] {
            over(ranks, threads, |runtime| {
                assert_eq!((runtime.size(), runtime.threads()), (ranks, threads));
                assert_eq!(runtime.comm().backend(), if ranks == 1 { "serial" } else { "local" });
                conformance::all(runtime)
            })
            .unwrap_or_else(|error| panic!("{ranks} ranks, {threads} threads: {error}"));
        }
    }
}

#[test]
fn a_panic_on_one_rank_ends_all_and_names_rank_and_stage() {
    for threads in [1, 2] {
        let error = over(3, threads, |runtime| {
            runtime.enter_stage("traffic.assignment");
            let chunks = conurb::parallel::Chunks::contiguous(6, 3);
            let every = [0, 1, 2, 3, 4, 5];
            let own = runtime.map(&chunks, &every, &mut [(); 6], &runtime.scratch(|| ()), |chunk, _, _| {
                assert!(chunk != 3, "chunk {chunk} is cursed");
                vec![0.0]
            });
            runtime.gather(&chunks, &every, Ok(own))
        });
        let text = error.unwrap_err().to_string();
        assert_eq!(text, "rank 1 panicked in stage traffic.assignment: chunk 3 is cursed");
    }
}

#[test]
fn a_rank_that_returns_early_is_the_error_of_the_job() {
    let told = AtomicUsize::new(0);
    let error = over(4, 1, |runtime| {
        if runtime.rank() == 2 {
            return Err(Error::Stopped("the disk is full".into()));
        }
        let error = runtime.agree(Ok(())).unwrap_err();
        assert!(error.to_string().starts_with("rank 2 has ended while rank "), "{error}");
        assert!(error.to_string().contains("the disk is full"), "{error}");
        told.fetch_add(1, Ordering::Relaxed);
        Err::<(), _>(error)
    });
    let error = error.unwrap_err();
    assert_eq!((error.to_string().as_str(), error.exit_code()), ("stopped early, state saved: the disk is full", 75));
    assert_eq!(told.into_inner(), 3);
}

#[test]
fn a_rank_that_is_done_while_others_wait_is_named() {
    let error = over(2, 1, |runtime| if runtime.is_root() { runtime.agree(Ok(())) } else { Ok(()) });
    assert_eq!(error.unwrap_err().to_string(), "rank 1 has ended while rank 0 needs it: it was done");
}

#[test]
fn runtimes_on_the_same_thread_do_not_disturb_each_other() {
    let first = Runtime::serial(2).unwrap();
    let second = Runtime::serial(3).unwrap();
    for runtime in [&first, &second, &first] {
        conformance::all(runtime).unwrap();
    }
    drop(first);
    conformance::all(&second).unwrap();
    conformance::all(&Runtime::serial(2).unwrap()).unwrap();
}

#[test]
fn threads_without_an_option_are_chosen_with_a_reason() {
    let options = LaunchOptions { threads: None, local_ranks: Some(2) };
    let choice = launch(&options, |runtime| Ok(runtime.thread_choice().clone())).unwrap();
    assert!(choice.threads >= 1);
    assert!(choice.reason.contains("divided by 2 local ranks"), "{}", choice.reason);
}
