//! Going on with a session, through the program: the plan beforehand, changed definitions, orphans, giving up.

use std::path::Path;
use std::sync::Arc;

use camino::Utf8Path;
use job_units::{ReadOptions, parse_units};
use rustix::process::Signal;
use session_manager::{Lifecycle, ManagerOptions, SessionManager};
use session_state::{JobOutcome, JobResult};
use session_storage::{RealFs, Repository, Trust};
use session_tests::disk;
use suspend_resume::Format;

use crate::world::{GOOD, Running, World, assert_refused, files};

const TWO: &str = "\
id: first
plugin: shell
command: echo one

id: second
plugin: shell
depends: first
command: kill -9 $PPID; sleep 600
";

/// What kills the program.
const BLOW: &str = "kill -9 $PPID; ";

/// A session whose first job passed and whose second killed the program.
fn killed(world: &World, units: &str) -> String {
    let units = world.file("two.pxu", units);
    let killed = world.run(&["run", &units]);
    assert!(killed.is_killed(), "{killed}");
    world.ids().remove(0)
}

#[test]
fn a_dry_run_says_everything_and_changes_nothing() {
    let world = World::new();
    let id = killed(&world, TWO);
    let before = files(&world.session(&id));
    let told = world.run(&["resume", &id, "--dry-run"]);
    assert_eq!(told.code(), Some(0), "{told}");
    for text in [
        "its process was killed while the machine stayed up",
        "keep             first: it is done: pass",
        "run again        second: it was in flight: it was cut short, and attempts are left",
    ] {
        assert!(told.stdout.contains(text), "{text:?} is not in {told}");
    }
    let document = world.run(&["resume", &id, "--dry-run", "--json"]);
    let document: serde_json::Value = serde_json::from_str(&document.stdout).expect("JSON");
    assert_eq!(document["format"], "session.plan");
    assert_eq!(document["death"], "killed");
    assert_eq!(document["flight"]["attempts_counted"], 1);
    assert_eq!(document["jobs"].as_array().map(Vec::len), Some(2));
    assert_eq!(
        files(&world.session(&id)),
        before,
        "a dry run changes nothing"
    );
}

#[test]
fn changed_definitions_are_told_and_treated_as_was_chosen() {
    let world = World::new();
    let id = killed(&world, TWO);
    let now = world.file(
        "now.pxu",
        TWO.replace("kill -9 $PPID; sleep 600", "exit 3")
            .replace("echo one", "exit 4"),
    );
    let refused = world.run(&["resume", &id, "--drift", "refuse", "--definitions", &now]);
    assert_refused(&refused, 8, &["definitions changed: first, second"]);
    // The default of a native session: what is done stays, what is not takes the new definition.
    let gone_on = world.run(&["resume", &id, "--definitions", &now]);
    assert_eq!(gone_on.code(), Some(1), "{gone_on}");
    assert!(
        gone_on
            .stderr
            .contains("command: 'kill -9 $PPID; sleep 600' -> 'exit 3'"),
        "{gone_on}"
    );
    world.assert_outcomes(&id, &[("first", "pass"), ("second", "fail")]);
    let again = world.run(&["resume", &id, "--drift", "rerun", "--definitions", &now]);
    assert_eq!(again.code(), Some(1), "{again}");
    world.assert_outcomes(&id, &[("first", "fail"), ("second", "fail")]);
}

#[test]
fn processes_left_running_are_refused_or_ended() {
    let world = World::new();
    let id = killed(&world, TWO);
    let refused = world.run(&["resume", &id, "--orphans", "refuse"]);
    assert_refused(&refused, 6, &["still running"]);
    let told = world.run(&["resume", &id, "--dry-run"]);
    assert!(
        told.stdout.contains("its process was killed"),
        "a refused resume is not the last run: {told}"
    );
    let now = world.file("now.pxu", TWO.replace("kill -9 $PPID; sleep 600", "true"));
    let ended = world.run(&["resume", &id, "--orphans", "kill", "--definitions", &now]);
    assert_eq!(ended.code(), Some(0), "{ended}");
    assert!(ended.stderr.contains("ended process"), "{ended}");
}

