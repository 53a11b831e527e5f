//! The recorded answers about expressions, and what must hold for any text.

mod behaviour;
mod properties;

use std::collections::BTreeSet;

use flate2::read::GzDecoder;
use serde_json::{Value, json};

use super::*;
use crate::id::JobId;
use crate::resource::Resource;

/// The table of expressions, as the corpus keeps it.
const TABLE: &[u8] = include_bytes!(concat!(
    env!("CARGO_MANIFEST_DIR"),
    "/../../tests/corpus/expressions.json.gz"
));

/// `and` or `or` inside a text in quotes no longer cuts it.
const D9: [&str; 3] = ["x0110", "x0111", "x0112"];

/// Arguments of calls, and what is left of a dot, are checked.
const D13: [&str; 8] = [
    "x0213", "x0215", "x0216", "x0218", "x0219", "x0220", "x0335", "x0336",
];

/// An exception that escaped is an error of ours.
const D19: [&str; 5] = ["x0197", "x0287", "x0292", "x0309", "x0339"];

fn table() -> Value {
    serde_json::from_reader(GzDecoder::new(TABLE)).expect("the corpus is JSON")
}

fn text<'a>(value: &'a Value, key: &str) -> &'a str {
    value[key].as_str().expect("the entry has this text")
}

type Sets = Vec<(JobId, Vec<Resource>)>;

fn resources(table: &Value, set: &str) -> Sets {
    let set = table["resource_sets"][set].as_object().expect("a set");
    let record = |record: &Value| {
        let fields = record.as_object().expect("a record").iter();
        Resource::new(fields.map(|(name, value)| (name.as_str(), value.as_str().unwrap())))
    };
    set.iter()
        .map(|(id, records)| {
            let records = records.as_array().expect("records").iter();
            (JobId::new(id.as_str()), records.map(record).collect())
        })
        .collect()
}

fn imports(entry: &Value) -> Vec<Import> {
    let pairs = entry["imports"].as_array().map(Vec::as_slice);
    let import = |pair: &Value| Import {
        id: pair[0].as_str().expect("an id").into(),
        alias: pair[1].as_str().expect("a name").into(),
    };
    pairs.unwrap_or_default().iter().map(import).collect()
}

/// Our answer to the text taken as one expression, in the shape of the recorded one, errors by class.
fn expression_answer(entry: &Value, scope: &Scope<'_>, sets: &Sets) -> Value {
    let expression = match Expression::parse(text(entry, "text"), scope) {
        Ok(expression) => expression,
        Err(error) => return json!({"error": error.documented_class()}),
    };
    let mut answer = json!({
        "aliases": expression.aliases().collect::<Vec<_>>(),
        "resource_ids": expression.resources().iter().map(JobId::as_str).collect::<Vec<_>>(),
        "manifest_ids": expression.manifest_ids().collect::<BTreeSet<_>>(),
    });
    let known = |id: &JobId| find(sets, id);
    let (key, value) = match expression.evaluate(&known, &mut Budget::default()) {
        Ok(value) => ("value", value.into()),
        Err(EvaluateError::Unavailable { resource }) => (
            "not_evaluated",
            format!("resource not available: {resource}").into(),
        ),
        Err(EvaluateError::Part { source, .. }) => {
            ("evaluate_error", source.documented_class().into())
        }
        Err(EvaluateError::TooMuchWork { .. }) => ("evaluate_error", "too much work".into()),
    };
    answer[key] = value;
    answer
}

