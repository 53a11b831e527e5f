//! Ctrl-C, SIGTERM and SIGHUP stop a run cleanly, and it can be resumed.

use rustix::process::Signal;
use session_tests::disk;

use crate::world::{Running, World};

/// Stops a run with a signal while its second job runs, and brings it to its end.
fn assert_stops_and_resumes(signal: Signal, code: i32) {
    let world = World::new();
    let go = world.path("go");
    let marks = world.path("marks");
    let text = format!(
        "id: one\nplugin: shell\ncommand: echo ran >> '{}'\n\n\
         id: two\nplugin: shell\ndepends: one\ncommand: test -e '{}' || sleep 600\n\n\
         id: three\nplugin: shell\ndepends: two\ncommand: true\n",
        marks.display(),
        go.display()
    );
    let units = world.file("units.pxu", text);
    let running = Running::until_started(&world, &["run", &units], "two");
    running.signal(signal);
    let ended = running.end();
    assert_eq!(ended.code(), Some(code), "{ended}");
    let id = world.ids().remove(0);
    let advice = format!("session resume {id}");
    assert!(ended.stderr.contains(&advice), "no next step: {ended}");
    world.assert_outcomes(&id, &[("one", "pass")]);

    disk::write(&go, b"").expect("a file");
    let resumed = world.run(&["resume"]);
    assert_eq!(resumed.code(), Some(0), "{resumed}");
    world.assert_outcomes(&id, &[("one", "pass"), ("three", "pass"), ("two", "pass")]);
    assert_eq!(disk::read(&marks).expect("marks"), b"ran\n");
}

#[test]
fn ctrl_c_stops_cleanly_and_resume_finishes() {
    assert_stops_and_resumes(Signal::INT, 130);
}

#[test]
fn a_termination_stops_cleanly_and_resume_finishes() {
    assert_stops_and_resumes(Signal::TERM, 143);
}

#[test]
fn a_hangup_stops_cleanly_and_resume_finishes() {
    assert_stops_and_resumes(Signal::HUP, 129);
}

#[test]
fn stopping_often_costs_no_attempts() {
    let world = World::new();
    let go = world.path("go");
    let text = format!(
        "id: only\nplugin: shell\ncommand: test -e '{}' || sleep 600\n",
        go.display()
    );
    let units = world.file("units.pxu", text);
    let mut words = vec!["run", units.as_str()];
    for _ in 0..4 {
        let running = Running::until_started(&world, &words, "only");
        running.signal(Signal::INT);
        let ended = running.end();
        assert_eq!(ended.code(), Some(130), "{ended}");
        words = vec!["resume"];
    }
    disk::write(&go, b"").expect("a file");
    let resumed = world.run(&["resume"]);
    assert_eq!(resumed.code(), Some(0), "{resumed}");
    world.assert_outcomes("latest", &[("only", "pass")]);
}
