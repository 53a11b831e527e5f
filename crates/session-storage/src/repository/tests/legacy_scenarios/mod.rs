//! The recorded scenarios of PlainBox 0.5.4 and Checkbox 7.3, replayed on ours.
//!
//! Every step is done, and what can be seen afterwards is compared with the recording. What differs must be in
//! the list of deviations below, which is compared whole: one that disappears fails the test as one that
//! appears does.

mod compare;
mod replay;

use compare::differences;

/// Differences that stand for a decision, named by the recorded steps they show in.
struct Deviation {
    decision: &'static str,
    shows_in: &'static [&'static str],
}

/// The modes of ours (D11): every directory 0700 and every file 0600, whatever the umask.
const MODES: [&str; 2] = ["is dir 0700, not dir 0777", "is file 0600, not file 0644"];

/// What is known of one recording: how many steps, how many lines of each kind of [`MODES`], everything else.
struct Expected {
    steps: usize,
    modes: [usize; 2],
    deviations: &'static [Deviation],
}

fn check(file: &str, suffix: &'static str, base: &str, expected: &Expected) {
    let (found, steps) = differences(file, suffix, base);
    assert_eq!(steps, expected.steps, "every step of {file} is replayed");
    let modes = MODES.map(|ending| found.iter().filter(|line| line.ends_with(ending)).count());
    assert_eq!(modes, expected.modes, "{file}: lines about {MODES:?}");
    let mut others: Vec<&str> = found
        .iter()
        .map(String::as_str)
        .filter(|line| !MODES.iter().any(|ending| line.ends_with(ending)))
        .collect();
    for deviation in expected.deviations {
        for line in deviation.shows_in {
            let at = others.iter().position(|found| found == line);
            let at = at.unwrap_or_else(|| panic!("{}: no longer: {line}", deviation.decision));
            others.remove(at);
        }
    }
    let none: [&str; 0] = [];
    assert_eq!(others, none, "{file}: differences that no decision covers");
}

const PLAINBOX_054: Expected = Expected {
    steps: 57,
    modes: [0, 8],
    deviations: &[
        Deviation {
            decision: "only directories named *.session are sessions, as in every later Checkbox",
            shows_in: &[
                r#"directory/1 mkdir last-session/sub: lists [], not ["last-session"]"#,
                r#"directory/2 create(legacy_mode=True): lists ["S1"], not ["S1", "last-session"]"#,
                r#"listing-odd/1 mkdir foo: lists [], not ["foo"]"#,
                r#"listing-odd/2 mkdir .hidden: lists [], not [".hidden", "foo"]"#,
                r#"listing-odd/3 mkdir x.session: lists ["x.session"], not [".hidden", "foo", "x.session"]"#,
                r#"listing-odd/4 write file file.session: lists ["x.session"], not [".hidden", "foo", "x.session"]"#,
                r#"listing-odd/5 symlink link.session -> /tmp/ROOT/repo/foo: lists ["x.session"], not [".hidden", "foo", "x.session"]"#,
                r#"listing-odd/6 mkdir last-session: lists ["x.session"], not [".hidden", "foo", "last-session", "x.session"]"#,
            ],
        },
        Deviation {
            decision: "a last-session link that leads outside is neither followed nor deleted through",
            shows_in: &[
                r#"symlink-outside/2 symlink last-session -> /tmp/ROOT/outside: last storage is None, not Some("outside")"#,
                "symlink-outside/4 outside still there?: answers true, not false",
            ],
        },
        Deviation {
            decision: "a relative last-session link means the repository when it is removed as when it is read",
            shows_in: &[
                "symlink-relative/3 create(legacy_mode=True): listing has [], not [rel.session]",
                r#"symlink-relative/3 create(legacy_mode=True): lists ["S1"], not ["S1", "rel.session"]"#,
                "symlink-relative/4 REPO/rel.session still there?: answers false, not true",
                "symlink-relative/4 REPO/rel.session still there?: listing has [], not [rel.session]",
                r#"symlink-relative/4 REPO/rel.session still there?: lists ["S1"], not ["S1", "rel.session"]"#,
                "symlink-relative/5 CWD/rel.session still there?: answers true, not false",
                "symlink-relative/5 CWD/rel.session still there?: listing has [], not [rel.session]",
                r#"symlink-relative/5 CWD/rel.session still there?: lists ["S1"], not ["S1", "rel.session"]"#,
            ],
        },
        Deviation {
            decision: "D11: a left-over session.next is no lock, and break_lock only reports",
            shows_in: &[
                "checkpoint-locked/4 save b'two': succeeds",
                "checkpoint-locked/4 save b'two': listing has [], not [S1/session.next]",
                r#"checkpoint-locked/5 load: answers "dHdv", not "b25l""#,
                "checkpoint-locked/5 load: listing has [], not [S1/session.next]",
                "checkpoint-locked/9 break_lock() without lock: succeeds",
            ],
        },
        Deviation {
            decision: "D11: a rename that fails is told",
            shows_in: &["checkpoint-session-is-dir/3 save b'one': fails: is a directory"],
        },
    ],
};

const CHECKBOX_73: Expected = Expected {
    steps: 52,
    modes: [55, 17],
    deviations: &[
        Deviation {
            decision: "D18: a session that was never saved says so",
            shows_in: &[r#"checkpoint-basic/2 load: answers "never saved", not """#],
        },
        Deviation {
            decision: "D18: one dangling link does not empty the list",
            shows_in: &[
                r#"list-odd/10 broken symlink: lists ["trailing.session.session", "a.b.session", "x.session"], not []"#,
            ],
        },
        Deviation {
            decision: "D11: a left-over session.next is no lock, and break_lock only reports",
            shows_in: &[
                "checkpoint-locked/4 save b'two': succeeds",
                "checkpoint-locked/4 save b'two': listing has [], not [S1.session/session.next]",
                r#"checkpoint-locked/5 load: answers "dHdv", not "b25l""#,
                "checkpoint-locked/5 load: listing has [], not [S1.session/session.next]",
                "checkpoint-locked/9 break_lock() without lock: succeeds",
            ],
        },
        Deviation {
            decision: "a link under the name of the checkpoint is refused",
            shows_in: &[
                "checkpoint-session-is-symlink/3 load: fails: filesystem loop or indirection limit (e.g. symlink loop)",
            ],
        },
        Deviation {
            decision: "removing a session that is gone says so",
            shows_in: &["remove/4 remove again: fails: no such session"],
        },
    ],
};

#[test]
fn plainbox_054() {
    check("plainbox-0.5.4.json", "", "", &PLAINBOX_054);
}

#[test]
fn checkbox_73() {
    let base = "/var/tmp/checkbox-ng/sessions/";
    check("checkbox-7.3.json", ".session", base, &CHECKBOX_73);
}
