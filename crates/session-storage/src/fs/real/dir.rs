//! A real directory held open by its descriptor; nothing below it is reached through a link, waited for, or open to
//! others (invariant P6).

use std::any::Any;
use std::ffi::{OsStr, OsString};
use std::fs;
use std::os::fd::OwnedFd;
use std::os::unix::ffi::{OsStrExt, OsStringExt};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use rustix::fs::{AtFlags, FileType, Mode, OFlags, RenameFlags};
use rustix::io::Errno;

use super::super::error::{FsError, Operation};
use super::super::filesystem::{Dir, Entry, EntryKind, File, LockGuard, Metadata, OpenMode};
use super::super::name::{check_name, foreign_directory, hard_linked, not_a_regular_file};
use super::file::{RealFile, try_lock};
use super::{kind_of, metadata_of, open_dir_at};

const FILE_MODE: u32 = 0o600;
const DIR_MODE: u32 = 0o700;

/// A directory of the machine, held open.
#[derive(Debug)]
pub(super) struct RealDir {
    fd: OwnedFd,
    path: PathBuf,
}

impl RealDir {
    pub(super) fn new(fd: OwnedFd, path: PathBuf) -> Self {
        Self { fd, path }
    }

    fn child(&self, name: &OsStr) -> PathBuf {
        self.path.join(name)
    }

    fn error(
        &self,
        operation: Operation,
        name: &OsStr,
        cause: impl Into<std::io::Error>,
    ) -> FsError {
        FsError::new(operation, self.child(name), cause.into())
    }

    fn own_error(&self, operation: Operation, cause: impl Into<std::io::Error>) -> FsError {
        FsError::new(operation, &self.path, cause.into())
    }

    fn checked(&self, operation: Operation, name: &OsStr) -> Result<(), FsError> {
        check_name(name).map_err(|cause| self.error(operation, name, cause))
    }

    /// Gives a directory just made its full mode where the umask took bits away. Where even its owner may
    /// not open it, the way leads through a descriptor that carries no rights.
    fn restore_dir_mode(&self, name: &OsStr) -> Result<(), Errno> {
        let flags = OFlags::DIRECTORY | OFlags::NOFOLLOW | OFlags::CLOEXEC;
        #[cfg(target_os = "linux")]
        let flags = flags | OFlags::PATH;
        let fd = rustix::fs::openat(&self.fd, name, flags, Mode::empty())?;
        let mode = metadata_of(&rustix::fs::fstat(&fd)?).mode;
        if mode & 0o777 == DIR_MODE {
            return Ok(());
        }
        #[cfg(target_os = "linux")]
        {
            use std::os::fd::AsRawFd;
            let through = format!("/proc/self/fd/{}", fd.as_raw_fd());
            rustix::fs::chmodat(
                rustix::fs::CWD,
                through,
                Mode::from_raw_mode(DIR_MODE),
                AtFlags::empty(),
            )
        }
        #[cfg(not(target_os = "linux"))]
        rustix::fs::fchmod(&fd, Mode::from_raw_mode(DIR_MODE as _))
    }
}

impl Dir for RealDir {
    fn as_any(&self) -> &dyn Any {
        self
    }

    fn path(&self) -> &Path {
        &self.path
    }

    fn open_dir(&self, name: &OsStr) -> Result<Arc<dyn Dir>, FsError> {
        self.checked(Operation::OpenDir, name)?;
        let fd = open_dir_at(&self.fd, Path::new(name))
            .map_err(|errno| self.error(Operation::OpenDir, name, errno))?;
        Ok(Arc::new(Self::new(fd, self.child(name))))
    }

    fn make_dir(&self, name: &OsStr) -> Result<(), FsError> {
        self.checked(Operation::MakeDir, name)?;
        rustix::fs::mkdirat(&self.fd, name, Mode::from_raw_mode(DIR_MODE))
            .map_err(|errno| self.error(Operation::MakeDir, name, errno))?;
        self.restore_dir_mode(name).map_err(|errno| {
            let _ = rustix::fs::unlinkat(&self.fd, name, AtFlags::REMOVEDIR);
            self.error(Operation::MakeDir, name, errno)
        })
    }

