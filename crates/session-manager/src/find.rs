//! Finding a session by what a person typed.

use session_storage::{Repository, RepositoryEntry, RepositoryError, SessionStorage};

use crate::dormant::peek_session;
use crate::error::FindError;
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
    let sessions = repository.entries()?.into_iter().filter_map(|entry| {
        let storage = entry.open().ok()?;
        let seen = peek_session(&storage, options).ok()?;
        Some((seen.modified_ns, storage))
    });
    let newest = sessions.max_by(|(one, first), (other, second)| {
        (one, first.id().as_str()).cmp(&(other, second.id().as_str()))
    });
    Ok(newest.map(|(_, storage)| storage))
}

/// The session a person means: a whole id, a beginning that only one id has, or `latest`.
///
/// # Errors
/// See [`FindError`].
pub fn find_session(
    repository: &Repository,
    text: &str,
    options: &ManagerOptions,
) -> Result<SessionStorage, FindError> {
    if text == "latest" {
        return latest(repository, options)?.ok_or_else(|| FindError::Empty {
            location: repository.location().to_owned(),
        });
    }
    let entries = repository.entries()?;
    let name = |entry: &RepositoryEntry| {
        let name = entry.name().to_string_lossy().into_owned();
        name.strip_suffix(".session")
            .map_or(name.clone(), str::to_owned)
    };
    let wanted = text.strip_suffix(".session").unwrap_or(text);
    let exact = entries.iter().position(|entry| name(entry) == wanted);
    let fitting: Vec<usize> = match exact {
        Some(index) => vec![index],
        None if wanted.is_empty() => Vec::new(),
        None => (0..entries.len())
            .filter(|index| {
                entries
                    .get(*index)
                    .is_some_and(|entry| name(entry).starts_with(wanted))
            })
            .collect(),
    };
    let mut fitting = fitting.into_iter().filter_map(|index| entries.get(index));
    let Some(entry) = fitting.next() else {
        return Err(unknown(repository, text, entries.iter().map(name)));
    };
    let others: Vec<String> = fitting.map(name).collect();
    if !others.is_empty() {
        return Err(FindError::Ambiguous {
            text: text.to_owned(),
            ids: std::iter::once(name(entry)).chain(others).collect(),
        });
    }
    entry.open().map_err(|source| FindError::Entry {
        text: text.to_owned(),
        source,
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
