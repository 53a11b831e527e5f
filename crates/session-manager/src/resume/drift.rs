//! Definitions that are others now than those the session was made with.

use session_state::{FieldRef, JobDefinition};

/// A field that differs between two definitions of one id.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FieldDifference {
    /// The field, by its raw name.
    pub field: String,
    /// Its value in the session; `None` when it is not there.
    pub stored: Option<String>,
    /// Its value now; `None` when it is not there.
    pub now: Option<String>,
}

/// The fields that differ, in the order of the stored definition, new ones last; none for definitions of equal
/// checksum. Where a definition was written and in which order its fields stand makes no difference.
pub fn differences(stored: &JobDefinition, now: &JobDefinition) -> Vec<FieldDifference> {
    if stored.checksum() == now.checksum() {
        return Vec::new();
    }
    let mut names: Vec<&str> = Vec::new();
    for (name, _) in stored.fields().chain(now.fields()) {
        if !names.contains(&name) {
            names.push(name);
        }
    }
    let mut differences: Vec<FieldDifference> = names
        .into_iter()
        .filter(|name| stored.raw(name) != now.raw(name))
        .map(|name| FieldDifference {
            field: name.to_owned(),
            stored: stored.raw(name).map(text),
            now: now.raw(name).map(text),
        })
        .collect();
    if stored.parameters() != now.parameters() {
        let shown = |job: &JobDefinition| job.parameters().map(|known| format!("{known:?}"));
        differences.push(FieldDifference {
            field: "(template parameters)".to_owned(),
            stored: shown(stored),
            now: shown(now),
        });
    }
    differences
}

fn text(value: FieldRef<'_>) -> String {
    match value {
        FieldRef::Text(text) => text.to_owned(),
        FieldRef::Null => "null".to_owned(),
        FieldRef::Bool(value) => value.to_string(),
        FieldRef::Int(value) => value.to_string(),
        FieldRef::BigInt(digits) => digits.to_owned(),
        FieldRef::Float(value) => value.to_string(),
        FieldRef::List(items) => format!("{items:?}"),
        FieldRef::Map(entries) => format!("{entries:?}"),
    }
}
