//! Resume beside the answers of Checkbox.

use std::collections::BTreeMap;
use std::io;
use std::sync::Arc;

use job_units::Jinja2;
use serde_json::{Map, Value, json};
use session_state::template::{Engines, Template};
use session_state::{
    FieldValue, InhibitionCause, Inhibitor, IoLog, JobDefinition, JobId, JobOutcome, JobResult,
    JobState, Resource, ReturnCode, SessionState,
};

use super::corpus::Case;
use super::deviation::{Answer, Deviation, listed, wrong};
use super::peek::document;
use crate::checkbox::base64::encode;
use crate::checkbox::json::repr;
use crate::checkbox::resume_checkbox;
use crate::{LogFiles, ResumeError, ResumeOptions};

struct Files<'c>(&'c BTreeMap<String, Vec<u8>>);

impl LogFiles for Files<'_> {
    fn exists(&self, path: &str) -> bool {
        self.0.contains_key(path)
    }

    fn read(&self, path: &str) -> io::Result<Vec<u8>> {
        self.0
            .get(path)
            .cloned()
            .ok_or_else(|| io::ErrorKind::NotFound.into())
    }
}

fn templates(case: &Case) -> Vec<Arc<Template>> {
    let templates = units(case).filter(|unit| unit["kind"] == "template");
    let define = |unit: &Value| {
        let (namespace, fields) = raw(case, unit);
        Arc::new(Template::new(namespace, fields, None).expect("a template"))
    };
    templates.map(define).collect()
}

fn units(case: &Case) -> impl Iterator<Item = &Value> {
    case.units["units"].as_array().expect("a list").iter()
}

fn definitions(case: &Case) -> Vec<Arc<JobDefinition>> {
    let jobs = units(case).filter(|unit| unit["kind"] == "job" || unit["kind"] == "setup_job");
    let define = |unit: &Value| {
        let (namespace, fields) = raw(case, unit);
        Arc::new(JobDefinition::new(namespace, fields, None, None))
    };
    jobs.map(define).collect()
}

type RawFields = Vec<(Arc<str>, FieldValue)>;

/// The namespace and the raw fields of a unit.
fn raw(case: &Case, unit: &Value) -> (Option<Arc<str>>, RawFields) {
    let namespace = unit.get("namespace").unwrap_or(&case.units["namespace"]);
    let data = unit["data"].as_object().expect("an object").iter();
    let fields = data.map(|(name, value)| (name.as_str().into(), field(value)));
    (namespace.as_str().map(Arc::from), fields.collect())
}

fn field(value: &Value) -> FieldValue {
    match value {
        Value::Null => FieldValue::Null,
        Value::Bool(value) => FieldValue::Bool(*value),
        Value::Number(number) => match (number.as_i64(), number.as_f64()) {
            (Some(whole), _) => FieldValue::Int(whole),
            (None, Some(number)) => FieldValue::Float(number),
            (None, None) => panic!("{number} is no number"),
        },
        Value::String(text) => FieldValue::Text(text.as_str().into()),
        Value::Array(items) => FieldValue::List(items.iter().map(field).collect()),
        Value::Object(entries) => match entries.iter().next() {
            Some((key, Value::String(digits))) if key == "$int" => {
                FieldValue::BigInt(digits.as_str().into())
            }
            Some(_) | None => {
                let entry = |(key, value): (&String, &Value)| (key.as_str().into(), field(value));
                FieldValue::Map(entries.iter().map(entry).collect())
            }
        },
    }
}

/// Resumes a case.
pub(super) fn resumed(case: &Case) -> Result<SessionState, ResumeError> {
    let files = Files(&case.files);
    let flags = case.meta["resume_flags"]
        .as_array()
        .cloned()
        .unwrap_or_default();
    let templates = templates(case);
    let options = ResumeOptions {
        templates: &templates,
        engines: Engines::default().with(Arc::new(Jinja2::default())),
        files: Some(&files),
        location: case.meta["location"].as_str().map(str::to_owned),
        ignore_job_checksums: flags.contains(&json!("ignore-job-checksums")),
        check_file_references: flags.contains(&json!("file-reference-checks")),
        rewrite_log_pathnames: flags.contains(&json!("rewrite-log-pathnames")),
        ..ResumeOptions::default()
    };
    resume_checkbox(&case.session, &definitions(case), &options, None).map(|resumed| resumed.state)
}

/// Whether resume answers as Checkbox does.
pub(super) fn compare_resume(case: &Case, ours: &Result<SessionState, ResumeError>) -> Answer {
    match (ours, case.expected["status"] == "ok") {
        (Ok(state), true) => same_state(state, &case.expected).or_else(wrong),
        (Err(error), true) => refused(error),
        (ours, false) => same_error(ours.as_ref().err(), case),
    }
}

