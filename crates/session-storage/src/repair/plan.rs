//! What a repair would do, found out without changing anything (invariant R1).

use std::fmt;

use crate::faults::Faults;
use crate::frame::Position;
use crate::recovery::{
    Depth, Found, Inventory, Limits, RecoverError, Recovered, Rules, Verdict, read_directory,
};
use crate::storage::SessionStorage;

/// What a repair keeps, gives up and puts aside; made by [`SessionStorage::plan_repair`].
///
/// It holds for the session as it was read. [`SessionLock::apply_repair`](crate::SessionLock::apply_repair)
/// compares it, but for the names of the files, and changes nothing when anything is different.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct RepairPlan {
    /// The session's identity.
    pub uuid: [u8; 16],
    /// The place of the last frame that is kept: generation, sequence number, chain value.
    pub position: Position,
    /// What is wrong, and what of the acknowledged is lost by it.
    pub verdict: Verdict,
    /// How many bytes the snapshot has that is kept.
    pub snapshot_bytes: u64,
    /// How many frames on top of it are kept.
    pub frames_kept: u64,
    /// The files that are put aside, under the names they have now.
    pub files_aside: Vec<String>,
}

impl RepairPlan {
    /// The plan for what was found; `None` when nothing needs repair.
    pub(crate) fn of(found: &Found) -> Option<Self> {
        let Recovered {
            uuid,
            snapshot,
            frames,
            verdict,
            position,
            ..
        } = &found.recovered;
        (!verdict.is_writable()).then(|| Self {
            uuid: *uuid,
            position: *position,
            verdict: verdict.clone(),
            snapshot_bytes: snapshot.len() as u64,
            frames_kept: frames.len() as u64,
            files_aside: files_of(&found.inventory),
        })
    }

    /// Whether another plan is for the same session in the same state. What an earlier try left behind counts for
    /// nothing.
    pub(super) fn fits(&self, now: &Self) -> bool {
        let now = Self {
            files_aside: self.files_aside.clone(),
            ..now.clone()
        };
        *self == now
    }
}

impl fmt::Display for RepairPlan {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "{}; kept: everything up to frame {} (a snapshot of {} bytes and {} frames on top); put aside: {}",
            self.verdict,
            self.position.seq,
            self.snapshot_bytes,
            self.frames_kept,
            self.files_aside.join(", ")
        )
    }
}

impl SessionStorage {
    /// Plans the repair of a session that opens for reading only; `None` when it opens for writing as it is.
    ///
    /// Never writes and takes no lock, so that a plan can be looked at before anything is done. Beside a writer it may
    /// take the frame that is being written for damage: such a plan does not fit once the lock is free.
    ///
    /// # Errors
    /// See [`RecoverError`]: when nothing can be read, nothing can be kept, and there is no plan (invariant R4).
    pub fn plan_repair(&self, limits: Limits) -> Result<Option<RepairPlan>, RecoverError> {
        let rules = Rules {
            limits,
            depth: Depth::Chain,
            faults: Faults::default(),
        };
        let found = read_directory(self.dir().as_ref(), &rules, &|| false)?;
        Ok(RepairPlan::of(&found))
    }
}

/// Every file that generations are made of: what a repair puts aside.
fn files_of(inventory: &Inventory) -> Vec<String> {
    let names = inventory.names.iter();
    names
        .filter(|name| name.generation().is_some())
        .map(ToString::to_string)
        .collect()
}
