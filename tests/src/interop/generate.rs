//! Random sessions: jobs, selections, results and logs that a release can hold.

use std::sync::Arc;

use serde_json::Value;
use session_state::{
    FieldValue, IoLog, IoLogRecord, IoStream, JobDefinition, JobId, JobOutcome, JobResult,
    PluginKind, ReturnCode, SessionState, StoredLog,
};

use super::release::Release;
use crate::random::Random;

/// The directory the sessions are said to lie in. No file is there.
pub(super) const LOCATION: &str = "/tmp/interop/a.session";

/// A session, and the units it was made of.
pub(super) struct Sample {
    /// Whom it is for.
    pub(super) release: Release,
    /// The format it is written in.
    pub(super) version: u8,
    pub(super) namespace: Option<&'static str>,
    /// The fields of each job, in order.
    pub(super) units: Vec<Vec<(&'static str, String)>>,
    pub(super) definitions: Vec<Arc<JobDefinition>>,
    pub(super) state: SessionState,
}

/// Texts as people and programs write them.
const TEXTS: [&str; 10] = [
    "",
    "x",
    "a title",
    "zwei Zeilen\nund \"Worte\" \\ \t",
    "\u{1f600} \u{e9}\u{301} \u{5d0}\u{200f} \u{2028}",
    "\u{1}\u{7f}\u{80}\u{9f}",
    "/usr/bin & <tags>",
    "\u{feff}0",
    "\u{10ffff}",
    "\u{1b}[31mred\u{1b}[0m",
];

const FLOATS: [f64; 9] = [
    0.0,
    0.5,
    1e-7,
    123_456_789.123_456_7,
    1e22,
    0.1,
    5e-324,
    1.797e308,
    3.0,
];

const PLUGINS: [&str; 7] = [
    "shell",
    "manual",
    "resource",
    "attachment",
    "local",
    "user-interact",
    "user-verify",
];

impl Sample {
    /// The session of a round.
    pub(super) fn draw(random: &mut Random, release: Release) -> Self {
        // Checksums without namespace are another rule in the old releases; only 0.38 can be told to ignore that.
        let namespaced = !release.is_oldest() && random.one_in(3);
        let namespace = namespaced.then_some("com.example");
        let units = units(random, release);
        let definition = |unit: &Vec<(&'static str, String)>| {
            let fields = unit.iter();
            let fields = fields
                .map(|(name, value)| ((*name).into(), FieldValue::Text(value.as_str().into())));
            Arc::new(JobDefinition::new(
                namespace.map(Into::into),
                fields.collect(),
                None,
                None,
            ))
        };
        let definitions: Vec<_> = units.iter().map(definition).collect();
        let state = with_siblings(&definitions);
        let version = random.between(1, u64::from(release.newest_format())) as u8;
        let mut sample = Self {
            release,
            version,
            namespace,
            units,
            definitions,
            state,
        };
        sample.select(random, release);
        sample.describe(random);
        sample.record(random, release);
        if random.one_in(2) {
            // Jobs that local jobs made can be chosen now.
            sample.select(random, release);
            sample.record(random, release);
        }
        sample
    }

    /// The units as the driver takes them.
    pub(super) fn units_as_json(&self) -> Value {
        let unit = |unit: &Vec<(&'static str, String)>| -> Value {
            let fields = unit.iter();
            fields
                .map(|(name, value)| ((*name).to_owned(), Value::from(value.as_str())))
                .collect()
        };
        self.units.iter().map(unit).collect()
    }

    fn ids(&self, random: &mut Random, one_in: u64) -> Vec<JobId> {
        let ids = self.state.jobs().map(|job| job.id().clone());
        ids.filter(|_| random.one_in(one_in)).collect()
    }

    fn select(&mut self, random: &mut Random, release: Release) {
        if !release.is_oldest() && random.one_in(3) {
            let mandatory = self.ids(random, 4);
            self.state.set_mandatory_jobs(mandatory);
        }
        let desired = self.ids(random, 2);
        self.state.update_desired_jobs(&desired);
    }

    fn describe(&mut self, random: &mut Random) {
        let text =
            |random: &mut Random| random.one_in(2).then(|| (*pick(random, &TEXTS)).to_owned());
        self.state.set_title(text(random));
        self.state.set_app_id(text(random));
        let running = self.ids(random, 8).first().map(ToString::to_string);
        self.state.set_running_job_name(running);
        for flag in ["incomplete", "submitted", "bootstrapping", "\u{e9}"] {
            if random.one_in(2) {
                self.state.set_flag(flag);
            }
        }
        if random.one_in(2) {
            let blob = bytes(random, 40);
            self.state.set_app_blob(Some(blob));
        }
    }

