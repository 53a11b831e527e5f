//! What a journal promises, on a disk that does not fail.

mod full;
pub(crate) mod kit;
mod meanwhile;
mod processes;
mod session;
mod story;
