//! A look at a session that costs the same however many jobs it has.

use std::io;

use super::end::{Rules, Walk, beginning, frame_at, walk};
use super::generation::{Segment, Segments};
use super::inventory::Inventory;
use super::names::NativeName;
use super::orphans::refuse_other_versions;
use super::reader::{LOOKS_MAX, RecoverError};
use super::verdict::Tail;
use super::window::Window;
use crate::frame::{FrameKind, JournalHead, Position, SummaryAt};
use crate::fs::{Dir, FsError, OpenMode};
use crate::snapshot::read_start;

/// How much of the snapshot's beginning is read.
const START_BYTES: u64 = 64 * 1024;
/// How far back a frame is looked for before the file is walked from its beginning.
const BACK_SECTORS: u64 = 512;

/// What a look at a session shows.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct StoragePeek {
    /// The session's identity.
    pub uuid: [u8; 16],
    /// The place of the last frame.
    pub position: Position,
    /// How the journal ends.
    pub tail: Tail,
    /// The first part of the last frame appended with a summary; `None` when there is none since the
    /// snapshot, whose own beginning then tells.
    pub summary: Option<Vec<u8>>,
    /// The beginning of the snapshot, at most 64 KiB; not checked against its hash.
    pub snapshot_start: Vec<u8>,
    /// The length of the whole snapshot, in bytes.
    pub snapshot_length: u64,
    /// When the journal was last written, in nanoseconds since the epoch, by its file's time.
    pub modified_ns: i128,
}

/// Looks at a session directory; begins again when a fold takes a file away, bounded.
pub(crate) fn peek_directory(dir: &dyn Dir, rules: &Rules) -> Result<StoragePeek, RecoverError> {
    let mut looks = 0;
    loop {
        looks += 1;
        match peek_once(dir, rules) {
            Err(RecoverError::Fs(error))
                if error.kind() == io::ErrorKind::NotFound && looks < LOOKS_MAX => {}
            other => return other,
        }
    }
}

fn peek_once(dir: &dyn Dir, rules: &Rules) -> Result<StoragePeek, RecoverError> {
    let inventory = Inventory::list(dir)?;
    let newest = inventory.snapshots().next();
    refuse_other_versions(dir, &inventory, newest.unwrap_or(0))?;
    let generation = newest.ok_or(RecoverError::NoSession)?;
    let segments = Segments::open(dir, &inventory, generation)?
        .map_err(|damage| RecoverError::Damaged { damage })?;
    let last = segments
        .newest_first()
        .next()
        .ok_or(RecoverError::NoSession)?;
    let mut window = Window::new(last.file.as_ref())?;
    let from = near_the_end(&mut window, &last.head, rules)?;
    let end = walk(&mut window, &last.head, from, None, rules, &mut |_, _| {})?;
    let place = match end.summary_at {
        Some(place) => Some(place),
        None => earlier_summary(&segments, rules)?,
    };
    let summary = match place {
        Some(place) => summary(&segments, place, rules)?,
        None => None,
    };
    let name = NativeName::Snapshot(generation).os();
    let snapshot = dir.open_file(&name, OpenMode::Read)?;
    Ok(StoragePeek {
        uuid: last.head.uuid,
        position: Position {
            generation,
            ..end.last
        },
        tail: end.tail,
        summary,
        snapshot_start: read_start(snapshot.as_ref(), START_BYTES)?,
        snapshot_length: last.head.snapshot.length,
        modified_ns: last.file.metadata()?.modified_ns,
    })
}

/// A valid frame near the end, found by halving; a walk from it is as right as one from the beginning.
fn near_the_end(
    window: &mut Window<'_>,
    head: &JournalHead,
    rules: &Rules,
) -> Result<Walk, FsError> {
    let step = u64::from(head.align.bytes());
    let first = head.align.first_frame();
    let blocks = window.length().saturating_sub(first).div_ceil(step);
    let (mut used, mut unused) = (0, 1);
    while unused < blocks && !is_zero(window, first.saturating_add(unused * step), step)? {
        used = unused;
        unused = unused.saturating_mul(2);
    }
    unused = unused.min(blocks);
    while unused.saturating_sub(used) > 1 {
        let middle = used + (unused - used) / 2;
        if is_zero(window, first.saturating_add(middle * step), step)? {
            unused = middle;
        } else {
            used = middle;
        }
    }
    for back in 0..BACK_SECTORS.min(used + 1) {
        let offset = first + (used - back) * step;
        if let Some(frame) = frame_at(window, offset, head.key(), rules)? {
            let header = frame.header();
            if header.kind == FrameKind::Data && header.generation <= head.generation {
                let padded = head.align.round_up(header.length).unwrap_or(step);
                return Ok(Walk {
                    last: Position {
                        generation: header.generation,
                        seq: header.seq,
                        chain: header.chain,
                    },
                    tail: Tail::Clean,
                    offset: offset.saturating_add(padded),
                    summary_at: header.summary_at,
                });
            }
        }
    }
    Ok(beginning(head))
}

fn is_zero(window: &mut Window<'_>, offset: u64, count: u64) -> Result<bool, FsError> {
    Ok(window.get(offset, count)?.iter().all(|byte| *byte == 0))
}

/// The last summary before a segment that goes on from another and holds none itself.
fn earlier_summary(segments: &Segments, rules: &Rules) -> Result<Option<SummaryAt>, FsError> {
    let mut newest = segments.newest_first();
    let mut later = newest.next();
    for segment in newest {
        let stop = later.map(|later| later.head.start);
        let mut window = Window::new(segment.file.as_ref())?;
        let from = beginning(&segment.head);
        let head = &segment.head;
        let end = walk(
            &mut window,
            head,
            from,
            stop.as_ref(),
            rules,
            &mut |_, _| {},
        )?;
        if end.summary_at.is_some() {
            return Ok(end.summary_at);
        }
        later = Some(segment);
    }
    Ok(None)
}

fn summary(
    segments: &Segments,
    place: SummaryAt,
    rules: &Rules,
) -> Result<Option<Vec<u8>>, FsError> {
    let holds = |segment: &&Segment| segment.head.segment == place.segment;
    let Some(segment) = segments.newest_first().find(holds) else {
        return Ok(None);
    };
    let mut window = Window::new(segment.file.as_ref())?;
    let frame = frame_at(&mut window, place.offset, segment.head.key(), rules)?;
    Ok(frame
        .filter(|frame| frame.header().summary)
        .and_then(|frame| frame.parts())
        .and_then(|parts| parts.into_iter().next()))
}
