//! What the kernel says about processes: identities, statistics lines, handles.

mod stat;

mod proc;

mod identity;

mod handle;

mod ask;

pub use ask::ask_to_end;
pub(crate) use handle::{ProcessHandle, wait_readable};
pub use identity::{Host, HostError, ProcessIdentity};
pub(crate) use proc::{Process, command_line, marked, processes, read_stat};
#[cfg(test)]
pub(crate) use stat::Stat;

#[cfg(test)]
mod tests;
