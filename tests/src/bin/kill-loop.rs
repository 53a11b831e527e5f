//! `kill-loop`: the kill loop by hand, as long as one likes.
//!
//! `--rounds N` (20), `--seed S` (1), `--seconds T` (0), `--first ROUND` (0), `--hands H` (4).
//! Exit code 0: every promise held; 1: one was broken, the folder is kept; 2: wrong arguments.

use std::process::ExitCode;
use std::time::Duration;

use session_tests::killing::{self, Settings};
use session_tests::{Program, numbers, say};

fn main() -> ExitCode {
    let known = ["--rounds", "--seed", "--seconds", "--first", "--hands"];
    let given = match numbers(std::env::args().skip(1), &known) {
        Ok(given) => given,
        Err(error) => {
            say::complaint(&format!("kill-loop: {error}"));
            return ExitCode::from(2);
        }
    };
    let number = |name: &str, default: u64| given.get(name).copied().unwrap_or(default);
    let settings = Settings {
        seed: number("--seed", 1),
        first: number("--first", 0),
        rounds_min: number("--rounds", 20),
        time: Duration::from_secs(number("--seconds", 0)),
        hands: number("--hands", 4),
    };
    let program = match Program::built() {
        Ok(program) => program,
        Err(error) => {
            say::complaint(&format!("kill-loop: {}", say::chain(&error)));
            return ExitCode::FAILURE;
        }
    };
    match killing::run(&program, &settings) {
        Ok(figures) => {
            say::line(&format!("seed {}: {figures}", settings.seed));
            ExitCode::SUCCESS
        }
        Err(failure) => {
            say::complaint(&format!("kill-loop: {failure}"));
            ExitCode::FAILURE
        }
    }
}
