//! Plays a sequence, and holds everything that opens against the model.

use std::fmt;

use session_manager::{
    DormantSession, Fate, FlightAction, Lifecycle, ResumeEnvironment, ResumePolicy, SessionManager,
    plan_resume, request_abort,
};
use session_state::{IoStream, JobOutcome, JobResult, SessionState};
use session_storage::{Failure, Faults, OpenMode, Repeat, WellKnownDirs};

use crate::say::chain;

use super::model::Model;
use super::operation::{JOBS, Operation, Sequence};
use super::world::{AnyError, World, commands, definition, job};

/// A promise that did not hold.
#[derive(Debug)]
pub struct Broken(String);

impl fmt::Display for Broken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// What a number of sequences did.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Figures {
    /// Sequences played.
    pub sequences: u64,
    /// Operations that were done.
    pub operations: u64,
    /// Operations that failed, by a call that was made to fail or by a crash.
    pub failures: u64,
    /// Checkpoints that were acknowledged.
    pub checkpoints: u64,
    /// Times the session was opened again, and held against the model.
    pub openings: u64,
    /// How many of these were after a crash in the middle of an operation of the file system.
    pub crashes: u64,
}

impl Figures {
    /// Adds those of another sequence.
    pub fn add(&mut self, other: &Self) {
        self.sequences += other.sequences;
        self.operations += other.operations;
        self.failures += other.failures;
        self.checkpoints += other.checkpoints;
        self.openings += other.openings;
        self.crashes += other.crashes;
    }
}

impl fmt::Display for Figures {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self {
            sequences,
            operations,
            failures,
            checkpoints,
            openings,
            crashes,
        } = self;
        write!(
            f,
            "{sequences} sequences of {operations} operations, {failures} of them failed, {checkpoints} checkpoints \
             acknowledged, {openings} openings held against the model, {crashes} after a crash"
        )
    }
}

/// A state, and what the model says of it.
#[derive(Clone, Debug)]
struct Moment {
    model: Model,
    state: SessionState,
}

struct Play {
    world: World,
    manager: Option<SessionManager>,
    /// What the model says of the session in memory.
    now: Model,
    /// What was acknowledged last; `None` before the first checkpoint.
    acknowledged: Option<Moment>,
    /// What was begun to be written since.
    written: Vec<Moment>,
    /// Whether somebody asked that the session be given up.
    abort_requested: bool,
    figures: Figures,
}

/// Plays a sequence. `faults` are mistakes that are switched on to see that they are found; none by default.
///
/// # Errors
/// The promise that did not hold.
pub fn run(sequence: &Sequence, faults: Faults) -> Result<Figures, Broken> {
    let world = World::new(sequence.is_checkbox, faults).map_err(broken)?;
    let manager = world.create().map_err(broken)?;
    let mut play = Play {
        now: Model::of(manager.state()),
        world,
        manager: Some(manager),
        acknowledged: None,
        written: Vec::new(),
        abort_requested: false,
        figures: Figures {
            sequences: 1,
            ..Figures::default()
        },
    };
    for operation in &sequence.operations {
        play.figures.operations += 1;
        play.take(operation)
            .map_err(|Broken(what)| Broken(format!("{what}\nafter {operation:?}")))?;
    }
    play.open_again(None, false)?;
    Ok(play.figures)
}

fn broken(error: impl fmt::Display) -> Broken {
    Broken(error.to_string())
}

impl Play {
    fn take(&mut self, operation: &Operation) -> Result<(), Broken> {
        match operation {
            Operation::Close => self.close(),
            Operation::Kill => self.open_again(None, false),
            Operation::Crash(later, cut) => self.crash(*later, *cut),
            Operation::Look => self.look(),
            Operation::Fail(later, failure) => {
                let number = self.world.calls.call_count() + u64::from(*later);
                if let Some(failure) = Failure::ALL.get(*failure) {
                    self.world.calls.fail_call(number, *failure, Repeat::Once);
                }
                Ok(())
            }
            Operation::RequestAbort => {
                let storage = self.world.storage(true).map_err(broken)?;
                request_abort(&storage).map_err(broken)?;
                self.abort_requested = true;
                Ok(())
            }
            Operation::Title(_)
            | Operation::Blob(_)
            | Operation::Select(_)
            | Operation::Redefine(..)
            | Operation::Run(..)
            | Operation::Stop(_)
            | Operation::Leave(..)
            | Operation::Record(..)
            | Operation::Enter(_)
            | Operation::Checkpoint
            | Operation::Abort => self.work(operation),
        }
    }

