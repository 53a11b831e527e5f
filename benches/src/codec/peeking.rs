//! A look at a session: the same however many jobs it has.

use std::sync::Arc;

use suspend_resume::{Limits, Summary, peek_native, suspend_native_to};

use super::sample::session;
use crate::disk;
use crate::error::{BenchError, Doing as _};
use crate::method::{CountingFs, Row, Syncs, Unit};
use crate::run::RunOptions;
use crate::sessions;

/// Frames in each journal.
const FRAMES: usize = 200;

/// Reads and bytes of a peek, at two sizes with the same journal.
pub(super) fn rows(options: &RunOptions) -> Result<Vec<Row>, BenchError> {
    let small = options.scale.pick(10_000, 1_000, 5);
    let large = options.scale.pick(1_000_000, 100_000, 50);
    let (few, many) = (peek_of(small)?, peek_of(large)?);
    let row = |what: &str, unit, ours: u64, other: u64| {
        let name = format!("{small} jobs");
        Row::new(
            format!("native peek, {what}, {large} jobs"),
            ours as f64,
            unit,
        )
        .beside(&name, other as f64)
        .at_most_times(&name, 1.2)
    };
    Ok(vec![
        row("reads", Unit::Count, many.reads, few.reads),
        row("bytes read", Unit::Bytes, many.bytes, few.bytes),
    ])
}

struct Cost {
    reads: u64,
    bytes: u64,
}

/// What the kernel is asked for by one peek at a session of so many jobs.
fn peek_of(jobs: usize) -> Result<Cost, BenchError> {
    let (_, state) = session(jobs, jobs)?;
    let folder = disk::scratch().doing("make a scratch folder")?;
    let fs = CountingFs::new(Syncs::CountedOnly);
    let counted = fs.counted();
    let storage = sessions::session(&sessions::repository(Arc::new(fs), folder.path())?, 0)?;
    let mut journal = sessions::journal(&storage, &mut |out| suspend_native_to(&state, out))?;
    let summary = Summary::of(&state).encode().doing("encode a summary")?;
    for number in 0..FRAMES {
        let change = [0x5A; 300];
        let with_summary = number == FRAMES / 2;
        let parts: &[&[u8]] = if with_summary {
            &[&summary, &change]
        } else {
            &[&change]
        };
        journal.append(parts, with_summary).doing("append")?;
    }
    drop(state);
    let before = (counted.reads(), counted.read_bytes());
    let seen = storage.peek().doing("peek")?;
    let head = peek_native(&seen.snapshot_start, &Limits::default()).doing("peek")?;
    let cost = Cost {
        reads: counted.reads() - before.0,
        bytes: counted.read_bytes() - before.1,
    };
    if seen.summary.as_deref() != Some(&summary[..]) || head.summary.jobs_total != jobs as u64 {
        return Err(BenchError::Wrong {
            what: "a peek saw another session".to_owned(),
        });
    }
    Ok(cost)
}
