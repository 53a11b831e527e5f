//! Using an older generation: where that loses nothing, and for reading only where it does (invariant J9).

use super::end::Rules;
use super::generation::Segments;
use super::inventory::Inventory;
use super::reader::RecoverError;
use super::recover::{Found, Gathered, Snapshot, load_snapshot, replay, verdict_of};
use super::verdict::{Damage, Fallback, Lost, Tail};
use crate::faults::Fault;
use crate::frame::JournalHead;
use crate::fs::Dir;

/// The newer snapshot is bad: use the older one where it leads exactly to the newer journal (invariant J9).
pub(super) fn step_back(
    dir: &dyn Dir,
    inventory: &Inventory,
    segments: &Segments,
    head: &JournalHead,
    older: &[u64],
    bad: Damage,
    rules: &Rules,
) -> Result<Found, RecoverError> {
    let mut newer_frames = Vec::new();
    let newer = replay(segments, None, &mut newer_frames, rules)?;
    let automatic = matches!(bad, Damage::SnapshotBad { .. });
    let damage = vec![bad];
    if rules.faults.has(Fault::FallbackWithoutJournal)
        && let Some(used) = older.first().copied()
        && let Ok(older_segments) = Segments::open(dir, inventory, used)?
        && let Some(old_head) = older_segments.head().cloned()
        && let Snapshot::Good(snapshot) = load_snapshot(dir, used, &old_head, rules)?
    {
        let verdict = verdict_of(&newer, Vec::new());
        let walk = newer.walk;
        let gathered = Gathered {
            head: head.clone(),
            snapshot_head: old_head,
            snapshot,
            frames: newer_frames,
            walk,
            verdict,
        };
        return Ok(gathered.found(inventory));
    }
    // A name that a failed sync left behind may stand between: whichever generation leads there exactly is right.
    for generation in older {
        let Ok(back) = one_read_only(dir, inventory, *generation, rules)? else {
            continue;
        };
        let reached = back.recovered.position;
        let sound = back.recovered.verdict.damage.is_empty()
            && matches!(back.walk.tail, Tail::Clean | Tail::Closed);
        if !sound || !reached.same_frame(&head.base) {
            continue;
        }
        let mut verdict = verdict_of(&newer, segments.damage.clone());
        if automatic {
            verdict.fallback = Some(Fallback {
                bad: head.generation,
                used: back.head.generation,
            });
        } else {
            verdict.damage.extend(damage);
        }
        let mut frames = back.recovered.frames;
        frames.append(&mut newer_frames);
        let gathered = Gathered {
            head: head.clone(),
            snapshot_head: back.head,
            snapshot: back.recovered.snapshot,
            frames,
            walk: newer.walk,
            verdict,
        };
        return Ok(gathered.found(inventory));
    }
    let mut back = older_read_only(dir, inventory, older, damage, rules)?;
    let reached = back.recovered.position;
    back.recovered.verdict.damage.push(Damage::NoWayBack {
        generation: back.head.generation,
        reached: reached.seq,
        needed: head.base.seq,
    });
    back.recovered.verdict.lost = Some(Lost {
        first: reached.seq.saturating_add(1),
        last: Some(newer.greatest.max(head.base.seq)).filter(|last| *last > reached.seq),
    });
    Ok(back)
}

/// The state of the newest older generation that can be read, for reading only: everything after it is lost.
pub(super) fn older_read_only(
    dir: &dyn Dir,
    inventory: &Inventory,
    older: &[u64],
    mut damage: Vec<Damage>,
    rules: &Rules,
) -> Result<Found, RecoverError> {
    for generation in older {
        match one_read_only(dir, inventory, *generation, rules)? {
            Ok(mut found) => {
                let verdict = &mut found.recovered.verdict;
                damage.append(&mut verdict.damage);
                verdict.damage = damage;
                return Ok(found);
            }
            Err(more) => damage.extend(more),
        }
    }
    Err(RecoverError::Damaged { damage })
}

/// The state of one generation, for reading only; what is wrong with it when it cannot be read.
fn one_read_only(
    dir: &dyn Dir,
    inventory: &Inventory,
    generation: u64,
    rules: &Rules,
) -> Result<Result<Found, Vec<Damage>>, RecoverError> {
    let segments = match Segments::open(dir, inventory, generation)? {
        Ok(segments) => segments,
        Err(damage) => return Ok(Err(damage)),
    };
    let Some(head) = segments.head().cloned() else {
        return Ok(Err(vec![Damage::JournalMissing { generation }]));
    };
    let snapshot = match load_snapshot(dir, generation, &head, rules)? {
        Snapshot::Good(snapshot) => snapshot,
        Snapshot::Bad(bad) => return Ok(Err(vec![bad])),
    };
    let mut frames = Vec::new();
    let replayed = replay(&segments, None, &mut frames, rules)?;
    let mut verdict = verdict_of(&replayed, segments.damage.clone());
    verdict.lost = Some(Lost {
        first: replayed.walk.last.seq.saturating_add(1),
        last: None,
    });
    let gathered = Gathered {
        snapshot_head: head.clone(),
        head,
        snapshot,
        frames,
        walk: replayed.walk,
        verdict,
    };
    Ok(Ok(gathered.found(inventory)))
}
