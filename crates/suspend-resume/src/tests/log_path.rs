//! Which names of log files lie in a directory.

use crate::log_path::inside;

#[test]
fn a_name_is_inside_when_it_stays_there() {
    for dir in ["/s/one.session", "/s/one.session/"] {
        let log = "/s/one.session/io-logs/a.record.gz";
        assert_eq!(inside(log, dir), Some("io-logs/a.record.gz"));
        for other in [
            "/s/one.session",
            "/s/one.session/",
            "/s/one.session.old/io-logs/a.record.gz",
            "/s/one.session/../two.session/a",
            "io-logs/a.record.gz",
            "/var/log/a",
            "",
        ] {
            assert_eq!(inside(other, dir), None, "{other}");
        }
    }
    assert_eq!(inside("/a", ""), None);
    assert_eq!(inside("/a", "/"), Some("a"));
}
