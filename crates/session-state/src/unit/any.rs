//! A unit of any kind, as it is handed around.

use std::sync::Arc;

use super::other::OtherUnit;
use crate::job::JobDefinition;
use crate::template::Template;

/// A unit of any kind.
#[derive(Clone, Debug, PartialEq)]
pub enum Unit {
    /// A job, or a setup job.
    Job(Arc<JobDefinition>),
    /// What makes units of the records of a resource.
    Template(Arc<Template>),
    /// Any other.
    Other(Arc<OtherUnit>),
}

impl Unit {
    /// The kind of all jobs, setup jobs among them.
    pub const JOB: &str = "job";
    /// The kind of templates.
    pub const TEMPLATE: &str = "template";

    /// The kind; `job` of a setup job too.
    pub fn kind(&self) -> &str {
        match self {
            Self::Job(_) => Self::JOB,
            Self::Template(_) => Self::TEMPLATE,
            Self::Other(unit) => unit.kind(),
        }
    }

    /// The full id, where it has one.
    pub fn id(&self) -> Option<&str> {
        match self {
            Self::Job(job) => Some(job.id().as_str()),
            Self::Template(template) => Some(template.id()),
            Self::Other(unit) => unit.id(),
        }
    }

    /// The namespace of its provider.
    pub fn namespace(&self) -> Option<&str> {
        match self {
            Self::Job(job) => job.namespace(),
            Self::Template(template) => template.namespace(),
            Self::Other(unit) => unit.fields().namespace(),
        }
    }
}
