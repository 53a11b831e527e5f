//! Compares a replay with its recording, step by step.

use std::collections::BTreeMap;

use serde_json::Value;

use super::replay::{OUR_OWN, Replay};

/// Scenarios that are about other crates, or about what Rust's types rule out.
const ELSEWHERE: [&str; 5] = [
    "manager",
    "manager-two-contexts",
    "manager-create-with-state",
    "checkpoint-wrong-type",
    "checkpoint-no-directory",
];

type Listing = BTreeMap<String, String>;

/// Replays one file; answers every difference as "scenario/step: aspect", and how many steps were done.
pub(super) fn differences(file: &str, suffix: &'static str, base: &str) -> (Vec<String>, usize) {
    let path = format!(
        "{}/../../tests/corpus/legacy/{file}",
        env!("CARGO_MANIFEST_DIR")
    );
    let corpus: Value = serde_json::from_str(&read(&path)).unwrap();
    let mut found = Vec::new();
    let mut steps_done = 0;
    for (name, scenario) in corpus["scenarios"].as_object().unwrap() {
        if ELSEWHERE.contains(&name.as_str()) {
            continue;
        }
        let mut replay = Replay::new(name, suffix);
        for (number, step) in scenario["steps"].as_array().unwrap().iter().enumerate() {
            steps_done += 1;
            let words = step["do"].as_str().unwrap();
            let mut differs = |aspect: String| {
                found.push(format!("{name}/{} {words}: {aspect}", number + 1));
            };
            let ours = replay.step(words);
            compare_answers(&ours, step, suffix, &mut differs);
            compare_listings(
                &replay.listing(),
                &recorded_listing(step, base),
                &mut differs,
            );
            compare_sessions(&replay, step, suffix, &mut differs);
        }
    }
    (found, steps_done)
}

fn compare_answers(
    ours: &Result<Value, String>,
    step: &Value,
    suffix: &str,
    differs: &mut dyn FnMut(String),
) {
    let words = step["do"].as_str().unwrap();
    let created = words.contains("create");
    match (ours, step["result"].get("ok")) {
        // The umask was another one when this was recorded; the replay looks at its own.
        (Ok(Value::Null), _) if words == "umask afterwards" => {}
        (Ok(ours), Some(Value::String(theirs))) if ours.is_string() => {
            let mut theirs = last_component(theirs);
            if created && !theirs.ends_with(suffix) {
                theirs.push_str(suffix);
            }
            if ours.as_str() != Some(&theirs) {
                differs(format!("answers {ours}, not {theirs:?}"));
            }
        }
        (Ok(ours), Some(theirs)) if ours == theirs => {}
        (Err(_), None) => {}
        (Ok(ours), Some(theirs)) => differs(format!("answers {ours}, not {theirs}")),
        (Ok(_), None) => differs("succeeds".to_owned()),
        (Err(cause), Some(_)) => differs(format!("fails: {cause}")),
    }
}

fn compare_listings(ours: &Listing, theirs: &Listing, differs: &mut dyn FnMut(String)) {
    let (our_kinds, their_kinds) = (kinds(ours), kinds(theirs));
    if our_kinds != their_kinds {
        let more = only_in(&our_kinds, &their_kinds);
        let less = only_in(&their_kinds, &our_kinds);
        differs(format!("listing has [{more}], not [{less}]"));
    }
    for (path, told) in ours {
        let recorded = theirs.get(path).filter(|recorded| *recorded != told);
        if let Some(recorded) = recorded.filter(|_| !is_made_by_hand(path, told)) {
            differs(format!("mode of {path} is {told}, not {recorded}"));
        }
    }
}

fn compare_sessions(replay: &Replay, step: &Value, suffix: &str, differs: &mut dyn FnMut(String)) {
    if let Some(theirs) = step.get("last_storage").map(|last| &last["ok"]) {
        let theirs = theirs.as_str().map(last_component);
        let ours = replay.last_storage();
        if ours != theirs {
            differs(format!("last storage is {ours:?}, not {theirs:?}"));
        }
    }
    let theirs = step["storage_list"]["ok"].as_array().unwrap();
    let mut theirs: Vec<String> = theirs.iter().map(file_name).collect();
    let mut ours = replay.storage_list();
    if suffix.is_empty() {
        // 0.5.4 promises no order.
        theirs.sort();
        ours.sort();
    }
    if ours != theirs {
        differs(format!("lists {ours:?}, not {theirs:?}"));
    }
}

/// The recorded listing in the words of [`Replay::listing`].
fn recorded_listing(step: &Value, base: &str) -> Listing {
    let mut found = BTreeMap::new();
    for entry in step["listing"].as_array().into_iter().flatten() {
        let path = entry["path"].as_str().unwrap();
        let Some(path) = path.strip_prefix(base).filter(|path| !path.is_empty()) else {
            continue;
        };
        if path.contains('/') && OUR_OWN.contains(&last_component(path).as_str()) {
            continue;
        }
        let told = match entry["type"].as_str().unwrap() {
            "symlink" => format!("symlink {}", file_name(&entry["target"])),
            kind => format!("{kind} {}", entry["mode"].as_str().unwrap()),
        };
        found.insert(path.to_owned(), told);
    }
    found
}

/// Whether the recording's own hand made it: then its mode comes from the umask of the recording.
fn is_made_by_hand(path: &str, told: &str) -> bool {
    let by_a_program = path.starts_with('S') || path.starts_with("pbox-");
    !by_a_program
        || path.ends_with("session.next")
        || (path.ends_with("/session") && told.starts_with("dir"))
}

/// A listing without modes.
fn kinds(listing: &Listing) -> Listing {
    let without_mode = |told: &String| match told.split_once(' ') {
        Some(("symlink", _)) | None => told.clone(),
        Some((kind, _)) => kind.to_owned(),
    };
    listing
        .iter()
        .map(|(path, told)| (path.clone(), without_mode(told)))
        .collect()
}

fn only_in(one: &Listing, other: &Listing) -> String {
    let paths = one
        .iter()
        .filter(|(path, told)| other.get(*path) != Some(told));
    let paths: Vec<&str> = paths.map(|(path, _)| path.as_str()).collect();
    paths.join(", ")
}

fn last_component(path: &str) -> String {
    path.rsplit('/').next().unwrap().to_owned()
}

fn file_name(value: &Value) -> String {
    last_component(value.as_str().unwrap())
}

#[expect(
    clippy::disallowed_methods,
    reason = "the corpus is read in this one place"
)]
fn read(path: &str) -> String {
    std::fs::read_to_string(path).unwrap()
}