    /// Does something with the open session. What failed may be done, or not: nothing in between.
    fn work(&mut self, operation: &Operation) -> Result<(), Broken> {
        let Some(mut manager) = self.manager.take() else {
            return Ok(());
        };
        let done = self.do_it(&mut manager, operation);
        self.manager = Some(manager);
        match done {
            Ok(()) => self.compare_memory(),
            Err(_) => {
                self.figures.failures += 1;
                // Memory holds what the calls before the failure did.
                self.note_memory();
                Ok(())
            }
        }
    }

    fn do_it(
        &mut self,
        manager: &mut SessionManager,
        operation: &Operation,
    ) -> Result<(), AnyError> {
        match operation {
            Operation::Title(number) => {
                let title = Some(format!("title {number}"));
                manager.state_mut().set_title(title.clone());
                self.now.title = title;
            }
            Operation::Blob(length) => {
                let blob = vec![7; usize::from(*length)];
                manager.state_mut().set_app_blob(Some(blob.clone()));
                self.now.blob = Some(blob);
            }
            Operation::Select(jobs) => {
                let ids: Vec<_> = jobs.iter().map(|number| job(*number)).collect();
                let problems = manager.state_mut().update_desired_jobs(&ids);
                if !problems.is_empty() {
                    return Err("a job cannot be had".into());
                }
                self.now.selected = jobs.iter().copied().collect();
            }
            Operation::Redefine(number, text) => {
                let command = format!("echo {text}");
                manager
                    .state_mut()
                    .replace_job(definition(*number, &command))?;
                if let Some(slot) = self.now.commands.get_mut(*number) {
                    *slot = command;
                }
            }
            Operation::Run(number, length, outcome) => {
                self.begin(manager, *number)?;
                let mut log = manager.open_log(&job(*number))?;
                log.record(IoStream::Stdout, 0.0, &vec![b'x'; usize::from(*length)])?;
                manager.finish_job(log, JobResult::of(*outcome))?;
                self.result(*number, Some(*outcome));
            }
            Operation::Stop(number) => {
                self.begin(manager, *number)?;
                let log = manager.open_log(&job(*number))?;
                manager.abandon_job(log)?;
                self.result(*number, None);
            }
            Operation::Leave(number, left) => {
                self.begin(manager, *number)?;
                drop(manager.open_log(&job(*number))?);
                if let Some(text) = left {
                    let share = WellKnownDirs::new(manager.storage()).session_share()?;
                    let file = share.open_file("__result".as_ref(), OpenMode::CreateNew)?;
                    file.write_all_at(text.as_bytes(), 0)?;
                }
            }
            Operation::Record(number, outcome) => {
                let result = outcome.map_or_else(JobResult::default, JobResult::of);
                manager
                    .state_mut()
                    .update_job_result(&job(*number), result, None)?;
                self.result(*number, *outcome);
            }
            Operation::Enter(next) => {
                let before = manager.lifecycle();
                let entered = manager.enter(*next);
                if entered.is_ok() != before.may_become(*next) {
                    return Err("a step of a life".into());
                }
                if entered.is_ok() {
                    for other in Lifecycle::ALL {
                        other.flags().iter().for_each(|flag| {
                            self.now.flags.remove(*flag);
                        });
                    }
                    let flags = next.flags().iter().map(|flag| (*flag).to_owned());
                    self.now.flags.extend(flags);
                }
            }
            Operation::Checkpoint => self.checkpoint(manager)?,
            Operation::Abort => {
                if !manager.lifecycle().may_become(Lifecycle::Aborted) {
                    return Ok(());
                }
                let mut aborted = manager.state().clone();
                if aborted.metadata().intent.is_some() {
                    aborted.set_intent(None);
                }
                Lifecycle::Aborted.enter(&mut aborted)?;
                self.begin_writing(&aborted);
                let done = manager.abort();
                self.now = Model::of(manager.state());
                done?;
                self.acknowledge();
                self.abort_requested = false;
            }
            Operation::RequestAbort
            | Operation::Close
            | Operation::Kill
            | Operation::Look
            | Operation::Fail(..)
            | Operation::Crash(..) => {}
        }
        Ok(())
    }

