//! `cargo xtask tidy`: the house rules that no compiler knows.
//!
//! `tree` holds the text files of the project in memory; the other modules are pure functions over it, so the
//! tests plant breaches in a tree of their own and see them found.

mod finding;
mod tree;

mod citations;
mod markdown;
mod modules;
mod promises;
mod rust;
mod text;

mod check;
mod command;
#[cfg(test)]
mod tests;

pub(crate) use command::run;
