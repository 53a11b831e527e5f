//! The formats a unit file can have, and what all of them give: units as they were written.

mod entry;
mod json;
mod node;
mod pxu;
mod scalar;
mod source;
mod yaml;

pub(crate) use entry::Entry;
pub(crate) use source::{Source, Written};
