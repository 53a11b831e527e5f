//! What a format cannot carry of a state.

use std::collections::HashSet;
use std::sync::Arc;

use session_state::record::parse_log_output;
use session_state::{IoLog, JobId, JobOutcome, JobResult, JobState, Resource, SessionState};

use super::listing::Listing;
use super::loss::{Loss, Obstacle};
use crate::format::Format;
use crate::suspend::SuspendOptions;

/// What a format cannot carry of a state, and of what the options would have written besides.
///
/// Checkbox's formats multiply two things without losing them: each cycle puts the mandatory jobs before the
/// desired ones again, and records the results of rejected jobs twice.
pub fn losses(state: &SessionState, format: Format, options: &SuspendOptions) -> Vec<Loss> {
    let mut losses = Vec::new();
    if let Format::Checkbox(version) = format {
        let listing = Listing::new(state, version, options);
        of_jobs(state, &listing, &mut losses);
        of_results(state, version, &mut losses);
        of_metadata(state, version, &mut losses);
        of_old_releases(state, version, &mut losses);
        obstacles(state, &listing, &mut losses);
    }
    let (tells_system, version) = match format {
        Format::Native => (false, None),
        Format::Checkbox(version) => (version >= 8, Some(version)),
    };
    if options.system_information.is_some() && !tells_system {
        losses.push(Loss::SystemInformation);
    }
    if version != Some(options.unknown_fields.version()) {
        let unknown = options.unknown_fields.paths();
        losses.extend(unknown.into_iter().map(Loss::UnknownField));
    }
    losses
}

fn of_jobs(state: &SessionState, listing: &Listing<'_>, losses: &mut Vec<Loss>) {
    let version = listing.version();
    if state.job_count() > 0 {
        let jobs = state.job_count();
        losses.push(Loss::Definitions { jobs });
    }
    let selected = selected_anew(state, version);
    let dropped = |job: &JobState| {
        !listing.lists(job) && job.history().is_empty() && !selected.is_on_run_list(job.id())
    };
    push_jobs(losses, Loss::Jobs, jobs_where(state, dropped));
    push_jobs(losses, Loss::UnprintedJobs, unprinted(state, listing));
    if version >= 4 {
        let again = |job: &JobState| job.result().is_hollow() && !job.history().is_empty();
        push_jobs(losses, Loss::ToRunAgain, jobs_where(state, again));
    }
    if !selected.run_list().eq(state.run_list()) {
        losses.push(Loss::RunList);
    }
    push_jobs(
        losses,
        Loss::Attempts,
        jobs_where(state, |job| job.attempts_begun() > 0),
    );
    let cannot_try_as_often = |job: &JobState| job.attempts() != JobState::ATTEMPTS;
    push_jobs(
        losses,
        Loss::RemainingAttempts,
        jobs_where(state, cannot_try_as_often),
    );
    push_jobs(
        losses,
        Loss::Overrides,
        jobs_where(state, |job| job.overrides().is_some()),
    );
    let templates = state.templates().len();
    losses.extend((templates > 0).then_some(Loss::Templates { templates }));
    let units = state.other_units().len();
    losses.extend((units > 0).then_some(Loss::OtherUnits { units }));
    losses.extend((!state.manifest().is_empty()).then_some(Loss::Manifest));
    if let Some(intent) = &state.metadata().intent {
        losses.push(Loss::Intent(intent.job.clone()));
    }
}

/// The state after its jobs are selected as a resume selects them.
fn selected_anew(state: &SessionState, version: u8) -> SessionState {
    let mut state = state.clone();
    let desired: Vec<JobId> = state.desired_jobs().cloned().collect();
    if version < 6 {
        state.update_desired_jobs_alone(&desired);
    } else {
        state.update_desired_jobs(&desired);
    }
    state
}

/// Jobs in the lists that the output of others made, and that do not come into being again, as they are, when the
/// written results are recorded anew.
fn unprinted(state: &SessionState, listing: &Listing<'_>) -> Vec<JobId> {
    if state.jobs().all(|job| job.via().is_none()) {
        return Vec::new();
    }
    let version = listing.version();
    let again = made_again(state, version);
    let mandatory = state.mandatory_jobs().filter(|_| version >= 6);
    let named: HashSet<&JobId> = state.desired_jobs().chain(mandatory).collect();
    let is_lost = |job: &JobState| {
        let found = again.job_state(job.id()).map(JobState::definition);
        let is_same = found.is_some_and(|found| found.checksum() == job.definition().checksum());
        !is_same && (listing.lists(job) || named.contains(job.id()))
    };
    jobs_where(state, is_lost)
}

