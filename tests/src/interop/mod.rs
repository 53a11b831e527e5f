//! Live interop: random sessions are written by us, resumed and written again by a release of plainbox, read by us.
//!
//! The release runs in a virtual environment, driven by `tests/interop/driver.py`; this side sends it sessions and
//! compares what it tells, in the words of the corpus, with what our codec makes of the same bytes.

mod generate;
mod peer;
mod release;

mod compare;
mod outcomes;
mod round;

mod run;

mod runs;

pub use peer::PeerError;
pub use release::Release;
pub use run::{Figures, InteropError, Settings, run};
pub use runs::{RunsError, RunsFigures, run_plans};

#[cfg(test)]
mod tests;
