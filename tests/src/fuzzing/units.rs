//! Unit files in every format: each text gives units or errors with a place, and units make a session.

use std::collections::HashSet;
use std::sync::OnceLock;

use job_units::plan::resolve;
use job_units::{ReadOptions, Units, engines, parse_units};
use session_state::record::{LineRule, RecordParser, dump, parse};
use session_state::template::Engines;
use session_state::{JobId, OverrideRules, Resource, SessionState};

use super::corpus::{self, CorpusError};

/// Every template engine there is.
static ENGINES: OnceLock<Engines> = OnceLock::new();

/// A text as records and as a unit file.
pub(super) fn run_pxu(bytes: &[u8]) {
    let text = String::from_utf8_lossy(bytes);
    for rule in [LineRule::Stream, LineRule::Text, LineRule::File] {
        let lines = text
            .split([
                '\n', '\r', '\u{b}', '\u{c}', '\u{1c}', '\u{1d}', '\u{1e}', '\u{85}', '\u{2028}',
                '\u{2029}',
            ])
            .count();
        let read = parse(&text, rule);
        for record in &read.records {
            assert!(
                1 <= record.line_start() && record.line_start() <= record.line_end(),
                "lines count from 1"
            );
            assert!(
                record.line_end() as usize <= lines,
                "a record lies within its text"
            );
            if rule == LineRule::Stream {
                written_again(record);
            }
        }
        if let Some(error) = read.error {
            assert!(
                (1..=lines).contains(&(error.line as usize)),
                "an error lies within its text"
            );
        }
    }
    chunked(&text);
    read(&text, "fuzz.pxu");
}

/// A text as a stream of YAML documents.
pub(super) fn run_yaml(bytes: &[u8]) {
    read(&String::from_utf8_lossy(bytes), "fuzz.yaml");
}

/// A text as JSON.
pub(super) fn run_json(bytes: &[u8]) {
    read(&String::from_utf8_lossy(bytes), "fuzz.json");
}

/// A text as a unit file of the format its name tells.
fn read(text: &str, file: &str) {
    let mut options = ReadOptions::in_namespace("ns");
    // What aliases repeat counts too, so that few bytes of input stay few.
    options.limits.file_bytes = 1 << 16;
    options.engines = ENGINES.get_or_init(engines).clone();
    match parse_units(text, file, &options) {
        Ok(units) => session(&units),
        Err(errors) => {
            assert!(!errors.is_empty(), "a refusal has a reason");
            for error in errors {
                let error = error.to_string();
                assert!(error.starts_with(file), "an error names its file: {error}");
            }
        }
    }
}

/// A record that is written and read again has the same fields, unless a line of it is a single dot.
fn written_again(record: &session_state::record::Record) {
    let fields = || {
        record
            .fields()
            .iter()
            .map(|field| (field.name(), field.value()))
    };
    let dotted = fields().any(|(_, value)| value.split('\n').any(|line| line == "."));
    if dotted {
        return;
    }
    let text = dump(fields());
    let again = parse(&text, LineRule::Stream)
        .into_result()
        .expect("what was written is read");
    let again: Vec<_> = again
        .iter()
        .map(|record| {
            record
                .fields()
                .iter()
                .map(|field| (field.name(), field.value()))
                .collect::<Vec<_>>()
        })
        .collect();
    assert_eq!(again, [fields().collect::<Vec<_>>()], "{text:?}");
}

/// The parser may be fed with anything as a line.
fn chunked(text: &str) {
    let mut parser = RecordParser::new();
    for chunk in text.split_inclusive(['\n', ' ']) {
        if parser.push(chunk).is_err() {
            return;
        }
    }
    let _ = parser.finish();
}

/// The units that came out make a session, whose every job can be looked at and selected.
pub(super) fn session(units: &Units) {
    for job in &units.jobs {
        let _ = (
            job.checksum(),
            job.faults(),
            job.plugin(),
            job.estimated_duration(),
            job.flags(),
        );
        let _ = (
            job.summary(),
            job.environ(),
            job.category_id(),
            job.siblings(),
        );
    }
    let engines = ENGINES.get_or_init(engines);
    for template in &units.templates {
        let instances = template.instances(&records(), engines);
        let instances = instances.expect("the engine was at hand when it was read");
        assert!(
            instances.len() <= records().len(),
            "one instance a record at most"
        );
        for job in instances {
            let _ = (job.checksum(), job.faults(), job.summary());
        }
    }
    let Ok(mut state) = SessionState::with_jobs(units.jobs.iter().cloned()) else {
        // Siblings may bring in a second definition of an id.
        return;
    };
    state.set_engines(engines.clone());
    for template in units.templates.iter().cloned() {
        state.add_template(template);
    }
    let resources: Vec<JobId> = state
        .jobs()
        .filter(|job| job.definition().is_resource())
        .map(|job| job.id().clone())
        .collect();
    for resource in resources {
        state.set_resources(&resource, records().to_vec());
    }
    plans(units);
    let jobs: Vec<JobId> = state.jobs().map(|job| job.id().clone()).collect();
    state.update_desired_jobs(&jobs);
    let run_list = state.run_list().len();
    assert!(run_list <= jobs.len(), "a job is run once");
    for job in state.jobs() {
        let _ = job.readiness_text();
    }
}

