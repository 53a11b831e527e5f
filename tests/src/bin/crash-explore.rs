//! `crash-explore`: crashes of a simulated disk by hand, as long as one likes.
//!
//! `--seconds T` (10), `--seed S` (1), `--turn N` (0: where to begin; turns grow), or `--replay WORD` to go through a
//! finding again. Exit code 0: every promise held; 1: one was broken; 2: wrong arguments.

use std::process::ExitCode;
use std::time::Duration;

use session_tests::{explore, numbers, replay, say};

fn main() -> ExitCode {
    let mut arguments = std::env::args().skip(1);
    let outcome = match (arguments.next().as_deref(), arguments.next()) {
        (Some("--replay"), Some(word)) => go_through_again(&word),
        _ => go_on(),
    };
    outcome.unwrap_or_else(|wrong| {
        say::complaint(&format!("crash-explore: {wrong}"));
        ExitCode::from(2)
    })
}

fn go_through_again(word: &str) -> Result<ExitCode, String> {
    let again = word
        .parse()
        .map_err(|error: session_storage::explore::NoReplay| error.to_string())?;
    let (story, outcome) = match replay(&again) {
        Ok(story) => (story, Ok(())),
        Err((story, broken)) => (story, Err(broken)),
    };
    for line in story {
        say::line(&line);
    }
    Ok(match outcome {
        Ok(()) => {
            say::line("the promise held");
            ExitCode::SUCCESS
        }
        Err(broken) => {
            say::complaint(&format!("crash-explore: {broken}"));
            ExitCode::FAILURE
        }
    })
}

fn go_on() -> Result<ExitCode, String> {
    let given = numbers(std::env::args().skip(1), &["--seconds", "--seed", "--turn"])
        .map_err(|error| error.to_string())?;
    let number = |name: &str, default: u64| given.get(name).copied().unwrap_or(default);
    let seed = number("--seed", 1);
    let turn = usize::try_from(number("--turn", 0)).unwrap_or(usize::MAX);
    let time = Duration::from_secs(number("--seconds", 10));
    Ok(match explore(turn, seed, time) {
        Ok(table) => {
            say::line(&format!("seed {seed}, every promise held\n{table}"));
            ExitCode::SUCCESS
        }
        Err(broken) => {
            say::complaint(&format!("crash-explore: {broken}"));
            ExitCode::FAILURE
        }
    })
}
