//! `mutations`: one session of each version, and thousands of small changes to them.

use std::collections::HashMap;

use serde_json::{Map, Value, json};

use crate::conformance::bad::{Unanswered, bad, items, member, optional_text};
use crate::conformance::compare::differences;
use crate::conformance::corpus::{Corpus, CorpusError};
use crate::conformance::entry::{Compared, Entry};
use crate::conformance::files::SessionFiles;
use crate::conformance::guard::guarded;
use crate::conformance::python;
use crate::conformance::resumed::{Given, deflate};
use crate::conformance::units::Units;
use crate::conformance::wrapped::json_text;

use super::Sink;
use super::cases::session_differences;

pub(super) fn run(corpus: &Corpus, sink: Sink<'_>) -> Result<bool, CorpusError> {
    let Some(table) = corpus.value("mutations.json")? else {
        return Ok(false);
    };
    let given = guarded(|| With::of(&table));
    let mut bases = HashMap::new();
    for (version, base) in table["bases"].as_object().into_iter().flatten() {
        let actual = guarded(|| described(&given, member(base, "session")?));
        let recorded = base.get("expected").filter(|expected| !expected.is_null());
        let compared = recorded.map(|recorded| Compared {
            differences: match &actual {
                Ok(actual) => session_differences(recorded, actual),
                Err(_) => Vec::new(),
            },
            by_rule: false,
            recorded: recorded.clone(),
        });
        if let Some(known) = recorded.or(actual.as_ref().ok()) {
            bases.insert(version.as_str(), known.clone());
        }
        sink(Entry {
            row: "mutations/bases",
            name: version.clone(),
            marks: Map::new(),
            actual,
            compared,
        });
    }
    let mutations = table["mutations"].as_array();
    for (index, mutation) in mutations.into_iter().flatten().enumerate() {
        sink(entry(&table, &given, &bases, mutation, index));
    }
    Ok(true)
}

/// What every one of these sessions is resumed with.
struct With {
    units: Units,
    location: Option<String>,
}

impl With {
    fn of(table: &Value) -> Result<Self, Unanswered> {
        Ok(Self {
            units: Units::of(member(table, "jobs")?)?,
            location: optional_text(table, "location")?.map(str::to_owned),
        })
    }
}

fn entry(
    table: &Value,
    given: &Result<With, Unanswered>,
    bases: &HashMap<&str, Value>,
    mutation: &Value,
    index: usize,
) -> Entry {
    let id = optional_text(mutation, "id").ok().flatten();
    let name = id.map_or_else(|| format!("mutation {index}"), str::to_owned);
    let version = mutation["base"].to_string();
    let base = bases.get(version.as_str());
    let described = guarded(|| {
        let mut document = member(member(&table["bases"], &version)?, "session")?.clone();
        for operation in items(mutation, "ops")? {
            operate(&mut document, operation)?;
        }
        described(given, &document)
    });
    let base = base.ok_or_else(|| bad(format!("there is no base {version}")));
    let recorded = mutation.get("result").and_then(|_| {
        let base = base.as_ref().ok()?;
        recorded(mutation, base)
    });
    let compared = recorded.map(|recorded| {
        let mut found = match &described {
            Ok(described) => session_differences(&recorded, described),
            Err(_) => Vec::new(),
        };
        // Answers that Python takes for equal are recorded as having no difference at all.
        if mutation["diff"] == json!([]) {
            found.retain(|one| match (&one.expected, &one.actual) {
                (Some(expected), Some(actual)) => !python::is_equal(expected, actual),
                (None, _) | (_, None) => true,
            });
        }
        Compared {
            differences: found,
            by_rule: false,
            recorded,
        }
    });
    Entry {
        row: "mutations",
        marks: Map::from_iter([("id".to_owned(), name.as_str().into())]),
        name,
        actual: described.and_then(|described| Ok(short(described, base?))),
        compared,
    }
}

