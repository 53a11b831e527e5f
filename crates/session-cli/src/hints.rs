//! What to do next: one line of advice for each kind of error.

use session_manager::{AbortError, FindError, LoadError, ReadError, Refusal};
use session_storage::{RecoverError, RepairError, RepositoryError};
use suspend_resume::ResumeError;

use crate::error::{Failure, OfSession};

/// So many ids are named.
const IDS_MAX: usize = 4;

/// The advice for an error.
pub(crate) fn hint(failure: &Failure) -> String {
    match failure {
        Failure::CurrentDirectory(_) | Failure::NotUnicode(_) => {
            "change to a directory that is there and has a plain name".to_owned()
        }
        Failure::Location(_) => "name a directory with --repository DIR".to_owned(),
        Failure::Host(_) | Failure::Signals(_) => {
            "see that /proc is mounted and that this user may start processes and threads".to_owned()
        }
        Failure::Units { .. } | Failure::Duplicate(_) => {
            "correct the unit files and run again; nothing was started".to_owned()
        }
        Failure::Plan { known, .. } if known.is_empty() => {
            "run without --plan, or write a unit with `unit: test plan` and an id".to_owned()
        }
        Failure::Plan { known, .. } => format!(
            "`session plans UNITS` lists the plans: {}",
            some_of(known)
        ),
        Failure::Blob(_) => {
            "look at the session with `session show`, or begin anew with `session run`".to_owned()
        }
        Failure::NothingToRun => {
            "correct what is said above and run again; no session was made".to_owned()
        }
        Failure::Repository(error) => repository(error),
        Failure::Create(_) => {
            "see that there is space and that the repository may be written, or name another with --repository DIR"
                .to_owned()
        }
        Failure::Find(error) => find(error),
        Failure::Load(OfSession { id, error }) => load(id, error),
        Failure::Read(OfSession { id, error }) => read(id, error),
        Failure::NoJournal { id, .. } => {
            format!("its one file holds no hashes to prove; `session show {id}` tells whether it can be read")
        }
        Failure::Recover(OfSession { id, error }) => unrecovered(id, error),
        Failure::Repair(OfSession { id, error }) => match &**error {
            RepairError::Unreadable(error) => unrecovered(id, error),
            RepairError::PlanIsStale { .. }
            | RepairError::NoPlaceAside(_)
            | RepairError::NotMade(_)
            | _ => format!(
                "make room or mend the disk, then try `session repair {id}` again; nothing is lost by the try"
            ),
        },
        Failure::Lock(_) => "wait until the other process is done, or end it".to_owned(),
        Failure::NeedsDefinitions { .. } => {
            "give the unit files it was made with: the same command with --definitions UNITS".to_owned()
        }
        Failure::NoFile { .. } => {
            "name a session, a session directory or a checkpoint file; `session list` shows the sessions"
                .to_owned()
        }
        Failure::TooLong { .. } => "name a checkpoint file".to_owned(),
        Failure::File(_) => {
            "see that it is a file or a directory that may be read; links are not followed".to_owned()
        }
        Failure::Decode(OfSession { error, .. }) => decode(error),
        Failure::Encode { .. } | Failure::Unresumable { .. } => {
            "choose another format; `native` and `checkbox:11` carry most".to_owned()
        }
        Failure::Exists { .. } => "name another file, or replace it with --force".to_owned(),
        Failure::Newer { .. } => {
            "name another file; only the release that wrote this one may replace it".to_owned()
        }
        Failure::Write { .. } => {
            "see that the directory is there, that it may be written, and that the disk is not full"
                .to_owned()
        }
        Failure::Checkpoint(OfSession { id, .. })
        | Failure::Log(OfSession { id, .. })
        | Failure::Sink { id, .. } => format!(
            "every outcome printed above is safe; make room or mend the disk, then go on with `session resume {id}`"
        ),
        Failure::UnknownJob { id, .. } => {
            format!("look at it with `session show {id}`")
        }
        Failure::Processes { id, .. } => {
            format!("see that /proc is mounted, then go on with `session resume {id}`")
        }
        Failure::Orphans { id, .. } => format!(
            "end them, or let `session resume {id} --orphans kill` do so (--orphans wait waits for them)"
        ),
        Failure::Refused { id, refusals } => refused(id, refusals),
        Failure::Unsteady { id } | Failure::Ask { id, .. } => {
            format!("see with `session show {id}` who holds it, and try again")
        }
        Failure::Apply(OfSession { id, .. }) => format!(
            "nothing that was acknowledged is lost; see what stands in the way, then try `session resume {id}` again"
        ),
        Failure::Lifecycle(OfSession { id, .. }) => format!("see with `session show {id}` where it stands"),
        Failure::Abort(OfSession { id, error }) => match **error {
            AbortError::Lifecycle(_) => format!("its results are kept; `session show {id}` shows them"),
            AbortError::Request { .. } | AbortError::Log(_) | AbortError::Checkpoint(_) | _ => {
                format!("make room or mend the disk, then try `session abort {id}` again")
            }
        },
        Failure::NotAll { first, .. } => hint(first),
        Failure::OtherFormat { id, .. } => format!(
            "resume it without --format; `session convert {id}` writes a copy in any format"
        ),
        Failure::ClockBehind { .. } => {
            "set the clock right, or name the sessions: `session purge ID...`".to_owned()
        }
        Failure::Survivors { id, .. } => {
            format!("end them (another user's, or stuck in a device), then go on with `session resume {id}`")
        }
    }
}

