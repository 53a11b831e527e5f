//! Removing a session: renamed aside first, durably, then cleared away without following any link (invariant P3).

use std::collections::BTreeSet;
use std::ffi::{OsStr, OsString};
use std::io;
use std::sync::Arc;

use super::error::{RepositoryError, RepositoryStep};
use super::open::Repository;
use crate::faults::Fault;
use crate::fs::{Dir, EntryKind, FsError, LockGuard};
use crate::layout;
use crate::lock::{Holder, Liveness, LockError, LockState, SessionLock};
use crate::session_id::SessionId;
use crate::storage::SessionStorage;

/// So many removed sessions of one id may wait for being cleared away.
const TRASH_NAMES_MAX: u32 = 1000;
/// So many problems are told; further ones are only counted.
const PROBLEMS_MAX: usize = 8;

/// What became of the files of removed sessions. The sessions are gone in any case.
#[derive(Debug, Default)]
#[non_exhaustive]
pub struct PurgeReport {
    /// How many removed sessions were cleared away completely.
    pub cleared: usize,
    /// How many could not be; [`Repository::purge_leftovers`] tries again.
    pub left: usize,
    /// The first calls that failed.
    pub problems: Vec<FsError>,
}

impl PurgeReport {
    pub(super) fn note(&mut self, problem: FsError) {
        if self.problems.len() < PROBLEMS_MAX {
            self.problems.push(problem);
        }
    }
}

impl Repository {
    /// Removes a session that nobody holds: its directory is renamed to `.trash-…`, the repository synced, then
    /// everything in it is cleared away, never through a symbolic link.
    ///
    /// When this returns, the session is gone and stays gone after a power cut; what could not be cleared away is
    /// in the report. A crash midway leaves the whole session, or none and a leftover for
    /// [`Repository::purge_leftovers`].
    ///
    /// # Errors
    /// [`RepositoryError::NotRemovable`] when the session is in use, [`RepositoryError::NoSuchSession`],
    /// [`RepositoryError::Untrusted`], [`RepositoryError::Failed`].
    pub fn remove(&self, storage: &SessionStorage) -> Result<PurgeReport, RepositoryError> {
        self.writable_dir()?;
        // Whoever holds the session holds its directory too, so this alone keeps all others away.
        let guard = hold(storage).map_err(|source| not_removable(storage, source))?;
        let report = self.remove_held(storage);
        drop(guard);
        report
    }

    /// Removes a session that the caller holds, see [`Repository::remove`].
    ///
    /// # Errors
    /// As there.
    pub fn remove_locked(&self, lock: SessionLock) -> Result<PurgeReport, RepositoryError> {
        self.writable_dir()?;
        let report = self.remove_held(lock.storage());
        drop(lock);
        report
    }

    fn remove_held(&self, storage: &SessionStorage) -> Result<PurgeReport, RepositoryError> {
        let failed = |error| self.failed(RepositoryStep::RemoveSession, error);
        let dir = storage.repository();
        if !storage.is_in_place().map_err(failed)? {
            return Err(self.no_such_session(storage.id()));
        }
        let trash = rename_aside(dir, &storage.directory_name(), storage.id());
        let trash = trash.map_err(failed)?;
        if !self.faults.has(Fault::ClearedBeforeDurable) {
            dir.sync().map_err(failed)?;
        }
        let mut report = PurgeReport::default();
        purge(dir, &trash, &mut report);
        if let Err(error) = dir.sync() {
            report.note(error);
        }
        Ok(report)
    }

    /// Clears away what is left of sessions removed earlier.
    ///
    /// # Errors
    /// [`RepositoryError::Untrusted`], [`RepositoryError::Missing`], [`RepositoryError::Failed`]: the repository
    /// itself cannot be listed or synced.
    pub fn purge_leftovers(&self) -> Result<PurgeReport, RepositoryError> {
        let dir = self.writable_dir()?;
        let failed = |error| self.failed(RepositoryStep::Purge, error);
        let mut report = PurgeReport::default();
        for entry in dir.entries().map_err(failed)? {
            let is_trash = entry
                .name
                .as_encoded_bytes()
                .starts_with(layout::TRASH_PREFIX.as_bytes());
            if is_trash {
                purge(dir, &entry.name, &mut report);
            }
        }
        if report.cleared > 0 {
            dir.sync().map_err(failed)?;
        }
        Ok(report)
    }
}

/// Why a session cannot be removed that could not be held.
pub(super) fn not_removable(storage: &SessionStorage, source: LockError) -> RepositoryError {
    RepositoryError::NotRemovable {
        id: storage.id().clone(),
        source,
    }
}

