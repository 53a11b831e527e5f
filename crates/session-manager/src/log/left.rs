//! Logs that a killed run left behind.

use std::ffi::{OsStr, OsString};

use session_state::{IoLogRecord, JobId, SessionState};
use session_storage::{Dir, EntryKind, File, FsError, OpenMode};
use suspend_resume::{Limits, decode_log_record};

use super::content::Content;
use super::head::ProcessRecord;
use super::name::{KEPT, PART, RUNNING, file_name, log_stem};
use super::running::KEPT_BYTES_MAX;
use crate::error::LogError;
use crate::faults::Faults;

/// A log without its end.
#[derive(Debug)]
pub(crate) struct LeftPart {
    pub(crate) name: OsString,
    pub(crate) job: JobId,
    pub(crate) attempt: u32,
    pub(crate) process: Option<ProcessRecord>,
}

impl LeftPart {
    /// Whether it is the log of that attempt.
    pub(crate) fn is_of(&self, job: &JobId, attempt: u32) -> bool {
        self.job == *job && self.attempt == attempt
    }

    /// Whether the attempt has a result: one ends all attempts begun before it.
    pub(crate) fn has_result(&self, state: &SessionState) -> bool {
        state.job_state(&self.job).is_some_and(|job| {
            let ended = job.attempts_begun() - job.started_attempts();
            job.outcome().is_some() && self.attempt <= ended
        })
    }
}

/// How much of a log is read to know whose it is, in bytes.
const HEAD_BYTES: usize = 64 << 10;

/// The logs without an end in a directory. One that does not say whose it is, because it was cut before that
/// was written, is passed over.
pub(crate) fn left_parts(dir: &dyn Dir, faults: Faults) -> Result<Vec<LeftPart>, LogError> {
    let mut parts = Vec::new();
    for entry in dir.entries().map_err(LogError::Directory)? {
        let is_part = entry
            .name
            .to_str()
            .is_some_and(|name| name == RUNNING || name.ends_with(PART));
        if !is_part {
            continue;
        }
        let file = dir
            .open_file(&entry.name, OpenMode::Read)
            .map_err(LogError::Directory)?;
        let mut bytes = vec![0; HEAD_BYTES];
        let count = file
            .read_full_at(&mut bytes, 0)
            .map_err(LogError::Directory)?;
        bytes.truncate(count);
        if let Some(mut content) = Content::of(&bytes, faults) {
            parts.push(LeftPart {
                name: entry.name,
                job: JobId::from(&*content.head.job),
                attempt: content.head.attempt,
                process: content.process(),
            });
        }
    }
    Ok(parts)
}

/// Whether an attempt was started in a file of its own, running or kept.
pub(crate) fn was_started(dir: &dyn Dir, job: &JobId, attempt: u32) -> Result<bool, LogError> {
    let stem = log_stem(job, attempt);
    for end in [PART, KEPT] {
        let found = dir.metadata(&file_name(&stem, end));
        if found.map_err(|source| of_job(job, source))?.is_some() {
            return Ok(true);
        }
    }
    Ok(false)
}

/// Keeps the log of an attempt that was cut short under its final name.
pub(crate) fn keep(
    dir: &dyn Dir,
    name: &OsStr,
    job: &JobId,
    attempt: u32,
    faults: Faults,
) -> Result<(), LogError> {
    let failed = |source| of_job(job, source);
    if name == RUNNING {
        cut_behind_the_end(dir, name, faults).map_err(failed)?;
    }
    match dir.rename(name, &file_name(&log_stem(job, attempt), KEPT)) {
        Err(error) if !error.is_not_found() => Err(failed(error)),
        Ok(()) | Err(_) => Ok(()),
    }
}

/// Takes from the kept file what earlier jobs left behind the end of the last one. A file with further names is left
/// as it is: its lines tell whose they are all the same.
fn cut_behind_the_end(dir: &dyn Dir, name: &OsStr, faults: Faults) -> Result<(), FsError> {
    let Some(found) = dir.metadata(name)? else {
        return Ok(());
    };
    // A longer one is never written over by another job.
    let is_written_over = found.len <= KEPT_BYTES_MAX;
    if found.kind != EntryKind::File || found.links != 1 || !is_written_over {
        return Ok(());
    }
    let file = dir.open_file(name, OpenMode::ReadWrite)?;
    let bytes = read_whole(&*file)?;
    let end = Content::of(&bytes, faults).map_or(bytes.len(), Content::end);
    if end < bytes.len() {
        file.set_len(end as u64)?;
    }
    Ok(())
}

/// Removes the kept file when it does not say whose it is: it was cut while its head was written, before anything was
/// started.
pub(crate) fn remove_unowned(dir: &dyn Dir, parts: &[LeftPart]) -> Result<(), LogError> {
    if parts.iter().any(|part| part.name == RUNNING) {
        return Ok(());
    }
    remove_part(dir, OsStr::new(RUNNING)).map_err(LogError::Directory)
}

/// Removes a log whose result is durable.
pub(crate) fn remove_part(dir: &dyn Dir, name: &OsStr) -> Result<(), FsError> {
    match dir.remove_file(name) {
        Err(error) if !error.is_not_found() => Err(error),
        Ok(()) | Err(_) => Ok(()),
    }
}

/// Reads the records of a log without its end, up to the first line that is none.
pub(crate) fn read_part(
    file: &dyn File,
    job: &JobId,
    limits: &Limits,
    faults: Faults,
) -> Result<Vec<IoLogRecord>, LogError> {
    let bytes = read_whole(file).map_err(|source| of_job(job, source))?;
    let records = Content::of(&bytes, faults).into_iter().flatten();
    Ok(records
        .skip_while(|line| line.starts_with('{'))
        .map_while(|line| decode_log_record(line, limits).ok())
        .collect())
}

fn read_whole(file: &dyn File) -> Result<Vec<u8>, FsError> {
    let mut bytes = Vec::new();
    let mut piece = vec![0; HEAD_BYTES];
    loop {
        let count = file.read_full_at(&mut piece, bytes.len() as u64)?;
        bytes.extend_from_slice(piece.get(..count).unwrap_or_default());
        if count < piece.len() {
            return Ok(bytes);
        }
    }
}

pub(super) fn of_job(job: &JobId, source: FsError) -> LogError {
    LogError::Fs {
        job: job.as_str().into(),
        source,
    }
}