    /// Gives most jobs of the run list, and a few others, results.
    fn record(&mut self, random: &mut Random, release: Release) {
        let on_run_list: Vec<JobId> = self.state.run_list().cloned().collect();
        let jobs: Vec<_> = self
            .state
            .jobs()
            .map(|job| Arc::clone(job.definition()))
            .collect();
        for definition in jobs {
            let id = definition.id();
            let wanted = if on_run_list.contains(id) {
                random.one_in(2)
            } else {
                random.one_in(8)
            };
            // The oldest formats hold the last result only, so what an earlier one printed would be lost.
            let is_local = definition.plugin() == Some(PluginKind::Local);
            let has_run = self
                .state
                .job_state(id)
                .is_some_and(|job| job.outcome().is_some());
            if !wanted || is_local && has_run {
                continue;
            }
            let results = if is_local { 1 } else { random.between(1, 3) };
            for _ in 0..results {
                let result = result(random, &definition, release);
                self.state
                    .update_job_result(id, result, None)
                    .expect("the job is there");
            }
        }
    }
}

/// The jobs and the siblings they bring along.
fn with_siblings(definitions: &[Arc<JobDefinition>]) -> SessionState {
    let mut state = SessionState::new();
    for definition in definitions {
        state
            .add_job(Arc::clone(definition), None)
            .expect("no id comes twice");
    }
    state
}

fn units(random: &mut Random, release: Release) -> Vec<Vec<(&'static str, String)>> {
    let count = random.between(1, 12);
    let mut resources: Vec<u64> = Vec::new();
    let mut units = Vec::new();
    for number in 0..count {
        let plugin = pick(random, &PLUGINS);
        let mut unit = vec![
            ("id", format!("job/{number}")),
            ("plugin", (*plugin).to_owned()),
        ];
        if *plugin != "manual" {
            unit.push(("command", "true".to_owned()));
        }
        if random.one_in(4) {
            unit.push(("summary", (*pick(random, &TEXTS)).to_owned()));
        }
        if number > 0 && random.one_in(3) {
            let earlier = random.between(0, number - 1);
            unit.push(("depends", format!("job/{earlier}")));
        }
        if number > 0 && !release.is_oldest() && random.one_in(6) {
            let earlier = random.between(0, number - 1);
            unit.push(("after", format!("job/{earlier}")));
        }
        if !release.is_oldest() && random.one_in(8) {
            let siblings =
                format!("[{{\"id\": \"job/{number}-again\", \"summary\": \"\\u00e9\"}}]");
            unit.push(("siblings", siblings));
        }
        if *plugin == "resource" {
            // A name in an expression holds no slash.
            unit[0].1 = format!("r{number}");
            resources.push(number);
        } else if !resources.is_empty() && random.one_in(3) {
            let resource = pick(random, &resources);
            let expression = pick(random, &["x == '1'", "y in ('a', 'b')", "x != ''"]);
            unit.push(("requires", format!("r{resource}.{expression}")));
        }
        units.push(unit);
    }
    let ids: Vec<String> = units.iter().map(|unit| unit[0].1.clone()).collect();
    for unit in &mut units {
        for (name, value) in unit {
            let number = value
                .strip_prefix("job/")
                .and_then(|number| number.parse::<usize>().ok());
            // A dependency on a resource job goes by the name that job was given.
            if let ("depends" | "after", Some(number)) = (*name, number) {
                value.clone_from(&ids[number]);
            }
        }
    }
    units
}

fn result(random: &mut Random, job: &JobDefinition, release: Release) -> JobResult {
    let known = |outcome: &JobOutcome| match outcome {
        JobOutcome::Pass
        | JobOutcome::Fail
        | JobOutcome::Skip
        | JobOutcome::NotSupported
        | JobOutcome::NotImplemented
        | JobOutcome::Undecided => true,
        JobOutcome::Crash => !release.is_oldest(),
        JobOutcome::SkippedDependency
        | JobOutcome::SkippedResource
        | JobOutcome::SkippedManifest => false,
    };
    let outcomes: Vec<_> = JobOutcome::ALL.into_iter().filter(known).collect();
    JobResult {
        outcome: Some(*pick(random, &outcomes)),
        comments: random.one_in(2).then(|| (*pick(random, &TEXTS)).into()),
        return_code: random.one_in(2).then(|| {
            let codes = [0, 1, -9, 255, 1 << 40, i64::MIN];
            ReturnCode::Number(*pick(random, &codes))
        }),
        execution_duration: random.one_in(2).then(|| *pick(random, &FLOATS)),
        io_log: log(random, job),
    }
}

fn log(random: &mut Random, job: &JobDefinition) -> IoLog {
    if job.is_resource() {
        let lines = ["x: 1\n", "y: b\n", "\n", "x: 2\n", "name: \u{e9}\n"];
        // A field that stands twice in a record ends the reading.
        let lines = lines
            .iter()
            .filter(|_| !random.one_in(4))
            .collect::<Vec<_>>();
        let records = lines
            .into_iter()
            .map(|line| record(random, line.as_bytes().to_vec(), IoStream::Stdout));
        return IoLog::Memory(records.collect());
    }
    if job.plugin() == Some(PluginKind::Local) {
        let mut lines = Vec::new();
        // Of two jobs of one id in one output 0.38 makes none.
        for number in (0..4).filter(|_| random.one_in(2)) {
            lines.push(format!("id: made/{number}\n"));
            lines.extend(["plugin: shell\n", "command: true\n", "\n"].map(str::to_owned));
        }
        let records = lines
            .into_iter()
            .map(|line| record(random, line.into_bytes(), IoStream::Stdout));
        return IoLog::Memory(records.collect());
    }
    if random.one_in(5) {
        let path = format!("{LOCATION}/io-logs/{}.record.gz", random.between(0, 9));
        return IoLog::Stored(StoredLog {
            path: path.into(),
            identity: None,
        });
    }
    let count = random.between(0, 5);
    let records = (0..count).map(|_| {
        let stream = *pick(random, &[IoStream::Stdout, IoStream::Stderr]);
        let data = bytes(random, 30);
        record(random, data, stream)
    });
    IoLog::Memory(records.collect())
}

fn record(random: &mut Random, data: Vec<u8>, stream: IoStream) -> IoLogRecord {
    IoLogRecord {
        delay: *pick(random, &FLOATS),
        stream,
        data: data.into(),
    }
}

fn bytes(random: &mut Random, max: u64) -> Vec<u8> {
    let count = random.between(0, max);
    (0..count).map(|_| random.draw() as u8).collect()
}

/// One of several.
fn pick<'a, T>(random: &mut Random, several: &'a [T]) -> &'a T {
    let last = several.len() as u64 - 1;
    &several[random.between(0, last) as usize]
}
