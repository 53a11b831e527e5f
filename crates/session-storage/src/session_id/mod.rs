//! The names of sessions.

mod id;

pub use id::{CreationTime, InvalidSessionId, SessionId};

#[cfg(test)]
mod tests;
