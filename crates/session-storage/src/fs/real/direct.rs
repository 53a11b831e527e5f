//! Writing past the page cache, where kernel and file system allow it.
//!
//! A write through the cache sends the whole page around it to the device, a direct one only its own sectors. What
//! is durable when is the same: the sync that follows makes it so.

use std::fs::File;
use std::io;
use std::os::fd::AsRawFd as _;
use std::os::unix::fs::FileExt as _;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Mutex, OnceLock, PoisonError};

/// What a device may want memory and offsets to be multiples of; no smaller piece is written directly.
const SECTOR: u64 = 512;

/// What any device is content with.
const MEMORY_ALIGN: usize = 4096;

/// More is better left to the cache.
const BYTES_MAX: usize = 1 << 20;

/// The way past the cache of one open file, found at the first write that wants it.
#[derive(Debug, Default)]
pub(super) struct Direct {
    file: OnceLock<Option<File>>,
    refused: AtomicBool,
    /// Reused from write to write; what is written is copied to an aligned place in it.
    memory: Mutex<Vec<u8>>,
}

impl Direct {
    /// Writes all the bytes; `None` when this file cannot be written so, and then nothing was written.
    pub(super) fn write_all_at(
        &self,
        through: &File,
        bytes: &[u8],
        offset: u64,
    ) -> Option<io::Result<()>> {
        let aligned = offset.is_multiple_of(SECTOR) && (bytes.len() as u64).is_multiple_of(SECTOR);
        if !aligned || bytes.len() > BYTES_MAX || self.refused.load(Ordering::Relaxed) {
            return None;
        }
        let file = self.file.get_or_init(|| open(through).ok()).as_ref()?;
        let mut memory = self.memory.lock().unwrap_or_else(PoisonError::into_inner);
        memory.resize(bytes.len() + MEMORY_ALIGN, 0);
        let skip = memory.as_ptr().align_offset(MEMORY_ALIGN);
        let place = memory.get_mut(skip..)?.get_mut(..bytes.len())?;
        place.copy_from_slice(bytes);
        match file.write_all_at(place, offset) {
            // Larger sectors than we write: the kernel looks before it begins.
            Err(error) if error.kind() == io::ErrorKind::InvalidInput => {
                self.refused.store(true, Ordering::Relaxed);
                None
            }
            written => Some(written),
        }
    }
}

/// Opens the file behind a descriptor once more, whatever name it has by now.
#[cfg(target_os = "linux")]
fn open(through: &File) -> io::Result<File> {
    use rustix::fs::{Mode, OFlags};
    let path = format!("/proc/self/fd/{}", through.as_raw_fd());
    let flags = OFlags::RDWR | OFlags::DIRECT | OFlags::CLOEXEC;
    Ok(rustix::fs::open(path, flags, Mode::empty())?.into())
}

#[cfg(not(target_os = "linux"))]
fn open(_: &File) -> io::Result<File> {
    Err(io::ErrorKind::Unsupported.into())
}
