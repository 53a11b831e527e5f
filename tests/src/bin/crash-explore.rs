//! `crash-explore`: crashes of a simulated disk by hand, as long as one likes.
//!
//! `--seconds T` (10), `--seed S` (1), `--turn N` (0: where to begin; turns grow).
//! Exit code 0: every promise held; 1: one was broken; 2: wrong arguments.

use std::process::ExitCode;
use std::time::Duration;

use session_tests::{explore, numbers, say};

fn main() -> ExitCode {
    let given = match numbers(std::env::args().skip(1), &["--seconds", "--seed", "--turn"]) {
        Ok(given) => given,
        Err(error) => {
            say::complaint(&format!("crash-explore: {error}"));
            return ExitCode::from(2);
        }
    };
    let number = |name: &str, default: u64| given.get(name).copied().unwrap_or(default);
    let seed = number("--seed", 1);
    let turn = usize::try_from(number("--turn", 0)).unwrap_or(usize::MAX);
    let time = Duration::from_secs(number("--seconds", 10));
    match explore(turn, seed, time) {
        Ok(table) => {
            say::line(&format!("seed {seed}, every promise held\n{table}"));
            ExitCode::SUCCESS
        }
        Err(broken) => {
            say::complaint(&format!("crash-explore: {broken}"));
            ExitCode::FAILURE
        }
    }
}
