//! Bringing a session back.

use session_state::SessionState;
use session_storage::{
    JournalRefused, OpenError, RecoverError, Recovered, SessionStorage, WellKnownDirs,
};
use suspend_resume::{EarlyCallback, Limits, ResumeOptions, Summary, decode_changes, resume};

use crate::error::{LoadError, LogError, ReadError};
use crate::fate::Flight;
use crate::log::{left_parts, was_started};
use crate::manager::{SessionManager, Writer};
use crate::options::ManagerOptions;
use crate::report::{LeftOver, LoadReport};

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
        let directory = |source| LoadError::Directory {
            id: id.clone(),
            source,
        };
        let lock = storage
            .lock(&options.holder, options.lock)
            .map_err(|source| LoadError::Lock {
                id: id.clone(),
                source,
            })?;
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
        state.record_changes(true);
        let dir = WellKnownDirs::new(&storage).io_logs().map_err(directory)?;
        let left_over = left_over(&*dir, &state, &options).map_err(|source| LoadError::Logs {
            id: id.clone(),
            source,
        })?;
        let summary = Summary::of(&state).encode().unwrap_or_default();
        Ok(Self {
            state,
            storage,
            uuid: journal.uuid(),
            writer: Some(Writer::Open(Box::new(journal))),
            summary,
            ended_parts: Vec::new(),
            load_report: Some(LoadReport {
                verdict: recovered.verdict,
                frames: recovered.frames.len(),
            }),
            left_over,
            announced: None,
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

fn left_over(
    dir: &dyn session_storage::Dir,
    state: &SessionState,
    options: &ManagerOptions,
) -> Result<LeftOver, LogError> {
    let parts = left_parts(dir)?;
    let flight = match &state.metadata().intent {
        Some(intent) => {
            let same_boot = intent.boot.is_some() && intent.boot.as_deref() == options.boot();
            let started = !same_boot || was_started(dir, &intent.job, intent.attempt)?;
            Some(Flight {
                job: intent.job.clone(),
                attempt: intent.attempt,
                started,
            })
        }
        None => None,
    };
    Ok(LeftOver {
        processes: parts
            .iter()
            .filter_map(|part| part.process.clone())
            .collect(),
        flight,
        parts,
    })
}