/// From the moment of the kill on; nobody waited for the killed program, so that its number stays.
#[test]
fn a_program_that_is_dying_is_gone_on_with_at_once_and_called_killed() {
    let world = World::new();
    let units = world.file("two.pxu", TWO.replace(BLOW, ""));
    let mut running = Running::until_started(&world, &["run", &units], "second");
    running.child.kill().expect("killed");
    let id = world.ids().remove(0);
    let now = world.file("now.pxu", TWO.replace("kill -9 $PPID; sleep 600", "true"));
    let resumed = world.run(&["resume", &id, "--definitions", &now]);
    assert_eq!(resumed.code(), Some(0), "{resumed}");
    assert_eq!(resumed.stderr.matches("its process was killed").count(), 1);
    world.assert_outcomes(&id, &[("first", "pass"), ("second", "pass")]);
    assert!(running.end().is_killed());
}

/// What a look at a dying holder may see: the lock file names a process that lives, and the lock can be taken.
#[test]
fn a_holder_that_let_go_since_it_was_looked_at_is_planned_for_again() {
    let world = World::new();
    let id = killed(&world, TWO);
    let record = living_record(&world);
    disk::write(&world.session(&id).join("lock"), &record).expect("a record");
    let told = world.run(&["resume", &id, "--dry-run"]);
    assert_eq!(told.code(), Some(6), "{told}");
    assert!(told.stdout.contains("it is still running"), "{told}");
    let now = world.file("now.pxu", TWO.replace("kill -9 $PPID; sleep 600", "true"));
    let resumed = world.run(&["resume", &id, "--definitions", &now]);
    assert_eq!(resumed.code(), Some(0), "{resumed}");
    for text in ["has ended; planning again", "its process was killed"] {
        assert_eq!(resumed.stderr.matches(text).count(), 1, "{text}: {resumed}");
    }
    world.assert_outcomes(&id, &[("first", "pass"), ("second", "pass")]);

    // One that had done everything leaves nothing to go on with.
    disk::write(&world.session(&id).join("lock"), &record).expect("a record");
    let over = world.run(&["resume", &id]);
    assert_eq!(over.code(), Some(0), "{over}");
    assert!(over.stderr.contains("nothing is left to do"), "{over}");
}

/// What the lock file says while this very process has a session.
fn living_record(world: &World) -> Vec<u8> {
    let location = world.path("elsewhere");
    let location = Utf8Path::from_path(&location).expect("UTF-8");
    let repository = Repository::create(Arc::new(RealFs), location, Trust::OwnDirectories);
    let options = ManagerOptions::system().expect("randomness");
    let session = SessionManager::builder(repository.expect("a repository"), options)
        .create_with_job_list(Vec::new())
        .expect("a session");
    let lock = session.storage().location().join("lock");
    disk::read(lock.as_std_path()).expect("a record")
}

#[test]
fn a_job_that_is_cut_short_too_often_pauses_the_session_when_asked_to() {
    let world = World::new();
    let id = killed(&world, TWO);
    let paused = world.run(&["resume", &id, "--attempts", "1", "--at-limit", "pause"]);
    assert_eq!(paused.code(), Some(1), "{paused}");
    assert!(paused.stderr.contains("the session is paused"), "{paused}");
    world.assert_outcomes(&id, &[("first", "pass"), ("second", "crash")]);
    assert_eq!(world.rows()[0].state, "paused");
    let finished = world.run(&["resume", &id]);
    assert_eq!(finished.code(), Some(1), "{finished}");
    assert_eq!(world.rows()[0].state, "finished");
}

#[test]
fn a_running_session_is_given_up_by_another_process_and_keeps_its_results() {
    let world = World::new();
    let units = world.file("two.pxu", TWO.replace(BLOW, ""));
    let running = Running::until_started(&world, &["run", &units], "second");
    let id = world.ids().remove(0);
    let aborted = world.run(&["abort", &id]);
    assert_eq!(aborted.code(), Some(0), "{aborted}");
    let ended = running.end();
    assert_eq!(ended.code(), Some(143), "{ended}");
    assert!(ended.stdout.contains("\"event\":\"aborted\""), "{ended}");
    assert_eq!(world.rows()[0].state, "aborted");
    let shown = world.run(&["show", &id]);
    assert!(
        shown.stdout.contains("pass") && shown.stdout.contains("first"),
        "{shown}"
    );
    let resumed = world.run(&["resume", &id]);
    assert_eq!(resumed.code(), Some(0), "{resumed}");
    assert!(resumed.stderr.contains("is aborted"), "{resumed}");
    assert_refused(&world.run(&["abort", &id]), 8, &["cannot become aborted"]);
}

#[test]
fn a_killed_session_is_given_up_without_a_process() {
    let world = World::new();
    let id = killed(&world, TWO);
    let aborted = world.run(&["abort", &id, "--json"]);
    let document: serde_json::Value = serde_json::from_str(&aborted.stdout).expect("JSON");
    assert_eq!(document["jobs_done"], 1, "{aborted}");
    assert_eq!(world.rows()[0].state, "aborted");
}

