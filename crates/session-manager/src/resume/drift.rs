//! Definitions that are others now than those the session was made with.

use std::collections::HashMap;
use std::sync::Arc;

use session_state::{FieldRef, JobDefinition, JobState};
use suspend_resume::JobChecksums;

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

/// How a definition differs from the one in the session.
pub(super) enum Drift {
    Changed(Arc<JobDefinition>, Vec<FieldDifference>),
    Gone,
}

impl Drift {
    pub(super) fn of(job: &JobState, now: &HashMap<&str, &Arc<JobDefinition>>) -> Option<Self> {
        let stored = job.definition();
        match now.get(job.id().as_str()) {
            Some(now) => {
                let differences = differences(stored, now);
                (!differences.is_empty()).then(|| Self::Changed(Arc::clone(now), differences))
            }
            None if job.via().is_some() || stored.parameters().is_some() => None,
            None => Some(Self::Gone),
        }
    }

    /// In a session that keeps checksums only, the state was made of the definitions as they are now.
    pub(super) fn of_checksum(job: &JobState, checksums: &JobChecksums) -> Option<Self> {
        let definition = job.definition();
        if checksums.fits(definition)? {
            return None;
        }
        let difference = FieldDifference {
            field: "(checksum)".to_owned(),
            stored: checksums.of(job.id()).map(str::to_owned),
            now: Some(definition.checksum().to_string()),
        };
        Some(Self::Changed(Arc::clone(definition), vec![difference]))
    }
}
