//! Recovery of a session from a directory that holds anything.
//!
//! An input is a script: which session the directory begins as, and what is done to its files.
//! Bytes are changed with and without their checksums being made right again.

mod donors;
mod place;
mod promises;
mod script;

pub(super) use script::seeds;

/// Prepares the directory that the input describes, then reads, writes, and reads again.
pub(super) fn run(bytes: &[u8]) {
    let place = place::Place::new();
    script::play(bytes, &place);
    promises::check(&place);
}
