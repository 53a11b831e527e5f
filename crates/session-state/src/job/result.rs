//! What one run of a job gave.

use std::borrow::Cow;

use super::outcome::JobOutcome;
use super::return_code::ReturnCode;

/// Which stream a record came from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum IoStream {
    /// Standard output.
    Stdout,
    /// Standard error.
    Stderr,
}

impl IoStream {
    /// The name stored in logs.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Stdout => "stdout",
            Self::Stderr => "stderr",
        }
    }
}

/// One piece of output, normally a line.
#[derive(Clone, Debug, PartialEq)]
pub struct IoLogRecord {
    /// Seconds since the record before it.
    pub delay: f64,
    /// Where it came from.
    pub stream: IoStream,
    /// The raw bytes, with the newline.
    pub data: Box<[u8]>,
}

/// A log kept in a file of the session.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StoredLog {
    /// The file, relative to the session directory where it lies inside, else as it was given.
    pub path: Box<str>,
    /// Length in bytes and checksum of the file, where they are known.
    pub identity: Option<(u64, [u8; 16])>,
}

/// Where the output of a run is.
#[derive(Clone, Debug, PartialEq)]
pub enum IoLog {
    /// With the result itself.
    Memory(Vec<IoLogRecord>),
    /// In a file.
    Stored(StoredLog),
}

impl Default for IoLog {
    fn default() -> Self {
        Self::Memory(Vec::new())
    }
}

/// The result of one run. Times are seconds.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct JobResult {
    /// The verdict; `None` when the job did not run.
    pub outcome: Option<JobOutcome>,
    /// Words of the operator or of the runner.
    pub comments: Option<Box<str>>,
    /// What it returned.
    pub return_code: Option<ReturnCode>,
    /// How long the run took, in seconds.
    pub execution_duration: Option<f64>,
    /// The output.
    pub io_log: IoLog,
}

impl JobResult {
    /// A result that holds an outcome and nothing else.
    pub fn of(outcome: JobOutcome) -> Self {
        Self {
            outcome: Some(outcome),
            ..Self::default()
        }
    }

    /// The comments without the escape sequences of terminals, as they are shown and written to sessions.
    pub fn plain_comments(&self) -> Option<Cow<'_, str>> {
        let comments = self.comments.as_deref()?;
        Some(if comments.contains(['\u{1b}', '\u{9b}']) {
            strip_escapes(comments).into()
        } else {
            comments.into()
        })
    }

    /// Whether there is nothing in it at all.
    pub fn is_hollow(&self) -> bool {
        self.outcome.is_none()
            && self.comments.is_none()
            && self.return_code.is_none()
            && self.execution_duration.is_none()
            && self.io_log == IoLog::default()
    }
}

/// A text without the escape sequences of terminals: `ESC [` or U+009B, parameters, intermediates, a final.
fn strip_escapes(text: &str) -> String {
    let mut kept = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(c) = rest.chars().next() {
        let after = rest
            .strip_prefix("\u{1b}[")
            .or_else(|| rest.strip_prefix('\u{9b}'));
        let end = after.and_then(|after| {
            let after = after.trim_start_matches(|c: char| ('0'..='?').contains(&c));
            let after = after.trim_start_matches(|c: char| (' '..='/').contains(&c));
            after.strip_prefix(|c: char| ('@'..='~').contains(&c))
        });
        rest = match end {
            Some(end) => end,
            None => {
                kept.push(c);
                rest.get(c.len_utf8()..).unwrap_or_default()
            }
        };
    }
    kept
}
