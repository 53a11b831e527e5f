//! The least that keeping a change durable takes: one aligned write into zeros, one sync.

use std::fs::File;
use std::os::unix::fs::FileExt as _;
use std::path::Path;

use rustix::fs::OFlags;

use super::keeper::Keeper;
use crate::disk;
use crate::error::{BenchError, Doing as _};

/// What a write is rounded up to.
const ALIGN: usize = 512;

/// What direct writes want their memory aligned to.
const MEMORY_ALIGN: usize = 4096;

/// Zeros written ahead at a time, as ours does.
const STEP: usize = 256 * 1024;

struct Floor {
    file: File,
    /// For writes past the cache.
    direct: Option<File>,
    memory: Vec<u8>,
    offset: u64,
    space: u64,
}

impl Keeper for Floor {
    fn keep(&mut self, _: u64, change: &[u8]) -> Result<(), BenchError> {
        let length = change.len().next_multiple_of(ALIGN);
        if self.offset + length as u64 > self.space {
            self.file
                .write_all_at(&vec![0; STEP], self.space)
                .doing("write zeros ahead")?;
            self.file.sync_data().doing("sync zeros")?;
            self.space += STEP as u64;
        }
        self.memory.resize(length + MEMORY_ALIGN, 0);
        let skip = self
            .memory
            .as_ptr()
            .align_offset(MEMORY_ALIGN)
            .min(MEMORY_ALIGN);
        let bytes = self.memory.get_mut(skip..skip + length).unwrap_or_default();
        for (to, from) in bytes.iter_mut().zip(change) {
            *to = *from;
        }
        let file = self.direct.as_ref().unwrap_or(&self.file);
        file.write_all_at(bytes, self.offset)
            .doing("write a change")?;
        file.sync_data().doing("sync a change")?;
        self.offset += length as u64;
        Ok(())
    }
}

/// Begins with an empty file, written through the page cache.
pub(crate) fn begin(folder: &Path) -> Result<Box<dyn Keeper>, BenchError> {
    let file = disk::create(&folder.join("floor")).doing("create a file")?;
    Ok(Box::new(Floor {
        file,
        direct: None,
        memory: Vec::new(),
        offset: 0,
        space: 0,
    }))
}

/// Begins with an empty file, written past the page cache where that is possible.
pub(crate) fn begin_direct(folder: &Path) -> Result<Box<dyn Keeper>, BenchError> {
    let path = folder.join("floor");
    let file = disk::create(&path).doing("create a file")?;
    let flags = OFlags::RDWR | OFlags::DIRECT | OFlags::CLOEXEC;
    let direct = rustix::fs::open(&path, flags, rustix::fs::Mode::empty()).ok();
    Ok(Box::new(Floor {
        file,
        direct: direct.map(File::from),
        memory: Vec::new(),
        offset: 0,
        space: 0,
    }))
}
