//! The file system as this crate needs it: directories held open, everything else relative to them.
//!
//! Three small object-safe traits. The calls are the raw ones (a write may be short, a call may be
//! interrupted); the provided methods loop. Nothing here follows a symbolic link in its last component.

use std::any::Any;
use std::ffi::{OsStr, OsString};
use std::fmt;
use std::io;
use std::path::Path;
use std::sync::Arc;

use camino::Utf8Path;

use super::error::{FsError, Operation};
use super::name::check_name;

/// So many interruptions in a row are taken for a fault, so that no loop goes on for ever.
const INTERRUPTIONS_MAX: u32 = 64;

/// How a file is opened.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum OpenMode {
    /// An existing regular file, for reading.
    Read,
    /// An existing regular file, for reading and writing. A file with further names (hard links) is refused.
    ReadWrite,
    /// A file that must not exist yet, mode 0600 whatever the umask, for reading and writing.
    CreateNew,
}

/// What kind of thing an entry is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum EntryKind {
    /// A regular file.
    File,
    /// A directory.
    Dir,
    /// A symbolic link (never followed).
    Symlink,
    /// A FIFO, a socket, a device.
    Other,
}

/// One name in a directory; names need not be UTF-8.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    /// The name as the kernel has it.
    pub name: OsString,
    /// Its kind, as far as the listing tells without another call.
    pub kind: EntryKind,
}

/// What the kernel knows of an entry.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Metadata {
    /// Its kind.
    pub kind: EntryKind,
    /// Length in bytes.
    pub len: u64,
    /// Permission bits (the low twelve).
    pub mode: u32,
    /// Owner.
    pub uid: u32,
    /// Number of hard links.
    pub links: u64,
    /// Device and inode: the identity of the object behind the name.
    pub inode: (u64, u64),
    /// Modification time, nanoseconds since the epoch.
    pub modified_ns: i128,
}

/// The door to a file system.
pub trait Fs: fmt::Debug + Send + Sync {
    /// Opens the directory at an absolute path. The last component must not be a symbolic link.
    ///
    /// # Errors
    /// [`Operation::OpenDir`], also when the path is not a directory.
    fn open_dir(&self, path: &Utf8Path) -> Result<Arc<dyn Dir>, FsError>;

    /// The user whose files may be trusted.
    fn effective_uid(&self) -> u32;
}

/// A directory held open; every name is one component, relative to it. Anything else as a name (empty, `.`,
/// `..`, with a slash) is refused with [`io::ErrorKind::InvalidInput`].
pub trait Dir: fmt::Debug + Send + Sync {
    /// This directory as its own type, for [`Dir::move_to`] of the same implementation.
    fn as_any(&self) -> &dyn Any;

    /// The path it was opened by, for messages.
    fn path(&self) -> &Path;

    /// Opens a directory in this one; a symbolic link is refused.
    ///
    /// # Errors
    /// [`Operation::OpenDir`].
    fn open_dir(&self, name: &OsStr) -> Result<Arc<dyn Dir>, FsError>;

    /// Makes a directory that must not exist yet, mode 0700 whatever the umask. Not durable until [`Dir::sync`].
    ///
    /// # Errors
    /// [`Operation::MakeDir`].
    fn make_dir(&self, name: &OsStr) -> Result<(), FsError>;

    /// Opens or creates a regular file. Anything else under that name is refused without blocking.
    /// A created entry is not durable until [`Dir::sync`].
    ///
    /// # Errors
    /// [`Operation::Open`] or [`Operation::Create`].
    fn open_file(&self, name: &OsStr, mode: OpenMode) -> Result<Box<dyn File>, FsError>;

    /// Renames an entry of this directory, atomically replacing a file of the new name.
    /// Not durable until [`Dir::sync`].
    ///
    /// # Errors
    /// [`Operation::Rename`].
    fn rename(&self, from: &OsStr, to: &OsStr) -> Result<(), FsError>;

    /// Moves an entry into another directory of the same file system; a name already there is refused.
    /// Not durable until both directories are synced.
    ///
    /// # Errors
    /// [`Operation::Rename`].
    fn move_to(&self, from: &OsStr, target: &dyn Dir, to: &OsStr) -> Result<(), FsError>;

    /// Removes a file or symbolic link.
    ///
    /// # Errors
    /// [`Operation::RemoveFile`].
    fn remove_file(&self, name: &OsStr) -> Result<(), FsError>;

    /// Removes an empty directory.
    ///
    /// # Errors
    /// [`Operation::RemoveDir`].
    fn remove_dir(&self, name: &OsStr) -> Result<(), FsError>;

    /// Makes a symbolic link that must not exist yet.
    ///
    /// # Errors
    /// [`Operation::MakeSymlink`].
    fn make_symlink(&self, target: &OsStr, name: &OsStr) -> Result<(), FsError>;

    /// Reads a symbolic link.
    ///
    /// # Errors
    /// [`Operation::ReadSymlink`].
    fn read_symlink(&self, name: &OsStr) -> Result<OsString, FsError>;

    /// Lists the entries, without `.` and `..`, in no particular order.
    ///
    /// # Errors
    /// [`Operation::List`].
    fn entries(&self) -> Result<Vec<Entry>, FsError>;

    /// Tells what stands under a name, without following a link; `None` when nothing does.
    ///
    /// # Errors
    /// [`Operation::Metadata`].
    fn metadata(&self, name: &OsStr) -> Result<Option<Metadata>, FsError>;

