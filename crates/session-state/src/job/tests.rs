//! Fields of definitions, read as they are meant.

use std::sync::Arc;

use proptest::prelude::*;

use super::definition::{JobDefinition, Parameters};
use super::json_read::read_json;
use super::plugin::PluginKind;
use super::words::words;
use super::{Checksum, FormatError, ReturnCode, SiblingsError, parse_duration};
use crate::field::{FieldRef, FieldValue};
use crate::id::{CategoryId, JobId};

fn job(fields: &[(&str, FieldValue)]) -> JobDefinition {
    let fields = fields
        .iter()
        .map(|(name, value)| (Arc::from(*name), value.clone()));
    JobDefinition::new(Some("ns".into()), fields.collect(), None, None)
}

fn text_job(fields: &[(&str, &str)]) -> JobDefinition {
    let fields: Vec<_> = fields
        .iter()
        .map(|(name, value)| (*name, FieldValue::from(*value)))
        .collect();
    job(&fields)
}

fn instance(fields: &[(&str, &str)]) -> JobDefinition {
    let parameters: Parameters = [
        ("name".into(), FieldValue::from("eth0")),
        ("__index__".into(), FieldValue::Int(3)),
    ]
    .into();
    let fields = fields
        .iter()
        .map(|(name, value)| (Arc::from(*name), FieldValue::from(*value)));
    JobDefinition::new(None, fields.collect(), Some(parameters), None)
}

#[test]
fn fields_are_kept_as_they_were_written() {
    let written: Vec<(Arc<str>, FieldValue)> = vec![
        ("summary".into(), "plain".into()),
        ("id".into(), "a".into()),
        ("X-own".into(), "".into()),
        (
            "numbers".into(),
            FieldValue::List(vec![FieldValue::Int(1), FieldValue::Null]),
        ),
        ("_summary".into(), "marked".into()),
        ("X-other".into(), FieldValue::Bool(true)),
        ("after".into(), "é\0".into()),
    ];
    let job = JobDefinition::new(None, written.clone(), None, None);
    let read: Vec<(Arc<str>, FieldValue)> = job
        .fields()
        .map(|(name, value)| (name.into(), value.to_value()))
        .collect();
    assert_eq!(read, written);
    assert_eq!(job.fields().len(), 7);
    assert_eq!(job.raw("summary"), Some(FieldRef::Text("plain")));
    assert_eq!(job.value("summary"), Some(FieldRef::Text("marked")));
    assert_eq!(job.value("X-own"), Some(FieldRef::Text("")));
    assert_eq!(job.value("own"), None);
}

#[test]
fn ids_are_qualified() {
    assert_eq!(text_job(&[("id", "a")]).id().as_str(), "ns::a");
    assert_eq!(text_job(&[("name", "b")]).id().as_str(), "ns::b");
    assert_eq!(text_job(&[("id", "o::y")]).id().as_str(), "ns::o::y");
    assert_eq!(text_job(&[("summary", "x")]).id().as_str(), "");
    let job = text_job(&[("id", "a"), ("depends", "b other::c b")]);
    assert_eq!(job.depends(), ["ns::b", "other::c"].map(JobId::new));
    let category = |fields| text_job(fields).category_id();
    assert_eq!(
        category(&[]),
        CategoryId::new("com.canonical.plainbox::uncategorised")
    );
    assert_eq!(category(&[("category_id", "")]), CategoryId::new("ns::"));
}

#[test]
fn descriptions_are_joined() {
    let job = text_job(&[
        ("_purpose", "why"),
        ("steps", "1. do"),
        ("verification", "see"),
    ]);
    assert_eq!(
        job.description().as_deref(),
        Some("PURPOSE:\nwhy\nSTEPS:\n1. do\nVERIFICATION:\nsee")
    );
    let own = text_job(&[("description", "own"), ("purpose", "why")]);
    assert_eq!(own.description().as_deref(), Some("own"));
    assert_eq!(text_job(&[("id", "a")]).description(), None);
    assert_eq!(text_job(&[("id", "a")]).summary(), "a");
}

#[test]
fn flags_and_kinds() {
    let job = text_job(&[("flags", "simple, noreturn\nx")]);
    assert_eq!(job.flags(), ["simple", "noreturn", "x"]);
    assert!(job.has_flag("noreturn") && !job.has_flag("no"));
    assert_eq!(job.plugin(), Some(PluginKind::Shell));
    assert_eq!(text_job(&[("flags", "")]).flags(), [""]);
    assert_eq!(text_job(&[]).flags(), [""; 0]);
    assert_eq!(text_job(&[]).plugin(), None);
    assert_eq!(text_job(&[("plugin", "nonsense")]).plugin(), None);
    for kind in PluginKind::ALL {
        assert_eq!(text_job(&[("plugin", kind.as_str())]).plugin(), Some(kind));
    }
}

