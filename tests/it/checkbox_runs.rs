//! Runs kept in a Checkbox format from their first checkpoint on: killed, resumed and finished in it.

use std::io::Read as _;

use flate2::read::MultiGzDecoder;
use rustix::process::Signal;
use serde_json::Value;
use session_tests::disk;

use crate::world::{GOOD, Running, World, assert_refused};

/// The document in the one file of a session.
fn document(world: &World, id: &str) -> Value {
    let bytes = disk::read(&world.session(id).join("session")).expect("one file");
    let mut text = String::new();
    let mut inflated = MultiGzDecoder::new(&bytes[..]);
    inflated.read_to_string(&mut text).expect("gzip");
    serde_json::from_str(&text).expect("JSON")
}

/// Two jobs, of which the second waits for a file.
fn waiting(world: &World) -> String {
    let gate = world.path("gate").display().to_string();
    let wait = format!("command: test -e '{gate}' || sleep 600");
    world.file("units.pxu", GOOD.replace("command: echo two", &wait))
}

fn killed(world: &World, units: &str, format: &str) -> String {
    let running = Running::until_started(world, &["run", units, "--format", format], "second");
    running.signal(Signal::KILL);
    running.end();
    disk::write(&world.path("gate"), b"").expect("a file");
    world.ids().remove(0)
}

#[test]
fn a_run_is_kept_in_the_format_that_was_asked_for_and_goes_on_in_it() {
    for version in [1, 3, 4, 6, 8, 11] {
        let world = World::new();
        let units = waiting(&world);
        let id = killed(&world, &units, &format!("checkbox:{version}"));
        assert_eq!(document(&world, &id)["version"], version);
        let bare = world.run(&["resume"]);
        assert_refused(&bare, 2, &["--definitions"]);
        let resumed = world.run(&["resume", "--definitions", &units]);
        // By Checkbox's rules a shell job that was cut short crashed.
        let outcomes = [("first", "pass"), ("second", "crash")];
        assert_eq!(resumed.code(), Some(1), "{version}: {resumed}");
        let document = document(&world, &id);
        assert_eq!(document["version"], version);
        for (job, outcome) in outcomes {
            let history = &document["session"]["results"][job];
            let last = history.as_array().expect("results").last().expect("one");
            assert_eq!(last["outcome"], outcome, "{version}: {resumed}");
        }
    }
}

#[test]
fn another_version_is_written_only_when_asked_for() {
    let world = World::new();
    let units = waiting(&world);
    let id = killed(&world, &units, "checkbox:5");
    let given = ["resume", "--definitions", &units];
    let native = [&given[..], &["--format", "native"]].concat();
    let refused = world.run(&native);
    assert_refused(
        &refused,
        8,
        &["is kept as checkbox 5 and stays so", "convert"],
    );
    assert_eq!(document(&world, &id)["version"], 5);
    let newest = [&given[..], &["--format", "checkbox:11"]].concat();
    let resumed = world.run(&newest);
    assert_eq!(resumed.code(), Some(1), "{resumed}");
    assert_eq!(document(&world, &id)["version"], 11);

    let native = world.good_session();
    let refused = world.run(&["resume", &native, "--format", "checkbox:11"]);
    assert_eq!(
        refused.code(),
        Some(0),
        "a finished session is only summed up: {refused}"
    );
    assert!(!world.session(&native).join("session").exists());
}

#[test]
fn a_test_plan_with_a_template_goes_on_in_a_checkbox_format() {
    let world = World::new();
    let gate = world.path("gate").display().to_string();
    let units = world.file(
        "units.yaml",
        format!(
            "- {{id: disk, plugin: resource, command: \"printf 'name: a\\n\\nname: b\\n'\"}}\n\
             - {{unit: template, template-resource: disk, id: 'check-{{name}}', plugin: shell,\n\
             \x20  command: \"test -e '{gate}' || sleep 600\"}}\n\
             - {{unit: test plan, id: all, bootstrap_include: [disk], include: ['check-.']}}\n",
        ),
    );
    let words = ["run", &units, "--plan", "all", "--format", "checkbox:11"];
    let running = Running::until_started(&world, &words, "check-a");
    running.signal(Signal::KILL);
    running.end();
    disk::write(&world.path("gate"), b"").expect("a file");
    let id = world.ids().remove(0);
    let resumed = world.run(&["resume", "--definitions", &units]);
    assert_eq!(resumed.code(), Some(1), "{resumed}");
    let results = &document(&world, &id)["session"]["results"];
    // By Checkbox's rules a shell job that was cut short crashed.
    for (job, outcome) in [("disk", "pass"), ("check-a", "crash"), ("check-b", "pass")] {
        let history = results[job].as_array().expect("results");
        let last = history.last().expect("one");
        assert_eq!(last["outcome"], outcome, "{job}: {resumed}");
    }
}

#[test]
fn what_the_format_cannot_keep_is_said_at_the_start() {
    let world = World::new();
    let units = world.file("units.pxu", GOOD);
    let ran = world.run(&["run", &units, "--format", "checkbox:7"]);
    assert_eq!(ran.code(), Some(0), "{ran}");
    assert!(
        ran.stderr.contains("note: checkbox:7 does not keep: "),
        "{ran}"
    );
    let native = world.run(&["run", &units]);
    assert!(!native.stderr.contains("does not keep"), "{native}");
    let wrong = world.run(&["run", &units, "--format", "checkbox:12"]);
    assert_eq!(wrong.code(), Some(2), "{wrong}");
}
