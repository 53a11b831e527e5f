//! Streaming a snapshot into its file, hashing on the way.

use std::io;

use crate::frame::{SnapshotStamp, StreamHash};
use crate::fs::{File, FsError};

/// The caller's function that writes a snapshot.
pub(crate) type WriteSnapshot<'a> = &'a mut dyn FnMut(&mut dyn io::Write) -> io::Result<()>;

/// How many bytes go to the kernel in one call.
const CHUNK: usize = 256 * 1024;

/// Why a snapshot could not be written.
#[derive(Debug)]
pub(crate) enum SnapshotError {
    /// The file system said no.
    Fs(FsError),
    /// The caller's function failed.
    Producer(io::Error),
    /// The snapshot is larger than the limit, in bytes.
    TooLarge(u64),
}

/// Writes a snapshot into a new file; nothing is synced.
pub(crate) fn write_snapshot(
    file: &dyn File,
    limit: u64,
    produce: WriteSnapshot<'_>,
) -> Result<SnapshotStamp, SnapshotError> {
    let mut sink = Sink {
        file,
        limit,
        written: 0,
        hash: StreamHash::new(),
        buffer: Vec::new(),
        error: None,
    };
    let outcome = produce(&mut sink).and_then(|()| sink.drain());
    // An error of the sink counts even when the producer swallowed it.
    match (sink.error.take(), outcome) {
        (Some(error), _) => Err(error),
        (None, Err(error)) => Err(SnapshotError::Producer(error)),
        (None, Ok(())) => Ok(SnapshotStamp {
            length: sink.written,
            hash: sink.hash.finish(),
        }),
    }
}

struct Sink<'a> {
    file: &'a dyn File,
    limit: u64,
    written: u64,
    hash: StreamHash,
    buffer: Vec<u8>,
    error: Option<SnapshotError>,
}

impl Sink<'_> {
    fn drain(&mut self) -> io::Result<()> {
        if self.error.is_some() {
            return Err(io::Error::other("an earlier write of the snapshot failed"));
        }
        let length = self.buffer.len() as u64;
        if self.written.saturating_add(length) > self.limit {
            self.error = Some(SnapshotError::TooLarge(self.limit));
            return Err(io::ErrorKind::FileTooLarge.into());
        }
        match self.file.write_all_at(&self.buffer, self.written) {
            Ok(()) => {
                self.hash.update(&self.buffer);
                self.written += length;
                self.buffer.clear();
                Ok(())
            }
            Err(error) => {
                let kind = error.kind();
                self.error = Some(SnapshotError::Fs(error));
                Err(kind.into())
            }
        }
    }
}

impl io::Write for Sink<'_> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        if self.buffer.len() >= CHUNK {
            self.drain()?;
        }
        let taken = bytes.len().min(CHUNK);
        self.buffer
            .extend_from_slice(bytes.get(..taken).unwrap_or(bytes));
        Ok(taken)
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}
