//! Sessions in the formats of Checkbox: the gzip envelope, and the JSON text within it.

use std::io::Write as _;
use std::sync::{Arc, OnceLock};

use flate2::write::GzEncoder;
use flate2::{Compression, GzBuilder};
use serde_json::Value;
use session_state::record::{LineRule, parse};
use session_state::template::Template;
use session_state::{JobDefinition, SessionState};
use suspend_resume::{
    Format, Limits, Peek, ResumeOptions, SuspendOptions, losses, peek, resume, suspend,
    system_information,
};

use super::corpus::{self, CorpusError};
use super::native::native_bytes;

/// The versions there are.
const VERSIONS: std::ops::RangeInclusive<u8> = 1..=11;

/// The directory of the session, as far as one is given.
const LOCATION: &str = "/tmp/cbx-corpus/mutations";

/// The jobs of the mutations of the corpus, and two more that requirements and siblings make difficult.
const UNITS: &str = "\
unit: job\nid: a\nplugin: shell\ncommand: true\n_summary: A\n
unit: job\nid: b\nplugin: shell\ncommand: true\ndepends: a\n
unit: job\nid: m\nplugin: manual\n
unit: job\nid: r\nplugin: resource\ncommand: true\n
unit: job\nid: u\nplugin: shell\ncommand: true\nrequires: r.x == '1'\n
unit: job\nid: spare\nplugin: shell\ncommand: true\n
unit: job\nid: s\nplugin: shell\ncommand: true\nsiblings: [{\"id\": \"s2\", \"depends\": \"s\"}]\n
unit: job\nid: v\nplugin: shell\ncommand: true\nsalvages: b\nrequires:\n r.x == '1' and r.y == '2'\n manifest.z == 'True'\n";

/// A template whose jobs come back with the result of `r`.
const TEMPLATE: [(&str, &str); 6] = [
    ("unit", "template"),
    ("template-resource", "r"),
    ("id", "t-{x}"),
    ("plugin", "shell"),
    ("command", "true"),
    ("requires", "r.x == '{x}'"),
];

/// How a session is resumed, and in which version it is written again: the first byte of an input.
#[derive(Clone, Copy)]
struct Ways(u8);

impl Ways {
    fn version(self) -> u8 {
        VERSIONS.end() - (self.0 >> 4) % VERSIONS.end()
    }

    fn options(self) -> ResumeOptions<'static> {
        let mut options = ResumeOptions::default();
        options.ignore_job_checksums = self.0 & 1 != 0;
        options.check_file_references = self.0 & 2 != 0;
        options.rewrite_log_pathnames = self.0 & 4 != 0;
        options.location = (self.0 & 8 == 0).then(|| LOCATION.to_owned());
        // Small enough that an input can reach them.
        options.limits.inflated_bytes_max = 1 << 22;
        options.templates = TEMPLATES.get_or_init(templates);
        options
    }
}

/// Any bytes as a checkpoint file: a state or an error, from peek and from resume, and they agree.
pub(super) fn run_gzip(bytes: &[u8]) {
    let options = Ways(0).options();
    let peeked = peek(bytes, &options.limits);
    let resumed = resume(bytes, definitions(), &options, None);
    // Both give an answer; a damaged inner value of either is theirs to tell.
    let _ = system_information(bytes, &options.limits);
    let Ok(state) = resumed else {
        return;
    };
    let peeked = peeked.expect("what opens can be peeked");
    if let Peek::Checkbox(peeked) = peeked {
        assert!(VERSIONS.contains(&peeked.version), "a version there is");
        assert_eq!(peeked.metadata.title, state.metadata().title, "one title");
        assert_eq!(
            peeked.metadata.flags,
            state.metadata().flags,
            "the same flags"
        );
    }
    kept(&state);
}

/// A byte that says how to resume and what to write, then the text within the envelope.
pub(super) fn run_json(bytes: &[u8]) {
    let Some((ways, text)) = bytes.split_first() else {
        return;
    };
    let options = Ways(*ways).options();
    let Ok(state) = resume(&pack(text), definitions(), &options, None) else {
        return;
    };
    kept(&state);
    written(&state, Ways(*ways).version(), &options);
}

/// A state that was resumed is kept natively without loss.
fn kept(state: &SessionState) {
    let whole = native_bytes(state);
    let again = resume(&whole, &[], &ResumeOptions::default(), None).expect("it was just written");
    assert_eq!(
        native_bytes(&again),
        whole,
        "the native format keeps every state"
    );
}

/// Writing a state in a version gives an error or a session; written once more, that session gives the same bytes
/// as long as nothing in it grows with each cycle, as mandatory and rejected jobs do in the original.
fn written(state: &SessionState, version: u8, options: &ResumeOptions<'_>) {
    let mut writing = SuspendOptions::default();
    writing.session_dir.clone_from(&options.location);
    let format = Format::Checkbox(version);
    let _ = losses(state, format, &writing);
    let Ok(bytes) = suspend(state, format, &writing) else {
        return;
    };
    assert!(
        peek(&bytes, &Limits::default()).is_ok(),
        "what was written can be peeked"
    );
    let metadata = state.metadata();
    let grows = state.mandatory_jobs().len() > 0 || !metadata.rejected_jobs.is_empty();
    let definitions = definitions();
    let Ok(again) = resume(&bytes, definitions, options, None) else {
        return;
    };
    if grows {
        return;
    }
    let second = suspend(&again, format, &writing).expect("the same was written before");
    let third = resume(&second, definitions, options, None).expect("the same was read before");
    let third = suspend(&third, format, &writing).expect("the same was written before");
    assert_eq!(second, third, "version {version} settles");
}

/// The definitions every session here is resumed with.
fn definitions() -> &'static [Arc<JobDefinition>] {
    static DEFINITIONS: OnceLock<Vec<Arc<JobDefinition>>> = OnceLock::new();
    DEFINITIONS.get_or_init(read_definitions)
}

