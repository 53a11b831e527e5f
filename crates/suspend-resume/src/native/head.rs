//! The envelope of a snapshot: a prelude of 32 bytes, the head, the body.
//!
//! | bytes | what |
//! |---|---|
//! | 8 | magic: `89 53 45 53 0d 0a 1a 0a` |
//! | 2 | layout version |
//! | 1 | kind: 1, a snapshot |
//! | 1 | 0 |
//! | 4 | length of the head |
//! | 16 | XXH3-128 of the 16 bytes before it and of the head |
//! | head | 8 bytes length of the body, 16 bytes XXH3-128 of the body, the summary |
//! | body | the session |
//!
//! All numbers are little-endian. A newer layout keeps the prelude and the beginning of the head, up to the
//! end of today's summary, so that it can be peeked.

use std::io;

use super::checksum::hash_128;
use super::summary::Summary;
use crate::error::{Corruption, ResumeError};
use crate::limits::Limits;

/// How a native session begins. The first byte is no text, the line ends tell damage by text transfers.
pub(crate) const MAGIC: [u8; 8] = *b"\x89SES\r\n\x1a\n";

/// The layout this release writes: the first that was frozen.
pub(super) const LAYOUT: u16 = 1;

/// What development versions wrote before the layout was frozen. It changed without notice, so nothing of it is
/// read, not even a summary.
const DEVELOPMENT: u16 = 0;

/// Whether only a newer release can read that layout.
pub(super) const fn is_newer(layout: u16) -> bool {
    layout > LAYOUT
}

/// How many bytes tell how long the head is.
pub const PRELUDE_BYTES: usize = 32;

/// The prelude without its checksum.
const MARK_BYTES: usize = 16;

/// Length and hash of the body, at the beginning of the head.
const BODY_STAMP_BYTES: usize = 24;

const SNAPSHOT: u8 = 1;

/// Whether the bytes begin as a native session does.
pub(crate) fn is_native(bytes: &[u8]) -> bool {
    bytes.starts_with(&MAGIC)
}

/// What the head of a native snapshot says.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct HeadPeek {
    /// The layout version of the session.
    pub layout: u16,
    /// Whether this release can read the rest of it. If not, it must not be overwritten either.
    pub readable: bool,
    /// What the session says about itself.
    pub summary: Summary,
    /// Length of the body in bytes.
    pub body_bytes: u64,
    /// XXH3-128 of the body, little-endian.
    pub body_hash: [u8; 16],
}

/// The prelude and the head of a snapshot, where its body begins.
pub(super) struct Head<'a> {
    pub(super) layout: u16,
    pub(super) body_bytes: u64,
    pub(super) body_hash: [u8; 16],
    pub(super) summary: &'a [u8],
}

/// How long prelude and head are with this summary.
pub(super) const fn head_length(summary: &[u8]) -> usize {
    PRELUDE_BYTES + BODY_STAMP_BYTES + summary.len()
}

/// Encodes prelude and head; `summary` is encoded already.
pub(super) fn encode_head(
    layout: u16,
    body: (u64, [u8; 16]),
    summary: &[u8],
) -> io::Result<Vec<u8>> {
    let head_bytes = u32::try_from(BODY_STAMP_BYTES.saturating_add(summary.len()))
        .map_err(|_| io::Error::new(io::ErrorKind::InvalidData, "a summary of 4 GiB or more"))?;
    let mut head = Vec::with_capacity(BODY_STAMP_BYTES + summary.len());
    head.extend(body.0.to_le_bytes());
    head.extend(body.1);
    head.extend(summary);
    let mut bytes = Vec::with_capacity(head_length(summary));
    bytes.extend(MAGIC);
    bytes.extend(layout.to_le_bytes());
    bytes.extend([SNAPSHOT, 0]);
    bytes.extend(head_bytes.to_le_bytes());
    bytes.extend(hash_128(&[&bytes, &head]));
    bytes.extend(head);
    Ok(bytes)
}

