//! Ending found processes, step by step, so that the caller may do other things between the steps.

use std::collections::BTreeMap;
use std::io;
use std::os::fd::{AsFd, BorrowedFd};
use std::time::{Duration, Instant};

use rustix::io::Errno;
use rustix::process::Signal;

use super::report::{EndReport, Survivor};
use super::search::{FoundBy, Orphan, Search};
use crate::process::ProcessHandle;

/// How long a killed process may take to be gone before it is given up: one that waits for a broken
/// disk takes for ever.
pub(crate) const KILL_WAIT: Duration = Duration::from_secs(5);

/// Processes held at once; each costs a descriptor. The others come when these are gone.
const HELD_MAX: usize = 256;

/// Looks at most taken to stop everybody before they are told.
const FREEZE_ROUNDS_MAX: u32 = 16;

/// How hard the processes are pressed, and until when.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Stage {
    /// They may end by themselves.
    Lingering(Instant),
    /// They were sent SIGTERM.
    Asking(Instant),
    /// They were sent SIGKILL.
    Killing(Instant),
}

/// What comes after a step.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Step {
    /// Nothing is left, or nothing more can be done.
    Done,
    /// Wait for one of [`Ending::fds`], at most this long; then the next step.
    Wait(Duration),
}

/// The ending of all processes a search finds, those that appear meanwhile included.
#[derive(Debug)]
pub(crate) struct Ending {
    search: Search,
    grace: Duration,
    stage: Stage,
    /// Scans without a find that are needed to believe it: a process that is just being made, or is
    /// just changing its program, may be missed by one.
    empty_scans_needed: u32,
    group_was_asked: bool,
    held: BTreeMap<(u32, u64), Held>,
    report: EndReport,
}

#[derive(Debug)]
struct Held {
    orphan: Orphan,
    handle: ProcessHandle,
    told: Option<Signal>,
}

impl Ending {
    /// Begins at a stage; nothing happens before the first step.
    pub(crate) fn new(search: Search, stage: Stage, grace: Duration) -> Self {
        Self {
            search,
            grace,
            stage,
            empty_scans_needed: 1,
            group_was_asked: false,
            held: BTreeMap::new(),
            report: EndReport::default(),
        }
    }

    /// Asks for a number of empty scans in a row.
    pub(crate) fn empty_scans(mut self, needed: u32) -> Self {
        self.empty_scans_needed = needed;
        self
    }

    /// Says that the process group was sent SIGTERM already, so it is not sent a second one.
    pub(crate) fn group_was_asked(mut self, was: bool) -> Self {
        self.group_was_asked = was;
        self
    }

    /// Skips to a harsher stage.
    pub(crate) fn press(&mut self, stage: Stage) {
        match (self.stage, stage) {
            (Stage::Lingering(_), Stage::Asking(_))
            | (Stage::Lingering(_) | Stage::Asking(_), Stage::Killing(_)) => self.stage = stage,
            (Stage::Lingering(_) | Stage::Asking(_) | Stage::Killing(_), _) => {}
        }
    }

    /// Looks, signals, and says how to go on.
    pub(crate) fn step(&mut self, now: Instant) -> Step {
        self.advance(now);
        self.drop_ended();
        self.tell_all();
        let mut empty_scans = 0;
        while self.held.is_empty() && empty_scans < self.empty_scans_needed {
            self.take_hold();
            self.tell_all();
            if self.held.is_empty() {
                empty_scans += 1;
            }
        }
        if self.held.is_empty() {
            return Step::Done;
        }
        match self.stage {
            Stage::Killing(until) if until <= now => Step::Done,
            Stage::Lingering(until) | Stage::Asking(until) | Stage::Killing(until) => {
                Step::Wait(until.saturating_duration_since(now))
            }
        }
    }

