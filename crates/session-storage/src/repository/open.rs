//! [`Repository`]: where sessions lie, opened once, made when it is missing.

use std::ffi::OsStr;
use std::io;
use std::sync::Arc;

use camino::{Utf8Path, Utf8PathBuf};

use super::error::{RepositoryError, RepositoryStep};
use crate::faults::{Fault, Faults};
use crate::fs::{Dir, Fs, FsError};
use crate::session_id::SessionId;
use crate::storage::{SessionStorage, Surroundings};
use crate::trust::{self, Trust, TrustFinding};
use crate::way::{open_ancestor, sync_parents};

/// A directory that holds sessions.
#[doc(alias = "SessionStorageRepository")]
#[derive(Clone, Debug)]
pub struct Repository {
    pub(super) fs: Arc<dyn Fs>,
    pub(super) location: Utf8PathBuf,
    /// None when there is no such directory yet.
    dir: Option<Arc<dyn Dir>>,
    trust: Trust,
    findings: Arc<[TrustFinding]>,
    pub(super) faults: Faults,
}

impl Repository {
    /// Opens the repository for writing, and makes it when it is missing: mode 0700 whatever the umask, missing
    /// parents too.
    ///
    /// When this returns, the directory and every parent made for it survive a power cut. A crash midway leaves
    /// some of the parents; calling again makes the rest.
    ///
    /// # Errors
    /// [`RepositoryError::RelativeLocation`], [`RepositoryError::Untrusted`], [`RepositoryError::Failed`].
    pub fn create(
        fs: Arc<dyn Fs>,
        location: &Utf8Path,
        trust: Trust,
    ) -> Result<Self, RepositoryError> {
        Self::create_or_mistake(fs, location, trust, Faults::default())
    }

    /// As [`Repository::create`], with a mistake switched on for the repository and all its sessions.
    ///
    /// # Errors
    /// As there.
    #[cfg(feature = "simulation")]
    pub fn create_with_faults(
        fs: Arc<dyn Fs>,
        location: &Utf8Path,
        trust: Trust,
        faults: Faults,
    ) -> Result<Self, RepositoryError> {
        Self::create_or_mistake(fs, location, trust, faults)
    }

    fn create_or_mistake(
        fs: Arc<dyn Fs>,
        location: &Utf8Path,
        trust: Trust,
        faults: Faults,
    ) -> Result<Self, RepositoryError> {
        check_absolute(location)?;
        let mistaken = faults.has(Fault::ParentsNotSynced);
        let failed = |source| RepositoryError::Failed {
            step: RepositoryStep::MakeRepository,
            location: location.to_owned(),
            source,
        };
        let dir = match fs.open_dir(location) {
            Ok(dir) => dir,
            Err(error) if error.is_not_found() => {
                make_with_parents(&*fs, location, mistaken).map_err(failed)?
            }
            Err(error) => return Err(failed(error)),
        };
        // What was made by a run that crashed before its sync, or by another process just now, is made durable too.
        if !mistaken {
            sync_parents(&*fs, location, &*dir).map_err(failed)?;
        }
        let mut repository = Self::over(fs, location, Some(dir))?.with_trust(trust);
        repository.faults = faults;
        repository.writable_dir()?;
        Ok(repository)
    }

    /// Opens the repository; a missing one lists as empty. Nothing is made or written by this. Sessions in it may
    /// be written to when it belongs to the user, see [`Repository::with_trust`].
    ///
    /// # Errors
    /// [`RepositoryError::RelativeLocation`], [`RepositoryError::Failed`].
    pub fn open(fs: Arc<dyn Fs>, location: &Utf8Path) -> Result<Self, RepositoryError> {
        check_absolute(location)?;
        let dir = match fs.open_dir(location) {
            Ok(dir) => Some(dir),
            Err(error) if error.is_not_found() => None,
            Err(source) => {
                return Err(RepositoryError::Failed {
                    step: RepositoryStep::OpenRepository,
                    location: location.to_owned(),
                    source,
                });
            }
        };
        Self::over(fs, location, dir)
    }

    fn over(
        fs: Arc<dyn Fs>,
        location: &Utf8Path,
        dir: Option<Arc<dyn Dir>>,
    ) -> Result<Self, RepositoryError> {
        let findings =
            findings(&*fs, location, dir.as_deref()).map_err(|source| RepositoryError::Failed {
                step: RepositoryStep::OpenRepository,
                location: location.to_owned(),
                source,
            })?;
        Ok(Self {
            fs,
            location: location.to_owned(),
            dir,
            trust: Trust::default(),
            findings: findings.into(),
            faults: Faults::default(),
        })
    }

    /// Says whether writing is accepted in spite of [`Repository::findings`]; without this it is not.
    #[must_use]
    pub fn with_trust(mut self, trust: Trust) -> Self {
        self.trust = trust;
        self
    }

