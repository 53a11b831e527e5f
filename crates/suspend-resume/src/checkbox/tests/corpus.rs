//! The compatibility corpus, as test data.

use std::collections::BTreeMap;
use std::io::{Read, Write};

use flate2::Compression;
use flate2::read::GzDecoder;
use flate2::write::GzEncoder;
use serde_json::{Value, json};

use crate::checkbox::base64;

/// The inflated text of a file of the corpus.
#[expect(clippy::disallowed_methods, reason = "tests read the committed corpus")]
fn text(name: &str) -> String {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../../tests/corpus");
    let packed = std::fs::read(format!("{path}/{name}")).expect("the corpus is committed");
    let mut text = String::new();
    GzDecoder::new(&packed[..])
        .read_to_string(&mut text)
        .expect("gzip, UTF-8");
    text
}

/// A session, what it is resumed with, and what Checkbox says of it.
pub(super) struct Case {
    pub(super) name: String,
    pub(super) session: Vec<u8>,
    /// The units that are known, as the corpus has them.
    pub(super) units: Value,
    /// Flags of resume, and the directory of the session.
    pub(super) meta: Value,
    /// The files below that directory, by their whole path.
    pub(super) files: BTreeMap<String, Vec<u8>>,
    pub(super) expected: Value,
}

/// All cases.
pub(super) fn cases() -> Vec<Case> {
    let case = |line: &str| {
        let mut case: Value = serde_json::from_str(line).expect("strict JSON");
        let location = case["meta"]["location"].as_str().unwrap_or_default();
        let files = case["session_dir"].as_object().into_iter().flatten();
        let file = |(name, bytes): (&String, &Value)| {
            let bytes = bytes.as_str().expect("base64");
            let bytes = base64::decode(bytes).expect("base64");
            (format!("{location}/{name}"), bytes)
        };
        let session = case["session_base64"].as_str().expect("base64");
        Case {
            name: case["name"].as_str().expect("a name").to_owned(),
            session: base64::decode(session).expect("base64"),
            files: files.map(file).collect(),
            units: case["jobs"].take(),
            meta: case["meta"].take(),
            expected: case["expected"].take(),
        }
    };
    text("cases.jsonl.gz").lines().map(case).collect()
}

/// All mutations, as cases.
pub(super) fn mutations() -> Vec<Case> {
    let all: Value = serde_json::from_str(&text("mutations.json.gz")).expect("strict JSON");
    let mutations = all["mutations"].as_array().expect("a list");
    let mutation = |mutation: &Value| {
        let base = &all["bases"][mutation["base"].to_string()];
        let mut document = base["session"].clone();
        for operation in mutation["ops"].as_array().expect("a list") {
            mutate(&mut document, operation);
        }
        Case {
            name: mutation["id"].as_str().expect("an id").to_owned(),
            session: pack(json_of(&document).as_bytes()),
            units: all["jobs"].clone(),
            meta: json!({"location": all["location"], "resume_flags": null}),
            files: BTreeMap::new(),
            expected: expected_of(mutation, &base["expected"]),
        }
    };
    mutations.iter().map(mutation).collect()
}

/// What Checkbox says of a mutation: that of its base with a difference, or an error.
fn expected_of(mutation: &Value, base: &Value) -> Value {
    if mutation["result"] == "error" {
        let mut expected = mutation.clone();
        expected["status"] = json!("error");
        if expected["peek"] == "same" {
            expected["peek"] = base["peek"].clone();
        }
        return expected;
    }
    let mut expected = base.clone();
    for difference in mutation["diff"].as_array().expect("a list") {
        let path = difference[0].as_array().expect("a path");
        let (last, parents) = path.split_last().expect("never the root");
        let step = |step: &Value| step.as_str().expect("a key").to_owned();
        let place = parents
            .iter()
            .fold(&mut expected, |place, key| &mut place[step(key)]);
        if difference[1] == json!({"$absent": true}) {
            place
                .as_object_mut()
                .expect("an object")
                .remove(&step(last));
        } else {
            place[step(last)] = difference[1].clone();
        }
    }
    expected
}

