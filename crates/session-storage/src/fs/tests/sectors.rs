//! Writing whole sectors: what is read afterwards, by whoever has the file open and by whatever way it was written.

use std::sync::Arc;

use camino::Utf8Path;

use super::behaviours::{create, os};
use crate::fs::{CrashFs, Dir, File, Fs, OpenMode, RealFs};

const SECTOR: usize = 512;
const LENGTH: usize = 64 * SECTOR;

/// Every file system there is, with a directory to write in.
fn on_each(check: fn(&Arc<dyn Dir>)) {
    let place = tempfile::tempdir().unwrap();
    let path = Utf8Path::from_path(place.path()).unwrap();
    check(&RealFs.open_dir(path).unwrap());
    check(&CrashFs::new().open_dir(Utf8Path::new("/")).unwrap());
}

fn content(file: &dyn File) -> Vec<u8> {
    let mut bytes = vec![0xFF; LENGTH + 1];
    let got = file.read_full_at(&mut bytes, 0).unwrap();
    bytes.truncate(got);
    bytes
}

#[test]
fn sectors_are_seen_by_readers_that_had_looked_before_and_change_nothing_around_them() {
    on_each(|dir| {
        let file = create(dir, "journal", &[0; LENGTH]);
        file.sync_data().unwrap();
        let reader = dir.open_file(os("journal"), OpenMode::Read).unwrap();
        let mut expected = vec![0; LENGTH];
        for (number, length) in [(3, 1), (4, 2), (63, 1), (8, 16)] {
            assert_eq!(content(reader.as_ref()), expected);
            let bytes = vec![number as u8; length * SECTOR];
            let at = number * SECTOR;
            file.write_sectors_at(&bytes, at as u64).unwrap();
            expected[at..at + bytes.len()].copy_from_slice(&bytes);
            assert_eq!(content(reader.as_ref()), expected);
            assert_eq!(content(file.as_ref()), expected);
        }
        file.sync_data().unwrap();
        assert_eq!(content(reader.as_ref()), expected);
    });
}

#[test]
fn what_is_no_whole_sector_is_written_all_the_same() {
    on_each(|dir| {
        let file = create(dir, "journal", &[0; LENGTH]);
        file.write_sectors_at(b"some", 7).unwrap();
        file.write_sectors_at(&[1; SECTOR], 100).unwrap();
        let bytes = content(file.as_ref());
        assert_eq!(bytes.len(), LENGTH);
        assert_eq!(&bytes[6..12], b"\0some\0");
        assert_eq!(
            bytes[99..100 + SECTOR + 1]
                .iter()
                .filter(|byte| **byte == 1)
                .count(),
            SECTOR
        );
    });
}

#[test]
fn ways_to_write_can_be_mixed() {
    on_each(|dir| {
        let file = create(dir, "journal", &[]);
        // Not synced: the cache still owes these bytes to the device.
        file.write_all_at(&[1; LENGTH], 0).unwrap();
        file.write_sectors_at(&[2; SECTOR], 0).unwrap();
        file.write_all_at(&[3; 10], 5).unwrap();
        file.write_sectors_at(&[4; SECTOR], SECTOR as u64).unwrap();
        let mut expected = vec![1; LENGTH];
        expected[..SECTOR].fill(2);
        expected[5..15].fill(3);
        expected[SECTOR..2 * SECTOR].fill(4);
        assert_eq!(content(file.as_ref()), expected);
        file.sync_data().unwrap();
        assert_eq!(content(file.as_ref()), expected);
    });
}
