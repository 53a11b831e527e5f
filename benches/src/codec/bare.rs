//! The content of a session as plain structures, for bincode as anybody would use it.

use bincode::config::{Configuration, standard};
use serde::{Deserialize, Serialize};
use session_state::{IoLog, IoStream, JobOutcome, JobState, SessionState};

use crate::error::{BenchError, Doing as _};

const CONFIG: Configuration = standard();

/// A session.
#[derive(Debug, PartialEq, Serialize, Deserialize)]
pub(super) struct Session {
    title: Option<String>,
    jobs: Vec<Job>,
    desired: Vec<String>,
    run_list: Vec<String>,
}

#[derive(Debug, PartialEq, Serialize, Deserialize)]
struct Job {
    fields: Vec<(String, String)>,
    attempts_begun: u32,
    attempts_started: u32,
    history: Vec<JobResult>,
}

#[derive(Debug, PartialEq, Serialize, Deserialize)]
struct JobResult {
    passed: Option<bool>,
    comments: Option<String>,
    return_code: Option<i64>,
    execution_duration: Option<f64>,
    log: Vec<(f64, bool, Vec<u8>)>,
}

impl Session {
    /// Copies what a state holds.
    pub(super) fn of(state: &SessionState) -> Self {
        let texts = |ids: &mut dyn Iterator<Item = &session_state::JobId>| {
            ids.map(|id| id.as_str().to_owned()).collect()
        };
        Self {
            title: state.metadata().title.clone(),
            jobs: state.jobs().map(job).collect(),
            desired: texts(&mut state.desired_jobs()),
            run_list: texts(&mut state.run_list()),
        }
    }

    /// Encodes it with bincode, and nothing around it.
    pub(super) fn encode(&self) -> Result<Vec<u8>, BenchError> {
        bincode::serde::encode_to_vec(self, CONFIG).doing("encode with bincode")
    }

    /// Decodes it with bincode.
    pub(super) fn decode(bytes: &[u8]) -> Result<Self, BenchError> {
        bincode::serde::decode_from_slice(bytes, CONFIG)
            .map(|(session, _)| session)
            .doing("decode with bincode")
    }

    /// How many jobs it has.
    pub(super) fn len(&self) -> usize {
        self.jobs.len()
    }
}

fn job(state: &JobState) -> Job {
    let text = |value: session_state::FieldRef<'_>| value.as_text().unwrap_or_default().to_owned();
    Job {
        fields: state
            .definition()
            .fields()
            .map(|(name, value)| (name.to_owned(), text(value)))
            .collect(),
        attempts_begun: state.attempts_begun(),
        attempts_started: state.started_attempts(),
        history: state
            .history()
            .iter()
            .map(|result| job_result(result))
            .collect(),
    }
}

fn job_result(result: &session_state::JobResult) -> JobResult {
    let records = match &result.io_log {
        IoLog::Memory(records) => records.as_slice(),
        IoLog::Stored(_) => &[],
    };
    JobResult {
        passed: result.outcome.map(|outcome| outcome == JobOutcome::Pass),
        comments: result.comments.as_deref().map(str::to_owned),
        return_code: Some(0),
        execution_duration: result.execution_duration,
        log: records
            .iter()
            .map(|record| {
                (
                    record.delay,
                    record.stream == IoStream::Stdout,
                    record.data.to_vec(),
                )
            })
            .collect(),
    }
}
