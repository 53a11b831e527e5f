//! Whole session directories of version 1, good and damaged, as they stood on a disk: they never change, and what
//! is found in each stays the same. A writer of today leaves the same bytes.

use std::ffi::OsStr;
use std::fmt::Write as _;

use crate::fs::{CrashFs, Dir, File, OpenMode};
use crate::journal::tests::kit::{create, dir, disk, look, open, options, writes};
use crate::journal::{Journal, JournalOptions};

/// A directory: its name, its files, what is found in it, and the BLAKE3 hash of the files.
type Golden = (&'static str, &'static str, &'static str, &'static str);

macro_rules! golden {
    ($name:literal, $hash:literal) => {
        (
            $name,
            include_str!(concat!("golden/v1/", $name, ".session")),
            include_str!(concat!("golden/v1/", $name, ".txt")),
            $hash,
        )
    };
}

const CLEAN: Golden = golden!(
    "clean",
    "dbaa10134159bf253831f8a98fc2bb94b68db7912aae24421e2ccb253aa4b623"
);
const CLOSED: Golden = golden!(
    "closed",
    "de7e1334d056b1b3b8237bc4bce3123c7af0a764ab12b0565575028b8daef27a"
);

/// Made of the clean and the closed one.
const DAMAGED: &[Golden] = &[
    golden!(
        "torn",
        "e9cd41aa9400dc0b21c2b18ce511b314ead52e9bffbc7d8f0b4ccb4067841a02"
    ),
    golden!(
        "damaged-last",
        "365c4c8724606eae46af1429edc0997d55b4d77f5044365f444a9eeffac8b7ff"
    ),
    golden!(
        "damaged-inside",
        "7f05e028aa6ecc86095704ce412622babaf6823f2dea3b4732080d811d2970a0"
    ),
    golden!(
        "cut",
        "536ee980786d47c024c03f9a18c5e72a3bb7b93ff1ad6148bb04a696b86e7122"
    ),
    golden!(
        "bad-snapshot",
        "c9f741ac31effb47bc900e735b1833d22c8977c06426d609bef1bf418f9542f7"
    ),
    golden!(
        "version-0",
        "6375e42779152e492dac53ef9afbfcb3f98ec0bccdb2e7a97b20accaf35304cd"
    ),
    golden!(
        "version-2",
        "d7eb4709d6c62d72dc59aa8105dc2bd108805666f6825af84e50fb04f916b5ea"
    ),
    golden!(
        "version-2-damaged",
        "898ba460574009606e4facdaddc37444ea063284eae4d7dc47b383ef30943472"
    ),
];

/// All of them.
fn all() -> impl Iterator<Item = &'static Golden> {
    [&CLEAN, &CLOSED].into_iter().chain(DAMAGED)
}

/// Two generations, opened again in between: summaries, several parts, an empty one, a frame of several sectors.
fn story(options: &JournalOptions) -> CrashFs {
    let long: Vec<u8> = (0..=250).cycle().take(1200).collect();
    let fs = disk();
    let mut journal = create(&fs, options, b"state 0");
    journal.append(&[b"summary 1", b"one", b""], true).unwrap();
    journal.append(&[&long, b"two"], false).unwrap();
    drop(journal);
    let (mut journal, _) = open(&fs, options);
    journal.append(&[b"summary 3", b"three"], true).unwrap();
    journal.fold(&mut writes(b"state 3")).unwrap();
    journal.append(&[b"four"], false).unwrap();
    journal.append(&[b"five", &long], false).unwrap();
    fs
}

/// The files of a directory: a line with name and length, then those lines of 32 bytes that are not all zeros.
fn dump(dir: &dyn Dir) -> String {
    let mut names: Vec<_> = dir.entries().unwrap();
    names.sort_by(|a, b| a.name.cmp(&b.name));
    let mut text = String::new();
    for entry in names {
        let file = dir.open_file(&entry.name, OpenMode::Read).unwrap();
        let mut bytes = vec![0; usize::try_from(file.metadata().unwrap().len).unwrap()];
        file.read_full_at(&mut bytes, 0).unwrap();
        writeln!(text, "{} {}", entry.name.to_str().unwrap(), bytes.len()).unwrap();
        for (line, bytes) in bytes.chunks(32).enumerate() {
            if bytes.iter().any(|byte| *byte != 0) {
                write!(text, "  {} ", line * 32).unwrap();
                for byte in bytes {
                    write!(text, "{byte:02x}").unwrap();
                }
                text.push('\n');
            }
        }
    }
    text
}

