//! Every table of the recorded answers, and the page that says how many of them are ours too.

use std::path::Path;

use session_tests::conformance::{Corpus, Settings, run};
use session_tests::disk;

/// Runs a table, and compares the page's row of each of its lists with what came out.
#[track_caller]
fn check(table: &str) {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let corpus = Corpus::open(&root.join("corpus")).expect("the corpus is committed");
    let settings = Settings {
        only: Some(table.to_owned()),
        dump: None,
    };
    let report = run(&corpus, settings).expect("the table is known");
    assert_eq!(report.failed(), 0, "{report}");
    assert!(report.missing.is_empty(), "{report}");
    let page = disk::read_text_or_empty(&root.join("../docs/checkbox-compatibility.md"));
    let page = page.expect("the page can be read");
    for (name, row) in &report.rows {
        assert_eq!(row.unrecorded, 0, "{name}: every recorded answer is there");
        let row = row.markdown(name);
        assert!(
            page.lines().any(|line| line.starts_with(&row)),
            "docs/checkbox-compatibility.md says something else than: {row}"
        );
    }
}

#[test]
fn cases_are_answered_as_recorded() {
    check("cases");
}

#[test]
fn units_are_read_as_recorded() {
    check("units");
}

#[test]
fn sessions_of_old_releases_hold_what_these_told() {
    check("writers");
}

#[test]
fn mutations_are_answered_as_recorded() {
    check("mutations");
}

#[test]
fn graphs_are_solved_as_recorded() {
    check("solver");
}

#[test]
fn requirements_are_answered_as_recorded() {
    check("expressions");
}

#[test]
fn unit_texts_are_read_as_recorded() {
    check("pxu");
}

#[test]
fn checksums_are_as_recorded() {
    check("checksums");
}

#[test]
fn small_tables_are_answered_as_recorded() {
    check("tables");
}

#[test]
fn directories_are_kept_as_recorded() {
    check("legacy");
}
