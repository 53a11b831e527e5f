//! A state to bytes, in the format that is asked for.

use std::collections::BTreeMap;

use session_state::{JobId, SessionState};

use crate::checkbox::{self, SystemInformation, UnknownFields};
use crate::error::SuspendError;
use crate::format::Format;
use crate::native;

/// How a state is written. Of all this only the directory of the session matters to the native format.
#[derive(Clone, Debug, Default, PartialEq)]
#[non_exhaustive]
pub struct SuspendOptions {
    /// The directory of the session: from version 5 on Checkbox names logs relative to it, before that by
    /// their whole path. Natively logs that lie in it are named relative to it, others as they are held. Without
    /// it log names are written as they are held.
    pub session_dir: Option<String>,
    /// Where relative log names of the state start from, for a state that came from version 1 to 4 of
    /// Checkbox's format: there they are relative to wherever the program ran. Without it they start from the
    /// directory of the session, as they do in native sessions.
    pub working_dir: Option<String>,
    /// What the machine said of itself, for version 8 and later; nothing by default.
    pub system_information: Option<SystemInformation>,
    /// Checksums that stand in the place of those of the definitions. Their jobs are listed in any case. For a
    /// session whose definitions are not at hand ([`resume_bare`](crate::resume_bare)).
    pub checksums: BTreeMap<JobId, String>,
    /// Fields that the version a session was read from does not know; written only in that same version.
    pub unknown_fields: UnknownFields,
}

/// Encodes a state.
///
/// For a large session kept natively, [`suspend_native_to`](crate::suspend_native_to) does the same without
/// holding the bytes in memory. What a format cannot carry, [`losses`](crate::losses) tells.
///
/// # Errors
/// [`SuspendError`]: the state holds something the format has no bytes for, or there is no such format.
#[doc(alias = "SessionSuspendHelper")]
pub fn suspend(
    state: &SessionState,
    format: Format,
    options: &SuspendOptions,
) -> Result<Vec<u8>, SuspendError> {
    match format {
        Format::Native => {
            let session_dir = options.session_dir.as_deref();
            Ok(native::suspend_native(state, session_dir)?)
        }
        Format::Checkbox(version) => checkbox::write_checkbox(state, version, options),
    }
}
