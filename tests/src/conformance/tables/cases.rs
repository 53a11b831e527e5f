//! `cases`: sessions with all that is known of them after resuming them.

use serde_json::{Map, Value};

use crate::conformance::bad::{Unanswered, bad, member, optional_text, text, texts};
use crate::conformance::compare::{Difference, differences};
use crate::conformance::corpus::{Corpus, CorpusError};
use crate::conformance::entry::{Compared, Entry};
use crate::conformance::files::SessionFiles;
use crate::conformance::guard::guarded;
use crate::conformance::resumed::Given;
use crate::conformance::units::Units;
use crate::conformance::wrapped::bytes;

use super::Sink;

/// Up to which length the newest text stands in the answer, in bytes.
const TEXT_BYTES_MAX: usize = 12_000;

pub(super) fn run(corpus: &Corpus, sink: Sink<'_>) -> Result<bool, CorpusError> {
    let Some(text) = corpus.text("cases.jsonl")? else {
        return Ok(false);
    };
    for (index, line) in text.lines().enumerate() {
        sink(entry(line, index));
    }
    Ok(true)
}

fn entry(line: &str, index: usize) -> Entry {
    let case = serde_json::from_str::<Value>(line);
    let case = case.map_err(|error| bad(format!("line {}: {error}", index + 1)));
    let name = match &case {
        Ok(case) => text(case, "name").unwrap_or_default().to_owned(),
        Err(_) => format!("line {}", index + 1),
    };
    let actual = case.as_ref().map_err(Clone::clone);
    let actual = actual.and_then(|case| guarded(|| answer(&name, case)));
    let recorded = case
        .ok()
        .and_then(|mut case| match case.get_mut("expected") {
            None | Some(Value::Null) => None,
            Some(expected) => Some(expected.take()),
        });
    let compared = recorded.map(|recorded| compare(recorded, actual.as_ref().ok()));
    Entry {
        row: "cases",
        name,
        marks: Map::new(),
        actual,
        compared,
    }
}

pub(super) fn answer(name: &str, case: &Value) -> Result<Value, Unanswered> {
    let meta = member(case, "meta")?;
    let location = optional_text(meta, "location")?;
    let flags = match meta.get("resume_flags") {
        None | Some(Value::Null) => Vec::new(),
        Some(_) => texts(meta, "resume_flags")?,
    };
    let session = bytes(text(case, "session_base64")?)?;
    let given = Given {
        session: &session,
        units: &Units::of(member(case, "jobs")?)?,
        files: &SessionFiles::below(location, case.get("session_dir"))?,
        location,
        flags: &flags,
    };
    let (mut answer, resumed) = given.answer()?;
    if let Some(resumed) = resumed {
        let group = optional_text(meta, "group")?;
        let shown = matches!(group, Some("real" | "old")) || name.starts_with("jobs-");
        let text_bytes_max = if shown { TEXT_BYTES_MAX } else { 0 };
        answer["resuspend"] = resumed.written_again(location, text_bytes_max);
    }
    Ok(answer)
}

/// Compares an answer with the recorded one.
fn compare(recorded: Value, actual: Option<&Value>) -> Compared {
    let mut found = actual.map_or_else(Vec::new, |actual| session_differences(&recorded, actual));
    let variants = recorded["nondeterministic"].as_object();
    found.retain(|difference| {
        let part = difference.path.split(['[', '.']).next().unwrap_or_default();
        let seen = variants.and_then(|variants| variants.get(part)?.as_array());
        let ours = actual.and_then(|actual| actual.get(part));
        difference.path != "nondeterministic"
            && !seen.is_some_and(|seen| ours.is_some_and(|ours| seen.contains(ours)))
    });
    Compared {
        differences: found,
        by_rule: false,
        recorded,
    }
}

/// The differences between two descriptions of a session. Where one is an error, all of it is one difference
/// at `status`; so it is with the peek.
pub(super) fn session_differences(expected: &Value, actual: &Value) -> Vec<Difference> {
    let (their_peek, expected) = split(expected);
    let (our_peek, actual) = split(actual);
    let mut found = one(&expected, &actual, "status");
    found.extend(one(&their_peek, &our_peek, "peek.status"));
    found
}

fn split(answer: &Value) -> (Value, Value) {
    let mut answer = answer.clone();
    let peek = answer
        .as_object_mut()
        .and_then(|answer| answer.shift_remove("peek"));
    (peek.unwrap_or_default(), answer)
}

fn one(expected: &Value, actual: &Value, path: &str) -> Vec<Difference> {
    if expected["status"] == "ok" && actual["status"] == "ok" {
        let prefix = path.trim_end_matches("status");
        let mut found = differences(expected, actual);
        for difference in &mut found {
            difference.path.insert_str(0, prefix);
        }
        return found;
    }
    if expected == actual {
        return Vec::new();
    }
    vec![Difference {
        path: path.to_owned(),
        expected: Some(expected.clone()),
        actual: Some(outcome(actual)),
    }]
}

/// An answer in short: what went wrong, or that nothing did.
fn outcome(answer: &Value) -> Value {
    if answer["status"] == "ok" {
        "ok".into()
    } else {
        answer.clone()
    }
}
