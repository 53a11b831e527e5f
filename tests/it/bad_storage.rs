//! Repositories and sessions that cannot be used: named, left as they are, and never in the way of others.

use std::os::unix::fs::symlink;

use rustix::process::Signal;
use session_tests::disk;

use crate::world::{GOOD, Running, World, assert_refused, files};

#[test]
fn a_repository_below_a_file_cannot_be_made_and_is_named() {
    let world = World::new();
    let units = world.file("good.pxu", GOOD);
    let file = world.file("in-the-way", "text");
    for repository in [format!("{file}/below"), file] {
        let ended = world.run_exactly(&["run", &units, "--repository", &repository]);
        assert_refused(&ended, 5, &[&repository]);
        assert_eq!(ended.stdout, "", "{ended}");
    }
    assert_eq!(
        disk::read(&world.path("in-the-way")).expect("still there"),
        b"text"
    );
}

#[test]
fn damaged_sessions_are_marked_and_the_good_one_is_still_listed_and_shown() {
    let world = World::new();
    let flipped = world.good_session();
    let cut = world.good_session();
    let good = world.good_session();
    for (path, mut bytes) in files(&world.session(&flipped)) {
        if let Some(byte) = bytes.get_mut(100) {
            *byte ^= 0x40;
            disk::write(&path, &bytes).expect("damaged");
        }
    }
    for (path, bytes) in files(&world.session(&cut)) {
        disk::write(&path, &bytes[..bytes.len().min(10)]).expect("damaged");
    }
    let repository = world.path("repository");
    disk::create_folder(&repository.join("garbage.session")).expect("a folder");
    world.file("repository/garbage.session/snapshot.1", "garbage");
    world.file("repository/file.session", "no folder");
    symlink("nowhere", repository.join("dangling.session")).expect("a link");
    let before = files(&repository);

    let rows = world.rows();
    let row = |id: &str| {
        let row = rows
            .iter()
            .find(|row| row.id.trim_end_matches(".session") == id);
        row.unwrap_or_else(|| panic!("{id} is not in {rows:#?}"))
    };
    assert!(row(&good).problem.is_none(), "{rows:#?}");
    for id in [flipped.as_str(), &cut, "garbage", "file", "dangling"] {
        assert!(row(id).problem.is_some(), "{id} is not marked: {rows:#?}");
    }
    let listed = world.run(&["list"]);
    assert_eq!(listed.code(), Some(0), "{listed}");
    for id in [&good, &flipped, &cut] {
        assert!(listed.stdout.contains(id.as_str()), "{listed}");
    }
    world.assert_outcomes(&good, &[("first", "pass"), ("second", "pass")]);
    for id in [&flipped, &cut] {
        for command in ["show", "resume"] {
            assert_refused(&world.run(&[command, id]), 7, &[id]);
        }
    }
    assert_eq!(
        files(&repository),
        before,
        "what cannot be read is kept as it is"
    );
}

#[test]
fn an_unknown_id_is_answered_with_the_nearest() {
    let world = World::new();
    let id = world.good_session();
    let mut wrong = id.clone();
    wrong.pop();
    wrong.push('x');
    for command in ["show", "resume", "remove"] {
        assert_refused(&world.run(&[command, &wrong]), 3, &[&wrong, &id]);
    }
    assert_eq!(world.ids(), [id]);
}

#[test]
fn with_no_session_at_all_the_first_step_is_told() {
    let world = World::new();
    for id in ["latest", "2026"] {
        for command in ["show", "resume", "remove"] {
            assert_refused(&world.run(&[command, id]), 3, &["session run"]);
        }
    }
}

#[test]
fn a_session_that_another_process_holds_is_refused_and_the_holder_named() {
    let world = World::new();
    let units = world.file("long.pxu", "id: long\nplugin: shell\ncommand: sleep 600\n");
    let running = Running::until_started(&world, &["run", &units], "long");
    let id = world.ids().remove(0);
    let holder = running.child.id().to_string();
    for command in ["resume", "remove"] {
        assert_refused(&world.run(&[command, &id]), 6, &[&id, &holder]);
    }
    let shown = world.run(&["show", &id]);
    assert_eq!(shown.code(), Some(0), "{shown}");
    running.signal(Signal::TERM);
    assert_eq!(running.end().code(), Some(143));
    assert_eq!(world.ids(), [id]);
}
