//! The process in which a release runs: a request a line, an answer a line.

use std::io::{self, BufRead as _, BufReader, Write as _};
use std::path::Path;
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};

use serde_json::Value;

/// The driver does not answer.
#[derive(Debug, thiserror::Error)]
pub enum PeerError {
    /// It cannot be started.
    #[error("cannot start {python}")]
    Start {
        /// The interpreter.
        python: String,
        /// Why.
        #[source]
        source: io::Error,
    },
    /// It ended, or its pipe broke.
    #[error("the driver ended without an answer")]
    Gone(#[source] io::Error),
    /// It said something that is no answer.
    #[error("the driver's answer is not JSON")]
    Json(#[source] serde_json::Error),
}

/// A running driver; it ends when this is dropped.
pub(super) struct Peer {
    child: Child,
    requests: Option<ChildStdin>,
    answers: BufReader<ChildStdout>,
}

impl Peer {
    /// Starts a driver of `tests/interop` with the interpreter of a virtual environment.
    pub(super) fn start(python: &str, driver: &str) -> Result<Self, PeerError> {
        let failed = |source| PeerError::Start {
            python: python.to_owned(),
            source,
        };
        let driver = Path::new(env!("CARGO_MANIFEST_DIR"))
            .join("interop")
            .join(driver);
        let mut child = Command::new(python)
            .arg(driver)
            // Some answers of the releases follow the order of sets.
            .env("PYTHONHASHSEED", "0")
            .env("PYTHONDONTWRITEBYTECODE", "1")
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .map_err(failed)?;
        let (requests, answers) = (child.stdin.take(), child.stdout.take());
        let answers = answers.ok_or_else(|| failed(io::ErrorKind::BrokenPipe.into()))?;
        Ok(Self {
            child,
            requests,
            answers: BufReader::new(answers),
        })
    }

    /// Asks and waits for the answer.
    pub(super) fn ask(&mut self, request: &Value) -> Result<Value, PeerError> {
        let mut ask = || {
            let requests = self.requests.as_mut().ok_or(io::ErrorKind::BrokenPipe)?;
            writeln!(requests, "{request}")?;
            requests.flush()?;
            let mut line = String::new();
            match self.answers.read_line(&mut line)? {
                0 => Err(io::ErrorKind::UnexpectedEof.into()),
                _ => Ok(line),
            }
        };
        let line = ask().map_err(PeerError::Gone)?;
        serde_json::from_str(&line).map_err(PeerError::Json)
    }
}

impl Drop for Peer {
    /// The driver ends at the end of its input.
    fn drop(&mut self) {
        drop(self.requests.take());
        let _ = self.child.wait();
    }
}