    /// The same repository with a mistake switched on, for it and the sessions opened through it.
    #[cfg(feature = "simulation")]
    #[must_use]
    pub fn with_faults(mut self, faults: Faults) -> Self {
        self.faults = faults;
        self
    }

    /// Where the repository is.
    pub fn location(&self) -> &Utf8Path {
        &self.location
    }

    /// Whether there is such a directory.
    pub fn exists(&self) -> bool {
        self.dir.is_some()
    }

    /// The file system it lies on.
    pub fn fs(&self) -> &Arc<dyn Fs> {
        &self.fs
    }

    /// What others could have changed here: the repository or its parent belongs to somebody else or may be
    /// written by everybody.
    pub fn findings(&self) -> &[TrustFinding] {
        &self.findings
    }

    /// Opens a session by its id.
    ///
    /// # Errors
    /// [`RepositoryError::NoSuchSession`], [`RepositoryError::Failed`].
    pub fn session(&self, id: &SessionId) -> Result<SessionStorage, RepositoryError> {
        let missing = || self.no_such_session(id);
        let around = self.surroundings().ok_or_else(missing)?;
        SessionStorage::open(around, id.clone()).map_err(|error| {
            if error.is_not_found() {
                missing()
            } else {
                self.failed(RepositoryStep::OpenSession, error)
            }
        })
    }

    pub(super) fn no_such_session(&self, id: &SessionId) -> RepositoryError {
        RepositoryError::NoSuchSession {
            location: self.location.clone(),
            id: id.clone(),
        }
    }

    pub(crate) fn dir(&self) -> Option<&Arc<dyn Dir>> {
        self.dir.as_ref()
    }

    pub(super) fn surroundings(&self) -> Option<Surroundings<'_>> {
        Some(Surroundings {
            fs: &self.fs,
            location: &self.location,
            dir: self.dir.as_ref()?,
            trust: self.trust,
            findings: &self.findings,
            faults: self.faults,
        })
    }

    /// The open directory, where writing in it is accepted.
    pub(super) fn writable_dir(&self) -> Result<&Arc<dyn Dir>, RepositoryError> {
        if let (Trust::OwnDirectories, Some(finding)) = (self.trust, self.findings.first()) {
            return Err(RepositoryError::Untrusted {
                finding: finding.clone(),
            });
        }
        self.dir.as_ref().ok_or_else(|| RepositoryError::Missing {
            location: self.location.clone(),
        })
    }

    pub(crate) fn failed(&self, step: RepositoryStep, source: FsError) -> RepositoryError {
        RepositoryError::Failed {
            step,
            location: self.location.clone(),
            source,
        }
    }
}

fn check_absolute(location: &Utf8Path) -> Result<(), RepositoryError> {
    if location.is_absolute() {
        return Ok(());
    }
    Err(RepositoryError::RelativeLocation {
        location: location.to_owned(),
    })
}

/// Makes a directory and its missing parents, each synced into the one above before anything is made in it.
fn make_with_parents(
    fs: &dyn Fs,
    location: &Utf8Path,
    mistaken: bool,
) -> Result<Arc<dyn Dir>, FsError> {
    let mut missing = Vec::new();
    let mut at = location;
    let mut dir = loop {
        let (Some(parent), Some(name)) = (at.parent(), at.file_name()) else {
            break fs.open_dir(at)?;
        };
        missing.push(name);
        match open_ancestor(fs, parent) {
            Ok(dir) => break dir,
            Err(error) if error.is_not_found() => at = parent,
            Err(error) => return Err(error),
        }
    };
    for name in missing.into_iter().rev().map(OsStr::new) {
        let made = match dir.make_dir(name) {
            Ok(()) => true,
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists => false,
            Err(error) => return Err(error),
        };
        if !mistaken && let Err(error) = dir.sync() {
            // No later sync is sure to write this entry: the next try makes one of its own.
            if made {
                let _ = dir.remove_dir(name);
            }
            return Err(error);
        }
        dir = dir.open_dir(name)?;
    }
    Ok(dir)
}

fn findings(
    fs: &dyn Fs,
    location: &Utf8Path,
    dir: Option<&dyn Dir>,
) -> Result<Vec<TrustFinding>, FsError> {
    let own_uid = fs.effective_uid();
    let mut found = Vec::new();
    let Some(dir) = dir else {
        return Ok(found);
    };
    found.extend(trust::examine(dir, own_uid)?);
    if let Some(parent) = location.parent() {
        match open_ancestor(fs, parent) {
            Ok(parent) => found.extend(trust::examine_parent(&*parent, own_uid)?),
            // A parent that may be walked through but not opened may certainly not be written by everybody.
            Err(error) if error.kind() == io::ErrorKind::PermissionDenied => {}
            Err(error) => return Err(error),
        }
    }
    Ok(found)
}
