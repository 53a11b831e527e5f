//! Where our answers differ on purpose: by which deviation of `docs/checkbox-compatibility.md`.
//!
//! An entry is listed by name, or a rule tells from the recorded answer that only that deviation can be meant.
//! What neither a list nor a rule covers is a failure. The page holds the counts.

use serde_json::Value;

use super::bad::Unanswered;
use super::compare::Difference;
use super::entry::Entry;

/// Entries that deviate, by row and id.
const LISTED: &[(&str, &str, &[&str])] = &[
    ("expressions", "D9", &["x0110", "x0111", "x0112"]),
    (
        "expressions",
        "D13",
        &[
            "x0213", "x0215", "x0216", "x0218", "x0219", "x0220", "x0335", "x0336",
        ],
    ),
    (
        "solver",
        "D7",
        &["missing-salvages", "requires-no-resource"],
    ),
    // A record that is an object ends in a KeyError inside, which is taken for a job that is not known.
    ("cases", "D19", &["file-v04-resource-log-dict-record"]),
    // A left-over session.next is no lock, break_lock only reports, and a rename that fails is told.
    (
        PLAINBOX,
        "D11",
        &[
            "checkpoint-locked/4",
            "checkpoint-locked/5",
            "checkpoint-locked/9",
            "checkpoint-session-is-dir/3",
            "manager/7",
        ],
    ),
    (
        CHECKBOX,
        "D11",
        &[
            "checkpoint-locked/4",
            "checkpoint-locked/5",
            "checkpoint-locked/9",
            "manager/7",
        ],
    ),
    // A session that was never saved says so, and one dangling link does not empty the list.
    (PLAINBOX, "D18", &["manager/2"]),
    (
        CHECKBOX,
        "D18",
        &["checkpoint-basic/2", "list-odd/10", "manager/2"],
    ),
    (
        PLAINBOX,
        "E6",
        &[
            // Only directories named *.session are sessions.
            "directory/1",
            "directory/2",
            "listing-odd/1",
            "listing-odd/2",
            "listing-odd/3",
            "listing-odd/4",
            "listing-odd/5",
            "listing-odd/6",
            // A link that leads outside is not followed; a relative one means the repository.
            "symlink-outside/2",
            "symlink-outside/4",
            "symlink-relative/3",
            "symlink-relative/4",
            "symlink-relative/5",
        ],
    ),
    // A link under the name of the checkpoint is refused; what is gone is told to be gone.
    (
        CHECKBOX,
        "E6",
        &["checkpoint-session-is-symlink/3", "remove/4", "manager/9"],
    ),
];

/// The recordings of directories.
const PLAINBOX: &str = "legacy/plainbox-0.5.4";
const CHECKBOX: &str = "legacy/checkbox-7.3";

/// Tells from an entry and one of its differences which deviation it is.
type Rule = fn(&Entry, &Difference) -> Option<&'static str>;

/// The rules, by the rows they are about.
const RULES: &[(&str, Rule)] = &[
    ("cases", session_refused),
    ("cases", session_taken),
    ("cases", delay_in_file),
    ("mutations", session_refused),
    ("mutations", session_taken),
    ("expressions", foreign_exception),
    ("units/files", unit_file_refused),
    ("writers", other_checksums),
    ("tables/float_strings", number_text),
    ("tables/slugify", file_name),
    (PLAINBOX, directory),
    (CHECKBOX, directory),
    ("legacy/formats", old_text),
    (PLAINBOX, old_text),
    (CHECKBOX, old_text),
];

/// The deviations of an entry, and the differences that none of them covers. An entry without an answer
/// deviates when our types rule it out, and fails otherwise.
pub(super) fn judge(entry: &Entry) -> (Vec<&'static str>, Vec<Difference>) {
    let mut ids = Vec::new();
    let mut failures = Vec::new();
    match &entry.actual {
        Ok(_) => {}
        Err(Unanswered::NotUnicode) => ids.push("D15"),
        Err(Unanswered::RuledOut) => ids.push("T"),
        Err(why @ (Unanswered::Bad(_) | Unanswered::Panicked)) => failures.push(Difference {
            path: "(no answer)".to_owned(),
            expected: None,
            actual: Some(why.to_string().into()),
        }),
    }
    let compared = entry.compared.iter();
    for difference in compared.flat_map(|compared| &compared.differences) {
        match ruled(entry, difference).or_else(|| listed(entry)) {
            Some(id) => ids.push(id),
            None => failures.push(difference.clone()),
        }
    }
    ids.sort_unstable();
    ids.dedup();
    (ids, failures)
}

fn listed(entry: &Entry) -> Option<&'static str> {
    // The names of steps go on with what is done.
    let name = match entry.row.starts_with("legacy/") {
        true => entry.name.split(' ').next().unwrap_or_default(),
        false => entry.name.as_str(),
    };
    let found = LISTED
        .iter()
        .find(|(row, _, names)| *row == entry.row && names.contains(&name));
    found.map(|(_, id, _)| *id)
}

fn ruled(entry: &Entry, difference: &Difference) -> Option<&'static str> {
    let rules = RULES.iter().filter(|(row, _)| *row == entry.row);
    rules
        .into_iter()
        .find_map(|(_, rule)| rule(entry, difference))
}

/// A member of what is recorded or said at a place, as a text.
fn at<'d>(value: &'d Option<Value>, key: &str) -> &'d str {
    let member = value.as_ref().and_then(|value| value.get(key));
    member.and_then(Value::as_str).unwrap_or_default()
}