/// We refuse what Checkbox reads.
fn refused(error: &ResumeError) -> Answer {
    let (_, cause) = class_and_words(error);
    if cause.starts_with("half a surrogate") {
        listed(Deviation::D15)
    } else if cause.starts_with("IOLogRecord has invalid delay") {
        listed(Deviation::D14)
    } else {
        wrong(format!("ours {cause}, theirs a state"))
    }
}

/// The class and the words Checkbox would use.
fn class_and_words(error: &ResumeError) -> (&'static str, String) {
    match error {
        ResumeError::Corrupted(corruption) => {
            ("CorruptedSessionError", corruption.what.to_string())
        }
        ResumeError::IncompatibleSession { found, .. } => (
            "IncompatibleSessionError",
            format!("Unsupported version {found}"),
        ),
        ResumeError::IncompatibleJob { job, .. } => (
            "IncompatibleJobError",
            format!("Definition of job '{job}' has changed"),
        ),
        ResumeError::BrokenReference { path } => (
            "BrokenReferenceToExternalFile",
            format!("cannot access file: {}", repr(path)),
        ),
        ResumeError::Definitions(error) => (
            "DependencyDuplicateError",
            format!("duplicate job id: '{}'", error.job),
        ),
    }
}

fn same_error(ours: Option<&ResumeError>, case: &Case) -> Answer {
    let message = case.expected["message"].as_str().unwrap_or_default();
    let class = case.expected["class"].as_str().expect("a class");
    let ours = ours.map_or(Ok(()), |error| Err(class_and_words(error)));
    let documented = case.expected["is_session_resume_error"] == json!(true);
    match (&ours, class) {
        (Err((our_class, words)), _) if *our_class == class && words.starts_with(message) => Ok(()),
        _ if message == "Missing value for key 'custom_joblist'" && case.name.contains("v06") => {
            listed(Deviation::D2)
        }
        (Ok(()), "CorruptedSessionError") if message.starts_with("Unknown jobs remaining") => {
            listed(Deviation::D5)
        }
        (Ok(()), "CorruptedSessionError") if message.starts_with("'desired_job_list' refers") => {
            listed(Deviation::D7)
        }
        (_, "RecursionError") => listed(Deviation::D10OrD16),
        (Ok(()), _) if case.name.starts_with("jobs-") => listed(Deviation::D7),
        // A record of a log that is an object: a KeyError inside is taken for an unknown job.
        (Err(("CorruptedSessionError", words)), "CorruptedSessionError")
            if message.starts_with("Unknown jobs remaining") && words.ends_with("type dict") =>
        {
            listed(Deviation::D19)
        }
        (Err(_), "EOFError" | "error" | "TypeError") if case.name.contains("-env-") => {
            listed(Deviation::D1)
        }
        (Err(_), "error") => listed(Deviation::D17),
        (Err(_), _) if !documented => listed(Deviation::D19),
        _ => wrong(format!("ours {ours:?}, theirs {class} {message}")),
    }
}

/// Compares a state with the recorded one, part by part.
fn same_state(state: &SessionState, expected: &Value) -> Result<(), String> {
    let ids = |ids: &mut dyn Iterator<Item = &str>| ids.map(Value::from).collect::<Vec<_>>();
    let mut job_list = state.jobs().map(|job| job.id().as_str());
    let checksums = state.jobs().map(|job| {
        (
            job.id().to_string(),
            job.definition().checksum().to_string().into(),
        )
    });
    let resources = state.resource_map();
    let resources = resources.map(|(id, records)| {
        (
            id.to_string(),
            records.iter().map(record).collect::<Vec<_>>().into(),
        )
    });
    let stats = state.outcome_counts();
    let stats = stats
        .iter()
        .map(|(outcome, jobs)| (outcome.to_string(), jobs.into()));
    let parts = [
        ("job_list", ids(&mut job_list).into()),
        (
            "desired_job_list",
            ids(&mut state.desired_jobs().map(AsRef::as_ref)).into(),
        ),
        (
            "mandatory_job_list",
            ids(&mut state.mandatory_jobs().map(AsRef::as_ref)).into(),
        ),
        (
            "run_list",
            ids(&mut state.run_list().map(AsRef::as_ref)).into(),
        ),
        ("job_checksums", Value::Object(checksums.collect())),
        ("resource_map", Value::Object(resources.collect())),
        ("outcome_stats", Value::Object(stats.collect())),
        ("metadata", metadata(state)),
    ];
    for (part, ours) in parts {
        let theirs = &expected[part];
        let others = expected["nondeterministic"][part].as_array();
        if !same(&ours, theirs)
            && !others.is_some_and(|others| others.iter().any(|other| same(&ours, other)))
        {
            return Err(format!("ours {part} {ours}, theirs {theirs}"));
        }
    }
    for job in state.jobs() {
        let (ours, mut theirs) = (
            job_state(job),
            expected["job_states"][job.id().as_str()].clone(),
        );
        tidy(&mut theirs);
        if !same(&ours, &theirs) {
            return Err(format!("ours job {} {ours}, theirs {theirs}", job.id()));
        }
    }
    let made = expected["generated_jobs"].as_array();
    for theirs in made.into_iter().flatten() {
        let id = theirs["id"].as_str().expect("an id");
        let job = state.job_state(id).ok_or_else(|| format!("no job {id}"))?;
        let ours = generated(job.definition());
        if !same(&ours["parameters"], &theirs["parameters"])
            || ours["invalid"] != json!(theirs["invalid"] == true)
        {
            return Err(format!("ours job {id} {ours}, theirs {theirs}"));
        }
    }
    Ok(())
}

