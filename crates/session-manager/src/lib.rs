//! The glue: create, wrap, load, checkpoint and destroy durable sessions.
//!
//! A [`SessionManager`] holds one session: its state, its directory and the right to write there. The state is
//! changed through [`SessionManager::state_mut`]; [`SessionManager::checkpoint`] makes what changed durable, at a
//! cost that does not depend on the size of the session. After a kill, a crash or a power cut,
//! [`SessionManager::load_session`] brings back the state of the last checkpoint or a later one.
//!
//! ```
//! use std::sync::Arc;
//! use session_manager::{ManagerOptions, SessionManager};
//! use session_state::{JobDefinition, JobOutcome, JobResult};
//! use session_storage::{RealFs, Repository, Trust};
//!
//! # fn main() -> Result<(), Box<dyn std::error::Error>> {
//! # let temporary = tempfile::tempdir()?;
//! # let place = camino::Utf8Path::from_path(temporary.path()).ok_or("UTF-8")?;
//! let repository = Repository::create(Arc::new(RealFs), &place.join("sessions"), Trust::OwnDirectories)?;
//! let job = JobDefinition::new(None, vec![("id".into(), "uptime".into())], None, None);
//!
//! let mut session = SessionManager::builder(repository.clone(), ManagerOptions::system()?)
//!     .create_with_job_list([Arc::new(job)])?;
//! session.state_mut().update_desired_jobs(&["uptime".into()]);
//! session.state_mut().update_job_result(&"uptime".into(), JobResult::of(JobOutcome::Pass), None)?;
//! session.checkpoint()?; // durable from here on
//! let id = session.id().clone();
//! drop(session); // as if the program were killed
//!
//! let storage = repository.session(&id)?;
//! let session = SessionManager::load_session(storage, ManagerOptions::system()?, None)?;
//! assert_eq!(session.state().job_state("uptime").map(|job| job.outcome()), Some(Some(JobOutcome::Pass)));
//! # Ok(())
//! # }
//! ```

mod clock;
mod faults;
mod options;

mod error;

mod log;

mod durable;
mod home;
mod known;
mod lifecycle;

mod report;
mod resume;

mod own_logs;

mod checkbox;
mod manager;

mod abort;
mod checkpoint;
mod create;
mod jobs;
mod load;

mod dormant;
mod find;

pub use abort::{AbortError, abort_requested, request_abort};
#[cfg(feature = "simulation")]
pub use clock::ManualClock;
pub use clock::{Clock, SystemClock};
pub use create::SessionManagerBuilder;
pub use dormant::{DormantSession, PeekKind, SessionPeek, peek_session};
pub use durable::DurableObserver;
pub use error::{
    CheckpointError, CreateError, DestroyError, FindError, LoadError, LogError, ReadError,
};
#[cfg(feature = "simulation")]
pub use faults::{Fault, Faults};
pub use find::{find_session, latest};
pub use home::Home;
pub use known::KnownUnits;
pub use lifecycle::{Lifecycle, WrongTransition};
pub use log::{JobLog, ProcessRecord, log_stem};
pub use manager::SessionManager;
pub use options::ManagerOptions;
pub use own_logs::OwnLogs;
pub use report::{LeftOver, LoadReport};
pub use resume::{
    ApplyError, AtLimit, CauseOfDeath, DriftPolicy, EndOrphans, Fate, FateRow, FieldDifference,
    Flight, FlightAction, FlightFacts, FlightRules, JobAction, JobPlan, JobReason, LeftResult,
    OrphanPolicy, Refusal, ResultFile, ResumeEnvironment, ResumePlan, ResumePolicy, Resumed,
    SessionMark, UnknownPolicy, differences, plan_resume,
};

#[cfg(test)]
mod tests;
