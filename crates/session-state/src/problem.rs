//! Why a job cannot be part of a run list.

use std::fmt;
use std::sync::Arc;

use crate::id::JobId;
use crate::record::quoted;
use crate::requirement::RequirementFault;

/// In which way a job needs another.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum DependencyKind {
    /// Its requirement program names the resource.
    Resource,
    /// Its field `depends` does.
    Depends,
    /// Its field `after` does.
    After,
    /// Its field `before` does.
    Before,
}

impl fmt::Display for DependencyKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            Self::Resource => "resource",
            Self::Depends => "depends",
            Self::After => "after",
            Self::Before => "before",
        })
    }
}

/// What keeps a job out of the run list. Each names the job it belongs to; that job is left out, the
/// others go on.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
#[doc(alias = "DependencyError")]
pub enum Problem {
    /// A job was asked for that the session does not have.
    #[error("unknown job referenced: {}", quoted(job.as_str()))]
    #[doc(alias = "DependencyUnknownError")]
    Unknown {
        /// The job asked for.
        job: JobId,
    },
    /// Jobs need each other in a circle.
    #[error("dependency cycle detected: {}", path(trail))]
    #[doc(alias = "DependencyCycleError")]
    Cycle {
        /// The job at which the circle was entered; of a group, its first member.
        job: JobId,
        /// The whole circle: its first entry is its last. A group stands as `_group_job_NAME`.
        trail: Vec<JobId>,
    },
    /// A job needs one that the session does not have.
    #[error("missing dependency: {} ({kind})", quoted(missing.as_str()))]
    #[doc(alias = "DependencyMissingError")]
    Missing {
        /// The job in need.
        job: JobId,
        /// What it needs.
        missing: JobId,
        /// How it needs it.
        kind: DependencyKind,
    },
    /// Two different jobs have one id.
    #[error(transparent)]
    Duplicate(#[from] DuplicateJob),
    /// The requirement program of a job is not one.
    #[error("illegal requirement of job '{job}'")]
    IllegalRequirement {
        /// The job.
        job: JobId,
        /// What is wrong with the program.
        #[source]
        source: Arc<RequirementFault>,
    },
    /// A job is to run when another failed, but the session does not have that other.
    #[error("job '{job}' salvages the unknown job '{missing}'")]
    UnknownSalvage {
        /// The job.
        job: JobId,
        /// The one it salvages.
        missing: JobId,
    },
}

impl Problem {
    /// The job that cannot be run.
    pub fn affected_job(&self) -> &JobId {
        match self {
            Self::Unknown { job }
            | Self::Cycle { job, .. }
            | Self::Missing { job, .. }
            | Self::Duplicate(DuplicateJob { job })
            | Self::IllegalRequirement { job, .. }
            | Self::UnknownSalvage { job, .. } => job,
        }
    }

    /// The job that is the cause, where there is one.
    pub fn affecting_job(&self) -> Option<&JobId> {
        match self {
            Self::Cycle { job, .. } | Self::Duplicate(DuplicateJob { job }) => Some(job),
            Self::Unknown { .. }
            | Self::Missing { .. }
            | Self::IllegalRequirement { .. }
            | Self::UnknownSalvage { .. } => None,
        }
    }
}

/// Two different jobs have one id.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("duplicate job id: {}", quoted(job.as_str()))]
#[doc(alias = "DependencyDuplicateError")]
pub struct DuplicateJob {
    /// The id.
    pub job: JobId,
}

/// A job the session does not have.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the session has no job '{job}'")]
pub struct UnknownJob {
    /// The id that was asked for.
    pub job: JobId,
}

fn path(trail: &[JobId]) -> String {
    let names: Vec<&str> = trail.iter().map(JobId::as_str).collect();
    names.join(" -> ")
}
