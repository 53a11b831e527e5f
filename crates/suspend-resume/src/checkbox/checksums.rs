//! The checksums a session holds of its jobs: all it keeps of their definitions.

use std::collections::BTreeMap;

use session_state::{JobDefinition, JobId};

use super::check::{Checked, Type};
use super::document::{Document, SESSION};
use super::json::{Sorted, Value};
use super::metadata::is_of_plainbox_0_38;
use crate::error::{Corruption, ResumeError};
use crate::limits::Limits;

/// By which rule a session has its checksums computed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum ChecksumRule {
    /// That of today's Checkbox.
    Today,
    /// That of PlainBox 0.38, which wrote a version 6 of its own; checksums of today are taken as well.
    PlainBox038,
}

impl ChecksumRule {
    /// The rule of a session.
    pub(super) fn of(session: Value<'_>, version: u8) -> Self {
        let metadata = session.get("metadata");
        if metadata.is_some_and(|metadata| is_of_plainbox_0_38(metadata, version)) {
            Self::PlainBox038
        } else {
            Self::Today
        }
    }

    /// Whether a stored checksum is that of a definition.
    pub(super) fn fits(self, definition: &JobDefinition, stored: &str) -> bool {
        definition.checksum().to_string() == stored
            || match self {
                Self::Today => false,
                Self::PlainBox038 => checksum_of_038(definition) == stored,
            }
    }
}

/// The checksums a session in one of Checkbox's formats holds of the definitions it was made with, to be compared by
/// the rule of the program that wrote it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct JobChecksums {
    by_job: BTreeMap<JobId, String>,
    rule: ChecksumRule,
}

impl JobChecksums {
    /// The checksum of a job.
    pub fn of(&self, job: &JobId) -> Option<&str> {
        self.by_job.get(job).map(String::as_str)
    }

    /// Whether a definition is the one its job was made with; `None` when the session does not know the job.
    pub fn fits(&self, definition: &JobDefinition) -> Option<bool> {
        let stored = self.by_job.get(definition.id())?;
        Some(self.rule.fits(definition, stored))
    }
}

/// The jobs of a session in one of Checkbox's formats, with the checksums of the definitions it was made with. Jobs
/// are compared by them: what differs cannot be told, only that something does.
///
/// # Errors
/// [`ResumeError::Corrupted`] and [`ResumeError::IncompatibleSession`].
pub fn job_checksums(bytes: &[u8], limits: &Limits) -> Result<JobChecksums, ResumeError> {
    let document = Document::open(bytes, limits)?;
    Ok(JobChecksums {
        by_job: checksums_of(&document)?,
        rule: ChecksumRule::of(document.session()?, document.version),
    })
}

/// The checksums in a document.
pub(super) fn checksums_of(document: &Document) -> Result<BTreeMap<JobId, String>, Corruption> {
    let path = SESSION.key("jobs");
    let jobs = Checked::member(document.session()?, &path)?.required(Type::Object)?;
    let mut checksums = BTreeMap::new();
    let jobs = jobs.value.as_object().map(Sorted::of);
    for (id, checksum) in jobs.iter().flat_map(Sorted::iter) {
        let path = path.key(id);
        let checksum = Checked::found(Some(checksum), &path)?.required(Type::Text)?;
        checksums.insert(JobId::new(id), checksum.text().to_owned());
    }
    Ok(checksums)
}

/// The checksum by the rule of PlainBox 0.38: neither the namespace counts, nor where an instance of a template
/// says which one it is.
fn checksum_of_038(definition: &JobDefinition) -> String {
    if definition.parameters().is_none() {
        return definition.checksum_without_namespace().to_string();
    }
    let fields = definition.fields();
    let fields = fields.filter(|(name, _)| *name != "template-id");
    let fields = fields.map(|(name, value)| (name.into(), value.to_value()));
    let parameters = definition.parameters().cloned();
    let namespace = definition.namespace().map(Into::into);
    let old = JobDefinition::new(namespace, fields.collect(), parameters, None);
    old.checksum_without_namespace().to_string()
}
