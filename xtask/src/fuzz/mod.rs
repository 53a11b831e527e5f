//! `fuzz`: builds and runs the fuzz targets, which live in the workspace `fuzz/` with their bodies in
//! `session-tests`.

mod report;
mod tools;

mod command;

pub(crate) use command::run;

#[cfg(test)]
mod tests;
