//! Processes that the run before left: ended, waited for, or in the way.

use std::thread;
use std::time::Duration;

use job_runner::{Orphan, ProcessIdentity, end_orphans, find_orphans};
use session_manager::{OrphanPolicy, SessionManager};

use crate::error::Failure;
use crate::output::Talk;
use crate::signals::Stop;
use crate::wording;

/// How long processes of the run before may take to end by themselves.
const GRACE: Duration = Duration::from_secs(5);
/// How often is looked whether those that are waited for are gone.
const LOOK_EVERY: Duration = Duration::from_millis(100);

/// Does with the living processes of the run before what the policy says, so that no job runs beside its successor.
///
/// # Errors
/// They cannot be looked for, one is left, or the waiting was stopped.
pub(super) fn treat_orphans(
    manager: &SessionManager,
    policy: OrphanPolicy,
    stop: &Stop,
    talk: &mut Talk,
) -> Result<(), Failure> {
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
    match policy {
        OrphanPolicy::Kill => end(manager, &recorded, talk),
        OrphanPolicy::Wait => wait(manager, &recorded, stop, talk),
        OrphanPolicy::Refuse => {
            let living = living(manager, &recorded)?;
            refuse(manager, &living)
        }
    }
}

fn living(manager: &SessionManager, recorded: &[ProcessIdentity]) -> Result<Vec<Orphan>, Failure> {
    find_orphans(manager.uuid_text(), recorded).map_err(|source| Failure::Processes {
        id: manager.id().to_string(),
        source,
    })
}

fn refuse(manager: &SessionManager, living: &[Orphan]) -> Result<(), Failure> {
    if living.is_empty() {
        return Ok(());
    }
    let pids: Vec<String> = living.iter().map(|orphan| orphan.pid.to_string()).collect();
    Err(Failure::Orphans {
        id: manager.id().to_string(),
        pids: pids.join(", "),
    })
}

fn wait(
    manager: &SessionManager,
    recorded: &[ProcessIdentity],
    stop: &Stop,
    talk: &mut Talk,
) -> Result<(), Failure> {
    let mut told = false;
    loop {
        let living = living(manager, recorded)?;
        if living.is_empty() {
            return Ok(());
        }
        if stop.requested().is_some() {
            return refuse(manager, &living);
        }
        if !told {
            told = true;
            for orphan in &living {
                talk.note(&format!(
                    "waiting for process {} that the run before left: {}",
                    orphan.pid,
                    wording::command(&orphan.command)
                ));
            }
        }
        thread::sleep(LOOK_EVERY);
    }
}

fn end(
    manager: &SessionManager,
    recorded: &[ProcessIdentity],
    talk: &mut Talk,
) -> Result<(), Failure> {
    let id = manager.id().to_string();
    let report =
        end_orphans(manager.uuid_text(), recorded, GRACE).map_err(|source| Failure::Processes {
            id: id.clone(),
            source,
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
