//! The output of a running job on its way into the log of the session.

use std::collections::VecDeque;

use job_runner::{IoStream, JobSink, ProcessIdentity, SinkError};
use session_manager::{JobLog, ProcessRecord};

use crate::wording;

/// So many of the last lines are kept for the summary of a job that failed.
pub(crate) const LAST_LINES: usize = 5;
/// So much of each of them.
const LINE_CHARS_MAX: usize = 300;

/// Hands output to a log, and remembers the last lines.
#[derive(Debug)]
pub(crate) struct LogSink<'a> {
    log: &'a mut JobLog,
    last_lines: VecDeque<String>,
}

impl<'a> LogSink<'a> {
    pub(crate) fn new(log: &'a mut JobLog) -> Self {
        Self {
            log,
            last_lines: VecDeque::with_capacity(LAST_LINES),
        }
    }

    pub(crate) fn into_last_lines(self) -> Vec<String> {
        self.last_lines.into()
    }
}

impl JobSink for LogSink<'_> {
    fn started(&mut self, process: &ProcessIdentity) -> Result<(), SinkError> {
        let record = ProcessRecord {
            pid: process.pid,
            start_time: process.start_time,
            pid_namespace: process.pid_namespace,
            boot_id: process.boot_id.clone(),
        };
        Ok(self.log.started(&record)?)
    }

    fn output(&mut self, stream: IoStream, delay: f64, line: &[u8]) -> Result<(), SinkError> {
        if self.last_lines.len() == LAST_LINES {
            self.last_lines.pop_front();
        }
        self.last_lines.push_back(shown(line));
        Ok(self.log.record(stream, delay, line)?)
    }
}

/// A line of output as it is shown to a person.
pub(crate) fn shown(line: &[u8]) -> String {
    let start = line.get(..LINE_CHARS_MAX * 4).unwrap_or(line);
    let text = wording::one_line(&String::from_utf8_lossy(start));
    text.chars().take(LINE_CHARS_MAX).collect()
}
