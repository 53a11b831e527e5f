//! Opening a long journal for reading.

use std::fs::File;
use std::os::unix::fs::FileExt as _;
use std::path::Path;
use std::sync::Arc;

use xxhash_rust::xxh3::xxh3_128;

use super::keeper::CHANGE_BYTES;
use super::ours::journal;
use crate::disk;
use crate::error::{BenchError, Doing as _};
use crate::method::{Contender, CountingFs, Random, Row, Syncs, Unit, time_rounds};
use crate::run::RunOptions;
use crate::sessions::{only_session, repository, session};

/// What one read takes in.
const CHUNK: usize = 256 * 1024;

/// A frame of a change of [`CHANGE_BYTES`]: its room on disk, its header, the part of that which is checked,
/// and where its length and the nonce of its journal stand, as `docs/formats-journal.md` says.
const FRAME: usize = 512;
const HEADER: usize = 120;
const CHECKED: usize = 96;
const LENGTH_AT: usize = 24;
const CHECKSUM_AT: usize = 104;
const NONCE_AT: usize = 48;

/// Who opens a journal has its frames in memory afterwards, and so has who reads the file.
const FLOOR: &str = "read + checksums";

/// The same without keeping anything: told, as a measure of what memory costs.
const PASSING: &str = "read in passing + checksums";

/// Recovery beside reading the same bytes and checking the same checksums.
pub(super) fn rows(options: &RunOptions) -> Result<Vec<Row>, BenchError> {
    let frames = options.scale.pick(1_000_000, 100_000, 200);
    let folder = disk::scratch().doing("make a scratch folder")?;
    let fs = Arc::new(CountingFs::new(Syncs::CountedOnly));
    let storage = session(&repository(fs, folder.path())?, 0)?;
    let mut writer = journal(&storage, 0)?;
    let mut random = Random::new(13);
    for _ in 0..frames {
        let change = random.bytes(CHANGE_BYTES);
        writer.append(&[&change], false).doing("append")?;
    }
    let path = storage.location().join("journal.1");
    let storage = only_session(folder.path())?;
    let nonce = nonce_of(path.as_std_path())?;
    let mut contenders = [
        Contender::new("ours", || {
            let recovered = storage.recover().doing("recover")?;
            same("recovery", recovered.frames.len(), frames)
        }),
        Contender::new(FLOOR, || {
            let (bytes, found) = read_and_check(path.as_std_path(), nonce)?;
            std::hint::black_box(&bytes);
            same("the floor", found, frames)
        }),
        Contender::new(PASSING, || {
            let found = read_in_passing(path.as_std_path(), nonce)?;
            same("reading in passing", found, frames)
        }),
    ];
    let rounds = time_rounds(options.scale.pick(30, 5, 1), &mut contenders)?;
    let work = format!("open {frames} frames for reading, cache warm");
    let row = Row::new(work, rounds.median_ns("ours", 1), Unit::Nanoseconds)
        .beside(FLOOR, rounds.median_ns(FLOOR, 1))
        .beside(PASSING, rounds.median_ns(PASSING, 1))
        .ratio_at_most(rounds.ratio("ours", FLOOR), FLOOR, 1.5);
    writer.close().doing("close the journal")?;
    Ok(vec![row])
}

fn same(who: &str, found: usize, expected: usize) -> Result<(), BenchError> {
    if found == expected {
        return Ok(());
    }
    Err(BenchError::Wrong {
        what: format!("{who} found {found} frames of {expected}"),
    })
}

/// The nonce that keys the checksums.
fn nonce_of(path: &Path) -> Result<[u8; 16], BenchError> {
    let mut head = [0; FRAME];
    disk::open(path)
        .and_then(|file| file.read_exact_at(&mut head, 0))
        .doing("read the head of the journal")?;
    head.get(NONCE_AT..NONCE_AT + 16)
        .and_then(|bytes| bytes.try_into().ok())
        .ok_or("it is too short")
        .doing("read the head of the journal")
}

/// Reads a journal into memory, and checks every frame.
fn read_and_check(path: &Path, nonce: [u8; 16]) -> Result<(Vec<u8>, usize), BenchError> {
    let bytes = disk::read(path).doing("read the journal")?;
    let frames = valid_frames(bytes.get(FRAME..).unwrap_or_default(), nonce);
    Ok((bytes, frames))
}

/// Reads a journal through one buffer, and checks every frame.
fn read_in_passing(path: &Path, nonce: [u8; 16]) -> Result<usize, BenchError> {
    let file: File = disk::open(path).doing("open the journal")?;
    let mut buffer = vec![0; CHUNK];
    let mut offset = FRAME as u64;
    let mut frames = 0;
    loop {
        let got = file
            .read_at(&mut buffer, offset)
            .doing("read the journal")?;
        let whole = buffer.get(..got - got % FRAME).unwrap_or_default();
        let valid = valid_frames(whole, nonce);
        frames += valid;
        if valid == 0 || valid < whole.len() / FRAME {
            return Ok(frames);
        }
        offset += whole.len() as u64;
    }
}

/// How many frames from the first on are valid.
fn valid_frames(bytes: &[u8], nonce: [u8; 16]) -> usize {
    bytes
        .chunks_exact(FRAME)
        .take_while(|frame| checksum_holds(frame, nonce).unwrap_or(false))
        .count()
}

/// Hashes at once what fits into a sector, which is the fastest way there is.
fn checksum_holds(frame: &[u8], nonce: [u8; 16]) -> Option<bool> {
    let length = u64::from_le_bytes(*frame.get(LENGTH_AT..)?.first_chunk()?);
    let checked = frame.get(..CHECKED)?;
    let body = frame.get(HEADER..usize::try_from(length).ok()?)?;
    let stored = frame.get(CHECKSUM_AT..HEADER)?;
    let mut place = [0; FRAME];
    let mut end = 0;
    for piece in [&nonce[..], checked, body] {
        place
            .get_mut(end..end + piece.len())?
            .copy_from_slice(piece);
        end += piece.len();
    }
    Some(xxh3_128(place.get(..end)?).to_le_bytes() == stored)
}
