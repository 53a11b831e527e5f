//! The real file system, by descriptor-relative system calls. The only home of real file access in this crate.

mod dir;
mod direct;
mod file;

use std::os::fd::{AsFd, OwnedFd};
use std::path::Path;
use std::sync::Arc;

use camino::Utf8Path;
use rustix::fs::{CWD, FileType, Mode, OFlags, Stat};

use super::error::{FsError, Operation};
use super::filesystem::{Dir, EntryKind, Fs, Metadata};
use dir::RealDir;

/// The file system of the machine.
///
/// Directories are opened once, everything else is relative to their descriptors. No call follows a symbolic
/// link in its last component, none blocks on a FIFO, none reads or changes the umask: modes are set on the
/// open descriptor where the umask took bits away.
#[derive(Clone, Copy, Debug, Default)]
pub struct RealFs;

impl Fs for RealFs {
    fn open_dir(&self, path: &Utf8Path) -> Result<Arc<dyn Dir>, FsError> {
        let fd = open_dir_at(CWD, path.as_std_path())
            .map_err(|errno| FsError::new(Operation::OpenDir, path.as_std_path(), errno.into()))?;
        let shown = path.as_std_path().components().collect();
        Ok(Arc::new(RealDir::new(fd, shown)))
    }

    fn effective_uid(&self) -> u32 {
        rustix::process::geteuid().as_raw()
    }
}

/// Opens a directory without following a link in the last component.
fn open_dir_at(at: impl AsFd, path: &Path) -> rustix::io::Result<OwnedFd> {
    rustix::io::retry_on_intr(|| {
        rustix::fs::openat(
            &at,
            path,
            OFlags::RDONLY | OFlags::DIRECTORY | OFlags::NOFOLLOW | OFlags::CLOEXEC,
            Mode::empty(),
        )
    })
}

/// The kind behind the mode bits.
fn kind_of(file_type: FileType) -> EntryKind {
    if file_type.is_file() {
        EntryKind::File
    } else if file_type.is_dir() {
        EntryKind::Dir
    } else if file_type.is_symlink() {
        EntryKind::Symlink
    } else {
        EntryKind::Other
    }
}

/// Our view of a `stat` answer.
#[expect(
    clippy::useless_conversion,
    reason = "the widths of these fields differ between platforms"
)]
fn metadata_of(stat: &Stat) -> Metadata {
    let seconds = i128::from(stat.st_mtime);
    let nanoseconds = i128::from(stat.st_mtime_nsec);
    Metadata {
        kind: kind_of(FileType::from_raw_mode(stat.st_mode)),
        len: u64::try_from(stat.st_size).unwrap_or(0),
        mode: u32::from(stat.st_mode) & 0o7777,
        uid: stat.st_uid,
        links: u64::from(stat.st_nlink),
        inode: (stat.st_dev, stat.st_ino),
        modified_ns: seconds * 1_000_000_000 + nanoseconds,
    }
}
