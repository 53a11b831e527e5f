//! Child processes: started in the root of the workspace, never through a shell.

use std::ffi::OsString;
use std::io;
use std::path::Path;
use std::process::{Command, ExitStatus, Stdio};

use crate::disk;

/// A program that could not be started, or that failed.
#[derive(Debug, thiserror::Error)]
pub(crate) enum ProcessError {
    /// It could not be started at all.
    #[error("cannot start `{line}`")]
    Start {
        /// The command line.
        line: String,
        /// Why.
        #[source]
        source: io::Error,
    },
    /// It ran and ended in failure.
    #[error("`{line}` ended with {status}{}", if .stderr.is_empty() { String::new() } else { format!(": {stderr}") })]
    Failed {
        /// The command line.
        line: String,
        /// How it ended.
        status: ExitStatus,
        /// What it said, where that was captured.
        stderr: String,
    },
}

/// One program with its arguments and the environment it needs beside the inherited one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Program {
    /// Name or path of the program; `cargo` stands for the cargo that started us.
    pub(crate) name: String,
    /// Its arguments.
    pub(crate) arguments: Vec<String>,
    /// Variables set for it.
    pub(crate) environment: Vec<(&'static str, &'static str)>,
}

impl Program {
    /// A program with these arguments.
    pub(crate) fn new(name: &str, arguments: &[&str]) -> Self {
        let arguments = arguments
            .iter()
            .map(|&argument| argument.to_owned())
            .collect();
        Self {
            name: name.to_owned(),
            arguments,
            environment: Vec::new(),
        }
    }

    /// The same with one more variable in its environment.
    pub(crate) fn with_variable(mut self, name: &'static str, value: &'static str) -> Self {
        self.environment.push((name, value));
        self
    }

    /// The line a person types to run it by hand.
    pub(crate) fn line(&self) -> String {
        let variables = self
            .environment
            .iter()
            .map(|(name, value)| format!("{name}=\"{value}\""));
        let words = std::iter::once(self.name.clone()).chain(self.arguments.iter().cloned());
        variables.chain(words).collect::<Vec<_>>().join(" ")
    }

    /// Runs it on our own standard streams.
    pub(crate) fn run(&self) -> Result<(), ProcessError> {
        let status = self
            .command()
            .status()
            .map_err(|source| ProcessError::Start {
                line: self.line(),
                source,
            })?;
        self.judge(status, String::new())
    }

    /// Runs it with both outputs in a file, and tells whether it ended well.
    pub(crate) fn run_into(&self, log: &Path) -> Result<bool, ProcessError> {
        let start = || {
            let output = disk::create(log)?;
            let errors = output.try_clone()?;
            let mut command = self.command();
            command.stdin(Stdio::null()).stdout(output).stderr(errors);
            command.status()
        };
        let status = start().map_err(|source| ProcessError::Start {
            line: self.line(),
            source,
        })?;
        Ok(status.success())
    }

    /// Runs it and returns what it wrote to standard output.
    pub(crate) fn output(&self) -> Result<String, ProcessError> {
        let output = self
            .command()
            .stdin(Stdio::null())
            .output()
            .map_err(|source| ProcessError::Start {
                line: self.line(),
                source,
            })?;
        self.judge(
            output.status,
            String::from_utf8_lossy(&output.stderr).trim().to_owned(),
        )?;
        Ok(String::from_utf8_lossy(&output.stdout).into_owned())
    }

    fn judge(&self, status: ExitStatus, stderr: String) -> Result<(), ProcessError> {
        if status.success() {
            return Ok(());
        }
        Err(ProcessError::Failed {
            line: self.line(),
            status,
            stderr,
        })
    }

    fn command(&self) -> Command {
        let program = match self.name.as_str() {
            "cargo" => std::env::var_os("CARGO").unwrap_or_else(|| OsString::from("cargo")),
            name => OsString::from(name),
        };
        let mut command = Command::new(program);
        command.args(&self.arguments).current_dir(disk::root());
        command.envs(self.environment.iter().copied());
        command
    }
}
