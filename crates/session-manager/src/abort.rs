//! Giving a session up and keeping its results, also from another process.
//!
//! A process that holds the session cannot be written beside. So who wants to give it up puts the file
//! `abort.request` into its directory: the one file that is made there without the lock. Whoever has the lock next,
//! or has it now, gives the session up; until then nothing of it is resumed.

use std::ffi::OsStr;
use std::io;

use session_storage::{Dir, FsError, OpenMode, SessionId, SessionStorage};

use crate::error::{CheckpointError, LogError};
use crate::lifecycle::{Lifecycle, WrongTransition};
use crate::log::io_logs;
use crate::manager::SessionManager;

const NAME: &str = "abort.request";

/// A session was not given up.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum AbortError {
    /// The request cannot be made, seen or withdrawn.
    #[error("cannot reach the abort request of session '{id}'")]
    Request {
        /// Which session.
        id: SessionId,
        /// Why.
        #[source]
        source: FsError,
    },
    /// The session is finished, or given up already. Nothing was changed.
    #[error("cannot abort the session")]
    Lifecycle(#[from] WrongTransition),
    /// The log of the job in flight cannot be put where it belongs. Nothing was decided.
    #[error("cannot keep the log of the job in flight")]
    Log(#[from] LogError),
    /// The decision cannot be made durable.
    #[error(transparent)]
    Checkpoint(#[from] CheckpointError),
}

/// Asks that a session be given up. Needs no lock; durable when this returns.
///
/// # Errors
/// [`AbortError::Request`].
pub fn request_abort(storage: &SessionStorage) -> Result<(), AbortError> {
    let dir = storage.dir();
    let made = match dir.open_file(OsStr::new(NAME), OpenMode::CreateNew) {
        Err(error) if error.kind() != io::ErrorKind::AlreadyExists => Err(error),
        Ok(_) | Err(_) => dir.sync(),
    };
    made.map_err(|source| request_error(storage, source))
}

/// Whether somebody asked that the session be given up.
///
/// # Errors
/// [`AbortError::Request`].
pub fn abort_requested(storage: &SessionStorage) -> Result<bool, AbortError> {
    is_requested(&**storage.dir()).map_err(|source| request_error(storage, source))
}

pub(crate) fn is_requested(dir: &dyn Dir) -> Result<bool, FsError> {
    Ok(dir.metadata(OsStr::new(NAME))?.is_some())
}

impl SessionManager {
    /// Gives the session up: what it has is kept, nothing of it runs any more. Durable when this returns; a crash
    /// midway leaves the session as it was, and the request where it is.
    ///
    /// # Errors
    /// See [`AbortError`].
    pub fn abort(&mut self) -> Result<(), AbortError> {
        let from = self.lifecycle();
        if !from.may_become(Lifecycle::Aborted) {
            let to = Lifecycle::Aborted;
            return Err(WrongTransition { from, to }.into());
        }
        if let Some(traces) = &self.left_over.traces {
            let logs = io_logs(&self.storage)?;
            for part in &traces.parts {
                self.put_away(&*logs, part)?;
            }
        }
        if self.device.state().metadata().intent.is_some() {
            self.device.state_mut().set_intent(None);
        }
        self.enter(Lifecycle::Aborted)?;
        self.checkpoint()?;
        self.left_over.flight = None;
        self.withdraw_abort()
    }

    /// Takes a request to give the session up away: it was followed, or came too late.
    ///
    /// # Errors
    /// [`AbortError::Request`].
    pub fn withdraw_abort(&self) -> Result<(), AbortError> {
        match self.storage.dir().remove_file(OsStr::new(NAME)) {
            Err(source) if !source.is_not_found() => Err(request_error(&self.storage, source)),
            Ok(()) | Err(_) => Ok(()),
        }
    }
}

fn request_error(storage: &SessionStorage, source: FsError) -> AbortError {
    AbortError::Request {
        id: storage.id().clone(),
        source,
    }
}
