//! The decoder behind the checksums, for fuzz targets.

use session_state::SessionState;

use super::snapshot::decode_body;
use crate::error::Corruption;
use crate::limits::Limits;

/// Reads the body of a native snapshot without its head, so that a fuzz target reaches what no damaged bytes
/// reach behind a checksum.
///
/// # Errors
/// As [`resume_native`](crate::resume_native), without those of the head.
pub fn resume_bare_body(body: &[u8], limits: &Limits) -> Result<SessionState, Corruption> {
    decode_body(body, limits)
}
