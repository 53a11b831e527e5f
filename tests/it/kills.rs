//! The real program is killed at drawn moments and resumed, until its sessions are done.

use std::time::Duration;

use session_tests::killing::{self, Settings};
use session_tests::{Program, say};

/// Rounds that are played however slow the machine is.
const ROUNDS_MIN: u64 = 5;

#[test]
fn what_was_reported_survives_every_kill_and_never_runs_again() {
    let program = Program::built().unwrap_or_else(|error| panic!("{}", say::chain(&error)));
    let settings = Settings {
        seed: 2026,
        first: 0,
        rounds_min: ROUNDS_MIN,
        time: Duration::from_secs(24),
        hands: 2,
    };
    let figures = killing::run(&program, &settings).unwrap_or_else(|failure| panic!("{failure}"));
    say::line(&figures.to_string());
    assert!(figures.rounds >= ROUNDS_MIN, "{figures}");
    assert!(figures.kills > figures.rounds, "{figures}");
    assert!(figures.outcomes > figures.rounds, "{figures}");
}
