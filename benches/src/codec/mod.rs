//! States to bytes and back: the native format, Checkbox's, and what the original takes for the same.

mod bare;
mod sample;

mod building;
mod checkbox;
mod native;
mod original;
mod peeking;

mod rows;

pub(crate) use rows::{probe, rows};
pub(crate) use sample::session;
