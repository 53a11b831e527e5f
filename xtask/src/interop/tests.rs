//! What reaches the program that plays the rounds.

use clap::Parser as _;

use super::command::{program, runs};
use crate::flags::{Command, Flags};

fn line(arguments: &[&str]) -> Option<String> {
    let words = ["xtask", "interop"].iter().chain(arguments);
    let Command::Interop(flags) = Flags::try_parse_from(words).ok()?.command else {
        return None;
    };
    Some(program(&flags, "0.38.0", "/p").line())
}

#[test]
fn rounds_and_seed_reach_the_program() {
    let start = "cargo run --quiet --package session-tests --bin interop -- 0.38.0 /p --rounds";
    assert_eq!(line(&[]), Some(format!("{start} 100")));
    assert_eq!(
        line(&["--rounds", "1000", "--seed", "7", "--json"]),
        Some(format!("{start} 1000 --seed 7 --json 1"))
    );
    assert_eq!(
        line(&["--first", "30", "--rounds", "1"]),
        Some(format!("{start} 1 --first 30"))
    );
}

#[test]
fn there_are_two_releases() {
    assert!(line(&["--version", "0.5.4"]).is_some());
    assert_eq!(line(&["--version", "1.0"]), None);
}

#[test]
fn runs_go_without_rounds() {
    assert!(line(&["--runs"]).is_some());
    assert_eq!(line(&["--runs", "--rounds", "5"]), None);
    let expected = "cargo run --quiet --package session-tests --bin interop-runs -- /p";
    assert_eq!(runs("/p").line(), expected);
}
