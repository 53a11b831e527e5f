//! The loop around a running job.

use std::io;
use std::os::fd::AsFd;
use std::os::unix::process::ExitStatusExt;
use std::process::ExitStatus;
use std::time::{Duration, Instant};

use rustix::process::{Pid, Signal};

use super::end::{EndCause, JobEnd};
use super::output::Output;
use super::start::{Started, start};
use crate::cancel::Cancel;
use crate::command::{JobCommand, JobInput, Leftovers};
use crate::error::RunError;
use crate::orphans::{EndReport, Ending, KILL_WAIT, Search, Stage, Step};
use crate::process::{Host, ProcessHandle};
use crate::sink::JobSink;

/// The longest time between two looks at the token.
const TICK: Duration = Duration::from_millis(100);

/// Runs a job to the end of its last process.
///
/// When this returns, every byte its processes wrote before they ended was given to the sink, and no
/// process of it is left but the survivors named in the answer (with [`Leftovers::Leave`]: but those
/// that outlived the first one). Nothing is written anywhere. If this process is killed meanwhile, the
/// job goes on by itself until it writes to its closed pipe; [`end_orphans`](crate::end_orphans) finds it.
///
/// A token that is cancelled already keeps the job from being started; the sink hears nothing then.
///
/// # Errors
/// When the job could not be started or watched, or when the sink failed; in every case its processes
/// were ended first.
pub fn run(
    command: &JobCommand,
    sink: &mut dyn JobSink,
    cancel: &Cancel,
) -> Result<JobEnd, RunError> {
    let host = Host::current().map_err(RunError::Host)?;
    if cancel.is_requested() {
        return Ok(JobEnd {
            cause: EndCause::Cancelled,
            return_code: None,
            duration: Duration::ZERO,
            leftovers_ended: Vec::new(),
            survivors: Vec::new(),
        });
    }
    let begun = Instant::now();
    let Started {
        mut child,
        identity,
        handle,
        stdout,
        stderr,
    } = start(command, &host)?;
    let mut output = Output::new(sink, [stdout, stderr], command.line_bytes_max, begun);
    if let Err(error) = output.sink().started(&identity) {
        output.fail(error);
    }
    let mut job = Job {
        command,
        cancel,
        leader: (identity.pid, identity.start_time),
        handle,
        deadline: command.timeout.and_then(|limit| begun.checked_add(limit)),
        stop: None,
    };
    let watched = job.watch(&mut output);
    let duration = begun.elapsed();
    let report = watched.and_then(|()| job.end_leftovers(&mut output));
    if report.is_err() {
        job.signal(Signal::KILL);
    }
    output.drain();
    // Until here the first process was not waited for, so its number could not be given to another.
    let ended = job.handle.has_ended().unwrap_or(report.is_err());
    let status = if ended { child.wait().ok() } else { None };
    let own = status.map(by_itself);
    let pid = identity.pid;
    let report = report.map_err(|source| RunError::Watch { pid, source })?;
    let end = JobEnd {
        cause: match job.stop {
            Some(stop) => stop.cause,
            None => own.map_or(EndCause::Cancelled, |(cause, _)| cause),
        },
        return_code: own.map(|(_, code)| code),
        duration,
        leftovers_ended: report.ended,
        survivors: report.survivors,
    };
    match output.into_failure() {
        Some(source) => Err(RunError::Sink {
            source,
            end: Box::new(end),
        }),
        None => Ok(end),
    }
}

struct Job<'a> {
    command: &'a JobCommand,
    cancel: &'a Cancel,
    leader: (u32, u64),
    handle: ProcessHandle,
    deadline: Option<Instant>,
    stop: Option<Stop>,
}

/// That the job is being ended.
#[derive(Clone, Copy)]
struct Stop {
    cause: EndCause,
    kill_at: Instant,
    killed: Option<Instant>,
}

