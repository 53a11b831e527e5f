//! Bytes to a state, whatever format they are in.

use std::sync::Arc;

use session_state::{JobDefinition, SessionState};

use crate::checkbox::{self, SystemInformation, UnknownFields};
use crate::error::ResumeError;
use crate::format::Format;
use crate::native;
use crate::options::{EarlyCallback, ResumeOptions};

/// Brings a session back.
///
/// A native session holds its job definitions; those given here are compared with them, and may be none.
///
/// A Checkbox session holds only checksums: every job it knows has to be among the definitions. Its results are
/// recorded again, one by one, so observers hear of each, the records of resources come back, and with them the
/// jobs that the known templates make of these records. What the machine said
/// of itself (version 8 and later) and what its version does not know are no part of the state; [`resume_whole`]
/// answers with them too.
///
/// # Errors
/// [`ResumeError`], by what is wrong: the bytes, their version, a definition.
#[doc(alias = "SessionResumeHelper")]
pub fn resume(
    bytes: &[u8],
    definitions: &[Arc<JobDefinition>],
    options: &ResumeOptions<'_>,
    early_callback: Option<EarlyCallback<'_>>,
) -> Result<SessionState, ResumeError> {
    resume_whole(bytes, definitions, options, early_callback).map(|resumed| resumed.state)
}

/// A session brought back, with what the state does not hold of it.
#[derive(Debug)]
#[non_exhaustive]
pub struct Resumed {
    /// The state.
    pub state: SessionState,
    /// The format the session was in.
    pub format: Format,
    /// What the machine said of itself: Checkbox, version 8 and later.
    pub system_information: Option<SystemInformation>,
    /// What the version of a Checkbox session does not know.
    pub unknown_fields: UnknownFields,
}

/// Does as [`resume`] does, and answers with what the state does not hold besides. Whoever writes a session
/// again in the format it came in passes that on by [`SuspendOptions`](crate::SuspendOptions).
///
/// # Errors
/// Those of [`resume`].
pub fn resume_whole(
    bytes: &[u8],
    definitions: &[Arc<JobDefinition>],
    options: &ResumeOptions<'_>,
    early_callback: Option<EarlyCallback<'_>>,
) -> Result<Resumed, ResumeError> {
    if checkbox::is_gzip(bytes) || bytes.is_empty() {
        return checkbox::resume_checkbox(bytes, definitions, options, early_callback);
    }
    let restored = native::resume_native(bytes, &options.limits)?;
    if !options.ignore_job_checksums {
        compare(&restored, definitions)?;
    }
    let mut state = match early_callback {
        None => SessionState::new(),
        Some(_) => SessionState::with_jobs(definitions.iter().cloned())?,
    };
    give_templates(&mut state, options);
    if let Some(other) = early_callback.and_then(|callback| callback(&mut state)) {
        state = other;
    }
    state.adopt(restored);
    Ok(Resumed {
        state,
        format: Format::Native,
        system_information: None,
        unknown_fields: UnknownFields::default(),
    })
}

/// Gives a state the templates that are known.
pub(crate) fn give_templates(state: &mut SessionState, options: &ResumeOptions<'_>) {
    state.set_engines(options.engines.clone());
    for template in options.templates {
        state.add_template(Arc::clone(template));
    }
}

/// Refuses a definition that is not the one the session was made with.
fn compare(state: &SessionState, definitions: &[Arc<JobDefinition>]) -> Result<(), ResumeError> {
    for known in definitions {
        let Some(stored) = state.job_state(known.id()) else {
            continue;
        };
        let stored = stored.definition();
        if !Arc::ptr_eq(stored, known) && stored.checksum() != known.checksum() {
            return Err(ResumeError::IncompatibleJob {
                job: known.id().clone(),
                stored: stored.checksum().to_string(),
                known: known.checksum().to_string(),
            });
        }
    }
    Ok(())
}
