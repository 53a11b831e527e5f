//! The plan of a resume: pure, printable, and worth nothing once the session has gone on.

use std::collections::{BTreeSet, HashMap};
use std::sync::Arc;

use camino::Utf8PathBuf;
use session_state::{JobDefinition, JobId, JobOutcome, JobState, Problem, SessionState};
use session_storage::{LockState, Position, SessionId};
use suspend_resume::Format;

use super::apply::carry_over;
use super::death::CauseOfDeath;
use super::drift::{Drift, FieldDifference};
use super::fates::{FateRow, FlightAction, fate_of};
use super::flight::Flight;
use super::policy::{DriftPolicy, OrphanPolicy, ResumeEnvironment};
use crate::dormant::DormantSession;
use crate::home::Home;
use crate::known::KnownUnits;
use crate::lifecycle::Lifecycle;
use crate::log::ProcessRecord;

/// The exact content of a session on the disk. A plan holds only for the mark it was made at.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum SessionMark {
    /// A native session: its identity, and the place of its last frame by generation, number and chain value.
    Journal {
        /// The identity.
        uuid: [u8; 16],
        /// The place of the last frame.
        position: Position,
    },
    /// A session in a Checkbox format: length and XXH3-128 of its one file.
    File {
        /// The length, in bytes.
        length: u64,
        /// The hash.
        hash: [u8; 16],
    },
}

/// What becomes of a job.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum JobAction {
    /// It keeps the outcome it has.
    Keep,
    /// It runs for the first time, or is recorded as blocked when its turn comes.
    Run,
    /// It has an outcome, and runs again.
    RunAgain,
    /// It was in flight, and this is done about it.
    InFlight(FlightAction),
    /// It leaves the session.
    Drop,
    /// It stays without an outcome: it is not on the run list, or a job it needs has gone.
    LeaveOut,
    /// It keeps the session from being resumed.
    Refuse,
}

/// Why that becomes of a job.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum JobReason {
    /// It has this outcome.
    Done(JobOutcome),
    /// It did not run yet.
    NotYetRun,
    /// It is not on the run list.
    NotSelected,
    /// With the definitions as they are now it cannot be had.
    CannotBeHad,
    /// It was in flight; the row of the table that decided.
    Fate(FateRow),
    /// Its definition changed.
    Changed(DriftPolicy),
    /// It has no definition any more.
    Gone(DriftPolicy),
}

/// What becomes of one job, and why.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct JobPlan {
    /// Which job.
    pub job: JobId,
    /// What becomes of it.
    pub action: JobAction,
    /// Why.
    pub reason: JobReason,
    /// What differs between its definition in the session and the one that is given.
    pub differences: Vec<FieldDifference>,
    /// The given definition, where the session takes it over.
    pub takes: Option<Arc<JobDefinition>>,
}

/// Why a session is not resumed as things stand.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub enum Refusal {
    /// A living process holds it.
    StillRunning,
    /// What was acknowledged is missing.
    Damaged {
        /// What recovery says.
        verdict: String,
    },
    /// Somebody asked that it be given up, and nobody did so yet.
    AbortRequested,
    /// It was given up, or handed in.
    Closed(Lifecycle),
    /// Definitions changed or are gone, and the policy is to refuse that.
    Drift {
        /// Of which jobs.
        jobs: Vec<JobId>,
    },
}

/// What a resume will do, and why.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct ResumePlan {
    /// Which session.
    pub session: SessionId,
    /// Where it lies.
    pub location: Utf8PathBuf,
    /// In which format it is kept.
    pub kept_as: Format,
    /// The content the plan was made for.
    pub mark: SessionMark,
    /// Where and why it is to be carried out.
    pub environment: ResumeEnvironment,
    /// Where the session stands in its life.
    pub lifecycle: Lifecycle,
    /// What ended the run before.
    pub death: CauseOfDeath,
    /// Where it was last written, when that was elsewhere: another path, or another machine.
    pub moved_from: Option<Home>,
    /// By how many seconds the clock is behind the last start of a job, when it is.
    pub clock_behind: Option<f64>,
    /// The job in flight.
    pub flight: Option<Flight>,
    /// Processes the run before recorded; those that live are treated as the policy says.
    pub processes: Vec<ProcessRecord>,
    /// Every job, in the order of the run list, then those that are not on it.
    pub jobs: Vec<JobPlan>,
    /// Jobs that are defined now and are not in the session; nothing becomes of them.
    pub new_jobs: Vec<JobId>,
    /// Why some jobs cannot be had with the definitions as they are now.
    pub problems: Vec<String>,
    /// Why nothing is resumed as things stand; empty for a plan that can be applied.
    pub refusals: Vec<Refusal>,
    /// What the lock file said: taking the lock overwrites it.
    pub(crate) traced: LockState,
    /// What the session was read with.
    pub(crate) known: KnownUnits,
    /// The definitions the plan was made with.
    pub(crate) definitions: Option<Vec<Arc<JobDefinition>>>,
}

