//! What a process does to a session while things go wrong.

/// One thing a process does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Step {
    /// Makes the session's first generation.
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
    /// Other programs leave this much space, in bytes.
    FreeSpace(u32),
    /// Other programs give their space back.
    SpaceBack,
}

/// A named list of steps.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Workload {
    /// Its name.
    pub name: &'static str,
    /// Its steps.
    pub steps: &'static [Step],
    /// Whether frames begin at multiples of 4096 bytes.
    pub page: bool,
}

use Step::{Append, CloseAndOpen, Create, Fold, FreeSpace, Reopen, SpaceBack, Summary};

impl Workload {
    /// Every workload.
    pub const ALL: [Self; 8] = [
        Self::APPEND,
        Self::FOLD,
        Self::REOPEN,
        Self::CLOSE,
        Self::GROW,
        Self::FULL_DISK,
        Self::PAGES,
        Self::PAIRS,
    ];

    /// The workload of this name.
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|workload| workload.name == name)
    }

    /// Frames of one sector and of several.
    pub const APPEND: Self = Self {
        name: "append",
        steps: &[
            Create,
            Append(20),
            Append(700),
            Summary(300),
            Append(1500),
            Append(0),
        ],
        page: false,
    };
    /// Two folds, so that a generation is removed.
    pub const FOLD: Self = Self {
        name: "fold",
        steps: &[
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
        page: false,
    };
    /// Killed and opened again, with and without frames.
    pub const REOPEN: Self = Self {
        name: "reopen",
        steps: &[
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
        page: false,
    };
    /// Clean closes.
    pub const CLOSE: Self = Self {
        name: "close",
        steps: &[
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
        page: false,
    };
    /// The journal grows in steps.
    pub const GROW: Self = Self {
        name: "grow",
        steps: &[
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
        page: false,
    };
    /// The disk fills, the spare is used, space comes back.
    pub const FULL_DISK: Self = Self {
        name: "full-disk",
        steps: &[
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
        page: false,
    };
    /// Frames at multiples of 4096 bytes.
    pub const PAGES: Self = Self {
        name: "pages",
        steps: &[
            Create,
            Append(20),
            Append(5000),
            Fold,
            Append(30),
            Reopen,
            Append(40),
        ],
        page: true,
    };
    /// Every operation after every other.
    pub const PAIRS: Self = Self {
        name: "pairs",
        steps: &[
            Create,
            Append(10),
            Append(20),
            Fold,
            Fold,
            Append(30),
            Reopen,
            Reopen,
            Fold,
            Reopen,
            Append(40),
            CloseAndOpen,
            CloseAndOpen,
            Append(50),
            Fold,
            CloseAndOpen,
            Fold,
            Append(60),
            Reopen,
            CloseAndOpen,
            Reopen,
            Append(70),
        ],
        page: false,
    };
}
