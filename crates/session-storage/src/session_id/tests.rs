//! Ids: what is safe, how they are made, how they sort.

use proptest::prelude::*;

use super::{CreationTime, SessionId, may_be_newer};

/// 2024-02-29T23:59:59.000007Z, the frozen clock of the recorded names.
const NOW_US: i64 = 1_709_251_199_000_007;

fn at(at_us: i64, collision: u64) -> CreationTime {
    CreationTime { at_us, collision }
}

#[test]
fn ids_are_made_as_the_recorded_ones() {
    let made = |prefix, collision| SessionId::generate(prefix, at(NOW_US, collision)).unwrap();
    assert_eq!(made("pbox-", 0).as_str(), "pbox-2024-02-29T23.59.59.000007");
    assert_eq!(
        made("pbox-", 3).as_str(),
        "pbox-2024-02-29T23.59.59.000007_(3)"
    );
    assert_eq!(
        made("My title/ż-", 0).as_str(),
        "My_title__-2024-02-29T23.59.59.000007"
    );
    assert_eq!(made("", 0).as_str(), "2024-02-29T23.59.59.000007");
}

#[test]
fn what_is_not_safe_as_a_directory_name_is_no_id() {
    let long = "x".repeat(201);
    for (text, reason) in [
        ("", "it is empty"),
        (long.as_str(), "it is longer than 200 bytes"),
        (".", "it begins with a dot"),
        ("..", "it begins with a dot"),
        (".hidden", "it begins with a dot"),
        ("a/b", "it holds a slash"),
        ("/", "it holds a slash"),
        ("a\nb", "it holds a control character"),
        ("a\0b", "it holds a control character"),
        ("a\u{9b}b", "it holds a control character"),
    ] {
        let error = SessionId::parse(text).unwrap_err().to_string();
        assert_eq!(error, format!("{text:?} cannot be a session id: {reason}"));
    }
    for text in [
        "a",
        "a.b",
        "trailing.session",
        "with space",
        "pbox-a1b2c3d4",
        "ż",
        &"x".repeat(200),
    ] {
        assert_eq!(SessionId::parse(text).unwrap().as_str(), text);
    }
}

#[test]
fn the_time_is_read_where_there_is_one() {
    let second_us = NOW_US / 1_000_000 * 1_000_000;
    for (text, time) in [
        ("2024-02-29T23.59.59.000007", Some(at(NOW_US, 0))),
        ("p-2024-02-29T23.59.59.000007_(12)", Some(at(NOW_US, 12))),
        ("p-2024-02-29T23.59.59", Some(at(second_us, 0))),
        ("p-2024-02-29T23.59.59_(2)", Some(at(second_us, 2))),
        ("p-2023-02-29T23.59.59.000007", None),
        ("p-2024-02-29T24.59.59.000007", None),
        ("p-2024-02-29 23.59.59.000007", None),
        ("p-2024-02-29T23.59.59.00000x", None),
        ("p-2024-02-29T23.59.59.000007_(x)", None),
        ("p-2024-02-29T23.59.59.000007_(99999999999999999999)", None),
        ("pbox-a1b2c3d4", None),
        ("żżżżżżżżżżżżżżżż", None),
    ] {
        assert_eq!(
            SessionId::parse(text).unwrap().creation_time(),
            time,
            "{text}"
        );
    }
}

proptest! {
    #[test]
    fn a_made_id_tells_its_time(prefix in "[A-Za-z][A-Za-z0-9_.-]{0,20}", us in -62_000_000_000_000_000_i64..250_000_000_000_000_000, collision in 0_u64..5) {
        let id = SessionId::generate(&prefix, at(us, collision)).unwrap();
        prop_assert_eq!(id.creation_time(), Some(at(us, collision)));
        prop_assert_eq!(id.as_str().parse::<SessionId>().unwrap(), id);
    }

    #[test]
    fn ids_of_one_prefix_sort_by_time(one in 0_i64..250_000_000_000_000_000, two in 0_i64..250_000_000_000_000_000) {
        let id = |us| SessionId::generate("p-", at(us, 0)).unwrap();
        prop_assert_eq!(id(one).cmp(&id(two)), one.cmp(&two));
    }

    #[test]
    fn any_text_is_an_id_or_not_and_never_leads_elsewhere(text in "\\PC{0,30}|[./\\x00a]{0,8}") {
        if let Ok(id) = SessionId::parse(&text) {
            let name = format!("{id}.session");
            let path = camino::Utf8Path::new("/r").join(&name);
            prop_assert_eq!(path.parent().unwrap(), "/r");
            prop_assert_eq!(path.file_name().unwrap(), name);
            let _ = id.creation_time();
        }
    }

    #[test]
    fn any_prefix_makes_a_safe_name_or_is_refused(prefix in "\\PC{0,30}") {
        if let Ok(id) = SessionId::generate(&prefix, at(NOW_US, 0)) {
            prop_assert!(id.as_str().bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-_.".contains(&byte)));
        }
    }
}

#[test]
fn older_sessions_are_told_by_their_names_alone() {
    let moment = SessionId::generate("", at(NOW_US, 0)).unwrap();
    for (before_us, is_maybe) in [(1, false), (0, false), (-1, true), (86_400_000_000, false)] {
        let id = SessionId::generate("p-", at(NOW_US - before_us, 0)).unwrap();
        assert_eq!(may_be_newer(id.as_str(), &moment), is_maybe, "{id}");
    }
}

proptest! {
    /// No session that is newer is passed over, whatever its name looks like (invariant P2).
    #[test]
    fn no_newer_session_is_taken_for_an_older_one(
        (now_us, id_us) in (0..200_000_000_000_000_000_i64, -3_000_000..3_000_000_i64)
            .prop_map(|(now, apart)| (now, now.saturating_add(apart).max(0))),
        prefix in "[a-z0-9T.:_-]{0,8}",
        collision in 0..3_u64,
        cut in 0..9_usize,
    ) {
        let moment = SessionId::generate("", at(now_us, 0)).unwrap();
        let made = SessionId::generate(&format!("p{prefix}"), at(id_us, collision)).unwrap();
        // Also those without fractions, and other ends.
        let text = made.as_str();
        let text = text.get(..text.len() - cut).unwrap();
        let time = SessionId::parse(text).unwrap().creation_time();
        if time.is_some_and(|time| time.at_us > now_us) {
            prop_assert!(may_be_newer(text, &moment), "{text} is newer than {moment}");
        }
    }
}
