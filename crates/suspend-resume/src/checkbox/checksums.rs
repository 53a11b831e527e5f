//! The checksums a session holds of its jobs: all it keeps of their definitions.

use std::collections::BTreeMap;

use session_state::JobId;

use super::check::{Checked, Type};
use super::document::{Document, SESSION};
use super::json::Sorted;
use crate::error::{Corruption, ResumeError};
use crate::limits::Limits;

/// The jobs of a session in one of Checkbox's formats, with the checksums of the definitions it was made with. Jobs
/// are compared by them: what differs cannot be told, only that something does.
///
/// # Errors
/// [`ResumeError::Corrupted`] and [`ResumeError::IncompatibleSession`].
pub fn job_checksums(
    bytes: &[u8],
    limits: &Limits,
) -> Result<BTreeMap<JobId, String>, ResumeError> {
    Ok(checksums_of(&Document::open(bytes, limits)?)?)
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