    fn open_file(&self, name: &OsStr, mode: OpenMode) -> Result<Box<dyn File>, FsError> {
        let (operation, flags) = match mode {
            OpenMode::Read => (Operation::Open, OFlags::RDONLY),
            OpenMode::ReadWrite => (Operation::Open, OFlags::RDWR),
            OpenMode::CreateNew => (
                Operation::Create,
                OFlags::RDWR | OFlags::CREATE | OFlags::EXCL,
            ),
        };
        self.checked(operation, name)?;
        let flags = flags | OFlags::NOFOLLOW | OFlags::CLOEXEC | OFlags::NONBLOCK;
        let fd = rustix::io::retry_on_intr(|| {
            rustix::fs::openat(&self.fd, name, flags, Mode::from_raw_mode(FILE_MODE))
        })
        .map_err(|errno| match errno {
            Errno::NXIO => self.error(operation, name, not_a_regular_file()),
            other => self.error(operation, name, other),
        })?;
        let stat = rustix::fs::fstat(&fd).map_err(|errno| self.error(operation, name, errno))?;
        let metadata = metadata_of(&stat);
        match metadata.kind {
            EntryKind::File => {}
            EntryKind::Dir => return Err(self.error(operation, name, Errno::ISDIR)),
            EntryKind::Symlink | EntryKind::Other => {
                return Err(self.error(operation, name, not_a_regular_file()));
            }
        }
        match mode {
            OpenMode::Read => {}
            OpenMode::ReadWrite if metadata.links > 1 => {
                return Err(self.error(operation, name, hard_linked()));
            }
            OpenMode::ReadWrite => {}
            OpenMode::CreateNew => {
                if metadata.mode & 0o777 != FILE_MODE {
                    rustix::fs::fchmod(&fd, Mode::from_raw_mode(FILE_MODE)).map_err(|errno| {
                        let _ = rustix::fs::unlinkat(&self.fd, name, AtFlags::empty());
                        self.error(operation, name, errno)
                    })?;
                }
            }
        }
        Ok(Box::new(RealFile::new(
            fs::File::from(fd),
            self.child(name),
        )))
    }

    fn rename(&self, from: &OsStr, to: &OsStr) -> Result<(), FsError> {
        self.checked(Operation::Rename, from)?;
        self.checked(Operation::Rename, to)?;
        rustix::fs::renameat(&self.fd, from, &self.fd, to)
            .map_err(|errno| self.error(Operation::Rename, from, errno))
    }

    fn move_to(&self, from: &OsStr, target: &dyn Dir, to: &OsStr) -> Result<(), FsError> {
        self.checked(Operation::Rename, from)?;
        self.checked(Operation::Rename, to)?;
        let target = target
            .as_any()
            .downcast_ref::<Self>()
            .ok_or_else(|| self.error(Operation::Rename, from, foreign_directory()))?;
        rustix::fs::renameat_with(&self.fd, from, &target.fd, to, RenameFlags::NOREPLACE)
            .map_err(|errno| self.error(Operation::Rename, from, errno))
    }

    fn remove_file(&self, name: &OsStr) -> Result<(), FsError> {
        self.checked(Operation::RemoveFile, name)?;
        rustix::fs::unlinkat(&self.fd, name, AtFlags::empty())
            .map_err(|errno| self.error(Operation::RemoveFile, name, errno))
    }

    fn remove_dir(&self, name: &OsStr) -> Result<(), FsError> {
        self.checked(Operation::RemoveDir, name)?;
        rustix::fs::unlinkat(&self.fd, name, AtFlags::REMOVEDIR)
            .map_err(|errno| self.error(Operation::RemoveDir, name, errno))
    }

    fn make_symlink(&self, target: &OsStr, name: &OsStr) -> Result<(), FsError> {
        self.checked(Operation::MakeSymlink, name)?;
        rustix::fs::symlinkat(target, &self.fd, name)
            .map_err(|errno| self.error(Operation::MakeSymlink, name, errno))
    }

