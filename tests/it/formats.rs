//! Sessions in other formats and at other places: shown, peeked at, converted; and files that are none.

use std::io::{Read as _, Write as _};
use std::path::Path;

use flate2::Compression;
use flate2::read::MultiGzDecoder;
use flate2::write::GzEncoder;
use serde_json::Value;
use session_tests::{Ended, disk};

use crate::world::{GOOD, World, assert_refused};

fn json(ended: &Ended) -> Value {
    assert_eq!(ended.code(), Some(0), "{ended}");
    serde_json::from_str(&ended.stdout).unwrap_or_else(|error| panic!("{error}: {ended}"))
}

fn text(path: &Path) -> String {
    path.display().to_string()
}

/// The outcomes in the document of `session show`, by job.
fn outcomes(shown: &Value) -> Vec<(&str, &str)> {
    let jobs = shown["jobs"].as_array().expect("jobs").iter();
    let mut outcomes: Vec<_> = jobs
        .map(|job| {
            let outcome = job["outcome"].as_str().unwrap_or("-");
            (job["id"].as_str().expect("an id"), outcome)
        })
        .collect();
    outcomes.sort_unstable();
    outcomes
}

/// Writes the session in a format, and says where the file is.
fn converted(world: &World, session: &str, format: &str, more: &[&str]) -> (String, Value) {
    let output = text(&world.path(&format!("as-{}", format.replace(':', "-"))));
    let mut words = vec![
        "convert", session, "--format", format, "-o", &output, "--json",
    ];
    words.extend(more);
    let done = json(&world.run(&words));
    assert_eq!(done["output"], output.as_str());
    (output, done)
}

#[test]
fn a_session_goes_through_every_checkbox_format_and_back() {
    let world = World::new();
    let id = world.good_session();
    let units = text(&world.path("good.pxu"));
    for version in 1..=11 {
        let format = format!("checkbox:{version}");
        let (file, done) = converted(&world, &id, &format, &[]);
        assert_eq!(done["kept_as"], "native");
        let lost = done["losses"].as_array().expect("a list");
        assert!(
            lost.iter().any(|loss| loss["kind"] == "definitions"),
            "{done}"
        );
        let shown = json(&world.run(&["show", &file, "--json"]));
        assert_eq!(outcomes(&shown), [("first", "pass"), ("second", "pass")]);
        assert_eq!(shown["kept_as"], format.replace(':', " "));
        assert_eq!(shown["definitions"], "absent");
        let given = json(&world.run(&["show", &file, "--json", "--definitions", &units]));
        assert_eq!(outcomes(&given), outcomes(&shown));
        assert_eq!(given["definitions"], "given");
        let peeked = json(&world.run(&["peek", &file, "--json"]));
        assert_eq!(peeked["title"], shown["title"]);
        let back = text(&world.path(&format!("back-{version}")));
        let words = [
            "convert",
            &file,
            "--format",
            "native",
            "-o",
            &back,
            "--definitions",
            &units,
        ];
        let ended = world.run(&words);
        assert_eq!(ended.code(), Some(0), "{ended}");
        let native = json(&world.run(&["show", &back, "--json"]));
        assert_eq!(outcomes(&native), outcomes(&shown));
        assert_eq!(native["definitions"], "stored");
    }
}

#[test]
fn a_session_is_named_by_its_directory_too() {
    let world = World::new();
    let id = world.good_session();
    let directory = text(&world.session(&id));
    let by_id = json(&world.run(&["show", &id, "--json"]));
    assert_eq!(
        json(&world.run_exactly(&["show", &directory, "--json"])),
        by_id
    );
    let peeked = json(&world.run_exactly(&["peek", &format!("{directory}/"), "--json"]));
    assert_eq!(peeked["jobs_total"], 2);
    assert_eq!(peeked["outcomes"]["pass"], 2);
    let (file, _) = converted(&world, &directory, "checkbox:11", &[]);
    let folder = world.path("no-session-name");
    disk::create_folder(&folder).expect("a folder");
    disk::write(
        &folder.join("session"),
        &disk::read(Path::new(&file)).expect("a file"),
    )
    .expect("a copy");
    let shown = json(&world.run_exactly(&["show", &text(&folder), "--json"]));
    assert_eq!(outcomes(&shown), [("first", "pass"), ("second", "pass")]);
}