/// Killed by its own job, which left its result for that case: the job does not run a second time.
#[test]
fn a_result_that_a_job_left_before_it_took_the_program_down_counts() {
    let world = World::new();
    let units = world.file(
        "down.pxu",
        "id: down\nplugin: shell\nflags: noreturn\ncommand:\n \
         cat \"$PLAINBOX_SESSION_SHARE/__respawn_checkbox\"\n \
         echo '{\"outcome\": \"skip\", \"comments\": \"was down\"}' > \"$PLAINBOX_SESSION_SHARE/__result\"\n \
         kill -9 $PPID\n sleep 600\n",
    );
    let killed = world.run(&["run", &units]);
    assert!(killed.is_killed(), "{killed}");
    let id = world.ids().remove(0);
    let resumed = world.run(&["resume", &id]);
    assert_eq!(resumed.code(), Some(0), "{resumed}");
    assert!(resumed.stdout.contains("was down"), "{resumed}");
    let share = world.session(&id).join("session-share/__respawn_checkbox");
    let respawn = disk::read_text_or_empty(&share).expect("text");
    assert!(
        respawn.contains(&format!(" resume '{id}' --repository '/")),
        "{respawn}"
    );
    world.assert_outcomes(&id, &[("down", "skip")]);
}

#[test]
fn a_job_that_does_not_return_is_left_in_flight_when_the_machine_goes_down() {
    let world = World::new();
    let units = world.file(
        "down.pxu",
        "id: down\nplugin: shell\nflags: noreturn\ncommand: true\n",
    );
    let running = Running::until_started(&world, &["run", &units], "down");
    running.signal(Signal::TERM);
    assert_eq!(running.end().code(), Some(143));
    let id = world.ids().remove(0);
    let told = world.run(&["resume", &id, "--dry-run", "--json"]);
    let document: serde_json::Value = serde_json::from_str(&told.stdout).expect("JSON");
    assert_eq!(document["flight"]["job"], "down", "{told}");
    assert_eq!(document["flight"]["started"], true, "{told}");
}

/// A session kept in one of Checkbox's formats, as another program left it: one job done, one to do.
fn checkbox_session(world: &World, units: &str) -> String {
    let text = disk::read_text_or_empty(Path::new(units)).expect("units");
    let units = parse_units(&text, units, &ReadOptions::default()).expect("good units");
    let location = world.path("repository");
    let location = Utf8Path::from_path(&location).expect("UTF-8");
    let repository = Repository::create(Arc::new(RealFs), location, Trust::OwnDirectories);
    let mut session = SessionManager::builder(
        repository.expect("a repository"),
        ManagerOptions::system().expect("randomness"),
    )
    .format(Format::Checkbox(11))
    .create_with_job_list(units.jobs)
    .expect("a session");
    let first = "first".into();
    session
        .state_mut()
        .update_desired_jobs(&["first".into(), "second".into()]);
    session.enter(Lifecycle::Running).expect("a first step");
    session.begin_job(&first).expect("durable");
    let passed = JobResult::of(JobOutcome::Pass);
    session
        .state_mut()
        .update_job_result(&first, passed, None)
        .expect("known");
    let id = session.id().to_string();
    session.close().expect("saved");
    id
}

#[test]
fn a_session_in_a_checkbox_format_is_resumed_with_its_unit_files() {
    let world = World::new();
    let units = world.file("good.pxu", GOOD);
    let id = checkbox_session(&world, &units);
    assert_eq!(world.rows()[0].state, "interrupted");
    assert_refused(
        &world.run(&["resume", &id]),
        2,
        &["holds no definitions", "--definitions UNITS"],
    );
    let resumed = world.run(&["resume", &id, "--definitions", &units]);
    assert_eq!(resumed.code(), Some(0), "{resumed}");
    assert!(
        resumed.stdout.contains("pass") && resumed.stdout.contains("second"),
        "{resumed}"
    );
    assert!(
        !resumed.stdout.contains("first"),
        "a done job runs no second time: {resumed}"
    );
    let listed = world.run(&["list", "--json"]);
    assert!(listed.stdout.contains("checkbox 11"), "{listed}");
    assert_eq!(world.rows()[0].state, "finished");
    let changed = world.file("changed.pxu", GOOD.replace("echo one", "echo three"));
    let refused = world.run(&["resume", &id, "--definitions", &changed]);
    assert_refused(&refused, 8, &["definitions changed: first"]);
}
