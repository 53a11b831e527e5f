//! Tests of the parts that are pure; the program as a whole is tested across processes in `tests/`.

mod args;
mod attended;
mod decision;
mod exit_code;
mod list;
mod output;
mod progress;
mod run;
mod signals;
mod standing;
mod summary;
mod wording;
