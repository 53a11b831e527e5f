//! Finding and ending the processes of a run that was cut short.

use std::io;
use std::time::{Duration, Instant};

use super::ending::{Ending, Stage, Step};
use super::search::{Orphan, Search};
use crate::process::{Host, HostError, ProcessIdentity, wait_readable};

/// Scans without a find before the orphans of a dead runner count as gone.
const EMPTY_SCANS: u32 = 2;

/// What became of the processes that were to be ended.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct EndReport {
    /// Told to end, and gone. Those that went by themselves are not listed.
    pub ended: Vec<Orphan>,
    /// Still there.
    pub survivors: Vec<Survivor>,
}

/// A process that could not be ended.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Survivor {
    /// Which.
    pub orphan: Orphan,
    /// Why the kernel would not have it signalled (another user's, mostly); `None` when it was killed
    /// and is still there after five seconds, as one that waits for a broken device.
    pub refused: Option<io::ErrorKind>,
}

/// Finds the living processes of jobs that ran under this mark, or that are one of the recorded
/// processes or in the process group of one, and their descendants. Changes nothing.
///
/// Recorded processes of another boot or pid namespace are ignored, as is a number that has been given
/// to another process since. Ourselves and our ancestors are never found. Processes that cannot be
/// looked into (other users') are found by identity, group or parent only.
///
/// # Errors
/// When `/proc` does not answer.
pub fn find_orphans(mark: &str, recorded: &[ProcessIdentity]) -> Result<Vec<Orphan>, HostError> {
    Ok(search(mark, recorded)?.scan())
}

/// Ends what [`find_orphans`] finds: SIGTERM, SIGKILL when the grace is over, and again for whatever
/// appeared meanwhile, until two looks in a row find nobody. Returns when they are gone (ended
/// processes nobody waited for count as gone), at the latest five seconds after the grace.
///
/// # Errors
/// When `/proc` does not answer; then nothing was ended.
pub fn end_orphans(
    mark: &str,
    recorded: &[ProcessIdentity],
    grace: Duration,
) -> Result<EndReport, HostError> {
    let now = Instant::now();
    let stage = Stage::Asking(now.checked_add(grace).unwrap_or(now));
    let mut ending = Ending::new(search(mark, recorded)?, stage, grace).empty_scans(EMPTY_SCANS);
    while let Step::Wait(longest) = ending.step(Instant::now()) {
        if wait_readable(&ending.fds(), longest).is_err() {
            break;
        }
    }
    Ok(ending.finish())
}

fn search(mark: &str, recorded: &[ProcessIdentity]) -> Result<Search, HostError> {
    let host = Host::current()?;
    Ok(Search {
        mark: mark.to_owned(),
        leaders: recorded
            .iter()
            .filter(|process| host.shares_numbers_with(process))
            .map(|process| (process.pid, process.start_time))
            .collect(),
        marked_since: 0,
    })
}
