//! `interop`: makes virtual environments with the releases of plainbox and starts the program of `session-tests`
//! that talks to them.

mod environment;

mod command;

pub(crate) use command::run;

#[cfg(test)]
mod tests;
