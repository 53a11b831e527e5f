//! Results of jobs, with the output they hold.

use session_state::{IoLog, IoLogRecord, IoStream, JobOutcome, JobResult, ReturnCode, StoredLog};

use super::decoder::Decoder;
use super::wire;
use crate::error::Corruption;

impl Decoder<'_> {
    pub(super) fn take_result(&mut self) -> Result<JobResult, Corruption> {
        let result: wire::JobResult<'_> = self.take()?;
        Ok(JobResult {
            outcome: result.outcome.map(outcome_from_wire),
            comments: self.owned(result.comments)?,
            return_code: self.code(result.return_code)?,
            execution_duration: result.execution_duration,
            io_log: match result.log {
                wire::Log::Memory(records) => {
                    let count = self.checked_count(records)?;
                    IoLog::Memory(self.items(count, &mut Self::take_record)?)
                }
                wire::Log::Stored { path, identity } => IoLog::Stored(StoredLog {
                    path: self.text(path)?.into(),
                    identity,
                }),
            },
        })
    }

    fn code(&self, code: wire::ReturnCode<'_>) -> Result<Option<ReturnCode>, Corruption> {
        match code {
            wire::ReturnCode::None => Ok(None),
            wire::ReturnCode::Number(number) => Ok(Some(ReturnCode::Number(number))),
            wire::ReturnCode::False => Ok(Some(ReturnCode::Truth(false))),
            wire::ReturnCode::True => Ok(Some(ReturnCode::Truth(true))),
            wire::ReturnCode::Large(digits) => match ReturnCode::from_digits(self.text(digits)?) {
                Some(code) => Ok(Some(code)),
                None => Err(self.corrupted("a return code that is no number")),
            },
        }
    }

    fn take_record(&mut self) -> Result<IoLogRecord, Corruption> {
        let record: wire::LogRecord<'_> = self.take()?;
        Ok(IoLogRecord {
            delay: record.delay,
            stream: match record.stream {
                wire::Stream::Stdout => IoStream::Stdout,
                wire::Stream::Stderr => IoStream::Stderr,
            },
            data: self.bytes_within(record.data.0)?.into(),
        })
    }
}

pub(super) fn code_to_wire(code: Option<&ReturnCode>) -> wire::ReturnCode<'_> {
    match code {
        None => wire::ReturnCode::None,
        Some(ReturnCode::Number(number)) => wire::ReturnCode::Number(*number),
        Some(ReturnCode::Truth(false)) => wire::ReturnCode::False,
        Some(ReturnCode::Truth(true)) => wire::ReturnCode::True,
        Some(ReturnCode::Large(number)) => wire::ReturnCode::Large(number.as_str()),
    }
}

pub(super) const fn outcome_to_wire(outcome: JobOutcome) -> wire::Outcome {
    match outcome {
        JobOutcome::Pass => wire::Outcome::Pass,
        JobOutcome::Fail => wire::Outcome::Fail,
        JobOutcome::Skip => wire::Outcome::Skip,
        JobOutcome::SkippedDependency => wire::Outcome::SkippedDependency,
        JobOutcome::SkippedResource => wire::Outcome::SkippedResource,
        JobOutcome::SkippedManifest => wire::Outcome::SkippedManifest,
        JobOutcome::NotSupported => wire::Outcome::NotSupported,
        JobOutcome::NotImplemented => wire::Outcome::NotImplemented,
        JobOutcome::Undecided => wire::Outcome::Undecided,
        JobOutcome::Crash => wire::Outcome::Crash,
    }
}

const fn outcome_from_wire(outcome: wire::Outcome) -> JobOutcome {
    match outcome {
        wire::Outcome::Pass => JobOutcome::Pass,
        wire::Outcome::Fail => JobOutcome::Fail,
        wire::Outcome::Skip => JobOutcome::Skip,
        wire::Outcome::SkippedDependency => JobOutcome::SkippedDependency,
        wire::Outcome::SkippedResource => JobOutcome::SkippedResource,
        wire::Outcome::SkippedManifest => JobOutcome::SkippedManifest,
        wire::Outcome::NotSupported => JobOutcome::NotSupported,
        wire::Outcome::NotImplemented => JobOutcome::NotImplemented,
        wire::Outcome::Undecided => JobOutcome::Undecided,
        wire::Outcome::Crash => JobOutcome::Crash,
    }
}
