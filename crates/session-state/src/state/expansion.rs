//! Jobs that come into being while a session runs: what can be wrong with them.

use super::session::SessionState;
use crate::id::JobId;
use crate::job::{FormatError, Origin, UnknownPlugin};
use crate::problem::DuplicateJob;
use crate::record::RecordError;
use crate::template::UnknownEngine;

/// What was wrong with jobs that were to be made of output: with a template, with what a local job printed, or with
/// what either made.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum ExpansionFault {
    /// The template makes nothing, because its engine is not at hand.
    #[error("cannot make jobs of template '{template}'")]
    Engine {
        /// Its id.
        template: String,
        /// What is missing.
        #[source]
        source: UnknownEngine,
    },
    /// A field of a job cannot be filled in. Left out, unless the session expands strictly.
    #[error("cannot fill in field '{field}' of job '{job}'")]
    Field {
        /// The job.
        job: JobId,
        /// The field as it was written.
        field: String,
        /// Why.
        #[source]
        source: FormatError,
    },
    /// A job is of no known kind. Left out, unless the session expands strictly.
    #[error("cannot take field 'plugin' of job '{job}'")]
    Plugin {
        /// The job.
        job: JobId,
        /// Why.
        #[source]
        source: UnknownPlugin,
    },
    /// What a local job printed stops being records. The jobs before that line are made.
    #[error("cannot read line {} of what local job '{job}' printed", .source.line)]
    Output {
        /// The local job.
        job: JobId,
        /// What is wrong with the line.
        #[source]
        source: RecordError,
    },
    /// A record that a local job printed has no id. Left out.
    #[error("the job in lines {} to {} of what local job '{job}' printed has no id", .place.line_start, .place.line_end)]
    NoId {
        /// The local job.
        job: JobId,
        /// Where the record stands.
        place: Origin,
    },
    /// The session has a different job of that id. Left out.
    #[error(transparent)]
    Duplicate(#[from] DuplicateJob),
}

impl SessionState {
    /// What was wrong with the jobs to be made when the last result was recorded: by templates of the records of a
    /// resource job, or by a local job. A result of any other job leaves nothing here.
    pub fn expansion_faults(&self) -> &[ExpansionFault] {
        &self.expansion_faults
    }
}
