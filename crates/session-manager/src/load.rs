//! Bringing a session back.

use session_state::SessionState;
use session_storage::{
    JournalRefused, LockState, OpenError, RecoverError, Recovered, SessionLock, SessionStorage,
    Tail,
};
use suspend_resume::{
    EarlyCallback, Format, Limits, ResumeOptions, Summary, decode_changes, resume,
};

use crate::error::{LoadError, LogError, ReadError};
use crate::home::{Home, note_home};
use crate::manager::{SessionManager, Writer};
use crate::options::ManagerOptions;
use crate::report::{LeftOver, LoadReport};
use crate::resume::{ResumeEnvironment, ResumePolicy, Traces};

impl SessionManager {
    /// Brings a session back: takes the lock, recovers what was acknowledged, replays it, and makes what was read
    /// durable before anything is decided from it.
    ///
    /// `early_callback` sees the fresh state before anything is restored, and may answer another one to go on with.
    ///
    /// # Errors
    /// See [`LoadError`]. Nothing of the session was changed; bytes that cannot be read are not overwritten.
    pub fn load_session(
        storage: SessionStorage,
        options: ManagerOptions,
        early_callback: Option<EarlyCallback<'_>>,
    ) -> Result<Self, LoadError> {
        let id = storage.id().clone();
        let lock_error = |source| LoadError::Lock {
            id: id.clone(),
            source,
        };
        // What the lock file says is read before it is overwritten.
        let traced = storage.lock_state(&options.holder).map_err(lock_error)?;
        let lock = storage
            .lock(&options.holder, options.lock)
            .map_err(lock_error)?;
        Self::load_locked(lock, storage, traced, options, early_callback)
    }

    /// As [`load_session`](Self::load_session), under a lock that was taken; `traced` is what the lock file said
    /// before.
    pub(crate) fn load_locked(
        lock: SessionLock,
        storage: SessionStorage,
        traced: LockState,
        options: ManagerOptions,
        early_callback: Option<EarlyCallback<'_>>,
    ) -> Result<Self, LoadError> {
        let id = storage.id().clone();
        let opened = lock.open_journal(&options.journal);
        let (journal, recovered) = match opened {
            Ok(opened) => opened,
            Err(JournalRefused {
                error: OpenError::Recover(RecoverError::NoSession),
                ..
            }) => {
                let is_checkbox = matches!(storage.load_checkpoint(), Ok(Some(_)));
                return Err(if is_checkbox {
                    LoadError::CheckboxFormat { id }
                } else {
                    LoadError::NoCheckpoint { id }
                });
            }
            Err(JournalRefused { error, .. }) => return Err(LoadError::Open { id, source: error }),
        };
        let mut state = replay(&recovered, &options.limits, early_callback).map_err(|source| {
            LoadError::Read {
                id: id.clone(),
                source,
            }
        })?;
        state.set_engines(options.engines.clone());
        state.record_changes(true);
        let closed = recovered.verdict.tail == Tail::Closed;
        let logs = |source| LoadError::Logs {
            id: id.clone(),
            source,
        };
        let traces = Traces::read(&storage, traced, closed, &state).map_err(logs)?;
        let environment = ResumeEnvironment::of(&options, ResumePolicy::default());
        let here = Home::of(&storage, &options);
        let load_report = LoadReport {
            frames: recovered.frames.len(),
            death: traces.death(&state, &environment),
            moved_from: traces.moved_from(&here),
            verdict: recovered.verdict,
        };
        note_home(&storage, &here);
        let left_over = LeftOver::of(traces, &state, &environment);
        let summary = Summary::of(&state).encode().unwrap_or_default();
        Ok(Self {
            state,
            storage,
            uuid: journal.uuid(),
            writer: Some(Writer::Open(Box::new(journal))),
            summary,
            ended_parts: Vec::new(),
            load_report: Some(load_report),
            left_over,
            announced: None,
            respawn_command: None,
            fold_problem: None,
            options,
        })
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
    fn of(traces: Traces, state: &SessionState, environment: &ResumeEnvironment) -> Self {
        Self {
            processes: traces.processes.clone(),
            flight: traces.flight(state, environment, Format::Native),
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
        let mut traces = Traces::read(&self.storage, known.lock, known.closed, &self.state)?;
        // Loading noted where the session lies now.
        traces.home = known.home;
        self.left_over = LeftOver::of(traces, &self.state, environment);
        Ok(())
    }
}
