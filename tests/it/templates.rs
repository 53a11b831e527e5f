//! Jobs that templates make while the session runs, and test plans: run, killed and resumed without the unit files.

use std::path::PathBuf;
use std::process::Command;

use rustix::process::Signal;
use session_tests::disk;

use crate::world::{Running, World};

/// Every job with a gate goes through it when that is open, and otherwise says so at its bell and stays for good; the
/// resource job prints two records.
fn units(world: &World) -> String {
    for gate in ["prepared", "listed", "checked"] {
        let made = Command::new("mkfifo").arg(bell(world, gate)).status();
        assert!(made.expect("mkfifo is there").success());
    }
    let wait = |gate: &str| {
        let (gate, bell) = (world.path(gate), bell(world, gate));
        let (gate, bell) = (gate.display(), bell.display());
        format!("test -e '{gate}' || (echo > '{bell}'; exec sleep 600)")
    };
    let marks = world.path("marks");
    let text = format!(
        "- {{unit: setup job, id: prepare, plugin: shell, command: \"{}\"}}\n\
         - {{id: disk, plugin: resource, command: \"{} && printf 'name: a\\\\n\\\\nname: b\\\\n'\"}}\n\
         - {{unit: template, template-resource: disk, id: 'check-{{name}}', plugin: shell,\n\
         \x20  command: \"{} && echo {{name}} >> '{}'\"}}\n\
         - {{unit: template, template-resource: disk, template-engine: jinja2, template-id: after,\n\
         \x20  id: 'after-{{{{ name | upper }}}}', plugin: shell, depends: ['check-{{{{ name }}}}'], command: 'true'}}\n\
         - {{id: other, plugin: shell, command: 'true'}}\n\
         - {{unit: test plan, id: all, setup_include: [prepare], bootstrap_include: [disk],\n\
         \x20  include: [after, 'check-.', nowhere], exclude: [after-B], mandatory_include: [other]}}\n",
        wait("prepared"),
        wait("listed"),
        wait("checked"),
        marks.display(),
    );
    world.file("units.yaml", text)
}

/// A named pipe: who reads it waits for a job in front of the gate.
fn bell(world: &World, gate: &str) -> PathBuf {
    world.path(&format!("{gate}.bell"))
}

fn open_gates(world: &World, names: &[&str]) {
    for name in names {
        disk::write(&world.path(name), b"").expect("a file");
    }
}

/// Starts the program, kills it while that job stands in front of its gate, and spoils the unit file. What is left of
/// the job has seen the gate closed, and does not go through it later.
fn killed_in(world: &World, words: &[&str], job: &str, gate: &str) {
    let running = Running::until_started(world, words, job);
    disk::read(&bell(world, gate)).expect("a ring");
    running.signal(Signal::KILL);
    running.end();
    world.file("units.yaml", "nobody reads this: [");
}

const ALL: [(&str, &str); 6] = [
    ("after-A", "pass"),
    ("after-B", "pass"),
    ("check-a", "pass"),
    ("check-b", "pass"),
    ("disk", "pass"),
    ("other", "pass"),
];

#[test]
fn templates_outlive_a_kill_before_their_records_arrive() {
    let world = World::new();
    let units = units(&world);
    killed_in(&world, &["run", &units], "disk", "listed");
    open_gates(&world, &["listed", "checked"]);
    let resumed = world.run(&["resume"]);
    assert_eq!(resumed.code(), Some(0), "{resumed}");
    world.assert_outcomes(&world.ids()[0], &ALL);
    assert_eq!(disk::read(&world.path("marks")).expect("marks"), b"a\nb\n");
}

#[test]
fn jobs_of_templates_outlive_a_kill_while_one_runs() {
    let world = World::new();
    let units = units(&world);
    open_gates(&world, &["listed"]);
    killed_in(&world, &["run", &units], "check-a", "checked");
    killed_in(&world, &["resume"], "check-a", "checked");
    open_gates(&world, &["checked"]);
    let resumed = world.run(&["resume"]);
    assert_eq!(resumed.code(), Some(0), "{resumed}");
    world.assert_outcomes(&world.ids()[0], &ALL);
    assert_eq!(disk::read(&world.path("marks")).expect("marks"), b"a\nb\n");
}

