//! Peek beside the answers of Checkbox.

use serde_json::{Value, json};
use session_state::{FieldValue, SessionMetadata};

use super::corpus::json_of;
use super::deviation::{Answer, Deviation, listed, wrong};
use crate::checkbox::base64;
use crate::checkbox::json::{Json, parse};
use crate::checkbox::peek_checkbox;
use crate::{Limits, ResumeError};

/// The same value, numbers compared as Python compares them within JSON.
pub(super) fn document(value: &Value) -> Json {
    parse(&json_of(value), &Limits::default()).expect("JSON of the corpus")
}

/// The recorded metadata; of the rejected jobs those that are texts.
fn expected_metadata(value: &Value) -> SessionMetadata {
    let text = |key: &str| value[key].as_str().map(str::to_owned);
    let texts = |key: &str| {
        let items = value[key].as_array().expect("a list").iter();
        items.filter_map(Value::as_str)
    };
    SessionMetadata {
        title: text("title"),
        flags: texts("flags").map(str::to_owned).collect(),
        running_job_name: text("running_job_name"),
        app_blob: text("app_blob").map(|blob| base64::decode(&blob).expect("base64")),
        app_id: text("app_id"),
        custom_joblist: value["custom_joblist"] == json!(true),
        rejected_jobs: texts("rejected_jobs").map(Into::into).collect(),
        last_job_start_time: match document(&value["last_job_start_time"]) {
            Json::Float(time) => Some(time),
            Json::Null
            | Json::Bool(_)
            | Json::Int(_)
            | Json::BigInt(_)
            | Json::Text(_)
            | Json::List(_)
            | Json::Object(_) => None,
        },
        remaining_todo_jobs: value["remaining_todo_jobs"] == json!(true),
        intent: None,
    }
}

/// The recorded rejected jobs as they stand.
fn expected_rejected(value: &Value) -> Vec<FieldValue> {
    let items = value["rejected_jobs"].as_array().expect("a list").iter();
    items.map(|item| (&document(item)).into()).collect()
}

/// Whether peek answers as Checkbox does.
pub(super) fn compare_peek(session: &[u8], expected: &Value) -> Answer {
    let ours = peek_checkbox(session, &Limits::default());
    if expected["status"] == "ok" {
        let theirs = &expected["metadata"];
        let wanted = (expected_metadata(theirs), expected_rejected(theirs));
        return match ours {
            Err(ResumeError::Corrupted(ours)) if ours.what.starts_with("half a surrogate") => {
                listed(Deviation::D15)
            }
            Ok(ours)
                if format!("{:?}", (&ours.metadata, &ours.rejected_jobs))
                    == format!("{:?}", (&wanted.0, &wanted.1)) =>
            {
                Ok(())
            }
            ours => wrong(format!("ours {ours:?}, theirs {theirs}")),
        };
    }
    let message = expected["message"].as_str().unwrap_or_default();
    match (ours, expected["class"].as_str().expect("a class")) {
        (Err(ResumeError::IncompatibleSession { found, .. }), "IncompatibleSessionError")
            if format!("Unsupported version {found}") == message =>
        {
            Ok(())
        }
        (Err(ResumeError::Corrupted(ours)), "CorruptedSessionError")
            if ours.what.starts_with(message) =>
        {
            Ok(())
        }
        (Ok(ours), _)
            if ours.version == 6 && message == "Missing value for key 'custom_joblist'" =>
        {
            listed(Deviation::D2)
        }
        (Err(ResumeError::Corrupted(_)), "RecursionError") => listed(Deviation::D10OrD16),
        (Err(ResumeError::Corrupted(_)), "EOFError" | "error" | "TypeError") => {
            listed(Deviation::D1)
        }
        (ours, class) => wrong(format!("ours {ours:?}, theirs {class} {message}")),
    }
}
