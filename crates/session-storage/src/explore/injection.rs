//! Every call of a workload failing in every way: the contract holds, errors say what failed, and a retry works.

use std::io;
use std::sync::Arc;

use super::driver::{Driver, End, Setting};
use super::figures::{Figures, Finding};
use super::model::Model;
use super::replay::{Course, Replay};
use super::verify::Check;
use super::workload::Workload;
use crate::faults::Fault;
use crate::fs::{CrashFs, FailFs, Failure, Fs, Repeat};

/// Lets every `stride`-th call of a workload fail in each way there is; once, or until a step has failed twice.
///
/// # Errors
/// The first broken promise.
pub fn inject(workload: &Workload, stride: u64, seed: u64) -> Result<Figures, Box<Finding>> {
    inject_with_fault(workload, stride, seed, None)
}

/// As [`inject`], with a mistake switched on, which the injection is to find.
///
/// # Errors
/// The first broken promise.
pub fn inject_with_fault(
    workload: &Workload,
    stride: u64,
    seed: u64,
    fault: Option<Fault>,
) -> Result<Figures, Box<Finding>> {
    let stride = stride.max(1);
    let mut figures = Figures {
        workload: workload.name.clone().into_owned(),
        complete: stride == 1,
        ..Figures::default()
    };
    let injection = Injection {
        workload,
        setting: Setting::of(workload, seed, fault),
    };
    let calls = injection.undisturbed()?;
    let ways = Failure::ALL
        .into_iter()
        .chain([Failure::DoneYetErrno(5), Failure::DoneYetErrno(28)])
        .flat_map(|failure| [(failure, Repeat::Once), (failure, Repeat::FromThenOn)]);
    for (way, (failure, repeat)) in (0..).zip(ways) {
        let first = 1 + way % stride;
        for number in (first..=calls).step_by(usize::try_from(stride).unwrap_or(1)) {
            injection.one(number, failure, repeat)?;
            figures.runs += 1;
            figures.images += 2;
        }
    }
    figures.distinct = figures.images;
    Ok(figures)
}

/// Goes through one failing call again.
pub(super) fn replay_call(
    workload: &Workload,
    seed: u64,
    fault: Option<Fault>,
    (number, failure, repeat): (u64, Failure, Repeat),
) -> Result<(), Box<Finding>> {
    let injection = Injection {
        workload,
        setting: Setting::of(workload, seed, fault),
    };
    injection.one(number, failure, repeat)
}

/// Goes through the run without failing calls again.
pub(super) fn replay_space_taken(
    workload: &Workload,
    seed: u64,
    fault: Option<Fault>,
) -> Result<(), Box<Finding>> {
    let injection = Injection {
        workload,
        setting: Setting::of(workload, seed, fault),
    };
    injection.undisturbed().map(drop)
}

struct Injection<'a> {
    workload: &'a Workload,
    setting: Setting,
}

impl Injection<'_> {
    /// Runs without a failing call, but for the space that runs out; answers how many calls there are.
    fn undisturbed(&self) -> Result<u64, Box<Finding>> {
        let machine = self.setting.disk();
        let failing = FailFs::new(Arc::new(machine.clone()) as Arc<dyn Fs>);
        let mut driver = self.driver(&machine, &failing);
        driver.undisturbed = true;
        driver.thief = Some(failing.clone());
        let end = driver.run(self.workload);
        self.ended(end, Course::SpaceTaken)?;
        Ok(failing.call_count())
    }

    /// Runs with one failing call, and looks at what a power cut and a kill leave at the end.
    fn one(&self, number: u64, failure: Failure, repeat: Repeat) -> Result<(), Box<Finding>> {
        let course = Course::Call {
            number,
            failure,
            repeat,
        };
        let machine = self.setting.disk();
        let failing = FailFs::new(Arc::new(machine.clone()) as Arc<dyn Fs>);
        failing.fail_call(number, failure, repeat);
        let mut driver = self.driver(&machine, &failing);
        driver.sick = Some(failing.clone());
        let end = driver.run(self.workload);
        self.ended(end, course.clone())?;
        driver.kill();
        let broken = |why| self.finding(course.clone(), why);
        for told in &driver.failures {
            told_well(told, failure).map_err(broken)?;
        }
        let check = Check {
            setting: self.setting,
        };
        for image in [machine.after_power_cut(), machine.after_kill()] {
            check.image(&image, &driver.model).map_err(broken)?;
        }
        Ok(())
    }

    fn driver(&self, machine: &CrashFs, failing: &FailFs) -> Driver {
        let fs: Arc<dyn Fs> = Arc::new(failing.clone());
        let model = Model::new(self.setting.place);
        Driver::new(machine, fs, self.setting, model)
    }

    fn ended(&self, end: End, course: Course) -> Result<(), Box<Finding>> {
        match end {
            End::Done => Ok(()),
            End::Crashed => Err(self.finding(course, "no crash was planned".to_owned())),
            End::Broken(why) => Err(self.finding(course, why)),
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

/// Whether an error with its causes names a step, a path, and the true cause.
fn told_well(told: &str, failure: Failure) -> Result<(), String> {
    let cause = match failure {
        Failure::Errno(number) | Failure::DoneYetErrno(number) => {
            io::Error::from_raw_os_error(number).to_string()
        }
        Failure::SkippedSync | Failure::ShortWrite => {
            return Err(format!("an error where every call was answered: {told}"));
        }
    };
    if told.contains("cannot ") && told.contains("'/") && told.ends_with(&cause) {
        Ok(())
    } else {
        Err(format!(
            "an error that does not name step, path and cause: {told}"
        ))
    }
}
