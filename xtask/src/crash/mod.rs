//! `crash`: starts the kill loop or the crash explorer, which live in the package `session-tests`.

mod command;

pub(crate) use command::run;

#[cfg(test)]
mod tests;
