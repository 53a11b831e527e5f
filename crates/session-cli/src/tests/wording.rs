//! Words as they come out.

use std::time::Duration;

use crate::wording::{chain, command, count, duration, moment, one_line, seconds};

#[test]
fn durations_read_well_at_every_size() {
    for (millis, words) in [
        (0, "0.00 s"),
        (123, "0.12 s"),
        (9_999, "10.00 s"),
        (10_000, "10 s"),
        (59_999, "59 s"),
        (60_000, "1 min 00 s"),
        (185_000, "3 min 05 s"),
        (7_620_000, "2 h 07 min"),
    ] {
        assert_eq!(duration(Duration::from_millis(millis)), words);
    }
    assert_eq!(seconds(0.5).as_deref(), Some("0.50 s"));
    assert_eq!(seconds(f64::NAN), None);
    assert_eq!(seconds(-1.0), None);
}

#[test]
fn foreign_text_cannot_command_a_terminal() {
    assert_eq!(one_line("a\nb\tc\n"), "a b c");
    assert_eq!(one_line("\u{1b}[31mred\u{7}"), "\\u{1b}[31mred\\u{7}");
    assert_eq!(one_line("täglich ✓"), "täglich ✓");
}

#[test]
fn counts_and_moments() {
    assert_eq!(count(1, "job"), "1 job");
    assert_eq!(count(0, "job"), "0 jobs");
    assert_eq!(moment(0).as_deref(), Some("1970-01-01T00:00:00Z"));
    assert_eq!(moment(i128::MAX), None);
}

#[test]
fn a_chain_names_every_cause() {
    let inner = std::io::Error::other("the disk is gone");
    let outer = session_state::UnknownOutcome("odd".to_owned());
    assert_eq!(chain(&outer), "'odd' is not an outcome");
    let error = crate::error::Failure::CurrentDirectory(inner);
    assert_eq!(
        chain(&error),
        "cannot tell the current directory: the disk is gone"
    );
}

#[test]
fn a_command_is_cut_where_it_gets_unbearable() {
    assert_eq!(command("sleep 600\n"), "sleep 600");
    let long = command(&"é".repeat(500));
    assert_eq!(long.chars().count(), 74);
    assert!(long.ends_with("é …"));
}
