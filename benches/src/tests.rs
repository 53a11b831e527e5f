//! Each area in its least form, so that no benchmark rots between two runs of it.

use std::path::PathBuf;

use crate::method::{Row, Verdict};
use crate::{Area, RunOptions, Scale, codec, manager, run, state, storage};

fn options(only: Option<&str>) -> RunOptions {
    RunOptions {
        scale: Scale::Least,
        program: PathBuf::from("no program is started in the least form"),
        only: only.map(str::to_owned),
    }
}

fn least(area: Area) -> Vec<Row> {
    run(area, &options(None)).unwrap()
}

fn says_something(row: &Row) {
    match (&row.verdict, row.ours) {
        (Verdict::NotMeasured(why), None) => assert!(!why.is_empty(), "{row:?}"),
        (_, ours) => {
            let ours = ours.map_or(f64::NAN, |ours| ours.value);
            assert!(ours.is_finite() && ours > 0.0, "{row:?}");
        }
    }
}

#[test]
fn every_row_of_storage_is_measured() {
    let rows = least(Area::Storage);
    rows.iter().for_each(says_something);
    for word in [
        "device",
        "handed",
        "time of a checkpoint",
        "p99.9",
        "open 200 frames",
    ] {
        assert!(
            rows.iter().any(|row| row.work.contains(word)),
            "no row about {word}"
        );
    }
}

#[test]
fn every_row_of_state_is_measured() {
    let rows = least(Area::State);
    rows.iter().for_each(says_something);
    for word in ["near", "random", "record a result", "a chain of 50"] {
        assert!(
            rows.iter().any(|row| row.work.contains(word)),
            "no row about {word}"
        );
    }
}

#[test]
fn every_row_of_codec_is_measured() {
    let rows = least(Area::Codec);
    rows.iter().for_each(says_something);
    for word in [
        "native write",
        "where the run left it",
        "from the state",
        "native read",
        "to a state",
        "v11 write",
        "v11 read",
        "resume 20",
        "bytes read",
    ] {
        assert!(
            rows.iter().any(|row| row.work.contains(word)),
            "no row about {word}"
        );
    }
}

#[test]
fn every_row_of_manager_is_measured() {
    let rows = least(Area::Manager);
    rows.iter().for_each(says_something);
    for word in [
        "flushes",
        "time of a job, a run of 8 jobs",
        "time of a job, a run of 12 jobs",
        "first 4",
        "load 20",
        "format 11",
        "format 6",
    ] {
        assert!(
            rows.iter().any(|row| row.work.contains(word)),
            "no row about {word}"
        );
    }
}

#[test]
fn probes_do_their_work_and_refuse_other_words() {
    storage::probe(&["append", "2", "3"]).unwrap();
    state::probe(&["results", "20", "10"]).unwrap();
    state::probe(&["chain", "20"]).unwrap();
    codec::probe(&["write", "20"]).unwrap();
    codec::probe(&["bare-write", "20"]).unwrap();
    codec::probe(&["build", "20"]).unwrap();
    manager::probe(&["run", "20", "10"]).unwrap();
    manager::probe(&["load", "20"]).unwrap();
    manager::probe(&["read", "20"]).unwrap();
    assert!(manager::probe(&["run", "20", "21"]).is_err());
    assert!(state::probe(&["results", "20"]).is_err());
    assert!(codec::probe(&["build", "20", "20"]).is_err());
    assert!(storage::probe(&["append", "two", "3"]).is_err());
    assert!(storage::probe(&["no such probe"]).is_err());
}

#[test]
fn a_name_that_no_group_has_is_refused_with_those_there_are() {
    for area in [Area::Storage, Area::State, Area::Codec, Area::Manager] {
        let refused = run(area, &options(Some("nothing of the kind"))).map(drop);
        let words = refused.unwrap_err().to_string();
        assert!(
            words.contains("nothing of the kind") && words.contains("there are: "),
            "{words}"
        );
    }
}
