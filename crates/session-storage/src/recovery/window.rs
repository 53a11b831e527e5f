//! Reading a file through one buffer of bounded size.

use crate::fs::{File, FsError};

/// The first read, and every read elsewhere.
const LEAST: u64 = 4 * 1024;
/// Reads that follow one another double up to this.
const MOST: u64 = 256 * 1024;

/// A file seen through a buffer that moves along.
#[derive(Debug)]
pub(crate) struct Window<'a> {
    file: &'a dyn File,
    length: u64,
    start: u64,
    bytes: Vec<u8>,
    /// How much the next read takes in.
    read: u64,
}

impl<'a> Window<'a> {
    /// Looks at a file as long as it is now.
    pub(crate) fn new(file: &'a dyn File) -> Result<Self, FsError> {
        Ok(Self {
            file,
            length: file.metadata()?.len,
            start: 0,
            bytes: Vec::new(),
            read: LEAST,
        })
    }

    /// The file's length; it shrinks when a read ends early.
    pub(crate) fn length(&self) -> u64 {
        self.length
    }

    /// The bytes at an offset: as many as asked for, or up to the end of the file.
    ///
    /// The caller has bounded `count`; the file's length bounds it once more.
    pub(crate) fn get(&mut self, offset: u64, count: u64) -> Result<&[u8], FsError> {
        let count = count.min(self.length.saturating_sub(offset));
        if !self.holds(offset, count) {
            self.load(offset, count)?;
        }
        let from = usize::try_from(offset.saturating_sub(self.start)).unwrap_or(usize::MAX);
        let rest = self.bytes.get(from..).unwrap_or_default();
        let count = usize::try_from(count).unwrap_or(usize::MAX);
        Ok(rest.get(..count).unwrap_or(rest))
    }

    fn holds(&self, offset: u64, count: u64) -> bool {
        let end = self.start + self.bytes.len() as u64;
        offset >= self.start && offset.saturating_add(count) <= end
    }

    fn load(&mut self, offset: u64, count: u64) -> Result<(), FsError> {
        let end = self.start + self.bytes.len() as u64;
        let follows = offset >= self.start && offset <= end;
        self.read = if follows && !self.bytes.is_empty() {
            self.read.saturating_mul(2).min(MOST)
        } else {
            LEAST
        };
        let want = count.max(self.read).min(self.length.saturating_sub(offset));
        self.bytes
            .resize(usize::try_from(want).unwrap_or_default(), 0);
        self.start = offset;
        let got = self.file.read_full_at(&mut self.bytes, offset)?;
        if got < self.bytes.len() {
            self.bytes.truncate(got);
            self.length = offset + got as u64;
        }
        Ok(())
    }
}
