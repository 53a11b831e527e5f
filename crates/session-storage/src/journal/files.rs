//! Laying out new journal files: head, frames, zeros.

use crate::frame::{
    Align, FrameBuffer, FrameFields, FrameKind, JournalHead, Position, SECTOR, SummaryAt,
};
use crate::fs::Dir;
use crate::fs::{File, FsError, OpenMode};
use crate::recovery::{FrameBytes, NativeName, Rules, key};

const CHUNK: usize = 256 * 1024;
static ZEROS: [u8; CHUNK] = [0; CHUNK];

/// Writes zeros from one offset to another.
pub(crate) fn write_zeros(file: &dyn File, from: u64, to: u64) -> Result<(), FsError> {
    let mut at = from;
    while at < to {
        let count = usize::try_from(to - at).unwrap_or(CHUNK).min(CHUNK);
        file.write_all_at(ZEROS.get(..count).unwrap_or(&ZEROS), at)?;
        at += count as u64;
    }
    Ok(())
}

/// The bytes of a head, padded to the alignment.
pub(crate) fn head_bytes(head: &JournalHead) -> Vec<u8> {
    let mut bytes = head.encode();
    let first = usize::try_from(head.align.first_frame()).unwrap_or(SECTOR);
    bytes.resize(first.max(SECTOR), 0);
    bytes
}

/// Where frames end in a file that was laid out.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Layout {
    pub(crate) offset: u64,
    pub(crate) summary_at: Option<SummaryAt>,
}

/// How many bytes the copies of some frames take.
pub(crate) fn frames_length(frames: &[FrameBytes], align: Align) -> u64 {
    frames.iter().fold(0u64, |sum, frame| {
        let parts: Vec<&[u8]> = frame.parts.iter().map(Vec::as_slice).collect();
        let length = FrameBuffer::padded_length(&parts, align, u64::MAX).unwrap_or(u64::MAX);
        sum.saturating_add(length)
    })
}

/// Writes head and frames at the beginning of a file; what follows them is left as it is.
pub(crate) fn write_head_and_frames(
    file: &dyn File,
    head: &JournalHead,
    frames: &[FrameBytes],
    buffer: &mut FrameBuffer,
    rules: &Rules,
) -> Result<Layout, FsError> {
    let mut out = head_bytes(head);
    let mut written = 0;
    let mut summary_at = None;
    let mut last = head.start;
    for frame in frames {
        let offset = written + out.len() as u64;
        if frame.has_summary {
            summary_at = Some(SummaryAt {
                segment: head.segment,
                offset,
            });
        }
        let fields = FrameFields {
            kind: FrameKind::Data,
            summary: frame.has_summary,
            summary_at,
            generation: frame.generation,
            seq: frame.seq,
            epoch: frame.epoch,
            space: head.space,
            chain: frame.chain,
        };
        let parts: Vec<&[u8]> = frame.parts.iter().map(Vec::as_slice).collect();
        let key = key(head, &last, rules);
        out.extend_from_slice(buffer.encode(&fields, &parts, key, head.align));
        last = Position {
            generation: frame.generation,
            seq: frame.seq,
            chain: frame.chain,
        };
        if out.len() >= CHUNK {
            file.write_all_at(&out, written)?;
            written += out.len() as u64;
            out.clear();
        }
    }
    file.write_all_at(&out, written)?;
    Ok(Layout {
        offset: written + out.len() as u64,
        summary_at,
    })
}

/// Creates a file under a name nobody used.
pub(crate) fn create(dir: &dyn Dir, name: NativeName) -> Result<Box<dyn File>, FsError> {
    dir.open_file(&name.os(), OpenMode::CreateNew)
}
