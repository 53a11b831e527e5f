//! Holders: what a record keeps, and whether a holder lives.

use proptest::prelude::*;

use super::plant_proc;
use crate::fs::{CrashFs, RealFs};
use crate::lock::{Holder, Liveness};
use crate::test_kit::holder;

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
