//! Figures over a session.

use std::collections::BTreeMap;

use super::counts::OutcomeCounts;
use super::job_state::JobState;
use super::session::SessionState;
use crate::id::CategoryId;
use crate::job::{JobOutcome, PluginKind};

impl SessionState {
    /// How many jobs ended how, without resource and attachment jobs. Walks all jobs.
    #[doc(alias = "get_test_outcome_stats")]
    pub fn test_outcome_counts(&self) -> OutcomeCounts {
        let mut counts = OutcomeCounts::default();
        for state in self.jobs() {
            if !state.traits.resource && !state.traits.attachment {
                counts.add(state.outcome());
            }
        }
        counts
    }

    /// The outcome of all resource jobs together: fail if one failed or crashed, else pass if one passed,
    /// else skip. Walks all jobs.
    pub fn resource_global_outcome(&self) -> JobOutcome {
        reduce(
            self.jobs()
                .filter(|state| state.traits.resource)
                .filter_map(JobState::outcome),
        )
    }

    /// The outcome of all attachment jobs together, by the same rule. Walks all jobs.
    pub fn attachment_global_outcome(&self) -> JobOutcome {
        reduce(
            self.jobs()
                .filter(|state| state.traits.attachment)
                .filter_map(JobState::outcome),
        )
    }

    /// The outcome of each category together, by the same rule, without resource and attachment jobs; a
    /// category none of whose jobs ran is skipped. Walks all jobs.
    #[doc(alias = "category_outcome_map")]
    pub fn category_outcomes(&self) -> BTreeMap<CategoryId, JobOutcome> {
        let mut outcomes: BTreeMap<CategoryId, Vec<JobOutcome>> = BTreeMap::new();
        for state in self.jobs() {
            if !state.traits.resource && !state.traits.attachment {
                let category = outcomes.entry(state.effective_category_id()).or_default();
                category.extend(state.outcome());
            }
        }
        outcomes
            .into_iter()
            .map(|(category, outcomes)| (category, reduce(outcomes.into_iter())))
            .collect()
    }

    /// The names of the categories that the session has units of; a category without a name has none.
    pub fn category_names(&self) -> BTreeMap<CategoryId, String> {
        let categories = self.other_units().iter();
        categories
            .filter(|unit| unit.kind() == "category")
            .filter_map(|unit| {
                let name = unit.fields().text("name")?;
                Some((CategoryId::new(unit.id()?), name.into_owned()))
            })
            .collect()
    }

    /// The names of the categories of all jobs with an outcome, of those that have a name here. Walks all jobs.
    pub fn category_map<'n>(
        &self,
        names: &'n BTreeMap<CategoryId, String>,
    ) -> BTreeMap<&'n CategoryId, &'n str> {
        named(self.jobs(), names)
    }

    /// The same without resource and attachment jobs.
    #[doc(alias = "category_map_lite")]
    pub fn test_category_map<'n>(
        &self,
        names: &'n BTreeMap<CategoryId, String>,
    ) -> BTreeMap<&'n CategoryId, &'n str> {
        let is_test = |state: &&JobState| !state.traits.resource && !state.traits.attachment;
        named(self.jobs().filter(is_test), names)
    }

    /// The jobs that ended in one of these ways and have one of these certification statuses. Walks all
    /// jobs.
    #[doc(alias = "get_certification_status_map")]
    pub fn jobs_of_status<'a>(
        &'a self,
        outcomes: &'a [JobOutcome],
        statuses: &'a [&str],
    ) -> impl Iterator<Item = &'a JobState> {
        self.jobs().filter(|state| {
            state
                .outcome()
                .is_some_and(|outcome| outcomes.contains(&outcome))
                && statuses.contains(&&*state.effective_certification_status())
        })
    }

    /// How long the run list takes, in seconds: what runs by itself, and what a person has to do, each
    /// `None` when it is not known of a job. `manual_overhead` is added for each job of the second kind. A
    /// local job of which it is not known counts nothing.
    #[doc(alias = "get_estimated_duration")]
    pub fn estimated_duration(&self, manual_overhead: f64) -> (Option<f64>, Option<f64>) {
        let (mut automated, mut manual) = (Some(0.0), Some(0.0));
        for state in self.run_list_states() {
            let definition = state.definition();
            let estimate = definition.estimated_duration();
            if state.traits.local && estimate.is_none() {
                continue;
            }
            if definition.plugin().is_some_and(PluginKind::is_automated) {
                automated = automated.zip(estimate).map(|(sum, own)| sum + own);
            } else {
                let own = match estimate {
                    None if definition.command().is_some() => None,
                    known => Some(manual_overhead + known.unwrap_or(0.0)),
                };
                manual = manual.zip(own).map(|(sum, own)| sum + own);
            }
        }
        (automated, manual)
    }
}

fn named<'s, 'n>(
    jobs: impl Iterator<Item = &'s JobState>,
    names: &'n BTreeMap<CategoryId, String>,
) -> BTreeMap<&'n CategoryId, &'n str> {
    jobs.filter(|state| state.outcome().is_some())
        .filter_map(|state| names.get_key_value(&state.effective_category_id()))
        .map(|(category, name)| (category, name.as_str()))
        .collect()
}

fn reduce(outcomes: impl Iterator<Item = JobOutcome>) -> JobOutcome {
    let mut passed = false;
    for outcome in outcomes {
        match outcome {
            JobOutcome::Fail | JobOutcome::Crash => return JobOutcome::Fail,
            JobOutcome::Pass => passed = true,
            JobOutcome::Skip
            | JobOutcome::SkippedDependency
            | JobOutcome::SkippedResource
            | JobOutcome::SkippedManifest
            | JobOutcome::NotSupported
            | JobOutcome::NotImplemented
            | JobOutcome::Undecided => {}
        }
    }
    if passed {
        JobOutcome::Pass
    } else {
        JobOutcome::Skip
    }
}
