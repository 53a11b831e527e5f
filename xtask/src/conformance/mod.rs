//! `conformance`: starts the comparison with recorded answers, which lives in the package `session-tests`.

mod command;

pub(crate) use command::run;

#[cfg(test)]
mod tests;
