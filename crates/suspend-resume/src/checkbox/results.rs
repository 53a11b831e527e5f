//! Results of jobs, as all versions write them.

use session_state::{IoLog, IoLogRecord, IoStream, JobOutcome, JobResult, ReturnCode, StoredLog};

use super::check::{Checked, Path, Type};
use super::data::read_data;
use super::json::Json;
use super::logs::Logs;
use super::number::read_delay;
use crate::error::{Corruption, ResumeError};

/// Every outcome in the order in which Checkbox lists them.
const OUTCOMES: &str = "['crash', 'fail', None, 'not-implemented', 'not-supported', 'pass', 'skip', \
                        'skipped-dependency', 'skipped-manifest', 'skipped-resource', 'undecided']";

const STREAMS: &str = "['stdout', 'stderr']";

/// Reads one result.
pub(super) fn read_result(
    result: &Json,
    path: &Path<'_>,
    logs: &Logs<'_>,
) -> Result<JobResult, ResumeError> {
    Checked::object(result, path).required(Type::Object)?;
    let reader = Reader { result, path };
    let outcome = reader.outcome()?;
    let comments = reader.member("comments", Type::Text)?;
    let comments = comments.and_then(Json::as_text).map(Box::from);
    let return_code = reader.return_code()?;
    let execution_duration = match reader.member("execution_duration", Type::Float)? {
        Some(Json::Float(seconds)) => Some(*seconds),
        Some(_) | None => None,
    };
    Ok(JobResult {
        outcome,
        comments,
        return_code,
        execution_duration,
        io_log: reader.log(logs)?,
    })
}

struct Reader<'d, 'p> {
    result: &'d Json,
    path: &'p Path<'p>,
}

impl<'d> Reader<'d, '_> {
    /// A value that may be null but not absent.
    fn member(&self, key: &str, wanted: Type) -> Result<Option<&'d Json>, Corruption> {
        let path = self.path.key(key);
        let value = Checked::member(self.result, &path)?.nullable(wanted)?;
        Ok(value.map(|value| value.value))
    }

    fn outcome(&self) -> Result<Option<JobOutcome>, Corruption> {
        let Some(text) = self.member("outcome", Type::Text)?.and_then(Json::as_text) else {
            return Ok(None);
        };
        text.parse().map(Some).map_err(|_| {
            let path = self.path.key("outcome");
            path.corrupted(format!(
                "Value for key 'outcome' not in allowed set {OUTCOMES}"
            ))
        })
    }

    fn return_code(&self) -> Result<Option<ReturnCode>, Corruption> {
        Ok(match self.member("return_code", Type::Int)? {
            Some(Json::Int(code)) => Some(ReturnCode::Number(*code)),
            Some(Json::Bool(code)) => Some(ReturnCode::Truth(*code)),
            Some(Json::BigInt(digits)) => ReturnCode::from_digits(digits),
            Some(Json::Null | Json::Float(_) | Json::Text(_) | Json::List(_) | Json::Object(_))
            | None => None,
        })
    }

    fn log(&self, logs: &Logs<'_>) -> Result<IoLog, ResumeError> {
        let is_stored =
            matches!(self.result, Json::Object(entries) if entries.contains_key("io_log_filename"));
        if is_stored {
            let path = self.path.key("io_log_filename");
            let file = Checked::member(self.result, &path)?.required(Type::Text)?;
            let path = logs.resolve(file.text(), &path)?.into();
            let identity = None;
            return Ok(IoLog::Stored(StoredLog { path, identity }));
        }
        let path = self.path.key("io_log");
        let records = Checked::member(self.result, &path)?.required(Type::List)?;
        let records = records.items().iter().enumerate();
        let records: Result<Vec<_>, Corruption> = records
            .map(|(index, record)| read_record(record, &path.index(index)))
            .collect();
        Ok(IoLog::Memory(records?))
    }
}

/// Reads one record of a log: delay, stream, data; what follows is ignored.
pub(super) fn read_record(record: &Json, path: &Path<'_>) -> Result<IoLogRecord, Corruption> {
    Checked::object(record, path).required(Type::List)?;
    let delay = read_delay(record, path)?;
    let stream_path = path.index(1);
    let stream = Checked::member(record, &stream_path)?.required(Type::Text)?;
    let stream = [IoStream::Stdout, IoStream::Stderr]
        .into_iter()
        .find(|known| known.as_str() == stream.text())
        .ok_or_else(|| {
            stream_path.corrupted(format!("Value for key 1 not in allowed set {STREAMS}"))
        })?;
    Ok(IoLogRecord {
        delay,
        stream,
        data: read_data(record, path)?.into(),
    })
}
