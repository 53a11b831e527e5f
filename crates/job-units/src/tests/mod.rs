//! What unit files give, and what they are told.

mod jinja2;
mod json;
mod plans;
mod properties;
mod yaml;

use camino::{Utf8Path, Utf8PathBuf};
use session_state::{FieldRef, PluginKind};
use tempfile::TempDir;

use super::*;

const GOOD: &str = "\
# A machine check.
id: kernel
plugin: resource
command: uname -r | sed 's/^/release: /'

id: tmp
plugin: shell
command:
 touch \"$TMPDIR/x\"
 .
 rm \"$TMPDIR/x\"
requires:
 kernel.release != ''
# a comment between the lines
 kernel.release in ('6', '7')
";

fn read(text: &str) -> Result<Units, Vec<UnitError>> {
    parse_units(text, "m.pxu", &ReadOptions::default())
}

fn errors(text: &str) -> Vec<String> {
    let errors = read(text).expect_err("this file is wrong");
    errors.iter().map(ToString::to_string).collect()
}

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

/// Asserts that a text has just this mistake, told with its place and what was expected.
#[track_caller]
fn assert_mistake(file: &str, text: &str, expected: &str) {
    let errors = parse_units(text, file, &ReadOptions::default()).expect_err("a mistake");
    let error = errors[0].to_string();
    assert_eq!(errors.len(), 1, "{errors:?}");
    assert!(error.starts_with(expected), "{error}");
    assert!(error.contains("expected"), "{error}");
}

#[test]
fn jobs_carry_their_fields_and_their_place() {
    let options = ReadOptions::in_namespace("com.example");
    let units = parse_units(GOOD, "m.pxu", &options).expect("a good file");
    let ids: Vec<&str> = units.jobs.iter().map(|job| job.id().as_str()).collect();
    assert_eq!(ids, ["com.example::kernel", "com.example::tmp"]);
    let job = &units.jobs[1];
    assert_eq!(job.plugin(), Some(PluginKind::Shell));
    assert_eq!(
        job.raw("command"),
        Some(FieldRef::Text("touch \"$TMPDIR/x\"\n\nrm \"$TMPDIR/x\""))
    );
    let origin = job.origin().expect("a place");
    assert_eq!(
        (&*origin.source, origin.line_start, origin.line_end),
        ("m.pxu", 6, 15)
    );
    assert_eq!(units.others, []);
    assert_eq!(units.notes, []);
}

#[test]
fn every_kind_of_unit_has_its_place() {
    let units = read("unit: template\nid: t-{n}\ntemplate-resource: r\n\nunit: test plan\nid: p\ninclude: j\n\nunit: packaging meta-data\nos-id: debian\n\nunit: manifest entry\nid: m\n\nunit: category\nid: c\n\nunit: exporter\nid: e\n\nunit: setup job\nid: s\nplugin: shell\ncommand: true\n\nunit: unit\nx: y\n\nid: j\nplugin: manual\n")
        .expect("all kinds are known");
    let kinds: Vec<&str> = units.others.iter().map(|unit| unit.kind()).collect();
    assert_eq!(
        kinds,
        [
            "packaging meta-data",
            "manifest entry",
            "category",
            "exporter",
            "unit"
        ]
    );
    assert_eq!(units.notes, []);
    let jobs: Vec<&str> = units.jobs.iter().map(|job| job.id().as_str()).collect();
    assert_eq!(jobs, ["s", "j"], "a setup job is a job");
    assert_eq!(units.templates[0].id(), "t-n");
    assert_eq!(units.templates[0].resource().as_str(), "r");
    assert_eq!(units.templates[0].origin().expect("a place").line_end, 3);
    assert_eq!(units.plans[0].id(), "p");
}

#[test]
fn a_template_that_is_none_is_shown_at_its_place() {
    let check = |rest: &str, expected: &str| {
        let errors = errors(&format!("unit: template\nid: t\n{rest}\n"));
        assert_eq!(errors.len(), 1, "{errors:?}");
        assert!(errors[0].starts_with(expected), "{}", errors[0]);
    };
    check(
        "x: y",
        "m.pxu:1:1: the template has no field 'template-resource': expected",
    );
    let resource = |rest: &str| format!("template-resource: r\n{rest}");
    check(
        &resource("template-engine: perl"),
        "m.pxu:4:18: 'perl' is not a template engine: expected default or jinja2",
    );
    check(
        &resource("template-filter: not r.x"),
        "m.pxu:4:18: field 'template-filter': ",
    );
    check(
        &resource("template-imports: from x"),
        "m.pxu:4:19: field 'template-imports': unable to parse imports statement 'from x'",
    );
}

