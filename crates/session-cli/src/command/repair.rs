//! `session repair`: a damaged session is made usable, by a plan that is shown first and compared under the lock.

use session_manager::{DormantSession, ManagerOptions, find_session};
use session_storage::{
    Limits, Liveness, LockError, LockState, RecoverError, RepairError, RepairPlan, Repaired,
    SessionStorage,
};

use super::run::options;
use super::verify::refuse_checkbox;
use crate::args::Repair;
use crate::config::Place;
use crate::error::{Failure, OfSession};
use crate::exit_code::Exit;
use crate::json_repair::RepairDone;
use crate::output::Talk;
use crate::wording;

/// How often a session that changes between plan and lock is planned again.
const PLANS_MAX: u32 = 8;

/// Plans the repair of a session and applies it, or with `--dry-run` only plans it.
///
/// # Errors
/// There is no such session, a process holds it, another release wrote it, nothing of it can be read, or the storage
/// says no.
pub(crate) fn repair(arguments: &Repair, talk: &mut Talk) -> Result<Exit, Failure> {
    let repository = Place::choose(arguments.common.repository.as_deref())?.open()?;
    let options = options()?;
    let storage = find_session(&repository, &arguments.id, &options)?;
    refuse_checkbox(&storage, &options)?;
    refuse_while_it_runs(&storage, &options)?;
    refuse_other_release(&storage, &options)?;
    let planned = storage
        .plan_repair(Limits::default())
        .map_err(|error| unreadable(&storage, error))?;
    let (plan, done) = match planned {
        Some(plan) if !arguments.dry_run => {
            let (plan, done) = apply(&storage, plan, &options)?;
            (plan, done)
        }
        planned => (planned, None),
    };
    if arguments.common.json {
        talk.json_pretty(&RepairDone::new(
            storage.id().as_str(),
            storage.location().as_str(),
            plan.as_ref(),
            done.as_ref(),
        ));
    } else {
        for line in lines(&storage, plan.as_ref(), done.as_ref()) {
            talk.data(&line);
        }
    }
    for problem in done.iter().flat_map(|done| &done.problems) {
        talk.note(&format!(
            "note: the session is repaired; a file is yet to be put aside: {}",
            wording::chain(problem)
        ));
    }
    Ok(Exit::Done)
}

/// What a living process writes just now must not be taken for damage.
fn refuse_while_it_runs(storage: &SessionStorage, options: &ManagerOptions) -> Result<(), Failure> {
    match storage.lock_state(&options.holder)? {
        LockState::Recorded {
            holder,
            alive: Liveness::Alive,
        } => Err(Failure::Lock(LockError::Held {
            id: storage.id().clone(),
            holder: Some(holder),
            alive: Liveness::Alive,
        })),
        LockState::Recorded { .. } | LockState::Free => Ok(()),
    }
}

/// What another release wrote is not for this one to write anew, whatever can be kept of it.
fn refuse_other_release(storage: &SessionStorage, options: &ManagerOptions) -> Result<(), Failure> {
    match DormantSession::read(storage, options) {
        Err(error) if error.is_of_other_release() => {
            Err(Failure::Read(OfSession::new(storage.id().as_str(), error)))
        }
        Ok(_) | Err(_) => Ok(()),
    }
}

/// Applies the plan under the lock; a session that changed meanwhile is planned again. What was done, and by which
/// plan; neither when it needs no repair any more.
fn apply(
    storage: &SessionStorage,
    mut plan: RepairPlan,
    options: &ManagerOptions,
) -> Result<(Option<RepairPlan>, Option<Repaired>), Failure> {
    let lock = storage.lock(&options.holder, options.lock)?;
    for _ in 0..PLANS_MAX {
        match lock.apply_repair(&plan, &options.journal) {
            Ok(done) => return Ok((Some(plan), Some(done))),
            Err(RepairError::PlanIsStale { now: Some(now) }) => plan = *now,
            Err(RepairError::PlanIsStale { now: None }) => return Ok((None, None)),
            Err(error) => {
                let of_session = OfSession::new(storage.id().as_str(), error);
                return Err(Failure::Repair(of_session));
            }
        }
    }
    Err(Failure::Unsteady {
        id: storage.id().to_string(),
    })
}

fn unreadable(storage: &SessionStorage, error: RecoverError) -> Failure {
    Failure::Recover(OfSession::new(storage.id().as_str(), error))
}

fn lines(
    storage: &SessionStorage,
    plan: Option<&RepairPlan>,
    done: Option<&Repaired>,
) -> Vec<String> {
    let id = storage.id();
    let Some(plan) = plan else {
        return vec![format!("session  {id}"), "repair   not needed".to_owned()];
    };
    let mut lines = vec![
        format!("session  {id}"),
        format!("damage   {}", plan.verdict),
        format!(
            "kept     everything up to frame {}: a snapshot of {} bytes, {} frames on top",
            plan.position.seq, plan.snapshot_bytes, plan.frames_kept
        ),
        format!(
            "lost     {}",
            plan.verdict.lost.map_or_else(
                || "nothing that was acknowledged".to_owned(),
                |lost| lost.to_string()
            )
        ),
    ];
    match done {
        None => {
            lines.push(format!("aside    {}", plan.files_aside.join(", ")));
            lines.push(format!(
                "nothing was changed; `session repair {id}` does this"
            ));
        }
        Some(done) => lines.push(format!(
            "repaired; the files as they were are in {}/{}",
            storage.location(),
            done.aside
        )),
    }
    lines
}
