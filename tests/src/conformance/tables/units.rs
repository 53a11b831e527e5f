//! `units`: the units of the cases: their ids and checksums, and the unit files that hold the same.

use std::collections::HashSet;

use job_units::{ReadOptions, parse_units};
use serde_json::{Map, Value, json};
use session_state::record::{LineRule, parse};
use session_state::template::Template;

use crate::conformance::bad::{Unanswered, bad, items, member, optional_text, text};
use crate::conformance::compare::differences;
use crate::conformance::corpus::{Corpus, CorpusError};
use crate::conformance::entry::{Compared, Entry};
use crate::conformance::guard::guarded;
use crate::conformance::units::{definition, namespace_of};
use crate::conformance::wrapped::fields;

use super::{Sink, recorded};

pub(super) fn run(corpus: &Corpus, sink: Sink<'_>) -> Result<bool, CorpusError> {
    let Some(text) = corpus.text("cases.jsonl")? else {
        return Ok(false);
    };
    // The same units come with many sessions; each is looked at once.
    let mut seen = HashSet::new();
    for line in text.lines() {
        // What cannot be read is told by the cases themselves.
        let Ok(case) = serde_json::from_str::<Value>(line) else {
            continue;
        };
        let jobs = &case["jobs"];
        if !seen.insert(jobs.to_string()) {
            continue;
        }
        let name = case["name"].as_str().unwrap_or_default();
        for (index, unit) in jobs["units"].as_array().into_iter().flatten().enumerate() {
            if seen.insert(format!("{} {unit}", jobs["namespace"])) {
                sink(unit_entry(format!("{name}/{index}"), jobs, unit));
            }
        }
        if let Some(file) = case["jobs_pxu"].as_str() {
            sink(file_entry(name, jobs, file));
        }
    }
    Ok(true)
}

fn unit_entry(name: String, jobs: &Value, unit: &Value) -> Entry {
    let actual = guarded(|| identity(jobs, unit));
    let recorded = recorded(unit, &["id", "checksum", "template_id", "resource_id"]);
    Entry {
        row: "units",
        name,
        marks: Map::new(),
        compared: Compared::of(recorded, &actual, differences),
        actual,
    }
}

fn identity(jobs: &Value, unit: &Value) -> Result<Value, Unanswered> {
    let namespace = namespace_of(jobs, unit)?;
    let data = member(unit, "data")?;
    let job = definition(namespace, Some(data), None)?;
    let mut answer = json!({ "id": job.id().as_str(), "checksum": job.checksum().to_string() });
    if unit["kind"] == "template" {
        let template = Template::new(namespace.map(Into::into), fields(data)?, None);
        let template = template.map_err(|error| bad(error.to_string()))?;
        answer["template_id"] = template.id().into();
        answer["resource_id"] = template.resource().as_str().into();
    }
    Ok(answer)
}

/// A unit file holds the fields of the units; as a file it is read into the same jobs, or refused.
fn file_entry(name: &str, jobs: &Value, file: &str) -> Entry {
    let actual = guarded(|| file_answer(jobs, file, name));
    let recorded = guarded(|| file_recorded(jobs)).ok();
    Entry {
        row: "units/files",
        name: name.to_owned(),
        marks: Map::new(),
        compared: Compared::of(recorded, &actual, differences),
        actual,
    }
}

fn file_answer(jobs: &Value, file: &str, name: &str) -> Result<Value, Unanswered> {
    let records = parse(file, LineRule::File).into_result();
    let records = records.map_err(|error| bad(error.to_string()))?;
    let data = records.iter().map(|record| {
        let fields = record.fields().iter();
        fields
            .map(|field| (field.name(), field.value()))
            .collect::<Value>()
    });
    let mut answer = json!({ "data": data.collect::<Vec<_>>() });
    let mut options = ReadOptions::default();
    options.namespace = optional_text(jobs, "namespace")?.map(Into::into);
    match parse_units(file, name, &options) {
        Ok(read) => {
            let ids = read.jobs.iter().map(|job| job.id().as_str());
            answer["job_ids"] = ids.collect();
            let misspelt = read.notes.iter().map(|note| note.text.to_string());
            answer["misspelt"] = misspelt
                .filter(|note| note.contains("did you mean"))
                .collect();
        }
        Err(errors) => {
            answer["refused"] = errors.iter().map(ToString::to_string).collect();
        }
    }
    Ok(answer)
}

fn file_recorded(jobs: &Value) -> Result<Value, Unanswered> {
    let units = items(jobs, "units")?;
    let data: Vec<&Value> = units.iter().map(|unit| &unit["data"]).collect();
    let mut ids = Vec::new();
    for unit in units.iter().filter(|unit| unit["kind"] == "job") {
        let id = text(unit, "id")?;
        if !ids.contains(&id) {
            ids.push(id);
        }
    }
    Ok(json!({ "data": data, "job_ids": ids, "misspelt": [] }))
}
