//! The metadata of a session without its jobs.

use session_state::SessionMetadata;

use super::document::Document;
use super::metadata::read_metadata;
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
}

/// Peeks a session in one of Checkbox's formats. The whole text is inflated and parsed; jobs are not looked
/// at.
pub(crate) fn peek_checkbox(bytes: &[u8], limits: &Limits) -> Result<CheckboxPeek, ResumeError> {
    let document = Document::open(bytes, limits)?;
    let metadata = read_metadata(document.session()?, document.version, true)?;
    Ok(CheckboxPeek {
        version: document.version,
        metadata,
    })
}
