//! The log of a running job.

use std::borrow::Cow;
use std::ffi::OsString;
use std::sync::Arc;

use serde::{Deserialize, Serialize};
use session_state::{IoLogRecord, IoStream, JobId};
use session_storage::{Dir, File};
use suspend_resume::encode_log_record;

use super::left::of_job;
use super::line::Seal;
use super::name::{PART, RUNNING, file_name, log_stem};
use crate::error::LogError;
use crate::faults::Faults;

/// The layout of a running log: since 2 every line has a check.
const LAYOUT: u32 = 2;

/// The first line of the log of a running job.
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct PartHead<'a> {
    /// The layout of this file.
    pub(super) part: u32,
    /// Which attempt in this file it is, counted from 1: no two heads of one file are the same.
    #[serde(default)]
    pub(super) run: u64,
    /// The session.
    pub(super) session: Cow<'a, str>,
    /// The job.
    pub(super) job: Cow<'a, str>,
    /// The attempt, counted from 1.
    pub(super) attempt: u32,
}

/// A process, as the kernel knows it: enough not to take another for it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ProcessRecord {
    /// Its number.
    pub pid: u32,
    /// When it was started, in clock ticks since boot.
    pub start_time: u64,
    /// The pid namespace the number belongs to.
    pub pid_namespace: u64,
    /// The boot of the machine.
    pub boot_id: Box<str>,
}

/// The attempt that a log is begun for.
#[derive(Clone, Debug)]
pub(crate) struct Attempt {
    /// The session, by its identity.
    pub(crate) session: String,
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
    pub(super) fn begin(place: Place, attempt: Attempt, run: u64) -> Result<Self, LogError> {
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
        let (line, check) = Seal::HEAD.line(&as_json(&job, &head)?);
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
        let text = as_json(&self.job, process)?;
        self.put_text(&text)
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
        self.put_text(&encode_log_record(&record))?;
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

    fn put_text(&mut self, text: &str) -> Result<(), LogError> {
        let (line, _) = self.seal.line(text);
        self.put(&line)
    }

    fn put(&mut self, line: &str) -> Result<(), LogError> {
        self.place
            .file
            .write_all_at(line.as_bytes(), self.end)
            .map_err(|source| of_job(&self.job, source))?;
        self.end += line.len() as u64;
        Ok(())
    }
}

/// The name of the file of an attempt that has one of its own while it runs.
pub(crate) fn own_name(job: &JobId, attempt: u32) -> OsString {
    file_name(&log_stem(job, attempt), PART)
}

fn as_json(job: &JobId, value: &impl Serialize) -> Result<String, LogError> {
    serde_json::to_string(value).map_err(|error| LogError::Pack {
        job: job.as_str().into(),
        source: error.into(),
    })
}
