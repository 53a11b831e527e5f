//! What is needed to go through a finding again, as one word on a command line.

use std::fmt;
use std::str::FromStr;

use crate::fs::{FailedSync, Failure, Repeat};

/// One run of a workload, and what went wrong in it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Replay {
    /// The workload's name.
    pub workload: String,
    /// The seed of nonces and samples.
    pub seed: u64,
    /// What went wrong.
    pub course: Course,
}

/// What went wrong in a run.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Course {
    /// Nothing; afterwards the medium damages one thing after the other.
    Whole,
    /// Another program took every block that came free while the disk was full.
    SpaceTaken,
    /// The machine crashed after so many operations, perhaps with syncs that failed before.
    Crash {
        /// The syncs that failed, by their operation numbers.
        failing: Vec<(u64, FailedSync)>,
        /// After how many operations.
        after: u64,
        /// What was left.
        left: Left,
    },
    /// A call failed.
    Call {
        /// Its number.
        number: u64,
        /// How.
        failure: Failure,
        /// How often.
        repeat: Repeat,
    },
    /// A step of the writer was done before a call of a reader.
    Beside {
        /// The number of the step, from 0.
        step: usize,
        /// The number of the call, from 1.
        call: u64,
    },
}

/// What a crash left.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Left {
    /// The promise was broken before the crash.
    Nothing,
    /// Noise in the sectors in flight.
    Noise,
    /// All that was seen: only the process was killed.
    All,
    /// Of the effects that no sync covered, these.
    Kept(Vec<usize>),
}

/// A text that is no replay.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("'{word}' is no part of a replay")]
pub struct NoReplay {
    word: String,
}

impl fmt::Display for Replay {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{},seed={}", self.workload, self.seed)?;
        match &self.course {
            Course::Whole => Ok(()),
            Course::SpaceTaken => f.write_str(",space-taken"),
            Course::Crash {
                failing,
                after,
                left,
            } => {
                for (sync, how) in failing {
                    let how = match how {
                        FailedSync::KeepsCache => "keeps",
                        FailedSync::DropsCache => "drops",
                    };
                    write!(f, ",{how}={sync}")?;
                }
                write!(f, ",crash={after}")?;
                match left {
                    Left::Nothing => Ok(()),
                    Left::Noise => f.write_str(",noise"),
                    Left::All => f.write_str(",killed"),
                    Left::Kept(kept) => {
                        let numbers: Vec<String> = kept.iter().map(usize::to_string).collect();
                        write!(f, ",kept={}", numbers.join("+"))
                    }
                }
            }
            Course::Call {
                number,
                failure,
                repeat,
            } => {
                write!(f, ",call={number}")?;
                match failure {
                    Failure::Errno(errno) => write!(f, ",errno={errno}")?,
                    Failure::DoneYetErrno(errno) => write!(f, ",done-yet={errno}")?,
                    Failure::SkippedSync => f.write_str(",skipped")?,
                    Failure::ShortWrite => f.write_str(",short")?,
                }
                match repeat {
                    Repeat::Once => Ok(()),
                    Repeat::FromThenOn => f.write_str(",lasting"),
                }
            }
            Course::Beside { step, call } => write!(f, ",step={step},reader={call}"),
        }
    }
}

impl FromStr for Replay {
    type Err = NoReplay;

    fn from_str(text: &str) -> Result<Self, NoReplay> {
        let mut words = text.split(',');
        let workload = words.next().unwrap_or_default().to_owned();
        let mut parts = Parts::default();
        let mut seed = 1;
        for word in words {
            let no_replay = || NoReplay {
                word: word.to_owned(),
            };
            let (name, value) = word.split_once('=').unwrap_or((word, ""));
            let number = || value.parse::<u64>().map_err(|_| no_replay());
            let errno = || value.parse::<i32>().map_err(|_| no_replay());
            match name {
                "seed" => seed = number()?,
                "keeps" => parts.failing.push((number()?, FailedSync::KeepsCache)),
                "drops" => parts.failing.push((number()?, FailedSync::DropsCache)),
                "crash" => parts.crash = Some(number()?),
                "space-taken" => parts.space_taken = true,
                "noise" => parts.left = Left::Noise,
                "killed" => parts.left = Left::All,
                "kept" => {
                    let kept = value.split('+').filter(|number| !number.is_empty());
                    let kept: Result<Vec<usize>, _> = kept.map(str::parse).collect();
                    parts.left = Left::Kept(kept.map_err(|_| no_replay())?);
                }
                "call" => parts.call = Some(number()?),
                "errno" => parts.failure = Some(Failure::Errno(errno()?)),
                "done-yet" => parts.failure = Some(Failure::DoneYetErrno(errno()?)),
                "skipped" => parts.failure = Some(Failure::SkippedSync),
                "short" => parts.failure = Some(Failure::ShortWrite),
                "lasting" => parts.repeat = Repeat::FromThenOn,
                "step" => parts.step = Some(usize::try_from(number()?).map_err(|_| no_replay())?),
                "reader" => parts.reader = Some(number()?),
                _ => return Err(no_replay()),
            }
        }
        Ok(Self {
            workload,
            seed,
            course: parts.course(),
        })
    }
}

/// The words of a replay, before they make sense together.
struct Parts {
    failing: Vec<(u64, FailedSync)>,
    space_taken: bool,
    crash: Option<u64>,
    left: Left,
    call: Option<u64>,
    failure: Option<Failure>,
    repeat: Repeat,
    step: Option<usize>,
    reader: Option<u64>,
}

impl Default for Parts {
    fn default() -> Self {
        Self {
            failing: Vec::new(),
            space_taken: false,
            crash: None,
            left: Left::Nothing,
            call: None,
            failure: None,
            repeat: Repeat::Once,
            step: None,
            reader: None,
        }
    }
}

impl Parts {
    fn course(self) -> Course {
        if let (Some(number), Some(failure)) = (self.call, self.failure) {
            return Course::Call {
                number,
                failure,
                repeat: self.repeat,
            };
        }
        if let (Some(step), Some(call)) = (self.step, self.reader) {
            return Course::Beside { step, call };
        }
        match self.crash {
            Some(after) => Course::Crash {
                failing: self.failing,
                after,
                left: self.left,
            },
            None if self.space_taken => Course::SpaceTaken,
            None => Course::Whole,
        }
    }
}
