//! Jobs and results: every stored result goes through the normal "record a result" again, so resources come
//! back and generated jobs find their place.

use std::collections::{BTreeMap, BTreeSet};

use session_state::{IoLog, JobDefinition, JobId, JobResult, SessionState};

use super::check::{Checked, Type};
use super::document::SESSION;
use super::json::Json;
use super::logs::Logs;
use super::metadata::is_of_plainbox_0_38;
use super::results::read_result;
use crate::error::{Corruption, ResumeError};

type Entries = BTreeMap<Box<str>, Json>;

/// Brings jobs and results back.
pub(super) struct Replay<'d, 'o> {
    session: &'d Json,
    jobs: &'d Json,
    results: &'d Json,
    logs: &'o Logs<'o>,
    ignore_checksums: bool,
    /// Whether PlainBox 0.38 wrote this version 6, with checksums by its own rule.
    is_of_038: bool,
}

/// What became of one job.
enum Replayed {
    Done,
    /// The state does not know it, yet.
    Missing,
}

impl<'d, 'o> Replay<'d, 'o> {
    /// Checks the two objects.
    pub(super) fn new(
        session: &'d Json,
        logs: &'o Logs<'o>,
        version: u8,
        ignore_checksums: bool,
    ) -> Result<Self, Corruption> {
        let object = |key: &'static str| {
            let path = SESSION.key(key);
            Checked::member(session, &path)?
                .required(Type::Object)
                .map(|object| object.value)
        };
        let metadata = entries(session).and_then(|session| session.get("metadata"));
        Ok(Self {
            session,
            is_of_038: metadata.is_some_and(|metadata| is_of_plainbox_0_38(metadata, version)),
            jobs: object("jobs")?,
            results: object("results")?,
            logs,
            ignore_checksums,
        })
    }

    /// Whether the session lists a job.
    pub(super) fn lists(&self, job: &str) -> bool {
        entries(self.jobs).is_some_and(|jobs| jobs.contains_key(job))
    }

    /// Replays everything. The deselected jobs come last, whether or not they were replayed before.
    pub(super) fn run(&self, state: &mut SessionState) -> Result<(), ResumeError> {
        let ids: BTreeSet<&str> = [self.jobs, self.results]
            .into_iter()
            .filter_map(entries)
            .flat_map(Entries::keys)
            .map(|id| &**id)
            .collect();
        let mut queue = Vec::new();
        for id in ids {
            if let Replayed::Missing = self.job(state, id)? {
                queue.push(Json::Text(id.into()));
            }
        }
        queue.extend(rejected(self.session)?);
        while !queue.is_empty() {
            let mut left = Vec::new();
            let before = queue.len();
            for id in queue {
                let path = SESSION.key("metadata");
                let path = path.key("rejected_jobs");
                let text = Checked::object(&id, &path).required(Type::Text)?.text();
                if let Replayed::Missing = self.job(state, text)? {
                    left.push(id);
                }
            }
            if left.len() == before {
                let names: Vec<&str> = left.iter().filter_map(Json::as_text).collect();
                let what = format!("Unknown jobs remaining: {}", names.join(", "));
                return Err(SESSION.key("jobs").corrupted(what).into());
            }
            queue = left;
        }
        Ok(())
    }

    fn job(&self, state: &mut SessionState, id: &str) -> Result<Replayed, ResumeError> {
        let path = SESSION.key("jobs");
        let path = path.key(id);
        let stored = Checked::member(self.jobs, &path)?
            .required(Type::Text)?
            .text();
        let Some(job) = state.job_state(id) else {
            return Ok(Replayed::Missing);
        };
        let (job_id, is_read) = (job.id().clone(), job.definition().is_output_read());
        if !self.ignore_checksums {
            let definition = job.definition();
            let known = definition.checksum().to_string();
            if known != stored && !(self.is_of_038 && checksum_of_038(definition) == stored) {
                let stored = stored.to_owned();
                return Err(ResumeError::IncompatibleJob {
                    job: job_id,
                    stored,
                    known,
                });
            }
        }
        if entries(self.results).is_some_and(|results| results.contains_key(id)) {
            for result in self.results_of(id)? {
                self.record(state, &job_id, result, is_read)?;
            }
        }
        Ok(Replayed::Done)
    }

    /// All results of a job; none is recorded before all are read.
    fn results_of(&self, id: &str) -> Result<Vec<JobResult>, ResumeError> {
        let path = SESSION.key("results");
        let path = path.key(id);
        let results = Checked::member(self.results, &path)?.required(Type::List)?;
        let results = results.items().iter().enumerate();
        results
            .map(|(index, result)| read_result(result, &path.index(index), self.logs))
            .collect()
    }

    fn record(
        &self,
        state: &mut SessionState,
        job: &JobId,
        result: JobResult,
        is_read: bool,
    ) -> Result<(), ResumeError> {
        let output = match &result.io_log {
            IoLog::Stored(log) if is_read && result.outcome.is_some() => {
                Some(self.logs.read(&log.path)?)
            }
            IoLog::Stored(_) | IoLog::Memory(_) => None,
        };
        state
            .update_job_result(job, result, output.as_deref())
            .map_err(|error| SESSION.key("results").corrupted(error.to_string()).into())
    }
}

/// The checksum by the rule of PlainBox 0.38: neither the namespace counts, nor where an instance of a template
/// says which one it is.
fn checksum_of_038(definition: &JobDefinition) -> String {
    if definition.parameters().is_none() {
        return definition.checksum_without_namespace().to_string();
    }
    let fields = definition.fields();
    let fields = fields.filter(|(name, _)| *name != "template-id");
    let fields = fields.map(|(name, value)| (name.into(), value.to_value()));
    let parameters = definition.parameters().cloned();
    let namespace = definition.namespace().map(Into::into);
    let old = JobDefinition::new(namespace, fields.collect(), parameters, None);
    old.checksum_without_namespace().to_string()
}

/// The deselected jobs as the document has them: unchecked, and in every version. A text counts as its
/// characters and an object as its keys, as they do where Checkbox walks them.
fn rejected(session: &Json) -> Result<Vec<Json>, Corruption> {
    let path = SESSION.key("metadata");
    let metadata = Checked::member(session, &path)?
        .required(Type::Object)?
        .value;
    let path = path.key("rejected_jobs");
    let Some(jobs) = entries(metadata).and_then(|metadata| metadata.get("rejected_jobs")) else {
        return Ok(Vec::new());
    };
    match jobs {
        Json::List(jobs) => Ok(jobs.clone()),
        Json::Text(text) => Ok(text
            .chars()
            .map(|c| Json::Text(c.to_string().into()))
            .collect()),
        Json::Object(jobs) => Ok(jobs.keys().cloned().map(Json::Text).collect()),
        Json::Null | Json::Bool(_) | Json::Int(_) | Json::BigInt(_) | Json::Float(_) => {
            Checked::object(jobs, &path)
                .required(Type::List)
                .map(|_| Vec::new())
        }
    }
}

pub(super) fn entries(object: &Json) -> Option<&Entries> {
    match object {
        Json::Object(entries) => Some(entries),
        Json::Null
        | Json::Bool(_)
        | Json::Int(_)
        | Json::BigInt(_)
        | Json::Float(_)
        | Json::Text(_)
        | Json::List(_) => None,
    }
}
