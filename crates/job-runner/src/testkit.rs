//! What the tests share: a sink that remembers, marks that are unlike each other.

use std::sync::atomic::{AtomicU32, Ordering};

use crate::{
    Cancel, IoStream, JobCommand, JobEnd, JobSink, ProcessIdentity, Shell, SinkError, run,
};

/// What is done with a piece of output.
pub(crate) type AtOutput<'a> = Box<dyn FnMut(&[u8]) -> Result<(), SinkError> + 'a>;

/// Remembers everything, and does something at each piece of output.
#[derive(Default)]
pub(crate) struct Recorder<'a> {
    pub(crate) identity: Option<ProcessIdentity>,
    pub(crate) pieces: Vec<(IoStream, f64, Vec<u8>)>,
    pub(crate) refuse_start: bool,
    pub(crate) at_output: Option<AtOutput<'a>>,
}

impl<'a> Recorder<'a> {
    pub(crate) fn doing(at_output: impl FnMut(&[u8]) -> Result<(), SinkError> + 'a) -> Self {
        Self {
            at_output: Some(Box::new(at_output)),
            ..Self::default()
        }
    }

    pub(crate) fn lines(&self, stream: IoStream) -> Vec<String> {
        self.pieces
            .iter()
            .filter(|(from, _, _)| *from == stream)
            .map(|(_, _, piece)| String::from_utf8_lossy(piece).into_owned())
            .collect()
    }

    pub(crate) fn bytes(&self, stream: IoStream) -> Vec<u8> {
        self.pieces
            .iter()
            .filter(|(from, _, _)| *from == stream)
            .flat_map(|(_, _, piece)| piece.iter().copied())
            .collect()
    }
}

impl JobSink for Recorder<'_> {
    fn started(&mut self, process: &ProcessIdentity) -> Result<(), SinkError> {
        self.identity = Some(process.clone());
        if self.refuse_start {
            return Err("no place for a log".into());
        }
        Ok(())
    }

    fn output(&mut self, stream: IoStream, delay: f64, line: &[u8]) -> Result<(), SinkError> {
        self.pieces.push((stream, delay, line.to_vec()));
        self.at_output.as_mut().map_or(Ok(()), |act| act(line))
    }
}

/// A mark no other test has, in this process or another.
pub(crate) fn fresh_mark() -> String {
    static COUNT: AtomicU32 = AtomicU32::new(0);
    let count = COUNT.fetch_add(1, Ordering::Relaxed);
    format!("job-runner-test {} {count}", std::process::id())
}

/// A command for `/bin/sh` with a fresh mark.
pub(crate) fn sh(script: &str) -> JobCommand {
    let mut command = JobCommand::new(script, fresh_mark());
    command.shell = Shell::Sh;
    command
}

/// Runs to the end without a reason to cancel.
pub(crate) fn run_to_end(command: &JobCommand) -> (JobEnd, Recorder<'static>) {
    let mut recorder = Recorder::default();
    let end = run(command, &mut recorder, &Cancel::new()).expect("the job runs");
    (end, recorder)
}
