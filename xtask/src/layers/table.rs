//! The table of layers: one row per crate of ours.
//!
//! It restates ARCHITECTURE.md as data. A crate that is not in it may not exist; a row whose crate does not
//! exist yet is no violation.

/// What one crate may use and what it must never reach.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Layer {
    /// Name of the package.
    pub(crate) name: &'static str,
    /// Our crates it may depend on directly.
    pub(crate) may_use: Uses,
    /// Our crates its tests may depend on beside those.
    pub(crate) tests_may_use: Uses,
    /// Groups of packages it must not reach, however far down its normal dependencies.
    pub(crate) never: &'static [Group],
}

/// A set of our crates.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Uses {
    /// Every one.
    All,
    /// These and no others.
    Only(&'static [&'static str]),
}

/// Packages with one reason to stay away from them.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Group {
    /// What they are, as a noun phrase for the message.
    pub(crate) what: &'static str,
    /// Their names.
    pub(crate) packages: &'static [&'static str],
}

/// Serialization and the formats themselves.
const FORMATS: Group = Group {
    what: "serialization",
    packages: &[
        "serde",
        "serde_core",
        "serde_derive",
        "serde_json",
        "serde_yaml",
        "serde_norway",
        "bincode",
        "bincode_derive",
        "postcard",
        "ciborium",
        "rmp-serde",
        "toml",
        "toml_edit",
        "borsh",
        "prost",
    ],
};

/// The disk, and whatever finds or makes files on it.
const DISK: Group = Group {
    what: "the disk",
    packages: &[
        "rustix", "nix", "tempfile", "walkdir", "ignore", "glob", "fs-err", "cap-std", "memmap2",
        "camino", "fs4",
    ],
};

/// The disk as seen by a crate that may name paths and read through a plain reader.
const DISK_BUT_PATHS: Group = Group {
    what: "the disk beyond a reader",
    packages: &["rustix", "nix", "tempfile", "cap-std", "memmap2", "fs4"],
};

/// Calendars and clocks.
const CLOCKS: Group = Group {
    what: "clocks",
    packages: &[
        "jiff",
        "chrono",
        "time",
        "humantime",
        "quanta",
        "coarsetime",
        "hifitime",
    ],
};

/// Threads, executors and randomness: whatever makes the same call answer differently.
const THREADS: Group = Group {
    what: "threads and randomness",
    packages: &[
        "tokio",
        "async-std",
        "smol",
        "rayon",
        "crossbeam",
        "crossbeam-channel",
        "parking_lot",
        "getrandom",
        "rand",
        "fastrand",
        "uuid",
        "signal-hook",
    ],
};

/// Terminals and argument parsing.
const TERMINAL: Group = Group {
    what: "terminals and argument parsing",
    packages: &[
        "clap",
        "clap_builder",
        "clap_derive",
        "clap_lex",
        "lexopt",
        "pico-args",
        "argh",
        "indicatif",
        "console",
        "crossterm",
        "termcolor",
        "owo-colors",
        "anstream",
        "anstyle",
        "ratatui",
        "dialoguer",
        "terminal_size",
        "textwrap",
    ],
};

/// Stores and harnesses we are measured against; they live in the benchmark package only.
pub(crate) const PEERS: Group = Group {
    what: "peers of the benchmarks",
    packages: &[
        "rusqlite",
        "libsqlite3-sys",
        "redb",
        "fjall",
        "lsm-tree",
        "sled",
        "heed",
        "rocksdb",
        "persy",
        "okaywal",
        "criterion",
        "divan",
        "iai-callgrind",
        "gungraun",
    ],
};

/// What makes and judges tests; only tests may reach it.
pub(crate) const TEST_TOOLS: Group = Group {
    what: "test tools",
    packages: &[
        "proptest",
        "quickcheck",
        "arbitrary",
        "insta",
        "expect-test",
        "trycmd",
        "assert_cmd",
        "loom",
        "shuttle",
    ],
};

/// Everything that knows a session or its bytes.
const SESSIONS: Group = Group {
    what: "sessions and where they lie",
    packages: &[
        "session-storage",
        "suspend-resume",
        "session-manager",
        "session-report",
        "session-cli",
    ],
};

/// The packages that hold tests and benchmarks, which may reach test tools in their normal dependencies.
pub(crate) const TEST_PACKAGES: &[&str] = &["session-tests", "session-bench"];

/// The package that may reach the peers.
pub(crate) const BENCH_PACKAGE: &str = "session-bench";

/// The table.
pub(crate) const LAYERS: &[Layer] = &[
    Layer {
        name: "session-state",
        may_use: Uses::Only(&[]),
        tests_may_use: Uses::Only(&["session-state"]),
        never: &[FORMATS, DISK, CLOCKS, THREADS, TERMINAL],
    },
    Layer {
        name: "session-storage",
        may_use: Uses::Only(&[]),
        tests_may_use: Uses::Only(&["session-storage"]),
        never: &[FORMATS, TERMINAL],
    },
    Layer {
        name: "suspend-resume",
        may_use: Uses::Only(&["session-state"]),
        tests_may_use: Uses::All,
        never: &[
            DISK,
            CLOCKS,
            THREADS,
            TERMINAL,
            Group {
                what: "the disk",
                packages: &["session-storage"],
            },
        ],
    },
    Layer {
        name: "session-manager",
        may_use: Uses::Only(&["session-state", "session-storage", "suspend-resume"]),
        tests_may_use: Uses::All,
        never: &[TERMINAL],
    },
    Layer {
        name: "job-units",
        may_use: Uses::Only(&["session-state"]),
        tests_may_use: Uses::All,
        never: &[DISK_BUT_PATHS, CLOCKS, THREADS, TERMINAL, SESSIONS],
    },
    Layer {
        name: "job-runner",
        may_use: Uses::Only(&["session-state"]),
        tests_may_use: Uses::All,
        never: &[FORMATS, TERMINAL, SESSIONS],
    },
    Layer {
        name: "session-report",
        may_use: Uses::Only(&["session-state"]),
        tests_may_use: Uses::All,
        never: &[
            DISK,
            THREADS,
            TERMINAL,
            Group {
                what: "the disk",
                packages: &["session-storage", "session-manager"],
            },
        ],
    },
    Layer {
        name: "session-cli",
        may_use: Uses::All,
        tests_may_use: Uses::All,
        never: &[],
    },
    Layer {
        name: "session-tests",
        may_use: Uses::All,
        tests_may_use: Uses::All,
        never: &[],
    },
    Layer {
        name: "session-bench",
        may_use: Uses::All,
        tests_may_use: Uses::All,
        never: &[],
    },
    Layer {
        name: "xtask",
        may_use: Uses::Only(&[]),
        tests_may_use: Uses::Only(&[]),
        never: &[],
    },
];

/// The row of a crate.
pub(crate) fn layer(name: &str) -> Option<&'static Layer> {
    LAYERS.iter().find(|layer| layer.name == name)
}