fn decode(error: &ResumeError) -> String {
    match error {
        ResumeError::BrokenReference { .. } => {
            "put the file there, or leave --definitions out to see the session without it"
                .to_owned()
        }
        ResumeError::IncompatibleJob { .. } => {
            "give the unit files the session was made with, or none to see it without them"
                .to_owned()
        }
        ResumeError::Definitions(_) => "correct the unit files".to_owned(),
        ResumeError::Corrupted(_) | ResumeError::IncompatibleSession { .. } | _ => error
            .advice()
            .unwrap_or("nothing was changed; `session peek` tells what can still be read")
            .to_owned(),
    }
}

fn refused(id: &str, refusals: &[Refusal]) -> String {
    match refusals.first() {
        Some(Refusal::Drift { .. }) => format!(
            "`session resume {id} --dry-run` with the same definitions shows the differences; choose with --drift keep, rerun or drop"
        ),
        Some(Refusal::AbortRequested) => {
            format!("`session abort {id}` gives it up and keeps its results")
        }
        Some(Refusal::Damaged { .. }) => damaged(id),
        Some(Refusal::StillRunning) => {
            "wait until the other process is done, or end it; `session show` works meanwhile"
                .to_owned()
        }
        Some(Refusal::Closed(_) | _) | None => {
            format!("its results are kept; `session show {id}` shows them")
        }
    }
}

fn damaged(id: &str) -> String {
    format!(
        "nothing was changed; `session repair {id} --dry-run` says what a repair would keep, `session show {id}` what can be read"
    )
}

fn repository(error: &RepositoryError) -> String {
    match error {
        RepositoryError::Untrusted { .. } => {
            "take the write permission of others away (chmod o-w), or name a directory of your own with --repository DIR"
                .to_owned()
        }
        RepositoryError::NoSuchSession { .. } => {
            "see `session list`, and `session list --removed` for the trash".to_owned()
        }
        RepositoryError::IdTaken { .. } => {
            "put the other one into the trash first: `session remove ID`".to_owned()
        }
        RepositoryError::NotRemovable { .. } => {
            "wait until the other process is done, or end it".to_owned()
        }
        RepositoryError::RelativeLocation { .. }
        | RepositoryError::Missing { .. }
        | RepositoryError::Name(_)
        | RepositoryError::Failed { .. }
        | _ => "see that the directory is there, that it may be read and written, and that the disk is not full; or name another with --repository DIR"
            .to_owned(),
    }
}

/// The first few of some ids.
fn some_of(ids: &[String]) -> String {
    let shown: Vec<&str> = ids.iter().take(IDS_MAX).map(String::as_str).collect();
    let more = if ids.len() > IDS_MAX { ", ..." } else { "" };
    format!("{}{more}", shown.join(", "))
}

fn find(error: &FindError) -> String {
    match error {
        FindError::Unknown { nearest, .. } if !nearest.is_empty() => {
            format!("the nearest are: {}", nearest.join(", "))
        }
        FindError::Unknown { .. } | FindError::Empty { .. } => {
            "there is none yet: `session run UNITS` makes one; --repository DIR looks elsewhere"
                .to_owned()
        }
        FindError::NothingRemoved { .. } => {
            "the trash is empty; --repository DIR looks elsewhere".to_owned()
        }
        FindError::Ambiguous { ids, .. } => {
            format!("give more of the id; it fits {}", some_of(ids))
        }
        FindError::Unreadable { id, .. } => format!(
            "name the session that is meant: `session list` shows them, `session verify {id}` says more of that one"
        ),
        FindError::Entry { .. } => "look at it by hand: it is not a session directory".to_owned(),
        FindError::Repository(error) => repository(error),
        _ => {
            "see that the repository may be read, or name another with --repository DIR".to_owned()
        }
    }
}

fn read(id: &str, error: &ReadError) -> String {
    match error {
        ReadError::NoCheckpoint => never_saved(id),
        ReadError::Decode(error) if error.advice().is_some() => decode(error),
        error if let Some(advice) = error.advice() => advice.to_owned(),
        error if error.is_damaged() => format!(
            "its files are kept as they are; `session remove {id}` puts them into the trash"
        ),
        ReadError::Recover(_)
        | ReadError::Checkpoint(_)
        | ReadError::Traces(_)
        | ReadError::Lock(_)
        | ReadError::Decode(_)
        | ReadError::Frame { .. }
        | ReadError::Replay { .. }
        | _ => format!("see that its files may be read, then look again with `session show {id}`"),
    }
}

fn unrecovered(id: &str, error: &RecoverError) -> String {
    error.advice().map_or_else(
        || format!(
            "nothing was changed, and what cannot be read is not guessed; its files are kept, `session remove {id}` puts them into the trash"
        ),
        str::to_owned,
    )
}

fn never_saved(id: &str) -> String {
    format!(
        "it was killed before its first checkpoint and holds nothing; `session remove {id}` clears it away"
    )
}

fn load(id: &str, error: &LoadError) -> String {
    if error.is_held() {
        return "wait until the other process is done, or end it; `session show` works meanwhile"
            .to_owned();
    }
    if error.is_disk_full() {
        return format!("make room on the disk, then go on with `session resume {id}`");
    }
    match error {
        LoadError::NoCheckpoint { .. } => never_saved(id),
        error if let Some(advice) = error.advice() => advice.to_owned(),
        error if error.is_damaged() => damaged(id),
        LoadError::Lock { .. }
        | LoadError::Open { .. }
        | LoadError::Directory { .. }
        | LoadError::Read { .. }
        | LoadError::Logs { .. }
        | _ => format!(
            "see that the files may be read and written, then try `session resume {id}` again"
        ),
    }
}