#[test]
fn durations_are_seconds() {
    for (text, seconds) in [
        ("", Some(0.0)),
        ("1.5", Some(1.5)),
        (" -3 ", Some(-3.0)),
        ("1_000", Some(1000.0)),
        ("1__0", None),
        ("1h 2m:3s", Some(3723.0)),
        ("2m", Some(120.0)),
        ("3s 1m", None),
        ("soon", None),
    ] {
        assert_eq!(parse_duration(text), seconds, "{text:?}");
    }
    let number = job(&[("estimated_duration", FieldValue::Int(7))]);
    assert_eq!(number.estimated_duration(), Some(7.0));
}

#[test]
fn parameters_are_filled_in_when_read() {
    let job = instance(&[
        ("id", "check-{name}"),
        ("command", "echo {{{name:>6}}} {__index__}"),
        ("summary", "{missing} {name}"),
        ("depends", "pre-{name}"),
    ]);
    assert_eq!(job.id().as_str(), "check-eth0");
    assert_eq!(job.command().as_deref(), Some("echo {  eth0} 3"));
    assert_eq!(job.summary(), "MISSING_PARAM_3 eth0");
    assert_eq!(job.depends(), [JobId::new("pre-eth0")]);
    let name = "missing".to_owned();
    let fault = FormatError::MissingParameter { name };
    assert_eq!(job.faults(), [("summary".to_owned(), fault)]);
    assert_eq!(text_job(&[("id", "{name}")]).id().as_str(), "ns::{name}");
}

#[test]
fn checksums_are_read_as_they_are_written() {
    let checksum = text_job(&[("id", "a")]).checksum();
    let text = checksum.to_string();
    assert_eq!(text.parse(), Ok(checksum));
    assert!(text.to_uppercase().parse::<Checksum>().is_err());
    assert!(text[1..].parse::<Checksum>().is_err());
    assert!(format!("{text}0").parse::<Checksum>().is_err());
}

#[test]
fn suspend_flags_make_siblings() {
    let job = text_job(&[
        ("id", "wifi/scan"),
        ("flags", "also-after-suspend preserve-locale"),
        ("_summary", "Scan"),
        ("group", "grp"),
    ]);
    let siblings = job.siblings().unwrap();
    let fields: Vec<_> = siblings[0]
        .fields()
        .map(|(name, value)| (name, value.to_value()))
        .collect();
    let depends = FieldValue::List(vec![
        "ns::wifi/scan".into(),
        "com.canonical.certification::suspend/suspend_advanced_auto".into(),
    ]);
    assert_eq!(
        fields,
        [
            ("id", "after-suspend-wifi/scan".into()),
            ("flags", " preserve-locale".into()),
            ("_summary", "Scan after suspend (S3)".into()),
            ("group", "after-suspend-grp".into()),
            ("depends", depends),
        ]
    );
    let manual = text_job(&[
        ("id", "a"),
        ("flags", "also-after-suspend-manual x"),
        ("depends", "b"),
    ]);
    let siblings = manual.siblings().unwrap();
    assert_eq!(siblings.len(), 1);
    assert_eq!(siblings[0].raw("flags"), Some(FieldRef::Text("-manual x")));
    assert_eq!(
        siblings[0].raw("depends"),
        Some(FieldRef::Text(
            "b ns::a com.canonical.certification::suspend/suspend_advanced"
        ))
    );
}

#[test]
fn listed_siblings_are_copies() {
    let listed = r#"[{"id": "b", "_summary": "second"}, {"id": "c", "depends": ["a"]}]"#;
    let job = text_job(&[("id", "a"), ("command", "true"), ("siblings", listed)]);
    let siblings = job.siblings().unwrap();
    let ids: Vec<&str> = siblings
        .iter()
        .map(|sibling| sibling.id().as_str())
        .collect();
    assert_eq!(ids, ["ns::b", "ns::c"]);
    assert_eq!(siblings[0].summary(), "second");
    assert_eq!(siblings[1].depends(), [JobId::new("ns::a")]);
    assert_eq!(siblings[1].command().as_deref(), Some("true"));
    assert_eq!(siblings[1].value("siblings"), None);
    let wrong = text_job(&[("id", "a"), ("siblings", "{}")]).siblings();
    assert!(matches!(wrong, Err(SiblingsError::NotMaps { .. })));
    let broken = text_job(&[("id", "a"), ("siblings", "[")]).siblings();
    assert!(matches!(broken, Err(SiblingsError::NotJson { .. })));
}

#[test]
fn json_texts_are_read() {
    let text = r#" {"a": [1, -2.5e3, null, true, ""], "b": "\u00e9\ud83d\ude80\n", "a": 18446744073709551616} "#;
    assert_eq!(
        read_json(text, &mut |_| {}),
        Ok(FieldValue::Map(vec![
            (
                "a".into(),
                FieldValue::BigInt("18446744073709551616".into())
            ),
            ("b".into(), "é🚀\n".into()),
        ]))
    );
    for broken in [
        "",
        "[1,]",
        "01",
        "1.",
        "{a:1}",
        "\"\\ud800\"",
        "\"\t\"",
        "[] []",
        "nul",
    ] {
        assert!(read_json(broken, &mut |_| {}).is_err(), "{broken}");
    }
    let deep = "[".repeat(100_000);
    assert!(read_json(&deep, &mut |_| {}).is_err());
}

