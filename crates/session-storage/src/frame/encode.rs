//! Writing a frame into a buffer that is used again and again.

use super::SECTOR;
use super::chain::ChainValue;
use super::checksum::Key;
use super::head::Align;
use super::header::{FrameHeader, FrameKind, SummaryAt};

/// The first byte of every sector of a frame but its first.
///
/// So no sector of a frame is ever all zeros, and a zero sector within one proves that it did not
/// arrive (invariant J4).
pub(crate) const CONTINUES: u8 = 0xA5;

/// What the writer decides about a frame; the rest of the header follows from the parts.
#[derive(Clone, Debug)]
pub(crate) struct FrameFields {
    pub(crate) kind: FrameKind,
    pub(crate) summary: bool,
    pub(crate) summary_at: Option<SummaryAt>,
    pub(crate) generation: u64,
    pub(crate) seq: u64,
    pub(crate) epoch: u64,
    pub(crate) space: u64,
    pub(crate) chain: ChainValue,
}

/// A payload that does not fit the format or the limit.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("a frame of {bytes} bytes in {parts} parts is above the limit of {limit} bytes")]
pub(crate) struct FrameTooLarge {
    pub(crate) bytes: u64,
    pub(crate) parts: usize,
    pub(crate) limit: u64,
}

/// The one buffer all frames of a writer are laid out in.
#[derive(Debug, Default)]
pub(crate) struct FrameBuffer {
    bytes: Vec<u8>,
}

impl FrameBuffer {
    /// How many bytes a frame of these parts takes on disk, padding included.
    pub(crate) fn padded_length(
        parts: &[&[u8]],
        align: Align,
        limit: u64,
    ) -> Result<u64, FrameTooLarge> {
        let too_large = |bytes| FrameTooLarge {
            bytes,
            parts: parts.len(),
            limit,
        };
        let payload = parts
            .iter()
            .try_fold(0u64, |sum, part| {
                u32::try_from(part.len())
                    .ok()
                    .and_then(|length| sum.checked_add(u64::from(length) + 4))
            })
            .ok_or(too_large(u64::MAX))?;
        if u32::try_from(parts.len()).is_err() || payload > limit {
            return Err(too_large(payload));
        }
        let first = (SECTOR - FrameHeader::BYTES) as u64;
        let stored = match payload.checked_sub(first) {
            None | Some(0) => FrameHeader::BYTES as u64 + payload,
            Some(rest) => SECTOR as u64 + rest + rest.div_ceil(SECTOR as u64 - 1),
        };
        align.round_up(stored).ok_or(too_large(payload))
    }

    /// Lays a frame out, padded with zeros to the alignment, and lends its bytes.
    ///
    /// The caller has checked the length by [`FrameBuffer::padded_length`].
    pub(crate) fn encode(
        &mut self,
        fields: &FrameFields,
        parts: &[&[u8]],
        key: Key,
        align: Align,
    ) -> &[u8] {
        self.bytes.clear();
        self.bytes.resize(FrameHeader::BYTES, 0);
        for part in parts {
            self.push(&(part.len() as u32).to_le_bytes());
        }
        for part in parts {
            self.push(part);
        }
        let header = FrameHeader {
            kind: fields.kind,
            summary: fields.summary,
            parts: parts.len() as u32,
            summary_at: fields.summary_at,
            length: self.bytes.len() as u64,
            generation: fields.generation,
            seq: fields.seq,
            epoch: fields.epoch,
            space: fields.space,
            chain: fields.chain,
        };
        if let Some((place, body)) = self.bytes.split_at_mut_checked(FrameHeader::BYTES) {
            place.copy_from_slice(&header.encode(key, body));
        }
        let padded = self.bytes.len().next_multiple_of(align.bytes() as usize);
        self.bytes.resize(padded, 0);
        &self.bytes
    }

    fn push(&mut self, mut bytes: &[u8]) {
        while !bytes.is_empty() {
            if self.bytes.len().is_multiple_of(SECTOR) {
                self.bytes.push(CONTINUES);
            }
            let room = SECTOR - self.bytes.len() % SECTOR;
            let (now, later) = bytes.split_at_checked(room).unwrap_or((bytes, &[]));
            self.bytes.extend_from_slice(now);
            bytes = later;
        }
    }
}
