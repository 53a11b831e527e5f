//! What must hold for any text.

use proptest::prelude::*;

use super::*;
use crate::job::{IoLogRecord, IoStream};

fn output(stream: IoStream, data: &str) -> IoLogRecord {
    IoLogRecord {
        delay: 0.0,
        stream,
        data: data.as_bytes().into(),
    }
}

#[test]
fn a_unit_file_is_read_as_a_stream_then_cut_as_a_text() {
    let parsed = parse("a: 1\r\nb: 2\u{b}c: 3\r", LineRule::File);
    let record = &parsed.into_result().expect("three fields")[0];
    assert_eq!(record.field("a").expect("a").raw(), "1\n");
    assert_eq!(record.field("b").expect("b").raw(), "2\u{b}");
    assert_eq!(record.field("c").expect("c").raw(), "3\n");
    assert_eq!(record.line_end(), 3);
}

#[test]
fn output_keeps_what_was_complete_before_an_error_and_passes_over_standard_error() {
    let log = [
        output(IoStream::Stdout, "name: one\n"),
        output(IoStream::Stderr, "this is no record\n"),
        output(IoStream::Stdout, "\n"),
        output(IoStream::Stdout, "name: two\n"),
        output(IoStream::Stdout, "no colon here\n"),
        output(IoStream::Stdout, "\nname: three\n"),
    ];
    let parsed = parse_log_output(&log);
    let resources = parsed.to_resources();
    assert_eq!(resources.len(), 1, "the record in progress is lost");
    assert_eq!(resources[0].get("name"), Some("one"));
    let error = parsed.error.expect("a line without a colon");
    assert_eq!(error.line, 4, "lines of standard error do not count");
}

#[test]
fn output_that_is_not_utf8_is_read_with_replacement() {
    let log = [IoLogRecord {
        delay: 0.0,
        stream: IoStream::Stdout,
        data: Box::from(*b"name: a\xff\xe2\x82b\n"),
    }];
    let resources = parse_log_output(&log).to_resources();
    assert_eq!(resources[0].get("name"), Some("a\u{fffd}\u{fffd}b"));
}

#[test]
fn errors_say_what_was_expected() {
    let check = |source: &str, line: u32, words: &str| {
        let error = parse(source, LineRule::File).error.expect("an error");
        assert_eq!((error.line, error.to_string().as_str()), (line, words));
    };
    check(
        "id: a\nid: b\n",
        2,
        "the field 'id' stands twice in one record, first on line 1: expected each field once, and a blank line between records",
    );
    check(
        "a: 1\nit's\n",
        2,
        "\"it's\" is no field: expected `key: value`, or one space at the start to continue the value above",
    );
    check(
        "\n x\n",
        2,
        "the line begins with a space but there is no field above it to continue: expected `key: value`",
    );
}

#[test]
fn a_dump_writes_long_values_below_the_key() {
    let written = dump([
        ("id", "a"),
        ("command", "one\n\n  two\n."),
        ("depends", "b\nc\n"),
        ("empty", ""),
    ]);
    assert_eq!(
        written,
        "id: a\ncommand:\n one\n .\n   two\n ..\ndepends:\n b\n c\nempty: \n\n"
    );
}

#[test]
fn a_record_of_many_fields_knows_them_all() {
    let mut text: String = (0..10_000).map(|n| format!("k{n}: {n}\n")).collect();
    let records = parse(&text, LineRule::File)
        .into_result()
        .expect("one record");
    assert_eq!(records[0].get("k9999"), Some("9999"));
    for first in [0, 15, 16, 17, 9999] {
        let length = text.len();
        text.push_str(&format!("k{first}: x\n"));
        let error = parse(&text, LineRule::File).error.expect("twice");
        let RecordErrorKind::DuplicateKey { first_line, .. } = error.kind else {
            panic!("not {error}");
        };
        assert_eq!((first_line, error.line), (first + 1, 10_001));
        text.truncate(length);
    }
}

