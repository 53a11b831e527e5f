//! Creating a session: an exclusive directory, its well-known directories, everything synced (invariants P1, P2).

use std::io;

use super::entries::{id_of, stem};
use super::error::{RepositoryError, RepositoryStep};
use super::legacy::LegacyOutcome;
use super::open::Repository;
use crate::fs::FsError;
use crate::session_id::{CreationTime, SessionId, may_be_newer};
use crate::storage::{SessionStorage, directory_name};
use crate::well_known::WellKnownDirs;

/// So many sessions of the same prefix and microsecond are told apart.
const COLLISIONS_MAX: u64 = 10_000;

/// What a new session is to be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NewSession<'a> {
    /// What the id begins with; characters outside `A-Z a-z 0-9 - _ .` become `_`.
    pub prefix: &'a str,
    /// Now, in microseconds since the epoch.
    pub now_us: i64,
    /// Whether this session takes the place of the one that `last-session` leads to, which is removed.
    pub legacy_mode: bool,
}

/// A new session, and what became of `last-session`.
#[derive(Debug)]
#[non_exhaustive]
pub struct CreatedSession {
    /// The session.
    pub storage: SessionStorage,
    /// In legacy mode: what became of the link and of the session before.
    pub legacy: Option<LegacyOutcome>,
}

impl Repository {
    /// Creates a session, see [`Repository::create_session_reporting`].
    ///
    /// # Errors
    /// See [`RepositoryError`].
    pub fn create_session(&self, new: &NewSession<'_>) -> Result<SessionStorage, RepositoryError> {
        self.create_session_reporting(new)
            .map(|created| created.storage)
    }

    /// Creates a session: a directory that did not exist before, with its well-known directories.
    ///
    /// The id is the prefix and the time; when the clock went back behind the newest session, a time right after
    /// that one is taken, so that ids go on sorting by time. When this returns, the session survives a power
    /// cut. A crash midway leaves no session, or an empty one without a checkpoint; in legacy mode `last-session`
    /// leads to the old session or to the new one at any moment, and the old one goes only after the switch is
    /// durable.
    ///
    /// # Errors
    /// See [`RepositoryError`]; what was made is taken away as far as possible.
    pub fn create_session_reporting(
        &self,
        new: &NewSession<'_>,
    ) -> Result<CreatedSession, RepositoryError> {
        self.writable_dir()?;
        let storage = self.make_directory(new)?;
        let legacy = self
            .furnish(&storage)
            .map_err(|error| self.failed(RepositoryStep::CreateSession, error))
            .and_then(|()| match new.legacy_mode {
                true => self.switch_last_session(&storage).map(Some),
                false => Ok(None),
            });
        match legacy {
            Ok(legacy) => Ok(CreatedSession { storage, legacy }),
            Err(error) => {
                // A switch that failed halfway may already show the new session: then it has to stay.
                let shown = match self.last_id() {
                    Ok(last) => new.legacy_mode && last.as_ref() == Some(storage.id()),
                    Err(_) => new.legacy_mode,
                };
                if !shown {
                    let _ = self.unmake(&storage);
                }
                Err(error)
            }
        }
    }

    fn make_directory(&self, new: &NewSession<'_>) -> Result<SessionStorage, RepositoryError> {
        let dir = self.writable_dir()?;
        let mut time = self.free_time(new.now_us)?;
        loop {
            let id = SessionId::generate(new.prefix, time)?;
            match dir.make_dir(&directory_name(&id)) {
                Ok(()) => {
                    return self.session(&id).inspect_err(|_| {
                        let _ = dir.remove_dir(&directory_name(&id));
                    });
                }
                Err(error)
                    if error.kind() == io::ErrorKind::AlreadyExists
                        && time.collision < COLLISIONS_MAX =>
                {
                    time.collision += 1;
                }
                Err(error) => return Err(self.failed(RepositoryStep::CreateSession, error)),
            }
        }
    }

    /// The time for a new id: now, or right after the newest session when the clock went back behind it.
    ///
    /// That takes one listing, whatever is put into the repository or taken out of it by whom: a note of the newest
    /// time would not know of a session that was copied here, and the time of the directory goes back with the clock.
    /// The names are compared as texts, and a time is read only where that is not enough.
    fn free_time(&self, now_us: i64) -> Result<CreationTime, RepositoryError> {
        let moment = SessionId::generate(
            "",
            CreationTime {
                at_us: now_us,
                collision: 0,
            },
        )?;
        let newest_us = self
            .session_names()?
            .filter(|name| {
                name.to_str()
                    .is_some_and(|name| may_be_newer(stem(name), &moment))
            })
            .filter_map(|name| id_of(&name).ok()?.creation_time())
            .map(|time| time.at_us)
            .max();
        let at_us = match newest_us {
            Some(newest_us) if newest_us > now_us => newest_us.saturating_add(1),
            Some(_) | None => now_us,
        };
        Ok(CreationTime {
            at_us,
            collision: 0,
        })
    }

    fn furnish(&self, storage: &SessionStorage) -> Result<(), FsError> {
        WellKnownDirs::new(storage).populate()?;
        storage.repository().sync()
    }

    /// Takes away a session that could not be finished; it holds nothing yet but empty directories.
    fn unmake(&self, storage: &SessionStorage) -> Result<(), FsError> {
        for entry in storage.dir().entries()? {
            storage.dir().remove_dir(&entry.name)?;
        }
        storage.repository().remove_dir(&storage.directory_name())?;
        storage.repository().sync()
    }
}
