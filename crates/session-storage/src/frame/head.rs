//! The head of a journal: one sector that says whose journal it is, what it follows, and its key.

use super::SECTOR;
use super::bytes::{array_at, u32_at, u64_at, u128_at};
use super::chain::ChainValue;
use super::checksum::{ContentHash, Key};
use super::position::Position;

const MAGIC: [u8; 8] = *b"\x89SESJRN\0";
/// The layout version that is written, and the only one that is read.
pub(crate) const VERSION: u32 = 1;
const CHECKSUM_AT: usize = SECTOR - 16;

/// The multiple at which frames begin, so that no write touches a sector with acknowledged bytes (invariant J13).
///
/// 512 bytes rely on assumption A1 (a 512-byte sector is old or new after a power cut, its neighbours
/// do not change); where that is doubted, 4096.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Align {
    /// 512 bytes.
    #[default]
    Sector,
    /// 4096 bytes.
    Page,
    /// Eight bytes: frames share sectors. Only a switched-on fault of the crash exploration uses it.
    #[cfg(feature = "simulation")]
    #[doc(hidden)]
    Packed,
}

impl Align {
    /// The multiple in bytes.
    pub fn bytes(self) -> u32 {
        match self {
            Self::Sector => 512,
            Self::Page => 4096,
            #[cfg(feature = "simulation")]
            Self::Packed => 8,
        }
    }

    fn from_bytes(bytes: u32) -> Option<Self> {
        match bytes {
            512 => Some(Self::Sector),
            4096 => Some(Self::Page),
            #[cfg(feature = "simulation")]
            8 => Some(Self::Packed),
            _ => None,
        }
    }

    /// The offset of the first frame: after the head's own sector.
    pub(crate) fn first_frame(self) -> u64 {
        u64::from(self.bytes()).max(SECTOR as u64)
    }

    /// The smallest multiple that is not below a length.
    pub(crate) fn round_up(self, length: u64) -> Option<u64> {
        length.checked_next_multiple_of(u64::from(self.bytes()))
    }
}

/// Length and hash of a snapshot, as the head of its journal records them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct SnapshotStamp {
    pub(crate) length: u64,
    pub(crate) hash: ContentHash,
}

/// What the first sector of a journal says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct JournalHead {
    /// Whose session.
    pub(crate) uuid: [u8; 16],
    /// The generation: the snapshot with this number comes before these frames.
    pub(crate) generation: u64,
    /// Which file of the generation; numbers may be left out.
    pub(crate) segment: u32,
    /// The random key of this file's checksums.
    pub(crate) nonce: u128,
    /// The multiple at which frames begin.
    pub(crate) align: Align,
    /// The snapshot of the generation.
    pub(crate) snapshot: SnapshotStamp,
    /// The last frame folded into the snapshot.
    pub(crate) base: Position,
    /// The last frame before this file's first: the base, when the file holds all frames of its
    /// generation so far; later, when it goes on where another segment ends.
    pub(crate) start: Position,
    /// How long the file was when its head was written: written with zeros and synced.
    pub(crate) space: u64,
}

/// Why bytes are not a head.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub(crate) enum BadHead {
    #[error("the head is cut short")]
    Short,
    #[error("the head does not begin as a journal's")]
    Magic,
    #[error("the head's checksum does not match")]
    Checksum,
    /// All of it is as it was written, by a release with another layout: no damage.
    #[error("the head is of layout version {0}")]
    Version(u32),
    #[error("the head asks for an alignment of {0} bytes")]
    Align(u32),
}

impl JournalHead {
    /// The key of the frames in this file.
    pub(crate) fn key(&self) -> Key {
        Key::new(self.nonce)
    }

    /// Whether this file holds every frame of its generation up to where it ends.
    pub(crate) fn is_whole(&self) -> bool {
        self.start.same_frame(&self.base)
    }

    /// Its bytes: one sector.
    pub(crate) fn encode(&self) -> Vec<u8> {
        let mut out = Vec::with_capacity(SECTOR);
        out.extend_from_slice(&MAGIC);
        out.extend_from_slice(&VERSION.to_le_bytes());
        out.extend_from_slice(&self.align.bytes().to_le_bytes());
        out.extend_from_slice(&self.uuid);
        out.extend_from_slice(&self.generation.to_le_bytes());
        out.extend_from_slice(&self.segment.to_le_bytes());
        out.extend_from_slice(&[0; 4]);
        out.extend_from_slice(&self.nonce.to_le_bytes());
        out.extend_from_slice(&self.snapshot.length.to_le_bytes());
        out.extend_from_slice(&self.snapshot.hash.0.to_le_bytes());
        for position in [&self.base, &self.start] {
            out.extend_from_slice(&position.generation.to_le_bytes());
            out.extend_from_slice(&position.seq.to_le_bytes());
            out.extend_from_slice(position.chain.as_bytes());
        }
        out.extend_from_slice(&self.space.to_le_bytes());
        out.resize(CHECKSUM_AT, 0);
        let checksum = ContentHash::of(&out);
        out.extend_from_slice(&checksum.0.to_le_bytes());
        out
    }

    /// Reads a head from the first sector of a file. Magic, version and checksum stand where they are in every
    /// layout, so that one of another version is told from a damaged one.
    pub(crate) fn decode(sector: &[u8]) -> Result<Self, BadHead> {
        let body = sector.get(..CHECKSUM_AT).ok_or(BadHead::Short)?;
        let checksum = u128_at(sector, CHECKSUM_AT).ok_or(BadHead::Short)?;
        if !body.starts_with(&MAGIC) {
            return Err(BadHead::Magic);
        }
        if ContentHash::of(body).0 != checksum {
            return Err(BadHead::Checksum);
        }
        let version = u32_at(body, 8).ok_or(BadHead::Short)?;
        if version != VERSION {
            return Err(BadHead::Version(version));
        }
        let align = u32_at(body, 12).ok_or(BadHead::Short)?;
        let align = Align::from_bytes(align).ok_or(BadHead::Align(align))?;
        Self::fields(body, align).ok_or(BadHead::Short)
    }

    fn fields(body: &[u8], align: Align) -> Option<Self> {
        let position = |at: usize| {
            Some(Position {
                generation: u64_at(body, at)?,
                seq: u64_at(body, at + 8)?,
                chain: ChainValue::from_bytes(array_at(body, at + 16)?),
            })
        };
        Some(Self {
            align,
            uuid: array_at(body, 16)?,
            generation: u64_at(body, 32)?,
            segment: u32_at(body, 40)?,
            nonce: u128_at(body, 48)?,
            snapshot: SnapshotStamp {
                length: u64_at(body, 64)?,
                hash: ContentHash(u128_at(body, 72)?),
            },
            base: position(88)?,
            start: position(136)?,
            space: u64_at(body, 184)?,
        })
    }
}
