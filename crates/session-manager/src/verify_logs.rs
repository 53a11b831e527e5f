//! Whether the logs that results name are what they were: by length and hash, without changing anything.

use std::collections::BTreeMap;
use std::fmt;
use std::io;
use std::sync::Arc;

use camino::Utf8Path;
use session_state::{IoLog, JobId, SessionState};
use session_storage::{Dir, File, FsError, SessionStorage};
use xxhash_rust::xxh3::Xxh3;

use crate::own_logs::open_inside;

/// So much of a log is in memory at a time, in bytes.
const PIECE_BYTES: usize = 64 << 10;

/// What became of the logs that the results of a session name.
#[derive(Debug, Default)]
#[non_exhaustive]
pub struct VerifiedLogs {
    /// How many are what they were, by length and hash.
    pub proven: u64,
    /// How many bytes these hold.
    pub proven_bytes: u64,
    /// How many were recorded without a hash, as in the formats of Checkbox: nothing is known of them.
    pub unproven: u64,
    /// Those that are not what they were, in the order of their names.
    pub problems: Vec<LogProblem>,
}

/// A log that is not what it was when its result was recorded.
#[derive(Debug)]
pub struct LogProblem {
    /// Whose log.
    pub job: JobId,
    /// The file, as the result names it.
    pub path: Box<str>,
    /// What is wrong with it.
    pub fault: LogFault,
}

/// What is wrong with a log.
#[derive(Debug)]
pub enum LogFault {
    /// It is not there.
    Missing,
    /// Its end is missing.
    TooShort {
        /// Bytes that are there.
        found: u64,
        /// Bytes there were.
        recorded: u64,
    },
    /// Something stands behind its end.
    TooLong {
        /// Bytes that are there.
        found: u64,
        /// Bytes there were.
        recorded: u64,
    },
    /// Its length is right and its bytes are not.
    Differs,
    /// It cannot be read: it is no plain file of this session, or the file system says no.
    Unreadable(FsError),
}

impl LogFault {
    /// One word for it.
    pub const fn as_str(&self) -> &'static str {
        match self {
            Self::Missing => "missing",
            Self::TooShort { .. } => "too-short",
            Self::TooLong { .. } => "too-long",
            Self::Differs => "differs",
            Self::Unreadable(_) => "unreadable",
        }
    }
}

impl fmt::Display for LogFault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Missing => f.write_str("is missing"),
            Self::TooShort { found, recorded } | Self::TooLong { found, recorded } => {
                write!(f, "has {found} bytes instead of {recorded}")
            }
            Self::Differs => f.write_str("is not what was recorded"),
            Self::Unreadable(error) => write!(f, "cannot be read: {error}: {}", error.source),
        }
    }
}

/// Holds every log that a result of the state names, those of earlier results too, against the length and hash that
/// were recorded with it.
///
/// Writes nothing and needs no lock; a log is durable before its result is, so a writer at work does no harm. Each file
/// is read once, in pieces, and a name that leads out of the session is not followed.
pub fn verify_logs(storage: &SessionStorage, state: &SessionState) -> VerifiedLogs {
    let mut named = BTreeMap::new();
    for job in state.jobs() {
        let history = job.history().iter().map(Arc::as_ref);
        for result in history.chain([job.result()]) {
            if let IoLog::Stored(log) = &result.io_log {
                named.insert(log.path.clone(), (job.id(), log.identity));
            }
        }
    }
    let mut verified = VerifiedLogs::default();
    for (path, (job, identity)) in named {
        let Some((length, hash)) = identity else {
            verified.unproven += 1;
            continue;
        };
        match fault(storage.dir(), Utf8Path::new(&*path), length, hash) {
            None => {
                verified.proven += 1;
                verified.proven_bytes = verified.proven_bytes.saturating_add(length);
            }
            Some(fault) => verified.problems.push(LogProblem {
                job: job.clone(),
                path,
                fault,
            }),
        }
    }
    verified
}

fn fault(dir: &Arc<dyn Dir>, path: &Utf8Path, recorded: u64, hash: [u8; 16]) -> Option<LogFault> {
    let measured = open_inside(dir, path).and_then(|file| {
        let found = file.metadata()?.len;
        // Nothing is read where the length alone tells.
        let hash = (found == recorded).then(|| hash_of(&*file)).transpose()?;
        Ok((found, hash))
    });
    match measured {
        Err(error) if error.kind() == io::ErrorKind::NotFound => Some(LogFault::Missing),
        Err(error) => Some(LogFault::Unreadable(error)),
        Ok((found, _)) if found < recorded => Some(LogFault::TooShort { found, recorded }),
        Ok((found, _)) if found > recorded => Some(LogFault::TooLong { found, recorded }),
        Ok((_, found)) => (found != Some(hash)).then_some(LogFault::Differs),
    }
}

fn hash_of(file: &dyn File) -> Result<[u8; 16], FsError> {
    let mut piece = vec![0; PIECE_BYTES];
    let mut hash = Xxh3::new();
    let mut at = 0;
    loop {
        let count = file.read_full_at(&mut piece, at)?;
        hash.update(piece.get(..count).unwrap_or_default());
        at += count as u64;
        if count < PIECE_BYTES {
            return Ok(hash.digest128().to_le_bytes());
        }
    }
}
