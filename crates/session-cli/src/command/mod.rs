//! The commands, one file each.

pub(crate) mod list;
pub(crate) mod remove;
pub(crate) mod resume;
pub(crate) mod run;
pub(crate) mod show;
