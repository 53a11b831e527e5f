//! The plain model: what a session is, without any of the machinery that keeps it.

use std::collections::BTreeSet;

use session_state::{JobOutcome, SessionState};

use super::operation::JOBS;

/// A session in plain words.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Model {
    pub(super) title: Option<String>,
    pub(super) blob: Option<Vec<u8>>,
    pub(super) flags: BTreeSet<String>,
    pub(super) selected: BTreeSet<usize>,
    pub(super) commands: [String; JOBS],
    pub(super) outcomes: [Option<JobOutcome>; JOBS],
    /// What a job had before it was to run again.
    pub(super) former: [Option<JobOutcome>; JOBS],
    pub(super) begun: [u32; JOBS],
    pub(super) in_flight: Option<usize>,
}

impl Model {
    /// What a state says, in the words of the model.
    pub(super) fn of(state: &SessionState) -> Self {
        let metadata = state.metadata();
        let mut model = Self {
            title: metadata.title.clone(),
            blob: metadata.app_blob.clone(),
            flags: metadata.flags.clone(),
            in_flight: metadata
                .intent
                .as_ref()
                .and_then(|intent| number(intent.job.as_str())),
            ..Self::default()
        };
        model.selected = state
            .desired_jobs()
            .filter_map(|job| number(job.as_str()))
            .collect();
        for job in state.jobs() {
            let Some(number) = number(job.id().as_str()) else {
                continue;
            };
            let command = job.definition().command().unwrap_or_default().into_owned();
            if let Some(slot) = model.commands.get_mut(number) {
                *slot = command;
            }
            if let Some(slot) = model.outcomes.get_mut(number) {
                *slot = job.outcome();
            }
            if let Some(slot) = model.former.get_mut(number) {
                *slot = job.history().last().and_then(|result| result.outcome);
            }
            if let Some(slot) = model.begun.get_mut(number) {
                *slot = job.attempts_begun();
            }
        }
        model
    }

    /// What a format of Checkbox keeps of it: no attempts, no note, not that a job is to run again; and definitions come
    /// from elsewhere.
    pub(super) fn as_checkbox_keeps_it(&self) -> Self {
        Self {
            outcomes: std::array::from_fn(|number| {
                let at = |list: &[Option<JobOutcome>; JOBS]| list.get(number).copied().flatten();
                at(&self.outcomes).or(at(&self.former))
            }),
            begun: [0; JOBS],
            in_flight: None,
            commands: Default::default(),
            blob: self.blob.clone().filter(|blob| !blob.is_empty()),
            ..self.clone()
        }
    }
}

/// The id of a job.
pub(super) fn id(number: usize) -> String {
    format!("job-{number}")
}

fn number(id: &str) -> Option<usize> {
    id.strip_prefix("job-")?.parse().ok()
}