/// The state without the jobs that others made, after the written results were recorded in it once more. A job that
/// comes in by that brings in further ones by its own.
fn made_again(state: &SessionState, version: u8) -> SessionState {
    let mut again = state.clone();
    again.record_changes(false);
    again.update_desired_jobs_alone(&[]);
    let is_made = |job: &JobId| state.job_state(job).is_some_and(|job| job.via().is_some());
    // Nothing is on the run list now, so every job may leave.
    let _ = again.trim_jobs(|job| is_made(job.id()));
    let mut waiting: Vec<&JobState> = state
        .jobs()
        .filter(|job| job.definition().is_output_read())
        .collect();
    waiting.sort_by_key(|job| job.id());
    let mut before = usize::MAX;
    while waiting.len() < before {
        before = waiting.len();
        waiting.retain(|job| {
            let is_there = again.job_state(job.id()).is_some();
            if is_there {
                record_again(state, &mut again, job, version);
            }
            !is_there
        });
    }
    again
}

/// Records the written results of a job. Output in a file is not at hand: it is taken to be that of all it made.
fn record_again(state: &SessionState, again: &mut SessionState, job: &JobState, version: u8) {
    for result in written(job, version) {
        match &result.io_log {
            IoLog::Memory(_) => {
                // The caller saw the job there.
                let _ = again.update_job_result(job.id(), result.clone(), None);
            }
            IoLog::Stored(_) => {
                for made in state.jobs().filter(|made| made.via() == Some(job.id())) {
                    // A clash leaves the one that is there, which is then told apart by its checksum.
                    let _ = again.add_job(Arc::clone(made.definition()), Some(job.id().clone()));
                }
            }
        }
    }
}

fn of_results(state: &SessionState, version: u8, losses: &mut Vec<Loss>) {
    let history = |job: &JobState| match version {
        ..4 => job.history().iter().any(|past| **past != *job.result()) || repeats(job),
        _ => repeats(job),
    };
    push_jobs(losses, Loss::History, jobs_where(state, history));
    let escapes =
        |result: &JobResult| result.plain_comments().as_deref() != result.comments.as_deref();
    let has_identity = |result: &JobResult| match &result.io_log {
        IoLog::Stored(log) => log.identity.is_some(),
        IoLog::Memory(_) => false,
    };
    let kept = |job: &JobState, check: &dyn Fn(&JobResult) -> bool| {
        check(job.result()) || job.history().iter().any(|result| check(result))
    };
    let escaped = jobs_where(state, |job| kept(job, &escapes));
    push_jobs(losses, Loss::CommentEscapes, escaped);
    let identified = jobs_where(state, |job| kept(job, &has_identity));
    push_jobs(losses, Loss::LogIdentities, identified);
    let others = state
        .resource_map()
        .filter(|(id, records)| !follows(state, version, id, records))
        .map(|(id, _)| id.clone());
    push_jobs(losses, Loss::Resources, others.collect());
}

fn repeats(job: &JobState) -> bool {
    job.history().windows(2).any(|pair| match pair {
        [one, next] => one == next,
        _ => false,
    })
}

/// Whether records are those that the output of their job gives when its results are recorded again.
fn follows(state: &SessionState, version: u8, resource: &JobId, records: &[Resource]) -> bool {
    let Some(job) = state
        .job_state(resource)
        .filter(|job| job.definition().is_resource())
    else {
        return false;
    };
    let mut written = written(job, version).into_iter();
    let last = written.rfind(|result| result.outcome.is_some());
    match last.map(|result| &result.io_log) {
        None => false,
        Some(IoLog::Stored(_)) => true,
        Some(IoLog::Memory(log)) => {
            let printed = parse_log_output(log).to_resources();
            let nothing = [Resource::default()];
            let printed = if printed.is_empty() {
                &nothing
            } else {
                &printed[..]
            };
            printed == records
        }
    }
}

/// The results of a job that a version writes.
fn written(job: &JobState, version: u8) -> Vec<&JobResult> {
    match version {
        ..4 => vec![job.result()],
        _ => job.history().iter().map(Arc::as_ref).collect(),
    }
}

