//! The command itself: an environment for each release, then the rounds.

use super::environment::{self, EnvironmentError, RELEASES};
use crate::flags::InteropFlags;
use crate::process::{ProcessError, Program};
use crate::say;

/// The release whose runner takes part in `--runs`.
const RUNNER: &str = "0.38.0";

/// Why `interop` did not pass.
#[derive(Debug, thiserror::Error)]
pub(crate) enum InteropError {
    /// A release cannot be installed here.
    #[error("plainbox {release} cannot be had on this machine")]
    Environment {
        /// The release.
        release: String,
        /// What is missing.
        #[source]
        source: EnvironmentError,
    },
    /// There was a difference, or the program could not be built; it has been printed.
    #[error("cannot say that plainbox reads our sessions and we read its")]
    Failed(#[from] ProcessError),
}

/// Plays the rounds with each release that the flags ask for.
pub(crate) fn run(flags: &InteropFlags) -> Result<(), InteropError> {
    let mut skipped = 0;
    for &release in RELEASES {
        let other = flags.version.as_deref().is_some_and(|only| only != release);
        if other || (flags.runs && release != RUNNER) {
            continue;
        }
        match environment::python_of(release) {
            Ok(python) if flags.runs => runs(&python).run()?,
            Ok(python) => program(flags, release, &python).run()?,
            Err(source) if flags.skip_unreachable => {
                skipped += 1;
                let why = say::chain(&source);
                say::line(&format!(
                    "interop: SKIPPED plainbox {release}, it cannot be had here: {why}"
                ));
            }
            Err(source) => {
                let release = release.to_owned();
                return Err(InteropError::Environment { release, source });
            }
        }
    }
    if skipped > 0 {
        say::line(&format!(
            "interop: {skipped} of {} releases were SKIPPED, so nothing is proven about them",
            RELEASES.len()
        ));
    }
    Ok(())
}

/// The program that runs a plan by turns with a release.
pub(super) fn runs(python: &str) -> Program {
    of_tests("interop-runs", &[python])
}

/// The program that plays the rounds with one release.
pub(super) fn program(flags: &InteropFlags, release: &str, python: &str) -> Program {
    let mut program = of_tests("interop", &[release, python]);
    let numbers = [
        ("--rounds", Some(flags.rounds)),
        ("--seed", flags.seed),
        ("--first", flags.first),
        ("--json", flags.json.then_some(1)),
    ];
    for (flag, number) in numbers {
        if let Some(number) = number {
            program
                .arguments
                .extend([flag.to_owned(), number.to_string()]);
        }
    }
    program
}

/// A program of `session-tests` with these arguments.
fn of_tests(name: &str, arguments: &[&str]) -> Program {
    let start = [
        "run",
        "--quiet",
        "--package",
        "session-tests",
        "--bin",
        name,
        "--",
    ];
    Program::new("cargo", &[&start, arguments].concat())
}
