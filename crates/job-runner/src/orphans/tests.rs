//! Orphans made on purpose.

use std::io::{BufRead, BufReader, Write};
use std::os::unix::process::CommandExt;
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use super::{FoundBy, Orphan, end_orphans, find_orphans};
use crate::process::{Host, ProcessHandle, ProcessIdentity, wait_readable};
use crate::testkit::{fresh_mark, sh};
use crate::{Cancel, IoStream, JobSink, MARK_VARIABLE, SinkError, run};

const GRACE: Duration = Duration::from_secs(60);

/// A shell that leads its own group and has said its first line.
fn shell(script: &str, mark: &str) -> (Child, String) {
    let mut child = Command::new("/bin/sh")
        .args(["-c", script])
        .env(MARK_VARIABLE, mark)
        .process_group(0)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .expect("a shell");
    let mut line = String::new();
    let stdout = child.stdout.take().expect("it is piped");
    BufReader::new(stdout)
        .read_line(&mut line)
        .expect("it says something");
    (child, line.trim().to_owned())
}

fn identity(child: &Child) -> ProcessIdentity {
    let host = Host::current().expect("/proc is there");
    host.identify(child.id()).expect("it is our child")
}

fn found(mark: &str, recorded: &[ProcessIdentity]) -> Vec<Orphan> {
    find_orphans(mark, recorded).expect("/proc is there")
}

#[test]
fn an_identity_names_one_process_and_no_other() {
    let (mut child, _) = shell("echo ready; exec sleep 1000", "");
    let right = identity(&child);
    for wrong in [
        ProcessIdentity {
            start_time: right.start_time + 1,
            ..right.clone()
        },
        ProcessIdentity {
            start_time: right.start_time - 1,
            ..right.clone()
        },
        ProcessIdentity {
            boot_id: "another boot".into(),
            ..right.clone()
        },
        ProcessIdentity {
            boot_id: "".into(),
            ..right.clone()
        },
        ProcessIdentity {
            pid_namespace: right.pid_namespace + 1,
            ..right.clone()
        },
    ] {
        assert_eq!(found("", std::slice::from_ref(&wrong)), [], "{wrong:?}");
        let report = end_orphans("", &[wrong], GRACE).expect("/proc is there");
        assert_eq!(report, super::EndReport::default());
    }
    assert_eq!(
        child.try_wait().expect("our child"),
        None,
        "nobody touched it"
    );
    let report = end_orphans("", &[right], GRACE).expect("/proc is there");
    assert_eq!(report.ended.len(), 1);
    assert_eq!(
        (report.ended[0].pid, report.ended[0].found_by),
        (child.id(), FoundBy::Identity)
    );
    child.wait().expect("our child");
}

#[test]
fn the_group_outlives_its_leader() {
    let (mut leader, _) = shell("env -i sleep 1000 > /dev/null & echo $!; read x", "");
    let recorded = [identity(&leader)];
    drop(leader.stdin.take());
    leader.wait().expect("our child");
    let reasons: Vec<_> = found("", &recorded)
        .iter()
        .map(|orphan| orphan.found_by)
        .collect();
    assert_eq!(reasons, [FoundBy::Group]);
    let report = end_orphans("", &recorded, GRACE).expect("/proc is there");
    assert_eq!((report.ended.len(), report.survivors.len()), (1, 0));
    assert_eq!(found("", &recorded), []);
}

#[test]
fn descendants_that_hide_are_found_by_their_parents() {
    let mark = fresh_mark();
    let script = "env -i setsid sh -c 'echo ready; sleep 1000; :' & wait";
    let (mut child, _) = shell(script, &mark);
    let all = found(&mark, &[]);
    assert!(
        all.iter()
            .any(|orphan| orphan.pid == child.id() && orphan.found_by == FoundBy::Mark)
    );
    assert!(
        all.iter().any(|orphan| orphan.found_by == FoundBy::Parent),
        "{all:?}"
    );
    let report = end_orphans(&mark, &[], GRACE).expect("/proc is there");
    assert_eq!(report.survivors, []);
    assert!(report.ended.len() >= all.len(), "{report:?}");
    child.wait().expect("our child");
}

