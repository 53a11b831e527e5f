//! The choice of a location: a table, and the recorded choices of PlainBox.

use camino::Utf8Path;

use super::{
    Environment, LocationError, checkbox_038_location, checkbox_location, plainbox_location,
    repository_location,
};

/// Asks with an environment of `NAME=value` words.
fn with<T>(words: &str, effective_uid: u32, ask: impl FnOnce(&Environment<'_>) -> T) -> T {
    let variable = |name: &str| {
        let value = words
            .split(' ')
            .find_map(|word| word.strip_prefix(name)?.strip_prefix('='));
        value.map(ToOwned::to_owned)
    };
    ask(&Environment {
        variable: &variable,
        current_dir: Utf8Path::new("/cwd"),
        effective_uid,
    })
}

#[test]
fn ours() {
    let table = [
        (
            Some("/given"),
            "SESSION_REPOSITORY=/var HOME=/home/u",
            1000,
            Ok("/given"),
        ),
        (Some("given"), "", 1000, Ok("/cwd/given")),
        (Some("given"), "", 0, Ok("/cwd/given")),
        (
            None,
            "SESSION_REPOSITORY=/var/mine XDG_STATE_HOME=/s HOME=/h",
            1000,
            Ok("/var/mine"),
        ),
        (None, "SESSION_REPOSITORY=mine", 0, Ok("/cwd/mine")),
        (
            None,
            "SESSION_REPOSITORY= XDG_STATE_HOME=/s",
            1000,
            Ok("/s/sessions"),
        ),
        (None, "XDG_STATE_HOME=/s HOME=/h", 1000, Ok("/s/sessions")),
        (
            None,
            "XDG_STATE_HOME=relative HOME=/h",
            1000,
            Ok("/h/.local/state/sessions"),
        ),
        (
            None,
            "XDG_STATE_HOME= HOME=/h",
            1000,
            Ok("/h/.local/state/sessions"),
        ),
        (None, "HOME=/h", 1000, Ok("/h/.local/state/sessions")),
        (
            None,
            "HOME=/root XDG_STATE_HOME=/s",
            0,
            Ok("/var/lib/sessions"),
        ),
        (None, "HOME=relative", 1000, Err(LocationError::NoHome)),
        (None, "", 1000, Err(LocationError::NoHome)),
    ];
    for (given, words, uid, expected) in table {
        let found = with(words, uid, |environment| {
            repository_location(given.map(Utf8Path::new), environment)
        });
        assert_eq!(found, expected.map(Into::into), "{given:?} {words}");
    }
}

#[test]
fn those_of_checkbox() {
    assert_eq!(checkbox_location(), "/var/tmp/checkbox-ng/sessions");
    let old = |words| with(words, 1000, plainbox_location).map(camino::Utf8PathBuf::into_string);
    let home = "/home/user/.cache/plainbox/sessions";
    assert_eq!(
        old("XDG_CACHE_HOME=/tmp/xdg").unwrap(),
        "/tmp/xdg/plainbox/sessions"
    );
    assert_eq!(old("XDG_CACHE_HOME= HOME=/home/user").unwrap(), home);
    assert_eq!(old("HOME=/home/user").unwrap(), home);
    assert_eq!(
        old("XDG_CACHE_HOME=rel/cache").unwrap(),
        "rel/cache/plainbox/sessions"
    );
    assert_eq!(old(""), Err(LocationError::NoCacheHome));
    let later = |words| with(words, 1000, checkbox_038_location).unwrap();
    assert_eq!(
        later("PLAINBOX_SESSION_REPOSITORY=mine HOME=/h"),
        "/cwd/mine"
    );
    assert_eq!(later("PLAINBOX_SESSION_REPOSITORY=/x HOME=/h"), "/x");
    assert_eq!(later("HOME=/h"), "/h/.cache/plainbox/sessions");
}
