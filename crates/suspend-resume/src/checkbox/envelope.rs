//! The gzip envelope: one or more members joined, zero bytes after a member ignored.

use flate2::{Crc, Decompress, FlushDecompress, Status};

use crate::error::Corruption;
use crate::limits::Limits;

const MAGIC: [u8; 2] = [0x1f, 0x8b];
const DEFLATE: u8 = 8;
const HAS_HEADER_CRC: u8 = 2;
const HAS_EXTRA: u8 = 4;
const HAS_NAME: u8 = 8;
const HAS_COMMENT: u8 = 16;

/// How many times larger than its compressed form a session is at most, as a rule.
const USUAL_RATIO: usize = 16;

/// How many packed bytes are inflated at a time. Where they are damaged nothing that comes out of them counts.
const PIECE: usize = 16 * 1024;

/// How many bytes more there is room for at least, each time what was expected is not enough.
const GROWTH: usize = 32 * 1024;

/// Whether the bytes begin as a gzip file does.
pub(crate) fn is_gzip(bytes: &[u8]) -> bool {
    bytes.starts_with(&MAGIC)
}

/// Inflates all members. Memory grows with what really comes out, and stops at the limits.
pub(super) fn inflate(bytes: &[u8], limits: &Limits) -> Result<Vec<u8>, Corruption> {
    let mut text = Vec::new();
    inflate_into(bytes, limits, &mut text).map_err(Failure::into_corruption)?;
    Ok(text)
}

/// Why inflating ended early.
pub(super) enum Failure {
    /// No gzip, or a checksum does not match.
    Damaged,
    /// The bytes end within a member.
    Truncated,
    /// Beyond the limits.
    TooLarge(Corruption),
}

impl Failure {
    pub(super) fn into_corruption(self) -> Corruption {
        match self {
            Self::Damaged => Corruption::envelope("Cannot decompress session data"),
            Self::Truncated => {
                Corruption::envelope("Cannot decompress session data: it ends within a gzip member")
            }
            Self::TooLarge(corruption) => corruption,
        }
    }
}

/// Inflates all members behind what is there; after a failure, what came out before it stays there.
pub(super) fn inflate_into(
    bytes: &[u8],
    limits: &Limits,
    text: &mut Vec<u8>,
) -> Result<(), Failure> {
    limits.check_input(bytes.len()).map_err(Failure::TooLarge)?;
    let ratio_max = (bytes.len() as u64).saturating_mul(limits.inflation_ratio_max);
    let room = limits.inflated_bytes_max.min(ratio_max);
    let mut rest = bytes;
    while !rest.is_empty() {
        if !is_gzip(rest) {
            return Err(Failure::Damaged);
        }
        rest = inflate_member(rest, room, text)?;
        let zeros = rest.iter().take_while(|byte| **byte == 0).count();
        rest = rest.get(zeros..).unwrap_or_default();
    }
    Ok(())
}

/// Inflates one member behind what is there, and answers with the bytes after it.
fn inflate_member<'a>(
    member: &'a [u8],
    room: u64,
    text: &mut Vec<u8>,
) -> Result<&'a [u8], Failure> {
    let mut rest = skip_header(member)?;
    let before = text.len();
    let left = room.saturating_sub(before as u64);
    text.reserve(expected(member, left));
    let mut inflater = Decompress::new(false);
    loop {
        let (read, written) = (inflater.total_in(), text.len());
        let piece = rest.get(..PIECE.min(rest.len())).unwrap_or_default();
        let inflated = inflater.decompress_vec(piece, text, FlushDecompress::None);
        let Ok(status) = inflated else {
            text.truncate(written);
            return Err(Failure::Damaged);
        };
        let read = usize::try_from(inflater.total_in() - read).unwrap_or(usize::MAX);
        rest = rest.get(read..).unwrap_or_default();
        if (text.len() - before) as u64 > left {
            return Err(Failure::TooLarge(Corruption::envelope(format!(
                "inflates to more than {room} bytes, which the limits inflated_bytes_max and inflation_ratio_max allow"
            ))));
        }
        match status {
            Status::StreamEnd => break,
            Status::Ok | Status::BufError if text.len() == text.capacity() => text.reserve(GROWTH),
            Status::Ok | Status::BufError if read > 0 || text.len() > written => {}
            Status::Ok | Status::BufError => return Err(Failure::Truncated),
        }
    }
    let inflated = text.get(before..).unwrap_or_default();
    let (trailer, rest) = rest.split_first_chunk::<8>().ok_or(Failure::Truncated)?;
    let mut crc = Crc::new();
    crc.update(inflated);
    let sum = crc.sum().to_le_bytes();
    let length = crc.amount().to_le_bytes();
    if *trailer == [sum, length].concat().as_slice() {
        Ok(rest)
    } else {
        Err(Failure::Damaged)
    }
}

/// How much room to make for what a member inflates to: as much as stands at the end of the input, where the last
/// member tells its length, yet no more than text inflates to as a rule. Whatever it is, more is made as it is needed.
fn expected(member: &[u8], left: u64) -> usize {
    let told = member.last_chunk().copied().map_or(0, u32::from_le_bytes);
    let usual = member.len().saturating_mul(USUAL_RATIO);
    usual.min(usize::try_from(left.min(told.into())).unwrap_or(usual))
}

/// The bytes after a member's header. Reserved flags are ignored, a checksum of the header is not looked at.
fn skip_header(member: &[u8]) -> Result<&[u8], Failure> {
    let (header, mut rest) = member.split_first_chunk::<10>().ok_or(Failure::Truncated)?;
    let [_, _, method, flags, ..] = *header;
    if method != DEFLATE {
        return Err(Failure::Damaged);
    }
    if flags & HAS_EXTRA != 0 {
        let (length, after) = rest.split_first_chunk::<2>().ok_or(Failure::Truncated)?;
        let length = usize::from(u16::from_le_bytes(*length));
        rest = after.get(length..).ok_or(Failure::Truncated)?;
    }
    for flag in [HAS_NAME, HAS_COMMENT] {
        if flags & flag != 0 {
            let end = rest
                .iter()
                .position(|byte| *byte == 0)
                .ok_or(Failure::Truncated)?;
            rest = rest.get(end + 1..).unwrap_or_default();
        }
    }
    if flags & HAS_HEADER_CRC != 0 {
        rest = rest.get(2..).ok_or(Failure::Truncated)?;
    }
    Ok(rest)
}
