//! A damaged session, from outside: proven, planned, repaired, gone on with.

use session_tests::disk;

use crate::world::{World, assert_refused, files};

/// Damages the last frame of the session's journal.
fn damage_last_frame(world: &World, id: &str) {
    let journals = files(&world.session(id)).into_iter().filter(|(path, _)| {
        path.file_name()
            .is_some_and(|name| name.to_string_lossy().starts_with("journal."))
    });
    for (path, mut bytes) in journals {
        // The sector before the mark of the clean close.
        let at = bytes
            .len()
            .checked_sub(512 + 512 - 124)
            .expect("frames are there");
        if let Some(byte) = bytes.get_mut(at) {
            *byte ^= 0x40;
        }
        disk::write(&path, &bytes).expect("damaged");
    }
}

#[test]
fn a_damaged_session_is_proven_planned_repaired_and_gone_on_with() {
    let world = World::new();
    let id = world.good_session();
    let sound = world.run(&["verify", &id]);
    assert_eq!(sound.code(), Some(0), "{sound}");
    let needless = world.run(&["repair", &id]);
    assert_eq!(needless.code(), Some(0), "{needless}");
    assert!(needless.stdout.contains("not needed"), "{needless}");

    damage_last_frame(&world, &id);
    let before = files(&world.session(&id));
    assert_refused(&world.run(&["resume", &id]), 7, &[&id, "session repair"]);
    let damaged = world.run(&["verify", &id, "--json"]);
    assert_eq!(damaged.code(), Some(7), "{damaged}");
    assert!(damaged.stdout.contains("\"writable\": false"), "{damaged}");
    let planned = world.run(&["repair", &id, "--dry-run"]);
    assert_eq!(planned.code(), Some(0), "{planned}");
    assert!(planned.stdout.contains("lost     frame"), "{planned}");
    assert_eq!(files(&world.session(&id)), before, "a plan changes nothing");

    let repaired = world.run(&["repair", &id]);
    assert_eq!(repaired.code(), Some(0), "{repaired}");
    let kept: Vec<Vec<u8>> = files(&world.session(&id))
        .into_iter()
        .map(|(_, bytes)| bytes)
        .collect();
    for (path, bytes) in before {
        let journal = path
            .file_name()
            .is_some_and(|name| name.to_string_lossy().starts_with("journal."));
        assert!(
            !journal || kept.contains(&bytes),
            "{} is gone",
            path.display()
        );
    }
    let proven = world.run(&["verify", &id]);
    assert_eq!(proven.code(), Some(0), "{proven}");
    let resumed = world.run(&["resume", &id]);
    assert_eq!(resumed.code(), Some(0), "{resumed}");
    world.assert_outcomes(&id, &[("first", "pass"), ("second", "pass")]);
}

#[test]
fn a_log_that_is_not_what_it_was_is_named_by_verify() {
    let world = World::new();
    let long = "head -c 40000 /dev/zero | tr '\\0' x";
    let units = world.file(
        "long.pxu",
        format!(
            "id: gone\nplugin: shell\ncommand: {long}\n\n\
             id: other\nplugin: shell\ncommand: {long}\n\n\
             id: sound\nplugin: shell\ncommand: {long}\n"
        ),
    );
    let run = world.run(&["run", &units]);
    assert_eq!(run.code(), Some(0), "{run}");
    let id = world.ids().remove(0);
    let sound = world.run(&["verify", &id]);
    assert_eq!(sound.code(), Some(0), "{sound}");
    assert!(sound.stdout.contains("3 files proven"), "{sound}");

    let logs = world.session(&id).join("io-logs");
    for (path, mut bytes) in files(&logs) {
        let name = path.file_name().expect("a name").to_string_lossy();
        if name == "gone.record.gz" {
            disk::remove_file(&path).expect("removed");
        } else if name == "other.record.gz" {
            let last = bytes.last_mut().expect("bytes");
            *last ^= 1;
            disk::write(&path, &bytes).expect("damaged");
        }
    }
    let before = files(&world.session(&id));
    let damaged = world.run(&["verify", &id]);
    assert_refused(
        &damaged,
        7,
        &["nothing was changed, and every result stands"],
    );
    for line in [
        "log      io-logs/gone.record.gz of job gone is missing",
        "log      io-logs/other.record.gz of job other is not what was recorded",
        "logs     1 file proven",
    ] {
        assert!(damaged.stdout.contains(line), "{line}: {damaged}");
    }
    let json = world.run(&["verify", &id, "--json"]);
    assert_eq!(json.code(), Some(7), "{json}");
    for text in [
        "\"fault\": \"missing\"",
        "\"fault\": \"differs\"",
        "\"proven\": 1",
        "\"writable\": true",
    ] {
        assert!(json.stdout.contains(text), "{text}: {json}");
    }
    assert_eq!(files(&world.session(&id)), before, "nothing is changed");
    let needless = world.run(&["repair", &id]);
    assert_eq!(needless.code(), Some(0), "{needless}");
}
