//! `session verify`: every hash, every checksum, every job and every log of one session, and nothing changed.

use session_manager::{
    DormantSession, ManagerOptions, PeekKind, ReadError, VerifiedLogs, find_session, peek_session,
    verify_logs,
};
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

/// Proves a session and the logs its results name. Nothing is written, and no lock is needed.
///
/// # Errors
/// There is no such session, it is kept in a format of Checkbox, another release wrote its journal, or nothing of it can
/// be read.
pub(crate) fn verify(arguments: &Verify, talk: &mut Talk) -> Result<Exit, Failure> {
    let repository = Place::choose(arguments.common.repository.as_deref())?.open()?;
    let options = options()?;
    let storage = find_session(&repository, &arguments.id, &options)?;
    let id = storage.id().as_str();
    refuse_checkbox(&storage, &options)?;
    let recovered = storage
        .verify(&options.holder, Limits::default())
        .map_err(|error| Failure::Recover(OfSession::new(id, error)))?;
    let (logs, problem) = match DormantSession::read(&storage, &options) {
        Ok(dormant) => (verify_logs(&storage, &dormant.state), None),
        Err(error) => (VerifiedLogs::default(), Some(error)),
    };
    let location = storage.location().as_str();
    let is_writable = problem.is_none() && !is_damaged(&recovered.verdict);
    if let Some(advice) = problem.as_ref().and_then(ReadError::advice) {
        talk.note(&format!("hint: {advice}"));
    } else if !is_writable {
        talk.note(&format!(
            "hint: nothing was changed; `session repair {id} --dry-run` says what a repair would keep"
        ));
    } else if !logs.problems.is_empty() {
        talk.note(
            "hint: nothing was changed, and every result stands; what these logs held is gone unless a copy of the session has it",
        );
    }
    let problem = problem.map(|error| wording::chain(&error));
    let is_sound = is_writable && logs.problems.is_empty();
    if arguments.common.json {
        talk.json_pretty(&Verified::new(id, location, &recovered, &logs, problem));
    } else {
        for line in lines(id, &recovered, &logs, problem.as_deref()) {
            talk.data(&line);
        }
    }
    Ok(match is_sound {
        true => Exit::Done,
        false => Exit::Damaged,
    })
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

fn lines(
    id: &str,
    recovered: &Recovered,
    logs: &VerifiedLogs,
    problem: Option<&str>,
) -> Vec<String> {
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
    if logs.proven > 0 {
        let proven = usize::try_from(logs.proven).unwrap_or(usize::MAX);
        lines.push(format!(
            "logs     {} proven, {} bytes",
            wording::count(proven, "file"),
            logs.proven_bytes
        ));
    }
    if logs.unproven > 0 {
        lines.push(format!("logs     {} without a hash", logs.unproven));
    }
    lines.extend(logs.problems.iter().map(|problem| {
        format!(
            "log      {} of job {} {}",
            wording::one_line(&problem.path),
            wording::one_line(problem.job.as_str()),
            wording::one_line(&problem.fault.to_string())
        )
    }));
    lines
}
