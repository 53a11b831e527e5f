//! The JSON documents of the program. Their fields are documented in `docs/cli.md` and only ever added to.

use std::collections::BTreeMap;

use serde::Serialize;

use crate::error::Verb;

/// The version of every document here.
pub(crate) const VERSION: u32 = 1;

/// One line of `session run --json` or `session resume --json`.
#[derive(Debug, Serialize)]
pub(crate) struct Line<'a> {
    format: &'static str,
    version: u32,
    #[serde(flatten)]
    event: Event<'a>,
}

impl<'a> Line<'a> {
    /// The line of an event.
    pub(crate) const fn new(event: Event<'a>) -> Self {
        Self {
            format: "session.run",
            version: VERSION,
            event,
        }
    }
}

/// What happened in a run.
#[derive(Debug, Serialize)]
#[serde(tag = "event", rename_all = "kebab-case")]
pub(crate) enum Event<'a> {
    /// The session is there, durably.
    Session {
        id: &'a str,
        location: &'a str,
        title: Option<&'a str>,
        jobs: usize,
        jobs_left: usize,
        resumed: bool,
    },
    /// A job is started; that is durable.
    Started { job: &'a str, attempt: u32 },
    /// A job has its outcome; that is durable.
    Outcome {
        job: &'a str,
        outcome: &'static str,
        comments: Option<&'a str>,
        return_code: Option<ReturnCode>,
        duration: Option<f64>,
    },
    /// The run was stopped; the session can be resumed.
    Stopped { id: &'a str, jobs_left: usize },
    /// The session was given up; its results are kept.
    Aborted { id: &'a str, jobs_left: usize },
    /// All jobs have an outcome.
    Summary {
        id: &'a str,
        outcomes: BTreeMap<&'static str, usize>,
        duration: f64,
        failed: &'a [FailedJob],
    },
}

/// A job that failed or crashed.
#[derive(Debug, Serialize)]
pub(crate) struct FailedJob {
    pub(crate) job: String,
    pub(crate) outcome: &'static str,
    pub(crate) comments: Option<String>,
    pub(crate) return_code: Option<ReturnCode>,
    pub(crate) last_output: Vec<String>,
}

/// The document of `session plans --json`.
#[derive(Debug, Serialize)]
pub(crate) struct Plans {
    pub(crate) format: &'static str,
    pub(crate) version: u32,
    pub(crate) plans: Vec<PlanRow>,
}

/// One test plan.
#[derive(Debug, Serialize)]
pub(crate) struct PlanRow {
    pub(crate) id: String,
    pub(crate) name: Option<String>,
    pub(crate) description: Option<String>,
    pub(crate) estimated_duration: Option<f64>,
    pub(crate) file: Option<String>,
    pub(crate) line: Option<u32>,
    pub(crate) parts: Vec<String>,
    pub(crate) setup: Vec<String>,
    pub(crate) bootstrap: Vec<String>,
    pub(crate) jobs: Vec<String>,
    /// Patterns that fit no job that is written down.
    pub(crate) idle: Vec<String>,
    /// Whether all its parts are there.
    pub(crate) usable: bool,
}

/// The document of `session list --json`.
#[derive(Debug, Serialize)]
pub(crate) struct List {
    pub(crate) format: &'static str,
    pub(crate) version: u32,
    pub(crate) repository: String,
    pub(crate) sessions: Vec<Row>,
}

/// One session of a list.
#[derive(Debug, Default, Serialize)]
pub(crate) struct Row {
    pub(crate) id: String,
    pub(crate) title: Option<String>,
    pub(crate) state: &'static str,
    pub(crate) pause_reason: Option<&'static str>,
    pub(crate) pid: Option<u32>,
    pub(crate) kept_as: Option<String>,
    pub(crate) jobs_done: Option<u64>,
    pub(crate) jobs_total: Option<u64>,
    pub(crate) jobs_failed: Option<u64>,
    pub(crate) running_job: Option<String>,
    pub(crate) changed: Option<String>,
    /// When it was removed, of one in the trash.
    pub(crate) removed: Option<String>,
    pub(crate) problem: Option<String>,
}

/// The document of `session show --json`.
#[derive(Debug, Serialize)]
pub(crate) struct Show {
    pub(crate) format: &'static str,
    pub(crate) version: u32,
    pub(crate) id: String,
    pub(crate) location: String,
    pub(crate) title: Option<String>,
    pub(crate) app_id: Option<String>,
    pub(crate) flags: Vec<String>,
    pub(crate) state: &'static str,
    pub(crate) pause_reason: Option<&'static str>,
    pub(crate) pid: Option<u32>,
    pub(crate) kept_as: String,
    pub(crate) definitions: &'static str,
    pub(crate) changed: Option<String>,
    pub(crate) clean: bool,
    pub(crate) verdict: String,
    pub(crate) jobs_done: u64,
    pub(crate) jobs_total: u64,
    pub(crate) jobs: Vec<Job>,
}

/// The document of `session peek --json`.
#[derive(Debug, Serialize)]
pub(crate) struct Peek {
    pub(crate) format: &'static str,
    pub(crate) version: u32,
    pub(crate) id: String,
    pub(crate) location: String,
    pub(crate) kept_as: String,
    pub(crate) layout: Option<u16>,
    pub(crate) readable: bool,
    pub(crate) title: Option<String>,
    pub(crate) app_id: Option<String>,
    pub(crate) app_blob: Option<String>,
    pub(crate) flags: Vec<String>,
    pub(crate) running_job: Option<String>,
    pub(crate) last_job_start_time: Option<f64>,
    pub(crate) custom_joblist: bool,
    pub(crate) rejected_jobs: Vec<String>,
    pub(crate) remaining_todo_jobs: bool,
    pub(crate) jobs_total: Option<u64>,
    pub(crate) outcomes: Option<BTreeMap<&'static str, u64>>,
    pub(crate) changed: Option<String>,
}

impl Peek {
    /// The document of a session that tells nothing.
    pub(crate) fn new(id: &str, location: String, changed: Option<String>) -> Self {
        Self {
            format: "session.peek",
            version: VERSION,
            id: id.to_owned(),
            location,
            kept_as: String::new(),
            layout: None,
            readable: true,
            title: None,
            app_id: None,
            app_blob: None,
            flags: Vec::new(),
            running_job: None,
            last_job_start_time: None,
            custom_joblist: false,
            rejected_jobs: Vec::new(),
            remaining_todo_jobs: false,
            jobs_total: None,
            outcomes: None,
            changed,
        }
    }
}

/// The document of `session convert --json`.
#[derive(Debug, Serialize)]
pub(crate) struct Convert {
    pub(crate) format: &'static str,
    pub(crate) version: u32,
    pub(crate) id: String,
    pub(crate) kept_as: String,
    pub(crate) written_as: String,
    pub(crate) output: String,
    pub(crate) bytes: usize,
    pub(crate) losses: Vec<Lost>,
    /// Only of a session that becomes native.
    pub(crate) logs_outside: Vec<LogOutside>,
}

/// A log that lies outside the directory of its session.
#[derive(Debug, Serialize)]
pub(crate) struct LogOutside {
    pub(crate) job: String,
    pub(crate) path: String,
}

/// Something a format cannot carry.
#[derive(Debug, Serialize)]
pub(crate) struct Lost {
    pub(crate) kind: &'static str,
    pub(crate) text: String,
    pub(crate) jobs: Vec<String>,
}

/// What a job returned: a number, or beyond 64 bits its digits as a text.
#[derive(Debug, Serialize)]
#[serde(untagged)]
pub(crate) enum ReturnCode {
    Number(i64),
    Digits(String),
}

impl From<&session_state::ReturnCode> for ReturnCode {
    fn from(code: &session_state::ReturnCode) -> Self {
        match code.as_i64() {
            Some(number) => Self::Number(number),
            None => Self::Digits(code.to_string()),
        }
    }
}

/// One job of a session.
#[derive(Debug, Serialize)]
pub(crate) struct Job {
    pub(crate) id: String,
    pub(crate) summary: String,
    pub(crate) plugin: Option<&'static str>,
    pub(crate) outcome: Option<&'static str>,
    pub(crate) failed: bool,
    pub(crate) comments: Option<String>,
    pub(crate) return_code: Option<ReturnCode>,
    pub(crate) duration: Option<f64>,
    pub(crate) attempts: u32,
    pub(crate) log: Option<String>,
    pub(crate) inhibitors: Vec<String>,
}

/// The document of `session remove --json`, `session restore --json` and `session purge --json`.
#[derive(Debug, Serialize)]
pub(crate) struct Batch {
    pub(crate) format: &'static str,
    pub(crate) version: u32,
    pub(crate) sessions: Vec<Treated>,
}

/// What became of one session.
#[derive(Debug, Serialize)]
pub(crate) struct Treated {
    pub(crate) id: String,
    #[serde(flatten)]
    pub(crate) done: Done,
    pub(crate) problem: Option<String>,
}

/// Whether it was done: one field, named for what was to be done.
#[derive(Debug, Serialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Done {
    Removed(bool),
    Restored(bool),
    Purged(bool),
}

impl Done {
    pub(crate) const fn new(verb: Verb, done: bool) -> Self {
        match verb {
            Verb::Removed => Self::Removed(done),
            Verb::Restored => Self::Restored(done),
            Verb::Purged => Self::Purged(done),
        }
    }
}

/// The document of `session abort --json`.
#[derive(Debug, Serialize)]
pub(crate) struct Aborted {
    pub(crate) format: &'static str,
    pub(crate) version: u32,
    pub(crate) id: String,
    pub(crate) jobs_done: usize,
}
