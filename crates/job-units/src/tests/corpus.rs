//! The unit files of recorded sessions.

use std::collections::HashSet;
use std::io::{BufRead, BufReader};

use flate2::read::GzDecoder;
use serde_json::{Deserializer, Value};
use session_state::record::{LineRule, parse};

use super::{ReadOptions, parse_units};

/// The sessions of the corpus; most come with their units as a unit file.
pub(super) const CASES: &[u8] = include_bytes!(concat!(
    env!("CARGO_MANIFEST_DIR"),
    "/../../tests/corpus/cases.jsonl.gz"
));

/// The part of a case that is looked at here.
fn unit_files_of_the_corpus() -> Vec<(String, Value, String)> {
    let mut known = HashSet::new();
    BufReader::new(GzDecoder::new(CASES))
        .lines()
        .map(|line| line.expect("the corpus is text"))
        .filter_map(|line| {
            // The rest of a case is large: it is not read for one whose unit file is known.
            let start = line.find("\"jobs_pxu\":")?;
            let text = &line[start + "\"jobs_pxu\":".len()..];
            let text = Deserializer::from_str(text)
                .into_iter::<String>()
                .next()?
                .ok()?;
            known.insert(text.clone()).then(|| {
                let case: Value = serde_json::from_str(&line).expect("a case is JSON");
                let name = case["name"].as_str().expect("a name");
                (name.to_owned(), case["jobs"].clone(), text)
            })
        })
        .collect()
}

#[test]
fn unit_files_of_the_corpus_give_the_units_of_their_sessions() {
    let files = unit_files_of_the_corpus();
    let mut refused = Vec::new();
    for (name, jobs, text) in &files {
        let records = parse(text, LineRule::File).into_result().expect(name);
        let units = jobs["units"].as_array().expect("a list");
        assert_eq!(records.len(), units.len(), "{name}");
        for (record, unit) in records.iter().zip(units) {
            let fields = record.fields().iter();
            let data: Value = fields.map(|f| (f.name(), f.value())).collect();
            assert_eq!(data, unit["data"], "{name}");
        }
        let options = ReadOptions {
            namespace: jobs["namespace"].as_str().map(Into::into),
            ..ReadOptions::default()
        };
        match parse_units(text, name, &options) {
            Ok(read) => {
                let misspelt = read
                    .notes
                    .iter()
                    .find(|note| note.text.contains("did you mean"));
                assert_eq!(
                    misspelt, None,
                    "{name}: every field of the corpus is known or far from it"
                );
                let ids: Vec<&str> = read.jobs.iter().map(|job| job.id().as_str()).collect();
                let of_kind = units.iter().filter(|unit| unit["kind"] == "job");
                let mut known = HashSet::new();
                let wanted: Vec<&str> = of_kind
                    .filter_map(|unit| unit["id"].as_str())
                    .filter(|id| known.insert(*id))
                    .collect();
                assert_eq!(ids, wanted, "{name}");
            }
            Err(errors) => {
                assert_eq!(errors.len(), 1, "{errors:?}");
                refused.push(&**name);
            }
        }
    }
    assert_eq!(files.len(), 81, "unit files that differ");
    assert_eq!(refused, REFUSED);
}

/// What a session takes and lives with, but a person is told about: two definitions of one id,
/// requirements that are none, a job that does not say what it is.
const REFUSED: [&str; 15] = [
    "err-v01-duplicate-differs",
    "jobs-v01-requires-assign",
    "jobs-v01-requires-call-only",
    "jobs-v01-requires-fstring",
    "jobs-v01-requires-ifexp",
    "jobs-v01-requires-lambda",
    "jobs-v01-requires-method",
    "jobs-v01-requires-neg",
    "jobs-v01-requires-subscript",
    "jobs-v01-requires-syntax",
    "jobs-v01-requires-two-stmts",
    "jobs-v06-imports-bad",
    "jobs-v06-requires-not",
    "jobs-v06-requires-plus",
    "real-plugins-v01",
];
