//! Steps that make a session, open it and look at it.

use std::error::Error;

use super::attempt::Attempt;
use super::driver::{Driver, End};
use super::model::{Seen, read_state, write_state};
use super::place::{chain, current_storage, holder, look, open_repository, plain_dir, session_dir};
use super::workload::Place;
use crate::journal::{CreateError, CreateOptions, Journal};
use crate::lock::{LockPolicy, SessionLock};
use crate::recovery::{Depth, Recovered, peek_directory};

const UUID: [u8; 16] = *b"exploration-uuid";

impl Driver {
    pub(super) fn create(&mut self) -> End {
        if !self.model.standing || !self.model.is_settled() {
            match self.begin_session() {
                End::Done => {}
                end @ (End::Crashed | End::Broken(_)) => return end,
            }
        }
        self.create_journal()
    }

    pub(super) fn create_journal(&mut self) -> End {
        self.persist("create", |driver| {
            if !driver.model.standing {
                return Attempt::Done;
            }
            let options = CreateOptions {
                uuid: UUID,
                journal: driver.options.clone(),
            };
            let made = match driver.setting.place {
                Place::Directory => {
                    let dir = match plain_dir(driver.fs.as_ref()) {
                        Ok(dir) => dir,
                        Err(error) => return Attempt::failed(&error),
                    };
                    Journal::create(dir, &options, &mut |sink| write_state(&[], sink))
                }
                Place::Repository => {
                    let lock = match driver.lock() {
                        Ok(lock) => lock,
                        Err(failed) => return failed,
                    };
                    lock.create_journal(&options, &mut |sink| write_state(&[], sink))
                        .map_err(|refused| refused.error)
                }
            };
            match made {
                Ok(journal) => {
                    driver.journal = Some(journal);
                    driver.model.created = true;
                    Attempt::Done
                }
                // The rename of a failed attempt may have happened: then it is there.
                Err(CreateError::Exists { .. }) => match driver.try_open() {
                    Attempt::Done => {
                        driver.model.created = true;
                        Attempt::Done
                    }
                    failed @ (Attempt::Failed { .. } | Attempt::Broken(_)) => failed,
                },
                Err(error) => Attempt::failed(&error),
            }
        })
    }

    /// Takes the lock of the session in the repository.
    fn lock(&self) -> Result<SessionLock, Attempt> {
        let current = open_repository(&self.fs, self.setting.faults())
            .and_then(|repository| current_storage(&repository, &self.model));
        match current {
            Ok(Some(storage)) => storage
                .lock(&holder(), LockPolicy::FailNow)
                .map_err(|error| Attempt::failed(&error)),
            Ok(None) => Err(Attempt::Broken("last-session leads nowhere".to_owned())),
            Err(error) => Err(Attempt::failed(&error)),
        }
    }

    pub(super) fn open(&mut self) -> End {
        if !self.model.created || !self.model.is_settled() {
            return End::Done;
        }
        self.persist("open", Self::try_open)
    }

    fn try_open(&mut self) -> Attempt {
        let opened = match self.setting.place {
            Place::Directory => plain_dir(self.fs.as_ref())
                .map_err(|error| Attempt::failed(&error))
                .and_then(|dir| {
                    Journal::open(dir, &self.options).map_err(|error| Attempt::failed(&error))
                }),
            Place::Repository => self.lock().and_then(|lock| {
                lock.open_journal(&self.options)
                    .map_err(|refused| Attempt::failed(&refused.error))
            }),
        };
        match opened {
            Ok((journal, recovered)) => self.take_over(journal, &recovered),
            // A full disk kept the repair from being done; it opens for reading only.
            Err(Attempt::Failed { .. }) if self.full && self.model.damaged => Attempt::Done,
            Err(failed) => failed,
        }
    }

    /// Goes on with a journal that was opened, if it holds what it must.
    fn take_over(&mut self, journal: Journal, recovered: &Recovered) -> Attempt {
        let Some(state) = read_state(recovered) else {
            return Attempt::Broken("a mixture was opened for writing".to_owned());
        };
        let seen = Seen::State(state);
        if !self.model.allows(&seen) {
            return Attempt::Broken("another state was opened for writing".to_owned());
        }
        self.model.way_back &= !self.model.damaged;
        self.model.damaged = false;
        self.model.adopt(&seen);
        self.journal = Some(journal);
        Attempt::Done
    }

    /// Looks at the session from another process: it must see a state of the books, and change nothing.
    pub(super) fn read(&mut self) -> Attempt {
        let before = self.machine.operations();
        let rules = self.options.rules(Depth::Checksums);
        let sight = match look(&self.fs, self.setting.place, &rules, &self.model) {
            Ok(sight) => sight,
            Err(error) => return self.misread(error.as_ref()),
        };
        if sight.found.is_some() {
            let dir = match session_dir(&self.fs, self.setting.place, &self.model) {
                Ok(Some(dir)) => dir,
                Ok(None) => {
                    return Attempt::Broken("the session went while it was read".to_owned());
                }
                Err(error) => return self.misread(error.as_ref()),
            };
            match peek_directory(dir.as_ref(), &rules) {
                Ok(peek) if peek.position.seq >= self.model.acknowledged.len() as u64 => {}
                Ok(peek) => return Attempt::Broken(format!("a peek shows {:?}", peek.position)),
                Err(error) => return self.misread(&error),
            }
        }
        if self.machine.operations() == before {
            Attempt::Done
        } else {
            Attempt::Broken("a reader wrote".to_owned())
        }
    }

    /// A read that failed for another reason than a call that was let fail broke a promise.
    fn misread(&self, error: &dyn Error) -> Attempt {
        let why = chain(error);
        if self.sick.is_some() {
            Attempt::Failed { why, full: false }
        } else {
            Attempt::Broken(why)
        }
    }
}
