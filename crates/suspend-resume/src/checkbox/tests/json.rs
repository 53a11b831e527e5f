//! JSON as Python reads it.

use proptest::prelude::*;

use crate::Limits;
use crate::checkbox::json::{Json, parse};

fn read(text: &str) -> Result<Json, String> {
    let document = parse(text, &Limits::default()).map_err(|error| error.to_string())?;
    Ok(document.root().into())
}

#[test]
fn numbers_have_the_types_python_gives_them() {
    for (text, value) in [
        ("0", Json::Int(0)),
        ("-0", Json::Int(0)),
        ("-12", Json::Int(-12)),
        (
            "9223372036854775808",
            Json::BigInt("9223372036854775808".into()),
        ),
        ("1.0", Json::Float(1.0)),
        ("1e2", Json::Float(100.0)),
        ("1E-2", Json::Float(0.01)),
        ("1e999", Json::Float(f64::INFINITY)),
        ("Infinity", Json::Float(f64::INFINITY)),
        ("-Infinity", Json::Float(f64::NEG_INFINITY)),
    ] {
        assert_eq!(read(text), Ok(value), "{text}");
    }
    assert!(matches!(read(" NaN\n"), Ok(Json::Float(number)) if number.is_nan()));
    for text in [
        ".5", "1.", "+1", "01", "0x1", "1e", "-", "--1", "1.e1", "- 1", "1 2",
    ] {
        assert!(read(text).is_err(), "{text}");
    }
}

#[test]
fn texts_take_the_escapes_of_python() {
    let text = |text: &str| Ok(Json::Text(text.into()));
    assert_eq!(
        read(r#""a\"\\\/\b\f\n\r\tA""#),
        text("a\"\\/\u{8}\u{c}\n\r\tA")
    );
    assert_eq!(read("\"\\ud83d\\ude00 \u{7f}é😀\""), text("😀 \u{7f}é😀"));
    for bad in [
        "\"",
        "\"\\x41\"",
        "\"\\U00000041\"",
        "\"\\u12\"",
        "\"\\u12g4\"",
        "\"\n\"",
        "'a'",
    ] {
        assert!(read(bad).is_err(), "{bad}");
    }
    for lone in [
        r#""\ud800""#,
        r#""\udc00""#,
        r#""\ude00\ud83d""#,
        r#""\ud800\u0041""#,
    ] {
        assert!(
            read(lone).unwrap_err().starts_with("half a surrogate pair"),
            "{lone}"
        );
    }
}

#[test]
fn of_two_equal_keys_the_last_counts() {
    let object = read(r#"{"a": 1, "b": [], "a": {"c": null}}"#).unwrap();
    let inner = Json::Object([("c".into(), Json::Null)].into());
    let both = [("a".into(), inner), ("b".into(), Json::List(Vec::new()))];
    assert_eq!(object, Json::Object(both.into()));
}

#[test]
fn what_is_not_json_is_refused_with_its_place() {
    for bad in [
        "",
        "[",
        "]",
        "[1,]",
        "[,1]",
        "[1 2]",
        "{",
        "{\"a\"}",
        "{\"a\":}",
        "{\"a\":1,}",
        "{1:2}",
        "[1]]",
        "nul",
    ] {
        let error = read(bad).unwrap_err();
        assert!(
            error.starts_with("Cannot interpret session JSON (at byte "),
            "{bad}: {error}"
        );
    }
    assert!(read("\u{feff}{}").is_err());
    assert!(read("{}\u{c}").is_err());
    assert!(read("{}\0").is_err());
}

#[test]
fn nesting_ends_where_python_ends_it() {
    let nested = |depth: usize| "[".repeat(depth) + &"]".repeat(depth);
    assert!(read(&nested(1_000)).is_ok());
    assert_eq!(
        read(&nested(1_001)),
        Err("JSON nested more than 1000 deep (at byte 1001)".to_owned())
    );
    assert_eq!(
        read(&"[".repeat(4 << 20)),
        Err("JSON nested more than 1000 deep (at byte 1001)".to_owned())
    );
    let objects = "{\"a\":".repeat(500)
        + &"[{\"b\":".repeat(250)
        + "0"
        + &"}]".repeat(250)
        + &"}".repeat(500);
    assert!(read(&objects).is_ok());
}

#[test]
fn lengths_and_counts_stop_at_the_limits() {
    let limits = Limits {
        text_bytes_max: 3,
        items_max: 2,
        ..Limits::default()
    };
    let read = |text: &'static str| parse(text, &limits).map_err(|error| error.to_string());
    for good in [
        r#""abc""#,
        r#"["a","b"]"#,
        r#"{"a":1,"b":2}"#,
        r#"[[1,2],[3,4]]"#,
    ] {
        assert!(read(good).is_ok(), "{good}");
    }
    for (bad, limit) in [
        (r#""abcd""#, "text_bytes_max"),
        (r#""ab\ncd""#, "text_bytes_max"),
        (r#"{"abcd":1}"#, "text_bytes_max"),
        ("[1,2,3]", "items_max"),
        (r#"{"a":1,"b":2,"c":3}"#, "items_max"),
    ] {
        let error = read(bad).unwrap_err();
        assert!(error.contains(limit), "{bad}: {error}");
    }
}

proptest! {
    #[test]
    fn a_number_with_a_fraction_is_the_nearest_float(
        sign in "-?", whole in "0|[1-9][0-9]{0,17}", places in "[0-9]{1,18}", exponent in "|e-?[0-9]{1,3}"
    ) {
        let text = format!("{sign}{whole}.{places}{exponent}");
        let Ok(Json::Float(read)) = read(&text) else {
            return Err(TestCaseError::fail(text));
        };
        let nearest: f64 = text.parse().unwrap();
        prop_assert_eq!(read.to_bits(), nearest.to_bits(), "{}", text);
    }
}
