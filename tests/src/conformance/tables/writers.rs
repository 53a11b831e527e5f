//! `writers`: sessions of old releases, beside what these releases themselves told of them.
//!
//! Of some of these sessions Checkbox 7.3 can tell nothing, so no other table says what they hold.

use serde_json::{Map, Value, json};

use crate::conformance::bad::{Unanswered, bad};
use crate::conformance::compare::{Difference, differences};
use crate::conformance::corpus::{Corpus, CorpusError};
use crate::conformance::entry::{Compared, Entry};
use crate::conformance::guard::guarded;

use super::{Sink, cases};

/// What an old release and we can tell alike.
const TOLD: [&str; 8] = [
    "status",
    "run_list",
    "desired_job_list",
    "job_list",
    "outcomes",
    "title",
    "flags",
    "running_job_name",
];

pub(super) fn run(corpus: &Corpus, sink: Sink<'_>) -> Result<bool, CorpusError> {
    let Some(text) = corpus.text("cases.jsonl")? else {
        return Ok(false);
    };
    let lines = text
        .lines()
        .filter(|line| line.contains("\"resumed_by_writer\""));
    for line in lines {
        // What cannot be read is told by the cases themselves.
        if let Ok(case) = serde_json::from_str::<Value>(line) {
            sink(entry(&case));
        }
    }
    Ok(true)
}

fn entry(case: &Value) -> Entry {
    let name = case["name"].as_str().unwrap_or_default();
    let actual = guarded(|| answer(name, case));
    let recorded = case["meta"]["resumed_by_writer"].as_object().map(|theirs| {
        let told = TOLD.iter().filter_map(|key| {
            let value = theirs.get(*key)?;
            Some(((*key).to_owned(), value.clone()))
        });
        told.collect::<Map<_, _>>().into()
    });
    Entry {
        row: "writers",
        name: name.to_owned(),
        marks: Map::new(),
        compared: Compared::of(recorded, &actual, compare),
        actual,
    }
}

/// The differences; that one answer is an error is one of them.
fn compare(expected: &Value, actual: &Value) -> Vec<Difference> {
    if actual["status"] == expected["status"] {
        return differences(expected, actual);
    }
    vec![Difference {
        path: "status".to_owned(),
        expected: Some(expected.clone()),
        actual: Some(actual.clone()),
    }]
}

fn answer(name: &str, case: &Value) -> Result<Value, Unanswered> {
    let whole = cases::answer(name, case)?;
    if whole["status"] != "ok" {
        return Ok(
            json!({ "status": "error", "class": whole["class"], "message": whole["message"] }),
        );
    }
    let jobs = whole["job_states"].as_object();
    let jobs = jobs.ok_or_else(|| bad("there are no jobs"))?.iter();
    let outcomes = jobs.map(|(id, job)| (id.clone(), job["outcome"].clone()));
    let mut answer = json!({ "outcomes": outcomes.collect::<Map<_, _>>() });
    for key in TOLD.iter().filter(|key| **key != "outcomes") {
        let place = whole.get(*key).unwrap_or(&whole["metadata"][*key]);
        answer[*key] = place.clone();
    }
    Ok(answer)
}
