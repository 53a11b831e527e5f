//! Peek and resume of every case and of every mutation of the corpus answer as Checkbox does, save the
//! deviations counted here.

use super::corpus::{Case, cases, mutations};
use super::deviation::{Deviation, Tally, tally};
use super::peek::compare_peek;
use super::resume::{compare_resume, resumed};
use super::write::compare_texts;

fn peeked(cases: &[Case]) -> Tally {
    tally(cases.iter().map(|case| {
        let answer = compare_peek(&case.session, &case.expected["peek"]);
        (case.name.as_str(), answer)
    }))
}

/// What became of the cases: resumed, and written again in all versions.
fn resumed_and_written(cases: &[Case]) -> (Tally, Tally) {
    let (mut answers, mut texts) = (Vec::new(), Vec::new());
    for case in cases {
        let ours = resumed(case);
        answers.push((case.name.as_str(), compare_resume(case, &ours)));
        if let Ok(state) = ours {
            let compared = compare_texts(case, &state).into_iter();
            texts.extend(compared.map(|answer| (case.name.as_str(), answer)));
        }
    }
    (tally(answers.into_iter()), tally(texts.into_iter()))
}

#[test]
fn every_case_is_answered_as_checkbox_answers_it() {
    let cases = cases();
    assert_eq!(cases.len(), 1_702);
    let deviations = [
        (Deviation::D1, 13),
        (Deviation::D2, 17),
        (Deviation::D10OrD16, 2),
        (Deviation::D15, 5),
    ];
    assert_eq!(peeked(&cases), (1_665, deviations.into()));
    let deviations = [
        (Deviation::D1, 10),
        (Deviation::D2, 17),
        (Deviation::D5, 17),
        (Deviation::D7, 38),
        (Deviation::D10OrD16, 4),
        (Deviation::D14, 2),
        (Deviation::D15, 4),
        (Deviation::D17, 1),
        (Deviation::D19, 84),
    ];
    assert_eq!(
        resumed_and_written(&cases),
        ((1_525, deviations.into()), (7_796, [].into()))
    );
}

#[test]
fn every_mutation_is_answered_as_checkbox_answers_it() {
    let mutations = mutations();
    assert_eq!(mutations.len(), 7_358);
    let deviations = [(Deviation::D1, 57)];
    assert_eq!(peeked(&mutations), (7_301, deviations.into()));
    let (resumed, _) = resumed_and_written(&mutations);
    assert_eq!(resumed, (6_951, [(Deviation::D19, 407)].into()));
}
