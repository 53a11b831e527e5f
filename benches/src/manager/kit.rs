//! Sessions through the manager, and a run of them.

use std::path::Path;
use std::sync::Arc;

use session_manager::{ManagerOptions, ProcessRecord, SessionManager};
use session_state::{IoStream, JobDefinition, JobId, SessionState};
use session_storage::Fs;
use suspend_resume::Format;

use crate::error::{BenchError, Doing as _};
use crate::jobs::{Dependencies, definitions, ids, result, solved};
use crate::sessions::repository;

/// So many jobs, all of them selected.
pub(super) fn selected(jobs: usize) -> Result<(Vec<Arc<JobDefinition>>, SessionState), BenchError> {
    let definitions = definitions(jobs, Dependencies::Near);
    let state = solved(&definitions, &ids(&definitions))?;
    Ok((definitions, state))
}

/// The options every session here has.
pub(super) fn options() -> Result<ManagerOptions, BenchError> {
    ManagerOptions::system().doing("draw a key")
}

/// A run of a session, job by job.
pub(super) struct Run {
    pub(super) manager: SessionManager,
    jobs: Vec<JobId>,
    next: usize,
    process: ProcessRecord,
    /// What each job prints; nothing, when it is empty.
    output: &'static str,
}

impl Run {
    /// A session around a state, saved once, in a repository in that folder.
    pub(super) fn begin(
        fs: Arc<dyn Fs>,
        folder: &Path,
        format: Format,
        state: SessionState,
    ) -> Result<Self, BenchError> {
        let jobs = state.run_list().cloned().collect();
        let mut manager = SessionManager::builder(repository(fs, folder)?, options()?)
            .format(format)
            .create_with_state(state)
            .doing("create a session")?;
        manager.checkpoint().doing("save it")?;
        let process = ProcessRecord {
            pid: std::process::id(),
            start_time: 1,
            pid_namespace: 1,
            boot_id: "the boot of a benchmark".into(),
        };
        Ok(Self {
            manager,
            jobs,
            next: 0,
            process,
            output: "",
        })
    }

    /// The same with jobs that print something.
    pub(super) fn printing(mut self, output: &'static str) -> Self {
        self.output = output;
        self
    }

    /// Runs so many jobs, as the program does, with no process to wait for: each is begun, its log opened, ended.
    pub(super) fn go(&mut self, count: usize) -> Result<(), BenchError> {
        for _ in 0..count {
            let job = self.jobs.get(self.next).ok_or("no job is left");
            let job = job.doing("run a job")?.clone();
            self.next += 1;
            self.manager.begin_job(&job).doing("begin a job")?;
            let mut log = self.manager.open_log(&job).doing("open a log")?;
            log.started(&self.process).doing("note a process")?;
            if !self.output.is_empty() {
                log.record(IoStream::Stdout, 0.25, self.output.as_bytes())
                    .doing("keep output")?;
            }
            self.manager
                .finish_job(log, result())
                .doing("record a result")?;
        }
        Ok(())
    }

    /// Records a result for every job, and makes all of them durable at once.
    pub(super) fn record_all(&mut self) -> Result<(), BenchError> {
        for job in &self.jobs {
            self.manager
                .state_mut()
                .update_job_result(job, result(), None)
                .doing("record a result")?;
        }
        self.next = self.jobs.len();
        self.manager.checkpoint().doing("save all results")?;
        Ok(())
    }

    /// Runs what is left, and makes it durable.
    pub(super) fn finish(&mut self) -> Result<(), BenchError> {
        self.go(self.jobs.len() - self.next)?;
        self.manager.checkpoint().doing("save the last result")?;
        Ok(())
    }
}

/// How many jobs have an outcome; another number than expected ends the run of the benchmarks.
pub(super) fn expect_results(
    who: &str,
    state: &SessionState,
    expected: usize,
) -> Result<(), BenchError> {
    let found = state.jobs().filter(|job| job.outcome().is_some()).count();
    if found == expected {
        return Ok(());
    }
    Err(BenchError::Wrong {
        what: format!("{who} has {found} results of {expected}"),
    })
}
