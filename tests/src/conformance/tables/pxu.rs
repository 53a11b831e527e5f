//! `pxu`: the grammar of unit files: texts, chunks of output, values, lists of words.

use serde_json::{Map, Value, json};
use session_state::record::{LineRule, Record, Records, normalise, parse, parse_chunks};
use session_state::word_entries;

use crate::conformance::bad::{Unanswered, text, texts};
use crate::conformance::compare::differences;
use crate::conformance::corpus::{Corpus, CorpusError};
use crate::conformance::entry::{Compared, Entry};
use crate::conformance::guard::guarded;
use crate::conformance::units::definition;

use super::{Sink, each, recorded};

pub(super) fn run(corpus: &Corpus, sink: Sink<'_>) -> Result<bool, CorpusError> {
    let Some(table) = corpus.value("pxu.json")? else {
        return Ok(false);
    };
    for (index, given) in table["texts"].as_array().into_iter().flatten().enumerate() {
        sink(text_entry(given, index));
    }
    each(&table, "chunked", |index, given| {
        let name = text(given, "name").map_or_else(|_| index.to_string(), str::to_owned);
        let actual = guarded(|| Ok(records(parse_chunks(texts(given, "chunks")?))));
        sink(Entry {
            row: "pxu/chunked",
            name,
            marks: Map::new(),
            compared: Compared::of(given.get("expected").cloned(), &actual, differences),
            actual,
        });
    });
    each(&table, "normalize", |index, given| {
        let actual = guarded(|| Ok(json!({ "normalized": normalise(text(given, "raw")?) })));
        let recorded = recorded(given, &["normalized"]);
        sink(Entry::of_text(
            "pxu/normalize",
            given,
            "raw",
            index,
            recorded,
            actual,
        ));
    });
    each(&table, "word_lists", |index, given| {
        let actual = guarded(|| word_list(text(given, "text")?));
        let recorded = recorded(given, &["entries", "depends"]);
        sink(Entry::of_text(
            "pxu/word_lists",
            given,
            "text",
            index,
            recorded,
            actual,
        ));
    });
    Ok(true)
}

/// A text is parsed as a stream, and as a string where that makes a difference.
fn text_entry(given: &Value, index: usize) -> Entry {
    const AS_STR: &str = "_if_given_as_str";
    let answers = guarded(|| {
        let text = text(given, "text")?;
        let stream = records(parse(text, LineRule::Stream));
        Ok((stream, records(parse(text, LineRule::Text))))
    });
    let mut compared = Compared::of(
        given.get("expected").cloned(),
        &answers.clone().map(|(stream, _)| stream),
        differences,
    );
    if let (Some(compared), Ok((_, ours))) = (&mut compared, &answers) {
        let theirs = given.get(format!("expected{AS_STR}"));
        let mut found = differences(theirs.unwrap_or(&compared.recorded), ours);
        for difference in &mut found {
            difference.path.insert_str(0, "given as str: ");
        }
        compared.differences.extend(found);
    }
    let other = answers.as_ref().ok().filter(|(one, other)| one != other);
    let marks = other.map(|(_, other)| (format!("actual{AS_STR}"), other.clone()));
    Entry {
        row: "pxu/texts",
        name: text(given, "name").map_or_else(|_| index.to_string(), str::to_owned),
        marks: marks.into_iter().collect(),
        actual: answers.map(|(stream, _)| stream),
        compared,
    }
}

fn records(records: Records) -> Value {
    match records.into_result() {
        Ok(records) => json!({ "records": records.iter().map(record).collect::<Vec<_>>() }),
        Err(error) => json!({ "error": {
            "class": "RFC822SyntaxError",
            "message": error.documented_message(),
            "lineno": error.line,
        }}),
    }
}

fn record(record: &Record) -> Value {
    let each = |value: &dyn Fn(&session_state::record::RecordField) -> Value| {
        let fields = record.fields().iter();
        fields
            .map(|field| (field.name().to_owned(), value(field)))
            .collect::<Map<_, _>>()
    };
    json!({
        "data": each(&|field| field.value().into()),
        "raw_data": each(&|field| field.raw().into()),
        "line_start": record.line_start(),
        "line_end": record.line_end(),
        "field_offset_map": each(&|field| field.offset().into()),
    })
}

fn word_list(text: &str) -> Result<Value, Unanswered> {
    let entries = word_entries(text).map(|entry| match entry {
        Ok(word) => json!({ "kind": "Text", "value": word }),
        Err(error) => json!({ "kind": "Error", "value": error.to_string() }),
    });
    let data = json!({ "id": "job", "depends": text });
    let job = definition(Some("ns"), Some(&data), None)?;
    let mut depends: Vec<String> = job.depends().iter().map(ToString::to_string).collect();
    depends.sort();
    Ok(json!({ "entries": entries.collect::<Vec<_>>(), "depends": depends }))
}
