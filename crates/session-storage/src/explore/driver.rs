//! Running a workload on a file system, keeping the books of what was acknowledged.

use std::sync::Arc;

use camino::Utf8Path;

use super::model::{Model, Payload, write_state};
use super::workload::{Step, Workload};
use crate::entropy::SeededEntropy;
use crate::faults::{Fault, Faults};
use crate::frame::Align;
use crate::fs::{CrashFs, Dir, FailFs, Failure, Fs, FsError, Operation};
use crate::journal::{CreateOptions, Journal, JournalOptions, Space};

pub(super) const PLACE: &str = "/s";
/// ENOSPC.
const NO_SPACE: i32 = 28;
const UUID: [u8; 16] = *b"exploration-uuid";

/// How a run of a workload ended.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum End {
    /// All steps were done.
    Done,
    /// The machine crashed.
    Crashed,
    /// A promise was broken without a crash.
    Broken(String),
}

/// One run of a workload.
pub(super) struct Driver {
    fs: Arc<dyn Fs>,
    machine: CrashFs,
    options: JournalOptions,
    journal: Option<Journal>,
    pub(super) model: Model,
    numbers: u32,
    /// How often a failed call is tried again.
    retries: u32,
    /// Whether nothing but the space runs out, so that the spare has to serve.
    pub(super) undisturbed: bool,
    /// Lets another program take every block that comes free while the disk is full.
    pub(super) thief: Option<FailFs>,
}

/// Small steps and spares, so that a workload meets them soon.
pub(super) fn options(seed: u64, page: bool, fault: Option<Fault>) -> JournalOptions {
    let mut options = JournalOptions::new(Arc::new(SeededEntropy::new(seed)));
    options.align = match (fault, page) {
        (Some(Fault::PackedFrames), _) => Align::Packed,
        (_, true) => Align::Page,
        (_, false) => Align::Sector,
    };
    let unit = if page { 16 * 1024 } else { 4096 };
    options.step_bytes = unit;
    options.spare_bytes = unit;
    options.fold_bytes_min = 1024;
    options.faults = fault.map_or_else(Faults::default, Faults::only);
    options
}

/// A disk with the session's empty directory.
pub(super) fn disk() -> CrashFs {
    let machine = CrashFs::new();
    // A fresh disk takes one directory.
    let _ = machine.plant_dir(Utf8Path::new(PLACE));
    machine
}

/// The session's directory.
pub(super) fn session_dir(fs: &dyn Fs) -> Result<Arc<dyn Dir>, FsError> {
    fs.open_dir(Utf8Path::new(PLACE))
}

impl Driver {
    pub(super) fn new(
        machine: &CrashFs,
        fs: Arc<dyn Fs>,
        options: JournalOptions,
        model: Model,
    ) -> Self {
        Self {
            fs,
            machine: machine.clone(),
            options,
            journal: None,
            // Numbers go on where the books end, so that no payload is written twice.
            numbers: 1000 * (model.acknowledged.len() as u32 + 1),
            model,
            retries: 3,
            undisturbed: false,
            thief: None,
        }
    }

    /// Runs all steps.
    pub(super) fn run(&mut self, workload: &Workload) -> End {
        for step in workload.steps {
            match self.step(*step) {
                End::Done => {}
                end @ (End::Crashed | End::Broken(_)) => return end,
            }
        }
        End::Done
    }

    pub(super) fn step(&mut self, step: Step) -> End {
        match step {
            Step::Create => self.create(),
            Step::Append(size) => self.append(size, false),
            Step::Summary(size) => self.append(size, true),
            Step::Fold => self.fold(),
            Step::Reopen => {
                self.journal = None;
                self.open()
            }
            Step::CloseAndOpen => {
                if let Some(journal) = self.journal.take() {
                    // What a failed close leaves is what a kill leaves: opening deals with it.
                    let _ = journal.close();
                }
                self.open()
            }
            Step::FreeSpace(bytes) => {
                self.machine.set_free_space(Some(u64::from(bytes)));
                if let Some(thief) = &self.thief {
                    thief.fail_operation(Operation::Create, Failure::Errno(NO_SPACE));
                }
                End::Done
            }
            Step::SpaceBack => {
                self.machine.set_free_space(None);
                if let Some(thief) = &self.thief {
                    thief.heal();
                }
                End::Done
            }
        }
    }

    /// Tries until it works; a full disk may say no for good.
    fn persist(&mut self, what: &str, mut attempt: impl FnMut(&mut Self) -> Attempt) -> End {
        let mut last = String::new();
        for _ in 0..=self.retries {
            let outcome = attempt(self);
            if self.machine.crashed() {
                return End::Crashed;
            }
            match outcome {
                Attempt::Done => return End::Done,
                Attempt::Broken(why) => return End::Broken(why),
                Attempt::Failed { full: true, .. } => return End::Done,
                Attempt::Failed { why, full: false } => last = why,
            }
        }
        End::Broken(format!("{what} still fails when nothing is wrong: {last}"))
    }