    /// What becomes readable when one of the processes has ended.
    pub(crate) fn fds(&self) -> Vec<BorrowedFd<'_>> {
        self.held.values().map(|held| held.handle.as_fd()).collect()
    }

    /// What was done. Who is still held is a survivor.
    pub(crate) fn finish(mut self) -> EndReport {
        self.drop_ended();
        for held in self.held.into_values() {
            self.report.survivors.push(Survivor {
                orphan: held.orphan,
                refused: None,
            });
        }
        self.report
    }

    /// Goes on to the next stage when this one is over, taking hold of who came since.
    fn advance(&mut self, now: Instant) {
        let next = match self.stage {
            Stage::Lingering(until) if until <= now => {
                Stage::Asking(now.checked_add(self.grace).unwrap_or(now))
            }
            Stage::Asking(until) if until <= now => {
                Stage::Killing(now.checked_add(KILL_WAIT).unwrap_or(now))
            }
            Stage::Lingering(_) | Stage::Asking(_) | Stage::Killing(_) => return,
        };
        self.stage = next;
        self.take_hold();
    }

    /// Scans, and takes hold of everybody new.
    fn take_hold(&mut self) {
        for orphan in self.search.scan() {
            let key = (orphan.pid, orphan.start_time);
            if self.held.len() >= HELD_MAX {
                return;
            }
            if self.held.contains_key(&key) || self.report.has_survivor(key) {
                continue;
            }
            match ProcessHandle::of(orphan.pid, orphan.start_time) {
                Ok(handle) => {
                    let was_asked = self.group_was_asked && orphan.found_by == FoundBy::Group;
                    let told = was_asked.then_some(Signal::TERM);
                    self.held.insert(
                        key,
                        Held {
                            orphan,
                            handle,
                            told,
                        },
                    );
                }
                Err(error) => self.report.refuse(orphan, &error),
            }
        }
    }

    /// Sends everybody the signal of the stage, once.
    fn tell_all(&mut self) {
        let signal = match self.stage {
            Stage::Lingering(_) => return,
            Stage::Asking(_) => Signal::TERM,
            Stage::Killing(_) => Signal::KILL,
        };
        self.freeze(signal);
        let mut refused = Vec::new();
        for (key, held) in &mut self.held {
            if held.told == Some(signal) {
                continue;
            }
            // A stopped process takes SIGTERM only once it goes on.
            let sent = held
                .handle
                .send(signal)
                .and_then(|()| held.handle.send(Signal::CONT));
            match sent {
                Ok(()) => held.told = Some(signal),
                Err(error) => refused.push((*key, error)),
            }
        }
        for (key, error) in refused {
            if let Some(held) = self.held.remove(&key) {
                self.report.refuse(held.orphan, &error);
            }
        }
    }

    /// Stops everybody who is about to be told, until a look finds nobody new. Otherwise one could
    /// make a child that hides its origin right before its own end, and nothing would lead to it.
    fn freeze(&mut self, signal: Signal) {
        for _ in 0..FREEZE_ROUNDS_MAX {
            let known = self.held.len();
            let mut untold = self
                .held
                .values()
                .filter(|held| held.told != Some(signal))
                .peekable();
            if untold.peek().is_none() {
                return;
            }
            for held in untold {
                // Who refuses this refuses the signal that follows, and is reported then.
                let _ = held.handle.send(Signal::STOP);
            }
            self.take_hold();
            if self.held.len() == known {
                return;
            }
        }
    }

    /// Lets go of who has ended; who was told to counts as ended by us.
    fn drop_ended(&mut self) {
        let report = &mut self.report;
        self.held.retain(|_, held| {
            let ended = held.handle.has_ended().unwrap_or(false);
            if ended && held.told.is_some() {
                report.ended.push(held.orphan.clone());
            }
            !ended
        });
    }
}

impl EndReport {
    fn has_survivor(&self, key: (u32, u64)) -> bool {
        self.survivors
            .iter()
            .any(|survivor| (survivor.orphan.pid, survivor.orphan.start_time) == key)
    }

    fn refuse(&mut self, orphan: Orphan, error: &io::Error) {
        if error.raw_os_error() == Some(Errno::SRCH.raw_os_error()) {
            return;
        }
        self.survivors.push(Survivor {
            orphan,
            refused: Some(error.kind()),
        });
    }
}
