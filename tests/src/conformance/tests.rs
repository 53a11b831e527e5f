//! A corpus from outside: without recorded answers, with files missing, with entries that are none.

use std::path::Path;

use serde_json::{Value, json};
use tempfile::TempDir;

use super::{Corpus, Report, RunError, Settings, run};
use crate::disk;

/// A folder with these files.
fn folder(files: &[(&str, &str)]) -> TempDir {
    let folder = tempfile::tempdir().expect("a folder");
    for (name, text) in files {
        disk::write(&folder.path().join(name), text.as_bytes()).expect("written");
    }
    folder
}

/// The report, and the lines of the dump.
fn answers(dir: &Path, only: Option<&str>) -> (Report, Vec<Value>) {
    let mut dump = Vec::new();
    let settings = Settings {
        only: only.map(str::to_owned),
        dump: Some(Box::new(&mut dump)),
    };
    let corpus = Corpus::open(dir).expect("the folder is there");
    let report = run(&corpus, settings).expect("the table is known");
    let lines = dump
        .split(|byte| *byte == b'\n')
        .filter(|line| !line.is_empty());
    let lines = lines.map(|line| serde_json::from_slice(line).expect("JSON"));
    (report, lines.collect())
}

/// The committed corpus.
fn committed() -> Corpus {
    let dir = Path::new(env!("CARGO_MANIFEST_DIR")).join("corpus");
    Corpus::open(&dir).expect("the corpus is committed")
}

/// Takes the recorded answers out of the entries of a list.
fn take_out(list: &mut Value, keys: &[&str]) {
    for entry in list.as_array_mut().expect("a list") {
        let entry = entry.as_object_mut().expect("an object");
        entry.retain(|key, _| !keys.contains(&key.as_str()));
    }
}

/// Asserts that a table is answered in the same way without its recorded answers.
fn assert_same_without(table: &str, lists: &[(&str, &[&str])]) {
    let name = format!("{table}.json");
    let read = || committed().value(&name).expect("JSON").expect("there");
    let (full, mut bare) = (read(), read());
    for (list, keys) in lists {
        let list = match list.is_empty() {
            true => &mut bare,
            false => &mut bare[*list],
        };
        take_out(list, keys);
    }
    assert_ne!(full, bare);
    let folders = [full, bare].map(|table| folder(&[(&name, &table.to_string())]));
    let [(full, ours), (bare, again)] = folders.map(|folder| answers(folder.path(), Some(table)));
    assert!(ours == again, "{table} is answered in another way");
    assert_eq!(full.failed() + bare.failed(), 0);
    assert!(bare.passed() < full.passed(), "less is compared");
}

#[test]
fn answers_do_not_depend_on_the_recorded_ones() {
    let forms = ["checksum", "checksum_plainbox_0_38", "canonical_form"];
    assert_same_without("checksums", &[("", &forms)]);
    assert_same_without("solver", &[("graphs", &["solver", "session"])]);
    assert_same_without("pxu", &[("word_lists", &["entries", "depends"])]);
}

#[test]
fn mutations_need_no_recorded_base() {
    let table = committed().value("mutations.json").expect("JSON");
    let mut full = table.expect("there");
    let few = full["mutations"].as_array_mut().expect("a list");
    few.truncate(500);
    let mut bare = full.clone();
    take_out(
        &mut bare["mutations"],
        &[
            "result",
            "diff",
            "class",
            "message",
            "is_session_resume_error",
            "peek",
        ],
    );
    for (_, base) in bare["bases"].as_object_mut().expect("bases") {
        base.as_object_mut()
            .expect("a base")
            .shift_remove("expected");
    }
    let folders = [full, bare].map(|table| folder(&[("mutations.json", &table.to_string())]));
    let [(full, ours), (bare, again)] = folders.map(|folder| answers(folder.path(), None));
    assert!(ours == again, "a mutation is answered in another way");
    assert_eq!((full.failed(), bare.failed()), (0, 0));
}

#[test]
fn bad_entries_are_told_and_stop_nothing() {
    let graph = json!({ "name": "wrong", "namespace": "ns", "jobs": [{ "id": "a" }],
        "visit_list": null, "mandatory_list": [],
        "solver": { "order": ["ns::b"] }, "solver_deterministic": true });
    let graphs = json!({ "graphs": [5, { "name": "empty" }, graph] });
    let folder = folder(&[
        ("solver.json", &graphs.to_string()),
        ("cases.jsonl", "{\"name\": \"half\"\n{\"name\": \"bare\"}\n"),
        ("pxu.json", "{"),
    ]);
    let (report, lines) = answers(folder.path(), None);
    let told: Vec<String> = report.failures.iter().map(ToString::to_string).collect();
    let expected = [
        "cases \"line 1\": (no answer)",
        "cases \"bare\": (no answer)",
        "solver \"0\": (no answer)",
        "solver \"empty\": (no answer)",
        "solver \"wrong\": solver.order[0]: expected \"ns::b\", actual \"ns::a\"",
        "solver \"wrong\": session: expected nothing, actual",
        "pxu \"(the file)\": (no table)",
    ];
    assert_eq!(told.len(), expected.len(), "{told:#?}");
    for (told, expected) in told.iter().zip(expected) {
        assert!(told.starts_with(expected), "{told}");
    }
    assert_eq!(lines.len(), 5, "every entry has its line");
    assert_eq!((report.passed(), report.failed()), (0, 6));
    assert!(report.missing.contains(&"mutations.json"));
    assert!(
        report.to_string().ends_with("\n0 passed, 6 failed"),
        "{report}"
    );
}

#[test]
fn a_table_that_is_not_there_is_refused_with_those_that_are() {
    let settings = Settings {
        only: Some("case".to_owned()),
        dump: None,
    };
    let error = run(&committed(), settings).expect_err("no such table");
    assert!(matches!(error, RunError::NoSuchTable { .. }));
    assert!(
        error.to_string().contains("there are cases, units,"),
        "{error}"
    );
}
