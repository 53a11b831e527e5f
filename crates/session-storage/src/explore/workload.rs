//! What processes do to a session while things go wrong.

use std::borrow::Cow;

use super::pairs::pairs;

/// One thing a process does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Step {
    /// Makes the session's first generation; in a repository, the repository and the session before.
    Create,
    /// Appends a payload of this many bytes.
    Append(u16),
    /// Appends a payload of this many bytes with a summary.
    Summary(u16),
    /// Folds.
    Fold,
    /// Drops the journal as a killed process would, and opens the session again.
    Reopen,
    /// Closes the journal cleanly and opens the session again.
    CloseAndOpen,
    /// Reads the session and peeks at it, beside the writer.
    Read,
    /// The medium damages the newest snapshot; the process is killed, and the session opened again.
    StepBack,
    /// The medium damages a frame; the process is killed, and the session repaired and opened again.
    Repair,
    /// Repairs what is damaged, and opens the session.
    Mend,
    /// As [`Step::Repair`], after which somebody applies a plan made before it.
    StaleRepair,
    /// Other programs leave this much space, in bytes.
    FreeSpace(u32),
    /// The user's quota leaves this many files and directories more; bytes are free.
    FilesLeft(u32),
    /// Other programs give their space back.
    SpaceBack,
    /// A new session takes the place of this one (legacy mode). In a repository only.
    Replace,
    /// Removes the session. In a repository only.
    Remove,
    /// Another process removes the session between its opening and its locking. In a repository only.
    RemovedMeanwhile,
}

/// Where the session of a workload lies.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Place {
    /// In a directory that is there: only the journal is at work.
    Directory,
    /// In a repository that is yet to be made, under its lock: as users have it.
    Repository,
}

/// A named list of steps.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Workload {
    /// Its name.
    pub name: Cow<'static, str>,
    /// Its steps.
    pub steps: Cow<'static, [Step]>,
    /// Whether frames begin at multiples of 4096 bytes.
    pub page: bool,
    /// Where the session lies.
    pub place: Place,
}

use Step::{
    Append, CloseAndOpen, Create, Fold, FreeSpace, Read, Remove, RemovedMeanwhile, Reopen, Repair,
    Replace, SpaceBack, StaleRepair, StepBack, Summary,
};

impl Workload {
    /// The long ones: each goes deep into one matter.
    pub const ALL: [Self; 11] = [
        Self::APPEND,
        Self::FOLD,
        Self::REOPEN,
        Self::CLOSE,
        Self::GROW,
        Self::FULL_DISK,
        Self::PAGES,
        Self::STEP_BACK,
        Self::REPAIR,
        Self::REPOSITORY,
        Self::RIVAL,
    ];

    /// The long ones, then the pairs: every operation after every other that it can follow.
    pub fn every() -> Vec<Self> {
        Self::ALL.into_iter().chain(pairs()).collect()
    }

    /// The pairs alone.
    pub fn pairs() -> Vec<Self> {
        pairs()
    }

    /// The workload of this name.
    pub fn named(name: &str) -> Option<Self> {
        Self::every()
            .into_iter()
            .find(|workload| workload.name == name)
    }

    /// The name of a long one, or the first operation of a pair: what figures are gathered by.
    pub fn family(&self) -> &str {
        match self.name.split_once('+') {
            Some((first, _)) => self.name.get(..=first.len()).unwrap_or(first),
            None => &self.name,
        }
    }

    /// Frames of one sector and of several.
    pub const APPEND: Self = in_directory(
        "append",
        &[
            Create,
            Append(20),
            Append(700),
            Summary(300),
            Append(1500),
            Append(0),
        ],
    );
    /// Two folds, so that a generation is removed.
    pub const FOLD: Self = in_directory(
        "fold",
        &[
            Create,
            Append(20),
            Fold,
            Append(600),
            Append(30),
            Fold,
            Append(40),
            Fold,
            Append(50),
        ],
    );
    /// Killed and opened again, with and without frames.
    pub const REOPEN: Self = in_directory(
        "reopen",
        &[
            Create,
            Reopen,
            Append(20),
            Append(900),
            Reopen,
            Append(30),
            Fold,
            Reopen,
            Append(40),
            Reopen,
            Reopen,
            Append(50),
        ],
    );
    /// Clean closes.
    pub const CLOSE: Self = in_directory(
        "close",
        &[
            Create,
            CloseAndOpen,
            Append(20),
            CloseAndOpen,
            Append(30),
            Fold,
            CloseAndOpen,
            Append(800),
            CloseAndOpen,
        ],
    );
    /// The journal grows in steps.
    pub const GROW: Self = in_directory(
        "grow",
        &[
            Create,
            Append(3000),
            Append(3000),
            Append(3000),
            Append(9000),
            Append(10),
            Fold,
            Append(5000),
            Append(10),
        ],
    );
    /// The disk fills, the spare is used, space comes back.
    pub const FULL_DISK: Self = in_directory(
        "full-disk",
        &[
            Create,
            Append(2000),
            FreeSpace(0),
            Append(1000),
            Append(900),
            Append(1000),
            Append(900),
            Fold,
            Append(2000),
            SpaceBack,
            Append(10),
            Fold,
            Append(20),
            FreeSpace(0),
            Append(3000),
            Reopen,
            Append(30),
            SpaceBack,
            Append(40),
        ],
    );
    /// Frames at multiples of 4096 bytes.
    pub const PAGES: Self = Self {
        name: Cow::Borrowed("pages"),
        steps: Cow::Borrowed(&[
            Create,
            Append(20),
            Append(5000),
            Fold,
            Append(30),
            Reopen,
            Append(40),
        ]),
        page: true,
        place: Place::Directory,
    };
    /// Snapshots that are damaged and stepped over.
    pub const STEP_BACK: Self = in_directory(
        "step-back",
        &[
            Create,
            Append(20),
            Fold,
            Append(600),
            StepBack,
            Append(30),
            Fold,
            Reopen,
            StepBack,
            Fold,
            Append(40),
            CloseAndOpen,
        ],
    );
    /// Damaged frames, and the repair that gives them up.
    pub const REPAIR: Self = in_directory(
        "repair",
        &[
            Create,
            Append(20),
            Append(600),
            Repair,
            Append(30),
            Fold,
            Append(40),
            Append(50),
            StaleRepair,
            Append(60),
            Fold,
            Append(70),
        ],
    );
    /// The way of users: repository, lock, session, legacy switch, removal.
    pub const REPOSITORY: Self = in_repository(
        "repository",
        &[
            Create,
            Append(20),
            Fold,
            Append(30),
            Read,
            Replace,
            Append(40),
            Reopen,
            Remove,
            Create,
            Append(50),
            Replace,
            Replace,
            Append(60),
        ],
    );
    /// Another process removes what this one is about to lock.
    pub const RIVAL: Self = in_repository(
        "rival",
        &[
            Create,
            Append(20),
            RemovedMeanwhile,
            Create,
            Append(30),
            Fold,
            RemovedMeanwhile,
            Read,
            Create,
            Append(40),
        ],
    );
}

const fn in_directory(name: &'static str, steps: &'static [Step]) -> Workload {
    Workload {
        name: Cow::Borrowed(name),
        steps: Cow::Borrowed(steps),
        page: false,
        place: Place::Directory,
    }
}

const fn in_repository(name: &'static str, steps: &'static [Step]) -> Workload {
    Workload {
        name: Cow::Borrowed(name),
        steps: Cow::Borrowed(steps),
        page: false,
        place: Place::Repository,
    }
}
