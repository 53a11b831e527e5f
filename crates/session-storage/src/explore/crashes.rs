//! A power cut or a kill at every operation of a workload, with and without a failing sync before it.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use super::driver::{Driver, End, Setting};
use super::figures::{Figures, Finding};
use super::model::Model;
use super::replay::{Course, Left, Replay};
use super::verify::Check;
use super::workload::{Place, Workload};
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

/// Goes through one crash again.
pub(super) fn replay_crash(
    workload: &Workload,
    seed: u64,
    fault: Option<Fault>,
    course: &Course,
) -> Result<(), Box<Finding>> {
    let mut explorer = Explorer::new(workload, u64::MAX, seed, fault);
    let Course::Crash {
        failing,
        after,
        left,
    } = course
    else {
        return explorer.whole().map(drop);
    };
    let (machine, model) = explorer.play(failing, Some(*after))?;
    let image = match left {
        Left::Nothing => return Ok(()),
        Left::Noise => {
            let noise = explorer.check().noise(&machine, &model);
            return noise.map_err(|broken| explorer.finding(course.clone(), broken));
        }
        Left::All => machine.after_kill(),
        Left::Kept(kept) => machine.image(&Schedule::new(*after, kept.clone())),
    };
    let check = explorer.check();
    let again = |broken| explorer.finding(course.clone(), broken);
    check.nested(&image, &model).map_err(again)?;
    check.image(&image, &model).map_err(again)
}

/// What the machine did on the way to a crash, in the words of a person: every operation, then every effect that no
/// sync covered, by the number that a replay keeps it by.
pub(super) fn story_of_crash(workload: &Workload, seed: u64, course: &Course) -> Vec<String> {
    let mut explorer = Explorer::new(workload, u64::MAX, seed, None);
    let played = match course {
        Course::Crash { failing, after, .. } => explorer.play(failing, Some(*after)),
        Course::Whole | Course::SpaceTaken | Course::Call { .. } | Course::Beside { .. } => {
            explorer.play(&[], None)
        }
    };
    let Ok((machine, _)) = played else {
        return Vec::new();
    };
    let operations = (1..).zip(machine.trace());
    let operations = operations.map(|(number, text): (u64, String)| format!("{number}: {text}"));
    let unsynced = machine.unsynced().into_iter().enumerate();
    operations
        .chain(unsynced.map(|(number, text)| format!("unsynced {number}: {text}")))
        .collect()
}

/// The syncs that are let fail, by their operation numbers, and how.
type FailingSyncs = Vec<(u64, FailedSync)>;

struct Explorer<'a> {
    workload: &'a Workload,
    setting: Setting,
    budget: u64,
    /// The books there were, by number.
    books: HashMap<Model, usize>,
    /// The images that were checked, each with the number of its books.
    seen: HashSet<(u128, usize)>,
    figures: Figures,
}

impl<'a> Explorer<'a> {
    fn new(workload: &'a Workload, budget: u64, seed: u64, fault: Option<Fault>) -> Self {
        Self {
            workload,
            setting: Setting::of(workload, seed, fault),
            budget,
            books: HashMap::new(),
            seen: HashSet::new(),
            figures: Figures {
                workload: workload.name.clone().into_owned(),
                ..Figures::default()
            },
        }
    }

    /// A run without a crash, and damages of the medium after it.
    fn whole(&mut self) -> Result<CrashFs, Box<Finding>> {
        let (machine, model) = self.play(&[], None)?;
        self.figures.damages += self
            .check()
            .media(&machine, &model)
            .map_err(|broken| self.finding(Course::Whole, broken))?;
        Ok(machine)
    }

    fn explore(&mut self) -> Result<(), Box<Finding>> {
        let machine = self.whole()?;
        let syncs: Vec<u64> = (1..)
            .zip(machine.trace())
            .filter(|(_, text)| text.starts_with("sync"))
            .map(|(number, _)| number)
            .collect();
        let mut points: Vec<(FailingSyncs, u64)> = Vec::new();
        let mut twice: Vec<(FailingSyncs, u64)> = Vec::new();
        for sync in &syncs {
            for how in [FailedSync::KeepsCache, FailedSync::DropsCache] {
                // What follows the failure, up to two more acknowledgements, is where it matters.
                let crashes = *sync..sync + 24;
                points.extend(crashes.map(|crash| (vec![(*sync, how)], crash)));
                // The mending fails as well.
                for later in 1..10 {
                    let failing = vec![(*sync, how), (sync + later, how)];
                    let crashes = (*sync + later..sync + 28).step_by(3);
                    twice.extend(crashes.map(|crash| (failing.clone(), crash)));
                }
            }
        }
        shuffle(&mut points, self.setting.seed);
        shuffle(&mut twice, self.setting.seed);
        points.append(&mut twice);
        let mut plain: Vec<(FailingSyncs, u64)> = (0..=machine.operations())
            .map(|crash| (Vec::new(), crash))
            .collect();
        if self.budget < plain.len() as u64 * 8 {
            // Too little for all of them: a few everywhere, not all at the beginning.
            shuffle(&mut plain, self.setting.seed);
        }
        let mut failed: HashSet<Vec<(u64, bool)>> = HashSet::new();
        for (failing, crash) in plain.into_iter().chain(points) {
            self.figures.plain_complete |= !failing.is_empty();
            if self.figures.distinct >= self.budget {
                return Ok(());
            }
            let which = failing
                .iter()
                .map(|(sync, how)| (*sync, *how == FailedSync::KeepsCache));
            if !failing.is_empty() && failed.insert(which.collect()) {
                self.figures.failed_syncs += 1;
            }
            self.crash_point(&failing, crash)?;
        }
        self.figures.plain_complete = true;
        self.figures.complete = true;
        Ok(())
    }

