//! What the old program told of sessions it wrote, and where it kept them.

use camino::Utf8Path;
use serde_json::{Map, Value, json};
use session_state::{JobOutcome, SessionState};
use session_storage::{Environment, plainbox_location};
use suspend_resume::{Format, ResumeOptions, SuspendOptions, resume_checkbox, suspend};

use super::manager::jobs;
use super::place::Program;
use super::told;
use crate::conformance::bad::{Unanswered, bad, object, text};
use crate::conformance::compare::differences;
use crate::conformance::entry::{Compared, Entry};
use crate::conformance::guard::guarded;
use crate::conformance::resumed::{deflate, inflate};
use crate::conformance::session::ids;
use crate::conformance::tables::{Sink, recorded};

/// The entries of a recording that are no scenarios.
pub(super) fn entries(program: Program, file: &Value, sink: Sink<'_>) {
    for (name, given) in file["default_location"].as_object().into_iter().flatten() {
        let actual = guarded(|| location(given));
        sink(Entry {
            row: "legacy/locations",
            name: name.clone(),
            marks: Map::new(),
            compared: Compared::of(recorded(given, &["location"]), &actual, differences),
            actual,
        });
    }
    for (name, given) in file["formats"].as_object().into_iter().flatten() {
        let actual = guarded(|| format(program, name, given));
        let recorded = recorded(given, &["json_text", "job_checksums", "resumed"]);
        sink(Entry {
            row: "legacy/formats",
            name: name.clone(),
            marks: Map::new(),
            compared: Compared::of(recorded, &actual, differences),
            actual,
        });
    }
}

/// Where the repository is, given the variables that are set.
fn location(given: &Value) -> Result<Value, Unanswered> {
    let variables = object(given, "env")?;
    let environment = Environment {
        variable: &|name| variables.get(name)?.as_str().map(str::to_owned),
        current_dir: Utf8Path::new("/"),
        effective_uid: 0,
    };
    let location = told(plainbox_location(&environment))?;
    Ok(json!({ "location": location.as_str() }))
}

/// What comes of a session that the program wrote: read, and written again.
fn format(program: Program, name: &str, given: &Value) -> Result<Value, Unanswered> {
    let version = name
        .strip_prefix('v')
        .and_then(|digits| digits.parse().ok());
    let version = version.ok_or_else(|| bad(format!("{name:?} is no version")))?;
    let packed = told(deflate(text(given, "json_text")?))?;
    let jobs = jobs(program)?;
    let resumed = resume_checkbox(&packed, &jobs, &ResumeOptions::default(), None);
    let state = told(resumed)?.state;
    let written = suspend(
        &state,
        Format::Checkbox(version),
        &SuspendOptions::default(),
    );
    let checksums = jobs.iter().map(|job| {
        let checksum = job.checksum_without_namespace().to_string();
        (job.id().to_string(), Value::from(checksum))
    });
    Ok(json!({
        "json_text": told(inflate(&told(written)?))?,
        "job_checksums": checksums.collect::<Map<_, _>>(),
        "resumed": resumed_answer(&state),
    }))
}

fn resumed_answer(state: &SessionState) -> Value {
    let metadata = state.metadata();
    let outcomes = state.jobs().map(|job| {
        let outcome = job.outcome().map(JobOutcome::as_str);
        (job.id().to_string(), json!(outcome))
    });
    let blob = metadata.app_blob.as_deref().map(|blob| {
        let hex = blob.iter().map(|byte| format!("{byte:02x}"));
        hex.collect::<String>()
    });
    json!({
        "run_list": ids(state.run_list()),
        "outcomes": outcomes.collect::<Map<_, _>>(),
        "title": metadata.title,
        "flags": metadata.flags,
        "running_job_name": metadata.running_job_name,
        "app_blob_hex": blob,
        "app_id": metadata.app_id,
    })
}
