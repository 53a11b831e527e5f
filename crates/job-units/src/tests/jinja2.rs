//! Templates whose texts are filled in by the engine `jinja2`.

use std::sync::Arc;

use proptest::prelude::*;
use session_state::template::{Template, TemplateEngine};
use session_state::{
    ExpansionFault, FieldValue, FormatError, IoLog, IoLogRecord, IoStream, JobDefinition, JobId,
    JobOutcome, JobResult, Parameters, Resource, SessionState,
};

use crate::{Jinja2, ReadOptions, engines, parse_units};

/// The template in a unit file.
fn template(text: &str, namespace: Option<&str>) -> Template {
    let options = ReadOptions {
        namespace: namespace.map(Into::into),
        ..ReadOptions::default()
    };
    let units = parse_units(text, "t.pxu", &options).expect("good units");
    Template::clone(units.templates.first().expect("a template"))
}

fn made(fields: &str, record: &[(&str, &str)]) -> JobDefinition {
    let text = format!("unit: template\ntemplate-resource: r\ntemplate-engine: jinja2\n{fields}");
    let records = [Resource::new(record.iter().copied())];
    let made = template(&text, None).instances(&records, &engines());
    made.expect("the engine is there").remove(0)
}

#[test]
fn texts_are_those_of_jinja2() {
    let check = |text: &str, wanted: &str| {
        let record = [("name", "eth0"), ("list", "a b")];
        let job = made(
            &format!("id: x\nplugin: shell\ncommand:\n {text}\n"),
            &record,
        );
        assert_eq!(
            job.command().as_deref(),
            Some(wanted),
            "{text}: {:?}",
            job.faults()
        );
        assert_eq!(job.faults(), []);
    };
    check("{{ name }}-{{ __index__ }}", "eth0-1");
    check(
        "{{ name.upper() }} {{ name.replace('eth', 'e') }}",
        "ETH0 e0",
    );
    check("{% for x in list.split() %}[{{ x }}]{% endfor %}", "[a][b]");
    check("{{ nothing }}{{ nothing | default('-') }}", "-");
    check("<{{ name }} & {name}>", "<eth0 & {name}>");
    check("{{ __system_env__.HOME }}{{ __on_ubuntucore__ }}", "False");
}

#[test]
fn a_fake_instance_is_filled_in_too() {
    let text = "unit: template\ntemplate-resource: r\ntemplate-engine: jinja2\nid: x-{{ name_slug }}\nplugin: shell\ncommand: {{ path | lower }} {{ __index__ }} {{ __on_ubuntucore__ }}\n";
    let fake = template(text, None).fake_instance(2, &engines());
    let fake = fake.expect("the engine is there");
    assert_eq!(fake.id().as_str(), "x-NAME");
    assert_eq!(fake.command().as_deref(), Some("path 2 False"));
}

#[test]
fn the_environment_is_seen_when_given() {
    let home = [("HOME".to_owned(), "/root".to_owned())];
    let engine = Jinja2::default().with_environment(home);
    let text = engine.fill_in("{{ __system_env__.HOME }}", &Parameters::new());
    assert_eq!(text.as_deref(), Ok("/root"));
}

#[test]
fn what_cannot_be_filled_in_is_a_fault() {
    let fault = |text: &str| {
        let job = made(
            &format!("id: x\nplugin: shell\ncommand:\n {text}\n"),
            &[("name", "a")],
        );
        assert_eq!(
            job.command().as_deref(),
            Some(text),
            "it stays as it is written"
        );
        match &*job.faults() {
            [(field, FormatError::Engine(error))] if field == "command" => error.to_string(),
            faults => panic!("{faults:?}"),
        }
    };
    assert!(fault("{{ name").starts_with("syntax error: "));
    assert!(fault("{% include 'x' %}").contains("include"));
    assert!(fault("{{ name.nope.deeper }}").starts_with("undefined value"));
    let endless =
        "{% for a in range(99999) %}{% for b in range(99999) %}{{ b }}{% endfor %}{% endfor %}";
    assert!(fault(endless).contains("fuel"));
}

