//! Listing the sessions: newest first, a bad entry marked and not in the way of the others
//! (invariant P5).

use std::cmp::Reverse;
use std::ffi::{OsStr, OsString};

use super::error::{RepositoryError, RepositoryStep};
use super::open::Repository;
use crate::fs::{Entry, EntryKind, FsError};
use crate::layout;
use crate::session_id::{InvalidSessionId, SessionId};
use crate::storage::SessionStorage;

const NS_PER_US: i128 = 1000;

/// One name in a repository that looks like a session's.
#[derive(Clone, Debug)]
pub struct RepositoryEntry {
    repository: Repository,
    name: OsString,
    id: Option<SessionId>,
    kind: EntryKind,
    sort_us: i128,
}

/// What is wrong with an entry. The other entries are not concerned.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum EntryProblem {
    /// The name is not UTF-8.
    #[error("'{}' is not UTF-8", name.display())]
    NotUtf8 {
        /// The name.
        name: OsString,
    },
    /// The name cannot be that of a session.
    #[error("the name is not that of a session")]
    BadName(#[source] InvalidSessionId),
    /// It is a symbolic link, which is never followed.
    #[error("'{}' is a symbolic link", name.display())]
    Symlink {
        /// The name.
        name: OsString,
    },
    /// It is neither a directory nor a link.
    #[error("'{}' is not a directory", name.display())]
    NotADirectory {
        /// The name.
        name: OsString,
    },
    /// It was there when the repository was listed, and is not any more.
    #[error("'{}' was removed meanwhile", name.display())]
    Vanished {
        /// The name.
        name: OsString,
    },
    /// It cannot be opened.
    #[error("the session cannot be opened")]
    Unreadable(#[source] FsError),
}

impl RepositoryEntry {
    /// The name as it stands in the directory.
    pub fn name(&self) -> &OsStr {
        &self.name
    }

    /// The session's id, where the name has the form of one.
    pub fn id(&self) -> Option<&SessionId> {
        self.id.as_ref()
    }

    /// When the session was created by its id, else when its directory was last changed; microseconds since the
    /// epoch. The listing is sorted by this.
    pub fn time_us(&self) -> i64 {
        i64::try_from(self.sort_us).unwrap_or(i64::MAX)
    }

    /// Opens the session. Its directory stays open as long as the answer lives, so a long list is best opened
    /// one by one.
    ///
    /// # Errors
    /// What is wrong with this entry.
    pub fn open(&self) -> Result<SessionStorage, EntryProblem> {
        match self.kind {
            EntryKind::Dir => {}
            EntryKind::Symlink => {
                return Err(EntryProblem::Symlink {
                    name: self.name.clone(),
                });
            }
            EntryKind::File | EntryKind::Other => {
                return Err(EntryProblem::NotADirectory {
                    name: self.name.clone(),
                });
            }
        }
        let id = id_of(&self.name)?;
        let vanished = || EntryProblem::Vanished {
            name: self.name.clone(),
        };
        let around = self.repository.surroundings().ok_or_else(vanished)?;
        SessionStorage::open(around, id).map_err(|error| {
            if error.is_not_found() {
                vanished()
            } else {
                EntryProblem::Unreadable(error)
            }
        })
    }
}

impl Repository {
    /// Lists the sessions, newest first by the time in their ids, ties by id; ids without a time sort by when
    /// their directories were last changed. Nothing is opened or decoded: one listing, and one more call for each
    /// id without a time.
    ///
    /// Listed is what ends in `.session` and does not begin with a dot. What cannot be a session (a link, a
    /// file, a name that is not UTF-8) is listed as well, and says so when it is opened.
    ///
    /// # Errors
    /// [`RepositoryError::Failed`]: the repository itself cannot be listed. A missing one is empty.
    pub fn entries(&self) -> Result<Vec<RepositoryEntry>, RepositoryError> {
        let mut entries: Vec<RepositoryEntry> =
            self.found()?.map(|entry| self.entry(entry)).collect();
        entries.sort_by_cached_key(|entry| {
            let collision = entry.id.as_ref().and_then(SessionId::creation_time);
            let collision = collision.map_or(0, |time| time.collision);
            Reverse((entry.sort_us, collision, entry.name.clone()))
        });
        Ok(entries)
    }

    /// The names of what would be listed, in no order.
    pub(super) fn session_names(&self) -> Result<impl Iterator<Item = OsString>, RepositoryError> {
        Ok(self.found()?.map(|entry| entry.name))
    }

    fn found(&self) -> Result<impl Iterator<Item = Entry>, RepositoryError> {
        let found = match self.dir() {
            Some(dir) => dir
                .entries()
                .map_err(|error| self.failed(RepositoryStep::List, error))?,
            None => Vec::new(),
        };
        let found = found.into_iter();
        Ok(found.filter(|entry| looks_like_session(&entry.name)))
    }

    fn entry(&self, entry: Entry) -> RepositoryEntry {
        let id = id_of(&entry.name).ok();
        let by_id = id.as_ref().and_then(SessionId::creation_time);
        let sort_us = match by_id {
            Some(time) => i128::from(time.at_us),
            // Only a place in the list hangs on this: what cannot be read goes to its end.
            None => self
                .dir()
                .and_then(|dir| dir.metadata(&entry.name).ok().flatten())
                .map_or(0, |metadata| metadata.modified_ns / NS_PER_US),
        };
        RepositoryEntry {
            repository: self.clone(),
            name: entry.name,
            id,
            kind: entry.kind,
            sort_us,
        }
    }
}

fn looks_like_session(name: &OsStr) -> bool {
    let bytes = name.as_encoded_bytes();
    !bytes.starts_with(b".")
        && bytes.len() > layout::SESSION_SUFFIX.len()
        && bytes.ends_with(layout::SESSION_SUFFIX.as_bytes())
}

/// The id in the name of a session's directory.
pub(super) fn id_of(name: &OsStr) -> Result<SessionId, EntryProblem> {
    let text = name.to_str().ok_or_else(|| EntryProblem::NotUtf8 {
        name: name.to_owned(),
    })?;
    SessionId::parse(stem(text)).map_err(EntryProblem::BadName)
}

/// The name of a session's directory without the end that all of them have.
pub(super) fn stem(name: &str) -> &str {
    name.strip_suffix(layout::SESSION_SUFFIX)
        .unwrap_or_default()
}
