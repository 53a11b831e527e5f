//! A folder with unit files and a repository, and the program at work in it.

use std::io::{BufRead as _, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdout};

use rustix::process::{Pid, Signal, kill_process};
use session_tests::killing::{SessionRow, outcomes_in_show, sessions_in_list};
use session_tests::{Ended, Program, disk};
use tempfile::TempDir;

/// Two jobs that pass.
pub(crate) const GOOD: &str = "\
id: first
plugin: shell
command: echo one

id: second
plugin: shell
depends: first
command: echo two
";

/// Everything one test works with.
pub(crate) struct World {
    program: Program,
    folder: TempDir,
}

impl World {
    pub(crate) fn new() -> Self {
        Self {
            program: Program::built().expect("the program can be built"),
            folder: TempDir::with_prefix("session-it-").expect("a folder"),
        }
    }

    /// A path in the folder.
    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// Writes a file and says its path.
    pub(crate) fn file(&self, name: &str, bytes: impl AsRef<[u8]>) -> String {
        let path = self.path(name);
        disk::write(&path, bytes.as_ref()).expect("a file can be written");
        path.display().to_string()
    }

    /// The arguments with our repository.
    pub(crate) fn arguments(&self, words: &[&str]) -> Vec<String> {
        let repository = self.path("repository").display().to_string();
        let mut arguments: Vec<String> = words.iter().map(|&word| word.to_owned()).collect();
        arguments.extend(["--repository".to_owned(), repository]);
        arguments
    }

    /// The program, to be started in a way of the test's own.
    pub(crate) fn command(&self, words: &[&str]) -> std::process::Command {
        self.program.command(&self.arguments(words))
    }

    /// Runs the program to its end.
    pub(crate) fn run(&self, words: &[&str]) -> Ended {
        let ended = self
            .program
            .run(&self.arguments(words))
            .expect("the program starts");
        assert_calm(&ended);
        ended
    }

    /// Runs the program with exactly these arguments.
    pub(crate) fn run_exactly(&self, words: &[&str]) -> Ended {
        let ended = self.program.run(words).expect("the program starts");
        assert_calm(&ended);
        ended
    }

    /// A session of two jobs that passed; its id.
    pub(crate) fn good_session(&self) -> String {
        let before = self.ids();
        let units = self.file("good.pxu", GOOD);
        let ended = self.run(&["run", &units]);
        assert_eq!(ended.code(), Some(0), "{ended}");
        let mut ids = self.ids();
        ids.retain(|id| !before.contains(id));
        assert_eq!(ids.len(), 1, "{ended}");
        ids.remove(0)
    }

    pub(crate) fn rows(&self) -> Vec<SessionRow> {
        let listed = self.run(&["list", "--json"]);
        assert_eq!(listed.code(), Some(0), "{listed}");
        sessions_in_list(&listed.stdout).expect("a list")
    }

    pub(crate) fn ids(&self) -> Vec<String> {
        self.rows().into_iter().map(|row| row.id).collect()
    }

    /// The folder of a session.
    pub(crate) fn session(&self, id: &str) -> PathBuf {
        let name = format!("{}.session", id.trim_end_matches(".session"));
        self.path("repository").join(name)
    }

    /// Asserts that a session's jobs, in order of their ids, have these outcomes.
    pub(crate) fn assert_outcomes(&self, id: &str, wanted: &[(&str, &str)]) {
        let shown = self.run(&["show", id, "--json"]);
        assert_eq!(shown.code(), Some(0), "{shown}");
        let outcomes = outcomes_in_show(&shown.stdout).expect("a session");
        let outcomes: Vec<_> = outcomes
            .iter()
            .map(|(job, outcome)| (job.as_str(), outcome.as_str()))
            .collect();
        assert_eq!(outcomes, wanted, "{shown}");
    }
}

/// A program that is running a job.
pub(crate) struct Running {
    pub(crate) child: Child,
    lines: BufReader<ChildStdout>,
}

impl Running {
    /// Starts `session` with `--json` and returns when it has said that this job is started.
    pub(crate) fn until_started(world: &World, words: &[&str], job: &str) -> Self {
        let words: Vec<&str> = words.iter().copied().chain(["--json"]).collect();
        let mut child = world.command(&words).spawn().expect("the program starts");
        let lines = BufReader::new(child.stdout.take().expect("a pipe"));
        let mut running = Self { child, lines };
        let (event, name) = ("\"event\":\"started\"", format!("\"job\":\"{job}\""));
        loop {
            let mut line = String::new();
            let count = running.lines.read_line(&mut line).expect("a line");
            assert!(count > 0, "{job} was never started");
            if line.contains(event) && line.contains(&name) {
                return running;
            }
        }
    }

    /// Sends a signal to the program alone.
    pub(crate) fn signal(&self, signal: Signal) {
        let pid = i32::try_from(self.child.id()).ok().and_then(Pid::from_raw);
        kill_process(pid.expect("a process"), signal).expect("the program is there");
    }

    /// Waits for its end.
    pub(crate) fn end(self) -> Ended {
        let Self { mut child, lines } = self;
        let stdout = std::io::read_to_string(lines).expect("text");
        let stderr = child.stderr.take().expect("a pipe");
        let stderr = std::io::read_to_string(stderr).expect("text");
        let ended = Ended {
            line: String::new(),
            status: child.wait().expect("it ends"),
            stdout,
            stderr,
        };
        assert_calm(&ended);
        ended
    }
}

/// Asserts a refusal: this exit code, every one of these texts in what it says, and a next step.
pub(crate) fn assert_refused(ended: &Ended, code: i32, texts: &[&str]) {
    assert_eq!(ended.code(), Some(code), "{ended}");
    for text in texts {
        assert!(ended.stderr.contains(text), "{text:?} is not said: {ended}");
    }
    assert!(ended.stderr.contains("hint: "), "no next step: {ended}");
}

/// Asserts that nothing panicked.
pub(crate) fn assert_calm(ended: &Ended) {
    for text in [&ended.stdout, &ended.stderr] {
        assert!(!text.contains("panicked"), "{ended}");
        assert!(!text.contains("RUST_BACKTRACE"), "{ended}");
    }
}

/// Every file below a folder with its bytes, to see that nothing changed.
pub(crate) fn files(folder: &Path) -> Vec<(PathBuf, Vec<u8>)> {
    let mut found = Vec::new();
    let mut folders = vec![folder.to_path_buf()];
    while let Some(folder) = folders.pop() {
        for path in disk::entries(&folder).expect("a folder") {
            if path.is_dir() {
                folders.push(path);
            } else {
                found.push((path.clone(), disk::read(&path).unwrap_or_default()));
            }
        }
    }
    found
}
