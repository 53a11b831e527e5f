//! The table of sessions.

use crate::command::list::table;
use crate::json::Row;

#[test]
fn columns_are_aligned_and_a_damaged_session_is_one_marked_row() {
    let rows = [
        Row {
            id: "2026-11-23T05.41.00.123456".to_owned(),
            state: "running",
            pid: Some(4711),
            jobs_done: Some(3),
            jobs_total: Some(30),
            jobs_failed: Some(0),
            changed: Some("2026-11-23T05:41:09Z".to_owned()),
            title: Some("a.pxu".to_owned()),
            ..Row::default()
        },
        Row {
            id: "broken".to_owned(),
            state: "unreadable",
            problem: Some("snapshot.1 is missing".to_owned()),
            ..Row::default()
        },
    ];
    assert_eq!(
        table("CHANGED", &rows),
        [
            "ID                          STATE           DONE  FAILED  CHANGED               TITLE",
            "2026-11-23T05.41.00.123456  running (4711)  3/30  0       2026-11-23T05:41:09Z  a.pxu",
            "broken                      unreadable      -     -       -                     snapshot.1 is missing",
        ]
    );
}
