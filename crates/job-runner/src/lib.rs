//! Runs one job: process group, timeout, output as events to a sink; finds and ends orphans.
//!
//! [`run`] starts the shell command of a job in a process group of its own, hands its output line by
//! line to a [`JobSink`], ends it when its time is over or when it is cancelled, and leaves nothing of
//! it behind. [`find_orphans`] and [`end_orphans`] do the last part for a job whose runner was killed.
//! Which job it is, where its output lies and what a session is are not known here. Linux only: a
//! process is held by a pidfd (kernel 5.3 or newer) and known by what `/proc` says of it.
//!
//! ```
//! use job_runner::{Cancel, IoStream, JobCommand, JobSink, ProcessIdentity, SinkError};
//!
//! #[derive(Default)]
//! struct Collect(Vec<u8>);
//!
//! impl JobSink for Collect {
//!     fn started(&mut self, _: &ProcessIdentity) -> Result<(), SinkError> {
//!         Ok(())
//!     }
//!     fn output(&mut self, _: IoStream, _delay: f64, line: &[u8]) -> Result<(), SinkError> {
//!         self.0.extend_from_slice(line);
//!         Ok(())
//!     }
//! }
//!
//! let mut sink = Collect::default();
//! let command = JobCommand::new("echo $((6 * 7))", "example-1");
//! let end = job_runner::run(&command, &mut sink, &Cancel::new())?;
//! assert_eq!((end.return_code, &sink.0[..]), (Some(0), &b"42\n"[..]));
//! # Ok::<(), job_runner::RunError>(())
//! ```

mod cancel;
mod command;
mod error;
mod lines;
mod sink;

mod process;

mod orphans;
mod outcome;
mod run;

pub use cancel::Cancel;
pub use command::{JobCommand, JobInput, Leftovers, MARK_VARIABLE, Shell, UnknownShell};
pub use error::RunError;
pub use orphans::{EndReport, FoundBy, Orphan, Survivor, end_orphans, find_orphans};
pub use outcome::{Judge, outcome};
pub use process::{Host, HostError, ProcessIdentity, ask_to_end};
pub use run::{EndCause, JobEnd, run};
pub use session_state::IoStream;
pub use sink::{JobSink, SinkError};

#[cfg(test)]
mod testkit;
