//! The loop that runs the jobs of a session, one flush per job.

use std::collections::HashMap;
use std::thread;
use std::time::{Duration, Instant};

use job_runner::{EndCause, JobCommand, JobEnd, JobInput, Judge, Leftovers, RunError};
use session_manager::{JobLog, Lifecycle, LogError, PauseReason, SessionManager};
use session_state::{JobId, JobOutcome, JobResult, JobState, PluginKind};
use session_storage::{Fs, RealFs, Space};

use crate::command::run::tell_problems;
use crate::config::respawn_command;
use crate::decision::{Decision, Script, decide, is_failure, not_started, result_of};
use crate::error::{Failure, OfSession};
use crate::exit_code::Exit;
use crate::json::{Event, Line};
use crate::output::Talk;
use crate::person::Person;
use crate::progress::Progress;
use crate::selection::{Selection, estimate, total};
use crate::signals::Stop;
use crate::sink::LogSink;
use crate::summary::{Summary, outcome_line};
use crate::wording;

/// So many outcomes at most are recorded without being made durable, where nothing has to be run between them.
const UNREPORTED_MAX: usize = 500;

/// A run of a session, from where it stands to its end.
#[derive(Debug)]
pub(crate) struct Execution<'a> {
    pub(crate) manager: SessionManager,
    selection: Selection,
    id: String,
    pub(crate) stop: &'a Stop,
    pub(crate) talk: &'a mut Talk,
    pub(crate) progress: Progress,
    json: bool,
    begun: Instant,
    /// Recorded, and not yet reported because not known to be durable.
    pub(crate) unreported: Vec<JobId>,
    /// Who can be asked, if anybody can.
    pub(crate) person: Option<Person>,
    last_output: HashMap<JobId, Vec<String>>,
    reported: usize,
    disk_full_told: bool,
    total: usize,
    /// How long the jobs without outcome take, in seconds, where all of them say.
    estimate: Option<f64>,
}

