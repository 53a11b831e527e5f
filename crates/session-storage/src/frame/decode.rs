//! Checking a frame and taking its parts out again.

use super::SECTOR;
use super::checksum::Key;
use super::encode::CONTINUES;
use super::header::FrameHeader;

/// A frame whose checksum holds under the journal's key.
#[derive(Clone, Debug)]
pub(crate) struct FrameView<'a> {
    header: FrameHeader,
    stored: &'a [u8],
}

impl<'a> FrameView<'a> {
    /// Checks the frame these bytes begin with, given its header.
    pub(crate) fn check(bytes: &'a [u8], header: FrameHeader, key: Key) -> Option<Self> {
        let length = usize::try_from(header.length).ok()?;
        let stored = bytes.get(..length)?;
        let body = stored.get(FrameHeader::BYTES..)?;
        FrameHeader::checksum_holds(stored, body, key).then_some(Self { header, stored })
    }

    /// The frame's header.
    pub(crate) fn header(&self) -> &FrameHeader {
        &self.header
    }

    /// The parts of the payload; `None` when the table does not add up to the payload.
    pub(crate) fn parts(&self) -> Option<Vec<Vec<u8>>> {
        let mut body = Body {
            stored: self.stored,
            at: FrameHeader::BYTES,
        };
        // Each part takes four bytes of the table, so the count is bounded by what was stored.
        let count = usize::try_from(self.header.parts).ok()?;
        if count > self.stored.len() / 4 {
            return None;
        }
        let lengths: Vec<usize> = (0..count)
            .map(|_| {
                let bytes = body.take(4)?;
                let number = u32::from_le_bytes(*bytes.first_chunk::<4>()?);
                usize::try_from(number).ok()
            })
            .collect::<Option<_>>()?;
        let parts = lengths
            .into_iter()
            .map(|length| body.take(length))
            .collect::<Option<_>>()?;
        (body.at == self.stored.len()).then_some(parts)
    }
}

/// Reads the body of a frame, stepping over the mark each further sector begins with.
struct Body<'a> {
    stored: &'a [u8],
    at: usize,
}

impl Body<'_> {
    fn take(&mut self, mut length: usize) -> Option<Vec<u8>> {
        if length > self.stored.len() {
            return None;
        }
        let mut out = Vec::with_capacity(length);
        while length > 0 {
            if self.at.is_multiple_of(SECTOR) {
                if self.stored.get(self.at) != Some(&CONTINUES) {
                    return None;
                }
                self.at += 1;
            }
            let now = length.min(SECTOR - self.at % SECTOR);
            out.extend_from_slice(self.stored.get(self.at..self.at + now)?);
            self.at += now;
            length -= now;
        }
        Some(out)
    }
}
