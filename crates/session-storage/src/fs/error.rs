//! What a call to the file system can fail with: the operation, the path, the cause.

use std::fmt;
use std::io;
use std::path::PathBuf;

/// The step that failed, in the words of a person.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Operation {
    /// Opening a directory.
    OpenDir,
    /// Making a directory.
    MakeDir,
    /// Opening an existing file.
    Open,
    /// Creating a file that must not exist yet.
    Create,
    /// Reading from a file.
    Read,
    /// Writing to a file.
    Write,
    /// Changing the length of a file.
    SetLength,
    /// Making a file's bytes durable.
    SyncFile,
    /// Making a directory's entries durable.
    SyncDir,
    /// Making a whole file system durable.
    SyncFilesystem,
    /// Renaming an entry.
    Rename,
    /// Removing a file or symbolic link.
    RemoveFile,
    /// Removing an empty directory.
    RemoveDir,
    /// Making a symbolic link.
    MakeSymlink,
    /// Reading a symbolic link.
    ReadSymlink,
    /// Listing a directory.
    List,
    /// Reading the metadata of an entry.
    Metadata,
    /// Taking a kernel lock.
    Lock,
}

impl fmt::Display for Operation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::OpenDir => "open directory",
            Self::MakeDir => "make directory",
            Self::Open => "open",
            Self::Create => "create",
            Self::Read => "read",
            Self::Write => "write",
            Self::SetLength => "set the length of",
            Self::SyncFile => "sync",
            Self::SyncDir => "sync directory",
            Self::SyncFilesystem => "sync the file system of",
            Self::Rename => "rename",
            Self::RemoveFile => "remove",
            Self::RemoveDir => "remove directory",
            Self::MakeSymlink => "make symbolic link",
            Self::ReadSymlink => "read symbolic link",
            Self::List => "list directory",
            Self::Metadata => "read the metadata of",
            Self::Lock => "lock",
        })
    }
}

/// A failed call: which operation, on which path, because of what.
#[derive(Debug, thiserror::Error)]
#[error("cannot {operation} '{}'", path.display())]
pub struct FsError {
    /// What was being done.
    pub operation: Operation,
    /// To which path (as seen from outside, for messages only).
    pub path: PathBuf,
    /// Because of what.
    #[source]
    pub source: io::Error,
}

impl FsError {
    /// Makes an error from its three parts.
    pub fn new(operation: Operation, path: impl Into<PathBuf>, source: io::Error) -> Self {
        Self {
            operation,
            path: path.into(),
            source,
        }
    }

    /// The kind of the cause.
    pub fn kind(&self) -> io::ErrorKind {
        self.source.kind()
    }

    /// Whether the cause is a full disk, a used-up quota or used-up inodes: they are one thing to everybody above
    /// (invariant J17).
    pub fn is_disk_full(&self) -> bool {
        matches!(
            self.source.kind(),
            io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded
        )
    }

    /// Whether the cause is that the entry does not exist.
    pub fn is_not_found(&self) -> bool {
        self.source.kind() == io::ErrorKind::NotFound
    }
}
