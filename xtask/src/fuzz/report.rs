//! What one run of a target came to, read from what libFuzzer printed.

use std::fmt;
use std::time::Duration;

/// One run of a target.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Report {
    pub(super) name: String,
    took: Duration,
    /// How many inputs were tried.
    executions: u64,
    /// How many places in the code were reached.
    coverage: u64,
    /// How many inputs are worth keeping.
    corpus: u64,
    end: End,
}

/// How a run ended.
#[derive(Clone, Debug, PartialEq, Eq)]
enum End {
    /// The time was up.
    Held,
    /// An input broke a promise.
    Broken {
        /// What was said about it.
        why: String,
        /// The file that holds the input.
        input: String,
    },
    /// The target ended before its time without naming an input.
    Stopped,
}

impl Report {
    /// Reads the output of a run.
    pub(super) fn of(name: &str, took: Duration, ended_well: bool, said: &str) -> Self {
        let status = said
            .lines()
            .rfind(|line| line.starts_with('#') && line.contains(" cov: "));
        let after = |key: &str| number_after(status.unwrap_or_default(), key);
        let executions = number_after(said, "stat::number_of_executed_units: ")
            .or_else(|| after("#"))
            .unwrap_or(0);
        let input = said.lines().find_map(|line| {
            line.split_once("Test unit written to ")
                .map(|(_, path)| path)
        });
        let end = match input {
            Some(input) => End::Broken {
                why: reason(said),
                input: input.to_owned(),
            },
            None if ended_well && executions > 0 => End::Held,
            None => End::Stopped,
        };
        Self {
            name: name.to_owned(),
            took,
            executions,
            coverage: after(" cov: ").unwrap_or(0),
            corpus: after(" corp: ").unwrap_or(0),
            end,
        }
    }
}

/// The first number after a text.
fn number_after(said: &str, key: &str) -> Option<u64> {
    let (_, rest) = said.split_once(key)?;
    let digits: String = rest.chars().take_while(char::is_ascii_digit).collect();
    digits.parse().ok()
}

/// What a panic said, or the sanitizer.
fn reason(said: &str) -> String {
    let mut lines = said
        .lines()
        .skip_while(|line| !line.contains("panicked at"));
    if let Some(message) = lines.nth(1) {
        return message.to_owned();
    }
    let error = said.lines().find(|line| line.contains("ERROR: "));
    error.unwrap_or("no reason was given").to_owned()
}

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let seconds = self.took.as_secs();
        write!(
            f,
            "{:<14} {seconds:>6} s {:>12} executions {:>7} a second {:>7} places {:>6} inputs kept  ",
            self.name,
            self.executions,
            self.executions / seconds.max(1),
            self.coverage,
            self.corpus
        )?;
        match &self.end {
            End::Held => f.write_str("held"),
            End::Broken { why, .. } => write!(f, "BROKEN: {why}"),
            End::Stopped => f.write_str("STOPPED before its time"),
        }
    }
}

/// All runs, a line each.
pub(super) fn table(reports: &[Report]) -> String {
    let lines: Vec<String> = reports.iter().map(ToString::to_string).collect();
    lines.join("\n")
}

/// The last words, and whether every promise held.
pub(super) fn verdict(reports: &[Report]) -> (String, bool) {
    let again = |report: &Report| match &report.end {
        End::Held => None,
        End::Broken { input, .. } => Some(format!(
            "again with `cargo xtask fuzz {} --input {input}`",
            report.name
        )),
        End::Stopped => Some(format!(
            "{} ended before its time: see its log",
            report.name
        )),
    };
    let broken: Vec<String> = reports.iter().filter_map(again).collect();
    let executions = reports
        .iter()
        .fold(0_u64, |sum, report| sum.saturating_add(report.executions));
    if broken.is_empty() {
        let count = reports.len();
        return (
            format!("{executions} executions, {count} targets, every promise held"),
            true,
        );
    }
    let (count, all, again) = (broken.len(), reports.len(), broken.join("; "));
    (
        format!("{count} of {all} targets did not hold: {again}"),
        false,
    )
}
