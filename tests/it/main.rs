//! One binary for every test that crosses crates.

mod world;

mod attended;
mod checkbox_runs;
mod formats;
mod full_disk;
mod kills;
mod model;
mod newer;
mod readme;
mod repair;
mod resume;
mod schemas;
mod trash;

mod bad_storage;
mod bad_units;
mod output;
mod signals;
mod templates;

mod conformance;
