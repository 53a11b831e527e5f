//! Doing what a plan says, if the session still is what the plan was made for.

use std::error::Error;

use session_state::{JobId, JobResult, Problem, SessionState};
use session_storage::{Position, RecoverError, Recovered, SessionLock, SessionStorage};

use super::fates::{Fate, FateRow};
use super::plan::{JobAction, Refusal, ResumePlan, SessionMark, plan_resume};
use super::policy::AtLimit;
use crate::dormant::DormantSession;
use crate::error::{CheckpointError, LoadError, LogError, ReadError};
use crate::lifecycle::{Lifecycle, WrongTransition};
use crate::manager::SessionManager;
use crate::options::ManagerOptions;

/// A plan that was not carried out.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ApplyError {
    /// The session is no longer what the plan was made for: it went on, or its holder has let go. Nothing was decided.
    #[error("session '{}' is no longer what the plan was made for", plan.session)]
    PlanIsStale {
        /// A new plan, for the session as it is now.
        plan: Box<ResumePlan>,
    },
    /// The plan itself says that nothing is to be resumed as things stand, whoever holds the session. Nothing was
    /// changed.
    #[error("session '{}' is not resumed: {}", plan.session, list(&plan.refusals))]
    Refused {
        /// The plan.
        plan: Box<ResumePlan>,
    },
    /// The session cannot be loaded; when another process holds it, that one is named. Nothing was changed.
    #[error(transparent)]
    Load(#[from] LoadError),
    /// The session cannot be read again to compare it. Nothing was changed.
    #[error("cannot read the session again")]
    Read(#[from] ReadError),
    /// Processes of the run before are still there. Nothing was decided.
    #[error("processes of the run before stand in the way")]
    Orphans(#[source] Box<dyn Error + Send + Sync>),
    /// The log of the job in flight cannot be put where it belongs. Nothing was decided.
    #[error("cannot settle the job in flight")]
    Log(#[from] LogError),
    /// The session's life does not have this step. Nothing was decided.
    #[error("cannot go on")]
    Lifecycle(#[from] WrongTransition),
    /// What was decided cannot be made durable.
    #[error(transparent)]
    Checkpoint(#[from] CheckpointError),
}

impl ApplyError {
    /// The new plan of a stale one.
    pub fn new_plan(self) -> Option<Box<ResumePlan>> {
        if let Self::PlanIsStale { plan } = self {
            Some(plan)
        } else {
            None
        }
    }

    /// Whether another process holds the session: one that had it when the plan was made, or took it since.
    pub fn is_held(&self) -> bool {
        matches!(self, Self::Load(error) if error.is_held())
    }
}

/// Sees to it that no process of the run before lives, with the session locked and nothing decided yet.
pub type EndOrphans<'a> =
    &'a mut dyn FnMut(&SessionManager) -> Result<(), Box<dyn Error + Send + Sync>>;

/// A session that was resumed by a plan: everything the plan says about it is durable.
#[derive(Debug)]
#[non_exhaustive]
pub struct Resumed {
    /// The session, open for writing.
    pub manager: SessionManager,
    /// What became of the job in flight.
    pub fate: Fate,
    /// Jobs that got an outcome by that.
    pub recorded: Vec<JobId>,
    /// Whether the session was paused since a job was cut short too often.
    pub paused: bool,
}

impl ResumePlan {
    /// Takes the lock, makes sure that the session still is what the plan was made for, and does what the plan says.
    ///
    /// `end_orphans` is called with the lock held and before anything is decided: no process of the run before may
    /// live when it returns. A result that such a process left meanwhile makes the plan stale.
    ///
    /// Who holds the session is found out by its lock, whatever the plan says: while another process has it, the
    /// answer is [`ApplyError::Load`] with the name of that one ([`ApplyError::is_held`]). A plan that was made while
    /// somebody held it ([`Refusal::StillRunning`]) is stale as soon as that one is gone. What ended its run is told
    /// by what the lock file said when the lock was taken, and as long as nothing was decided it says so still.
    ///
    /// When this returns, what was decided is durable. A crash midway leaves the session as it was, or as it is after
    /// the plan; planning again finds out which.
    ///
    /// # Errors
    /// See [`ApplyError`]; [`ApplyError::PlanIsStale`] answers a new plan.
    pub fn apply(
        &self,
        storage: &SessionStorage,
        options: &ManagerOptions,
        end_orphans: EndOrphans<'_>,
    ) -> Result<Resumed, ApplyError> {
        let was_held = self.refusals.contains(&Refusal::StillRunning);
        if !was_held && !self.refusals.is_empty() {
            let plan = Box::new(self.clone());
            return Err(ApplyError::Refused { plan });
        }
        let taken = storage.lock(&options.holder, options.lock);
        let lock = taken.map_err(|source| LoadError::Lock {
            id: storage.id().clone(),
            source,
        })?;
        if was_held || mark_now(&lock)? != self.mark {
            let found = lock.found().clone();
            drop(lock);
            let dormant = DormantSession::read_traced(storage, options, &self.known, found)?;
            return Err(self.stale(&dormant));
        }
        // Nobody wrote since the plan was made, so what the lock file said then still tells what ended the run.
        let traced = self.traced.clone();
        let place = storage.clone();
        let mut manager =
            SessionManager::load_locked(lock, place, traced, options.clone(), &self.known, None)?;
        end_orphans(&manager).map_err(ApplyError::Orphans)?;
        manager.look_again(&self.environment)?;
        if manager.left_over.flight != self.flight {
            drop(manager);
            let traced = self.traced.clone();
            let dormant = DormantSession::read_traced(storage, options, &self.known, traced)?;
            return Err(self.stale(&dormant));
        }
        self.carry_out(manager)
    }

    fn stale(&self, dormant: &DormantSession) -> ApplyError {
        let plan = plan_resume(dormant, self.definitions.as_deref(), &self.environment);
        ApplyError::PlanIsStale {
            plan: Box::new(plan),
        }
    }

    fn carry_out(&self, mut manager: SessionManager) -> Result<Resumed, ApplyError> {
        let fate = manager.settle_flight()?;
        carry_over(manager.state_mut(), self);
        let mut recorded = Vec::new();
        let mut paused = false;
        if let Fate::Decided { job, row, .. } = &fate {
            let has_outcome = manager
                .state()
                .job_state(job)
                .is_some_and(|job| job.outcome().is_some());
            if has_outcome {
                recorded.push(job.clone());
            }
            paused =
                *row == FateRow::TooOften && self.environment.policy.at_limit == AtLimit::Pause;
        }
        let next = if paused {
            Lifecycle::Paused
        } else {
            Lifecycle::Running
        };
        self.enter(next, &mut manager)?;
        manager.checkpoint()?;
        Ok(Resumed {
            manager,
            fate,
            recorded,
            paused,
        })
    }

    /// Set-up and bootstrap go on as such, and a finished session without anything to run stays finished.
    fn enter(&self, next: Lifecycle, manager: &mut SessionManager) -> Result<(), WrongTransition> {
        match self.lifecycle {
            here @ (Lifecycle::SettingUp | Lifecycle::Bootstrapping) => {
                here.enter(manager.state_mut())
            }
            Lifecycle::Finished if manager.state().todo_count() == 0 => Ok(()),
            Lifecycle::Paused if next == Lifecycle::Paused => Ok(()),
            Lifecycle::Fresh
            | Lifecycle::Running
            | Lifecycle::Paused
            | Lifecycle::Finished
            | Lifecycle::Aborted
            | Lifecycle::Submitted => next.enter(manager.state_mut()),
        }
    }
}

/// The exact content of a session, read under its lock.
fn mark_now(lock: &SessionLock) -> Result<SessionMark, ReadError> {
    match lock.storage().peek() {
        Ok(seen) => Ok(SessionMark::Journal {
            uuid: seen.uuid,
            position: seen.position,
        }),
        Err(RecoverError::NoSession) => {
            let bytes = lock.storage().load_checkpoint()?;
            let bytes = bytes.ok_or(ReadError::NoCheckpoint)?;
            Ok(SessionMark::of_file(&bytes))
        }
        Err(error) => Err(error.into()),
    }
}

impl SessionMark {
    pub(crate) fn of_recovered(recovered: &Recovered) -> Self {
        Self::Journal {
            uuid: recovered.uuid,
            position: Position {
                generation: recovered.generation,
                ..recovered.position
            },
        }
    }

    pub(crate) fn of_file(bytes: &[u8]) -> Self {
        Self::File {
            length: bytes.len() as u64,
            hash: xxhash_rust::xxh3::xxh3_128(bytes).to_le_bytes(),
        }
    }
}

/// Brings the definitions of a state to what the plan says: new ones are taken over, jobs that are to run again lose
/// their result (not their history), dropped ones leave, and what is left is selected anew. Answers why some of it
/// cannot be had. A state that is so already stays as it is.
pub(crate) fn carry_over(state: &mut SessionState, plan: &ResumePlan) -> Vec<Problem> {
    let mut drops: Vec<&JobId> = Vec::new();
    let mut changed = false;
    for job in &plan.jobs {
        if let Some(definition) = &job.takes {
            changed |= state.replace_job(definition.clone()).is_ok();
        }
        match job.action {
            JobAction::RunAgain => {
                // A job of the plan is a job of the state.
                let _ = state.update_job_result(&job.job, JobResult::default(), None);
            }
            JobAction::Drop => drops.push(&job.job),
            JobAction::Keep
            | JobAction::Run
            | JobAction::InFlight(_)
            | JobAction::LeaveOut
            | JobAction::Refuse => {}
        }
    }
    if !changed && drops.is_empty() {
        return Vec::new();
    }
    let dropped: std::collections::HashSet<&JobId> = drops.iter().copied().collect();
    let kept = |jobs: &mut dyn Iterator<Item = &JobId>| -> Vec<JobId> {
        jobs.filter(|job| !dropped.contains(job)).cloned().collect()
    };
    let desired = kept(&mut state.desired_jobs());
    if !drops.is_empty() {
        if state
            .metadata()
            .intent
            .as_ref()
            .is_some_and(|intent| dropped.contains(&intent.job))
        {
            state.set_intent(None);
        }
        let mandatory = kept(&mut state.mandatory_jobs());
        state.set_mandatory_jobs(mandatory);
        state.update_desired_jobs_alone(&[]);
        for job in drops {
            // Nothing is on the run list now, so every job may leave.
            let _ = state.remove_job(job);
        }
    }
    state.update_desired_jobs_alone(&desired)
}

fn list(refusals: &[Refusal]) -> String {
    let texts: Vec<String> = refusals.iter().map(ToString::to_string).collect();
    texts.join("; ")
}