#[test]
fn a_plan_goes_on_in_the_phase_it_was_killed_in() {
    let world = World::new();
    let units = units(&world);
    killed_in(
        &world,
        &["run", &units, "--plan", "all"],
        "prepare",
        "prepared",
    );
    open_gates(&world, &["prepared"]);
    killed_in(&world, &["resume"], "disk", "listed");
    open_gates(&world, &["listed"]);
    killed_in(&world, &["resume"], "check-a", "checked");
    open_gates(&world, &["checked"]);
    let resumed = world.run(&["resume"]);
    assert_eq!(resumed.code(), Some(0), "{resumed}");
    let wanted = [
        ("after-A", "pass"),
        ("check-a", "pass"),
        ("check-b", "pass"),
        ("disk", "pass"),
        ("other", "pass"),
        ("prepare", "pass"),
    ];
    world.assert_outcomes(&world.ids()[0], &wanted);
    let told = "note: 'nowhere' of the test plan 'all' fits no job";
    assert!(resumed.stderr.contains(told), "{resumed}");
    let over = world.run(&["resume"]);
    assert!(over.stderr.contains("nothing is left to do"), "{over}");
}

#[test]
fn a_plan_can_be_stopped_in_every_phase() {
    let world = World::new();
    let units = units(&world);
    let stopped_in = |words: &[&str], job: &str| {
        let running = Running::until_started(&world, words, job);
        running.signal(Signal::TERM);
        let ended = running.end();
        assert_eq!(ended.code(), Some(143), "{ended}");
    };
    stopped_in(&["run", &units, "--plan", "all"], "prepare");
    open_gates(&world, &["prepared"]);
    stopped_in(&["resume"], "disk");
    open_gates(&world, &["listed"]);
    stopped_in(&["resume"], "check-a");
    open_gates(&world, &["checked"]);
    let resumed = world.run(&["resume"]);
    assert_eq!(resumed.code(), Some(0), "{resumed}");
}

#[test]
fn a_faulty_instance_is_left_out_or_fails() {
    let world = World::new();
    let units = world.file(
        "units.pxu",
        "id: r\nplugin: resource\ncommand: echo 'name: a'\n\n\
         unit: template\ntemplate-resource: r\nid: t-{name}\nplugin: shell\ncommand: echo {nothing}\n",
    );
    let lenient = world.run(&["run", &units]);
    assert_eq!(lenient.code(), Some(0), "{lenient}");
    let told =
        "problem: cannot fill in field 'command' of job 't-a': parameter 'nothing' is missing";
    assert!(lenient.stderr.contains(told), "{lenient}");
    let strict = world.run(&["run", &units, "--strict-templates"]);
    assert_eq!(strict.code(), Some(1), "{strict}");
    assert!(
        strict.stdout.contains("parameter 'nothing' is missing"),
        "{strict}"
    );
}

#[test]
fn plans_are_listed_and_a_wrong_one_is_refused() {
    let world = World::new();
    let units = units(&world);
    let listed = world.run_exactly(&["plans", &units]);
    assert_eq!(listed.code(), Some(0), "{listed}");
    assert_eq!(listed.stdout, "all  3 jobs\n");
    let json = world.run_exactly(&["plans", &units, "--json"]);
    for text in [
        "\"session.plans\"",
        "\"prepare\"",
        "\"disk\"",
        "\"other\"",
        "\"after-B\"",
    ] {
        assert_eq!(
            json.stdout.contains(text),
            text != "\"after-B\"",
            "{text}: {json}"
        );
    }
    let wrong = world.run(&["run", &units, "--plan", "al"]);
    crate::world::assert_refused(&wrong, 4, &["there is no test plan 'al'"]);
}

#[test]
fn the_example_with_templates_runs_as_it_says() {
    let world = World::new();
    let root = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    let example = root
        .join("docs/examples/interfaces.yaml")
        .display()
        .to_string();
    let planned = world.run(&["run", &example, "--plan", "loopback"]);
    assert_eq!(planned.code(), Some(0), "{planned}");
    for job in ["address-lo", "mtu-lo"] {
        assert!(planned.stdout.contains(job), "{planned}");
    }
}

#[test]
fn what_a_local_job_prints_is_run_also_after_a_kill() {
    let world = World::new();
    let wait = format!("test -e '{}' || sleep 600", world.path("checked").display());
    let text = format!(
        "id: list\nplugin: local\ncommand:\n printf 'id: made\\nplugin: shell\\ncommand: %s\\n' \"{wait}\"\n printf '\\noops\\n'\n"
    );
    let units = world.file("units.pxu", text);
    let running = Running::until_started(&world, &["run", &units], "made");
    running.signal(Signal::KILL);
    running.end();
    open_gates(&world, &["checked"]);
    let resumed = world.run(&["resume"]);
    assert_eq!(resumed.code(), Some(0), "{resumed}");
    world.assert_outcomes(&world.ids()[0], &[("list", "pass"), ("made", "pass")]);
    let again = world.run(&["run", &units]);
    let problem = "problem: cannot read line 5 of what local job 'list' printed";
    assert!(again.stderr.contains(problem), "{again}");
}
