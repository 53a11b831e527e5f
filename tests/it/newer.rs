//! Sessions that a newer release wrote, from outside: marked, refused with advice, and left as they are.

use std::path::Path;

use session_tests::disk;
use xxhash_rust::xxh3::xxh3_128;

use crate::world::{World, assert_refused, files};

const SECTOR: usize = 512;
const ADVICE: &str = "open it with that release or a later one; nothing here will overwrite it";

/// The files of a session whose names begin so.
fn named(session: &Path, beginning: &str) -> Vec<(std::path::PathBuf, Vec<u8>)> {
    let mut found = files(session);
    found.retain(|(path, _)| {
        path.file_name()
            .is_some_and(|name| name.to_string_lossy().starts_with(beginning))
    });
    assert!(!found.is_empty(), "no {beginning} in {}", session.display());
    found
}

/// Gives the journals of a session version 2, sealed by their checksum.
fn seal_journals(session: &Path) {
    for (path, mut bytes) in named(session, "journal.") {
        bytes[8] = 2;
        let (head, checksum) = bytes[..SECTOR].split_at_mut(SECTOR - 16);
        checksum.copy_from_slice(&xxh3_128(head).to_le_bytes());
        disk::write(&path, &bytes).expect("written");
    }
}

/// Gives the snapshots of a session layout 2, sealed by the checksum of their heads, and the journals those snapshots.
fn seal_snapshots(session: &Path) {
    for (path, mut bytes) in named(session, "snapshot.") {
        bytes[8] = 2;
        let head = 32 + usize::from(u16::from_le_bytes([bytes[12], bytes[13]]));
        let sealed = [&bytes[..16], &bytes[32..head]].concat();
        bytes[16..32].copy_from_slice(&xxh3_128(&sealed).to_le_bytes());
        disk::write(&path, &bytes).expect("written");
        let generation = path.extension().expect("a generation").to_string_lossy();
        for (path, mut journal) in named(session, &format!("journal.{generation}")) {
            journal[72..88].copy_from_slice(&xxh3_128(&bytes).to_le_bytes());
            let (head, checksum) = journal[..SECTOR].split_at_mut(SECTOR - 16);
            checksum.copy_from_slice(&xxh3_128(head).to_le_bytes());
            disk::write(&path, &journal).expect("written");
        }
    }
}

/// Refused by everything that would use it, with what to do, and untouched.
fn is_refused_and_left_alone(world: &World, id: &str, found: &str) {
    let before = files(&world.session(id));
    for command in [
        &["resume", id][..],
        &["resume", id, "--dry-run"],
        &["show", id],
        &["repair", id],
        &["repair", id, "--dry-run"],
        &["abort", id],
    ] {
        assert_refused(&world.run(command), 7, &[found, ADVICE]);
    }
    let verified = world.run(&["verify", id]);
    assert_eq!(verified.code(), Some(7), "{verified}");
    assert!(verified.stderr.contains(ADVICE), "{verified}");
    assert!(!verified.stderr.contains("session repair"), "{verified}");
    let said = format!("{}{}", verified.stdout, verified.stderr);
    assert!(said.contains(found), "{verified}");
    assert_eq!(files(&world.session(id)), before, "it was written to");
    assert_eq!(world.rows()[0].state, "newer");
}

#[test]
fn a_session_with_a_newer_journal_is_marked_refused_and_left_alone() {
    let world = World::new();
    let id = world.good_session();
    seal_journals(&world.session(&id));
    let found = "is of layout version 2; this release reads 1";
    is_refused_and_left_alone(&world, &id, found);
    assert_refused(&world.run(&["peek", &id]), 7, &[found, ADVICE]);
    let listed = world.run(&["list"]);
    assert!(listed.stdout.contains("newer"), "{listed}");
    assert!(listed.stdout.contains(found), "{listed}");
}

#[test]
fn an_older_session_is_not_taken_for_the_latest_when_a_newer_one_cannot_be_read() {
    let world = World::new();
    let older = world.good_session();
    let newer = world.good_session();
    seal_journals(&world.session(&newer));
    for command in ["resume", "show", "verify"] {
        assert_refused(
            &world.run(&[command, "latest"]),
            7,
            &[&newer, "session list"],
        );
    }
    let named = world.run(&["show", &older]);
    assert_eq!(named.code(), Some(0), "{named}");
    // One that is older than the latest has no say.
    let latest = world.good_session();
    let shown = world.run(&["show", "latest"]);
    assert_eq!(shown.code(), Some(0), "{shown}");
    assert!(shown.stdout.contains(&latest), "{shown}");
}

#[test]
fn a_session_with_a_newer_snapshot_is_marked_peeked_at_refused_and_left_alone() {
    let world = World::new();
    let id = world.good_session();
    seal_snapshots(&world.session(&id));
    is_refused_and_left_alone(&world, &id, "unsupported version native layout 2");
    let peeked = world.run(&["peek", &id]);
    assert_eq!(peeked.code(), Some(0), "{peeked}");
    assert!(
        peeked.stdout.contains("newer than this program reads"),
        "{peeked}"
    );
}
