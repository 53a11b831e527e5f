//! Results of jobs, as all versions write them.

use session_state::{IoLog, IoLogRecord, IoStream, JobOutcome, JobResult, ReturnCode, StoredLog};

use super::check::{Checked, Path, Type};
use super::data::read_data;
use super::json::{Kind, Members, Value};
use super::logs::Logs;
use super::number::read_delay;
use crate::error::{Corruption, ResumeError};

/// Every outcome in the order in which Checkbox lists them.
const OUTCOMES: &str = "['crash', 'fail', None, 'not-implemented', 'not-supported', 'pass', 'skip', \
                        'skipped-dependency', 'skipped-manifest', 'skipped-resource', 'undecided']";

const STREAMS: &str = "['stdout', 'stderr']";

/// A result as it was read.
pub(super) struct ReadResult {
    pub(super) result: JobResult,
    /// Whether something stands beside it that no version knows.
    pub(super) is_odd: bool,
}

/// Reads one result.
pub(super) fn read_result(
    result: Value<'_>,
    path: &Path<'_>,
    logs: &Logs<'_>,
) -> Result<ReadResult, ResumeError> {
    let object = Checked::object(result, path).required(Type::Object)?;
    let mut fields = Fields::of(object.members(), path);
    let outcome = fields.outcome()?;
    let comments = fields.nullable("comments", fields.comments, Type::Text)?;
    let comments = comments.and_then(Value::as_text).map(Box::from);
    let return_code = fields.return_code()?;
    let duration = fields.execution_duration;
    let execution_duration = fields.nullable("execution_duration", duration, Type::Float)?;
    let result = JobResult {
        outcome,
        comments,
        return_code,
        execution_duration: execution_duration.and_then(Value::as_float),
        io_log: fields.log(logs)?,
    };
    let is_odd = fields.is_odd;
    Ok(ReadResult { result, is_odd })
}

/// The fields of a result that are known, where they are there.
struct Fields<'d, 'p> {
    path: &'p Path<'p>,
    comments: Option<Value<'d>>,
    execution_duration: Option<Value<'d>>,
    io_log: Option<Value<'d>>,
    io_log_filename: Option<Value<'d>>,
    outcome: Option<Value<'d>>,
    return_code: Option<Value<'d>>,
    /// Whether there are others, or one holds more than is read.
    is_odd: bool,
}

impl<'d, 'p> Fields<'d, 'p> {
    fn of(members: Members<'d>, path: &'p Path<'p>) -> Self {
        let mut fields = Self {
            path,
            comments: None,
            execution_duration: None,
            io_log: None,
            io_log_filename: None,
            outcome: None,
            return_code: None,
            is_odd: false,
        };
        for (key, value) in members {
            let field = match key {
                "comments" => &mut fields.comments,
                "execution_duration" => &mut fields.execution_duration,
                "io_log" => &mut fields.io_log,
                "io_log_filename" => &mut fields.io_log_filename,
                "outcome" => &mut fields.outcome,
                "return_code" => &mut fields.return_code,
                _ => {
                    fields.is_odd = true;
                    continue;
                }
            };
            *field = Some(value);
        }
        fields
    }

    /// A value that may be null but not absent.
    fn nullable(
        &self,
        key: &str,
        found: Option<Value<'d>>,
        wanted: Type,
    ) -> Result<Option<Value<'d>>, Corruption> {
        let path = self.path.key(key);
        let value = Checked::found(found, &path)?.nullable(wanted)?;
        Ok(value.map(|value| value.value))
    }

    fn outcome(&self) -> Result<Option<JobOutcome>, Corruption> {
        let text = self.nullable("outcome", self.outcome, Type::Text)?;
        let Some(text) = text.and_then(Value::as_text) else {
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
        let code = self.nullable("return_code", self.return_code, Type::Int)?;
        Ok(match code.map(Value::kind) {
            Some(Kind::Int(code)) => Some(ReturnCode::Number(code)),
            Some(Kind::Bool(code)) => Some(ReturnCode::Truth(code)),
            Some(Kind::BigInt(digits)) => ReturnCode::from_digits(digits),
            Some(Kind::Null | Kind::Float(_) | Kind::Text(_) | Kind::List(_) | Kind::Object(_))
            | None => None,
        })
    }

    fn log(&mut self, logs: &Logs<'_>) -> Result<IoLog, ResumeError> {
        if self.io_log_filename.is_some() {
            self.is_odd |= self.io_log.is_some();
            let path = self.path.key("io_log_filename");
            let file = Checked::found(self.io_log_filename, &path)?.required(Type::Text)?;
            let path = logs.resolve(file.text(), &path)?.into();
            let identity = None;
            return Ok(IoLog::Stored(StoredLog { path, identity }));
        }
        let path = self.path.key("io_log");
        let items = Checked::found(self.io_log, &path)?
            .required(Type::List)?
            .items();
        let mut records = Vec::with_capacity(items.len());
        for (index, record) in items.enumerate() {
            let (record, is_odd) = read_record(record, &path.index(index))?;
            self.is_odd |= is_odd;
            records.push(record);
        }
        Ok(IoLog::Memory(records))
    }
}

/// Reads one record of a log: delay, stream, data; what follows is ignored, and the answer is whether something does.
pub(super) fn read_record(
    record: Value<'_>,
    path: &Path<'_>,
) -> Result<(IoLogRecord, bool), Corruption> {
    let mut items = Checked::object(record, path).required(Type::List)?.items();
    let delay = read_delay(items.next(), path)?;
    let stream_path = path.index(1);
    let stream = Checked::found(items.next(), &stream_path)?.required(Type::Text)?;
    let stream = [IoStream::Stdout, IoStream::Stderr]
        .into_iter()
        .find(|known| known.as_str() == stream.text())
        .ok_or_else(|| {
            stream_path.corrupted(format!("Value for key 1 not in allowed set {STREAMS}"))
        })?;
    let data = read_data(items.next(), path)?.into();
    let record = IoLogRecord {
        delay,
        stream,
        data,
    };
    Ok((record, items.len() > 0))
}