/// What it was made of, and whether it is kept although it is faulty.
fn generated(job: &JobDefinition) -> Value {
    let parameters = job.parameters().map(|parameters| {
        let parameters = parameters.iter().map(|(name, value)| {
            let value = match value {
                FieldValue::Text(text) => json!(text),
                FieldValue::Int(number) => json!(number),
                other @ (FieldValue::Null
                | FieldValue::Bool(_)
                | FieldValue::BigInt(_)
                | FieldValue::Float(_)
                | FieldValue::List(_)
                | FieldValue::Map(_)) => panic!("{other:?} is no parameter"),
            };
            (name.to_string(), value)
        });
        parameters.collect::<Map<_, _>>()
    });
    let unknown_plugin = job.text("plugin").is_some() && job.plugin().is_none();
    json!({
        "parameters": parameters,
        "invalid": unknown_plugin || !job.faults().is_empty(),
    })
}

fn same(ours: &Value, theirs: &Value) -> bool {
    format!("{:?}", document(ours)) == format!("{:?}", document(theirs))
}

/// Leaves out what needs a disk, and takes the stored comments.
fn tidy(job: &mut Value) {
    for result in job["result_history"].as_array_mut().into_iter().flatten() {
        let result = result.as_object_mut().expect("an object");
        if let Some(raw) = result.remove("comments_raw") {
            result.insert("comments".to_owned(), raw);
        }
        // The differences of mutations take true for 1.
        if let Some(code) = result["return_code"].as_bool() {
            result["return_code"] = u8::from(code).into();
        }
        if result["kind"] == "disk" {
            result.remove("io_log");
        }
    }
}

fn number(number: f64) -> Value {
    if number.is_finite() {
        number.into()
    } else {
        json!({"$float": number.to_string().to_lowercase()})
    }
}

fn record(record: &Resource) -> Value {
    Value::Object(
        record
            .iter()
            .map(|(name, value)| (name.to_owned(), value.into()))
            .collect(),
    )
}

fn metadata(state: &SessionState) -> Value {
    let metadata = state.metadata();
    let rejected: Vec<&str> = metadata.rejected_jobs.iter().map(AsRef::as_ref).collect();
    json!({
        "title": metadata.title,
        "flags": metadata.flags,
        "running_job_name": metadata.running_job_name,
        "app_blob": metadata.app_blob.as_deref().map(encode),
        "app_id": metadata.app_id,
        "custom_joblist": metadata.custom_joblist,
        "rejected_jobs": rejected,
        "last_job_start_time": metadata.last_job_start_time.map(number),
        "remaining_todo_jobs": metadata.remaining_todo_jobs,
    })
}

fn job_state(job: &JobState) -> Value {
    let history: Vec<Value> = job
        .history()
        .iter()
        .map(|result| result_value(result))
        .collect();
    let inhibitors: Vec<Value> = job.inhibitors().iter().map(inhibitor).collect();
    json!({
        "outcome": job.outcome().map(JobOutcome::as_str),
        "result_history": history,
        "readiness_inhibitors": inhibitors,
        "can_start": job.can_start(),
        "effective_category_id": job.effective_category_id().as_str(),
    })
}

fn inhibitor(inhibitor: &Inhibitor) -> Value {
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

fn result_value(result: &JobResult) -> Value {
    let mut value = Map::new();
    value.insert(
        "outcome".into(),
        json!(result.outcome.map(JobOutcome::as_str)),
    );
    value.insert("comments".into(), json!(result.comments));
    value.insert(
        "return_code".into(),
        match &result.return_code {
            Some(ReturnCode::Large(number)) => json!({"$int": number.as_str()}),
            code => json!(code.as_ref().and_then(ReturnCode::as_i64)),
        },
    );
    let duration = result.execution_duration.map(number);
    value.insert("execution_duration".into(), json!(duration));
    value.insert("is_hollow".into(), json!(result.is_hollow()));
    match &result.io_log {
        IoLog::Memory(records) => {
            let records = records.iter().map(|record| {
                json!([
                    number(record.delay),
                    record.stream.as_str(),
                    encode(&record.data)
                ])
            });
            value.insert("kind".into(), "memory".into());
            value.insert("io_log".into(), records.collect());
        }
        IoLog::Stored(log) => {
            value.insert("kind".into(), "disk".into());
            value.insert("io_log_filename".into(), json!(log.path));
        }
    }
    Value::Object(value)
}
