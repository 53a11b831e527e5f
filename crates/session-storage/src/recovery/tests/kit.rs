//! A journal file in memory, and what a walk through it finds.

use std::path::Path;
use std::sync::Mutex;

use crate::frame::{
    Align, ChainValue, ContentHash, FrameBuffer, FrameFields, FrameKind, JournalHead, Position,
    SnapshotStamp, merkle_root, next_chain,
};
use crate::fs::{EntryKind, File, FsError, Metadata};
use crate::recovery::end::{Depth, Rules, Walk, beginning, walk};
use crate::recovery::window::Window;
use crate::recovery::{Limits, Tail};

pub(crate) const UUID: [u8; 16] = *b"0123456789abcdef";

/// A file that is a byte string.
#[derive(Debug)]
pub(crate) struct MemoryFile(Mutex<Vec<u8>>);

impl MemoryFile {
    pub(crate) fn new(bytes: &[u8]) -> Self {
        Self(Mutex::new(bytes.to_vec()))
    }
}

impl File for MemoryFile {
    fn path(&self) -> &Path {
        Path::new("memory")
    }
    fn read_at(&self, buffer: &mut [u8], offset: u64) -> Result<usize, FsError> {
        let bytes = self.0.lock().expect("one thread");
        let from = usize::try_from(offset).expect("small").min(bytes.len());
        let count = buffer.len().min(bytes.len() - from);
        buffer[..count].copy_from_slice(&bytes[from..from + count]);
        Ok(count)
    }
    fn write_at(&self, bytes: &[u8], offset: u64) -> Result<usize, FsError> {
        let mut file = self.0.lock().expect("one thread");
        let from = usize::try_from(offset).expect("small");
        let end = (from + bytes.len()).max(file.len());
        file.resize(end, 0);
        file[from..from + bytes.len()].copy_from_slice(bytes);
        Ok(bytes.len())
    }
    fn sync_data(&self) -> Result<(), FsError> {
        Ok(())
    }
    fn set_len(&self, len: u64) -> Result<(), FsError> {
        let len = usize::try_from(len).expect("small");
        self.0.lock().expect("one thread").resize(len, 0);
        Ok(())
    }
    fn metadata(&self) -> Result<Metadata, FsError> {
        Ok(Metadata {
            kind: EntryKind::File,
            len: self.0.lock().expect("one thread").len() as u64,
            mode: 0o600,
            uid: 0,
            links: 1,
            inode: (0, 0),
            modified_ns: 0,
        })
    }
    fn try_lock(&self) -> Result<bool, FsError> {
        Ok(true)
    }
}

pub(crate) fn rules() -> Rules {
    Rules {
        limits: Limits::default(),
        depth: Depth::Chain,
        faults: crate::faults::Faults::default(),
    }
}

/// A journal laid out in memory.
#[derive(Clone)]
pub(crate) struct Laid {
    pub(crate) head: JournalHead,
    pub(crate) bytes: Vec<u8>,
    /// Begin and stored length of each frame.
    pub(crate) frames: Vec<(usize, usize)>,
    last: Position,
}

impl Laid {
    pub(crate) fn new(align: Align, nonce: u128, space: usize) -> Self {
        let base = Position::origin(UUID);
        let head = JournalHead {
            uuid: UUID,
            generation: 1,
            segment: 0,
            nonce,
            align,
            snapshot: SnapshotStamp {
                length: 0,
                hash: ContentHash::of(b""),
            },
            base,
            start: base,
            space: space as u64,
        };
        let mut bytes = head.encode();
        bytes.resize(space, 0);
        Self {
            head,
            bytes,
            frames: Vec::new(),
            last: base,
        }
    }

    /// Appends a frame of one part of this length.
    pub(crate) fn frame(mut self, length: usize) -> Self {
        let part: Vec<u8> = (0..length).map(|at| (at % 251) as u8).collect();
        let seq = self.last.seq + 1;
        let root = merkle_root([part.as_slice()]);
        let chain = next_chain(UUID, 1, seq, 0, self.last.chain, root);
        self.last = Position {
            generation: 1,
            seq,
            chain,
        };
        self.put(FrameKind::Data, &[&part], chain);
        self
    }

    /// Appends a close frame.
    pub(crate) fn close(mut self) -> Self {
        self.put(FrameKind::Close, &[], self.last.chain);
        self
    }

    fn put(&mut self, kind: FrameKind, parts: &[&[u8]], chain: ChainValue) {
        let fields = FrameFields {
            kind,
            summary: false,
            summary_at: None,
            generation: 1,
            seq: self.last.seq,
            epoch: 0,
            space: self.bytes.len() as u64,
            chain,
        };
        let mut buffer = FrameBuffer::default();
        let at = self.next_offset();
        let frame = buffer.encode(&fields, parts, self.head.key(), self.head.align);
        let stored = frame.iter().rposition(|byte| *byte != 0).expect("a header") + 1;
        self.bytes[at..at + frame.len()].copy_from_slice(frame);
        self.frames.push((at, stored));
    }

    pub(crate) fn next_offset(&self) -> usize {
        let first = usize::try_from(self.head.align.first_frame()).expect("small");
        let align = self.head.align.bytes() as usize;
        self.frames
            .last()
            .map_or(first, |(at, stored)| at + stored.next_multiple_of(align))
    }

    pub(crate) fn walk(&self) -> (Walk, Vec<u64>) {
        walk_bytes(&self.head, &self.bytes)
    }

    pub(crate) fn tail(&self) -> Tail {
        self.walk().0.tail
    }
}

pub(crate) fn walk_bytes(head: &JournalHead, bytes: &[u8]) -> (Walk, Vec<u64>) {
    let file = MemoryFile::new(bytes);
    let mut window = Window::new(&file).expect("memory");
    let mut seen = Vec::new();
    let rules = rules();
    let from = beginning(head);
    let end = walk(&mut window, head, from, None, &rules, &mut |frame, _| {
        seen.push(frame.header().seq);
    })
    .expect("memory does not fail");
    (end, seen)
}
