//! The steps that go through the session manager.

use std::io;
use std::sync::Arc;

use serde_json::{Value, json};
use session_manager::{
    CreateError, DormantSession, KnownUnits, ManagerOptions, ManualClock, SessionManager,
};
use session_state::{
    DeviceContext, IoLog, IoLogRecord, IoStream, JobDefinition, JobId, JobOutcome, JobResult,
    SessionState,
};
use session_storage::{Dir, Repository, SessionStorage, SystemEntropy, Trust};
use suspend_resume::Format;

use super::place::Program;
use super::steps::{NOW_US, Replay, failed, holder};
use super::told;
use crate::conformance::bad::{Unanswered, bad};
use crate::conformance::python;
use crate::conformance::resumed::inflate;
use crate::conformance::session::ids;
use crate::conformance::units::definition;

/// The session of a scenario that goes through the manager.
#[derive(Default)]
pub(super) struct Managed {
    session: Option<SessionManager>,
    storage: Option<SessionStorage>,
}

impl Managed {
    pub(super) fn dir(&self) -> Option<&Arc<dyn Dir>> {
        self.storage.as_ref().map(SessionStorage::dir)
    }

    /// Does a step, if it is one of these.
    pub(super) fn step(replay: &mut Replay, words: &str) -> Result<Option<Value>, Unanswered> {
        Ok(Some(match words {
            "create_with_job_list(legacy_mode=True)" => create(replay, true)?,
            "SessionManager.create_with_unit_list" | "create_with_state" => create(replay, false)?,
            "load_session before checkpoint" | "load_session" | "load_session after destroy" => {
                load(replay)?
            }
            "run a job, checkpoint" => run(replay)?,
            "json of the checkpoint" => document(replay)?,
            "checkpoint breaks the lock by itself" => checkpoint(replay)?,
            "destroy" => destroy(replay)?,
            "SessionManager([c1, c2], storage)" => of_two_devices(replay)?,
            "provider_list length" => {
                let device = replay.managed().session()?.device_context();
                json!({ "ok": device.providers().len() })
            }
            "unit_list length" => {
                let device = replay.managed().session()?.device_context();
                json!({ "ok": device.units().count() })
            }
            "add the same unit twice" => add_twice(replay)?,
            // A state is never none here.
            "create_with_state(None)" => return Err(Unanswered::RuledOut),
            _ => return Ok(None),
        }))
    }

    fn session(&mut self) -> Result<&mut SessionManager, Unanswered> {
        let session = self.session.as_mut();
        session.ok_or_else(|| bad("there is no session"))
    }
}

fn options() -> Result<ManagerOptions, Unanswered> {
    let entropy = Arc::new(told(SystemEntropy::new())?);
    let clock = Arc::new(ManualClock::at(NOW_US));
    Ok(ManagerOptions::new(clock, entropy, holder()))
}

/// The two jobs of these scenarios.
pub(super) fn jobs(program: Program) -> Result<Vec<Arc<JobDefinition>>, Unanswered> {
    let (namespace, units) = match program {
        Program::PlainBox054 => (
            None,
            [
                json!({"name": "a", "plugin": "shell", "command": "true"}),
                json!({"name": "b", "plugin": "shell", "command": "true", "depends": "a"}),
            ],
        ),
        Program::Checkbox73 => (
            Some("com.example.corpus"),
            [
                json!({"unit": "job", "id": "a", "plugin": "shell", "command": "true"}),
                json!({"unit": "job", "id": "b", "plugin": "shell", "command": "true", "depends": "a"}),
            ],
        ),
    };
    let jobs = units.iter();
    jobs.map(|unit| definition(namespace, Some(unit), None).map(Arc::new))
        .collect()
}

fn create(replay: &mut Replay, legacy_mode: bool) -> Result<Value, Unanswered> {
    let place = &replay.place;
    let fs = Arc::clone(&place.fs);
    let repository = Repository::create(fs, &place.location(), Trust::OwnDirectories);
    let program = place.program;
    let session = SessionManager::builder(told(repository)?, options()?)
        .format(Format::Checkbox(program.version()))
        .legacy_mode(legacy_mode)
        .create_with_job_list(jobs(program)?);
    let session = told(session)?;
    let storage = session.storage().clone();
    replay
        .place
        .note(storage.location().file_name().unwrap_or_default());
    let path = replay.place.recorded_path(storage.location());
    let managed = replay.managed();
    managed.session = Some(session);
    managed.storage = Some(storage);
    Ok(json!({ "ok": path }))
}

