//! What stands in a document beside what its version knows: read, ignored, and written again.

use std::borrow::Cow;
use std::collections::BTreeMap;

use session_state::JobResult;

use super::check::Path;
use super::document::{Document, SESSION};
use super::json::{Items, Json, Sorted, Value};
use super::logs::Logs;
use super::metadata::is_metadata_key;
use super::replay::Odd;
use super::results::{ReadResult, read_result};
use super::system::{is_true, output_keys};
use crate::error::ResumeError;

pub(super) type Entries = BTreeMap<Box<str>, Json>;

/// Fields of a Checkbox session that its version does not know: those of a newer Checkbox, or of another
/// program. A resume ignores them; whoever writes the session again in the same version passes them on by
/// [`SuspendOptions`](crate::SuspendOptions::unknown_fields), and they stand where they stood.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct UnknownFields {
    version: u8,
    pub(super) document: Entries,
    pub(super) session: Entries,
    pub(super) metadata: Entries,
    /// By job, all results of those jobs that have some with unknown fields.
    results: BTreeMap<Box<str>, Vec<OddResult>>,
    tools: BTreeMap<Box<str>, OddTool>,
}

/// A result as it stands in a document.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct OddResult {
    result: JobResult,
    pub(super) fields: Entries,
    /// What follows the three items of records of its log, by the number of the record.
    pub(super) records: BTreeMap<usize, Vec<Json>>,
}

/// The output of a tool.
#[derive(Clone, Debug, Default, PartialEq)]
struct OddTool {
    fields: Entries,
    outputs: Entries,
}

static NONE: UnknownFields = UnknownFields {
    version: 0,
    document: Entries::new(),
    session: Entries::new(),
    metadata: Entries::new(),
    results: BTreeMap::new(),
    tools: BTreeMap::new(),
};

/// No entries.
pub(super) static NO_ENTRIES: Entries = Entries::new();

impl UnknownFields {
    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.paths().is_empty()
    }

    /// The version of the format they were found in; 0 where there are none.
    pub fn version(&self) -> u8 {
        self.version
    }

    /// Where they stand, as paths from the root of the document, such as `$.session.metadata.colour`.
    pub fn paths(&self) -> Vec<String> {
        fn add(paths: &mut Vec<String>, path: &Path<'_>, entries: &Entries) {
            paths.extend(entries.keys().map(|key| path.key(key).to_string()));
        }
        let mut paths = Vec::new();
        add(&mut paths, &Path::ROOT, &self.document);
        add(&mut paths, &SESSION, &self.session);
        add(&mut paths, &SESSION.key("metadata"), &self.metadata);
        let all_tools = SESSION.key("system_information");
        for (name, tool) in &self.tools {
            let path = all_tools.key(name);
            add(&mut paths, &path, &tool.fields);
            add(&mut paths, &path.key("outputs"), &tool.outputs);
        }
        let all_results = SESSION.key("results");
        for (job, results) in &self.results {
            let path = all_results.key(job);
            for (index, odd) in results.iter().enumerate() {
                let path = path.index(index);
                add(&mut paths, &path, &odd.fields);
                let path = path.key("io_log");
                for record in odd.records.keys() {
                    let path = path.index(*record);
                    paths.push(path.index(3).to_string());
                }
            }
        }
        paths
    }

    /// Those that can be written in a version.
    pub(super) fn in_version(&self, version: u8) -> &Self {
        if self.version == version { self } else { &NONE }
    }

    /// The results of a job with what is unknown in them; none where nothing is.
    pub(super) fn results_of(&self, job: &str) -> &[OddResult] {
        self.results.get(job).map_or(&[], Vec::as_slice)
    }

    /// The output of a tool with what is unknown in it.
    pub(super) fn with_tool<'t>(&self, name: &str, tool: &'t Json) -> Cow<'t, Json> {
        let (Some(odd), Json::Object(known)) = (self.tools.get(name), tool) else {
            return Cow::Borrowed(tool);
        };
        let mut all = odd.fields.clone();
        all.extend(known.clone());
        if let Some(Json::Object(outputs)) = all.get_mut("outputs") {
            outputs.extend(odd.outputs.clone());
        }
        Cow::Owned(Json::Object(all))
    }

    /// Finds them in a document that was resumed. Reading its results told which of them hold some.
    pub(super) fn of(
        document: &Document,
        odd: &Odd<'_>,
        logs: &Logs<'_>,
    ) -> Result<Self, ResumeError> {
        let version = document.version;
        let session = document.session()?;
        let is_session_key = |key: &str| match key {
            "desired_job_list" | "jobs" | "metadata" | "results" => true,
            "mandatory_job_list" => version >= 6,
            "system_information" => version >= 8,
            _ => false,
        };
        let mut results = BTreeMap::new();
        for (job, list) in odd {
            results.insert(job.clone(), odd_results(job, *list, logs)?);
        }
        let tools = session.get("system_information").filter(|_| version >= 8);
        let tools = tools.and_then(Value::as_object).map(Sorted::of);
        Ok(Self {
            version,
            document: others(document.root(), |key| matches!(key, "session" | "version")),
            session: others(session, is_session_key),
            metadata: session
                .get("metadata")
                .map_or_else(Entries::new, |metadata| {
                    others(metadata, |key| is_metadata_key(key, version))
                }),
            results,
            tools: tools
                .iter()
                .flat_map(Sorted::iter)
                .map(|(name, tool)| (name.into(), odd_tool(tool)))
                .filter(|(_, odd)| *odd != OddTool::default())
                .collect(),
        })
    }
}

