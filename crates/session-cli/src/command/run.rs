//! `session run`: a new session of the jobs of unit files.

use camino::Utf8PathBuf;
use job_units::{ReadOptions, Units, read_units};
use session_manager::{Lifecycle, ManagerOptions, SessionManager};
use session_state::{JobId, JobOutcome, Problem, SessionState};

use crate::args::Run;
use crate::config::{Place, own_command};
use crate::decision::with_comment;
use crate::error::{Failure, OfSession};
use crate::execution::Execution;
use crate::exit_code::Exit;
use crate::json::{Event, Line};
use crate::output::Talk;
use crate::signals::Stop;
use crate::standing::APP_ID;
use crate::wording;

/// So many mistakes and problems are told one by one.
const TOLD_MAX: usize = 100;

/// Creates a session of all jobs of the unit files, makes it durable, tells its id, and runs it.
///
/// # Errors
/// The unit files cannot be used, the session cannot be created, or its results cannot be kept.
pub(crate) fn run(arguments: &Run, talk: &mut Talk) -> Result<Exit, Failure> {
    let json = arguments.common.json;
    let units = units(&arguments.units, talk)?;
    let mut state = SessionState::with_jobs(units.jobs.iter().cloned())?;
    let left_out = select(&mut state, talk)?;
    state.set_title(Some(
        arguments
            .title
            .clone()
            .unwrap_or_else(|| title(&units.files)),
    ));
    state.set_app_id(Some(APP_ID.to_owned()));
    Lifecycle::Running
        .enter(&mut state)
        .map_err(|error| Failure::Lifecycle(OfSession::new("", error)))?;

    let repository = Place::choose(arguments.common.repository.as_deref())?.create()?;
    let stop = Stop::on_signals().map_err(Failure::Signals)?;
    let mut manager = SessionManager::builder(repository, options()?).create_with_state(state)?;
    let id = manager.id().to_string();
    manager
        .checkpoint()
        .map_err(|error| Failure::Checkpoint(OfSession::new(&id, error)))?;
    announce(&manager, json, false, talk);
    Execution::new(manager, &stop, talk, json, left_out).run()
}

/// What the manager is told about us.
///
/// # Errors
/// The machine has no randomness to give.
pub(crate) fn options() -> Result<ManagerOptions, Failure> {
    let mut options = ManagerOptions::system().map_err(Failure::Host)?;
    options.holder.command = own_command();
    Ok(options)
}

/// Tells which session it is.
pub(crate) fn announce(manager: &SessionManager, json: bool, resumed: bool, talk: &mut Talk) {
    let id = manager.id().as_str();
    if !json {
        return talk.data(&format!("session {id}"));
    }
    let state = manager.state();
    talk.json(&Line::new(Event::Session {
        id,
        location: manager.storage().location().as_str(),
        title: state.metadata().title.as_deref(),
        jobs: state.job_count(),
        jobs_left: state.todo_count(),
        resumed,
    }));
}

/// Reads unit files, and tells every mistake in them.
pub(crate) fn units(paths: &[Utf8PathBuf], talk: &mut Talk) -> Result<Units, Failure> {
    let units = match read_units(paths, &ReadOptions::default()) {
        Ok(units) => units,
        Err(errors) => {
            for error in errors.iter().take(TOLD_MAX) {
                talk.note(&format!("error: {}", wording::chain(error)));
                if !error.text.is_empty() {
                    talk.note(&format!("    {}", wording::one_line(&error.text)));
                }
            }
            return Err(Failure::Units { errors });
        }
    };
    for note in units.notes.iter().take(TOLD_MAX) {
        talk.note(&format!("note: {note}"));
    }
    if !units.others.is_empty() {
        let others = wording::count(units.others.len(), "unit");
        talk.note(&format!(
            "note: {others} of other kinds than jobs (templates, test plans, ...) take no part in the run"
        ));
    }
    Ok(units)
}

/// Selects every job in the order of the files. Those that cannot be had get their results here, and are
/// answered; the others go on.
pub(crate) fn select(state: &mut SessionState, talk: &mut Talk) -> Result<Vec<JobId>, Failure> {
    let all: Vec<JobId> = state.jobs().map(|job| job.id().clone()).collect();
    let problems = state.update_desired_jobs(&all);
    for problem in problems.iter().take(TOLD_MAX) {
        talk.note(&format!("problem: {}", words(problem)));
    }
    if problems.len() > TOLD_MAX {
        talk.note(&format!("and {} problems more", problems.len() - TOLD_MAX));
    }
    if state.run_list().len() == 0 {
        return Err(Failure::NothingToRun);
    }
    let mut left_out: Vec<JobId> = Vec::new();
    for problem in &problems {
        let job = problem.affected_job();
        let outcome = state.job_state(job).map(session_state::JobState::outcome);
        if outcome == Some(None) {
            let result = with_comment(JobOutcome::Fail, words(problem));
            state
                .update_job_result(job, result, None)
                .map_err(lost_job)?;
            left_out.push(job.clone());
        }
    }
    let more: Vec<JobId> = state
        .jobs()
        .filter(|job| job.outcome().is_none() && !state.is_on_run_list(job.id()))
        .map(|job| job.id().clone())
        .collect();
    for job in more {
        let words = "Job cannot be started because a job that it needs is left out";
        let result = with_comment(JobOutcome::SkippedDependency, words);
        state
            .update_job_result(&job, result, None)
            .map_err(lost_job)?;
        left_out.push(job);
    }
    Ok(left_out)
}

/// A problem in words, led by the job it is about where the words do not name it.
fn words(problem: &Problem) -> String {
    let text = wording::chain(problem);
    match problem {
        Problem::Missing { job, .. } => format!("job '{job}': {text}"),
        Problem::Unknown { .. }
        | Problem::Cycle { .. }
        | Problem::Duplicate(_)
        | Problem::IllegalRequirement { .. }
        | Problem::UnknownSalvage { .. } => text,
    }
}

fn lost_job(source: session_state::UnknownJob) -> Failure {
    Failure::UnknownJob {
        id: String::new(),
        source,
    }
}

/// The names of the files, the first few of them.
pub(crate) fn title(files: &[Utf8PathBuf]) -> String {
    const NAMES_MAX: usize = 3;
    let mut names: Vec<&str> = files
        .iter()
        .filter_map(|file| file.file_name())
        .take(NAMES_MAX)
        .collect();
    if files.len() > NAMES_MAX {
        names.push("...");
    }
    names.join(", ")
}
