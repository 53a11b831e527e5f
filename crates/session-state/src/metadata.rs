//! What a session says about itself.

use std::collections::BTreeSet;

use crate::id::JobId;

/// The durable note "this job is about to run", written before the job is started.
#[derive(Clone, Debug, PartialEq)]
pub struct JobIntent {
    /// Which job.
    pub job: JobId,
    /// Which attempt, counted from 1.
    pub attempt: u32,
    /// The boot during which the attempt was begun, as the caller names boots.
    pub boot: Option<Box<str>>,
}

/// The metadata of a session. Times are seconds since the epoch.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct SessionMetadata {
    /// A title for people.
    pub title: Option<String>,
    /// Flags such as `incomplete`; any text.
    pub flags: BTreeSet<String>,
    /// The job that was last begun; never cleared by the session itself.
    pub running_job_name: Option<String>,
    /// Free bytes of the application.
    pub app_blob: Option<Vec<u8>>,
    /// The name of the application that owns the session.
    pub app_id: Option<String>,
    /// Whether the operator chose the jobs by hand.
    pub custom_joblist: bool,
    /// Jobs the operator deselected.
    pub rejected_jobs: Vec<JobId>,
    /// When the last job was begun.
    pub last_job_start_time: Option<f64>,
    /// Whether anything was left to do when the last job was begun or ended.
    pub remaining_todo_jobs: bool,
    /// The job in flight, until its result is recorded. Only the native format keeps it.
    pub intent: Option<JobIntent>,
}
