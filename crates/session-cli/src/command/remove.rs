//! `session remove`: sessions go into the trash, or for good.

use session_manager::{ManagerOptions, find_session};
use session_storage::{Repository, SessionStorage};

use super::batch::{find_each, tell_left, to_each};
use super::run::options;
use crate::args::Remove;
use crate::config::Place;
use crate::error::{Failure, Verb};
use crate::exit_code::Exit;
use crate::output::Talk;

/// Removes the sessions, each on its own: one that cannot be removed does not keep the others.
///
/// # Errors
/// One or more could not be removed; the first cause is told last.
pub(crate) fn remove(arguments: &Remove, talk: &mut Talk) -> Result<Exit, Failure> {
    let repository = Place::choose(arguments.common.repository.as_deref())?.open()?;
    let options = options()?;
    let found = find_each(&arguments.ids, |text| {
        Ok(find_session(&repository, text, &options)?)
    });
    to_each(
        Verb::Removed,
        found,
        |storage, talk| {
            if arguments.purge {
                tell_left(&repository.remove(&storage)?, talk);
                Ok(storage.id().to_string())
            } else {
                discard(&repository, &storage, &options, talk)
            }
        },
        arguments.common.json,
        talk,
    )
}

fn discard(
    repository: &Repository,
    storage: &SessionStorage,
    options: &ManagerOptions,
    talk: &mut Talk,
) -> Result<String, Failure> {
    let removed = repository.discard(storage, options.clock.now_us())?;
    let id = removed.id();
    talk.note(&format!(
        "`session restore {id}` brings it back, `session purge {id}` clears it away for good"
    ));
    Ok(id.to_string())
}
