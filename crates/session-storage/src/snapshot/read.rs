//! Reading a snapshot back, or copying it, against the length and hash its journal names.

use crate::frame::{ContentHash, SnapshotStamp, StreamHash};
use crate::fs::{File, FsError};

const CHUNK: u64 = 256 * 1024;

/// What reading a snapshot found. An error of the file system is neither: it proves nothing.
#[derive(Debug)]
pub(crate) enum SnapshotRead {
    /// Length and hash are those of the journal's head.
    Good(Vec<u8>),
    /// They are not: the file is proven bad.
    Bad,
}

/// Reads a snapshot whole. The length is compared before any memory is taken.
pub(crate) fn read_snapshot(
    file: &dyn File,
    stamp: SnapshotStamp,
) -> Result<SnapshotRead, FsError> {
    let length = file.metadata()?.len;
    let Some(size) = (length == stamp.length)
        .then(|| usize::try_from(length).ok())
        .flatten()
    else {
        return Ok(SnapshotRead::Bad);
    };
    let mut bytes = vec![0; size];
    let got = file.read_full_at(&mut bytes, 0)?;
    if got == size && ContentHash::of(&bytes) == stamp.hash {
        Ok(SnapshotRead::Good(bytes))
    } else {
        Ok(SnapshotRead::Bad)
    }
}

/// Reads at most `most` bytes from the beginning; they are not checked against the hash.
pub(crate) fn read_start(file: &dyn File, most: u64) -> Result<Vec<u8>, FsError> {
    let length = file.metadata()?.len.min(most);
    let mut bytes = vec![0; usize::try_from(length).unwrap_or_default()];
    let got = file.read_full_at(&mut bytes, 0)?;
    bytes.truncate(got);
    Ok(bytes)
}

/// Copies a snapshot into a new file; answers whether what was copied is what the stamp says.
pub(crate) fn copy_snapshot(
    from: &dyn File,
    stamp: SnapshotStamp,
    to: &dyn File,
) -> Result<bool, FsError> {
    let mut hash = StreamHash::new();
    let mut buffer = vec![0; usize::try_from(stamp.length.min(CHUNK)).unwrap_or_default()];
    let mut done = 0;
    while done < stamp.length {
        let want = usize::try_from((stamp.length - done).min(CHUNK)).unwrap_or_default();
        let Some(piece) = buffer.get_mut(..want) else {
            return Ok(false);
        };
        if from.read_full_at(piece, done)? != want {
            return Ok(false);
        }
        hash.update(piece);
        to.write_all_at(piece, done)?;
        done += want as u64;
    }
    Ok(from.metadata()?.len == stamp.length && hash.finish() == stamp.hash)
}
