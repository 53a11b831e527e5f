//! The ways in which our answers may differ from those of Checkbox, and the counting of them.

use std::collections::BTreeMap;

/// A listed deviation.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Deviation {
    /// Damaged packing and unhashable values end in foreign exceptions.
    D1,
    /// PlainBox 0.38's version 6 is read.
    D2,
    /// A resource job that never ran does not make a session unreadable.
    D5,
    /// What is wrong with a definition is a problem of that job.
    D7,
    /// Delays as texts with underscores or digits beyond ASCII are refused.
    D14,
    /// Lone surrogates are refused.
    D15,
    /// Nesting beyond 1,000 is refused, and any chain of jobs is solved.
    D10OrD16,
    /// The session directory is no replacement template.
    D17,
    /// Another foreign exception; ours is a typed error.
    D19,
}

/// An answer: as Checkbox gives it, or deviating in a listed way, or wrong.
pub(super) type Answer = Result<(), Difference>;

#[derive(Debug)]
pub(super) enum Difference {
    Listed(Deviation),
    Wrong(String),
}

pub(super) fn listed(deviation: Deviation) -> Answer {
    Err(Difference::Listed(deviation))
}

pub(super) fn wrong(what: String) -> Answer {
    Err(Difference::Wrong(what))
}

/// How many answers were the same, and how many deviated in which way.
pub(super) type Tally = (usize, BTreeMap<Deviation, usize>);

/// Counts answers. A wrong one ends the test.
#[track_caller]
pub(super) fn tally<'a>(answers: impl Iterator<Item = (&'a str, Answer)>) -> Tally {
    let (mut same, mut deviations) = (0, BTreeMap::new());
    let mut wrong = Vec::new();
    for (name, answer) in answers {
        match answer {
            Ok(()) => same += 1,
            Err(Difference::Listed(deviation)) => *deviations.entry(deviation).or_default() += 1,
            Err(Difference::Wrong(what)) => wrong.push(format!("{name}: {what}")),
        }
    }
    assert!(
        wrong.is_empty(),
        "{} wrong answers:\n{}",
        wrong.len(),
        wrong.join("\n")
    );
    (same, deviations)
}
