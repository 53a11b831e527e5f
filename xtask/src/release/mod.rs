//! `cargo xtask release`: what must be true before a release, and the files it changes.
//!
//! `plan` is pure: texts in, texts or problems out. `command` reads, prints, and writes only when told to.
//! Committing, tagging and pushing stay with a person; the commands are printed.

mod plan;

mod command;
#[cfg(test)]
mod tests;

pub(crate) use command::run;
