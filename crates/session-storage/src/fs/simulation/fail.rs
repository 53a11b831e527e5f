//! [`FailFs`]: any file system, with chosen calls failing and all calls counted.

use std::any::Any;
use std::ffi::{OsStr, OsString};
use std::io;
use std::path::Path;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use camino::Utf8Path;

use super::super::error::{FsError, Operation};
use super::super::filesystem::{Dir, Entry, File, Fs, LockGuard, Metadata, OpenMode};
use super::failure::{Call, Failure, Plan, Repeat, taken_by_a_short_write};

/// Wraps a file system: counts its calls, and lets chosen ones fail.
///
/// Clones share the plan and the count. Calls are numbered from 1 in the order they are made, over all
/// directories and files opened through it.
#[derive(Clone, Debug)]
pub struct FailFs {
    inner: Arc<dyn Fs>,
    plan: Arc<Mutex<Plan>>,
}

impl FailFs {
    /// Wraps a file system; nothing fails yet.
    pub fn new(inner: Arc<dyn Fs>) -> Self {
        Self {
            inner,
            plan: Arc::default(),
        }
    }

    fn plan(&self) -> MutexGuard<'_, Plan> {
        self.plan.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Lets call `number` (the first is 1) fail, or also every later one.
    pub fn fail_call(&self, number: u64, failure: Failure, repeat: Repeat) {
        self.plan().at = Some((number, failure, repeat));
    }

    /// Lets every call of one kind fail, until [`FailFs::heal`].
    pub fn fail_operation(&self, operation: Operation, failure: Failure) {
        self.plan().operation = Some((operation, None, failure));
    }

    /// Lets every call of one kind on one path fail, until [`FailFs::heal`].
    pub fn fail_operation_on(&self, operation: Operation, path: &Path, failure: Failure) {
        self.plan().operation = Some((operation, Some(path.to_owned()), failure));
    }

    /// Lets nothing fail any more.
    pub fn heal(&self) {
        let mut plan = self.plan();
        plan.at = None;
        plan.operation = None;
    }

    /// How many calls have failed by the plan.
    pub fn struck(&self) -> u64 {
        self.plan().struck
    }

    /// How many calls were made.
    pub fn call_count(&self) -> u64 {
        self.plan().calls.len() as u64
    }

    /// Every call made so far, in order.
    pub fn calls(&self) -> Vec<Call> {
        self.plan().calls.clone()
    }

    fn run_sync(
        &self,
        operation: Operation,
        path: &Path,
        run: impl FnOnce() -> Result<(), FsError>,
    ) -> Result<(), FsError> {
        let planned = self.plan().call(operation, path.to_owned());
        match planned {
            Some(Failure::SkippedSync) => Ok(()),
            other => Self::strike(other, operation, path, run),
        }
    }

    fn run<T>(
        &self,
        operation: Operation,
        path: &Path,
        run: impl FnOnce() -> Result<T, FsError>,
    ) -> Result<T, FsError> {
        let planned = self.plan().call(operation, path.to_owned());
        Self::strike(planned, operation, path, run)
    }

    fn strike<T>(
        planned: Option<Failure>,
        operation: Operation,
        path: &Path,
        run: impl FnOnce() -> Result<T, FsError>,
    ) -> Result<T, FsError> {
        let failed = |number| FsError::new(operation, path, io::Error::from_raw_os_error(number));
        match planned {
            None | Some(Failure::ShortWrite | Failure::SkippedSync) => run(),
            Some(Failure::Errno(number)) => Err(failed(number)),
            Some(Failure::DoneYetErrno(number)) => {
                run()?;
                Err(failed(number))
            }
        }
    }

    fn wrap(&self, inner: Arc<dyn Dir>) -> Arc<dyn Dir> {
        Arc::new(FailDir {
            fs: self.clone(),
            inner,
        })
    }
}

impl Fs for FailFs {
    fn open_dir(&self, path: &Utf8Path) -> Result<Arc<dyn Dir>, FsError> {
        self.run(Operation::OpenDir, path.as_std_path(), || {
            self.inner.open_dir(path)
        })
        .map(|inner| self.wrap(inner))
    }

    fn effective_uid(&self) -> u32 {
        self.inner.effective_uid()
    }
}

#[derive(Debug)]
struct FailDir {
    fs: FailFs,
    inner: Arc<dyn Dir>,
}

impl FailDir {
    fn run<T>(
        &self,
        operation: Operation,
        name: &OsStr,
        run: impl FnOnce(&dyn Dir) -> Result<T, FsError>,
    ) -> Result<T, FsError> {
        let path = self.inner.path().join(name);
        self.fs.run(operation, &path, || run(&*self.inner))
    }

    fn run_own<T>(
        &self,
        operation: Operation,
        run: impl FnOnce(&dyn Dir) -> Result<T, FsError>,
    ) -> Result<T, FsError> {
        self.fs
            .run(operation, self.inner.path(), || run(&*self.inner))
    }
}

impl Dir for FailDir {
    fn as_any(&self) -> &dyn Any {
        self
    }

    fn path(&self) -> &Path {
        self.inner.path()
    }

    fn open_dir(&self, name: &OsStr) -> Result<Arc<dyn Dir>, FsError> {
        self.run(Operation::OpenDir, name, |dir| dir.open_dir(name))
            .map(|inner| self.fs.wrap(inner))
    }

