//! A directory in which something else happens between two calls of a reader, and which refuses every call that a
//! reader must not make.

use std::any::Any;
use std::ffi::{OsStr, OsString};
use std::fmt;
use std::io;
use std::path::Path;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use crate::fs::{Dir, Entry, File, FsError, LockGuard, Metadata, OpenMode, Operation};

type Action = Box<dyn FnOnce() + Send>;

/// Counts calls and runs an action before one of them.
#[derive(Clone)]
pub(crate) struct Hook(Arc<Mutex<(u64, u64, Option<Action>)>>);

impl fmt::Debug for Hook {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Hook")
    }
}

impl Hook {
    pub(crate) fn before_call(number: u64, action: Action) -> Self {
        Self(Arc::new(Mutex::new((0, number, Some(action)))))
    }

    /// Whether the action has run.
    pub(crate) fn has_run(&self) -> bool {
        self.state().2.is_none()
    }

    pub(crate) fn over(&self, inner: Arc<dyn Dir>) -> HookDir {
        HookDir {
            inner,
            hook: self.clone(),
        }
    }

    fn tick(&self) {
        let mut state = self.state();
        state.0 += 1;
        if state.0 == state.1
            && let Some(action) = state.2.take()
        {
            action();
        }
    }

    fn state(&self) -> MutexGuard<'_, (u64, u64, Option<Action>)> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[derive(Debug)]
pub(crate) struct HookDir {
    inner: Arc<dyn Dir>,
    hook: Hook,
}

impl HookDir {
    fn after_tick(&self) -> &dyn Dir {
        self.hook.tick();
        self.inner.as_ref()
    }
}

impl Dir for HookDir {
    fn as_any(&self) -> &dyn Any {
        self
    }
    fn path(&self) -> &Path {
        self.inner.path()
    }
    fn open_dir(&self, name: &OsStr) -> Result<Arc<dyn Dir>, FsError> {
        self.after_tick().open_dir(name)
    }
    fn make_dir(&self, _: &OsStr) -> Result<(), FsError> {
        Err(refused(Operation::MakeDir, self.path()))
    }
    fn open_file(&self, name: &OsStr, mode: OpenMode) -> Result<Box<dyn File>, FsError> {
        match mode {
            OpenMode::Read => {}
            OpenMode::ReadWrite | OpenMode::CreateNew => {
                return Err(refused(Operation::Open, self.path()));
            }
        }
        Ok(Box::new(HookFile {
            inner: self.after_tick().open_file(name, mode)?,
            hook: self.hook.clone(),
        }))
    }
    fn rename(&self, _: &OsStr, _: &OsStr) -> Result<(), FsError> {
        Err(refused(Operation::Rename, self.path()))
    }
    fn move_to(&self, _: &OsStr, _: &dyn Dir, _: &OsStr) -> Result<(), FsError> {
        Err(refused(Operation::Rename, self.path()))
    }
    fn remove_file(&self, _: &OsStr) -> Result<(), FsError> {
        Err(refused(Operation::RemoveFile, self.path()))
    }
    fn remove_dir(&self, _: &OsStr) -> Result<(), FsError> {
        Err(refused(Operation::RemoveDir, self.path()))
    }
    fn make_symlink(&self, _: &OsStr, _: &OsStr) -> Result<(), FsError> {
        Err(refused(Operation::MakeSymlink, self.path()))
    }
    fn read_symlink(&self, name: &OsStr) -> Result<OsString, FsError> {
        self.after_tick().read_symlink(name)
    }
    fn entries(&self) -> Result<Vec<Entry>, FsError> {
        self.after_tick().entries()
    }
    fn metadata(&self, name: &OsStr) -> Result<Option<Metadata>, FsError> {
        self.after_tick().metadata(name)
    }
    fn own_metadata(&self) -> Result<Metadata, FsError> {
        self.after_tick().own_metadata()
    }
    fn sync(&self) -> Result<(), FsError> {
        Err(refused(Operation::SyncDir, self.path()))
    }
    fn sync_filesystem(&self) -> Result<(), FsError> {
        Err(refused(Operation::SyncFilesystem, self.path()))
    }
    fn try_lock(&self) -> Result<Option<Box<dyn LockGuard>>, FsError> {
        Err(refused(Operation::Lock, self.path()))
    }
}

/// A call that a reader never makes.
fn refused(operation: Operation, path: &Path) -> FsError {
    let cause = io::Error::other("a reader never writes, syncs or locks");
    FsError::new(operation, path, cause)
}

#[derive(Debug)]
struct HookFile {
    inner: Box<dyn File>,
    hook: Hook,
}

impl File for HookFile {
    fn path(&self) -> &Path {
        self.inner.path()
    }
    fn read_at(&self, buffer: &mut [u8], offset: u64) -> Result<usize, FsError> {
        self.hook.tick();
        self.inner.read_at(buffer, offset)
    }
    fn write_at(&self, _: &[u8], _: u64) -> Result<usize, FsError> {
        Err(refused(Operation::Write, self.path()))
    }
    fn sync_data(&self) -> Result<(), FsError> {
        Err(refused(Operation::SyncFile, self.path()))
    }
    fn set_len(&self, _: u64) -> Result<(), FsError> {
        Err(refused(Operation::SetLength, self.path()))
    }
    fn metadata(&self) -> Result<Metadata, FsError> {
        self.hook.tick();
        self.inner.metadata()
    }
    fn try_lock(&self) -> Result<bool, FsError> {
        Err(refused(Operation::Lock, self.path()))
    }
}