fn is_status(difference: &Difference) -> bool {
    matches!(difference.path.as_str(), "status" | "peek.status")
}

/// Another error than the recorded one, or an error where a state is recorded.
fn session_refused(_: &Entry, difference: &Difference) -> Option<&'static str> {
    let (theirs, ours) = (&difference.expected, &difference.actual);
    if !is_status(difference) || at(ours, "status") != "error" {
        return None;
    }
    let message = at(ours, "message");
    if message.starts_with("half a surrogate pair") {
        return Some("D15");
    }
    if at(theirs, "status") == "ok" {
        return if message.starts_with("IOLogRecord has invalid delay") {
            Some("D14")
        } else {
            None
        };
    }
    match at(theirs, "class") {
        "RecursionError" => Some("D10 or D16"),
        "EOFError" => Some("D1"),
        "error" if at(theirs, "module") == "re" => Some("D17"),
        "error" => Some("D1"),
        "TypeError" if at(theirs, "message").starts_with("unhashable type") => Some("D1"),
        _ if is_documented(theirs) => None,
        _ => Some("D19"),
    }
}

/// A state where an error is recorded.
fn session_taken(entry: &Entry, difference: &Difference) -> Option<&'static str> {
    let theirs = &difference.expected;
    if !is_status(difference) || difference.actual.as_ref()? != "ok" {
        return None;
    }
    let message = at(theirs, "message");
    match at(theirs, "class") {
        "CorruptedSessionError" if is_of_038(entry, message) => Some("D2"),
        "CorruptedSessionError" if message.starts_with("Unknown jobs remaining") => Some("D5"),
        "CorruptedSessionError" if message.starts_with("'desired_job_list' refers") => Some("D7"),
        "RecursionError" => Some("D10 or D16"),
        "error" if at(theirs, "module") == "re" => Some("D17"),
        // What is wrong with a definition escapes as whatever exception reading it raised.
        _ if !is_documented(theirs) && entry.name.starts_with("jobs-") => Some("D7"),
        _ => None,
    }
}

fn is_documented(error: &Option<Value>) -> bool {
    error
        .as_ref()
        .is_some_and(|error| error["is_session_resume_error"] == true)
}

/// Whether a session was refused for being a version 6 of PlainBox 0.38.
fn is_of_038(entry: &Entry, message: &str) -> bool {
    let version = entry.actual.as_ref().ok();
    let version = version.and_then(|answer| answer.get("version"));
    let is_known = version.is_none_or(|version| *version == 6);
    is_known && message == "Missing value for key 'custom_joblist'"
}

/// A log in a file, whose delays are not checked.
fn delay_in_file(_: &Entry, difference: &Difference) -> Option<&'static str> {
    let in_log = difference.path.contains(".io_log[");
    (in_log && difference.actual.as_ref()?.is_f64()).then_some("E7")
}

/// An exception that is not of the documented system's own.
fn foreign_exception(entry: &Entry, difference: &Difference) -> Option<&'static str> {
    let part = difference.path.split('.').next()?;
    let recorded = entry.compared.as_ref()?.recorded.get(part)?;
    (recorded.get("is_resource_program_error")? == false).then_some("D19")
}

/// A file with an illegal requirement, two definitions of one id or a job that does not say what it is opens a
/// session there; here a person is told.
fn unit_file_refused(entry: &Entry, difference: &Difference) -> Option<&'static str> {
    let refused = entry.actual.as_ref().ok()?.get("refused")?.as_array()?;
    (!difference.path.starts_with("data") && refused.len() == 1).then_some("E8")
}

/// A session of which 7.3 says that its jobs have changed, because the rule of the checksum has.
fn other_checksums(_: &Entry, difference: &Difference) -> Option<&'static str> {
    (at(&difference.actual, "class") == "IncompatibleJobError").then_some("7.3")
}

/// A number text with underscores, or with digits and blanks beyond ASCII.
fn number_text(entry: &Entry, _: &Difference) -> Option<&'static str> {
    (entry.name.contains('_') || !entry.name.is_ascii()).then_some("D14")
}

/// The name of a log where the id does not fit into one: a hash makes it that job's alone.
fn file_name(entry: &Entry, difference: &Difference) -> Option<&'static str> {
    let ours = difference.actual.as_ref()?.as_str()?;
    let theirs = difference.expected.as_ref()?.as_str()?;
    (theirs != entry.name && ours.starts_with("job-") || theirs.starts_with('.')).then_some("D12")
}

/// The modes of directories and files, and what we make in a session besides.
fn directory(_: &Entry, difference: &Difference) -> Option<&'static str> {
    let place = difference.path.strip_prefix("listing.")?;
    if place.ends_with(".mode") {
        let ours = difference.actual.as_ref()?;
        return (ours == "0700" || ours == "0600").then_some("D11");
    }
    if difference.expected.is_some() {
        return None;
    }
    match place.rsplit('/').next()? {
        "lock" => Some("D11"),
        "io-logs" | "session-share" | "home" => Some("E9"),
        _ => None,
    }
}

/// Texts of sessions as releases of one time write them: after 0.5.4 with a mandatory list, and an empty blob
/// where others have none.
fn old_text(_: &Entry, difference: &Difference) -> Option<&'static str> {
    let places = [
        "json_text",
        "resumed.app_blob_hex",
        "result.ok.session.mandatory_job_list",
        "result.ok.session.metadata.app_blob",
    ];
    places.contains(&difference.path.as_str()).then_some("E10")
}
