//! Unit files in YAML.

use proptest::prelude::*;
use session_state::{FieldRef, FieldValue};

use super::kit::{assert_mistake, places};
use crate::format::Source;
use crate::{Limits, ReadOptions, Units, parse_units};

fn read(text: &str) -> Result<Units, Vec<String>> {
    parse_units(text, "m.yaml", &ReadOptions::default())
        .map_err(|errors| errors.iter().map(ToString::to_string).collect())
}

/// The value of the field `x` of the only job.
fn value(text: &str) -> FieldValue {
    let text = format!("id: a\nplugin: manual\nx: {text}\n");
    let units = read(&text).expect("a job");
    let value = units.jobs[0].raw("x").map(FieldRef::to_value);
    value.expect("it has the field")
}

#[test]
fn a_stream_holds_one_unit_in_each_document_or_a_list_of_them() {
    let text = "# words\n---\nid: a\nplugin: shell\ncommand: |\n  one\n  two\n\n---\n---\n- id: b\n  plugin: manual\n- {id: c, plugin: manual,\n   depends: [a, b]}\n...\n";
    let units = read(text).expect("three jobs");
    assert_eq!(places(&units), [("a", 3, 7), ("b", 11, 12), ("c", 13, 14)]);
    assert_eq!(units.jobs[0].command().as_deref(), Some("one\ntwo\n"));
    let depends = units.jobs[2].depends();
    assert_eq!(
        depends
            .iter()
            .map(session_state::JobId::as_str)
            .collect::<Vec<_>>(),
        ["a", "b"]
    );
}

#[test]
fn plain_scalars_mean_what_yaml_1_1_says() {
    let text = |text: &str| FieldValue::Text(text.into());
    for (written, wanted) in [
        ("yes", FieldValue::Bool(true)),
        ("Off", FieldValue::Bool(false)),
        ("yEs", text("yEs")),
        ("'yes'", text("yes")),
        ("!!str 1", text("1")),
        ("~", FieldValue::Null),
        ("", FieldValue::Null),
        ("1_000", FieldValue::Int(1000)),
        ("-0x1F", FieldValue::Int(-31)),
        ("017", FieldValue::Int(15)),
        ("0b11", FieldValue::Int(3)),
        ("019", text("019")),
        ("1:30", FieldValue::Int(90)),
        ("1:99", text("1:99")),
        (
            "36893488147419103232",
            FieldValue::BigInt("36893488147419103232".into()),
        ),
        ("1.5", FieldValue::Float(1.5)),
        (".5", FieldValue::Float(0.5)),
        ("1e3", text("1e3")),
        ("1.0e+3", FieldValue::Float(1000.0)),
        ("-.inf", FieldValue::Float(f64::NEG_INFINITY)),
        ("!!float 2", FieldValue::Float(2.0)),
        ("2026-11-24", text("2026-11-24")),
    ] {
        assert_eq!(value(written), wanted, "{written}");
    }
}

#[test]
fn aliases_and_merged_maps_are_written_out() {
    let units = read(
        "id: a\nplugin: shell\nenviron: &e [A, B]\ncommand: &c 'true'\nx: *e\ny: &m {p: 1, q: 2}\nz:\n  q: 3\n  <<: *m\n",
    );
    let units = units.expect("a job");
    let job = &units.jobs[0];
    assert_eq!(job.raw("x"), job.raw("environ"));
    let map = FieldValue::Map(vec![
        ("p".into(), FieldValue::Int(1)),
        ("q".into(), FieldValue::Int(3)),
    ]);
    assert_eq!(job.raw("z").map(FieldRef::to_value), Some(map));
    let base = "- &base {id: a, plugin: shell, command: 'true'}\n- {<<: *base, id: b}\n";
    let units = read(base).expect("two jobs");
    assert_eq!(units.jobs[1].command().as_deref(), Some("true"));
}

#[test]
fn mistakes_are_shown_at_their_place() {
    let check = |text: &str, expected: &str| assert_mistake("m.yaml", text, expected);
    check(
        "id: a\nplugin: shel\n",
        "m.yaml:2:9: 'shel' is not a kind of job",
    );
    check(
        "id: a\nplugin: manual\nrequires:\n  - p.x == 1\n  - not p.x\n",
        "m.yaml:5:5: illegal requirement `not p.x`",
    );
    check(
        "id: a\nid: b\n",
        "m.yaml:2:1: the field 'id' stands twice, first on line 1",
    );
    check("- a\n", "m.yaml:1:3: no unit: ");
    check("a\n", "m.yaml:1:1: no unit: ");
    check("id: [a\n", "m.yaml:2:1: not YAML: ");
    check("? [a]\n: b\n", "m.yaml:1:3: a key that is no text");
    check("id: *nothing\n", "m.yaml:1:5: not YAML: ");
    check(
        "x: &x [*x]\n",
        "m.yaml:1:8: an alias for what is not complete",
    );
    check(
        "x: !!python/none a\n",
        "m.yaml:1:4: the tag `!!python/none` does not fit",
    );
    check("x: !!int a\n", "m.yaml:1:4: the tag `!!int` does not fit");
    check("<<: a\n", "m.yaml:1:5: `<<` merges what is no map");
    check("unit: 7\nid: a\n", "m.yaml:1:7: '' is not a kind of unit");
    check("# nothing\n---\n", "m.yaml: holds no unit");
    let deep = format!("x: {}{}\n", "[".repeat(200), "]".repeat(200));
    check(&deep, "m.yaml:1:103: nested more than 100 deep");
}

#[test]
fn aliases_are_bounded() {
    let mut text = "a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n".to_owned();
    for level in 1..12 {
        let before = format!("*a{}", level - 1);
        let items = vec![before; 10].join(", ");
        text.push_str(&format!("a{level}: &a{level} [{items}]\n"));
    }
    let mut options = ReadOptions::default();
    options.limits.file_bytes = 1 << 20;
    let errors = parse_units(&text, "bomb.yaml", &options).expect_err("too much");
    let error = errors[0].to_string();
    assert!(
        error.contains("aliases repeat more than 1048576 bytes"),
        "{error}"
    );
}

#[test]
fn errors_are_told_once_and_units_before_them_are_kept() {
    let source = Source::new("id: a\n---\nid: b\n---\n- [\n", "m.yaml");
    let document = source.document(&Limits::default());
    assert_eq!(document.entries.len(), 2);
    assert!(document.error.is_some());
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]

    #[test]
    fn any_text_is_answered(text in any::<String>()) {
        if let Err(errors) = read(&text) {
            prop_assert!(!errors.is_empty());
        }
    }

    #[test]
    fn any_text_of_marks_is_answered(text in "[-:?&*!|>%@`{}\\[\\],#'\" ab1\n\t<~.]{0,60}") {
        if let Err(errors) = read(&text) {
            prop_assert!(!errors.is_empty());
        }
    }
}
