//! A step beside its recording.

use serde_json::{Map, Value};

use super::place::Program;
use crate::conformance::compare::{Difference, differences};

/// The differences. Entries of a listing are compared by their paths; what the recording's own hand made has
/// the mode of its umask and a content of its own, and is compared by its kind alone.
pub(super) fn step_differences(
    expected: &Value,
    actual: &Value,
    program: Program,
    says_what_is_saved: bool,
) -> Vec<Difference> {
    let (expected, actual) = (by_path(expected, program), by_path(actual, program));
    let mut found = differences(&expected, &actual);
    // An error is the same when its class is; the words name paths.
    found.retain(|one| {
        let words = ["errno", "message", "is_oserror"].map(|key| format!("result.error.{key}"));
        let size = one.path.ends_with("/session.size") && !says_what_is_saved;
        !words.contains(&one.path) && !size
    });
    found
}

fn by_path(step: &Value, program: Program) -> Value {
    let mut step = step.clone();
    if let Some(entries) = step["listing"].as_array() {
        let entries = entries.iter().filter_map(|entry| {
            let path = entry["path"].as_str()?;
            let mut entry = entry.as_object()?.clone();
            entry.shift_remove("path");
            if is_made_by_hand(path, &entry, program) {
                entry.shift_remove("mode");
                entry.shift_remove("size");
            }
            Some((path.to_owned(), Value::Object(entry)))
        });
        step["listing"] = Value::Object(entries.collect());
    }
    // The old program lists in no particular order.
    if let (Program::PlainBox054, Some(list)) = (program, step.pointer_mut("/storage_list/ok")) {
        let list = list.as_array_mut().map_or(&mut [][..], Vec::as_mut_slice);
        list.sort_by(|one, other| one.as_str().cmp(&other.as_str()));
    }
    step
}

fn is_made_by_hand(path: &str, entry: &Map<String, Value>, program: Program) -> bool {
    let inside = match program {
        Program::PlainBox054 => path,
        Program::Checkbox73 => match path.strip_prefix(program.location()) {
            Some("") | None => return false,
            Some(inside) => inside.trim_start_matches('/'),
        },
    };
    let by_a_program = inside.starts_with('S') || inside.starts_with("pbox-");
    !by_a_program
        || inside.ends_with("session.next")
        || inside.ends_with("/session") && entry["type"] == "dir"
}
