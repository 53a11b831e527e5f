//! The JSON Schemas of Checkbox's formats, beside every recorded session.

use std::io::Read as _;
use std::path::{Path, PathBuf};

use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use flate2::read::MultiGzDecoder;
use jsonschema::Validator;
use serde_json::Value;
use session_tests::disk;

const VERSIONS: usize = 11;

fn path(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(name)
}

/// The schemas, by version; the first is that of version 1.
fn schemas() -> Vec<Validator> {
    let schema = |version: usize| {
        let name = format!("../docs/schemas/checkbox-session-v{version}.json");
        let text = disk::read(&path(&name)).expect("a schema");
        let schema: Value = serde_json::from_slice(&text).expect("JSON");
        assert_eq!(
            schema["$id"],
            format!("urn:session:checkbox-session:{version}")
        );
        jsonschema::draft202012::new(&schema).expect("a schema of draft 2020-12")
    };
    (1..=VERSIONS).map(schema).collect()
}

fn unpacked(name: &str) -> String {
    let packed = disk::read(&path(&format!("corpus/{name}"))).expect("the corpus");
    let mut text = String::new();
    MultiGzDecoder::new(&packed[..])
        .read_to_string(&mut text)
        .expect("text");
    text
}

/// The document of a session; `None` where it is not strict JSON, or not packed as it should be.
fn document(case: &Value) -> Option<Value> {
    let bytes = BASE64_STANDARD
        .decode(case["session_base64"].as_str()?)
        .ok()?;
    let mut text = Vec::new();
    MultiGzDecoder::new(&bytes[..])
        .read_to_end(&mut text)
        .ok()?;
    serde_json::from_slice(&text).ok()
}

/// The schema for a document: that of the version it says.
fn schema_for<'s>(schemas: &'s [Validator], document: &Value) -> Option<&'s Validator> {
    let version = document["version"]
        .as_u64()
        .and_then(|version| usize::try_from(version).ok())?;
    schemas.get(version.checked_sub(1)?)
}

#[test]
fn every_session_that_resumes_is_valid_by_the_schema_of_its_version() {
    let schemas = schemas();
    let (mut valid, mut beyond_json) = ([0; VERSIONS], 0);
    for line in unpacked("cases.jsonl.gz").lines() {
        let case: Value = serde_json::from_str(line).expect("a case");
        if case["expected"]["status"] != "ok" {
            continue;
        }
        let Some(document) = document(&case) else {
            beyond_json += 1;
            continue;
        };
        let Some(schema) = schema_for(&schemas, &document) else {
            beyond_json += 1;
            continue;
        };
        if let Err(error) = schema.validate(&document) {
            panic!("{}: {error} at {}", case["name"], error.instance_path());
        }
        let version = document["version"].as_u64().expect("schema_for looked") as usize;
        valid[version - 1] += 1;
    }
    let counts = [94, 50, 43, 71, 58, 87, 22, 27, 35, 37, 217];
    assert_eq!((valid, beyond_json), (counts, 22));
}

/// Makes one change to a document: `["del", PATH]` or `["set", PATH, VALUE]`.
fn change(document: &mut Value, operation: &Value) -> Option<()> {
    let (last, parents) = operation[1].as_array()?.split_last()?;
    let mut place = document;
    for step in parents {
        place = match step.as_u64() {
            Some(index) => place.get_mut(usize::try_from(index).ok()?)?,
            None => place.get_mut(step.as_str()?)?,
        };
    }
    let value = operation.get(2).cloned();
    match (place, value) {
        (Value::Object(entries), Some(value)) => drop(entries.insert(key(last), value)),
        (Value::Object(entries), None) => drop(entries.remove(&key(last))),
        (Value::Array(items), value) => {
            let index = usize::try_from(last.as_u64()?).ok()?;
            let item = items.get_mut(index)?;
            match value {
                Some(value) => *item = value,
                None => drop(items.remove(index)),
            }
        }
        _ => return None,
    }
    Some(())
}

fn key(step: &Value) -> String {
    step.as_str()
        .map_or_else(|| step.to_string(), str::to_owned)
}

/// Whether a value holds what strict JSON cannot say: the corpus wraps it.
fn is_wrapped(value: &Value) -> bool {
    let text = value.to_string();
    ["\"$float\"", "\"$int\"", "\"$wtf8\""]
        .iter()
        .any(|wrapper| text.contains(wrapper))
}

#[test]
fn schemas_refuse_damaged_sessions_and_take_what_resumes() {
    let schemas = schemas();
    let all: Value = serde_json::from_str(&unpacked("mutations.json.gz")).expect("JSON");
    let (mut taken, mut refused, mut passed_over) = (0, 0, 0);
    for mutation in all["mutations"].as_array().expect("a list") {
        if is_wrapped(&mutation["ops"]) {
            continue;
        }
        let mut document = all["bases"][mutation["base"].to_string()]["session"].clone();
        for operation in mutation["ops"].as_array().expect("a list") {
            change(&mut document, operation).expect("an operation that fits");
        }
        let Some(schema) = schema_for(&schemas, &document) else {
            continue;
        };
        match (mutation["result"] == "ok", schema.validate(&document)) {
            (true, Ok(())) => taken += 1,
            (true, Err(error)) => panic!("{} resumes: {error}", mutation["id"]),
            (false, Err(_)) => refused += 1,
            (false, Ok(())) => passed_over += 1,
        }
    }
    assert_eq!((taken, refused, passed_over), (970, 5_861, 381));
}
