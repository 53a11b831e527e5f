//! Taking the lock of a session, holding it, and asking who holds it.

use std::ffi::OsStr;
use std::io;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use super::error::LockError;
use super::holder::{Holder, Liveness, RECORD_BYTES_MAX};
use super::policy::LockPolicy;
use crate::faults::Fault;
use crate::fs::{Dir, File, FsError, LockGuard, OpenMode};
use crate::layout;
use crate::storage::SessionStorage;
use crate::trust::Trust;

/// How often a lock file that is replaced while being locked is tried again.
const ATTEMPTS_MAX: u32 = 16;

/// The right to write to a session, given back by dropping it or by dying (invariant L1).
///
/// The lock is the kernel's, on the file `lock`; nothing ever breaks it by unlinking. The session's directory
/// is locked as well, which keeps programs that clean temporary directories away from it.
///
/// Its text names the holder. Who died without letting go is named there until another one has *written* to the
/// session: a lock under which nothing was written leaves the text as it found it, so that what ended the last run
/// can still be told (invariant L5).
#[derive(Debug)]
#[must_use = "the lock is given back when this is dropped"]
pub struct SessionLock {
    storage: SessionStorage,
    file: Box<dyn File>,
    _directory: Box<dyn LockGuard>,
    found: LockState,
    has_written: AtomicBool,
    record_problem: Option<FsError>,
}

/// Who holds the lock of a session, as its record tells.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum LockState {
    /// Nobody says so.
    Free,
    /// The record names a holder. When that one is [`Liveness::Gone`] or of an earlier boot, the kernel has given
    /// the lock back, or is about to, and only the text is left.
    Recorded {
        /// Who.
        holder: Box<Holder>,
        /// Whether that one lives.
        alive: Liveness,
    },
}

impl SessionStorage {
    /// Takes the right to write.
    ///
    /// When this returns, no other process and no other part of this one holds the lock, the directory is still the
    /// one that the repository has under the session's name, and the entries that lead to it survive a power cut,
    /// also where who made them was killed before their sync. That the holder's record cannot be
    /// written (a full disk) does not fail the lock, see [`SessionLock::record_problem`].
    ///
    /// A holder that was killed while it started a process leaves a copy of itself that holds the lock until it has
    /// become that process. So when the recorded holder is [`Liveness::Gone`] and the lock is held all the same,
    /// this waits up to two seconds for it, whatever the policy says.
    ///
    /// # Errors
    /// See [`LockError`].
    pub fn lock(&self, holder: &Holder, policy: LockPolicy) -> Result<SessionLock, LockError> {
        self.lock_with_pauses(holder, policy.pauses(), LockPolicy::HOLDER_GONE.pauses())
    }

    /// As [`SessionStorage::lock`], where taking the next item of `pauses` is the waiting, and of `gone` that for
    /// a holder which is gone.
    pub(super) fn lock_with_pauses(
        &self,
        observer: &Holder,
        mut pauses: impl Iterator<Item = ()>,
        mut gone: impl Iterator<Item = ()>,
    ) -> Result<SessionLock, LockError> {
        self.check_trust()?;
        loop {
            if let Some(lock) = self.try_lock(observer)? {
                return Ok(lock);
            }
            if pauses.next().is_some() {
                continue;
            }
            let (holder, alive) = match self.recorded(observer) {
                Ok(LockState::Recorded { holder, alive }) => (Some(holder), alive),
                Ok(LockState::Free) | Err(_) => (None, Liveness::Unknown),
            };
            if alive == Liveness::Gone && gone.next().is_some() {
                continue;
            }
            return Err(LockError::Held {
                id: self.id().clone(),
                holder,
                alive,
            });
        }
    }

    /// Tells who holds the lock, from the record alone: nothing is locked, broken or written. It may be another one
    /// in the next moment; what was there when the lock was taken, [`SessionLock::found`] tells.
    ///
    /// # Errors
    /// [`LockError::Failed`]: the lock file cannot be read.
    #[doc(alias = "break_lock")]
    pub fn lock_state(&self, observer: &Holder) -> Result<LockState, LockError> {
        self.recorded(observer)
            .map_err(|source| self.failed(source))
    }

    fn recorded(&self, observer: &Holder) -> Result<LockState, FsError> {
        let file = match self
            .dir()
            .open_file(OsStr::new(layout::LOCK), OpenMode::Read)
        {
            Ok(file) => file,
            Err(error) if error.is_not_found() => return Ok(LockState::Free),
            Err(error) => return Err(error),
        };
        self.recorded_in(&*file, observer)
    }

    fn recorded_in(&self, file: &dyn File, observer: &Holder) -> Result<LockState, FsError> {
        let mut buffer = vec![0; RECORD_BYTES_MAX];
        let count = file.read_full_at(&mut buffer, 0)?;
        buffer.truncate(count);
        Ok(match Holder::from_record(&buffer) {
            None => LockState::Free,
            Some(holder) => LockState::Recorded {
                alive: holder.liveness(&**self.fs(), observer),
                holder: Box::new(holder),
            },
        })
    }

