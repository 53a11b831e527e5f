//! A file system that counts what is handed to the kernel.

use std::any::Any;
use std::ffi::{OsStr, OsString};
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use camino::Utf8Path;
use session_storage::{Dir, Entry, File, Fs, FsError, LockGuard, Metadata, OpenMode, RealFs};

/// Whether syncs are carried out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Syncs {
    /// They are counted and carried out.
    Done,
    /// They are counted only: to lay out in seconds what would take minutes.
    CountedOnly,
}

/// What was counted so far.
#[derive(Debug, Default)]
pub struct Counted {
    frames: AtomicU64,
    zeros: AtomicU64,
    snapshots: AtomicU64,
    syncs: AtomicU64,
    reads: AtomicU64,
    read_bytes: AtomicU64,
}

impl Counted {
    /// Bytes written that are neither zeros alone nor a snapshot: frames and heads.
    #[must_use]
    pub fn frame_bytes(&self) -> u64 {
        self.frames.load(Ordering::Relaxed)
    }

    /// Bytes of writes that held zeros alone.
    #[must_use]
    pub fn zero_bytes(&self) -> u64 {
        self.zeros.load(Ordering::Relaxed)
    }

    /// Bytes written to snapshots.
    #[must_use]
    pub fn snapshot_bytes(&self) -> u64 {
        self.snapshots.load(Ordering::Relaxed)
    }

    /// Syncs of files and directories.
    #[must_use]
    pub fn syncs(&self) -> u64 {
        self.syncs.load(Ordering::Relaxed)
    }

    /// Calls that read from a file.
    #[must_use]
    pub fn reads(&self) -> u64 {
        self.reads.load(Ordering::Relaxed)
    }

    /// Bytes read from files.
    #[must_use]
    pub fn read_bytes(&self) -> u64 {
        self.read_bytes.load(Ordering::Relaxed)
    }
}

/// The real file system, counting.
#[derive(Clone, Debug)]
pub struct CountingFs {
    counted: Arc<Counted>,
    syncs: Syncs,
}

impl CountingFs {
    /// One that has counted nothing yet.
    #[must_use]
    pub fn new(syncs: Syncs) -> Self {
        Self {
            counted: Arc::default(),
            syncs,
        }
    }

    /// What it counts, to look at while it is in use.
    #[must_use]
    pub fn counted(&self) -> Arc<Counted> {
        Arc::clone(&self.counted)
    }

    fn dir(&self, inner: Arc<dyn Dir>) -> Arc<dyn Dir> {
        Arc::new(CountingDir {
            inner,
            fs: self.clone(),
        })
    }

    fn sync(&self, sync: impl FnOnce() -> Result<(), FsError>) -> Result<(), FsError> {
        self.counted.syncs.fetch_add(1, Ordering::Relaxed);
        match self.syncs {
            Syncs::Done => sync(),
            Syncs::CountedOnly => Ok(()),
        }
    }
}

impl Fs for CountingFs {
    fn open_dir(&self, path: &Utf8Path) -> Result<Arc<dyn Dir>, FsError> {
        RealFs.open_dir(path).map(|dir| self.dir(dir))
    }

    fn effective_uid(&self) -> u32 {
        RealFs.effective_uid()
    }
}

#[derive(Debug)]
struct CountingDir {
    inner: Arc<dyn Dir>,
    fs: CountingFs,
}

impl Dir for CountingDir {
    fn as_any(&self) -> &dyn Any {
        self
    }

    fn path(&self) -> &Path {
        self.inner.path()
    }

    fn open_dir(&self, name: &OsStr) -> Result<Arc<dyn Dir>, FsError> {
        self.inner.open_dir(name).map(|dir| self.fs.dir(dir))
    }

    fn make_dir(&self, name: &OsStr) -> Result<(), FsError> {
        self.inner.make_dir(name)
    }

    fn open_file(&self, name: &OsStr, mode: OpenMode) -> Result<Box<dyn File>, FsError> {
        let inner = self.inner.open_file(name, mode)?;
        let snapshot = name.as_encoded_bytes().starts_with(b"snapshot");
        Ok(Box::new(CountingFile {
            inner,
            snapshot,
            fs: self.fs.clone(),
        }))
    }

