//! A session as the corpus describes it: metadata, jobs, results, what can start and what cannot.

use serde_json::{Map, Value, json};
use session_state::{
    InhibitionCause, Inhibitor, IoLog, IoLogRecord, JobDefinition, JobId, JobOutcome, JobResult,
    JobState, Resource, ReturnCode, SessionMetadata, SessionState,
};
use suspend_resume::{Limits, LogFiles, ResumeError, decode_log};

use super::wrapped::{float, from_field, packed, whole};

/// Ids in their order.
pub(super) fn ids<'a>(jobs: impl IntoIterator<Item = &'a JobId>) -> Value {
    jobs.into_iter().map(JobId::as_str).collect()
}

/// The metadata of a session.
pub(super) fn metadata(metadata: &SessionMetadata) -> Value {
    json!({
        "title": metadata.title,
        "flags": metadata.flags,
        "running_job_name": metadata.running_job_name,
        "app_blob": metadata.app_blob.as_deref().map(packed),
        "app_id": metadata.app_id,
        "custom_joblist": metadata.custom_joblist,
        "rejected_jobs": ids(&metadata.rejected_jobs),
        "last_job_start_time": metadata.last_job_start_time.map(float),
        "remaining_todo_jobs": metadata.remaining_todo_jobs,
    })
}

/// What a state knows, save what the bytes of the session alone tell. `made` tells the jobs that were not
/// among the units.
pub(crate) fn described(
    state: &SessionState,
    files: &dyn LogFiles,
    made: impl Fn(&JobState) -> bool,
) -> Map<String, Value> {
    let mut sorted: Vec<&str> = state.jobs().map(|job| job.id().as_str()).collect();
    sorted.sort_unstable();
    let jobs = state.jobs();
    let states = jobs.map(|job| (job.id().to_string(), job_state(job, files)));
    let jobs = state.jobs();
    let checksums = jobs.map(|job| (job.id().to_string(), checksum(job)));
    let resources = state.resource_map().map(|(id, records)| {
        let records = records.iter().map(record).collect();
        (id.to_string(), records)
    });
    let counts = state.outcome_counts();
    let stats = counts
        .iter()
        .map(|(outcome, jobs)| (outcome.to_string(), jobs.into()));
    let generated = state.jobs().filter(|job| made(job)).map(generated);
    let parts = [
        ("metadata", metadata(state.metadata())),
        ("job_ids", sorted.into()),
        ("job_list", ids(state.jobs().map(JobState::id))),
        ("desired_job_list", ids(state.desired_jobs())),
        ("mandatory_job_list", ids(state.mandatory_jobs())),
        ("run_list", ids(state.run_list())),
        ("job_states", Value::Object(states.collect())),
        ("resource_map", Value::Object(resources.collect())),
        ("outcome_stats", Value::Object(stats.collect())),
        ("job_checksums", Value::Object(checksums.collect())),
        ("generated_jobs", generated.collect()),
    ];
    parts
        .into_iter()
        .map(|(part, value)| (part.to_owned(), value))
        .collect()
}

fn checksum(job: &JobState) -> Value {
    job.definition().checksum().to_string().into()
}

fn record(record: &Resource) -> Value {
    let fields = record.iter();
    fields
        .map(|(name, value)| (name.to_owned(), Value::from(value)))
        .collect()
}

fn job_state(job: &JobState, files: &dyn LogFiles) -> Value {
    let history = job.history().iter().map(|entry| result(entry, files));
    json!({
        "outcome": job.outcome().map(JobOutcome::as_str),
        "result_history": history.collect::<Vec<_>>(),
        "readiness_inhibitors": job.inhibitors().iter().map(inhibitor).collect::<Vec<_>>(),
        "can_start": job.can_start(),
        "effective_category_id": job.effective_category_id().as_str(),
    })
}

/// Why a job cannot start.
pub(super) fn inhibitor(inhibitor: &Inhibitor) -> Value {
    let mut value = json!({
        "cause": inhibitor.cause().name(),
        "related_job": inhibitor.related_job().map(JobId::as_str),
        "related_expression": inhibitor.related_expression(),
    });
    if inhibitor.cause() == InhibitionCause::RequiredManifest {
        value["related_manifests"] = json!(inhibitor.related_manifests());
    }
    value
}

fn generated(job: &JobState) -> Value {
    let definition = job.definition();
    let data: Map<String, Value> = definition
        .fields()
        .map(|(name, value)| (name.to_owned(), from_field(value)))
        .collect();
    let parameters = definition.parameters().map(|parameters| {
        let parameters = parameters.iter();
        parameters
            .map(|(name, value)| (name.to_string(), from_field(value.into())))
            .collect::<Map<_, _>>()
    });
    json!({
        "id": job.id().as_str(),
        "checksum": checksum(job),
        "data": data,
        "parameters": parameters,
        "invalid": is_invalid(definition),
    })
}

/// Whether an instance of a template is kept in spite of its faults.
fn is_invalid(definition: &JobDefinition) -> bool {
    let unknown_plugin = definition.text("plugin").is_some() && definition.plugin().is_none();
    definition.parameters().is_some() && (unknown_plugin || !definition.faults().is_empty())
}

fn result(result: &JobResult, files: &dyn LogFiles) -> Value {
    let mut value = Map::new();
    let mut put = |key: &str, part: Value| value.insert(key.to_owned(), part);
    let kind = match result.io_log {
        IoLog::Memory(_) => "memory",
        IoLog::Stored(_) => "disk",
    };
    put("kind", kind.into());
    put("outcome", json!(result.outcome.map(JobOutcome::as_str)));
    let plain = result.plain_comments();
    put("comments", json!(plain));
    if plain.as_deref() != result.comments.as_deref() {
        put("comments_raw", json!(result.comments));
    }
    put(
        "return_code",
        json!(result.return_code.as_ref().map(return_code)),
    );
    put(
        "execution_duration",
        json!(result.execution_duration.map(float)),
    );
    put("is_hollow", result.is_hollow().into());
    match &result.io_log {
        IoLog::Memory(records) => {
            put("io_log", records.iter().map(log_record).collect());
        }
        IoLog::Stored(log) => {
            put("io_log_filename", json!(log.path));
            put("io_log", stored_log(&log.path, files));
        }
    }
    Value::Object(value)
}

fn return_code(code: &ReturnCode) -> Value {
    match code {
        ReturnCode::Number(number) => (*number).into(),
        ReturnCode::Truth(truth) => (*truth).into(),
        ReturnCode::Large(number) => whole(number.as_str()),
    }
}

fn stored_log(path: &str, files: &dyn LogFiles) -> Value {
    if path.is_empty() {
        return json!([]);
    }
    let packed = match files.read(path) {
        Ok(packed) => packed,
        Err(error) if error.kind() == std::io::ErrorKind::IsADirectory => {
            return json!({ "error": "IsADirectoryError" });
        }
        Err(_) => return json!({ "error": "FileNotFoundError" }),
    };
    match decode_log(&packed, &Limits::default()) {
        Ok(records) => records.iter().map(log_record).collect(),
        Err(ResumeError::Corrupted(corruption)) => json!({ "error": corruption.what }),
        Err(error) => json!({ "error": error.to_string() }),
    }
}

fn log_record(record: &IoLogRecord) -> Value {
    json!([
        float(record.delay),
        record.stream.as_str(),
        packed(&record.data)
    ])
}
