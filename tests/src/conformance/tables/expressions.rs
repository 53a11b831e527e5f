//! `expressions`: requirements, each taken as one expression and as a program, and fields of imports.

use std::collections::BTreeSet;

use serde_json::{Map, Value, json};
use session_state::expr::{
    Budget, EvaluateError, Expression, ExpressionError, Import, Program, Scope, UnsatisfiedError,
    parse_import, parse_imports,
};
use session_state::{JobId, Resource};

use crate::conformance::bad::{Unanswered, bad, member, object, optional_text, text, unicode};
use crate::conformance::compare::{Difference, differences};
use crate::conformance::corpus::{Corpus, CorpusError};
use crate::conformance::entry::{Compared, Entry};
use crate::conformance::guard::guarded;

use super::{Sink, recorded};

pub(super) fn run(corpus: &Corpus, sink: Sink<'_>) -> Result<bool, CorpusError> {
    let Some(table) = corpus.value("expressions.json")? else {
        return Ok(false);
    };
    let entries = table["entries"].as_array();
    for (index, given) in entries.into_iter().flatten().enumerate() {
        let name = text(given, "id").map_or_else(|_| index.to_string(), str::to_owned);
        let actual = guarded(|| requirement(&table, given));
        let recorded = recorded(given, &["expression", "program"]);
        sink(Entry {
            row: "expressions",
            marks: Map::from_iter([("id".to_owned(), name.as_str().into())]),
            name,
            compared: Compared::of(recorded, &actual, comparable_differences),
            actual,
        });
    }
    let imports = table["imports"].as_array();
    for (index, given) in imports.into_iter().flatten().enumerate() {
        let actual = guarded(|| imported(member(given, "text")?));
        let recorded = recorded(given, &["pairs", "error"]);
        sink(Entry {
            row: "expressions/imports",
            name: text(given, "text").map_or_else(|_| index.to_string(), str::to_owned),
            marks: Map::from_iter([("index".to_owned(), index.into())]),
            compared: Compared::of(recorded, &actual, comparable_differences),
            actual,
        });
    }
    Ok(true)
}

/// The records of the resources, by the id of the job that printed them.
type Sets = Vec<(JobId, Vec<Resource>)>;

fn requirement(table: &Value, given: &Value) -> Result<Value, Unanswered> {
    let sets = resources(object(table, "resource_sets")?, text(given, "resources")?)?;
    let imports = match given.get("imports") {
        None | Some(Value::Null) => Vec::new(),
        Some(pairs) => import_pairs(pairs)?,
    };
    let scope = Scope {
        namespace: optional_text(given, "namespace")?,
        imports: &imports,
    };
    let text = text(given, "text")?;
    Ok(json!({
        "expression": expression(text, &scope, &sets),
        "program": program(text, &scope, &sets),
    }))
}

fn resources(sets: &Map<String, Value>, name: &str) -> Result<Sets, Unanswered> {
    let set = sets.get(name).and_then(Value::as_object);
    let set = set.ok_or_else(|| bad(format!("there are no resources {name:?}")))?;
    let record = |record: &Value| {
        let fields = record
            .as_object()
            .ok_or_else(|| bad("a record is no object"))?;
        let fields = fields
            .iter()
            .map(|(name, value)| Ok((name.as_str(), unicode(value)?)));
        Ok(Resource::new(fields.collect::<Result<Vec<_>, _>>()?))
    };
    set.iter()
        .map(|(id, records)| {
            let records = records.as_array().into_iter().flatten().map(record);
            Ok((JobId::new(id.as_str()), records.collect::<Result<_, _>>()?))
        })
        .collect()
}

fn import_pairs(pairs: &Value) -> Result<Vec<Import>, Unanswered> {
    let pairs = pairs.as_array().into_iter().flatten();
    pairs
        .map(|pair| {
            Ok(Import {
                id: unicode(&pair[0])?.into(),
                alias: unicode(&pair[1])?.into(),
            })
        })
        .collect()
}

fn expression(text: &str, scope: &Scope<'_>, sets: &Sets) -> Value {
    let expression = match Expression::parse(text, scope) {
        Ok(expression) => expression,
        Err(error) => return refused(&error),
    };
    let manifests: BTreeSet<&str> = expression.manifest_ids().collect();
    let resources: Vec<&str> = expression.resources().iter().map(JobId::as_str).collect();
    let mut answer = json!({
        "aliases": expression.aliases().collect::<Vec<_>>(),
        "resource_ids": resources,
        "manifest_ids": manifests,
    });
    let (key, value) = match expression.evaluate(&|id| find(sets, id), &mut Budget::default()) {
        Ok(value) => ("value", value.into()),
        Err(EvaluateError::Unavailable { resource }) => {
            let what = format!("resource not available: {resource}");
            ("not_evaluated", what.into())
        }
        Err(error) => ("evaluate_error", undecided(&error)),
    };
    answer[key] = value;
    answer
}