    /// The note before a job, which is a checkpoint.
    fn begin(&mut self, manager: &mut SessionManager, number: usize) -> Result<(), AnyError> {
        let mut noted = manager.state().clone();
        let boot = self.world.options().holder.boot_id;
        noted.start_job(&job(number), boot.as_deref(), 1_700_000_000.0)?;
        self.begin_writing(&noted);
        // An announced attempt that never started is begun without a second note.
        self.begin_writing(manager.state());
        manager.begin_job(&job(number))?;
        let announced_before = *manager.state() != noted;
        if !announced_before {
            self.written.pop();
        }
        self.acknowledge();
        if let Some(slot) = self.now.begun.get_mut(number).filter(|_| !announced_before) {
            *slot += 1;
        }
        self.now.in_flight = Some(number);
        Ok(())
    }

    fn result(&mut self, number: usize, outcome: Option<JobOutcome>) {
        if let Some(slot) = self.now.outcomes.get_mut(number) {
            *slot = outcome;
        }
        if let Some(slot) = self
            .now
            .former
            .get_mut(number)
            .filter(|_| outcome.is_some())
        {
            *slot = outcome;
        }
        if self.now.in_flight == Some(number) {
            self.now.in_flight = None;
        }
    }

    fn checkpoint(&mut self, manager: &mut SessionManager) -> Result<(), AnyError> {
        self.begin_writing(manager.state());
        manager.checkpoint()?;
        self.acknowledge();
        Ok(())
    }

    fn begin_writing(&mut self, state: &SessionState) {
        self.written.push(Moment {
            model: Model::of(state),
            state: state.clone(),
        });
    }

    fn acknowledge(&mut self) {
        self.figures.checkpoints += 1;
        self.acknowledged = self.written.pop();
        self.written.clear();
    }

    fn note_memory(&mut self) {
        if let Some(manager) = &self.manager {
            self.now = Model::of(manager.state());
        }
    }

    fn compare_memory(&self) -> Result<(), Broken> {
        let Some(manager) = &self.manager else {
            return Ok(());
        };
        let found = Model::of(manager.state());
        if found == self.now {
            Ok(())
        } else {
            Err(Broken(format!(
                "in memory {found:?}\nthe model says {:?}",
                self.now
            )))
        }
    }

    /// Another process looks: it sees what is acknowledged, or what is being written.
    fn look(&self) -> Result<(), Broken> {
        if self.acknowledged.is_none() && self.written.is_empty() {
            return Ok(());
        }
        let storage = self.world.storage(true).map_err(broken)?;
        let known = self.world.known(&self.now.commands);
        match DormantSession::read_with(&storage, &self.world.options(), &known) {
            Ok(dormant) => self.expect(&dormant.state).map(|_| ()),
            Err(_) if self.acknowledged.is_none() => Ok(()),
            Err(error) => Err(broken(error)),
        }
    }

    fn close(&mut self) -> Result<(), Broken> {
        if let Some(manager) = self.manager.take() {
            self.begin_writing(manager.state());
            match manager.close() {
                Ok(()) => self.acknowledge(),
                Err(_) => self.figures.failures += 1,
            }
        }
        self.open_again(None, false)
    }

    /// Everything stops after so many operations, in the middle of whatever goes on then.
    fn crash(&mut self, later: u8, cut: Option<u8>) -> Result<(), Broken> {
        let disk = &self.world.disk;
        disk.crash_after(disk.operations() + u64::from(later));
        let rush = [
            Operation::Run(1, 100, JobOutcome::Pass),
            Operation::Blob(800),
            Operation::Checkpoint,
            Operation::Run(0, 10, JobOutcome::Fail),
        ];
        for operation in &rush {
            self.work(operation)?;
        }
        self.figures.crashes += 1;
        self.open_again(cut, true)
    }