    fn read_symlink(&self, name: &OsStr) -> Result<OsString, FsError> {
        self.checked(Operation::ReadSymlink, name)?;
        let target = rustix::fs::readlinkat(&self.fd, name, Vec::new())
            .map_err(|errno| self.error(Operation::ReadSymlink, name, errno))?;
        Ok(OsString::from_vec(target.into_bytes()))
    }

    fn entries(&self) -> Result<Vec<Entry>, FsError> {
        let failed = |errno: Errno| self.own_error(Operation::List, errno);
        let mut found = Vec::new();
        for entry in rustix::fs::Dir::read_from(&self.fd).map_err(failed)? {
            let entry = entry.map_err(failed)?;
            let name = OsStr::from_bytes(entry.file_name().to_bytes());
            if name == "." || name == ".." {
                continue;
            }
            let kind = if entry.file_type() == FileType::Unknown {
                match rustix::fs::statat(&self.fd, name, AtFlags::SYMLINK_NOFOLLOW) {
                    Ok(stat) => metadata_of(&stat).kind,
                    Err(Errno::NOENT) => continue,
                    Err(errno) => return Err(self.error(Operation::Metadata, name, errno)),
                }
            } else {
                kind_of(entry.file_type())
            };
            found.push(Entry {
                name: name.to_owned(),
                kind,
            });
        }
        Ok(found)
    }

    fn metadata(&self, name: &OsStr) -> Result<Option<Metadata>, FsError> {
        self.checked(Operation::Metadata, name)?;
        match rustix::fs::statat(&self.fd, name, AtFlags::SYMLINK_NOFOLLOW) {
            Ok(stat) => Ok(Some(metadata_of(&stat))),
            Err(Errno::NOENT) => Ok(None),
            Err(errno) => Err(self.error(Operation::Metadata, name, errno)),
        }
    }

    fn metadata_in(&self, dir: &OsStr, name: &OsStr) -> Result<Option<Metadata>, FsError> {
        self.checked(Operation::Metadata, dir)?;
        self.checked(Operation::Metadata, name)?;
        let path = [dir.as_bytes(), b"/", name.as_bytes()].concat();
        let found = match rustix::fs::statat(&self.fd, &*path, AtFlags::SYMLINK_NOFOLLOW) {
            // So it is whatever stands under the name of the directory.
            Err(Errno::NOENT) => return Ok(None),
            found => found,
        };
        match self.metadata(dir)? {
            Some(on_the_way) if on_the_way.kind == EntryKind::Dir => found
                .map(|stat| Some(metadata_of(&stat)))
                .map_err(|errno| self.error(Operation::Metadata, OsStr::from_bytes(&path), errno)),
            Some(_) | None => Ok(None),
        }
    }

    fn own_metadata(&self) -> Result<Metadata, FsError> {
        rustix::fs::fstat(&self.fd)
            .map(|stat| metadata_of(&stat))
            .map_err(|errno| self.own_error(Operation::Metadata, errno))
    }

    fn sync(&self) -> Result<(), FsError> {
        rustix::fs::fsync(&self.fd).map_err(|errno| self.own_error(Operation::SyncDir, errno))
    }

    fn sync_filesystem(&self) -> Result<(), FsError> {
        #[cfg(target_os = "linux")]
        let done = rustix::fs::syncfs(&self.fd);
        #[cfg(not(target_os = "linux"))]
        let done = rustix::fs::fsync(&self.fd);
        done.map_err(|errno| self.own_error(Operation::SyncFilesystem, errno))
    }

    fn try_lock(&self) -> Result<Option<Box<dyn LockGuard>>, FsError> {
        // A description of its own: a lock on a shared one would not exclude anybody in this process.
        let fd = open_dir_at(&self.fd, Path::new("."))
            .map_err(|errno| self.own_error(Operation::Lock, errno))?;
        let held = fs::File::from(fd);
        let taken = try_lock(&held).map_err(|cause| self.own_error(Operation::Lock, cause))?;
        Ok(taken.then(|| Box::new(RealLock { _held: held }) as Box<dyn LockGuard>))
    }
}

/// A lock on a directory; closing the descriptor gives it back.
#[derive(Debug)]
struct RealLock {
    _held: fs::File,
}

impl LockGuard for RealLock {}
