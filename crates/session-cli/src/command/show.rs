//! `session show`: one session and all its jobs.

use session_manager::PauseReason;
use session_state::{Inhibitor, IoLog, JobOutcome, JobState, PluginKind};
use session_storage::{Tail, Verdict};
use suspend_resume::Summary;

use super::list::kept_as;
use super::run::options;
use crate::args::Show;
use crate::content::{Content, Definitions, read};
use crate::decision::is_failure;
use crate::error::Failure;
use crate::exit_code::Exit;
use crate::json::{self, Job};
use crate::output::Talk;
use crate::source::{Source, find};
use crate::standing::{Standing, holder, jobs_total};
use crate::summary::outcome_text;
use crate::wording;

/// Shows a session as it stands on the disk, in whatever format. Nothing is written, and no lock is needed.
///
/// # Errors
/// There is no such session, or it cannot be read.
pub(crate) fn show(arguments: &Show, talk: &mut Talk) -> Result<Exit, Failure> {
    let options = options()?;
    let repository = arguments.common.repository.as_deref();
    let source = find(&arguments.session, repository, &options)?;
    let content = read(&source, &arguments.definitions, &options, talk)?;
    let pid = match &source {
        Source::Session(storage) => holder(storage, &options),
        Source::File(_) => None,
    };
    let document = document(&content, pid);
    if arguments.common.json {
        talk.json_pretty(&document);
    } else {
        lines(&document).iter().for_each(|line| talk.data(line));
    }
    Ok(Exit::Done)
}

fn document(content: &Content, pid: Option<u32>) -> json::Show {
    let state = &content.state;
    let known = Summary::of(state);
    let metadata = state.metadata();
    let begun = metadata.running_job_name.is_some() || known.jobs_with_outcome() > 0;
    let standing = match pid {
        _ if content.verdict.as_ref().is_some_and(is_damaged) => Standing::Damaged,
        Some(pid) => Standing::Running { pid },
        None => Standing::at_rest(&metadata.flags, begun),
    };
    json::Show {
        format: "session.show",
        version: json::VERSION,
        id: content.name.clone(),
        location: content.location.to_string(),
        title: metadata.title.clone(),
        app_id: metadata.app_id.clone(),
        flags: metadata.flags.iter().cloned().collect(),
        state: standing.as_str(),
        pause_reason: standing
            .pause_reason(&metadata.flags)
            .map(PauseReason::as_str),
        pid: standing.pid(),
        kept_as: kept_as(content.kept_as),
        definitions: content.definitions.as_str(),
        changed: wording::moment(content.modified_ns),
        clean: content.verdict.as_ref().is_none_or(Verdict::is_clean),
        verdict: match &content.verdict {
            Some(verdict) => verdict.to_string(),
            None => "none: one file, which is whole".to_owned(),
        },
        jobs_done: known.jobs_with_outcome(),
        jobs_total: jobs_total(&known),
        jobs: ordered(state)
            .map(|state| job(state, content.definitions))
            .collect(),
    }
}

/// Whether something acknowledged is missing. A frame that a living process writes just now is no damage.
pub(super) fn is_damaged(verdict: &Verdict) -> bool {
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

fn job(state: &JobState, definitions: Definitions) -> Job {
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
            // What a job needs stands in its definition.
            None if definitions == Definitions::Absent => Vec::new(),
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
    let state = match (show.pid, show.pause_reason) {
        (Some(pid), _) => format!("{} (process {pid})", show.state),
        (None, Some(why)) => format!("{} ({why})", show.state),
        (None, None) => show.state.to_owned(),
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
    if show.kept_as != "native" {
        lines.push(format!(
            "kept as  {}, definitions {}",
            show.kept_as, show.definitions
        ));
    }
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
