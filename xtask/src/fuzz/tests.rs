//! What is chosen, and what is read from the words of libFuzzer.

use std::time::Duration;

use clap::Parser as _;

use super::command::{chosen, seconds};
use super::report::{Report, table, verdict};
use crate::flags::{Command, Flags};

const HELD: &str = "\
INFO: seed corpus: files: 3
#3\tINITED cov: 10 ft: 11 corp: 3/9b exec/s: 0 rss: 40Mb
#4096\tNEW    cov: 120 ft: 300 corp: 31/2Kb lim: 40 exec/s: 900 rss: 50Mb
#9000\tDONE   cov: 125 ft: 310 corp: 33/2Kb lim: 40 exec/s: 900 rss: 50Mb
stat::number_of_executed_units: 9000
";

const BROKEN: &str = "\
#77\tNEW    cov: 12 ft: 13 corp: 4/9b lim: 4 exec/s: 9 rss: 40Mb
thread '<unnamed>' panicked at tests/src/fuzzing/native.rs:3:5:
one encoding only
==1== ERROR: libFuzzer: deadly signal
artifact_prefix='/w/'; Test unit written to /w/crash-12
stat::number_of_executed_units: 78
";

fn report(ended_well: bool, said: &str) -> Report {
    Report::of("pxu", Duration::from_secs(10), ended_well, said)
}

#[test]
fn a_run_that_held_is_told_with_its_figures() {
    let held = report(true, HELD);
    let line = table(std::slice::from_ref(&held));
    let words: Vec<&str> = line.split_whitespace().collect();
    assert_eq!(
        words.join(" "),
        "pxu 10 s 9000 executions 900 a second 125 places 33 inputs kept held"
    );
    let (said, held) = verdict(&[held.clone(), held]);
    assert!(held);
    assert_eq!(said, "18000 executions, 2 targets, every promise held");
}

#[test]
fn a_broken_promise_names_its_reason_and_its_input() {
    let broken = report(false, BROKEN);
    assert!(
        broken.to_string().ends_with("BROKEN: one encoding only"),
        "{broken}"
    );
    let (said, held) = verdict(&[report(true, HELD), broken]);
    assert!(!held);
    assert_eq!(
        said,
        "1 of 2 targets did not hold: again with `cargo xtask fuzz pxu --input /w/crash-12`"
    );
}

#[test]
fn an_input_that_takes_too_much_is_a_broken_promise_too() {
    let said =
        "==1== ERROR: libFuzzer: timeout after 21 seconds\nTest unit written to /w/timeout-3\n";
    let slow = report(false, said);
    assert!(
        slow.to_string().contains("timeout after 21 seconds"),
        "{slow}"
    );
    assert!(!verdict(&[slow]).1);
}

#[test]
fn a_run_that_tried_nothing_has_not_held() {
    for (ended_well, said) in [
        (true, ""),
        (false, HELD),
        (false, "error: could not compile"),
    ] {
        assert!(!verdict(&[report(ended_well, said)]).1, "{said}");
    }
}

#[test]
fn targets_are_chosen_by_name_and_all_without_one() {
    let known = ["pxu".to_owned(), "recovery".to_owned()];
    assert_eq!(chosen(&known, &[]).unwrap(), ["pxu", "recovery"]);
    assert_eq!(
        chosen(&known, &["recovery".to_owned()]).unwrap(),
        ["recovery"]
    );
    let unknown = chosen(&known, &["recover".to_owned()])
        .unwrap_err()
        .to_string();
    assert_eq!(
        unknown,
        "there is no target \"recover\"; the targets are pxu, recovery"
    );
}

#[test]
fn a_minute_each_for_a_smoke_test_and_as_long_as_one_likes() {
    let seconds_of = |arguments: &[&str]| {
        let words = ["xtask", "fuzz"].iter().chain(arguments);
        let Command::Fuzz(flags) = Flags::try_parse_from(words).unwrap().command else {
            panic!("another command was read");
        };
        seconds(&flags)
    };
    assert_eq!(seconds_of(&[]), 600);
    assert_eq!(seconds_of(&["--smoke"]), 60);
    assert_eq!(seconds_of(&["pxu", "--seconds", "1800"]), 1800);
}
