//! `session plans`: the test plans of unit files.

use std::sync::Arc;

use job_units::Units;
use job_units::plan::{ResolvedPlan, TestPlan, resolve};
use session_state::JobId;

use super::run::units;
use crate::args::Plans;
use crate::error::Failure;
use crate::exit_code::Exit;
use crate::json::{self, PlanRow};
use crate::output::Talk;
use crate::wording;

/// Lists the test plans of unit files, with the jobs each would select of those that are written down. Jobs that
/// templates will make are not known yet. Nothing is run.
///
/// # Errors
/// The unit files cannot be used.
pub(crate) fn plans(arguments: &Plans, talk: &mut Talk) -> Result<Exit, Failure> {
    let units = units(&arguments.units, talk)?;
    let mut rows = Vec::with_capacity(units.plans.len());
    for plan in &units.plans {
        let resolved = resolve(&units.plans, plan.id());
        if let Err(error) = &resolved {
            talk.note(&format!("problem: {}", wording::chain(error)));
        }
        rows.push(row(plan, resolved.ok().as_ref(), &units));
    }
    if arguments.json {
        talk.json_pretty(&json::Plans {
            format: "session.plans",
            version: json::VERSION,
            plans: rows,
        });
    } else if rows.is_empty() {
        talk.note("the unit files hold no test plan; `session run UNITS` runs all their jobs");
    } else {
        rows.iter().for_each(|row| talk.data(&line(row)));
    }
    Ok(Exit::Done)
}

fn row(plan: &Arc<TestPlan>, resolved: Option<&ResolvedPlan>, units: &Units) -> PlanRow {
    let names = |jobs: Vec<JobId>| jobs.iter().map(ToString::to_string).collect::<Vec<_>>();
    let (setup, bootstrap, mut jobs, idle) = match resolved {
        None => Default::default(),
        Some(plan) => (
            names(plan.setup(&units.jobs)),
            names(plan.bootstrap(&units.jobs)),
            names(plan.mandatory(&units.jobs)),
            plan.idle(&units.jobs)
                .into_iter()
                .map(|(_, pattern)| pattern.to_owned())
                .collect(),
        ),
    };
    if let Some(plan) = resolved {
        let selected = names(plan.select(&units.jobs));
        jobs.extend(
            selected
                .into_iter()
                .filter(|job| !jobs.contains(job))
                .collect::<Vec<_>>(),
        );
    }
    PlanRow {
        id: plan.id().to_owned(),
        name: plan.name().map(str::to_owned),
        description: plan.description().map(str::to_owned),
        estimated_duration: plan.estimated_duration(),
        file: plan.origin().map(|origin| origin.source.to_string()),
        line: plan.origin().map(|origin| origin.line_start),
        parts: plan.nested_parts().map(str::to_owned).collect(),
        setup,
        bootstrap,
        jobs,
        idle,
        usable: resolved.is_some(),
    }
}

fn line(row: &PlanRow) -> String {
    let count = row.setup.len() + row.bootstrap.len() + row.jobs.len();
    let jobs = match row.usable {
        true => wording::count(count, "job"),
        false => "cannot be used".to_owned(),
    };
    let name = row.name.as_deref().map(wording::one_line);
    match name {
        Some(name) => format!("{}  {jobs}  {name}", wording::one_line(&row.id)),
        None => format!("{}  {jobs}", wording::one_line(&row.id)),
    }
}
