//! The commands, one file each.

pub(crate) mod abort;
mod batch;
pub(crate) mod convert;
pub(crate) mod list;
mod orphans;
pub(crate) mod peek;
pub(crate) mod plans;
pub(crate) mod remove;
pub(crate) mod repair;
pub(crate) mod resume;
pub(crate) mod run;
pub(crate) mod show;
pub(crate) mod trash;
pub(crate) mod verify;
