//! How anything is measured.
//!
//! Exact figures come from the block device's own counters, from a file system that counts, from callgrind, from
//! strace and from a counting allocator. Time is taken in rounds in which ours and the others have their turns,
//! and judged as a ratio.

mod random;

mod figure;
mod interval;
mod row;

mod pairs;

mod callgrind;
mod counting_fs;
mod device;
mod memory;
mod syscalls;

mod machine;

mod json;
mod plot;
mod table;

pub use callgrind::{instructions, measured};
pub use counting_fs::{Counted, CountingFs, Syncs};
pub use device::{Device, DeviceCounters};
pub use figure::{Figure, Unit};
pub use interval::{Interval, quantile};
pub use json::json;
pub use machine::machine;
pub use memory::{allocated_by, measure_memory, peak_of};
pub use pairs::{Contender, Rounds, time_rounds};
pub use plot::plot;
pub use random::Random;
pub use row::{Row, Verdict};
pub use syscalls::{strace_is_there, system_calls};
pub use table::table;

#[cfg(test)]
mod tests;
