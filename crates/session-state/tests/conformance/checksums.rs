//! Every definition has the checksum it had, by both rules.

use crate::corpus::{definition, load};

/// Definitions with lone surrogates, or keys that are not texts: text is Unicode here (deviation D15).
const NOT_UNICODE: &[&str] = &["value-20", "value-21", "key-21"];

#[test]
fn checksums_are_those_of_the_corpus() {
    let table = load("checksums.json.gz");
    let mut skipped = Vec::new();
    let mut checked = 0;
    for entry in table.as_array().expect("a list") {
        let name = entry["name"].as_str().expect("a name");
        let Some(definition) =
            definition(&entry["namespace"], &entry["data"], entry.get("parameters"))
        else {
            skipped.push(name);
            continue;
        };
        if let Some(form) = entry["canonical_form"].as_str() {
            assert_eq!(definition.canonical_form(), form, "{name}");
        }
        assert_eq!(
            Some(&*definition.checksum().to_string()),
            entry["checksum"].as_str(),
            "{name}"
        );
        assert_eq!(
            Some(&*definition.checksum_without_namespace().to_string()),
            entry["checksum_plainbox_0_38"].as_str(),
            "{name}"
        );
        checked += 1;
    }
    assert_eq!(skipped, NOT_UNICODE);
    assert_eq!(checked + skipped.len(), 277);
}
