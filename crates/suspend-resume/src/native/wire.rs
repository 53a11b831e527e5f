//! The wire types: what bincode encodes, and the only types here that derive serde.
//!
//! They borrow texts and byte strings from where they stand, so reading one takes no memory. None is
//! recursive, none holds a list: a list is a [`Count`] and its items, one after the other. The order of
//! fields and of variants is the layout; it is pinned by the golden tests, and a change to it is a new
//! layout version.

use serde::de::{Error, Visitor};
use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// How many items follow.
#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
pub(super) struct Count(pub(super) u64);

/// A text that tends to come again: the first time in full, then by its number in the order of first
/// appearance. A job definition enters the id of its job after its own texts.
#[derive(Clone, Copy, Debug, Deserialize)]
pub(super) enum Name<'a> {
    New(&'a str),
    Seen(u64),
}

/// As derived, but for the number of the variant: bincode writes a small one as one byte, and a byte is passed to it
/// in half the steps of a number whose length it has to find out. So too for [`Node`]; there is one of both for each
/// field.
impl Serialize for Name<'_> {
    #[inline]
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::New(text) => (0_u8, text).serialize(serializer),
            Self::Seen(number) => (1_u8, number).serialize(serializer),
        }
    }
}

/// A byte string.
#[derive(Clone, Copy, Debug)]
pub(super) struct Bytes<'a>(pub(super) &'a [u8]);

impl Serialize for Bytes<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_bytes(self.0)
    }
}

impl<'de: 'a, 'a> Deserialize<'de> for Bytes<'a> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Borrowed;

        impl<'de> Visitor<'de> for Borrowed {
            type Value = Bytes<'de>;

            fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str("a byte string")
            }

            fn visit_borrowed_bytes<E: Error>(self, bytes: &'de [u8]) -> Result<Bytes<'de>, E> {
                Ok(Bytes(bytes))
            }
        }

        deserializer.deserialize_bytes(Borrowed)
    }
}

/// One value, or the beginning of a list or map: its items follow, as nodes in their order. An item of a map
/// is its key (a plain text) and its value.
#[derive(Clone, Copy, Debug, Deserialize)]
pub(super) enum Node<'a> {
    Null,
    False,
    True,
    Int(i64),
    BigInt(&'a str),
    Float(f64),
    Text(&'a str),
    List(u64),
    Map(u64),
}

impl Serialize for Node<'_> {
    #[inline]
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Null => 0_u8.serialize(serializer),
            Self::False => 1_u8.serialize(serializer),
            Self::True => 2_u8.serialize(serializer),
            Self::Int(value) => (3_u8, value).serialize(serializer),
            Self::BigInt(digits) => (4_u8, digits).serialize(serializer),
            Self::Float(value) => (5_u8, value).serialize(serializer),
            Self::Text(text) => (6_u8, text).serialize(serializer),
            Self::List(items) => (7_u8, items).serialize(serializer),
            Self::Map(entries) => (8_u8, entries).serialize(serializer),
        }
    }
}

/// The beginning of a definition; its fields follow, then what is filled into them.
#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
pub(super) struct Definition<'a> {
    #[serde(borrow)]
    pub(super) namespace: Option<Name<'a>>,
    pub(super) origin: Option<Origin<'a>>,
    pub(super) filling: Filling,
}

/// The beginning of a template; its fields follow.
#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
pub(super) struct Template<'a> {
    #[serde(borrow)]
    pub(super) namespace: Option<Name<'a>>,
    pub(super) origin: Option<Origin<'a>>,
}

/// What is filled into the texts of a definition: parameters, what an engine made of them, or both, in this
/// order.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) enum Filling {
    Nothing,
    Parameters,
    Renderings,
    Both,
}

/// What an engine made of a text: another text, or a fault.
#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
pub(super) enum Rendering<'a> {
    Text(&'a str),
    Fault(&'a str),
}

/// Where a definition was written.
#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
pub(super) struct Origin<'a> {
    #[serde(borrow)]
    pub(super) source: Name<'a>,
    pub(super) line_start: u32,
    pub(super) line_end: u32,
}

/// What a session knows of a job besides its definition; its history follows, then its present result when
/// that is [`Present::Other`].
#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
pub(super) struct Job<'a> {
    #[serde(borrow)]
    pub(super) via: Option<Name<'a>>,
    pub(super) attempts_started: u32,
    pub(super) attempts_begun: u32,
    #[serde(borrow)]
    pub(super) adjusted: Option<Adjusted<'a>>,
    pub(super) present: Present,
}

/// What was set for one job otherwise than for nearly all.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Adjusted<'a> {
    pub(super) attempts: i32,
    pub(super) category_id: Option<&'a str>,
    pub(super) certification_status: Option<&'a str>,
    pub(super) auto_retry: Option<&'a str>,
}

/// The present result of a job.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) enum Present {
    Hollow,
    LastOfHistory,
    Other,
}

