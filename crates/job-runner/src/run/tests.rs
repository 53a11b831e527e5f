//! Jobs as real processes. The jobs say when they are ready; nobody sleeps to wait for them.

use std::time::Duration;

use tempfile::TempDir;

use crate::testkit::{Recorder, fresh_mark, run_to_end, sh};
use crate::{
    Cancel, EndCause, Host, IoStream, JobInput, Leftovers, RunError, Shell, end_orphans,
    find_orphans, run,
};

/// Longer than any test takes.
const FOREVER: Duration = Duration::from_secs(600);

fn nobody_is_left(mark: &str) {
    assert_eq!(find_orphans(mark, &[]).expect("/proc is there"), []);
}

#[test]
fn both_streams_come_in_order_with_delays() {
    let (end, told) = run_to_end(&sh(
        "for i in 1 2 3; do echo out $i; echo err $i >&2; done; printf last",
    ));
    assert_eq!(end.cause, EndCause::Exited(0));
    assert_eq!(
        told.lines(IoStream::Stdout),
        ["out 1\n", "out 2\n", "out 3\n", "last"]
    );
    assert_eq!(
        told.lines(IoStream::Stderr),
        ["err 1\n", "err 2\n", "err 3\n"]
    );
    let total: f64 = told.pieces.iter().map(|(_, delay, _)| *delay).sum();
    assert!(told.pieces.iter().all(|(_, delay, _)| *delay >= 0.0));
    assert!(total > 0.0, "the first delay counts from the start");
}

#[test]
fn every_byte_value_comes_through() {
    let script = "i=0; while [ $i -lt 256 ]; do printf \"\\\\$(printf %03o $i)\"; i=$((i+1)); done";
    let (end, told) = run_to_end(&sh(script));
    assert_eq!(end.return_code, Some(0));
    assert_eq!(told.bytes(IoStream::Stdout), (0..=255).collect::<Vec<u8>>());
    assert_eq!(told.pieces.len(), 2, "one cut, after the newline");
}

#[test]
fn ten_megabytes_come_through_in_lines_and_without_any() {
    let (end, told) = run_to_end(&sh("yes 0123456789abcdef | head -c 10000000"));
    assert_eq!(end.cause, EndCause::Exited(0));
    let bytes = told.bytes(IoStream::Stdout);
    assert_eq!(bytes.len(), 10_000_000);
    assert!(
        bytes
            .chunks(17)
            .all(|line| b"0123456789abcdef\n".starts_with(line))
    );
    assert_eq!(told.pieces.len(), 10_000_000_usize.div_ceil(17));

    let (end, told) = run_to_end(&sh(
        "head -c 10000000 /dev/zero | tr '\\0' x; echo late >&2",
    ));
    assert_eq!(end.cause, EndCause::Exited(0));
    assert_eq!(told.bytes(IoStream::Stdout), vec![b'x'; 10_000_000]);
    assert!(
        told.pieces
            .iter()
            .all(|(_, _, piece)| piece.len() <= 64 * 1024)
    );
    assert_eq!(told.lines(IoStream::Stderr), ["late\n"]);
}

#[test]
fn codes_and_signals_are_told() {
    for (script, cause, code) in [
        ("exit 0", EndCause::Exited(0), 0),
        ("exit 1", EndCause::Exited(1), 1),
        ("exit 255", EndCause::Exited(255), 255),
        ("kill -TERM $$", EndCause::Signalled(15), -15),
        ("kill -KILL $$", EndCause::Signalled(9), -9),
        ("kill -SEGV $$", EndCause::Signalled(11), -11),
        (
            "no-such-program-anywhere 2>/dev/null",
            EndCause::Exited(127),
            127,
        ),
        ("", EndCause::Exited(0), 0),
    ] {
        let (end, _) = run_to_end(&sh(script));
        assert_eq!(
            (end.cause, end.return_code),
            (cause, Some(code)),
            "{script}"
        );
    }
}

#[test]
fn the_job_gets_its_surroundings() {
    let directory = TempDir::new().expect("a directory");
    let mut command = sh("echo \"$A|$SESSION_JOB_MARK\"; pwd -P; cat; echo $((1+1))");
    command.environment = vec![("A".into(), "first".into()), ("A".into(), "second".into())];
    command.working_directory = Some(directory.path().to_owned());
    let (_, told) = run_to_end(&command);
    let path = directory.path().canonicalize().expect("it is there");
    assert_eq!(
        told.lines(IoStream::Stdout),
        [
            format!("second|{}\n", command.mark),
            format!("{}\n", path.display()),
            "2\n".to_owned(),
        ]
    );
}

#[test]
fn each_shell_is_started_and_an_unknown_one_refused() {
    for name in ["/bin/sh", "/bin/bash", "bash"] {
        let mut command = sh("echo $0");
        command.shell = name.parse().expect("a documented shell");
        let (_, told) = run_to_end(&command);
        assert_eq!(told.lines(IoStream::Stdout), [format!("{name}\n")]);
    }
    let error = "zsh".parse::<Shell>().expect_err("not a documented shell");
    assert_eq!(
        error.to_string(),
        "'zsh' is not a shell for jobs: use /bin/sh, /bin/bash or bash"
    );
}