    /// Runs the workload up to a crash.
    fn play(
        &mut self,
        failing: &[(u64, FailedSync)],
        crash: Option<u64>,
    ) -> Result<(CrashFs, Model), Box<Finding>> {
        let machine = self.setting.disk();
        for (operation, how) in failing {
            machine.fail_sync_at(*operation, *how);
        }
        if let Some(crash) = crash {
            machine.crash_after(crash);
        }
        let fs: Arc<dyn Fs> = Arc::new(machine.clone());
        let model = Model::new(self.setting.place);
        let mut driver = Driver::new(&machine, fs, self.setting, model);
        driver.undisturbed = failing.is_empty();
        let end = driver.run(self.workload);
        self.figures.runs += 1;
        if let End::Broken(why) = end {
            let course = crash.map_or(Course::Whole, |after| Course::Crash {
                failing: failing.to_vec(),
                after,
                left: Left::Nothing,
            });
            return Err(self.finding(course, why));
        }
        driver.kill();
        Ok((machine, driver.model))
    }

    fn crash_point(
        &mut self,
        failing: &[(u64, FailedSync)],
        crash: u64,
    ) -> Result<(), Box<Finding>> {
        let (machine, model) = self.play(failing, Some(crash))?;
        let course = |left| Course::Crash {
            failing: failing.to_vec(),
            after: crash,
            left,
        };
        self.check()
            .noise(&machine, &model)
            .map_err(|broken| self.finding(course(Left::Noise), broken))?;
        // After a directory sync that failed, a process that comes later cannot tell a directory or link that a killed
        // one made from a durable one; inside a session it makes every name anew, above it cannot.
        if failing.is_empty() || self.setting.place == Place::Directory {
            self.image(&machine.after_kill(), &model, || course(Left::All))?;
        }
        // A small budget is spread over the crash points; a large one goes deep at each, and first where no sync failed.
        let (exhaustive_max, samples) = match self.budget {
            0..250 => (3, 4),
            250..20_000 if failing.is_empty() => (10, 24),
            250..2_000 => (4, 8),
            2_000..20_000 => (8, 24),
            _ if failing.is_empty() => (14, 200),
            _ => (10, 200),
        };
        let exploration = Exploration {
            exhaustive_max,
            samples,
            seed: self.setting.seed ^ crash,
        };
        let mut images = machine.crash_images(&exploration);
        self.figures.points += 1;
        self.figures.exhausted += u64::from(images.is_exhaustive());
        let books = self.number_of(&model);
        while self.figures.distinct < self.budget {
            let mut is_new = |fingerprint| {
                self.figures.images += 1;
                self.seen.insert((fingerprint, books))
            };
            let Some(image) = images.next_new(&mut is_new) else {
                break;
            };
            let kept = || course(Left::Kept(image.schedule.kept.clone()));
            self.distinct_image(&image.fs, &model, kept)?;
        }
        Ok(())
    }

    fn image(
        &mut self,
        machine: &CrashFs,
        model: &Model,
        course: impl Fn() -> Course,
    ) -> Result<(), Box<Finding>> {
        self.figures.images += 1;
        let unsynced = machine.unsynced().len() as u128;
        let books = self.number_of(model);
        let fingerprint = machine.fingerprint() ^ (unsynced << 64);
        if self.seen.insert((fingerprint, books)) {
            self.distinct_image(machine, model, course)
        } else {
            Ok(())
        }
    }

    fn number_of(&mut self, model: &Model) -> usize {
        let next = self.books.len();
        match self.books.get(model) {
            Some(number) => *number,
            None => *self.books.entry(model.clone()).or_insert(next),
        }
    }

    /// Checks an image that is not like one before.
    fn distinct_image(
        &mut self,
        machine: &CrashFs,
        model: &Model,
        course: impl Fn() -> Course,
    ) -> Result<(), Box<Finding>> {
        self.figures.distinct += 1;
        let check = self.check();
        let is_settled = machine.unsynced().is_empty();
        let found = if self.figures.distinct.is_multiple_of(NESTED_EVERY) && is_settled {
            check.nested(machine, model)
        } else {
            check.image(machine, model).map(|()| 0)
        };
        self.figures.nested += found.map_err(|broken| self.finding(course(), broken))?;
        Ok(())
    }

    fn check(&self) -> Check {
        Check {
            setting: self.setting,
        }
    }

    fn finding(&self, course: Course, broken: String) -> Box<Finding> {
        Box::new(Finding {
            replay: Replay {
                workload: self.workload.name.clone().into_owned(),
                seed: self.setting.seed,
                course,
            },
            broken,
        })
    }
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