impl Job<'_> {
    /// Watches over the first process until it has ended, or is given up.
    fn watch(&mut self, output: &mut Output<'_>) -> io::Result<()> {
        loop {
            let now = Instant::now();
            let next = match self.stop {
                None => match self.reason_to_stop(output, now) {
                    Some(cause) => {
                        self.ask(cause, now);
                        continue;
                    }
                    None => self.deadline,
                },
                Some(stop) => match stop.killed {
                    None if stop.kill_at <= now || self.cancel.is_at_once() => {
                        self.kill(stop, now);
                        continue;
                    }
                    None => Some(stop.kill_at),
                    Some(killed) if now.saturating_duration_since(killed) >= KILL_WAIT => {
                        return Ok(());
                    }
                    Some(_) => None,
                },
            };
            let longest = next.map_or(TICK, |next| next.saturating_duration_since(now).min(TICK));
            if output
                .wait(&[self.handle.as_fd()], longest)?
                .contains(&true)
            {
                return Ok(());
            }
        }
    }

    fn reason_to_stop(&self, output: &Output<'_>, now: Instant) -> Option<EndCause> {
        if self.cancel.is_requested() || output.has_failed() {
            Some(EndCause::Cancelled)
        } else if self.deadline.is_some_and(|deadline| deadline <= now) {
            Some(EndCause::TimedOut)
        } else {
            None
        }
    }

    fn ask(&mut self, cause: EndCause, now: Instant) {
        self.signal(Signal::TERM);
        // A stopped process takes SIGTERM only once it goes on.
        self.signal(Signal::CONT);
        self.stop = Some(Stop {
            cause,
            kill_at: now.checked_add(self.command.grace).unwrap_or(now),
            killed: None,
        });
    }

    fn kill(&mut self, stop: Stop, now: Instant) {
        self.signal(Signal::KILL);
        self.stop = Some(Stop {
            killed: Some(now),
            ..stop
        });
    }

    /// Signals the whole group, or the first process alone where the group is ours too. Who cannot be
    /// signalled shows by not ending.
    fn signal(&self, signal: Signal) {
        let group = i32::try_from(self.leader.0).ok().and_then(Pid::from_raw);
        let _ = match (self.command.input, group) {
            (JobInput::Null, Some(group)) => {
                rustix::process::kill_process_group(group, signal).map_err(io::Error::from)
            }
            (JobInput::Null | JobInput::Inherited, _) => self.handle.send(signal),
        };
    }

    /// Ends what the first process left, reading on meanwhile.
    fn end_leftovers(&self, output: &mut Output<'_>) -> io::Result<EndReport> {
        if self.command.leftovers == Leftovers::Leave && self.stop.is_none() {
            return Ok(EndReport::default());
        }
        let now = Instant::now();
        let later = |wait: Duration| now.checked_add(wait).unwrap_or(now);
        let stage = match self.stop {
            None => Stage::Lingering(later(self.command.linger)),
            Some(Stop {
                killed: None,
                kill_at,
                ..
            }) => Stage::Asking(kill_at),
            Some(Stop {
                killed: Some(killed),
                ..
            }) => Stage::Killing(killed.checked_add(KILL_WAIT).unwrap_or(now)),
        };
        let search = Search {
            mark: self.command.mark.clone(),
            leaders: vec![self.leader],
            marked_since: self.leader.1,
        };
        let mut ending =
            Ending::new(search, stage, self.command.grace).group_was_asked(self.stop.is_some());
        loop {
            if self.cancel.is_at_once() {
                ending.press(Stage::Killing(later(KILL_WAIT)));
            } else if self.cancel.is_requested() {
                ending.press(Stage::Asking(later(self.command.grace)));
            }
            let Step::Wait(longest) = ending.step(Instant::now()) else {
                return Ok(ending.finish());
            };
            output.wait(&ending.fds(), longest.min(TICK))?;
        }
    }
}

/// What the first process says of its end, and its return code.
fn by_itself(status: ExitStatus) -> (EndCause, i64) {
    match (status.code(), status.signal()) {
        (Some(code), _) => (EndCause::Exited(code), i64::from(code)),
        (None, Some(signal)) => (
            EndCause::Signalled(signal),
            i64::from(signal).saturating_neg(),
        ),
        (None, None) => (
            EndCause::Exited(status.into_raw()),
            i64::from(status.into_raw()),
        ),
    }
}
