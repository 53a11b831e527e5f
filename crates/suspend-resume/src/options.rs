//! How a session is brought back.

use std::io;
use std::sync::Arc;

use session_state::SessionState;
use session_state::template::{Engines, Template};

use crate::limits::Limits;

/// How a session is brought back.
#[derive(Clone, Default)]
#[non_exhaustive]
pub struct ResumeOptions<'f> {
    /// Bounds on what is read.
    pub limits: Limits,
    /// Take the session's word where a definition that is given differs from the one the session was made
    /// with. Off by default.
    #[doc(alias = "ignore-job-checksums")]
    pub ignore_job_checksums: bool,
    /// Refuse a Checkbox session that names a log which is not there. Off by default.
    #[doc(alias = "file-reference-checks")]
    pub check_file_references: bool,
    /// With the check: look for a missing log below `location` before refusing. Off by default.
    #[doc(alias = "rewrite-log-pathnames")]
    pub rewrite_log_pathnames: bool,
    /// The directory of the session, which relative log names of Checkbox sessions start from.
    pub location: Option<String>,
    /// The files a Checkbox session may name. Without them no log exists.
    pub files: Option<&'f dyn LogFiles>,
    /// The templates among the known units: what makes jobs of the records a resource job printed. A Checkbox
    /// session keeps no jobs that were made so; they come back because the result of the resource job is
    /// recorded again.
    pub templates: &'f [Arc<Template>],
    /// The engines for the texts of templates, beside the default one. Jobs that a native session holds need
    /// none.
    pub engines: Engines,
}

/// Is called once with the fresh state of the given definitions, before anything is brought back. What it
/// subscribes there is told; a state it returns takes the place of the fresh one.
#[doc(alias = "early_cb")]
pub type EarlyCallback<'a> = &'a mut dyn FnMut(&mut SessionState) -> Option<SessionState>;

/// The files a session refers to, as the caller can reach them.
pub trait LogFiles {
    /// Whether there is a regular file of that name.
    fn exists(&self, path: &str) -> bool;

    /// The content of a file.
    ///
    /// # Errors
    /// Those of the file system.
    fn read(&self, path: &str) -> io::Result<Vec<u8>>;
}
