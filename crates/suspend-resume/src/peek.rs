//! What a session says about itself, whatever format it is in, without its jobs.

use crate::checkbox::{self, CheckboxPeek};
use crate::error::ResumeError;
use crate::limits::Limits;
use crate::native::{self, HeadPeek};

/// What a session says about itself.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub enum Peek {
    /// A native session. What happened since the snapshot stands in its journal.
    Native(HeadPeek),
    /// A session in one of Checkbox's formats.
    Checkbox(CheckboxPeek),
}

/// Peeks a session of any format.
///
/// Of a native session only the head is looked at, at a cost that does not depend on its jobs: its beginning
/// ([`head_bytes`](crate::head_bytes)) is enough, and the body may be damaged. A Checkbox session has to be
/// inflated whole.
///
/// # Errors
/// [`ResumeError::Corrupted`] and [`ResumeError::IncompatibleSession`].
#[doc(alias = "SessionPeekHelper")]
pub fn peek(bytes: &[u8], limits: &Limits) -> Result<Peek, ResumeError> {
    if checkbox::is_gzip(bytes) || bytes.is_empty() {
        checkbox::peek_checkbox(bytes, limits).map(Peek::Checkbox)
    } else {
        native::peek_native(bytes, limits).map(Peek::Native)
    }
}
