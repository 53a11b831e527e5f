//! The command itself: which program is started, with what.

use std::io;
use std::path::Path;

use crate::flags::ConformanceFlags;
use crate::process::{ProcessError, Program};

/// Why `conformance` did not pass.
#[derive(Debug, thiserror::Error)]
pub(crate) enum ConformanceError {
    /// The place of a file cannot be told.
    #[error("cannot tell where {path} is")]
    Path {
        /// The path that was given.
        path: String,
        /// Why.
        #[source]
        source: io::Error,
    },
    /// An answer is not the recorded one, or the program could not be built; it has been printed.
    #[error("cannot say that every answer is the recorded one")]
    Failed(#[from] ProcessError),
}

/// Starts the comparison on our own standard streams.
pub(crate) fn run(flags: &ConformanceFlags) -> Result<(), ConformanceError> {
    Ok(program(flags)?.run()?)
}

/// The program that the flags ask for. It runs elsewhere, so paths are made absolute.
pub(super) fn program(flags: &ConformanceFlags) -> Result<Program, ConformanceError> {
    let mut program = Program::new(
        "cargo",
        &[
            "run",
            "--quiet",
            "--package",
            "session-tests",
            "--bin",
            "conformance",
            "--",
        ],
    );
    program.arguments.push(absolute(&flags.dir)?);
    if let Some(table) = &flags.only {
        program
            .arguments
            .extend(["--only".to_owned(), table.clone()]);
    }
    if let Some(file) = &flags.dump {
        program
            .arguments
            .extend(["--dump".to_owned(), absolute(file)?]);
    }
    if flags.json {
        program.arguments.push("--json".to_owned());
    }
    Ok(program)
}

fn absolute(path: &str) -> Result<String, ConformanceError> {
    let absolute = std::path::absolute(Path::new(path));
    let absolute = absolute.map_err(|source| ConformanceError::Path {
        path: path.to_owned(),
        source,
    })?;
    Ok(absolute.to_string_lossy().into_owned())
}