impl ResumePlan {
    /// What is done about the job in flight, and by which row of the table.
    pub fn fate(&self) -> Option<(&Flight, FateRow, FlightAction)> {
        let flight = self.flight.as_ref()?;
        let (row, action) = fate_of(&flight.facts);
        Some((flight, row, action))
    }

    /// How many jobs of the plan have that action.
    pub fn count(&self, action: JobAction) -> usize {
        self.jobs.iter().filter(|job| job.action == action).count()
    }

    /// Whether anything runs when the plan is applied.
    pub fn runs_anything(&self) -> bool {
        self.jobs.iter().any(|job| match job.action {
            JobAction::Run | JobAction::RunAgain => true,
            JobAction::InFlight(action) => match action {
                FlightAction::RunNow | FlightAction::RunAgain => true,
                FlightAction::Record(_) => false,
            },
            JobAction::Keep | JobAction::Drop | JobAction::LeaveOut | JobAction::Refuse => false,
        })
    }

    /// What becomes of processes that the run before left.
    pub fn orphans(&self) -> OrphanPolicy {
        self.environment.policy.orphans
    }
}

/// Plans a resume. Pure: it reads and writes nothing, and answers the same for the same arguments.
///
/// `definitions` are the definitions as they are now; `None` takes those that stand in the session. A session in a
/// Checkbox format keeps none: there those count that it was read with, and what differs is the checksum. Jobs that were
/// made by other jobs, and are not among the definitions, are never taken for gone.
pub fn plan_resume(
    dormant: &DormantSession,
    definitions: Option<&[Arc<JobDefinition>]>,
    environment: &ResumeEnvironment,
) -> ResumePlan {
    let state = &dormant.state;
    let drift_policy = environment
        .policy
        .drift
        .unwrap_or(DriftPolicy::default_of(dormant.kept_as));
    let flight = dormant.flight(environment);
    let now: Option<HashMap<&str, &Arc<JobDefinition>>> = definitions.map(|jobs| {
        let by_id = jobs.iter().map(|job| (job.id().as_str(), job));
        by_id.collect()
    });
    let jobs: Vec<JobPlan> = ordered(state)
        .map(|job| {
            let drift = match &dormant.checksums {
                Some(checksums) => Drift::of_checksum(job, checksums),
                None => now.as_ref().and_then(|now| Drift::of(job, now)),
            };
            job_plan(state, job, drift, drift_policy, flight.as_ref())
        })
        .collect();
    let mut plan = ResumePlan {
        session: dormant.id.clone(),
        location: dormant.location.clone(),
        kept_as: dormant.kept_as,
        mark: dormant.mark,
        environment: environment.clone(),
        lifecycle: Lifecycle::of_state(state),
        death: dormant.death(environment),
        moved_from: dormant.moved_from(environment),
        clock_behind: clock_behind(state, environment.now_us),
        flight,
        processes: dormant.traces.processes.clone(),
        jobs,
        new_jobs: definitions
            .unwrap_or_default()
            .iter()
            .filter(|job| state.job_state(job.id()).is_none())
            .map(|job| job.id().clone())
            .collect(),
        problems: Vec::new(),
        refusals: Vec::new(),
        traced: dormant.traces.lock.clone(),
        known: dormant.known.clone(),
        definitions: definitions.map(<[_]>::to_vec),
    };
    plan.refusals = refusals(dormant, &plan);
    rehearse(&mut plan, state);
    plan
}

/// The jobs in the order they run, then those that are not to be run.
fn ordered(state: &SessionState) -> impl Iterator<Item = &JobState> {
    let others = state.jobs().filter(|job| !state.is_on_run_list(job.id()));
    state.run_list_states().chain(others)
}

