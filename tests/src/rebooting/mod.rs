//! A run on a machine that really goes down: a virtual one under QEMU, with a kernel of its own.
//!
//! Its first run is ended by a job that switches the machine off without a sync, its second by the host, which takes
//! the power away; the third comes to its end. Wants an x86-64 host with `qemu-system-x86_64`, a static `busybox` and
//! `mkfs.ext4`; the kernel is fetched with `apt-get download` and kept below `target/rehearsal`.

mod archive;
mod kernel;
mod machine;

mod story;

mod rehearse;

pub use rehearse::{Rehearsal, RehearsalError, rehearse};

#[cfg(test)]
mod tests;
