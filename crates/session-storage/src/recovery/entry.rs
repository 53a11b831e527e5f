//! Reading a session: what [`SessionStorage`] offers to who has no lock.

use super::end::{Depth, Rules};
use super::inventory::Inventory;
use super::limits::Limits;
use super::peek::{StoragePeek, peek_directory};
use super::reader::{RecoverError, read_directory};
use super::recover::Recovered;
use crate::faults::Faults;
use crate::fs::FsError;
use crate::lock::{Holder, Liveness, LockState};
use crate::storage::SessionStorage;

impl SessionStorage {
    /// Whether anything of the native format stands here.
    ///
    /// # Errors
    /// The directory cannot be listed.
    pub fn has_native(&self) -> Result<bool, FsError> {
        Ok(Inventory::list(self.dir().as_ref())?.has_native())
    }

    /// Reads the newest state: snapshot, frames, and the verdict on what was cut, damaged or lost.
    ///
    /// Never writes. A fold or an append that happens meanwhile is stepped over. What is read may not be
    /// durable yet: after a crash of the machine an older acknowledged state may open. For writing, take
    /// the lock and use [`SessionLock::open_journal`](crate::SessionLock::open_journal).
    ///
    /// # Errors
    /// See [`RecoverError`]; damage that leaves something readable is in the verdict instead.
    pub fn recover(&self) -> Result<Recovered, RecoverError> {
        self.recover_within(Limits::default())
    }

    /// As [`SessionStorage::recover`], with bounds of the caller's.
    ///
    /// # Errors
    /// See [`RecoverError`].
    pub fn recover_within(&self, limits: Limits) -> Result<Recovered, RecoverError> {
        let found = read_directory(self.dir().as_ref(), &rules(limits), &|| false)?;
        Ok(found.recovered)
    }

    /// As [`SessionStorage::recover`]; a bad last frame beside a living writer is told as
    /// [`Tail::InProgress`](crate::Tail::InProgress).
    ///
    /// # Errors
    /// See [`RecoverError`].
    pub fn recover_beside(
        &self,
        observer: &Holder,
        limits: Limits,
    ) -> Result<Recovered, RecoverError> {
        self.look(observer, &rules(limits))
    }

    /// As [`SessionStorage::recover_beside`], and proves more: every frame by the chain of hashes as well, not by its
    /// checksum alone. What a session must pass before it is written to.
    ///
    /// # Errors
    /// See [`RecoverError`].
    pub fn verify(&self, observer: &Holder, limits: Limits) -> Result<Recovered, RecoverError> {
        let rules = Rules {
            depth: Depth::Chain,
            ..rules(limits)
        };
        self.look(observer, &rules)
    }

    fn look(&self, observer: &Holder, rules: &Rules) -> Result<Recovered, RecoverError> {
        let writer_lives = || match self.lock_state(observer) {
            Ok(LockState::Recorded { alive, .. }) => alive == Liveness::Alive,
            Ok(LockState::Free) | Err(_) => false,
        };
        let found = read_directory(self.dir().as_ref(), rules, &writer_lives)?;
        Ok(found.recovered)
    }

    /// Looks at the last summary and the journal's end, at the same cost whatever the size of the session.
    ///
    /// Never writes. Frames before the last are not checked.
    ///
    /// # Errors
    /// See [`RecoverError`].
    pub fn peek(&self) -> Result<StoragePeek, RecoverError> {
        peek_directory(self.dir().as_ref(), &rules(Limits::default()))
    }
}

fn rules(limits: Limits) -> Rules {
    Rules {
        limits,
        depth: Depth::Checksums,
        faults: Faults::default(),
    }
}