fn program(text: &str, scope: &Scope<'_>, sets: &Sets) -> Value {
    let program = match Program::parse(text, scope) {
        Ok(program) => program,
        Err(error) => return refused(&error.source),
    };
    let lines: Vec<&str> = program.expressions().iter().map(Expression::text).collect();
    let resources: BTreeSet<&str> = program.resources().into_iter().map(JobId::as_str).collect();
    let mut answer = json!({ "lines": lines, "required_resources": resources });
    match program.evaluate(&|id| find(sets, id), &mut Budget::default()) {
        Ok(()) => answer["value"] = true.into(),
        Err(error) => answer["evaluate_error"] = unsatisfied(&error),
    }
    answer
}

fn find<'a>(sets: &'a Sets, id: &JobId) -> Option<&'a [Resource]> {
    let found = sets.iter().find(|(known, _)| known == id);
    found.map(|(_, records)| &records[..])
}

/// A text that is no requirement.
fn refused(error: &ExpressionError) -> Value {
    let message = match error {
        ExpressionError::Syntax { .. } => "syntax error in resource expression".to_owned(),
        ExpressionError::NoResources => "expression did not reference any resources".to_owned(),
        ExpressionError::NotAllowed { what, .. } => {
            format!("this kind of python code is not allowed: {what}")
        }
        ExpressionError::NotOneExpression { .. } | ExpressionError::TooLong { .. } | _ => {
            error.to_string()
        }
    };
    json!({
        "error": error.documented_class(),
        "message": message,
        "is_resource_program_error": true,
    })
}

/// A requirement of which it cannot be told whether it is true.
fn undecided(error: &EvaluateError) -> Value {
    match error {
        EvaluateError::Part { source, .. } => refused(source),
        EvaluateError::Unavailable { .. } | EvaluateError::TooMuchWork { .. } | _ => {
            unknown_class(&error.to_string())
        }
    }
}

/// An error that Checkbox does not have.
fn unknown_class(message: &str) -> Value {
    json!({
        "error": "ResourceProgramError",
        "message": message,
        "is_resource_program_error": true,
    })
}

/// A program that is not satisfied.
fn unsatisfied(error: &UnsatisfiedError) -> Value {
    let (class, expression, resource) = match error {
        UnsatisfiedError::Failed { expression, .. } => ("ExpressionFailedError", expression, None),
        UnsatisfiedError::Unavailable {
            expression,
            resource,
            ..
        } => ("ExpressionCannotEvaluateError", expression, Some(resource)),
        UnsatisfiedError::Undecided { source, .. } => return undecided(source),
        _ => return unknown_class(&error.to_string()),
    };
    let mut answer = json!({
        "error": class,
        "message": error.to_string(),
        "is_resource_program_error": false,
        "expression": expression,
    });
    if let Some(resource) = resource {
        answer["resource_id"] = resource.as_str().into();
    }
    answer
}

fn imported(given: &Value) -> Result<Value, Unanswered> {
    let imports = match given.as_array() {
        Some(lines) => {
            let lines = lines.iter().map(unicode).collect::<Result<Vec<_>, _>>()?;
            lines.into_iter().map(parse_import).collect()
        }
        None => parse_imports(unicode(given)?),
    };
    Ok(match imports {
        Ok(imports) => {
            let pairs = imports.iter();
            let pairs = pairs.map(|import| json!([import.id.as_str(), import.alias]));
            json!({ "pairs": pairs.collect::<Vec<_>>() })
        }
        Err(error) => json!({ "error": {
            "error": "ValueError",
            "message": error.to_string(),
            "is_resource_program_error": false,
        }}),
    })
}

/// The differences, save what cannot or need not be the same: the words of an error that show Python's own
/// tree, those in which the recorded program forgot to fill in the text, and the order of a set.
fn comparable_differences(expected: &Value, actual: &Value) -> Vec<Difference> {
    let mut expected = expected.clone();
    let ids = expected.pointer_mut("/expression/manifest_ids");
    if let Some(ids) = ids.and_then(Value::as_array_mut) {
        ids.sort_by(|one, other| one.as_str().cmp(&other.as_str()));
    }
    let mut found = differences(&expected, actual);
    found.retain(|difference| {
        let theirs = difference.expected.as_ref().and_then(Value::as_str);
        let words = theirs.is_some_and(|theirs| {
            theirs.starts_with("this kind of python code is not allowed: ")
                || theirs.contains("{0!r}")
        });
        !(difference.path.ends_with("message") && words && difference.actual.is_some())
    });
    found
}