fn job_plan(
    state: &SessionState,
    job: &JobState,
    drift: Option<Drift>,
    policy: DriftPolicy,
    flight: Option<&Flight>,
) -> JobPlan {
    let (undisturbed, why) = without_drift(state, job, flight);
    let is_done = job.outcome().is_some();
    let (action, reason, differences, takes) = match drift {
        None => (undisturbed, why, Vec::new(), None),
        Some(Drift::Changed(now, differences)) => {
            let (action, takes) = match policy {
                DriftPolicy::Refuse => (JobAction::Refuse, false),
                DriftPolicy::Keep => (undisturbed, false),
                DriftPolicy::Rerun if is_done => (JobAction::RunAgain, true),
                DriftPolicy::Rerun => (undisturbed, true),
                DriftPolicy::Drop => (JobAction::Drop, false),
                DriftPolicy::TakeIfNotRun => (undisturbed, !is_done),
            };
            let reason = JobReason::Changed(policy);
            (action, reason, differences, takes.then_some(now))
        }
        Some(Drift::Gone) => {
            let action = match policy {
                DriftPolicy::Refuse => JobAction::Refuse,
                DriftPolicy::Drop => JobAction::Drop,
                // The session has a definition of its own, and nothing says that the job is no longer wanted.
                DriftPolicy::Keep | DriftPolicy::Rerun | DriftPolicy::TakeIfNotRun => undisturbed,
            };
            (action, JobReason::Gone(policy), Vec::new(), None)
        }
    };
    JobPlan {
        job: job.id().clone(),
        action,
        reason,
        differences,
        takes,
    }
}

/// What becomes of a job whose definition is the same.
fn without_drift(
    state: &SessionState,
    job: &JobState,
    flight: Option<&Flight>,
) -> (JobAction, JobReason) {
    if let Some(flight) = flight.filter(|flight| flight.job == *job.id()) {
        let (row, action) = fate_of(&flight.facts);
        return (JobAction::InFlight(action), JobReason::Fate(row));
    }
    match job.outcome() {
        Some(outcome) => (JobAction::Keep, JobReason::Done(outcome)),
        None if state.is_on_run_list(job.id()) => (JobAction::Run, JobReason::NotYetRun),
        None => (JobAction::LeaveOut, JobReason::NotSelected),
    }
}

fn refusals(dormant: &DormantSession, plan: &ResumePlan) -> Vec<Refusal> {
    let mut refusals = Vec::new();
    if plan.death == CauseOfDeath::StillRunning {
        refusals.push(Refusal::StillRunning);
    } else if let Some(verdict) = dormant
        .verdict
        .as_ref()
        .filter(|known| !known.is_writable())
    {
        refusals.push(Refusal::Damaged {
            verdict: verdict.to_string(),
        });
    }
    if dormant.traces.abort_requested && plan.lifecycle.may_become(Lifecycle::Aborted) {
        refusals.push(Refusal::AbortRequested);
    }
    if !plan.lifecycle.is_open() {
        refusals.push(Refusal::Closed(plan.lifecycle));
    }
    let drifted: Vec<JobId> = plan
        .jobs
        .iter()
        .filter(|job| job.action == JobAction::Refuse)
        .map(|job| job.job.clone())
        .collect();
    if !drifted.is_empty() {
        refusals.push(Refusal::Drift { jobs: drifted });
    }
    refusals
}

/// Carries the definitions over on a copy, to tell beforehand which jobs cannot be had any more.
fn rehearse(plan: &mut ResumePlan, state: &SessionState) {
    let changes_anything = plan
        .jobs
        .iter()
        .any(|job| job.takes.is_some() || job.action == JobAction::Drop);
    if !changes_anything || !plan.refusals.is_empty() {
        return;
    }
    let mut copy = state.clone();
    copy.record_changes(false);
    let problems = carry_over(&mut copy, plan);
    plan.problems = problems.iter().map(problem_text).collect();
    let runnable: BTreeSet<&str> = copy.run_list().map(JobId::as_str).collect();
    for job in &mut plan.jobs {
        if matches!(job.action, JobAction::Run | JobAction::RunAgain)
            && !runnable.contains(job.job.as_str())
        {
            job.action = JobAction::LeaveOut;
            job.reason = JobReason::CannotBeHad;
        }
    }
}

fn problem_text(problem: &Problem) -> String {
    format!("job '{}': {problem}", problem.affected_job())
}

fn clock_behind(state: &SessionState, now_us: i64) -> Option<f64> {
    let begun = state.metadata().last_job_start_time?;
    let behind = begun - crate::options::micros_to_seconds(now_us);
    (behind > 0.0).then_some(behind)
}
