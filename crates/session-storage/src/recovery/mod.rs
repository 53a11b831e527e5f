//! What a session directory holds: which generation, which frames, where the journal ends, what is lost.
//!
//! Everything here only reads. The rules are invariants J4 to J11 of `docs/invariants.md`.

mod end;
mod entry;
mod generation;
mod inventory;
mod limits;
mod names;
mod orphans;
mod peek;
mod reader;
mod recover;
mod step_back;
mod verdict;
mod window;

pub use limits::Limits;
pub use peek::StoragePeek;
pub use reader::RecoverError;
pub use recover::{FrameBytes, Recovered};
pub use verdict::{Damage, Fallback, Lost, Tail, Verdict};

pub(crate) use end::{Depth, Rules, key};
pub(crate) use generation::Segments;
pub(crate) use inventory::Inventory;
pub(crate) use names::NativeName;
pub(crate) use orphans::refuse_other_versions;
#[cfg(feature = "simulation")]
pub(crate) use peek::peek_directory;
pub(crate) use reader::{read_directory, recover_for_writing};
pub(crate) use recover::{Found, replay};

#[cfg(test)]
mod tests;
