//! Which program is started with what.

use clap::Parser as _;

use super::command::program;
use crate::flags::{Command, Flags};

fn line(arguments: &[&str]) -> Option<String> {
    let words = ["xtask", "conformance"].iter().chain(arguments);
    match Flags::try_parse_from(words).ok()?.command {
        Command::Conformance(flags) => Some(program(&flags).expect("absolute paths").line()),
        Command::Ci(_)
        | Command::Layers
        | Command::Tidy(_)
        | Command::Bench(_)
        | Command::Crash(_)
        | Command::Fuzz(_)
        | Command::Interop(_)
        | Command::Release(_) => None,
    }
}

#[test]
fn everything_reaches_the_program() {
    assert_eq!(
        line(&[
            "/corpus",
            "--only",
            "solver",
            "--dump",
            "/out.jsonl",
            "--json"
        ])
        .as_deref(),
        Some(
            "cargo run --quiet --package session-tests --bin conformance -- \
             /corpus --only solver --dump /out.jsonl --json"
        )
    );
}

#[test]
fn paths_are_those_of_the_caller() {
    let line = line(&["corpus"]).expect("a line");
    let here = std::env::current_dir().expect("a directory");
    let path = here.join("corpus");
    assert!(line.ends_with(path.to_str().expect("Unicode")), "{line}");
}

#[test]
fn the_directory_must_be_named() {
    assert_eq!(line(&[]), None);
}
