//! The native format, layout 1. `docs/formats.md` has it byte by byte.
//!
//! bincode stays behind this module. What is read are the small wire types of [`wire`] and nothing else: lists are
//! read here, as a count and items, so that every count passes our limits before memory is taken, and so that no
//! wire type is recursive or holds a list. What is written are the same values, put together to the structures of
//! [`whole`], so that one call writes a whole job. Conversions stand side by side in the file of their subject.

mod wire;

mod whole;

mod checksum;
mod decoder;
mod encoder;

mod canonical;

mod definition;
mod metadata;
mod resource;
mod result;
mod value;

mod change;
mod drawn;
mod packet;
mod snapshot;
mod summary;
mod template;

mod head;

#[cfg(feature = "fuzzing")]
mod bare;

#[cfg(feature = "fuzzing")]
pub use bare::resume_bare_body;
pub use change::{decode_changes, encode_changes};
pub use drawn::WireSession;
pub use head::{HeadPeek, PRELUDE_BYTES, head_bytes, peek_native};
pub(crate) use snapshot::suspend_native;
pub use snapshot::{native_parts, resume_native, suspend_native_to};
pub use summary::Summary;

#[cfg(test)]
pub(crate) mod tests;
