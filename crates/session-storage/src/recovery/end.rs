//! The end of a journal: a total function from the bytes of a file to its frames and how they end.

use super::limits::Limits;
use super::verdict::Tail;
use super::window::Window;
use crate::faults::{Fault, Faults};
use crate::frame::{
    FrameHeader, FrameKind, FrameView, JournalHead, Key, Position, SECTOR, SummaryAt, merkle_root,
    next_chain,
};
use crate::fs::FsError;

const SECTOR_BYTES: u64 = SECTOR as u64;

/// How much of a frame is proven while reading.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Depth {
    /// Checksums, sequence numbers, generations.
    Checksums,
    /// The chain of hashes too: before anything is written on top.
    Chain,
}

/// What a reader goes by.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Rules {
    pub(crate) limits: Limits,
    pub(crate) depth: Depth,
    pub(crate) faults: Faults,
}

/// Where a walk through one file came out.
#[derive(Clone, Debug)]
pub(crate) struct Walk {
    /// The last valid frame.
    pub(crate) last: Position,
    /// What stands after it.
    pub(crate) tail: Tail,
    /// The offset after it.
    pub(crate) offset: u64,
    /// The last frame with a summary, as the last valid frame tells.
    pub(crate) summary_at: Option<SummaryAt>,
}

/// Walks the frames of a file from a place in it, showing each payload frame with its offset.
///
/// With `stop`, the walk ends at that frame, whatever follows it: another segment goes on there.
pub(crate) fn walk(
    window: &mut Window<'_>,
    head: &JournalHead,
    from: Walk,
    stop: Option<&Position>,
    rules: &Rules,
    visit: &mut dyn FnMut(&FrameView<'_>, u64),
) -> Result<Walk, FsError> {
    let mut state = from;
    let mut space = head.space;
    let mut closed = false;
    loop {
        if stop.is_some_and(|stop| stop.same_frame(&state.last)) {
            state.tail = Tail::Clean;
            return Ok(state);
        }
        let key = key(head, &state.last, rules);
        let next = state.last.seq.saturating_add(1);
        match probe(window, state.offset, key, rules)? {
            Probe::Frame(frame) if !closed && follows(&frame, head, &state.last, rules) => {
                let header = frame.header();
                space = space.max(header.space);
                state.summary_at = header.summary_at;
                match header.kind {
                    FrameKind::Close => closed = true,
                    FrameKind::Data => {
                        state.last = Position {
                            generation: header.generation,
                            seq: header.seq,
                            chain: header.chain,
                        };
                        visit(&frame, state.offset);
                    }
                }
                state.offset = after(state.offset, header.length, head);
            }
            Probe::Frame(_) if closed => {
                state.tail = Tail::AfterClose { seq: next };
                return Ok(state);
            }
            Probe::Frame(frame) => {
                let seq = frame.header().seq;
                let beyond = after(state.offset, frame.header().length, head);
                let last = last_valid(window, beyond, head, key, rules)?;
                state.tail = Tail::DamageInside {
                    seq: next,
                    last_valid: Some(last.map_or(seq, |last| last.max(seq))),
                };
                return Ok(state);
            }
            Probe::Not(header) => {
                let shape = Shape::of(window, state.offset)?;
                let end = Bad { header, shape };
                state.tail = if closed {
                    end.after_close(next)
                } else if window.length() < space {
                    Tail::Cut { seq: next }
                } else if shape.used == 0 {
                    Tail::Clean
                } else {
                    let beyond = state.offset.saturating_add(u64::from(head.align.bytes()));
                    match last_valid(window, beyond, head, key, rules)? {
                        Some(last) => Tail::DamageInside {
                            seq: next,
                            last_valid: Some(last),
                        },
                        None => end.tail(next, head, rules),
                    }
                };
                return Ok(state);
            }
        }
    }
}

/// Where a walk through a whole file begins.
pub(crate) fn beginning(head: &JournalHead) -> Walk {
    Walk {
        last: head.start,
        tail: Tail::Clean,
        offset: head.align.first_frame(),
        summary_at: None,
    }
}

/// The frame at an offset, if its checksum holds: it can be verified alone.
pub(crate) fn frame_at<'w>(
    window: &'w mut Window<'_>,
    offset: u64,
    key: Key,
    rules: &Rules,
) -> Result<Option<FrameView<'w>>, FsError> {
    Ok(match probe(window, offset, key, rules)? {
        Probe::Frame(frame) => Some(frame),
        Probe::Not(_) => None,
    })
}

/// The key of the frame after `last`.
pub(crate) fn key(head: &JournalHead, last: &Position, rules: &Rules) -> Key {
    if rules.faults.has(Fault::ChainBySeed) {
        let seed = last.chain.as_bytes().first_chunk().copied();
        return Key::new(u128::from_le_bytes(seed.unwrap_or_default()));
    }
    head.key()
}

enum Probe<'w> {
    Frame(FrameView<'w>),
    /// Not a valid frame; the header, when its own check holds.
    Not(Option<FrameHeader>),
}

