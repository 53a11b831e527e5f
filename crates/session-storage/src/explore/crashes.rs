//! A power cut or a kill at every operation of a workload, with and without a failing sync before it.

use std::collections::HashSet;
use std::sync::Arc;

use super::driver::{Driver, End, disk, options};
use super::figures::{Figures, Finding};
use super::injection::inject_with_fault;
use super::model::Model;
use super::verify::Check;
use super::workload::Workload;
use crate::faults::Fault;
use crate::fs::{CrashFs, Exploration, FailedSync, Fs, Schedule};

/// One image in this many is crashed again during its recovery.
const NESTED_EVERY: u64 = 97;

/// Explores a workload until everything was seen or `budget` distinct images were checked.
///
/// # Errors
/// The first broken promise.
pub fn run(workload: &Workload, budget: u64, seed: u64) -> Result<Figures, Box<Finding>> {
    run_with_fault(workload, budget, seed, None)
}

/// As [`run`], with a mistake switched on, which the exploration is to find.
///
/// # Errors
/// The first broken promise.
pub fn run_with_fault(
    workload: &Workload,
    budget: u64,
    seed: u64,
    fault: Option<Fault>,
) -> Result<Figures, Box<Finding>> {
    let mut explorer = Explorer::new(workload, budget, seed, fault);
    explorer.explore()?;
    Ok(explorer.figures)
}

/// Looks for a mistake that is switched on, in every workload and by every means; what finds it first.
pub fn hunt(fault: Fault, budget: u64, seed: u64) -> Option<Box<Finding>> {
    let every = |stride| {
        Workload::ALL
            .iter()
            .find_map(move |workload| inject_with_fault(workload, stride, seed, Some(fault)).err())
    };
    let crashes = || {
        Workload::ALL
            .iter()
            .find_map(|workload| run_with_fault(workload, budget, seed, Some(fault)).err())
    };
    // A few failing calls first, then the means that suits the mistake.
    let calls_matter = fault == Fault::ShortWriteTaken;
    every(u64::MAX)
        .or_else(|| if calls_matter { every(1) } else { None })
        .or_else(crashes)
        .or_else(|| every(1))
}

/// Goes through one finding again: the failing syncs, the crash point, and which unsynced effects were kept
/// (`None`: the process was killed and the machine went on).
///
/// # Errors
/// The broken promise, if it still is.
pub fn replay(
    workload: &Workload,
    seed: u64,
    failing_syncs: &[(u64, FailedSync)],
    crash_after: u64,
    kept: Option<Vec<usize>>,
) -> Result<(), Box<Finding>> {
    let mut explorer = Explorer::new(workload, u64::MAX, seed, None);
    let failing = match failing_syncs {
        [] => None,
        [(first, how)] => Some((*first, *how, None)),
        [(first, how), (second, _), ..] => Some((*first, *how, second.checked_sub(*first))),
    };
    let (machine, model, _) = explorer.play(failing, Some(crash_after))?;
    let (machine, image) = match kept {
        Some(kept) => {
            let schedule = Schedule::new(crash_after, kept);
            (machine.image(&schedule), schedule.to_string())
        }
        None => (machine.after_kill(), "killed".to_owned()),
    };
    let place = schedule(failing, Some(crash_after));
    explorer.image(&machine, &model, &place, &image)
}

struct Explorer<'a> {
    workload: &'a Workload,
    budget: u64,
    seed: u64,
    fault: Option<Fault>,
    seen: HashSet<(u128, Model)>,
    figures: Figures,
}

/// Which sync is let fail and how, and by how many operations later another one.
type FailingSync = Option<(u64, FailedSync, Option<u64>)>;

impl<'a> Explorer<'a> {
    fn new(workload: &'a Workload, budget: u64, seed: u64, fault: Option<Fault>) -> Self {
        Self {
            workload,
            budget,
            seed,
            fault,
            seen: HashSet::new(),
            figures: Figures {
                workload: workload.name.to_owned(),
                ..Figures::default()
            },
        }
    }

    fn explore(&mut self) -> Result<(), Box<Finding>> {
        let (machine, model, _) = self.play(None, None)?;
        let check = self.check();
        self.figures.damages += check
            .media(&machine, &model)
            .map_err(|broken| self.finding("after the whole run", broken))?;
        let operations = machine.operations();
        let syncs: Vec<u64> = (1..)
            .zip(machine.trace())
            .filter(|(_, text)| text.starts_with("sync"))
            .map(|(number, _)| number)
            .collect();
        let mut points: Vec<(FailingSync, u64)> = Vec::new();
        let mut pairs: Vec<(FailingSync, u64)> = Vec::new();
        for sync in &syncs {
            for how in [FailedSync::KeepsCache, FailedSync::DropsCache] {
                // What follows the failure, up to two more acknowledgements, is where it matters.
                let crashes = *sync..sync + 24;
                points.extend(crashes.map(|crash| (Some((*sync, how, None)), crash)));
                // The mending fails as well.
                for later in 1..10 {
                    let crashes = (*sync + later..sync + 28).step_by(3);
                    pairs.extend(crashes.map(|crash| (Some((*sync, how, Some(later))), crash)));
                }
            }
        }
        shuffle(&mut points, self.seed);
        shuffle(&mut pairs, self.seed);
        points.append(&mut pairs);
        let plain = (0..=operations).map(|crash| (None, crash));
        let mut failed = HashSet::new();
        for (failing, crash) in plain.chain(points) {
            if self.figures.distinct >= self.budget {
                return Ok(());
            }
            if let Some((operation, how, later)) = failing
                && failed.insert((operation, how == FailedSync::KeepsCache, later))
            {
                self.figures.failed_syncs += 1;
            }
            self.crash_point(failing, crash)?;
        }
        self.figures.complete = true;
        Ok(())
    }

