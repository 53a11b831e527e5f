//! What is known of jobs beside what a session holds, and how strictly it is compared.

use std::sync::Arc;

use session_state::JobDefinition;
use session_state::template::Template;

/// What is known of jobs beside what a session holds, and how strictly it is compared.
///
/// A native session holds its definitions and needs none of this. One in a Checkbox format holds checksums only: every
/// job it knows has to be among the jobs here, or be made by one of the templates.
#[derive(Clone, Debug, Default)]
#[non_exhaustive]
pub struct KnownUnits {
    /// The definitions.
    pub jobs: Vec<Arc<JobDefinition>>,
    /// The templates.
    pub templates: Vec<Arc<Template>>,
    /// Take the session's word where a definition here is another than the one it was made with.
    #[doc(alias = "ignore-job-checksums")]
    pub ignore_job_checksums: bool,
    /// Refuse a Checkbox session that names a log which is not there.
    #[doc(alias = "file-reference-checks")]
    pub check_file_references: bool,
    /// With that check: look for a missing log in this session's directory before refusing.
    #[doc(alias = "rewrite-log-pathnames")]
    pub rewrite_log_pathnames: bool,
}

impl PartialEq for KnownUnits {
    /// Templates are the same when they are the same in memory.
    fn eq(&self, other: &Self) -> bool {
        let flags = |known: &Self| {
            [
                known.ignore_job_checksums,
                known.check_file_references,
                known.rewrite_log_pathnames,
            ]
        };
        self.jobs == other.jobs
            && flags(self) == flags(other)
            && self.templates.len() == other.templates.len()
            && self
                .templates
                .iter()
                .zip(&other.templates)
                .all(|(one, another)| Arc::ptr_eq(one, another))
    }
}

impl KnownUnits {
    /// These definitions and templates, compared strictly.
    pub fn new(jobs: Vec<Arc<JobDefinition>>, templates: Vec<Arc<Template>>) -> Self {
        Self {
            jobs,
            templates,
            ..Self::default()
        }
    }
}
