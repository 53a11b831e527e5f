//! What recovery found, in words and sequence numbers.

use std::fmt;

/// How the journal ends. `seq` is the number of the first frame that could not be taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Tail {
    /// Zeros to the end of the file.
    Clean,
    /// A clean-close frame, then nothing.
    Closed,
    /// A frame that was still being written: at least one of its sectors never arrived, so it was never
    /// acknowledged. Expected after a power cut.
    Torn {
        /// Its sequence number.
        seq: u64,
    },
    /// As torn, but the writer lives: it is writing this frame now.
    InProgress {
        /// Its sequence number.
        seq: u64,
    },
    /// The last frame arrived whole and is not valid: it was damaged after it was written, and it may
    /// have been acknowledged.
    DamagedLast {
        /// Its sequence number.
        seq: u64,
    },
    /// A frame is bad and a valid one, or something else that is not zero, follows.
    DamageInside {
        /// The first bad frame.
        seq: u64,
        /// The greatest sequence number of a valid frame beyond it.
        last_valid: Option<u64>,
    },
    /// The file is shorter than it was when its last frame was written, and was not closed.
    Cut {
        /// The first frame that may be missing.
        seq: u64,
    },
    /// Something follows a clean-close frame.
    AfterClose {
        /// The sequence number after the last.
        seq: u64,
    },
}

impl Tail {
    /// Whether the session opens for writing by itself: nothing that was acknowledged is missing.
    pub fn is_sound(&self) -> bool {
        match self {
            Self::Clean | Self::Closed | Self::Torn { .. } => true,
            Self::InProgress { .. }
            | Self::DamagedLast { .. }
            | Self::DamageInside { .. }
            | Self::Cut { .. }
            | Self::AfterClose { .. } => false,
        }
    }
}

impl fmt::Display for Tail {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Clean => f.write_str("the journal ends cleanly"),
            Self::Closed => f.write_str("the journal was closed cleanly"),
            Self::Torn { seq } => write!(
                f,
                "frame {seq} was still being written when the machine stopped and is left out; it was never acknowledged"
            ),
            Self::InProgress { seq } => write!(f, "frame {seq} is being written now"),
            Self::DamagedLast { seq } => {
                write!(
                    f,
                    "the last frame, {seq}, is damaged; it may have been acknowledged"
                )
            }
            Self::DamageInside {
                seq,
                last_valid: Some(last),
            } => write!(
                f,
                "frame {seq} is damaged and frames up to {last} follow it"
            ),
            Self::DamageInside {
                seq,
                last_valid: None,
            } => write!(f, "frame {seq} is damaged and what follows is not a frame"),
            Self::Cut { seq } => write!(
                f,
                "the journal file was cut short; frames from {seq} on may be missing"
            ),
            Self::AfterClose { seq } => write!(
                f,
                "something follows the clean close after frame {}",
                seq.saturating_sub(1)
            ),
        }
    }
}

/// Damage to a file beyond the end of the journal.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Damage {
    /// A snapshot is not what its journal's head says.
    SnapshotBad {
        /// Its generation.
        generation: u64,
    },
    /// A journal holds frames and its snapshot is missing.
    SnapshotMissing {
        /// Its generation.
        generation: u64,
    },
    /// A snapshot has no journal.
    JournalMissing {
        /// Its generation.
        generation: u64,
    },
    /// The head of a journal is not valid.
    HeadBad {
        /// Its generation.
        generation: u64,
        /// Its segment.
        segment: u32,
        /// What is wrong with it.
        because: String,
    },
    /// A journal belongs to another session or to another place in this one: the files were mixed.
    Foreign {
        /// The generation its name gives.
        generation: u64,
        /// The segment its name gives.
        segment: u32,
    },
    /// The generation before a bad snapshot does not lead to where the newer journal begins.
    NoWayBack {
        /// The generation that was tried.
        generation: u64,
        /// The last frame it leads to.
        reached: u64,
        /// The frame it would have to lead to.
        needed: u64,
    },
}

impl fmt::Display for Damage {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::SnapshotBad { generation } => {
                write!(f, "snapshot.{generation} is not what its journal says")
            }
            Self::SnapshotMissing { generation } => write!(f, "snapshot.{generation} is missing"),
            Self::JournalMissing { generation } => write!(f, "journal.{generation} is missing"),
            Self::HeadBad {
                generation,
                segment,
                because,
            } => write!(f, "segment {segment} of journal.{generation}: {because}"),
            Self::Foreign {
                generation,
                segment,
            } => write!(
                f,
                "segment {segment} of journal.{generation} belongs elsewhere"
            ),
            Self::NoWayBack {
                generation,
                reached,
                needed,
            } => write!(
                f,
                "generation {generation} leads to frame {reached}, not to {needed}"
            ),
        }
    }
}

/// An automatic step back: nothing was lost by it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Fallback {
    /// The generation whose snapshot is proven bad.
    pub bad: u64,
    /// The generation whose snapshot was used; both journals were replayed on it.
    pub used: u64,
}

/// Frames that were, or may have been, acknowledged and cannot be replayed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Lost {
    /// The first sequence number.
    pub first: u64,
    /// The last one known of; `None` when it cannot be told how many are missing.
    pub last: Option<u64>,
}

impl fmt::Display for Lost {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.last {
            Some(last) if last > self.first => write!(f, "frames {} to {last}", self.first),
            Some(_) => write!(f, "frame {}", self.first),
            None => write!(f, "frames from {} on", self.first),
        }
    }
}

/// Everything recovery has to say about a session's files.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Verdict {
    /// How the journal ends.
    pub tail: Tail,
    /// An automatic step back to an older snapshot.
    pub fallback: Option<Fallback>,
    /// Damage that no automatic step mends.
    pub damage: Vec<Damage>,
    /// What of the acknowledged is missing from the recovered state.
    pub lost: Option<Lost>,
}

impl Verdict {
    pub(crate) fn of_tail(tail: Tail) -> Self {
        Self {
            tail,
            fallback: None,
            damage: Vec::new(),
            lost: None,
        }
    }

    /// Whether the session opens for writing without repair: nothing acknowledged is missing.
    pub fn is_writable(&self) -> bool {
        self.tail.is_sound() && self.damage.is_empty() && self.lost.is_none()
    }

    /// Whether there is nothing to tell: no cut, no damage, no step back.
    pub fn is_clean(&self) -> bool {
        matches!(self.tail, Tail::Clean | Tail::Closed)
            && self.fallback.is_none()
            && self.is_writable()
    }
}

impl fmt::Display for Verdict {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for damage in &self.damage {
            write!(f, "{damage}; ")?;
        }
        if let Some(fallback) = self.fallback {
            write!(
                f,
                "snapshot.{} is damaged, snapshot.{} and both journals gave the same state; ",
                fallback.bad, fallback.used
            )?;
        }
        write!(f, "{}", self.tail)?;
        if let Some(lost) = self.lost {
            write!(f, "; lost: {lost}")?;
        }
        Ok(())
    }
}
