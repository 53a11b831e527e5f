//! Tests of the native format: what it promises about any state and about any bytes.

pub(crate) mod generator;

mod canonical;
mod damage;
mod frozen;
mod golden;
mod hostile;
mod newer;
mod round_trip;
mod streaming;
mod walk;
