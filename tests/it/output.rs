//! Standard output that takes nothing stops the talking, not the run.

use std::path::Path;
use std::process::Stdio;

use session_tests::disk;

use crate::world::{GOOD, World};

const DONE: [(&str, &str); 2] = [("first", "pass"), ("second", "pass")];

#[test]
fn a_closed_pipe_stops_the_talking_not_the_run() {
    for json in [&["--json"][..], &[]] {
        let world = World::new();
        let units = world.file("good.pxu", GOOD);
        let words = [&["run", units.as_str()], json].concat();
        let mut child = world.command(&words).spawn().expect("the program starts");
        drop(child.stdout.take());
        let ended = child.wait_with_output().expect("it ends");
        let said = String::from_utf8_lossy(&ended.stderr);
        assert!(ended.status.success(), "{}: {said}", ended.status);
        assert!(!said.contains("panicked"), "{said}");
        world.assert_outcomes("latest", &DONE);
    }
}

#[test]
fn a_full_device_stops_the_talking_not_the_run() {
    for stream in ["stdout", "stderr"] {
        let world = World::new();
        let units = world.file("good.pxu", GOOD);
        let full = disk::open_to_write(Path::new("/dev/full")).expect("a full device");
        let mut command = world.command(&["run", &units]);
        if stream == "stdout" {
            command.stdout(Stdio::from(full));
        } else {
            command.stderr(Stdio::from(full));
        }
        let ended = command.output().expect("it ends");
        assert!(ended.status.success(), "{stream}: {ended:?}");
        world.assert_outcomes("latest", &DONE);
    }
}