/// Locks the directory of a session that is to be removed.
pub(super) fn hold(storage: &SessionStorage) -> Result<Box<dyn LockGuard>, LockError> {
    match storage.dir().try_lock() {
        Ok(Some(guard)) => Ok(guard),
        Ok(None) => {
            let observer = Holder::of_process(&**storage.fs(), std::process::id(), "", 0);
            let (holder, alive) = match storage.lock_state(&observer) {
                Ok(LockState::Recorded { holder, alive }) => (Some(holder), alive),
                Ok(LockState::Free) | Err(_) => (None, Liveness::Unknown),
            };
            Err(LockError::Held {
                id: storage.id().clone(),
                holder,
                alive,
            })
        }
        Err(source) => Err(LockError::from_call(storage.id(), source)),
    }
}

/// Renames a session's directory to a name that is not taken, from which nothing is restored, and tells which.
pub(super) fn rename_aside(
    dir: &Arc<dyn Dir>,
    from: &OsStr,
    id: &SessionId,
) -> Result<OsString, FsError> {
    let mut number = 0;
    loop {
        let mut name = OsString::from(format!("{}{}", layout::TRASH_PREFIX, id));
        if number > 0 {
            name.push(format!("_({number})"));
        }
        match dir.move_to(from, &**dir, &name) {
            Ok(()) => return Ok(name),
            Err(error)
                if error.kind() == io::ErrorKind::AlreadyExists && number < TRASH_NAMES_MAX =>
            {
                number += 1;
            }
            Err(error) => return Err(error),
        }
    }
}

/// Clears away one directory and all that is in it.
///
/// Directories found inside are brought to the surface, so that a tree of any depth needs two descriptors only.
pub(super) fn purge(parent: &Arc<dyn Dir>, name: &OsStr, report: &mut PurgeReport) {
    match purge_tree(parent, name, report) {
        Ok(true) => report.cleared += 1,
        Ok(false) => report.left += 1,
        Err(error) if error.is_not_found() => {}
        Err(error) => {
            report.note(error);
            report.left += 1;
        }
    }
}

fn purge_tree(
    parent: &Arc<dyn Dir>,
    name: &OsStr,
    report: &mut PurgeReport,
) -> Result<bool, FsError> {
    match parent.metadata(name)?.map(|metadata| metadata.kind) {
        Some(EntryKind::Dir) => {}
        Some(EntryKind::File | EntryKind::Symlink | EntryKind::Other) => {
            parent.remove_file(name)?;
            return Ok(true);
        }
        None => return Ok(true),
    }
    let top = parent.open_dir(name)?;
    let mut stuck: BTreeSet<OsString> = BTreeSet::new();
    let mut vanished: BTreeSet<OsString> = BTreeSet::new();
    let mut surfaced = 0_u64;
    loop {
        let waiting: Vec<_> = top
            .entries()?
            .into_iter()
            .filter(|entry| !stuck.contains(&entry.name))
            .collect();
        if waiting.is_empty() {
            break;
        }
        for entry in waiting {
            let cleared = match entry.kind {
                EntryKind::Dir => clear_directory(&top, &entry.name, &mut surfaced),
                EntryKind::File | EntryKind::Symlink | EntryKind::Other => {
                    top.remove_file(&entry.name)
                }
            };
            match cleared {
                Ok(()) => {}
                // Another process clears away as well; but what vanishes twice is not cleared by anybody.
                Err(error) if error.is_not_found() && vanished.insert(entry.name.clone()) => {}
                Err(error) => {
                    report.note(error);
                    stuck.insert(entry.name);
                }
            }
        }
    }
    if !stuck.is_empty() {
        return Ok(false);
    }
    parent.remove_dir(name)?;
    Ok(true)
}

/// Removes the files of a directory and the directory itself; directories in it go to the surface. What cannot
/// be removed does not keep the rest; the first failure is told.
fn clear_directory(top: &Arc<dyn Dir>, name: &OsStr, surfaced: &mut u64) -> Result<(), FsError> {
    let dir = top.open_dir(name)?;
    let mut first_failure = None;
    for entry in dir.entries()? {
        let cleared = match entry.kind {
            EntryKind::Dir => surface(top, &dir, &entry.name, surfaced),
            EntryKind::File | EntryKind::Symlink | EntryKind::Other => dir.remove_file(&entry.name),
        };
        if let Err(error) = cleared
            && !error.is_not_found()
        {
            first_failure.get_or_insert(error);
        }
    }
    match first_failure {
        Some(error) => Err(error),
        None => top.remove_dir(name),
    }
}

fn surface(
    top: &Arc<dyn Dir>,
    dir: &Arc<dyn Dir>,
    name: &OsStr,
    surfaced: &mut u64,
) -> Result<(), FsError> {
    loop {
        *surfaced += 1;
        let free = OsString::from(format!("{}{surfaced}", layout::SURFACED_PREFIX));
        match dir.move_to(name, &**top, &free) {
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {}
            done => return done,
        }
    }
}
