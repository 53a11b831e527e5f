//! The fixed header at the beginning of each frame.

use super::bytes::{array_at, u32_at, u64_at, u128_at};
use super::chain::ChainValue;
use super::checksum::Key;

const MAGIC: [u8; 4] = *b"\xF6FRM";
const VERSION: u8 = 1;
const SUMMARY: u8 = 1;

/// Bytes the two checks cover: everything before them.
const CHECKED: usize = 96;
const HEADER_CHECK_AT: usize = 96;
const CHECKSUM_AT: usize = 104;

/// What a frame is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum FrameKind {
    /// A payload.
    Data,
    /// The mark of a clean close: same sequence number and chain value as the last payload.
    Close,
}

/// Where the last frame with a summary stands, in this file or an earlier segment.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct SummaryAt {
    pub(crate) segment: u32,
    pub(crate) offset: u64,
}

/// The header's fields; all of them are covered by both checks.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct FrameHeader {
    pub(crate) kind: FrameKind,
    /// Whether the first part is a summary.
    pub(crate) summary: bool,
    /// How many parts the payload has.
    pub(crate) parts: u32,
    /// The last frame with a summary; this one, when it has one itself.
    pub(crate) summary_at: Option<SummaryAt>,
    /// Stored bytes from the first of the header to the last of the payload, padding not counted.
    pub(crate) length: u64,
    /// The generation the frame was first written in; a copy keeps it, so that its chain value stands.
    pub(crate) generation: u64,
    pub(crate) seq: u64,
    /// The writer's epoch: 0 on one machine.
    pub(crate) epoch: u64,
    /// How long the file was, written with zeros and synced, when this frame was written.
    pub(crate) space: u64,
    pub(crate) chain: ChainValue,
}

impl FrameHeader {
    /// Its length in bytes.
    pub(crate) const BYTES: usize = 120;

    /// The header of a frame with this body, checks included.
    pub(crate) fn encode(&self, key: Key, body: &[u8]) -> [u8; Self::BYTES] {
        let mut out = Vec::with_capacity(Self::BYTES);
        out.extend_from_slice(&MAGIC);
        out.push(VERSION);
        out.push(match self.kind {
            FrameKind::Data => 1,
            FrameKind::Close => 2,
        });
        out.push(if self.summary { SUMMARY } else { 0 });
        out.push(0);
        out.extend_from_slice(&self.parts.to_le_bytes());
        let (segment, offset) = self
            .summary_at
            .map_or((0, 0), |place| (place.segment, place.offset));
        out.extend_from_slice(&segment.to_le_bytes());
        out.extend_from_slice(&offset.to_le_bytes());
        for number in [
            self.length,
            self.generation,
            self.seq,
            self.epoch,
            self.space,
        ] {
            out.extend_from_slice(&number.to_le_bytes());
        }
        out.extend_from_slice(self.chain.as_bytes());
        let check = key.header_check(&out);
        let checksum = key.checksum(&out, body);
        out.extend_from_slice(&check.to_le_bytes());
        out.extend_from_slice(&checksum.to_le_bytes());
        out.try_into().unwrap_or([0; Self::BYTES])
    }

    /// Reads a header whose own check holds; `None` when it does not, so that its length means nothing.
    pub(crate) fn decode(bytes: &[u8], key: Key) -> Option<Self> {
        let checked = bytes.get(..CHECKED)?;
        if !checked.starts_with(&MAGIC) || checked.get(4) != Some(&VERSION) {
            return None;
        }
        if key.header_check(checked) != u64_at(bytes, HEADER_CHECK_AT)? {
            return None;
        }
        let offset = u64_at(checked, 16)?;
        let segment = u32_at(checked, 12)?;
        Some(Self {
            kind: match checked.get(5)? {
                1 => FrameKind::Data,
                2 => FrameKind::Close,
                _ => return None,
            },
            summary: checked.get(6)? & SUMMARY != 0,
            parts: u32_at(checked, 8)?,
            summary_at: (offset != 0).then_some(SummaryAt { segment, offset }),
            length: u64_at(checked, 24)?,
            generation: u64_at(checked, 32)?,
            seq: u64_at(checked, 40)?,
            epoch: u64_at(checked, 48)?,
            space: u64_at(checked, 56)?,
            chain: ChainValue::from_bytes(array_at(checked, 64)?),
        })
    }

    /// Whether the checksum in these bytes covers this header and body.
    pub(crate) fn checksum_holds(frame: &[u8], body: &[u8], key: Key) -> bool {
        frame
            .get(..CHECKED)
            .zip(u128_at(frame, CHECKSUM_AT))
            .is_some_and(|(checked, checksum)| key.checksum(checked, body) == checksum)
    }
}