fn read_definitions() -> Vec<Arc<JobDefinition>> {
    let records = parse(UNITS, LineRule::File).records;
    let definition = |record: &session_state::record::Record| {
        let fields = record.fields().iter();
        let fields = fields
            .map(|field| (field.name().into(), field.value().into()))
            .collect();
        let namespace = Some("com.example.corpus".into());
        Arc::new(JobDefinition::new(namespace, fields, None, None))
    };
    records.iter().map(definition).collect()
}

static TEMPLATES: OnceLock<Vec<Arc<Template>>> = OnceLock::new();

/// The templates every session here is resumed with.
fn templates() -> Vec<Arc<Template>> {
    let fields = TEMPLATE.map(|(name, value)| (name.into(), value.into()));
    let namespace = Some("com.example.corpus".into());
    let template = Template::new(namespace, fields.to_vec(), None);
    template.map(Arc::new).into_iter().collect()
}

/// A gzip member that stores its bytes; fast, so that the time goes to the reader.
fn pack(bytes: &[u8]) -> Vec<u8> {
    let mut packer = GzEncoder::new(Vec::new(), Compression::none());
    packer.write_all(bytes).expect("memory takes it");
    packer.finish().expect("memory takes it")
}

/// The undamaged documents of the mutations, one for each version.
fn documents() -> Result<Vec<String>, CorpusError> {
    let all = corpus::value("mutations.json.gz")?;
    let bases = all
        .get("bases")
        .and_then(Value::as_object)
        .into_iter()
        .flatten();
    let documents = bases.filter_map(|(_, base)| base.get("session").map(Value::to_string));
    Ok(documents.collect())
}

/// The states of these documents.
pub(super) fn sample_states() -> Result<Vec<SessionState>, CorpusError> {
    let definitions = definitions();
    let options = Ways(0).options();
    let states = documents()?.into_iter();
    let states =
        states.filter_map(|text| resume(&pack(text.as_bytes()), definitions, &options, None).ok());
    Ok(states.collect())
}

/// The documents of every version in envelopes of every kind, and envelopes around what is no document.
pub(super) fn gzip_seeds() -> Result<Vec<Vec<u8>>, CorpusError> {
    let mut seeds = vec![
        Vec::new(),
        pack(b""),
        pack(b"{}"),
        pack(b"\xff"),
        pack(b"[1"),
    ];
    for text in documents()? {
        let member = pack(text.as_bytes());
        let (first, second) = text.split_at(text.len() / 2);
        let builder = GzBuilder::new()
            .filename("session")
            .comment("c")
            .extra(*b"x");
        let mut packer = builder.write(Vec::new(), Compression::best());
        packer.write_all(text.as_bytes()).expect("memory takes it");
        seeds.extend([
            packer.finish().expect("memory takes it"),
            [pack(first.as_bytes()), pack(second.as_bytes())].concat(),
            [&member[..], &[0; 5]].concat(),
            member,
        ]);
    }
    Ok(seeds)
}

/// The documents of every version, each resumed in two ways, and oddities of the text itself.
pub(super) fn json_seeds() -> Result<Vec<Vec<u8>>, CorpusError> {
    let mut seeds = Vec::new();
    for (text, older) in documents()?.iter().zip(0_u8..) {
        for ways in [0, older << 4 | 1] {
            seeds.push([&[ways], text.as_bytes()].concat());
        }
    }
    // The result of `r` makes the job that the last record names.
    let made = "{\"version\":11,\"session\":{\"desired_job_list\":[\"com.example.corpus::t-7\"],\"jobs\":{\"com.example.corpus::r\":\"\",\"com.example.corpus::t-7\":\"\"},\"mandatory_job_list\":[],\"metadata\":{\"app_blob\":\"\",\"app_id\":null,\"custom_joblist\":false,\"flags\":[],\"last_job_start_time\":null,\"rejected_jobs\":[],\"remaining_todo_jobs\":false,\"running_job_name\":null,\"title\":\"t\"},\"results\":{\"com.example.corpus::r\":[{\"comments\":null,\"execution_duration\":null,\"io_log\":[[0,\"stdout\",\"eDogNwo=\"]],\"outcome\":\"pass\",\"return_code\":null}]},\"system_information\":{}}}";
    seeds.push([&[1], made.as_bytes()].concat());
    for text in [
        "{\"version\":11,\"session\":{}}",
        "[NaN,-Infinity,1e999,\"\\ud83d\\ude00\"]",
        "{\"version\":",
    ] {
        seeds.push([&[3], text.as_bytes()].concat());
    }
    Ok(seeds)
}
