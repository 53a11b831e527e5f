//! A real regular file held open by its descriptor.

use std::fs;
use std::io;
use std::os::unix::fs::FileExt;
use std::path::{Path, PathBuf};

use super::super::error::{FsError, Operation};
use super::super::filesystem::{File, Metadata};
use super::direct::Direct;
use super::metadata_of;

/// A regular file of the machine, held open.
#[derive(Debug)]
pub(super) struct RealFile {
    file: fs::File,
    path: PathBuf,
    direct: Direct,
}

impl RealFile {
    pub(super) fn new(file: fs::File, path: PathBuf) -> Self {
        Self {
            file,
            path,
            direct: Direct::default(),
        }
    }

    fn error(&self, operation: Operation, cause: impl Into<io::Error>) -> FsError {
        FsError::new(operation, &self.path, cause.into())
    }
}

impl File for RealFile {
    fn path(&self) -> &Path {
        &self.path
    }

    fn read_at(&self, buffer: &mut [u8], offset: u64) -> Result<usize, FsError> {
        self.file
            .read_at(buffer, offset)
            .map_err(|cause| self.error(Operation::Read, cause))
    }

    fn write_at(&self, bytes: &[u8], offset: u64) -> Result<usize, FsError> {
        self.file
            .write_at(bytes, offset)
            .map_err(|cause| self.error(Operation::Write, cause))
    }

    fn write_sectors_at(&self, bytes: &[u8], offset: u64) -> Result<(), FsError> {
        match self.direct.write_all_at(&self.file, bytes, offset) {
            Some(written) => written.map_err(|cause| self.error(Operation::Write, cause)),
            None => self.write_all_at(bytes, offset),
        }
    }

    fn sync_data(&self) -> Result<(), FsError> {
        // Not std's `sync_data`: it repeats an interrupted call, and a sync is never to be repeated blindly.
        #[cfg(target_os = "linux")]
        let done = rustix::fs::fdatasync(&self.file);
        #[cfg(not(target_os = "linux"))]
        let done = rustix::fs::fsync(&self.file);
        done.map_err(|errno| self.error(Operation::SyncFile, errno))
    }

    fn set_len(&self, len: u64) -> Result<(), FsError> {
        self.file
            .set_len(len)
            .map_err(|cause| self.error(Operation::SetLength, cause))
    }

    fn metadata(&self) -> Result<Metadata, FsError> {
        rustix::fs::fstat(&self.file)
            .map(|stat| metadata_of(&stat))
            .map_err(|errno| self.error(Operation::Metadata, errno))
    }

    fn try_lock(&self) -> Result<bool, FsError> {
        try_lock(&self.file).map_err(|cause| self.error(Operation::Lock, cause))
    }
}

/// Takes the kernel lock of an open file without waiting; `false` when another description has it.
pub(super) fn try_lock(file: &fs::File) -> io::Result<bool> {
    match file.try_lock() {
        Ok(()) => Ok(true),
        Err(fs::TryLockError::WouldBlock) => Ok(false),
        Err(fs::TryLockError::Error(cause)) => Err(cause),
    }
}
