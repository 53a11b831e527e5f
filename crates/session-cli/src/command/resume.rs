//! `session resume`: plan what becomes of a session, tell it or do it, and go on.

use std::collections::HashMap;
use std::time::Duration;

use session_manager::{
    ApplyError, DormantSession, Fate, FateRow, FlightAction, KnownUnits, Lifecycle, ManagerOptions,
    PauseReason, PeekKind, Refusal, ResumeEnvironment, ResumePlan, ResumePolicy, Resumed,
    SessionManager, find_session, peek_session, plan_resume,
};
use session_state::SessionState;
use session_storage::SessionStorage;
use suspend_resume::Format;

use super::list::{format_of, kept_as};
use super::orphans::treat_orphans;
use super::run::{announce, options, tell_losses, units};
use crate::args::Resume;
use crate::config::Place;
use crate::error::{Failure, OfSession};
use crate::execution::{Execution, tell_summary};
use crate::exit_code::Exit;
use crate::json_plan::Plan;
use crate::output::Talk;
use crate::selection::Selection;
use crate::signals::Stop;
use crate::summary::Summary;
use crate::wording;

/// So many plans are made before a session that always changes is given up.
const PLANS_MAX: usize = 4;

/// Goes on with a session: plans what becomes of every job, ends what the run before left running, carries the plan
/// out, and runs every job without outcome. With `--dry-run` the plan is told, and nothing is done. A finished
/// session is only summed up.
///
/// # Errors
/// There is no such session, it is held or damaged, its definitions changed and that is refused, or its results
/// cannot be kept.
pub(crate) fn resume(arguments: &Resume, talk: &mut Talk) -> Result<Exit, Failure> {
    let json = arguments.common.json;
    let repository = Place::choose(arguments.common.repository.as_deref())?.open()?;
    let mut options = options()?;
    options.attempts_max = arguments.attempts;
    let storage = find_session(&repository, &arguments.id, &options)?;
    let known = known(arguments, talk)?;
    let (dormant, plan) = plan(&storage, &options, known.as_ref(), arguments)?;
    if arguments.dry_run {
        return Ok(tell_plan(&plan, json, talk));
    }
    let id = storage.id().to_string();
    if is_over(&plan) {
        return Ok(tell_over(&plan, &dormant.state, json, talk));
    }
    refuse_format(&id, dormant.kept_as, arguments.format)?;
    drop(dormant);
    let stop = Stop::on_signals().map_err(Failure::Signals)?;
    let mut resumed = match apply(&storage, &options, plan, arguments, &stop, talk)? {
        Applied::Resumed(resumed) => *resumed,
        Applied::Over(plan) => {
            let (dormant, _) = self::plan(&storage, &options, known.as_ref(), arguments)?;
            return Ok(tell_over(&plan, &dormant.state, json, talk));
        }
    };
    if let Some(format @ Format::Checkbox(version)) = arguments.format {
        tell_losses(resumed.manager.state(), format, talk);
        let set = resumed.manager.set_checkbox_version(version);
        set.map_err(|source| Failure::Encode {
            id: id.clone(),
            format,
            source,
        })?;
    }
    if let Some(verdict) = resumed
        .manager
        .load_report()
        .and_then(|report| report.verdict.as_ref())
        .filter(|verdict| !verdict.is_clean())
    {
        talk.note(&format!("note: session {id}: {verdict}"));
    }
    let report = resumed.manager.load_report();
    if report.and_then(|report| report.paused) == Some(PauseReason::DiskFull) {
        talk.note(&format!(
            "note: session {id} was paused since the disk was full"
        ));
    }
    announce(&resumed.manager, json, true, talk);
    tell_fate(&resumed, options.attempts_max, talk);
    let paused = resumed.paused;
    let selection = Selection::of_session(resumed.manager.state())?;
    let execution = Execution::new(
        resumed.manager,
        selection,
        &stop,
        talk,
        json,
        resumed.recorded,
    );
    if paused {
        execution.pause(Exit::JobFailed)
    } else {
        execution.with_person()?.run()
    }
}

