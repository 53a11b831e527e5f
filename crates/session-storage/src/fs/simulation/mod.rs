//! Simulated file systems for tests: one that crashes, one that fails.
//!
//! [`CrashFs`] keeps a whole file system in memory, once as the running programs see it (the cache) and once
//! as the disk has it, with the log of effects that no sync has covered yet. From that log it makes every
//! disk image that a power cut may leave. [`FailFs`] wraps any [`Fs`](super::Fs) and lets chosen calls fail.

mod crash;
mod disk;
mod effect;
mod fail;
mod failure;
mod handles;
mod images;
mod operations;
mod random;
mod world;

pub use crash::CrashFs;
pub use fail::FailFs;
pub use failure::{Call, Failure, Repeat};
pub use images::{CrashImage, CrashImages, Exploration, Schedule};
pub use world::FailedSync;
