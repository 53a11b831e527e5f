//! `checksums`: definitions with their checksums by both rules, and the text that is hashed.

use serde_json::{Map, Value, json};

use crate::conformance::bad::{Unanswered, optional_text, text};
use crate::conformance::compare::differences;
use crate::conformance::corpus::{Corpus, CorpusError};
use crate::conformance::entry::{Compared, Entry};
use crate::conformance::guard::guarded;
use crate::conformance::units::definition;

use super::{Sink, recorded};

/// Up to which length the hashed text stands in the answer, in characters.
const FORM_MAX: usize = 400;

pub(super) fn run(corpus: &Corpus, sink: Sink<'_>) -> Result<bool, CorpusError> {
    let Some(table) = corpus.value("checksums.json")? else {
        return Ok(false);
    };
    for (index, given) in table.as_array().into_iter().flatten().enumerate() {
        let name = text(given, "name").map_or_else(|_| index.to_string(), str::to_owned);
        let actual = guarded(|| answer(given));
        let recorded = recorded(
            given,
            &["checksum", "checksum_plainbox_0_38", "canonical_form"],
        );
        sink(Entry {
            row: "checksums",
            name,
            marks: Map::new(),
            compared: Compared::of(recorded, &actual, differences),
            actual,
        });
    }
    Ok(true)
}

fn answer(given: &Value) -> Result<Value, Unanswered> {
    let namespace = optional_text(given, "namespace")?;
    let job = definition(namespace, given.get("data"), given.get("parameters"))?;
    let mut answer = json!({
        "checksum": job.checksum().to_string(),
        "checksum_plainbox_0_38": job.checksum_without_namespace().to_string(),
    });
    let form = job.canonical_form();
    if form.chars().count() <= FORM_MAX {
        answer["canonical_form"] = form.into();
    }
    Ok(answer)
}
