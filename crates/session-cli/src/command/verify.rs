//! `session verify`: every hash, every checksum, every job of one session, and nothing changed.

use session_manager::{DormantSession, ManagerOptions, PeekKind, find_session, peek_session};
use session_storage::{Limits, Recovered, SessionStorage};

use super::list::{format_of, kept_as};
use super::run::options;
use super::show::is_damaged;
use crate::args::Verify;
use crate::config::Place;
use crate::error::{Failure, OfSession};
use crate::exit_code::Exit;
use crate::json_repair::Verified;
use crate::output::Talk;
use crate::wording;

/// Proves a session. Nothing is written, and no lock is needed.
///
/// # Errors
/// There is no such session, it is kept in a format of Checkbox, or nothing of it can be read.
pub(crate) fn verify(arguments: &Verify, talk: &mut Talk) -> Result<Exit, Failure> {
    let repository = Place::choose(arguments.common.repository.as_deref())?.open()?;
    let options = options()?;
    let storage = find_session(&repository, &arguments.id, &options)?;
    let id = storage.id().as_str();
    refuse_checkbox(&storage, &options)?;
    let recovered = storage
        .verify(&options.holder, Limits::default())
        .map_err(|error| Failure::Recover(OfSession::new(id, error)))?;
    let problem = DormantSession::read(&storage, &options)
        .err()
        .map(|error| wording::chain(&error));
    let sound = problem.is_none() && !is_damaged(&recovered.verdict);
    let location = storage.location().as_str();
    if arguments.common.json {
        talk.json_pretty(&Verified::new(id, location, &recovered, problem));
    } else {
        for line in lines(id, &recovered, problem.as_deref()) {
            talk.data(&line);
        }
    }
    if !sound {
        talk.note(&format!(
            "hint: nothing was changed; `session repair {id} --dry-run` says what a repair would keep"
        ));
    }
    Ok(if sound { Exit::Done } else { Exit::Damaged })
}

/// A session in a format of Checkbox is one file, without a hash to prove it by and without a part to keep.
pub(super) fn refuse_checkbox(
    storage: &SessionStorage,
    options: &ManagerOptions,
) -> Result<(), Failure> {
    match peek_session(storage, options).map(|peek| peek.kind) {
        Ok(kind @ PeekKind::Checkbox { .. }) => Err(Failure::NoJournal {
            id: storage.id().to_string(),
            format: kept_as(format_of(&kind)),
        }),
        // What cannot be peeked at is what is to be looked into.
        Ok(PeekKind::Native(_)) | Err(_) => Ok(()),
    }
}

fn lines(id: &str, recovered: &Recovered, problem: Option<&str>) -> Vec<String> {
    let frames = wording::count(recovered.frames.len(), "frame");
    let mut lines = vec![
        format!("session  {id}"),
        format!("journal  {}", recovered.verdict),
        format!(
            "proven   a snapshot of {} bytes, {frames} on top, up to frame {}",
            recovered.snapshot.len(),
            recovered.position.seq
        ),
        format!(
            "chain    {}",
            wording::hexadecimal(recovered.position.chain.as_bytes())
        ),
    ];
    if let Some(problem) = problem {
        lines.push(format!("jobs     cannot be read: {problem}"));
    }
    lines
}