/// A session stays native or in a Checkbox format; only among those the version may change.
fn refuse_format(id: &str, kept: Format, wanted: Option<Format>) -> Result<(), Failure> {
    let is_fit = match (kept, wanted) {
        (_, None)
        | (Format::Native, Some(Format::Native))
        | (Format::Checkbox(_), Some(Format::Checkbox(_))) => true,
        (Format::Native, Some(Format::Checkbox(_)))
        | (Format::Checkbox(_), Some(Format::Native)) => false,
    };
    if is_fit {
        return Ok(());
    }
    Err(Failure::OtherFormat {
        id: id.to_owned(),
        kept_as: kept_as(kept),
    })
}

/// The definitions as they are now, where some are given.
fn known(arguments: &Resume, talk: &mut Talk) -> Result<Option<KnownUnits>, Failure> {
    if arguments.definitions.is_empty() {
        return Ok(None);
    }
    let units = units(&arguments.definitions, talk)?;
    Ok(Some(KnownUnits::new(units.jobs, units.templates)))
}

/// Reads the session and plans.
fn plan(
    storage: &SessionStorage,
    options: &ManagerOptions,
    known: Option<&KnownUnits>,
    arguments: &Resume,
) -> Result<(DormantSession, ResumePlan), Failure> {
    let id = storage.id().as_str();
    if known.is_none()
        && let Ok(peek) = peek_session(storage, options)
        && let PeekKind::Checkbox { .. } = peek.kind
    {
        return Err(Failure::NeedsDefinitions {
            id: id.to_owned(),
            format: kept_as(format_of(&peek.kind)),
        });
    }
    let nothing = KnownUnits::default();
    let dormant = DormantSession::read_with(storage, options, known.unwrap_or(&nothing))
        .map_err(|error| Failure::Read(OfSession::new(id, error)))?;
    let mut policy = ResumePolicy::default();
    policy.drift = arguments.drift;
    policy.orphans = arguments.orphans;
    policy.at_limit = arguments.at_limit;
    let environment = ResumeEnvironment::of(options, policy);
    let definitions = known.map(|known| &*known.jobs);
    let plan = plan_resume(&dormant, definitions, &environment);
    Ok((dormant, plan))
}

/// Whether nothing is to be done, now or ever: every job has its outcome, or the session was given up or handed in.
fn is_over(plan: &ResumePlan) -> bool {
    let closed = |refusal: &Refusal| matches!(refusal, Refusal::Closed(_));
    match plan.lifecycle {
        Lifecycle::Aborted | Lifecycle::Submitted => plan.refusals.iter().all(closed),
        Lifecycle::Finished => {
            plan.refusals.is_empty() && !plan.runs_anything() && plan.flight.is_none()
        }
        Lifecycle::Fresh
        | Lifecycle::SettingUp
        | Lifecycle::Bootstrapping
        | Lifecycle::Running
        | Lifecycle::Paused => false,
    }
}

/// Sums up a session in which nothing is left to do.
fn tell_over(plan: &ResumePlan, state: &SessionState, json: bool, talk: &mut Talk) -> Exit {
    let id = &plan.session;
    talk.note(&format!(
        "session {id} is {}: nothing is left to do; `session show {id}` shows its jobs",
        plan.lifecycle
    ));
    let summary = Summary::of(id.as_str(), state, &HashMap::new());
    tell_summary(&summary, Duration::ZERO, json, talk)
}

fn tell_plan(plan: &ResumePlan, json: bool, talk: &mut Talk) -> Exit {
    if json {
        talk.json_pretty(&Plan::of(plan));
    } else {
        plan.to_string().lines().for_each(|line| talk.data(line));
    }
    if plan.refusals.is_empty() {
        Exit::Done
    } else {
        Exit::of(&Failure::Refused {
            id: plan.session.to_string(),
            refusals: plan.refusals.clone(),
        })
    }
}

/// What became of a plan.
enum Applied {
    /// It was carried out.
    Resumed(Box<Resumed>),
    /// By the plan that took its place nothing is left to do.
    Over(Box<ResumePlan>),
}