fn mutate(document: &mut Value, operation: &Value) {
    let steps = operation[1].as_array().expect("a path");
    let (last, parents) = steps.split_last().expect("never the root");
    let mut place = document;
    for step in parents {
        place = match step {
            Value::String(key) => &mut place[key],
            index @ (Value::Null
            | Value::Bool(_)
            | Value::Number(_)
            | Value::Array(_)
            | Value::Object(_)) => &mut place[index.as_u64().expect("an index") as usize],
        };
    }
    let value = operation.get(2).cloned();
    match (last, value) {
        (Value::String(key), Some(value)) => place[key] = value,
        (Value::String(key), None) => {
            place
                .as_object_mut()
                .expect("an object")
                .remove(key)
                .expect("was there");
        }
        (index, value) => {
            let index = index.as_u64().expect("an index") as usize;
            if let Value::Object(entries) = place {
                entries.insert(index.to_string(), value.expect("only lists lose an item"));
                return;
            }
            let items = place.as_array_mut().expect("a list");
            match value {
                Some(value) => items[index] = value,
                None => drop(items.remove(index)),
            }
        }
    }
}

/// JSON text of a value of the corpus; its wrappers become what they stand for.
pub(super) fn json_of(value: &Value) -> String {
    let pair = |key: &str, value: &Value| format!("{}:{}", Value::from(key), json_of(value));
    match value {
        Value::Array(items) => {
            let items: Vec<String> = items.iter().map(json_of).collect();
            format!("[{}]", items.join(","))
        }
        Value::Object(entries) => match wrapped(entries) {
            Some(text) => text,
            None => {
                let entries: Vec<String> = entries.iter().map(|(k, v)| pair(k, v)).collect();
                format!("{{{}}}", entries.join(","))
            }
        },
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => value.to_string(),
    }
}

/// What a wrapper stands for, as JSON text.
fn wrapped(entries: &serde_json::Map<String, Value>) -> Option<String> {
    let (key, value) = entries.iter().next().filter(|_| entries.len() == 1)?;
    let text = value.as_str()?;
    match key.as_str() {
        "$int" => Some(text.to_owned()),
        "$float" => Some(match text {
            "nan" => "NaN".to_owned(),
            "inf" => "Infinity".to_owned(),
            other => other.replace("inf", "Infinity"),
        }),
        "$wtf8" => {
            let bytes = base64::decode(text).expect("base64");
            Some(wtf8_literal(&bytes))
        }
        _ => None,
    }
}

/// A text with lone surrogates, as a JSON text of escapes.
fn wtf8_literal(bytes: &[u8]) -> String {
    let mut literal = String::from("\"");
    let mut rest = bytes;
    while let [first, ..] = rest {
        let length = match first {
            0..=0x7f => 1,
            0x80..=0xdf => 2,
            0xe0..=0xef => 3,
            0xf0.. => 4,
        };
        let (character, after) = rest.split_at(length);
        match (std::str::from_utf8(character), character) {
            (Ok(text), _) => literal.push_str(Value::from(text).to_string().trim_matches('"')),
            (Err(_), [_, middle, low]) => {
                let unit = 0xd000 | u32::from(middle & 0x3f) << 6 | u32::from(low & 0x3f);
                literal.push_str(&format!("\\u{unit:04x}"));
            }
            (Err(_), _) => panic!("no surrogate"),
        }
        rest = after;
    }
    literal.push('"');
    literal
}

/// A gzip member of some bytes.
pub(super) fn pack(bytes: &[u8]) -> Vec<u8> {
    let mut packer = GzEncoder::new(Vec::new(), Compression::fast());
    packer.write_all(bytes).expect("memory takes it");
    packer.finish().expect("memory takes it")
}
