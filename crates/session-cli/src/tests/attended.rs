//! The answers of a person.

use session_state::JobOutcome;

use crate::attended::Verdict;

#[test]
fn letters_are_verdicts_and_words_are_comments() {
    let outcome = |line| match Verdict::read(line) {
        Verdict::Outcome(outcome) => Some(outcome),
        Verdict::Comment(_) | Verdict::Stop | Verdict::Unknown => None,
    };
    assert_eq!(outcome("p"), Some(JobOutcome::Pass));
    assert_eq!(outcome("f"), Some(JobOutcome::Fail));
    assert_eq!(outcome("s"), Some(JobOutcome::Skip));
    assert_eq!(Verdict::read("q"), Verdict::Stop);
    assert_eq!(
        Verdict::read("c it was red"),
        Verdict::Comment("it was red".to_owned())
    );
    for nothing in ["", "pass", "p f", "P", "c"] {
        assert_eq!(Verdict::read(nothing), Verdict::Unknown, "{nothing:?}");
    }
}
