//! The log of a running job.

use std::ffi::OsString;
use std::sync::Arc;

use serde::{Deserialize, Serialize};
use session_state::{IoLogRecord, IoStream, JobId};
use session_storage::{Dir, File, OpenMode};
use suspend_resume::encode_log_record;

use super::name::{PART, file_name, log_stem};
use crate::error::LogError;

/// The first line of the log of a running job.
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct PartHead {
    /// The layout of this file.
    pub(super) part: u32,
    /// The session.
    pub(super) session: String,
    /// The job.
    pub(super) job: String,
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

/// The log of a running job: what is written to it survives the death of this process as it comes.
#[derive(Debug)]
#[must_use = "a log that is not finished or abandoned looks like a job that was cut short"]
pub struct JobLog {
    pub(crate) dir: Arc<dyn Dir>,
    pub(super) file: Box<dyn File>,
    pub(crate) name: OsString,
    pub(super) stem: String,
    pub(super) end: u64,
    pub(crate) job: JobId,
    pub(super) bytes: usize,
    /// The records, as long as they are few enough to be kept with the result.
    pub(super) records: Option<Vec<IoLogRecord>>,
    bytes_max: usize,
}

impl JobLog {
    /// Makes the file; from here on the attempt counts as started. Where it fails, no file is left.
    pub(crate) fn create(
        dir: Arc<dyn Dir>,
        session: &str,
        job: &JobId,
        attempt: u32,
        bytes_max: usize,
    ) -> Result<Self, LogError> {
        let stem = log_stem(job, attempt);
        let name = file_name(&stem, PART);
        let file = dir
            .open_file(&name, OpenMode::CreateNew)
            .map_err(|source| LogError::Fs {
                job: job.as_str().into(),
                source,
            })?;
        let mut log = Self {
            dir,
            file,
            name,
            stem,
            end: 0,
            job: job.clone(),
            bytes: 0,
            records: Some(Vec::new()),
            bytes_max,
        };
        let head = PartHead {
            part: 1,
            session: session.to_owned(),
            job: job.as_str().to_owned(),
            attempt,
        };
        if let Err(error) = log.put_json(&head) {
            // Nothing was started: a name that stays would say that it was. If it stays all the same, one attempt
            // is counted too many.
            let _ = log.dir.remove_file(&log.name);
            return Err(error);
        }
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
        self.put_json(process)
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
        self.put_line(&encode_log_record(&record))?;
        self.bytes = self.bytes.saturating_add(data.len());
        if self.bytes > self.bytes_max {
            self.records = None;
        } else if let Some(records) = &mut self.records {
            records.push(record);
        }
        Ok(())
    }

    fn put_json(&mut self, value: &impl Serialize) -> Result<(), LogError> {
        let line = serde_json::to_string(value).map_err(|error| LogError::Pack {
            job: self.job.as_str().into(),
            source: error.into(),
        })?;
        self.put_line(&line)
    }

    fn put_line(&mut self, line: &str) -> Result<(), LogError> {
        let mut bytes = Vec::with_capacity(line.len() + 1);
        bytes.extend_from_slice(line.as_bytes());
        bytes.push(b'\n');
        self.file
            .write_all_at(&bytes, self.end)
            .map_err(|source| LogError::Fs {
                job: self.job.as_str().into(),
                source,
            })?;
        self.end += bytes.len() as u64;
        Ok(())
    }
}
