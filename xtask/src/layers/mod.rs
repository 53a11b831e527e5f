//! `cargo xtask layers`: who may use whom, held by a machine.
//!
//! `table` states the rules as data, `model` says what is known about a workspace, `manifest` and `read` fill
//! the model from the manifests and from cargo, `check` compares the two. The comparison is pure, so the
//! tests plant violations in a model and see them found.

mod table;

mod model;

mod manifest;
mod read;

mod check;

mod command;
#[cfg(test)]
mod tests;

pub(crate) use command::run;