/// A result; the records of a memory log follow.
#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
pub(super) struct JobResult<'a> {
    pub(super) outcome: Option<Outcome>,
    #[serde(borrow)]
    pub(super) comments: Option<&'a str>,
    #[serde(borrow)]
    pub(super) return_code: ReturnCode<'a>,
    pub(super) execution_duration: Option<f64>,
    pub(super) log: Log<'a>,
}

/// What a job returned.
#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
pub(super) enum ReturnCode<'a> {
    None,
    Number(i64),
    False,
    True,
    Large(&'a str),
}

#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
pub(super) enum Outcome {
    Pass,
    Fail,
    Skip,
    SkippedDependency,
    SkippedResource,
    SkippedManifest,
    NotSupported,
    NotImplemented,
    Undecided,
    Crash,
}

/// Where the output is.
#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
pub(super) enum Log<'a> {
    /// With the result; so many records.
    Memory(u64),
    /// In a file.
    Stored {
        path: &'a str,
        identity: Option<(u64, [u8; 16])>,
    },
}

#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
pub(super) struct LogRecord<'a> {
    pub(super) delay: f64,
    pub(super) stream: Stream,
    #[serde(borrow)]
    pub(super) data: Bytes<'a>,
}

#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
pub(super) enum Stream {
    Stdout,
    Stderr,
}

/// A field of a record of a resource.
#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
pub(super) struct ResourceField<'a> {
    #[serde(borrow)]
    pub(super) name: Name<'a>,
    pub(super) value: &'a str,
}

/// The metadata; the flags follow, then the rejected jobs.
#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
pub(super) struct Metadata<'a> {
    #[serde(borrow)]
    pub(super) title: Option<&'a str>,
    pub(super) running_job_name: Option<&'a str>,
    pub(super) app_blob: Option<Bytes<'a>>,
    pub(super) app_id: Option<&'a str>,
    pub(super) custom_joblist: bool,
    pub(super) last_job_start_time: Option<f64>,
    pub(super) remaining_todo_jobs: bool,
    pub(super) intent: Option<Intent<'a>>,
}

#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
pub(super) struct Intent<'a> {
    #[serde(borrow)]
    pub(super) job: Name<'a>,
    pub(super) attempt: u32,
    pub(super) boot: Option<&'a str>,
}

/// One change; what it carries besides follows.
#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
pub(super) enum Change<'a> {
    /// The definition follows.
    JobAdded {
        #[serde(borrow)]
        via: Option<Name<'a>>,
    },
    JobRemoved {
        #[serde(borrow)]
        job: Name<'a>,
    },
    /// The list follows.
    MandatoryJobs,
    /// The desired list follows, then the run list.
    Selection,
    JobStarted {
        #[serde(borrow)]
        intent: Intent<'a>,
        at: f64,
    },
    /// The result follows.
    ResultRecorded {
        #[serde(borrow)]
        job: Name<'a>,
    },
    /// The records follow.
    ResourcesReplaced {
        #[serde(borrow)]
        resource: Name<'a>,
    },
    Title(Option<&'a str>),
    FlagSet(&'a str),
    FlagCleared(&'a str),
    RunningJobName(Option<&'a str>),
    AppBlob(Option<Bytes<'a>>),
    AppId(Option<&'a str>),
    CustomJoblist(bool),
    /// The list follows.
    RejectedJobs,
    LastJobStartTime(Option<f64>),
    RemainingTodoJobs(bool),
    Intent(Option<Intent<'a>>),
    /// The definition follows.
    JobReplaced,
    /// The template follows.
    TemplateAdded,
    TemplatesRemoved(&'a str),
    Overridden {
        #[serde(borrow)]
        job: Name<'a>,
        field: Field,
        value: &'a str,
    },
    AttemptsSet {
        #[serde(borrow)]
        job: Name<'a>,
        attempts: i32,
    },
    /// The entries follow.
    ManifestReplaced,
    JobMoved {
        #[serde(borrow)]
        job: Name<'a>,
        via: Name<'a>,
        origin: Origin<'a>,
    },
    /// The unit follows, as a definition.
    UnitAdded,
    UnitsRemoved {
        kind: &'a str,
        id: &'a str,
    },
    /// What joined the desired list follows, then what joined the run list.
    SelectionExtended,
    /// What left the run list follows.
    SelectionReduced {
        #[serde(borrow)]
        job: Name<'a>,
    },
}

/// A field that can be overridden.
#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
pub(super) enum Field {
    CategoryId,
    CertificationStatus,
    AutoRetry,
}

/// The summary; the flags follow.
#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
pub(super) struct Summary<'a> {
    #[serde(borrow)]
    pub(super) title: Option<&'a str>,
    pub(super) app_id: Option<&'a str>,
    pub(super) running_job: Option<&'a str>,
    pub(super) running_attempt: Option<u32>,
    pub(super) last_job_start_time: Option<f64>,
    pub(super) custom_joblist: bool,
    pub(super) remaining_todo_jobs: bool,
    pub(super) jobs_total: u64,
    pub(super) run_list_len: u64,
    /// Jobs by outcome, in the order of [`Outcome`].
    pub(super) outcomes: [u64; 10],
}
