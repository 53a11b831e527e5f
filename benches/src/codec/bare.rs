//! The body of a native session as plain structures, for bincode as anybody would use it.
//!
//! They mirror the wire types field by field, with lists where those have a count and items: bincode gives the
//! same bytes for them, which is checked before anything is timed. What follows the run list (a hundred bytes) is
//! left out.

use std::fmt;

use bincode::config::{Configuration, standard};
use serde::de::{Error, Visitor};
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::error::{BenchError, Doing as _};

const CONFIG: Configuration = standard();

/// How much may follow the run list.
const REST_BYTES_MAX: usize = 256;

/// A session up to its run list.
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct Session {
    jobs: Vec<Job>,
    mandatory: Vec<Name>,
    desired: Vec<Name>,
    run_list: Vec<Name>,
}

#[derive(Debug, Serialize, Deserialize)]
struct Job {
    namespace: Option<Name>,
    origin: Option<Origin>,
    filling: Filling,
    fields: Vec<(Name, Node)>,
    via: Option<Name>,
    attempts_started: u32,
    attempts_begun: u32,
    adjusted: Option<i32>,
    present: Present,
    history: Vec<JobResult>,
}

#[derive(Debug, Serialize, Deserialize)]
enum Name {
    New(Box<str>),
    Seen(u64),
}

#[derive(Debug, Serialize, Deserialize)]
struct Origin {
    source: Name,
    line_start: u32,
    line_end: u32,
}

#[derive(Debug, Serialize, Deserialize)]
enum Filling {
    Nothing,
}

#[derive(Debug, Serialize, Deserialize)]
enum Node {
    Null,
    False,
    True,
    Int(i64),
    BigInt(Box<str>),
    Float(f64),
    Text(Box<str>),
}

#[derive(Debug, Serialize, Deserialize)]
enum Present {
    Hollow,
    LastOfHistory,
}

#[derive(Debug, Serialize, Deserialize)]
struct JobResult {
    outcome: Option<Outcome>,
    comments: Option<Box<str>>,
    return_code: ReturnCode,
    execution_duration: Option<f64>,
    log: Log,
}

#[derive(Debug, Serialize, Deserialize)]
enum Outcome {
    Pass,
}

#[derive(Debug, Serialize, Deserialize)]
enum ReturnCode {
    None,
    Number(i64),
}

#[derive(Debug, Serialize, Deserialize)]
enum Log {
    Memory(Vec<LogRecord>),
}

#[derive(Debug, Serialize, Deserialize)]
struct LogRecord {
    delay: f64,
    stream: Stream,
    data: Bytes,
}

#[derive(Debug, Serialize, Deserialize)]
enum Stream {
    Stdout,
    Stderr,
}

/// A byte string, taken as a whole and not byte by byte.
#[derive(Debug)]
struct Bytes(Vec<u8>);

impl Serialize for Bytes {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_bytes(&self.0)
    }
}

impl<'de> Deserialize<'de> for Bytes {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Owned;

        impl Visitor<'_> for Owned {
            type Value = Bytes;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a byte string")
            }

            fn visit_byte_buf<E: Error>(self, bytes: Vec<u8>) -> Result<Bytes, E> {
                Ok(Bytes(bytes))
            }
        }

        deserializer.deserialize_byte_buf(Owned)
    }
}

impl Session {
    /// The same content as the body of a native session, proven by the bytes it gives.
    pub(super) fn of_body(body: &[u8]) -> Result<Self, BenchError> {
        let session = Self::decode(body)?;
        let bytes = session.encode()?;
        if body.starts_with(&bytes) && body.len() - bytes.len() <= REST_BYTES_MAX {
            return Ok(session);
        }
        Err(BenchError::Wrong {
            what: "the mirrored structures give other bytes".to_owned(),
        })
    }

    /// Encodes it with bincode, and nothing around it.
    pub(super) fn encode(&self) -> Result<Vec<u8>, BenchError> {
        bincode::serde::encode_to_vec(self, CONFIG).doing("encode with bincode")
    }

    /// Decodes it with bincode.
    pub(super) fn decode(bytes: &[u8]) -> Result<Self, BenchError> {
        bincode::serde::decode_from_slice(bytes, CONFIG)
            .map(|(session, _)| session)
            .doing("decode with bincode")
    }

    /// How many jobs it has.
    pub(super) fn len(&self) -> usize {
        self.jobs.len()
    }
}
