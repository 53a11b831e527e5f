//! What a session is to run: every job, or what a test plan says. Pure.
//!
//! A plan runs in phases: setup jobs, then the bootstrap, then the selection; the flags of the session say
//! which one it is in. The plan is kept in the bytes of the application, so that a resume needs no unit files.

use std::collections::HashSet;
use std::sync::Arc;

use job_units::plan::{ResolvedPlan, TestPlan, resolve};
use job_units::{ReadOptions, parse_units};
use serde_json::{Map, Value, json};
use session_manager::Lifecycle;
use session_state::{
    FieldRef, JobDefinition, JobId, JobOutcome, JobState, Problem, SessionState, UnknownJob,
};

use crate::decision::with_comment;
use crate::error::Failure;
use crate::standing::APP_ID;
use crate::wording;

/// What a session is to run.
#[derive(Debug)]
pub(crate) enum Selection {
    /// Every job that is no setup job.
    Everything,
    /// What a plan says.
    Plan(Arc<ResolvedPlan>),
    /// What was selected by whoever made the session.
    AsItIs,
}

/// What came of selecting.
#[derive(Debug, Default)]
pub(crate) struct Selected {
    /// What could not be had, and why.
    pub(crate) problems: Vec<Problem>,
    /// Jobs that got a result because they cannot be had.
    pub(crate) left_out: Vec<JobId>,
}

impl Selection {
    /// The plan of that id, of these.
    ///
    /// # Errors
    /// It cannot be put together.
    pub(crate) fn of_plan(plans: &[Arc<TestPlan>], id: &str) -> Result<Self, Failure> {
        let plan = resolve(plans, id).map_err(|source| Failure::Plan {
            source,
            known: plans.iter().map(|plan| plan.id().to_owned()).collect(),
        })?;
        Ok(Self::Plan(Arc::new(plan)))
    }

    /// What a session was made to run.
    ///
    /// # Errors
    /// It was made here, and its plan cannot be read.
    pub(crate) fn of_session(state: &SessionState) -> Result<Self, Failure> {
        let metadata = state.metadata();
        if metadata.app_id.as_deref() != Some(APP_ID) {
            return Ok(Self::AsItIs);
        }
        // In some versions of Checkbox's format an empty blob says as much as none.
        let said = metadata.app_blob.as_ref().filter(|blob| !blob.is_empty());
        let Some(blob) = said else {
            return Ok(Self::Everything);
        };
        let blob: Value = serde_json::from_slice(blob).map_err(Failure::Blob)?;
        let Some(id) = blob.get("testplan_id").and_then(Value::as_str) else {
            return Ok(Self::Everything);
        };
        let plans = blob.get("plans").cloned().unwrap_or_default().to_string();
        let units = parse_units(&plans, "session.json", &ReadOptions::default())
            .map_err(|errors| Failure::Units { errors })?;
        Self::of_plan(&units.plans, id)
    }

    /// What the session is to remember.
    pub(crate) fn blob(&self) -> Option<Vec<u8>> {
        match self {
            Self::Everything | Self::AsItIs => None,
            Self::Plan(plan) => {
                let plans: Vec<Value> = plan.parts().iter().map(|plan| unit(plan)).collect();
                let blob = json!({ "testplan_id": plan.id(), "plans": plans });
                Some(blob.to_string().into_bytes())
            }
        }
    }

    /// Has the values of the plan stand in the place of fields, of all jobs there are and will be.
    pub(crate) fn override_fields(&self, state: &mut SessionState) {
        match self {
            Self::Everything | Self::AsItIs => {}
            Self::Plan(plan) => {
                let plan: Arc<ResolvedPlan> = Arc::clone(plan);
                state.set_override_rules(plan);
            }
        }
    }

    /// What of a plan fitted no job of a session, in words.
    pub(crate) fn idle(&self, state: &SessionState) -> Vec<String> {
        match self {
            Self::Everything | Self::AsItIs => Vec::new(),
            Self::Plan(plan) => plan
                .idle(&definitions(state))
                .into_iter()
                .map(|(part, pattern)| {
                    let part = wording::one_line(part.id());
                    let pattern = wording::one_line(pattern);
                    format!("'{pattern}' of the test plan '{part}' fits no job")
                })
                .collect(),
        }
    }

    /// The phase a new session begins in.
    pub(crate) fn first_phase(&self, state: &SessionState) -> Lifecycle {
        match self {
            Self::Everything | Self::AsItIs => Lifecycle::Running,
            Self::Plan(plan) => {
                if plan.setup(&definitions(state)).is_empty() {
                    Self::after_setup(plan, state)
                } else {
                    Lifecycle::SettingUp
                }
            }
        }
    }

    /// The phase after this one; `None` when the session is done.
    pub(crate) fn next_phase(&self, now: Lifecycle, state: &SessionState) -> Option<Lifecycle> {
        match (self, now) {
            (Self::Plan(plan), Lifecycle::SettingUp) => Some(Self::after_setup(plan, state)),
            (Self::Everything | Self::AsItIs, Lifecycle::SettingUp)
            | (_, Lifecycle::Bootstrapping) => Some(Lifecycle::Running),
            (
                _,
                Lifecycle::Fresh
                | Lifecycle::Running
                | Lifecycle::Paused
                | Lifecycle::Finished
                | Lifecycle::Aborted
                | Lifecycle::Submitted,
            ) => None,
        }
    }

