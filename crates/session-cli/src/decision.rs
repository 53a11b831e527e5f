//! What becomes of the next job: it runs, or it gets a result without running. Pure.

use session_state::{JobDefinition, JobOutcome, JobResult, JobState, PluginKind, SessionState};

use job_runner::{EndCause, JobEnd, Judge, RunError, Shell};

use crate::wording;

/// What becomes of a job that has no outcome yet.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Decision {
    /// It runs, and its return code decides.
    Run(Script),
    /// A person does it, begins it or judges it.
    Attend {
        /// The kind of the job.
        kind: PluginKind,
        /// What runs, if anything does.
        script: Option<Script>,
    },
    /// This is recorded, nothing runs.
    Record(JobResult),
}

/// What a shell runs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Script {
    /// The text for the shell.
    pub(crate) text: String,
    /// The shell.
    pub(crate) shell: Shell,
}

/// Decides about a job. `is_root` tells whether we may do everything, `is_attended` whether a person can be asked.
pub(crate) fn decide(
    state: &SessionState,
    job: &JobState,
    is_root: bool,
    is_attended: bool,
) -> Decision {
    if !job.can_start() {
        let result = state
            .blocked_result(job.id())
            .unwrap_or_else(|| not_supported(job.readiness_text()));
        return Decision::Record(result);
    }
    let definition = job.definition();
    match runnable(definition, is_root, is_attended) {
        Ok(decision) => decision,
        Err(result) => Decision::Record(*result),
    }
}

fn runnable(
    job: &JobDefinition,
    is_root: bool,
    is_attended: bool,
) -> Result<Decision, Box<JobResult>> {
    let faults = job.faults();
    if !faults.is_empty() {
        let faults = faults
            .iter()
            .map(|(field, fault)| format!("field '{field}': {}", wording::chain(fault)));
        let words = faults.collect::<Vec<_>>().join("\n");
        return Err(Box::new(with_comment(JobOutcome::Fail, words)));
    }
    let kind = job
        .plugin()
        .ok_or_else(|| Box::new(not_supported("the kind of the job is not known")))?;
    match kind {
        PluginKind::Shell | PluginKind::Resource | PluginKind::Attachment | PluginKind::Local => {}
        PluginKind::Manual
        | PluginKind::UserInteract
        | PluginKind::UserVerify
        | PluginKind::UserInteractVerify
            if is_attended => {}
        PluginKind::Manual
        | PluginKind::UserInteract
        | PluginKind::UserVerify
        | PluginKind::UserInteractVerify => {
            let words = format!("needs a person (plugin: {kind}): skipped in an unattended run");
            return Err(Box::new(with_comment(JobOutcome::Skip, words)));
        }
    }
    if let Some(user) = job.user()
        && !(is_root && user == "root")
    {
        return Err(Box::new(not_supported(format!(
            "has to run as the user {user}: run the whole session as that user"
        ))));
    }
    let shell = job
        .shell()
        .parse::<Shell>()
        .map_err(|error| Box::new(not_supported(error.to_string())))?;
    let script = job.command().map(|text| Script {
        text: text.into_owned(),
        shell,
    });
    if !kind.is_automated() && (script.is_some() || kind == PluginKind::Manual) {
        return Ok(Decision::Attend { kind, script });
    }
    script
        .map(Decision::Run)
        .ok_or_else(|| Box::new(not_supported("the job has no command")))
}

/// The result of a job that was run; `None` when it was cancelled, which says nothing about the job.
pub(crate) fn result_of(end: &JobEnd, judge: Judge) -> Option<JobResult> {
    let outcome = job_runner::outcome(end.cause, judge)?;
    let mut words: Vec<String> = Vec::new();
    match end.cause {
        EndCause::Exited(_) | EndCause::Cancelled => {}
        EndCause::Signalled(number) => {
            let name = signal_hook::low_level::signal_name(number)
                .map_or_else(String::new, |name| format!(" ({name})"));
            words.push(format!("ended by signal {number}{name}"));
        }
        EndCause::TimedOut => words.push("its time was over".to_owned()),
    }
    if !end.leftovers_ended.is_empty() {
        let commands: Vec<&str> = end
            .leftovers_ended
            .iter()
            .map(|orphan| orphan.command.as_str())
            .collect();
        words.push(format!("left running and ended: {}", commands.join("; ")));
    }
    if !end.survivors.is_empty() {
        let pids: Vec<String> = end
            .survivors
            .iter()
            .map(|survivor| survivor.orphan.pid.to_string())
            .collect();
        words.push(format!("could not be ended: process {}", pids.join(", ")));
    }
    Some(JobResult {
        comments: (!words.is_empty()).then(|| words.join("\n").into()),
        return_code: end.return_code.map(Into::into),
        execution_duration: Some(end.duration.as_secs_f64()),
        ..JobResult::of(outcome)
    })
}

/// The result of a job that could not be started, or not be watched.
pub(crate) fn not_started(error: &RunError) -> JobResult {
    let outcome = match error {
        RunError::Watch { .. } => JobOutcome::Crash,
        RunError::Host(_)
        | RunError::Start { .. }
        | RunError::WorkingDirectory { .. }
        | RunError::Sink { .. }
        | _ => JobOutcome::Fail,
    };
    with_comment(outcome, wording::chain(error))
}

/// A result with an outcome and words.
pub(crate) fn with_comment(outcome: JobOutcome, words: impl Into<Box<str>>) -> JobResult {
    JobResult {
        comments: Some(words.into()),
        ..JobResult::of(outcome)
    }
}

/// The result of a job that cannot be run here.
pub(crate) fn not_supported(words: impl Into<Box<str>>) -> JobResult {
    with_comment(JobOutcome::NotSupported, words)
}

/// Whether an outcome makes the run a failed one.
pub(crate) const fn is_failure(outcome: JobOutcome) -> bool {
    match outcome {
        JobOutcome::Fail | JobOutcome::Crash => true,
        JobOutcome::Pass
        | JobOutcome::Skip
        | JobOutcome::SkippedDependency
        | JobOutcome::SkippedResource
        | JobOutcome::SkippedManifest
        | JobOutcome::NotSupported
        | JobOutcome::NotImplemented
        | JobOutcome::Undecided => false,
    }
}
