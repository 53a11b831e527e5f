//! What a release writes, and everything that keeps it from being made.

use super::plan::{Problem, Situation, plan};

const MANIFEST: &str = "[workspace]\nmembers = []\n\n[workspace.package]\nversion = \"0.1.0\"\n\n[x]\nversion = \"9.9.9\"\n";
const CHANGELOG: &str = "# Changelog\n\n## [Unreleased]\n\n### Added\n\n- A thing.\n\n## [0.1.0] - 2026-01-01\n\n- First.\n";

fn situation() -> Situation<'static> {
    Situation {
        version: "0.2.0",
        date: "2026-11-23",
        manifest: MANIFEST,
        changelog: CHANGELOG,
        status: "",
        tags: "v0.1.0\n",
    }
}

#[test]
fn a_release_bumps_one_line_and_dates_what_has_gathered() {
    let plan = plan(&situation()).unwrap();
    assert_eq!(plan.before, "0.1.0");
    assert_eq!(plan.manifest, MANIFEST.replace("0.1.0", "0.2.0"));
    let expected = "# Changelog\n\n## [Unreleased]\n\n## [0.2.0] - 2026-11-23\n\n### Added\n\n- A thing.\n\n\
                    ## [0.1.0] - 2026-01-01\n\n- First.\n";
    assert_eq!(plan.changelog, expected);
}

#[test]
fn each_obstacle_is_named() {
    let base = situation();
    let emptied =
        "# Changelog\n\n## [Unreleased]\n\n### Added\n\n## [0.1.0] - 2026-01-01\n\n- First.\n";
    let dated = "# Changelog\n\n## [Unreleased]\n\n- A.\n\n## [0.2.0] - 2026-01-01\n";
    let cases = [
        (
            Situation {
                version: "two",
                ..base
            },
            Problem::NotAVersion("two".to_owned()),
        ),
        (
            Situation {
                version: "0.1.0",
                tags: "",
                changelog: "## [Unreleased]\n- A.\n",
                ..base
            },
            Problem::NotGreater {
                present: "0.1.0".to_owned(),
            },
        ),
        (
            Situation {
                manifest: "[package]\nversion = \"0.1.0\"\n",
                ..base
            },
            Problem::NoPresentVersion,
        ),
        (
            Situation {
                date: "2026-13-01",
                ..base
            },
            Problem::NotADate("2026-13-01".to_owned()),
        ),
        (
            Situation {
                date: "today",
                ..base
            },
            Problem::NotADate("today".to_owned()),
        ),
        (
            Situation {
                status: " M a\n?? b\n",
                ..base
            },
            Problem::Unclean(2),
        ),
        (
            Situation {
                tags: "v0.1.0\nv0.2.0\n",
                ..base
            },
            Problem::Tagged("v0.2.0".to_owned()),
        ),
        (
            Situation {
                changelog: "# Changelog\n",
                ..base
            },
            Problem::NoOpenHeading,
        ),
        (
            Situation {
                changelog: emptied,
                ..base
            },
            Problem::NothingToRelease,
        ),
        (
            Situation {
                changelog: dated,
                ..base
            },
            Problem::HeadingExists,
        ),
    ];
    for (situation, expected) in cases {
        assert_eq!(plan(&situation), Err(vec![expected]));
    }
}

#[test]
fn all_obstacles_are_named_at_once() {
    let situation = Situation {
        version: "x",
        date: "y",
        manifest: "",
        changelog: "",
        status: "?? a",
        tags: "vx",
    };
    let problems = plan(&situation).unwrap_err();
    assert_eq!(problems.len(), 6, "{problems:?}");
}
