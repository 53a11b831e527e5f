//! Running a workload on a file system, keeping the books of what was acknowledged.

use std::sync::Arc;

use super::attempt::Attempt;
use super::model::{Model, Payload, write_state};
use super::place::{chain, disk};
use super::workload::{Place, Step, Workload};
use crate::entropy::SeededEntropy;
use crate::faults::{Fault, Faults};
use crate::frame::Align;
use crate::fs::{CrashFs, FailFs, Failure, Fs, Operation};
use crate::journal::{Journal, JournalOptions, Space};

/// ENOSPC.
const NO_SPACE: i32 = 28;

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

/// What a run is made with.
#[derive(Clone, Copy, Debug)]
pub(super) struct Setting {
    pub(super) fault: Option<Fault>,
    pub(super) page: bool,
    pub(super) place: Place,
    pub(super) seed: u64,
}

impl Setting {
    pub(super) fn of(workload: &Workload, seed: u64, fault: Option<Fault>) -> Self {
        Self {
            fault,
            page: workload.page,
            place: workload.place,
            seed,
        }
    }

    /// A disk on which the workload may begin.
    pub(super) fn disk(&self) -> CrashFs {
        disk(self.place)
    }

    pub(super) fn faults(&self) -> Faults {
        self.fault.map_or_else(Faults::default, Faults::only)
    }

    /// Small steps and spares, so that a workload meets them soon.
    pub(super) fn options(&self) -> JournalOptions {
        let mut options = JournalOptions::new(Arc::new(SeededEntropy::new(self.seed)));
        options.align = match (self.fault, self.page) {
            (Some(Fault::PackedFrames), _) => Align::Packed,
            (_, true) => Align::Page,
            (_, false) => Align::Sector,
        };
        let unit = if self.page { 16 * 1024 } else { 4096 };
        options.step_bytes = unit;
        options.spare_bytes = unit;
        options.fold_bytes_min = 1024;
        options.faults = self.faults();
        options
    }
}

/// One run of a workload.
pub(super) struct Driver {
    pub(super) fs: Arc<dyn Fs>,
    pub(super) machine: CrashFs,
    pub(super) setting: Setting,
    pub(super) options: JournalOptions,
    pub(super) journal: Option<Journal>,
    pub(super) model: Model,
    numbers: u32,
    /// How often a failed call is tried again.
    retries: u32,
    /// Whether nothing but the space runs out, so that the spare has to serve.
    pub(super) undisturbed: bool,
    /// Lets another program take every block that comes free while the disk is full.
    pub(super) thief: Option<FailFs>,
    /// What failed while the disk was not full.
    pub(super) failures: Vec<String>,
    /// Healed when a step has failed twice.
    pub(super) sick: Option<FailFs>,
    pub(super) full: bool,
}

impl Driver {
    pub(super) fn new(machine: &CrashFs, fs: Arc<dyn Fs>, setting: Setting, model: Model) -> Self {
        Self {
            fs,
            machine: machine.clone(),
            options: setting.options(),
            setting,
            journal: None,
            // Numbers go on where the books end, so that no payload is written twice.
            numbers: 1000 * (model.acknowledged.len() as u32 + 1),
            model,
            retries: 3,
            undisturbed: false,
            thief: None,
            failures: Vec::new(),
            sick: None,
            full: false,
        }
    }

    /// Runs all steps.
    pub(super) fn run(&mut self, workload: &Workload) -> End {
        for step in workload.steps.iter() {
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
            Step::Read => self.persist("read", Self::read),
            Step::StepBack => self.step_back(),
            Step::Repair => self.damage_and_repair(),
            Step::Mend => self.mend(),
            Step::StaleRepair => self.repair_by_an_old_plan(),
            Step::FreeSpace(bytes) => {
                self.full = true;
                self.machine.set_free_space(Some(u64::from(bytes)));
                if let Some(thief) = &self.thief {
                    thief.fail_operation(Operation::Create, Failure::Errno(NO_SPACE));
                }
                End::Done
            }
            Step::FilesLeft(count) => {
                self.full = true;
                self.machine.refuse_by_quota(true);
                self.machine.set_free_inodes(Some(u64::from(count)));
                End::Done
            }
            Step::SpaceBack => {
                self.full = false;
                self.machine.give_room_back();
                if let Some(thief) = &self.thief {
                    thief.heal();
                }
                End::Done
            }
            Step::Replace => self.replace(),
            Step::Remove => self.remove(),
            Step::RemovedMeanwhile => self.removed_meanwhile(),
        }
    }

    /// Tries until it works; a full disk may say no for good.
    pub(super) fn persist(
        &mut self,
        what: &str,
        mut attempt: impl FnMut(&mut Self) -> Attempt,
    ) -> End {
        let mut last = String::new();
        for tried in 0..=self.retries {
            let outcome = attempt(self);
            if self.machine.crashed() {
                return End::Crashed;
            }
            match outcome {
                Attempt::Done => return End::Done,
                Attempt::Broken(why) => return End::Broken(why),
                Attempt::Failed { full: true, .. } if self.full => return End::Done,
                Attempt::Failed { why, .. } => {
                    if !self.full {
                        self.failures.push(why.clone());
                    }
                    last = why;
                }
            }
            if tried == 1
                && let Some(sick) = &self.sick
            {
                sick.heal();
            }
        }
        End::Broken(format!("{what} still fails when nothing is wrong: {last}"))
    }

    /// A number that was not used before.
    pub(super) fn next_number(&mut self) -> u32 {
        self.numbers += 1;
        self.numbers
    }

    fn append(&mut self, size: u16, summary: bool) -> End {
        self.persist("append", |driver| {
            let payload = Payload::new(driver.next_number(), size);
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
                Err(error) => Attempt::failed(&error),
            }
        })
    }

    fn spare_unused(&self, size: usize, error: &(dyn std::error::Error + 'static)) -> Attempt {
        let room = self.options.spare_bytes as usize - self.options.align.first_frame() as usize;
        if size + size / 500 + 200 < room && self.undisturbed {
            return Attempt::Broken(format!(
                "the spare did not serve when the disk was full: {}",
                chain(error)
            ));
        }
        Attempt::failed(error)
    }

    fn fold(&mut self) -> End {
        self.persist("fold", |driver| {
            let Some(journal) = driver.journal.as_mut() else {
                return Attempt::Done;
            };
            let state = driver.model.acknowledged.clone();
            match journal.fold(&mut |sink| write_state(&state, sink)) {
                Ok(()) => {
                    driver.model.way_back = true;
                    Attempt::Done
                }
                Err(error) => Attempt::failed(&error),
            }
        })
    }

    /// Lets go of the journal as a killed process does.
    pub(super) fn kill(&mut self) {
        self.journal = None;
    }
}
