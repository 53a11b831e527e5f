//! The statistics line, and what it says about ourselves.

use proptest::prelude::*;

use super::{Host, ProcessIdentity, Stat, ask_to_end, marked, processes, read_stat};

/// Fields between the start time (field 22) and the end of the environment (field 51).
const ENVIRONMENT_END_AFTER_START: usize = 28;

const TAIL: &str = "4194304 100 0 0 0 1 2 0 0 20 0 1 0 987654 1000 10 18446744073709551615 1";

#[test]
fn the_name_may_hold_anything() {
    for name in [
        "sh",
        "a b",
        "a) S 1 (b",
        ")",
        "(",
        "",
        "\n",
        ") Z 9 9 9 9 9",
    ] {
        let line = format!("42 ({name}) S 7 41 40 34816 -1 {TAIL}\n");
        let expected = Stat {
            pid: 42,
            parent: 7,
            group: 41,
            start_time: 987_654,
            ended: false,
            kernel: false,
            settled: true,
        };
        assert_eq!(Stat::parse(line.as_bytes()), Some(expected), "{name:?}");
    }
}

#[test]
fn ended_processes_are_told_apart() {
    for (state, ended) in [
        ("R", false),
        ("S", false),
        ("D", false),
        ("T", false),
        ("Z", true),
        ("X", true),
    ] {
        let line = format!("1 (x) {state} 0 1 1 0 -1 {TAIL}");
        assert_eq!(
            Stat::parse(line.as_bytes()).map(|stat| stat.ended),
            Some(ended),
            "{state}"
        );
    }
}

#[test]
fn kernel_threads_and_processes_without_an_environment_are_told_apart() {
    for (flags, environment_end, kernel, settled) in [
        ("4194304", "140737488351215", false, true),
        ("4194304", "0", false, false),
        ("69238880", "0", true, false),
    ] {
        let between = vec!["1"; ENVIRONMENT_END_AFTER_START].join(" ");
        let line = format!(
            "2 (x) S 0 0 0 0 -1 {flags} 0 0 0 0 0 0 0 0 20 0 1 0 5 {between} {environment_end} 0"
        );
        let stat = Stat::parse(line.as_bytes()).expect("a whole line");
        assert_eq!(
            (stat.start_time, stat.kernel, stat.settled),
            (5, kernel, settled),
            "{line}"
        );
    }
}

#[test]
fn broken_lines_are_refused() {
    for line in [
        "",
        "1",
        "1 (x",
        "1 x) S",
        ")(",
        "x (x) S 1 1 1",
        "1 (x) S 1 1 1",
        "1 (x) S -1 1 1 0 -1 0",
    ] {
        assert_eq!(Stat::parse(line.as_bytes()), None, "{line:?}");
    }
}

#[test]
fn we_see_ourselves() {
    let pid = std::process::id();
    let own = read_stat(pid).expect("we are alive");
    assert_eq!(own.pid, pid);
    assert!(processes().contains(&own));
    let host = Host::current().expect("/proc is mounted");
    let identity = host.identify(pid).expect("we are alive");
    assert!(host.shares_numbers_with(&identity));
    assert_eq!(identity.start_time, own.start_time);
    assert!(!marked(&own, "no such mark"));
}

#[test]
fn a_process_that_is_asked_ends_and_one_of_another_identity_is_left_alone() {
    let mut child = std::process::Command::new("sleep")
        .arg("600")
        .spawn()
        .expect("sleep is there");
    let host = Host::current().expect("/proc is mounted");
    let identity = host.identify(child.id()).expect("it is alive");
    let longest = std::time::Duration::from_secs(600);
    let other = ProcessIdentity {
        start_time: identity.start_time + 1,
        ..identity.clone()
    };
    assert!(
        ask_to_end(&other, longest).expect("/proc answers"),
        "that one is long gone"
    );
    assert!(host.identify(child.id()).is_some());
    assert!(ask_to_end(&identity, longest).expect("/proc answers"));
    let status = child.wait().expect("it is ours");
    assert_eq!(
        std::os::unix::process::ExitStatusExt::signal(&status),
        Some(15)
    );
    assert!(
        ask_to_end(&identity, longest).expect("/proc answers"),
        "and is gone now"
    );
}

proptest! {
    #[test]
    fn any_name_and_numbers_come_back(
        name in prop::collection::vec(any::<u8>(), 0..40),
        pid in 1_u32..4_194_304, parent in any::<u32>(), group in any::<u32>(), start_time in any::<u64>(),
    ) {
        let mut line = format!("{pid} (").into_bytes();
        line.extend_from_slice(&name);
        line.extend_from_slice(
            format!(") S {parent} {group} 1 0 -1 0 0 0 0 0 0 0 0 0 20 0 1 0 {start_time} 0 0\n").as_bytes());
        prop_assert_eq!(Stat::parse(&line), Some(Stat { pid, parent, group, start_time, ended: false, kernel: false, settled: true }));
    }

    #[test]
    fn no_bytes_break_the_parser(bytes in prop::collection::vec(any::<u8>(), 0..200)) {
        let _ = Stat::parse(&bytes);
    }
}
