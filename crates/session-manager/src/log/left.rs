//! Logs that a killed run left behind.

use std::ffi::OsString;

use session_state::{IoLogRecord, JobId};
use session_storage::{Dir, File, FsError, OpenMode};
use suspend_resume::{Limits, decode_log_record};

use super::name::{KEPT, PART, file_name, log_stem};
use super::part::{PartHead, ProcessRecord};
use crate::error::LogError;

/// A log without its end.
#[derive(Debug)]
pub(crate) struct LeftPart {
    pub(crate) name: OsString,
    pub(crate) job: JobId,
    pub(crate) attempt: u32,
    pub(crate) process: Option<ProcessRecord>,
}

/// How much of a log is read to know whose it is, in bytes.
const HEAD_BYTES: usize = 64 << 10;

/// The logs without an end in a directory. One that does not say whose it is, because it was cut before that
/// was written, is passed over.
pub(crate) fn left_parts(dir: &dyn Dir) -> Result<Vec<LeftPart>, LogError> {
    let mut parts = Vec::new();
    for entry in dir.entries().map_err(LogError::Directory)? {
        let is_part = entry.name.to_str().is_some_and(|name| name.ends_with(PART));
        if !is_part {
            continue;
        }
        let file = dir
            .open_file(&entry.name, OpenMode::Read)
            .map_err(LogError::Directory)?;
        let mut head = vec![0; HEAD_BYTES];
        let count = file
            .read_full_at(&mut head, 0)
            .map_err(LogError::Directory)?;
        head.truncate(count);
        let text = String::from_utf8_lossy(&head);
        let mut lines = text
            .split_inclusive('\n')
            .filter_map(|line| line.strip_suffix('\n'));
        let head = lines
            .next()
            .and_then(|line| serde_json::from_str::<PartHead>(line).ok());
        let process = lines
            .next()
            .and_then(|line| serde_json::from_str(line).ok());
        if let Some(head) = head {
            parts.push(LeftPart {
                name: entry.name,
                job: JobId::new(head.job),
                attempt: head.attempt,
                process,
            });
        }
    }
    Ok(parts)
}

/// Whether an attempt was started: its log is there, running or kept.
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
pub(crate) fn keep(dir: &dyn Dir, job: &JobId, attempt: u32) -> Result<(), LogError> {
    let stem = log_stem(job, attempt);
    match dir.rename(&file_name(&stem, PART), &file_name(&stem, KEPT)) {
        Err(error) if !error.is_not_found() => Err(of_job(job, error)),
        Ok(()) | Err(_) => Ok(()),
    }
}

/// Reads the records of a log without its end, up to the first line that is none.
pub(crate) fn read_part(
    file: &dyn File,
    job: &JobId,
    limits: &Limits,
) -> Result<Vec<IoLogRecord>, LogError> {
    let mut bytes = Vec::new();
    let mut piece = vec![0; HEAD_BYTES];
    loop {
        let count = file
            .read_full_at(&mut piece, bytes.len() as u64)
            .map_err(|source| of_job(job, source))?;
        bytes.extend_from_slice(piece.get(..count).unwrap_or_default());
        if count < piece.len() {
            break;
        }
    }
    let text = String::from_utf8_lossy(&bytes);
    let records = text
        .split_inclusive('\n')
        .filter_map(|line| line.strip_suffix('\n'))
        .skip_while(|line| line.starts_with('{'))
        .map_while(|line| decode_log_record(line, limits).ok())
        .collect();
    Ok(records)
}

pub(super) fn of_job(job: &JobId, source: FsError) -> LogError {
    LogError::Fs {
        job: job.as_str().into(),
        source,
    }
}
