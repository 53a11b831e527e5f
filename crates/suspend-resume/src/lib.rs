//! Codecs between a session state and bytes: the native format and Checkbox JSON; no disk.
//!
//! [`suspend`] turns a state into bytes, [`resume`] turns bytes into a state, [`peek`] tells what a session
//! says about itself without opening it. A journal is fed by [`encode_changes`], [`decode_changes`] and
//! [`Summary`].
//!
//! Every byte string gives a value or a typed error, in time and memory bounded by its length and by
//! [`Limits`]; none makes a reader panic.
//!
//! ```
//! use std::sync::Arc;
//! use session_state::{JobDefinition, JobId, JobOutcome, JobResult, SessionState};
//! use suspend_resume::{Format, ResumeOptions, SuspendOptions, resume, suspend};
//!
//! # fn main() -> Result<(), Box<dyn std::error::Error>> {
//! let fields = vec![("id".into(), "memory/size".into()), ("command".into(), "free".into())];
//! let job = Arc::new(JobDefinition::new(None, fields, None, None));
//! let mut state = SessionState::with_jobs([job])?;
//! state.update_job_result(&JobId::from("memory/size"), JobResult::of(JobOutcome::Pass), None)?;
//!
//! let bytes = suspend(&state, Format::Native, &SuspendOptions::default())?;
//! assert_eq!(resume(&bytes, &[], &ResumeOptions::default(), None)?, state);
//! # Ok(())
//! # }
//! ```

mod error;
mod format;
mod limits;
mod log_path;
mod options;

mod checkbox;
mod native;

mod peek;
mod resume;
mod suspend;

pub use checkbox::{
    BareSession, CheckboxEncoder, CheckboxPeek, JobChecksums, Loss, Obstacle, SystemInformation,
    UnknownFields, decode_log, decode_log_record, encode_log_record, job_checksums, losses,
    peek_checkbox, resume_bare, resume_checkbox, system_information,
};
pub use error::{Corruption, Place, ResumeError, SuspendError};
pub use format::{Format, UnknownFormat};
pub use limits::Limits;
#[cfg(feature = "fuzzing")]
pub use native::resume_bare_body;
pub use native::{
    HeadPeek, PRELUDE_BYTES, Summary, WireSession, decode_changes, encode_changes, head_bytes,
    native_parts, peek_native, resume_native, suspend_native_to,
};
pub use options::{EarlyCallback, LogFiles, ResumeOptions};
pub use peek::{Peek, peek};
pub use resume::{Resumed, resume, resume_whole};
pub use suspend::{SuspendOptions, suspend};

#[cfg(test)]
mod tests;
