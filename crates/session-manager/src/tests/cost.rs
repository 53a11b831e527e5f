//! What a job costs: one flush, and at the most three when its output goes to files.

use std::sync::Arc;

use session_state::{IoStream, JobId, JobOutcome, JobResult};
use session_storage::{FailFs, Fs, Operation, Repository};

use super::kit::{empty_fs, job, options, repository};
use crate::SessionManager;

const JOBS: usize = 40;

fn flushes(fs: &FailFs) -> usize {
    let syncs = [
        Operation::SyncFile,
        Operation::SyncDir,
        Operation::SyncFilesystem,
    ];
    let calls = fs.calls();
    calls
        .iter()
        .filter(|call| syncs.contains(&call.operation))
        .count()
}

/// How many flushes each job of a run cost, from its note to the next one's; each writes that many bytes.
fn flushes_of_jobs(output: usize) -> Vec<usize> {
    let fs = FailFs::new(Arc::new(empty_fs()));
    let shared: Arc<dyn Fs> = Arc::new(fs.clone());
    let repository: Repository = repository(shared).unwrap();
    let ids: Vec<JobId> = (0..JOBS)
        .map(|number| format!("j{number}").as_str().into())
        .collect();
    let jobs = ids
        .iter()
        .map(|id| job(id.as_str(), &[("command", "true")]));
    // Growing and folding come on top, now and then; here they stay away.
    let mut options = options();
    options.journal.step_bytes = 1 << 20;
    options.journal.fold_bytes_min = 1 << 30;
    let mut session = SessionManager::builder(repository, options)
        .create_with_job_list(jobs)
        .unwrap();
    session.state_mut().update_desired_jobs(&ids);
    session.checkpoint().unwrap();
    let mut costs = Vec::new();
    let mut before = flushes(&fs);
    for id in &ids {
        session.begin_job(id).unwrap();
        let mut log = session.open_log(id).unwrap();
        log.record(IoStream::Stdout, 0.0, &vec![b'x'; output])
            .unwrap();
        session
            .finish_job(log, JobResult::of(JobOutcome::Pass))
            .unwrap();
        let now = flushes(&fs);
        costs.push(now - before);
        before = now;
    }
    costs
}

#[test]
fn a_job_costs_one_flush() {
    assert_eq!(flushes_of_jobs(30), [1; JOBS]);
}

#[test]
fn a_job_with_much_output_costs_two() {
    assert_eq!(flushes_of_jobs(3000), [2; JOBS]);
}
