//! Results of jobs, as all versions write them.

use session_state::{IoLog, IoLogRecord, JobOutcome, JobResult, ReturnCode};

use super::paths::log_name;
use super::text::Text;
use crate::error::SuspendError;
use crate::suspend::SuspendOptions;

/// Writes one record of a log.
pub(in crate::checkbox) fn put_record(text: &mut Text, record: &IoLogRecord) {
    let Ok(()) = text.list(|item| {
        item.item().float(record.delay);
        item.item().string(record.stream.as_str());
        item.item().bytes(&record.data);
        Ok::<(), std::convert::Infallible>(())
    });
}

/// Writes one result.
pub(super) fn put_result(
    text: &mut Text,
    result: &JobResult,
    version: u8,
    options: &SuspendOptions,
) -> Result<(), SuspendError> {
    text.object(|object| {
        let comments = result.comments.as_deref().map(strip_escapes);
        object
            .key("comments")
            .optional(comments, |text, comments| text.string(&comments));
        let duration = result.execution_duration;
        object
            .key("execution_duration")
            .optional(duration, Text::float);
        match &result.io_log {
            IoLog::Memory(records) => object.key("io_log").list(|list| {
                for record in records {
                    put_record(list.item(), record);
                }
                Ok::<(), SuspendError>(())
            })?,
            IoLog::Stored(log) if log.path.is_empty() && version >= 5 => {
                return Err(SuspendError::LogWithoutName);
            }
            IoLog::Stored(log) => {
                let name = log_name(&log.path, version, options);
                object.key("io_log_filename").string(&name);
            }
        }
        let outcome = result.outcome.map(JobOutcome::as_str);
        object.key("outcome").optional(outcome, Text::string);
        object
            .key("return_code")
            .optional(result.return_code.as_ref(), put_code);
        Ok(())
    })
}

fn put_code(text: &mut Text, code: &ReturnCode) {
    match code {
        ReturnCode::Number(number) => text.int(*number),
        ReturnCode::Truth(truth) => text.truth(*truth),
        ReturnCode::Large(number) => text.digits(number.as_str()),
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
