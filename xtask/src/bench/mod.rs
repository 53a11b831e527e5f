//! `bench`: builds and starts the benchmarks, which live in the package `session-bench`.

mod command;

pub(crate) use command::run;

#[cfg(test)]
mod tests;
