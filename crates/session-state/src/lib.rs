//! The pure model of a session: jobs, results, readiness, dependency order, resources.
//!
//! A [`SessionState`] holds [`JobDefinition`]s. A selection pulls in what the selected jobs need and puts all
//! of it in order; what cannot be had is left out with a [`Problem`], and the others go on. Recorded results
//! decide which jobs can start; what a resource job printed becomes the records that the requirement
//! programs ([`expr`]) of other jobs look at.
//!
//! Nothing here knows a file, a clock, a thread or a format. Every mutation can be recorded as a [`Change`],
//! which [`SessionState::apply`] makes on a copy, and is told to [`Observer`]s. No operation walks the whole
//! session unless it changes all of it, and none recurses over jobs: chains of any depth are fine.
//!
//! ```
//! use std::sync::Arc;
//! use session_state::{JobDefinition, JobOutcome, JobResult, SessionState};
//!
//! let job = |fields: &[(&str, &str)]| {
//!     let fields = fields.iter().map(|(name, value)| (Arc::from(*name), (*value).into()));
//!     Arc::new(JobDefinition::new(None, fields.collect(), None, None))
//! };
//! let mut state = SessionState::with_jobs([
//!     job(&[("id", "report"), ("depends", "measure")]),
//!     job(&[("id", "measure"), ("plugin", "shell"), ("command", "uptime")]),
//! ])?;
//! let problems = state.update_desired_jobs(&["report".into()]);
//! assert!(problems.is_empty());
//! let run_list: Vec<&str> = state.run_list().map(|job| job.as_str()).collect();
//! assert_eq!(run_list, ["measure", "report"]);
//!
//! state.update_job_result(&"measure".into(), JobResult::of(JobOutcome::Pass), None)?;
//! assert!(state.job_state("report").is_some_and(|job| job.can_start()));
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

mod change;
mod field;
mod id;
mod job;
mod metadata;
mod overrides;
mod resource;

pub mod expr;
pub mod record;
pub mod template;

mod device;
mod unit;

mod requirement;

mod graph;
mod problem;

mod readiness;
mod solver;
mod state;

pub use change::{Change, MetadataChange};
pub use device::{DeviceContext, DeviceError, PlanRules, Provider};
pub use field::{FieldRef, FieldValue};
pub use id::{CategoryId, JobId};
pub use job::{
    Checksum, EngineError, Fields, FormatError, IllegalChecksum, IoLog, IoLogRecord, IoStream,
    JobDefinition, JobOutcome, JobResult, JsonError, JsonPlace, LargeNumber, Origin, Parameters,
    PluginKind, Renderings, ReturnCode, SiblingsError, StoredLog, UnknownOutcome, UnknownPlugin,
    WordEntries, WordError, Words, parse_duration, read_json, word_entries, words,
};
pub use metadata::{JobIntent, SessionMetadata, flags};
pub use overrides::{NotOverridable, OverridableField, OverrideRules, Overrides};
pub use problem::{DependencyKind, DuplicateJob, Problem, UnknownJob};
pub use readiness::{InhibitionCause, Inhibitor};
pub use requirement::RequirementFault;
pub use resource::Resource;
pub use solver::solve;
pub use state::{
    ExpansionFault, IllegalChange, IllegalParts, JobEntry, JobParts, JobState, Observer,
    OutcomeCounts, RemoveJobError, SessionParts, SessionState, Signal, Subscription,
};
pub use unit::{OtherUnit, Unit};
