//! One look at a session directory: the newest generation, or the one before where that loses nothing.

use super::end::{Rules, Walk};
use super::generation::{Replayed, Segments};
use super::inventory::Inventory;
use super::names::NativeName;
use super::orphans::{Orphan, orphaned_journals};
use super::reader::RecoverError;
use super::step_back::{older_read_only, step_back};
use super::verdict::{Damage, Lost, Tail, Verdict};
use crate::durability::Durability;
use crate::faults::Fault;
use crate::frame::{ChainValue, JournalHead, Position};
use crate::fs::{Dir, OpenMode};
use crate::snapshot::{SnapshotRead, read_snapshot};

/// The payload of one frame.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FrameBytes {
    /// Its sequence number.
    pub seq: u64,
    /// The parts, as they were appended.
    pub parts: Vec<Vec<u8>>,
    /// Whether the first part is a summary.
    pub has_summary: bool,
    pub(crate) generation: u64,
    pub(crate) epoch: u64,
    pub(crate) chain: ChainValue,
}

/// What a session directory gives back.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Recovered {
    /// The session's identity, from the heads of its journals.
    pub uuid: [u8; 16],
    /// The generation of the journal that was read last.
    pub generation: u64,
    /// The snapshot the frames go on top of.
    pub snapshot: Vec<u8>,
    /// The frames after it, in order.
    pub frames: Vec<FrameBytes>,
    /// What was cut, damaged or lost.
    pub verdict: Verdict,
    /// The place the state stands at when all frames are applied.
    pub position: Position,
    /// What this state survives: [`Durability::Buffered`] for who only reads, [`Durability::Synced`] once
    /// [`open_journal`](crate::SessionLock::open_journal) has copied it into files of its own.
    pub durability: Durability,
}

/// What recovery found, with what a writer needs besides.
#[derive(Debug)]
pub(crate) struct Found {
    pub(crate) recovered: Recovered,
    /// The head of the journal the frames were read from.
    pub(crate) head: JournalHead,
    /// The head the snapshot was checked by: that of the older generation after a step back.
    pub(crate) snapshot_head: JournalHead,
    pub(crate) walk: Walk,
    pub(crate) inventory: Inventory,
}

/// Looks once; the directory may be changing meanwhile.
pub(crate) fn recover_once(
    dir: &dyn Dir,
    inventory: &Inventory,
    rules: &Rules,
) -> Result<Found, RecoverError> {
    let mut snapshots = inventory.snapshots();
    let newest = snapshots.next();
    let older: Vec<u64> = snapshots.collect();
    let orphans = orphaned_journals(dir, inventory, newest.unwrap_or(0), rules)?;
    let Some(generation) = newest else {
        let damage = orphans.iter().map(Orphan::damage).collect::<Vec<_>>();
        return Err(if damage.is_empty() {
            RecoverError::NoSession
        } else {
            RecoverError::Damaged { damage }
        });
    };
    let mut found = generation_or_older(dir, inventory, generation, &older, rules)?;
    let lost: Vec<Damage> = orphans
        .iter()
        .filter(|orphan| !orphan.is_left_over(&found))
        .map(Orphan::damage)
        .collect();
    if !lost.is_empty() {
        let seq = found.recovered.position.seq.saturating_add(1);
        let verdict = &mut found.recovered.verdict;
        verdict.lost = Some(Lost {
            first: verdict.lost.map_or(seq, |lost| lost.first.min(seq)),
            last: None,
        });
        verdict.damage.extend(lost);
    }
    Ok(found)
}

fn generation_or_older(
    dir: &dyn Dir,
    inventory: &Inventory,
    generation: u64,
    older: &[u64],
    rules: &Rules,
) -> Result<Found, RecoverError> {
    let segments = match Segments::open(dir, inventory, generation)? {
        Ok(segments) => segments,
        Err(damage) => return older_read_only(dir, inventory, older, damage, rules),
    };
    let Some(head) = segments.head().cloned() else {
        let damage = vec![Damage::JournalMissing { generation }];
        return older_read_only(dir, inventory, older, damage, rules);
    };
    match load_snapshot(dir, generation, &head, rules)? {
        Snapshot::Good(snapshot) => {
            let mut frames = Vec::new();
            let replayed = replay(&segments, None, &mut frames, rules)?;
            let mut verdict = verdict_of(&replayed, segments.damage.clone());
            if !verdict.damage.is_empty() && verdict.lost.is_none() {
                verdict.lost = Some(Lost {
                    first: replayed.walk.last.seq.saturating_add(1),
                    last: None,
                });
            }
            let gathered = Gathered {
                snapshot_head: head.clone(),
                head,
                snapshot,
                frames,
                walk: replayed.walk,
                verdict,
            };
            Ok(gathered.found(inventory))
        }
        Snapshot::Bad(damage) => step_back(dir, inventory, &segments, &head, older, damage, rules),
    }
}

