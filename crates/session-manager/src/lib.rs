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
//!
//! # Crashing it
//!
//! With the feature `simulation` all of it runs on a disk in memory that loses what was not synced, with a clock and
//! identities of the test's own:
//!
//! ```
//! # use std::sync::Arc;
//! # use camino::Utf8Path;
//! # use session_manager::{ManagerOptions, ManualClock, SessionManager, latest};
//! # use session_storage::{CrashFs, Holder, Repository, SeededEntropy, Trust};
//! # fn main() -> Result<(), Box<dyn std::error::Error>> {
//! let (disk, place) = (CrashFs::new(), Utf8Path::new("/sessions"));
//! let holder = Holder::of_process(&disk, 1, "a test", 0);
//! let clock = Arc::new(ManualClock::at(1_700_000_000_000_000));
//! let options = ManagerOptions::new(clock, Arc::new(SeededEntropy::new(1)), holder);
//! let repository = Repository::create(Arc::new(disk.clone()), place, Trust::OwnDirectories)?;
//! let mut session = SessionManager::builder(repository, options.clone()).create_with_job_list([])?;
//! session.state_mut().set_title(Some("saved".into()));
//! session.checkpoint()?;
//! session.state_mut().set_title(Some("not saved".into()));
//! let rest = Repository::open(Arc::new(disk.after_power_cut()), place)?;
//! let storage = latest(&rest, &options)?.ok_or("nothing is left")?;
//! let session = SessionManager::load_session(storage, options, None)?;
//! assert_eq!(session.state().metadata().title.as_deref(), Some("saved"));
//! # Ok(())
//! # }
//! ```
//!
//! [`CrashFs::crash_after`](session_storage::CrashFs::crash_after) stops it in the middle of anything, and
//! [`FailFs`](session_storage::FailFs) lets any call fail.

mod clock;
mod faults;
mod options;

mod error;

mod log;

mod durable;
mod home;
mod known;
mod lifecycle;
mod pause;

mod report;
mod resume;

mod own_logs;
mod uuid;

mod checkbox;
mod manager;

mod abort;
mod checkpoint;
mod create;
mod jobs;
mod load;

mod dormant;
mod find;
mod verify_logs;

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
pub use find::{find_removed, find_session, latest};
pub use home::Home;
pub use known::KnownUnits;
pub use lifecycle::{Lifecycle, WrongTransition};
pub use log::{JobLog, ProcessRecord, log_stem};
pub use manager::SessionManager;
pub use options::ManagerOptions;
pub use own_logs::OwnLogs;
pub use pause::PauseReason;
pub use report::{LeftOver, LoadReport};
pub use resume::{
    ApplyError, AtLimit, CauseOfDeath, DriftPolicy, EndOrphans, Fate, FateRow, FieldDifference,
    Flight, FlightAction, FlightFacts, FlightRules, JobAction, JobPlan, JobReason, LeftResult,
    OrphanPolicy, Refusal, ResultFile, ResumeEnvironment, ResumePlan, ResumePolicy, Resumed,
    SessionMark, UnknownPolicy, differences, plan_resume,
};
pub use verify_logs::{LogFault, LogProblem, VerifiedLogs, verify_logs};

#[cfg(test)]
mod tests;