#[test]
fn who_ignores_sigterm_is_killed_and_who_comes_late_too() {
    let mark = fresh_mark();
    let script = "trap 'setsid sleep 1001 &' TERM; echo ready; while :; do sleep 1000; done";
    let (mut child, _) = shell(script, &mark);
    let report = end_orphans(&mark, &[], Duration::from_millis(50)).expect("/proc is there");
    assert_eq!(report.survivors, []);
    assert_eq!(found(&mark, &[]), []);
    child.wait().expect("our child");
}

#[test]
fn the_dead_who_wait_for_their_parent_count_as_gone() {
    let mark = fresh_mark();
    let (mut child, _) = shell("echo ready", &mark);
    let recorded = [identity(&child)];
    let handle = ProcessHandle::of_child(child.id()).expect("our child");
    while !handle.has_ended().expect("it is watched") {
        wait_readable(&[std::os::fd::AsFd::as_fd(&handle)], GRACE).expect("it is watched");
    }
    assert_eq!(found(&mark, &recorded), []);
    child.wait().expect("our child");
}

#[test]
fn marks_are_compared_whole_and_an_empty_one_is_nobodys() {
    let mark = fresh_mark();
    let (mut child, _) = shell("echo ready; exec sleep 1000", &format!("{mark}0"));
    let (mut unmarked, _) = shell("echo ready; exec sleep 1000", "");
    assert_eq!(found(&mark, &[]), []);
    assert_eq!(found("", &[]), []);
    for child in [&mut child, &mut unmarked] {
        child.kill().expect("our child");
        child.wait().expect("our child");
    }
}

/// Says what the job says, so that the other process of the test below hears it.
struct Loud;

impl JobSink for Loud {
    fn started(&mut self, process: &ProcessIdentity) -> Result<(), SinkError> {
        let ProcessIdentity {
            pid, start_time, ..
        } = process;
        writeln!(std::io::stdout(), "\nstarted {pid} {start_time}")?;
        Ok(())
    }

    fn output(&mut self, _: IoStream, _: f64, line: &[u8]) -> Result<(), SinkError> {
        std::io::stdout().write_all(line)?;
        Ok(std::io::stdout().flush()?)
    }
}

/// The test starts itself once more as the runner that is to be killed.
#[test]
fn a_killed_runner_leaves_an_orphan_that_is_found_and_ended() {
    const ROLE: &str = "JOB_RUNNER_TEST_ROLE_MARK";
    if let Ok(mark) = std::env::var(ROLE) {
        let mut command = sh("echo ready; while :; do sleep 1000; done");
        command.mark = mark;
        run(&command, &mut Loud, &Cancel::new()).expect("it is killed before this");
        return;
    }
    let mark = fresh_mark();
    let test = "orphans::tests::a_killed_runner_leaves_an_orphan_that_is_found_and_ended";
    let mut runner = Command::new(std::env::current_exe().expect("we are a file"))
        .args(["--exact", test, "--nocapture"])
        .env(ROLE, &mark)
        .stdout(Stdio::piped())
        .spawn()
        .expect("we can be started again");
    let mut leader = None;
    let mut lines = BufReader::new(runner.stdout.take().expect("it is piped")).lines();
    loop {
        let line = lines
            .next()
            .expect("it says that it is ready")
            .expect("text");
        if let Some(numbers) = line.strip_prefix("started ") {
            let (pid, start_time) = numbers.split_once(' ').expect("two numbers");
            leader = Some((
                pid.parse::<u32>().expect("pid"),
                start_time.parse::<u64>().expect("ticks"),
            ));
        }
        if line == "ready" {
            break;
        }
    }
    runner.kill().expect("our child");
    runner.wait().expect("our child");

    let (pid, start_time) = leader.expect("it was told before any output");
    let host = Host::current().expect("/proc is there");
    let recorded = [ProcessIdentity {
        pid,
        start_time,
        pid_namespace: host.pid_namespace,
        boot_id: host.boot_id,
    }];
    let by_mark = found(&mark, &[]);
    assert!(
        by_mark.iter().any(|orphan| orphan.pid == pid),
        "{by_mark:?}"
    );
    let by_identity = found("", &recorded);
    assert!(
        by_identity.iter().any(|orphan| orphan.pid == pid),
        "{by_identity:?}"
    );
    let report = end_orphans(&mark, &recorded, GRACE).expect("/proc is there");
    assert!(
        report.ended.iter().any(|orphan| orphan.pid == pid),
        "{report:?}"
    );
    assert_eq!(report.survivors, []);
    assert_eq!(found(&mark, &recorded), []);
}
