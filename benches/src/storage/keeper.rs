//! Whoever keeps changes: ours, the floor, the peers.

use std::path::Path;

use crate::error::BenchError;
use crate::method::Random;

/// How many bytes one change has.
pub(super) const CHANGE_BYTES: usize = 300;

/// Somebody that makes one change durable after the other.
pub(crate) trait Keeper {
    /// Makes a change durable: when this returns, a power cut does not take it back.
    fn keep(&mut self, number: u64, change: &[u8]) -> Result<(), BenchError>;
}

/// Begins to keep, in a folder of its own.
pub(super) type Begin = fn(&Path) -> Result<Box<dyn Keeper>, BenchError>;

/// Everybody by name: ours first, then the floors, then the peers.
pub(super) fn everybody() -> Vec<(&'static str, Begin)> {
    let all: [(&'static str, Begin); 3] = [
        (OURS, super::ours::begin),
        (FLOOR, super::floor::begin),
        (DIRECT_FLOOR, super::floor::begin_direct),
    ];
    all.into_iter().chain(peers()).collect()
}

#[cfg(feature = "peers")]
use super::peers::all as peers;

/// Nobody: the peers were not built in.
#[cfg(not(feature = "peers"))]
fn peers() -> [(&'static str, Begin); 0] {
    []
}

/// Our name in the rows.
pub(super) const OURS: &str = "ours";

/// Zeros written ahead, then 512-aligned writes, each with its fdatasync.
pub(crate) const FLOOR: &str = "pwrite + fdatasync";

/// The same past the page cache.
pub(crate) const DIRECT_FLOOR: &str = "direct pwrite + fdatasync";

/// Changes that do not compress, drawn from a seed.
pub(super) struct Changes {
    random: Random,
    number: u64,
}

impl Changes {
    pub(super) fn new() -> Self {
        Self {
            random: Random::new(3),
            number: 0,
        }
    }

    /// Has so many changes kept.
    pub(super) fn keep(&mut self, keeper: &mut dyn Keeper, count: usize) -> Result<(), BenchError> {
        for _ in 0..count {
            let change = self.random.bytes(CHANGE_BYTES);
            keeper.keep(self.number, &change)?;
            self.number += 1;
        }
        Ok(())
    }
}