    /// Runs the workload up to a crash.
    fn play(
        &mut self,
        failing: FailingSync,
        crash: Option<u64>,
    ) -> Result<(CrashFs, Model, bool), Box<Finding>> {
        let machine = disk();
        if let Some((operation, how, later)) = failing {
            machine.fail_sync_at(operation, how);
            if let Some(later) = later {
                machine.fail_sync_at(operation + later, how);
            }
        }
        if let Some(crash) = crash {
            machine.crash_after(crash);
        }
        let fs: Arc<dyn Fs> = Arc::new(machine.clone());
        let options = options(self.seed, self.workload.page, self.fault);
        let mut driver = Driver::new(&machine, fs, options, Model::default());
        driver.undisturbed = failing.is_none();
        let end = driver.run(self.workload);
        self.figures.runs += 1;
        if let End::Broken(why) = end {
            return Err(self.finding(&schedule(failing, crash), why));
        }
        driver.kill();
        Ok((machine, driver.model, end == End::Crashed))
    }

    fn crash_point(&mut self, failing: FailingSync, crash: u64) -> Result<(), Box<Finding>> {
        let (machine, model, _) = self.play(failing, Some(crash))?;
        let check = self.check();
        let place = schedule(failing, Some(crash));
        check
            .noise(&machine, &model)
            .map_err(|broken| self.finding(&place, broken))?;
        self.image(&machine.after_kill(), &model, &place, &"killed")?;
        // A small budget is spread over the crash points; a large one goes deep at each.
        let (exhaustive_max, samples) = match self.budget {
            0..2_000 => (4, 8),
            2_000..50_000 => (8, 24),
            _ => (10, 200),
        };
        let exploration = Exploration {
            exhaustive_max,
            samples,
            seed: self.seed ^ crash,
        };
        for image in machine.crash_images(&exploration) {
            if self.figures.distinct >= self.budget {
                return Ok(());
            }
            self.image(&image.fs, &model, &place, &image.schedule)?;
        }
        Ok(())
    }

    fn image(
        &mut self,
        machine: &CrashFs,
        model: &Model,
        place: &str,
        image: &dyn std::fmt::Display,
    ) -> Result<(), Box<Finding>> {
        self.figures.images += 1;
        let unsynced = machine.unsynced().len() as u128;
        if !self
            .seen
            .insert((machine.fingerprint() ^ (unsynced << 64), model.clone()))
        {
            return Ok(());
        }
        self.figures.distinct += 1;
        let check = self.check();
        let found = if self.figures.distinct.is_multiple_of(NESTED_EVERY) && unsynced == 0 {
            check.nested(machine, model)
        } else {
            check.image(machine, model).map(|()| 0)
        };
        self.figures.nested +=
            found.map_err(|broken| self.finding(&format!("{place}, {image}"), broken))?;
        Ok(())
    }

    fn check(&self) -> Check {
        Check {
            fault: self.fault,
            page: self.workload.page,
            seed: self.seed,
        }
    }

    fn finding(&self, schedule: &str, broken: String) -> Box<Finding> {
        Box::new(Finding {
            workload: self.workload.name.to_owned(),
            schedule: format!("seed {}, {schedule}", self.seed),
            broken,
        })
    }
}

fn schedule(failing: FailingSync, crash: Option<u64>) -> String {
    let mut text = match failing {
        Some((operation, how, None)) => format!("sync {operation} fails ({how:?}), "),
        Some((operation, how, Some(later))) => {
            let second = operation + later;
            format!("syncs {operation} and {second} fail ({how:?}), ")
        }
        None => String::new(),
    };
    match crash {
        Some(crash) => text += &format!("crash after operation {crash}"),
        None => text += "no crash",
    }
    text
}

/// Mixes a list by a seed.
fn shuffle<T>(list: &mut [T], seed: u64) {
    let mut state = seed ^ 0x9e37_79b9_7f4a_7c15;
    for last in (1..list.len()).rev() {
        state = state
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        let other = usize::try_from(state >> 33).unwrap_or(0) % (last + 1);
        list.swap(last, other);
    }
}
