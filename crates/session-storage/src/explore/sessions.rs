//! Steps that change which session stands in a repository.

use std::ffi::OsString;
use std::sync::Arc;

use super::attempt::Attempt;
use super::driver::{Driver, End};
use super::model::{Model, Payload, Seen, read_state};
use super::place::{chain, holder, make_repository, open_repository};
use super::workload::Place;
use crate::fs::Fs;
use crate::layout;
use crate::lock::{LockError, LockPolicy, SessionLock};
use crate::repository::{LegacyOutcome, NewSession, RepositoryError, RepositoryStep};
use crate::storage::SessionStorage;

/// The time of the exploration, in microseconds since the epoch; ids step over it when it stands still.
const NOW_US: i64 = 1_700_000_000_000_000;

impl Driver {
    /// A new session, to which `last-session` leads; it is bare.
    pub(super) fn begin_session(&mut self) -> End {
        if self.model.standing {
            self.model.replacing = true;
        }
        self.persist("begin a session", |driver| {
            let new = NewSession {
                prefix: "s-",
                now_us: NOW_US,
                legacy_mode: true,
            };
            let created = make_repository(&driver.fs, driver.setting.faults())
                .and_then(|repository| repository.create_session_reporting(&new));
            match created.map(|created| created.legacy) {
                Ok(Some(LegacyOutcome::First | LegacyOutcome::Replaced { .. })) => {
                    driver.model = Model {
                        alone: driver.model.alone,
                        standing: true,
                        ..Model::new(Place::Repository)
                    };
                    Attempt::Done
                }
                // The switch counts; what could not be removed is listed beside the new one.
                Ok(Some(LegacyOutcome::PreviousKept { .. })) => {
                    driver.model = Model {
                        alone: false,
                        standing: true,
                        ..Model::new(Place::Repository)
                    };
                    Attempt::Done
                }
                Ok(Some(LegacyOutcome::Blocked { .. }) | None) => {
                    Attempt::Broken("the link was not made".to_owned())
                }
                Err(error) => {
                    driver.model.alone = false;
                    Attempt::failed(&error)
                }
            }
        })
    }

    pub(super) fn replace(&mut self) -> End {
        self.journal = None;
        match self.begin_session() {
            End::Done if self.model.is_settled() => self.create_journal(),
            end @ (End::Done | End::Crashed | End::Broken(_)) => end,
        }
    }

    pub(super) fn remove(&mut self) -> End {
        self.journal = None;
        if !self.model.standing {
            return End::Done;
        }
        self.model.removing = true;
        self.persist("remove", |driver| {
            let removed =
                make_repository(&driver.fs, driver.setting.faults()).and_then(|repository| {
                    match repository.last_storage()? {
                        Some(storage) => repository.remove(&storage).map(Some),
                        None => Ok(None),
                    }
                });
            match removed {
                Ok(Some(_)) => {
                    driver.forget_session();
                    Attempt::Done
                }
                // An earlier try moved it away without being sure that this is durable.
                Ok(None) => Attempt::Done,
                Err(error) => {
                    driver.model.alone = false;
                    Attempt::failed(&error)
                }
            }
        })
    }

    /// The session is gone for good.
    fn forget_session(&mut self) {
        self.model = Model {
            alone: self.model.alone,
            ..Model::new(Place::Repository)
        };
    }

    /// Another process removes the session after this one has opened it: locking it must be refused.
    pub(super) fn removed_meanwhile(&mut self) -> End {
        self.journal = None;
        if !self.model.standing {
            return End::Done;
        }
        let mut storage = None;
        let opened = self.persist("open the session", |driver| {
            storage = None;
            let found = make_repository(&driver.fs, driver.setting.faults())
                .and_then(|repository| repository.last_storage());
            found.map_or_else(
                |error| Attempt::failed(&error),
                |found| {
                    storage = found;
                    Attempt::Done
                },
            )
        });
        let Some(storage) = storage else {
            return opened;
        };
        self.model.removing = true;
        if let Err(error) = self.rename_aside_by_another(&storage) {
            self.model.alone = false;
            return match self.machine.crashed() {
                true => End::Crashed,
                // A sync that was let fail: whether it is gone is not known.
                false if self.undisturbed => End::Broken(chain(&error)),
                false => End::Done,
            };
        }
        self.forget_session();
        self.persist("lock", |driver| {
            match storage.lock(&holder(), LockPolicy::FailNow) {
                Err(LockError::Moved { .. }) => Attempt::Done,
                Err(error) => Attempt::failed(&error),
                Ok(lock) => driver.write_to_what_is_gone(lock),
            }
        })
    }

    /// As another process that is killed between renaming the session aside and clearing it away.
    fn rename_aside_by_another(&mut self, storage: &SessionStorage) -> Result<(), RepositoryError> {
        let other: Arc<dyn Fs> = Arc::new(self.machine.new_process());
        let repository = open_repository(&other, self.setting.faults())?;
        let failed = |source| repository.failed(RepositoryStep::RemoveSession, source);
        let Some(dir) = repository.dir() else {
            return Ok(());
        };
        let mut aside = OsString::from(layout::TRASH_PREFIX);
        aside.push(format!("{}-{}", storage.id(), self.next_number()));
        dir.rename(&storage.directory_name(), &aside)
            .map_err(failed)?;
        dir.sync().map_err(failed)
    }

    /// What a mistaken writer would do: go on in the directory that is no session any more.
    fn write_to_what_is_gone(&mut self, lock: SessionLock) -> Attempt {
        let (mut journal, recovered) = match lock.open_journal(&self.options) {
            Ok(opened) => opened,
            Err(refused) => return Attempt::failed(&refused.error),
        };
        let Some(state) = read_state(&recovered) else {
            return Attempt::Broken("a mixture was opened for writing".to_owned());
        };
        let payload = Payload::new(u32::MAX, 8);
        let parts = payload.parts();
        let parts: Vec<&[u8]> = parts.iter().map(Vec::as_slice).collect();
        match journal.append(&parts, false) {
            Ok(_) => {
                self.model.adopt(&Seen::State(state));
                self.model.acknowledge(payload);
                self.journal = Some(journal);
                Attempt::Done
            }
            Err(error) => Attempt::failed(&error),
        }
    }
}