/// Texts made of what the grammar is about, so that most of them hold records.
fn text_of_pieces() -> impl Strategy<Value = String> {
    let piece = prop_oneof![
        4 => Just("\n"), 2 => Just("k: v\n"), 2 => Just(" x\n"), 1 => Just(" .\n"), 1 => Just("  y \n"),
        1 => Just("# c\n"), 1 => Just("key:\n"), 1 => Just(" ..\n"), 1 => Just("\u{a0}"), 1 => Just("\t"),
        1 => Just("\r\n"), 1 => Just("\t#k: 1\n"), 1 => Just("a: . \n"), 1 => Just(":"), 1 => Just("é"),
        1 => Just("bare"), 1 => Just(" \u{a0}.\n"), 1 => Just("\u{1c}"), 1 => Just("\u{2028}"),
    ];
    prop::collection::vec(piece, 0..24).prop_map(|pieces| pieces.concat())
}

fn pairs(record: &Record) -> Vec<(&str, &str)> {
    record
        .fields()
        .iter()
        .map(|field| (field.name(), field.value()))
        .collect()
}

proptest! {
    #[test]
    fn any_bytes_are_read_without_panic(bytes in prop::collection::vec(any::<u8>(), 0..200)) {
        let text = String::from_utf8_lossy(&bytes);
        for rule in [LineRule::Stream, LineRule::Text, LineRule::File] {
            let parsed = parse(&text, rule);
            prop_assert!(parsed.records.iter().all(|record| !record.fields().is_empty()));
        }
    }

    #[test]
    fn records_lie_in_order_and_their_values_inside_them(source in text_of_pieces()) {
        let parsed = parse(&source, LineRule::File);
        let mut last = 0;
        for record in &parsed.records {
            prop_assert!(record.line_start() > last && record.line_end() >= record.line_start());
            last = record.line_end();
            for field in record.fields() {
                prop_assert!(record.line_of(field) <= record.line_end() + 1);
            }
        }
    }

    #[test]
    fn what_is_dumped_is_read_back(source in text_of_pieces()) {
        for record in parse(&source, LineRule::Stream).records {
            let fields = pairs(&record);
            let lone_dot = |value: &str| value.contains('\n') && value.split('\n').any(|line| line == ".");
            prop_assume!(!fields.iter().any(|(_, value)| lone_dot(value)));
            let written = dump(fields.iter().copied());
            let again = parse(&written, LineRule::Stream).into_result();
            let again = again.map_err(|error| TestCaseError::fail(format!("{written:?}: {error}")))?;
            prop_assert_eq!(again.len(), 1, "{:?}", written);
            prop_assert_eq!(pairs(&again[0]), fields, "{:?}", written);
        }
    }

    #[test]
    fn lines_joined_are_the_text(source in text_of_pieces()) {
        prop_assert_eq!(text_lines(&source).collect::<String>(), source.clone());
        prop_assert!(!universal_newlines(&source).contains('\r'));
    }

    #[test]
    fn normalising_twice_changes_no_more(source in text_of_pieces()) {
        let once = normalise(&source);
        let ends_in_dot = once.split('\n').any(|line| line.ends_with('.'));
        prop_assume!(!ends_in_dot);
        prop_assert_eq!(normalise(&once), once);
    }
}

#[test]
fn texts_are_quoted_as_python_quotes_them() {
    for (text, printed) in [
        ("a", "'a'"),
        ("it's", "\"it's\""),
        ("it's \"so\"", "'it\\'s \"so\"'"),
        (
            "\n\r\t\\\u{0}\u{7f}\u{85}\u{a0}",
            r"'\n\r\t\\\x00\x7f\x85\xa0'",
        ),
        (
            "é\u{301}\u{3000}\u{200b}😀\u{e0001}",
            "'é\u{301}\\u3000\\u200b😀\\U000e0001'",
        ),
    ] {
        assert_eq!(quoted(text), printed);
    }
}
