//! Names: what is ours, and which numbers are taken (invariant J6).

use std::ffi::OsStr;
use std::os::unix::ffi::OsStrExt;

use crate::recovery::inventory::Inventory;
use crate::recovery::names::{NativeName, Reading, read_name};

#[test]
fn every_name_reads_back_as_itself() {
    let names = [
        NativeName::Snapshot(0),
        NativeName::Snapshot(u64::MAX),
        NativeName::SnapshotTemp(7),
        NativeName::SnapshotDamaged(7),
        NativeName::Aside(7),
        NativeName::Journal(7, 0),
        NativeName::Journal(7, 3),
        NativeName::JournalTemp(7, 0),
        NativeName::JournalTemp(7, 3),
        NativeName::Spare,
        NativeName::SpareTemp,
    ];
    for name in names {
        assert_eq!(read_name(&name.os()), Some(Reading::Ours(name)), "{name}");
    }
}

#[test]
fn foreign_names_take_their_numbers_and_no_more() {
    let cases: [(&[u8], Option<Reading>); 14] = [
        (b"snapshot.12.bak", Some(Reading::Carries(12, 0))),
        (b"snapshot.012", Some(Reading::Carries(12, 0))),
        (b"journal.12.3.old", Some(Reading::Carries(12, 3))),
        (b"journal.12.tmp", Some(Reading::Carries(12, 0))),
        (b"journal.12.0", Some(Reading::Carries(12, 0))),
        (b"journal.12.99999999999", Some(Reading::Carries(12, 0))),
        (b"snapshot.", None),
        (b"snapshot.x", None),
        (b"snapshot.-1", None),
        (b"snapshot.99999999999999999999999", None),
        (b"session", None),
        (b"spare.1", None),
        (b"snapshot.1\xff", None),
        (b"", None),
    ];
    for (name, expected) in cases {
        assert_eq!(read_name(OsStr::from_bytes(name)), expected, "{name:?}");
    }
}

#[test]
fn a_number_in_any_name_is_not_given_again() {
    let names = [
        "snapshot.3",
        "journal.3",
        "journal.3.4.tmp",
        "snapshot.9.damaged",
    ];
    let inventory = Inventory::of(names.iter().map(OsStr::new));
    assert_eq!(inventory.unused_generation(), Some(10));
    assert_eq!(inventory.unused_segment(3), Some(5));
    assert_eq!(inventory.unused_segment(4), Some(0));
    let full = Inventory::of([OsStr::new("snapshot.18446744073709551615")]);
    assert_eq!(full.unused_generation(), None);
    assert_eq!(Inventory::of([]).unused_generation(), Some(1));
}