#[test]
fn siblings_are_filled_in_too() {
    let fields = "id: x-{{ name }}\nplugin: shell\ncommand: {{ name }}\nflags: also-after-suspend\nsiblings: [{\"id\": \"y-{{ name }}\"}]\n";
    let job = made(fields, &[("name", "a")]);
    let siblings = job.siblings().expect("a list");
    let ids: Vec<&str> = siblings.iter().map(|job| job.id().as_str()).collect();
    assert_eq!(ids, ["y-a", "after-suspend-x-a"]);
    let last = siblings[0].siblings().expect("a list").remove(0);
    assert_eq!(last.id().as_str(), "after-suspend-y-a");
    assert!(last.depends().contains(&JobId::new("y-a")));
    assert_eq!(last.command().as_deref(), Some("a"));
}

#[test]
fn a_job_that_names_the_engine_is_filled_in_without_parameters() {
    let text = "id: j\nplugin: shell\ntemplate-engine: jinja2\ncommand: echo {{ 1 + 1 }}\n";
    let units = parse_units(text, "j.pxu", &ReadOptions::default()).expect("a job");
    assert_eq!(units.jobs[0].command().as_deref(), Some("echo 2"));
    assert_eq!(units.jobs[0].parameters(), None);
}

/// Records that arrive in a session with one good and one faulty template.
fn session(strict: bool) -> SessionState {
    let resource = "id: r\nplugin: resource\ncommand: true\n";
    let units = parse_units(resource, "r.pxu", &ReadOptions::default()).expect("a job");
    let mut state = SessionState::with_jobs(units.jobs).expect("one job");
    state.set_engines(engines());
    if strict {
        state.set_flag("strict_template_expansion");
    }
    for id in ["good-{{ name }}", "bad-{{ name }}\ncommand: {{ 1 // 0 }}"] {
        let head =
            "unit: template\ntemplate-resource: r\ntemplate-engine: jinja2\nplugin: manual\nid: ";
        state.add_template(Arc::new(template(&format!("{head}{id}\n"), None)));
    }
    let mut result = JobResult::of(JobOutcome::Pass);
    let line = |data: &[u8]| IoLogRecord {
        delay: 0.0,
        stream: IoStream::Stdout,
        data: data.into(),
    };
    result.io_log = IoLog::Memory(vec![line(b"name: a\n")]);
    state
        .update_job_result(&JobId::new("r"), result, None)
        .expect("known");
    state
}

#[test]
fn strict_sessions_keep_what_lenient_ones_leave_out() {
    let ids = |state: &SessionState| -> Vec<String> {
        state.jobs().map(|job| job.id().to_string()).collect()
    };
    let lenient = session(false);
    assert_eq!(ids(&lenient), ["r", "good-a"]);
    assert!(matches!(
        lenient.expansion_faults(),
        [ExpansionFault::Field { field, .. }] if field == "command"
    ));
    let strict = session(true);
    assert_eq!(ids(&strict), ["r", "good-a", "bad-a"]);
    let bad = strict.job_state("bad-a").expect("kept").definition();
    assert_eq!(bad.faults().len(), 1, "and it says what is wrong with it");
}

proptest! {
    #[test]
    fn any_text_is_answered(text in "[{}%#\\-|() a-z0-9'\"é.\n]{0,60}", name in any::<String>()) {
        let engine = Jinja2::default();
        let parameters = Parameters::from([("a".into(), FieldValue::Text(name.into()))]);
        let names = engine.names(&text);
        let first = engine.fill_in(&text, &parameters);
        prop_assert_eq!(&first, &engine.fill_in(&text, &parameters));
        if !text.contains('{') {
            prop_assert!(names.is_empty() && first.is_ok());
        }
    }
}
