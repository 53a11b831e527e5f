//! Finding a session by what a person typed.

use std::collections::HashSet;

use session_storage::{
    RemovedSession, Repository, RepositoryEntry, RepositoryError, SessionId, SessionStorage,
};

use crate::dormant::peek_session;
use crate::error::{FindError, ReadError};
use crate::options::ManagerOptions;

/// How many ids are named when none fits.
const NEAREST_MAX: usize = 3;

/// The session with the newest acknowledged frame, ties by id; `None` when no session was ever saved.
///
/// # Errors
/// The repository cannot be listed. A session that cannot be read is passed over.
pub fn latest(
    repository: &Repository,
    options: &ManagerOptions,
) -> Result<Option<SessionStorage>, RepositoryError> {
    Ok(look(repository, options)?.latest)
}

/// What a look at every session of a repository shows.
struct Looked {
    /// The session with the newest acknowledged frame, ties by id.
    latest: Option<SessionStorage>,
    /// Those that cannot be read, in the order of the repository. One that was never saved is none of them.
    unreadable: Vec<(SessionId, ReadError)>,
}

fn look(repository: &Repository, options: &ManagerOptions) -> Result<Looked, RepositoryError> {
    let (mut sessions, mut unreadable) = (Vec::new(), Vec::new());
    for entry in repository.entries()? {
        let Ok(storage) = entry.open() else {
            continue;
        };
        match peek_session(&storage, options) {
            Ok(seen) => sessions.push((seen.modified_ns, storage)),
            Err(ReadError::NoCheckpoint) => {}
            Err(error) => unreadable.push((storage.id().clone(), error)),
        }
    }
    let newest = sessions
        .into_iter()
        .max_by(|(one, first), (other, second)| {
            (one, first.id().as_str()).cmp(&(other, second.id().as_str()))
        });
    let latest = newest.map(|(_, storage)| storage);
    Ok(Looked { latest, unreadable })
}

/// The latest session, when none that was made after it may be meant instead: ids sort by the time they were made at,
/// and one that cannot be read does not tell when it was saved.
fn find_latest(
    repository: &Repository,
    options: &ManagerOptions,
) -> Result<SessionStorage, FindError> {
    let Looked { latest, unreadable } = look(repository, options)?;
    let known = latest.as_ref().map(|storage| storage.id().as_str());
    let mut others = unreadable.into_iter();
    if let Some((id, source)) = others.find(|(id, _)| known.is_none_or(|known| id.as_str() > known))
    {
        return Err(FindError::Unreadable { id, source });
    }
    latest.ok_or_else(|| FindError::Empty {
        location: repository.location().to_owned(),
    })
}

/// The session a person means: a whole id, a beginning that only one id has, or `latest`; the last is refused where it
/// may be a session that cannot be read.
///
/// # Errors
/// See [`FindError`].
pub fn find_session(
    repository: &Repository,
    text: &str,
    options: &ManagerOptions,
) -> Result<SessionStorage, FindError> {
    if text == "latest" {
        return find_latest(repository, options);
    }
    let entries = repository.entries()?;
    let name = |entry: &RepositoryEntry| {
        let name = entry.name().to_string_lossy().into_owned();
        name.strip_suffix(".session")
            .map_or(name.clone(), str::to_owned)
    };
    let entry = the_one(repository, text, &entries, name)?;
    entry.open().map_err(|source| FindError::Entry {
        text: text.to_owned(),
        source,
    })
}

/// The session in the trash a person means: a whole id, a beginning that only one id has, or `latest`. Of several
/// removed ones with one id it is the one removed last.
///
/// # Errors
/// See [`FindError`].
pub fn find_removed(repository: &Repository, text: &str) -> Result<RemovedSession, FindError> {
    let mut removed = repository.removed()?;
    if text == "latest" {
        let last = removed.into_iter().next();
        return last.ok_or_else(|| FindError::NothingRemoved {
            location: repository.location().to_owned(),
        });
    }
    let mut seen = HashSet::new();
    removed.retain(|session| seen.insert(session.id().clone()));
    let id = |session: &RemovedSession| session.id().to_string();
    the_one(repository, text, &removed, id).cloned()
}

/// The one that is called so, or else the only one whose name begins so.
fn the_one<'a, T>(
    repository: &Repository,
    text: &str,
    known: &'a [T],
    name: impl Fn(&T) -> String,
) -> Result<&'a T, FindError> {
    let wanted = text.strip_suffix(".session").unwrap_or(text);
    if let Some(exact) = known.iter().find(|one| name(one) == wanted) {
        return Ok(exact);
    }
    let fits = |one: &&T| !wanted.is_empty() && name(one).starts_with(wanted);
    let mut fitting = known.iter().filter(fits);
    let Some(first) = fitting.next() else {
        return Err(unknown(repository, text, known.iter().map(name)));
    };
    let others: Vec<String> = fitting.map(&name).collect();
    if others.is_empty() {
        return Ok(first);
    }
    Err(FindError::Ambiguous {
        text: text.to_owned(),
        ids: std::iter::once(name(first)).chain(others).collect(),
    })
}

fn unknown(repository: &Repository, text: &str, ids: impl Iterator<Item = String>) -> FindError {
    let mut ids: Vec<String> = ids.collect();
    ids.sort_by_cached_key(|id| strsim::levenshtein(id, text));
    ids.truncate(NEAREST_MAX);
    FindError::Unknown {
        text: text.to_owned(),
        location: repository.location().to_owned(),
        nearest: ids,
    }
}
