//! Legacy mode: at most one session, reached through the link `last-session` (invariant P4).

use std::ffi::OsStr;
use std::path::Path;

use camino::Utf8Path;

use super::entries::id_of;
use super::error::{RepositoryError, RepositoryStep};
use super::open::Repository;
use super::remove::PurgeReport;
use crate::faults::Fault;
use crate::fs::{EntryKind, FsError};
use crate::layout;
use crate::session_id::SessionId;
use crate::storage::SessionStorage;

/// What became of `last-session` and of the session it led to.
#[derive(Debug)]
#[non_exhaustive]
pub enum LegacyOutcome {
    /// The link leads to the new session; there was no session before, or the link led nowhere or outside.
    First,
    /// The link leads to the new session; the one before was removed.
    Replaced {
        /// The session that was removed.
        previous: SessionId,
        /// What of it could not be cleared away.
        purge: PurgeReport,
    },
    /// The link leads to the new session; the one before could not be removed and stays.
    PreviousKept {
        /// The session that stays.
        previous: SessionId,
        /// Why.
        reason: RepositoryError,
    },
    /// Something else than a link has its name: it was left as it is, and no link was made.
    Blocked {
        /// What has the name.
        kind: EntryKind,
    },
}

impl Repository {
    /// The session that `last-session` leads to: a directory right inside this repository. `None` when there is
    /// no link, when it leads elsewhere, or to something else. It need not have a checkpoint.
    ///
    /// # Errors
    /// [`RepositoryError::Failed`]: the link or the session is there and cannot be read.
    #[doc(alias = "get_last_storage")]
    pub fn last_storage(&self) -> Result<Option<SessionStorage>, RepositoryError> {
        let Some(id) = self.last_id()? else {
            return Ok(None);
        };
        match self.session(&id) {
            Ok(storage) => Ok(Some(storage)),
            Err(RepositoryError::NoSuchSession { .. }) => Ok(None),
            Err(error) => Err(error),
        }
    }

    pub(super) fn last_id(&self) -> Result<Option<SessionId>, RepositoryError> {
        let failed = |error| self.failed(RepositoryStep::LastSession, error);
        let Some(dir) = self.dir() else {
            return Ok(None);
        };
        let name = OsStr::new(layout::LAST_SESSION);
        let link = dir.metadata(name).map_err(failed)?;
        if link.map(|metadata| metadata.kind) != Some(EntryKind::Symlink) {
            return Ok(None);
        }
        let target = match dir.read_symlink(name) {
            Ok(target) => target,
            Err(error) if error.is_not_found() => return Ok(None),
            Err(error) => return Err(failed(error)),
        };
        let target = Path::new(&target);
        let Some(id) = target.file_name().and_then(|name| id_of(name).ok()) else {
            return Ok(None);
        };
        let is_dir = dir
            .metadata(target.file_name().unwrap_or_default())
            .map_err(failed)?
            .is_some_and(|metadata| metadata.kind == EntryKind::Dir);
        let inside = match target.parent() {
            None => false,
            Some(parent) if parent.as_os_str().is_empty() => true,
            Some(parent) => self.is_this_directory(parent).map_err(failed)?,
        };
        Ok(Some(id).filter(|_| is_dir && inside))
    }

    /// Whether a path, as it stands in a link, leads to this repository.
    fn is_this_directory(&self, path: &Path) -> Result<bool, FsError> {
        if path == self.location.as_std_path() {
            return Ok(true);
        }
        let (Some(path), Some(dir)) = (Utf8Path::from_path(path), self.dir()) else {
            return Ok(false);
        };
        if !path.is_absolute() {
            return Ok(false);
        }
        match self.fs.open_dir(&path.join(".")) {
            Ok(other) => Ok(other.own_metadata()?.inode == dir.own_metadata()?.inode),
            Err(_) => Ok(false),
        }
    }

    /// Lets `last-session` lead to a new session, durably, then removes the one it led to before.
    pub(super) fn switch_last_session(
        &self,
        storage: &SessionStorage,
    ) -> Result<LegacyOutcome, RepositoryError> {
        let dir = self.writable_dir()?;
        let failed = |error| self.failed(RepositoryStep::LastSession, error);
        let name = OsStr::new(layout::LAST_SESSION);
        let next = OsStr::new(layout::LAST_SESSION_NEXT);
        match dir
            .metadata(name)
            .map_err(failed)?
            .map(|metadata| metadata.kind)
        {
            None | Some(EntryKind::Symlink) => {}
            Some(kind @ (EntryKind::File | EntryKind::Dir | EntryKind::Other)) => {
                return Ok(LegacyOutcome::Blocked { kind });
            }
        }
        // A link that led nowhere may carry the very name that the new session was given.
        let previous = self
            .last_storage()?
            .filter(|previous| previous.id() != storage.id());
        match dir.remove_file(next) {
            Ok(()) => {}
            Err(error) if error.is_not_found() => {}
            Err(error) => return Err(failed(error)),
        }
        dir.make_symlink(storage.location().as_os_str(), next)
            .map_err(failed)?;
        if let Err(error) = dir.rename(next, name) {
            let _ = dir.remove_file(next);
            return Err(failed(error));
        }
        if !self.faults.has(Fault::ReplacedBeforeDurable) {
            dir.sync().map_err(failed)?;
        }
        let Some(previous) = previous else {
            return Ok(LegacyOutcome::First);
        };
        let id = previous.id().clone();
        Ok(match self.remove(&previous) {
            Ok(purge) => LegacyOutcome::Replaced {
                previous: id,
                purge,
            },
            Err(reason) => LegacyOutcome::PreviousKept {
                previous: id,
                reason,
            },
        })
    }
}