#[test]
fn plain_lines_say_what_was_written_and_what_was_lost() {
    let world = World::new();
    let id = world.good_session();
    let output = text(&world.path("out"));
    let ended = world.run(&[
        "convert",
        &id,
        "--format",
        "checkbox:6",
        "--output",
        &output,
    ]);
    assert_eq!(ended.code(), Some(0), "{ended}");
    assert!(
        ended
            .stdout
            .starts_with(&format!("wrote    {output} (checkbox:6, ")),
        "{ended}"
    );
    assert!(
        ended.stdout.contains("lost     the definitions of 2 jobs"),
        "{ended}"
    );
    let ended = world.run(&["peek", &output]);
    assert!(ended.stdout.contains("kept as  checkbox 6"), "{ended}");
    let ended = world.run(&["show", &output]);
    assert!(ended.stdout.contains("definitions absent"), "{ended}");
}

/// Versions 1 to 3 keep the last result alone: a job that only an earlier one printed is named, and is the one that is
/// missed by who reads the file with the unit files.
#[test]
fn jobs_that_only_an_earlier_result_printed_are_named_by_a_conversion() {
    let world = World::new();
    let local = |jobs: &[&str]| {
        let lines: String = jobs
            .iter()
            .map(|job| format!(" printf 'id: {job}\\nplugin: shell\\ncommand: true\\n\\n'\n"))
            .collect();
        world.file(
            "local.pxu",
            format!("id: maker\nplugin: local\ncommand:\n{lines}"),
        )
    };
    let run = world.run(&["run", &local(&["kept", "gone"])]);
    assert_eq!(run.code(), Some(0), "{run}");
    let id = world.ids().remove(0);
    let (_, done) = converted(&world, &id, "checkbox:3", &[]);
    assert!(!done.to_string().contains("unprinted-jobs"), "{done}");

    let units = local(&["kept"]);
    let again = world.run(&["resume", &id, "--drift", "rerun", "--definitions", &units]);
    assert_eq!(again.code(), Some(0), "{again}");
    for version in ["checkbox:1", "checkbox:2", "checkbox:3"] {
        let (file, done) = converted(&world, &id, version, &["--force"]);
        let lost = done["losses"].as_array().expect("a list");
        let unprinted = lost.iter().find(|loss| loss["kind"] == "unprinted-jobs");
        let unprinted = unprinted.unwrap_or_else(|| panic!("{done}"));
        assert_eq!(unprinted["jobs"], serde_json::json!(["gone"]));
        let read = world.run(&["show", &file, "--definitions", &units]);
        assert_refused(&read, 7, &["Unknown jobs remaining: gone (at"]);
    }
    let (file, done) = converted(&world, &id, "checkbox:4", &[]);
    assert!(!done.to_string().contains("unprinted-jobs"), "{done}");
    let read = world.run(&["show", &file, "--definitions", &units]);
    assert_eq!(read.code(), Some(0), "{read}");
}