    /// Opens the session on what is left, holds it against the model, and settles what was in flight.
    fn open_again(&mut self, cut: Option<u8>, is_crash: bool) -> Result<(), Broken> {
        let next = self.world.after(cut);
        drop(self.manager.take());
        if is_crash && cut.is_some() {
            // A request that is durable stays; one in the middle of a crash may be lost or not.
            self.abort_requested = false;
        }
        self.world = next;
        self.figures.openings += 1;
        let mut manager = match self.world.load(&self.now.commands) {
            Ok(manager) => manager,
            Err(error) if self.acknowledged.is_none() => {
                // Nothing was acknowledged, so nothing need be there; a session made anew goes on.
                drop(error);
                return self.begin_anew();
            }
            Err(error) => {
                return Err(Broken(format!(
                    "what was acknowledged does not open: {}",
                    chain(&*error)
                )));
            }
        };
        let found = self.expect(manager.state())?;
        self.now = Model::of(manager.state());
        self.written.clear();
        if !self.world.is_checkbox {
            self.acknowledged = Some(found);
        } else {
            self.acknowledged = Some(Moment {
                model: self.now.clone(),
                state: manager.state().clone(),
            });
        }
        self.plan_agrees(&manager)?;
        let fate = manager.settle_flight().map_err(broken)?;
        self.check_fate(&manager, &fate)?;
        self.now = Model::of(manager.state());
        self.manager = Some(manager);
        Ok(())
    }

    fn begin_anew(&mut self) -> Result<(), Broken> {
        let world = self.world.anew().map_err(broken)?;
        let manager = world.create().map_err(broken)?;
        self.now = Model::of(manager.state());
        self.world = world;
        self.manager = Some(manager);
        self.written.clear();
        self.abort_requested = false;
        Ok(())
    }

    /// What is read is the acknowledged state, or one that was begun to be written later.
    fn expect(&self, state: &SessionState) -> Result<Moment, Broken> {
        let found = Model::of(state);
        let allowed = self.acknowledged.iter().chain(&self.written);
        let kept = |moment: &&Moment| {
            if self.world.is_checkbox {
                moment.model.as_checkbox_keeps_it() == found.as_checkbox_keeps_it()
            } else {
                moment.state == *state
            }
        };
        allowed.clone().find(kept).cloned().ok_or_else(|| {
            let models: Vec<&Model> = allowed.map(|moment| &moment.model).collect();
            Broken(format!("{found:?}\nopens; allowed are {models:?}"))
        })
    }

    /// A plan made beside says what loading finds.
    fn plan_agrees(&self, manager: &SessionManager) -> Result<(), Broken> {
        let storage = self.world.storage(true).map_err(broken)?;
        let known = self.world.known(&commands(manager.state()));
        let options = self.world.options();
        let dormant = DormantSession::read_with(&storage, &options, &known).map_err(broken)?;
        let environment = ResumeEnvironment::of(&options, ResumePolicy::default());
        let plan = plan_resume(&dormant, None, &environment);
        let planned = plan.flight.map(|flight| flight.job);
        let loaded = manager
            .left_over()
            .flight
            .as_ref()
            .map(|flight| flight.job.clone());
        if planned == loaded {
            Ok(())
        } else {
            Err(Broken(format!("planned {planned:?}, loaded {loaded:?}")))
        }
    }

    /// A job is never started more often than is allowed, and what was recorded is there.
    fn check_fate(&self, manager: &SessionManager, fate: &Fate) -> Result<(), Broken> {
        let Fate::Decided { job, action, .. } = fate else {
            return Ok(());
        };
        let known = manager.state().job_state(job);
        let outcome = known.and_then(session_state::JobState::outcome);
        let attempts = known.map_or(0, session_state::JobState::started_attempts);
        let holds = match action {
            FlightAction::Record(wanted) => outcome == Some(*wanted),
            FlightAction::RunNow => true,
            FlightAction::RunAgain => attempts < 3,
        };
        if holds {
            Ok(())
        } else {
            Err(Broken(format!(
                "{fate:?} with {attempts} attempts and {outcome:?}"
            )))
        }
    }
}

/// The number of jobs is that of the definitions.
const _: () = assert!(JOBS == 4, "the operations name the jobs by number");