/// A snapshot, or what is wrong with it.
pub(super) enum Snapshot {
    Good(Vec<u8>),
    Bad(Damage),
}

/// Reads a snapshot and proves it by what its journal's head says of it.
pub(super) fn load_snapshot(
    dir: &dyn Dir,
    generation: u64,
    head: &JournalHead,
    rules: &Rules,
) -> Result<Snapshot, RecoverError> {
    if head.snapshot.length > rules.limits.snapshot_bytes_max {
        return Err(RecoverError::TooLarge {
            what: "snapshot",
            bytes: head.snapshot.length,
            limit: rules.limits.snapshot_bytes_max,
        });
    }
    let name = NativeName::Snapshot(generation).os();
    let read = dir
        .open_file(&name, OpenMode::Read)
        .and_then(|file| read_snapshot(file.as_ref(), head.snapshot));
    match read {
        Ok(SnapshotRead::Good(bytes)) => Ok(Snapshot::Good(bytes)),
        Ok(SnapshotRead::Bad) => Ok(Snapshot::Bad(Damage::SnapshotBad { generation })),
        Err(_) if rules.faults.has(Fault::FallbackOnError) => {
            Ok(Snapshot::Bad(Damage::SnapshotBad { generation }))
        }
        // An errno is never proof: nothing is decided from it (invariant J9).
        Err(error) => Err(error.into()),
    }
}

/// Replays a generation into memory; the journal's length bounds what that takes.
pub(crate) fn replay(
    segments: &Segments,
    until: Option<&Position>,
    frames: &mut Vec<FrameBytes>,
    rules: &Rules,
) -> Result<Replayed, RecoverError> {
    let (bytes, limit) = (segments.longest()?, rules.limits.journal_bytes_max);
    if bytes > limit {
        return Err(RecoverError::TooLarge {
            what: "journal",
            bytes,
            limit,
        });
    }
    let mut unreadable: Option<u64> = None;
    let replayed = segments.replay(until, rules, &mut |frame, _| {
        let header = frame.header();
        match frame.parts() {
            Some(parts) if unreadable.is_none() => frames.push(FrameBytes {
                seq: header.seq,
                parts,
                has_summary: header.summary,
                generation: header.generation,
                epoch: header.epoch,
                chain: header.chain,
            }),
            _ => {
                unreadable.get_or_insert(header.seq);
            }
        }
    })?;
    let mut replayed = replayed.ok_or(RecoverError::NoSession)?;
    if let Some(seq) = unreadable {
        replayed.walk.tail = Tail::DamageInside {
            seq,
            last_valid: Some(replayed.greatest),
        };
    }
    Ok(replayed)
}

/// What a tail means for the acknowledged.
pub(super) fn verdict_of(replayed: &Replayed, damage: Vec<Damage>) -> Verdict {
    let mut verdict = Verdict::of_tail(replayed.walk.tail);
    verdict.damage = damage;
    verdict.lost = match replayed.walk.tail {
        Tail::Clean | Tail::Closed | Tail::Torn { .. } | Tail::InProgress { .. } => None,
        Tail::DamagedLast { seq } => Some(Lost {
            first: seq,
            last: Some(seq),
        }),
        Tail::DamageInside { seq, last_valid } => Some(Lost {
            first: seq,
            last: last_valid,
        }),
        Tail::Cut { seq } => Some(Lost {
            first: seq,
            last: None,
        }),
        Tail::AfterClose { .. } => None,
    };
    verdict
}

/// What the files of a session gave, whichever way led there.
pub(super) struct Gathered {
    /// That of the newest segment.
    pub(super) head: JournalHead,
    /// That of the generation the snapshot is of.
    pub(super) snapshot_head: JournalHead,
    pub(super) snapshot: Vec<u8>,
    pub(super) frames: Vec<FrameBytes>,
    pub(super) walk: Walk,
    pub(super) verdict: Verdict,
}

impl Gathered {
    /// The same with where it ends.
    pub(super) fn found(self, inventory: &Inventory) -> Found {
        let last = self.frames.last();
        let position = Position {
            generation: self.head.generation,
            seq: last.map_or(self.walk.last.seq, |frame| frame.seq),
            chain: last.map_or(self.walk.last.chain, |frame| frame.chain),
        };
        Found {
            recovered: Recovered {
                uuid: self.head.uuid,
                generation: self.head.generation,
                snapshot: self.snapshot,
                frames: self.frames,
                verdict: self.verdict,
                position,
                durability: Durability::Buffered,
            },
            head: self.head,
            snapshot_head: self.snapshot_head,
            walk: self.walk,
            inventory: inventory.clone(),
        }
    }
}
