//! The judge can say no, and the archive is what a kernel reads.

use super::archive::Archive;
use super::rehearse::{Rehearsal, judge};

fn lines(lines: &[&str]) -> Vec<String> {
    lines.iter().map(|&line| line.to_owned()).collect()
}

/// What the machine says when all goes well.
fn good() -> Rehearsal {
    let jobs = ["after", "cut", "first", "goes-down", "last"];
    let jobs = jobs.map(|job| format!(r#"{{"id":"{job}","outcome":"pass"}}"#));
    let shown = format!(r#"rehearsal: shown {{"jobs":[{}]}}"#, jobs.join(","));
    Rehearsal {
        boots: [
            lines(&["rehearsal: boot 1", "[1/5] pass first"]),
            lines(&[
                "rehearsal: boot 2",
                r#"rehearsal: plan {"death":"reboot-asked"}"#,
                "rehearsal: cut",
            ]),
            lines(&[
                "rehearsal: boot 3",
                r#"rehearsal: plan {"death":"reboot-unasked"}"#,
                "rehearsal: code 0",
                &shown,
                "rehearsal: marks first after cut cut last ",
            ]),
        ],
    }
}

#[test]
fn the_rehearsal_is_judged_by_what_the_machine_says() {
    judge(&good()).expect("all is well");
    for (boot, line, other) in [
        (1, "rehearsal: boot 2", "rehearsal: boot 1"),
        (0, "[1/5] pass first", "rehearsal: code 0"),
        (
            1,
            r#"rehearsal: plan {"death":"reboot-asked"}"#,
            r#"rehearsal: plan {"death":"reboot-unasked"}"#,
        ),
        (
            2,
            r#"rehearsal: plan {"death":"reboot-unasked"}"#,
            r#"rehearsal: plan {"death":"killed"}"#,
        ),
        (2, "rehearsal: code 0", "rehearsal: code 1"),
        (
            2,
            "rehearsal: marks first after cut cut last ",
            "rehearsal: marks first first after cut cut last ",
        ),
        (2, "rehearsal: boot 3", "nothing"),
    ] {
        let mut bad = good();
        let place = bad.boots[boot].iter().position(|said| said == line);
        bad.boots[boot][place.expect("it is said")] = other.to_owned();
        judge(&bad).expect_err(other);
    }
    let mut bad = good();
    let shown = bad.boots[2][3].replace(r#""cut","outcome":"pass""#, r#""cut","outcome":"crash""#);
    bad.boots[2][3] = shown;
    judge(&bad).expect_err("another outcome");
}

#[test]
fn an_archive_has_aligned_entries_and_a_trailer() {
    let mut archive = Archive::default();
    archive.folder("dev");
    archive.file("init", b"12345");
    let bytes = archive.finish();
    assert_eq!(bytes.len() % 4, 0);
    let text = String::from_utf8(bytes).expect("all of it is text here");
    assert!(text.starts_with("070701"), "{text}");
    assert_eq!(text.matches("070701").count(), 3);
    // A header has 110 bytes; the name follows at once, the content at the next multiple of four.
    assert_eq!(text.get(110..114), Some("dev\0"));
    let second = text.get(116..).expect("a second entry");
    assert_eq!(second.get(54..62), Some("00000005"), "its length");
    assert_eq!(second.get(110..115), Some("init\0"));
    assert_eq!(second.get(116..121), Some("12345"));
    assert!(text.contains("TRAILER!!!\0"));
}
