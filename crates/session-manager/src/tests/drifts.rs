//! Definitions that changed: told job by job, and treated as the policy says.

use session_state::JobId;

use super::resuming::{action, apply, definitions, drifted, killed, options, plan_with, storage};
use crate::{DriftPolicy, JobAction, JobReason, ResumePolicy};

#[test]
fn drift_is_told_per_job_and_treated_as_the_policy_says() {
    let keep = JobAction::Keep;
    let run = JobAction::Run;
    for (policy, done, next, last, refused) in [
        (None, keep, run, run, false),
        (
            Some(DriftPolicy::Refuse),
            JobAction::Refuse,
            JobAction::Refuse,
            JobAction::Refuse,
            true,
        ),
        (Some(DriftPolicy::Keep), keep, run, run, false),
        (
            Some(DriftPolicy::Rerun),
            JobAction::RunAgain,
            run,
            run,
            false,
        ),
        (
            Some(DriftPolicy::Drop),
            JobAction::Drop,
            JobAction::Drop,
            JobAction::Drop,
            false,
        ),
    ] {
        let fs = killed(&[]);
        let place = storage(&fs);
        let wanted = ResumePolicy {
            drift: policy,
            ..ResumePolicy::default()
        };
        let plan = plan_with(&place, &options("boot-1"), Some(&drifted()), wanted);
        assert_eq!(action(&plan, "done"), done, "{policy:?}");
        assert_eq!(action(&plan, "next"), next, "{policy:?}");
        assert_eq!(action(&plan, "last"), last, "{policy:?}");
        assert_eq!(plan.new_jobs, [JobId::from("brand-new")]);
        assert_eq!(plan.refusals.is_empty(), !refused, "{policy:?}");
        let changed = plan
            .jobs
            .iter()
            .find(|job| job.job.as_str() == "next")
            .unwrap();
        let fields: Vec<&str> = changed
            .differences
            .iter()
            .map(|known| &*known.field)
            .collect();
        assert_eq!(fields, ["command", "summary"]);
        if refused {
            continue;
        }
        let resumed = apply(&plan, &place, "boot-1").unwrap();
        let state = resumed.manager.state();
        let command = |id: &str| {
            let known = state.job_state(id)?;
            known
                .definition()
                .command()
                .map(std::borrow::Cow::into_owned)
        };
        let expected = match policy {
            None => (Some("true"), Some("date"), Some("true")),
            Some(DriftPolicy::Rerun) => (Some("date"), Some("date"), Some("true")),
            Some(DriftPolicy::Drop) => (None, None, None),
            Some(DriftPolicy::Keep | DriftPolicy::Refuse | DriftPolicy::TakeIfNotRun) => {
                (Some("true"), Some("true"), Some("true"))
            }
        };
        let found = (command("done"), command("next"), command("last"));
        assert_eq!(
            (found.0.as_deref(), found.1.as_deref(), found.2.as_deref()),
            expected,
            "{policy:?}"
        );
        if policy == Some(DriftPolicy::Rerun) {
            let done = state.job_state("done").unwrap();
            assert_eq!((done.outcome(), done.history().len()), (None, 1));
        }
    }
}

#[test]
fn a_job_that_needs_a_dropped_one_is_left_out_and_that_is_told_beforehand() {
    let fs = killed(&[]);
    let place = storage(&fs);
    let policy = ResumePolicy {
        drift: Some(DriftPolicy::Drop),
        ..ResumePolicy::default()
    };
    let mut now = definitions(&[]);
    now.remove(2);
    let plan = plan_with(&place, &options("boot-1"), Some(&now), policy);
    assert_eq!(action(&plan, "next"), JobAction::Drop);
    assert_eq!(action(&plan, "last"), JobAction::LeaveOut);
    let last = plan
        .jobs
        .iter()
        .find(|job| job.job.as_str() == "last")
        .unwrap();
    assert_eq!(last.reason, JobReason::CannotBeHad);
    assert_eq!(
        plan.problems,
        ["job 'last': missing dependency: 'next' (depends)"]
    );
    let resumed = apply(&plan, &place, "boot-1").unwrap();
    let run_list: Vec<&str> = resumed
        .manager
        .state()
        .run_list()
        .map(JobId::as_str)
        .collect();
    assert_eq!(run_list, ["done", "flying"]);
}
