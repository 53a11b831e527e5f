//! Bringing a session back.

use session_state::{DeviceContext, SessionState};
use session_storage::{
    Journal, JournalRefused, LockState, OpenError, RecoverError, Recovered, SessionLock,
    SessionStorage, Tail, Verdict, WellKnownDirs,
};
use suspend_resume::{
    EarlyCallback, Format, Limits, ResumeOptions, Summary, decode_changes, peek_native, resume,
    resume_native,
};

use crate::checkbox::{CheckboxFile, decode_file, read_file, uuid_of};
use crate::durable::DurableObservers;
use crate::error::{LoadError, LogError, ReadError};
use crate::home::{Home, note_home};
use crate::known::KnownUnits;
use crate::log::RunningLogs;
use crate::manager::{SessionManager, Writer};
use crate::options::ManagerOptions;
use crate::pause::PauseReason;
use crate::report::{LeftOver, LoadReport};
use crate::resume::{ResumeEnvironment, ResumePolicy, Traces, job_in_flight};

impl SessionManager {
    /// Brings a session back: takes the lock, recovers what was acknowledged, replays it, and makes what was read
    /// durable before anything is decided from it.
    ///
    /// `early_callback` sees the fresh state before anything is restored, and may answer another one to go on with.
    /// A session in a Checkbox format needs its definitions, see [`load_session_with`](Self::load_session_with).
    ///
    /// # Errors
    /// See [`LoadError`]. Nothing of the session was changed; bytes that cannot be read are not overwritten.
    pub fn load_session(
        storage: SessionStorage,
        options: ManagerOptions,
        early_callback: Option<EarlyCallback<'_>>,
    ) -> Result<Self, LoadError> {
        Self::load_session_with(storage, options, &KnownUnits::default(), early_callback)
    }

    /// As [`load_session`](Self::load_session), with what is known of jobs beside the session. A session in one of
    /// Checkbox's formats stays in the version it is in until [`set_checkbox_version`](Self::set_checkbox_version)
    /// says otherwise.
    ///
    /// Checkbox itself does not heed our lock: only one of the programs may have the session open.
    ///
    /// # Errors
    /// See [`LoadError`].
    pub fn load_session_with(
        storage: SessionStorage,
        options: ManagerOptions,
        known: &KnownUnits,
        early_callback: Option<EarlyCallback<'_>>,
    ) -> Result<Self, LoadError> {
        let id = storage.id().clone();
        let lock_error = |source| LoadError::Lock {
            id: id.clone(),
            source,
        };
        let lock = storage
            .lock(&options.holder, options.lock)
            .map_err(lock_error)?;
        let traced = lock.found().clone();
        Self::load_locked(lock, storage, traced, options, known, early_callback)
    }

    /// As [`load_session_with`](Self::load_session_with), under a lock that was taken; `traced` is what the lock file
    /// said before.
    pub(crate) fn load_locked(
        lock: SessionLock,
        storage: SessionStorage,
        traced: LockState,
        options: ManagerOptions,
        known: &KnownUnits,
        early_callback: Option<EarlyCallback<'_>>,
    ) -> Result<Self, LoadError> {
        let id = storage.id().clone();
        refuse_other_layout(&storage, &options.limits).map_err(|source| LoadError::Read {
            id: id.clone(),
            source,
        })?;
        let mut early_callback = early_callback;
        let replayed =
            |recovered: &Recovered| replay(recovered, &options.limits, early_callback.take());
        let opened = match lock.open_journal_while(&options.journal, replayed) {
            Ok((journal, recovered, state)) => {
                open_native(journal, &recovered, state).map_err(|source| LoadError::Read {
                    id: id.clone(),
                    source,
                })?
            }
            Err(JournalRefused {
                lock,
                error: OpenError::Recover(RecoverError::NoSession),
            }) => open_file(*lock, &storage, known, &options, early_callback)?,
            Err(JournalRefused { error, .. }) => return Err(LoadError::Open { id, source: error }),
        };
        let Opened {
            mut state,
            writer,
            uuid,
            kept_as,
            frames,
            verdict,
        } = opened;
        if !options.engines.is_empty() {
            state.set_engines(options.engines.clone());
        }
        state.record_changes(true);
        let logs = |source| LoadError::Logs {
            id: id.clone(),
            source,
        };
        let closed = is_closed(verdict.as_ref(), &traced, &state);
        let traces =
            Traces::read(&storage, traced, closed, &state, options.faults()).map_err(logs)?;
        let environment = ResumeEnvironment::of(&options, ResumePolicy::default());
        let here = Home::of(&storage, &options);
        let load_report = LoadReport {
            frames,
            death: traces.death(&state, &environment),
            paused: PauseReason::of(&state.metadata().flags),
            moved_from: traces.moved_from(&here),
            verdict,
        };
        note_home(&storage, &here);
        let left_over = LeftOver::of(traces, &state, &environment, kept_as);
        let summary = Summary::of(&state).encode().unwrap_or_default();
        Ok(Self {
            device: DeviceContext::new(state),
            storage,
            uuid: uuid.into(),
            writer: Some(writer),
            summary,
            logs: RunningLogs::default(),
            load_report: Some(load_report),
            left_over,
            announced: None,
            respawn_command: None,
            observers: DurableObservers::default(),
            fold_problem: None,
            options,
        })
    }
}

