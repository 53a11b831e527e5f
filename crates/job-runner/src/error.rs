//! Why a job could not be run.

use std::io;
use std::path::PathBuf;

use crate::process::HostError;
use crate::run::JobEnd;
use crate::sink::SinkError;

/// A job that was not run, or not to its end.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum RunError {
    /// Nothing was started: without `/proc` no process can be told from another.
    #[error("cannot tell processes apart")]
    Host(#[source] HostError),
    /// Nothing was started: the shell could not be.
    #[error("cannot start the shell {shell}")]
    Start {
        /// The shell.
        shell: &'static str,
        /// Why.
        #[source]
        source: io::Error,
    },
    /// Nothing was started: the working directory is not there.
    #[error("cannot start in {path}, which is not a directory")]
    WorkingDirectory {
        /// The directory.
        path: PathBuf,
    },
    /// The job was started and killed again: the kernel refused to watch over it.
    #[error("cannot watch over process {pid} (kernel 5.3 or newer is needed)")]
    Watch {
        /// The process.
        pid: u32,
        /// Why.
        #[source]
        source: io::Error,
    },
    /// The sink could take nothing more; the job was ended, and what it said after that is lost.
    #[error("cannot take the output of the job")]
    Sink {
        /// What the sink said.
        #[source]
        source: SinkError,
        /// How the job ended.
        end: Box<JobEnd>,
    },
}
