//! `session peek`: what a session says about itself, without its jobs.

use session_manager::{ManagerOptions, PeekKind, peek_session};
use session_state::{FieldValue, SessionMetadata};
use suspend_resume::{Format, Limits, Peek, Summary, peek as peek_bytes};

use super::list::kept_as;
use super::run::options;
use crate::args;
use crate::error::{Failure, OfSession};
use crate::exit_code::Exit;
use crate::json;
use crate::output::Talk;
use crate::source::{Source, find};
use crate::wording;

/// Tells what a session says about itself: of a native one its summary, whatever the number of its jobs; of one in a
/// Checkbox format its metadata. Nothing is written, and no lock is needed.
///
/// # Errors
/// There is no such session, or what it says of itself cannot be read.
pub(crate) fn peek(arguments: &args::Peek, talk: &mut Talk) -> Result<Exit, Failure> {
    let options = options()?;
    let repository = arguments.common.repository.as_deref();
    let source = find(&arguments.session, repository, &options)?;
    let document = document(&source, &options)?;
    if arguments.common.json {
        talk.json_pretty(&document);
    } else {
        lines(&document).iter().for_each(|line| talk.data(line));
    }
    Ok(Exit::Done)
}

fn document(source: &Source, options: &ManagerOptions) -> Result<json::Peek, Failure> {
    match source {
        Source::Session(storage) => {
            let id = storage.id().as_str();
            let location = storage.location().to_string();
            let unreadable = |error| Failure::Read(OfSession::new(id, error));
            let peek = peek_session(storage, options).map_err(unreadable)?;
            let changed = wording::moment(peek.modified_ns);
            let mut told = match &peek.kind {
                PeekKind::Native(summary) => of_summary(id, location, changed, summary),
                PeekKind::Checkbox { version, metadata } => {
                    of_metadata(id, location, changed, *version, metadata)
                }
            };
            told.readable = !peek.is_newer;
            Ok(told)
        }
        Source::File(file) => {
            let (name, location) = (file.path.as_str(), file.path.to_string());
            let changed = wording::moment(file.modified_ns);
            let undecoded = |error| Failure::Decode(OfSession::new(name, error));
            match peek_bytes(&file.bytes, &Limits::default()).map_err(undecoded)? {
                Peek::Native(head) => {
                    let mut told = of_summary(name, location, changed, &head.summary);
                    told.layout = Some(head.layout);
                    told.readable = head.readable;
                    Ok(told)
                }
                Peek::Checkbox(seen) => {
                    let mut told =
                        of_metadata(name, location, changed, seen.version, &seen.metadata);
                    told.rejected_jobs = seen.rejected_jobs.iter().map(text_of).collect();
                    Ok(told)
                }
                _ => Err(Failure::NoFile {
                    path: file.path.clone(),
                }),
            }
        }
    }
}

fn of_summary(
    id: &str,
    location: String,
    changed: Option<String>,
    summary: &Summary,
) -> json::Peek {
    let outcomes = session_state::JobOutcome::ALL.into_iter();
    let outcomes = outcomes
        .map(|outcome| (outcome.as_str(), summary.jobs_with(outcome)))
        .filter(|(_, jobs)| *jobs > 0);
    json::Peek {
        kept_as: kept_as(Format::Native),
        title: summary.title.clone(),
        app_id: summary.app_id.clone(),
        flags: summary.flags.iter().cloned().collect(),
        running_job: summary.running_job.clone(),
        last_job_start_time: summary.last_job_start_time,
        custom_joblist: summary.custom_joblist,
        remaining_todo_jobs: summary.remaining_todo_jobs,
        jobs_total: Some(summary.jobs_total),
        outcomes: Some(outcomes.collect()),
        ..json::Peek::new(id, location, changed)
    }
}

fn of_metadata(
    id: &str,
    location: String,
    changed: Option<String>,
    version: u8,
    metadata: &SessionMetadata,
) -> json::Peek {
    let rejected = metadata.rejected_jobs.iter();
    json::Peek {
        kept_as: kept_as(Format::Checkbox(version)),
        title: metadata.title.clone(),
        app_id: metadata.app_id.clone(),
        app_blob: metadata.app_blob.as_deref().map(blob),
        flags: metadata.flags.iter().cloned().collect(),
        running_job: metadata.running_job_name.clone(),
        last_job_start_time: metadata.last_job_start_time,
        custom_joblist: metadata.custom_joblist,
        remaining_todo_jobs: metadata.remaining_todo_jobs,
        rejected_jobs: rejected.map(|job| job.as_str().to_owned()).collect(),
        ..json::Peek::new(id, location, changed)
    }
}

/// The application's bytes as text where they are text, and their number where not.
fn blob(bytes: &[u8]) -> String {
    match str::from_utf8(bytes) {
        Ok(text) => text.to_owned(),
        Err(_) => wording::count(bytes.len(), "byte"),
    }
}

/// A rejected job as it stands.
fn text_of(value: &FieldValue) -> String {
    match value {
        FieldValue::Text(text) => text.to_string(),
        FieldValue::Null
        | FieldValue::Bool(_)
        | FieldValue::Int(_)
        | FieldValue::BigInt(_)
        | FieldValue::Float(_)
        | FieldValue::List(_)
        | FieldValue::Map(_) => format!("(no text: {value:?})"),
    }
}

fn lines(peek: &json::Peek) -> Vec<String> {
    let mut lines = vec![format!("session  {}", wording::one_line(&peek.id))];
    let mut add = |name: &str, text: &str| {
        if !text.is_empty() {
            lines.push(format!("{name:<8} {}", wording::one_line(text)));
        }
    };
    add("title", peek.title.as_deref().unwrap_or_default());
    let newer = if peek.readable {
        ""
    } else {
        ", newer than this program reads"
    };
    add("kept as", &format!("{}{newer}", peek.kept_as));
    add("program", peek.app_id.as_deref().unwrap_or_default());
    add("flags", &peek.flags.join(", "));
    add("job", peek.running_job.as_deref().unwrap_or_default());
    if let Some(total) = peek.jobs_total {
        add("jobs", &total.to_string());
    }
    for (outcome, jobs) in peek.outcomes.iter().flatten() {
        add("", &format!("{jobs} {outcome}"));
    }
    add("rejected", &peek.rejected_jobs.join(", "));
    add("changed", peek.changed.as_deref().unwrap_or_default());
    add("files", &peek.location);
    lines
}
