//! `legacy`: what the old programs did to their directories, step by step, and what they told of sessions.

mod compare;
mod formats;
mod listing;
mod manager;
mod place;
mod steps;

use serde_json::{Map, Value};

use crate::conformance::bad::{Unanswered, bad, text};
use crate::conformance::corpus::{Corpus, CorpusError};
use crate::conformance::entry::{Compared, Entry};
use crate::conformance::guard::guarded;

use super::Sink;
use compare::step_differences;
use place::{Place, Program};
use steps::Replay;

pub(super) fn run(corpus: &Corpus, sink: Sink<'_>) -> Result<bool, CorpusError> {
    let mut found = false;
    for program in [Program::PlainBox054, Program::Checkbox73] {
        let Some(file) = corpus.value(program.file())? else {
            continue;
        };
        found = true;
        for (name, scenario) in file["scenarios"].as_object().into_iter().flatten() {
            replay(program, name, scenario, sink);
        }
        formats::entries(program, &file, sink);
    }
    Ok(found)
}

/// Steps that do not say what they save: its size is theirs.
const WITHOUT_CONTENT: [&str; 3] = ["save", "save_checkpoint", "run a job, checkpoint"];

/// Does the steps of a scenario one after the other, and looks at the directory after each.
fn replay(program: Program, name: &str, scenario: &Value, sink: Sink<'_>) {
    let steps = scenario["steps"].as_array().map_or(&[][..], Vec::as_slice);
    let says_what_is_saved = steps
        .iter()
        .all(|step| !WITHOUT_CONTENT.iter().any(|words| step["do"] == *words));
    let mut replay = guarded(|| Ok(Replay::new(Place::new(program, name)?)));
    for (index, step) in steps.iter().enumerate() {
        let umask = scenario["umask"].as_str().unwrap_or_default();
        let actual = guarded(|| {
            let replay = replay.as_mut().map_err(|why| why.clone())?;
            replay.answer(text(step, "do")?, umask)
        });
        let words = step["do"].as_str().unwrap_or_default();
        sink(Entry {
            row: program.row(),
            name: format!("{name}/{} {words}", index + 1),
            marks: Map::new(),
            compared: recorded_step(step).map(|recorded| Compared {
                differences: match &actual {
                    Ok(actual) => step_differences(&recorded, actual, program, says_what_is_saved),
                    Err(_) => Vec::new(),
                },
                by_rule: false,
                recorded,
            }),
            actual,
        });
    }
}

/// What is recorded of a step: all of it but what was done.
fn recorded_step(step: &Value) -> Option<Value> {
    let mut recorded = step.as_object()?.clone();
    recorded.shift_remove("do");
    recorded
        .contains_key("result")
        .then_some(Value::Object(recorded))
}

/// An error of ours that ends a step the replay itself needs.
fn told<T, E: std::error::Error>(result: Result<T, E>) -> Result<T, Unanswered> {
    result.map_err(|error| bad(crate::say::chain(&error)))
}
