//! A session that was killed with a job in flight, and the plans of its resume.

use std::sync::Arc;

use camino::Utf8Path;
use session_state::JobDefinition;
use session_storage::{CrashFs, Fs, Repository, SessionStorage};

use super::kit::{PLACE, empty_fs, in_flight, job, options_of_boot};
use crate::{
    ApplyError, DormantSession, JobAction, ManagerOptions, ResumeEnvironment, ResumePlan,
    ResumePolicy, Resumed, SessionManager, find_session, plan_resume,
};

pub(super) fn options(boot: &str) -> ManagerOptions {
    let mut options = options_of_boot(boot);
    options.machine = Some("machine-1".to_owned());
    options
}

pub(super) fn definitions(flying: &[(&str, &str)]) -> Vec<Arc<JobDefinition>> {
    let command = ("plugin", "shell");
    vec![
        job("done", &[command, ("command", "true")]),
        job(
            "flying",
            &[&[command, ("command", "true")], flying].concat(),
        ),
        job("next", &[command, ("command", "true")]),
        job("last", &[command, ("command", "true"), ("depends", "next")]),
    ]
}

/// The definitions now: `done` and `next` changed, `last` is gone, one is new.
pub(super) fn drifted() -> Vec<Arc<JobDefinition>> {
    let mut jobs = definitions(&[]);
    jobs[0] = job("done", &[("plugin", "shell"), ("command", "date")]);
    jobs[2] = job(
        "next",
        &[("plugin", "shell"), ("command", "date"), ("summary", "new")],
    );
    jobs[3] = job("brand-new", &[("plugin", "shell"), ("command", "true")]);
    jobs
}

/// A session with one job done and one in flight, whose other fields are given.
pub(super) fn flying(fs: &CrashFs, fields: &[(&str, &str)]) -> SessionManager {
    in_flight(fs, options("boot-1"), definitions(fields))
}

/// What a kill of such a session leaves.
pub(super) fn killed(fields: &[(&str, &str)]) -> CrashFs {
    let fs = empty_fs();
    let session = flying(&fs, fields);
    let next = fs.after_kill();
    drop(session);
    next
}

pub(super) fn storage_at(fs: &CrashFs, place: &str) -> SessionStorage {
    let fs: Arc<dyn Fs> = Arc::new(fs.clone());
    let repository = Repository::open(fs, Utf8Path::new(place)).unwrap();
    find_session(&repository, "session-", &options("boot-1")).unwrap()
}

pub(super) fn storage(fs: &CrashFs) -> SessionStorage {
    storage_at(fs, PLACE)
}

pub(super) fn plan_with(
    storage: &SessionStorage,
    options: &ManagerOptions,
    definitions: Option<&[Arc<JobDefinition>]>,
    policy: ResumePolicy,
) -> ResumePlan {
    let environment = ResumeEnvironment::of(options, policy);
    let dormant = DormantSession::read(storage, options).unwrap();
    plan_resume(&dormant, definitions, &environment)
}

pub(super) fn plan(storage: &SessionStorage, boot: &str) -> ResumePlan {
    plan_with(storage, &options(boot), None, ResumePolicy::default())
}

pub(super) fn apply(
    plan: &ResumePlan,
    storage: &SessionStorage,
    boot: &str,
) -> Result<Resumed, ApplyError> {
    plan.apply(storage, &options(boot), &mut |_| Ok(()))
}

pub(super) fn action(plan: &ResumePlan, id: &str) -> JobAction {
    let job = plan.jobs.iter().find(|job| job.job.as_str() == id);
    job.expect("every job has its plan").action
}
