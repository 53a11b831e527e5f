//! What a session says of its jobs, as the driver tells it.

use std::io;
use std::path::Path;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Value, json};
use session_state::{IoLog, IoLogRecord, IoStream, JobOutcome, JobState};
use suspend_resume::{Limits, LogFiles, ResumeOptions, decode_log, resume};

use super::plan;
use crate::disk;

/// The files of a session on a real disk.
struct Files;

impl LogFiles for Files {
    fn exists(&self, path: &str) -> bool {
        Path::new(path).is_file()
    }

    fn read(&self, path: &str) -> io::Result<Vec<u8>> {
        disk::read(Path::new(path))
    }
}

/// The jobs of the session in a directory, read by our codec.
///
/// # Errors
/// In words: the file cannot be read, or a log it names.
pub(super) fn told(session: &Path) -> Result<Value, String> {
    let bytes = disk::read(&session.join("session")).map_err(|error| error.to_string())?;
    let mut options = ResumeOptions::default();
    options.location = Some(session.display().to_string());
    options.files = Some(&Files);
    let state = resume(&bytes, &plan::definitions(), &options, None);
    let state = state.map_err(|error| crate::say::chain(&error))?;
    let jobs = state
        .jobs()
        .map(|job| Ok((job.id().to_string(), job_told(job)?)));
    jobs.collect()
}

fn job_told(job: &JobState) -> Result<Value, String> {
    let result = job.result();
    let read;
    let records = match &result.io_log {
        IoLog::Memory(records) => records,
        IoLog::Stored(log) => {
            let packed = Files
                .read(&log.path)
                .map_err(|error| format!("{}: {error}", log.path))?;
            read = decode_log(&packed, &Limits::default())
                .map_err(|error| crate::say::chain(&error))?;
            &read
        }
    };
    Ok(json!({
        "outcome": result.outcome.map(JobOutcome::as_str),
        "return_code": result.return_code.as_ref().and_then(session_state::ReturnCode::as_i64),
        "stdout": printed(records, IoStream::Stdout),
        "stderr": printed(records, IoStream::Stderr),
        "results": job.history().len(),
        "can_start": job.can_start(),
    }))
}

fn printed(records: &[IoLogRecord], stream: IoStream) -> String {
    let of_stream = records.iter().filter(|record| record.stream == stream);
    let bytes: Vec<u8> = of_stream
        .flat_map(|record| record.data.iter().copied())
        .collect();
    STANDARD.encode(bytes)
}
