//! `session show`: one session and all its jobs.

use session_manager::{DormantSession, ManagerOptions, PeekKind, find_session, peek_session};
use session_state::{Inhibitor, IoLog, JobOutcome, JobState, PluginKind};
use session_storage::{SessionStorage, Tail, Verdict};
use suspend_resume::Summary;

use super::list::kept_as;
use super::run::options;
use crate::args::Show;
use crate::config::Place;
use crate::decision::is_failure;
use crate::error::{Failure, OfSession};
use crate::exit_code::Exit;
use crate::json::{self, Job};
use crate::output::Talk;
use crate::standing::{Standing, jobs_total};
use crate::summary::outcome_text;
use crate::wording;

/// Shows a session as it stands on the disk. Nothing is written, and no lock is needed.
///
/// # Errors
/// There is no such session, or it cannot be read.
pub(crate) fn show(arguments: &Show, talk: &mut Talk) -> Result<Exit, Failure> {
    let repository = Place::choose(arguments.common.repository.as_deref())?.open()?;
    let options = options()?;
    let storage = find_session(&repository, &arguments.id, &options)?;
    let document = document(&storage, &options)?;
    if arguments.common.json {
        talk.json_pretty(&document);
    } else {
        lines(&document).iter().for_each(|line| talk.data(line));
    }
    Ok(Exit::Done)
}

fn document(storage: &SessionStorage, options: &ManagerOptions) -> Result<json::Show, Failure> {
    let id = storage.id().to_string();
    let unreadable = |error| Failure::Read(OfSession::new(storage.id().as_str(), error));
    let peek = peek_session(storage, options).map_err(unreadable)?;
    let PeekKind::Native(_) = &peek.kind else {
        return Err(Failure::NotNative {
            id,
            format: kept_as(&peek.kind),
        });
    };
    let dormant = DormantSession::read(storage, options).map_err(unreadable)?;
    let state = &dormant.state;
    let known = Summary::of(state);
    let metadata = state.metadata();
    let standing = if dormant.verdict.as_ref().is_some_and(is_damaged) {
        Standing::Damaged
    } else {
        Standing::of(storage, &peek, options)
    };
    Ok(json::Show {
        format: "session.show",
        version: json::VERSION,
        id,
        location: storage.location().to_string(),
        title: metadata.title.clone(),
        app_id: metadata.app_id.clone(),
        flags: metadata.flags.iter().cloned().collect(),
        state: standing.as_str(),
        pid: standing.pid(),
        kept_as: kept_as(&peek.kind),
        changed: wording::moment(peek.modified_ns),
        clean: dormant.verdict.as_ref().is_none_or(Verdict::is_clean),
        verdict: dormant
            .verdict
            .map_or_else(String::new, |verdict| verdict.to_string()),
        jobs_done: known.jobs_with_outcome(),
        jobs_total: jobs_total(&known),
        jobs: ordered(state).map(job).collect(),
    })
}

/// Whether something acknowledged is missing. A frame that a living process writes just now is no damage.
fn is_damaged(verdict: &Verdict) -> bool {
    let is_in_progress = matches!(verdict.tail, Tail::InProgress { .. })
        && verdict.damage.is_empty()
        && verdict.lost.is_none();
    !verdict.is_writable() && !is_in_progress
}

/// The jobs in the order they run, then those that are not to be run.
fn ordered(state: &session_state::SessionState) -> impl Iterator<Item = &JobState> {
    let others = state.jobs().filter(|job| !state.is_on_run_list(job.id()));
    state.run_list_states().chain(others)
}

fn job(state: &JobState) -> Job {
    let result = state.result();
    Job {
        id: state.id().as_str().to_owned(),
        summary: state.definition().summary().into_owned(),
        plugin: state.definition().plugin().map(PluginKind::as_str),
        outcome: result.outcome.map(JobOutcome::as_str),
        failed: result.outcome.is_some_and(is_failure),
        comments: result.comments.as_deref().map(ToOwned::to_owned),
        return_code: result.return_code.as_ref().map(Into::into),
        duration: result.execution_duration,
        attempts: state.attempts_begun(),
        log: match &result.io_log {
            IoLog::Memory(_) => None,
            IoLog::Stored(stored) => Some(stored.path.to_string()),
        },
        inhibitors: match result.outcome {
            Some(_) => Vec::new(),
            None => state
                .inhibitors()
                .iter()
                .map(Inhibitor::to_string)
                .collect(),
        },
    }
}

fn lines(show: &json::Show) -> Vec<String> {
    let mut lines = vec![format!("session  {}", show.id)];
    if let Some(title) = &show.title {
        lines.push(format!("title    {}", wording::one_line(title)));
    }
    let state = match show.pid {
        Some(pid) => format!("{} (process {pid})", show.state),
        None => show.state.to_owned(),
    };
    lines.push(format!(
        "state    {state}, {} of {} done",
        show.jobs_done,
        wording::count(
            usize::try_from(show.jobs_total).unwrap_or(usize::MAX),
            "job"
        )
    ));
    if let Some(changed) = &show.changed {
        lines.push(format!("changed  {changed}"));
    }
    lines.push(format!("journal  {}", show.verdict));
    lines.push(format!("files    {}", show.location));
    lines.push(String::new());
    for job in &show.jobs {
        lines.extend(job_lines(job));
    }
    lines
}

fn job_lines(job: &Job) -> Vec<String> {
    let mut line = format!(
        "{} {}",
        outcome_text(job.outcome.unwrap_or("-")),
        wording::one_line(&job.id)
    );
    if let Some(took) = job.duration.and_then(wording::seconds) {
        line.push_str(&format!(" ({took})"));
    }
    line.push_str(&wording::exit_code(job.return_code.as_ref()));
    if job.attempts > 1 {
        line.push_str(&format!(", {} attempts", job.attempts));
    }
    let mut lines = vec![line];
    let comments = job.comments.iter().flat_map(|words| words.lines());
    let words = comments.chain(job.inhibitors.iter().map(String::as_str));
    lines.extend(words.map(|word| format!("    {}", wording::one_line(word))));
    if let Some(log) = job.log.as_ref().filter(|_| job.failed) {
        lines.push(format!("    its output is in {}", wording::one_line(log)));
    }
    lines
}
