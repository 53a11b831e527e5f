//! Which program is started with what.

use clap::Parser as _;

use super::command::program;
use crate::flags::{Command, Flags};

fn line(arguments: &[&str]) -> Option<String> {
    let words = ["xtask", "crash"].iter().chain(arguments);
    match Flags::try_parse_from(words).ok()?.command {
        Command::Crash(flags) => Some(program(&flags).line()),
        Command::Ci(_)
        | Command::Layers
        | Command::Tidy(_)
        | Command::Bench(_)
        | Command::Fuzz(_)
        | Command::Conformance(_)
        | Command::Interop(_)
        | Command::Release(_) => None,
    }
}

#[test]
fn rounds_and_seed_reach_the_kill_loop() {
    assert_eq!(
        line(&["--kill", "500", "--seed", "7"]).as_deref(),
        Some("cargo run --quiet --package session-tests --bin kill-loop -- --rounds 500 --seed 7")
    );
}

#[test]
fn rounds_and_seed_reach_the_cuts_below_ext4() {
    assert_eq!(
        line(&["--ext4", "300", "--seed", "7"]).as_deref(),
        Some("cargo run --quiet --package session-tests --bin ext4-cuts -- --rounds 300 --seed 7")
    );
    assert_eq!(line(&["--ext4", "300", "--kill", "5"]), None);
    assert_eq!(line(&["--ext4", "300", "--seconds", "5"]), None);
}

#[test]
fn seconds_and_seed_reach_the_explorer() {
    assert_eq!(
        line(&["--explore", "--seconds", "60", "--seed", "7"]).as_deref(),
        Some(
            "cargo run --quiet --package session-tests --bin crash-explore -- --seconds 60 --seed 7"
        )
    );
}

#[test]
fn the_word_of_a_finding_reaches_the_explorer() {
    assert_eq!(
        line(&["--explore", "--replay", "fold,seed=1,crash=30,killed"]).as_deref(),
        Some(
            "cargo run --quiet --package session-tests --bin crash-explore -- --replay fold,seed=1,crash=30,killed"
        )
    );
    assert_eq!(line(&["--explore", "--replay", "x", "--seed", "7"]), None);
}

#[test]
fn sequences_and_seed_reach_the_model() {
    assert_eq!(
        line(&["--model", "--sequences", "10000", "--seed", "7"]).as_deref(),
        Some(
            "cargo run --quiet --package session-tests --bin crash-model -- --sequences 10000 --seed 7"
        )
    );
    assert_eq!(line(&["--explore", "--sequences", "5"]), None);
}

#[test]
fn the_rehearsal_of_a_reboot_takes_no_numbers() {
    assert_eq!(
        line(&["--reboot"]).as_deref(),
        Some("cargo run --quiet --package session-tests --bin reboot-rehearsal --")
    );
    assert_eq!(line(&["--reboot", "--seed", "7"]), None);
    assert_eq!(line(&["--reboot", "--kill", "7"]), None);
}

#[test]
fn one_means_must_be_named_and_only_one() {
    assert_eq!(line(&[]), None);
    assert_eq!(line(&["--kill", "5", "--explore"]), None);
    assert_eq!(line(&["--kill", "5", "--seconds", "9"]), None);
}
