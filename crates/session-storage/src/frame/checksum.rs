//! XXH3: the checksum of a frame under its journal's nonce, and the hash of a streamed file.

use xxhash_rust::xxh3::{Xxh3, xxh3_64, xxh3_128};

use super::bytes::{AT_ONCE, joined};

/// What a frame's checksum is keyed with: the random nonce in the head of its journal.
///
/// A frame of another journal, or a payload that looks like a frame, fails under this key.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Key([u8; 16]);

impl Key {
    /// The key a nonce makes.
    pub(crate) fn new(nonce: u128) -> Self {
        Self(nonce.to_le_bytes())
    }

    /// A 64-bit check of a frame's header alone: it says whether the length in it can be trusted.
    pub(crate) fn header_check(self, header: &[u8]) -> u64 {
        match joined(&mut [0; AT_ONCE], &[&self.0, header]) {
            Some(bytes) => xxh3_64(bytes),
            None => self.stream(&[header]).digest(),
        }
    }

    /// The 128-bit checksum of a whole frame: header and body.
    pub(crate) fn checksum(self, header: &[u8], body: &[u8]) -> u128 {
        match joined(&mut [0; AT_ONCE], &[&self.0, header, body]) {
            Some(bytes) => xxh3_128(bytes),
            None => self.stream(&[header, body]).digest128(),
        }
    }

    fn stream(self, pieces: &[&[u8]]) -> Xxh3 {
        let mut hash = Xxh3::new();
        hash.update(&self.0);
        pieces.iter().for_each(|piece| hash.update(piece));
        hash
    }
}

/// The XXH3-128 hash of some bytes taken as a whole.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct ContentHash(pub(crate) u128);

impl ContentHash {
    /// Hashes bytes held in memory.
    pub(crate) fn of(bytes: &[u8]) -> Self {
        Self(xxh3_128(bytes))
    }
}

/// Hashes a stream piece by piece.
pub(crate) struct StreamHash(Xxh3);

impl StreamHash {
    /// Begins with nothing hashed.
    pub(crate) fn new() -> Self {
        Self(Xxh3::new())
    }

    /// Takes in the next piece.
    pub(crate) fn update(&mut self, bytes: &[u8]) {
        self.0.update(bytes);
    }

    /// The hash of everything taken in so far.
    pub(crate) fn finish(&self) -> ContentHash {
        ContentHash(self.0.digest128())
    }
}
