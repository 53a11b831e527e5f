//! Lists of ids are read as they were.

use serde_json::json;
use session_state::words;

use crate::corpus::{definition, load, texts};

#[test]
fn word_lists_are_those_of_the_corpus() {
    let table = load("pxu.json.gz");
    let lists = table["word_lists"].as_array().expect("a list");
    assert_eq!(lists.len(), 41);
    for entry in lists {
        let text = entry["text"].as_str().expect("a text");
        let expected: Vec<&str> = entry["entries"]
            .as_array()
            .expect("a list")
            .iter()
            .filter(|word| word["kind"] == "Text")
            .filter_map(|word| word["value"].as_str())
            .collect();
        assert_eq!(words(text).collect::<Vec<_>>(), expected, "{text:?}");
        let data = json!({ "id": "job", "depends": text });
        let job = definition(&json!("ns"), &data, None).expect("plain texts");
        let mut depends: Vec<String> = job.depends().iter().map(ToString::to_string).collect();
        depends.sort();
        assert_eq!(depends, texts(&entry["depends"]), "{text:?}");
    }
}
