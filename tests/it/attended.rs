//! Jobs that need a person, at a terminal: each answer is durable as it is given.

use std::io::{Read as _, Write as _};
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};

use crate::world::World;

const UNITS: &str = "\
id: look
plugin: user-interact-verify
_summary: Look at the lamp
command: echo glowing

id: press
plugin: manual
_description: Press the button.
";

/// The program at a terminal, which `script` of util-linux provides.
struct Terminal {
    child: Child,
    keys: ChildStdin,
    screen: ChildStdout,
    seen: String,
}

impl Terminal {
    fn start(world: &World, words: &[&str]) -> Self {
        let plain = world.command(words);
        let quoted = std::iter::once(plain.get_program())
            .chain(plain.get_args())
            .map(|word| format!("'{}'", word.to_string_lossy()));
        let line: Vec<String> = quoted.collect();
        let mut child = Command::new("script")
            .args([
                "--quiet",
                "--return",
                "--command",
                &line.join(" "),
                "/dev/null",
            ])
            .env("LC_ALL", "C")
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .expect("util-linux is there");
        Self {
            keys: child.stdin.take().expect("a pipe"),
            screen: child.stdout.take().expect("a pipe"),
            child,
            seen: String::new(),
        }
    }

    /// Reads until a text is on the screen that was not there before.
    fn until(&mut self, text: &str) {
        let mut new = String::new();
        let mut piece = [0; 512];
        while !new.contains(text) {
            let count = self.screen.read(&mut piece).expect("a screen");
            assert!(
                count > 0,
                "{text:?} never came after {:?}{new:?}",
                self.seen
            );
            new.push_str(&String::from_utf8_lossy(
                piece.get(..count).unwrap_or_default(),
            ));
        }
        self.seen.push_str(&new);
    }

    fn answer(&mut self, line: &str) {
        self.keys
            .write_all(format!("{line}\n").as_bytes())
            .expect("a keyboard");
    }

    fn end(mut self) -> Option<i32> {
        drop(self.keys);
        let mut rest = Vec::new();
        self.screen.read_to_end(&mut rest).expect("a screen");
        self.child.wait().expect("it ends").code()
    }
}

fn shown(world: &World, id: &str) -> serde_json::Value {
    let shown = world.run(&["show", id, "--json"]);
    serde_json::from_str(&shown.stdout).expect("JSON")
}

#[test]
fn answers_and_comments_are_durable_as_they_are_typed() {
    let world = World::new();
    let units = world.file("lamp.pxu", UNITS);
    let mut terminal = Terminal::start(&world, &["run", &units]);
    terminal.until("Enter begins the job");
    terminal.answer("");
    terminal.until("How did it go?");
    let id = world.ids().remove(0);
    let job = |field: &str| shown(&world, &id)["jobs"][0][field].clone();
    assert_eq!(
        job("outcome"),
        "undecided",
        "the command ran, and that is durable"
    );
    terminal.answer("c it flickers");
    terminal.until("How did it go?");
    assert_eq!(
        job("comments"),
        "it flickers",
        "durable before the next question"
    );
    terminal.answer("f");
    terminal.until("Press the button.");
    assert_eq!(job("outcome"), "fail", "durable before the next job");
    terminal.until("How did it go?");
    terminal.answer("q");
    assert_eq!(terminal.end(), Some(130));
    // Gone on with at a terminal, only what has no verdict is asked for.
    let mut terminal = Terminal::start(&world, &["resume", &id]);
    terminal.until("How did it go?");
    terminal.answer("p");
    assert_eq!(terminal.end(), Some(1));
    world.assert_outcomes(&id, &[("look", "fail"), ("press", "pass")]);
    let history = shown(&world, &id);
    assert_eq!(history["jobs"][0]["attempts"], 1, "the command ran once");
}

#[test]
fn without_a_terminal_such_jobs_are_skipped_with_a_reason() {
    let world = World::new();
    let units = world.file("lamp.pxu", UNITS);
    let ended = world.run(&["run", &units]);
    assert_eq!(ended.code(), Some(0), "{ended}");
    assert!(ended.stdout.contains("needs a person"), "{ended}");
}
