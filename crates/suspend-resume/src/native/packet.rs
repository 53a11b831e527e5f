//! Small sealed payloads, for the parts of journal frames: a mark, the layout version, a checksum, a body.
//!
//! | bytes | what |
//! |---|---|
//! | 1 | the kind: `c1` changes, `c2` a summary |
//! | 2 | layout version |
//! | 8 | XXH3-64 of the three bytes before it and of the body |
//! | rest | the body |

use std::io;

use xxhash_rust::xxh3::xxh3_64;

use super::checksum::hash_64;
use super::encoder::Encoder;
use super::head::{LAYOUT, other_layout};
use crate::error::{Corruption, ResumeError};
use crate::limits::Limits;

/// Bytes before the checksum.
const MARK_BYTES: usize = 3;

/// Bytes of the checksum.
const CHECKSUM_BYTES: usize = 8;

/// Bytes before the body.
const HEAD_BYTES: usize = MARK_BYTES + CHECKSUM_BYTES;

/// Room for most packets.
const ROOM_BYTES: usize = 512;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    Changes,
    Summary,
}

impl Kind {
    const fn mark(self) -> u8 {
        match self {
            Self::Changes => 0xc1,
            Self::Summary => 0xc2,
        }
    }

    const fn name(self) -> &'static str {
        match self {
            Self::Changes => "a list of changes",
            Self::Summary => "a summary",
        }
    }
}

/// Encodes a body and seals it.
pub(super) fn encode<'s>(
    kind: Kind,
    put: impl FnOnce(&mut Encoder<'s, '_>) -> io::Result<()>,
) -> io::Result<Vec<u8>> {
    let mut encoder = Encoder::in_memory(begun(kind, LAYOUT));
    put(&mut encoder)?;
    Ok(sealed(encoder.into_bytes()))
}

/// Puts a body into its packet.
#[cfg(test)]
pub(super) fn seal(kind: Kind, layout: u16, body: &[u8]) -> Vec<u8> {
    let mut packet = begun(kind, layout);
    packet.extend(body);
    sealed(packet)
}

/// What stands before the checksum, with room for most bodies: what changes with a job, or a summary.
fn begun(kind: Kind, layout: u16) -> Vec<u8> {
    let mut packet = Vec::with_capacity(ROOM_BYTES);
    // The checksum covers the mark and the body in one piece, so its own place is before both until it is known.
    packet.extend([0; CHECKSUM_BYTES]);
    packet.push(kind.mark());
    packet.extend(layout.to_le_bytes());
    packet
}

/// Puts the checksum of all there is between the mark and the body.
fn sealed(mut packet: Vec<u8>) -> Vec<u8> {
    let checksum = xxh3_64(packet.get(CHECKSUM_BYTES..).unwrap_or_default());
    if let Some(head) = packet.first_chunk_mut::<HEAD_BYTES>() {
        head.rotate_left(CHECKSUM_BYTES);
        if let Some(place) = head.last_chunk_mut() {
            *place = checksum.to_le_bytes();
        }
    }
    packet
}

/// The layout version and the body of a packet whose checksum is right.
pub(super) fn unseal<'a>(
    kind: Kind,
    packet: &'a [u8],
    limits: &Limits,
) -> Result<(u16, &'a [u8]), Corruption> {
    limits.check_input(packet.len())?;
    let Some((head, body)) = packet.split_first_chunk::<HEAD_BYTES>() else {
        return Err(Corruption::envelope(format!(
            "{} bytes are too few for {}",
            packet.len(),
            kind.name()
        )));
    };
    let (mark, checksum) = head.split_at(MARK_BYTES);
    let [found, low, high] = *head.first_chunk::<MARK_BYTES>().unwrap_or(&[0; MARK_BYTES]);
    if found != kind.mark() {
        return Err(Corruption::envelope(format!("not {}", kind.name())));
    }
    if checksum != hash_64(&[mark, body]) {
        return Err(Corruption::envelope(format!(
            "the checksum of {} does not match",
            kind.name()
        )));
    }
    Ok((u16::from_le_bytes([low, high]), body))
}

/// The body of a packet of this layout.
pub(super) fn open<'a>(
    kind: Kind,
    packet: &'a [u8],
    limits: &Limits,
) -> Result<&'a [u8], ResumeError> {
    let (layout, body) = unseal(kind, packet, limits)?;
    if layout != LAYOUT {
        return Err(other_layout(layout));
    }
    Ok(body)
}
