//! The mapping as a table.

use session_state::JobOutcome;

use super::{Judge, outcome};
use crate::run::EndCause;

#[test]
fn every_end_has_its_outcome() {
    for (cause, by_code, by_person) in [
        (
            EndCause::Exited(0),
            Some(JobOutcome::Pass),
            Some(JobOutcome::Undecided),
        ),
        (
            EndCause::Exited(1),
            Some(JobOutcome::Fail),
            Some(JobOutcome::Undecided),
        ),
        (
            EndCause::Exited(255),
            Some(JobOutcome::Fail),
            Some(JobOutcome::Undecided),
        ),
        (
            EndCause::Signalled(9),
            Some(JobOutcome::Crash),
            Some(JobOutcome::Undecided),
        ),
        (
            EndCause::TimedOut,
            Some(JobOutcome::Fail),
            Some(JobOutcome::Undecided),
        ),
        (EndCause::Cancelled, None, None),
    ] {
        assert_eq!(outcome(cause, Judge::ReturnCode), by_code, "{cause:?}");
        assert_eq!(outcome(cause, Judge::Person), by_person, "{cause:?}");
    }
}

#[test]
fn every_documented_plugin_has_a_judge() {
    for (plugin, judge) in [
        ("shell", Some(Judge::ReturnCode)),
        ("resource", Some(Judge::ReturnCode)),
        ("attachment", Some(Judge::ReturnCode)),
        ("local", Some(Judge::ReturnCode)),
        ("user-interact", Some(Judge::ReturnCode)),
        ("manual", Some(Judge::Person)),
        ("user-verify", Some(Judge::Person)),
        ("user-interact-verify", Some(Judge::Person)),
        ("Shell", None),
        ("", None),
    ] {
        assert_eq!(Judge::of_plugin(plugin), judge, "{plugin}");
    }
}
