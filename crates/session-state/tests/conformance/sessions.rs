//! What the documented system knew of its sessions after resuming them follows here from the same jobs,
//! selection and results.

use std::collections::HashMap;
use std::sync::Arc;

use serde_json::{Value, json};
use session_state::{
    IoLog, IoLogRecord, IoStream, JobDefinition, JobId, JobOutcome, JobResult, JobState,
    SessionState, StoredLog,
};

use crate::corpus::{definition, lines_with, texts};

/// Sessions with jobs that are rendered by the `jinja2` engine, which belongs to another crate.
const RENDERED: &[&str] = &[
    "real-template-jinja-v04",
    "real-template-jinja-v06",
    "real-template-jinja-v09",
];

#[test]
fn sessions_stand_as_recorded() {
    let (mut sessions, mut jobs, mut left_out) = (0, 0, Vec::new());
    for case in lines_with(
        "cases.jsonl.gz",
        &[
            "\"status\": \"ok\", \"version\"",
            "\"status\":\"ok\",\"version\"",
        ],
    ) {
        let name = case["name"].as_str().expect("a name");
        let Some(definitions) = definitions(&case) else {
            left_out.push(name.to_owned());
            continue;
        };
        check(name, &case["expected"], &definitions);
        sessions += 1;
        jobs += case["expected"]["job_list"].as_array().map_or(0, Vec::len);
    }
    assert_eq!(left_out, RENDERED);
    assert_eq!((sessions, jobs), (760, 15_810));
}

/// The jobs of a session in their order, then those it dropped after selecting; `None` when one is not
/// Unicode, or is rendered by an engine that belongs to another crate.
fn definitions(case: &Value) -> Option<Vec<Arc<JobDefinition>>> {
    let expected = &case["expected"];
    let given = case["jobs"]["units"].as_array()?.iter().map(|unit| {
        let namespace = unit.get("namespace").unwrap_or(&case["jobs"]["namespace"]);
        let job = unit["kind"] != "template" && unit["kind"] != "category";
        Some((
            unit["id"].as_str()?,
            definition(namespace, &unit["data"], None).filter(|_| job)?,
        ))
    });
    let mut known: HashMap<&str, JobDefinition> = given.flatten().collect();
    for made in expected["generated_jobs"].as_array()? {
        let id = made["id"].as_str()?;
        let namespace = id.split_once("::").map(|(namespace, _)| namespace);
        let job = definition(&json!(namespace), &made["data"], made.get("parameters"))?;
        if job.text("template-engine").as_deref() == Some("jinja2") {
            return None;
        }
        known.insert(id, job);
    }
    let list = texts(&expected["job_list"]);
    let mut jobs = list
        .iter()
        .map(|id| known.remove(&**id).map(Arc::new))
        .collect::<Option<Vec<_>>>()?;
    jobs.extend(known.into_values().map(Arc::new));
    Some(jobs)
}

fn check(name: &str, expected: &Value, definitions: &[Arc<JobDefinition>]) {
    let mut state = SessionState::with_jobs(definitions.iter().cloned()).expect("no clash");
    let desired: Vec<JobId> = texts(&expected["desired_job_list"])
        .iter()
        .map(|id| JobId::new(&**id))
        .collect();
    assert_eq!(state.update_desired_jobs_alone(&desired), [], "{name}");
    if expected.get("nondeterministic").is_none() {
        let run_list: Vec<String> = state.run_list().map(ToString::to_string).collect();
        assert_eq!(run_list, texts(&expected["run_list"]), "{name}");
    }
    let jobs = expected["job_states"].as_object().expect("a map");
    for (id, job) in jobs {
        for entry in job["result_history"].as_array().expect("a list") {
            let job = JobId::new(&**id);
            state
                .update_job_result(&job, result(entry), None)
                .expect("the job is known");
        }
    }
    for (id, job) in jobs {
        let known = state
            .job_state(id)
            .unwrap_or_else(|| panic!("{name}: no {id}"));
        assert_eq!(standing(known), recorded(job), "{name}: {id}");
    }
    let counts: HashMap<String, usize> = state
        .outcome_counts()
        .iter()
        .map(|(outcome, count)| (outcome.to_string(), count))
        .collect();
    assert_eq!(json!(counts), expected["outcome_stats"], "{name}");
    for (id, records) in state.resource_map() {
        let records: Value = records
            .iter()
            .map(|record| {
                record
                    .iter()
                    .map(|(name, text)| (name.to_owned(), json!(text)))
                    .collect()
            })
            .collect::<Vec<Value>>()
            .into();
        assert_eq!(
            records,
            expected["resource_map"][id.as_str()],
            "{name}: {id}"
        );
    }
}

fn standing(job: &JobState) -> Value {
    let inhibitors: Vec<Value> = job
        .inhibitors()
        .iter()
        .map(|inhibitor| {
            let manifests: Vec<&str> = inhibitor
                .related_manifests()
                .iter()
                .map(|id| &**id)
                .collect();
            json!([
                inhibitor.cause().name(),
                inhibitor.related_job().map(JobId::as_str),
                inhibitor.related_expression(),
                manifests,
            ])
        })
        .collect();
    json!({
        "outcome": job.outcome().map(JobOutcome::as_str),
        "history": job.history().len(),
        "inhibitors": inhibitors,
        "can_start": job.can_start(),
        "category": job.effective_category_id().as_str(),
    })
}

fn recorded(job: &Value) -> Value {
    let inhibitors: Vec<Value> = job["readiness_inhibitors"]
        .as_array()
        .expect("a list")
        .iter()
        .map(|inhibitor| {
            json!([
                inhibitor["cause"],
                inhibitor["related_job"],
                inhibitor["related_expression"],
                texts(&inhibitor["related_manifests"]),
            ])
        })
        .collect();
    json!({
        "outcome": job["outcome"],
        "history": job["result_history"].as_array().map(Vec::len),
        "inhibitors": inhibitors,
        "can_start": job["can_start"],
        "category": job["effective_category_id"],
    })
}

pub(crate) fn result(entry: &Value) -> JobResult {
    let io_log = match entry["io_log"].as_array() {
        Some(records) => IoLog::Memory(records.iter().map(record).collect()),
        None => IoLog::Stored(StoredLog {
            path: entry["io_log_filename"].as_str().unwrap_or("").into(),
            identity: None,
        }),
    };
    let outcome = entry["outcome"].as_str();
    JobResult {
        outcome: outcome.map(|text| text.parse().expect("an outcome")),
        comments: entry["comments"].as_str().map(Into::into),
        return_code: entry["return_code"].as_i64().map(Into::into),
        execution_duration: entry["execution_duration"]["$float"]
            .as_str()
            .and_then(|text| text.parse().ok()),
        io_log,
    }
}

fn record(item: &Value) -> IoLogRecord {
    let stream = match item[1].as_str() {
        Some("stderr") => IoStream::Stderr,
        Some(_) | None => IoStream::Stdout,
    };
    IoLogRecord {
        delay: 0.0,
        stream,
        data: base64(item[2].as_str().expect("a text")).into(),
    }
}

fn base64(text: &str) -> Vec<u8> {
    let digits = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let (mut bytes, mut bits, mut count) = (Vec::new(), 0_u32, 0);
    for byte in text.bytes() {
        let Some(digit) = digits.iter().position(|digit| *digit == byte) else {
            continue;
        };
        bits = bits << 6 | u32::try_from(digit).expect("six bits");
        count += 6;
        if count >= 8 {
            count -= 8;
            bytes.push((bits >> count & 255) as u8);
        }
    }
    bytes
}