/// How often is looked whether the machine goes down.
const LOOK_EVERY: Duration = Duration::from_millis(50);

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

    pub(crate) fn execute(
        &mut self,
        job: &JobId,
        script: Script,
        judge: Judge,
        input: JobInput,
    ) -> Result<Step, Failure> {
        let space = self
            .manager
            .begin_job(job)
            .map_err(|source| self.checkpoint_failure(source))?;
        self.report();
        if self.heed(space) {
            return Ok(Step::DiskFull);
        }
        let attempt = self.attempt(job);
        if self.json {
            let job = job.as_str();
            self.talk.json(&Line::new(Event::Started { job, attempt }));
        }
        let done = self.reported;
        self.progress.begin(job.as_str(), done, self.estimate);

        let mut command = self.command(job, script, attempt);
        command.input = input;
        let mut log = match self.manager.open_log(job) {
            Ok(log) => log,
            Err(source) => return self.without_log(source),
        };
        let mut sink = LogSink::new(&mut log);
        let end = job_runner::run(&command, &mut sink, self.stop.cancel());
        let last_lines = sink.into_last_lines();
        if let Ok(end) = &end
            && self.is_noreturn(job)
            && let Some(step) = self.await_shutdown(job, end)
        {
            return Ok(step);
        }
        let result = match end {
            Ok(end) => self.result(&end, judge),
            Err(RunError::Sink { source, .. }) => {
                return self.give_up(log, source);
            }
            Err(error) => Some(not_started(&error)),
        };
        let Some(result) = result else {
            self.manager
                .abandon_job(log)
                .map_err(|source| self.log_failure(source))?;
            return Ok(Step::Stopped(
                self.stop.requested().unwrap_or(Exit::Interrupt),
            ));
        };
        if result.outcome.is_some_and(is_failure) {
            self.last_output.insert(job.clone(), last_lines);
        }
        if let Err(source) = self.manager.finish_job(log, result) {
            return self.without_log(source);
        }
        self.tell_expansion();
        self.unreported.push(job.clone());
        Ok(Step::Next)
    }

    fn is_noreturn(&self, job: &JobId) -> bool {
        let state = self.manager.state().job_state(job);
        state.is_some_and(|job| job.definition().has_flag("noreturn"))
    }

    /// A job that does not return has ended: the machine goes down, or was told to. Waits for that, and leaves the
    /// job in flight. `None` when the job failed, or a person stopped the run: then it is treated as any other.
    fn await_shutdown(&mut self, job: &JobId, end: &JobEnd) -> Option<Step> {
        match end.cause {
            EndCause::Exited(0) | EndCause::Signalled(_) | EndCause::Cancelled => {}
            EndCause::Exited(_) | EndCause::TimedOut => return None,
        }
        let mut told = false;
        loop {
            match self.stop.requested() {
                Some(exit @ (Exit::Terminate | Exit::Hangup)) if !self.is_abort_known() => {
                    self.progress.end();
                    return Some(Step::GoingDown(exit));
                }
                Some(_) => return None,
                None => {}
            }
            if !told {
                told = true;
                let job = wording::one_line(job.as_str());
                self.talk.note(&format!(
                    "job {job} does not return; waiting for the machine to go down"
                ));
            }
            thread::sleep(LOOK_EVERY);
        }
    }

    fn is_abort_known(&self) -> bool {
        self.is_abort_requested().unwrap_or(false)
    }

    fn result(&mut self, end: &JobEnd, judge: Judge) -> Option<JobResult> {
        for survivor in &end.survivors {
            self.talk.note(&format!(
                "warning: process {} could not be ended: {}",
                survivor.orphan.pid,
                wording::command(&survivor.orphan.command)
            ));
        }
        result_of(end, judge)
    }

    fn attempt(&self, job: &JobId) -> u32 {
        let state = self.manager.state().job_state(job);
        state.map_or(1, JobState::attempts_begun)
    }

    fn command(&self, job: &JobId, script: Script, attempt: u32) -> JobCommand {
        let mut command = JobCommand::new(script.text, self.manager.uuid_text());
        command.shell = script.shell;
        if self.is_noreturn(job) {
            // What it left running may be what takes the machine down.
            command.leftovers = Leftovers::Leave;
        }
        let share = self.manager.storage().location().join("session-share");
        command.environment = [
            ("PLAINBOX_SESSION_SHARE", share.into_string()),
            ("SESSION_ID", self.id.clone()),
            ("SESSION_JOB_ID", job.as_str().to_owned()),
            ("SESSION_ATTEMPT", attempt.to_string()),
        ]
        .into_iter()
        .map(|(name, value)| (name.into(), value.into()))
        .collect();
        command
    }

    /// The output of a job can no longer be kept: the job is to be run again. Whether that can still be noted
    /// changes nothing about the cause, which is what is told.
    fn give_up(&mut self, log: JobLog, source: job_runner::SinkError) -> Result<Step, Failure> {
        let noted = self.manager.abandon_job(log);
        let cause = source.downcast_ref::<LogError>();
        if noted.is_ok() && cause.is_some_and(LogError::is_disk_full) {
            return Ok(Step::DiskFull);
        }
        if noted.is_ok() && self.manager.checkpoint().is_ok() {
            self.report();
        }
        self.progress.end();
        Err(Failure::Sink {
            id: self.id.clone(),
            source,
        })
    }

    /// A log cannot be begun or ended: its job waits for room, or nothing can go on.
    fn without_log(&mut self, source: LogError) -> Result<Step, Failure> {
        if source.is_disk_full() {
            Ok(Step::DiskFull)
        } else {
            Err(self.log_failure(source))
        }
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
    fn report(&mut self) {
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

    /// Stops where the session stands: everything recorded is durable and reported, and the session is closed. When
    /// somebody asked for it, the session is given up for good.
    ///
    /// # Errors
    /// As [`run`](Self::run).
    pub(crate) fn pause(self, exit: Exit) -> Result<Exit, Failure> {
        self.pause_for(PauseReason::Asked, exit)
    }

    /// As [`pause`](Self::pause), since the disk is full.
    fn pause_full(self) -> Result<Exit, Failure> {
        self.progress.end();
        self.talk
            .note("error: the disk is full; the run pauses before anything is lost");
        self.pause_for(PauseReason::DiskFull, Exit::Storage)
    }

    fn pause_for(mut self, why: PauseReason, exit: Exit) -> Result<Exit, Failure> {
        if self.is_abort_requested()? {
            return self.abort(exit);
        }
        self.manager.pause(why);
        self.checkpoint()?;
        self.progress.end();
        let left = self.manager.state().todo_count();
        let Self {
            manager, id, talk, ..
        } = self;
        close(manager, &id)?;
        if self.json {
            talk.json(&Line::new(Event::Stopped {
                id: &id,
                jobs_left: left,
            }));
        }
        talk.note(&format!(
            "stopped with {} left; go on with `session resume {id}`",
            wording::count(left, "job")
        ));
        Ok(exit)
    }

    fn abort(mut self, exit: Exit) -> Result<Exit, Failure> {
        self.manager
            .abort()
            .map_err(|error| Failure::Abort(OfSession::new(&self.id, error)))?;
        self.report();
        self.progress.end();
        let left = self.manager.state().todo_count();
        let Self {
            manager, id, talk, ..
        } = self;
        close(manager, &id)?;
        if self.json {
            talk.json(&Line::new(Event::Aborted {
                id: &id,
                jobs_left: left,
            }));
        }
        talk.note(&format!(
            "given up with {} left; the results are kept",
            wording::count(left, "job")
        ));
        Ok(exit)
    }

    /// What of the output of the last job could not be made into further jobs.
    fn tell_expansion(&mut self) {
        for fault in self.manager.state().expansion_faults() {
            self.talk
                .note(&format!("problem: {}", wording::chain(fault)));
        }
    }

    fn is_abort_requested(&self) -> Result<bool, Failure> {
        session_manager::abort_requested(self.manager.storage())
            .map_err(|error| Failure::Abort(OfSession::new(&self.id, error)))
    }

    /// Takes a step in the life of the session, where it is not there already.
    fn enter(&mut self, next: Lifecycle) -> Result<(), Failure> {
        if self.manager.lifecycle() == next {
            return Ok(());
        }
        self.manager
            .enter(next)
            .map_err(|error| Failure::Lifecycle(OfSession::new(&self.id, error)))
    }

    fn finish(mut self) -> Result<Exit, Failure> {
        self.enter(Lifecycle::Finished)?;
        self.checkpoint()?;
        for words in self.selection.idle(self.manager.state()) {
            self.talk.note(&format!("note: {words}"));
        }
        self.progress.end();
        let took = self.begun.elapsed();
        let summary = Summary::of(&self.id, self.manager.state(), &self.last_output);
        close(self.manager, &self.id)?;
        Ok(tell_summary(&summary, took, self.json, self.talk))
    }

    /// Tells when the disk is full and when it has room again; whether the room that was put aside comes to its end.
    fn heed(&mut self, space: Space) -> bool {
        match space {
            Space::Plenty => {
                if std::mem::take(&mut self.disk_full_told) {
                    self.talk.note("note: the disk has room again");
                }
            }
            Space::DiskFull { .. } if self.disk_full_told => {}
            Space::DiskFull { .. } => {
                self.disk_full_told = true;
                self.talk.note(
                    "warning: the disk is full; results go into the room that was put aside for this",
                );
            }
        }
        space.is_running_out()
    }

    fn checkpoint_failure(&self, source: session_manager::CheckpointError) -> Failure {
        self.progress.end();
        Failure::Checkpoint(OfSession::new(&self.id, source))
    }

    fn log_failure(&self, source: LogError) -> Failure {
        self.progress.end();
        Failure::Log(OfSession::new(&self.id, source))
    }
}

fn close(manager: SessionManager, id: &str) -> Result<(), Failure> {
    manager
        .close()
        .map_err(|error| Failure::Checkpoint(OfSession::new(id, error)))
}

/// Tells how a session went, and the exit code of that.
pub(crate) fn tell_summary(summary: &Summary, took: Duration, json: bool, talk: &mut Talk) -> Exit {
    if json {
        talk.json(&Line::new(summary.event(took)));
    } else {
        summary.lines(took).iter().for_each(|line| talk.data(line));
    }
    Exit::of_failures(summary.failed())
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
