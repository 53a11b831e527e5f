//! Unit files: every text gives units or errors with a place, and units make a session.

use std::sync::OnceLock;

use job_units::{ReadOptions, Units, engines, parse_units};
use session_state::record::{LineRule, RecordParser, dump, parse};
use session_state::template::Engines;
use session_state::{JobId, Resource, SessionState};

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
    match parse_units(&text, "fuzz.pxu", &ReadOptions::in_namespace("ns")) {
        Ok(units) => session(&units),
        Err(errors) => {
            assert!(!errors.is_empty(), "a refusal has a reason");
            for error in errors {
                assert!(
                    error.to_string().starts_with("fuzz.pxu"),
                    "an error names its file: {error}"
                );
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
    let jobs: Vec<JobId> = state.jobs().map(|job| job.id().clone()).collect();
    state.update_desired_jobs(&jobs);
    let run_list = state.run_list().len();
    assert!(run_list <= jobs.len(), "a job is run once");
    for job in state.jobs() {
        let _ = job.readiness_text();
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
