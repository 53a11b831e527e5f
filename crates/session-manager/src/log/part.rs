//! The log of a running job.

use std::ffi::OsString;
use std::sync::Arc;

use session_state::{IoLogRecord, IoStream, JobId};
use session_storage::{Dir, File};
use suspend_resume::encode_log_record;

use super::head::{LAYOUT, PartHead, ProcessRecord};
use super::left::of_job;
use super::line::{Seal, begun};
use super::name::{PART, RUNNING, file_name, log_stem};
use crate::error::LogError;
use crate::faults::Faults;

/// The attempt that a log is begun for.
#[derive(Clone, Debug)]
pub(crate) struct Attempt<'a> {
    /// The session, by its identity.
    pub(crate) session: &'a str,
    pub(crate) job: JobId,
    /// Counted from 1.
    pub(crate) number: u32,
    /// How much output is kept with the result, in bytes.
    pub(crate) inline_bytes_max: usize,
    pub(crate) faults: Faults,
}

/// Where a log is written.
#[derive(Clone, Debug)]
pub(super) struct Place {
    pub(super) dir: Arc<dyn Dir>,
    pub(super) file: Arc<dyn File>,
    /// Whether it is the file that is kept from job to job.
    pub(super) is_kept: bool,
}

/// The log of a running job: what is written to it survives the death of this process as it comes.
#[derive(Debug)]
#[must_use = "a log that is not finished or abandoned looks like a job that was cut short"]
pub struct JobLog {
    pub(super) place: Place,
    pub(super) job: JobId,
    pub(super) attempt: u32,
    seal: Seal,
    pub(super) end: u64,
    bytes: usize,
    /// The records, as long as they are few enough to be kept with the result.
    pub(super) records: Option<Vec<IoLogRecord>>,
    bytes_max: usize,
}

impl JobLog {
    /// Writes the head, over that of an attempt that nobody needs any more; from here on this one counts as started.
    /// `run` tells it from all others in the same file.
    pub(super) fn begin(place: Place, attempt: Attempt<'_>, run: u64) -> Result<Self, LogError> {
        let Attempt {
            session,
            job,
            number,
            inline_bytes_max,
            faults,
        } = attempt;
        let head = PartHead {
            part: LAYOUT,
            run,
            session: session.into(),
            job: job.as_str().into(),
            attempt: number,
        };
        let mut line = begun();
        head.put(&mut line)
            .map_err(|error| not_as_json(&job, error))?;
        let check = Seal::HEAD.end(&mut line);
        let mut log = Self {
            place,
            job,
            attempt: number,
            seal: Seal::of_head(check, faults),
            end: 0,
            bytes: 0,
            records: Some(Vec::new()),
            bytes_max: inline_bytes_max,
        };
        log.put(&line)?;
        Ok(log)
    }

    /// The job.
    pub fn job(&self) -> &JobId {
        &self.job
    }

    /// Notes which process the job is, so that a later run can end it.
    ///
    /// # Errors
    /// [`LogError::Fs`].
    pub fn started(&mut self, process: &ProcessRecord) -> Result<(), LogError> {
        let mut line = begun();
        process
            .put(&mut line)
            .map_err(|error| not_as_json(&self.job, error))?;
        self.put_sealed(line)
    }

    /// Writes a piece of output; `delay` is in seconds since the one before.
    ///
    /// # Errors
    /// [`LogError::Fs`].
    pub fn record(&mut self, stream: IoStream, delay: f64, data: &[u8]) -> Result<(), LogError> {
        let record = IoLogRecord {
            delay,
            stream,
            data: data.into(),
        };
        let mut line = begun();
        line.extend_from_slice(encode_log_record(&record).as_bytes());
        self.put_sealed(line)?;
        self.bytes = self.bytes.saturating_add(data.len());
        if self.bytes > self.bytes_max {
            self.records = None;
        } else if let Some(records) = &mut self.records {
            records.push(record);
        }
        Ok(())
    }

    /// The name of its file.
    pub(super) fn name(&self) -> OsString {
        if self.place.is_kept {
            RUNNING.into()
        } else {
            own_name(&self.job, self.attempt)
        }
    }

    /// Ends a line that has its text, and writes it.
    fn put_sealed(&mut self, mut line: Vec<u8>) -> Result<(), LogError> {
        self.seal.end(&mut line);
        self.put(&line)
    }

    fn put(&mut self, line: &[u8]) -> Result<(), LogError> {
        self.place
            .file
            .write_all_at(line, self.end)
            .map_err(|source| of_job(&self.job, source))?;
        self.end += line.len() as u64;
        Ok(())
    }
}

/// The name of the file of an attempt that has one of its own while it runs.
pub(crate) fn own_name(job: &JobId, attempt: u32) -> OsString {
    file_name(&log_stem(job, attempt), PART)
}

fn not_as_json(job: &JobId, error: serde_json::Error) -> LogError {
    LogError::Pack {
        job: job.as_str().into(),
        source: error.into(),
    }
}
