//! The checksums of the native format: XXH3 of 128 and of 64 bits, little-endian.

use std::io;

use xxhash_rust::xxh3::Xxh3;

/// XXH3-128 of pieces, one after the other.
pub(super) fn hash_128(pieces: &[&[u8]]) -> [u8; 16] {
    over(pieces).digest128().to_le_bytes()
}

/// XXH3-64 of pieces, one after the other.
pub(super) fn hash_64(pieces: &[&[u8]]) -> [u8; 8] {
    over(pieces).digest().to_le_bytes()
}

fn over(pieces: &[&[u8]]) -> Xxh3 {
    let mut hash = Xxh3::new();
    for piece in pieces {
        hash.update(piece);
    }
    hash
}

/// Measures and hashes what is written to it.
#[derive(Default)]
pub(super) struct Measure {
    pub(super) bytes: u64,
    hash: Xxh3,
}

impl Measure {
    pub(super) fn hash(&self) -> [u8; 16] {
        self.hash.digest128().to_le_bytes()
    }
}

impl io::Write for Measure {
    fn write(&mut self, piece: &[u8]) -> io::Result<usize> {
        self.bytes += piece.len() as u64;
        self.hash.update(piece);
        Ok(piece.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}
