//! The end of a log: with the result, or in files.

use std::ffi::OsStr;
use std::io;

use flate2::{Compression, GzBuilder};
use session_state::{IoLog, IoLogRecord, IoStream, JobId, StoredLog};
use session_storage::{Dir, File, FsError, OpenMode};
use suspend_resume::{Limits, encode_log_record};
use xxhash_rust::xxh3::Xxh3;

use super::left::{of_job, read_part};
use super::name::{file_name, log_stem};
use super::part::JobLog;
use crate::error::LogError;
use crate::faults::{Fault, Faults};

/// Where the output of a finished job is, and the records themselves where a file has them.
pub(crate) struct Finished {
    pub(crate) io_log: IoLog,
    pub(crate) output: Option<Vec<IoLogRecord>>,
}

/// Ends a log. What goes to files is durable when this returns; the `.part` file still stands.
pub(crate) fn finish(
    log: &mut JobLog,
    limits: &Limits,
    faults: Faults,
) -> Result<Finished, LogError> {
    if let Some(records) = log.records.take() {
        return Ok(Finished {
            io_log: IoLog::Memory(records),
            output: None,
        });
    }
    let records = read_part(&*log.place.file, &log.job, limits, faults)?;
    let stem = log_stem(&log.job, log.attempt);
    let stored = store(&*log.place.dir, &log.job, &stem, &records, faults)?;
    Ok(Finished {
        io_log: IoLog::Stored(stored),
        output: Some(records),
    })
}

/// Writes the three files of a finished log and makes them durable, with their names, by one flush.
fn store(
    dir: &dyn Dir,
    job: &JobId,
    stem: &str,
    records: &[IoLogRecord],
    faults: Faults,
) -> Result<StoredLog, LogError> {
    let packing = |source| LogError::Pack {
        job: job.as_str().into(),
        source,
    };
    let create =
        |end: &str| create_anew(dir, &file_name(stem, end)).map_err(|source| of_job(job, source));
    let packed = Output::new(create(".record.gz")?);
    let mut packed = GzBuilder::new().write(packed, Compression::default());
    let mut stdout = Output::new(create(".stdout")?);
    let mut stderr = Output::new(create(".stderr")?);
    for record in records {
        let mut line = encode_log_record(record);
        line.push('\n');
        io::Write::write_all(&mut packed, line.as_bytes()).map_err(packing)?;
        let side = match record.stream {
            IoStream::Stdout => &mut stdout,
            IoStream::Stderr => &mut stderr,
        };
        io::Write::write_all(side, &record.data).map_err(packing)?;
    }
    let packed = packed.finish().map_err(packing)?;
    let (length, hash) = packed.end().map_err(packing)?;
    stdout.end().map_err(packing)?;
    stderr.end().map_err(packing)?;
    if !faults.has(Fault::LogNotSynced) {
        dir.sync_filesystem()
            .map_err(|source| of_job(job, source))?;
    }
    Ok(StoredLog {
        path: format!("io-logs/{stem}.record.gz").into(),
        identity: Some((length, hash)),
    })
}

/// Creates a file, in the place of one that an attempt cut short at this very step left.
fn create_anew(dir: &dyn Dir, name: &OsStr) -> Result<Box<dyn File>, FsError> {
    match dir.remove_file(name) {
        Err(error) if !error.is_not_found() => return Err(error),
        Ok(()) | Err(_) => {}
    }
    dir.open_file(name, OpenMode::CreateNew)
}

/// A file written from its beginning, in pieces large enough to be worth a call; hashed on the way.
struct Output {
    file: Box<dyn File>,
    written: u64,
    pending: Vec<u8>,
    hash: Xxh3,
}

/// How much is gathered before it is written, in bytes.
const PIECE_BYTES: usize = 64 << 10;

impl Output {
    fn new(file: Box<dyn File>) -> Self {
        Self {
            file,
            written: 0,
            pending: Vec::new(),
            hash: Xxh3::new(),
        }
    }

    /// Writes what is left; answers length and hash.
    fn end(mut self) -> io::Result<(u64, [u8; 16])> {
        io::Write::flush(&mut self)?;
        Ok((self.written, self.hash.digest128().to_le_bytes()))
    }
}

impl io::Write for Output {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.pending.extend_from_slice(bytes);
        self.hash.update(bytes);
        if self.pending.len() >= PIECE_BYTES {
            self.flush()?;
        }
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        self.file
            .write_all_at(&self.pending, self.written)
            .map_err(|error| io::Error::new(error.kind(), error))?;
        self.written += self.pending.len() as u64;
        self.pending.clear();
        Ok(())
    }
}