/// Every plan is put together and asked, or refused with a reason.
fn plans(units: &Units) {
    for plan in &units.plans {
        let Ok(whole) = resolve(&units.plans, plan.id()) else {
            continue;
        };
        let selected = whole.select(&units.jobs);
        let distinct: HashSet<&JobId> = selected.iter().collect();
        assert_eq!(distinct.len(), selected.len(), "a job is selected once");
        let _ = (
            whole.mandatory(&units.jobs),
            whole.bootstrap(&units.jobs),
            whole.setup(&units.jobs),
        );
        for job in &units.jobs {
            let _ = whole.overrides_of(job);
        }
    }
}

fn records() -> [Resource; 2] {
    let one = [
        ("name", "eth0"),
        ("x", "1"),
        ("path", "/dev/{x}"),
        ("unsafe", "{{ x }}"),
    ];
    [Resource::new(one), Resource::default()]
}

/// The texts of the corpus and the examples of the documentation.
pub(super) fn pxu_seeds() -> Result<Vec<Vec<u8>>, CorpusError> {
    let all = corpus::value("pxu.json.gz")?;
    let mut texts = corpus::texts_of(&all["texts"], "text");
    texts.push(include_str!("../../../docs/examples/failures.pxu").to_owned());
    texts.push(
        include_str!("../../../docs/examples/machine-check.pxu")
            .chars()
            .take(3_000)
            .collect(),
    );
    texts.push("unit: template\ntemplate-resource: r\ntemplate-unit: job\nid: t-{x}\nplugin: shell\ncommand: true\nsiblings: [{\"id\": \"u-{x}\"}]\n".to_owned());
    texts.push("id: r\nplugin: resource\ncommand: true\n\nunit: template\ntemplate-engine: jinja2\ntemplate-resource: r\ntemplate-filter: r.x == '1'\nid: t-{{ name }}\nplugin: shell\ncommand:\n {% for i in range(3) %}{{ i + 1 }}{% endfor %} {{ x | upper | default('n') }} {% if x %}{# a #}{% set y = 2 %}{{ y * 2 }}{% endif %}\n".to_owned());
    Ok(texts.into_iter().map(String::into_bytes).collect())
}

/// Jobs, templates and plans in each style of YAML, and what tends to go wrong.
pub(super) fn yaml_seeds() -> Result<Vec<Vec<u8>>, CorpusError> {
    let texts = [
        include_str!("../../../docs/examples/interfaces.yaml"),
        "# words\n---\nid: a\nplugin: shell\ncommand: |\n  one\n  two\n---\n---\n- {id: b, plugin: manual,\n   depends: [a]}\n...\n",
        "a: &a [x, x]\nb: &b [*a, *a]\nid: c\nplugin: manual\nx: {<<: {y: 1}, z: *b}\n",
        "id: 'q''q'\nplugin: \"she\\x6cl\\u00e9\"\nx: [yes, ~, 017, 0b11, 1_0, .inf, -.5e3, 2001-01-01, !!str 1]\ny: >-\n  folded\n  text\n",
        "unit: test plan\nid: p\nname: P\ninclude: |\n  a.* category-id=x\n  b certification-status=blocker\nmandatory_include: [a]\nexclude: b\nnested_part: q\ncategory-overrides: apply x to a.*\n---\nunit: test plan\nid: q\nname: Q\ninclude: [c]\n",
        "id: a\nid: a\n",
        "%YAML 1.1\n--- !!map\n? [k]\n: v\n",
    ];
    Ok(texts.map(|text| text.as_bytes().to_vec()).to_vec())
}

/// The same for JSON.
pub(super) fn json_seeds() -> Result<Vec<Vec<u8>>, CorpusError> {
    let texts = [
        "[{\"id\":\"a\",\"plugin\":\"shell\",\"command\":\"true\",\"x\":[1,{\"id\":2.5}]},{\"id\":\"b\",\"plugin\":\"manual\",\"depends\":[\"a\"]}]",
        "{\"unit\":\"template\",\"template-resource\":\"r\",\"template-engine\":\"jinja2\",\"id\":\"t-{{ x }}\",\"plugin\":\"shell\",\"command\":\"{% if x %}a{% endif %}\"}",
        "{\"unit\":\"test plan\",\"id\":\"p\",\"name\":\"P\",\"include\":[\"a.*\"],\"nested_part\":[\"p\"]}",
        "{\"id\":\"\\ud83d\\ude00\",\"plugin\":\"manual\",\"n\":-1e999,\"m\":99999999999999999999,\"k\":null}",
        "[{\"id\":\"a\",\"plugin\":\"manual\"},7]",
        "{\"id\":",
    ];
    Ok(texts.map(|text| text.as_bytes().to_vec()).to_vec())
}
