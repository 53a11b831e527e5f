//! Unit files that cannot be used: said where and what, and no session is made.

use session_tests::disk;
use session_tests::killing::outcomes_in_show;

use crate::world::{World, assert_refused};

/// Asserts that these units are refused, and that no session was made.
fn assert_unusable(world: &World, units: &str, texts: &[&str]) {
    let ended = world.run(&["run", units]);
    assert_refused(&ended, 4, texts);
    assert_eq!(ended.stdout, "", "{ended}");
    assert_eq!(world.ids(), Vec::<String>::new());
}

#[test]
fn a_missing_unit_file_is_named() {
    let world = World::new();
    let path = world.path("nowhere.pxu").display().to_string();
    assert_unusable(&world, &path, &[&path]);
}

#[test]
fn an_empty_unit_file_is_named() {
    let world = World::new();
    let path = world.file("empty.pxu", "");
    assert_unusable(&world, &path, &[&path]);
}

#[test]
fn a_file_of_bytes_is_named() {
    let world = World::new();
    let bytes: Vec<u8> = (0..4096_u32)
        .map(|number| (number * 37 % 256) as u8)
        .collect();
    let path = world.file("program.pxu", bytes);
    assert_unusable(&world, &path, &[&path]);
}

#[test]
fn a_text_that_is_no_unit_file_is_named_with_the_line() {
    let world = World::new();
    let path = world.file("letter.pxu", "Dear reader\nthis is a letter\n");
    assert_unusable(&world, &path, &[&format!("{path}:1"), "Dear reader"]);
}

#[test]
fn a_folder_without_units_is_named() {
    let world = World::new();
    let folder = world.path("folder");
    disk::create_folder(&folder).expect("a folder");
    let path = folder.display().to_string();
    assert_unusable(&world, &path, &[&path]);
}

#[test]
fn a_second_job_of_the_same_id_is_named_with_both_places() {
    let world = World::new();
    let text =
        "id: twin\nplugin: shell\ncommand: true\n\nid: twin\nplugin: shell\ncommand: false\n";
    let path = world.file("twins.pxu", text);
    assert_unusable(&world, &path, &["twin", &path]);
}

#[test]
fn a_cycle_alone_leaves_nothing_to_run_and_names_its_jobs() {
    let world = World::new();
    let text = "id: hen\nplugin: shell\ndepends: egg\ncommand: true\n\nid: egg\nplugin: shell\ndepends: hen\ncommand: true\n";
    let path = world.file("cycle.pxu", text);
    assert_unusable(&world, &path, &["hen", "egg"]);
}

#[test]
fn an_unknown_dependency_alone_leaves_nothing_to_run_and_is_named() {
    let world = World::new();
    let text = "id: heir\nplugin: shell\ndepends: lost-will\ncommand: true\n";
    let path = world.file("unknown.pxu", text);
    assert_unusable(&world, &path, &["heir", "lost-will"]);
}

#[test]
fn a_cycle_among_good_jobs_is_told_and_the_good_ones_run() {
    let world = World::new();
    let text = "id: hen\nplugin: shell\ndepends: egg\ncommand: true\n\nid: egg\nplugin: shell\ndepends: hen\ncommand: true\n\nid: fox\nplugin: shell\ncommand: true\n\nid: heir\nplugin: shell\ndepends: lost-will\ncommand: true\n";
    let path = world.file("mixed.pxu", text);
    let ended = world.run(&["run", &path]);
    for text in ["hen", "egg", "heir", "lost-will"] {
        assert!(ended.stderr.contains(text), "{text} is not said: {ended}");
    }
    assert_eq!(ended.code(), Some(1), "{ended}");
    let shown = world.run(&["show", "latest", "--json"]);
    let outcomes = outcomes_in_show(&shown.stdout).expect("a session");
    for (job, outcome) in outcomes {
        assert_eq!(
            outcome == "pass",
            job == "fox",
            "{job} is {outcome}: {ended}"
        );
    }
}
