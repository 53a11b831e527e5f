//! The writer under which the power is cut: it appends, folds, closes and opens, and says what was acknowledged.

use std::error::Error;
use std::io::Write;
use std::sync::Arc;

use camino::Utf8Path;
use session_storage::{
    CreateOptions, Holder, Journal, JournalOptions, LockPolicy, NewSession, RealFs, Repository,
    SessionLock, SessionStorage, SystemEntropy, Trust,
};

use crate::Random;

type AnyError = Box<dyn Error>;

/// Writes into a repository at a place, and says after each acknowledgement up to which number, until a call fails
/// because the power is cut.
///
/// # Errors
/// The call that failed, which is how this ends.
pub fn write_until_cut(place: &Utf8Path, seed: u64) -> Result<(), AnyError> {
    let fs = Arc::new(RealFs);
    let location = place.join("state/sessions");
    let repository = Repository::create(fs, &location, Trust::OwnDirectories)?;
    let storage = match repository.last_storage()? {
        Some(storage) => storage,
        None => repository.create_session(&NewSession {
            prefix: "cut-",
            now_us: 1_700_000_000_000_000,
            legacy_mode: true,
        })?,
    };
    let mut random = Random::new(seed);
    let mut journal = open(&storage)?;
    loop {
        let next = journal.position().seq + 1;
        let filler = vec![7; usize::try_from(random.between(0, 1800))?];
        journal.append(&[&next.to_le_bytes(), &filler], random.one_in(4))?;
        say(next)?;
        match random.between(0, 11) {
            0 | 1 => fold(&mut journal)?,
            2 => {
                journal.close()?;
                journal = open(&storage)?;
            }
            3 => {
                drop(journal);
                journal = open(&storage)?;
            }
            _ => {}
        }
    }
}

fn open(storage: &SessionStorage) -> Result<Journal, AnyError> {
    let me = Holder::of_process(&RealFs, std::process::id(), "a cut writer", 0);
    let lock: SessionLock = storage.lock(&me, LockPolicy::FailNow)?;
    let mut options = JournalOptions::new(Arc::new(SystemEntropy::new()?));
    options.step_bytes = 16 << 10;
    options.spare_bytes = 16 << 10;
    if storage.has_native()? {
        return Ok(lock.open_journal(&options)?.0);
    }
    let mut create = CreateOptions::new([9; 16], Arc::clone(&options.entropy));
    create.journal = options;
    let journal = lock.create_journal(&create, &mut |out| out.write_all(&0_u64.to_le_bytes()))?;
    say(0)?;
    Ok(journal)
}

fn fold(journal: &mut Journal) -> Result<(), AnyError> {
    let state = journal.position().seq.to_le_bytes();
    Ok(journal.fold(&mut |out| out.write_all(&state))?)
}

/// One line, at once: whoever reads it may cut the power the next moment.
fn say(number: u64) -> Result<(), AnyError> {
    let mut out = std::io::stdout().lock();
    writeln!(out, "{number}")?;
    Ok(out.flush()?)
}
