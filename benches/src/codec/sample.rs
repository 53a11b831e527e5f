//! A session as a run leaves it: definitions, a selection, results with a little output.

use std::sync::Arc;

use session_state::{IoLog, IoLogRecord, IoStream, JobDefinition, JobResult, SessionState};

use crate::error::{BenchError, Doing as _};
use crate::jobs::{Dependencies, definitions, ids, result, solved};

/// A session of so many jobs, of which the first `results` have one.
pub(crate) fn session(
    jobs: usize,
    results: usize,
) -> Result<(Vec<Arc<JobDefinition>>, SessionState), BenchError> {
    let definitions = definitions(jobs, Dependencies::Near);
    let mut state = solved(&definitions, &ids(&definitions))?;
    state.set_title(Some("a session to measure with".to_owned()));
    for (number, definition) in definitions.iter().take(results).enumerate() {
        state
            .update_job_result(definition.id(), with_output(number), None)
            .doing("record a result")?;
    }
    Ok((definitions, state))
}

fn with_output(number: usize) -> JobResult {
    let record = |delay: f64, stream: IoStream, text: String| IoLogRecord {
        delay,
        stream,
        data: text.into_bytes().into(),
    };
    JobResult {
        comments: Some(format!("part {number} is as it was before").into()),
        io_log: IoLog::Memory(vec![
            record(
                0.25,
                IoStream::Stdout,
                format!("part {number}: 1024 of 1024 checked\n"),
            ),
            record(
                0.75,
                IoStream::Stderr,
                format!("warning: part {number} is warm\n"),
            ),
        ]),
        ..result()
    }
}