    fn rename(&self, from: &OsStr, to: &OsStr) -> Result<(), FsError> {
        self.inner.rename(from, to)
    }

    fn move_to(&self, from: &OsStr, target: &dyn Dir, to: &OsStr) -> Result<(), FsError> {
        match target.as_any().downcast_ref::<Self>() {
            Some(target) => self.inner.move_to(from, target.inner.as_ref(), to),
            None => self.inner.move_to(from, target, to),
        }
    }

    fn remove_file(&self, name: &OsStr) -> Result<(), FsError> {
        self.inner.remove_file(name)
    }

    fn remove_dir(&self, name: &OsStr) -> Result<(), FsError> {
        self.inner.remove_dir(name)
    }

    fn make_symlink(&self, target: &OsStr, name: &OsStr) -> Result<(), FsError> {
        self.inner.make_symlink(target, name)
    }

    fn read_symlink(&self, name: &OsStr) -> Result<OsString, FsError> {
        self.inner.read_symlink(name)
    }

    fn entries(&self) -> Result<Vec<Entry>, FsError> {
        self.inner.entries()
    }

    fn metadata(&self, name: &OsStr) -> Result<Option<Metadata>, FsError> {
        self.inner.metadata(name)
    }

    fn metadata_in(&self, dir: &OsStr, name: &OsStr) -> Result<Option<Metadata>, FsError> {
        self.inner.metadata_in(dir, name)
    }

    fn own_metadata(&self) -> Result<Metadata, FsError> {
        self.inner.own_metadata()
    }

    fn sync(&self) -> Result<(), FsError> {
        self.fs.sync(|| self.inner.sync())
    }

    fn sync_filesystem(&self) -> Result<(), FsError> {
        self.fs.sync(|| self.inner.sync_filesystem())
    }

    fn try_lock(&self) -> Result<Option<Box<dyn LockGuard>>, FsError> {
        self.inner.try_lock()
    }
}

#[derive(Debug)]
struct CountingFile {
    inner: Box<dyn File>,
    snapshot: bool,
    fs: CountingFs,
}

impl CountingFile {
    fn count_write(&self, bytes: &[u8]) {
        let counted = &self.fs.counted;
        let sum = if self.snapshot {
            &counted.snapshots
        } else if bytes.iter().all(|byte| *byte == 0) {
            &counted.zeros
        } else {
            &counted.frames
        };
        sum.fetch_add(bytes.len() as u64, Ordering::Relaxed);
    }
}

impl File for CountingFile {
    fn path(&self) -> &Path {
        self.inner.path()
    }

    fn read_at(&self, buffer: &mut [u8], offset: u64) -> Result<usize, FsError> {
        let got = self.inner.read_at(buffer, offset)?;
        self.fs.counted.reads.fetch_add(1, Ordering::Relaxed);
        self.fs
            .counted
            .read_bytes
            .fetch_add(got as u64, Ordering::Relaxed);
        Ok(got)
    }

    fn write_at(&self, bytes: &[u8], offset: u64) -> Result<usize, FsError> {
        let written = self.inner.write_at(bytes, offset)?;
        self.count_write(bytes.get(..written).unwrap_or(bytes));
        Ok(written)
    }

    fn write_sectors_at(&self, bytes: &[u8], offset: u64) -> Result<(), FsError> {
        match self.fs.syncs {
            Syncs::Done => self.inner.write_sectors_at(bytes, offset)?,
            // Past the cache every write waits for the device, which is what nobody wants here.
            Syncs::CountedOnly => self.inner.write_all_at(bytes, offset)?,
        }
        self.count_write(bytes);
        Ok(())
    }

    fn sync_data(&self) -> Result<(), FsError> {
        self.fs.sync(|| self.inner.sync_data())
    }

    fn set_len(&self, len: u64) -> Result<(), FsError> {
        self.inner.set_len(len)
    }

    fn metadata(&self) -> Result<Metadata, FsError> {
        self.inner.metadata()
    }

    fn try_lock(&self) -> Result<bool, FsError> {
        self.inner.try_lock()
    }
}
