//! The chain of BLAKE3 hashes through all frames of a session.
//!
//! Each value commits to the session, the frame's place and, through a Merkle tree over the hashes of
//! its parts, to its payload: a signed last value proves the whole history, also when parts are left out.

use std::fmt;

use super::bytes::{AT_ONCE, joined};

const CHAIN_DOMAIN: &[u8] = b"session-storage frame chain 1\0";
const LEAF: u8 = 0;
const NODE: u8 = 1;
const EMPTY: u8 = 2;

/// The 32-byte hash that stands for a frame and everything before it.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct ChainValue([u8; 32]);

impl ChainValue {
    /// The value before the first frame of a session.
    pub fn origin(uuid: [u8; 16]) -> Self {
        Self(hash_of(&[CHAIN_DOMAIN, &uuid]))
    }

    /// The value with these bytes.
    pub fn from_bytes(bytes: [u8; 32]) -> Self {
        Self(bytes)
    }

    /// Its bytes.
    pub fn as_bytes(&self) -> &[u8; 32] {
        &self.0
    }
}

impl fmt::Display for ChainValue {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|byte| write!(f, "{byte:02x}"))
    }
}

impl fmt::Debug for ChainValue {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "ChainValue({self})")
    }
}

/// The root of the Merkle tree over the hashes of a frame's parts; an odd node rises unchanged.
pub(crate) fn merkle_root<'a>(parts: impl IntoIterator<Item = &'a [u8]>) -> [u8; 32] {
    let mut level: Vec<[u8; 32]> = parts
        .into_iter()
        .map(|part| tagged(LEAF, part, &[]))
        .collect();
    while level.len() > 1 {
        level = level
            .chunks(2)
            .map(|pair| match pair {
                [left, right] => tagged(NODE, left, right),
                [single] => *single,
                _ => tagged(EMPTY, &[], &[]),
            })
            .collect();
    }
    level
        .first()
        .copied()
        .unwrap_or_else(|| tagged(EMPTY, &[], &[]))
}

/// The chain value of a frame, from its place, the value before it and the root over its parts.
pub(crate) fn next_chain(
    uuid: [u8; 16],
    generation: u64,
    seq: u64,
    epoch: u64,
    before: ChainValue,
    root: [u8; 32],
) -> ChainValue {
    let place = [generation, seq, epoch].map(u64::to_le_bytes);
    ChainValue(hash_of(&[
        CHAIN_DOMAIN,
        &uuid,
        place.as_flattened(),
        &before.0,
        &root,
    ]))
}

fn tagged(tag: u8, first: &[u8], second: &[u8]) -> [u8; 32] {
    hash_of(&[&[tag], first, second])
}

/// The hash of pieces, one behind the other.
fn hash_of(pieces: &[&[u8]]) -> [u8; 32] {
    let hash = match joined(&mut [0; AT_ONCE], pieces) {
        Some(bytes) => blake3::hash(bytes),
        None => {
            let mut hash = blake3::Hasher::new();
            for piece in pieces {
                hash.update(piece);
            }
            hash.finalize()
        }
    };
    *hash.as_bytes()
}
