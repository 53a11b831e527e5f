//! `session abort`: a session is given up, and its results are kept.

use std::time::Duration;

use job_runner::{ProcessIdentity, ask_to_end};
use session_manager::{
    AbortError, Lifecycle, LoadError, ManagerOptions, SessionManager, WrongTransition,
    find_session, request_abort,
};
use session_storage::{Liveness, LockPolicy, LockState, SessionStorage};

use super::run::options;
use crate::args::Abort;
use crate::config::Place;
use crate::error::{Failure, OfSession};
use crate::exit_code::Exit;
use crate::json;
use crate::output::Talk;

/// How long a run that was asked to stop may take; its job has five seconds of that, and its processes five more.
const STOP_MAX: Duration = Duration::from_secs(60);

/// Gives a session up: durably asked for, then done by the process that runs it, which is asked to stop, or here when
/// there is none. Whoever is killed on the way, the request stands, and the session is not gone on with.
///
/// # Errors
/// There is no such session, it is finished or given up already, or it cannot be written.
pub(crate) fn abort(arguments: &Abort, talk: &mut Talk) -> Result<Exit, Failure> {
    let repository = Place::choose(arguments.common.repository.as_deref())?.open()?;
    let mut options = options()?;
    let storage = find_session(&repository, &arguments.id, &options)?;
    let id = storage.id().to_string();
    let failed = |error| Failure::Abort(OfSession::new(&id, error));
    let mut asked = false;
    if let LockState::Recorded {
        holder,
        alive: Liveness::Alive,
    } = storage.lock_state(&options.holder)?
    {
        request_abort(&storage).map_err(failed)?;
        asked = true;
        let process =
            holder
                .start_time
                .zip(holder.pid_namespace)
                .map(|(start_time, pid_namespace)| ProcessIdentity {
                    pid: holder.pid,
                    start_time,
                    pid_namespace,
                    boot_id: holder.boot_id.clone().unwrap_or_default().into(),
                });
        if let Some(process) = process {
            ask_to_end(&process, STOP_MAX).map_err(|source| Failure::Ask {
                id: id.clone(),
                source,
            })?;
        }
        options.lock = LockPolicy::WaitUpTo(STOP_MAX);
    }
    let done = give_up(storage, options, asked)?;
    if arguments.common.json {
        talk.json_pretty(&json::Aborted {
            format: "session.abort",
            version: json::VERSION,
            id,
            jobs_done: done,
        });
    } else {
        talk.data(&format!("aborted {id}"));
    }
    Ok(Exit::Done)
}

/// Gives the session up, unless the run that was asked to did so; answers how many jobs have an outcome.
fn give_up(
    storage: SessionStorage,
    options: ManagerOptions,
    asked: bool,
) -> Result<usize, Failure> {
    let id = storage.id().to_string();
    let mut manager = SessionManager::load_session(storage, options, None)
        .map_err(|error: LoadError| Failure::Load(OfSession::new(&id, error)))?;
    let failed = |error| Failure::Abort(OfSession::new(&id, error));
    let from = manager.lifecycle();
    if from.may_become(Lifecycle::Aborted) {
        manager.abort().map_err(failed)?;
    } else {
        manager.withdraw_abort().map_err(failed)?;
        if from != Lifecycle::Aborted || !asked {
            let to = Lifecycle::Aborted;
            return Err(failed(AbortError::Lifecycle(WrongTransition { from, to })));
        }
    }
    let counts = manager.state().outcome_counts();
    let done = counts.total() - counts.get(None);
    manager
        .close()
        .map_err(|error| Failure::Checkpoint(OfSession::new(&id, error)))?;
    Ok(done)
}