#[test]
fn a_file_that_is_there_is_replaced_only_when_asked_and_never_when_it_is_newer() {
    let world = World::new();
    let id = world.good_session();
    let output = world.file("out", "precious");
    let words = ["convert", &id, "--format", "checkbox:11", "-o", &output];
    assert_refused(&world.run(&words), 8, &[&output, "already", "--force"]);
    assert_eq!(
        disk::read(Path::new(&output)).expect("still there"),
        b"precious"
    );
    let forced = [&words[..], &["--force"]].concat();
    assert_eq!(world.run(&forced).code(), Some(0));
    assert_eq!(world.run(&["peek", &output]).code(), Some(0));
    let newer = packed(br#"{"session":{},"version":12}"#);
    disk::write(Path::new(&output), &newer).expect("a newer file");
    assert_refused(&world.run(&forced), 8, &[&output, "newer"]);
    assert_eq!(disk::read(Path::new(&output)).expect("still there"), newer);
    let left: Vec<_> = disk::entries(&world.path(""))
        .expect("a folder")
        .into_iter()
        .filter(|path| text(path).ends_with(".next"))
        .collect();
    assert!(left.is_empty(), "{left:?}");
}

fn inflated(file: &str) -> String {
    let bytes = disk::read(Path::new(file)).expect("a file");
    let mut text = String::new();
    MultiGzDecoder::new(&bytes[..])
        .read_to_string(&mut text)
        .expect("text");
    text
}

fn packed(text: &[u8]) -> Vec<u8> {
    let mut packer = GzEncoder::new(Vec::new(), Compression::fast());
    packer.write_all(text).expect("memory takes it");
    packer.finish().expect("memory takes it")
}

#[test]
fn what_is_no_session_is_refused_by_its_name_with_a_next_step() {
    let world = World::new();
    let id = world.good_session();
    let (whole, _) = converted(&world, &id, "checkbox:11", &[]);
    let whole = disk::read(Path::new(&whole)).expect("a session");
    let missing = text(&world.path("missing"));
    let garbage = world.file("garbage", "no session at all");
    let cut = world.file("cut", &whole[..whole.len() / 2]);
    let empty = world.file("empty", "");
    let other = world.file("other", packed(br#"{"version":11}"#));
    let newer = world.file("newer", packed(br#"{"session":{},"version":12}"#));
    let bomb = world.file("bomb", packed(&vec![b' '; 8 << 20]));
    let huge = text(&world.path("huge"));
    let file = disk::create(Path::new(&huge)).expect("a file");
    file.set_len(5 << 30).expect("a sparse file");
    let nothing = text(&world.path("repository"));
    for command in ["show", "peek"] {
        let run = |name: &str| world.run(&[command, name]);
        assert_refused(&run(&missing), 3, &[&missing]);
        assert_refused(&run(&nothing), 3, &[&nothing]);
        for damaged in [&garbage, &cut, &empty, &other, &newer, &bomb] {
            assert_refused(&run(damaged), 7, &[damaged]);
        }
        assert_refused(&run(&huge), 7, &[&huge]);
    }
    let output = text(&world.path("never"));
    for damaged in [&garbage, &cut, &empty, &other, &newer] {
        let words = ["convert", damaged, "--format", "checkbox:1", "-o", &output];
        assert_refused(&world.run(&words), 7, &[damaged]);
    }
    assert!(!Path::new(&output).exists(), "nothing was written");
}

#[test]
fn a_checkbox_session_needs_its_definitions_to_become_native() {
    let world = World::new();
    let id = world.good_session();
    let (file, _) = converted(&world, &id, "checkbox:11", &[]);
    let output = text(&world.path("native"));
    let words = ["convert", &file, "--format", "native", "-o", &output];
    assert_refused(&world.run(&words), 2, &["definitions", "--definitions"]);
    let others = world.file("others.pxu", GOOD.replace("echo one", "echo other"));
    let words = [&words[..], &["--definitions", &others]].concat();
    assert_refused(&world.run(&words), 8, &["first", "has changed"]);
    let ended = world.run(&["convert", &file, "--format", "checkbox:12", "-o", &output]);
    assert_eq!(ended.code(), Some(2), "{ended}");
}

#[test]
fn jobs_that_a_checkbox_session_selects_twice_are_selected_once_natively() {
    let world = World::new();
    let id = world.good_session();
    let units = text(&world.path("good.pxu"));
    let (file, _) = converted(&world, &id, "checkbox:11", &[]);
    let once = r#""desired_job_list":["first","second"]"#;
    let twice = r#""desired_job_list":["first","first","second"]"#;
    let session = inflated(&file);
    assert!(session.contains(once), "{session}");
    disk::write(
        Path::new(&file),
        &packed(session.replace(once, twice).as_bytes()),
    )
    .expect("a session");
    let (again, _) = converted(&world, &file, "checkbox:10", &[]);
    assert!(inflated(&again).contains(twice), "as Checkbox does");
    let (native, _) = converted(&world, &file, "native", &["--definitions", &units]);
    let (back, _) = converted(&world, &native, "checkbox:9", &[]);
    assert!(inflated(&back).contains(once), "{}", inflated(&back));
}

#[test]
fn a_session_that_becomes_native_names_its_logs_from_its_directory() {
    let world = World::new();
    let id = world.good_session();
    let units = text(&world.path("good.pxu"));
    let (file, _) = converted(&world, &id, "checkbox:11", &[]);
    let mut session: Value = serde_json::from_str(&inflated(&file)).expect("a document");
    for (job, name) in [
        ("first", "io-logs/first.record.gz"),
        ("second", "../elsewhere/second.record.gz"),
    ] {
        let result = &mut session["session"]["results"][job][0];
        result.as_object_mut().expect("a result").remove("io_log");
        result["io_log_filename"] = name.into();
    }
    disk::write(Path::new(&file), &packed(session.to_string().as_bytes())).expect("a session");
    let (native, done) = converted(&world, &file, "native", &["--definitions", &units]);
    let outside = done["logs_outside"].as_array().expect("a list");
    assert_eq!(outside.len(), 1, "{done}");
    assert_eq!(outside[0]["job"], "second");
    let path = outside[0]["path"].as_str().expect("a path");
    assert!(
        path.starts_with('/') && path.ends_with("/../elsewhere/second.record.gz"),
        "{path}"
    );
    let shown = json(&world.run(&["show", &native, "--json"]));
    let jobs = shown["jobs"].as_array().expect("jobs").iter();
    let logs: Vec<_> = jobs.map(|job| &job["log"]).collect();
    assert_eq!(logs, ["io-logs/first.record.gz", path], "{shown}");
}