    fn check_trust(&self) -> Result<(), LockError> {
        match self.trust() {
            Trust::AnyLocation => Ok(()),
            Trust::OwnDirectories => {
                let findings = self.findings().map_err(|source| self.failed(source))?;
                match findings.into_iter().next() {
                    None => Ok(()),
                    Some(finding) => Err(LockError::Untrusted { finding }),
                }
            }
        }
    }

    fn failed(&self, source: FsError) -> LockError {
        LockError::from_call(self.id(), source)
    }

    fn try_lock(&self, holder: &Holder) -> Result<Option<SessionLock>, LockError> {
        for _ in 0..ATTEMPTS_MAX {
            let Some(file) = open_lock_file(self.dir()).map_err(|source| self.failed(source))?
            else {
                continue;
            };
            if !file.try_lock().map_err(|source| self.failed(source))? {
                return Ok(None);
            }
            if !is_named(self.dir(), &*file).map_err(|source| self.failed(source))? {
                continue;
            }
            let directory = self
                .dir()
                .try_lock()
                .map_err(|source| self.failed(source))?;
            let Some(directory) = directory else {
                return Ok(None);
            };
            if !self.faults().has(Fault::RenamedTakenForLocked)
                && !self.is_in_place().map_err(|source| self.failed(source))?
            {
                return Err(LockError::Moved {
                    id: self.id().clone(),
                });
            }
            self.make_way_durable()
                .map_err(|source| self.failed(source))?;
            let recorded = self.recorded_in(&*file, holder);
            let found = recorded.map_err(|source| self.failed(source))?.let_go();
            let record_problem = write_record(&*file, holder).err();
            return Ok(Some(SessionLock {
                storage: self.clone(),
                file,
                _directory: directory,
                found,
                has_written: AtomicBool::new(false),
                record_problem,
            }));
        }
        Err(LockError::Unstable {
            path: self.dir().path().join(layout::LOCK),
        })
    }
}

impl SessionLock {
    /// The session it is the lock of.
    pub fn storage(&self) -> &SessionStorage {
        &self.storage
    }

    /// What the lock file said when the lock was taken: [`LockState::Free`] when the holder before let go of it, else
    /// who did not. That one is never [`Liveness::Alive`] here: the kernel took its lock away, so it is gone, or as
    /// good as gone, whatever `/proc` shows of it yet.
    pub fn found(&self) -> &LockState {
        &self.found
    }

    /// Notes that something of the holder's own was written under the lock: it is the last one who had the session.
    pub(crate) fn note_writing(&self) {
        self.has_written.store(true, Ordering::Relaxed);
    }

    /// Why the record of the holder could not be written, if so: others then see that the session is in use, but
    /// not by whom (invariant L4).
    pub fn record_problem(&self) -> Option<&FsError> {
        self.record_problem.as_ref()
    }
}

impl Drop for SessionLock {
    fn drop(&mut self) {
        // Only a courtesy to readers: a record left behind names a process that has let go or died.
        let _ = match &self.found {
            LockState::Recorded { holder, .. } if !self.has_written.load(Ordering::Relaxed) => {
                write_record(&*self.file, holder)
            }
            LockState::Recorded { .. } | LockState::Free => self.file.set_len(0),
        };
    }
}

impl LockState {
    /// What is left of a holder whose lock somebody else could take.
    fn let_go(self) -> Self {
        match self {
            Self::Recorded {
                holder,
                alive: Liveness::Alive,
            } => Self::Recorded {
                holder,
                alive: Liveness::Gone,
            },
            Self::Recorded { .. } | Self::Free => self,
        }
    }
}

/// Opens the lock file, or makes it; `None` when it appeared or vanished between the two.
fn open_lock_file(dir: &Arc<dyn Dir>) -> Result<Option<Box<dyn File>>, FsError> {
    let name = OsStr::new(layout::LOCK);
    match dir.open_file(name, OpenMode::ReadWrite) {
        Ok(file) => return Ok(Some(file)),
        Err(error) if error.is_not_found() => {}
        Err(error) => return Err(error),
    }
    match dir.open_file(name, OpenMode::CreateNew) {
        Ok(file) => Ok(Some(file)),
        Err(error) if error.kind() == io::ErrorKind::AlreadyExists => Ok(None),
        Err(error) => Err(error),
    }
}

/// Whether the locked file is the one that stands under the name (invariant L2).
fn is_named(dir: &Arc<dyn Dir>, file: &dyn File) -> Result<bool, FsError> {
    let named = dir.metadata(OsStr::new(layout::LOCK))?;
    let locked = file.metadata()?;
    Ok(named.is_some_and(|named| named.inode == locked.inode))
}

/// Writes over the record before: a whole one stands at every moment, since nothing counts after the end of it.
fn write_record(file: &dyn File, holder: &Holder) -> Result<(), FsError> {
    let record = holder.to_record();
    file.write_all_at(record.as_bytes(), 0)?;
    file.set_len(record.len() as u64)
}
