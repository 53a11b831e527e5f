//! The command line as it is typed.

use clap::{CommandFactory, Parser};
use session_manager::DriftPolicy;

use crate::args::{Arguments, Command};

#[test]
fn the_definition_is_consistent() {
    Arguments::command().debug_assert();
}

#[test]
fn resume_means_the_latest_unless_told() {
    let arguments = Arguments::try_parse_from(["session", "resume"]).expect("complete");
    assert!(matches!(arguments.command, Command::Resume(resume) if resume.id == "latest"));
}

#[test]
fn every_command_takes_json_and_repository() {
    for line in [
        &["run", "a.pxu"][..],
        &["resume"],
        &["list"],
        &["abort", "latest"],
        &["show", "latest"],
        &["verify", "latest"],
        &["repair", "latest", "--dry-run"],
        &["list", "--removed"],
        &["remove", "a", "b", "--purge"],
        &["restore", "a", "b"],
        &["purge", "a"],
        &["purge", "--all"],
    ] {
        let words = ["session"].iter().chain(line).copied();
        let words = words.chain(["--json", "--repository", "there"]);
        assert!(Arguments::try_parse_from(words).is_ok(), "{line:?}");
    }
}

#[test]
fn what_is_missing_is_a_usage_error() {
    for line in [
        &["session"][..],
        &["session", "run"],
        &["session", "show"],
        &["session", "restore"],
        &["session", "purge"],
        &["session", "purge", "a", "--all"],
        &["session", "purge", "--older-than", "30"],
        &["session", "purge", "--older-than", "d"],
        &["session", "purge", "--older-than", "99999999999999999999d"],
        &["session", "purge", "--older-than", "99999999999999999w"],
        &["session", "fly"],
    ] {
        assert!(Arguments::try_parse_from(line).is_err(), "{line:?}");
    }
}

#[test]
fn the_help_of_every_command_lists_the_exit_codes() {
    for name in [
        "run", "resume", "abort", "list", "show", "verify", "repair", "remove", "restore", "purge",
    ] {
        let mut command = Arguments::command();
        let help = command
            .find_subcommand_mut(name)
            .expect("the command is there")
            .render_long_help()
            .to_string();
        assert!(help.contains("129, 130, 143"), "{name}");
    }
}

#[test]
fn the_policies_of_a_resume_are_words() {
    let line = "session resume x --definitions a b --drift rerun --orphans wait --attempts 5 --at-limit pause --dry-run";
    let arguments = Arguments::try_parse_from(line.split(' ')).expect("complete");
    let Command::Resume(resume) = arguments.command else {
        panic!("a resume")
    };
    assert_eq!((resume.definitions.len(), resume.attempts), (2, 5));
    assert_eq!(resume.drift, Some(DriftPolicy::Rerun));
    for wrong in [
        "--drift maybe",
        "--orphans adopt",
        "--attempts 0",
        "--at-limit stop",
    ] {
        let line = format!("session resume {wrong}");
        assert!(
            Arguments::try_parse_from(line.split(' ')).is_err(),
            "{wrong}"
        );
    }
}

#[test]
fn an_age_is_a_number_and_a_unit() {
    for (text, seconds) in [
        ("90s", 90),
        ("5m", 300),
        ("2h", 7200),
        ("30d", 2_592_000),
        ("1w", 604_800),
    ] {
        let line = ["session", "purge", "--older-than", text];
        let arguments = Arguments::try_parse_from(line).expect("complete");
        let Command::Purge(purge) = arguments.command else {
            panic!("a purge")
        };
        assert_eq!(purge.older_than.map(|age| age.as_secs()), Some(seconds));
    }
}
