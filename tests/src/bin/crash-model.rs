//! `crash-model`: random sequences of the manager's operations beside a plain model, as many as one likes.
//!
//! `--sequences N` (1000), `--seed S` (1).
//! Exit code 0: every promise held; 1: one was broken, its smallest sequence is printed; 2: wrong arguments.

use std::cell::RefCell;
use std::process::ExitCode;

use proptest::test_runner::{Config, RngAlgorithm, RngSeed, TestCaseError, TestRunner};
use session_storage::Faults;
use session_tests::modelling::{self, Figures};
use session_tests::{numbers, say};

fn main() -> ExitCode {
    let known = ["--sequences", "--seed"];
    let given = match numbers(std::env::args().skip(1), &known) {
        Ok(given) => given,
        Err(error) => {
            say::complaint(&format!("crash-model: {error}"));
            return ExitCode::from(2);
        }
    };
    let number = |name: &str, default: u64| given.get(name).copied().unwrap_or(default);
    let seed = number("--seed", 1);
    let config = Config {
        cases: u32::try_from(number("--sequences", 1000)).unwrap_or(u32::MAX),
        failure_persistence: None,
        rng_algorithm: RngAlgorithm::ChaCha,
        rng_seed: RngSeed::Fixed(seed),
        ..Config::default()
    };
    let figures = RefCell::new(Figures::default());
    let played = TestRunner::new(config).run(&modelling::sequences(), |sequence| {
        let played = modelling::run(&sequence, Faults::default())
            .map_err(|broken| TestCaseError::fail(broken.to_string()))?;
        figures.borrow_mut().add(&played);
        Ok(())
    });
    match played {
        Ok(()) => {
            say::line(&format!("seed {seed}: {}", figures.borrow()));
            ExitCode::SUCCESS
        }
        Err(failure) => {
            say::complaint(&format!("crash-model: seed {seed}: {failure}"));
            ExitCode::FAILURE
        }
    }
}