#[test]
fn what_cannot_be_started_says_why() {
    let mut command = sh("echo");
    command.working_directory = Some("/no/such/directory".into());
    let error = run(&command, &mut Recorder::default(), &Cancel::new()).expect_err("no directory");
    assert_eq!(
        error.to_string(),
        "cannot start in /no/such/directory, which is not a directory"
    );

    let mut command = sh("echo");
    command.shell = Shell::Bash;
    command.environment = vec![("PATH".into(), "/no/such/directory".into())];
    let error = run(&command, &mut Recorder::default(), &Cancel::new()).expect_err("no bash");
    assert!(
        matches!(error, RunError::Start { shell: "bash", .. }),
        "{error:?}"
    );

    let error = run(&sh("echo \0"), &mut Recorder::default(), &Cancel::new()).expect_err("a NUL");
    assert!(
        matches!(
            error,
            RunError::Start {
                shell: "/bin/sh",
                ..
            }
        ),
        "{error:?}"
    );
}

#[test]
fn the_sink_learns_which_process_it_is() {
    let (_, told) = run_to_end(&sh("cut -d' ' -f1,5,22 /proc/$$/stat"));
    let identity = told.identity.as_ref().expect("it was told");
    let expected = format!("{0} {0} {1}\n", identity.pid, identity.start_time);
    assert_eq!(
        told.lines(IoStream::Stdout),
        [expected],
        "a group of its own, too"
    );
    assert!(
        Host::current()
            .expect("/proc is there")
            .shares_numbers_with(identity)
    );
}

#[test]
fn a_job_that_takes_too_long_is_ended_with_its_whole_pipeline() {
    for script in [
        "exec sleep 1000",
        "sleep 1001 | sleep 1002 | cat",
        "sleep 1003; sleep 1004",
    ] {
        let mut command = sh(script);
        command.timeout = Some(Duration::from_millis(100));
        let (end, _) = run_to_end(&command);
        assert_eq!(
            (end.cause, end.return_code),
            (EndCause::TimedOut, Some(-15)),
            "{script}"
        );
        assert_eq!(end.survivors, []);
        nobody_is_left(&command.mark);
    }
}

#[test]
fn a_job_that_ignores_the_end_of_its_time_is_killed() {
    let mut command = sh("trap '' TERM; while :; do sleep 1000; done");
    command.timeout = Some(Duration::from_millis(300));
    command.grace = Duration::from_millis(50);
    let (end, _) = run_to_end(&command);
    assert_eq!(end.cause, EndCause::TimedOut);
    nobody_is_left(&command.mark);
}

#[test]
fn a_cancelled_job_may_clean_up_and_is_heard_to_the_end() {
    let cancel = Cancel::new();
    let mut told = Recorder::doing(|_| {
        cancel.cancel();
        Ok(())
    });
    let mut command =
        sh("trap 'echo cleaning; exit 7' TERM; sh -c 'echo ready; exec sleep 1000' & wait");
    command.grace = FOREVER;
    let end = run(&command, &mut told, &cancel).expect("it runs");
    assert_eq!((end.cause, end.return_code), (EndCause::Cancelled, Some(7)));
    assert_eq!(told.lines(IoStream::Stdout), ["ready\n", "cleaning\n"]);
    nobody_is_left(&command.mark);
}

#[test]
fn a_job_that_ignores_being_cancelled_is_killed() {
    for at_once in [false, true] {
        let cancel = Cancel::new();
        let mut told = Recorder::doing(|_| {
            cancel.cancel();
            if at_once {
                cancel.cancel_at_once();
            }
            Ok(())
        });
        let mut command = sh("trap '' TERM; echo ready; while :; do sleep 1000; done");
        command.grace = if at_once {
            FOREVER
        } else {
            Duration::from_millis(20)
        };
        let end = run(&command, &mut told, &cancel).expect("it runs");
        assert_eq!(
            (end.cause, end.return_code),
            (EndCause::Cancelled, Some(-9))
        );
        nobody_is_left(&command.mark);
    }
}

#[test]
fn a_stopped_job_can_be_cancelled() {
    let cancel = Cancel::new();
    let mut told = Recorder::doing(|_| {
        cancel.cancel();
        Ok(())
    });
    let mut command = sh("echo ready; kill -STOP $$; echo never");
    command.grace = FOREVER;
    let end = run(&command, &mut told, &cancel).expect("it runs");
    assert_eq!(
        (end.cause, end.return_code),
        (EndCause::Cancelled, Some(-15))
    );
}

