//! Files and folders: which are read, in which order, and what is told of those that cannot be.

use camino::{Utf8Path, Utf8PathBuf};
use tempfile::TempDir;

use super::kit::{errors, read};
use crate::{ReadOptions, UnitError, Units, parse_units, read_unit_file, read_units};

struct Folder(TempDir);

impl Folder {
    fn new() -> Self {
        Self(tempfile::tempdir().expect("a folder of the test"))
    }

    fn path(&self) -> &Utf8Path {
        Utf8Path::from_path(self.0.path()).expect("a path that is Unicode")
    }

    #[expect(clippy::disallowed_methods, reason = "a test makes the files it reads")]
    fn put(&self, name: &str, bytes: impl AsRef<[u8]>) -> Utf8PathBuf {
        let path = self.path().join(name);
        std::fs::create_dir_all(path.parent().expect("a folder")).expect("a folder");
        std::fs::write(&path, bytes).expect("a file");
        path
    }
}

fn read_folder(path: &Utf8Path) -> Result<Units, Vec<UnitError>> {
    read_units([path], &ReadOptions::default())
}

/// The only error of a reading, without the folder of the test.
fn only_error(folder: &Folder, result: Result<Units, Vec<UnitError>>) -> String {
    let errors = result.expect_err("an error");
    assert_eq!(errors.len(), 1, "{errors:?}");
    errors[0].to_string().replace(folder.path().as_str(), "DIR")
}

#[test]
fn one_id_defined_twice_is_told_with_both_places() {
    let folder = Folder::new();
    let job = "\nid: same\nplugin: manual\n";
    folder.put("a.pxu", job);
    let second = folder.put(
        "b.pxu",
        format!("id: other\nplugin: manual\n{job}user: root\n"),
    );
    let error = only_error(&folder, read_folder(folder.path()));
    assert_eq!(
        error,
        "DIR/b.pxu:4:5: the job 'same' is already defined at DIR/a.pxu:2:5: expected each id once, so rename one of the two"
    );
    let twice = read_units([&second, &second], &ReadOptions::default()).expect("one file");
    assert_eq!(twice.jobs.len(), 2, "a file named twice is read once");
    assert_eq!(
        errors("id: a::b\nplugin: manual\n\nid: a::b\nplugin: manual\nuser: root\n").len(),
        1
    );
    let same = read("id: a\nplugin: manual\n\nplugin: manual\nid: a\n").expect("one job");
    assert_eq!(same.jobs.len(), 1);
    assert_eq!(
        same.notes[0].to_string(),
        "m.pxu:4:1: the job 'a' is defined once more in the same words"
    );
    assert!(
        errors("id: a\nplugin: manual\n\nunit: setup job\nid: a\nplugin: shell\ncommand: true\n")
            [0]
        .starts_with("m.pxu:5:5: the job 'a' is already defined at m.pxu:1:5"),
        "a setup job is a job"
    );
    let wrong = parse_units(
        "id: a::b\nplugin: manual\n",
        "m.pxu",
        &ReadOptions::in_namespace("ns"),
    );
    let wrong = wrong.expect_err("the namespace comes in front").remove(0);
    assert!(
        wrong
            .to_string()
            .starts_with("m.pxu:1:5: the id 'a::b' holds `::`")
    );
    assert_eq!(&*wrong.text, "id: a::b");
}

#[test]
fn a_folder_is_walked_in_sorted_order() {
    let folder = Folder::new();
    let job = |id: &str| format!("id: {id}\nplugin: manual\n");
    for (name, id) in [
        ("b/z.txt", "4"),
        ("b/a.txt.in", "3"),
        ("a.pxu", "1"),
        ("b-first.in", "2"),
        ("c/d/e.pxu", "5"),
        ("d/f.yaml", "6"),
    ] {
        folder.put(name, job(id));
    }
    folder.put("e.json", "{\"id\": \"7\", \"plugin\": \"manual\"}");
    folder.put(".hidden/x.pxu", "not read");
    folder.put("notes.md", "not read");
    folder.put("run.sh", [0xff]);
    let units = read_folder(folder.path()).expect("good files");
    let ids: Vec<&str> = units.jobs.iter().map(|job| job.id().as_str()).collect();
    assert_eq!(ids, ["1", "3", "4", "2", "5", "6", "7"]);
    assert_eq!(units.files.len(), 7);
    let source = &units.jobs[0].origin().expect("a place").source;
    assert_eq!(**source, *folder.path().join("a.pxu").as_str());
}

#[test]
fn what_is_no_unit_file_is_told_so() {
    let folder = Folder::new();
    let check = |path: &Utf8Path, expected: &str| {
        let error = only_error(&folder, read_unit_file(path, &ReadOptions::default()));
        assert!(error.starts_with(expected), "{error}");
    };
    check(
        &folder.path().join("none.pxu"),
        "DIR/none.pxu: no such file or folder: expected",
    );
    check(folder.path(), "DIR: is a folder: expected one unit file");
    check(
        &folder.put("elf.pxu", b"id: a\n\x7fELF\0\x01"),
        "DIR/elf.pxu: is not a text file (byte 0x00 at offset 10)",
    );
    check(
        &folder.put("latin.pxu", b"id: caf\xe9\n"),
        "DIR/latin.pxu: is not a text file (byte 0xe9 at offset 7)",
    );
    check(&folder.put("empty.pxu", ""), "DIR/empty.pxu: holds no unit");
    check(
        &folder.put("Cargo.toml", "[package]\n"),
        "DIR/Cargo.toml:1:1: '[package]' is no field",
    );
    folder.put("sub/readme.md", "x");
    let error = only_error(&folder, read_folder(&folder.path().join("sub")));
    assert!(
        error.starts_with("DIR/sub: holds no unit file: expected files"),
        "{error}"
    );
    let none: [&Utf8Path; 0] = [];
    assert_eq!(
        read_units(none, &ReadOptions::default()).expect("nothing"),
        Units::default()
    );
}

#[test]
fn every_file_is_looked_at_and_limits_hold() {
    let folder = Folder::new();
    let good = folder.put("a.pxu", "id: a\nplugin: manual\n");
    let missing = folder.path().join("missing.pxu");
    let wrong = folder.put("c.pxu", "id: c\nplugin: x\n\nid: d\nplugin: y\n\nbare\n");
    let errors = read_units([&missing, &good, &wrong], &ReadOptions::default());
    assert_eq!(errors.expect_err("four").len(), 4);
    let mut options = ReadOptions::default();
    options.limits.errors = 2;
    assert_eq!(
        read_units([&missing, &wrong], &options)
            .expect_err("two")
            .len(),
        2
    );
    options.limits.file_bytes = 20;
    let error = only_error(&folder, read_units([&good], &options));
    assert_eq!(
        error,
        "DIR/a.pxu: is larger than 20 bytes: expected a unit file, so split it or raise the limit"
    );
    options.limits.file_bytes = 21;
    assert!(
        read_units([&good], &options).is_ok(),
        "a file of just the limit is read"
    );
    options.limits.files = 1;
    let error = only_error(&folder, read_units([folder.path()], &options));
    assert!(
        error.starts_with("DIR: holds more than 1 unit files"),
        "{error}"
    );
}
