//! Where a session stands: running, interrupted, finished, new.

use std::collections::BTreeSet;

use session_manager::{Lifecycle, ManagerOptions, PauseReason, PeekKind, ReadError, SessionPeek};
use session_storage::{Liveness, LockState, SessionStorage};
use suspend_resume::Summary;

/// The application id of sessions made here.
pub(crate) const APP_ID: &str = "session";

/// Where a session stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Standing {
    /// A process holds it.
    Running {
        /// Which.
        pid: u32,
    },
    /// It was made and never saved: the run ended before its first checkpoint.
    Unsaved,
    /// No job was begun yet.
    New,
    /// Jobs are left to do: the run was cut short.
    Interrupted,
    /// Jobs are left to do: the run was stopped on purpose.
    Paused,
    /// It was given up, and its results are kept.
    Aborted,
    /// Its results were handed in.
    Submitted,
    /// Nothing is left to do.
    Finished,
    /// What was acknowledged is missing; it can be looked at, and not be resumed.
    Damaged,
    /// A newer release wrote it: it is not damaged, and only that release goes on with it.
    Newer,
    /// It cannot be read.
    Unreadable,
}

impl Standing {
    /// Where a session stands that can be read.
    pub(crate) fn of(
        storage: &SessionStorage,
        peek: &SessionPeek,
        options: &ManagerOptions,
    ) -> Self {
        match holder(storage, options) {
            Some(pid) => Self::Running { pid },
            None if peek.is_newer => Self::Newer,
            None => match &peek.kind {
                PeekKind::Native(summary) => Self::at_rest(
                    &summary.flags,
                    summary.running_job.is_some() || summary.jobs_with_outcome() > 0,
                ),
                PeekKind::Checkbox { metadata, .. } => {
                    Self::at_rest(&metadata.flags, metadata.running_job_name.is_some())
                }
            },
        }
    }

    /// Where a session stands that no process holds.
    pub(crate) fn at_rest(flags: &BTreeSet<String>, begun: bool) -> Self {
        match Lifecycle::of(flags, begun) {
            Lifecycle::Fresh => Self::New,
            Lifecycle::Running if !begun => Self::New,
            Lifecycle::SettingUp | Lifecycle::Bootstrapping | Lifecycle::Running => {
                Self::Interrupted
            }
            Lifecycle::Paused => Self::Paused,
            Lifecycle::Finished => Self::Finished,
            Lifecycle::Aborted => Self::Aborted,
            Lifecycle::Submitted => Self::Submitted,
        }
    }

    /// Where a session stands that cannot be peeked at.
    pub(crate) fn without_peek(problem: &ReadError) -> Self {
        match problem {
            ReadError::NoCheckpoint => Self::Unsaved,
            ReadError::Recover(error) if error.is_newer() => Self::Newer,
            ReadError::Recover(_)
            | ReadError::Checkpoint(_)
            | ReadError::Traces(_)
            | ReadError::Lock(_)
            | ReadError::Decode(_)
            | ReadError::Frame { .. }
            | ReadError::Replay { .. }
            | _ => Self::Unreadable,
        }
    }

    /// Why it stands still, where it does so on purpose and somebody has to do something about it.
    pub(crate) fn pause_reason(self, flags: &BTreeSet<String>) -> Option<PauseReason> {
        match self {
            Self::New | Self::Interrupted | Self::Paused => {
                PauseReason::of(flags).filter(|why| *why != PauseReason::Asked)
            }
            Self::Running { .. }
            | Self::Unsaved
            | Self::Aborted
            | Self::Submitted
            | Self::Finished
            | Self::Damaged
            | Self::Newer
            | Self::Unreadable => None,
        }
    }

    /// The word for it.
    pub(crate) const fn as_str(self) -> &'static str {
        match self {
            Self::Running { .. } => "running",
            Self::Unsaved => "unsaved",
            Self::New => "new",
            Self::Interrupted => "interrupted",
            Self::Paused => "paused",
            Self::Aborted => "aborted",
            Self::Submitted => "submitted",
            Self::Finished => "finished",
            Self::Damaged => "damaged",
            Self::Newer => "newer",
            Self::Unreadable => "unreadable",
        }
    }

    /// The process that holds it.
    pub(crate) const fn pid(self) -> Option<u32> {
        match self {
            Self::Running { pid } => Some(pid),
            Self::Unsaved
            | Self::New
            | Self::Interrupted
            | Self::Paused
            | Self::Aborted
            | Self::Submitted
            | Self::Finished
            | Self::Damaged
            | Self::Newer
            | Self::Unreadable => None,
        }
    }
}

/// The living process that holds a session, as far as its lock file tells.
pub(crate) fn holder(storage: &SessionStorage, options: &ManagerOptions) -> Option<u32> {
    match storage.lock_state(&options.holder) {
        Ok(LockState::Recorded {
            holder,
            alive: Liveness::Alive,
        }) => Some(holder.pid),
        Ok(_) | Err(_) => None,
    }
}

/// How many jobs a session is to run: all of ours, of others those on the run list.
pub(crate) fn jobs_total(summary: &Summary) -> u64 {
    if summary.app_id.as_deref() == Some(APP_ID) {
        summary.jobs_total
    } else {
        summary.run_list_len.max(summary.jobs_with_outcome())
    }
}
