//! `session resume`: go on where a session stands.

use std::collections::HashMap;
use std::time::Duration;

use job_runner::{ProcessIdentity, end_orphans};
use session_manager::{
    DormantSession, Fate, ManagerOptions, PeekKind, SessionManager, find_session, peek_session,
};
use session_state::JobId;
use session_storage::SessionStorage;

use super::run::{announce, options};
use crate::args::Resume;
use crate::config::Place;
use crate::error::{Failure, OfSession};
use crate::execution::{Execution, tell_summary};
use crate::exit_code::Exit;
use crate::output::Talk;
use crate::signals::Stop;
use crate::standing::INCOMPLETE;
use crate::summary::Summary;
use crate::wording;

/// How long processes of the run before may take to end by themselves.
const GRACE: Duration = Duration::from_secs(5);

/// Goes on with a session: ends what the run before left running, settles the job that was in flight, and
/// runs every job without outcome. A finished session is only summed up.
///
/// # Errors
/// There is no such session, it is held or damaged, or its results cannot be kept.
pub(crate) fn resume(arguments: &Resume, talk: &mut Talk) -> Result<Exit, Failure> {
    let json = arguments.common.json;
    let repository = Place::choose(arguments.common.repository.as_deref())?.open()?;
    let options = options()?;
    let storage = find_session(&repository, &arguments.id, &options)?;
    let id = storage.id().to_string();
    if let Some(summary) = finished(&storage, &options) {
        talk.note(&format!(
            "session {id} is finished: every job has an outcome; `session show {id}` shows them"
        ));
        return Ok(tell_summary(&summary, Duration::ZERO, json, talk));
    }
    let stop = Stop::on_signals().map_err(Failure::Signals)?;
    let attempts_max = options.attempts_max;
    let mut manager = SessionManager::load_session(storage, options, None)
        .map_err(|error| Failure::Load(OfSession::new(&id, error)))?;
    if let Some(report) = manager
        .load_report()
        .filter(|report| !report.verdict.is_clean())
    {
        talk.note(&format!("note: session {id}: {}", report.verdict));
    }
    announce(&manager, json, true, talk);
    end_left_over(&manager, talk)?;
    let unreported = settle(&mut manager, attempts_max, talk)?;
    Execution::new(manager, &stop, talk, json, unreported).run()
}

/// The summary of a session that has nothing left to do. What cannot be read is left to the loading to tell.
fn finished(storage: &SessionStorage, options: &ManagerOptions) -> Option<Summary> {
    let peek = peek_session(storage, options).ok()?;
    match peek.kind {
        PeekKind::Native(summary) if !summary.flags.contains(INCOMPLETE) => {}
        PeekKind::Native(_) | PeekKind::Checkbox { .. } => return None,
    }
    let dormant = DormantSession::read(storage, options).ok()?;
    let state = &dormant.state;
    let is_finished = state.todo_count() == 0
        && state.metadata().intent.is_none()
        && dormant.verdict.is_writable();
    is_finished.then(|| Summary::of(storage.id().as_str(), state, &HashMap::new()))
}

/// Ends the living processes of the run before, so that no job runs beside its successor.
fn end_left_over(manager: &SessionManager, talk: &mut Talk) -> Result<(), Failure> {
    let id = manager.id().to_string();
    let recorded: Vec<ProcessIdentity> = manager
        .left_over()
        .processes
        .iter()
        .map(|process| ProcessIdentity {
            pid: process.pid,
            start_time: process.start_time,
            pid_namespace: process.pid_namespace,
            boot_id: process.boot_id.clone(),
        })
        .collect();
    let report = end_orphans(&manager.uuid_text(), &recorded, GRACE).map_err(|source| {
        Failure::Processes {
            id: id.clone(),
            source,
        }
    })?;
    for orphan in &report.ended {
        talk.note(&format!(
            "ended process {} that the run before left: {}",
            orphan.pid,
            wording::command(&orphan.command)
        ));
    }
    if report.survivors.is_empty() {
        return Ok(());
    }
    let pids: Vec<String> = report
        .survivors
        .iter()
        .map(|survivor| survivor.orphan.pid.to_string())
        .collect();
    Err(Failure::Survivors {
        id,
        pids: pids.join(", "),
    })
}

/// Decides about the job in flight; answers the jobs that got their results by that.
fn settle(
    manager: &mut SessionManager,
    attempts_max: u32,
    talk: &mut Talk,
) -> Result<Vec<JobId>, Failure> {
    let fate = manager
        .settle_flight()
        .map_err(|error| Failure::Log(OfSession::new(manager.id().as_str(), error)))?;
    Ok(match fate {
        Fate::Nothing | Fate::StartNow { .. } => Vec::new(),
        Fate::StartAgain { job, attempt } => {
            talk.note(&format!(
                "job {} was cut short in attempt {attempt} of {attempts_max} and runs again",
                wording::one_line(job.as_str())
            ));
            Vec::new()
        }
        Fate::Crashed { job, attempts } => {
            talk.note(&format!(
                "job {} was cut short {attempts} times and counts as crashed",
                wording::one_line(job.as_str())
            ));
            vec![job]
        }
    })
}