proptest! {
    #[test]
    fn fields_are_found_by_name(
        names in proptest::collection::vec("_?(id|summary|after|own|X|_X)|", 0..8),
    ) {
        let value = |at: usize| match at % 3 {
            0 => FieldValue::Null,
            1 => FieldValue::from(&*format!("text {at}")),
            _ => FieldValue::Int(7),
        };
        let written: Vec<(Arc<str>, FieldValue)> =
            names.iter().enumerate().map(|(at, name)| (Arc::from(&**name), value(at))).collect();
        let job = JobDefinition::new(None, written.clone(), None, None);
        let first = |name: &str| {
            let found = written.iter().find(|(own, _)| **own == *name);
            found.map(|(_, value)| value.clone())
        };
        for name in ["id", "summary", "after", "own", "X", "_X", "_id", ""] {
            let raw = job.raw(name).map(FieldRef::to_value);
            prop_assert_eq!(raw, first(name), "{}", name);
            let marked = first(&format!("_{name}")).filter(|value| *value != FieldValue::Null);
            let plain = first(name).filter(|value| *value != FieldValue::Null);
            let meant = job.value(name).map(FieldRef::to_value);
            prop_assert_eq!(meant, marked.or(plain), "{}", name);
        }
    }

    #[test]
    fn reading_a_field_never_fails(text in "\\PC*|[{}a-z!:<>^0-9\" #,=\\[\\]\\\\\u{0}\u{1c}]*") {
        let job = instance(&[("id", &text), ("flags", &text), ("estimated_duration", &text), ("siblings", &text)]);
        let _ = (job.id(), job.flags(), job.estimated_duration(), job.faults());
        let _ = (job.checksum(), job.siblings().is_ok(), read_json(&text, &mut |_| {}).is_ok());
        prop_assert!(words(&text).all(|word| text.contains(word)));
    }
}

#[test]
fn outcomes_are_shown_as_documented() {
    use super::JobOutcome::{Crash, Fail, NotImplemented, Pass, Skip, Undecided};
    let shown = |outcome: super::JobOutcome| {
        let (sigil, label) = (outcome.sigil(), outcome.label());
        format!(
            "{sigil} {label}: {}, {}",
            outcome.sentence(),
            outcome.short()
        )
    };
    assert_eq!(shown(Pass), "☑ passed: job passed, pass");
    assert_eq!(shown(Fail), "☒ failed: job failed, fail");
    assert_eq!(
        shown(Skip),
        "☐ manually skipped: job manually skipped, skip"
    );
    assert_eq!(
        shown(Undecided),
        "⁇ undecided: job needs verification, skip"
    );
    assert_eq!(shown(Crash), "⚠ crashed: job crashed, fail");
    assert_eq!(
        shown(NotImplemented),
        "- not implemented: job is not implemented, skip"
    );
}

#[test]
fn return_codes_keep_numbers_of_any_size_and_compare_as_numbers() {
    let code = |digits: &str| ReturnCode::from_digits(digits);
    assert_eq!(code("-9"), Some(ReturnCode::Number(-9)));
    assert_eq!(
        code("-9223372036854775808").and_then(|code| code.as_i64()),
        Some(i64::MIN)
    );
    for beyond in ["9223372036854775808", "-9223372036854775809"] {
        let large = code(beyond).expect("a number");
        assert!(matches!(large, ReturnCode::Large(_)));
        assert_eq!(
            (large.as_i64(), large.to_string()),
            (None, beyond.to_owned())
        );
        assert_eq!(Some(large), code(beyond));
    }
    for none in ["", "-", "+1", "01", "-01", "1.0", "1e3", "x", " 1"] {
        assert_eq!(code(none), None, "{none:?}");
    }
    assert_eq!(ReturnCode::Truth(true), ReturnCode::Number(1));
    assert_ne!(ReturnCode::Truth(true), ReturnCode::Number(0));
    assert_ne!(code("9223372036854775808"), code("9223372036854775809"));
    assert_eq!(size_of::<Option<ReturnCode>>(), 16, "results are many");
}

#[test]
fn words_end_at_white_space_of_any_script() {
    let text = "é-1\u{a0}ü \u{2003}naïve,\u{85}plain\u{1f}x#œ\nß\"q é\"ö=Ω";
    let found: Vec<&str> = words(text).collect();
    assert_eq!(
        found,
        ["é-1", "ü", "naïve", "plain", "x", "ß\"q", "é\"ö", "Ω"]
    );
}