    fn create(&mut self) -> End {
        self.persist("create", |driver| {
            let dir = match session_dir(driver.fs.as_ref()) {
                Ok(dir) => dir,
                Err(error) => return Attempt::failed(&error, false),
            };
            let options = CreateOptions {
                uuid: UUID,
                journal: driver.options.clone(),
            };
            match Journal::create(dir, &options, &mut |sink| write_state(&[], sink)) {
                Ok(journal) => {
                    driver.journal = Some(journal);
                    driver.model.created = true;
                    Attempt::Done
                }
                // The rename of a failed attempt may have happened: then it is there.
                Err(crate::journal::CreateError::Exists { .. }) => match driver.try_open() {
                    Attempt::Done => {
                        driver.model.created = true;
                        Attempt::Done
                    }
                    failed @ (Attempt::Failed { .. } | Attempt::Broken(_)) => failed,
                },
                Err(error) => Attempt::failed(&error, false),
            }
        })
    }

    fn open(&mut self) -> End {
        self.persist("open", Self::try_open)
    }

    fn try_open(&mut self) -> Attempt {
        let opened = session_dir(self.fs.as_ref())
            .map_err(|error| Attempt::failed(&error, false))
            .and_then(|dir| {
                Journal::open(dir, &self.options)
                    .map_err(|error| Attempt::failed(&error, error.is_disk_full()))
            });
        match opened {
            Ok((journal, recovered)) => {
                let Some(state) = super::model::read_state(&recovered) else {
                    return Attempt::Broken("a mixture was opened for writing".to_owned());
                };
                if !self.model.allows(&state) {
                    return Attempt::Broken("another state was opened for writing".to_owned());
                }
                self.model.acknowledged = state;
                self.model.tried.clear();
                self.journal = Some(journal);
                Attempt::Done
            }
            Err(failed) => failed,
        }
    }

    fn append(&mut self, size: u16, summary: bool) -> End {
        self.persist("append", |driver| {
            driver.numbers += 1;
            let payload = Payload::new(driver.numbers, size);
            let Some(journal) = driver.journal.as_mut() else {
                return Attempt::Done;
            };
            let promised = journal.space();
            driver.model.tried.push(payload);
            let parts = payload.parts();
            let parts: Vec<&[u8]> = parts.iter().map(Vec::as_slice).collect();
            match journal.append(&parts, summary) {
                Ok(done) if done.seq == driver.model.acknowledged.len() as u64 + 1 => {
                    driver.model.acknowledge(payload);
                    Attempt::Done
                }
                Ok(done) => Attempt::Broken(format!("frame {} out of order", done.seq)),
                Err(error) if promised == Space::Plenty && error.is_disk_full() => {
                    // The spare was put aside for this: a frame that fits into it must go through.
                    driver.spare_unused(usize::from(size), &error)
                }
                Err(error) => Attempt::failed(&error, error.is_disk_full()),
            }
        })
    }

    fn spare_unused(&self, size: usize, error: &dyn std::error::Error) -> Attempt {
        let room = self.options.spare_bytes as usize - self.options.align.first_frame() as usize;
        if size + size / 500 + 200 < room && self.undisturbed {
            return Attempt::Broken(format!(
                "the spare did not serve when the disk was full: {}",
                chain(error)
            ));
        }
        Attempt::failed(error, true)
    }

    fn fold(&mut self) -> End {
        self.persist("fold", |driver| {
            let Some(journal) = driver.journal.as_mut() else {
                return Attempt::Done;
            };
            let state = driver.model.acknowledged.clone();
            match journal.fold(&mut |sink| write_state(&state, sink)) {
                Ok(()) => {
                    driver.model.folds += 1;
                    Attempt::Done
                }
                Err(error) => Attempt::failed(&error, error.is_disk_full()),
            }
        })
    }

    /// Lets go of the journal as a killed process does.
    pub(super) fn kill(&mut self) {
        self.journal = None;
    }
}

enum Attempt {
    Done,
    Failed { why: String, full: bool },
    Broken(String),
}

impl Attempt {
    fn failed(error: &dyn std::error::Error, full: bool) -> Self {
        Self::Failed {
            why: chain(error),
            full,
        }
    }
}

/// An error with all its causes.
pub(super) fn chain(error: &dyn std::error::Error) -> String {
    let mut text = error.to_string();
    let mut cause = error.source();
    while let Some(error) = cause {
        text = format!("{text}: {error}");
        cause = error.source();
    }
    text
}
