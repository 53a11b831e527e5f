//! A whole session of version 1, as a run that was killed left it: it opens to the state it had, for ever, and a run
//! of today leaves the same bytes.

use std::ffi::OsStr;
use std::sync::Arc;

use session_storage::{NewSession, OpenMode};
use xxhash_rust::xxh3::xxh3_128;

use super::kit::{empty_fs, in_flight, jobs, options, repository};
use super::newer::files;
use crate::SessionManager;

/// Each file: a line with name and length, then offset and 32 bytes, where they are not all zeros.
const IN_FLIGHT: &str = include_str!("golden/v1/in-flight.session");
const PINNED: &str = "f1b711d98f807898d587f4ff095feed4";

/// The files of a golden session.
fn golden(text: &str) -> Vec<(String, Vec<u8>)> {
    let mut files: Vec<(String, Vec<u8>)> = Vec::new();
    for line in text.lines() {
        let (first, second) = line.trim_start().split_once(' ').unwrap();
        if let (true, Some((_, bytes))) = (line.starts_with(' '), files.last_mut()) {
            let from: usize = first.parse().unwrap();
            for (at, digits) in second.as_bytes().chunks(2).enumerate() {
                let digits = str::from_utf8(digits).unwrap();
                bytes[from + at] = u8::from_str_radix(digits, 16).unwrap();
            }
        } else {
            files.push((first.to_owned(), vec![0; second.parse().unwrap()]));
        }
    }
    files
}

#[test]
fn a_golden_session_of_version_1_opens_to_the_state_it_was_left_in() {
    let options = options();
    let repository = repository(Arc::new(empty_fs())).unwrap();
    let new = NewSession {
        prefix: "",
        now_us: 1,
        legacy_mode: false,
    };
    let storage = repository.create_session(&new).unwrap();
    for (name, bytes) in golden(IN_FLIGHT) {
        let file = storage
            .dir()
            .open_file(OsStr::new(&name), OpenMode::CreateNew)
            .unwrap();
        file.write_all_at(&bytes, 0).unwrap();
    }
    let session = SessionManager::load_session(storage, options.clone(), None).unwrap();
    let written = in_flight(&empty_fs(), options, jobs());
    assert_eq!(session.state(), written.state());
}

#[test]
fn a_run_of_today_leaves_the_bytes_of_version_1() {
    let hash = xxh3_128(IN_FLIGHT.as_bytes());
    assert_eq!(format!("{hash:032x}"), PINNED, "golden bytes never change");
    let session = in_flight(&empty_fs(), options(), jobs());
    assert!(
        files(&**session.storage().dir()) == golden(IN_FLIGHT),
        "the bytes differ"
    );
}
