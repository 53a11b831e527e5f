//! Where random numbers come from: an argument, so that tests can repeat what happened.

use std::fmt;
use std::io;
use std::sync::atomic::{AtomicU64, Ordering};

/// A source of numbers that never repeat and that nobody can guess. Used for journal nonces and session UUIDs.
pub trait Entropy: fmt::Debug + Send + Sync {
    /// The next number.
    fn next_u128(&self) -> u128;
}

/// The operating system's randomness: one key drawn at the start, then a keyed hash of a counter,
/// so that no later draw can fail.
pub struct SystemEntropy {
    key: [u8; 32],
    drawn: AtomicU64,
}

impl SystemEntropy {
    /// Draws the key.
    ///
    /// # Errors
    /// The operating system has no randomness to give.
    pub fn new() -> io::Result<Self> {
        let mut key = [0; 32];
        getrandom::fill(&mut key).map_err(io::Error::other)?;
        Ok(Self {
            key,
            drawn: AtomicU64::new(0),
        })
    }
}

impl fmt::Debug for SystemEntropy {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SystemEntropy").finish_non_exhaustive()
    }
}

impl Entropy for SystemEntropy {
    fn next_u128(&self) -> u128 {
        let number = self.drawn.fetch_add(1, Ordering::Relaxed);
        first_half(blake3::keyed_hash(&self.key, &number.to_le_bytes()))
    }
}

/// Numbers that come out the same for the same seed.
#[cfg(feature = "simulation")]
#[derive(Debug)]
pub struct SeededEntropy {
    seed: u64,
    drawn: AtomicU64,
}

#[cfg(feature = "simulation")]
impl SeededEntropy {
    /// Starts at the first number of this seed.
    pub fn new(seed: u64) -> Self {
        Self {
            seed,
            drawn: AtomicU64::new(0),
        }
    }
}

#[cfg(feature = "simulation")]
impl Entropy for SeededEntropy {
    fn next_u128(&self) -> u128 {
        let number = self.drawn.fetch_add(1, Ordering::Relaxed);
        let mut text = [0; 16];
        let (seed, count) = text.split_at_mut(8);
        seed.copy_from_slice(&self.seed.to_le_bytes());
        count.copy_from_slice(&number.to_le_bytes());
        first_half(blake3::hash(&text))
    }
}

fn first_half(hash: blake3::Hash) -> u128 {
    let half = hash.as_bytes().first_chunk().copied();
    u128::from_le_bytes(half.unwrap_or_default())
}
