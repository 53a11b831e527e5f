//! Plays a sequence; what opens on the way is for the judge.

use session_manager::{Lifecycle, SessionManager, request_abort};
use session_state::{IoStream, JobOutcome, JobResult, SessionState};
use session_storage::{Failure, Faults, OpenMode, Repeat, WellKnownDirs};

use crate::say::chain;

use super::figures::{Broken, Figures, broken};
use super::model::Model;
use super::operation::{Operation, Sequence};
use super::world::{AnyError, World, definition, job};

/// A state, and what the model says of it.
#[derive(Clone, Debug)]
pub(super) struct Moment {
    pub(super) model: Model,
    pub(super) state: SessionState,
}

pub(super) struct Play {
    pub(super) world: World,
    pub(super) manager: Option<SessionManager>,
    /// What the model says of the session in memory.
    pub(super) now: Model,
    /// What was acknowledged last; `None` before the first checkpoint.
    pub(super) acknowledged: Option<Moment>,
    /// What was begun to be written since.
    pub(super) written: Vec<Moment>,
    /// Whether somebody asked that the session be given up.
    pub(super) abort_requested: bool,
    pub(super) figures: Figures,
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
}