    fn make_dir(&self, name: &OsStr) -> Result<(), FsError> {
        self.run(Operation::MakeDir, name, |dir| dir.make_dir(name))
    }

    fn open_file(&self, name: &OsStr, mode: OpenMode) -> Result<Box<dyn File>, FsError> {
        let operation = match mode {
            OpenMode::Read | OpenMode::ReadWrite => Operation::Open,
            OpenMode::CreateNew => Operation::Create,
        };
        let inner = self.run(operation, name, |dir| dir.open_file(name, mode))?;
        Ok(Box::new(FailFile {
            fs: self.fs.clone(),
            inner,
        }))
    }

    fn rename(&self, from: &OsStr, to: &OsStr) -> Result<(), FsError> {
        self.run(Operation::Rename, from, |dir| dir.rename(from, to))
    }

    fn move_to(&self, from: &OsStr, target: &dyn Dir, to: &OsStr) -> Result<(), FsError> {
        let target = match target.as_any().downcast_ref::<Self>() {
            Some(wrapped) => &*wrapped.inner,
            None => target,
        };
        self.run(Operation::Rename, from, |dir| dir.move_to(from, target, to))
    }

    fn remove_file(&self, name: &OsStr) -> Result<(), FsError> {
        self.run(Operation::RemoveFile, name, |dir| dir.remove_file(name))
    }

    fn remove_dir(&self, name: &OsStr) -> Result<(), FsError> {
        self.run(Operation::RemoveDir, name, |dir| dir.remove_dir(name))
    }

    fn make_symlink(&self, target: &OsStr, name: &OsStr) -> Result<(), FsError> {
        self.run(Operation::MakeSymlink, name, |dir| {
            dir.make_symlink(target, name)
        })
    }

    fn read_symlink(&self, name: &OsStr) -> Result<OsString, FsError> {
        self.run(Operation::ReadSymlink, name, |dir| dir.read_symlink(name))
    }

    fn entries(&self) -> Result<Vec<Entry>, FsError> {
        self.run_own(Operation::List, |dir| dir.entries())
    }

    fn metadata(&self, name: &OsStr) -> Result<Option<Metadata>, FsError> {
        self.run(Operation::Metadata, name, |dir| dir.metadata(name))
    }

    fn own_metadata(&self) -> Result<Metadata, FsError> {
        self.run_own(Operation::Metadata, |dir| dir.own_metadata())
    }

    fn sync(&self) -> Result<(), FsError> {
        let path = self.inner.path();
        self.fs
            .run_sync(Operation::SyncDir, path, || self.inner.sync())
    }

    fn sync_filesystem(&self) -> Result<(), FsError> {
        let path = self.inner.path();
        self.fs.run_sync(Operation::SyncFilesystem, path, || {
            self.inner.sync_filesystem()
        })
    }

    fn try_lock(&self) -> Result<Option<Box<dyn LockGuard>>, FsError> {
        self.run_own(Operation::Lock, |dir| dir.try_lock())
    }
}

#[derive(Debug)]
struct FailFile {
    fs: FailFs,
    inner: Box<dyn File>,
}

impl FailFile {
    fn run<T>(
        &self,
        operation: Operation,
        run: impl FnOnce(&dyn File) -> Result<T, FsError>,
    ) -> Result<T, FsError> {
        self.fs
            .run(operation, self.inner.path(), || run(&*self.inner))
    }
}

impl File for FailFile {
    fn path(&self) -> &Path {
        self.inner.path()
    }

    fn read_at(&self, buffer: &mut [u8], offset: u64) -> Result<usize, FsError> {
        self.run(Operation::Read, |file| file.read_at(buffer, offset))
    }

    fn write_at(&self, bytes: &[u8], offset: u64) -> Result<usize, FsError> {
        let planned = self
            .fs
            .plan()
            .call(Operation::Write, self.inner.path().to_owned());
        let failed = |number| {
            let cause = io::Error::from_raw_os_error(number);
            FsError::new(Operation::Write, self.inner.path(), cause)
        };
        match planned {
            None | Some(Failure::SkippedSync) => self.inner.write_at(bytes, offset),
            Some(Failure::ShortWrite) => {
                let taken = taken_by_a_short_write(bytes.len(), offset);
                self.inner
                    .write_at(bytes.get(..taken).unwrap_or(bytes), offset)
            }
            Some(Failure::Errno(number)) => Err(failed(number)),
            Some(Failure::DoneYetErrno(number)) => {
                self.inner.write_at(bytes, offset)?;
                Err(failed(number))
            }
        }
    }

    fn sync_data(&self) -> Result<(), FsError> {
        let path = self.inner.path();
        self.fs
            .run_sync(Operation::SyncFile, path, || self.inner.sync_data())
    }

    fn set_len(&self, len: u64) -> Result<(), FsError> {
        self.run(Operation::SetLength, |file| file.set_len(len))
    }

    fn metadata(&self) -> Result<Metadata, FsError> {
        self.run(Operation::Metadata, |file| file.metadata())
    }

    fn try_lock(&self) -> Result<bool, FsError> {
        self.run(Operation::Lock, |file| file.try_lock())
    }
}
