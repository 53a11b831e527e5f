//! Units in PXU: fields, places, mistakes.

use session_state::{FieldRef, PluginKind};

use super::kit::{errors, read};
use crate::{ReadOptions, parse_units};

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
        "id: a\nplugin:\n   localy\n",
        &[
            "m.pxu:3:4: 'localy' is not a kind of job: expected one of shell, resource, attachment, manual,",
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
fn the_example_of_the_first_page_is_read() {
    let units = read("id: clock\nplugin: shell\ncommand: date\nafter: kernel\nflags: simple\n")
        .expect("a job");
    assert_eq!(units.jobs[0].after()[0].as_str(), "kernel");
    assert!(
        read("id: simple\nflags: simple\ncommand: true\n").is_ok(),
        "the flag stands for a plugin"
    );
}

#[test]
fn a_local_job_is_read_with_a_hint_at_templates() {
    let units = read("id: a\nplugin: local\ncommand: true\n").expect("a job");
    assert_eq!(units.jobs[0].plugin(), Some(PluginKind::Local));
    let note = units.notes[0].to_string();
    assert!(
        note.starts_with("m.pxu:2:9: local jobs are of plainbox"),
        "{note}"
    );
}
