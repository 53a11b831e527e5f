//! Processes of a job that have lost the one who ran it: how they are found, how they are ended.

mod search;

mod ending;

mod report;

pub(crate) use ending::{Ending, KILL_WAIT, Stage, Step};
pub use report::{EndReport, Survivor, end_orphans, find_orphans};
pub(crate) use search::Search;
pub use search::{FoundBy, Orphan};

#[cfg(test)]
mod tests;
