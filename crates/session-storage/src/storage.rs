//! One session's directory, opened once.

use std::ffi::{OsStr, OsString};
use std::sync::Arc;

use camino::{Utf8Path, Utf8PathBuf};

use crate::faults::{Fault, Faults};
use crate::fs::{Dir, Fs, FsError};
use crate::layout;
use crate::session_id::SessionId;
use crate::trust::{self, Trust, TrustFinding};
use crate::way::sync_parents;

/// One session: its id, and its directory held open.
///
/// Everything is reached relative to the open directory, so a directory swapped under the same name changes
/// nothing for who holds this. Reading needs no lock and never writes; writing needs a [`SessionLock`].
///
/// [`SessionLock`]: crate::SessionLock
#[derive(Clone, Debug)]
pub struct SessionStorage {
    fs: Arc<dyn Fs>,
    id: SessionId,
    location: Utf8PathBuf,
    dir: Arc<dyn Dir>,
    repository: Arc<dyn Dir>,
    trust: Trust,
    repository_findings: Arc<[TrustFinding]>,
    faults: Faults,
}

/// What a session's directory has of its repository.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Surroundings<'a> {
    pub(crate) fs: &'a Arc<dyn Fs>,
    pub(crate) location: &'a Utf8Path,
    pub(crate) dir: &'a Arc<dyn Dir>,
    pub(crate) trust: Trust,
    pub(crate) findings: &'a Arc<[TrustFinding]>,
    pub(crate) faults: Faults,
}

impl SessionStorage {
    /// Opens the directory of a session in a repository; a symbolic link is refused.
    pub(crate) fn open(around: Surroundings<'_>, id: SessionId) -> Result<Self, FsError> {
        let name = directory_name(&id);
        Self::open_named(around, id, &name)
    }

    /// As [`open`](Self::open), where the directory has another name: what lies there is for reading only, as it is not
    /// in its place.
    pub(crate) fn open_named(
        around: Surroundings<'_>,
        id: SessionId,
        name: &OsStr,
    ) -> Result<Self, FsError> {
        let dir = around.dir.open_dir(name)?;
        Ok(Self {
            fs: Arc::clone(around.fs),
            location: around.location.join(&*name.to_string_lossy()),
            dir,
            repository: Arc::clone(around.dir),
            trust: around.trust,
            repository_findings: Arc::clone(around.findings),
            faults: around.faults,
            id,
        })
    }

    /// The session's id.
    pub fn id(&self) -> &SessionId {
        &self.id
    }

    /// Where the directory was when it was opened.
    pub fn location(&self) -> &Utf8Path {
        &self.location
    }

    /// The open directory.
    pub fn dir(&self) -> &Arc<dyn Dir> {
        &self.dir
    }

    /// The file system the session lies on.
    pub fn fs(&self) -> &Arc<dyn Fs> {
        &self.fs
    }

    /// What others could have changed here: empty when the directory and its repository are the user's own.
    /// Reading goes on all the same; writing is refused unless the location is trusted.
    ///
    /// # Errors
    /// The directory's metadata cannot be read.
    pub fn findings(&self) -> Result<Vec<TrustFinding>, FsError> {
        let own = trust::examine(&*self.dir, self.fs.effective_uid())?;
        Ok(self
            .repository_findings
            .iter()
            .cloned()
            .chain(own)
            .collect())
    }

    /// Whether writing is accepted in spite of findings.
    pub fn trust(&self) -> Trust {
        self.trust
    }

    /// The mistakes that a test switched on.
    pub(crate) fn faults(&self) -> Faults {
        self.faults
    }

    /// The repository's open directory.
    pub(crate) fn repository(&self) -> &Arc<dyn Dir> {
        &self.repository
    }

    /// The name of the directory inside the repository.
    pub(crate) fn directory_name(&self) -> OsString {
        directory_name(&self.id)
    }

    /// Makes durable the entries that lead to this session: a process that was killed may have left them in the cache
    /// only, and what is written into the session is worth no more than the way to it (invariant L3).
    pub(crate) fn make_way_durable(&self) -> Result<(), FsError> {
        if !self.faults.has(Fault::EntryNotSynced) {
            self.repository.sync()?;
        }
        match self.location.parent() {
            Some(repository) if !self.faults.has(Fault::ParentsNotSynced) => {
                sync_parents(self.fs.as_ref(), repository, self.repository.as_ref())
            }
            Some(_) | None => Ok(()),
        }
    }

    /// Whether the open directory still is what the repository has under the session's name.
    pub(crate) fn is_in_place(&self) -> Result<bool, FsError> {
        let named = self.repository.metadata(&self.directory_name())?;
        let own = self.dir.own_metadata()?;
        Ok(named.is_some_and(|named| named.inode == own.inode))
    }
}

/// The name of a session's directory.
pub(crate) fn directory_name(id: &SessionId) -> OsString {
    OsString::from(format!("{id}{}", layout::SESSION_SUFFIX))
}
