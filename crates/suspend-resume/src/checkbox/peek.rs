//! The metadata of a session without its jobs.

use session_state::{FieldValue, SessionMetadata};

use super::document::Document;
use super::metadata::{read_metadata, rejected_items};
use crate::error::ResumeError;
use crate::limits::Limits;

/// What a session in one of Checkbox's formats says about itself.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct CheckboxPeek {
    /// The version of the format, 1 to 11.
    pub version: u8,
    /// The metadata; what the format does not carry has its default. As with Checkbox, versions 7 and 8 do
    /// not tell when the last job was begun.
    pub metadata: SessionMetadata,
    /// The rejected jobs as they stand, also those that are no texts: a peek does not mind, a resume does.
    /// The metadata holds those that are texts.
    pub rejected_jobs: Vec<FieldValue>,
}

/// Peeks what has to be a session in one of Checkbox's formats. The whole text is inflated and parsed; jobs
/// are not looked at.
///
/// # Errors
/// [`ResumeError::Corrupted`] and [`ResumeError::IncompatibleSession`].
pub fn peek_checkbox(bytes: &[u8], limits: &Limits) -> Result<CheckboxPeek, ResumeError> {
    let document = Document::open(bytes, limits)?;
    let session = document.session()?;
    let metadata = read_metadata(session, document.version, true)?;
    let rejected = rejected_items(session, document.version);
    Ok(CheckboxPeek {
        version: document.version,
        metadata,
        rejected_jobs: rejected.map(FieldValue::from).collect(),
    })
}
