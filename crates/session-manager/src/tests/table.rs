//! The table of fates, every combination of everything it looks at.

use std::collections::BTreeSet;

use session_state::{JobOutcome, PluginKind};

use crate::resume::fate_of;
use crate::{CauseOfDeath, FateRow, FlightAction, FlightFacts, FlightRules};

/// Every combination; attempts and limits up to one beyond each other.
fn all(visit: &mut dyn FnMut(&FlightFacts)) {
    let kinds = PluginKind::ALL.map(Some).into_iter().chain([None]);
    let left = [
        None,
        Some(None),
        Some(Some(JobOutcome::Pass)),
        Some(Some(JobOutcome::Fail)),
        Some(Some(JobOutcome::Skip)),
    ];
    for kind in kinds {
        for flags in 0..8_u8 {
            for left_outcome in left {
                for death in CauseOfDeath::ALL {
                    for rules in FlightRules::ALL {
                        for (attempts, attempts_max) in
                            (0..5).flat_map(|n| (1..4).map(move |m| (n, m)))
                        {
                            visit(&FlightFacts {
                                kind,
                                noreturn: flags & 1 != 0,
                                autorestart: flags & 2 != 0,
                                started: flags & 4 != 0,
                                left_outcome,
                                attempts,
                                attempts_max,
                                death,
                                rules,
                            });
                        }
                    }
                }
            }
        }
    }
}

/// The same rules told the other way round: by what is known, not row by row.
fn expected(facts: &FlightFacts) -> FlightAction {
    if !facts.started {
        return FlightAction::RunNow;
    }
    if let Some(left) = facts.left_outcome {
        return FlightAction::Record(left.unwrap_or(JobOutcome::Crash));
    }
    let rebooted = [CauseOfDeath::RebootAsked, CauseOfDeath::RebootUnasked].contains(&facts.death);
    let is_by_person = [
        Some(PluginKind::Manual),
        Some(PluginKind::UserVerify),
        Some(PluginKind::UserInteractVerify),
    ]
    .contains(&facts.kind);
    let spent = facts.attempts >= facts.attempts_max;
    match (facts.rules, facts.noreturn) {
        (FlightRules::Checkbox, true) if facts.kind == Some(PluginKind::Shell) => {
            FlightAction::Record(JobOutcome::Pass)
        }
        (FlightRules::Checkbox, false) if facts.kind == Some(PluginKind::Shell) => {
            FlightAction::Record(JobOutcome::Crash)
        }
        (FlightRules::Native, true) if rebooted && is_by_person => {
            FlightAction::Record(JobOutcome::Undecided)
        }
        (FlightRules::Native, true) if rebooted => FlightAction::Record(JobOutcome::Pass),
        (FlightRules::Native | FlightRules::Checkbox, _) if spent => {
            FlightAction::Record(JobOutcome::Crash)
        }
        (FlightRules::Native | FlightRules::Checkbox, _) => FlightAction::RunAgain,
    }
}

#[test]
fn every_combination_has_one_fate_and_every_row_decides_some() {
    let mut seen = BTreeSet::new();
    let mut combinations = 0;
    all(&mut |facts| {
        let (row, action) = fate_of(facts);
        assert!(row.fits(facts), "{facts:?}");
        assert_eq!(action, expected(facts), "{row:?} for {facts:?}");
        seen.insert(row);
        combinations += 1;
    });
    assert_eq!(combinations, 9 * 8 * 5 * 7 * 2 * 15);
    assert_eq!(
        seen,
        FateRow::ALL.into(),
        "a row that never decides is no row"
    );
}

/// Whatever else is known: a job that was started as often as is allowed never runs again, so that no session is
/// cut short by one job for ever.
#[test]
fn no_job_runs_again_when_it_was_started_as_often_as_is_allowed() {
    all(&mut |facts| {
        if facts.started && facts.attempts >= facts.attempts_max {
            let (row, action) = fate_of(facts);
            assert!(
                matches!(action, FlightAction::Record(_)),
                "{row:?} for {facts:?}"
            );
        }
    });
}

/// A pass is never guessed: the job said so, or it is one that ends with the machine going down.
#[test]
fn a_job_in_flight_passes_by_its_own_word_or_by_going_down() {
    all(&mut |facts| {
        let (row, action) = fate_of(facts);
        if action == FlightAction::Record(JobOutcome::Pass) {
            let said = facts.left_outcome == Some(Some(JobOutcome::Pass));
            assert!(said || facts.noreturn, "{row:?} for {facts:?}");
        }
    });
}

/// `docs/resume.md` shows the table row by row, in the order in which it is asked.
#[test]
fn the_documented_table_is_the_table() {
    let document = include_str!("../../../../docs/resume.md");
    let rows: Vec<String> = FateRow::ALL
        .iter()
        .enumerate()
        .map(|(number, row)| {
            let number = number + 1;
            let (when, what, why) = (row.condition(), row.action_text(), row.reason());
            format!("| {number} | {when} | {what} | {why} |")
        })
        .collect();
    let shown: Vec<&str> = document
        .lines()
        .skip_while(|line| !line.starts_with("| row |"))
        .skip(2)
        .take_while(|line| line.starts_with("| "))
        .collect();
    assert_eq!(shown, rows);
}