/// Refuses a session in a layout that this release does not read, before its journal is opened: opening writes.
/// Whatever else is wrong is told by opening it.
fn refuse_other_layout(storage: &SessionStorage, limits: &Limits) -> Result<(), ReadError> {
    let Ok(seen) = storage.peek() else {
        return Ok(());
    };
    match peek_native(&seen.snapshot_start, limits) {
        Ok(head) if head.readable => Ok(()),
        // The head is proven, so this is the refusal of its layout.
        Ok(_) => resume_native(&seen.snapshot_start, limits)
            .map(drop)
            .map_err(ReadError::Decode),
        Err(error) if error.is_incompatible() => Err(ReadError::Decode(error)),
        Err(_) => Ok(()),
    }
}

/// A session of any format, open for writing.
struct Opened {
    state: SessionState,
    writer: Writer,
    uuid: [u8; 16],
    kept_as: Format,
    frames: usize,
    verdict: Option<Verdict>,
}

fn open_native(
    journal: Journal,
    recovered: &Recovered,
    state: Result<SessionState, ReadError>,
) -> Result<Opened, ReadError> {
    Ok(Opened {
        state: state?,
        uuid: journal.uuid(),
        writer: Writer::Open(Box::new(journal)),
        kept_as: Format::Native,
        frames: recovered.frames.len(),
        verdict: Some(recovered.verdict.clone()),
    })
}

fn open_file(
    lock: SessionLock,
    storage: &SessionStorage,
    known: &KnownUnits,
    options: &ManagerOptions,
    early_callback: Option<EarlyCallback<'_>>,
) -> Result<Opened, LoadError> {
    let id = || storage.id().clone();
    let unreadable = |source| LoadError::Read { id: id(), source };
    let Some(bytes) = read_file(storage).map_err(unreadable)? else {
        return Err(LoadError::NoCheckpoint { id: id() });
    };
    let mut read =
        decode_file(storage, &bytes, known, options, early_callback).map_err(unreadable)?;
    let Format::Checkbox(version) = read.format else {
        return Err(LoadError::NoCheckpoint { id: id() });
    };
    // Checkbox makes some of the directories late, and older releases one of another name.
    let dirs = WellKnownDirs::new(storage);
    dirs.populate()
        .map_err(|source| LoadError::Directory { id: id(), source })?;
    let file = CheckboxFile::of_read(lock, &mut read, version)
        .expect("because a version that was read is one that can be written");
    Ok(Opened {
        state: read.state,
        uuid: uuid_of(storage.id()),
        writer: Writer::File(Box::new(file)),
        kept_as: read.format,
        frames: 0,
        verdict: None,
    })
}

/// Whether a session was closed: its journal says so; one in a Checkbox format has no mark for that, and counts as
/// closed when nobody was cut short and nothing is in flight.
pub(crate) fn is_closed(
    verdict: Option<&Verdict>,
    traced: &LockState,
    state: &SessionState,
) -> bool {
    match verdict {
        Some(verdict) => verdict.tail == Tail::Closed,
        None => *traced == LockState::Free && job_in_flight(state).is_none(),
    }
}

/// The state that snapshot and frames make.
pub(crate) fn replay(
    recovered: &Recovered,
    limits: &Limits,
    early_callback: Option<EarlyCallback<'_>>,
) -> Result<SessionState, ReadError> {
    let mut options = ResumeOptions::default();
    options.limits = limits.clone();
    let mut state =
        resume(&recovered.snapshot, &[], &options, early_callback).map_err(ReadError::Decode)?;
    for frame in &recovered.frames {
        let Some(changes) = frame.parts.last() else {
            continue;
        };
        let changes = decode_changes(changes, limits).map_err(|source| ReadError::Frame {
            seq: frame.seq,
            source,
        })?;
        for change in &changes {
            state.apply(change).map_err(|source| ReadError::Replay {
                seq: frame.seq,
                source,
            })?;
        }
    }
    Ok(state)
}

impl LeftOver {
    fn of(
        traces: Traces,
        state: &SessionState,
        environment: &ResumeEnvironment,
        kept_as: Format,
    ) -> Self {
        Self {
            processes: traces.processes.clone(),
            flight: traces.flight(state, environment, kept_as),
            traces: Some(traces),
        }
    }
}

impl SessionManager {
    /// Looks again at what the run before left: its processes may have gone on until now.
    pub(crate) fn look_again(&mut self, environment: &ResumeEnvironment) -> Result<(), LogError> {
        let Some(known) = self.left_over.traces.take() else {
            return Ok(());
        };
        let mut traces = Traces::read(
            &self.storage,
            known.lock,
            known.closed,
            self.device.state(),
            self.options.faults(),
        )?;
        // Loading noted where the session lies now.
        traces.home = known.home;
        self.left_over = LeftOver::of(traces, self.device.state(), environment, self.kept_as());
        Ok(())
    }
}
