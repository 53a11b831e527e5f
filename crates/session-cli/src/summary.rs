//! How a session went: the line of one outcome, and the summary of all.

use std::collections::{BTreeMap, HashMap};
use std::time::Duration;

use session_state::{IoLog, JobId, JobOutcome, JobResult, SessionState};

use crate::decision::is_failure;
use crate::json::{Event, FailedJob};
use crate::sink::{LAST_LINES, shown};
use crate::wording;

/// Column width of an outcome: that of the longest, `skipped-dependency`.
const OUTCOME_WIDTH: usize = 18;

/// The line that reports an outcome.
pub(crate) fn outcome_line(done: usize, total: usize, job: &JobId, result: &JobResult) -> String {
    let width = total.to_string().len();
    let mut line = format!(
        "[{done:>width$}/{total}] {} {}",
        outcome_text(result.outcome.map_or("none", JobOutcome::as_str)),
        wording::one_line(job.as_str())
    );
    if let Some(took) = result.execution_duration.and_then(wording::seconds) {
        line.push_str(&format!(" ({took})"));
    }
    if let Some(words) = &result.comments {
        line.push_str(" - ");
        line.push_str(&on_one_line(words));
    }
    line
}

/// Comments on one line; items of a list, each on a line that begins with a dash, are joined by commas.
pub(crate) fn on_one_line(comments: &str) -> String {
    let mut text = String::new();
    let mut in_list = false;
    for line in comments.lines() {
        let item = line.strip_prefix("- ");
        if !text.is_empty() {
            text.push_str(match (item, in_list) {
                (Some(_), true) => ", ",
                (Some(_), false) => " ",
                (None, _) => "; ",
            });
        }
        in_list = item.is_some();
        text.push_str(&wording::one_line(item.unwrap_or(line)));
    }
    text
}

/// An outcome, as wide as every other.
pub(crate) fn outcome_text(outcome: &str) -> String {
    format!("{outcome:<OUTCOME_WIDTH$}")
}

/// What is told at the end of a session.
#[derive(Debug)]
pub(crate) struct Summary {
    id: String,
    counts: Vec<(JobOutcome, usize)>,
    not_run: usize,
    failed: Vec<FailedJob>,
}

impl Summary {
    /// The summary of a state. `last_output` holds the last lines of jobs where they are known already.
    pub(crate) fn of(
        id: &str,
        state: &SessionState,
        last_output: &HashMap<JobId, Vec<String>>,
    ) -> Self {
        let failed = state
            .jobs()
            .filter_map(|job| Some((job, job.outcome().filter(|outcome| is_failure(*outcome))?)))
            .map(|(job, outcome)| FailedJob {
                job: job.id().as_str().to_owned(),
                outcome: outcome.as_str(),
                comments: job.result().comments.as_deref().map(ToOwned::to_owned),
                return_code: job.result().return_code.as_ref().map(Into::into),
                last_output: last_output
                    .get(job.id())
                    .cloned()
                    .unwrap_or_else(|| last_lines(&job.result().io_log)),
            })
            .collect();
        Self {
            id: id.to_owned(),
            counts: state.outcome_counts().iter().collect(),
            not_run: state.outcome_counts().get(None),
            failed,
        }
    }

    /// How many jobs failed or crashed.
    pub(crate) fn failed(&self) -> usize {
        self.failed.len()
    }

    /// The summary as JSON.
    pub(crate) fn event(&self, took: Duration) -> Event<'_> {
        let outcomes: BTreeMap<&'static str, usize> = self
            .counts
            .iter()
            .map(|(outcome, jobs)| (outcome.as_str(), *jobs))
            .collect();
        Event::Summary {
            id: &self.id,
            outcomes,
            duration: took.as_secs_f64(),
            failed: &self.failed,
        }
    }

    /// The summary for people.
    pub(crate) fn lines(&self, took: Duration) -> Vec<String> {
        let mut lines = Vec::new();
        if !self.failed.is_empty() {
            lines.push(String::new());
        }
        for job in &self.failed {
            let code = wording::exit_code(job.return_code.as_ref());
            let name = wording::one_line(&job.job);
            lines.push(format!("{name}: {}{code}", job.outcome));
            for comment in job.comments.iter().flat_map(|words| words.lines()) {
                lines.push(format!("    {}", wording::one_line(comment)));
            }
            for line in &job.last_output {
                lines.push(format!("    | {line}"));
            }
        }
        lines.push(String::new());
        lines.push(self.total_line(took));
        lines
    }

    fn total_line(&self, took: Duration) -> String {
        let jobs = self.not_run + self.counts.iter().map(|(_, jobs)| jobs).sum::<usize>();
        let mut parts: Vec<String> = self
            .counts
            .iter()
            .map(|(outcome, jobs)| format!("{jobs} {outcome}"))
            .collect();
        if self.not_run > 0 {
            parts.push(format!("{} not run", self.not_run));
        }
        format!(
            "{}: {} (in {})",
            wording::count(jobs, "job"),
            parts.join(", "),
            wording::duration(took)
        )
    }
}

/// The last lines of a log that is at hand.
fn last_lines(log: &IoLog) -> Vec<String> {
    match log {
        IoLog::Memory(records) => {
            let from = records.len().saturating_sub(LAST_LINES);
            let last = records.get(from..).unwrap_or_default();
            last.iter().map(|record| shown(&record.data)).collect()
        }
        IoLog::Stored(stored) => vec![format!("its output is in {}", stored.path)],
    }
}
