//! The command itself: which program is built and started, with what.

use crate::flags::BenchFlags;
use crate::process::{ProcessError, Program};

/// Why `bench` did not pass.
#[derive(Debug, thiserror::Error)]
pub(crate) enum BenchError {
    /// A bar was not reached, or the program could not be built; it has been printed.
    #[error("not every bar is reached")]
    Failed(#[from] ProcessError),
}

/// Builds and starts what the flags ask for, on our own standard streams.
pub(crate) fn run(flags: &BenchFlags) -> Result<(), BenchError> {
    Ok(program(flags).run()?)
}

/// The program that the flags ask for: optimized, with the peers.
pub(super) fn program(flags: &BenchFlags) -> Program {
    let mut program = Program::new(
        "cargo",
        &[
            "run",
            "--quiet",
            "--release",
            "--package",
            "session-bench",
            "--features",
            "peers",
            "--bin",
            "session-bench",
            "--",
        ],
    );
    program.arguments.extend(flags.arguments.iter().cloned());
    program
}