#[test]
fn a_cancelled_token_starts_nothing() {
    let cancel = Cancel::new();
    cancel.cancel();
    let mut told = Recorder::default();
    let end = run(&sh("echo"), &mut told, &cancel).expect("nothing is wrong");
    assert_eq!((end.cause, end.return_code), (EndCause::Cancelled, None));
    assert_eq!((told.identity, told.pieces.len()), (None, 0));
}

#[test]
fn a_sink_that_fails_ends_the_job() {
    let mut told = Recorder::doing(|line| match line {
        b"two\n" => Err("the disk is full".into()),
        _ => Ok(()),
    });
    let command = sh("echo one; echo two; echo three; exec sleep 1000");
    let error = run(&command, &mut told, &Cancel::new()).expect_err("the sink failed");
    let RunError::Sink { source, end } = error else {
        panic!("{error:?}");
    };
    assert_eq!(source.to_string(), "the disk is full");
    assert_eq!(
        (end.cause, end.return_code),
        (EndCause::Cancelled, Some(-15))
    );
    assert_eq!(
        told.lines(IoStream::Stdout),
        ["one\n", "two\n"],
        "nothing after the error"
    );
    nobody_is_left(&command.mark);

    let mut told = Recorder {
        refuse_start: true,
        ..Recorder::default()
    };
    let error = run(&sh("exec sleep 1000"), &mut told, &Cancel::new()).expect_err("it refused");
    assert!(matches!(error, RunError::Sink { .. }), "{error:?}");
}

#[test]
fn a_background_child_that_keeps_the_pipe_open_is_ended() {
    let mut command = sh("sleep 1000 & echo done");
    command.linger = Duration::ZERO;
    let (end, told) = run_to_end(&command);
    assert_eq!(end.cause, EndCause::Exited(0));
    assert_eq!(told.lines(IoStream::Stdout), ["done\n"]);
    assert_eq!(end.leftovers_ended.len(), 1);
    nobody_is_left(&command.mark);
}

#[test]
fn a_daemon_is_ended_or_left_as_wanted() {
    // The daemon opens the pipe when it has its own session; only then does the job go on.
    let directory = TempDir::new().expect("a directory");
    let script = "mkfifo up; (setsid sh -c 'trap \"\" TERM; echo > up; while :; do sleep 1000; done' &); read x < up; rm up; echo up";
    for policy in [Leftovers::End, Leftovers::Leave] {
        let mut command = sh(script);
        command.working_directory = Some(directory.path().to_owned());
        command.leftovers = policy;
        command.linger = Duration::ZERO;
        command.grace = Duration::from_millis(20);
        let (end, told) = run_to_end(&command);
        assert_eq!(end.cause, EndCause::Exited(0));
        assert_eq!(told.lines(IoStream::Stdout), ["up\n"]);
        match policy {
            Leftovers::End => assert!(!end.leftovers_ended.is_empty()),
            Leftovers::Leave => {
                assert_eq!(end.leftovers_ended, []);
                assert_ne!(
                    find_orphans(&command.mark, &[]).expect("/proc is there"),
                    []
                );
                let report =
                    end_orphans(&command.mark, &[], command.grace).expect("/proc is there");
                assert_eq!(report.survivors, []);
            }
        }
        nobody_is_left(&command.mark);
    }
}

#[test]
fn a_child_that_outlives_the_job_a_little_gets_to_finish() {
    let mut command = sh("exec > >(while read line; do echo \"<$line>\"; done; echo end); echo a");
    command.shell = Shell::Bash;
    command.linger = FOREVER;
    let (end, told) = run_to_end(&command);
    assert_eq!(
        (end.cause, end.leftovers_ended),
        (EndCause::Exited(0), Vec::new())
    );
    assert_eq!(told.lines(IoStream::Stdout), ["<a>\n", "end\n"]);
}

#[test]
fn an_interactive_job_shares_our_group_and_is_ended_alone() {
    let cancel = Cancel::new();
    let mut told = Recorder::doing(|_| {
        cancel.cancel();
        Ok(())
    });
    let mut command = sh("sleep 1000 & cut -d' ' -f5 /proc/$$/stat; wait");
    command.input = JobInput::Inherited;
    let end = run(&command, &mut told, &cancel).expect("it runs");
    assert_eq!(end.cause, EndCause::Cancelled);
    let ours = rustix::process::getpgrp().as_raw_nonzero().to_string();
    assert_eq!(told.lines(IoStream::Stdout), [format!("{ours}\n")]);
    nobody_is_left(&command.mark);
}

#[test]
fn jobs_of_other_marks_are_left_alone() {
    let bystander = fresh_mark();
    let mut other = std::process::Command::new("sleep")
        .arg("1000")
        .env("SESSION_JOB_MARK", &bystander)
        .spawn()
        .expect("sleep is there");
    let (end, _) = run_to_end(&sh("sleep 1000 & echo done"));
    assert_eq!(end.leftovers_ended.len(), 1);
    assert_eq!(
        other.try_wait().expect("our child"),
        None,
        "it was not ours to end"
    );
    other.kill().expect("our child");
    other.wait().expect("our child");
}