#[test]
fn mistakes_are_told_with_line_column_and_what_was_expected() {
    let check = |text: &str, expected: &[&str]| {
        let errors = errors(text);
        let pairs = errors.iter().zip(expected);
        for (error, expected) in pairs {
            assert!(error.starts_with(expected), "{error}\n{expected}");
            assert!(
                error.contains(": expected ") || error.contains("was expected"),
                "{error}"
            );
        }
        assert_eq!(errors.len(), expected.len(), "{errors:?}");
    };
    check(
        "plugin: shell\ncommand: true\n",
        &["m.pxu:1:1: the job has no id"],
    );
    check("id:\nplugin: shell\n", &["m.pxu:1:1: the job has no id"]);
    check(
        "unit: test plan\nid: x\n\nunit: category\nname: x\n",
        &["m.pxu:4:1: the category has no id"],
    );
    check(
        "id: a\ncommand: true\n",
        &["m.pxu:1:5: the job 'a' has no plugin"],
    );
    check(
        "id: a\n\nplugin:  shel\nid: é\n",
        &[
            "m.pxu:1:5: the job 'a' has no plugin",
            "m.pxu:3:10: 'shel' is not a kind of job",
        ],
    );
    check(
        "id: a\nplugin:\n   local\n",
        &[
            "m.pxu:3:4: 'local' is not a kind of job: expected one of shell, resource, attachment, manual,",
        ],
    );
    check(
        "id: a\nplugin: user-verify\n",
        &["m.pxu:1:1: the user-verify job 'a' has no command"],
    );
    check(
        "id: a\nplugin: shell\ncommand:\n .\n .\n",
        &["m.pxu:4:2: the shell job 'a' has no command"],
    );
    check(
        "unit: jobb\nid: a\n",
        &["m.pxu:1:7: 'jobb' is not a kind of unit: expected one of job, setup job,"],
    );
    check(
        "id: a\nid: b\n",
        &["m.pxu:2:1: the field 'id' stands twice in one record, first on line 1"],
    );
    check("\thello\n", &["m.pxu:1:2: '\\thello' is no field"]);
    check("\n one\n", &["m.pxu:2:1: the line begins with a space"]);
    check("", &["m.pxu: holds no unit"]);
    check("# only words\n\n", &["m.pxu: holds no unit"]);
    check("\u{feff}id: a\n", &["m.pxu: begins with a byte order mark"]);
}

#[test]
fn an_illegal_requirement_is_shown_at_its_place() {
    let job = |rest: &str| format!("id: a\nplugin: manual\n{rest}\n");
    let check = |rest: &str, expected: &str| {
        let errors = errors(&job(rest));
        assert_eq!(errors.len(), 1, "{errors:?}");
        assert!(errors[0].starts_with(expected), "{}", errors[0]);
    };
    check(
        "requires: package.name ==",
        "m.pxu:3:26: illegal requirement `package.name ==`: syntax error in a requirement: a value",
    );
    check(
        "requires:\n p.x == 'é'\n# c\n   not p.x",
        "m.pxu:6:4: illegal requirement `not p.x`: `not` is not allowed",
    );
    check(
        "requires: p.x == 'a' or 'b'",
        "m.pxu:3:25: illegal requirement `'b'`: the requirement names no resource",
    );
    check("requires: 1", "m.pxu:3:11: illegal");
    check(
        "imports: from a import b::c\nrequires: c.x",
        "m.pxu:3:10: unable to parse imports statement 'from a import b::c'",
    );
}

#[test]
fn a_misspelt_field_is_noted() {
    let text = "id: a\nplugin: manual\ndepend: b\n_Summary: x\nest_duration: 1\nx: 1\nnames: y\n";
    let units = read(text).expect("a job");
    let notes: Vec<String> = units.notes.iter().map(ToString::to_string).collect();
    assert_eq!(
        notes,
        [
            "m.pxu:3:9: the field 'depend' has no effect: did you mean 'depends'?",
            "m.pxu:4:11: the field '_Summary' has no effect: did you mean 'summary'?",
            "m.pxu:7:8: the field 'names' has no effect: did you mean 'name'?",
        ]
    );
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

#[test]
fn the_example_of_the_first_page_is_read() {
    let units = read("id: clock\nplugin: shell\ncommand: date\nafter: kernel\nflags: simple\n")
        .expect("a job");
    assert_eq!(units.jobs[0].after()[0].as_str(), "kernel");
    assert!(
        read("id: simple\nflags: simple\ncommand: true\n").is_ok(),
        "the flag stands for a plugin"
    );
}
