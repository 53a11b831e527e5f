//! What is handed to the kernel over a whole run, folds included.

use std::sync::Arc;

use super::keeper::CHANGE_BYTES;
use super::ours::{journal, write_snapshot};
use crate::disk;
use crate::error::{BenchError, Doing as _};
use crate::method::{CountingFs, Random, Row, Syncs, Unit};
use crate::run::{RunOptions, Scale};
use crate::sessions::{repository, session};

/// What a payload is rounded up to.
const SECTOR: usize = 512;

/// A run from empty that folds whenever a fold is due.
pub(super) fn rows(options: &RunOptions) -> Result<Vec<Row>, BenchError> {
    let jobs = options.scale.pick(10_000, 10_000, 900);
    let folder = disk::scratch().doing("make a scratch folder")?;
    let fs = CountingFs::new(Syncs::CountedOnly);
    let counted = fs.counted();
    let repository = repository(Arc::new(fs), folder.path())?;
    let storage = session(&repository, 0)?;
    let mut journal = journal(&storage, 0)?;
    let mut random = Random::new(5);
    let mut folds = 0;
    let before = (
        counted.frame_bytes(),
        counted.zero_bytes(),
        counted.snapshot_bytes(),
    );
    for done in 1..=jobs {
        let change = random.bytes(CHANGE_BYTES);
        journal.append(&[&change], false).doing("append")?;
        if journal.should_fold() {
            journal
                .fold(&mut |out| write_snapshot(done, out))
                .doing("fold")?;
            folds += 1;
        }
    }
    let payload = (jobs * CHANGE_BYTES) as f64;
    let rounded = (jobs * CHANGE_BYTES.next_multiple_of(SECTOR)) as f64;
    let frames = (counted.frame_bytes() - before.0) as f64;
    let zeros = (counted.zero_bytes() - before.1) as f64;
    let snapshots = (counted.snapshot_bytes() - before.2) as f64;
    let row = |what: &str, bytes, beside: &str, against, limit| {
        Row::new(
            format!("{what} handed to the kernel, {jobs} jobs"),
            bytes,
            Unit::Bytes,
        )
        .beside(beside, against)
        .at_most_times(beside, limit)
    };
    let enough = folds >= 5 || options.scale == Scale::Least;
    Ok(vec![
        row("frames", frames, "payload rounded up", rounded, 1.25),
        row("folds", snapshots, "payload", payload, 1.0)
            .judged(&format!("at least 5 folds ({folds})"), enough),
        row("zeros", zeros, "payload rounded up", rounded, 1.6),
    ])
}