fn of_metadata(state: &SessionState, version: u8, losses: &mut Vec<Loss>) {
    let metadata = state.metadata();
    let has_blob = metadata.app_blob.as_ref().is_some_and(|b| !b.is_empty());
    if version < 6 {
        let mandatory = state.mandatory_jobs().cloned().collect();
        push_jobs(losses, Loss::MandatoryJobs, mandatory);
        let rejected = metadata.rejected_jobs.clone();
        push_jobs(losses, Loss::RejectedJobs, rejected);
    }
    let since = |first: u8, held: bool| version < first && held;
    for (lost, loss) in [
        (since(2, has_blob), Loss::AppBlob),
        (since(3, metadata.app_id.is_some()), Loss::AppId),
        (since(6, metadata.custom_joblist), Loss::CustomJoblist),
        (
            since(7, metadata.last_job_start_time.is_some()),
            Loss::LastJobStartTime,
        ),
        (
            since(11, metadata.remaining_todo_jobs),
            Loss::RemainingTodoJobs,
        ),
    ] {
        losses.extend(lost.then_some(loss));
    }
}

/// Outcomes that releases of a version do not know, in results that the version carries.
fn of_old_releases(state: &SessionState, version: u8, losses: &mut Vec<Loss>) {
    for outcome in JobOutcome::ALL {
        let Some(releases) = releases_without(outcome, version) else {
            continue;
        };
        let has = |result: &JobResult| result.outcome == Some(outcome);
        let jobs = jobs_where(state, |job| match version {
            ..4 => has(job.result()),
            _ => job.history().iter().any(|result| has(result)),
        });
        if !jobs.is_empty() {
            losses.push(Loss::OldReleases {
                outcome,
                jobs,
                releases,
            });
        }
    }
}

/// The releases that know a version but not an outcome.
const fn releases_without(outcome: JobOutcome, version: u8) -> Option<&'static [&'static str]> {
    match (outcome, version) {
        (JobOutcome::Crash, ..=3) => Some(&["0.5"]),
        (
            JobOutcome::SkippedDependency
            | JobOutcome::SkippedResource
            | JobOutcome::SkippedManifest,
            ..=3,
        ) => Some(&["0.5", "0.38"]),
        (
            JobOutcome::SkippedDependency
            | JobOutcome::SkippedResource
            | JobOutcome::SkippedManifest,
            4..=6,
        ) => Some(&["0.38"]),
        (
            JobOutcome::Crash
            | JobOutcome::SkippedDependency
            | JobOutcome::SkippedResource
            | JobOutcome::SkippedManifest
            | JobOutcome::Pass
            | JobOutcome::Fail
            | JobOutcome::Skip
            | JobOutcome::NotSupported
            | JobOutcome::NotImplemented
            | JobOutcome::Undecided,
            _,
        ) => None,
    }
}

fn obstacles(state: &SessionState, listing: &Listing<'_>, losses: &mut Vec<Loss>) {
    let version = listing.version();
    let mut add = |obstacle| losses.push(Loss::Everything(obstacle));
    let is_unknown = |job: &&JobId| state.job_state(job).is_none();
    if version >= 4 {
        let unlisted = |job: &JobState| !job.history().is_empty() && !listing.lists(job);
        jobs_where(state, unlisted)
            .into_iter()
            .for_each(|job| add(Obstacle::UnlistedResults(job)));
    }
    if version >= 6 {
        let rejected = state.metadata().rejected_jobs.iter().filter(is_unknown);
        rejected.for_each(|job| add(Obstacle::UnknownRejectedJob(job.clone())));
        let mandatory = state.mandatory_jobs().filter(is_unknown);
        mandatory.for_each(|job| add(Obstacle::UnknownMandatoryJob(job.clone())));
    }
    let is_negative = |result: &JobResult| match &result.io_log {
        IoLog::Memory(log) => log.iter().any(|record| record.delay < 0.0),
        IoLog::Stored(_) => false,
    };
    let negative = |job: &JobState| match version {
        ..4 => is_negative(job.result()),
        _ => job.history().iter().any(|result| is_negative(result)),
    };
    jobs_where(state, negative)
        .into_iter()
        .for_each(|job| add(Obstacle::NegativeDelay(job)));
}

fn jobs_where(state: &SessionState, lost: impl Fn(&JobState) -> bool) -> Vec<JobId> {
    let jobs = state.jobs().filter(|job| lost(job));
    jobs.map(|job| job.id().clone()).collect()
}

fn push_jobs(losses: &mut Vec<Loss>, loss: fn(Vec<JobId>) -> Loss, jobs: Vec<JobId>) {
    if !jobs.is_empty() {
        losses.push(loss(jobs));
    }
}
