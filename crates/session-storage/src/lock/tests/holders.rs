//! Holders: what a record keeps, and whether a holder lives.

use proptest::prelude::*;

use super::plant_proc;
use crate::fs::{CrashFs, Fs as _, RealFs};
use crate::lock::{Holder, Liveness};
use crate::test_kit::{holder, os, write};

#[test]
fn liveness_is_told_apart() {
    let fs = CrashFs::new();
    plant_proc(&fs, 1234);
    let observer = Holder::of_process(&fs, 4711, "session run", holder().since_us);
    assert_eq!(observer, holder(), "everything is read from /proc");
    let told = |change: fn(&mut Holder)| {
        let mut holder = holder();
        change(&mut holder);
        holder.liveness(&fs, &observer)
    };
    assert_eq!(told(|_| ()), Liveness::Alive);
    assert_eq!(told(|holder| holder.start_time = Some(1)), Liveness::Gone);
    assert_eq!(told(|holder| holder.pid = 1), Liveness::Gone);
    assert_eq!(
        told(|holder| holder.boot_id = Some("old".to_owned())),
        Liveness::EarlierBoot
    );
    let elsewhere = |holder: &mut Holder| {
        holder.boot_id = Some("other".to_owned());
        holder.host = Some("other".to_owned());
    };
    assert_eq!(told(elsewhere), Liveness::OtherHost);
    assert_eq!(
        told(|holder| holder.pid_namespace = Some(1)),
        Liveness::OtherNamespace
    );
    assert_eq!(told(|holder| holder.boot_id = None), Liveness::Unknown);
    assert_eq!(told(|holder| holder.start_time = None), Liveness::Unknown);
    assert_eq!(
        holder().liveness(&CrashFs::new(), &observer),
        Liveness::Unknown,
        "without /proc nobody is said to be gone"
    );
}

/// Fields of `/proc/PID/stat` after the program's name: state, flags, number of threads.
fn stat_line(state: &str, flags: u64, threads: u32) -> String {
    let zeros = |count| "0 ".repeat(count);
    format!(
        "4711 (x) {state} {}{flags} {}{threads} 0 1234 0\n",
        zeros(5),
        zeros(10)
    )
}

#[test]
fn a_process_that_is_ending_is_gone_and_one_whose_first_thread_ended_is_not() {
    let pending = |line: &str| format!("Name:\tx\n{line}\nSigBlk:\t0000000000000100\n");
    let nothing = pending("SigPnd:\t0000000000000001");
    let cases = [
        (stat_line("S", 0x40_0000, 1), &nothing, Liveness::Alive),
        (stat_line("Z", 0x40_0004, 1), &nothing, Liveness::Gone),
        (stat_line("X", 0, 0), &nothing, Liveness::Gone),
        (stat_line("R", 0x40_0004, 1), &nothing, Liveness::Gone),
        (stat_line("Z", 0x40_0004, 3), &nothing, Liveness::Alive),
        (stat_line("Z", 0x40_0404, 3), &nothing, Liveness::Gone),
        (
            stat_line("D", 0, 3),
            &pending("SigPnd:\t0000000000000100"),
            Liveness::Gone,
        ),
        (
            stat_line("D", 0, 3),
            &pending("ShdPnd:\t0000000000004100"),
            Liveness::Gone,
        ),
    ];
    for (stat, status, expected) in cases {
        let fs = CrashFs::new();
        plant_proc(&fs, 1234);
        let process = fs.open_dir("/proc/4711".into()).unwrap();
        process.remove_file(os("stat")).unwrap();
        write(&*process, "stat", stat.as_bytes());
        write(&*process, "status", status.as_bytes());
        let told = holder().liveness(&fs, &holder());
        assert_eq!(told, expected, "{stat}{status}");
    }
}

#[test]
fn this_very_process_is_alive() {
    let me = Holder::of_process(&RealFs, std::process::id(), "a test", 0);
    assert_eq!(me.liveness(&RealFs, &me), Liveness::Alive);
    assert!(me.start_time.is_some() && me.pid_namespace.is_some() && me.boot_id.is_some());
    let nothing_known = Holder::of_process(&CrashFs::new(), 1, "", 0);
    assert_eq!(nothing_known.boot_id, None);
    assert_eq!(nothing_known.liveness(&RealFs, &me), Liveness::Unknown);
}

#[test]
fn a_command_may_end_as_a_record_does() {
    let mut odd = holder();
    odd.command = "weekend".to_owned();
    assert_eq!(Holder::from_record(odd.to_record().as_bytes()), Some(odd));
}

fn any_holder() -> impl Strategy<Value = Holder> {
    let number = || proptest::option::of(any::<u64>());
    let text = || proptest::option::of("[a-z0-9.-]{1,20}");
    (
        any::<u32>(),
        number(),
        number(),
        text(),
        text(),
        "[^\\p{C}]{0,60}",
        any::<i64>(),
    )
        .prop_map(
            |(pid, start_time, pid_namespace, boot_id, host, command, since_us)| Holder {
                pid,
                start_time,
                pid_namespace,
                boot_id,
                host,
                command,
                since_us,
            },
        )
}

proptest! {
    #[test]
    fn a_record_reads_back(holder in any_holder()) {
        prop_assert_eq!(Holder::from_record(holder.to_record().as_bytes()), Some(holder));
    }

    #[test]
    fn a_cut_record_is_not_believed(holder in any_holder(), cut in 0_usize..1000) {
        let record = holder.to_record();
        let cut = cut % record.len();
        prop_assert_eq!(Holder::from_record(&record.as_bytes()[..cut]), None);
    }

    #[test]
    fn any_bytes_are_a_record_or_not(bytes in proptest::collection::vec(any::<u8>(), 0..200), command in "\\PC{0,40}|[\\x00-\\x20]{0,9}") {
        let _ = Holder::from_record(&bytes);
        let mut odd = holder();
        odd.command = command;
        let read = Holder::from_record(odd.to_record().as_bytes()).unwrap();
        prop_assert_eq!(read.pid, odd.pid);
        prop_assert!(!read.command.chars().any(char::is_control));
    }
}
