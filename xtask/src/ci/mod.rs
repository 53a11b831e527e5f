//! `cargo xtask ci`: every check of the project in one order, the same here as on a build machine.
//!
//! `stages` is the list, `command` runs it.

mod stages;

mod command;
#[cfg(test)]
mod tests;

pub(crate) use command::run;