/// How many bytes from the beginning hold the prelude and the head; `None` when these are fewer than
/// [`PRELUDE_BYTES`] or no native session.
pub fn head_bytes(bytes: &[u8]) -> Option<u64> {
    let (prelude, _) = bytes.split_first_chunk::<PRELUDE_BYTES>()?;
    let length = prelude.get(12..16)?.first_chunk::<4>()?;
    is_native(prelude).then(|| u64::from(u32::from_le_bytes(*length)) + PRELUDE_BYTES as u64)
}

/// Splits a snapshot into head and body. The head is proven by its checksum, the body is not yet.
pub(super) fn split<'a>(
    bytes: &'a [u8],
    limits: &Limits,
) -> Result<(Head<'a>, &'a [u8]), Corruption> {
    limits.check_input(bytes.len())?;
    let too_short = || Corruption::envelope("the session ends within its head");
    if !is_native(bytes) {
        return Err(Corruption::envelope("not a native session"));
    }
    let end = head_bytes(bytes).ok_or_else(too_short)?;
    let (prelude, rest) = bytes
        .split_first_chunk::<PRELUDE_BYTES>()
        .ok_or_else(too_short)?;
    let (head, body) = usize::try_from(end)
        .ok()
        .and_then(|end| rest.split_at_checked(end.saturating_sub(PRELUDE_BYTES)))
        .ok_or_else(too_short)?;
    let (mark, checksum) = prelude.split_at(MARK_BYTES);
    if checksum != hash_128(&[mark, head]) {
        return Err(Corruption::envelope(
            "the checksum of the head does not match",
        ));
    }
    let &[.., low, high, kind, zero, _, _, _, _] = mark else {
        return Err(too_short());
    };
    let layout = u16::from_le_bytes([low, high]);
    if kind != SNAPSHOT || (!is_newer(layout) && zero != 0) {
        return Err(Corruption::envelope(format!("kind {kind} is no snapshot")));
    }
    let (stamp, summary) = head
        .split_first_chunk::<BODY_STAMP_BYTES>()
        .ok_or_else(too_short)?;
    let (length, hash) = stamp.split_at(8);
    let (Some(length), Some(hash)) = (length.first_chunk(), hash.first_chunk()) else {
        return Err(too_short());
    };
    let head = Head {
        layout,
        body_bytes: u64::from_le_bytes(*length),
        body_hash: *hash,
        summary,
    };
    Ok((head, body))
}

/// Reads the head of a native snapshot: the session itself, or only its beginning ([`head_bytes`] of it).
///
/// # Errors
/// [`ResumeError::Corrupted`]; [`ResumeError::IncompatibleSession`] when the session is of a newer release
/// and not even its summary can be understood, or of a development version.
pub fn peek_native(bytes: &[u8], limits: &Limits) -> Result<HeadPeek, ResumeError> {
    let (head, _) = split(bytes, limits)?;
    refuse_development(head.layout)?;
    let readable = !is_newer(head.layout);
    let summary = Summary::decode_body(head.layout, head.summary, limits).map_err(|error| {
        if readable {
            error.into()
        } else {
            other_layout(head.layout)
        }
    })?;
    Ok(HeadPeek {
        layout: head.layout,
        readable,
        summary,
        body_bytes: head.body_bytes,
        body_hash: head.body_hash,
    })
}

/// Refuses what was written before the layout was frozen.
pub(super) fn refuse_development(layout: u16) -> Result<(), ResumeError> {
    if layout == DEVELOPMENT {
        return Err(other_layout(layout));
    }
    Ok(())
}

/// The refusal of bytes in a layout that this release has no reader for.
pub(super) fn other_layout(layout: u16) -> ResumeError {
    let (of, advice) = if layout == DEVELOPMENT {
        (
            ", of a development version",
            "it was written before the layout was frozen: open it with the program that wrote it; nothing here will overwrite it",
        )
    } else {
        (
            "",
            "it was written by a newer release: open it with that release or a later one; nothing here will overwrite it",
        )
    };
    ResumeError::IncompatibleSession {
        found: format!("native layout {layout}{of}"),
        supported: "native layout 1",
        advice,
    }
}