/// Our answer to the text taken as a program, in the same way.
fn program_answer(entry: &Value, scope: &Scope<'_>, sets: &Sets) -> Value {
    let program = match Program::parse(text(entry, "text"), scope) {
        Ok(program) => program,
        Err(error) => return json!({"error": error.source.documented_class()}),
    };
    let lines: Vec<&str> = program.expressions().iter().map(Expression::text).collect();
    let resources: BTreeSet<&str> = program.resources().into_iter().map(JobId::as_str).collect();
    let mut answer = json!({"lines": lines, "required_resources": resources});
    let known = |id: &JobId| find(sets, id);
    match program.evaluate(&known, &mut Budget::default()) {
        Ok(()) => answer["value"] = true.into(),
        Err(UnsatisfiedError::Failed { expression, .. }) => {
            answer["evaluate_error"] = json!(["ExpressionFailedError", *expression]);
        }
        Err(UnsatisfiedError::Unavailable {
            expression,
            resource,
            ..
        }) => {
            answer["evaluate_error"] = json!([
                "ExpressionCannotEvaluateError",
                *expression,
                resource.as_str()
            ]);
        }
        Err(UnsatisfiedError::Undecided { source, .. }) => {
            let class = match source {
                EvaluateError::Part { source, .. } => source.documented_class(),
                EvaluateError::Unavailable { .. } | EvaluateError::TooMuchWork { .. } => "other",
            };
            answer["evaluate_error"] = json!([class]);
        }
    }
    answer
}

fn find<'a>(sets: &'a Sets, id: &JobId) -> Option<&'a [Resource]> {
    let found = sets.iter().find(|(known, _)| known == id);
    found.map(|(_, records)| &records[..])
}

/// The recorded answers with what is not compared left out: messages.
fn recorded(answer: &Value) -> Value {
    if let Some(error) = answer.get("error") {
        return json!({ "error": error });
    }
    let mut answer = answer.clone();
    if let Some(error) = answer.get("evaluate_error") {
        let parts = ["error", "expression", "resource_id"];
        let short: Vec<&Value> = parts.iter().filter_map(|part| error.get(part)).collect();
        answer["evaluate_error"] = match (answer.get("aliases"), &short[..]) {
            (Some(_), [class, ..]) => (*class).clone(),
            _ => json!(short),
        };
    }
    if let Some(ids) = answer.get_mut("manifest_ids").and_then(Value::as_array_mut) {
        ids.sort_by(|one, other| one.as_str().cmp(&other.as_str()));
    }
    answer
}

#[test]
fn every_recorded_expression_is_answered_as_recorded() {
    let table = table();
    let entries = table["entries"].as_array().expect("a list");
    assert_eq!(entries.len(), 759);
    let mut other = Vec::new();
    for entry in entries {
        let id = text(entry, "id");
        let sets = resources(&table, text(entry, "resources"));
        let imports = imports(entry);
        let scope = Scope {
            namespace: entry["namespace"].as_str(),
            imports: &imports,
        };
        let answers = [
            ("expression", expression_answer(entry, &scope, &sets)),
            ("program", program_answer(entry, &scope, &sets)),
        ];
        let same = answers
            .iter()
            .all(|(kind, answer)| *answer == recorded(&entry[*kind]));
        if !same {
            other.push((id, format!("{id} {}: {answers:?}", entry["text"])));
        }
    }
    let ids: Vec<&str> = other.iter().map(|(id, _)| *id).collect();
    let mut allowed: Vec<&str> = [&D9[..], &D13, &D19].concat();
    allowed.sort_unstable();
    let list: Vec<&str> = other.iter().map(|(_, shown)| &**shown).collect();
    assert_eq!(ids, allowed, "{}", list.join("\n"));
}

#[test]
fn every_recorded_import_is_read_as_recorded() {
    let table = table();
    let entries = table["imports"].as_array().expect("a list");
    assert_eq!(entries.len(), 19);
    for entry in entries {
        let imports = match entry["text"].as_array() {
            Some(lines) => lines
                .iter()
                .map(|line| parse_import(line.as_str().unwrap()))
                .collect(),
            None => parse_imports(text(entry, "text")),
        };
        match imports {
            Ok(imports) => {
                let pairs: Vec<_> = imports
                    .iter()
                    .map(|i| json!([i.id.as_str(), *i.alias]))
                    .collect();
                assert_eq!(json!(pairs), entry["pairs"], "{}", entry["text"]);
            }
            Err(error) => {
                let message = text(&entry["error"], "message");
                let ours = error.to_string();
                // One recorded message was never filled in.
                let (_, what) = message.split_once(": ").expect("a message");
                assert!(
                    ours == message || message.contains("{0!r}") && ours.ends_with(what),
                    "{ours}\n{message}"
                );
            }
        }
    }
}
