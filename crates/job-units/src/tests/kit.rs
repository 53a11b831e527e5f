//! Texts read as unit files, and what became of them.

use crate::{ReadOptions, UnitError, Units, parse_units};

/// A text read as PXU.
pub(super) fn read(text: &str) -> Result<Units, Vec<UnitError>> {
    parse_units(text, "m.pxu", &ReadOptions::default())
}

/// What is wrong with a text read as PXU.
pub(super) fn errors(text: &str) -> Vec<String> {
    let errors = read(text).expect_err("this file is wrong");
    errors.iter().map(ToString::to_string).collect()
}

/// The ids of the jobs, and the lines they are written on.
pub(super) fn places(units: &Units) -> Vec<(&str, u32, u32)> {
    let jobs = units.jobs.iter().map(|job| {
        let origin = job.origin().expect("a place");
        (job.id().as_str(), origin.line_start, origin.line_end)
    });
    jobs.collect()
}

/// Asserts that a text has just this mistake, told with its place and what was expected.
#[track_caller]
pub(super) fn assert_mistake(file: &str, text: &str, expected: &str) {
    let errors = parse_units(text, file, &ReadOptions::default()).expect_err("a mistake");
    let error = errors[0].to_string();
    assert_eq!(errors.len(), 1, "{errors:?}");
    assert!(error.starts_with(expected), "{error}");
    assert!(error.contains("expected"), "{error}");
}
