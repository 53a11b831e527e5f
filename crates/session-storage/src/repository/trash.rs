//! The trash of a repository: sessions put aside by one rename, brought back by another, or cleared away for good.

use std::ffi::OsString;
use std::io;
use std::sync::Arc;

use super::entries::EntryProblem;
use super::error::{RepositoryError, RepositoryStep};
use super::open::Repository;
use super::remove::{PurgeReport, hold, not_removable, purge, rename_aside};
use crate::fs::{Dir, FsError};
use crate::layout;
use crate::session_id::SessionId;
use crate::storage::{SessionStorage, directory_name};

/// How many digits the time in a name has: those of the greatest number of microseconds.
const TIME_DIGITS: usize = 19;
/// So many sessions of one id may have been removed in one microsecond.
const COLLISIONS_MAX: i64 = 1000;

/// A session in the trash: whole, for reading only, and in no listing of the sessions.
#[derive(Clone, Debug)]
pub struct RemovedSession {
    repository: Repository,
    name: OsString,
    id: SessionId,
    removed_us: i64,
}

impl RemovedSession {
    /// The id it had, and has again when it is restored.
    pub fn id(&self) -> &SessionId {
        &self.id
    }

    /// When it was removed, by the clock of who did it; microseconds since the epoch.
    pub fn removed_us(&self) -> i64 {
        self.removed_us
    }

    /// Opens it where it lies, to look at it; no lock can be had there.
    ///
    /// # Errors
    /// What is wrong with it.
    pub fn open(&self) -> Result<SessionStorage, EntryProblem> {
        let vanished = || EntryProblem::Vanished {
            name: self.name.clone(),
        };
        let around = self.repository.surroundings().ok_or_else(vanished)?;
        SessionStorage::open_named(around, self.id.clone(), &self.name).map_err(|error| {
            if error.is_not_found() {
                vanished()
            } else {
                EntryProblem::Unreadable(error)
            }
        })
    }
}

impl Repository {
    /// Puts a session that nobody holds into the trash: it is in no listing any more, and all it holds stays.
    ///
    /// When this returns, that survives a power cut. A crash midway leaves the session whole, in its place or in the
    /// trash. `now_us` is the time, in microseconds since the epoch.
    ///
    /// # Errors
    /// As [`Repository::remove`].
    pub fn discard(
        &self,
        storage: &SessionStorage,
        now_us: i64,
    ) -> Result<RemovedSession, RepositoryError> {
        self.writable_dir()?;
        let failed = |error| self.failed(RepositoryStep::RemoveSession, error);
        let guard = hold(storage).map_err(|source| not_removable(storage, source))?;
        let dir = storage.repository();
        if !storage.is_in_place().map_err(failed)? {
            return Err(self.no_such_session(storage.id()));
        }
        let removed = self.move_to_trash(dir, storage.id(), now_us);
        let removed = removed.map_err(failed)?;
        dir.sync().map_err(failed)?;
        drop(guard);
        Ok(removed)
    }

    fn move_to_trash(
        &self,
        dir: &Arc<dyn Dir>,
        id: &SessionId,
        now_us: i64,
    ) -> Result<RemovedSession, FsError> {
        let now_us = now_us.max(0);
        let mut removed_us = now_us;
        loop {
            let name = name_of(id, removed_us);
            match dir.move_to(&directory_name(id), &**dir, &name) {
                Ok(()) => {
                    return Ok(RemovedSession {
                        repository: self.clone(),
                        name,
                        id: id.clone(),
                        removed_us,
                    });
                }
                Err(error)
                    if error.kind() == io::ErrorKind::AlreadyExists
                        && removed_us.saturating_sub(now_us) < COLLISIONS_MAX =>
                {
                    removed_us = removed_us.saturating_add(1);
                }
                Err(error) => return Err(error),
            }
        }
    }

    /// The sessions in the trash, those removed last first. Nothing is opened.
    ///
    /// # Errors
    /// [`RepositoryError::Failed`]: the repository itself cannot be listed. A missing one is empty.
    pub fn removed(&self) -> Result<Vec<RemovedSession>, RepositoryError> {
        let Some(dir) = self.dir() else {
            return Ok(Vec::new());
        };
        let found = dir
            .entries()
            .map_err(|error| self.failed(RepositoryStep::List, error))?;
        let mut removed: Vec<RemovedSession> = found
            .into_iter()
            .filter_map(|entry| {
                let (removed_us, id) = parse(entry.name.to_str()?)?;
                Some(RemovedSession {
                    repository: self.clone(),
                    name: entry.name,
                    id,
                    removed_us,
                })
            })
            .collect();
        removed.sort_by(|one, other| {
            (other.removed_us, &other.name).cmp(&(one.removed_us, &one.name))
        });
        Ok(removed)
    }

    /// Brings a session back from the trash, under the id it had.
    ///
    /// When this returns, that survives a power cut. A crash midway leaves the session whole, in its place or in the
    /// trash.
    ///
    /// # Errors
    /// [`RepositoryError::IdTaken`]: another session has that id now. [`RepositoryError::NoSuchSession`]: it is not in
    /// the trash any more. [`RepositoryError::Untrusted`], [`RepositoryError::Failed`].
    pub fn restore(&self, removed: &RemovedSession) -> Result<SessionStorage, RepositoryError> {
        let dir = self.writable_dir()?;
        let failed = |error| self.failed(RepositoryStep::RestoreSession, error);
        match dir.move_to(&removed.name, &**dir, &directory_name(&removed.id)) {
            Ok(()) => {}
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {
                return Err(RepositoryError::IdTaken {
                    location: self.location.clone(),
                    id: removed.id.clone(),
                });
            }
            Err(error) if error.is_not_found() => return Err(self.no_such_session(&removed.id)),
            Err(error) => return Err(failed(error)),
        }
        dir.sync().map_err(failed)?;
        self.session(&removed.id)
    }

    /// Clears a session in the trash away for good, as [`Repository::remove`] does: from the first step on it can no
    /// longer be restored.
    ///
    /// # Errors
    /// [`RepositoryError::NoSuchSession`]: it is not in the trash any more. [`RepositoryError::Untrusted`],
    /// [`RepositoryError::Failed`].
    pub fn purge(&self, removed: &RemovedSession) -> Result<PurgeReport, RepositoryError> {
        let dir = self.writable_dir()?;
        let failed = |error| self.failed(RepositoryStep::Purge, error);
        let aside = match rename_aside(dir, &removed.name, &removed.id) {
            Ok(aside) => aside,
            Err(error) if error.is_not_found() => return Err(self.no_such_session(&removed.id)),
            Err(error) => return Err(failed(error)),
        };
        dir.sync().map_err(failed)?;
        let mut report = PurgeReport::default();
        purge(dir, &aside, &mut report);
        if let Err(error) = dir.sync() {
            report.note(error);
        }
        Ok(report)
    }
}

fn name_of(id: &SessionId, removed_us: i64) -> OsString {
    let prefix = layout::REMOVED_PREFIX;
    OsString::from(format!("{prefix}{removed_us:0TIME_DIGITS$}-{id}"))
}

/// Time and id in the name of a session in the trash; what is named otherwise is none.
fn parse(name: &str) -> Option<(i64, SessionId)> {
    let rest = name.strip_prefix(layout::REMOVED_PREFIX)?;
    let (time, id) = rest.split_at_checked(TIME_DIGITS)?;
    let is_time = time.bytes().all(|byte| byte.is_ascii_digit());
    let id = SessionId::parse(id.strip_prefix('-')?).ok()?;
    Some((time.parse().ok().filter(|_| is_time)?, id))
}
