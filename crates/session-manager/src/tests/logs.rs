//! Where output goes, and that its names never meet.

use std::collections::BTreeSet;
use std::io::Read as _;
use std::sync::Arc;

use proptest::prelude::*;
use session_state::{IoLog, IoStream, JobId, JobOutcome, JobResult};
use session_storage::{OpenMode, WellKnownDirs};

use super::kit::{empty_fs, job, options, process, repository};
use crate::SessionManager;

/// The file that is kept for running jobs, one after the other.
const RUNNING: &str = "running.part";

fn finished(pieces: &[(IoStream, &[u8])]) -> (SessionManager, JobResult) {
    let repository = repository(Arc::new(empty_fs())).unwrap();
    let mut session = SessionManager::builder(repository, options())
        .create_with_job_list([job("disk/a", &[("command", "true")])])
        .unwrap();
    let id = JobId::from("disk/a");
    session
        .state_mut()
        .update_desired_jobs(std::slice::from_ref(&id));
    session.begin_job(&id).unwrap();
    let mut log = session.open_log(&id).unwrap();
    log.started(&process()).unwrap();
    for (stream, data) in pieces {
        log.record(*stream, 0.25, data).unwrap();
    }
    session
        .finish_job(log, JobResult::of(JobOutcome::Pass))
        .unwrap();
    session.checkpoint().unwrap();
    let result = session.state().job_state(&id).unwrap().result().clone();
    (session, result)
}

fn names(session: &SessionManager) -> BTreeSet<String> {
    let dir = WellKnownDirs::new(session.storage()).io_logs().unwrap();
    let entries = dir.entries().unwrap();
    entries
        .into_iter()
        .map(|entry| entry.name.into_string().unwrap())
        .collect()
}

fn content(session: &SessionManager, name: &str) -> Vec<u8> {
    let dir = WellKnownDirs::new(session.storage()).io_logs().unwrap();
    let file = dir.open_file(name.as_ref(), OpenMode::Read).unwrap();
    let mut bytes = vec![0; 1 << 16];
    let count = file.read_full_at(&mut bytes, 0).unwrap();
    bytes.truncate(count);
    bytes
}

#[test]
fn little_output_stays_with_the_result() {
    let (session, result) =
        finished(&[(IoStream::Stdout, b"one\n"), (IoStream::Stderr, &[0xff, 0])]);
    let IoLog::Memory(records) = result.io_log else {
        panic!("kept in a file")
    };
    let data: Vec<_> = records
        .iter()
        .map(|record| (record.stream, record.data.to_vec()))
        .collect();
    assert_eq!(
        data,
        [
            (IoStream::Stdout, b"one\n".to_vec()),
            (IoStream::Stderr, vec![0xff, 0])
        ]
    );
    assert_eq!(names(&session), [RUNNING.to_owned()].into());
}

#[test]
fn the_file_of_running_jobs_goes_with_the_end_of_the_session() {
    let (session, _) = finished(&[(IoStream::Stdout, b"one\n")]);
    let storage = session.storage().clone();
    session.close().unwrap();
    let left = WellKnownDirs::new(&storage).io_logs().unwrap().entries();
    assert_eq!(left.unwrap(), []);
}

#[test]
fn much_output_goes_to_files_as_checkbox_reads_them() {
    let (session, result) = finished(&[
        (IoStream::Stdout, &[b'o'; 40]),
        (IoStream::Stderr, &[b'e'; 30]),
        (IoStream::Stdout, b"end\n"),
    ]);
    let IoLog::Stored(log) = result.io_log else {
        panic!("kept with the result")
    };
    let stem = log
        .path
        .strip_prefix("io-logs/")
        .unwrap()
        .strip_suffix(".record.gz")
        .unwrap();
    let mut expected: BTreeSet<String> = [".record.gz", ".stderr", ".stdout"]
        .map(|end| format!("{stem}{end}"))
        .into();
    expected.insert(RUNNING.to_owned());
    assert_eq!(names(&session), expected);
    assert_eq!(
        content(&session, &format!("{stem}.stdout")),
        [&[b'o'; 40][..], b"end\n"].concat()
    );
    assert_eq!(content(&session, &format!("{stem}.stderr")), [b'e'; 30]);
    let mut lines = String::new();
    flate2::read::GzDecoder::new(&*content(&session, &format!("{stem}.record.gz")))
        .read_to_string(&mut lines)
        .unwrap();
    assert_eq!(lines.lines().count(), 3);
    assert_eq!(lines.lines().last(), Some("[0.25,\"stdout\",\"ZW5kCg==\"]"));
}

proptest! {
    /// Two attempts never share a file, whatever the ids are.
    #[test]
    fn stems_never_meet(ids in proptest::collection::btree_set("[aA/_.:\u{e9}0-9-]{0,6}", 2..40)) {
        let mut seen = BTreeSet::new();
        for id in &ids {
            for attempt in 1..4 {
                let stem = crate::log_stem(&JobId::from(id.as_str()), attempt);
                prop_assert!(stem.len() < 200 && !stem.contains('/') && !stem.starts_with('.'));
                prop_assert!(seen.insert(stem.clone()), "{stem} stands for two attempts");
            }
        }
    }
}
