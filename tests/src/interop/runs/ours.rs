//! Our side of a run: the whole plan in a session of Checkbox's format 6, with a copy after each job.

use std::error::Error;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use camino::Utf8Path;
use job_runner::{Cancel, IoStream, JobCommand, JobSink, ProcessIdentity, SinkError};
use session_manager::{JobLog, ManagerOptions, ProcessRecord, SessionManager};
use session_state::{JobId, JobOutcome, JobResult, ReturnCode};
use session_storage::{RealFs, Repository, Trust};
use suspend_resume::Format;

use super::plan;
use crate::disk;

/// The newest format that 0.38 knows.
const FORMAT: Format = Format::Checkbox(6);

/// Runs the plan; answers with the copies, the one after `k` jobs at place `k`.
pub(super) fn run(repository: &Path, copies: &Path) -> Result<Vec<PathBuf>, Box<dyn Error>> {
    let location = Utf8Path::from_path(repository).ok_or("the place is UTF-8")?;
    let repository = Repository::create(Arc::new(RealFs), location, Trust::OwnDirectories)?;
    let builder = SessionManager::builder(repository, ManagerOptions::system()?).format(FORMAT);
    let mut manager = builder.create_with_job_list(plan::definitions())?;
    let jobs: Vec<JobId> = manager.state().jobs().map(|job| job.id().clone()).collect();
    manager.state_mut().update_desired_jobs(&jobs);
    manager.checkpoint()?;
    let run_list: Vec<JobId> = manager.state().run_list().cloned().collect();
    let mut made = Vec::new();
    for (done, job) in run_list.iter().enumerate() {
        made.push(copy(&manager, &copies.join(done.to_string()))?);
        run_job(&mut manager, job)?;
    }
    manager.close()?;
    Ok(made)
}

fn run_job(manager: &mut SessionManager, job: &JobId) -> Result<(), Box<dyn Error>> {
    manager.begin_job(job)?;
    let definition = manager
        .state()
        .job_state(job)
        .ok_or("it is on the run list")?
        .definition();
    let script = definition
        .command()
        .ok_or("each job of the plan has a command")?
        .into_owned();
    let mut log = manager.open_log(job)?;
    let command = JobCommand::new(script, manager.uuid_text());
    let end = job_runner::run(&command, &mut Sink(&mut log), &Cancel::new())?;
    let outcome = if end.return_code == Some(0) {
        JobOutcome::Pass
    } else {
        JobOutcome::Fail
    };
    let result = JobResult {
        return_code: end.return_code.map(ReturnCode::Number),
        ..JobResult::of(outcome)
    };
    manager.finish_job(log, result)?;
    manager.checkpoint()?;
    Ok(())
}

/// A copy of the session's directory below another folder, with its name.
fn copy(manager: &SessionManager, folder: &Path) -> Result<PathBuf, Box<dyn Error>> {
    let from = manager.storage().location();
    let to = folder.join(from.file_name().ok_or("a session has a name")?);
    disk::copy_folder(from.as_std_path(), &to)?;
    Ok(to)
}

/// Output on its way into the log.
struct Sink<'a>(&'a mut JobLog);

impl JobSink for Sink<'_> {
    fn started(&mut self, process: &ProcessIdentity) -> Result<(), SinkError> {
        let record = ProcessRecord {
            pid: process.pid,
            start_time: process.start_time,
            pid_namespace: process.pid_namespace,
            boot_id: process.boot_id.clone(),
        };
        Ok(self.0.started(&record)?)
    }

    fn output(&mut self, stream: IoStream, delay: f64, line: &[u8]) -> Result<(), SinkError> {
        Ok(self.0.record(stream, delay, line)?)
    }
}
