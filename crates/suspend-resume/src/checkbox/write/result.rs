//! Results of jobs, as all versions write them.

use session_state::{IoLog, IoLogRecord, JobOutcome, JobResult, ReturnCode};

use super::paths::log_name;
use super::text::Text;
use crate::checkbox::json::Json;
use crate::checkbox::unknown::{NO_ENTRIES, OddResult};
use crate::error::SuspendError;
use crate::suspend::SuspendOptions;

/// Writes one record of a log, and what further items it has.
pub(in crate::checkbox) fn put_record(text: &mut Text, record: &IoLogRecord, more: &[Json]) {
    let Ok(()) = text.list(|item| {
        item.item().float(record.delay);
        item.item().string(record.stream.as_str());
        item.item().bytes(&record.data);
        for value in more {
            item.item().json(value);
        }
        Ok::<(), std::convert::Infallible>(())
    });
}

/// Writes one result.
pub(super) fn put_result(
    text: &mut Text,
    result: &JobResult,
    unknown: Option<&OddResult>,
    version: u8,
    options: &SuspendOptions,
) -> Result<(), SuspendError> {
    let others = unknown.map_or(&NO_ENTRIES, |unknown| &unknown.fields);
    text.object_with(others, |object| {
        let comments = result.plain_comments();
        object
            .key("comments")
            .optional(comments, |text, comments| text.string(&comments));
        let duration = result.execution_duration;
        object
            .key("execution_duration")
            .optional(duration, Text::float);
        match &result.io_log {
            IoLog::Memory(records) => object.key("io_log").list(|list| {
                for (number, record) in records.iter().enumerate() {
                    let more = unknown.and_then(|unknown| unknown.records.get(&number));
                    put_record(list.item(), record, more.map_or(&[], Vec::as_slice));
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
