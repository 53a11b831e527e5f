//! One reason why a job cannot start.

use std::fmt;

use crate::id::JobId;
use crate::record::quoted;

/// Why a job cannot start.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum InhibitionCause {
    /// Nobody asked for it.
    Undesired,
    /// A job it needs did not run yet.
    PendingDep,
    /// A job it needs did not pass.
    FailedDep,
    /// A resource it requires is not known yet.
    PendingResource,
    /// An expression it requires is false.
    FailedResource,
    /// The job it salvages did not fail.
    NotFailedDep,
    /// A manifest entry it requires has another value.
    RequiredManifest,
}

impl InhibitionCause {
    /// Every cause, in the order of their numbers.
    pub const ALL: [Self; 7] = [
        Self::Undesired,
        Self::PendingDep,
        Self::FailedDep,
        Self::PendingResource,
        Self::FailedResource,
        Self::NotFailedDep,
        Self::RequiredManifest,
    ];

    /// The documented number.
    pub const fn number(self) -> u8 {
        self as u8
    }

    /// The documented name.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Undesired => "UNDESIRED",
            Self::PendingDep => "PENDING_DEP",
            Self::FailedDep => "FAILED_DEP",
            Self::PendingResource => "PENDING_RESOURCE",
            Self::FailedResource => "FAILED_RESOURCE",
            Self::NotFailedDep => "NOT_FAILED_DEP",
            Self::RequiredManifest => "REQUIRED_MANIFEST",
        }
    }
}

/// One reason why a job cannot start.
#[derive(Clone, Debug, PartialEq, Eq)]
#[doc(alias = "JobReadinessInhibitor")]
pub struct Inhibitor {
    cause: InhibitionCause,
    related_job: Option<JobId>,
    detail: Option<Box<Detail>>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
enum Detail {
    Expression(Box<str>),
    /// An expression, and why its truth cannot be told.
    Undecided(Box<str>, Box<str>),
    Manifests(Box<[Box<str>]>),
}

/// What every job is before it is asked for.
pub(crate) const UNDESIRED: &[Inhibitor] = &[Inhibitor {
    cause: InhibitionCause::Undesired,
    related_job: None,
    detail: None,
}];

impl Inhibitor {
    /// A reason that is another job.
    pub(crate) fn of_job(cause: InhibitionCause, job: JobId) -> Self {
        Self {
            cause,
            related_job: Some(job),
            detail: None,
        }
    }

    /// A reason that is an expression over a resource.
    pub(crate) fn of_expression(cause: InhibitionCause, resource: JobId, text: &str) -> Self {
        Self {
            cause,
            related_job: Some(resource),
            detail: Some(Box::new(Detail::Expression(text.into()))),
        }
    }

    /// A reason that is an expression whose truth cannot be told; it counts as false.
    pub(crate) fn of_undecided(resource: JobId, text: &str, fault: &str) -> Self {
        Self {
            cause: InhibitionCause::FailedResource,
            related_job: Some(resource),
            detail: Some(Box::new(Detail::Undecided(text.into(), fault.into()))),
        }
    }

    /// A reason that is entries of the manifest; `job` is the one that requires them.
    pub(crate) fn of_manifests(job: JobId, manifests: Box<[Box<str>]>) -> Self {
        Self {
            cause: InhibitionCause::RequiredManifest,
            related_job: Some(job),
            detail: Some(Box::new(Detail::Manifests(manifests))),
        }
    }

    /// The kind of reason.
    pub fn cause(&self) -> InhibitionCause {
        self.cause
    }

    /// The job it is about: the one needed, the resource, or for manifest entries the job itself.
    pub fn related_job(&self) -> Option<&JobId> {
        self.related_job.as_ref()
    }

    /// The expression that is false or could not be evaluated.
    pub fn related_expression(&self) -> Option<&str> {
        match self.detail.as_deref()? {
            Detail::Expression(text) | Detail::Undecided(text, _) => Some(text),
            Detail::Manifests(_) => None,
        }
    }

    /// Why the truth of the expression cannot be told, where that is so: it takes too much work.
    pub fn fault(&self) -> Option<&str> {
        match self.detail.as_deref()? {
            Detail::Undecided(_, fault) => Some(fault),
            Detail::Expression(_) | Detail::Manifests(_) => None,
        }
    }

    /// The manifest entries that have another value.
    pub fn related_manifests(&self) -> &[Box<str>] {
        match self.detail.as_deref() {
            Some(Detail::Manifests(manifests)) => manifests,
            Some(Detail::Expression(_) | Detail::Undecided(..)) | None => &[],
        }
    }
}

impl fmt::Display for Inhibitor {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let job = quoted(self.related_job.as_ref().map_or("", JobId::as_str));
        let expression = quoted(self.related_expression().unwrap_or(""));
        match self.cause {
            InhibitionCause::Undesired => f.write_str("undesired"),
            InhibitionCause::PendingDep => {
                write!(f, "required dependency {job} did not run yet")
            }
            InhibitionCause::FailedDep => write!(f, "required dependency {job} has failed"),
            InhibitionCause::PendingResource => write!(
                f,
                "resource expression {expression} could not be evaluated because the resource it \
                 depends on did not run yet"
            ),
            InhibitionCause::FailedResource => match self.fault() {
                None => write!(f, "resource expression {expression} evaluates to false"),
                Some(fault) => {
                    write!(f, "resource expression {expression} {fault}")
                }
            },
            InhibitionCause::NotFailedDep => write!(f, "required dependency {job} did not fail"),
            InhibitionCause::RequiredManifest => match self.related_manifests() {
                [one] => write!(f, "manifest: {} unmet", quoted(one)),
                several => {
                    let names: Vec<String> = several.iter().map(|entry| quoted(entry)).collect();
                    write!(f, "manifests: [{}] unmet", names.join(", "))
                }
            },
        }
    }
}
