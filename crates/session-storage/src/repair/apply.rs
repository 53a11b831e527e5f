//! Doing what a plan says, under the lock: the kept state in a generation of its own first, the files as they
//! were put aside after that.

use std::sync::Arc;

use super::error::RepairError;
use super::plan::RepairPlan;
use crate::faults::Fault;
use crate::frame::{FrameBuffer, Position};
use crate::fs::{Dir, FsError};
use crate::journal::{JournalOptions, Maker, generation_from, put_aside};
use crate::lock::SessionLock;
use crate::recovery::{Depth, Inventory, NativeName, recover_for_writing};

/// What a repair did.
#[derive(Debug)]
#[non_exhaustive]
pub struct Repaired {
    /// The place of the last frame that was kept, in its new generation.
    pub position: Position,
    /// The directory inside the session that holds the files as they were.
    pub aside: String,
    /// How many files were put there.
    pub files_aside: usize,
    /// Moves that failed: those files stay where they are, do no harm, and follow when the session is next
    /// opened for writing.
    pub problems: Vec<FsError>,
}

impl SessionLock {
    /// Applies a plan: what recovery reads becomes a new generation, durable before anything else changes; then the
    /// files as they were are moved into a directory `damaged.<generation>` of the session.
    ///
    /// When this returns, the session opens for writing, also after a power cut, and no byte of what was there is
    /// gone (invariant R3). A crash midway leaves the session as it was, or repaired with files that are yet to be moved.
    ///
    /// # Errors
    /// [`RepairError::PlanIsStale`] when identity, generation, sequence number, chain value or verdict are not
    /// those of the plan: nothing is changed (invariant R2). The others see [`RepairError`].
    pub fn apply_repair(
        &self,
        plan: &RepairPlan,
        options: &JournalOptions,
    ) -> Result<Repaired, RepairError> {
        repair_directory(self.storage().dir(), plan, options)
    }
}

/// As [`SessionLock::apply_repair`], below the lock.
pub(crate) fn repair_directory(
    dir: &Arc<dyn Dir>,
    plan: &RepairPlan,
    options: &JournalOptions,
) -> Result<Repaired, RepairError> {
    let rules = options.rules(Depth::Chain);
    let mut found = recover_for_writing(dir.as_ref(), &rules).map_err(RepairError::Unreadable)?;
    if options.faults().has(Fault::PlanNotCompared) {
        let frames = &mut found.recovered.frames;
        frames.retain(|frame| frame.seq <= plan.position.seq);
    } else {
        let now = RepairPlan::of(&found);
        if !now.as_ref().is_some_and(|now| plan.fits(now)) {
            return Err(RepairError::PlanIsStale {
                now: now.map(Box::new),
            });
        }
    }
    let mut inventory = found.inventory.clone();
    let originals: Vec<NativeName> = inventory.names.iter().copied().collect();
    let mut options = options.clone();
    options.align = found.head.align;
    let generation = make_aside(dir.as_ref(), &mut inventory).map_err(RepairError::NoPlaceAside)?;
    let made = generation_from(
        &mut Maker {
            dir: dir.as_ref(),
            options: &options,
            inventory: &mut inventory,
            buffer: &mut FrameBuffer::default(),
        },
        &found,
    );
    let (current, _) = made.map_err(RepairError::NotMade)?;
    let moved = put_aside(dir.as_ref(), generation, &originals);
    Ok(Repaired {
        position: Position {
            generation: current.head.generation,
            ..found.recovered.position
        },
        aside: NativeName::Aside(generation).to_string(),
        files_aside: moved.done.len(),
        problems: moved.problems,
    })
}

/// Makes the directory for the files as they were, durable, under the number of the generation to come; answers
/// that number. The directory says after a crash what the generation of its number replaced.
fn make_aside(dir: &dyn Dir, inventory: &mut Inventory) -> Result<u64, FsError> {
    let left: Vec<NativeName> = inventory.names.iter().copied().collect();
    for name in left {
        // Left by a repair that did not come to its end; one that holds files stays.
        if matches!(name, NativeName::Aside(_)) && dir.remove_dir(&name.os()).is_ok() {
            inventory.remove(name);
        }
    }
    // Numbers that are used up are told by whoever makes the generation.
    let generation = inventory.unused_generation().unwrap_or(u64::MAX);
    dir.make_dir(&NativeName::Aside(generation).os())?;
    dir.sync()?;
    Ok(generation)
}