/// Of these results, in their order, the one that equals a result, and those after it.
pub(super) fn align<'u>(rest: &mut &'u [OddResult], result: &JobResult) -> Option<&'u OddResult> {
    let at = rest.iter().position(|odd| odd.result == *result)?;
    let (found, after) = rest.get(at..)?.split_first()?;
    *rest = after;
    Some(found)
}

/// The entries of an object whose keys are not known.
fn others(object: Value<'_>, is_known: impl Fn(&str) -> bool) -> Entries {
    let members = object.as_object().into_iter().flatten();
    members
        .filter(|(key, _)| !is_known(key))
        .map(|(key, value)| (key.into(), value.into()))
        .collect()
}

fn odd_results(job: &str, list: Value<'_>, logs: &Logs<'_>) -> Result<Vec<OddResult>, ResumeError> {
    let path = SESSION.key("results");
    let path = path.key(job);
    let results = list.as_list().unwrap_or(Items::NONE).enumerate();
    let odd = |(index, value)| {
        let ReadResult { result, .. } = read_result(value, &path.index(index), logs)?;
        let (fields, records) = unknown_in(value);
        Ok(OddResult {
            result,
            fields,
            records,
        })
    };
    results.map(odd).collect()
}

fn unknown_in(result: Value<'_>) -> (Entries, BTreeMap<usize, Vec<Json>>) {
    let is_stored = result.get("io_log_filename").is_some();
    let fields = others(result, |key| match key {
        "comments" | "execution_duration" | "outcome" | "return_code" => true,
        "io_log" => !is_stored,
        "io_log_filename" => is_stored,
        _ => false,
    });
    let log = result.get("io_log").filter(|_| !is_stored);
    let records = log.and_then(Value::as_list).into_iter().flatten();
    let more = |(number, record): (usize, Value<'_>)| {
        let more: Vec<Json> = record.as_list()?.skip(3).map(Json::from).collect();
        (!more.is_empty()).then_some((number, more))
    };
    (fields, records.enumerate().filter_map(more).collect())
}

fn odd_tool(tool: Value<'_>) -> OddTool {
    let known = output_keys(tool.get("success").is_some_and(is_true));
    let outputs = tool.get("outputs");
    OddTool {
        fields: others(tool, |key| {
            matches!(key, "outputs" | "success" | "tool_version")
        }),
        outputs: outputs.map_or_else(Entries::new, |outputs| {
            others(outputs, |key| known.contains(&key))
        }),
    }
}
