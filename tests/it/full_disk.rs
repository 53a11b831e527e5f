//! A file system that fills under the real program: it pauses in time, says why, and goes on.

use std::path::PathBuf;
use std::process::{Command, Stdio};

use session_tests::{disk, say};

use crate::world::World;

/// What the shell answers where it may not mount.
const NO_MOUNT: i32 = 77;

/// Runs a script in a mount namespace of its own, where `$ROOM` is a file system of 4 MiB and `session` the program
/// with a repository on it. `None`, and loudly so, where the kernel lets us have none.
fn on_a_small_disk(world: &World, script: &str) -> Option<PathBuf> {
    let (room, out) = (world.path("room"), world.path("out"));
    for folder in [&room, &out] {
        disk::create_folder(folder).expect("a folder");
    }
    let plain = world.command(&[]);
    let script = format!(
        "mount -t tmpfs -o size=4m none \"$ROOM\" || exit {NO_MOUNT}\n\
         session() {{ '{}' \"$@\" --repository \"$ROOM/repository\"; }}\n{script}",
        plain.get_program().to_string_lossy()
    );
    let ended = Command::new("unshare")
        .args(["--user", "--map-root-user", "--mount", "sh", "-c", &script])
        .env("ROOM", &room)
        .env("OUT", &out)
        .stdin(Stdio::null())
        .output();
    match ended {
        Ok(ended) if ended.status.success() => Some(out),
        Ok(ended) if ended.status.code() != Some(NO_MOUNT) && out.join("begun").exists() => {
            panic!("{}", String::from_utf8_lossy(&ended.stderr))
        }
        Ok(ended) => skipped(&String::from_utf8_lossy(&ended.stderr)),
        Err(error) => skipped(&error.to_string()),
    }
}

fn skipped(why: &str) -> Option<PathBuf> {
    say::complaint(&format!(
        "SKIPPED: no small file system for a full disk: {why}"
    ));
    None
}

fn said(out: &std::path::Path, name: &str) -> String {
    String::from_utf8(disk::read(&out.join(name)).expect("the script got so far")).expect("text")
}

#[test]
fn a_full_disk_pauses_the_run_and_the_session_says_why() {
    let world = World::new();
    let filler = world.path("room/filler").display().to_string();
    let units = world.file(
        "full.pxu",
        format!(
            "id: fill\nplugin: shell\ncommand: cat /dev/zero > {filler} 2>/dev/null; true\n\n\
             id: second\nplugin: shell\ncommand: head -c 20000 /dev/zero | tr '\\0' x\n\n\
             id: third\nplugin: shell\ncommand: echo three\n"
        ),
    );
    let script = format!(
        ": > \"$OUT/begun\"\n\
         session run '{units}' > \"$OUT/run\" 2> \"$OUT/run-err\"; echo $? >> \"$OUT/run-err\"\n\
         session list > \"$OUT/list\"\n\
         session show latest --json > \"$OUT/show\"\n\
         session verify latest > \"$OUT/verify\" || exit 1\n\
         rm '{filler}'\n\
         session resume latest > \"$OUT/resume\" 2> \"$OUT/resume-err\" || exit 1\n\
         session show latest --json > \"$OUT/done\"\n"
    );
    let Some(out) = on_a_small_disk(&world, &script) else {
        return;
    };
    let run = said(&out, "run");
    assert!(run.contains("[1/3]") && run.contains("fill"), "{run}");
    assert!(!run.contains("[2/3]"), "{run}");
    let complaint = said(&out, "run-err");
    assert!(complaint.contains("the disk is full"), "{complaint}");
    assert!(complaint.ends_with("\n5\n"), "{complaint}");
    let list = said(&out, "list");
    assert!(list.contains("paused (disk full)"), "{list}");
    let show = said(&out, "show");
    assert!(show.contains("\"pause_reason\": \"disk full\""), "{show}");
    let resumed = said(&out, "resume-err");
    assert!(
        resumed.contains("paused since the disk was full"),
        "{resumed}"
    );
    let resume = said(&out, "resume");
    assert!(
        !resume.contains("fill ("),
        "what was done is not done again"
    );
    let done = said(&out, "done");
    assert!(done.contains("\"state\": \"finished\""), "{done}");
    assert!(done.contains("\"pause_reason\": null"), "{done}");
    assert_eq!(done.matches("\"outcome\": \"pass\"").count(), 3, "{done}");
}

#[test]
fn room_that_comes_back_is_used_without_a_restart() {
    let world = World::new();
    let filler = world.path("room/filler").display().to_string();
    let room = world.path("room").display().to_string();
    // All is filled but for what the log of a running job needs.
    let mut units = format!(
        "id: fill\nplugin: shell\ncommand: free=$(df -k --output=avail {room} | tail -n 1); \
         head -c $((free - 100))k /dev/zero > {filler}\n"
    );
    for number in 0..30 {
        units.push_str(&format!(
            "\nid: talk-{number:02}\nplugin: shell\ncommand: head -c 12000 /dev/zero | tr '\\0' x\n"
        ));
        if number == 24 {
            units.push_str(&format!(
                "\nid: clear\nplugin: shell\ncommand: rm {filler}\n"
            ));
        }
    }
    let units = world.file("room.pxu", units);
    let script = format!(
        ": > \"$OUT/begun\"\n\
         session run '{units}' > \"$OUT/run\" 2> \"$OUT/run-err\" || exit 1\n\
         session verify latest > \"$OUT/verify\" || exit 1\n\
         session show latest --json > \"$OUT/done\"\n"
    );
    let Some(out) = on_a_small_disk(&world, &script) else {
        return;
    };
    let told = said(&out, "run-err");
    let full = told.find("warning: the disk is full");
    let again = told.find("note: the disk has room again");
    assert!(full.is_some() && again > full, "{told}");
    let done = said(&out, "done");
    assert_eq!(done.matches("\"outcome\": \"pass\"").count(), 32, "{done}");
}