    fn after_setup(plan: &ResolvedPlan, state: &SessionState) -> Lifecycle {
        if plan.bootstrap(&definitions(state)).is_empty() {
            Lifecycle::Running
        } else {
            Lifecycle::Bootstrapping
        }
    }

    /// Selects the jobs of a phase, among those the state has now. Those that cannot be had get their results
    /// here; the others go on.
    ///
    /// # Errors
    /// The state has lost a job.
    pub(crate) fn select(
        &self,
        phase: Lifecycle,
        state: &mut SessionState,
    ) -> Result<Selected, UnknownJob> {
        let jobs = definitions(state);
        let (asked, mandatory) = match self {
            Self::AsItIs => return Ok(Selected::default()),
            Self::Everything => {
                let jobs = jobs.iter().filter(|job| !job.is_setup_job());
                (jobs.map(|job| job.id().clone()).collect(), Vec::new())
            }
            Self::Plan(plan) => match phase {
                Lifecycle::SettingUp => (plan.setup(&jobs), Vec::new()),
                Lifecycle::Bootstrapping => (plan.bootstrap(&jobs), Vec::new()),
                Lifecycle::Fresh
                | Lifecycle::Running
                | Lifecycle::Paused
                | Lifecycle::Finished
                | Lifecycle::Aborted
                | Lifecycle::Submitted => (plan.select(&jobs), plan.mandatory(&jobs)),
            },
        };
        if !state.mandatory_jobs().eq(&mandatory) {
            state.set_mandatory_jobs(mandatory.clone());
        }
        let problems = state.update_desired_jobs(&asked);
        let left_out = leave_out(state, &problems, mandatory.into_iter().chain(asked))?;
        Ok(Selected { problems, left_out })
    }
}

/// Records why jobs do not run: those that problems are about, and those that need them.
fn leave_out(
    state: &mut SessionState,
    problems: &[Problem],
    asked: impl IntoIterator<Item = JobId>,
) -> Result<Vec<JobId>, UnknownJob> {
    let mut left_out: Vec<JobId> = Vec::new();
    for problem in problems {
        let job = problem.affected_job();
        let outcome = state.job_state(job).map(JobState::outcome);
        if outcome == Some(None) {
            let result = with_comment(JobOutcome::Fail, problem_words(problem));
            state.update_job_result(job, result, None)?;
            left_out.push(job.clone());
        }
    }
    let mut known: HashSet<JobId> = HashSet::new();
    for job in asked {
        let waits = state
            .job_state(&job)
            .is_some_and(|known| known.outcome().is_none() && !state.is_on_run_list(&job));
        if waits && known.insert(job.clone()) {
            let words = "Job cannot be started because a job that it needs is left out";
            let result = with_comment(JobOutcome::SkippedDependency, words);
            state.update_job_result(&job, result, None)?;
            left_out.push(job);
        }
    }
    Ok(left_out)
}

/// A problem in words, led by the job it is about where the words do not name it.
pub(crate) fn problem_words(problem: &Problem) -> String {
    let text = wording::chain(problem);
    match problem {
        Problem::Missing { job, .. } => format!("job '{job}': {text}"),
        Problem::Unknown { .. }
        | Problem::Cycle { .. }
        | Problem::Duplicate(_)
        | Problem::IllegalRequirement { .. }
        | Problem::UnknownSalvage { .. } => text,
    }
}

/// How many jobs have an outcome or are to get one.
pub(crate) fn total(state: &SessionState) -> usize {
    state
        .jobs()
        .filter(|job| job.outcome().is_some() || state.is_on_run_list(job.id()))
        .count()
}

/// How long the jobs without outcome take, in seconds, when all of them say.
pub(crate) fn estimate(state: &SessionState) -> Option<f64> {
    state
        .run_list_states()
        .filter(|job| job.outcome().is_none())
        .try_fold(0.0, |sum, job| {
            Some(sum + job.definition().estimated_duration()?)
        })
}

fn definitions(state: &SessionState) -> Vec<Arc<JobDefinition>> {
    state
        .jobs()
        .map(|job| Arc::clone(job.definition()))
        .collect()
}

/// A plan as a unit of a JSON file.
fn unit(plan: &TestPlan) -> Value {
    let fields = plan.fields().iter();
    let fields = fields.map(|(name, field)| (name.to_string(), value(field.into())));
    Value::Object(fields.collect::<Map<_, _>>())
}

/// The value of a field as JSON; as deep as a unit file may be.
fn value(field: FieldRef<'_>) -> Value {
    match field {
        FieldRef::Null => Value::Null,
        FieldRef::Bool(value) => json!(value),
        FieldRef::Int(value) => json!(value),
        FieldRef::Float(value) => json!(value),
        FieldRef::BigInt(text) | FieldRef::Text(text) => json!(text),
        FieldRef::List(items) => items.iter().map(|item| value(item.into())).collect(),
        FieldRef::Map(entries) => Value::Object(
            entries
                .iter()
                .map(|(name, item)| (name.to_string(), value(item.into())))
                .collect(),
        ),
    }
}