fn probe<'w>(
    window: &'w mut Window<'_>,
    offset: u64,
    key: Key,
    rules: &Rules,
) -> Result<Probe<'w>, FsError> {
    let bytes = window.get(offset, FrameHeader::BYTES as u64)?;
    let Some(header) = FrameHeader::decode(bytes, key) else {
        return Ok(Probe::Not(None));
    };
    // A marker byte per sector and the table come on top of the payload: twice the limit is ample.
    let most = rules.limits.frame_bytes_max.saturating_mul(2);
    let most = most.saturating_add(2 * SECTOR_BYTES);
    if header.length > most || header.length > window.length().saturating_sub(offset) {
        return Ok(Probe::Not(Some(header)));
    }
    let bytes = window.get(offset, header.length)?;
    Ok(match FrameView::check(bytes, header.clone(), key) {
        Some(frame) => Probe::Frame(frame),
        None => Probe::Not(Some(header)),
    })
}

/// Whether a valid frame is the one that comes next (invariant J5).
fn follows(frame: &FrameView<'_>, head: &JournalHead, last: &Position, rules: &Rules) -> bool {
    let header = frame.header();
    if header.generation > head.generation || header.generation < last.generation {
        return false;
    }
    match header.kind {
        FrameKind::Close => header.seq == last.seq && header.chain == last.chain,
        FrameKind::Data => {
            Some(header.seq) == last.seq.checked_add(1)
                && match rules.depth {
                    Depth::Checksums => true,
                    Depth::Chain => chain_holds(frame, head, last),
                }
        }
    }
}

fn chain_holds(frame: &FrameView<'_>, head: &JournalHead, last: &Position) -> bool {
    let header = frame.header();
    frame.parts().is_some_and(|parts| {
        let root = merkle_root(parts.iter().map(Vec::as_slice));
        next_chain(
            head.uuid,
            header.generation,
            header.seq,
            header.epoch,
            last.chain,
            root,
        ) == header.chain
    })
}

fn after(offset: u64, length: u64, head: &JournalHead) -> u64 {
    let padded = head.align.round_up(length).unwrap_or(u64::MAX);
    offset.saturating_add(padded)
}

/// The greatest sequence number of any valid frame from an offset on.
///
/// The work is bounded: bodies are checked up to four times the file's length; beyond that, a header
/// whose own check holds counts as a frame.
fn last_valid(
    window: &mut Window<'_>,
    from: u64,
    head: &JournalHead,
    key: Key,
    rules: &Rules,
) -> Result<Option<u64>, FsError> {
    let mut budget = window.length().saturating_mul(4);
    let mut found: Option<u64> = None;
    let mut offset = from;
    while offset < window.length() {
        let bytes = window.get(offset, FrameHeader::BYTES as u64)?;
        let mut step = u64::from(head.align.bytes());
        if let Some(header) = FrameHeader::decode(bytes, key) {
            let valid = if header.length > budget {
                true
            } else {
                budget -= header.length;
                frame_at(window, offset, key, rules)?.is_some()
            };
            if valid {
                found = Some(found.map_or(header.seq, |seq| seq.max(header.seq)));
                step = head.align.round_up(header.length).unwrap_or(step).max(step);
            }
        }
        offset = offset.saturating_add(step);
    }
    Ok(found)
}

/// Which sectors from a place to the end of the file hold anything.
#[derive(Clone, Copy, Debug)]
struct Shape {
    /// Sectors up to and with the last that is not zero.
    used: u64,
    /// The first sector that is zero, counted from the place.
    first_zero: Option<u64>,
}

impl Shape {
    fn of(window: &mut Window<'_>, from: u64) -> Result<Self, FsError> {
        let mut shape = Self {
            used: 0,
            first_zero: None,
        };
        let mut index = 0;
        loop {
            let offset = from.saturating_add(index * SECTOR_BYTES);
            if offset >= window.length() {
                return Ok(shape);
            }
            let sector = window.get(offset, SECTOR_BYTES)?;
            index += 1;
            if sector.iter().any(|byte| *byte != 0) {
                shape.used = index;
            } else if shape.first_zero.is_none() {
                shape.first_zero = Some(index - 1);
            }
        }
    }
}

/// The bad place at the end of a journal, with nothing valid after it.
struct Bad {
    header: Option<FrameHeader>,
    shape: Shape,
}

impl Bad {
    /// Torn, when a sector of the frame provably never arrived (invariants J4, J7).
    fn tail(&self, seq: u64, head: &JournalHead, rules: &Rules) -> Tail {
        let sectors = self.header.as_ref().map_or(self.shape.used, |header| {
            header.length.div_ceil(SECTOR_BYTES)
        });
        let padded = self.header.as_ref().map_or(self.shape.used, |header| {
            after(0, header.length, head).div_ceil(SECTOR_BYTES)
        });
        let missing = self.shape.first_zero.is_some_and(|zero| zero < sectors);
        if rules.faults.has(Fault::DamagedCalledTorn) || rules.faults.has(Fault::PackedFrames) {
            Tail::Torn { seq }
        } else if self.shape.used > padded {
            Tail::DamageInside {
                seq,
                last_valid: None,
            }
        } else if sectors > 1 && missing {
            Tail::Torn { seq }
        } else {
            Tail::DamagedLast { seq }
        }
    }

    /// Nothing may follow a clean close.
    fn after_close(&self, seq: u64) -> Tail {
        if self.shape.used == 0 {
            Tail::Closed
        } else {
            Tail::AfterClose { seq }
        }
    }
}
