//! The result of a job that cannot start, made without running anything.

use super::job_state::JobState;
use super::session::SessionState;
use crate::id::JobId;
use crate::job::{JobOutcome, JobResult};
use crate::readiness::{InhibitionCause, Inhibitor};

impl SessionState {
    /// The result that a job of the run list is to get because it cannot start: `None` when it can, when it
    /// is not to be run, or when a job it waits for has yet to run.
    ///
    /// A job that failed only for want of attempts gets none either. The first rule that fits decides:
    /// skipped when a job it depends on was skipped by the operator; skipped for the manifest; skipped for a
    /// dependency; for a resource failed with the flag `fail-on-resource`, else skipped. A job that salvages
    /// one which did not fail is skipped for that dependency.
    pub fn blocked_result(&self, job: &JobId) -> Option<JobResult> {
        let state = self.job_state(job)?;
        let outcome = self.blocked_outcome(state)?;
        Some(JobResult {
            comments: Some(comment(state, &self.unmet_manifests(state)).into()),
            ..JobResult::of(outcome)
        })
    }

    fn blocked_outcome(&self, state: &JobState) -> Option<JobOutcome> {
        let inhibitors = state.inhibitors();
        let any = |cause| inhibitors.iter().any(|known| known.cause() == cause);
        let related = |inhibitor: &Inhibitor| {
            let job = inhibitor.related_job().and_then(|job| self.job_state(job));
            job.and_then(JobState::outcome)
        };
        let skipped = |inhibitor: &Inhibitor| {
            inhibitor.cause() == InhibitionCause::FailedDep
                && related(inhibitor) == Some(JobOutcome::Skip)
        };
        if any(InhibitionCause::Undesired) {
            None
        } else if inhibitors.iter().any(skipped) {
            Some(JobOutcome::Skip)
        } else if !self.unmet_manifests(state).is_empty() {
            Some(JobOutcome::SkippedManifest)
        } else if any(InhibitionCause::FailedDep) {
            Some(JobOutcome::SkippedDependency)
        } else if any(InhibitionCause::FailedResource) {
            Some(if state.definition().has_flag("fail-on-resource") {
                JobOutcome::Fail
            } else {
                JobOutcome::SkippedResource
            })
        } else if inhibitors.iter().any(|known| related(known).is_none()) {
            None
        } else if any(InhibitionCause::NotFailedDep) {
            Some(JobOutcome::SkippedDependency)
        } else {
            any(InhibitionCause::PendingResource).then_some(JobOutcome::SkippedResource)
        }
    }

    /// The manifest entries that keep a job from starting, by its manifest or by its requirement program.
    fn unmet_manifests(&self, state: &JobState) -> Vec<String> {
        let mut unmet: Vec<String> = Vec::new();
        for inhibitor in state.inhibitors() {
            let mut add = |id: &str| {
                if !unmet.iter().any(|known| known == id) {
                    unmet.push(id.to_owned());
                }
            };
            inhibitor.related_manifests().iter().for_each(|id| add(id));
            if inhibitor.cause() == InhibitionCause::FailedResource
                && let (Some(text), Some(requirement)) =
                    (inhibitor.related_expression(), state.requirement())
            {
                requirement.manifests_of(text).for_each(add);
            }
        }
        unmet
    }
}

fn comment(state: &JobState, manifests: &[String]) -> String {
    let of_cause = |cause, text: fn(&Inhibitor) -> Option<&str>| -> Vec<&str> {
        let mut items: Vec<&str> = state
            .inhibitors()
            .iter()
            .filter(|known| known.cause() == cause)
            .filter_map(text)
            .collect();
        items.dedup();
        items
    };
    let dependencies = of_cause(InhibitionCause::FailedDep, |known| {
        known.related_job().map(JobId::as_str)
    });
    let resources = of_cause(
        InhibitionCause::FailedResource,
        Inhibitor::related_expression,
    );
    let (what, items): (&str, Vec<&str>) = if !manifests.is_empty() {
        (
            "unmet manifest",
            manifests.iter().map(String::as_str).collect(),
        )
    } else if !dependencies.is_empty() {
        ("failed dependency", dependencies)
    } else if !resources.is_empty() {
        ("unmet resource", resources)
    } else {
        return state.readiness_text();
    };
    let mut comment = format!("Job cannot be started because of {what}:");
    for item in items {
        comment.push_str("\n- ");
        comment.push_str(item);
    }
    for inhibitor in state.inhibitors() {
        if inhibitor.fault().is_some() {
            comment.push('\n');
            comment.push_str(&inhibitor.to_string());
        }
    }
    comment
}