/// What is said of a session, in full.
fn described(with: &Result<With, Unanswered>, document: &Value) -> Result<Value, Unanswered> {
    let with = with.as_ref().map_err(Clone::clone)?;
    let packed = deflate(&json_text(document)?);
    let given = Given {
        session: &packed.map_err(|error| bad(error.to_string()))?,
        units: &with.units,
        files: &SessionFiles::NONE,
        location: with.location.as_deref(),
        flags: &[],
    };
    let (mut answer, _) = given.answer()?;
    if let Some(answer) = answer.as_object_mut() {
        answer.shift_remove("version");
    }
    Ok(answer)
}

/// An answer as the table has it: how it differs from that of the base, or the error.
fn short(mut described: Value, base: &Value) -> Value {
    if described["status"] == "ok" {
        return json!({ "result": "ok", "diff": python::difference(base, &described) });
    }
    let same = differences(&base["peek"], &described["peek"]).is_empty();
    json!({
        "result": "error",
        "class": described["class"],
        "message": described["message"],
        "is_session_resume_error": described["is_session_resume_error"],
        "peek": if same { json!("same") } else { described["peek"].take() },
    })
}

/// The recorded answer in full; `None` when it cannot be put together.
fn recorded(mutation: &Value, base: &Value) -> Option<Value> {
    if mutation["result"] == "error" {
        let class = mutation["class"].as_str()?;
        let documented = mutation["is_session_resume_error"] == true;
        let mut recorded = json!({
            "status": "error",
            "class": class,
            "message": mutation["message"],
            "stage": "resume",
            "is_session_resume_error": documented,
            "peek": mutation["peek"],
        });
        if documented {
            recorded["module"] = json!("plainbox.impl.session.resume");
        }
        if recorded["peek"] == "same" {
            recorded["peek"] = base["peek"].clone();
        }
        return Some(recorded);
    }
    let mut recorded = base.clone();
    for difference in mutation["diff"].as_array()? {
        let (last, parents) = difference[0].as_array()?.split_last()?;
        let mut place = &mut recorded;
        for key in parents {
            place = place.get_mut(key.as_str()?)?;
        }
        let place = place.as_object_mut()?;
        if difference[1] == json!({ "$absent": true }) {
            place.remove(last.as_str()?);
        } else {
            place.insert(last.as_str()?.to_owned(), difference[1].clone());
        }
    }
    Some(recorded)
}

/// Deletes or sets one value of a document.
fn operate(document: &mut Value, operation: &Value) -> Result<(), Unanswered> {
    let impossible = || bad(format!("cannot do {operation}"));
    let path = operation[1].as_array().ok_or_else(impossible)?;
    let (last, parents) = path.split_last().ok_or_else(impossible)?;
    let mut place = document;
    for step in parents {
        place = match (place, step) {
            (Value::Object(entries), Value::String(key)) => entries.get_mut(key),
            (Value::Array(list), index) => index_of(index).and_then(|at| list.get_mut(at)),
            _ => None,
        }
        .ok_or_else(impossible)?;
    }
    let value = match (operation[0].as_str(), operation.get(2)) {
        (Some("set"), Some(value)) => Some(value.clone()),
        (Some("del"), None) => None,
        _ => return Err(impossible()),
    };
    let done = match (place, last, value) {
        (Value::Object(entries), Value::String(key), Some(value)) => {
            entries.insert(key.clone(), value);
            true
        }
        (Value::Object(entries), Value::String(key), None) => entries.remove(key).is_some(),
        // As Python's JSON writes the key of a number.
        (Value::Object(entries), index, Some(value)) if index.is_u64() => {
            entries.insert(index.to_string(), value);
            true
        }
        (Value::Array(list), index, Some(value)) => {
            let found = index_of(index).and_then(|at| list.get_mut(at));
            found.map(|item| *item = value).is_some()
        }
        (Value::Array(list), index, None) => match index_of(index) {
            Some(at) if at < list.len() => {
                list.remove(at);
                true
            }
            Some(_) | None => false,
        },
        _ => false,
    };
    if done { Ok(()) } else { Err(impossible()) }
}

fn index_of(step: &Value) -> Option<usize> {
    usize::try_from(step.as_u64()?).ok()
}