/// Makes a session of two devices.
fn of_two_devices(replay: &mut Replay) -> Result<Value, Unanswered> {
    let repository = told(replay.place.repository())?;
    let made = SessionManager::builder(repository, options()?)
        .create_with_device_contexts([DeviceContext::default(), DeviceContext::default()]);
    Ok(match made {
        Ok(_) => json!({ "ok": null }),
        Err(error @ CreateError::SeveralDevices { .. }) => value_error(&error.to_string()),
        Err(error) => failed(&crate::say::chain(&error), io::ErrorKind::Other),
    })
}

/// Adds the first job of the session once more.
fn add_twice(replay: &mut Replay) -> Result<Value, Unanswered> {
    let device = replay.managed().session()?.device_context_mut();
    let first = device.units().next();
    let first = first.ok_or_else(|| bad("the session has no unit"))?;
    Ok(match device.add_unit(first) {
        Ok(()) => json!({ "ok": null }),
        Err(error) => value_error(&error.to_string()),
    })
}

fn value_error(message: &str) -> Value {
    json!({ "error": {
        "class": "ValueError",
        "errno": null,
        "message": message,
        "is_oserror": false,
    }})
}

/// Loads the session in the place of the one that is open; one that was never saved is read beside it.
fn load(replay: &mut Replay) -> Result<Value, Unanswered> {
    let mut known = KnownUnits::default();
    known.jobs = jobs(replay.place.program)?;
    let managed = replay.managed();
    let storage = managed.storage.clone();
    let storage = storage.ok_or_else(|| bad("there is no session"))?;
    if let Ok(None) = storage.load_checkpoint() {
        return Ok(
            match DormantSession::read_with(&storage, &options()?, &known) {
                Ok(read) => json!({ "ok": standing(&read.state) }),
                Err(error) => json!({ "error": {
                    "class": "CorruptedSessionError",
                    "errno": null,
                    "message": crate::say::chain(&error),
                    "is_oserror": false,
                }}),
            },
        );
    }
    drop(managed.session.take());
    let loaded = SessionManager::load_session_with(storage, options()?, &known, None);
    Ok(match loaded {
        Ok(session) => {
            let told = json!({ "ok": standing(session.state()) });
            managed.session = Some(session);
            told
        }
        Err(error) => failed(&crate::say::chain(&error), io::ErrorKind::Other),
    })
}

fn standing(state: &SessionState) -> Value {
    let outcomes = state.jobs().map(|job| {
        let outcome = job.outcome().map(JobOutcome::as_str);
        (job.id().to_string(), json!(outcome))
    });
    json!({
        "run_list": ids(state.run_list()),
        "outcomes": outcomes.collect::<serde_json::Map<_, _>>(),
    })
}

/// Selects the second job, which pulls in the first, and records that this one passed.
fn run(replay: &mut Replay) -> Result<Value, Unanswered> {
    let session = replay.managed().session()?;
    let found: Vec<JobId> = session.state().jobs().map(|job| job.id().clone()).collect();
    let [first, second] = &found[..] else {
        return Err(bad("there are not two jobs"));
    };
    let state = session.state_mut();
    state.update_desired_jobs(std::slice::from_ref(second));
    let record = IoLogRecord {
        delay: 0.5,
        stream: IoStream::Stdout,
        data: b"x".as_slice().into(),
    };
    let result = JobResult {
        return_code: Some(0.into()),
        io_log: IoLog::Memory(vec![record]),
        ..JobResult::of(JobOutcome::Pass)
    };
    told(state.update_job_result(first, result, None))?;
    checkpoint(replay)
}

fn checkpoint(replay: &mut Replay) -> Result<Value, Unanswered> {
    Ok(match replay.managed().session()?.checkpoint() {
        Ok(_) => json!({ "ok": null }),
        Err(error) => failed(&crate::say::chain(&error), io::ErrorKind::Other),
    })
}

fn document(replay: &mut Replay) -> Result<Value, Unanswered> {
    let managed = replay.managed();
    let storage = managed.storage.as_ref();
    let storage = storage.ok_or_else(|| bad("there is no session"))?;
    let packed = told(storage.load_checkpoint())?;
    let packed = packed.ok_or_else(|| bad("there is no checkpoint"))?;
    Ok(json!({ "ok": python::parse_json(&told(inflate(&packed))?)? }))
}

fn destroy(replay: &mut Replay) -> Result<Value, Unanswered> {
    let repository = replay.place.repository()?;
    let session = replay.managed().session.take();
    let session = session.ok_or_else(|| bad("there is no session"))?;
    Ok(match session.destroy(&repository) {
        Ok(_) => json!({ "ok": null }),
        Err(error) => failed(&crate::say::chain(&error), io::ErrorKind::Other),
    })
}