/// A disk with the directory that [`dump`] told of.
fn planted(dump: &str) -> CrashFs {
    let fs = disk();
    let dir = dir(&fs);
    let mut file: Option<Box<dyn File>> = None;
    for line in dump.lines() {
        let (first, second) = line.trim_start().split_once(' ').unwrap();
        if line.starts_with(' ') {
            let bytes: Vec<u8> = (0..second.len())
                .step_by(2)
                .map(|at| u8::from_str_radix(&second[at..at + 2], 16).unwrap())
                .collect();
            let file = file.as_ref().unwrap();
            file.write_all_at(&bytes, first.parse().unwrap()).unwrap();
        } else {
            let made = dir
                .open_file(OsStr::new(first), OpenMode::CreateNew)
                .unwrap();
            made.set_len(second.parse().unwrap()).unwrap();
            file = Some(made);
        }
    }
    fs
}

/// What recovery finds: the snapshot, the frames part by part, where the chain stands, the verdict.
fn found(fs: &CrashFs) -> String {
    let recovered = match look(fs) {
        Ok(found) => found.recovered,
        Err(error) => return format!("refused: {error}\n"),
    };
    let mut text = format!(
        "snapshot: {}\n",
        String::from_utf8_lossy(&recovered.snapshot)
    );
    for frame in &recovered.frames {
        writeln!(
            text,
            "frame {}, generation {}, epoch {}, summary {}, chain {}",
            frame.seq, frame.generation, frame.epoch, frame.has_summary, frame.chain
        )
        .unwrap();
        for part in &frame.parts {
            let hash = blake3::hash(part).to_hex();
            writeln!(text, "  part of {} bytes, {hash}", part.len()).unwrap();
        }
    }
    let at = recovered.position;
    writeln!(text, "at frame {}, chain {}", at.seq, at.chain).unwrap();
    writeln!(text, "writable: {}", recovered.verdict.is_writable()).unwrap();
    writeln!(text, "verdict: {}", recovered.verdict).unwrap();
    text
}

#[test]
fn golden_sessions_of_version_1_never_change() {
    for (name, files, _, pinned) in all() {
        let hash = blake3::hash(files.as_bytes()).to_hex();
        assert_eq!(hash.as_str(), *pinned, "{name}");
    }
}

#[test]
fn in_golden_sessions_of_version_1_the_same_is_found_for_ever() {
    for (name, files, verdict, _) in all() {
        let fs = planted(files);
        assert_eq!(found(&fs), *verdict, "{name}");
        assert_eq!(dump(dir(&fs).as_ref()), *files, "{name}: reading wrote");
    }
}

#[test]
fn a_session_written_today_is_these_bytes() {
    let options = options();
    let fs = story(&options);
    assert_eq!(dump(dir(&fs).as_ref()), CLEAN.1);
    let (journal, _) = open(&fs, &options);
    journal.close().unwrap();
    assert_eq!(dump(dir(&fs).as_ref()), CLOSED.1);
}

#[test]
fn sound_golden_sessions_of_version_1_are_written_on_and_others_are_refused_untouched() {
    for (name, files, verdict, _) in all() {
        let fs = planted(files);
        let opened = Journal::open(dir(&fs), &options());
        assert_eq!(opened.is_ok(), verdict.contains("writable: true"), "{name}");
        match opened {
            Ok((mut journal, recovered)) => {
                let next = journal.append(&[b"on"], false).unwrap();
                assert_eq!(next.seq, recovered.position.seq + 1, "{name}");
            }
            Err(_) => assert_eq!(dump(dir(&fs).as_ref()), *files, "{name}"),
        }
    }
}
