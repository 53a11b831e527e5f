//! Tools of the system, started and listened to.

use std::io;
use std::path::Path;
use std::process::{Command, Stdio};

/// A tool of the system that failed.
#[derive(Debug, thiserror::Error)]
pub enum ToolError {
    /// It could not be started, or a file for it not be made.
    #[error("cannot use {tool}")]
    Start {
        /// The tool.
        tool: &'static str,
        /// Why.
        #[source]
        source: io::Error,
    },
    /// It answered with a failure.
    #[error("{tool} failed: {said}")]
    Failed {
        /// The tool.
        tool: &'static str,
        /// What it said.
        said: String,
    },
}

/// What a tool says when it does its part.
pub(crate) fn run(tool: &'static str, words: &[&Path]) -> Result<String, ToolError> {
    let ended = Command::new(tool)
        .args(words)
        .stdin(Stdio::null())
        .output()
        .map_err(|source| ToolError::Start { tool, source })?;
    if ended.status.success() {
        return Ok(String::from_utf8_lossy(&ended.stdout).into_owned());
    }
    Err(ToolError::Failed {
        tool,
        said: String::from_utf8_lossy(&ended.stderr).trim().to_owned(),
    })
}
