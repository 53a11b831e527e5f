//! What a format cannot carry.

use session_state::SessionState;

/// Something of a state that is not in the bytes of an older or foreign format.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
#[non_exhaustive]
pub enum Loss {
    /// The definitions of the jobs: only their checksums are kept.
    Definitions,
    /// How often jobs were begun, and the note which one is in flight.
    Attempts,
    /// Records of resources that no result of their job gives.
    Resources,
    /// The application's bytes (version 1).
    AppBlob,
    /// The application's name (versions 1 and 2).
    AppId,
    /// Results but the present one of each job (versions 1 to 3).
    History,
    /// The mandatory list is written but not read back (versions 1 to 5).
    MandatoryJobs,
    /// The deselected jobs (versions 1 to 5).
    RejectedJobs,
    /// Whether the jobs were chosen by hand (versions 1 to 5).
    CustomJoblist,
    /// When the last job was begun (versions 1 to 6).
    LastJobStartTime,
    /// Whether anything is left to do (versions 1 to 10).
    RemainingTodoJobs,
}

/// What a version of Checkbox's format cannot carry of a state.
pub fn losses(state: &SessionState, version: u8) -> Vec<Loss> {
    let metadata = state.metadata();
    let begun = state.jobs().any(|job| job.attempts_begun() > 0);
    let unprinted = |(id, _): (_, _)| {
        let id: &session_state::JobId = id;
        state
            .job_state(id)
            .is_none_or(|job| !job.definition().is_resource())
    };
    [
        (Loss::Definitions, state.job_count() > 0),
        (Loss::Attempts, begun || metadata.intent.is_some()),
        (Loss::Resources, state.resource_map().any(unprinted)),
        (
            Loss::AppBlob,
            version < 2
                && metadata
                    .app_blob
                    .as_ref()
                    .is_some_and(|blob| !blob.is_empty()),
        ),
        (Loss::AppId, version < 3 && metadata.app_id.is_some()),
        (
            Loss::History,
            version < 4 && state.jobs().any(|job| job.history().len() > 1),
        ),
        (
            Loss::MandatoryJobs,
            version < 6 && state.mandatory_jobs().len() > 0,
        ),
        (
            Loss::RejectedJobs,
            version < 6 && !metadata.rejected_jobs.is_empty(),
        ),
        (Loss::CustomJoblist, version < 6 && metadata.custom_joblist),
        (
            Loss::LastJobStartTime,
            version < 7 && metadata.last_job_start_time.is_some(),
        ),
        (
            Loss::RemainingTodoJobs,
            version < 11 && metadata.remaining_todo_jobs,
        ),
    ]
    .into_iter()
    .filter_map(|(loss, lost)| lost.then_some(loss))
    .collect()
}
