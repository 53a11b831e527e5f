//! The right to write to a session: a kernel lock, the record of who holds it, and whether that one lives.

mod error;
mod holder;
mod policy;
mod session_lock;

pub use error::LockError;
pub use holder::{Holder, Liveness};
pub use policy::LockPolicy;
pub use session_lock::{LockState, SessionLock};

#[cfg(test)]
mod tests;
