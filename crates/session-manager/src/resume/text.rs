//! A plan as people read it.

use std::fmt::{self, Write as _};

use super::drift::FieldDifference;
use super::plan::{JobPlan, ResumePlan, SessionMark};

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
