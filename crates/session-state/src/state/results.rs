//! Jobs are begun and end.

use std::sync::Arc;

use super::job_state::Traits;
use super::session::SessionState;
use crate::change::Change;
use crate::graph::Node;
use crate::id::JobId;
use crate::job::{IoLog, IoLogRecord, JobResult};
use crate::metadata::JobIntent;
use crate::problem::UnknownJob;
use crate::record::parse_log_output;
use crate::resource::Resource;
use crate::state::observer::Signal;

impl SessionState {
    /// Notes that a job is about to run: counts the attempt, names the job as the running one, and answers
    /// the note that has to be durable before the job is started. `boot` names the boot of the machine, `at`
    /// is in seconds since the epoch.
    ///
    /// # Errors
    ///
    /// The session does not have the job.
    pub fn start_job(
        &mut self,
        job: &JobId,
        boot: Option<&str>,
        at: f64,
    ) -> Result<JobIntent, UnknownJob> {
        let node = self.node_of(job)?;
        let attempt = self
            .state_of(node)
            .map_or(1, super::job_state::JobState::next_log_attempt);
        let intent = JobIntent {
            job: job.clone(),
            attempt,
            boot: boot.map(Into::into),
        };
        self.begin(node, &intent, at);
        self.record(|_| Change::JobStarted {
            intent: intent.clone(),
            at,
        });
        Ok(intent)
    }

    /// Records the result of a job; a hollow one says that it is to be run again. `output` is the log when
    /// the result only names a file.
    ///
    /// The records that a resource job printed replace those it had (an outcome there must be; a job that
    /// printed none gives one empty record, a syntax error ends them), and templates make jobs of them. What a local
    /// job printed becomes jobs. [`expansion_faults`](Self::expansion_faults) tells what does not. Then the jobs that
    /// need this one are judged anew, no others.
    ///
    /// # Errors
    ///
    /// The session does not have the job.
    pub fn update_job_result(
        &mut self,
        job: &JobId,
        result: JobResult,
        output: Option<&[IoLogRecord]>,
    ) -> Result<(), UnknownJob> {
        let node = self.node_of(job)?;
        self.record_result(node, result, output);
        Ok(())
    }

    /// The same for a job of the session that was looked up.
    pub(super) fn record_result(
        &mut self,
        node: Node,
        result: JobResult,
        output: Option<&[IoLogRecord]>,
    ) {
        let result = Arc::new(result);
        let Traits {
            resource, local, ..
        } = self
            .state_of(node)
            .map_or_else(Traits::default, |state| state.traits);
        let records = (resource && result.outcome.is_some()).then(|| records(&result, output));
        self.set_result(node, &result);
        self.record(|state| Change::ResultRecorded {
            job: state.graph.id(node).clone(),
            result: Arc::clone(&result),
        });
        self.expansion_faults.clear();
        if let Some(records) = records {
            self.record(|state| Change::ResourcesReplaced {
                resource: state.graph.id(node).clone(),
                records: records.clone(),
            });
            self.resources.insert(node, records);
            self.expand_templates(node);
        }
        if local {
            self.take_printed_jobs(node, log_of(&result, output));
        }
        self.judge_dependents(node);
    }

    /// Replaces the records of a resource, whether or not the session has a job of that id, and judges the
    /// jobs anew that require it.
    #[doc(alias = "set_resource_list")]
    pub fn set_resources(&mut self, resource: &JobId, records: Vec<Resource>) {
        self.record(|_| Change::ResourcesReplaced {
            resource: resource.clone(),
            records: records.clone(),
        });
        self.replace_resources(resource, records);
    }

    /// Sets how often a job may still be tried.
    ///
    /// # Errors
    ///
    /// The session does not have the job.
    pub fn set_attempts(&mut self, job: &JobId, attempts: i32) -> Result<(), UnknownJob> {
        let node = self.node_of(job)?;
        self.replace_attempts(node, attempts);
        self.record(|_| Change::AttemptsSet {
            job: job.clone(),
            attempts,
        });
        Ok(())
    }

    /// The door for attempts.
    pub(super) fn replace_attempts(&mut self, node: Node, attempts: i32) {
        if let Some(state) = self.state_of_mut(node) {
            state.set_attempts(attempts);
        }
    }

    /// The door for jobs that are begun.
    pub(super) fn begin(&mut self, node: Node, intent: &JobIntent, at: f64) {
        if let Some(state) = self.state_of_mut(node) {
            state.begin(intent.attempt);
        }
        self.metadata.running_job_name = Some(intent.job.as_str().to_owned());
        self.metadata.last_job_start_time = Some(at);
        self.metadata.remaining_todo_jobs = self.todo > 0;
        self.metadata.intent = Some(intent.clone());
    }

    /// The door for results.
    pub(super) fn set_result(&mut self, node: Node, result: &Arc<JobResult>) {
        let Some(state) = self.state_of_mut(node) else {
            return;
        };
        let before = state.outcome();
        let changed = state.set_result(result);
        let on_run_list = state.on_run_list;
        self.counts.remove(before);
        self.counts.add(result.outcome);
        if on_run_list {
            self.todo =
                self.todo + usize::from(result.outcome.is_none()) - usize::from(before.is_none());
        }
        let job = self.graph.id(node).clone();
        if self
            .metadata
            .intent
            .as_ref()
            .is_some_and(|intent| intent.job == job)
        {
            self.metadata.intent = None;
            self.metadata.remaining_todo_jobs = self.todo > 0;
        }
        if changed.history {
            self.tell(&Signal::ResultHistoryChanged(&job));
        }
        if changed.result {
            self.tell(&Signal::ResultChanged(&job, result));
        }
        self.tell(&Signal::JobStateMapChanged);
        self.tell(&Signal::JobResultChanged(&job, result));
    }

    /// The door for records.
    pub(super) fn replace_resources(&mut self, resource: &JobId, records: Vec<Resource>) {
        let node = self.intern(resource);
        self.resources.insert(node, records);
        self.judge_dependents(node);
    }
}

/// The records in the output of a resource job.
fn records(result: &JobResult, output: Option<&[IoLogRecord]>) -> Vec<Resource> {
    let records = parse_log_output(log_of(result, output)).to_resources();
    if records.is_empty() {
        vec![Resource::default()]
    } else {
        records
    }
}

/// The output of a job: as it is given, else as it stands in the result.
fn log_of<'a>(result: &'a JobResult, output: Option<&'a [IoLogRecord]>) -> &'a [IoLogRecord] {
    match (output, &result.io_log) {
        (Some(log), _) => log,
        (None, IoLog::Memory(log)) => log,
        (None, IoLog::Stored(_)) => &[],
    }
}
