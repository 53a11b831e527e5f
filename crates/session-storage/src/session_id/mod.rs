//! The names of sessions.

mod id;

pub(crate) use id::may_be_newer;
pub use id::{CreationTime, InvalidSessionId, SessionId};

#[cfg(test)]
mod tests;
