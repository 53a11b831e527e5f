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
    // `run` builds one program; the one with the counting allocator stands beside it.
    cargo(&["build", "--bins"]).run()?;
    Ok(program(flags).run()?)
}

/// The program that the flags ask for.
pub(super) fn program(flags: &BenchFlags) -> Program {
    let mut program = cargo(&["run", "--bin", "session-bench"]);
    program.arguments.push("--".to_owned());
    program.arguments.extend(flags.arguments.iter().cloned());
    program
}

/// Cargo, for the benchmarks: optimized, with the peers.
fn cargo(words: &[&str]) -> Program {
    let always = [
        "--quiet",
        "--release",
        "--package",
        "session-bench",
        "--features",
        "peers",
    ];
    Program::new("cargo", &[words, &always].concat())
}
