//! Power cuts below a real ext4: a loop device is shut down under a writer, and what it acknowledged is looked for.

mod cuts;
mod machine;
mod writer;

pub use cuts::{CutError, Cuts, cut};
pub use writer::write_until_cut;