/// Carries the plan out; when the session went on meanwhile, or its holder let go, the new plan, a few times.
fn apply(
    storage: &SessionStorage,
    options: &ManagerOptions,
    mut plan: ResumePlan,
    arguments: &Resume,
    stop: &Stop,
    talk: &mut Talk,
) -> Result<Applied, Failure> {
    let id = storage.id().to_string();
    for _ in 0..PLANS_MAX {
        let was_held = plan.refusals.contains(&Refusal::StillRunning);
        if !was_held {
            tell_findings(&plan, talk);
        }
        let mut orphans = |manager: &SessionManager| {
            treat_orphans(manager, arguments.orphans, stop, talk).map_err(Into::into)
        };
        match plan.apply(storage, options, &mut orphans) {
            Ok(resumed) => return Ok(Applied::Resumed(Box::new(resumed))),
            Err(ApplyError::PlanIsStale { plan: newer }) if is_over(&newer) => {
                return Ok(Applied::Over(newer));
            }
            Err(ApplyError::PlanIsStale { plan: newer }) => {
                talk.note(&if was_held {
                    format!("note: the process that held session {id} has ended; planning again")
                } else {
                    format!("note: session {id} went on since it was looked at; planning again")
                });
                plan = *newer;
            }
            Err(ApplyError::Refused { plan }) => {
                let refusals = plan.refusals;
                return Err(Failure::Refused { id, refusals });
            }
            Err(ApplyError::Orphans(failure)) => {
                return Err(match failure.downcast::<Failure>() {
                    Ok(failure) => *failure,
                    Err(other) => Failure::Apply(OfSession::new(&id, ApplyError::Orphans(other))),
                });
            }
            Err(ApplyError::Load(error)) => {
                return Err(Failure::Load(OfSession::new(&id, error)));
            }
            Err(ApplyError::Read(error)) => {
                return Err(Failure::Read(OfSession::new(&id, error)));
            }
            Err(ApplyError::Checkpoint(error)) => {
                return Err(Failure::Checkpoint(OfSession::new(&id, error)));
            }
            Err(ApplyError::Log(error)) => return Err(Failure::Log(OfSession::new(&id, error))),
            Err(error) => return Err(Failure::Apply(OfSession::new(&id, error))),
        }
    }
    Err(Failure::Unsteady { id })
}

/// What a person should know before anything runs.
fn tell_findings(plan: &ResumePlan, talk: &mut Talk) {
    let id = &plan.session;
    if let Some(home) = &plan.moved_from {
        talk.note(&format!(
            "note: session {id} was last written at {}, and lies at {} now",
            wording::one_line(home.location.as_str()),
            wording::one_line(plan.location.as_str())
        ));
    }
    talk.note(&format!("note: session {id}: {}", plan.death));
    let drifted: Vec<_> = plan
        .jobs
        .iter()
        .filter(|job| {
            !job.differences.is_empty() || matches!(job.reason, session_manager::JobReason::Gone(_))
        })
        .collect();
    for job in &drifted {
        for line in job.to_string().lines() {
            talk.note(&format!("note: {line}"));
        }
    }
    for problem in &plan.problems {
        talk.note(&format!("problem: {}", wording::one_line(problem)));
    }
}

/// What became of the job in flight.
fn tell_fate(resumed: &Resumed, attempts_max: u32, talk: &mut Talk) {
    let Fate::Decided {
        job,
        attempt,
        row,
        action,
    } = &resumed.fate
    else {
        return;
    };
    let name = wording::one_line(job.as_str());
    let words = match action {
        FlightAction::RunNow => return,
        FlightAction::RunAgain => format!(
            "job {name} was cut short in attempt {attempt} of {attempts_max} and runs again"
        ),
        FlightAction::Record(_) if *row == FateRow::TooOften => {
            let more = if resumed.paused {
                "; the session is paused"
            } else {
                ""
            };
            format!("job {name} was cut short {attempts_max} times and counts as crashed{more}")
        }
        FlightAction::Record(outcome) => {
            format!(
                "job {name} counts as {}: {}",
                outcome.as_str(),
                row.reason()
            )
        }
    };
    talk.note(&words);
}
