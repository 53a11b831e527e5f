//! The lines of a running log, each with a check that binds it to the head of its attempt.
//!
//! The file of the running job is written over from job to job. Behind the last line of one job may stand lines of an
//! earlier one, whole or cut in the middle, and after a power cut every sector of the file is old or new by itself. A
//! line counts only when the check before it is that of its text under the check of the head, and a head only when its
//! own check is right; so no mixture of two attempts is taken for either.

use xxhash_rust::xxh3::xxh3_64_with_seed;

use crate::faults::{Fault, Faults};

/// How a check is written, in digits.
const CHECK_DIGITS: usize = 16;

/// What a line begins with until its check is known.
const BEGIN: &[u8; CHECK_DIGITS + 1] = b"0000000000000000 ";

/// Room for most lines, in bytes.
const ROOM_BYTES: usize = 256;

/// A line before its text.
pub(super) fn begun() -> Vec<u8> {
    let mut line = Vec::with_capacity(ROOM_BYTES);
    line.extend_from_slice(BEGIN);
    line
}

/// What the lines of one attempt are checked under.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Seal(u64);

impl Seal {
    /// That of heads.
    pub(super) const HEAD: Self = Self(2);

    /// That of the lines behind a head with this check.
    pub(super) fn of_head(check: u64, faults: Faults) -> Self {
        if faults.has(Fault::LinesOfAnyHead) {
            Self::HEAD
        } else {
            Self(check)
        }
    }

    /// Ends a line that was [begun](begun) and has its text now; answers the check.
    pub(super) fn end(self, line: &mut Vec<u8>) -> u64 {
        let check = self.check(line.get(BEGIN.len()..).unwrap_or_default());
        if let Some(place) = line.first_chunk_mut() {
            *place = digits(check);
        }
        line.push(b'\n');
        check
    }

    /// The line that bytes begin with; `None` when it is not whole, or not of this seal.
    pub(super) fn first_line(self, bytes: &[u8]) -> Option<Line<'_>> {
        let line = Line::first(bytes)?;
        let (found, text) = line.text.split_at_checked(CHECK_DIGITS)?;
        let text = text.strip_prefix(' ')?;
        let is_right = found.as_bytes() == digits(self.check(text.as_bytes()));
        is_right.then_some(Line { text, ..line })
    }

    /// The check of a text.
    pub(super) fn check(self, text: &[u8]) -> u64 {
        xxh3_64_with_seed(text, self.0)
    }
}

/// A check in hexadecimal digits.
fn digits(check: u64) -> [u8; CHECK_DIGITS] {
    let mut digits = [0; CHECK_DIGITS];
    for (pair, byte) in digits.as_chunks_mut().0.iter_mut().zip(check.to_be_bytes()) {
        *pair = [byte >> 4, byte & 15].map(|nibble| match nibble {
            0..=9 => b'0' + nibble,
            10.. => b'a' + nibble - 10,
        });
    }
    digits
}

/// A line that is whole.
#[derive(Clone, Copy, Debug)]
pub(super) struct Line<'a> {
    pub(super) text: &'a str,
    /// In bytes, with all that stands around the text.
    pub(super) length: usize,
}

impl<'a> Line<'a> {
    /// The line that bytes begin with, whatever it says.
    pub(super) fn first(bytes: &'a [u8]) -> Option<Self> {
        let end = bytes.iter().position(|byte| *byte == b'\n')?;
        let text = str::from_utf8(bytes.get(..end)?).ok()?;
        let length = end + 1;
        Some(Self { text, length })
    }
}
