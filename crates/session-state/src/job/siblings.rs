//! Copies of a job that other fields of it ask for.

use std::sync::Arc;

use super::definition::JobDefinition;
use super::json_read::{JsonError, read_json};
use super::known::KnownField;
use crate::field::{FieldRef, FieldValue};
use crate::id::JobId;

/// The flags that ask for a copy after suspending the machine: the flag, the job that suspends, what is
/// put before the id.
pub(crate) const SUSPENDS: [(&str, &str, &str); 2] = [
    (
        "also-after-suspend",
        "com.canonical.certification::suspend/suspend_advanced_auto",
        "after-suspend",
    ),
    (
        "also-after-suspend-manual",
        "com.canonical.certification::suspend/suspend_advanced",
        "after-suspend-manual",
    ),
];

/// What these flags begin with.
const SUSPENDS_PREFIX: &str = "also-after-suspend";

/// The field `siblings` of a job does not list fields.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum SiblingsError {
    /// It is a text that is not JSON.
    #[error("cannot read the siblings of job '{job}'")]
    NotJson {
        /// The job.
        job: JobId,
        /// Where the text stops making sense.
        #[source]
        source: JsonError,
    },
    /// It is not a list of maps.
    #[error("the siblings of job '{job}' are not a list of maps of fields")]
    NotMaps {
        /// The job.
        job: JobId,
    },
}

impl JobDefinition {
    /// Whether [`siblings`](Self::siblings) can answer with any.
    pub(crate) fn may_have_siblings(&self) -> bool {
        self.known_value(KnownField::SIBLINGS).is_some()
            || match self.known_value(KnownField::FLAGS) {
                Some(FieldRef::Text(text)) if !self.is_filled_in() => {
                    text.contains(SUSPENDS_PREFIX) && self.suspends()
                }
                Some(_) => self.suspends(),
                None => false,
            }
    }

    fn suspends(&self) -> bool {
        SUSPENDS.iter().any(|(flag, ..)| self.has_flag(flag))
    }

    /// The copies of this job that its fields `siblings` and `flags` ask for, in their order: those listed,
    /// then those after a suspend.
    ///
    /// # Errors
    ///
    /// The field `siblings` is not a list of maps, nor the JSON text of one.
    pub fn siblings(&self) -> Result<Vec<Self>, SiblingsError> {
        let mut siblings = Vec::new();
        for overrides in self.listed_siblings()? {
            siblings.push(self.copy_with(overrides));
        }
        for (flag, suspend, prefix) in SUSPENDS {
            if self.has_flag(flag) {
                siblings.push(self.copy_with(self.suspend_overrides(suspend, prefix)));
            }
        }
        Ok(siblings)
    }

    fn listed_siblings(&self) -> Result<Vec<Fields>, SiblingsError> {
        let parsed;
        let items = match self.value("siblings") {
            None => return Ok(Vec::new()),
            Some(FieldRef::Text(text)) => {
                parsed = read_json(text, &mut |_| {}).map_err(|source| SiblingsError::NotJson {
                    job: self.id().clone(),
                    source,
                })?;
                match &parsed {
                    FieldValue::List(items) => items,
                    FieldValue::Null
                    | FieldValue::Bool(_)
                    | FieldValue::Int(_)
                    | FieldValue::BigInt(_)
                    | FieldValue::Float(_)
                    | FieldValue::Text(_)
                    | FieldValue::Map(_) => return Err(self.not_maps()),
                }
            }
            Some(FieldRef::List(items)) => items,
            Some(
                FieldRef::Null
                | FieldRef::Bool(_)
                | FieldRef::Int(_)
                | FieldRef::BigInt(_)
                | FieldRef::Float(_)
                | FieldRef::Map(_),
            ) => return Err(self.not_maps()),
        };
        let maps = items.iter().map(|item| match item {
            FieldValue::Map(entries) => Ok(entries.clone()),
            FieldValue::Null
            | FieldValue::Bool(_)
            | FieldValue::Int(_)
            | FieldValue::BigInt(_)
            | FieldValue::Float(_)
            | FieldValue::Text(_)
            | FieldValue::List(_) => Err(self.not_maps()),
        });
        maps.collect()
    }

    fn suspend_overrides(&self, suspend: &str, prefix: &str) -> Fields {
        let partial = self.partial_id().unwrap_or_default();
        let mut overrides: Fields = vec![
            ("id".into(), text(format!("{prefix}-{partial}"))),
            (
                "_summary".into(),
                text(format!("{} after suspend (S3)", self.summary())),
            ),
            ("flags".into(), self.flags_without_suspend()),
            ("depends".into(), self.depends_and(suspend)),
        ];
        if let Some(group) = self.group() {
            overrides.push(("group".into(), text(format!("{prefix}-{group}"))));
        }
        overrides
    }

    /// The flags less those that asked for a copy. Of a text the shorter is cut first, wherever it stands.
    fn flags_without_suspend(&self) -> FieldValue {
        match self.value("flags") {
            Some(FieldRef::List(items)) => {
                let suspends = |item: &FieldValue| {
                    SUSPENDS
                        .iter()
                        .any(|(flag, ..)| FieldRef::from(item).as_text() == Some(flag))
                };
                FieldValue::List(
                    items
                        .iter()
                        .filter(|item| !suspends(item))
                        .cloned()
                        .collect(),
                )
            }
            Some(FieldRef::Text(flags)) => {
                let mut flags = flags.to_owned();
                for (flag, ..) in SUSPENDS {
                    flags = flags.replace(flag, "");
                }
                text(flags)
            }
            Some(other) => other.to_value(),
            None => FieldValue::Null,
        }
    }

    fn depends_and(&self, suspend: &str) -> FieldValue {
        match self.value("depends") {
            Some(FieldRef::Text(old)) => text(format!("{old} {} {suspend}", self.id())),
            old => {
                let mut items = match old {
                    Some(FieldRef::List(items)) => items.to_vec(),
                    Some(_) | None => Vec::new(),
                };
                items.push(self.id().as_str().into());
                items.push(suspend.into());
                FieldValue::List(items)
            }
        }
    }

    fn copy_with(&self, overrides: Fields) -> Self {
        let mut fields: Vec<(Arc<str>, FieldValue)> = self
            .fields()
            .filter(|(name, _)| !name.ends_with("siblings"))
            .map(|(name, value)| (Arc::from(name), value.to_value()))
            .collect();
        for (name, value) in overrides {
            match fields.iter_mut().find(|(known, _)| **known == *name) {
                Some((_, old)) => *old = value,
                None => fields.push((name.into(), value)),
            }
        }
        let copy = Self::new(
            self.shared_namespace().cloned(),
            fields,
            self.parameters().cloned(),
            self.origin().cloned(),
        );
        match self.renderings() {
            Some(renderings) => copy.with_renderings(renderings.clone()),
            None => copy,
        }
    }

    fn not_maps(&self) -> SiblingsError {
        SiblingsError::NotMaps {
            job: self.id().clone(),
        }
    }
}

type Fields = Vec<(Box<str>, FieldValue)>;

fn text(text: String) -> FieldValue {
    FieldValue::Text(text.into())
}
