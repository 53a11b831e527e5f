//! `tables`: what is told in single values: base64, delays, file names, outcomes, causes, exact texts.

use serde_json::{Map, Value, json};
use session_manager::log_stem;
use session_state::{InhibitionCause, JobOutcome};
use suspend_resume::{Limits, ResumeError, decode_log_record};

use crate::conformance::bad::{Unanswered, bad, text};
use crate::conformance::compare::differences;
use crate::conformance::corpus::{Corpus, CorpusError};
use crate::conformance::entry::{Compared, Entry};
use crate::conformance::failure::of_suspend;
use crate::conformance::guard::guarded;
use crate::conformance::peculiar;
use crate::conformance::wrapped::float;

use super::{Sink, each, recorded};

pub(super) fn run(corpus: &Corpus, sink: Sink<'_>) -> Result<bool, CorpusError> {
    let Some(table) = corpus.value("tables.json")? else {
        return Ok(false);
    };
    each(&table, "base64", |index, given| {
        let actual = guarded(|| base64(text(given, "text")?));
        let recorded = recorded(given, &["decoded_hex", "error"]);
        let mut entry = Entry::of_text("tables/base64", given, "text", index, recorded, actual);
        // The recorded words are those of Python's decoder, and no session ever shows them.
        if let Some(compared) = &mut entry.compared {
            compared
                .differences
                .retain(|one| one.expected.is_none() || one.actual.is_none());
        }
        sink(entry);
    });
    each(&table, "float_strings", |index, given| {
        let actual = guarded(|| delay(text(given, "text")?));
        let recorded = recorded(given, &["delay", "error"]);
        sink(Entry::of_text(
            "tables/float_strings",
            given,
            "text",
            index,
            recorded,
            actual,
        ));
    });
    each(&table, "suspend", |index, given| {
        let name = text(given, "name").map_or_else(|_| index.to_string(), str::to_owned);
        let actual = guarded(|| suspended(&name, given));
        let recorded = recorded(given, &["json", "error"]);
        sink(Entry {
            row: "tables/suspend",
            name,
            marks: Map::from_iter([("version".to_owned(), given["version"].clone())]),
            compared: Compared::of(recorded, &actual, differences),
            actual,
        });
    });
    each(&table, "slugify", |index, given| {
        let actual = guarded(|| Ok(json!({ "slug": log_stem(&text(given, "id")?.into(), 1) })));
        let recorded = recorded(given, &["slug"]);
        sink(Entry::of_text(
            "tables/slugify",
            given,
            "id",
            index,
            recorded,
            actual,
        ));
    });
    let mut outcomes: Vec<Option<&str>> = JobOutcome::ALL
        .iter()
        .map(|one| Some(one.as_str()))
        .collect();
    outcomes.push(None);
    outcomes.sort_unstable();
    let causes = InhibitionCause::ALL.iter();
    let causes: Map<String, Value> = causes
        .map(|cause| (cause.name().to_owned(), cause.number().into()))
        .collect();
    for (row, name, actual) in [
        ("tables/outcomes", "outcomes", json!(outcomes)),
        (
            "tables/inhibition_causes",
            "inhibition_causes",
            json!(causes),
        ),
    ] {
        let recorded = table.get(name).cloned();
        let actual = Ok(actual);
        sink(Entry {
            row,
            name: name.to_owned(),
            marks: Map::new(),
            compared: Compared::of(recorded, &actual, differences),
            actual,
        });
    }
    Ok(true)
}

/// Base64 as it is read in logs.
fn base64(text: &str) -> Result<Value, Unanswered> {
    let line = json!([0.0, "stdout", text]).to_string();
    match decode_log_record(&line, &Limits::default()) {
        Ok(record) => {
            let hex = record.data.iter().map(|byte| format!("{byte:02x}"));
            Ok(json!({ "decoded_hex": hex.collect::<String>() }))
        }
        Err(ResumeError::Corrupted(corruption)) => Ok(json!({ "error": corruption.what })),
        Err(error) => Err(bad(error.to_string())),
    }
}

/// A delay in a log.
fn delay(text: &str) -> Result<Value, Unanswered> {
    let line = json!([text, "stdout", ""]).to_string();
    match decode_log_record(&line, &Limits::default()) {
        Ok(record) => Ok(json!({ "delay": float(record.delay) })),
        Err(ResumeError::Corrupted(corruption)) => Ok(json!({ "error": {
            "class": "CorruptedSessionError",
            "message": corruption.what,
        }})),
        Err(error) => Err(bad(error.to_string())),
    }
}

/// A peculiar state in a version.
fn suspended(name: &str, given: &Value) -> Result<Value, Unanswered> {
    let version = given["version"]
        .as_u64()
        .and_then(|version| u8::try_from(version).ok());
    let version = version.ok_or_else(|| bad("there is no version"))?;
    Ok(match peculiar::suspended(name, version)? {
        Ok(text) => json!({ "json": text }),
        Err(error) => {
            let mut error = of_suspend(&error);
            json!({ "error": { "class": error["error"].take(), "message": error["message"].take() } })
        }
    })
}
