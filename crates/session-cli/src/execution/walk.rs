//! The way through the run list, and what is made durable and told on it.

use std::collections::HashMap;
use std::time::Instant;

use job_runner::{JobInput, Judge};
use session_manager::{Lifecycle, LogError, SessionManager};
use session_state::{JobId, JobOutcome, JobResult, JobState, PluginKind};
use session_storage::{Fs, RealFs};

use crate::command::run::tell_problems;
use crate::config::respawn_command;
use crate::decision::{Decision, decide};
use crate::error::{Failure, OfSession};
use crate::exit_code::Exit;
use crate::json::{Event, Line};
use crate::output::Talk;
use crate::person::Person;
use crate::progress::Progress;
use crate::selection::{Selection, estimate, total};
use crate::signals::Stop;
use crate::summary::outcome_line;

/// So many outcomes at most are recorded without being made durable, where nothing has to be run between them.
const UNREPORTED_MAX: usize = 500;

/// A run of a session, from where it stands to its end.
#[derive(Debug)]
pub(crate) struct Execution<'a> {
    pub(crate) manager: SessionManager,
    pub(super) selection: Selection,
    pub(super) id: String,
    pub(crate) stop: &'a Stop,
    pub(crate) talk: &'a mut Talk,
    pub(crate) progress: Progress,
    pub(super) json: bool,
    pub(super) begun: Instant,
    /// Recorded, and not yet reported because not known to be durable.
    pub(crate) unreported: Vec<JobId>,
    /// Who can be asked, if anybody can.
    pub(crate) person: Option<Person>,
    pub(super) last_output: HashMap<JobId, Vec<String>>,
    pub(super) reported: usize,
    pub(super) disk_full_told: bool,
    total: usize,
    /// How long the jobs without outcome take, in seconds, where all of them say.
    pub(super) estimate: Option<f64>,
}

/// How a run that could not go on is told apart from one that ended.
pub(crate) enum Step {
    Next,
    Stopped(Exit),
    /// The disk is full: everything recorded fits into the room that was put aside, and no more is to come.
    DiskFull,
    /// The machine goes down, as the running job does: the job stays in flight, and its fate is decided afterwards.
    GoingDown(Exit),
}

impl<'a> Execution<'a> {
    /// Prepares a run. `unreported` names jobs whose results are recorded and not yet durable.
    pub(crate) fn new(
        mut manager: SessionManager,
        selection: Selection,
        stop: &'a Stop,
        talk: &'a mut Talk,
        json: bool,
        unreported: Vec<JobId>,
    ) -> Self {
        manager.set_respawn_command(Some(respawn_command(manager.storage())));
        selection.override_fields(manager.state_mut());
        let state = manager.state();
        let (total, estimate) = (total(state), estimate(state));
        let done = state.jobs().filter(|job| job.outcome().is_some()).count();
        Self {
            id: manager.id().to_string(),
            progress: Progress::show(total, talk),
            manager,
            selection,
            stop,
            talk,
            json,
            begun: Instant::now(),
            reported: done.saturating_sub(unreported.len()),
            unreported,
            person: None,
            last_output: HashMap::new(),
            disk_full_told: false,
            total,
            estimate,
        }
    }

    /// Has the person at the terminal asked, if there is one.
    ///
    /// # Errors
    /// The kernel refuses a thread.
    pub(crate) fn with_person(mut self) -> Result<Self, Failure> {
        self.person = Person::at_terminal(self.json).map_err(Failure::Signals)?;
        Ok(self)
    }

    /// Runs every job that has no outcome, in the order of the run list: phase by phase, and anew whenever jobs
    /// came in that a template made.
    ///
    /// When this answers an exit code, every outcome is durable, reported, and the session closed.
    ///
    /// # Errors
    /// The results cannot be made durable, or the output of a job cannot be kept. What was reported is
    /// durable all the same.
    pub(crate) fn run(mut self) -> Result<Exit, Failure> {
        if self.has_unselected_instances() {
            self.select()?;
        }
        loop {
            let jobs = self.manager.state().job_count();
            let run_list: Vec<JobId> = self.manager.state().run_list().cloned().collect();
            for job in &run_list {
                let step = match self.stop.requested() {
                    Some(exit) => Step::Stopped(exit),
                    None => self.step(job)?,
                };
                match step {
                    Step::Next => {}
                    Step::Stopped(exit) => return self.pause(exit),
                    Step::DiskFull => return self.pause_full(),
                    Step::GoingDown(exit) => return Ok(exit),
                }
                if self.manager.state().job_count() != jobs {
                    break;
                }
            }
            let state = self.manager.state();
            if state.job_count() == jobs {
                let Some(next) = self.selection.next_phase(self.manager.lifecycle(), state) else {
                    return self.finish();
                };
                self.enter(next)?;
            }
            self.select()?;
        }
    }

