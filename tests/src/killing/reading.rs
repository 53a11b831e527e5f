//! What the program prints, read back: outcomes, the list, a session shown.

use std::collections::BTreeMap;

use serde_json::Value;

/// The words for outcomes, as they are printed.
const OUTCOMES: [&str; 10] = [
    "pass",
    "fail",
    "skip",
    "skipped-dependency",
    "skipped-resource",
    "skipped-manifest",
    "not-supported",
    "not-implemented",
    "undecided",
    "crash",
];

/// One session of a list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SessionRow {
    /// Its id.
    pub id: String,
    /// The word for its state.
    pub state: String,
    /// What is wrong with it.
    pub problem: Option<String>,
}

impl SessionRow {
    /// Whether nothing was ever saved in it: its run was killed before the first checkpoint.
    #[must_use]
    pub fn is_unsaved(&self) -> bool {
        let says = |problem: &String| problem.contains("no checkpoint");
        self.problem.as_ref().is_some_and(says)
    }

    /// Whether it cannot be read although something was saved.
    #[must_use]
    pub fn is_broken(&self) -> bool {
        self.problem.is_some() && !self.is_unsaved()
    }

    /// Whether there is a checkpoint to go on from.
    #[must_use]
    pub fn is_resumable(&self) -> bool {
        self.problem.is_none()
    }
}

/// The whole lines of a text; one that a kill cut off does not count.
fn whole_lines(text: &str) -> impl Iterator<Item = &str> {
    let lines = text.split_inclusive('\n');
    lines.filter_map(|line| line.strip_suffix('\n'))
}

/// Outcomes in what `run --json` or `resume --json` printed, in order.
///
/// # Errors
/// A whole line that is not an object of ours.
pub fn outcomes_in_json_lines(text: &str) -> Result<Vec<(String, String)>, String> {
    let mut outcomes = Vec::new();
    for line in whole_lines(text) {
        let event = json(line)?;
        if event.get("version").and_then(Value::as_u64) != Some(1) {
            return Err(format!("{line:?} has no version"));
        }
        if event.get("event").and_then(Value::as_str) == Some("outcome") {
            outcomes.push((word(&event, "job")?, word(&event, "outcome")?));
        }
    }
    Ok(outcomes)
}

/// Outcomes in what `run` or `resume` printed for people: `[done/total] outcome job`.
#[must_use]
pub fn outcomes_in_plain_lines(text: &str) -> Vec<(String, String)> {
    let outcome = |line: &str| {
        let (_, rest) = line.strip_prefix('[')?.split_once("] ")?;
        let mut words = rest.split_whitespace();
        let outcome = words.next().filter(|word| OUTCOMES.contains(word))?;
        words.next().map(|job| (job.to_owned(), outcome.to_owned()))
    };
    whole_lines(text).filter_map(outcome).collect()
}

/// The sessions in what `list --json` printed.
///
/// # Errors
/// A text that is no such document.
pub fn sessions_in_list(text: &str) -> Result<Vec<SessionRow>, String> {
    let document = json(text)?;
    let rows = array(&document, "sessions")?;
    rows.iter()
        .map(|row| {
            let problem = row.get("problem").and_then(Value::as_str);
            Ok(SessionRow {
                id: word(row, "id")?,
                state: word(row, "state")?,
                problem: problem.map(str::to_owned),
            })
        })
        .collect()
}

/// The jobs with an outcome in what `show --json` printed.
///
/// # Errors
/// A text that is no such document.
pub fn outcomes_in_show(text: &str) -> Result<BTreeMap<String, String>, String> {
    let document = json(text)?;
    let mut outcomes = BTreeMap::new();
    for job in array(&document, "jobs")? {
        if let Some(outcome) = job.get("outcome").and_then(Value::as_str) {
            outcomes.insert(word(job, "id")?, outcome.to_owned());
        }
    }
    Ok(outcomes)
}

fn json(text: &str) -> Result<Value, String> {
    serde_json::from_str(text).map_err(|error| format!("{text:?} is no JSON: {error}"))
}

fn array<'a>(value: &'a Value, name: &str) -> Result<&'a [Value], String> {
    let array = value.get(name).and_then(Value::as_array);
    array
        .map(Vec::as_slice)
        .ok_or_else(|| format!("there is no list {name:?} in {value}"))
}

fn word(value: &Value, name: &str) -> Result<String, String> {
    let word = value.get(name).and_then(Value::as_str);
    word.map(str::to_owned)
        .ok_or_else(|| format!("there is no text {name:?} in {value}"))
}
