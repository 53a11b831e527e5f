//! Open directories and files of a simulated machine.

use std::any::Any;
use std::ffi::{OsStr, OsString};
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use rustix::io::Errno;

use super::super::error::{FsError, Operation};
use super::super::filesystem::{Dir, Entry, File, LockGuard, Metadata, OpenMode};
use super::super::name::{check_name, foreign_directory};
use super::crash::CrashFs;
use super::disk::Ino;
use super::world::{Handle, World};

#[derive(Debug)]
pub(super) struct CrashDir {
    fs: CrashFs,
    ino: Ino,
    path: PathBuf,
}

impl CrashDir {
    pub(super) fn new(fs: CrashFs, ino: Ino, path: PathBuf) -> Self {
        Self { fs, ino, path }
    }

    fn call<T>(
        &self,
        operation: Operation,
        name: Option<&OsStr>,
        run: impl FnOnce(&mut World) -> io::Result<T>,
    ) -> Result<T, FsError> {
        run(&mut self.fs.world()).map_err(|cause| {
            let path = name.map_or_else(|| self.path.clone(), |name| self.path.join(name));
            FsError::new(operation, path, cause)
        })
    }

    fn text(&self, operation: Operation, name: &OsStr) -> String {
        format!("{operation} '{}'", self.path.join(name).display())
    }
}

impl Dir for CrashDir {
    fn as_any(&self) -> &dyn Any {
        self
    }

    fn path(&self) -> &Path {
        &self.path
    }

    fn open_dir(&self, name: &OsStr) -> Result<Arc<dyn Dir>, FsError> {
        let ino = self.call(Operation::OpenDir, Some(name), |world| {
            world.enter(self.fs.process)?;
            world.find_dir(self.ino, name)
        })?;
        Ok(Arc::new(Self::new(
            self.fs.clone(),
            ino,
            self.path.join(name),
        )))
    }

    fn make_dir(&self, name: &OsStr) -> Result<(), FsError> {
        self.call(Operation::MakeDir, Some(name), |world| {
            world.make_dir(self.fs.process, self.ino, name, || {
                self.text(Operation::MakeDir, name)
            })
        })
    }

    fn open_file(&self, name: &OsStr, mode: OpenMode) -> Result<Box<dyn File>, FsError> {
        let operation = match mode {
            OpenMode::Read | OpenMode::ReadWrite => Operation::Open,
            OpenMode::CreateNew => Operation::Create,
        };
        let (ino, handle) = self.call(operation, Some(name), |world| {
            let ino = world.open_file(self.fs.process, self.ino, name, mode, || {
                self.text(operation, name)
            })?;
            Ok((ino, world.next_number()))
        })?;
        Ok(Box::new(CrashFile {
            fs: self.fs.clone(),
            ino,
            handle,
            writable: mode != OpenMode::Read,
            path: self.path.join(name),
        }))
    }

    fn rename(&self, from: &OsStr, to: &OsStr) -> Result<(), FsError> {
        self.call(Operation::Rename, Some(from), |world| {
            let text = || {
                format!(
                    "{} to '{}'",
                    self.text(Operation::Rename, from),
                    to.display()
                )
            };
            world.rename(
                self.fs.process,
                (self.ino, from),
                (self.ino, to),
                true,
                text,
            )
        })
    }

    fn move_to(&self, from: &OsStr, target: &dyn Dir, to: &OsStr) -> Result<(), FsError> {
        self.call(Operation::Rename, Some(from), |world| {
            let target = target
                .as_any()
                .downcast_ref::<Self>()
                .ok_or_else(foreign_directory)?;
            let text = || {
                let to = target.path.join(to);
                format!(
                    "{} to '{}'",
                    self.text(Operation::Rename, from),
                    to.display()
                )
            };
            world.rename(
                self.fs.process,
                (self.ino, from),
                (target.ino, to),
                false,
                text,
            )
        })
    }

    fn remove_file(&self, name: &OsStr) -> Result<(), FsError> {
        self.call(Operation::RemoveFile, Some(name), |world| {
            world.remove_file(self.fs.process, self.ino, name, || {
                self.text(Operation::RemoveFile, name)
            })
        })
    }

    fn remove_dir(&self, name: &OsStr) -> Result<(), FsError> {
        self.call(Operation::RemoveDir, Some(name), |world| {
            world.remove_dir(self.fs.process, self.ino, name, || {
                self.text(Operation::RemoveDir, name)
            })
        })
    }

    fn make_symlink(&self, target: &OsStr, name: &OsStr) -> Result<(), FsError> {
        self.call(Operation::MakeSymlink, Some(name), |world| {
            world.make_symlink(self.fs.process, target, self.ino, name, || {
                self.text(Operation::MakeSymlink, name)
            })
        })
    }

    fn read_symlink(&self, name: &OsStr) -> Result<OsString, FsError> {
        self.call(Operation::ReadSymlink, Some(name), |world| {
            world.read_symlink(self.fs.process, self.ino, name)
        })
    }

