//! A reader beside the writer: before any one call of the reader, the writer does its next steps.

use std::sync::{Arc, Mutex, PoisonError};

use super::driver::{Driver, End, Setting};
use super::figures::{Figures, Finding};
use super::hook::Hook;
use super::model::{Model, State, read_state};
use super::place::{chain, plain_dir};
use super::replay::{Course, Replay};
use super::workload::{Place, Step, Workload};
use crate::faults::Fault;
use crate::fs::Fs;
use crate::recovery::{Depth, read_directory};

/// How many steps the writer does between two calls of the reader.
const STEPS: usize = 3;

/// Lets a reader look at each stage of a workload, and the writer go on before each call of the reader.
///
/// Workloads in a repository, and those in which the medium does damage, are passed over.
///
/// # Errors
/// The first broken promise: a reader that sees damage, an older state or none.
pub fn beside(workload: &Workload, seed: u64) -> Result<Figures, Box<Finding>> {
    beside_with_fault(workload, seed, None)
}

pub(super) fn beside_with_fault(
    workload: &Workload,
    seed: u64,
    fault: Option<Fault>,
) -> Result<Figures, Box<Finding>> {
    let mut figures = Figures {
        workload: workload.name.clone().into_owned(),
        complete: true,
        ..Figures::default()
    };
    if workload.place == Place::Repository || workload.steps.iter().copied().any(does_damage) {
        return Ok(figures);
    }
    for step in 1..workload.steps.len() {
        let mut call = 1;
        while look_beside(workload, seed, fault, (step, call))? {
            figures.runs += 1;
            call += 1;
        }
    }
    Ok(figures)
}

/// Goes through one look again.
pub(super) fn replay_beside(
    workload: &Workload,
    seed: u64,
    fault: Option<Fault>,
    place: (usize, u64),
) -> Result<(), Box<Finding>> {
    look_beside(workload, seed, fault, place).map(drop)
}

fn does_damage(step: Step) -> bool {
    match step {
        Step::StepBack | Step::Repair | Step::StaleRepair | Step::Mend => true,
        Step::Create
        | Step::Append(_)
        | Step::Summary(_)
        | Step::Fold
        | Step::Reopen
        | Step::CloseAndOpen
        | Step::Read
        | Step::FreeSpace(_)
        | Step::FilesLeft(_)
        | Step::SpaceBack
        | Step::Replace
        | Step::Remove
        | Step::RemovedMeanwhile => false,
    }
}

/// One look; false when the reader was done before that call.
fn look_beside(
    workload: &Workload,
    seed: u64,
    fault: Option<Fault>,
    (step, call): (usize, u64),
) -> Result<bool, Box<Finding>> {
    let broken = |broken: String| {
        Box::new(Finding {
            replay: Replay {
                workload: workload.name.clone().into_owned(),
                seed,
                course: Course::Beside { step, call },
            },
            broken,
        })
    };
    let setting = Setting::of(workload, seed, fault);
    let machine = setting.disk();
    let fs: Arc<dyn Fs> = Arc::new(machine.clone());
    let mut driver = Driver::new(
        &machine,
        Arc::clone(&fs),
        setting,
        Model::new(setting.place),
    );
    let (before, after) = workload.steps.split_at(step.min(workload.steps.len()));
    run(&mut driver, before).map_err(broken)?;
    let rules = setting.options().rules(Depth::Checksums);
    let least = driver.model.acknowledged.clone();
    let driver = Arc::new(Mutex::new((driver, Ok(()))));
    let (shared, next) = (Arc::clone(&driver), after.get(..STEPS.min(after.len())));
    let next: Vec<Step> = next.unwrap_or_default().to_vec();
    let hook = Hook::before_call(
        call,
        Box::new(move || {
            let mut shared = shared.lock().unwrap_or_else(PoisonError::into_inner);
            let (driver, outcome) = &mut *shared;
            *outcome = run(driver, &next);
        }),
    );
    let dir = plain_dir(fs.as_ref()).map_err(|error| broken(chain(&error)))?;
    let seen = read_directory(&hook.over(dir), &rules, &|| false);
    if !hook.has_run() {
        return Ok(false);
    }
    let shared = driver.lock().unwrap_or_else(PoisonError::into_inner);
    shared.1.clone().map_err(broken)?;
    let found = seen.map_err(|error| broken(chain(&error)))?;
    let verdict = &found.recovered.verdict;
    if !verdict.is_clean() {
        return Err(broken(format!("a reader saw: {verdict}")));
    }
    let state = read_state(&found.recovered).ok_or_else(|| broken("a mixture was read".into()))?;
    let newest = &shared.0.model.acknowledged;
    if is_between(&least, &state, newest) {
        Ok(true)
    } else {
        let (least, newest) = (least.len(), newest.len());
        Err(broken(format!(
            "{} payloads were read, between {least} and {newest} are there",
            state.len()
        )))
    }
}

/// Whether a state is one of those that the session went through from one state to another.
fn is_between(least: &State, state: &State, newest: &State) -> bool {
    state.starts_with(least) && newest.starts_with(state)
}

fn run(driver: &mut Driver, steps: &[Step]) -> Result<(), String> {
    for step in steps {
        match driver.step(*step) {
            End::Done => {}
            End::Crashed => return Err("a machine crashed without a plan".to_owned()),
            End::Broken(why) => return Err(format!("{step:?}: {why}")),
        }
    }
    Ok(())
}
