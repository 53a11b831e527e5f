//! The directories inside a session that jobs and logs use.

use std::ffi::OsStr;
use std::io;
use std::sync::Arc;

use camino::Utf8PathBuf;

use crate::fs::{Dir, FsError, Metadata};
use crate::layout;
use crate::storage::SessionStorage;

/// The well-known directories of one session: `io-logs` and `session-share`.
#[doc(alias = "WellKnownDirsHelper")]
#[derive(Clone, Copy, Debug)]
pub struct WellKnownDirs<'a> {
    storage: &'a SessionStorage,
}

impl<'a> WellKnownDirs<'a> {
    /// The well-known directories of this session, made or not.
    pub fn new(storage: &'a SessionStorage) -> Self {
        Self { storage }
    }

    /// The session they belong to.
    pub fn storage(&self) -> &'a SessionStorage {
        self.storage
    }

    /// Makes those that are missing, mode 0700 whatever the umask, and syncs the session's directory. Existing
    /// ones are left as they are. A crash midway leaves some of them; calling again makes the others.
    ///
    /// # Errors
    /// One cannot be made, or something else than a directory has its name.
    pub fn populate(&self) -> Result<(), FsError> {
        let dir = self.storage.dir();
        for name in [layout::IO_LOGS, layout::SESSION_SHARE] {
            match dir.make_dir(OsStr::new(name)) {
                Ok(()) => {}
                Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {
                    dir.open_dir(OsStr::new(name))?;
                }
                Err(error) => return Err(error),
            }
        }
        dir.sync()
    }

    /// All of them, as paths.
    #[doc(alias = "all_directories")]
    pub fn all(&self) -> [Utf8PathBuf; 2] {
        [layout::IO_LOGS, layout::SESSION_SHARE].map(|name| self.storage.location().join(name))
    }

    /// Where the jobs' logs lie.
    pub fn io_logs_path(&self) -> Utf8PathBuf {
        self.storage.location().join(layout::IO_LOGS)
    }

    /// Where the jobs of the session share files.
    pub fn session_share_path(&self) -> Utf8PathBuf {
        self.storage.location().join(layout::SESSION_SHARE)
    }

    /// Opens the directory of the jobs' logs.
    ///
    /// # Errors
    /// It does not exist, or is a link or no directory.
    #[doc(alias = "io_log_pathname")]
    pub fn io_logs(&self) -> Result<Arc<dyn Dir>, FsError> {
        self.storage.dir().open_dir(OsStr::new(layout::IO_LOGS))
    }

    /// Opens the directory that the jobs of the session share.
    ///
    /// # Errors
    /// It does not exist, or is a link or no directory.
    pub fn session_share(&self) -> Result<Arc<dyn Dir>, FsError> {
        self.storage
            .dir()
            .open_dir(OsStr::new(layout::SESSION_SHARE))
    }

    /// Tells what stands under a name in the directory that the jobs of the session share; `None` when nothing does, or
    /// when a job took that directory away. Cheap where nothing stands there.
    ///
    /// # Errors
    /// The directory cannot be searched.
    pub fn metadata_in_session_share(&self, name: &OsStr) -> Result<Option<Metadata>, FsError> {
        self.storage
            .dir()
            .metadata_in(OsStr::new(layout::SESSION_SHARE), name)
    }
}