    fn entries(&self) -> Result<Vec<Entry>, FsError> {
        self.call(Operation::List, None, |world| {
            world.enter(self.fs.process)?;
            let entries = world.live.entries(self.ino).ok_or(Errno::NOENT)?;
            Ok(entries
                .iter()
                .filter_map(|(name, ino)| {
                    Some(Entry {
                        name: name.clone(),
                        kind: world.live.kind(*ino)?,
                    })
                })
                .collect())
        })
    }

    fn metadata(&self, name: &OsStr) -> Result<Option<Metadata>, FsError> {
        self.call(Operation::Metadata, Some(name), |world| {
            world.enter(self.fs.process)?;
            check_name(name)?;
            let ino = world.live.lookup(self.ino, name);
            Ok(ino.and_then(|ino| world.live.metadata(ino)))
        })
    }

    fn own_metadata(&self) -> Result<Metadata, FsError> {
        self.call(Operation::Metadata, None, |world| {
            world.enter(self.fs.process)?;
            world
                .live
                .metadata(self.ino)
                .ok_or_else(|| Errno::NOENT.into())
        })
    }

    fn sync(&self) -> Result<(), FsError> {
        self.call(Operation::SyncDir, None, |world| {
            world.begin(self.fs.process, || {
                format!("{} '{}'", Operation::SyncDir, self.path.display())
            })?;
            world.sync(Some(self.ino))
        })
    }

    fn sync_filesystem(&self) -> Result<(), FsError> {
        self.call(Operation::SyncFilesystem, None, |world| {
            world.begin(self.fs.process, || Operation::SyncFilesystem.to_string())?;
            world.sync(None)
        })
    }

    fn try_lock(&self) -> Result<Option<Box<dyn LockGuard>>, FsError> {
        let (taken, handle) = self.call(Operation::Lock, None, |world| {
            let handle = world.next_number();
            let taken = world.try_lock(self.fs.process, self.ino, handle)?;
            Ok((taken, handle))
        })?;
        Ok(taken.then(|| {
            let guard: Box<dyn LockGuard> = Box::new(CrashLock {
                fs: self.fs.clone(),
                ino: self.ino,
                handle,
            });
            guard
        }))
    }
}

#[derive(Debug)]
struct CrashLock {
    fs: CrashFs,
    ino: Ino,
    handle: Handle,
}

impl LockGuard for CrashLock {}

impl Drop for CrashLock {
    fn drop(&mut self) {
        self.fs.world().unlock(self.ino, self.handle);
    }
}

#[derive(Debug)]
struct CrashFile {
    fs: CrashFs,
    ino: Ino,
    handle: Handle,
    writable: bool,
    path: PathBuf,
}

impl CrashFile {
    fn call<T>(
        &self,
        operation: Operation,
        run: impl FnOnce(&mut World) -> io::Result<T>,
    ) -> Result<T, FsError> {
        run(&mut self.fs.world()).map_err(|cause| FsError::new(operation, &self.path, cause))
    }

    fn text(&self, operation: Operation) -> String {
        format!("{operation} '{}'", self.path.display())
    }
}

impl File for CrashFile {
    fn path(&self) -> &Path {
        &self.path
    }

    fn read_at(&self, buffer: &mut [u8], offset: u64) -> Result<usize, FsError> {
        self.call(Operation::Read, |world| {
            world.read(self.fs.process, self.ino, buffer, offset)
        })
    }

    fn write_at(&self, bytes: &[u8], offset: u64) -> Result<usize, FsError> {
        self.call(Operation::Write, |world| {
            if !self.writable {
                return Err(Errno::BADF.into());
            }
            world.write(self.fs.process, self.ino, bytes, offset, || {
                let text = self.text(Operation::Write);
                format!("{text} ({} bytes at {offset})", bytes.len())
            })
        })
    }

    fn sync_data(&self) -> Result<(), FsError> {
        self.call(Operation::SyncFile, |world| {
            world.begin(self.fs.process, || self.text(Operation::SyncFile))?;
            world.sync(Some(self.ino))
        })
    }

    fn set_len(&self, len: u64) -> Result<(), FsError> {
        self.call(Operation::SetLength, |world| {
            if !self.writable {
                return Err(Errno::INVAL.into());
            }
            world.set_len(self.fs.process, self.ino, len, || {
                format!("{} to {len}", self.text(Operation::SetLength))
            })
        })
    }

    fn metadata(&self) -> Result<Metadata, FsError> {
        self.call(Operation::Metadata, |world| {
            world.enter(self.fs.process)?;
            world
                .live
                .metadata(self.ino)
                .ok_or_else(|| Errno::NOENT.into())
        })
    }

    fn try_lock(&self) -> Result<bool, FsError> {
        self.call(Operation::Lock, |world| {
            world.try_lock(self.fs.process, self.ino, self.handle)
        })
    }
}

impl Drop for CrashFile {
    fn drop(&mut self) {
        let mut world = self.fs.world();
        world.unlock(self.ino, self.handle);
        world.close_file(self.ino);
    }
}
