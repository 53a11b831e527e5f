//! A plan as people read it.

use std::fmt::{self, Write as _};

use session_state::JobId;

use super::drift::FieldDifference;
use super::fates::FlightAction;
use super::plan::{JobAction, JobPlan, JobReason, Refusal, ResumePlan, SessionMark};
use super::policy::DriftPolicy;

/// How much of a value is shown, in characters.
const VALUE_CHARS_MAX: usize = 60;

impl fmt::Display for SessionMark {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Journal { position, .. } => write!(
                f,
                "frame {} of generation {}, chain {}",
                position.seq, position.generation, position.chain
            ),
            Self::File { length, hash } => {
                write!(f, "{length} bytes, hash ")?;
                hash.iter().try_for_each(|byte| write!(f, "{byte:02x}"))
            }
        }
    }
}

impl fmt::Display for ResumePlan {
    /// What the plan says, one thing a line, without a newline at the end.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "session  {}", self.session)?;
        writeln!(f, "kept as  {}", self.kept_as)?;
        writeln!(f, "stands   {}, {}", self.lifecycle, self.mark)?;
        writeln!(f, "ended    {}", self.death)?;
        if let Some(home) = &self.moved_from {
            writeln!(f, "moved    from {}", home.location)?;
        }
        if let Some(seconds) = self.clock_behind {
            writeln!(f, "clock    {seconds:.0} s behind the last start of a job")?;
        }
        if let Some((flight, row, _)) = self.fate() {
            writeln!(
                f,
                "flight   {}, attempt {}, {} of {} counted: {}, because {}",
                line(flight.job.as_str()),
                flight.attempt,
                flight.facts.attempts,
                flight.facts.attempts_max,
                row.action_text(),
                row.reason()
            )?;
        }
        for process in &self.processes {
            writeln!(
                f,
                "process  {} was running: {}",
                process.pid,
                self.orphans()
            )?;
        }
        for refusal in &self.refusals {
            writeln!(f, "refused  {refusal}")?;
        }
        for problem in &self.problems {
            writeln!(f, "problem  {}", line(problem))?;
        }
        write!(f, "jobs     {}", self.jobs.len())?;
        for job in &self.jobs {
            write!(f, "\n{job}")?;
        }
        for job in &self.new_jobs {
            write!(
                f,
                "\n{:<16} {}: it is not in the session",
                "pass over",
                line(job.as_str())
            )?;
        }
        Ok(())
    }
}

impl fmt::Display for JobPlan {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let action = self.action.to_string();
        let job = line(self.job.as_str());
        write!(f, "{action:<16} {job}: {}", self.reason)?;
        self.differences
            .iter()
            .try_for_each(|difference| write!(f, "\n    {difference}"))
    }
}

impl fmt::Display for JobAction {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Keep => f.write_str("keep"),
            Self::Run => f.write_str("run"),
            Self::RunAgain => f.write_str("run again"),
            Self::InFlight(FlightAction::RunNow) => f.write_str("run now"),
            Self::InFlight(FlightAction::RunAgain) => f.write_str("run again"),
            Self::InFlight(FlightAction::Record(outcome)) => {
                write!(f, "record {}", outcome.as_str())
            }
            Self::Drop => f.write_str("drop"),
            Self::LeaveOut => f.write_str("leave out"),
            Self::Refuse => f.write_str("refuse"),
        }
    }
}

impl fmt::Display for JobReason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let policy = |what: &str, policy: &DriftPolicy| match policy {
            DriftPolicy::Refuse => format!("{what}, which is refused"),
            DriftPolicy::Keep => format!("{what}; the session keeps its own"),
            DriftPolicy::Rerun => format!("{what}; changed jobs run again"),
            DriftPolicy::Drop => format!("{what}; such jobs are dropped"),
            DriftPolicy::TakeIfNotRun => {
                format!("{what}; done jobs stay as they are, others take the new one")
            }
        };
        match self {
            Self::Done(outcome) => write!(f, "it is done: {}", outcome.as_str()),
            Self::NotYetRun => f.write_str("it did not run yet"),
            Self::NotSelected => f.write_str("it is not selected"),
            Self::CannotBeHad => {
                f.write_str("with the definitions as they are now it cannot be had")
            }
            Self::Fate(row) => write!(f, "it was in flight: {}", row.reason()),
            Self::Changed(drift) => f.write_str(&policy("its definition changed", drift)),
            Self::Gone(DriftPolicy::TakeIfNotRun | DriftPolicy::Rerun) => {
                f.write_str("it has no definition any more; the session keeps its own")
            }
            Self::Gone(drift) => f.write_str(&policy("it has no definition any more", drift)),
        }
    }
}

impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::StillRunning => f.write_str("a living process holds the session"),
            Self::Damaged { verdict } => write!(f, "the session is damaged: {verdict}"),
            Self::AbortRequested => f.write_str("somebody asked that the session be given up"),
            Self::Closed(lifecycle) => write!(f, "the session is {lifecycle}"),
            Self::Drift { jobs } => {
                let names: Vec<&str> = jobs.iter().take(4).map(JobId::as_str).collect();
                let more = jobs.len().saturating_sub(names.len());
                write!(f, "definitions changed: {}", names.join(", "))?;
                if more > 0 {
                    write!(f, " and {more} more")?;
                }
                Ok(())
            }
        }
    }
}

impl fmt::Display for FieldDifference {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let shown = |value: &Option<String>| match value {
            Some(text) => short(text),
            None => "(absent)".to_owned(),
        };
        let (stored, now) = (shown(&self.stored), shown(&self.now));
        write!(f, "{}: {stored} -> {now}", line(&self.field))
    }
}

/// A value in quotes, on one line, cut where it gets long.
fn short(text: &str) -> String {
    let mut shown = String::from("'");
    let cut = text.char_indices().nth(VALUE_CHARS_MAX).map(|(at, _)| at);
    shown.push_str(&line(text.get(..cut.unwrap_or(text.len())).unwrap_or(text)));
    shown.push_str(if cut.is_some() { "…'" } else { "'" });
    shown
}

/// A foreign text on one line, without anything a terminal would obey.
fn line(text: &str) -> String {
    let mut shown = String::with_capacity(text.len());
    for character in text.chars() {
        if character.is_control() {
            let _ = write!(shown, "{}", character.escape_default());
        } else {
            shown.push(character);
        }
    }
    shown
}
