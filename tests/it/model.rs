//! The manager beside a plain model, and that the model sees mistakes.

use std::cell::RefCell;

use proptest::test_runner::{Config, RngSeed, TestCaseError, TestError, TestRunner};
use session_storage::{Fault, Faults};
use session_tests::modelling::{self, Figures, Sequence};

/// Plays so many sequences of this seed.
fn play(cases: u32, seed: u64, faults: Faults) -> (Figures, Result<(), TestError<Sequence>>) {
    let config = Config {
        cases,
        failure_persistence: None,
        rng_seed: RngSeed::Fixed(seed),
        max_shrink_iters: 0,
        ..Config::default()
    };
    let figures = RefCell::new(Figures::default());
    let played = TestRunner::new(config).run(&modelling::sequences(), |sequence| {
        let played = modelling::run(&sequence, faults)
            .map_err(|broken| TestCaseError::fail(broken.to_string()))?;
        figures.borrow_mut().add(&played);
        Ok(())
    });
    (figures.into_inner(), played)
}

#[test]
fn whatever_happens_what_opens_is_what_was_acknowledged_or_later() {
    let (figures, played) = play(400, 2026, Faults::default());
    if let Err(failure) = played {
        panic!("again: cargo xtask crash --model --sequences 400 --seed 2026\n{failure}");
    }
    assert!(figures.openings > 1000, "{figures}");
    assert!(figures.crashes > 300, "{figures}");
    assert!(figures.failures > 500, "{figures}");
}

#[test]
fn a_mistake_of_the_storage_does_not_pass_the_model() {
    for fault in [
        Fault::AppendWithoutCopy,
        Fault::ShortWriteTaken,
        Fault::ResyncAfterFailure,
    ] {
        let (_, played) = play(3000, 2026, Faults::only(fault));
        assert!(played.is_err(), "{fault:?} was not found");
    }
}
