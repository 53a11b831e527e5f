//! The person at the terminal: questions on standard error, answers from standard input.

use std::io::{self, BufRead as _, IsTerminal as _};
use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender, channel};
use std::thread;
use std::time::Duration;

use crate::exit_code::Exit;
use crate::signals::Stop;

/// How often is looked whether the run is to stop while an answer is waited for.
const LOOK_EVERY: Duration = Duration::from_millis(50);

/// A person who can be asked.
#[derive(Debug)]
pub(crate) struct Person {
    wanted: Sender<()>,
    lines: Receiver<Option<String>>,
}

/// What came of a question.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Answer {
    /// A line, without what stands around it.
    Line(String),
    /// The person is gone: the input has ended.
    Gone,
    /// The run is to stop.
    Stopped(Exit),
}

impl Person {
    /// The person at the terminal, if there is one and the run talks to people.
    ///
    /// # Errors
    /// The kernel refuses a thread.
    pub(crate) fn at_terminal(is_json: bool) -> io::Result<Option<Self>> {
        if is_json || !io::stdin().is_terminal() || !io::stderr().is_terminal() {
            return Ok(None);
        }
        let (wanted, is_wanted) = channel::<()>();
        let (line, lines) = channel();
        // Lines are read one by one and only when asked for: what else is typed belongs to the jobs.
        thread::Builder::new()
            .name("person".to_owned())
            .spawn(move || {
                while is_wanted.recv().is_ok() {
                    let mut text = String::new();
                    let read = io::stdin().lock().read_line(&mut text);
                    let answer = read.ok().filter(|count| *count > 0).map(|_| text);
                    if line.send(answer).is_err() {
                        return;
                    }
                }
            })?;
        Ok(Some(Self { wanted, lines }))
    }

    /// Waits for a line.
    pub(crate) fn answer(&self, stop: &Stop) -> Answer {
        if self.wanted.send(()).is_err() {
            return Answer::Gone;
        }
        loop {
            if let Some(exit) = stop.requested() {
                return Answer::Stopped(exit);
            }
            match self.lines.recv_timeout(LOOK_EVERY) {
                Ok(Some(line)) => return Answer::Line(line.trim().to_owned()),
                Ok(None) | Err(RecvTimeoutError::Disconnected) => return Answer::Gone,
                Err(RecvTimeoutError::Timeout) => {}
            }
        }
    }
}
