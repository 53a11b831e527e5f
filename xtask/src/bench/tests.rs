//! What is built and started.

use clap::Parser as _;

use super::command::program;
use crate::flags::{Command, Flags};

#[test]
fn every_argument_reaches_the_program_with_the_peers() {
    for arguments in [
        &["storage", "--quick", "--json", "out.json"][..],
        &["--help"],
        &[],
    ] {
        let words = ["xtask", "bench"].iter().chain(arguments);
        let Command::Bench(flags) = Flags::try_parse_from(words).unwrap().command else {
            panic!("{arguments:?} is no `bench`");
        };
        let line = program(&flags).line();
        let expected = format!(
            "cargo run --bin session-bench --quiet --release --package session-bench --features peers -- {}",
            arguments.join(" ")
        );
        assert_eq!(line.trim_end(), expected.trim_end());
    }
}
