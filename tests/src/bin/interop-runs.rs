//! `interop-runs`: runs of a plan begun by plainbox 0.38.0 and ended by us, and the other way round.
//!
//! Its one argument is the interpreter of a virtual environment that holds the release; `cargo xtask interop --runs`
//! makes one. Exit code 0: no difference; 1: there is one; 2: wrong arguments.

use std::process::ExitCode;

use session_tests::interop::run_plans;
use session_tests::say;

fn main() -> ExitCode {
    let mut arguments = std::env::args().skip(1);
    let (Some(python), None) = (arguments.next(), arguments.next()) else {
        say::complaint(
            "interop-runs: wants the interpreter of an environment with plainbox 0.38.0",
        );
        return ExitCode::from(2);
    };
    match run_plans(&python) {
        Ok(figures) => {
            say::line(&figures.to_string());
            ExitCode::SUCCESS
        }
        Err(error) => {
            say::complaint(&format!("interop-runs: {}", say::chain(&error)));
            ExitCode::FAILURE
        }
    }
}
