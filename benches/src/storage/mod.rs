//! Sessions on disk: what a checkpoint costs, opening a long journal, listing many sessions.

mod keeper;

mod floor;
mod ours;
#[cfg(feature = "peers")]
mod peers;

mod checkpoints;
mod flat;
mod handed;
mod listing;
mod opening;

mod rows;

pub(crate) use floor::{begin as begin_floor, begin_direct as begin_direct_floor};
pub(crate) use keeper::{DIRECT_FLOOR, FLOOR, Keeper};
pub(crate) use rows::{probe, rows};
