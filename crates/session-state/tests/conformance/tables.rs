//! Outcomes and causes of inhibition.

use session_state::{InhibitionCause, JobOutcome};

use crate::corpus::{load, texts};

#[test]
fn outcomes_are_those_of_the_table() {
    let table = load("tables.json.gz");
    let mut ours: Vec<String> = JobOutcome::ALL.iter().map(ToString::to_string).collect();
    ours.sort();
    assert_eq!(ours, texts(&table["outcomes"]));
    for outcome in JobOutcome::ALL {
        assert_eq!(outcome.as_str().parse(), Ok(outcome));
    }
}

#[test]
fn causes_have_their_numbers() {
    let table = load("tables.json.gz");
    let causes = table["inhibition_causes"].as_object().expect("a map");
    assert_eq!(causes.len(), InhibitionCause::ALL.len());
    for cause in InhibitionCause::ALL {
        assert_eq!(
            causes[cause.name()].as_u64(),
            Some(u64::from(cause.number())),
            "{}",
            cause.name()
        );
    }
}
