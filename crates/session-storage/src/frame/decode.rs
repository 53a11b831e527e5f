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
        let mut table = Body {
            stored: self.stored,
            at: FrameHeader::BYTES,
        };
        // Each part takes four bytes of the table, so the count is bounded by what was stored.
        let count = usize::try_from(self.header.parts).ok()?;
        if count > self.stored.len() / 4 {
            return None;
        }
        let mut payload = Body {
            stored: self.stored,
            at: table.after(count * 4)?,
        };
        let parts = (0..count)
            .map(|_| {
                let mut length = [0; 4];
                table.take(&mut length)?;
                payload.part(usize::try_from(u32::from_le_bytes(length)).ok()?)
            })
            .collect::<Option<_>>()?;
        (payload.at == self.stored.len()).then_some(parts)
    }
}

/// Reads the body of a frame, stepping over the mark each further sector begins with.
struct Body<'a> {
    stored: &'a [u8],
    at: usize,
}

impl Body<'_> {
    /// Reads a part of that length.
    fn part(&mut self, length: usize) -> Option<Vec<u8>> {
        if length > self.stored.len() {
            return None;
        }
        // In one sector, as most parts are.
        if !self.at.is_multiple_of(SECTOR) && length <= SECTOR - self.at % SECTOR {
            let part = self.stored.get(self.at..self.at + length)?.to_vec();
            self.at += length;
            return Some(part);
        }
        let mut part = vec![0; length];
        self.take(&mut part)?;
        Some(part)
    }

    /// Fills a place with the next bytes.
    fn take(&mut self, mut to: &mut [u8]) -> Option<()> {
        while !to.is_empty() {
            if self.at.is_multiple_of(SECTOR) {
                if self.stored.get(self.at) != Some(&CONTINUES) {
                    return None;
                }
                self.at += 1;
            }
            let now = to.len().min(SECTOR - self.at % SECTOR);
            let (first, rest) = to.split_at_mut_checked(now)?;
            first.copy_from_slice(self.stored.get(self.at..self.at + now)?);
            self.at += now;
            to = rest;
        }
        Some(())
    }

    /// The place after so many bytes.
    fn after(&self, mut count: usize) -> Option<usize> {
        let mut at = self.at;
        while count > 0 {
            at += usize::from(at.is_multiple_of(SECTOR));
            let now = count.min(SECTOR - at % SECTOR);
            at += now;
            count -= now;
        }
        (at <= self.stored.len()).then_some(at)
    }
}