    /// Whether the run before ended between the making of jobs by a template and their selection.
    fn has_unselected_instances(&self) -> bool {
        let state = self.manager.state();
        state.jobs().any(|job| {
            job.via().is_some() && job.outcome().is_none() && !state.is_on_run_list(job.id())
        })
    }

    /// Selects the jobs of the phase anew, among those there are now.
    fn select(&mut self) -> Result<(), Failure> {
        let phase = self.manager.lifecycle();
        let selected = self
            .selection
            .select(phase, self.manager.state_mut())
            .map_err(|source| Failure::UnknownJob {
                id: self.id.clone(),
                source,
            })?;
        tell_problems(&selected.problems, self.talk);
        self.unreported.extend(selected.left_out);
        let state = self.manager.state();
        (self.total, self.estimate) = (total(state), estimate(state));
        self.progress.set_total(self.total);
        Ok(())
    }

    fn step(&mut self, job: &JobId) -> Result<Step, Failure> {
        if self.is_abort_requested()? {
            return Ok(Step::Stopped(Exit::Terminate));
        }
        let state = self.manager.state();
        let is_attended = self.person.is_some();
        let Some(known) = state
            .job_state(job)
            .filter(|known| is_to_do(known, is_attended))
        else {
            return Ok(Step::Next);
        };
        let estimate = known.definition().estimated_duration();
        let step = match decide(state, known, RealFs.effective_uid() == 0, is_attended) {
            Decision::Record(result) => {
                self.record(job, result)?;
                Step::Next
            }
            Decision::Run(script) => {
                self.execute(job, script, Judge::ReturnCode, JobInput::Null)?
            }
            Decision::Attend { kind, script } => self.attend(job, kind, script)?,
        };
        self.estimate = self
            .estimate
            .zip(estimate)
            .map(|(sum, own)| (sum - own).max(0.0));
        Ok(step)
    }

    pub(crate) fn record(&mut self, job: &JobId, result: JobResult) -> Result<(), Failure> {
        self.manager
            .state_mut()
            .update_job_result(job, result, None)
            .map_err(|source| Failure::UnknownJob {
                id: self.id.clone(),
                source,
            })?;
        self.unreported.push(job.clone());
        if self.unreported.len() >= UNREPORTED_MAX {
            self.checkpoint()?;
        }
        Ok(())
    }

    /// Makes everything recorded durable, and reports it.
    pub(crate) fn checkpoint(&mut self) -> Result<(), Failure> {
        self.manager
            .checkpoint()
            .map_err(|source| self.checkpoint_failure(source))?;
        self.report();
        Ok(())
    }

    /// Reports what is recorded; called only when that is durable.
    pub(super) fn report(&mut self) {
        for job in std::mem::take(&mut self.unreported) {
            self.reported += 1;
            let Some(known) = self.manager.state().job_state(&job) else {
                continue;
            };
            let result = known.result();
            if self.json {
                self.talk.json(&Line::new(Event::Outcome {
                    job: job.as_str(),
                    outcome: result.outcome.map_or("none", JobOutcome::as_str),
                    comments: result.comments.as_deref(),
                    return_code: result.return_code.as_ref().map(Into::into),
                    duration: result.execution_duration,
                }));
            } else {
                let line = outcome_line(self.reported, self.total, &job, result);
                self.talk.data(&line);
            }
        }
    }

    pub(super) fn is_abort_requested(&self) -> Result<bool, Failure> {
        session_manager::abort_requested(self.manager.storage())
            .map_err(|error| Failure::Abort(OfSession::new(&self.id, error)))
    }

    /// Takes a step in the life of the session, where it is not there already.
    pub(super) fn enter(&mut self, next: Lifecycle) -> Result<(), Failure> {
        if self.manager.lifecycle() == next {
            return Ok(());
        }
        self.manager
            .enter(next)
            .map_err(|error| Failure::Lifecycle(OfSession::new(&self.id, error)))
    }

    pub(super) fn checkpoint_failure(&self, source: session_manager::CheckpointError) -> Failure {
        self.progress.end();
        Failure::Checkpoint(OfSession::new(&self.id, source))
    }

    pub(super) fn log_failure(&self, source: LogError) -> Failure {
        self.progress.end();
        Failure::Log(OfSession::new(&self.id, source))
    }
}

/// Whether a job is to be done: it has no outcome, or waits for the verdict of a person who is there.
fn is_to_do(job: &JobState, is_attended: bool) -> bool {
    match job.outcome() {
        None => true,
        Some(JobOutcome::Undecided) => {
            let kind = job.definition().plugin();
            is_attended && kind.is_some_and(PluginKind::needs_verdict)
        }
        Some(_) => false,
    }
}
