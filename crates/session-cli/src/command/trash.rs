//! `session restore` and `session purge`: out of the trash, back or for good.

use std::time::Duration;

use session_manager::find_removed;
use session_storage::{RemovedSession, Repository};

use super::batch::{find_each, tell_left, to_each};
use super::run::options;
use crate::args::{Purge, Restore};
use crate::config::Place;
use crate::error::{Failure, Verb};
use crate::exit_code::Exit;
use crate::output::Talk;

/// Brings removed sessions back.
///
/// # Errors
/// One or more could not be brought back; the first cause is told last.
pub(crate) fn restore(arguments: &Restore, talk: &mut Talk) -> Result<Exit, Failure> {
    let repository = Place::choose(arguments.common.repository.as_deref())?.open()?;
    let found = find_each(&arguments.ids, |text| Ok(find_removed(&repository, text)?));
    to_each(
        Verb::Restored,
        found,
        |removed, _| Ok(repository.restore(&removed)?.id().to_string()),
        arguments.common.json,
        talk,
    )
}

/// Clears removed sessions away for good: those that are named, those removed long ago, or all.
///
/// # Errors
/// One or more could not be cleared away; the clock cannot be trusted to tell their age.
pub(crate) fn purge(arguments: &Purge, talk: &mut Talk) -> Result<Exit, Failure> {
    let repository = Place::choose(arguments.common.repository.as_deref())?.open()?;
    let found = if arguments.ids.is_empty() {
        // What a run left that was killed while it cleared away.
        tell_left(&repository.purge_leftovers()?, talk);
        let removed = match arguments.older_than {
            Some(age) => older_than(&repository, age)?,
            None => repository.removed()?,
        };
        if removed.is_empty() {
            talk.note("there is nothing to clear away");
        }
        let found = removed
            .into_iter()
            .map(|one| (one.id().to_string(), Ok(one)));
        found.collect()
    } else {
        find_each(&arguments.ids, |text| Ok(find_removed(&repository, text)?))
    };
    to_each(
        Verb::Purged,
        found,
        |removed, talk| {
            tell_left(&repository.purge(&removed)?, talk);
            Ok(removed.id().to_string())
        },
        arguments.common.json,
        talk,
    )
}

/// What was removed longer ago than that.
///
/// # Errors
/// The clock is behind something that happened: nothing is old by such a clock.
fn older_than(repository: &Repository, age: Duration) -> Result<Vec<RemovedSession>, Failure> {
    let now_us = options()?.clock.now_us();
    let mut removed = repository.removed()?;
    let made = repository
        .entries()?
        .into_iter()
        .map(|entry| entry.time_us());
    let newest_us = made
        .chain(removed.iter().map(RemovedSession::removed_us))
        .max();
    if let Some(newest_us) = newest_us.filter(|newest_us| *newest_us > now_us) {
        return Err(Failure::ClockBehind { newest_us });
    }
    let age_us = i64::try_from(age.as_micros()).unwrap_or(i64::MAX);
    removed.retain(|session| now_us.saturating_sub(session.removed_us()) > age_us);
    Ok(removed)
}