    /// Tells what stands under a name in a directory of this one, in as few calls as it takes to say that nothing does;
    /// `None` also when there is no directory of that name. A link in its place is none.
    ///
    /// # Errors
    /// [`Operation::Metadata`] or [`Operation::OpenDir`].
    fn metadata_in(&self, dir: &OsStr, name: &OsStr) -> Result<Option<Metadata>, FsError> {
        check_name(name)
            .map_err(|cause| FsError::new(Operation::Metadata, self.path().join(name), cause))?;
        match self.metadata(dir)? {
            Some(found) if found.kind == EntryKind::Dir => self.open_dir(dir)?.metadata(name),
            Some(_) | None => Ok(None),
        }
    }

    /// Tells what this directory itself is.
    ///
    /// # Errors
    /// [`Operation::Metadata`].
    fn own_metadata(&self) -> Result<Metadata, FsError>;

    /// Makes every entry operation done before this call durable.
    ///
    /// # Errors
    /// [`Operation::SyncDir`].
    fn sync(&self) -> Result<(), FsError>;

    /// Makes everything on the file system of this directory durable.
    ///
    /// # Errors
    /// [`Operation::SyncFilesystem`].
    fn sync_filesystem(&self) -> Result<(), FsError>;

    /// Takes an exclusive kernel lock on the directory itself, held until the returned guard is dropped;
    /// `None` when another holder has it.
    ///
    /// # Errors
    /// [`Operation::Lock`].
    fn try_lock(&self) -> Result<Option<Box<dyn LockGuard>>, FsError>;
}

/// Holds a kernel lock; dropping it, or dying, gives the lock back.
pub trait LockGuard: fmt::Debug + Send + Sync {}

/// An open regular file.
pub trait File: fmt::Debug + Send + Sync {
    /// The path it was opened by, for messages.
    fn path(&self) -> &Path;

    /// Reads once at an offset; zero at the end of the file.
    ///
    /// # Errors
    /// [`Operation::Read`].
    fn read_at(&self, buffer: &mut [u8], offset: u64) -> Result<usize, FsError>;

    /// Writes once at an offset; may write fewer bytes than given.
    ///
    /// # Errors
    /// [`Operation::Write`].
    fn write_at(&self, bytes: &[u8], offset: u64) -> Result<usize, FsError>;

    /// Makes the bytes (and the length, where it changed) durable.
    ///
    /// # Errors
    /// [`Operation::SyncFile`]. What the file holds afterwards is unknown: the cache may lie.
    fn sync_data(&self) -> Result<(), FsError>;

    /// Sets the length.
    ///
    /// # Errors
    /// [`Operation::SetLength`].
    fn set_len(&self, len: u64) -> Result<(), FsError>;

    /// Tells what the open file is.
    ///
    /// # Errors
    /// [`Operation::Metadata`].
    fn metadata(&self) -> Result<Metadata, FsError>;

    /// Takes an exclusive kernel lock, held until the file is dropped; `false` when another holder has it.
    ///
    /// # Errors
    /// [`Operation::Lock`], also on file systems without locks.
    fn try_lock(&self) -> Result<bool, FsError>;

    /// Reads until the buffer is full or the file ends; answers how many bytes were read.
    ///
    /// # Errors
    /// [`Operation::Read`].
    fn read_full_at(&self, buffer: &mut [u8], offset: u64) -> Result<usize, FsError> {
        let mut done = 0;
        let mut interruptions = 0;
        while let Some(rest) = buffer.get_mut(done..).filter(|rest| !rest.is_empty()) {
            match self.read_at(rest, offset + done as u64) {
                Ok(0) => break,
                Ok(count) => {
                    done += count;
                    interruptions = 0;
                }
                Err(error)
                    if error.kind() == io::ErrorKind::Interrupted
                        && interruptions < INTERRUPTIONS_MAX =>
                {
                    interruptions += 1;
                }
                Err(error) => return Err(error),
            }
        }
        Ok(done)
    }

    /// Writes whole sectors over bytes that are durable already, by a way that sends the device these sectors
    /// and not the pages around them, where there is one; as [`File::write_all_at`] where there is none.
    ///
    /// # Errors
    /// [`Operation::Write`]; how much was written is then unknown.
    fn write_sectors_at(&self, bytes: &[u8], offset: u64) -> Result<(), FsError> {
        self.write_all_at(bytes, offset)
    }

    /// Writes all the bytes, however many calls it takes.
    ///
    /// # Errors
    /// [`Operation::Write`]; how much was written is then unknown.
    fn write_all_at(&self, bytes: &[u8], offset: u64) -> Result<(), FsError> {
        let mut done = 0;
        let mut interruptions = 0;
        while let Some(rest) = bytes.get(done..).filter(|rest| !rest.is_empty()) {
            match self.write_at(rest, offset + done as u64) {
                Ok(0) => {
                    return Err(FsError::new(
                        Operation::Write,
                        self.path(),
                        io::ErrorKind::WriteZero.into(),
                    ));
                }
                Ok(count) => {
                    done += count;
                    interruptions = 0;
                }
                Err(error)
                    if error.kind() == io::ErrorKind::Interrupted
                        && interruptions < INTERRUPTIONS_MAX =>
                {
                    interruptions += 1;
                }
                Err(error) => return Err(error),
            }
        }
        Ok(())
    }
}
