//! Every call of a workload failing in every way: the contract holds, and a retry works.

use std::sync::Arc;

use super::driver::{Driver, End, disk, options};
use super::figures::{Figures, Finding};
use super::model::Model;
use super::verify::Check;
use super::workload::Workload;
use crate::faults::Fault;
use crate::fs::{CrashFs, FailFs, Failure, Fs, Repeat};

/// Lets every `stride`-th call of a workload fail, once, in each way there is.
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
    let mut figures = Figures {
        workload: workload.name.to_owned(),
        complete: stride <= 1,
        ..Figures::default()
    };
    let check = Check {
        fault,
        page: workload.page,
        seed,
    };
    let (_, failing, _) = play(workload, &check, None)?;
    let calls = failing.call_count();
    let kinds = Failure::ALL
        .into_iter()
        .chain([Failure::DoneYetErrno(5), Failure::DoneYetErrno(28)]);
    for (kind, failure) in (0..).zip(kinds) {
        let first = 1 + kind % stride.max(1);
        for call in (first..=calls).step_by(usize::try_from(stride.max(1)).unwrap_or(1)) {
            let plan = Some((call, failure));
            let (machine, _, model) = play(workload, &check, plan)?;
            figures.runs += 1;
            for image in [machine.after_power_cut(), machine.after_kill()] {
                figures.images += 1;
                check
                    .image(&image, &model)
                    .map_err(|broken| finding(workload, plan, broken))?;
            }
        }
    }
    figures.distinct = figures.images;
    Ok(figures)
}

type Plan = Option<(u64, Failure)>;

fn play(
    workload: &Workload,
    check: &Check,
    plan: Plan,
) -> Result<(CrashFs, FailFs, Model), Box<Finding>> {
    let machine = disk();
    let failing = FailFs::new(Arc::new(machine.clone()) as Arc<dyn Fs>);
    if let Some((call, failure)) = plan {
        failing.fail_call(call, failure, Repeat::Once);
    }
    let options = options(check.seed, workload.page, check.fault);
    let fs: Arc<dyn Fs> = Arc::new(failing.clone());
    let mut driver = Driver::new(&machine, fs, options, Model::default());
    if plan.is_none() {
        driver.undisturbed = true;
        driver.thief = Some(failing.clone());
    }
    match driver.run(workload) {
        End::Done => {}
        End::Crashed => return Err(finding(workload, plan, "no crash was planned".to_owned())),
        End::Broken(why) => return Err(finding(workload, plan, why)),
    }
    driver.kill();
    Ok((machine, failing, driver.model))
}

fn finding(workload: &Workload, plan: Plan, broken: String) -> Box<Finding> {
    Box::new(Finding {
        workload: workload.name.to_owned(),
        schedule: plan.map_or_else(
            || "no failure".to_owned(),
            |(call, failure)| format!("call {call} fails ({failure:?})"),
        ),
        broken,
    })
}
