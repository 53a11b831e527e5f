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

/// The flags that mean something to everybody; any other text can be one too.
pub mod flags {
    /// Jobs are left to do.
    pub const INCOMPLETE: &str = "incomplete";
    /// The results were handed in.
    pub const SUBMITTED: &str = "submitted";
    /// Jobs run whose output makes further jobs.
    pub const BOOTSTRAPPING: &str = "bootstrapping";
    /// Setup jobs run.
    pub const SETTING_UP: &str = "setting_up";
    /// The jobs were picked by hand, not by a test plan.
    pub const TESTPLANLESS: &str = "testplanless";
    /// Faulty instances of templates are kept as jobs that fail, instead of being left out.
    pub const STRICT_TEMPLATE_EXPANSION: &str = "strict_template_expansion";
    /// Jobs are started as units of systemd.
    pub const SYSTEMD_RUNNER: &str = "systemd_based_job_runner";
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
